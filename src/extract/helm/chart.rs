//! `Chart.yaml` of Helm: the charts that a chart takes over, and where they come from.

use super::super::Context;
use super::super::package::{self, Asked, Ecosystem, Group, List};
use crate::document::{Document, Node};
use crate::fact::Facts;
use crate::source::SourceFile;

/// The file that fixes what `dependencies` leave open.
const LOCKS: &[&str] = &["Chart.lock", "requirements.lock"];

/// Sees which charts it takes over.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let locks: Vec<_> = LOCKS.iter().filter_map(|name| context.tree.beside(&file.path, name).cloned()).collect();
    let list = List::of(Ecosystem::Helm, Some(false)).locked_by(locks);
    for entry in root.get("dependencies").map(Node::items).unwrap_or_default() {
        let repository = entry.get("repository");
        let address = repository.and_then(Node::text).unwrap_or_default();
        // A chart of the same repository brings nothing in from outside.
        if address.starts_with("file:") || (address.is_empty() && entry.get("version").is_none()) {
            continue;
        }
        let Some(name) = entry.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty())) else {
            continue;
        };
        let version = entry.get("version");
        let specifier = version.and_then(Node::scalar).unwrap_or_default();
        let asked = Asked {
            name: name.text().unwrap_or_default(),
            specifier,
            // Versions of charts are written as npm's.
            pin: (!specifier.contains('{')).then(|| package::pin_of_npm(specifier)),
            hashed: false,
            group: Group::Runtime,
            at: version.unwrap_or(name).span,
        };
        package::add(&list, &asked, context, facts);
        if let Some(node) = repository.filter(|_| address.contains("://")) {
            package::add_index(address, "index", node.span, facts);
        }
    }
}
