//! `pyproject.toml`: PEP 621 and dependency groups, and what uv, Poetry and PDM add.

use super::{pixi, table};
use crate::document::Node;
use crate::document::packages::Package;
use crate::extract::Context;
use crate::extract::package::{self, Ecosystem, Group, List};
use crate::fact::{Facts, Field, PackageManifest};
use crate::source::{SourceFile, file_name};
use crate::tree::Tree;
use std::collections::BTreeMap;

/// Lock files for a `pyproject.toml`, in its folder or above it (a workspace has one for all its members).
const LOCKS: &[&str] = &["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "pixi.lock"];

/// The list of a build file: `pyproject.toml`, `setup.cfg` or `setup.py`.
pub(super) fn list_of(tree: &Tree, path: &str, published: Option<bool>) -> List {
    let mut locks = package::locks(tree, path, LOCKS);
    locks.extend(
        package::beside(tree, path, "pylock.", ".toml").filter(|lock| file_name(lock) != "pylock.toml").cloned(),
    );
    let list = List::of(Ecosystem::Pypi, published).locked_by(locks);
    // A requirements file beside it may have been compiled from it.
    let may_be_locked = package::has_beside(tree, path, "requirements", ".txt")
        || package::has_beside(tree, path, "requirements", ".lock");
    if may_be_locked && list.locks.is_empty() { List { locked: None, ..list } } else { list }
}

/// Sees what one `pyproject.toml` asks for and makes.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    Pyproject::new(file, root, context).extract(facts);
}

/// One `pyproject.toml`.
struct Pyproject<'a> {
    path: &'a str,
    root: &'a Node,
    list: List,
    /// What `[tool.uv.sources]` says of a package (by normalised name), where it names a place other than an index.
    sources: BTreeMap<String, &'a Node>,
    context: &'a Context<'a>,
}

impl<'a> Pyproject<'a> {
    fn new(file: &'a SourceFile, root: &'a Node, context: &'a Context<'a>) -> Self {
        let list = list_of(context.tree, &file.path, Some(is_published(root)));
        let sources = root.at("tool.uv.sources").map_or(&[][..], Node::entries).iter().filter_map(|entry| {
            // Several sources are told apart by markers; the first stands for all.
            let source = entry.node.one_or_many().first()?;
            let is_place = ["git", "url", "path", "workspace"].iter().any(|key| source.has(key));
            is_place.then(|| (package::normalise_pypi(&entry.key), source))
        });
        Self { path: &file.path, root, list, sources: sources.collect(), context }
    }

    fn extract(&self, facts: &mut Facts) {
        self.manifest(facts);
        self.build_requirements(facts);
        self.requirements(self.root.at("project.dependencies"), Group::Runtime, facts);
        self.requirements(self.root.at("tool.uv.dev-dependencies"), Group::Development, facts);
        for table in ["project.optional-dependencies", "dependency-groups", "tool.pdm.dev-dependencies"] {
            let otherwise = if table.starts_with("tool") { Group::Development } else { Group::Optional };
            for entry in self.root.at(table).map_or(&[][..], Node::entries) {
                self.requirements(Some(&entry.node), Group::named(&entry.key, otherwise), facts);
            }
        }
        if let Some(pixi) = self.root.at("tool.pixi") {
            let locks = package::locks(self.context.tree, self.path, pixi::LOCKS);
            pixi::tables(
                &List::of(Ecosystem::Conda, self.list.published).locked_by(locks),
                pixi,
                Group::Runtime,
                self.context,
                facts,
            );
        }
        self.poetry("tool.poetry.dependencies", Group::Runtime, facts);
        self.poetry("tool.poetry.dev-dependencies", Group::Development, facts);
        for entry in self.root.at("tool.poetry.group").map_or(&[][..], Node::entries) {
            let group = Group::named(&entry.key, Group::Optional);
            for dependency in entry.node.get("dependencies").map_or(&[][..], Node::entries) {
                table::add(&self.list, dependency, group, self.context, facts);
            }
        }
        self.indexes(facts);
    }

    /// What the file says of the package that it makes. A file with nothing but the settings of tools makes none.
    fn manifest(&self, facts: &mut Facts) {
        let name = self.root.at("project.name").or_else(|| self.root.at("tool.poetry.name"));
        let Some(at) = name.or_else(|| self.root.get("build-system")).map(|node| node.span) else { return };
        let dynamic = self.root.at("project.dynamic").map_or(&[][..], Node::items);
        let is_dynamic = |field: &str| dynamic.iter().any(|item| item.text() == Some(field));
        let name = name.and_then(Node::scalar).unwrap_or_default();
        facts.add(
            name,
            at,
            PackageManifest {
                name: name.into(),
                published: Field { value: self.list.published, at: None },
                reads_lists: (is_dynamic("dependencies") || is_dynamic("optional-dependencies")).into(),
            },
        );
    }

    /// What building takes. Lock files leave it out: each build fetches it anew.
    fn build_requirements(&self, facts: &mut Facts) {
        let list = List::of(Ecosystem::Pypi, self.list.published);
        for item in self.root.at("build-system.requires").map_or(&[][..], Node::items) {
            if let Some(package) = item.text().and_then(|text| Package::read(text, item.span)) {
                package::add_package(&list, &package, Group::Build, self.context, facts);
            }
        }
    }

    /// A list of requirements as PEP 508 writes them.
    fn requirements(&self, list: Option<&Node>, group: Group, facts: &mut Facts) {
        for item in list.map_or(&[][..], Node::items) {
            let Some(package) = item.text().and_then(|text| Package::read(text, item.span)) else { continue };
            match self.sources.get(&package::normalise_pypi(&package.name)) {
                Some(source) => {
                    table::add_sourced(&self.list, &package.name, source, item.span, group, self.context, facts);
                }
                None => package::add_package(&self.list, &package, group, self.context, facts),
            }
        }
    }

    fn poetry(&self, table: &str, group: Group, facts: &mut Facts) {
        for dependency in self.root.at(table).map_or(&[][..], Node::entries) {
            table::add(&self.list, dependency, group, self.context, facts);
        }
    }

    /// Indexes that uv, Poetry and PDM are told of.
    fn indexes(&self, facts: &mut Facts) {
        for table in ["tool.uv.index", "tool.poetry.source", "tool.pdm.source"] {
            for source in self.root.at(table).map_or(&[][..], Node::one_or_many) {
                let Some(url) = source.get("url") else { continue };
                let Some(address) = url.text() else { continue };
                package::add_index(address, kind_of_index(table, source), url.span, facts);
                if table == "tool.pdm.source" && source.get("verify_ssl").and_then(Node::boolean) == Some(false) {
                    package::add_index(address, "trusted-host", url.span, facts);
                }
            }
        }
        for (key, kind) in [
            ("index-url", "index"),
            ("extra-index-url", "extra-index"),
            ("find-links", "find-links"),
            ("allow-insecure-host", "trusted-host"),
        ] {
            for place in ["tool.uv", "tool.uv.pip"] {
                for value in self.root.at(place).and_then(|table| table.get(key)).map_or(&[][..], Node::one_or_many) {
                    if let Some(address) = value.text() {
                        package::add_index(address, kind, value.span, facts);
                    }
                }
            }
        }
    }
}

/// PDM asks all its sources at once, as pip does. uv takes a package from the first index that has it, and Poetry asks a
/// further source only for packages that are bound to it or that no other has.
fn kind_of_index(table: &str, source: &Node) -> &'static str {
    let is_main = source.get("name").and_then(Node::text) == Some("pypi");
    if table == "tool.pdm.source" && !is_main { "extra-index" } else { "index" }
}

/// A `pyproject.toml` that builds a named package and does not say that the package stays at home.
fn is_published(root: &Node) -> bool {
    let is_off = |path: &str| root.at(path).and_then(Node::boolean) == Some(false);
    let is_private = root
        .at("project.classifiers")
        .map_or(&[][..], Node::items)
        .iter()
        .any(|item| item.text().is_some_and(|text| text.starts_with("Private ::")));
    let has_name = root.at("project.name").is_some() || root.at("tool.poetry.name").is_some();
    root.has("build-system")
        && has_name
        && !is_private
        && !is_off("tool.uv.package")
        && !is_off("tool.poetry.package-mode")
}
