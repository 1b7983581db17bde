//! Holds what rules say of checked-out repositories against the labels: what is true, what is not, what came and what went.

use super::{Key, Label, Labels, Tally, Verdict};
use crate::draft::quoted;
use crate::finding::Placed;
use crate::fingerprint::LineHashes;
use crate::policy::Confidence;
use crate::settings::{Profile, Settings};
use crate::{BaselineFile, Failure, PolicyBook, Request, SettingsFile, check};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// What came of all repositories.
#[derive(Debug, Default)]
pub struct Score {
    /// Each rule that has a finding or a label.
    pub rules: BTreeMap<String, Scored>,
    /// What is worth reading, in the order of the labels' files.
    pub entries: Vec<Entry>,
    /// Repositories that are labelled and not checked out.
    pub absent: Vec<String>,
    /// How many were scanned.
    pub scanned: usize,
}

/// What came of one rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scored {
    /// It is in the gate profile.
    pub in_gate: bool,
    /// Its findings that have a label.
    pub tally: Tally,
    /// Its findings that have none.
    pub unlabelled: usize,
    /// Findings labelled true that it no longer makes.
    pub lost: usize,
}

/// A finding or label that somebody should look at.
#[derive(Debug)]
pub struct Entry {
    /// What is the matter with it.
    pub standing: Standing,
    /// `owner/name`.
    pub repository: String,
    /// By what it is recognised.
    pub key: Key,
    /// Line.
    pub line: usize,
    /// Why it was labelled so; what the finding says, where it has no label.
    pub why: String,
}

/// What is the matter with a finding or a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A finding that is labelled false.
    False,
    /// A finding that was mended, and is back.
    Back,
    /// Labelled true, and no longer found in the same text.
    Lost,
    /// Labelled false, and no longer found in the same text.
    Gone,
    /// A label of a text that is no longer there.
    Stale,
    /// A finding without a label.
    Unlabelled,
}

impl Score {
    /// True when a rule of the gate profile is wrong too often, or a true finding is lost.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.rules.values().any(|scored| scored.lost > 0 || (scored.in_gate && !scored.tally.is_precise()))
    }
}

/// Scans every labelled repository that is checked out below `checkouts`, as `owner/name` or `name`, with all rules; with `only` these,
/// where it is not empty.
///
/// # Errors
///
/// When a repository cannot be scanned at all.
pub fn score(labels: &Labels, checkouts: &Path, book: &PolicyBook, only: &[String]) -> Result<Score, Failure> {
    let mut score = Score::default();
    for repository in &labels.repositories {
        let Some(root) = checkout_of(&repository.name, checkouts) else {
            score.absent.push(repository.name.clone());
            continue;
        };
        let request = Request {
            root: root.clone(),
            // What the repository says of itself must not decide what is found in it.
            settings: SettingsFile::None,
            baseline: BaselineFile::None,
            profile: Some(Profile::Audit),
            only: only.to_vec(),
            ..Request::default()
        };
        let (report, _) = check(&request, book, Settings::new(repository.today), &|_, _| {})?;
        score.scanned += 1;
        let mut labels: BTreeMap<&Key, &Label> = repository.labels.iter().map(|label| (&label.key, label)).collect();
        labels.retain(|key, _| only.is_empty() || only.contains(&key.rule));
        score.hold(&repository.name, &labels, &report.findings, &root);
    }
    for (id, scored) in &mut score.rules {
        scored.in_gate = book.rules.get(id).is_some_and(|rule| rule.confidence == Confidence::High);
    }
    Ok(score)
}

fn checkout_of(name: &str, checkouts: &Path) -> Option<PathBuf> {
    let last = name.rsplit('/').next().unwrap_or(name);
    [name, last].into_iter().map(|name| checkouts.join(name)).find(|path| path.is_dir())
}

impl Score {
    /// Holds the findings of one repository against its labels.
    fn hold(&mut self, repository: &str, labels: &BTreeMap<&Key, &Label>, findings: &[Placed], root: &Path) {
        let mut found = HashSet::new();
        for placed in findings {
            let key = key_of(placed);
            let scored = self.rules.entry(key.rule.clone()).or_default();
            let label = labels.get(&key);
            let standing = match label.map(|label| label.verdict) {
                None => Some(Standing::Unlabelled),
                Some(Verdict::True) => None,
                Some(Verdict::False) => Some(Standing::False),
                Some(Verdict::Mended) => Some(Standing::Back),
            };
            match standing {
                None => scored.tally.right += 1,
                Some(Standing::Unlabelled) => scored.unlabelled += 1,
                Some(_) => scored.tally.wrong += 1,
            }
            if let Some(standing) = standing {
                let why = label.map_or(&placed.finding.message, |label| &label.why);
                self.enter(standing, repository, &key, placed.region.line, why);
            }
            found.insert(key);
        }
        let mut texts = Texts { root, hashes: HashMap::new() };
        for (key, label) in labels.iter().filter(|(key, _)| !found.contains(**key)) {
            let standing = match label.verdict {
                Verdict::Mended => continue,
                _ if !texts.still_hold(key) => Standing::Stale,
                Verdict::True => Standing::Lost,
                Verdict::False => Standing::Gone,
            };
            let scored = self.rules.entry(key.rule.clone()).or_default();
            scored.lost += usize::from(standing == Standing::Lost);
            self.enter(standing, repository, key, label.line, &label.why);
        }
    }

    fn enter(&mut self, standing: Standing, repository: &str, key: &Key, line: usize, why: &str) {
        let (repository, why) = (repository.to_owned(), why.to_owned());
        self.entries.push(Entry { standing, repository, key: key.clone(), line, why });
    }
}

fn key_of(placed: &Placed) -> Key {
    Key {
        rule: placed.finding.rule.clone(),
        path: placed.region.path.to_string(),
        subject: placed.finding.subject.clone(),
        hash: placed.region.line_hash.clone().unwrap_or_default(),
    }
}

/// The lines of a checked-out repository, each file read once.
struct Texts<'a> {
    root: &'a Path,
    hashes: HashMap<String, HashSet<String>>,
}

impl Texts<'_> {
    /// True when the line that a label speaks of still stands somewhere in its file.
    fn still_hold(&mut self, key: &Key) -> bool {
        if key.hash.is_empty() {
            return self.root.join(&key.path).exists();
        }
        let hashes = self.hashes.entry(key.path.clone()).or_insert_with(|| {
            let text =
                std::fs::read(self.root.join(&key.path)).ok().and_then(|bytes| crate::source::decode(bytes).ok());
            let hashes = LineHashes::of(&text.unwrap_or_default());
            (1..).map_while(|line| hashes.line(line)).collect()
        });
        hashes.contains(&key.hash)
    }
}

impl Entry {
    /// The label of a finding that has none yet, with the verdict left to whoever reads the place.
    #[must_use]
    pub fn to_be_labelled(&self) -> String {
        let Key { rule, path, subject, hash } = &self.key;
        format!(
            "[[label]] # {}\nrule    = {}\npath    = {}\nline    = {}\nsubject = {}\nhash    = {}\nverdict = \"\"\nwhy     = \"\"\n",
            self.why.replace(char::is_control, " "),
            quoted(rule),
            quoted(path),
            self.line,
            quoted(subject),
            quoted(hash),
        )
    }
}
