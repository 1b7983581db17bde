//! What Azure resources say in Azure's own words, as Bicep, ARM templates and `azapi_resource` use them. Azure encrypts everything
//! at rest by itself.

use super::internet;
use super::setting::Setting;
use super::view::View;
use crate::document::Node;
use crate::fact::{AiService, Choice, Field, Store};

/// What is seen of an AI service; `None` for any other resource.
pub fn service(view: View<'_>) -> Option<AiService> {
    Some(match view.kind() {
        "microsoft.cognitiveservices/accounts" => AiService {
            service: "account".into(),
            encryption: own_key(view.text("properties.encryption.keySource")),
            local_keys: view.not("properties.disableLocalAuth").or(true),
            public: reachable(view, "properties.networkAcls"),
            ..AiService::default()
        },
        "microsoft.cognitiveservices/accounts/deployments" => AiService {
            service: "deployment".into(),
            model_version: view.text("properties.model.version").read(|text| Some(text.to_owned())).or(""),
            auto_upgrade: view
                .text("properties.versionUpgradeOption")
                .read(|option| Some(option == "OnceNewDefaultVersionAvailable"))
                .or(true),
            ..AiService::default()
        },
        "microsoft.cognitiveservices/accounts/raipolicies" => {
            AiService { service: "guardrail".into(), ..AiService::default() }
        }
        "microsoft.machinelearningservices/workspaces" => AiService {
            service: "workspace".into(),
            encryption: own_key(view.text("properties.encryption.status")),
            public: view.flag("properties.publicNetworkAccess").or(true),
            ..AiService::default()
        },
        "microsoft.machinelearningservices/workspaces/computes" => AiService {
            service: view
                .text("properties.computeType")
                .read(|compute| Some(Choice(if compute == "ComputeInstance" { "notebook" } else { "training" })))
                .or_unknown(),
            local_keys: view.not("properties.disableLocalAuth").or(true),
            ..AiService::default()
        },
        "microsoft.machinelearningservices/workspaces/onlineendpoints" => AiService {
            service: "endpoint".into(),
            local_keys: view.text("properties.authMode").read(|mode| Some(mode == "Key")).or_unknown(),
            public: view.flag("properties.publicNetworkAccess").or(true),
            ..AiService::default()
        },
        "microsoft.search/searchservices" => AiService {
            service: "search".into(),
            encryption: own_key(view.text("properties.encryptionWithCmk.enforcement")),
            local_keys: view.not("properties.disableLocalAuth").or(true),
            public: reachable(view, "properties.networkRuleSet"),
            ..AiService::default()
        },
        "microsoft.databricks/workspaces" => AiService {
            service: "workspace".into(),
            public: view.flag("properties.publicNetworkAccess").or(true),
            ..AiService::default()
        },
        "microsoft.botservice/botservices" => AiService {
            service: "agent".into(),
            local_keys: view.not("properties.disableLocalAuth").or(true),
            public: view.flag("properties.publicNetworkAccess").or(true),
            ..AiService::default()
        },
        kind if kind.starts_with("microsoft.machinelearningservices/workspaces/onlineendpoints/deployments") => {
            AiService {
                service: "deployment".into(),
                captured: view.present("properties.dataCollector").or(false),
                ..AiService::default()
            }
        }
        _ => return None,
    })
}

/// A service whose network rules deny by default, or name the networks that may come, is not open, whatever its switch says.
fn reachable(view: View<'_>, rules: &str) -> Field<bool> {
    let switch = view.flag("properties.publicNetworkAccess");
    if matches!(switch, Setting::Set(false, _)) {
        return switch.or(true);
    }
    let listed = view.setting(&format!("{rules}.ipRules")).read(|list| Some(!list.items().is_empty()));
    match (view.text(&format!("{rules}.defaultAction")), listed) {
        (Setting::Set("Deny", at), _) | (Setting::Absent, Setting::Set(true, at)) => Field::found(false, at),
        (Setting::Unresolved(at), _) | (Setting::Absent, Setting::Unresolved(at)) => Field::unresolved(at),
        _ => switch.or(true),
    }
}

/// One's own key where the setting that says whose it is says so.
fn own_key(source: Setting<&str>) -> Field<Choice> {
    source
        .read(|source| match source {
            "Microsoft.KeyVault" | "Microsoft.Keyvault" | "Enabled" => Some(Choice("own-key")),
            _ => Some(Choice("provider-key")),
        })
        .or("provider-key")
}

/// What is seen of a store besides its name and role; `None` for any other resource.
pub fn store(view: View<'_>) -> Option<Store> {
    Some(match view.kind() {
        "microsoft.storage/storageaccounts" => Store {
            encryption: own_key(view.text("properties.encryption.keySource")),
            versioned: versioned(view),
            insecure_transport: insecure_transport(view),
            retention: match child(view, "microsoft.storage/storageaccounts/managementpolicies") {
                Child::Found(_) => true.into(),
                Child::Unknown => Field::default(),
                Child::None => false.into(),
            },
            ..Store::default()
        },
        "microsoft.storage/storageaccounts/blobservices/containers" => Store {
            public: view.text("properties.publicAccess").read(|access| Some(access != "None")).or(false),
            ..Store::default()
        },
        "microsoft.dbforpostgresql/flexibleservers" | "microsoft.sql/servers" => Store {
            internet: internet::of_azure_database(
                view,
                view.flag("properties.network.publicNetworkAccess")
                    .or_else(|| view.flag("properties.publicNetworkAccess")),
                &["microsoft.dbforpostgresql/flexibleservers/firewallrules", "microsoft.sql/servers/firewallrules"]
                    .map(|kind| (kind, "properties.startIpAddress", "properties.endIpAddress")),
            ),
            ..Store::default()
        },
        _ => return None,
    })
}

/// Plain HTTP is let in, or TLS older than 1.2.
fn insecure_transport(view: View<'_>) -> Field<bool> {
    let plain = view.not("properties.supportsHttpsTrafficOnly");
    if plain.holds(|plain| plain) {
        return plain.or(false);
    }
    let old = view.text("properties.minimumTlsVersion").read(|version| Some(matches!(version, "TLS1_0" | "TLS1_1")));
    if old.holds(|old| old) { old.or(false) } else { plain.or(false) }
}

/// The service for blobs says whether versions are kept; accounts with a hierarchical namespace (Data Lake) cannot.
fn versioned(view: View<'_>) -> Field<bool> {
    if !matches!(view.flag("properties.isHnsEnabled"), Setting::Set(false, _) | Setting::Absent) {
        return Field::default();
    }
    match child(view, "microsoft.storage/storageaccounts/blobservices") {
        Child::Found(blobs) => blobs.flag("properties.isVersioningEnabled").or(false),
        Child::Unknown => Field::default(),
        Child::None => false.into(),
    }
}

/// A resource that belongs to another one.
enum Child<'m> {
    Found(View<'m>),
    /// There is one of which it cannot be told to whom it belongs, or a part of the module was not read.
    Unknown,
    None,
}

/// The resource of this type that refers to this one.
fn child<'m>(view: View<'m>, kind: &str) -> Child<'m> {
    let module = view.module;
    if let Some(found) = module.mentioning(&view.resource.address).find(|it| &*it.kind == kind) {
        return Child::Found(module.view(found));
    }
    let others =
        module.resources.iter().any(|it| &*it.kind == kind && it.body.get("parent").is_none_or(Node::is_expression));
    if others || module.in_part { Child::Unknown } else { Child::None }
}
