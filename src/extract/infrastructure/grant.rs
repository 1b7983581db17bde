//! `grant` facts: rights that a module gives, statement by statement.

use super::module::{RESOLVE_LIMIT, addresses};
use super::role::Words;
use super::service;
use super::setting::Setting;
use super::trust;
use super::view::View;
use crate::document::{Node, Value};
use crate::fact::{Field, Grant};
use crate::source::Span;

/// Prefixes of AWS actions on AI services.
const AI_ACTIONS: &[&str] = &[
    "sagemaker",
    "bedrock",
    "bedrock-agent",
    "bedrock-agentcore",
    "comprehend",
    "kendra",
    "lex",
    "personalize",
    "forecast",
    "rekognition",
    "textract",
    "transcribe",
    "polly",
    "qbusiness",
    "aoss",
];

/// Ready-made AWS policies that give all rights of an AI service.
const AWS_FULL_ACCESS: &[&str] = &[
    "AmazonSageMakerFullAccess",
    "AmazonBedrockFullAccess",
    "AmazonKendraFullAccess",
    "ComprehendFullAccess",
    "AmazonRekognitionFullAccess",
    "AmazonTextractFullAccess",
    "AmazonTranscribeFullAccess",
    "AmazonPollyFullAccess",
    "AmazonLexFullAccess",
    "AmazonPersonalizeFullAccess",
    "AmazonForecastFullAccess",
    "AmazonQFullAccess",
];

/// Ready-made AWS policies that give all rights of everything, or nearly.
const AWS_EVERYTHING: &[&str] = &["AdministratorAccess", "PowerUserAccess"];

/// The same for all buckets: of AI where the role's name says so.
const AWS_ALL_BUCKETS: &str = "AmazonS3FullAccess";

/// Google's roles that give all rights of an AI service.
const GOOGLE_FULL_ACCESS: &[&str] = &[
    "roles/aiplatform.admin",
    "roles/ml.admin",
    "roles/notebooks.admin",
    "roles/discoveryengine.admin",
    "roles/dialogflow.admin",
    "roles/documentai.admin",
];

/// One grant of a resource, with the part of its name that tells it from others of the same resource.
pub struct Given {
    /// Empty, or the statement's or role's name.
    pub part: String,
    /// Where it stands in the resource's file.
    pub at: Span,
    /// What is given.
    pub grant: Grant,
}

/// The grants of one resource or data source; none for any other. `near_ai`: AI is seen in its module.
pub fn see(view: View<'_>, near_ai: bool) -> Vec<Given> {
    match view.kind() {
        "aws_iam_policy" | "aws_iam_role_policy" | "aws_iam_user_policy" | "aws_iam_group_policy" => {
            let policy = view.written("policy").filter(|node| !node.entries().is_empty());
            policy.map(|policy| statements(view, policy, &JSON)).unwrap_or_default()
        }
        "aws_iam_policy_document" => statements(view, &view.resource.body, &HCL),
        "aws_iam_role" | "aws_iam_user" | "aws_iam_group" => {
            let mut given = inline_policies(view);
            given.extend(ready_made(view, "managed_policy_arns", near_ai));
            given
        }
        "aws_serverless_function" => {
            let mut given = inline_policies(view);
            given.extend(ready_made(view, "policies", near_ai));
            given
        }
        "aws_iam_role_policy_attachment"
        | "aws_iam_user_policy_attachment"
        | "aws_iam_group_policy_attachment"
        | "aws_iam_policy_attachment" => ready_made(view, "policy_arn", near_ai),
        "aws_iam_role_policy_attachments_exclusive" => ready_made(view, "policy_arns", near_ai),
        "google_project_iam_member"
        | "google_project_iam_binding"
        | "google_folder_iam_member"
        | "google_folder_iam_binding"
        | "google_organization_iam_member"
        | "google_organization_iam_binding" => google_roles(view, near_ai),
        "azurerm_role_assignment" => {
            azure_roles(view, &view.texts("role_definition_name").unwrap_or_default(), near_ai)
        }
        "microsoft.authorization/roleassignments" => azure_roles(view, &role_by_number(view), near_ai),
        _ => Vec::new(),
    }
}

/// The policies that are written within a role: `inline_policy` in Terraform, `Policies` in `CloudFormation`, where those of SAM
/// stand there by themselves.
fn inline_policies(view: View<'_>) -> Vec<Given> {
    let mut given = Vec::new();
    for block in ["inline_policy", "policies"].iter().flat_map(|path| view.blocks(path)) {
        let policy = block.get("policy").or_else(|| block.get("policy_document")).unwrap_or(block);
        let name = block.get("name").or_else(|| block.get("policy_name")).and_then(Node::text);
        for mut one in statements(view, policy, &JSON) {
            if let Some(name) = name {
                one.part = format!("{name}/{}", one.part);
            }
            given.push(one);
        }
    }
    given
}

/// How a syntax of AWS policies spells the parts of a statement.
struct Spelling {
    statement: &'static str,
    name: &'static str,
    effect: &'static str,
    actions: &'static str,
    resources: &'static str,
    all_but: &'static str,
    principal: &'static str,
    condition: &'static str,
}

const JSON: Spelling = Spelling {
    statement: "Statement",
    name: "Sid",
    effect: "Effect",
    actions: "Action",
    resources: "Resource",
    all_but: "NotResource",
    principal: "Principal",
    condition: "Condition",
};

const HCL: Spelling = Spelling {
    statement: "statement",
    name: "sid",
    effect: "effect",
    actions: "actions",
    resources: "resources",
    all_but: "not_resources",
    principal: "principals",
    condition: "condition",
};

fn statements(view: View<'_>, policy: &Node, spelling: &Spelling) -> Vec<Given> {
    let found = policy.entries().iter().filter(|entry| &*entry.key == spelling.statement);
    let mut given = Vec::new();
    for (index, statement) in found.flat_map(|entry| entry.node.one_or_many()).enumerate() {
        // With a principal it is a policy of a resource: it says who may come, not what somebody may do.
        let denies = statement.get(spelling.effect).is_some_and(|effect| effect.scalar() != Some("Allow"));
        if denies || statement.has(spelling.principal) {
            continue;
        }
        let Some(actions) = statement.get(spelling.actions) else { continue };
        let name = statement.get(spelling.name).and_then(Node::text).filter(|name| !name.is_empty());
        let part = name.map_or_else(|| (index + 1).to_string(), str::to_owned);
        let resources = statement.get(spelling.resources);
        let mut grant = aws_grant(view, actions, resources);
        if let Some(excepted) = statement.get(spelling.all_but) {
            grant.any_resource = Field::found(true, excepted.span);
        }
        if statement.has(spelling.condition) && grant.any_resource.value == Some(true) {
            grant.any_resource.value = None;
        }
        given.push(Given { part, at: actions.span, grant });
    }
    given
}

fn aws_grant(view: View<'_>, actions: &Node, resources: Option<&Node>) -> Grant {
    let listed = |node: &Node| -> Option<Vec<String>> {
        let node = view.module.resolve(node)?;
        node.one_or_many().iter().map(|item| Some(view.module.resolve(item)?.scalar()?.to_owned())).collect()
    };
    // What is known of the actions counts even where one of them is not.
    let known = |node: &Node| -> Vec<(String, Span)> {
        let items = node.one_or_many().iter();
        items.filter_map(|item| Some((view.module.resolve(item)?.scalar()?.to_owned(), item.span))).collect()
    };
    let written = known(actions);
    let any_action = written.iter().find(|(action, _)| action == "*" || action.ends_with(":*"));
    let for_ai = written.iter().find(|(action, _)| {
        let service = action.split(':').next().unwrap_or_default();
        AI_ACTIONS.contains(&service)
    });
    let name = match view.text("name") {
        Setting::Set(name, _) => name,
        _ => "",
    };
    let words = Words::of([&*view.resource.label, name]);
    let everything = written.iter().any(|(action, _)| action == "*");
    let of_ai = words.speak_of_ai() || trust::is_of_ai(view);
    let data = of_ai && written.iter().any(|(action, _)| action == "s3:*");
    let widest = written.iter().find(|(action, _)| {
        let service = action.split(':').next().unwrap_or_default();
        action == "*" || (action.ends_with(":*") && (AI_ACTIONS.contains(&service) || (data && service == "s3")))
    });
    let any_resource = resources.map(known).unwrap_or_default().into_iter().find(|(resource, _)| is_any(resource));
    Grant {
        name: view.resource.name.to_string().into(),
        provider: "aws".into(),
        actions: Field { value: listed(actions), at: Some(actions.span) },
        resources: Field { value: resources.and_then(listed), at: resources.map(|node| node.span) },
        any_action: match (widest.or(any_action), for_ai) {
            // A wide action of another service says nothing of the AI actions beside it.
            (Some((action, _)), Some(_)) if widest.is_none() && action != "*" => false.into(),
            (Some((_, at)), _) => Field::found(true, *at),
            (None, _) => false.into(),
        },
        any_resource: match any_resource {
            Some((_, at)) => Field::found(true, at),
            None => Field { value: resources.and_then(listed).map(|_| false), at: None },
        },
        ai: (for_ai.is_some() || data || (everything && of_ai)).into(),
        full_access_role: "".into(),
    }
}

/// `*`, and names that are nothing but it behind the service: `arn:aws:sagemaker:*:*:*`, `arn:aws:s3:::*`.
fn is_any(resource: &str) -> bool {
    let mut account_and_name = resource.split(':').skip(3);
    let wide = resource.starts_with("arn:") && resource.ends_with(":*");
    resource == "*" || (wide && account_and_name.all(|part| matches!(part, "" | "*")))
}

/// Ready-made policies by name or ARN.
fn ready_made(view: View<'_>, path: &str, near_ai: bool) -> Vec<Given> {
    let Some(written) = view.written(path) else { return Vec::new() };
    let mut given = Vec::new();
    let receiver = match view.written("role").map(|node| &node.value) {
        Some(Value::Text(role) | Value::Expression(role)) => role,
        _ => "",
    };
    let to_ai = Words::of([&*view.resource.label, receiver]).speak_of_ai() || trust::is_of_ai(view);
    let mut see = |name: &str, at: Span| {
        let full = AWS_FULL_ACCESS.contains(&name) || (name == AWS_ALL_BUCKETS && to_ai);
        let everything = AWS_EVERYTHING.contains(&name);
        if full || everything {
            let grant = Grant {
                name: view.resource.name.to_string().into(),
                provider: "aws".into(),
                actions: Field::known(vec![name.to_owned()]),
                any_action: true.into(),
                any_resource: true.into(),
                ai: (full || near_ai).into(),
                full_access_role: Field::found(name, at),
                ..Grant::default()
            };
            given.push(Given { part: name.to_owned(), at, grant });
        }
    };
    if let Some(texts) = view.texts(path) {
        for (arn, at) in texts {
            see(last_part(arn), at);
        }
    } else {
        // A list is looked through item by item: some name policies of this module.
        for item in written.one_or_many() {
            match &item.value {
                Value::Text(arn) => see(last_part(arn), item.span),
                Value::Expression(source) if source.starts_with('"') => {
                    see(last_part(source.trim_matches('"')), item.span);
                }
                Value::Expression(source) => {
                    let read = addresses(source).find_map(|address| policy_read(view, &address));
                    if let Some(name) = read {
                        see(&name, item.span);
                    }
                }
                _ => {}
            }
        }
    }
    given
}

fn last_part(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

/// The name of the ready-made policy that `data.aws_iam_policy.x` reads.
fn policy_read(view: View<'_>, address: &str) -> Option<String> {
    let data = view.module.at(address).filter(|data| &*data.kind == "aws_iam_policy")?;
    let node = data.body.get("name").or_else(|| data.body.get("arn"))?;
    Some(last_part(view.module.resolve(node)?.text()?).to_owned())
}

fn google_roles(view: View<'_>, near_ai: bool) -> Vec<Given> {
    let roles = view.texts("role").unwrap_or_default();
    let given = roles.into_iter().map(|(role, at)| {
        let full = GOOGLE_FULL_ACCESS.contains(&role);
        let everything = matches!(role, "roles/owner" | "roles/editor");
        let grant = Grant {
            name: view.resource.name.to_string().into(),
            provider: "google".into(),
            actions: Field::found(vec![role.to_owned()], at),
            any_action: everything.into(),
            any_resource: true.into(),
            ai: (full || role.starts_with("roles/aiplatform.") || (everything && near_ai)).into(),
            full_access_role: if full || everything { Field::found(role, at) } else { "".into() },
            ..Grant::default()
        };
        Given { part: role.to_owned(), at, grant }
    });
    given.collect()
}

/// Azure's general roles by the number that everybody's roles have.
const AZURE_ROLES: &[(&str, &str)] =
    &[("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"), ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor")];

/// The role that an assignment in Azure's own words names, within an expression or behind a variable.
fn role_by_number(view: View<'_>) -> Vec<(&'static str, Span)> {
    let Some(written) = view.written("properties.roleDefinitionId") else { return Vec::new() };
    let mut node = written;
    for _ in 0..RESOLVE_LIMIT {
        let (Value::Expression(source) | Value::Text(source)) = &node.value else { break };
        if let Some((_, role)) = AZURE_ROLES.iter().find(|(number, _)| source.contains(number)) {
            return vec![(role, written.span)];
        }
        // `subscriptionResourceId('…', roleId)` names the variable that holds the number.
        let words = source.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.')));
        let Some(next) = words.filter_map(|word| view.module.values().referred(word)).next_back() else { break };
        node = next;
    }
    Vec::new()
}

/// Azure's general roles count where they reach an AI service, or everything around it.
fn azure_roles(view: View<'_>, roles: &[(&str, Span)], near_ai: bool) -> Vec<Given> {
    let scope = Scope::of(view);
    let (on_ai, around) = (scope == Scope::AiService, matches!(scope, Scope::Group | Scope::Subscription));
    let given = roles.iter().map(|(role, at)| {
        let everything = matches!(*role, "Owner" | "Contributor");
        let full = everything && (on_ai || (around && near_ai));
        let grant = Grant {
            name: view.resource.name.to_string().into(),
            provider: "azure".into(),
            actions: Field::found(vec![(*role).to_owned()], *at),
            any_action: everything.into(),
            any_resource: (scope == Scope::Subscription).into(),
            ai: (on_ai || (around && near_ai && everything)).into(),
            full_access_role: if full { Field::found(*role, *at) } else { "".into() },
            ..Grant::default()
        };
        Given { part: (*role).to_owned(), at: *at, grant }
    });
    given.collect()
}

/// What a role of Azure reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    AiService,
    Group,
    /// Subscriptions, and groups of them.
    Subscription,
    Other,
}

impl Scope {
    fn of(view: View<'_>) -> Self {
        let Some(address) = view.refers_to("scope") else {
            // In Azure's own words an assignment without scope is for what the file is deployed to, most often a group.
            let own_words = view.kind().starts_with("microsoft.");
            return if own_words && view.written("scope").is_none() { Self::Group } else { Self::Other };
        };
        let kind = match view.module.at(&address) {
            Some(resource) => &resource.kind,
            None => address.strip_prefix("data.").unwrap_or(&address).split('.').next().unwrap_or_default(),
        };
        match kind {
            _ if service::is_ai(kind) => Self::AiService,
            "azurerm_resource_group" | "microsoft.resources/resourcegroups" => Self::Group,
            "azurerm_subscription" | "azurerm_management_group" => Self::Subscription,
            _ => Self::Other,
        }
    }
}
