//! Holds rules against their fixtures: tiny repositories that a rule must find fault with, or must not.

mod case;
mod commits;
mod mutate;
mod verdict;

pub(crate) use case::Expectation;
pub(crate) use commits::{DESCRIPTION, Description, FOLDER as COMMITS};
pub use mutate::{Outcome, Proof, mutate};

use crate::policy::Rule;
use crate::source::SourceFile;
use crate::{Failure, PolicyBook};
use case::Case;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Name of the file in a case that says what is expected.
pub const EXPECTATION: &str = "expect.toml";

/// The day that counts as today in every case, so that due dates in fixtures stay due.
pub const TODAY: Date = Date::constant(2026, 11, 21);

/// What a scaffold writes where the author of a rule has to.
pub const UNWRITTEN: &str = "TODO:";

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

/// Runs every case of every rule in `book` below `fixtures`; with packs, of their rules alone.
///
/// # Errors
///
/// When a case cannot be run at all.
pub fn verify(book: &PolicyBook, fixtures: &Path) -> Result<Vec<Verdict>, Failure> {
    let mut verdicts = Vec::new();
    for rule in book.own_rules() {
        let id = &rule.text.id;
        let unwritten = unwritten(rule);
        if !unwritten.is_empty() {
            let fault = format!("the rule is not written yet: fill in {} in its file", unwritten.join(", "));
            verdicts.push(Verdict { rule: id.clone(), case: String::new(), faults: vec![fault] });
            continue;
        }
        let reviews = book.reviewed.reviews(rule, &book.controls);
        let due = reviews.iter().map(|review| {
            let reason = review.reason("this rule");
            let at = if review.at.is_empty() { String::new() } else { format!(" ({})", review.at) };
            format!("needs review: {reason}{at}; look at it, then run `aimslint accept`")
        });
        verdicts.extend(due.map(|fault| Verdict { rule: id.clone(), case: String::new(), faults: vec![fault] }));
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

/// What of a rule its author has still to write.
fn unwritten(rule: &Rule) -> Vec<&'static str> {
    let text = &rule.text;
    let texts = [("title", &text.title), ("why", &text.why), ("fix", &text.fix), ("blind", &text.blind)];
    let texts = texts.into_iter().filter(|(_, text)| text.starts_with(UNWRITTEN)).map(|(key, _)| key);
    let lists = [("clauses", &text.clauses), ("controls", &text.controls)];
    texts.chain(lists.into_iter().filter(|(_, list)| list.is_empty()).map(|(key, _)| key)).collect()
}

/// What differs between what the rule says of a case and what is expected.
fn faults_of(rule: &str, folder: &Path, book: &PolicyBook) -> Result<Vec<String>, Failure> {
    let case = match Case::open(rule, folder)? {
        Ok(case) => case,
        Err(fault) => return Ok(vec![fault]),
    };
    let report = case.judge(book)?;
    let expected = &case.expected;
    let found: BTreeSet<String> =
        report.open().map(|placed| format!("{}:{}", placed.region.path, placed.region.line)).collect();
    let mut faults = verdict::differences(&expected.findings, &found);
    if report.open().count() > found.len() {
        faults.push("noisy: several findings at one line".to_owned());
    }
    if name_of(folder).starts_with("fail") && expected.findings.is_empty() {
        faults.push(format!("a fail case needs findings in its {EXPECTATION}"));
    }
    if name_of(folder).starts_with("pass") && !expected.not_applicable && !report.looked_at.contains_key(rule) {
        faults.push("silent for the wrong reason: there is nothing in this case that the rule looks at".to_owned());
    }
    for entry in report.not_assessed {
        faults.push(format!("not assessed: {}: {}", entry.path, entry.reason));
    }
    Ok(faults)
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
