//! What the cells of a notebook hold, decoded from its JSON, with the way back to the bytes of the file.

use crate::source::Span;
use std::cell::Cell;

/// A file that a cell writes: `%%writefile NAME`.
#[derive(Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Where it is written, from the folder of the notebook; only its name where it lies elsewhere.
    pub path: String,
    /// What is written.
    pub text: String,
    /// The cell, from 1.
    pub cell: usize,
    /// Where `text` starts in the decoded text that `pieces` tell of.
    pub start: usize,
    /// Where it comes from.
    pub pieces: Pieces,
}

impl WrittenFile {
    /// Where bytes of `text` stand in the notebook, whose JSON is `file`.
    #[must_use]
    pub fn place(&self, span: Span, file: &str) -> Span {
        self.pieces.places(file).place(span.shifted(self.start))
    }
}

/// Where each part of a decoded text comes from, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Pieces(Vec<Piece>);

/// A part of the decoded text that stands in the file as it is, or one escaped character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins in the decoded text.
    pub decoded: usize,
    /// Where it begins in the file.
    pub file: usize,
    /// How long an escaped character is in the file.
    pub escape: Option<usize>,
}

impl Pieces {
    /// Adds the piece that follows.
    pub fn push(&mut self, piece: Piece) {
        self.0.push(piece);
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Takes the pieces from number `from` on (from 0) out.
    #[must_use]
    pub fn take_from(&mut self, from: usize) -> Self {
        Self(self.0.split_off(from.min(self.0.len())))
    }

    /// For many questions about places in `file`, which they come from, each near the one before.
    #[must_use]
    pub fn places<'p>(&'p self, file: &'p str) -> Places<'p> {
        Places { pieces: &self.0, file, near: Cell::new(0) }
    }
}

/// Answers where parts of the decoded text stand in the file.
#[derive(Debug)]
pub struct Places<'p> {
    pieces: &'p [Piece],
    file: &'p str,
    /// The piece that the last answer was about: the next is mostly about the same or the one behind it.
    near: Cell<usize>,
}

impl Places<'_> {
    /// Where bytes of the decoded text stand in the file; its end where nothing was decoded.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        let Some(first) = self.piece(span.start) else { return Span::empty(self.file.len()) };
        let start = first.file + if first.escape.is_some() { 0 } else { span.start - first.decoded };
        let last = span.end.checked_sub(1).filter(|_| span.end > span.start).and_then(|last| self.piece(last));
        let end = last.map_or(start, |piece| piece.file + piece.escape.unwrap_or(span.end - piece.decoded));
        Span::new(start, end).within(self.file)
    }

    /// The piece that a byte of the decoded text is in.
    fn piece(&self, decoded: usize) -> Option<&Piece> {
        let holds = |index: usize| {
            self.pieces.get(index).is_some_and(|piece| piece.decoded <= decoded)
                && self.pieces.get(index + 1).is_none_or(|next| next.decoded > decoded)
        };
        let near = self.near.get();
        let index = [near, near + 1].into_iter().find(|index| holds(*index));
        let index = index.or_else(|| self.pieces.partition_point(|piece| piece.decoded <= decoded).checked_sub(1))?;
        self.near.set(index);
        self.pieces.get(index)
    }
}
