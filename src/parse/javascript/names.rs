//! Chains of names: `a.b?.c`, `new a.B`, `await a.b`.

use super::brackets::Source;
use super::tokens::Token;
use crate::source::Span;

/// How many parts of a chain are kept.
const CHAIN_LIMIT: usize = 16;

/// How long a name may be that is kept.
const NAME_LIMIT: usize = 200;

/// A chain of names.
pub(super) struct Chain<'a> {
    /// Its names.
    pub(super) names: Vec<&'a str>,
    /// Its first token.
    start: usize,
    /// The token behind its last name.
    names_end: usize,
    /// The token behind it, and behind the types that may follow: a bracket where it is called.
    pub(super) end: usize,
}

impl Chain<'_> {
    /// The chain as it is written.
    pub(super) fn written(&self) -> String {
        self.names.join(".")
    }

    /// The name of what hangs on a thing that is not known.
    pub(super) fn on_anything(&self) -> String {
        format!("*#{}", self.names.last().copied().unwrap_or_default())
    }

    /// Its place.
    pub(super) fn span(&self, source: &Source<'_>) -> Span {
        let span = |index: usize| source.token(index).map(Token::span).unwrap_or_default();
        span(self.start).cover(span(self.names_end.saturating_sub(1)))
    }
}

/// The chain that starts at this token; types between `<` and `>` before a call are passed over.
pub(super) fn chain_at<'a>(source: &Source<'a>, start: usize) -> Option<Chain<'a>> {
    let mut names = vec![source.word(start)?];
    let mut end = start + 1;
    loop {
        // `?.`, `!.` and `.`
        let dot = match (source.token(end), source.token(end + 1)) {
            (Some(Token::Sign(b'?' | b'!', _)), Some(Token::Sign(b'.', _))) => end + 1,
            (Some(Token::Sign(b'.', _)), _) => end,
            _ => break,
        };
        let Some(name) = source.word(dot + 1) else { break };
        if names.len() == CHAIN_LIMIT {
            // Of a longer one its last name is kept.
            names.pop();
        }
        names.push(name);
        end = dot + 2;
    }
    if names.iter().any(|name| name.len() > NAME_LIMIT) {
        return None;
    }
    let names_end = end;
    let end = behind_types(source, end).unwrap_or(end);
    Some(Chain { names, start, names_end, end })
}

/// How many tokens the types of a call may have.
const TYPE_LIMIT: usize = 24;

/// The bracket behind `<A, B>`, if there is one.
fn behind_types(source: &Source<'_>, start: usize) -> Option<usize> {
    if !source.is(start, b'<') {
        return None;
    }
    let mut depth = 0_usize;
    for index in start..start + TYPE_LIMIT {
        match source.token(index)? {
            Token::Sign(b'<', _) => depth += 1,
            Token::Sign(b'>', _) => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return source.is(index + 1, b'(').then_some(index + 1);
                }
            }
            Token::Word(_) | Token::Text(_) | Token::Sign(b',' | b'.' | b'[' | b']' | b'|', _) => {}
            _ => return None,
        }
    }
    None
}
