//! What all dependency lists have in common: the name, pin and lock of a package, and the facts that it gives.

mod pin;

pub use pin::{pin_of_location, pin_of_maven, pin_of_npm, pin_of_nuget, pin_of_specifier};

use super::Context;
use crate::document::packages::{Package, PackageList, PackageOption};
use crate::fact::{CheckTool, Choice, Dependency, Facts, Field, PackageIndex, VendorUse};
use crate::source::{Span, folder};
use crate::tree::{Tree, join};
use std::ops::Bound;
use std::rc::Rc;
use std::sync::Arc;

/// Whose packages a list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ecosystem {
    /// The Python Package Index, or another index of the same form.
    Pypi,
    /// The npm registry.
    Npm,
    /// A conda channel.
    Conda,
    /// The registry of Rust.
    Crates,
    /// Modules of Go, named by their repository.
    Go,
    /// A Maven repository.
    Maven,
    /// The gallery of .NET.
    Nuget,
    /// Charts of Helm.
    Helm,
}

impl Ecosystem {
    fn name(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Conda => "conda",
            Self::Crates => "crates",
            Self::Go => "go",
            Self::Maven => "maven",
            Self::Nuget => "nuget",
            Self::Helm => "helm",
        }
    }

    /// The name as its ecosystem compares names.
    fn normalise(self, name: &str) -> String {
        match self {
            Self::Pypi => normalise_pypi(name),
            Self::Npm | Self::Conda | Self::Nuget => name.to_lowercase(),
            Self::Crates => name.replace('_', "-"),
            Self::Go | Self::Maven | Self::Helm => name.to_owned(),
        }
    }
}

/// A dependency list as a whole: what is the same for each of its packages.
#[derive(Debug, Clone)]
pub struct List {
    /// Whose packages it names.
    pub ecosystem: Ecosystem,
    /// A lock file fixes its versions; `None` when that cannot be known.
    pub locked: Option<bool>,
    /// The lock files that may do so.
    pub locks: Rc<[Arc<str>]>,
    /// It belongs to a package that others install; `None` when that cannot be known.
    pub published: Option<bool>,
    /// The project asks for its packages by itself; `None` for a list that also holds what those need in turn, without saying which.
    pub direct: Option<bool>,
}

impl List {
    /// A list of what a project itself asks for, which no lock fixes.
    #[must_use]
    pub fn of(ecosystem: Ecosystem, published: Option<bool>) -> Self {
        Self { ecosystem, locked: Some(false), locks: Rc::default(), published, direct: Some(true) }
    }

    /// The same list, which these lock files fix, if there are any.
    #[must_use]
    pub fn locked_by(self, locks: Vec<Arc<str>>) -> Self {
        Self { locked: Some(!locks.is_empty()), locks: locks.into(), ..self }
    }

    /// The same list for another ecosystem: a list of conda with one for pip in it.
    #[must_use]
    pub fn for_ecosystem(&self, ecosystem: Ecosystem) -> Self {
        Self { ecosystem, ..self.clone() }
    }
}

/// What a package is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// To run.
    Runtime,
    /// To work on the code: tests, linters, documentation.
    Development,
    /// To build the package.
    Build,
    /// For a part that is asked for by name.
    Optional,
}

impl Group {
    /// The group that a name tells (`requirements-dev.txt`, `[dependency-groups] test`), or `otherwise`.
    #[must_use]
    pub fn named(name: &str, otherwise: Self) -> Self {
        const DEVELOPMENT: &[&str] = &[
            "dev",
            "develop",
            "development",
            "test",
            "tests",
            "testing",
            "lint",
            "linting",
            "doc",
            "docs",
            "documentation",
            "ci",
            "format",
            "formatting",
            "typing",
            "types",
            "mypy",
            "style",
            "quality",
            "benchmark",
            "benchmarks",
            "tooling",
            "release",
        ];
        let name = name.to_lowercase();
        let mut words = name.split(|c: char| !c.is_alphanumeric());
        if words.any(|word| DEVELOPMENT.contains(&word)) { Self::Development } else { otherwise }
    }

    fn choice(self) -> Choice {
        Choice(match self {
            Self::Runtime => "runtime",
            Self::Development => "development",
            Self::Build => "build",
            Self::Optional => "optional",
        })
    }
}

/// One package as a list asks for it.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Name as written.
    pub name: &'a str,
    /// Specifier or address as written.
    pub specifier: &'a str,
    /// How exactly it is fixed; `None` when that stands elsewhere.
    pub pin: Option<Choice>,
    /// A checksum stands beside it.
    pub hashed: bool,
    /// What it is needed for.
    pub group: Group,
    /// Its place.
    pub at: Span,
}

/// One package as a lock file fixes it.
#[derive(Debug, Clone)]
pub struct Locked<'a> {
    /// Whose packages.
    pub ecosystem: Ecosystem,
    /// Name as written.
    pub name: &'a str,
    /// The version, and where it stands.
    pub version: Field<String>,
    /// A checksum stands with it; `None` where the format keeps checksums elsewhere.
    pub hashed: Option<bool>,
    /// The project asks for it by itself; `None` where the lock does not tell.
    pub direct: Option<bool>,
    /// What it is needed for; `None` where the lock does not tell.
    pub group: Option<Group>,
    /// Its place.
    pub at: Span,
}

/// Adds the fact of a locked package. A lock can hold tens of thousands: only those for AI are kept. That a vendor's package is
/// used is said by the list that asks for it, and not by the lock, which holds much that nobody asked for.
pub fn add_locked(locked: Locked<'_>, context: &Context<'_>, facts: &mut Facts) {
    let name = locked.ecosystem.normalise(locked.name);
    let ecosystem = locked.ecosystem.name();
    let catalogue = context.catalogue;
    let vendor = catalogue.vendor_of_package(ecosystem, &name);
    let ai = catalogue.is_ai_package(ecosystem, &name);
    if !ai && vendor.is_none() {
        return;
    }
    let tool = catalogue.tool_of_package(ecosystem, &name);
    facts.add(
        name.clone(),
        locked.at,
        Dependency {
            ecosystem: ecosystem.into(),
            form: "lock".into(),
            name: name.into(),
            specifier: "".into(),
            resolved: locked.version,
            pin: "exact".into(),
            hashed: Field { value: locked.hashed, at: None },
            locked: true.into(),
            locks: Vec::new().into(),
            direct: Field { value: locked.direct, at: None },
            // A lock fixes what is installed here, whatever others install.
            published: false.into(),
            group: Field { value: locked.group.map(Group::choice), at: None },
            ai: ai.into(),
            vendor: vendor.map(|vendor| vendor.id.clone()).unwrap_or_default().into(),
            purpose: tool.map(|tool| tool.purpose.name()).unwrap_or_default().into(),
        },
    );
}

/// Adds the facts that one package gives.
pub fn add(list: &List, asked: &Asked<'_>, context: &Context<'_>, facts: &mut Facts) {
    let name = list.ecosystem.normalise(asked.name);
    if name.is_empty() {
        return;
    }
    let ecosystem = list.ecosystem.name();
    let vendor = context.catalogue.vendor_of_package(ecosystem, &name);
    let tool = context.catalogue.tool_of_package(ecosystem, &name);
    facts.add(
        name.clone(),
        asked.at,
        Dependency {
            ecosystem: ecosystem.into(),
            form: "list".into(),
            name: name.clone().into(),
            specifier: asked.specifier.into(),
            resolved: resolved(asked),
            pin: Field { value: asked.pin, at: None },
            hashed: asked.hashed.into(),
            locked: Field { value: list.locked, at: None },
            locks: Field::known(list.locks.iter().map(ToString::to_string).collect::<Vec<_>>()),
            direct: Field { value: list.direct, at: None },
            published: Field { value: list.published, at: None },
            group: Field { value: Some(asked.group.choice()), at: None },
            ai: context.catalogue.is_ai_package(ecosystem, &name).into(),
            vendor: vendor.map(|vendor| vendor.id.clone()).unwrap_or_default().into(),
            purpose: tool.map(|tool| tool.purpose.name()).unwrap_or_default().into(),
        },
    );
    if let Some(vendor) = vendor {
        let is_optional = list.published == Some(true) && asked.group == Group::Optional;
        facts.add(
            format!("{} {name}", vendor.id),
            asked.at,
            VendorUse {
                vendor: vendor.id.clone().into(),
                vendor_name: vendor.name.clone().into(),
                category: vendor.category.clone().into(),
                name: name.clone().into(),
                form: "package".into(),
                receives_data: vendor.receives_data().into(),
                offered: is_optional.into(),
            },
        );
    }
    if let Some(tool) = tool {
        facts.add(
            tool.name.clone(),
            asked.at,
            CheckTool {
                name: tool.name.clone().into(),
                purpose: tool.purpose.name().into(),
                form: "dependency".into(),
                ..CheckTool::default()
            },
        );
    }
}

/// The version that an exact specifier leaves; unknown for addresses, which fix a commit or a file.
fn resolved(asked: &Asked<'_>) -> Field<String> {
    let is_address = asked.specifier.contains("://") || asked.specifier.contains('/');
    if asked.pin != Some(Choice("exact")) || is_address {
        return Field::default();
    }
    let clauses = || asked.specifier.split(',').map(str::trim);
    let clause = clauses().find(|clause| clause.starts_with("==")).or_else(|| clauses().next()).unwrap_or_default();
    // conda puts the build behind the version, Maven and NuGet put brackets around it.
    let version = clause.trim_start_matches('=').split('=').next().unwrap_or_default().trim_matches(['[', ']', ' ']);
    Field::known(version)
}

/// Adds the facts of a list in pip's form.
pub fn add_all(list: &List, packages: &PackageList, group: Group, context: &Context<'_>, facts: &mut Facts) {
    for package in &packages.packages {
        add_package(list, package, group, context, facts);
    }
    for option in &packages.options {
        add_index_option(option, facts);
    }
}

/// Adds the facts of one package in pip's form. One that lies beside the list brings nothing in from outside.
pub fn add_package(list: &List, package: &Package, group: Group, context: &Context<'_>, facts: &mut Facts) {
    if package.is_local() {
        return;
    }
    let (specifier, pin) = match package.location.as_str() {
        "" => (&package.specifier, pin_of_specifier(&package.specifier)),
        location => (&package.location, pin_of_location(location)),
    };
    let asked =
        Asked { name: &package.name, specifier, pin: Some(pin), hashed: package.hashed, group, at: package.span };
    add(list, &asked, context, facts);
}

fn add_index_option(option: &PackageOption, facts: &mut Facts) {
    let kind = match option.name.as_str() {
        "index-url" => "index",
        "extra-index-url" => "extra-index",
        "trusted-host" => "trusted-host",
        "find-links" => "find-links",
        _ => return,
    };
    add_index(&option.value, kind, option.span, facts);
}

/// Adds a place that packages are fetched from. Credentials in its address are left out.
pub fn add_index(url: &str, kind: &'static str, at: Span, facts: &mut Facts) {
    let (scheme, rest) = match url.split_once("://") {
        // A scheme, or even the whole address, that a variable holds is not known.
        _ if url.starts_with(['$', '{', '%']) => (Field::default(), url),
        Some((scheme, rest)) => (scheme.to_lowercase().into(), rest),
        None => ("".into(), url),
    };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(authority_end).unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let url =
        url.split_once("://").map_or_else(|| format!("{host}{path}"), |(scheme, _)| format!("{scheme}://{host}{path}"));
    facts.add(format!("{kind} {url}"), at, PackageIndex { url: url.into(), kind: kind.into(), scheme });
}

/// The name as the Python Package Index compares names: lower case, with `-` for every run of `-`, `_` and `.`.
#[must_use]
pub fn normalise_pypi(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            _ => normal.extend(c.to_lowercase()),
        }
    }
    normal
}

/// Lock files of these names in the folder of `path`, or else in the nearest folder above it that has any: a workspace has one for
/// all its members.
#[must_use]
pub fn locks(tree: &Tree, path: &str, names: &[&str]) -> Vec<Arc<str>> {
    let mut found: Vec<&Arc<str>> = names.iter().filter_map(|name| tree.beside_or_above(path, name)).collect();
    let nearest = found.iter().map(|lock| folder(lock).len()).max();
    found.retain(|lock| Some(folder(lock).len()) == nearest);
    found.into_iter().cloned().collect()
}

/// The files in the folder of `path` whose names start and end so.
pub fn beside<'a>(tree: &'a Tree, path: &'a str, start: &str, end: &'a str) -> impl Iterator<Item = &'a Arc<str>> {
    let prefix = join(folder(path), start);
    let from = tree.files.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
    let with_prefix = from.take_while(move |file| file.starts_with(&prefix));
    with_prefix.filter(move |file| file.ends_with(end) && folder(file) == folder(path))
}

/// True when a file whose name starts and ends so lies in the folder of `path`.
#[must_use]
pub fn has_beside(tree: &Tree, path: &str, start: &str, end: &str) -> bool {
    beside(tree, path, start, end).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_the_index_does() {
        assert_eq!(normalise_pypi("Sentence__Transformers.x"), "sentence-transformers-x");
    }

    #[test]
    fn credentials_of_an_index_are_left_out() {
        let mut facts = Facts::of(&"requirements.txt".into());
        add_index("https://user:pass@pypi.example.com/simple", "index", Span::new(0, 1), &mut facts);
        add_index("pypi.example.com", "trusted-host", Span::new(0, 1), &mut facts);
        add_index("${INDEX}", "index", Span::new(0, 1), &mut facts);
        let seen: Vec<(&str, &str)> = facts.all.iter().map(|fact| (fact.text("url"), fact.text("scheme"))).collect();
        assert_eq!(
            seen,
            [("https://pypi.example.com/simple", "https"), ("pypi.example.com", ""), ("${INDEX}", "unknown")]
        );
    }
}
