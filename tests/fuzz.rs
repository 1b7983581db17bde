//! Every seed of the fuzz targets, whole and spoilt: `fuzz/README.md` says what they are. `FUZZ_CORPUS=1 cargo test --test fuzz` writes them
//! to `fuzz/corpus`.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(clippy::missing_panics_doc, reason = "panics are what it is for")]
#[path = "../fuzz/src/lib.rs"]
mod inputs;

use aimslint::document::Node;
use aimslint::parse;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use walkdir::WalkDir;

/// As much stack as a scan gives its threads.
const STACK_BYTES: usize = 64 << 20;

/// Inputs by target.
static SEEDS: LazyLock<BTreeMap<&str, Vec<Vec<u8>>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds: BTreeMap<&str, Vec<Vec<u8>>> = BTreeMap::new();
    for target in inputs::TARGETS {
        let kept = files(&root.join("fuzz/inputs").join(target));
        seeds.insert(target, kept.iter().map(|path| fs::read(path).expect("readable")).collect());
    }
    let mut add = |target: &'static str, path: &str, content: &[u8]| {
        seeds.entry(target).or_default().push([path.as_bytes(), b"\n", content].concat());
    };
    for file in files(&root.join("fixtures")) {
        let path = within_case(file.strip_prefix(root.join("fixtures")).expect("below"));
        let bytes = fs::read(&file).expect("readable");
        let Ok(text) = std::str::from_utf8(&bytes) else {
            add("model", &path, &bytes);
            continue;
        };
        match &*path {
            "aimslint.toml" => add("settings", &path, &bytes),
            "aimslint-baseline.json" => add("baseline", &path, &bytes),
            _ => {}
        }
        if inputs::extension(&path) == "sh" || path.ends_with("Dockerfile") {
            add("shell", &path, &bytes);
        }
        if text.contains("aimslint:") {
            add("waivers", &path, &bytes);
        }
        add(inputs::target_of(&path, text).unwrap_or("model"), &path, &bytes);
    }
    for file in files(&root.join("policies"))
        .iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "catalogue"))
    {
        let text = fs::read_to_string(file).unwrap_or_default();
        let path = file.strip_prefix(root).expect("below").to_string_lossy();
        if inputs::extension(&path) == "toml" {
            add("rule", &path, text.as_bytes());
            for (kind, condition) in conditions(&text) {
                add("condition", &kind, condition.as_bytes());
            }
        }
    }
    seeds
});

/// All files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// The path of a fixture within its repository: below `family/rule/case` or `whole/name`.
fn within_case(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts[if parts[0] == "whole" { 2 } else { 3.min(parts.len() - 1) }..].join("/")
}

/// The conditions of a rule, each with the kind of fact that it is about.
fn conditions(rule: &str) -> Vec<(String, String)> {
    let document = parse::toml::parse(rule);
    let text = |path: &str| document.root().and_then(|root| root.at(path)).and_then(Node::text).map(str::to_owned);
    let pairs = [
        ("each.fact", "each.where"),
        ("each.fact", "must.hold"),
        ("must.exist.fact", "must.exist.where"),
        ("must.not-exist.fact", "must.not-exist.where"),
    ];
    pairs.into_iter().filter_map(|(kind, condition)| text(kind).zip(text(condition))).collect()
}

/// Gives the input to its target, on a thread with the stack of a scan; tells which one it was when it fails.
fn run_all(spoil: fn(&[u8]) -> Vec<Vec<u8>>) {
    let threads: Vec<_> = inputs::TARGETS
        .iter()
        .map(|target| {
            let run = move || {
                for input in &SEEDS[target] {
                    for input in spoil(input) {
                        let outcome = std::panic::catch_unwind(|| inputs::run(target, &input));
                        assert!(outcome.is_ok(), "{target}: {}", String::from_utf8_lossy(&input));
                    }
                }
            };
            std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).expect("started")
        })
        .collect();
    for thread in threads {
        assert!(thread.join().is_ok(), "an input failed: see above");
    }
}

#[test]
fn every_target_has_seeds_and_takes_them() {
    for target in inputs::TARGETS {
        let all = &SEEDS[target];
        let taken = all.iter().filter(|seed| inputs::run(target, seed)).count();
        assert!(taken > 0, "{target} takes none of {} seeds", all.len());
    }
}

#[test]
fn every_seed_is_read() {
    run_all(|seed| vec![seed.to_vec()]);
}

#[test]
fn every_seed_is_read_when_it_is_cut_short() {
    run_all(|seed| (1..8).map(|eighths| seed[..seed.len() * eighths / 8].to_vec()).collect());
}

#[test]
fn every_seed_is_read_when_a_piece_of_it_is_missing_or_comes_twice() {
    run_all(|seed| {
        let (third, half) = (seed.len() / 3, seed.len() / 2);
        let [first, middle, last] = [&seed[..third], &seed[third..half], &seed[half..]];
        vec![
            [first, last].concat(),
            [first, middle, middle, last].concat(),
            [first, "é\u{feff}\r".as_bytes(), last].concat(),
        ]
    });
}

#[test]
fn the_corpus_is_written_on_request() {
    if std::env::var_os("FUZZ_CORPUS").is_none() {
        return;
    }
    for (target, seeds) in &*SEEDS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
        fs::create_dir_all(&folder).expect("made");
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed).expect("written");
        }
    }
}
