//! The facts of one file, as extractors collect them.

use super::{Fact, FieldValue, Fields, Kind, Location};
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
    /// How many more bytes of text are kept.
    room: usize,
}

/// How many bytes of text the facts of one file may hold: a file can be made to repeat its longest text in each of them.
const ROOM: usize = 32 << 20;

/// A typed fact before it enters the common form: one of the structs of the table.
pub trait Seen {
    /// Its kind.
    fn kind() -> Kind;
    /// Its values in the order of the kind's fields.
    fn into_fields(self) -> Fields;
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
        Self { path: Arc::clone(path), all: Vec::new(), most, left_out: 0, room: ROOM }
    }

    /// How many facts were seen besides those that are kept.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Says that so many more facts were seen.
    pub fn leave_out(&mut self, count: usize) {
        self.left_out += count;
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
    pub fn add_fields(&mut self, kind: Kind, subject: impl Into<String>, at: Span, fields: Fields) {
        self.keep(kind, Location::Within(at), subject.into(), None, fields);
    }

    /// Adds a fact that another file gave, as one of this file: its places must be of this file already.
    pub fn adopt(&mut self, fact: Fact) {
        self.keep(fact.kind, fact.at, fact.subject, fact.cell, fact.fields);
    }

    fn push<S: Seen>(&mut self, subject: String, at: Location, cell: Option<usize>, seen: S) {
        self.keep(S::kind(), at, subject, cell, seen.into_fields());
    }

    fn keep(&mut self, kind: Kind, at: Location, subject: String, cell: Option<usize>, fields: Fields) {
        let text = subject.len() + fields.iter().map(FieldValue::text_length).sum::<usize>();
        match self.room.checked_sub(text) {
            Some(left) if self.all.len() < self.most => {
                self.room = left;
                self.all.push(Fact { kind, path: Arc::clone(&self.path), at, subject, cell, fields });
            }
            _ => self.left_out += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Secret;

    #[test]
    fn so_much_text_is_kept_and_the_rest_is_counted() {
        let mut facts = Facts::at_most(100, &"a".into());
        for _ in 0..3 {
            facts.add("x".repeat(ROOM / 2 - 1_000), Span::new(0, 1), Secret::default());
        }
        facts.add("y", Span::new(0, 1), Secret::default());
        facts.leave_out(2);
        assert_eq!((facts.all.len(), facts.left_out()), (3, 3));
    }
}
