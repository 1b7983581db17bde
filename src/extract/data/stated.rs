//! What a description states under a key: text, lists, flags and statements, each with its place.

use crate::document::{Node, Value};
use crate::extract::card::quality;
use crate::fact::{Choice, Field};

/// The text at a path of keys. `''` when nothing stands there, unknown for what only a template would resolve.
pub(super) fn text(node: &Node, path: &str) -> Field<String> {
    let Some(found) = node.at(path) else { return Field::known("") };
    match found.scalar() {
        Some(text) if !is_template(text) => Field::found(text.trim(), found.span),
        None if matches!(found.value, Value::Null) => Field::found("", found.span),
        _ => Field::unresolved(found.span),
    }
}

/// The texts at a path of keys, a single one counting as a list; empty when nothing stands there.
pub(super) fn texts(node: &Node, path: &str) -> Field<Vec<String>> {
    let Some(found) = node.at(path) else { return Field::known(Vec::new()) };
    let texts = found.one_or_many().iter().filter_map(Node::scalar);
    Field::found(texts.map(str::to_owned).collect::<Vec<_>>(), found.span)
}

/// How much the text at a path of keys says.
pub(super) fn statement(node: &Node, path: &str) -> Field<Choice> {
    let stated = text(node, path);
    match (stated.value, stated.at) {
        (None, at) => Field { value: None, at },
        (Some(_), None) => Field::known(Choice("missing")),
        (Some(text), Some(at)) => Field::found(Choice(quality::judge(&text, 0, false).name()), at),
    }
}

/// A flag under the first of these keys that is there; unknown when none is.
pub(super) fn flag(node: &Node, keys: &[&str]) -> Field<bool> {
    let Some(found) = keys.iter().find_map(|key| node.get(key)) else { return Field::default() };
    Field { value: found.boolean(), at: Some(found.span) }
}

/// The first that says something; else one that is unknown; else `''`, at the place of a key that was left empty.
pub(super) fn first_of(fields: impl IntoIterator<Item = Field<String>>) -> Field<String> {
    let mut weakest = Field::known("");
    for field in fields {
        match field.value.as_deref() {
            Some("") if field.at.is_some() && weakest.at.is_none() => weakest = field,
            Some("") => {}
            None => weakest = field,
            Some(_) => return field,
        }
    }
    weakest
}

/// Words that say that data is kept for ever.
pub(super) fn is_for_ever(period: &str) -> bool {
    const FOR_EVER: &[&str] = &[
        "unlimited",
        "forever",
        "for ever",
        "indefinite",
        "indefinitely",
        "infinite",
        "permanent",
        "never",
        "none",
        "-1",
    ];
    FOR_EVER.contains(&period.trim().to_ascii_lowercase().as_str())
}

fn is_template(text: &str) -> bool {
    (text.contains("{{") && text.contains("}}")) || (text.contains("${") && text.contains('}'))
}
