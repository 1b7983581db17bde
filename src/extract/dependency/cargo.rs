//! `Cargo.toml` of Rust.

use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::{Choice, Facts};
use crate::source::SourceFile;

/// The tables of dependencies, of a package, of a target or of the workspace.
const TABLES: &[(&str, Group)] =
    &[("dependencies", Group::Runtime), ("dev-dependencies", Group::Development), ("build-dependencies", Group::Build)];

/// Sees what one `Cargo.toml` asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let locks = package::locks(context.tree, &file.path, &["Cargo.lock"]);
    let list = List::of(Ecosystem::Crates, is_published(file, root, context)).locked_by(locks);
    let targets = root.get("target").map_or(&[][..], Node::entries).iter().map(|entry| &entry.node);
    for part in [Some(root), root.get("workspace")].into_iter().flatten().chain(targets) {
        for (table, group) in TABLES {
            for entry in part.get(table).map_or(&[][..], Node::entries) {
                dependency(&list, entry, *group, context, facts);
            }
        }
    }
}

fn dependency(list: &List, entry: &Entry, group: Group, context: &Context<'_>, facts: &mut Facts) {
    let text = |key: &str| entry.node.get(key).and_then(Node::text);
    let name = text("package").unwrap_or(&entry.key);
    let at = entry.key_span.cover(entry.node.span);
    let group = match entry.node.get("optional").and_then(Node::boolean) {
        Some(true) => Group::Optional,
        _ => group,
    };
    let location = text("git").map(|repository| {
        let revision = ["rev", "tag", "branch"].iter().find_map(|key| text(key));
        format!("git+{repository}{}", revision.map(|it| format!("@{it}")).unwrap_or_default())
    });
    let version = entry.node.text().or_else(|| text("version"));
    // What the workspace or a folder gives brings nothing in from outside.
    let (specifier, pin) = match (&location, version) {
        (Some(location), _) => (location.as_str(), package::pin_of_location(location)),
        (None, Some(version)) => (version, pin_of_cargo(version)),
        (None, None) => return,
    };
    let asked = Asked { name, specifier, pin: Some(pin), hashed: false, group, at };
    package::add(list, &asked, context, facts);
}

/// A bare version of Cargo is the least one of a range.
fn pin_of_cargo(version: &str) -> Choice {
    match version.trim() {
        "" | "*" => Choice("none"),
        version if version.starts_with('=') && !version.contains([',', '*']) => Choice("exact"),
        _ => Choice("range"),
    }
}

/// A library that may be published; a program's versions are fixed by its lock.
fn is_published(file: &SourceFile, root: &Node, context: &Context<'_>) -> Option<bool> {
    let Some(package) = root.get("package") else { return Some(false) };
    if package.get("publish").and_then(Node::boolean) == Some(false) {
        return Some(false);
    }
    let is_library = root.has("lib") || context.tree.beside(&file.path, "src/lib.rs").is_some();
    // A program can be published too, and is installed without its lock unless that is asked for.
    if is_library { Some(true) } else { None }
}
