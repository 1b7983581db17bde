//! Secrets that are written out in infrastructure: settings of resources, variables of programs, and defaults of parameters.

use crate::document::{Document, Entry, Node, Value};
use crate::extract::environment::Given;
use crate::extract::secret::{self, is_secret_name};
use crate::fact::Facts;

/// How many nodes of one file are looked at.
const NODE_LIMIT: usize = 200_000;

/// Names under which a parameter keeps what it is when nobody gives it: Terraform and Bicep, `CloudFormation`, ARM.
const DEFAULTS: &[&str] = &["default", "Default", "defaultValue"];

/// Names that a provider gives to marks by which it knows a request or a thing again.
const MARKS: &[&str] = &["creation_token", "CreationToken", "client_token", "ClientToken", "ClientRequestToken"];

/// Sees the secrets of one file, whatever its syntax.
pub fn see(document: &Document, facts: &mut Facts) {
    for root in &document.roots {
        root.walk(NODE_LIMIT, &mut |node, entry| {
            if let Some((name, value)) = entry.and_then(by_its_key).or_else(|| by_its_name(node)) {
                let Some(text) = written(value) else { return };
                secret::add(name, name, text, value.span, "configuration", facts);
            }
        });
    }
}

/// `password = "…"`, and the default of a parameter that is named so.
fn by_its_key(entry: &Entry) -> Option<(&str, &Node)> {
    if !is_secret_name(&entry.key) || MARKS.contains(&&*entry.key) {
        return None;
    }
    let default = DEFAULTS.iter().find_map(|key| entry.node.get(key));
    Some((&*entry.key, default.unwrap_or(&entry.node)))
}

/// `{ name = "API_KEY", value = "…" }`, as containers are given their variables.
fn by_its_name(node: &Node) -> Option<(&str, &Node)> {
    let name = node.get("name").or_else(|| node.get("Name"))?.text()?;
    let value = node.get("value").or_else(|| node.get("Value"))?;
    is_secret_name(name).then_some((name, value))
}

/// The text of a value that stands here and is not computed; `[…]` is an expression of ARM.
fn written(value: &Node) -> Option<&str> {
    let Value::Text(text) = &value.value else { return None };
    let is_computed = text.starts_with('[') || !matches!(Given::written(text), Given::Literal(_));
    (!is_computed).then_some(text)
}
