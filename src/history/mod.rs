//! What git remembers: when documents, and the things that they describe, last changed in substance.
//!
//! One walk back from the commit that is checked out follows all paths at once. At each commit only the ids of the wanted entries are
//! compared; contents are read where an id changed, and only until the last change in substance is found.

mod change;
mod documents;
mod last;
mod pairs;
mod range;
mod things;
mod walk;

pub use last::date;
pub use pairs::{Request, recall};
pub use range::mark_range;

use crate::fact::{DocumentedChange, Evidence, Fact, FieldValue, Kind, Seen as _};
use crate::fingerprint::digest_of_words;
use crate::interest::Interest;
use git2::Oid;
use jiff::civil::Date;
use std::sync::Arc;

/// Kinds of facts that the facts of this stage are made from.
const SOURCES: &[&str] = &[
    "card",
    "governance-document",
    "data-manifest",
    "data-field",
    "evaluation",
    "ownership-file",
    "model-file",
    "tracked-output",
    "hyperparameter",
    "prompt",
    "model-reference",
    "ai-import",
    "model-record",
    "ai-service",
    "workload",
    "change",
];

/// Adds to what rules ask about the facts that facts about time and change are made from.
pub fn add_sources(interest: &mut Interest) {
    if interest.wants(Evidence::kind()) || interest.wants(DocumentedChange::kind()) {
        interest.kinds.extend(SOURCES.iter().filter_map(|name| Kind::named(name)));
    }
}

/// From where is looked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// What is judged now, committed or not.
    Now,
    /// A commit; `None` for the time before the first one.
    Commit(Option<Oid>),
}

/// How far back is looked; reaching a limit makes dates unknown, and is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Commits.
    pub commits: usize,
    /// Contents of files that are read.
    pub contents: usize,
}

/// What of a file counts as its substance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aspect {
    /// Its text without white space.
    Words,
    /// Its bytes.
    Bytes,
    /// The facts of a kind that are seen in it, all of them or those of one subject.
    Facts(Kind, Option<String>),
}

/// A path whose past is wanted.
#[derive(Debug, Clone)]
struct Watch {
    /// Path from the scanned root.
    path: Arc<str>,
    aspect: Aspect,
    /// Digest of today's substance, where it can be compared with what is committed.
    today: Option<String>,
    /// The first day is wanted too.
    origin: bool,
}

/// What is known of the past of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Past {
    /// The last change in substance.
    changed: Change,
    /// The day on which it was first there; only where it was asked for.
    begun: Option<Date>,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    /// Its day, in UTC.
    date: Date,
    /// First digits of its commit, or `uncommitted`.
    commit: String,
}

/// Reads the facts of one file from its contents: the path and the bytes that it had.
pub type SeeFacts<'a> = dyn Fn(&Arc<str>, Vec<u8>) -> Vec<Fact> + 'a;

/// Digest of what facts say: equal when nothing that policies see has changed. `None` when there are none.
fn digest_of_facts<'a>(facts: impl Iterator<Item = &'a Fact>, kind: Kind, subject: Option<&str>) -> Option<String> {
    let wanted = facts.filter(|fact| fact.kind == kind && subject.is_none_or(|subject| fact.subject == subject));
    let mut rows: Vec<String> = wanted.map(row).collect();
    rows.sort();
    (!rows.is_empty()).then(|| digest_of_words(&rows.concat()))
}

/// What a fact says, its parts held apart by a character that no text has.
fn row(fact: &Fact) -> String {
    let values = fact.fields.iter().map(FieldValue::display);
    std::iter::once(fact.subject.clone()).chain(values).collect::<Vec<_>>().join("\u{0}")
}

#[cfg(test)]
mod tests;
