//! What Google Cloud resources of Terraform say: AI services and stores. Google encrypts everything at rest by itself.

use super::completion::Completion;
use super::internet;
use super::view::View;
use crate::fact::{AiService, Field, Store};

/// What is seen of an AI service.
pub fn service(view: View<'_>) -> AiService {
    let kind = view.kind();
    let encryption = || view.encryption(&["encryption_spec.kms_key_name", "kms_key_name"]);
    match kind.strip_prefix("google_").unwrap_or(kind) {
        "vertex_ai_endpoint" => AiService {
            service: "endpoint".into(),
            encryption: encryption(),
            captured: view.flag("predict_request_response_logging_config.enabled").or(false),
            public: inside_network(view, &["network", "private_service_connect_config.enable_private_service_connect"]),
            ..AiService::default()
        },
        "vertex_ai_endpoint_with_model_garden_deployment" => {
            AiService { service: "deployment".into(), ..AiService::default() }
        }
        "vertex_ai_index_endpoint" => AiService {
            service: "search".into(),
            encryption: encryption(),
            public: view.flag("public_endpoint_enabled").or(false),
            ..AiService::default()
        },
        "vertex_ai_index" | "discovery_engine_search_engine" | "discovery_engine_data_store" => {
            AiService { service: "search".into(), encryption: encryption(), ..AiService::default() }
        }
        "vertex_ai_metadata_store" | "vertex_ai_tensorboard" => {
            AiService { service: "registry".into(), encryption: encryption(), ..AiService::default() }
        }
        "vertex_ai_dataset"
        | "vertex_ai_featurestore"
        | "vertex_ai_featurestore_entitytype"
        | "vertex_ai_feature_online_store"
        | "document_ai_processor" => AiService { encryption: encryption(), ..AiService::default() },
        "vertex_ai_reasoning_engine" | "dialogflow_cx_agent" | "dialogflow_agent" => {
            AiService { service: "agent".into(), ..AiService::default() }
        }
        "notebooks_instance" => AiService {
            service: "notebook".into(),
            encryption: view.encryption(&["kms_key"]),
            public: view.not("no_public_ip").or(true),
            root: root_in(view, "metadata"),
            ..AiService::default()
        },
        "workbench_instance" => AiService {
            service: "notebook".into(),
            encryption: view.encryption(&["gce_setup.boot_disk.kms_key", "gce_setup.data_disks.kms_key"]),
            public: view.not("gce_setup.disable_public_ip").or(true),
            root: root_in(view, "gce_setup.metadata"),
            ..AiService::default()
        },
        "notebooks_runtime" => AiService {
            service: "notebook".into(),
            encryption: view.encryption(&["virtual_machine.virtual_machine_config.encryption_config.kms_key"]),
            public: view.not("virtual_machine.virtual_machine_config.internal_ip_only").or(true),
            ..AiService::default()
        },
        "colab_runtime_template" => AiService {
            service: "notebook".into(),
            encryption: encryption(),
            internet: view.flag("network_spec.enable_internet_access").or(false),
            ..AiService::default()
        },
        "tpu_node" | "tpu_v2_vm" | "tpu_v2_queued_resource" => AiService {
            service: "training".into(),
            public: view.flag("network_config.enable_external_ips").or_unknown(),
            ..AiService::default()
        },
        "model_armor_template" => AiService { service: "guardrail".into(), ..AiService::default() },
        _ => AiService::default(),
    }
}

/// Reachable from the internet unless one of these attributes puts it into a network.
fn inside_network(view: View<'_>, paths: &[&str]) -> Field<bool> {
    for path in paths {
        match view.written(path) {
            Some(node) if node.boolean() == Some(false) => {}
            Some(node) if node.is_expression() && view.flag(path).is_absent() => {}
            Some(node) => return Field::found(false, node.span),
            None if view.setting(path).is_absent() => {}
            None => return Field::default(),
        }
    }
    Field::from(true)
}

/// Users of Google's notebooks are root unless the metadata takes it from them.
fn root_in(view: View<'_>, metadata: &str) -> Field<bool> {
    view.not(&format!("{metadata}.notebook-disable-root")).or(true)
}

/// What is seen of a store besides its name and role; `None` for any other resource.
pub fn store(view: View<'_>, completion: &Completion<'_>) -> Option<Store> {
    Some(match view.kind() {
        "google_storage_bucket" => Store {
            encryption: view.encryption(&["encryption.default_kms_key_name"]),
            versioned: view.flag("versioning.enabled").or(false),
            public: bucket_is_public(view, completion),
            retention: view.present("lifecycle_rule").or_else(|| view.present("retention_policy")).or(false),
            access_logged: view.present("logging").or(false),
            ..Store::default()
        },
        "google_bigquery_dataset" => Store {
            encryption: view.encryption(&["default_encryption_configuration.kms_key_name"]),
            public: view.text("access.special_group").read(|group| Some(group == "allAuthenticatedUsers")).or(false),
            retention: view.present("default_table_expiration_ms").or(false),
            ..Store::default()
        },
        "google_sql_database_instance" => Store {
            encryption: view.encryption(&["encryption_key_name"]),
            internet: internet::of_cloud_sql(view),
            ..Store::default()
        },
        "google_filestore_instance" => Store { encryption: view.encryption(&["kms_key_name"]), ..Store::default() },
        _ => return None,
    })
}

fn bucket_is_public(view: View<'_>, completion: &Completion<'_>) -> Field<bool> {
    if view.text("public_access_prevention").holds(|text| text == "enforced") {
        return Field::from(false);
    }
    let anybody = |member: &str| matches!(member, "allUsers" | "allAuthenticatedUsers");
    for (kind, path) in [
        ("google_storage_bucket_iam_member", "member"),
        ("google_storage_bucket_iam_binding", "members"),
        ("google_storage_default_object_access_control", "entity"),
    ] {
        for other in completion.of(view, kind) {
            let members = other.texts(path).unwrap_or_default();
            if let Some((_, at)) = members.into_iter().find(|(member, _)| anybody(member)) {
                let at = (other.resource.file == view.resource.file).then_some(at);
                return Field { value: Some(true), at };
            }
        }
    }
    Field::from(false)
}
