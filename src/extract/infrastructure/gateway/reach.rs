//! Whether what stands behind a gateway is AI, told from what it refers to.

use super::super::grant;
use super::super::module::addresses_within;
use super::super::role::Words;
use super::super::service;
use super::super::view::View;
use crate::document::Value;
use std::collections::BTreeSet;

/// How many references away AI is looked for: from a route to its function, the function's role, the role's policy, the policy's text.
const STEPS: usize = 4;

/// How many resources are looked at for one gateway.
const RESOURCE_LIMIT: usize = 200;

/// Parts of addresses and names of the services that run models.
const MODEL_ADDRESSES: &[&str] = &[
    "runtime.sagemaker",
    "bedrock",
    "aiplatform.googleapis.com",
    "openai.azure.com",
    "api.openai.com",
    "api.anthropic.com",
];

/// Types whose role is theirs alone: what it may do is what they do.
const RUNS_CODE: &[&str] =
    &["aws_lambda_function", "aws_serverless_function", "aws_api_gateway_integration", "aws_apigatewayv2_integration"];

/// True when one of these resources uses a model, or leads to one that does.
pub fn is_ai<'m>(start: impl IntoIterator<Item = View<'m>>) -> bool {
    let mut ahead: Vec<View<'m>> = start.into_iter().collect();
    let mut seen = BTreeSet::new();
    for step in 0..=STEPS {
        let mut next = Vec::new();
        for view in ahead {
            if seen.len() > RESOURCE_LIMIT || !seen.insert(view.resource.address.to_string()) {
                continue;
            }
            // Other gateways, stages and deployments are met on the way; what stands behind them is not this one's.
            if service::is_ai(view.kind()) || (may_be_asked(view.kind(), step) && uses_model(view)) {
                return true;
            }
            if may_be_asked(view.kind(), step) {
                let referred = addresses_within(&view.resource.body);
                next.extend(referred.iter().filter_map(|address| Some(view.module.view(view.module.at(address)?))));
                if view.kind() == "aws_iam_role" {
                    next.extend(view.module.mentioning(&view.resource.address).map(|it| view.module.view(it)));
                }
            }
        }
        ahead = next;
    }
    false
}

/// What the way to a model leads through: code, and the rights of its role.
fn may_be_asked(kind: &str, step: usize) -> bool {
    step == 0 || RUNS_CODE.contains(&kind) || kind.starts_with("aws_iam_")
}

/// True when the resource itself names a model's address, holds a right to use one, or its variables speak of AI.
fn uses_model(view: View<'_>) -> bool {
    let mut found = false;
    view.resource.body.walk(20_000, &mut |node, entry| {
        let text = match &node.value {
            Value::Text(text) | Value::Expression(text) => &**text,
            _ => "",
        };
        let names_address =
            MODEL_ADDRESSES.iter().any(|part| text.contains(part)) && !view.kind().starts_with("aws_iam_");
        let key = entry.map_or("", |entry| &*entry.key);
        found |= names_address || (is_variable_of_code(view, key) && Words::of([key]).speak_of_ai());
    });
    let grants = grant::see(view, false);
    let gives = |given: &grant::Given| {
        given.grant.ai.value == Some(true) && given.grant.actions.value.as_deref().is_some_and(may_invoke)
    };
    found || grants.iter().any(gives)
}

/// True for the names of variables that code runs with.
fn is_variable_of_code(view: View<'_>, key: &str) -> bool {
    let variables = view.written("environment.variables");
    !key.is_empty() && variables.is_some_and(|variables| variables.has(key))
}

/// Actions by which a model answers, rather than those by which it is trained or looked at.
fn may_invoke(actions: &[String]) -> bool {
    actions.iter().any(|action| {
        let (service, name) = action.split_once(':').unwrap_or((action, ""));
        let answers = ["Invoke", "Converse", "Retrieve"].iter().any(|verb| name.starts_with(verb));
        answers || name == "*" || service.contains("FullAccess")
    })
}
