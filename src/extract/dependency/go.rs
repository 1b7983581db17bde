//! `go.mod` of Go. Versions in it are always exact, and the tools put down there what modules need in turn as well.

use crate::document::Node;
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::{Choice, Facts};
use crate::source::SourceFile;
use std::collections::HashMap;

/// Sees what one module requires.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    // `go.sum` holds a checksum for every module that the build can ask for.
    let summed = context.tree.beside(&file.path, "go.sum").is_some();
    let replaced = replacements(root);
    for entry in root.entries().iter().filter(|entry| &*entry.key == "require") {
        let [path, version, comment @ ..] = entry.node.items() else { continue };
        let (Some(path_text), Some(version_text)) = (path.text(), version.text()) else { continue };
        let indirect = comment.iter().filter_map(Node::text).any(|it| it.trim_start_matches('/').trim() == "indirect");
        let (name, specifier) = match replaced.get(path_text) {
            // Another folder of the project stands in for it.
            Some((other, "")) if is_folder(other) => continue,
            Some((other, version)) => (*other, *version),
            None => (path_text, version_text),
        };
        let list = List { locked: Some(summed), direct: Some(!indirect), ..List::of(Ecosystem::Go, None) };
        let asked = Asked {
            name,
            specifier,
            pin: Some(Choice("exact")),
            hashed: summed,
            group: Group::Runtime,
            at: path.span.cover(version.span),
        };
        package::add(&list, &asked, context, facts);
    }
}

/// Modules that stand in for others: `replace old => new v1.2.3`, by the name of the old one.
fn replacements(root: &Node) -> HashMap<&str, (&str, &str)> {
    let mut found = HashMap::new();
    for entry in root.entries().iter().filter(|entry| &*entry.key == "replace") {
        let mut words = entry.node.items().iter().filter_map(Node::text).take_while(|word| !word.starts_with("//"));
        let Some(old) = words.next() else { continue };
        // The old one may be named with a version; the arrow parts it from the new one.
        let mut words = words.skip_while(|word| *word != "=>").skip(1);
        if let Some(new) = words.next() {
            found.insert(old, (new, words.next().unwrap_or_default()));
        }
    }
    found
}

fn is_folder(path: &str) -> bool {
    path.starts_with(['.', '/'])
}
