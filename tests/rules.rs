//! Every rule against its own fixtures, and nothing but its own.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::{PolicyBook, verify};
use std::path::Path;

#[test]
fn every_rule_finds_what_its_fixtures_say_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let book = PolicyBook::load(verify::rule_files(&root.join("policies")).expect("rules are readable"))
        .unwrap_or_else(|failure| panic!("{failure}"));
    let verdicts = verify::verify(&book, &root.join("fixtures")).expect("fixtures run");
    assert!(verdicts.len() >= 2 * book.rules.len(), "a fail and a pass case for each rule");
    let faults: Vec<String> = verdicts
        .iter()
        .filter(|verdict| !verdict.faults.is_empty())
        .map(|verdict| format!("{} {}: {}", verdict.rule, verdict.case, verdict.faults.join("; ")))
        .collect();
    assert!(faults.is_empty(), "{} of {} cases:\n{}", faults.len(), verdicts.len(), faults.join("\n"));
}
