//! What holds of every run on whole repositories: threads change no byte, places are where their text stands, fingerprints survive moved
//! lines, and what is printed reads back as what was found.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use aimslint::baseline::Baseline;
use aimslint::finding::{Placed, Region, Report};
use aimslint::renew::{Growth, renew};
use aimslint::report::{Format, Options, write};
use aimslint::settings::{Profile, Settings};
use aimslint::source::Lines;
use aimslint::{BaselineFile, PolicyBook, Request, SettingsFile, check, verify};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use walkdir::WalkDir;

static BOOK: LazyLock<PolicyBook> =
    LazyLock::new(|| PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}")));

fn whole(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole").join(name)
}

/// The fixtures of all rules as one repository: places and fingerprints of every kind.
fn everything() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn request(root: &Path) -> Request {
    let own = root.join("aimslint.toml");
    Request {
        root: root.to_path_buf(),
        settings: if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None },
        profile: Some(Profile::Audit),
        without_history: true,
        ..Request::default()
    }
}

fn scan(root: &Path, threads: usize) -> Report {
    let request = Request { threads: Some(threads), ..request(root) };
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

/// Copies a repository, its files in this order, each changed by `change`.
fn copied(root: &Path, backwards: bool, change: impl Fn(&Path, Vec<u8>) -> Vec<u8>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut files: Vec<PathBuf> = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    if backwards {
        files.reverse();
    }
    for file in files {
        let to = folder.path().join(file.strip_prefix(root).expect("below"));
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::write(&to, change(&file, fs::read(&file).expect("readable"))).expect("written");
    }
    folder
}

#[test]
fn the_order_of_files_on_disk_changes_no_byte() {
    let [one, other] = [false, true].map(|backwards| copied(&whole("credit-scoring"), backwards, |_, bytes| bytes));
    let [one, other] = [&one, &other].map(|folder| scan(folder.path(), 2));
    for format in [Format::Json, Format::Sarif] {
        assert_eq!(printed(format, &one), printed(format, &other));
    }
}

/// The text between two places as SARIF counts them: lines and columns from 1, columns in UTF-16 units.
fn text_between(text: &str, [line, column, end_line, end_column]: [usize; 4]) -> String {
    let lines = Lines::new(text);
    let offset = |line: usize, column: usize| {
        let span = lines.line(line).unwrap_or_else(|| panic!("there is no line {line}"));
        let mut units = 0;
        let before = text[span.start..].chars().take_while(|c| {
            units += c.len_utf16();
            units < column
        });
        span.start + before.map(char::len_utf8).sum::<usize>()
    };
    text[offset(line, column)..offset(end_line, end_column)].to_owned()
}

#[test]
fn places_in_sarif_read_again_are_the_text_that_stands_beside_them() {
    let root = everything();
    let report = scan(&root, 2);
    let sarif: Value = serde_json::from_str(&printed(Format::Sarif, &report)).expect("JSON");
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut compared = 0;
    for result in sarif["runs"][0]["results"].as_array().expect("a list") {
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in related.chain(result["locations"].as_array().into_iter().flatten()) {
            let physical = &location["physicalLocation"];
            let path = physical["artifactLocation"]["uri"].as_str().expect("a path").to_owned();
            for region in [&physical["region"], &physical["contextRegion"]] {
                let Some(snippet) = region["snippet"]["text"].as_str() else { continue };
                // No fixture is called by a name that has to be encoded.
                let text = texts.entry(path.clone()).or_insert_with(|| {
                    fs::read_to_string(root.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"))
                });
                let numbers = ["startLine", "startColumn", "endLine", "endColumn"]
                    .map(|key| usize::try_from(region[key].as_u64().expect("a number")).expect("small"));
                let there = text_between(text, numbers);
                let same = there.chars().zip(snippet.chars()).all(|(there, shown)| there == shown || shown == '*');
                assert!(same && there.len() == snippet.len(), "{path}: {there:?} is shown as {snippet:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "only {compared} places were compared");
}

#[test]
fn a_baseline_that_is_written_and_read_again_covers_every_finding() {
    let folder = copied(&everything(), false, |_, bytes| bytes);
    let path = folder.path().join("aimslint-baseline.json");
    let settings = || Settings::new(verify::TODAY);
    let renewed = |baseline| {
        let request = Request { baseline, ..request(folder.path()) };
        renew(&request, &BOOK, settings(), Growth::Any, &|_, _| {}).expect("the run ends").baseline
    };
    let first: Baseline = renewed(BaselineFile::None);
    assert!(first.entries.len() > 500, "only {} findings", first.entries.len());
    fs::write(&path, first.text()).expect("written");
    let request = Request { baseline: BaselineFile::At(path.clone()), ..request(folder.path()) };
    let (report, _) = check(&request, &BOOK, settings(), &|_, _| {}).expect("the run ends");
    assert_eq!(report.open().count(), 0);
    assert!(report.baseline.is_some_and(|comparison| comparison.mended.is_empty()));
    assert_eq!(renewed(BaselineFile::At(path)), first);
}

#[test]
fn the_text_at_a_place_is_what_is_shown() {
    let root = everything();
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
    assert!(compared > 1_000, "only {compared} places were compared");
}

/// Lines that mean nothing, put before the first line of a file: for text of which a blank line may begin it.
fn moved(file: &Path, bytes: &[u8]) -> Vec<u8> {
    let name = file.file_name().expect("a name").to_string_lossy();
    let extension = file.extension().map_or_else(|| name.clone(), |extension| extension.to_string_lossy());
    let lines: &[u8] = match &*extension {
        "py" | "tf" | "yaml" | "yml" | "txt" | "toml" | "sh" | "Dockerfile" => b"# A line.\n\n",
        "json" | "ts" | "Jenkinsfile" | "ipynb" => b"\n\n",
        _ => b"",
    };
    [lines, bytes].concat()
}

#[test]
fn fingerprints_survive_inserted_lines() {
    let root = everything();
    // Both are copies: what git tracks is a finding of its own.
    let [unmoved, folder] =
        [copied(&root, false, |_, bytes| bytes), copied(&root, false, |file, bytes| moved(file, &bytes))];
    let names = |report: &Report| {
        let mut names: Vec<String> = report
            .findings
            .iter()
            .map(|Placed { finding, region, .. }| {
                format!("{} {} {} {}", finding.rule, region.path, finding.subject, finding.fingerprint)
            })
            .collect();
        names.sort();
        names
    };
    let (before, after) = (scan(unmoved.path(), 2), scan(folder.path(), 2));
    let (had, has) = (names(&before), names(&after));
    let differs = |some: &[String], others: &[String]| {
        some.iter().filter(|name| !others.contains(name)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(differs(&had, &has), differs(&has, &had));
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
        let (finding, region) = (&placed.finding, &placed.region);
        for (key, text) in [
            ("fingerprint", &*finding.fingerprint),
            ("message", &finding.message),
            ("rule", &finding.rule),
            ("subject", &finding.subject),
            ("path", &region.path),
        ] {
            assert_eq!(read[key], text, "{key}");
        }
        for (key, number) in [
            ("line", region.line),
            ("column", region.column),
            ("end_line", region.end_line),
            ("end_column", region.end_column),
        ] {
            assert_eq!(read[key], number, "{key} of {}", finding.message);
        }
    }
    assert_eq!(findings.len(), open);
}
