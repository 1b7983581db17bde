//! What a person has still to fill in: every entry of the register, with the keys whose value is only a placeholder.

use super::placeholder::is_placeholder;
use crate::document::{Node, Value};
use crate::fact::{Facts, Field, RegisterEntry};
use crate::table::Table;

/// Keys that name an entry, the best first.
const NAMES: &[&str] = &["name", "id", "rule", "clause", "system", "role"];

/// Keys that speak of what the repository has, which may be called anything: `docs/TODO.md`.
const QUOTED: &[&str] = &["name", "path", "subject", "system"];

/// One fact for each table of each `[[section]]`, whatever the section is called.
pub(super) fn read(root: &Table<'_>, facts: &mut Facts) {
    for (section, _, list) in root.entries() {
        for entry in list.items().iter().filter(|item| matches!(item.value, Value::Map(_))) {
            let name = NAMES.iter().find_map(|name| entry.get(name)?.text()).unwrap_or_default();
            let texts = entry.entries().iter().filter(|field| !QUOTED.contains(&&*field.key));
            let unfinished: Vec<_> = texts.filter(|field| field.node.text().is_some_and(is_placeholder)).collect();
            let review = entry.get("review-by").and_then(|node| Some((node.scalar()?, node.span)));
            let seen = RegisterEntry {
                section: Field::known(section),
                name: Field::known(name),
                unfinished: Field {
                    value: Some(unfinished.iter().map(|field| field.key.to_string()).collect()),
                    at: unfinished.first().map(|field| field.node.span),
                },
                system: Field::known(
                    entry
                        .get(if section == "system" { "name" } else { "system" })
                        .and_then(Node::text)
                        .unwrap_or_default(),
                ),
                review_by: review.map_or_else(|| Field::known(""), |(day, at)| Field::found(day, at)),
                status: Field::known(entry.get("status").and_then(Node::text).unwrap_or_default()),
            };
            let at = entry.entries().first().map_or(entry.span, |first| first.key_span);
            facts.add(format!("{section} {name}"), at, seen);
        }
    }
}
