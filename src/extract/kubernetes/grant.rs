//! Rights that Kubernetes roles and bindings give.

use super::{kind, name};
use crate::document::Node;
use crate::fact::{Facts, Field, Grant};

/// Rights that a role lists, or that a binding gives by name.
pub(super) fn add(object: &Node, facts: &mut Facts) {
    let (kind, name) = (kind(object), name(object));
    let grant = match kind {
        "Role" | "ClusterRole" => role(object),
        "RoleBinding" | "ClusterRoleBinding" => binding(object, kind == "ClusterRoleBinding"),
        _ => return,
    };
    let at = object.at("metadata.name").map_or(object.span, |name| name.span);
    let Some(mut grant) = grant else { return };
    grant.name = name.into();
    grant.provider = "kubernetes".into();
    facts.add(format!("{kind}/{name}"), at, grant);
}

fn role(object: &Node) -> Option<Grant> {
    let rules = object.get("rules")?.items();
    let texts = |rule: &Node, key: &str| -> Vec<String> {
        let items = rule.get(key).map(Node::items).unwrap_or_default();
        items.iter().filter_map(|item| item.scalar().map(str::to_owned)).collect()
    };
    let everything = |texts: &[String]| texts.iter().any(|text| text == "*");
    let mut grant = Grant { ai: Field::default(), full_access_role: "".into(), ..Grant::default() };
    let (mut actions, mut resources) = (Vec::new(), Vec::new());
    let (mut any_action, mut any_resource) = (Field::known(false), Field::known(false));
    for rule in rules {
        let (verbs, kinds, groups) = (texts(rule, "verbs"), texts(rule, "resources"), texts(rule, "apiGroups"));
        let all_verbs = everything(&verbs);
        // Every resource of one group of one's own is no power over the cluster.
        let all_resources = everything(&kinds) && everything(&groups);
        // Only together, in one rule, they give every right on everything: that rule outweighs the others.
        let decided = any_action.value == Some(true) && any_resource.value == Some(true);
        if all_verbs && all_resources {
            (any_action, any_resource) = (Field::found(true, rule.span), Field::found(true, rule.span));
        } else if all_verbs && !decided {
            (any_action, any_resource) = (Field::found(true, rule.span), Field::known(false));
        }
        for text in verbs {
            if !actions.contains(&text) && actions.len() < LISTED {
                actions.push(text);
            }
        }
        for text in kinds {
            if !resources.contains(&text) && resources.len() < LISTED {
                resources.push(text);
            }
        }
    }
    grant.actions = actions.into();
    grant.resources = resources.into();
    grant.any_action = any_action;
    grant.any_resource = any_resource;
    Some(grant)
}

/// How many actions and resources of a role are listed.
const LISTED: usize = 64;

fn binding(object: &Node, everywhere: bool) -> Option<Grant> {
    let role = object.at("roleRef.name")?;
    let name = role.scalar()?;
    let full = name == "cluster-admin";
    let at = |value: bool| Field::found(value, role.span);
    Some(Grant {
        actions: Field::found(vec![name.to_owned()], role.span),
        resources: Vec::new().into(),
        any_action: at(full),
        any_resource: at(full && everywhere),
        full_access_role: if full { Field::found(name, role.span) } else { "".into() },
        ..Grant::default()
    })
}
