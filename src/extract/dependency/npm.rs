//! `package.json` of npm.

use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::SourceFile;

/// Lock files for a `package.json`.
const LOCKS: &[&str] =
    &["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"];

/// Sees what one `package.json` asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let is_private = root.get("private").and_then(Node::boolean) == Some(true);
    let can_be_installed = ["main", "module", "exports", "bin", "types", "files"].iter().any(|key| root.has(key));
    let published = !is_private && root.has("name") && root.has("version") && can_be_installed;
    let list = List::of(Ecosystem::Npm, Some(published)).locked_by(package::locks(context.tree, &file.path, LOCKS));
    let groups = [
        ("dependencies", Group::Runtime),
        ("devDependencies", Group::Development),
        ("optionalDependencies", Group::Optional),
        ("peerDependencies", Group::Optional),
    ];
    for (key, group) in groups {
        for entry in root.get(key).map_or(&[][..], Node::entries) {
            dependency(&list, entry, group, context, facts);
        }
    }
}

fn dependency(list: &List, entry: &Entry, group: Group, context: &Context<'_>, facts: &mut Facts) {
    let Some(specifier) = entry.node.text() else { return };
    if ["file:", "link:", "workspace:", "portal:", "./", "../", "/", "~/"]
        .iter()
        .any(|start| specifier.starts_with(start))
    {
        return;
    }
    let (name, version) = match specifier.strip_prefix("npm:") {
        // `npm:name@version`: installed under another name. A name may start with `@`.
        Some(alias) => match alias.rsplit_once('@') {
            Some((name, version)) if !name.is_empty() => (name, version),
            _ => (alias, ""),
        },
        None => (&*entry.key, specifier),
    };
    let is_address = version.contains("://") || version.contains('/') || version.starts_with("git@");
    let pin = if version.starts_with("catalog:") {
        None
    } else if is_address {
        Some(package::pin_of_location(&git_address(version)))
    } else {
        Some(package::pin_of_npm(version))
    };
    let asked = Asked { name, specifier, pin, hashed: false, group, at: entry.key_span.cover(entry.node.span) };
    package::add(list, &asked, context, facts);
}

/// npm's short forms `owner/name#revision` and `github:owner/name#revision` as an address of git.
fn git_address(specifier: &str) -> String {
    if specifier.starts_with("http") || specifier.starts_with("git") && specifier.contains("://") {
        return specifier.to_owned();
    }
    format!("git+https://{}", specifier.split_once(':').map_or(specifier, |(_, path)| path))
}
