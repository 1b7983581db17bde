//! What a person has still to fill in: every entry of the register, with the keys whose value is only a marker.

use crate::document::{Node, Value};
use crate::fact::{Facts, Field, RegisterEntry};
use crate::table::Table;

/// Keys that name an entry, the best first.
const NAMES: &[&str] = &["name", "id", "rule"];

/// Words that stand for what is yet to be written, when a value begins with one in capital letters or is nothing else.
const MARKERS: &[&str] = &["TODO", "TBD", "TBA", "FIXME", "XXX", "CHANGEME"];

/// One fact for each table of each `[[section]]`, whatever the section is called.
pub fn read(root: &Table<'_>, facts: &mut Facts) {
    for (section, _, list) in root.entries() {
        for entry in list.items().iter().filter(|item| matches!(item.value, Value::Map(_))) {
            let named = NAMES.iter().find_map(|name| entry.get(name)?.text());
            let marked: Vec<_> = entry.entries().iter().filter(|field| is_marked(&field.node)).collect();
            let seen = RegisterEntry {
                section: Field::known(section),
                name: Field::known(named.unwrap_or_default()),
                unfinished: Field {
                    value: Some(marked.iter().map(|field| field.key.to_string()).collect()),
                    at: marked.first().map(|field| field.node.span),
                },
            };
            let at = entry.entries().first().map_or(entry.span, |first| first.key_span);
            facts.add(format!("{section} {}", named.unwrap_or_default()), at, seen);
        }
    }
}

/// A marker stands in the value, or in what it holds.
fn is_marked(value: &Node) -> bool {
    let mut waiting = vec![value];
    while let Some(node) = waiting.pop() {
        if node.text().is_some_and(is_marker) {
            return true;
        }
        waiting.extend(node.items());
        waiting.extend(node.entries().iter().map(|entry| &entry.node));
    }
    false
}

fn is_marker(text: &str) -> bool {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let first = text.split_at(end).0;
    let alone = MARKERS.iter().any(|marker| marker.eq_ignore_ascii_case(text));
    let in_brackets =
        text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).is_some_and(|name| !name.contains('@'));
    alone || MARKERS.contains(&first) || in_brackets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_told_from_what_people_write() {
        for marked in ["TODO", "todo", "TODO: who answers for it", " TBD ", "TBD, see SEC-1", "<owner>", "FIXME(anna)"]
        {
            assert!(is_marker(marked), "{marked}");
        }
        for written in
            ["", "Todo lists for nurses", "Team TODO", "TODOS", "Anna <anna@example.org>", "<anna@example.org>"]
        {
            assert!(!is_marker(written), "{written}");
        }
    }
}
