//! Labels of real findings: which of what rules say of known repositories is true, as people judged it who read the places.

mod score;

pub use score::{Entry, Score, Scored, Standing, score};

use crate::finding::counted;
use crate::problem::Problems;
use crate::read_table::read_toml;
use crate::source::SourceFile;
use crate::table::Table;
use crate::{Failure, PolicyBook};
use jiff::civil::Date;
use std::collections::HashMap;
use std::path::Path;
use walkdir::WalkDir;

/// The labels that the project keeps of its own rules: path and text of each file.
const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/truth.rs"));

/// Of so many labels a precision begins to mean something.
pub const ENOUGH: usize = 20;

/// The precision that a rule of the gate profile needs, in per cent.
pub const LEAST_PERCENT: usize = 95;

/// The labels of several repositories.
#[derive(Debug, Default)]
pub struct Labels {
    /// Each with its labels.
    pub repositories: Vec<Labelled>,
}

/// A repository whose findings are labelled.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// `owner/name`.
    pub name: String,
    /// The commit that was read.
    pub commit: String,
    /// The day that counts as today, so that ages stay as they were judged.
    pub today: Date,
    /// What was judged.
    pub labels: Vec<Label>,
}

/// What a person says of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// By what it is recognised.
    pub key: Key,
    /// The line, for readers: the key holds by which text it is recognised.
    pub line: usize,
    /// Whether it is true.
    pub verdict: Verdict,
    /// Why, in a few words.
    pub why: String,
}

/// By what a finding is recognised: wherever its line has moved to, but never with another text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Id of the rule.
    pub rule: String,
    /// Path from the repository's root.
    pub path: String,
    /// The lasting name of the thing.
    pub subject: String,
    /// GitHub's hash of the line; empty for the repository as a whole.
    pub hash: String,
}

/// Whether a finding is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    True,
    /// It is not, or nobody would act on it.
    False,
    /// It was not, and the rule no longer says it: kept, so that it does not come back.
    Mended,
}

const VERDICTS: &[(&str, Verdict)] = &[("true", Verdict::True), ("false", Verdict::False), ("mended", Verdict::Mended)];

/// How many findings of a rule are true, and how many are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// True ones.
    pub right: usize,
    /// False ones.
    pub wrong: usize,
}

impl Tally {
    /// How many there are.
    #[must_use]
    pub fn all(self) -> usize {
        self.right + self.wrong
    }

    /// True when there are so many that the precision means something.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.all() >= ENOUGH
    }

    /// True when a rule with this precision may be in the gate profile.
    #[must_use]
    pub fn is_precise(self) -> bool {
        self.right * 100 >= self.all() * LEAST_PERCENT
    }

    /// The precision with two digits, `0.97`, never rounded up; `-` when there is nothing to tell it from.
    #[must_use]
    pub fn precision(self) -> String {
        match (self.right * 100).checked_div(self.all()) {
            Some(percent) => format!("{}.{:02}", percent / 100, percent % 100),
            None => "-".to_owned(),
        }
    }
}

impl Labels {
    /// The labels that the project keeps of the rules that it ships.
    ///
    /// # Errors
    ///
    /// Every fault of every file; the product's tests see to it that there is none.
    pub fn shipped(book: &PolicyBook) -> Result<Self, Failure> {
        Self::read(SHIPPED.iter().map(|(path, text)| SourceFile::new(*path, *text)), book)
    }

    /// The labels of a folder: each of its `*.toml` files has those of one repository.
    ///
    /// # Errors
    ///
    /// When the folder is not there, a file cannot be read, or with every fault of every file.
    pub fn load(folder: &Path, book: &PolicyBook) -> Result<Self, Failure> {
        if !folder.is_dir() {
            return Err(Failure::NoSuchPath(folder.to_path_buf()));
        }
        let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
        let paths = entries.into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
        let read = |path: std::path::PathBuf| match std::fs::read_to_string(&path) {
            Ok(text) => Ok(SourceFile::new(path.to_string_lossy().replace('\\', "/"), text)),
            Err(error) => Err(Failure::Unreadable { path, error }),
        };
        let files: Result<Vec<SourceFile>, Failure> =
            paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).map(read).collect();
        Self::read(files?, book)
    }

    fn read(files: impl IntoIterator<Item = SourceFile>, book: &PolicyBook) -> Result<Self, Failure> {
        let mut labels = Self::default();
        let mut faults = Vec::new();
        for file in files {
            faults.extend(read_toml(&file, |root, problems| {
                labels.repositories.extend(read_repository(&Table::root(root), book, problems));
            }));
        }
        if faults.is_empty() { Ok(labels) } else { Err(Failure::Problems(faults)) }
    }

    /// How many findings of a rule are true, and how many are not, by what is written in the labels.
    #[must_use]
    pub fn tally(&self, rule: &str) -> Tally {
        let mut tally = Tally::default();
        let labels = self.repositories.iter().flat_map(|repository| &repository.labels);
        for label in labels.filter(|label| label.key.rule == rule && label.verdict != Verdict::Mended) {
            match label.verdict {
                Verdict::True => tally.right += 1,
                _ => tally.wrong += 1,
            }
        }
        tally
    }

    /// What is known of a rule from real repositories, as one sentence for its page.
    #[must_use]
    pub fn told(&self, rule: &str) -> String {
        let tally = self.tally(rule);
        if tally.all() == 0 {
            return "No finding of this rule on a real repository has been read and labelled yet.".to_owned();
        }
        let speaks = |label: &Label| label.key.rule == rule && label.verdict != Verdict::Mended;
        let repositories = self.repositories.iter().filter(|repository| repository.labels.iter().any(speaks)).count();
        let repositories =
            if repositories == 1 { "1 repository".to_owned() } else { format!("{repositories} repositories") };
        let remark = if tally.is_enough() { "" } else { "; too few to say much" };
        format!(
            "{} on {repositories}, each read at its place: {} true, {} not (precision {}{remark}).",
            counted(tally.all(), "finding"),
            tally.right,
            tally.wrong,
            tally.precision()
        )
    }
}

fn read_repository(root: &Table<'_>, book: &PolicyBook, problems: &mut Problems<'_>) -> Option<Labelled> {
    let name = root.required_text("repository", problems);
    let commit = root.required_text("commit", problems);
    let today = root.date("today", problems);
    if !root.has("today") {
        problems.add(root.at(), "`today` is missing: the day that counted as today when the findings were read");
    }
    let mut lines: HashMap<Key, usize> = HashMap::new();
    let mut labels = Vec::new();
    for table in root.tables("label", problems) {
        let Some(label) = read_label(&table, book, problems) else { continue };
        if let Some(line) = lines.insert(label.key.clone(), label.line) {
            problems.add(table.at(), format!("this finding has a label already, with `line = {line}`"));
        }
        labels.push(label);
    }
    root.finish(problems);
    Some(Labelled { name: name?.value, commit: commit?.value, today: today?.value, labels })
}

fn read_label(table: &Table<'_>, book: &PolicyBook, problems: &mut Problems<'_>) -> Option<Label> {
    let rule = table.required_text("rule", problems);
    if let Some(rule) = &rule
        && !book.rules.contains_key(&rule.value)
    {
        problems.add_unknown(rule.at, "rule", &rule.value, book.rules.keys().map(String::as_str));
    }
    let path = table.required_text("path", problems);
    let line = table.number("line", problems);
    let subject = table.text("subject", problems);
    let hash = table.text("hash", problems);
    let verdict = table.choice("verdict", VERDICTS, problems);
    if !table.has("verdict") {
        problems.add(table.at(), "`verdict` is missing: \"true\", \"false\" or \"mended\"");
    }
    let why = table.required_text("why", problems);
    table.finish(problems);
    let text = |written: Option<crate::table::Written<String>>| written.map_or_else(String::new, |text| text.value);
    let key = Key { rule: rule?.value, path: path?.value, subject: text(subject), hash: text(hash) };
    let line = line.map_or(1, |line| usize::try_from(line.value).unwrap_or(usize::MAX));
    Some(Label { key, line, verdict: verdict?.value, why: why?.value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_never_rounded_up() {
        let tally = |right, wrong| Tally { right, wrong };
        assert_eq!(tally(0, 0).precision(), "-");
        assert_eq!(tally(1, 0).precision(), "1.00");
        assert_eq!(tally(999, 1).precision(), "0.99");
        assert!(tally(19, 1).is_precise());
        assert!(!tally(18, 1).is_precise());
        assert!(tally(0, 0).is_precise());
        assert!(tally(20, 0).is_enough() && !tally(19, 0).is_enough());
    }

    #[test]
    fn a_label_counts_once_and_what_is_mended_not_at_all() {
        let book = PolicyBook::shipped().expect("rules load");
        let read = |more: &str| {
            let label = |path: &str, verdict: &str| {
                format!(
                    "[[label]]\nrule = 'versioning/floating-image'\npath = '{path}'\nline = 1\nverdict = '{verdict}'\nwhy = 'x'\n"
                )
            };
            let text = format!(
                "repository = 'a/b'\ncommit = '0'\ntoday = 2026-11-21\n{}{}{}{more}",
                label("a", "true"),
                label("b", "false"),
                label("c", "mended")
            );
            Labels::read([SourceFile::new("truth/b.toml", text)], &book)
        };
        let labels = read("").expect("labels are read");
        assert_eq!(labels.tally("versioning/floating-image"), Tally { right: 1, wrong: 1 });
        assert_eq!(
            labels.told("versioning/floating-image"),
            "2 findings on 1 repository, each read at its place: 1 true, 1 not (precision 0.50; too few to say much)."
        );
        let again =
            "[[label]]\nrule = 'versioning/floating-image'\npath = 'b'\nline = 7\nverdict = 'true'\nwhy = 'x'\n";
        let faults = read(again).expect_err("a label too many").to_string();
        assert!(faults.ends_with("this finding has a label already, with `line = 1`"), "{faults}");
    }
}
