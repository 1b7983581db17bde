//! `environment.yml` of conda, with the list for pip within it.

use crate::document::Node;
use crate::document::packages::PackageList;
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::{SourceFile, file_name};
use crate::tree::Tree;
use std::sync::Arc;

/// Lock files for a conda environment.
const LOCKS: &[&str] = &["conda-lock.yml", "conda-lock.yaml", "pixi.lock"];

/// Sees what one environment asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let list = List::of(Ecosystem::Conda, Some(false)).locked_by(locks(context.tree, &file.path));
    let group = Group::named(file.name(), Group::Runtime);
    for item in root.get("dependencies").map_or(&[][..], Node::items) {
        if let Some(lines) = item.get("pip") {
            let mut packages = PackageList::default();
            for line in lines.items() {
                packages.add_line(line.scalar().unwrap_or_default(), &|_| line.span);
            }
            package::add_all(&list.for_ecosystem(Ecosystem::Pypi), &packages, group, context, facts);
        } else if let Some(text) = item.text() {
            let (name, specifier) = name_and_specifier(text);
            if matches!(name, "python" | "pip") {
                continue;
            }
            let asked = Asked {
                name,
                specifier,
                pin: Some(package::pin_of_specifier(specifier)),
                hashed: false,
                group,
                at: item.span,
            };
            package::add(&list, &asked, context, facts);
        }
    }
    for channel in root.get("channels").map_or(&[][..], Node::items) {
        if let Some(url) = channel.text().filter(|text| text.contains("://")) {
            package::add_index(url, "index", channel.span, facts);
        }
    }
}

/// `channel::name=1.2=build`, `name==1.2`, `name >=1`, `name 1.2`: the name and the specifier.
fn name_and_specifier(text: &str) -> (&str, &str) {
    let text = text.rsplit("::").next().unwrap_or_default().trim();
    let end =
        text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '<' | '>' | '!' | '~' | '[')).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (name, rest.trim())
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = file_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn locks(tree: &Tree, path: &str) -> Vec<Arc<str>> {
    let mut found = package::locks(tree, path, LOCKS);
    found.extend(package::beside(tree, path, "conda-", ".lock").cloned());
    found.extend(tree.beside(path, &format!("{}.conda-lock.yml", stem(path))).cloned());
    found
}
