//! The features of datasets of the hub, as cards list them and as the old `dataset_infos.json` did.

use super::field::Column;
use crate::document::{Entry, Node};
use crate::fact::Field;

/// Features of a card: a list of `{name, dtype}`, where `struct`, `list` and `sequence` hold further ones.
pub(in crate::extract) fn of_card(features: &Node) -> Vec<Column> {
    const HOLDERS: [&str; 3] = ["struct", "list", "sequence"];
    let mut columns = Vec::new();
    let mut ahead = vec![(String::new(), features)];
    while let Some((above, holder)) = ahead.pop() {
        // `list: {struct: [...]}`: what holds features may be held itself.
        ahead.extend(HOLDERS.iter().filter_map(|key| holder.get(key)).map(|inner| (above.clone(), inner)));
        for feature in holder.items() {
            let Some((name, at)) = feature.get("name").and_then(|node| Some((node.scalar()?, node.span))) else {
                continue;
            };
            let name = below(&above, name);
            ahead.extend(HOLDERS.iter().filter_map(|key| feature.get(key)).map(|inner| (name.clone(), inner)));
            columns.push(Column { name, at, data_type: data_type(feature, "dtype"), ..Column::default() });
        }
    }
    columns
}

/// Features of `dataset_infos.json`: a map from name to feature. A feature with `_type` is a value or holds another one; a map
/// without it is a structure of features, a list one of many.
pub(super) fn of_infos(features: &Node) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut ahead = vec![(String::new(), features)];
    while let Some((above, structure)) = ahead.pop() {
        for Entry { key, key_span, node } in structure.entries() {
            let name = below(&above, key);
            columns.push(Column {
                name: name.clone(),
                at: *key_span,
                data_type: data_type(node, "dtype"),
                ..Column::default()
            });
            ahead.extend(structure_within(node).map(|inner| (name, inner)));
        }
    }
    columns
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

fn data_type(feature: &Node, key: &str) -> Field<String> {
    let found = feature.get(key).and_then(|node| Some((node.scalar()?, node.span)));
    found.map_or_else(Field::default, |(text, at)| Field::found(text, at))
}

fn below(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}
