//! What Azure resources of Terraform say: AI services and stores. Azure encrypts everything at rest by itself.

use super::completion::Completion;
use super::internet;
use super::setting::Setting;
use super::view::View;
use crate::fact::{AiService, Choice, Field, Store};

/// What is seen of an AI service.
pub fn service(view: View<'_>) -> AiService {
    let kind = view.kind();
    match kind.strip_prefix("azurerm_").unwrap_or(kind) {
        "cognitive_account" => AiService {
            service: "account".into(),
            encryption: own_key_by(
                view,
                "customer_managed_key",
                Some("azurerm_cognitive_account_customer_managed_key"),
            ),
            local_keys: view.flag("local_auth_enabled").or(true),
            public: reachable(view, view.flag("public_network_access_enabled")),
            ..AiService::default()
        },
        // The same account under its newer name spells its attributes differently.
        "ai_services" => AiService {
            service: "account".into(),
            encryption: own_key_by(view, "customer_managed_key", None),
            local_keys: view.flag("local_authentication_enabled").or(true),
            public: reachable(view, view.flag("public_network_access")),
            ..AiService::default()
        },
        "ai_foundry" => AiService {
            service: "workspace".into(),
            encryption: own_key_by(view, "encryption", None),
            public: view.flag("public_network_access").or(true),
            ..AiService::default()
        },
        "cognitive_deployment" => AiService {
            service: "deployment".into(),
            model_version: view.text("model.version").read(|text| Some(text.to_owned())).or(""),
            auto_upgrade: view
                .text("version_upgrade_option")
                .read(|option| Some(option == "OnceNewDefaultVersionAvailable"))
                .or(true),
            ..AiService::default()
        },
        "machine_learning_workspace" => AiService {
            service: "workspace".into(),
            encryption: own_key_by(view, "encryption", None),
            public: view.flag("public_network_access_enabled").or(true),
            ..AiService::default()
        },
        "machine_learning_compute_instance" => AiService {
            service: "notebook".into(),
            local_keys: view.flag("local_auth_enabled").or(true),
            ..AiService::default()
        },
        "machine_learning_compute_cluster" => AiService {
            service: "training".into(),
            local_keys: view.flag("local_auth_enabled").or(true),
            ..AiService::default()
        },
        "machine_learning_inference_cluster" => AiService { service: "endpoint".into(), ..AiService::default() },
        "search_service" => AiService {
            service: "search".into(),
            local_keys: view.flag("local_authentication_enabled").or(true),
            public: match view.present("allowed_ips") {
                Setting::Absent => view.flag("public_network_access_enabled").or(true),
                _ => view.flag("public_network_access_enabled").read(|on| (!on).then_some(false)).or_unknown(),
            },
            ..AiService::default()
        },
        "databricks_workspace" => AiService {
            service: "workspace".into(),
            public: view.flag("public_network_access_enabled").or(true),
            ..AiService::default()
        },
        _ => AiService::default(),
    }
}

/// An account whose network rules deny by default is not open, whatever its switch says.
fn reachable(view: View<'_>, switch: Setting<bool>) -> Field<bool> {
    match view.text("network_acls.default_action") {
        Setting::Set("Deny", at) => Field::found(false, at),
        Setting::Unresolved(at) if !matches!(switch, Setting::Set(false, _)) => Field::unresolved(at),
        _ => switch.or(true),
    }
}

/// One's own key if this block is there, or a resource of this type refers to the account.
fn own_key_by(view: View<'_>, block: &str, separate: Option<&str>) -> Field<Choice> {
    let mut users = view.module.mentioning(&view.resource.address);
    let elsewhere = separate.is_some_and(|kind| users.any(|it| &*it.kind == kind));
    if elsewhere {
        return Field::from("own-key");
    }
    view.present(block).read(|_| Some(Choice("own-key"))).or("provider-key")
}

/// What is seen of a store besides its name and role; `None` for any other resource.
pub fn store(view: View<'_>, completion: &Completion<'_>) -> Option<Store> {
    Some(match view.kind() {
        "azurerm_storage_account" => Store {
            encryption: {
                let separate = completion.of(view, "azurerm_storage_account_customer_managed_key").next();
                match separate {
                    Some(_) => Field::from("own-key"),
                    None => own_key_by(view, "customer_managed_key", None),
                }
            },
            versioned: versioned(view),
            insecure_transport: insecure_transport(view),
            retention: completion.field(
                view,
                "azurerm_storage_management_policy",
                |_| Field::known(true),
                || Field::known(false),
            ),
            ..Store::default()
        },
        "azurerm_storage_container" => Store {
            public: if account_keeps_the_public_out(view) {
                false.into()
            } else {
                view.text("container_access_type").read(|access| Some(access != "private")).or(false)
            },
            ..Store::default()
        },
        "azurerm_postgresql_flexible_server" | "azurerm_mssql_server" => Store {
            encryption: own_key_by(view, "customer_managed_key", None),
            internet: internet::of_azure_database(
                view,
                view.flag("public_network_access_enabled"),
                &["azurerm_postgresql_flexible_server_firewall_rule", "azurerm_mssql_firewall_rule"]
                    .map(|kind| (kind, "start_ip_address", "end_ip_address")),
            ),
            ..Store::default()
        },
        _ => return None,
    })
}

/// What an account forbids, no container of it can allow.
fn account_keeps_the_public_out(container: View<'_>) -> bool {
    let account = ["storage_account_id", "storage_account_name"].iter().find_map(|path| container.refers_to(path));
    let account = account.and_then(|address| container.module.at(&address)).map(|it| container.module.view(it));
    account.is_some_and(|account| {
        let switch = account.flag("allow_nested_items_to_be_public");
        switch.or_else(|| account.flag("allow_blob_public_access")).holds(|on| !on)
    })
}

/// Accounts with a hierarchical namespace (Data Lake) cannot keep versions, so nothing can be asked of them.
fn versioned(view: View<'_>) -> Field<bool> {
    match view.flag("is_hns_enabled") {
        Setting::Set(true, _) | Setting::Unresolved(_) => Field::default(),
        _ => view.flag("blob_properties.versioning_enabled").or(false),
    }
}

/// Plain HTTP is let in, or TLS older than 1.2. The first attribute was renamed in version 4 of the provider.
fn insecure_transport(view: View<'_>) -> Field<bool> {
    let plain = view.not("https_traffic_only_enabled").or_else(|| view.not("enable_https_traffic_only"));
    if plain.holds(|plain| plain) {
        return plain.or(false);
    }
    let old = view.text("min_tls_version").read(|version| Some(matches!(version, "TLS1_0" | "TLS1_1")));
    if old.holds(|old| old) { old.or(false) } else { plain.or(false) }
}
