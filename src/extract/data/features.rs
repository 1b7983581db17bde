//! The features of datasets of the hub, as cards list them and as the old `dataset_infos.json` did.

use super::field::{Column, gather};
use crate::document::{Entry, Node};
use crate::fact::Field;
use crate::source::Span;

/// Features of a card: a list of `{name, dtype}`, where `struct`, `list` and `sequence` hold further ones.
pub(in crate::extract) fn of_card(features: &Node) -> Vec<Column> {
    fn held(feature: &Node) -> impl Iterator<Item = &Node> {
        ["struct", "list", "sequence"].into_iter().filter_map(|key| feature.get(key))
    }
    gather(features, Field::default(), |holder, found| {
        // `list: {struct: [...]}`: what holds features may be held itself.
        for inner in held(holder.node) {
            found.look_into(holder.through(inner));
        }
        for feature in holder.node.items() {
            if let Some((name, at)) = feature.get("name").and_then(|node| Some((node.scalar()?, node.span))) {
                found.add(holder, column(name, at, feature), held(feature));
            }
        }
    })
}

/// Features of `dataset_infos.json`: a map from name to feature. A feature with `_type` is a value or holds another one; a map
/// without it is a structure of features, a list one of many.
pub(super) fn of_infos(features: &Node) -> Vec<Column> {
    gather(features, Field::default(), |holder, found| {
        for Entry { key, key_span, node } in holder.node.entries() {
            found.add(holder, column(key, *key_span, node), structure_within(node));
        }
    })
}

fn column(name: &str, at: Span, feature: &Node) -> Column {
    let data_type = feature.get("dtype").and_then(|node| Some((node.scalar()?, node.span)));
    let data_type = data_type.map_or_else(Field::default, |(text, at)| Field::found(text, at));
    Column { name: name.to_owned(), at, data_type, ..Column::default() }
}

fn structure_within(feature: &Node) -> Option<&Node> {
    let mut inner = feature;
    loop {
        let is_typed = inner.get("_type").and_then(Node::text).is_some();
        match (inner.items().first(), inner.get("feature")) {
            (Some(item), _) => inner = item,
            (None, Some(held)) if is_typed => inner = held,
            _ => return (!is_typed && !inner.entries().is_empty()).then_some(inner),
        }
    }
}
