//! Hostile rules, settings and waivers: each is refused, or judged in time.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "not every test needs all of it")]
mod hostile_tree;

use aimslint::finding::Report;
use aimslint::settings::Settings;
use aimslint::{PolicyBook, Request, SettingsFile, check};
use hostile_tree::{BOOK, KNOWN, scan, tree};
use jiff::civil::Date;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// A rule of somebody's own, with this `[must]`.
fn book_of(must: &str) -> Result<PolicyBook, aimslint::Failure> {
    let head = "title = 'x'\nmessage = 'x'\nlevel = 'error'\nconfidence = 'high'\nclauses = ['3.2.a']\ncontrols = ['iso27002:8.24']\nwhy = 'x'\nfix = 'x'\nblind = 'x'\n[each]\nfact = 'model-reference'\n";
    PolicyBook::load([aimslint::source::SourceFile::new("policies/integrity/own.toml", format!("{head}{must}"))])
}

fn judged(root: &Path, must: &str) -> Report {
    let book = book_of(must).unwrap_or_else(|failure| panic!("{failure}"));
    let request = Request { root: root.to_path_buf(), settings: SettingsFile::None, ..Request::default() };
    let started = Instant::now();
    let (report, _) =
        check(&request, &book, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}).expect("the run ends");
    assert!(started.elapsed() < Duration::from_secs(30), "took {:?}", started.elapsed());
    report
}

#[test]
fn an_expression_that_would_take_too_much_memory_is_refused() {
    let Err(failure) = book_of("[must]\nhold = 'id.matches(\"(a{1000}){1000}\")'\n") else { panic!("taken") };
    assert!(failure.to_string().contains("not a regular expression"), "{failure}");
    // One that backtracking would never finish.
    let folder = tree();
    fs::write(folder.path().join("config.json"), format!("{{\"_name_or_path\": \"{}b\"}}", "a".repeat(50_000)))
        .expect("written");
    judged(folder.path(), "[must]\nhold = 'id.matches(\"^(a+)+$\")'\n");
}

#[test]
fn an_expression_that_is_slow_to_compile_is_compiled_once() {
    let folder = tree();
    fs::write(folder.path().join("many.py"), KNOWN.repeat(4_000)).expect("written");
    let started = Instant::now();
    judged(folder.path(), "[must]\nhold = 'id.matches(\"^[a-z]{1000}$\")'\n");
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
}

#[test]
fn a_condition_that_would_not_end_is_said_not_to_be_judged() {
    let list = format!("[{}]", vec!["'a'"; 300].join(","));
    let must = format!("[must]\nhold = \"{list}.all(a, {list}.all(b, {list}.all(c, a == b && b == c)))\"\n");
    let report = judged(tree().path(), &must);
    assert!(report.not_assessed.iter().any(|entry| entry.reason.contains("steps")), "{:?}", report.not_assessed);
    assert_eq!(report.open().count(), 0);
}

#[test]
fn what_is_the_same_for_all_facts_is_looked_for_once() {
    let folder = tree();
    fs::write(folder.path().join("many.py"), KNOWN.repeat(4_000)).expect("written");
    let report = judged(folder.path(), "[must.exist]\nfact = 'model-reference'\nwhere = \"id == 'never'\"\n");
    assert_eq!((report.open().count(), report.not_assessed.len()), (4_001, 0));
}

#[test]
fn many_waivers_above_nothing() {
    let folder = tree();
    fs::write(folder.path().join("waived.py"), "# aimslint: ignore[access/x] why\n".repeat(4_000)).expect("written");
    let started = Instant::now();
    scan(folder.path());
    assert!(started.elapsed() < Duration::from_secs(40), "took {:?}", started.elapsed());
}

#[test]
fn settings_with_more_faults_than_anybody_reads() {
    for text in [
        (0..100_000).map(|number| format!("key{number} = 1\n")).collect::<String>(),
        format!("[rules]\n{}", (0..100_000).map(|number| format!("\"a/b{number}\" = 'x'\n")).collect::<String>()),
        format!("exclude = [{}]\n", "1, ".repeat(100_000)),
        format!("{} = 1\n", "a".repeat(1 << 20)),
    ] {
        let folder = tree();
        fs::write(folder.path().join("aimslint.toml"), text).expect("written");
        let request = Request { root: folder.path().to_path_buf(), ..Request::default() };
        let started = Instant::now();
        let Err(failure) = check(&request, &BOOK, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}) else {
            panic!("the settings were taken")
        };
        assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
        assert!(failure.to_string().lines().count() <= 1_001, "{} lines", failure.to_string().lines().count());
    }
}
