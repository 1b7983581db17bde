//! What reading alone can know of a value: literals, objects and lists of them, and names that stand for one.

use super::bindings::Bindings;
use super::brackets::Source;
use super::names::chain_at;
use super::tokens::{Token, unescaped};
use crate::document::code::{Argument, Known};

/// How many elements of a list or object are kept; one with more is data, not settings.
pub(super) const ELEMENT_LIMIT: usize = 64;

/// How long a text may be that is kept.
pub(super) const TEXT_LIMIT: usize = 4_096;

/// How deep objects and lists are read into.
const DEPTH_LIMIT: usize = 4;

/// How many parts one value may have in all.
const VALUE_LIMIT: usize = 512;

/// How far behind a value its type is looked for.
const NEAR: usize = 16;

/// An object literal.
pub(super) struct Object {
    pub(super) entries: Vec<(String, Argument)>,
    /// It takes entries of other objects in, so that one that is not here may still be there.
    pub(super) spreads: bool,
}

/// What is known of the value from `start` to before `end`.
pub(super) fn value(source: &Source<'_>, start: usize, end: usize, bindings: &Bindings) -> Known {
    let mut reader = Reader { source, bindings, budget: VALUE_LIMIT };
    reader.value(start, end, DEPTH_LIMIT)
}

/// The entries of the object that opens at `start`.
pub(super) fn object(source: &Source<'_>, start: usize, bindings: &Bindings) -> Object {
    let mut reader = Reader { source, bindings, budget: VALUE_LIMIT };
    reader.object(start, DEPTH_LIMIT)
}

struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    bindings: &'s Bindings,
    budget: usize,
}

impl Reader<'_, '_> {
    fn value(&mut self, start: usize, end: usize, depth: usize) -> Known {
        let (Some(budget), Some(depth)) = (self.budget.checked_sub(1), depth.checked_sub(1)) else {
            return Known::Other;
        };
        self.budget = budget;
        let source = self.source;
        // `"text" as const`, `{ ... } satisfies Options`
        let near = start + 1..end.min(start + NEAR);
        let typed = near.into_iter().find(|index| matches!(source.word(*index), Some("as" | "satisfies")));
        let end =
            if source.is(start, b'{') || source.is(start, b'[') { source.behind(start) } else { typed.unwrap_or(end) };
        let is_single = source.behind(start) == end;
        match source.token(start) {
            Some(Token::Text(at)) if is_single => {
                if at.end - at.start > TEXT_LIMIT {
                    Known::Other
                } else {
                    Known::Text(unescaped(at.text(source.text)))
                }
            }
            Some(Token::Number(at)) if is_single => Known::Number(at.text(source.text).to_owned()),
            Some(Token::Sign(b'-', _)) if start + 2 == end => match source.token(start + 1) {
                Some(Token::Number(at)) => Known::Number(format!("-{}", at.text(source.text))),
                _ => Known::Other,
            },
            // Minifiers write `!0` for true.
            Some(Token::Sign(b'!', _)) if start + 2 == end => match source.token(start + 1) {
                Some(Token::Number(at)) => Known::Bool(at.text(source.text) == "0"),
                _ => Known::Other,
            },
            Some(Token::Sign(b'[', _)) if is_single => self.list(start, depth),
            Some(Token::Sign(b'{', _)) if is_single => {
                let object = self.object(start, depth);
                let entries = object.entries.into_iter().map(|(key, argument)| (key, argument.value));
                Known::Map(entries.collect())
            }
            Some(Token::Word(_)) => self.named(start, end),
            _ => Known::Other,
        }
    }

    fn named(&self, start: usize, end: usize) -> Known {
        let Some(chain) = chain_at(self.source, start) else { return Known::Other };
        // `process.env.X!`, `process.env.X ?? ""`
        let is_asserted = self.source.is(chain.end, b'!') && chain.end + 1 == end;
        if chain.end != end && !is_asserted {
            return Known::Other;
        }
        match chain.names.as_slice() {
            ["true"] => Known::Bool(true),
            ["false"] => Known::Bool(false),
            ["null" | "undefined"] => Known::None,
            _ => self.bindings.value(&chain),
        }
    }

    fn list(&mut self, start: usize, depth: usize) -> Known {
        let close = self.source.closing(start);
        let mut items = Vec::new();
        let mut index = start + 1;
        while index < close {
            if items.len() == ELEMENT_LIMIT || self.budget == 0 {
                return Known::Other;
            }
            let end = self.source.end_of_element(index, close);
            items.push(self.value(index, end, depth));
            index = end + 1;
        }
        Known::List(items)
    }

    fn object(&mut self, start: usize, depth: usize) -> Object {
        let source = self.source;
        let close = source.closing(start);
        let mut object = Object { entries: Vec::new(), spreads: false };
        let mut index = start + 1;
        while index < close {
            if object.entries.len() == ELEMENT_LIMIT || self.budget == 0 {
                object.spreads = true;
                break;
            }
            let end = source.end_of_element(index, close);
            let key = source.word(index).map(str::to_owned).or_else(|| source.string(index).map(|(text, _)| text));
            match key {
                Some(key) if source.is(index + 1, b':') => {
                    let value = self.value(index + 2, end, depth);
                    object.entries.push((key, Argument { value, at: source.span(index + 2, end) }));
                }
                // `{ apiKey }`
                Some(key) if index + 1 == end => {
                    let value = self.named(index, end);
                    object.entries.push((key, Argument { value, at: source.span(index, end) }));
                }
                // Methods hold no settings; `...others` does, and a key that is computed may be any.
                Some(_) => {}
                None => object.spreads = true,
            }
            index = end + 1;
        }
        object
    }
}
