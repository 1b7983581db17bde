//! Holds rules against their fixtures: tiny repositories that a rule must find fault with, or must not.

mod commits;

use crate::document::Node;
use crate::git::Range;
use crate::settings::{FILE_NAME, Settings};
use crate::source::SourceFile;
use crate::{Failure, PolicyBook, Request, SettingsFile, check};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use walkdir::WalkDir;

/// Name of the file in a case that says what is expected.
pub const EXPECTATION: &str = "expect.toml";

/// The day that counts as today in every case, so that due dates in fixtures stay due.
pub const TODAY: Date = Date::constant(2026, 11, 21);

/// What came of one case, or of a rule without cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Id of the rule.
    pub rule: String,
    /// Name of the case's folder; empty when it is about the rule's fixtures as a whole.
    pub case: String,
    /// What is wrong; empty when all is as expected.
    pub faults: Vec<String>,
}

/// Runs every case of every rule in `book` below `fixtures`.
///
/// # Errors
///
/// When a case cannot be run at all.
pub fn verify(book: &PolicyBook, fixtures: &Path) -> Result<Vec<Verdict>, Failure> {
    let mut verdicts = Vec::new();
    for id in book.rules.keys() {
        let cases = folders_in(&fixtures.join(id));
        for kind in ["fail", "pass"] {
            if !cases.iter().any(|case| name_of(case).starts_with(kind)) {
                let fault = format!("there is no {kind}-* folder in {}", fixtures.join(id).display());
                verdicts.push(Verdict { rule: id.clone(), case: String::new(), faults: vec![fault] });
            }
        }
        for case in cases {
            let faults = faults_of(id, &case, book)?;
            verdicts.push(Verdict { rule: id.clone(), case: name_of(&case), faults });
        }
    }
    Ok(verdicts)
}

/// The folders of a rule's cases, or of the commits of a case, sorted.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

fn name_of(case: &Path) -> String {
    case.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What differs between what the rule says of a case and what is expected.
fn faults_of(rule: &str, case: &Path, book: &PolicyBook) -> Result<Vec<String>, Failure> {
    let expected = match Expectation::read(&case.join(EXPECTATION)) {
        Ok(expected) => expected,
        Err(fault) => return Ok(vec![fault]),
    };
    // A case about change is a history, which git can only read from a repository of its own.
    let (mut built, mut range) = (None, None);
    if case.join(commits::FOLDER).is_dir() {
        let place = tempfile::tempdir().map_err(|error| Failure::Unreadable { path: std::env::temp_dir(), error })?;
        let commits = match commits::build(case, place.path()) {
            Ok(commits) => commits,
            Err(fault) => return Ok(vec![fault]),
        };
        if let Some(number) = expected.base {
            let Some(base) = number.checked_sub(1).and_then(|index| commits.get(index)) else {
                return Ok(vec![format!("`base` must be a number from 1 to {}", commits.len())]);
            };
            range = Some(Range::Since(base.to_string()));
        }
        built = Some(place);
    }
    let root = built.as_ref().map_or(case, TempDir::path);
    let own = root.join(FILE_NAME);
    let request = Request {
        root: root.to_path_buf(),
        only: vec![rule.to_owned()],
        // Never the settings of the repository that the fixture lies in.
        settings: if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None },
        range,
        policy_from: expected.policy_from.clone(),
        without_history: built.is_none(),
        judge_without_ai: true,
        threads: Some(1),
        ..Request::default()
    };
    let (report, _) = check(&request, book, Settings::new(expected.today.unwrap_or(TODAY)), &|_, _| {})?;
    let found: BTreeSet<String> =
        report.open().map(|placed| format!("{}:{}", placed.region.path, placed.region.line)).collect();
    let mut faults = Vec::new();
    for missing in expected.findings.difference(&found) {
        faults.push(format!("missing: {missing}"));
    }
    for noisy in found.difference(&expected.findings) {
        faults.push(format!("noisy: {noisy}"));
    }
    if report.open().count() > found.len() {
        faults.push("noisy: several findings at one line".to_owned());
    }
    if name_of(case).starts_with("fail") && expected.findings.is_empty() {
        faults.push(format!("a fail case needs findings in its {EXPECTATION}"));
    }
    if name_of(case).starts_with("pass") && !expected.not_applicable && !report.looked_at.contains_key(rule) {
        faults.push("silent for the wrong reason: there is nothing in this case that the rule looks at".to_owned());
    }
    for entry in report.not_assessed {
        faults.push(format!("not assessed: {}: {}", entry.path, entry.reason));
    }
    Ok(faults)
}

/// What a case expects.
#[derive(Debug, Default)]
struct Expectation {
    findings: BTreeSet<String>,
    not_applicable: bool,
    today: Option<Date>,
    base: Option<usize>,
    policy_from: Option<String>,
}

impl Expectation {
    fn read(path: &Path) -> Result<Self, String> {
        let Ok(text) = std::fs::read_to_string(path) else { return Ok(Self::default()) };
        let file = SourceFile::new(path.to_string_lossy().into_owned(), text);
        let mut expectation = Self::default();
        let problems = crate::book::read_toml(&file, |root: &Node, problems| {
            let table = crate::table::Table::root(root);
            expectation.findings = table.texts("findings", problems).into_iter().map(|place| place.value).collect();
            expectation.not_applicable = table.flag("not-applicable", problems).is_some_and(|flag| flag.value);
            expectation.base =
                table.number("base", problems).map(|number| usize::try_from(number.value).unwrap_or(usize::MAX));
            expectation.today = table.date("now", problems).map(|date| date.value);
            expectation.policy_from = table.text("policy-from", problems).map(|base| base.value);
            table.finish(problems);
        });
        match problems.first() {
            Some(problem) => Err(problem.to_string()),
            None => Ok(expectation),
        }
    }
}

/// Reads the rules of a folder laid out as `family/name.toml`; `catalogue` is not a family.
///
/// # Errors
///
/// When the folder is not there or a file cannot be read.
pub fn rule_files(folder: &Path) -> Result<Vec<SourceFile>, Failure> {
    if !folder.is_dir() {
        return Err(Failure::NoSuchPath(folder.to_path_buf()));
    }
    let entries = WalkDir::new(folder).min_depth(2).max_depth(2).sort_by_file_name().into_iter().filter_map(Result::ok);
    let is_rule = |path: &Path| {
        path.extension().is_some_and(|end| end == "toml")
            && path.parent().and_then(Path::file_name).is_some_and(|family| family != "catalogue")
    };
    let mut files = Vec::new();
    for path in entries.map(walkdir::DirEntry::into_path).filter(|path| is_rule(path)) {
        let text = std::fs::read_to_string(&path).map_err(|error| Failure::Unreadable { path: path.clone(), error })?;
        files.push(SourceFile::new(path.to_string_lossy().replace('\\', "/"), text));
    }
    Ok(files)
}
