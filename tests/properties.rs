//! What holds of every run on whole repositories: threads change no byte, places are where their text stands, fingerprints survive moved
//! lines, and what is printed reads back as what was found.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::finding::{Region, Report};
use aimslint::report::{Format, Options, write};
use aimslint::settings::{Profile, Settings};
use aimslint::{PolicyBook, Request, SettingsFile, check, verify};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use walkdir::WalkDir;

static BOOK: LazyLock<PolicyBook> =
    LazyLock::new(|| PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}")));

fn whole(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole").join(name)
}

fn scan(root: &Path, threads: usize) -> Report {
    let own = root.join("aimslint.toml");
    let request = Request {
        root: root.to_path_buf(),
        settings: if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None },
        profile: Some(Profile::Audit),
        threads: Some(threads),
        without_history: true,
        ..Request::default()
    };
    check(&request, &BOOK, Settings::new(verify::TODAY), &|_, _| {}).expect("the run ends").0
}

fn printed(format: Format, report: &Report) -> String {
    let mut out = Vec::new();
    write(format, report, &Options::default(), &mut out).expect("written");
    String::from_utf8(out).expect("text")
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for name in ["credit-scoring", "well-kept"] {
        let one = scan(&whole(name), 1);
        for threads in [2, 8] {
            let many = scan(&whole(name), threads);
            for format in [Format::Json, Format::Sarif, Format::Human] {
                assert_eq!(printed(format, &many), printed(format, &one), "{name} with {threads} threads");
            }
        }
    }
}

#[test]
fn the_text_at_a_place_is_what_is_shown() {
    let root = whole("credit-scoring");
    let report = scan(&root, 2);
    let mut compared = 0;
    for region in report.findings.iter().flat_map(|placed| placed.related.iter().chain([&placed.region])) {
        let Region { path, bytes, snippet: Some(snippet), .. } = region else { continue };
        let text = fs::read_to_string(root.join(&**path)).expect("readable");
        let there = text.get(bytes.start..bytes.end).unwrap_or_else(|| panic!("{path}: {bytes:?} is no place"));
        // Secrets are starred out and keep their length.
        let same = there.chars().zip(snippet.chars()).all(|(there, shown)| there == shown || shown == '*');
        assert!(same && there.chars().count() == snippet.chars().count(), "{path}: {there:?} is shown as {snippet:?}");
        compared += 1;
    }
    assert!(compared > 30, "only {compared} places were compared");
}

#[test]
fn fingerprints_survive_inserted_lines() {
    let root = whole("credit-scoring");
    let folder = tempfile::tempdir().expect("temporary folder");
    for entry in WalkDir::new(&root).into_iter().map(|entry| entry.expect("readable")) {
        let to = folder.path().join(entry.path().strip_prefix(&root).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("made");
            continue;
        }
        fs::copy(entry.path(), &to).expect("copied");
        if to.extension().is_some_and(|extension| extension == "py") {
            let text = fs::read_to_string(&to).expect("text");
            fs::write(&to, format!("# A line.\n\n# Another.\n{text}")).expect("written");
        }
    }
    let names = |report: &Report| {
        let mut names: Vec<(String, String)> = report
            .findings
            .iter()
            .map(|placed| (placed.finding.rule.clone(), placed.finding.fingerprint.clone()))
            .collect();
        names.sort();
        names
    };
    let (before, after) = (scan(&root, 2), scan(folder.path(), 2));
    assert_eq!(names(&before), names(&after));
    let lines = |report: &Report| report.findings.iter().map(|placed| placed.region.line).sum::<usize>();
    assert!(lines(&after) > lines(&before), "no line has moved");
}

#[test]
fn what_is_printed_reads_back() {
    let report = scan(&whole("credit-scoring"), 2);
    let open = report.open().count();
    let sarif: Value = serde_json::from_str(&printed(Format::Sarif, &report)).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    // The worst come first there.
    let mut rules: Vec<&str> = results.iter().filter_map(|result| result["ruleId"].as_str()).collect();
    let mut found: Vec<&str> = report.open().map(|placed| placed.finding.rule.as_str()).collect();
    rules.sort_unstable();
    found.sort_unstable();
    assert_eq!((rules, results.len()), (found, open));
    let json: Value = serde_json::from_str(&printed(Format::Json, &report)).expect("JSON");
    let findings = json["findings"].as_array().expect("a list");
    for (read, placed) in findings.iter().zip(report.open()) {
        assert_eq!(read["fingerprint"], placed.finding.fingerprint.as_str());
        assert_eq!(read["message"], placed.finding.message.as_str());
    }
    assert_eq!(findings.len(), open);
}
