//! Facts from files of parameters: `hyperparameter`.

use crate::document::{DEPTH_LIMIT, Document, Node};
use crate::fact::{Facts, Field, Hyperparameter};

/// How many parameters of one file are seen: what holds more is data.
const LIMIT: usize = 2_000;

/// Sees each value of the file under its full name.
pub fn extract(parsed: &Document, facts: &mut Facts) {
    for root in &parsed.roots {
        see(root, &mut Vec::new(), facts);
    }
}

fn see<'a>(node: &'a Node, names: &mut Vec<&'a str>, facts: &mut Facts) {
    for entry in node.entries() {
        if names.len() >= DEPTH_LIMIT || facts.all.len() >= LIMIT {
            return;
        }
        names.push(&entry.key);
        if entry.node.entries().is_empty() {
            let name = names.join(".");
            let value = written(&entry.node).map_or_else(Field::default, |value| Field::found(value, entry.node.span));
            facts.add(name.clone(), entry.key_span.cover(entry.node.span), Hyperparameter { name: name.into(), value });
        } else {
            see(&entry.node, names, facts);
        }
        names.pop();
    }
}

/// The value as it is compared; `None` for what has no form of its own.
fn written(node: &Node) -> Option<String> {
    if let Some(scalar) = node.scalar() {
        return Some(scalar.to_owned());
    }
    let items: Option<Vec<&str>> = node.items().iter().map(Node::scalar).collect();
    items.map(|items| format!("[{}]", items.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{FileKind, Parsed, Syntax};

    #[test]
    fn parameters_have_their_full_names() {
        let text = "seed: 7\r\ntrain:\n  lr: 0.1 # slow\n  layers: [2, 4]\n  nested: [{a: 1}]\n  empty: {}\n";
        let mut facts = Facts::of(&"params.yaml".into());
        let Parsed::Tree(parsed) = crate::parse::parse(FileKind::Parameters(Syntax::Yaml), text) else { panic!() };
        extract(&parsed, &mut facts);
        let rows: Vec<String> =
            facts.all.iter().map(|fact| format!("{}={}", fact.text("name"), fact.text("value"))).collect();
        assert_eq!(rows, ["seed=7", "train.lr=0.1", "train.layers=[2, 4]", "train.nested=unknown", "train.empty=[]"]);
        assert_eq!(facts.all[1].at.span().unwrap().text(text), "lr: 0.1");
    }
}
