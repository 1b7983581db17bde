//! Files of every kind, from the fixtures, spoilt in every way: nothing panics, every place lies within its file, and lines stay what they are
//! however lines end.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use aimslint::catalogue::Catalogue;
use aimslint::document::{FileKind, Parsed, PipelineSystem, Syntax, Value};
use aimslint::fact::Facts;
use aimslint::interest::Interest;
use aimslint::source::{Lines, SourceFile, Span};
use aimslint::tree::Tree;
use aimslint::{PolicyBook, classify, extract, parse, policy};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::LazyLock;
use walkdir::WalkDir;

/// How many files of each kind are spoilt, and how long they may be: with more, the test would take longer and see nothing new.
const SEEDS_OF_A_KIND: usize = 8;
const SEED_BYTES: usize = 6_000;
/// How many scalars of a file are replaced, each in turn.
const SCALARS_OF_A_SEED: usize = 12;
/// At how many places a file is cut off.
const CUTS: usize = 14;
/// How long one very long line is.
const LONG: usize = 50_000;

/// A file of a fixture.
struct Seed {
    path: String,
    text: String,
    kind: FileKind,
}

static INTEREST: LazyLock<Interest> = LazyLock::new(|| {
    let book = PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"));
    policy::interest(book.rules.values())
});

static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(seeds);

/// Files that no rule has a fixture for.
const MORE: &[(&str, &str)] = &[
    (
        "mlruns/0/model/MLmodel",
        "artifact_path: model\nflavors:\n  python_function:\n    env: {conda: conda.yaml}\n    loader_module: mlflow.sklearn\n  sklearn:\n    pickled_model: model.pkl\n    serialization_format: cloudpickle\nrun_id: 8d1f\nsignature: null\n",
    ),
    (
        ".github/dependabot.yml",
        "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n    schedule:\n      interval: weekly\n",
    ),
    ("renovate.json", "{\n  \"extends\": [\"config:recommended\"],\n  \"schedule\": [\"before 4am on monday\"]\n}\n"),
    (
        ".github/settings.yml",
        "branches:\n  - name: main\n    protection:\n      enforce_admins: true\n      required_pull_request_reviews:\n        required_approving_review_count: 1\n",
    ),
    (
        "pipelines/train.yaml",
        "pipelineInfo:\n  name: train\ndeploymentSpec:\n  executors:\n    exec-train:\n      container:\n        image: python:3.11\n        command: [python, train.py]\nroot:\n  dag:\n    tasks:\n      train:\n        componentRef: {name: comp-train}\ncomponents:\n  comp-train: {executorLabel: exec-train}\nschemaVersion: 2.1.0\nsdkVersion: kfp-2.9.0\n",
    ),
    (".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.gguf filter=lfs\n"),
    (
        ".claude/settings.json",
        "{\n  \"permissions\": {\"allow\": [\"Bash(python:*)\"], \"defaultMode\": \"acceptEdits\"}\n}\n",
    ),
];

/// Files of each kind, of all fixtures.
fn seeds() -> Vec<Seed> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut of_kind: BTreeMap<FileKind, Vec<Seed>> = BTreeMap::new();
    let mut texts = BTreeSet::new();
    for entry in WalkDir::new(&fixtures).sort_by_file_name().into_iter().map(|entry| entry.expect("readable")) {
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        let inside = entry.path().strip_prefix(&fixtures).expect("below");
        // The first three folders are family, rule and case.
        let path = inside.iter().skip(3).map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        let Some(kind) = classify::classify(&path) else { continue };
        if text.len() <= SEED_BYTES && texts.insert(text.clone()) {
            let kind = classify::settle(kind, &path, &text);
            of_kind.entry(kind).or_default().push(Seed { path, text, kind });
        }
    }
    for (path, text) in MORE {
        let kind = classify::settle(classify::classify(path).expect("a kind"), path, text);
        of_kind.entry(kind).or_default().push(Seed { path: (*path).to_owned(), text: (*text).to_owned(), kind });
    }
    for seeds in of_kind.values_mut() {
        seeds.sort_by_key(|seed| std::cmp::Reverse(seed.text.len()));
        // Long ones say most, short ones are the odd ones.
        let middle = seeds.len().saturating_sub(SEEDS_OF_A_KIND / 2).max(SEEDS_OF_A_KIND / 2);
        let mut index = 0;
        seeds.retain(|_| {
            index += 1;
            index <= SEEDS_OF_A_KIND / 2 || index > middle
        });
    }
    of_kind.into_values().flatten().collect()
}

/// What is seen in the text under the seed's name, after the same steps as in a run; panics with a message when one of them does, or
/// when a place lies outside of the text.
fn seen(seed: &Seed, text: &str, how: &str) -> (Facts, Vec<Span>) {
    let read = || {
        let kind = classify::settle(classify::classify(&seed.path).expect("a kind"), &seed.path, text);
        let file = SourceFile::new(seed.path.as_str(), text);
        let mut parsed = parse::parse(kind, text);
        let tree = Tree::of([seed.path.as_str().into()].into());
        let context = extract::Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &INTEREST };
        let mut facts = extract::extract(&file, kind, &parsed, &context);
        let faults = parsed.faults().iter().map(|fault| fault.at).collect();
        if let (true, Parsed::Tree(document)) = (kind.is_linked(), &mut parsed) {
            let linked = [(file, kind, std::mem::take(document))];
            extract::infrastructure::extract(&linked, std::slice::from_mut(&mut facts));
        }
        (facts, faults)
    };
    let result: Result<(Facts, Vec<Span>), _> = catch_unwind(AssertUnwindSafe(read));
    let Ok((facts, faults)) = result else { panic!("{} ({:?}), {how}: aimslint failed", seed.path, seed.kind) };
    let places = facts.all.iter().flat_map(|fact| {
        let own = fact.fields.places().iter().map(|(_, at)| *at);
        own.chain(fact.at.span()).map(|at| (fact.kind.spec().name, at))
    });
    for (of, at) in places.chain(faults.iter().map(|at| ("fault", *at))) {
        let right = at.start <= at.end && text.is_char_boundary(at.start) && text.is_char_boundary(at.end);
        assert!(right, "{} ({:?}), {how}: the place of a {of} is {at:?} in {} bytes", seed.path, seed.kind, text.len());
    }
    (facts, faults)
}

/// What is seen, with the line of each.
fn lines_of(facts: &Facts, text: &str) -> BTreeSet<(&'static str, String, Option<usize>)> {
    let lines = Lines::new(text);
    let of = |fact: &aimslint::fact::Fact| {
        (fact.kind.spec().name, fact.subject.replace('\r', ""), fact.at.span().map(|at| lines.position(at.start).0))
    };
    facts.all.iter().map(of).collect()
}

#[test]
fn every_kind_of_file_is_there() {
    let there: BTreeSet<FileKind> = SEEDS.iter().map(|seed| seed.kind).collect();
    let mut missing = Vec::new();
    for kind in [
        FileKind::Python,
        FileKind::JavaScript,
        FileKind::Notebook,
        FileKind::Markdown,
        FileKind::Requirements,
        FileKind::Pyproject,
        FileKind::CondaEnvironment,
        FileKind::PackageJson,
        FileKind::Packages(Syntax::Toml),
        FileKind::Packages(Syntax::Json),
        FileKind::DvcConfig,
        FileKind::DvcFile,
        FileKind::DvcPipeline,
        FileKind::DvcLock,
        FileKind::Croissant,
        FileKind::ModelCardToolkit,
        FileKind::CycloneDx,
        FileKind::Spdx,
        FileKind::MlflowModel,
        FileKind::Bentofile,
        FileKind::AzureMl,
        FileKind::EvaluationResults,
        FileKind::Modelfile,
        FileKind::DataJson,
        FileKind::DataYaml,
        FileKind::PatternList,
        FileKind::UpkeepYaml,
        FileKind::UpkeepJson,
        FileKind::SecurityText,
        FileKind::Dockerfile,
        FileKind::Compose,
        FileKind::Kubernetes,
        FileKind::AirflowSettings,
        FileKind::HelmValues,
        FileKind::HelmChart,
        FileKind::Terraform,
        FileKind::Bicep,
        FileKind::Arm,
        FileKind::CloudFormation,
        FileKind::EnvironmentFile,
        FileKind::TokenizerConfiguration,
        FileKind::ChatTemplate,
        FileKind::AssistantSettings(Syntax::Json),
        FileKind::AgentInstructions,
        FileKind::ModelGateway,
        FileKind::Text,
        FileKind::Pipeline(PipelineSystem::GitHub),
        FileKind::Pipeline(PipelineSystem::GitLab),
        FileKind::Pipeline(PipelineSystem::Azure),
        FileKind::Pipeline(PipelineSystem::CircleCi),
        FileKind::Pipeline(PipelineSystem::Jenkins),
        FileKind::Pipeline(PipelineSystem::Kubeflow),
        FileKind::Pipeline(PipelineSystem::SageMaker),
    ] {
        if !there.contains(&kind) {
            missing.push(kind);
        }
    }
    assert!(missing.is_empty(), "there is no file of these kinds: {missing:?}");
}

#[test]
fn cut_off_anywhere() {
    for seed in SEEDS.iter() {
        for cut in 0..CUTS {
            let mut end = seed.text.len() * cut / CUTS;
            while !seed.text.is_char_boundary(end) {
                end += 1;
            }
            seen(seed, &seed.text[..end], &format!("cut off at {end}"));
        }
    }
}

#[test]
fn lines_stay_what_they_are_however_they_end() {
    for seed in SEEDS.iter().filter(|seed| !seed.text.contains(['\r', '\u{feff}'])) {
        let (facts, _) = seen(seed, &seed.text, "as it is");
        let expected = lines_of(&facts, &seed.text);
        for (how, text) in [
            ("with a byte order mark", format!("\u{feff}{}", seed.text)),
            ("with the line ends of Windows", seed.text.replace('\n', "\r\n")),
        ] {
            let (facts, _) = seen(seed, &text, how);
            assert_eq!(lines_of(&facts, &text), expected, "{} ({:?}), {how}", seed.path, seed.kind);
        }
    }
}

#[test]
fn everything_twice() {
    for seed in SEEDS.iter() {
        seen(seed, &seed.text.repeat(2), "twice");
        let lines: String = seed.text.split_inclusive('\n').map(|line| line.repeat(2)).collect();
        seen(seed, &lines, "each line twice");
        // In JSON the members of an object stand between commas.
        let members = seed.text.replace("\": ", "\": 1, \"x\": ");
        seen(seed, &members, "with members that nobody expects");
    }
}

#[test]
fn other_values_than_expected() {
    for seed in SEEDS.iter() {
        let Parsed::Tree(document) = parse::parse(seed.kind, &seed.text) else { continue };
        let mut scalars: Vec<Span> = Vec::new();
        for root in &document.roots {
            root.walk(10_000, &mut |node, _| {
                if !matches!(node.value, Value::List(_) | Value::Map(_)) && node.span.end > node.span.start {
                    scalars.push(node.span);
                }
            });
        }
        let step = scalars.len().div_ceil(SCALARS_OF_A_SEED).max(1);
        for at in scalars.iter().step_by(step) {
            for value in ["[1, [2]]", "{\"a\": {\"b\": [1]}}", "7", "null", "\"\""] {
                let text = format!("{}{value}{}", &seed.text[..at.start], &seed.text[at.end..]);
                seen(seed, &text, &format!("with {value} at {at:?}"));
            }
        }
    }
}

#[test]
fn letters_of_every_length() {
    for seed in SEEDS.iter() {
        for (letter, other) in [('a', "ä"), ('e', "\u{1f600}"), ('o', "o\u{301}"), (' ', "\u{a0}"), ('"', "\u{201c}")]
        {
            seen(seed, &seed.text.replace(letter, other), &format!("with {other:?} for {letter:?}"));
        }
    }
}

#[test]
fn one_very_long_line() {
    let mut kinds = BTreeSet::new();
    for seed in SEEDS.iter().filter(|seed| kinds.insert(seed.kind)) {
        let half = seed.text.len() / 2;
        let end = seed.text[half..].find('\n').map_or(seed.text.len(), |line| half + line);
        for filler in ["x", "é", "[", "\"", " #", "${"] {
            let text = format!("{}{}{}", &seed.text[..end], filler.repeat(LONG), &seed.text[end..]);
            seen(seed, &text, &format!("with a long line of {filler:?}"));
        }
    }
}
