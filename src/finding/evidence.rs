//! What shows that something is as it should be: where it stands, since which commit, and what the organisation states.

use super::Place;
use crate::fact::{Fact, Seen, Statement};
use std::sync::Arc;

/// What a rule found to look at, whether or not it was as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedAt {
    /// How many things were as they should be.
    pub kept: usize,
    /// How many were not; several can share a finding.
    pub broken: usize,
    /// Of how many it cannot be told, because what decides is unknown: no finding, and no evidence either.
    pub untold: usize,
    /// Where the first of those stand that were as they should be, in order.
    pub evidence: Vec<Evidence>,
}

/// A place that shows that something is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where.
    pub place: Place,
    /// The lasting name of the thing.
    pub subject: String,
    /// Its line, from 1; `None` until somebody asks for it, and for files as a whole.
    pub line: Option<usize>,
    /// When its file last changed; unknown until somebody asks for it.
    pub changed: LastChange,
}

/// When a file last changed, as git tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LastChange {
    /// Nobody asked, or history does not tell.
    #[default]
    Unknown,
    /// What it holds is not committed.
    Uncommitted,
    /// In this commit.
    Commit {
        /// Its id.
        id: String,
        /// Its day, in UTC.
        day: String,
    },
}

impl LastChange {
    /// `8882cc5763 of 2026-05-01`, `not committed`; `None` when it is not known.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        match self {
            Self::Unknown => None,
            Self::Uncommitted => Some("not committed".to_owned()),
            Self::Commit { id, day } => Some(format!("{} of {day}", shortened(id))),
        }
    }
}

/// The first digits of a commit, as people tell it.
#[must_use]
pub fn shortened(commit: &str) -> String {
    commit.chars().take(SHOWN_DIGITS).collect()
}

/// Digits of a commit that are shown.
const SHOWN_DIGITS: usize = 10;

impl Evidence {
    /// `path:line`, or the path alone; empty for the repository as a whole.
    #[must_use]
    pub fn at(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.place.path),
            None => self.place.path.to_string(),
        }
    }

    /// The same, with the commit that last changed the file where it is known: `docs/card.md:3, 8882cc5763 of 2026-05-01`.
    #[must_use]
    pub fn at_commit(&self) -> String {
        match self.changed.told() {
            Some(told) if !self.place.path.is_empty() => format!("{}, {told}", self.at()),
            _ => self.at(),
        }
    }
}

/// How many places are kept as evidence for one rule.
const EVIDENCE_LIMIT: usize = 5;

impl LookedAt {
    /// True when it saw how at least one thing is.
    #[must_use]
    pub fn saw(&self) -> bool {
        self.kept + self.broken > 0
    }

    /// `looked at 3, of which 2 kept it`.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { kept, broken, untold, .. } = self;
        let looked = format!("looked at {}, of which {kept} kept it", kept + broken);
        match (self.saw(), untold) {
            (true, 0) => looked,
            (true, _) => format!("{looked}; of {untold} more it cannot be told"),
            (false, _) => format!("met {untold} of which it cannot be told"),
        }
    }

    /// Notes that a thing is as it should be. Of many things that one place shows, the first names it.
    pub fn keep(&mut self, place: Place, subject: &str) {
        self.kept += 1;
        let is_new = self.evidence.len() < EVIDENCE_LIMIT && self.evidence.iter().all(|known| known.place != place);
        if is_new {
            let (line, changed) = (None, LastChange::Unknown);
            self.evidence.push(Evidence { place, subject: subject.to_owned(), line, changed });
        }
    }
}

/// A statement of the organisation, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The statement as rules see it.
    pub fact: Fact,
    /// Its place.
    pub at: Evidence,
}

impl Stated {
    /// The statement that a fact is, if it is one.
    #[must_use]
    pub fn of(fact: &Fact) -> Option<Self> {
        let place = Place { path: Arc::clone(&fact.path), location: fact.at, cell: None };
        let at = Evidence { place, subject: fact.subject.clone(), line: None, changed: LastChange::Unknown };
        (fact.kind == Statement::kind()).then(|| Self { fact: fact.clone(), at })
    }
}
