//! How much is read of a text that holds more than people write: what is made of it would take a hundred times its own room.

use crate::document::Fault;
use crate::source::Span;

/// How many lines are read of what holds a thing in each line.
const LINE_LIMIT: usize = 250_000;

/// How many words and signs are read of what is written in a language: a program of so many has a hundred thousand lines.
pub const TOKEN_LIMIT: usize = 1_000_000;

/// What is read of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent<'a> {
    /// The text up to the end of a line, or all of it.
    pub read: &'a str,
    /// Says that the rest is left out.
    pub rest: Option<Fault>,
}

impl<'a> Extent<'a> {
    /// All of the text.
    #[must_use]
    pub fn whole(text: &'a str) -> Self {
        Self { read: text, rest: None }
    }

    /// So much as is read of what is written in a language.
    #[must_use]
    pub fn of_language(text: &'a str) -> Self {
        Self::of_tokens(TOKEN_LIMIT, text, tokens)
    }

    /// So much as is read of what holds a thing in each line.
    #[must_use]
    pub fn of_lines(text: &'a str) -> Self {
        let last = text.match_indices('\n').nth(LINE_LIMIT - 1).map(|(end, _)| end + 1);
        let lines = Self::up_to(text, last, || format!("more than {LINE_LIMIT} lines"));
        let within = Self::of_language(lines.read);
        if within.rest.is_some() { Self::of_language(text) } else { lines }
    }

    /// The lines that have up to `limit` tokens together; each takes one byte at least.
    pub fn of_tokens<T: Iterator<Item = usize>>(
        limit: usize,
        text: &'a str,
        tokens: impl FnOnce(&'a str) -> T,
    ) -> Self {
        let surplus = if text.len() > limit { tokens(text).nth(limit) } else { None };
        let end = surplus.map(|at| text.get(..at).and_then(|read| read.rfind('\n')).map_or(0, |end| end + 1));
        Self::up_to(text, end, || format!("more than {limit} words and signs"))
    }

    fn up_to(text: &'a str, end: Option<usize>, reason: impl FnOnce() -> String) -> Self {
        let read = end.and_then(|end| text.get(..end)).filter(|read| read.len() < text.len());
        let Some(read) = read else { return Self::whole(text) };
        let rest = Fault::new(Span::new(read.len(), text.len()), format!("{}; the rest is not assessed", reason()));
        Self { read, rest: Some(rest) }
    }
}

/// Where each word and each sign of a text begins.
pub fn tokens(text: &str) -> impl Iterator<Item = usize> {
    let mut in_word = false;
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let was_in_word = in_word;
        in_word = byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
        let is_blank = matches!(byte, b' ' | b'\t' | b'\r');
        let goes_on = in_word && was_in_word;
        (!(is_blank || goes_on)).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs_are_counted() {
        let text = "a_1 = f(é,\t\"b c\")\r\n";
        let all: Vec<&str> = tokens(text).filter_map(|at| text.get(at..at + 1).or(Some("é"))).collect();
        assert_eq!(all, ["a", "=", "f", "(", "é", ",", "\"", "b", "c", "\"", ")", "\n"]);
    }

    #[test]
    fn what_is_read_ends_with_a_line() {
        let up_to = |limit, text| Extent::of_tokens(limit, text, tokens);
        assert_eq!(up_to(6, "a b\nc d\n"), Extent::whole("a b\nc d\n"));
        let cut = up_to(5, "a b\nc d\n");
        assert_eq!(cut.read, "a b\n");
        assert_eq!(cut.rest.map(|rest| rest.at), Some(Span::new(4, 8)));
        assert_eq!(up_to(2, "a b c d").read, "");
        let lines = "\n".repeat(LINE_LIMIT);
        assert_eq!(Extent::of_lines(&lines).rest, None);
        assert_eq!(Extent::of_lines(&format!("{lines}x")).read.len(), LINE_LIMIT);
    }
}
