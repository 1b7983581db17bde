//! The tokens of a file by what encloses them: where each bracket is closed, and where an element or a statement ends.

use super::tokens::{Token, unescaped};
use crate::source::Span;

/// How many tokens of a statement are looked through for its end.
const STATEMENT_LIMIT: usize = 512;

/// The tokens of a file, and for each opening bracket where it is closed.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    closed: Vec<usize>,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens, closed: closing_brackets(tokens) }
    }

    pub(super) fn token(&self, index: usize) -> Option<Token> {
        self.tokens.get(index).copied()
    }

    /// True when this sign stands there.
    pub(super) fn is(&self, index: usize, sign: u8) -> bool {
        self.token(index).is_some_and(|token| token.is(sign))
    }

    /// The name or keyword that stands there.
    pub(super) fn word(&self, index: usize) -> Option<&'a str> {
        match self.token(index)? {
            Token::Word(at) => Some(at.text(self.text)),
            _ => None,
        }
    }

    /// The text that stands there, unescaped, and its place.
    pub(super) fn string(&self, index: usize) -> Option<(String, Span)> {
        match self.token(index)? {
            Token::Text(at) => Some((unescaped(at.text(self.text)), at)),
            _ => None,
        }
    }

    /// Where the bracket or template that opens there is closed; the last token where it is not.
    pub(super) fn closing(&self, index: usize) -> usize {
        self.closed
            .get(index)
            .copied()
            .filter(|end| *end > index)
            .unwrap_or(self.tokens.len().saturating_sub(1))
            .max(index)
    }

    /// The token behind the one there, or behind what it opens.
    pub(super) fn behind(&self, index: usize) -> usize {
        match self.token(index) {
            Some(Token::Sign(b'(' | b'[' | b'{', _) | Token::Template(_)) => self.closing(index) + 1,
            _ => index + 1,
        }
    }

    /// The token behind the element that starts at `start`: a comma, or `close`.
    pub(super) fn end_of_element(&self, start: usize, close: usize) -> usize {
        let mut index = start;
        while index < close {
            if self.is(index, b',') {
                return index;
            }
            index = self.behind(index);
        }
        close
    }

    /// The token behind a declared value. Semicolons may be left out: then a word that goes on without a sign begins the next statement.
    pub(super) fn end_of_statement(&self, start: usize) -> usize {
        let mut index = start;
        for _ in 0..STATEMENT_LIMIT {
            match self.token(index) {
                None | Some(Token::Sign(b';' | b',' | b')' | b'}' | b']', _)) => break,
                Some(Token::Word(_)) if index > start && !self.continues(index) => break,
                _ => index = self.behind(index),
            }
        }
        index
    }

    /// True when a word belongs to the value before it.
    fn continues(&self, index: usize) -> bool {
        let is_operator = matches!(self.word(index), Some("as" | "satisfies" | "in" | "instanceof" | "of"));
        let before = index.checked_sub(1).and_then(|before| self.token(before));
        is_operator || matches!(before, Some(Token::Sign(sign, _)) if !matches!(sign, b')' | b']' | b'}'))
    }

    /// The place of the tokens from `start` to before `end`.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let span = |index: usize| self.token(index).map(Token::span).unwrap_or_default();
        span(start).cover(span(end.saturating_sub(1).max(start)))
    }
}

/// Finds the partner of each bracket. One that closes nothing, as in the prose of JSX, is left alone.
fn closing_brackets(tokens: &[Token]) -> Vec<usize> {
    let mut closed = vec![0; tokens.len()];
    let mut open: Vec<(u8, usize)> = Vec::new();
    // How many of each kind are open, so that looking for a partner that is not there costs nothing.
    let mut counts = [0_usize; 4];
    let kind_of = |sign: u8| match sign {
        b'(' | b')' => 0,
        b'[' | b']' => 1,
        b'{' | b'}' => 2,
        _ => 3,
    };
    for (index, token) in tokens.iter().enumerate() {
        let (sign, opens) = match token {
            Token::Sign(sign @ (b'(' | b'[' | b'{'), _) => (*sign, true),
            Token::Sign(sign @ (b')' | b']' | b'}'), _) => (*sign, false),
            Token::Template(_) => (b'`', true),
            Token::TemplateEnd(_) => (b'`', false),
            _ => continue,
        };
        let kind = kind_of(sign);
        let Some(count) = counts.get_mut(kind) else { continue };
        if opens {
            *count += 1;
            open.push((sign, index));
        } else if *count > 0 {
            while let Some((other, start)) = open.pop() {
                let other = kind_of(other);
                if let Some(count) = counts.get_mut(other) {
                    *count -= 1;
                }
                if other == kind {
                    if let Some(end) = closed.get_mut(start) {
                        *end = index;
                    }
                    break;
                }
            }
        }
    }
    closed
}
