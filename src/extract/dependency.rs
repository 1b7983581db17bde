//! Facts from `pyproject.toml`, `package.json` and conda environments: `dependency`, `package-manifest`, `package-index`, `vendor-use`,
//! `check-tool`.

use super::Context;
use super::package::{self, Asked, Ecosystem, Group, List};
use crate::document::packages::{Package, PackageList};
use crate::document::{Document, Entry, Node};
use crate::fact::{Choice, Facts, Field, PackageManifest};
use crate::source::{SourceFile, file_name};
use crate::tree::Tree;
use std::collections::BTreeMap;

/// Lock files for a `pyproject.toml`, in its folder or above it (a workspace has one for all its members).
const PYTHON_LOCKS: &[&str] = &["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "pixi.lock"];
/// Lock files for a `package.json`.
const NPM_LOCKS: &[&str] =
    &["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"];
/// Lock files for a conda environment.
const CONDA_LOCKS: &[&str] = &["conda-lock.yml", "conda-lock.yaml", "pixi.lock"];

/// Sees what one dependency list asks for.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    match file.name() {
        "pyproject.toml" => Pyproject::new(file, root, context).extract(facts),
        "package.json" => package_json(file, root, context, facts),
        _ => conda_environment(file, root, context, facts),
    }
}

/// One `pyproject.toml`.
struct Pyproject<'a> {
    root: &'a Node,
    list: List,
    /// What `[tool.uv.sources]` says of a package (by normalised name), where it names a place other than an index.
    sources: BTreeMap<String, &'a Node>,
    context: &'a Context<'a>,
}

impl<'a> Pyproject<'a> {
    fn new(file: &SourceFile, root: &'a Node, context: &'a Context<'a>) -> Self {
        let tree = context.tree;
        let locked = package::has_lock(tree, &file.path, PYTHON_LOCKS)
            || package::has_beside(tree, &file.path, "pylock.", ".toml");
        // A requirements file beside it may have been compiled from it.
        let may_be_locked = package::has_beside(tree, &file.path, "requirements", ".txt")
            || package::has_beside(tree, &file.path, "requirements", ".lock");
        let list = List {
            ecosystem: Ecosystem::Pypi,
            locked: if locked { Some(true) } else { (!may_be_locked).then_some(false) },
            published: Some(is_published(root)),
        };
        let sources = root.at("tool.uv.sources").map_or(&[][..], Node::entries).iter().filter_map(|entry| {
            // Several sources are told apart by markers; the first stands for all.
            let source = entry.node.one_or_many().first()?;
            let is_place = ["git", "url", "path", "workspace"].iter().any(|key| source.has(key));
            is_place.then(|| (package::normalise_pypi(&entry.key), source))
        });
        Self { root, list, sources: sources.collect(), context }
    }

    fn extract(&self, facts: &mut Facts) {
        self.manifest(facts);
        self.requirements(self.root.at("project.dependencies"), Group::Runtime, facts);
        self.requirements(self.root.at("build-system.requires"), Group::Build, facts);
        self.requirements(self.root.at("tool.uv.dev-dependencies"), Group::Development, facts);
        for table in ["project.optional-dependencies", "dependency-groups", "tool.pdm.dev-dependencies"] {
            let otherwise = if table.starts_with("tool") { Group::Development } else { Group::Optional };
            for entry in self.root.at(table).map_or(&[][..], Node::entries) {
                self.requirements(Some(&entry.node), Group::named(&entry.key, otherwise), facts);
            }
        }
        self.poetry("tool.poetry.dependencies", Group::Runtime, facts);
        self.poetry("tool.poetry.dev-dependencies", Group::Development, facts);
        for entry in self.root.at("tool.poetry.group").map_or(&[][..], Node::entries) {
            let group = Group::named(&entry.key, Group::Optional);
            for dependency in entry.node.get("dependencies").map_or(&[][..], Node::entries) {
                self.poetry_dependency(dependency, group, facts);
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

    /// A list of requirements as PEP 508 writes them.
    fn requirements(&self, list: Option<&Node>, group: Group, facts: &mut Facts) {
        for item in list.map_or(&[][..], Node::items) {
            let Some(package) = item.text().and_then(|text| Package::read(text, item.span)) else { continue };
            match self.sources.get(&package::normalise_pypi(&package.name)) {
                Some(source) => self.sourced(&package.name, source, item, group, facts),
                None => package::add_package(self.list, &package, group, self.context, facts),
            }
        }
    }

    fn poetry(&self, table: &str, group: Group, facts: &mut Facts) {
        for dependency in self.root.at(table).map_or(&[][..], Node::entries) {
            self.poetry_dependency(dependency, group, facts);
        }
    }

    fn poetry_dependency(&self, dependency: &Entry, group: Group, facts: &mut Facts) {
        if &*dependency.key == "python" {
            return;
        }
        for choice in dependency.node.one_or_many() {
            let Some(version) = choice.scalar().or_else(|| choice.get("version").and_then(Node::scalar)) else {
                self.sourced(&dependency.key, choice, &dependency.node, group, facts);
                continue;
            };
            // Poetry and npm agree that a bare version is exact and that `^` and `~` start a range.
            let pin = match package::pin_of_specifier(version) {
                Choice("range")
                    if version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains([',', '*', '|', ' ']) =>
                {
                    Choice("exact")
                }
                pin => pin,
            };
            let asked = Asked {
                name: &dependency.key,
                specifier: version,
                pin: Some(pin),
                hashed: false,
                group,
                at: dependency.key_span.cover(choice.span),
            };
            package::add(self.list, &asked, self.context, facts);
        }
    }

    /// A package that comes from a repository or an address. One from a folder brings nothing in from outside.
    fn sourced(&self, name: &str, source: &Node, shown: &Node, group: Group, facts: &mut Facts) {
        let text = |key: &str| source.get(key).and_then(Node::scalar);
        let location = match (text("git"), text("url")) {
            (Some(repository), _) => {
                let revision = text("rev").or_else(|| text("tag")).or_else(|| text("branch"));
                format!("git+{repository}{}", revision.map(|it| format!("@{it}")).unwrap_or_default())
            }
            (None, Some(url)) => url.to_owned(),
            (None, None) => return,
        };
        let pin = Some(package::pin_of_location(&location));
        let asked = Asked { name, specifier: &location, pin, hashed: false, group, at: shown.span };
        package::add(self.list, &asked, self.context, facts);
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

fn package_json(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let is_private = root.get("private").and_then(Node::boolean) == Some(true);
    let can_be_installed = ["main", "module", "exports", "bin", "types", "files"].iter().any(|key| root.has(key));
    let list = List {
        ecosystem: Ecosystem::Npm,
        locked: Some(package::has_lock(context.tree, &file.path, NPM_LOCKS)),
        published: Some(!is_private && root.has("name") && root.has("version") && can_be_installed),
    };
    let groups = [
        ("dependencies", Group::Runtime),
        ("devDependencies", Group::Development),
        ("optionalDependencies", Group::Optional),
        ("peerDependencies", Group::Optional),
    ];
    for (key, group) in groups {
        for entry in root.get(key).map_or(&[][..], Node::entries) {
            npm_dependency(list, entry, group, context, facts);
        }
    }
}

fn npm_dependency(list: List, entry: &Entry, group: Group, context: &Context<'_>, facts: &mut Facts) {
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

fn conda_environment(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let locked = is_conda_locked(context.tree, &file.path);
    let list = List { ecosystem: Ecosystem::Conda, locked: Some(locked), published: Some(false) };
    let group = Group::named(file.name(), Group::Runtime);
    for item in root.get("dependencies").map_or(&[][..], Node::items) {
        if let Some(lines) = item.get("pip") {
            let mut packages = PackageList::default();
            for line in lines.items() {
                packages.add_line(line.scalar().unwrap_or_default(), &|_| line.span);
            }
            package::add_all(List { ecosystem: Ecosystem::Pypi, ..list }, &packages, group, context, facts);
        } else if let Some(text) = item.text() {
            let (name, specifier) = conda_match(text);
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
            package::add(list, &asked, context, facts);
        }
    }
    for channel in root.get("channels").map_or(&[][..], Node::items) {
        if let Some(url) = channel.text().filter(|text| text.contains("://")) {
            package::add_index(url, "index", channel.span, facts);
        }
    }
}

/// `channel::name=1.2=build`, `name==1.2`, `name >=1`, `name 1.2`: the name and the specifier.
fn conda_match(text: &str) -> (&str, &str) {
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

fn is_conda_locked(tree: &Tree, path: &str) -> bool {
    package::has_lock(tree, path, CONDA_LOCKS)
        || package::has_beside(tree, path, "conda-", ".lock")
        || tree.beside(path, &format!("{}.conda-lock.yml", stem(path))).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::document::{FileKind, Parsed};
    use crate::interest::Interest;

    fn seen(path: &str, text: &str, others: &[&str]) -> Facts {
        let kind = match file_name(path) {
            "pyproject.toml" => FileKind::Pyproject,
            "package.json" => FileKind::PackageJson,
            _ => FileKind::CondaEnvironment,
        };
        let tree = Tree { files: others.iter().map(|other| (*other).into()).collect(), tracked: None };
        let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
        let file = SourceFile::new(path, text);
        let mut facts = Facts::of(&file.path);
        if let Parsed::Tree(parsed) = crate::parse::parse(kind, text) {
            extract(&file, &parsed, &context, &mut facts);
        }
        facts
    }

    fn rows(facts: &Facts, kind: &str, fields: &[&str]) -> Vec<String> {
        let of_kind = facts.all.iter().filter(|fact| fact.kind.spec().name == kind);
        of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join(" ")).collect()
    }

    const PYPROJECT: &str = r#"
[build-system]
requires = ["hatchling"]
[project]
name = "credit"
dependencies = [
  "torch>=2.4",
  "transformers",
  "clip",
  "helpers",
  7,
]
[project.optional-dependencies]
serve = ["vllm==0.6.0"]
test = ["pytest"]
[dependency-groups]
dev = ["ruff", { include-group = "test" }]
[tool.uv.sources]
CLIP = { git = "https://github.com/openai/CLIP", branch = "main" }
helpers = { workspace = true }
[[tool.uv.index]]
name = "inner"
url = "http://pypi.example.com/simple"
"#;

    #[test]
    fn a_library_and_its_groups() {
        let facts = seen("pyproject.toml", PYPROJECT, &[]);
        assert_eq!(
            rows(&facts, "dependency", &["name", "pin", "locked", "published", "group", "ai"]),
            [
                "torch range no yes runtime yes",
                "transformers none no yes runtime yes",
                "clip location no yes runtime no",
                "hatchling none no yes build no",
                "vllm exact no yes optional yes",
                "pytest none no yes development no",
                "ruff none no yes development no",
            ]
        );
        assert_eq!(rows(&facts, "package-index", &["kind", "scheme"]), ["index http"]);
        assert_eq!(rows(&facts, "package-manifest", &["name", "published", "reads_lists"]), ["credit yes no"]);
        let clip = facts.all.iter().find(|fact| fact.subject == "clip").map(|fact| fact.text("specifier"));
        assert_eq!(clip, Some("git+https://github.com/openai/CLIP@main"));
    }

    #[test]
    fn a_lock_of_the_workspace_counts_and_a_requirements_file_may() {
        let text = "[project]\nname = 'app'\ndependencies = ['torch']\n";
        let fields = ["locked", "published"];
        assert_eq!(rows(&seen("libs/a/pyproject.toml", text, &["uv.lock"]), "dependency", &fields), ["yes no"]);
        assert_eq!(rows(&seen("pyproject.toml", text, &["pylock.dev.toml"]), "dependency", &fields), ["yes no"]);
        assert_eq!(rows(&seen("pyproject.toml", text, &["requirements.txt"]), "dependency", &fields), ["unknown no"]);
        assert_eq!(rows(&seen("pyproject.toml", text, &["libs/uv.lock"]), "dependency", &fields), ["no no"]);
    }

    #[test]
    fn a_manifest_says_whether_it_reads_its_dependencies_from_lists() {
        let fields = ["name", "published", "reads_lists"];
        let dynamic = "[build-system]\n[project]\nname = 'x'\ndynamic = ['version', 'dependencies']\n";
        assert_eq!(rows(&seen("pyproject.toml", dynamic, &[]), "package-manifest", &fields), ["x yes yes"]);
        assert_eq!(rows(&seen("pyproject.toml", "[build-system]\n", &[]), "package-manifest", &fields), [" no no"]);
        assert_eq!(
            rows(&seen("pyproject.toml", "[tool.ruff]\nline-length = 100\n", &[]), "package-manifest", &fields),
            [""; 0]
        );
    }

    #[test]
    fn poetry_writes_versions_in_its_own_way() {
        let text = concat!(
            "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.11'\ntorch = '^2.4'\nopenai = '1.2.3'\n",
            "keras = '*'\nclip = { git = 'https://github.com/openai/CLIP.git' }\nours = { path = '../ours' }\n",
            "jax = { version = '0.4.1', extras = ['cuda'] }\n[tool.poetry.group.dev.dependencies]\nshap = '0.4.*'\n",
            "[[tool.poetry.source]]\nname = 'inner'\nurl = 'https://pypi.example.com/simple'\npriority = 'supplemental'\n",
        );
        let facts = seen("pyproject.toml", text, &[]);
        assert_eq!(
            rows(&facts, "dependency", &["name", "pin", "published", "group"]),
            [
                "torch range no runtime",
                "openai exact no runtime",
                "keras none no runtime",
                "clip location no runtime",
                "jax exact no runtime",
                "shap range no development",
            ]
        );
        assert_eq!(rows(&facts, "package-index", &["kind"]), ["index"]);
    }

    #[test]
    fn package_json_with_every_form_of_version() {
        let text = r#"{
          "private": true,
          "dependencies": {
            "openai": "^4.0.0", "@anthropic-ai/sdk": "0.30.1", "ai": "latest", "a": "file:../a", "b": "workspace:*",
            "c": "owner/c#main", "d": "github:owner/d#d05afc436d78f1c48dc0dbf8e5980a9d471f35f6", "e": "catalog:",
            "f": "npm:@scope/real@1.0.0", "g": 1
          },
          "devDependencies": { "promptfoo": "*" }
        }"#;
        let facts = seen("web/package.json", text, &["web/yarn.lock"]);
        assert_eq!(
            rows(&facts, "dependency", &["name", "pin", "locked", "published", "group"]),
            [
                "openai range yes no runtime",
                "@anthropic-ai/sdk exact yes no runtime",
                "ai none yes no runtime",
                "c location yes no runtime",
                "d exact yes no runtime",
                "e unknown yes no runtime",
                "@scope/real exact yes no runtime",
                "promptfoo none yes no development",
            ]
        );
    }

    #[test]
    fn a_conda_environment_with_a_list_for_pip() {
        let text = concat!(
            "name: x\nchannels: [conda-forge, 'http://conda.example.com/main']\ndependencies:\n  - python=3.11\n  - conda-forge::pytorch=2.4\n",
            "  - numpy=1.26.4=py311_0\n  - scikit-learn >=1.4\n  - pip\n  - pip:\n    - transformers==4.44.0\n",
            "    - --extra-index-url https://pypi.example.com/simple\n    - -r requirements.txt\n",
        );
        let facts = seen("environment.yml", text, &[]);
        assert_eq!(
            rows(&facts, "dependency", &["ecosystem", "name", "pin", "locked", "ai"]),
            [
                "conda pytorch range no yes",
                "conda numpy exact no no",
                "conda scikit-learn range no yes",
                "pypi transformers exact no yes",
            ]
        );
        assert_eq!(rows(&facts, "package-index", &["kind", "scheme"]), ["extra-index https", "index http"]);
    }

    #[test]
    fn wrong_types_everywhere_are_passed_over() {
        for text in [
            "[project]\ndependencies = 'torch'\n",
            "project = 1\n",
            "[tool.poetry.dependencies]\ntorch = true\n[tool.uv]\nsources = []\n",
        ] {
            let facts = seen("pyproject.toml", text, &[]);
            assert!(facts.all.iter().all(|fact| fact.text("name") == "torch"), "{text}");
        }
        assert_eq!(seen("package.json", "{\"dependencies\": [\"openai\"], ", &[]).all.len(), 0);
        assert_eq!(seen("environment.yml", "dependencies: {pip: [torch]}\n", &[]).all.len(), 0);
    }
}
