//! `pixi.toml`: packages of conda and of `PyPI` side by side.

use super::table;
use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::SourceFile;

/// The lock of pixi.
pub(super) const LOCKS: &[&str] = &["pixi.lock"];

/// Sees what one `pixi.toml` asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let list = List::of(Ecosystem::Conda, Some(false)).locked_by(package::locks(context.tree, &file.path, LOCKS));
    tables(&list, root, Group::Runtime, context, facts);
    for channel in root.at("workspace.channels").or_else(|| root.at("project.channels")).map_or(&[][..], Node::items) {
        let url = channel.text().or_else(|| channel.get("channel").and_then(Node::text));
        if let Some(url) = url.filter(|url| url.contains("://")) {
            package::add_index(url, "index", channel.span, facts);
        }
    }
}

/// The tables of dependencies of a workspace, its features and its platforms; in `pyproject.toml` those below `tool.pixi`.
pub(super) fn tables(list: &List, root: &Node, group: Group, context: &Context<'_>, facts: &mut Facts) {
    let pypi = list.for_ecosystem(Ecosystem::Pypi);
    // Features and platforms repeat the same tables one level down, each once.
    let mut parts = vec![(root, group)];
    for entry in root.get("feature").map_or(&[][..], Node::entries) {
        parts.push((&entry.node, Group::named(&entry.key, Group::Optional)));
    }
    for index in 0..parts.len() {
        let Some((part, group)) = parts.get(index).copied() else { break };
        parts.extend(part.get("target").map_or(&[][..], Node::entries).iter().map(|entry| (&entry.node, group)));
    }
    for (part, group) in parts {
        for (table, group) in
            [("dependencies", group), ("host-dependencies", Group::Build), ("build-dependencies", Group::Build)]
        {
            for entry in part.get(table).map_or(&[][..], Node::entries) {
                conda_package(list, entry, group, context, facts);
            }
        }
        for entry in part.get("pypi-dependencies").map_or(&[][..], Node::entries) {
            table::add(&pypi, entry, group, context, facts);
        }
    }
}

fn conda_package(list: &List, entry: &Entry, group: Group, context: &Context<'_>, facts: &mut Facts) {
    let version = entry.node.scalar().or_else(|| entry.node.get("version").and_then(Node::scalar));
    let Some(specifier) = version.filter(|_| !matches!(&*entry.key, "python" | "pip")) else { return };
    let at = entry.key_span.cover(entry.node.span);
    let pin = Some(package::pin_of_specifier(specifier));
    let asked = Asked { name: &entry.key, specifier, pin, hashed: false, group, at };
    package::add(list, &asked, context, facts);
}
