//! The facts of one file, as extractors collect them.

use super::{Fact, FieldValue, Kind, Location};
use crate::source::Span;
use std::sync::Arc;

/// What extractors hand over: facts of one file, collected in the order in which they were seen.
#[derive(Debug, Clone)]
pub struct Facts {
    path: Arc<str>,
    /// What was collected so far.
    pub all: Vec<Fact>,
    /// How many are kept at most, and how many came after these.
    most: usize,
    left_out: usize,
}

/// A typed fact before it enters the common form: one of the structs of the table.
pub trait Seen {
    /// Its kind.
    fn kind() -> Kind;
    /// Its values in the order of the kind's fields.
    fn into_fields(self) -> Vec<(FieldValue, Option<Span>)>;
}

impl Facts {
    /// An empty collection for the file at `path`.
    #[must_use]
    pub fn of(path: &Arc<str>) -> Self {
        Self::at_most(usize::MAX, path)
    }

    /// An empty collection for the file at `path` that keeps so many facts: a file can be made to hold millions.
    #[must_use]
    pub fn at_most(most: usize, path: &Arc<str>) -> Self {
        Self { path: Arc::clone(path), all: Vec::new(), most, left_out: 0 }
    }

    /// How many facts were seen besides those that are kept.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Adds what was seen at these bytes. `subject` is its lasting name: see [`Fact::subject`].
    pub fn add<S: Seen>(&mut self, subject: impl Into<String>, at: Span, seen: S) {
        self.push(subject.into(), Location::Within(at), None, seen);
    }

    /// Adds what was seen in a notebook cell (counted from 1).
    pub fn add_in_cell<S: Seen>(&mut self, subject: impl Into<String>, at: Span, cell: Option<usize>, seen: S) {
        self.push(subject.into(), Location::Within(at), cell, seen);
    }

    /// Adds what the file as a whole is.
    pub fn add_whole<S: Seen>(&mut self, subject: impl Into<String>, seen: S) {
        self.push(subject.into(), Location::WholeFile, None, seen);
    }

    /// Adds what was read field by field: `fields` in the order of the kind's.
    pub fn add_fields(
        &mut self,
        kind: Kind,
        subject: impl Into<String>,
        at: Span,
        fields: Vec<(FieldValue, Option<Span>)>,
    ) {
        self.keep(kind, Location::Within(at), subject.into(), None, fields);
    }

    fn push<S: Seen>(&mut self, subject: String, at: Location, cell: Option<usize>, seen: S) {
        self.keep(S::kind(), at, subject, cell, seen.into_fields());
    }

    fn keep(
        &mut self,
        kind: Kind,
        at: Location,
        subject: String,
        cell: Option<usize>,
        fields: Vec<(FieldValue, Option<Span>)>,
    ) {
        if self.all.len() < self.most {
            self.all.push(Fact { kind, path: Arc::clone(&self.path), at, subject, cell, fields });
        } else {
            self.left_out += 1;
        }
    }
}
