//! What could not be read of a file.

use crate::source::Span;
use std::ops::{Deref, DerefMut};

/// A part of a file that could not be read: never silent, always reported as not assessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where the parser stopped or skipped.
    pub at: Span,
    /// What is wrong, in words for the file's author.
    pub reason: String,
}

impl Fault {
    /// A fault at this place.
    #[must_use]
    pub fn new(at: Span, reason: impl Into<String>) -> Self {
        Self { at, reason: reason.into() }
    }
}

/// How many faults of one file are kept: a file that is no such syntax at all has one in every line, eight million of them.
const LIMIT: usize = 100;

/// The faults of a file: the first of them, and how many more there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    kept: Vec<Fault>,
    more: usize,
}

/// Those of what can always be read.
pub(super) static NONE: Faults = Faults { kept: Vec::new(), more: 0 };

impl Faults {
    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        if self.kept.len() < LIMIT {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// How many there are besides those that are kept.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// Says that the file was read up to byte `end` only: what stands open there may be closed in the `rest`, and is no fault.
    pub fn leave_out(&mut self, end: usize, rest: Fault) {
        self.kept.retain(|fault| fault.at.end < end);
        self.push(rest);
    }

    /// Leaves out those of which `keep` says so.
    pub fn retain(&mut self, keep: impl FnMut(&Fault) -> bool) {
        self.kept.retain(keep);
    }
}

impl Deref for Faults {
    type Target = [Fault];

    fn deref(&self) -> &[Fault] {
        &self.kept
    }
}

impl DerefMut for Faults {
    fn deref_mut(&mut self) -> &mut [Fault] {
        &mut self.kept
    }
}

impl Extend<Fault> for Faults {
    fn extend<T: IntoIterator<Item = Fault>>(&mut self, faults: T) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<T: IntoIterator<Item = Fault>>(faults: T) -> Self {
        let mut all = Self::default();
        all.extend(faults);
        all
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self { kept: vec![fault], more: 0 }
    }
}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl<const N: usize> PartialEq<[Fault; N]> for Faults {
    fn eq(&self, other: &[Fault; N]) -> bool {
        self.kept == other && self.more == 0
    }
}
