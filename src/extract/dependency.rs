//! Facts from `pyproject.toml`, `package.json` and conda environments: `dependency`, `package-manifest`, `package-index`, `vendor-use`,
//! `check-tool`.

mod conda;
mod npm;
mod pyproject;

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what one dependency list asks for.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    match file.name() {
        "pyproject.toml" => pyproject::extract(file, root, context, facts),
        "package.json" => npm::extract(file, root, context, facts),
        _ => conda::extract(file, root, context, facts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::document::{FileKind, Parsed};
    use crate::interest::Interest;
    use crate::source::file_name;
    use crate::tree::Tree;

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
