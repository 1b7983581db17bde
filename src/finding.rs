//! What policies judge: findings, what could not be assessed, and the report that holds both.

mod evidence;

pub use evidence::{Evidence, LastChange, LookedAt, Stated, shortened};

use crate::fact::{Fact, Kind, Location};
use crate::source::Span;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// One level less, down to a note.
    #[must_use]
    pub fn lower(self) -> Self {
        match self {
            Self::Error => Self::Warning,
            Self::Warning | Self::Note => Self::Note,
        }
    }

    /// One level more, up to an error.
    #[must_use]
    pub fn higher(self) -> Self {
        match self {
            Self::Note => Self::Warning,
            Self::Warning | Self::Error => Self::Error,
        }
    }

    /// The word for it, as SARIF spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in a file, as the judge knows it: bytes only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path from the scanned root.
    pub path: Arc<str>,
    /// Where in the file.
    pub location: Location,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}

/// A place in a file, as reports show it. Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Path from the scanned root.
    pub path: Arc<str>,
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
    /// The bytes; empty when the file as a whole is meant. A region is never longer than [`SNIPPET_LIMIT`]: where more was
    /// found, it ends early, so that it and its snippet always agree.
    pub bytes: Span,
    /// The text at the region, with secrets starred out; `None` when the file as a whole is meant.
    pub snippet: Option<String>,
    /// The text around the region, the region included; `None` when the file as a whole is meant.
    pub context: Option<Context>,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
    /// The thing belongs here and is not there.
    pub absent: bool,
    /// GitHub's hash of the line, `primaryLocationLineHash`; `None` when the file could not be read again.
    pub line_hash: Option<String>,
}

/// The text around a region: whole lines, or a part of one where lines are very long. Counted like [`Region`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// First line.
    pub line: usize,
    /// First column.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
    /// The bytes.
    pub bytes: Span,
    /// The text there, with secrets starred out byte by byte, so that offsets hold.
    pub text: String,
}

/// How many bytes of a snippet, and of the context around it, are kept.
pub const SNIPPET_LIMIT: usize = 4_000;

/// Whether a finding counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It counts.
    Open,
    /// A waiver covers it.
    Waived {
        /// Why, as the waiver says; empty when it does not.
        reason: String,
        /// Who approved; empty when not said.
        approver: String,
        /// Until which day; empty when not said.
        until: String,
        /// The waiver stands beside what it covers, not in the register.
        inline: bool,
    },
    /// It stood before: the baseline has it.
    Baselined,
}

impl State {
    /// Why it is waived, by whom and until when, in words; `None` when it is not waived.
    #[must_use]
    pub fn justification(&self) -> Option<String> {
        let Self::Waived { reason, approver, until, .. } = self else { return None };
        let terms = [("approved by", approver), ("until", until)].into_iter().filter(|(_, value)| !value.is_empty());
        let terms = terms.map(|(word, value)| format!("{word} {value}")).collect::<Vec<_>>().join(", ");
        let reason = if reason.is_empty() { "no reason given" } else { reason };
        Some(if terms.is_empty() { reason.to_owned() } else { format!("{reason} ({terms})") })
    }
}

/// One breach of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule, `family/name`.
    pub rule: String,
    /// How bad it is here.
    pub level: Level,
    /// Why it is not the level of its rule: the risk of its system; empty where it is.
    pub level_reason: String,
    /// The systems of the register that it belongs to, by their names.
    pub systems: Vec<String>,
    /// What is wrong, filled from the fact.
    pub message: String,
    /// Where.
    pub primary: Place,
    /// Other places that belong to it, each with what it shows: the register's line, further uses.
    pub related: Vec<(Place, String)>,
    /// How many further places belong to it that `related` leaves out.
    pub more_related: usize,
    /// The lasting name of the thing that is wrong.
    pub subject: String,
    /// The file that it belongs to; empty for one that gathers the whole repository.
    pub bound_to: Arc<str>,
    /// Hash of rule, that file, subject and ordinal: survives moved lines and reworded messages.
    pub fingerprint: String,
    /// Whether it counts.
    pub state: State,
}

impl Finding {
    /// The finding as a baseline keeps it.
    #[must_use]
    pub fn recorded(&self) -> Recorded {
        Recorded {
            rule: self.rule.clone(),
            path: self.primary.path.to_string(),
            subject: self.subject.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}

/// A finding as a baseline keeps it. Only the fingerprint counts; the rest is for readers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Recorded {
    /// Id of the rule.
    pub rule: String,
    /// Where it was found.
    pub path: String,
    /// The lasting name of the thing that is wrong.
    pub subject: String,
    /// As in [`Finding::fingerprint`].
    pub fingerprint: String,
}

/// What came of holding the findings against a baseline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The baseline's file, as the user would name it.
    pub path: String,
    /// Entries of the baseline whose finding is gone, in its order.
    pub mended: Vec<Recorded>,
}

/// Something that could not be read or judged. Never silent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAssessed {
    /// The file, or empty when it is not about one.
    pub path: Arc<str>,
    /// Line (from 1), when known.
    pub line: Option<usize>,
    /// What and why, in words.
    pub reason: String,
}

/// A finding with its places made concrete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The finding.
    pub finding: Finding,
    /// Its primary place.
    pub region: Region,
    /// Its related places, in the order of [`Finding::related`].
    pub related: Vec<Region>,
}

/// What a rule says of itself, as reports need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleText {
    /// `family/name`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The level that it is run at.
    pub level: Level,
    /// `high`, `medium` or `low`.
    pub confidence: &'static str,
    /// Clauses of the policy.
    pub clauses: Vec<String>,
    /// Controls, `framework:id`.
    pub controls: Vec<String>,
    /// Those of both that a breach breaks, and of which keeping the rule shows nothing.
    pub breaks_only: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub fix: String,
    /// What it cannot see.
    pub blind: String,
    /// Where to read more.
    pub references: Vec<String>,
    /// The numbers that it leaves to the organisation, as they are in force.
    pub parameters: Vec<Parameter>,
    /// `path:line` where the organisation has set its level; empty where its own counts.
    pub level_set_at: String,
    /// The file of an organisation's pack that it stands in; empty for rules that aimslint ships.
    pub origin: String,
}

/// A number that a rule leaves to the organisation: how many days old a review may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name in the rule's conditions and message.
    pub name: String,
    /// What it says, in one line.
    pub about: String,
    /// What is in force.
    pub value: i64,
    /// What counts where nobody has set it.
    pub default: i64,
    /// The least that it can be set to.
    pub least: i64,
    /// The most that it can be set to.
    pub most: i64,
    /// `path:line` where the organisation has set it; empty where nobody has.
    pub set_at: String,
}

impl Parameter {
    /// `allowed_days = 180, set at aimslint.toml:4 (366 unless set; from 30 to 1100)`.
    #[must_use]
    pub fn in_force(&self) -> String {
        let Self { name, value, default, least, most, set_at, .. } = self;
        if set_at.is_empty() {
            format!("{name} = {value} (from {least} to {most})")
        } else {
            format!("{name} = {value}, set at {set_at} ({default} unless set; from {least} to {most})")
        }
    }
}

/// A clause whose words are others than those that a rule was written for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Review {
    /// The clause.
    pub clause: String,
    /// `path:line` of its words; empty for those that aimslint ships.
    pub at: String,
    /// Its words were others when the rule was written or last looked at; else nobody has recorded what they were.
    pub edited: bool,
}

impl Review {
    /// Why these rules are in need of review.
    #[must_use]
    pub fn reason(&self, rules: &str) -> String {
        let what = if self.edited { "reads otherwise than it did for" } else { "has no recorded words for" };
        format!("clause {} {what} {rules}", self.clause)
    }
}

/// A framework of controls with the controls that loaded rules cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// Its id, such as `iso42001`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Id and title of each cited control, in order; the title is empty where the catalogue has none.
    pub controls: Vec<(String, String)>,
}

/// Where the scanned tree comes from, when git says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Address of the repository, without credentials; `None` when it has no remote.
    pub repository: Option<String>,
    /// Commit that is checked out.
    pub revision: String,
    /// Branch that is checked out; `None` when detached.
    pub branch: Option<String>,
    /// Where the scanned folder lies in the repository: empty, or a path that ends with `/`.
    pub folder: String,
}

/// Everything that a run has to say. The exit status and every format are functions of it and of the settings.
#[derive(Debug, Default)]
pub struct Report {
    /// The repository's trouble, sorted by path, place and rule. Waived ones and those of the baseline are here too.
    pub findings: Vec<Placed>,
    /// What could not be read or judged, sorted.
    pub not_assessed: Vec<NotAssessed>,
    /// Rules that ran, by id.
    pub rules: BTreeMap<String, RuleText>,
    /// Rules that the organisation has switched off, by id, and `path:line` of where.
    pub off: BTreeMap<String, String>,
    /// Rules that were written for other words of their clauses, by id.
    pub reviews: BTreeMap<String, Vec<Review>>,
    /// Texts of the clauses that those rules cite, by clause number.
    pub clauses: BTreeMap<String, String>,
    /// Frameworks that those rules cite.
    pub frameworks: Vec<Framework>,
    /// What each rule found to look at, by its id; rules that found nothing are left out.
    pub looked_at: BTreeMap<String, LookedAt>,
    /// The kinds of facts that there are.
    pub kinds: BTreeSet<Kind>,
    /// How many files were seen, of those that the run is about.
    pub files_seen: usize,
    /// How many of them were read for facts.
    pub files_read: usize,
    /// Any sign of AI was seen; without one nothing is judged.
    pub ai_seen: bool,
    /// Where the tree comes from; `None` outside git.
    pub provenance: Option<Provenance>,
    /// What it was compared with; `None` when everything is reported.
    pub compared: Option<Compared>,
    /// What came of the baseline; `None` when there is none.
    pub baseline: Option<Comparison>,
    /// Every waiver as rules see it.
    pub waivers: Vec<Fact>,
    /// What the organisation states, in the order in which it is written.
    pub statements: Vec<Stated>,
    /// Why it is not known of all evidence when its file last changed; `None` where it is, or nobody asked.
    pub undated: Option<String>,
}

/// What a run was compared with that reports a change alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The base, as it is told: the first digits of its commit.
    pub base: String,
    /// How many findings that count are left out, because they were there before.
    pub older: usize,
}

impl Report {
    /// Tells every path from the root of the repository, of which the scanned folder is `folder`.
    pub fn tell_from_root(&mut self, folder: &str) {
        for placed in &mut self.findings {
            for region in std::iter::once(&mut placed.region).chain(&mut placed.related) {
                region.path = from_root(folder, &region.path);
            }
        }
        for entry in self.not_assessed.iter_mut().filter(|entry| !entry.path.is_empty()) {
            entry.path = from_root(folder, &entry.path);
        }
    }

    /// The findings that count, in order.
    pub fn open(&self) -> impl Iterator<Item = &Placed> {
        self.findings.iter().filter(|placed| placed.finding.state == State::Open)
    }

    /// How many findings a waiver covers.
    #[must_use]
    pub fn waived(&self) -> usize {
        self.findings.iter().filter(|placed| matches!(placed.finding.state, State::Waived { .. })).count()
    }

    /// How many findings are in the baseline.
    #[must_use]
    pub fn baselined(&self) -> usize {
        self.findings.iter().filter(|placed| placed.finding.state == State::Baselined).count()
    }

    /// How many findings of this level count.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.open().filter(|placed| placed.finding.level == level).count()
    }
}

/// `path`, which is told from `folder`, from the root of the repository; a path that leads out of the folder, as that of a settings file above it, is shortened.
#[must_use]
pub fn from_root(folder: &str, path: &str) -> Arc<str> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    for part in path.split('/') {
        if part == ".." && parts.last().is_some_and(|last| *last != "..") {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/").into()
}

/// `3 files`, `1 file`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_the_root() {
        assert_eq!(&*from_root("services/model/", "src/a.py"), "services/model/src/a.py");
        assert_eq!(&*from_root("./services/model", "../../aimslint.toml"), "aimslint.toml");
        assert_eq!(&*from_root(".", "a.py"), "a.py");
        assert_eq!(&*from_root("a", "../../b"), "../b");
    }
}
