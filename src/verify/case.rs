//! One case: a tiny repository, what is expected of it, and how a rule is held against it.

use super::{EXPECTATION, TODAY, commits};
use crate::document::Node;
use crate::finding::Report;
use crate::git::Range;
use crate::settings::{FILE_NAME, Settings};
use crate::source::SourceFile;
use crate::{Failure, PolicyBook, Request, SettingsFile, check};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;

/// A case that is ready to be judged.
pub(super) struct Case<'a> {
    /// Id of the rule.
    rule: &'a str,
    folder: &'a Path,
    /// What is expected of it.
    pub expected: Expectation,
    /// The repository that was made of its commits. A case about change is a history, which git can only read from a
    /// repository of its own.
    built: Option<TempDir>,
    base: Option<String>,
}

impl<'a> Case<'a> {
    /// Reads what is expected and makes the history, if there is one; a sentence where the case itself is at fault.
    pub fn open(rule: &'a str, folder: &'a Path) -> Result<Result<Self, String>, Failure> {
        let expected = match Expectation::read(&folder.join(EXPECTATION)) {
            Ok(expected) => expected,
            Err(fault) => return Ok(Err(fault)),
        };
        let (mut built, mut base) = (None, None);
        if folder.join(commits::FOLDER).is_dir() {
            let place =
                tempfile::tempdir().map_err(|error| Failure::Unreadable { path: std::env::temp_dir(), error })?;
            let commits = match commits::build(folder, place.path()) {
                Ok(commits) => commits,
                Err(fault) => return Ok(Err(fault)),
            };
            if let Some(number) = expected.base {
                let Some(commit) = number.checked_sub(1).and_then(|index| commits.get(index)) else {
                    return Ok(Err(format!("`base` must be a number from 1 to {}", commits.len())));
                };
                base = Some(commit.to_string());
            }
            built = Some(place);
        }
        Ok(Ok(Self { rule, folder, expected, built, base }))
    }

    /// Id of the rule.
    pub fn rule(&self) -> &'a str {
        self.rule
    }

    /// True when it is told as commits.
    pub fn has_history(&self) -> bool {
        self.built.is_some()
    }

    /// What the rule says of it.
    pub fn judge(&self, book: &PolicyBook) -> Result<Report, Failure> {
        self.judge_at(self.built.as_ref().map_or(self.folder, TempDir::path), book)
    }

    /// What the rule says of another state of it, which lies at `root`.
    pub fn judge_at(&self, root: &Path, book: &PolicyBook) -> Result<Report, Failure> {
        let own = root.join(FILE_NAME);
        let request = Request {
            root: root.to_path_buf(),
            only: vec![self.rule.to_owned()],
            // Never the settings of the repository that the fixture lies in.
            settings: if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None },
            range: self.base.clone().map(Range::Since),
            policy_from: self.expected.policy_from.clone(),
            without_history: self.built.is_none(),
            judge_without_ai: true,
            threads: Some(1),
            ..Request::default()
        };
        Ok(check(&request, book, Settings::new(self.expected.today.unwrap_or(TODAY)), &|_, _| {})?.0)
    }
}

/// What a case expects.
#[derive(Debug, Default)]
pub(crate) struct Expectation {
    /// Path and line of each finding.
    pub findings: BTreeSet<String>,
    /// Nothing is there that the rule looks at.
    pub not_applicable: bool,
    today: Option<Date>,
    base: Option<usize>,
    policy_from: Option<String>,
}

impl Expectation {
    fn read(path: &Path) -> Result<Self, String> {
        let Ok(text) = std::fs::read_to_string(path) else { return Ok(Self::default()) };
        Self::of(&SourceFile::new(path.to_string_lossy().into_owned(), text))
    }

    /// What the file says.
    pub fn of(file: &SourceFile) -> Result<Self, String> {
        let mut expectation = Self::default();
        let problems = crate::read_table::read_toml(file, |root: &Node, problems| {
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
