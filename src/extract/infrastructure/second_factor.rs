//! `second-factor` facts: where a module says whether a second factor has to be shown, as a setting of who signs in or as a condition
//! of rights on AWS.

mod condition;

use super::gateway;
use super::module::{Module, addresses_within};
use super::role::Words;
use super::service;
use super::setting::Setting;
use super::view::View;
use crate::document::Node;
use crate::fact::{Choice, Field, SecondFactor};
use crate::source::Span;
use condition::{HCL, JSON, Statement};
use std::collections::BTreeSet;

/// A setting of one value that says it: the type of resource, where it stands, what it guards, and the values for everybody, for
/// volunteers and for nobody. A value that stands for nobody is named only where it cannot mean that somebody else asks.
const SETTINGS: &[(&str, &str, &str, [&str; 3])] = &[
    ("aws_cognito_user_pool", "mfa_configuration", "application", ["ON", "OPTIONAL", "OFF"]),
    ("google_identity_platform_config", "mfa.state", "application", ["MANDATORY", "ENABLED", "DISABLED"]),
    ("auth0_guardian", "policy", "application", ["all-applications", "confidence-score", "never"]),
    ("aws_s3_bucket_versioning", "versioning_configuration.mfa_delete", "deletion", ["Enabled", "", ""]),
    ("gitlab_application_settings", "require_two_factor_authentication", "organisation", ["true", "", ""]),
    ("gitlab_group", "require_two_factor_authentication", "organisation", ["true", "", ""]),
    ("okta_app_signon_policy_rule", "factor_mode", "organisation", ["2FA", "", ""]),
    ("okta_policy_rule_signon", "mfa_required", "organisation", ["true", "", ""]),
];

/// One such place, with the part of the resource's name that tells it from others of the same resource.
pub struct Asked {
    /// Empty, or the statement's name.
    pub part: String,
    /// Where it stands.
    pub at: Span,
    /// What it says.
    pub seen: SecondFactor,
}

/// Where one resource or data source says whether a second factor has to be shown. `for_ai` are the addresses of pools of users that
/// lead to AI; `near_ai`: the module has AI services.
pub fn see(view: View<'_>, for_ai: &BTreeSet<String>, near_ai: bool) -> Vec<Asked> {
    let kind = view.kind();
    let named = |seen| SecondFactor {
        name: view.resource.name.to_string().into(),
        resource: view.resource.written_kind.to_string().into(),
        // Nothing refers to the settings of a whole project.
        ai: (for_ai.contains(&*view.resource.address) || (near_ai && !kind.starts_with("aws_"))).into(),
        ..seen
    };
    let mut asked = match kind {
        "aws_iam_policy_document" => policies(view, &view.resource.body, true),
        "azuread_conditional_access_policy" => conditional_access(view).into_iter().collect(),
        _ if kind.starts_with("aws_") => policies(view, &view.resource.body, false),
        _ => Vec::new(),
    };
    asked.extend(setting(view));
    for one in &mut asked {
        one.seen = named(one.seen.clone());
    }
    asked
}

/// What a setting of one value says.
fn setting(view: View<'_>) -> Option<Asked> {
    let (_, path, guards, words) = SETTINGS.iter().find(|(kind, ..)| *kind == view.kind())?;
    let Setting::Set(value, at) = view.text(path) else { return None };
    let place = words.iter().position(|word| *word == value)?;
    let asked = ["everybody", "volunteers", "nobody"].get(place).copied().map(Choice);
    let open = asked == Some(Choice("nobody"));
    // What a caller of the module may turn on is not known to be off, and whoever comes from elsewhere has signed in there.
    let unknown = open && (is_given(view, path) || signs_in_elsewhere(view));
    let asked = Field { value: asked.filter(|_| !unknown), at: Some(at) };
    let seen = SecondFactor { guards: Choice(guards).0.into(), asked, ..SecondFactor::default() };
    Some(Asked { part: String::new(), at: view.resource.at, seen })
}

/// True for a value that is not written where it is used.
fn is_given(view: View<'_>, path: &str) -> bool {
    view.written(path).is_none_or(Node::is_expression)
}

/// True for a pool that lets in users of another provider.
fn signs_in_elsewhere(view: View<'_>) -> bool {
    view.module.mentioning(&view.resource.address).any(|it| &*it.kind == "aws_cognito_identity_provider")
}

/// A policy of Entra that grants access only against a second factor.
fn conditional_access(view: View<'_>) -> Option<Asked> {
    let strength = !view.present("grant_controls.authentication_strength_policy_id").is_absent();
    let controls = view.texts("grant_controls.built_in_controls").unwrap_or_default();
    let asks = strength || controls.iter().any(|(control, _)| *control == "mfa");
    let others = controls.iter().any(|(control, _)| *control != "mfa");
    if !asks || (others && view.text("grant_controls.operator").holds(|operator| operator == "OR")) {
        return None;
    }
    let Setting::Set(state, at) = view.text("state") else { return None };
    let asked = match state {
        "enabled" => Some(Choice("everybody")),
        "disabled" if !is_given(view, "state") => Some(Choice("nobody")),
        // It only reports what it would do.
        _ => None,
    };
    let seen = SecondFactor {
        guards: "organisation".into(),
        asked: Field { value: asked, at: Some(at) },
        ..SecondFactor::default()
    };
    Some(Asked { part: String::new(), at: view.resource.at, seen })
}

/// How many nodes of one resource are looked through for policies.
const WALK_LIMIT: usize = 20_000;

/// What the policies within a resource say.
fn policies(view: View<'_>, body: &Node, in_hcl: bool) -> Vec<Asked> {
    let mut found = Vec::new();
    if in_hcl {
        found.push(body);
    } else {
        body.walk(WALK_LIMIT, &mut |node, _| {
            if node.has(JSON.statement) {
                found.push(node);
            }
        });
    }
    let spelling = if in_hcl { &HCL } else { &JSON };
    let people = is_for_people(view);
    let mut asked = Vec::new();
    for policy in found {
        let statements = condition::statements(policy, spelling, |node| view.module.resolve(node));
        asked.extend(of_statements(&statements, people));
    }
    asked
}

fn of_statements(statements: &[Statement<'_>], people: bool) -> Vec<Asked> {
    let asks = statements.iter().map(|statement| {
        let asked = match statement.asked(statements) {
            None if people && statement.lets_people_in => Some((Choice("nobody"), statement.at)),
            asked => asked,
        };
        let (asked, at) = asked?;
        let guards = if statement.is_of_role { "role" } else { "rights" };
        let seen = SecondFactor { guards: guards.into(), asked: Field::found(asked, at), ..SecondFactor::default() };
        Some(Asked { part: statement.name.clone(), at, seen })
    });
    asks.flatten().collect()
}

/// Words in the names of roles that people take on.
const PEOPLE: &[&str] = &[
    "admin",
    "admins",
    "administrator",
    "administrators",
    "analyst",
    "analysts",
    "breakglass",
    "developer",
    "developers",
    "engineer",
    "engineers",
    "human",
    "humans",
    "operator",
    "operators",
    "people",
    "scientist",
    "scientists",
];

/// True when the role, or the roles that name this document, are called after people.
fn is_for_people(view: View<'_>) -> bool {
    let is_role = |kind: &str| kind == "aws_iam_role";
    let users = view.module.mentioning(&view.resource.address).filter(|it| is_role(&it.kind));
    let itself = Some(view.resource).filter(|it| is_role(&it.kind));
    itself.into_iter().chain(users).any(|role| {
        let name = match view.module.view(role).text("name") {
            Setting::Set(name, _) => name,
            _ => "",
        };
        Words::of([&*role.label, name]).any(PEOPLE)
    })
}

/// The addresses of pools of users that lead to AI: an authorizer of a gateway to a model names them, or an AI service does.
pub fn pools_for_ai(module: &Module) -> BTreeSet<String> {
    let leads_to_ai = |resource| {
        let view = module.view(resource);
        gateway::see(view).is_some_and(|seen| seen.ai.value == Some(true))
    };
    let gateways = module.resources.iter().filter(|it| leads_to_ai(it));
    let around = gateways.flat_map(|it| module.mentioning(&it.address).chain([it]));
    let named = around.chain(module.resources.iter().filter(|it| service::is_ai(&it.kind)));
    let named: BTreeSet<String> = named.flat_map(|it| addresses_within(&it.body)).collect();
    // A client of the pool stands between the two.
    let through_clients =
        named.iter().filter_map(|address| module.at(address)).flat_map(|it| addresses_within(&it.body));
    let pools: BTreeSet<String> =
        through_clients.filter(|address| address.starts_with("aws_cognito_user_pool.")).collect();
    &named | &pools
}
