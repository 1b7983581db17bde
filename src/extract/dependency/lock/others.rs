//! Locks of Cargo, `NuGet` and Gradle.

use super::{Entry, Packages, scalar};
use crate::document::Node;
use crate::extract::package::{Ecosystem, Group};
use std::collections::HashSet;

/// `Cargo.lock`: packages without a source are those of the workspace.
pub(super) fn cargo(root: &Node, packages: &mut Packages<'_>) {
    let all = || root.get("package").map_or(&[][..], Node::items).iter();
    let own = all().filter(|package| !package.has("source"));
    let asked = own.filter_map(|package| package.get("dependencies")).flat_map(Node::items).filter_map(Node::text);
    // Where a name has several versions, the version stands behind it.
    let direct: HashSet<&str> = asked.filter_map(|text| text.split(' ').next()).collect();
    for package in all().filter(|package| package.has("source")) {
        let Some((name, at)) = scalar(package, "name") else { continue };
        packages.add(&Entry {
            ecosystem: Ecosystem::Crates,
            name,
            at,
            version: scalar(package, "version"),
            hashed: Some(package.has("checksum")),
            direct: Some(direct.contains(name)),
            group: None,
        });
    }
}

/// `packages.lock.json`, with a table for each framework.
pub(super) fn nuget(root: &Node, packages: &mut Packages<'_>) {
    for framework in root.get("dependencies").map_or(&[][..], Node::entries) {
        for entry in framework.node.entries() {
            let direct = match entry.node.get("type").and_then(Node::text) {
                Some("Project") => continue,
                Some("Direct") => Some(true),
                Some("Transitive" | "CentralTransitive") => Some(false),
                _ => None,
            };
            packages.add(&Entry {
                ecosystem: Ecosystem::Nuget,
                name: &entry.key,
                at: entry.key_span,
                version: scalar(&entry.node, "resolved"),
                hashed: Some(entry.node.has("contentHash")),
                direct,
                group: None,
            });
        }
    }
}

/// `gradle.lockfile`: `group:name:version=configurations`. Checksums, where there are any, are in another file.
pub(super) fn gradle(root: &Node, packages: &mut Packages<'_>) {
    for entry in root.entries() {
        let Some((name, version)) = entry.key.rsplit_once(':').filter(|(name, _)| name.contains(':')) else { continue };
        let configurations = entry.node.text().unwrap_or_default();
        let is_for_tests = configurations.split(',').all(|name| name.to_ascii_lowercase().contains("test"));
        packages.add(&Entry {
            ecosystem: Ecosystem::Maven,
            name,
            at: entry.key_span,
            version: Some((version, entry.key_span)),
            hashed: None,
            direct: None,
            group: Some(if is_for_tests { Group::Development } else { Group::Runtime }),
        });
    }
}
