//! Locks of Python: uv, Poetry, PDM, pipenv and the common form of PEP 751.

use super::{Entry, Packages, scalar};
use crate::document::Node;
use crate::extract::package::{Ecosystem, Group, normalise_pypi};
use std::collections::HashSet;

/// `uv.lock`. The members of the workspace are packages of it too, and name what they ask for.
pub(super) fn uv(root: &Node, packages: &mut Packages<'_>) {
    let all = || root.get("package").map_or(&[][..], Node::items).iter();
    let is_own = |package: &&Node| {
        let source = package.get("source");
        source.is_some_and(|source| ["editable", "virtual", "directory"].iter().any(|key| source.has(key)))
    };
    let mut direct = HashSet::new();
    for own in all().filter(is_own) {
        let tables = ["optional-dependencies", "dev-dependencies"];
        let lists = tables.iter().filter_map(|table| own.get(table)).flat_map(Node::entries).map(|entry| &entry.node);
        for list in own.get("dependencies").into_iter().chain(lists) {
            direct.extend(list.items().iter().filter_map(|item| item.get("name")?.text()));
        }
    }
    for package in all().filter(|package| !is_own(package)) {
        let Some((name, at)) = scalar(package, "name") else { continue };
        packages.add(&Entry {
            ecosystem: Ecosystem::Pypi,
            name,
            at,
            version: scalar(package, "version"),
            hashed: Some(has_hash(package, "sdist", "hash") || has_hash(package, "wheels", "hash")),
            direct: Some(direct.contains(name)),
            group: None,
        });
    }
}

/// `pylock.toml` and `pylock.NAME.toml`.
pub(super) fn pylock(root: &Node, packages: &mut Packages<'_>) {
    for package in root.get("packages").map_or(&[][..], Node::items) {
        let Some((name, at)) = scalar(package, "name") else { continue };
        let hashed = ["sdist", "wheels", "archive"].iter().any(|key| has_hash(package, key, "hashes"));
        packages.add(&Entry {
            ecosystem: Ecosystem::Pypi,
            name,
            at,
            version: scalar(package, "version"),
            hashed: Some(hashed),
            direct: None,
            group: None,
        });
    }
}

/// The part or one of the parts under `key` carries a checksum.
fn has_hash(package: &Node, key: &str, hash: &str) -> bool {
    package.get(key).map_or(&[][..], Node::one_or_many).iter().any(|part| part.has(hash))
}

/// `poetry.lock` and `pdm.lock`, whose older forms keep checksums at their end.
pub(super) fn poetry(root: &Node, packages: &mut Packages<'_>) {
    let metadata = root.at("metadata.files").or_else(|| root.at("metadata.hashes"));
    let hashed_apart: HashSet<String> = metadata
        .map_or(&[][..], Node::entries)
        .iter()
        .filter(|entry| !entry.node.items().is_empty())
        // PDM writes `name version`.
        .map(|entry| normalise_pypi(entry.key.split(' ').next().unwrap_or_default()))
        .collect();
    for package in root.get("package").map_or(&[][..], Node::items) {
        let Some((name, at)) = scalar(package, "name") else { continue };
        if package.get("path").is_some() || package.at("source.type").and_then(Node::text) == Some("directory") {
            continue;
        }
        let hashed = has_hash(package, "files", "hash") || hashed_apart.contains(&normalise_pypi(name));
        packages.add(&Entry {
            ecosystem: Ecosystem::Pypi,
            name,
            at,
            version: scalar(package, "version"),
            hashed: Some(hashed),
            direct: None,
            group: group_of(package),
        });
    }
}

/// A package that only groups for development need.
fn group_of(package: &Node) -> Option<Group> {
    let group = |name: &str| match name {
        "main" | "default" => Group::Runtime,
        name => Group::named(name, Group::Optional),
    };
    if let Some(category) = package.get("category").and_then(Node::text) {
        return Some(group(category));
    }
    let groups: Vec<Group> = package.get("groups")?.items().iter().filter_map(Node::text).map(group).collect();
    let first = *groups.first()?;
    Some(if groups.contains(&Group::Runtime) { Group::Runtime } else { first })
}

/// `Pipfile.lock`. Sections besides the two that every Pipfile has bear its own names.
pub(super) fn pipenv(root: &Node, packages: &mut Packages<'_>) {
    for section in root.entries().iter().filter(|section| &*section.key != "_meta") {
        let group = match &*section.key {
            "default" => Group::Runtime,
            name => Group::named(name, Group::Optional),
        };
        for entry in section.node.entries() {
            if entry.node.has("path") || entry.node.has("editable") && !entry.node.has("git") {
                continue;
            }
            let version = scalar(&entry.node, "version");
            packages.add(&Entry {
                ecosystem: Ecosystem::Pypi,
                name: &entry.key,
                at: entry.key_span,
                version: version.map(|(version, at)| (version.trim_start_matches('='), at)),
                hashed: Some(entry.node.get("hashes").is_some_and(|hashes| !hashes.items().is_empty())),
                direct: None,
                group: Some(group),
            });
        }
    }
}
