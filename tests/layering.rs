//! Data flows one way: nouns import only nouns to their left, verbs import only nouns, and verbs are joined only in lib.rs.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// Modules that pass between stages, in the order of the arrow: each may import those before it.
const NOUNS: &[&str] = &[
    "source",
    "tree",
    "globs",
    "shell",
    "document",
    "problem",
    "table",
    "timings",
    "fact",
    "finding",
    "baseline",
    "waiver",
    "ownership",
    "fingerprint",
    "tier",
    "interest",
    "contents",
    "git",
    "catalogue",
    "register",
    "policy",
    "settings",
    "coverage",
];

/// Stages: each may import nouns, never another stage.
const VERBS: &[&str] = &[
    "discover", "classify", "parse", "extract", "digest", "compare", "history", "evaluate", "waive", "locate",
    "narrow", "report",
];

/// Modules that stand outside of the arrow and may call the library as users do.
const OUTSIDE: &[&str] = &[
    "lib",
    "scan",
    "written",
    "gather",
    "failure",
    "request",
    "prepare",
    "threads",
    "own_files",
    "packs",
    "read_table",
    "book",
    "main",
    "command",
    "arguments",
    "explain",
    "schema",
    "examples",
    "pages",
    "draft",
    "scaffold",
    "verify",
    "renew",
    "blame",
    "standing",
    "truth",
    "judge",
];

/// The first module after each `crate::` in the file.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1) {
        let names = after
            .strip_prefix('{')
            .map_or(vec![after], |list| list.split('}').next().unwrap_or_default().split(',').collect());
        for name in names {
            let name: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name.starts_with(char::is_lowercase) {
                found.push(name);
            }
        }
    }
    found
}

#[test]
fn imports_point_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for entry in WalkDir::new(&source).into_iter().map(|entry| entry.expect("readable")) {
        // Tests in files of their own join stages as the tests in other files do, below `#[cfg(test)]`.
        let is_test = entry.file_name() == "tests.rs";
        if is_test || entry.path().extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let relative = entry.path().strip_prefix(&source).expect("below src");
        let first = relative.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        let module = if module == "fact_table" { "fact".to_owned() } else { module };
        *seen.entry(module.clone()).or_default() += 1;
        if OUTSIDE.contains(&module.as_str()) {
            continue;
        }
        let place = NOUNS.iter().position(|noun| *noun == module);
        assert!(place.is_some() || VERBS.contains(&module.as_str()), "say in tests/layering.rs what `{module}` is");
        for import in imports(&fs::read_to_string(entry.path()).expect("readable")) {
            let import_place = NOUNS.iter().position(|noun| *noun == import);
            let fine = import == module
                || match (place, import_place) {
                    (Some(own), Some(other)) => other < own,
                    (None, Some(_)) => true,
                    (_, None) => false,
                };
            if !fine {
                wrong.push(format!("{} imports {import}", relative.display()));
            }
        }
    }
    for module in NOUNS.iter().chain(VERBS) {
        assert!(seen.contains_key(*module), "`{module}` is gone: take it out of tests/layering.rs");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn imports_are_read_from_every_form() {
    assert_eq!(
        imports("use crate::source::Span;\nuse crate::{fact::Fact, finding};\nlet x = crate::tree::join(a, b);"),
        ["source", "fact", "finding", "tree"]
    );
}
