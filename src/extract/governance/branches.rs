//! Rules of branches that are kept as files: the settings app's `.github/settings.yml`, exported rule sets of GitHub.

use super::scalar;
use crate::document::Node;
use crate::fact::{BranchRule, Facts, Field};

/// Sees the branches that the settings app protects.
pub(super) fn settings(root: &Node, facts: &mut Facts) {
    for branch in root.get("branches").map(Node::items).unwrap_or_default() {
        let Some((name, at)) = scalar(branch, "name") else { continue };
        let Some(protection) = branch.get("protection") else { continue };
        let reviews = protection.get("required_pull_request_reviews").filter(|node| !node.entries().is_empty());
        let approvals = reviews.map(|reviews| reviews.get("required_approving_review_count"));
        let checks = protection.at("required_status_checks.contexts").map(Node::items).unwrap_or_default();
        let seen = BranchRule {
            branch: Field::found(name, at),
            pull_request: Field { value: Some(reviews.is_some()), at: reviews.map(|node| node.span) },
            approvals: match approvals {
                Some(Some(count)) => {
                    Field { value: count.scalar().and_then(|text| text.parse().ok()), at: Some(count.span) }
                }
                // GitHub asks for one approval when reviews are required and no number is given.
                Some(None) => Field::known(1),
                None => Field::known(0),
            },
            owner_review: flag(reviews.and_then(|reviews| reviews.get("require_code_owner_reviews"))),
            checks: Field::known(checks.iter().filter_map(Node::scalar).map(str::to_owned).collect::<Vec<_>>()),
            admins: flag(protection.get("enforce_admins")),
        };
        facts.add(name, at, seen);
    }
}

/// Sees a rule set for branches that is in force.
pub(super) fn rule_set(root: &Node, facts: &mut Facts) {
    let (Some(rules), Some((name, at))) = (root.get("rules"), scalar(root, "name")) else { return };
    let is_active = scalar(root, "enforcement").is_none_or(|(enforcement, _)| enforcement == "active");
    let is_for_branches = scalar(root, "target").is_none_or(|(target, _)| target == "branch");
    if !is_active || !is_for_branches {
        return;
    }
    let rule =
        |kind: &str| rules.items().iter().find(|rule| scalar(rule, "type").is_some_and(|(found, _)| found == kind));
    let reviews = rule("pull_request");
    let parameters = reviews.and_then(|rule| rule.get("parameters"));
    let count = parameters.and_then(|parameters| parameters.get("required_approving_review_count"));
    let checks = rule("required_status_checks").and_then(|rule| rule.at("parameters.required_status_checks"));
    let checks = checks.map(Node::items).unwrap_or_default().iter().filter_map(|check| scalar(check, "context"));
    let branches = root.at("conditions.ref_name.include").map(Node::items).unwrap_or_default();
    let bypass = root.get("bypass_actors").map(Node::items);
    let seen = BranchRule {
        branch: Field::known(branches.iter().filter_map(Node::scalar).collect::<Vec<_>>().join(", ")),
        pull_request: Field::known(reviews.is_some()),
        approvals: match count {
            Some(count) => Field { value: count.scalar().and_then(|text| text.parse().ok()), at: Some(count.span) },
            None => Field::known(0),
        },
        owner_review: flag(parameters.and_then(|parameters| parameters.get("require_code_owner_review"))),
        checks: Field::known(checks.map(|(context, _)| context.to_owned()).collect::<Vec<_>>()),
        // An exported set lists everybody who may pass it by.
        admins: Field { value: bypass.map(<[Node]>::is_empty), at: None },
    };
    facts.add(name, at, seen);
}

/// What is not switched on is off.
fn flag(node: Option<&Node>) -> Field<bool> {
    match node {
        Some(node) => Field { value: node.boolean(), at: Some(node.span) },
        None => Field::known(false),
    }
}
