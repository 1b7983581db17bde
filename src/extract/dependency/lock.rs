//! Lock files: which version of each package is installed, with its checksum, and whether the project asks for it by itself.
//!
//! What is fixed is told by name and version; of the packages of a lock only those for AI become facts.

mod conda;
mod npm;
mod others;
mod python;

use crate::document::Node;
use crate::extract::Context;
use crate::extract::package::{self, Ecosystem, Group, Locked};
use crate::fact::{Facts, Field, LockFile};
use crate::source::Span;
use std::collections::HashSet;

/// Who reads one kind of lock.
type Reader = fn(&Node, &mut Packages<'_>);

/// True when a file of this name (lower case) is a lock.
pub(super) fn is_lock(name: &str) -> bool {
    reader(name).is_some()
}

/// Sees what one lock fixes. `whole` when all of it could be read.
pub(super) fn extract(name: &str, root: &Node, whole: bool, context: &Context<'_>, facts: &mut Facts) {
    let Some(read) = reader(name) else { return };
    let mut packages = Packages { context, facts, seen: HashSet::new() };
    read(root, &mut packages);
    let count = i64::try_from(packages.seen.len()).unwrap_or(i64::MAX);
    facts.add_whole(name, LockFile { name: name.into(), packages: count.into(), whole: whole.into() });
}

fn reader(name: &str) -> Option<Reader> {
    let read: Reader = match name {
        "uv.lock" => python::uv,
        "poetry.lock" | "pdm.lock" => python::poetry,
        "pipfile.lock" => python::pipenv,
        "pixi.lock" => conda::pixi,
        "package-lock.json" | "npm-shrinkwrap.json" => npm::npm,
        "yarn.lock" => npm::yarn,
        "pnpm-lock.yaml" => npm::pnpm,
        "bun.lock" => npm::bun,
        "cargo.lock" => others::cargo,
        "packages.lock.json" => others::nuget,
        "gradle.lockfile" => others::gradle,
        _ if name.starts_with("pylock.") => python::pylock,
        _ if name.contains("conda-lock.y") => conda::conda_lock,
        _ => return None,
    };
    Some(read)
}

/// Where readers put what they find: the same package in the same version counts once in a lock, however many platforms and places
/// it is installed for.
struct Packages<'a> {
    context: &'a Context<'a>,
    facts: &'a mut Facts,
    seen: HashSet<(String, String)>,
}

/// What a lock says of one package.
struct Entry<'a> {
    ecosystem: Ecosystem,
    name: &'a str,
    /// Its place, the name where there is one.
    at: Span,
    version: Option<(&'a str, Span)>,
    hashed: Option<bool>,
    direct: Option<bool>,
    group: Option<Group>,
}

impl Packages<'_> {
    fn add(&mut self, entry: &Entry<'_>) {
        let version = entry.version.map_or("", |(version, _)| version);
        if !self.seen.insert((entry.name.to_owned(), version.to_owned())) {
            return;
        }
        let locked = Locked {
            ecosystem: entry.ecosystem,
            name: entry.name,
            version: entry.version.map(|(version, at)| Field::found(version, at)).unwrap_or_default(),
            hashed: entry.hashed,
            direct: entry.direct,
            group: entry.group,
            at: entry.at,
        };
        package::add_locked(locked, self.context, self.facts);
    }
}

/// The text of a scalar under this key, and its place.
fn scalar<'a>(node: &'a Node, key: &str) -> Option<(&'a str, Span)> {
    let node = node.get(key)?;
    Some((node.scalar()?, node.span))
}

/// The names of a map's keys.
fn keys(node: Option<&Node>) -> impl Iterator<Item = &str> {
    node.map_or(&[][..], Node::entries).iter().map(|entry| &*entry.key)
}
