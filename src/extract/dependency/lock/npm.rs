//! Locks of npm, Yarn, pnpm and Bun.

use super::{Entry, Packages, keys, scalar};
use crate::document::Node;
use crate::extract::package::{Ecosystem, Group};
use crate::source::Span;
use std::collections::HashSet;

/// The keys under which a package names others.
const DEPENDENCIES: &[&str] = &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/// The names of what a package, or a member of a workspace, asks for.
fn asked_by(package: &Node) -> impl Iterator<Item = &str> {
    DEPENDENCIES.iter().flat_map(|key| keys(package.get(key)))
}

/// `package-lock.json` of all versions, and `npm-shrinkwrap.json`.
pub(super) fn npm(root: &Node, packages: &mut Packages<'_>) {
    let Some(all) = root.get("packages") else { return npm_first_version(root, packages) };
    let is_own = |path: &str| !path.contains("node_modules/");
    let own = all.entries().iter().filter(|entry| is_own(&entry.key));
    let direct: HashSet<&str> = own.flat_map(|entry| asked_by(&entry.node)).collect();
    for entry in all.entries() {
        let is_link = entry.node.get("link").and_then(Node::boolean) == Some(true);
        let Some((_, installed_as)) = entry.key.rsplit_once("node_modules/").filter(|_| !is_link) else { continue };
        // Installed under another name, it says its own.
        let name = entry.node.get("name").and_then(Node::text).unwrap_or(installed_as);
        packages.add(&entry_of(name, entry.key_span, &entry.node, Some(direct.contains(installed_as))));
    }
}

/// The first version nests what a package needs for itself alone.
fn npm_first_version(root: &Node, packages: &mut Packages<'_>) {
    let mut ahead: Vec<&Node> = root.get("dependencies").into_iter().collect();
    while let Some(level) = ahead.pop() {
        for entry in level.entries() {
            packages.add(&entry_of(&entry.key, entry.key_span, &entry.node, None));
            ahead.extend(entry.node.get("dependencies"));
        }
    }
}

fn entry_of<'a>(name: &'a str, at: Span, package: &'a Node, direct: Option<bool>) -> Entry<'a> {
    let is = |key: &str| package.get(key).and_then(Node::boolean) == Some(true);
    Entry {
        ecosystem: Ecosystem::Npm,
        name,
        at,
        version: scalar(package, "version"),
        hashed: Some(package.has("integrity")),
        direct,
        group: Some(if is("dev") { Group::Development } else { Group::Runtime }),
    }
}

/// `yarn.lock` of all versions: keys hold every specifier that a version was chosen for.
pub(super) fn yarn(root: &Node, packages: &mut Packages<'_>) {
    let is_berry = root.has("__metadata");
    let is_own = |package: &Node| package.get("linkType").and_then(Node::text) == Some("soft");
    let own = root.entries().iter().filter(|entry| is_own(&entry.node));
    let direct: HashSet<&str> = own.flat_map(|entry| asked_by(&entry.node)).collect();
    for entry in root.entries().iter().filter(|entry| &*entry.key != "__metadata" && !is_own(&entry.node)) {
        let Some((installed_as, specifier)) = name_and_version(entry.key.trim_start_matches('"')) else { continue };
        // `alias@npm:name@version` asks for another name than it is installed under.
        let aliased = specifier.strip_prefix("npm:").and_then(name_and_version).map(|(name, _)| name);
        packages.add(&Entry {
            ecosystem: Ecosystem::Npm,
            name: aliased.unwrap_or(installed_as),
            at: entry.key_span,
            version: scalar(&entry.node, "version"),
            hashed: Some(entry.node.has("integrity") || entry.node.has("checksum")),
            direct: is_berry.then(|| direct.contains(installed_as)),
            group: None,
        });
    }
}

/// `name@specifier`, where the name may start with `@`.
fn name_and_version(text: &str) -> Option<(&str, &str)> {
    let at = text.get(1..)?.find('@')? + 1;
    let (name, rest) = text.split_at_checked(at)?;
    Some((name, rest.get(1..)?))
}

/// `pnpm-lock.yaml`: `importers` are the members of the workspace; a lock of one member has its tables at the top.
pub(super) fn pnpm(root: &Node, packages: &mut Packages<'_>) {
    let importers = root.get("importers").map_or(&[][..], Node::entries).iter().map(|entry| &entry.node);
    let direct: HashSet<&str> = importers.chain([root]).flat_map(asked_by).collect();
    let is_old = root.get("lockfileVersion").and_then(Node::scalar).is_some_and(|version| version.starts_with('5'));
    for entry in root.get("packages").map_or(&[][..], Node::entries) {
        let key = entry.key.strip_prefix('/').unwrap_or(&entry.key);
        // `name@1.0.0`, before the sixth version `/name/1.0.0`.
        let Some((name, version)) = (if is_old { key.rsplit_once('/') } else { name_and_version(key) }) else {
            continue;
        };
        // What a version was chosen with stands behind it: `1.0.0(react@18.0.0)`, earlier `1.0.0_react@18.0.0`.
        let version = version.split(['(', '_']).next().unwrap_or_default();
        packages.add(&Entry {
            ecosystem: Ecosystem::Npm,
            name,
            at: entry.key_span,
            version: scalar(&entry.node, "version").or(Some((version, entry.key_span))),
            hashed: Some(entry.node.at("resolution.integrity").is_some()),
            direct: Some(direct.contains(name)),
            group: match entry.node.get("dev").and_then(Node::boolean) {
                Some(true) => Some(Group::Development),
                Some(false) => Some(Group::Runtime),
                None => None,
            },
        });
    }
}

/// `bun.lock`: each package is a list of `name@version`, its registry, what it needs, and its checksum.
pub(super) fn bun(root: &Node, packages: &mut Packages<'_>) {
    let own = root.get("workspaces").map_or(&[][..], Node::entries).iter();
    let direct: HashSet<&str> = own.flat_map(|entry| asked_by(&entry.node)).collect();
    for entry in root.get("packages").map_or(&[][..], Node::entries) {
        let [resolved, rest @ ..] = entry.node.items() else { continue };
        let Some((name, version)) = resolved.text().and_then(name_and_version) else { continue };
        if version.starts_with("workspace:") {
            continue;
        }
        packages.add(&Entry {
            ecosystem: Ecosystem::Npm,
            name,
            at: entry.key_span,
            version: Some((version, resolved.span)),
            hashed: Some(rest.iter().filter_map(Node::text).any(|text| text.starts_with("sha"))),
            direct: Some(direct.contains(&*entry.key)),
            group: None,
        });
    }
}
