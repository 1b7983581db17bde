//! Every kind of fact of the table is seen in a real-shaped example, and every way to use a vendor.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::fact::{Fact, KINDS};
use aimslint::settings::Settings;
use aimslint::{PolicyBook, Request, SettingsFile, facts, verify};
use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;

/// Kinds that are not seen in files: changes between two commits (tests/git.rs, fixtures with `commits/`), and what became of a
/// waiver when the rules were judged (fixtures of `governance/*-waiver`).
const NOT_IN_FILES: &[&str] = &["change", "policy-change", "waiver"];

/// Kinds that stand in files which are only read at the root of a repository, and what shows them.
const AT_THE_ROOT: &[(&str, &str, &str)] = &[
    (
        "branch-rule",
        ".github/settings.yml",
        "branches:\n- name: main\n  protection:\n    required_pull_request_reviews:\n      required_approving_review_count: 2\n",
    ),
    ("large-file-pattern", ".gitattributes", "* text=auto\n*.safetensors filter=lfs diff=lfs merge=lfs -text\n"),
    ("ownership-file", ".github/CODEOWNERS", "* @example/ml\n/models/ @example/models\n"),
    (
        "data-use",
        "dbt/exposures.yml",
        "version: 2\nexposures:\n- name: churn_model\n  type: ml\n  owner: {name: Ana, email: ana@example.com}\n  depends_on: [ref('customers')]\n",
    ),
];

/// The register of a repository, with each thing that can be in it.
const REGISTER: &str = r#"
[[system]]
name = "Churn"
paths = ["models/**"]

[[vendor]]
id = "openai"
status = "approved"

[[statement]]
clause = "9.1.a"
text = "All staff took the course AI security in May 2026; the list is kept by human resources."
by = "Ada Example <ada@example.org>, CISO"
on = 2026-06-01
until = 2027-06-01

[[risk]]
name = "Poisoned data"
system = "Churn"
reference = "docs/risk.md"

[[impact-assessment]]
system = "Churn"
kind = "impact"

[[use-case-analysis]]
system = "Churn"
aspect = "privacy"

[[tool]]
id = "claude-code"
kind = "assistant"

[[prompt-store]]
name = "Prompts"

[[role]]
role = "ciso"
holder = "Ada Example"
"#;

fn seen(root: &Path) -> Vec<Fact> {
    let own = root.join("aimslint.toml");
    let request = Request {
        root: root.to_path_buf(),
        settings: if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None },
        judge_without_ai: true,
        ..Request::default()
    };
    let book = PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"));
    facts(&request, &book, Settings::new(verify::TODAY)).unwrap_or_else(|failure| panic!("{failure}"))
}

fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("temporary folder");
    for (path, text) in files {
        let file = place.path().join(path);
        fs::create_dir_all(file.parent().expect("below the folder")).expect("made");
        fs::write(file, text).expect("written");
    }
    place
}

#[test]
fn every_kind_of_fact_has_an_example() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut files: Vec<(&str, &str)> = AT_THE_ROOT.iter().map(|(_, path, text)| (*path, *text)).collect();
    files.push(("aimslint.toml", REGISTER));
    let place = written(&files);
    let root = seen(place.path());
    for (kind, path, _) in AT_THE_ROOT {
        assert!(root.iter().any(|fact| fact.kind.spec().name == *kind && *fact.path == **path), "no {kind} in {path}");
    }
    let mut kinds: HashSet<&str> = root.iter().map(|fact| fact.kind.spec().name).collect();
    for family in fs::read_dir(fixtures).expect("fixtures") {
        kinds.extend(seen(&family.expect("readable").path()).iter().map(|fact| fact.kind.spec().name));
    }
    let unseen: Vec<&str> = KINDS
        .iter()
        .map(|kind| kind.name)
        .filter(|name| !kinds.contains(name) && !NOT_IN_FILES.contains(name))
        .collect();
    assert!(unseen.is_empty(), "no example shows {unseen:?}: add a fixture");
}

#[test]
fn every_use_of_a_vendor_is_one_fact_whatever_its_form() {
    let place = written(&[
        ("requirements.txt", "openai==1.50.0\n"),
        (
            "app.py",
            concat!(
                "import os\nimport anthropic\n\nclient = anthropic.Anthropic()\n",
                "URL = \"https://api.mistral.ai/v1/chat/completions\"\nKEY = os.environ[\"COHERE_API_KEY\"]\nMODEL = \"gemini-1.5-pro\"\n",
            ),
        ),
        (
            "infra/main.tf",
            concat!(
                "resource \"aws_bedrock_guardrail\" \"words\" {\n  name = \"words\"\n}\n",
                "resource \"azurerm_cognitive_account\" \"chat\" {\n  name = \"chat\"\n  kind = \"OpenAI\"\n}\n",
                "resource \"azurerm_cognitive_account\" \"any\" {\n  name = \"any\"\n  kind = var.kind\n}\n",
            ),
        ),
        (
            ".cursor/mcp.json",
            "{\"mcpServers\": {\"codex\": {\"command\": \"npx\", \"args\": [\"-y\", \"@openai/codex@0.20.0\", \"mcp\"]}}}",
        ),
        (".claude/settings.json", "{\"permissions\": {\"allow\": [\"Bash(ls)\"]}}"),
    ]);
    let facts = seen(place.path());
    let uses = facts.iter().filter(|fact| fact.kind.spec().name == "vendor-use");
    let uses: Vec<String> = uses
        .map(|fact| format!("{} {} {} {}", fact.path, fact.text("form"), fact.text("vendor"), fact.text("name")))
        .collect();
    let distinct: BTreeSet<&str> = uses.iter().map(String::as_str).collect();
    assert_eq!(uses.len(), distinct.len(), "one fact for each use: {uses:#?}");
    assert_eq!(
        distinct,
        BTreeSet::from([
            "requirements.txt package openai openai",
            "app.py import anthropic anthropic",
            "app.py client anthropic anthropic.Anthropic",
            "app.py host mistral api.mistral.ai",
            "app.py environment cohere COHERE_API_KEY",
            "app.py model google-gemini gemini-1.5-pro",
            "infra/main.tf resource aws-bedrock aws_bedrock_guardrail",
            "infra/main.tf resource azure-openai azurerm_cognitive_account",
            ".cursor/mcp.json mcp-server openai @openai/codex",
            ".cursor/mcp.json assistant cursor mcp.json",
            ".claude/settings.json assistant anthropic settings.json",
        ])
    );
}
