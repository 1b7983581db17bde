//! What AWS resources of Terraform say: AI services and stores.

use super::completion::Completion;
use super::internet;
use super::module::{Module, Resource};
use super::setting::Setting;
use super::view::View;
use crate::document::Node;
use crate::fact::{AiService, Choice, Field, Store};

/// What is seen of an AI service.
pub fn service(view: View<'_>) -> AiService {
    let kind = view.kind();
    match kind.strip_prefix("aws_").unwrap_or(kind) {
        "sagemaker_endpoint_configuration" => AiService {
            service: "endpoint".into(),
            encryption: view.encryption(&["kms_key_arn"]),
            captured: data_capture(view),
            ..AiService::default()
        },
        "sagemaker_endpoint" => AiService { service: "deployment".into(), ..AiService::default() },
        "sagemaker_notebook_instance" => AiService {
            service: "notebook".into(),
            encryption: view.encryption(&["kms_key_id"]),
            internet: view.flag("direct_internet_access").or(true),
            root: view.flag("root_access").or(true),
            ..AiService::default()
        },
        "sagemaker_domain" => AiService {
            service: "workspace".into(),
            encryption: view.encryption(&["kms_key_id"]),
            internet: view.text("app_network_access_type").read(|text| Some(text != "VpcOnly")).or(true),
            ..AiService::default()
        },
        "sagemaker_model" => AiService {
            service: "model".into(),
            isolated: view.flag("enable_network_isolation").or(false),
            ..AiService::default()
        },
        "sagemaker_data_quality_job_definition"
        | "sagemaker_model_quality_job_definition"
        | "sagemaker_model_bias_job_definition"
        | "sagemaker_model_explainability_job_definition" => AiService {
            service: "monitor".into(),
            encryption: view.encryption(&["job_resources.cluster_config.volume_kms_key_id"]),
            traffic_encrypted: traffic_encrypted(view),
            isolated: view.flag("network_config.enable_network_isolation").or(false),
            ..AiService::default()
        },
        "sagemaker_monitoring_schedule" => AiService { service: "monitor".into(), ..AiService::default() },
        "sagemaker_feature_group" => AiService {
            encryption: view.encryption(&[
                "offline_store_config.s3_storage_config.kms_key_id",
                "online_store_config.security_config.kms_key_id",
            ]),
            ..AiService::default()
        },
        "sagemaker_model_package_group" | "sagemaker_mlflow_tracking_server" => {
            AiService { service: "registry".into(), ..AiService::default() }
        }
        "sagemaker_pipeline" | "sagemaker_training_job" => {
            AiService { service: "training".into(), ..AiService::default() }
        }
        "bedrockagent_agent" => AiService {
            service: "agent".into(),
            encryption: view.encryption(&["customer_encryption_key_arn"]),
            guarded: view.present("guardrail_configuration").or(false),
            ..AiService::default()
        },
        "bedrockagent_knowledge_base" => AiService { service: "search".into(), ..AiService::default() },
        "bedrockagent_data_source" => AiService {
            encryption: view.encryption(&["server_side_encryption_configuration.kms_key_arn"]),
            ..AiService::default()
        },
        "bedrock_custom_model" => AiService {
            service: "training".into(),
            encryption: view.encryption(&["custom_model_kms_key_id"]),
            ..AiService::default()
        },
        "bedrock_guardrail" => AiService {
            service: "guardrail".into(),
            encryption: view.encryption(&["kms_key_arn"]),
            ..AiService::default()
        },
        "bedrock_provisioned_model_throughput" | "bedrock_inference_profile" => {
            AiService { service: "deployment".into(), ..AiService::default() }
        }
        "bedrock_model_invocation_logging_configuration" => AiService {
            service: "logging".into(),
            captured: view.flag("logging_config.text_data_delivery_enabled").or(true),
            ..AiService::default()
        },
        "kendra_index" => AiService {
            service: "search".into(),
            encryption: view.encryption(&["server_side_encryption_configuration.kms_key_id"]),
            ..AiService::default()
        },
        "comprehend_entity_recognizer" | "comprehend_document_classifier" => AiService {
            service: "training".into(),
            encryption: view.encryption(&["model_kms_key_id", "volume_kms_key_id"]),
            ..AiService::default()
        },
        "qbusiness_application" => AiService {
            service: "agent".into(),
            encryption: view.encryption(&["encryption_configuration.kms_key_id"]),
            ..AiService::default()
        },
        other if other.starts_with("bedrockagentcore_agent_runtime") => {
            AiService { service: "agent".into(), ..AiService::default() }
        }
        _ => AiService::default(),
    }
}

/// Serverless endpoints have no data capture to turn on, and asynchronous ones write their answers to S3 anyway.
fn data_capture(view: View<'_>) -> Field<bool> {
    let other_form = ["production_variants.serverless_config", "async_inference_config"];
    if other_form.iter().any(|path| !view.present(path).is_absent()) {
        return Field::default();
    }
    view.flag("data_capture_config.enable_capture").or(false)
}

/// A job on one machine has no traffic to encrypt.
fn traffic_encrypted(view: View<'_>) -> Field<bool> {
    if view.text("job_resources.cluster_config.instance_count").holds(|count| count == "1") {
        return Field::default();
    }
    view.flag("network_config.enable_inter_container_traffic_encryption").or(false)
}

/// What is seen of a store besides its name and role; `None` for any other resource.
pub fn store(view: View<'_>, completion: &Completion<'_>) -> Option<Store> {
    let kind = view.kind();
    let encrypted_or_none = |path: &str, key: &str| match view.flag(path) {
        Setting::Set(true, at) => match view.key(key) {
            Setting::Absent => Field::found("provider-key", at),
            key => key.or_unknown(),
        },
        Setting::Set(false, at) => Field::found("none", at),
        Setting::Unresolved(at) => Field::unresolved(at),
        Setting::Absent => Field::from("none"),
    };
    Some(match kind {
        "aws_s3_bucket" => bucket(view, completion),
        "aws_efs_file_system" => Store { encryption: encrypted_or_none("encrypted", "kms_key_id"), ..Store::default() },
        "aws_ebs_volume" => {
            let mut encryption = encrypted_or_none("encrypted", "kms_key_id");
            // An account can encrypt all its volumes by default; where nothing is said, that cannot be told.
            if encryption.at.is_none() {
                encryption.value = None;
            }
            Store { encryption, ..Store::default() }
        }
        "aws_db_instance" | "aws_rds_cluster" | "aws_docdb_cluster" | "aws_neptune_cluster" => {
            let mut encryption = encrypted_or_none("storage_encrypted", "kms_key_id");
            // A copy takes over what its origin has.
            let copied = ["snapshot_identifier", "replicate_source_db", "replication_source_identifier"];
            if encryption.at.is_none() && copied.iter().any(|path| !view.present(path).is_absent()) {
                encryption.value = None;
            }
            // Who has no password reads nothing, wherever it can be reached from: it is not public.
            Store { encryption, internet: internet::of_aws_database(view, completion), ..Store::default() }
        }
        "aws_opensearch_domain" | "aws_elasticsearch_domain" => Store {
            encryption: encrypted_or_none("encrypt_at_rest.enabled", "encrypt_at_rest.kms_key_id"),
            insecure_transport: view.not("domain_endpoint_options.enforce_https").or_unknown(),
            public: domain_is_public(view),
            ..Store::default()
        },
        "aws_elasticache_replication_group" => Store {
            encryption: encrypted_or_none("at_rest_encryption_enabled", "kms_key_id"),
            insecure_transport: view.not("transit_encryption_enabled").or_unknown(),
            ..Store::default()
        },
        "aws_dynamodb_table" => {
            Store { encryption: view.encryption(&["server_side_encryption.kms_key_arn"]), ..Store::default() }
        }
        "aws_cloudwatch_log_group" => Store {
            encryption: view.encryption(&["kms_key_id"]),
            // Zero days stand for ever.
            retention: view.text("retention_in_days").read(|days| Some(days != "0")).or(false),
            ..Store::default()
        },
        "aws_fsx_lustre_file_system" => Store { encryption: view.encryption(&["kms_key_id"]), ..Store::default() },
        _ => return None,
    })
}

fn bucket(view: View<'_>, completion: &Completion<'_>) -> Store {
    Store {
        encryption: completion.field(
            view,
            "aws_s3_bucket_server_side_encryption_configuration",
            |it| bucket_encryption(it, "rule.apply_server_side_encryption_by_default"),
            || {
                let inline = "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default";
                bucket_encryption(view, inline)
            },
        ),
        versioned: completion.field(
            view,
            "aws_s3_bucket_versioning",
            |it| it.text("versioning_configuration.status").read(|status| Some(status == "Enabled")).or_unknown(),
            || view.flag("versioning.enabled").or(false),
        ),
        public: bucket_is_public(view, completion),
        retention: completion.field(
            view,
            "aws_s3_bucket_lifecycle_configuration",
            |_| Field::known(true),
            || view.present("lifecycle_rule").or(false),
        ),
        access_logged: completion.field(
            view,
            "aws_s3_bucket_logging",
            |_| Field::known(true),
            || view.present("logging").or(false),
        ),
        ..Store::default()
    }
}

/// S3 has encrypted every new object with its own keys since January 2023, so nothing set is not nothing.
fn bucket_encryption(view: View<'_>, path: &str) -> Field<Choice> {
    let key = view.key(&format!("{path}.kms_master_key_id"));
    if !key.is_absent() {
        return key.or_unknown();
    }
    view.text(&format!("{path}.sse_algorithm")).read(|_| Some(Choice("provider-key"))).or("provider-key")
}

/// Public by its access list or policy, unless public access is blocked. New buckets block it by themselves.
fn bucket_is_public(view: View<'_>, completion: &Completion<'_>) -> Field<bool> {
    let block = completion.field(
        view,
        "aws_s3_bucket_public_access_block",
        |it| blocks_the_public(it, ""),
        || blocks_the_public(view, "public_access_block_configuration."),
    );
    // `public-read` in Terraform, `PublicRead` in CloudFormation, and the same with `write` behind it.
    let open = |acl: Setting<&str>| {
        acl.read(|acl| Some(acl.replace('-', "").to_ascii_lowercase().starts_with("publicread"))).or(false)
    };
    let by_list = completion.field(view, "aws_s3_bucket_acl", |it| open(it.text("acl")), || open(view.text("acl")));
    let by_policy = completion.field(
        view,
        "aws_s3_bucket_policy",
        |it| allows_anybody(it.module, it.resource, "policy"),
        || Field::known(false),
    );
    let opened = if by_policy.value == Some(true) { by_policy } else { by_list };
    match (opened.value, block.value) {
        (Some(true), Some(false)) => opened,
        (Some(false), _) | (_, Some(true)) => Field { value: Some(false), at: opened.at },
        _ => Field { value: None, at: opened.at },
    }
}

/// Whether the four switches below this path keep the public out, whatever else is set.
fn blocks_the_public(view: View<'_>, path: &str) -> Field<bool> {
    let switches = ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"];
    let flags = switches.map(|switch| view.flag(&format!("{path}{switch}")));
    if flags.iter().all(|flag| flag.holds(|on| on)) {
        true.into()
    } else if flags.iter().all(|flag| matches!(flag, Setting::Set(false, _) | Setting::Absent)) {
        false.into()
    } else {
        Field::default()
    }
}

/// Outside of a network of its own, a search domain is as open as its policy, unless it asks for a password besides.
fn domain_is_public(view: View<'_>) -> Field<bool> {
    let within_network = !view.present("vpc_options").is_absent();
    let asks = !matches!(view.flag("advanced_security_options.enabled"), Setting::Set(false, _) | Setting::Absent);
    if within_network || asks {
        return false.into();
    }
    match view.setting("access_policies") {
        Setting::Absent => false.into(),
        _ => allows_anybody(view.module, view.resource, "access_policies"),
    }
}

/// Whether the policy at this path has a statement that allows anybody to read, without a condition.
fn allows_anybody(module: &Module, resource: &Resource, path: &str) -> Field<bool> {
    let Some(policy) = module.view(resource).written(path).and_then(|policy| module.resolve(policy)) else {
        return Field::default();
    };
    let anybody = |statement: &Node| {
        let principal = statement.get("Principal");
        let everyone = principal
            .is_some_and(|it| it.text() == Some("*") || it.get("AWS").is_some_and(|it| it.text() == Some("*")));
        let reads = statement.get("Action").is_some_and(|actions| {
            actions
                .one_or_many()
                .iter()
                .filter_map(Node::text)
                .any(|it| matches!(it, "*" | "s3:*" | "s3:GetObject" | "es:*" | "es:ESHttp*" | "es:ESHttpGet"))
        });
        everyone
            && reads
            && statement.get("Effect").is_some_and(|it| it.text() == Some("Allow"))
            && !statement.has("Condition")
    };
    let found = policy.get("Statement").into_iter().flat_map(Node::one_or_many).find(|it| anybody(it));
    found.map_or(Field::known(false), |statement| Field::found(true, statement.span))
}
