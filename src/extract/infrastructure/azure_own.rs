//! What Azure resources say in Azure's own words, as Bicep, ARM templates and `azapi_resource` use them.

use super::setting::Setting;
use super::view::View;
use crate::fact::{AiService, Choice, Field};

/// What is seen of an AI service; `None` for any other resource.
pub fn service(view: View<'_>) -> Option<AiService> {
    Some(match view.kind() {
        "microsoft.cognitiveservices/accounts" => AiService {
            service: "account".into(),
            encryption: own_key(view),
            local_keys: view.not("properties.disableLocalAuth").or(true),
            public: reachable(view),
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
        "microsoft.machinelearningservices/workspaces" => AiService {
            service: "workspace".into(),
            encryption: own_key(view),
            public: view.flag("properties.publicNetworkAccess").or(true),
            ..AiService::default()
        },
        _ => return None,
    })
}

/// An account whose network rules deny by default is not open, whatever its switch says.
fn reachable(view: View<'_>) -> Field<bool> {
    match view.text("properties.networkAcls.defaultAction") {
        Setting::Set("Deny", at) => Field::found(false, at),
        _ => view.flag("properties.publicNetworkAccess").or(true),
    }
}

/// One's own key if the block of encryption names one.
fn own_key(view: View<'_>) -> Field<Choice> {
    view.present("properties.encryption").read(|_| Some(Choice("own-key"))).or("provider-key")
}
