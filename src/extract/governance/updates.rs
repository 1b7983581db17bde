//! Bots that propose updates: Dependabot and Renovate.

use super::scalar;
use crate::document::Node;
use crate::fact::{Facts, Field, UpdateBot};
use crate::source::Span;

/// Sees each ecosystem that Dependabot watches, once for each folder.
pub(super) fn dependabot(root: &Node, facts: &mut Facts) {
    for update in root.get("updates").map(Node::items).unwrap_or_default() {
        let Some((ecosystem, at)) = scalar(update, "package-ecosystem") else { continue };
        let folders = ["directory", "directories"].iter().filter_map(|key| update.get(key)).flat_map(Node::one_or_many);
        let mut folders: Vec<Field<String>> =
            folders.filter_map(|node| Some(Field::found(node.scalar()?, node.span))).collect();
        if folders.is_empty() {
            folders.push(Field::known(""));
        }
        let interval = update.at("schedule.interval").and_then(|node| Some(Field::found(node.scalar()?, node.span)));
        for directory in folders {
            let subject = format!("dependabot {ecosystem} {}", directory.value.as_deref().unwrap_or_default());
            let seen = UpdateBot {
                name: "dependabot".into(),
                ecosystem: Field::found(ecosystem, at),
                directory,
                interval: interval.clone().unwrap_or_else(|| Field::known("")),
            };
            facts.add(subject, at, seen);
        }
    }
}

/// Renovate watches every ecosystem that it finds, unless the settings list some or turn it off.
pub(super) fn renovate(root: &Node, source: &str, facts: &mut Facts) {
    if root.get("enabled").and_then(Node::boolean) == Some(false) {
        return;
    }
    let first_line = root.span.text(source).lines().next().unwrap_or_default();
    let whole = Span::new(root.span.start, root.span.start + first_line.len());
    let managers = root.get("enabledManagers").map(Node::items).unwrap_or_default();
    let mut ecosystems: Vec<(&str, Span)> =
        managers.iter().filter_map(|node| Some((node.scalar()?, node.span))).collect();
    if ecosystems.is_empty() {
        ecosystems.push(("*", whole));
    }
    let schedule = root.get("schedule").map(Node::one_or_many).unwrap_or_default().first();
    let interval = schedule.and_then(|node| Some(Field::found(node.scalar()?, node.span)));
    for (ecosystem, at) in ecosystems {
        let seen = UpdateBot {
            name: "renovate".into(),
            ecosystem: Field::found(ecosystem, at),
            directory: "/".into(),
            interval: interval.clone().unwrap_or_else(|| Field::known("")),
        };
        facts.add(format!("renovate {ecosystem}"), at, seen);
    }
}
