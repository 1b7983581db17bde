//! Whom a role of AWS trusts: one that `SageMaker` or Bedrock takes on is a role of AI, whatever it is called.

use super::module::addresses;
use super::view::View;
use crate::document::{Node, Value};

/// Services of AWS that train models or run them.
const AI_SERVICES: &[&str] = &[
    "sagemaker.amazonaws.com",
    "bedrock.amazonaws.com",
    "bedrock-agentcore.amazonaws.com",
    "comprehend.amazonaws.com",
];

/// How many nodes of one trust policy are looked through.
const NODE_LIMIT: usize = 1_000;

/// The role itself, or the one that a policy or attachment names, is taken on by a service of AI.
pub fn is_of_ai(view: View<'_>) -> bool {
    if view.kind() == "aws_iam_role" {
        return trusts_ai(view);
    }
    let role = view.refers_to("role").and_then(|address| view.module.at(&address));
    role.is_some_and(|role| trusts_ai(view.module.view(role)))
}

fn trusts_ai(role: View<'_>) -> bool {
    let policies = ["assume_role_policy", "assume_role_policy_document"];
    policies.iter().filter_map(|path| role.written(path)).any(|policy| match &policy.value {
        // `data.aws_iam_policy_document.trust.json`
        Value::Expression(source) => {
            addresses(source).filter_map(|address| role.module.at(&address)).any(|it| names_ai(&it.body))
        }
        _ => names_ai(policy),
    })
}

fn names_ai(policy: &Node) -> bool {
    let mut found = false;
    policy.walk(NODE_LIMIT, &mut |node, _| found |= node.text().is_some_and(|text| AI_SERVICES.contains(&text)));
    found
}
