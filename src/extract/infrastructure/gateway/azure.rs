//! API Management of Azure.

use super::super::role::Words;
use super::super::service;
use super::super::setting::Setting;
use super::super::view::View;
use super::said_by;
use crate::document::Value;
use crate::fact::{Field, Gateway};

/// How a syntax names what an API says.
pub struct Spelling {
    key_required: &'static str,
    backend: &'static str,
    names: &'static [&'static str],
    policy: &'static str,
    policy_text: &'static str,
    /// Policies of the whole service, of a product, or of one operation of an API.
    other_policies: &'static [&'static str],
    diagnostics: &'static [&'static str],
}

/// In Terraform.
pub const TERRAFORM: Spelling = Spelling {
    key_required: "subscription_required",
    backend: "service_url",
    names: &["name", "display_name", "path"],
    policy: "azurerm_api_management_api_policy",
    policy_text: "xml_content",
    other_policies: &[
        "azurerm_api_management_policy",
        "azurerm_api_management_product_policy",
        "azurerm_api_management_api_operation_policy",
    ],
    diagnostics: &["azurerm_api_management_api_diagnostic", "azurerm_api_management_diagnostic"],
};

/// In Azure's own words.
pub const OWN: Spelling = Spelling {
    key_required: "properties.subscriptionRequired",
    backend: "properties.serviceUrl",
    names: &["name", "properties.displayName", "properties.path"],
    policy: "microsoft.apimanagement/service/apis/policies",
    policy_text: "properties.value",
    other_policies: &[
        "microsoft.apimanagement/service/policies",
        "microsoft.apimanagement/service/products/policies",
        "microsoft.apimanagement/service/apis/operations/policies",
    ],
    diagnostics: &["microsoft.apimanagement/service/apis/diagnostics", "microsoft.apimanagement/service/diagnostics"],
};

/// Elements of a policy that ask who calls.
const AUTHENTICATING: &[&str] =
    &["<validate-jwt", "<validate-azure-ad-token", "<check-header", "<validate-client-certificate", "<ip-filter"];

/// Elements of a policy that limit how often one may call.
const THROTTLING: &[&str] =
    &["<rate-limit", "<quota", "<llm-token-limit", "<azure-openai-token-limit", "<limit-concurrency"];

/// One API of the service.
pub fn api(view: View<'_>, spelling: &Spelling) -> Gateway {
    let policies = Policies::of(view, spelling);
    let key = view.flag(spelling.key_required);
    Gateway {
        provider: "azure".into(),
        ai: fronts_ai(view, spelling).into(),
        authenticated: match key {
            Setting::Set(false, at) => match policies.hold(AUTHENTICATING) {
                Some(true) => true.into(),
                Some(false) => Field::found(false, at),
                None => Field::unresolved(at),
            },
            // A key is asked for unless it is said not to be.
            key => key.or(true),
        },
        throttled: Field { value: policies.hold(THROTTLING), at: None },
        access_logged: logged(view, spelling),
        ..Gateway::default()
    }
}

/// Told from its names, from the address behind it, and from the AI services that it mentions.
fn fronts_ai(view: View<'_>, spelling: &Spelling) -> bool {
    let values = view.module.values();
    let texts = spelling.names.iter().chain([&spelling.backend]).filter_map(|path| view.written(path));
    let by_name = texts.map(|node| values.followed(node)).any(|node| match &node.value {
        Value::Text(text) | Value::Expression(text) => {
            text.contains("openai") || text.contains("cognitiveservices") || Words::of([&**text]).speak_of_ai()
        }
        _ => false,
    });
    let mentions = super::super::module::addresses_within(&view.resource.body);
    by_name || mentions.iter().filter_map(|address| view.module.at(address)).any(|it| service::is_ai(&it.kind))
}

fn logged(view: View<'_>, spelling: &Spelling) -> Field<bool> {
    let mut diagnostics = view.module.resources.iter().filter(|it| spelling.diagnostics.contains(&&*it.kind));
    match diagnostics.next() {
        Some(found) => said_by(view, view.module.view(found), true, None),
        None if view.module.in_part || !service_is_here(view) => Field::default(),
        None => false.into(),
    }
}

/// Whether the service of the API is declared beside it: if not, what holds for all its APIs is declared elsewhere.
fn service_is_here(view: View<'_>) -> bool {
    let is_service = |kind: &str| matches!(kind, "azurerm_api_management" | "microsoft.apimanagement/service");
    view.module.resources.iter().any(|it| is_service(&it.kind))
}

/// The texts of the policies that hold for an API.
struct Policies<'m> {
    texts: Vec<&'m str>,
    /// Some are in files, or stand where they cannot be seen.
    in_part: bool,
}

impl<'m> Policies<'m> {
    fn of(view: View<'m>, spelling: &Spelling) -> Self {
        let own = view.module.mentioning(&view.resource.address).filter(|it| &*it.kind == spelling.policy);
        let others = view.module.resources.iter().filter(|it| spelling.other_policies.contains(&&*it.kind));
        let mut policies = Self { texts: Vec::new(), in_part: view.module.in_part || !service_is_here(view) };
        for policy in own.chain(others) {
            let policy = view.module.view(policy);
            match policy.written(spelling.policy_text).map(|node| &view.module.values().followed(node).value) {
                // Elements stand in the text even where values are filled into it.
                Some(Value::Text(text)) => policies.texts.push(text),
                Some(Value::Expression(text)) if text.contains('<') => policies.texts.push(text),
                _ => policies.in_part = true,
            }
        }
        policies
    }

    /// Whether one of them holds one of these elements.
    fn hold(&self, elements: &[&str]) -> Option<bool> {
        let found = self.texts.iter().any(|text| elements.iter().any(|element| text.contains(element)));
        if found || !self.in_part { Some(found) } else { None }
    }
}
