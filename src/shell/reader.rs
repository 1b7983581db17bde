//! Reads shell text from its first byte to its last: words, with quotes and escapes resolved, and the operators between them.

use super::Word;
use crate::source::Span;

/// How long a text in `$(...)` may be: what is longer is read as commands alone, and cuts the word.
const SUBSTITUTION_LENGTH_LIMIT: usize = 500;

/// A text that is read word by word.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// How far it is read.
    at: usize,
    escape: char,
    /// Where the last `}}` stands: an expression that opens after it is not closed.
    last_close: usize,
    /// What stands in each `$(...)` of the words that were read.
    pub substitutions: Vec<Span>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, escape: char) -> Self {
        let last_close = text.rfind("}}").unwrap_or(0);
        Self { text, at: 0, escape, last_close, substitutions: Vec::new() }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes what stands before the first character that is one to `stop` at.
    pub fn take_until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.find(stop).and_then(|end| rest.get(..end)).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    fn take_if(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let character = self.peek().filter(|character| wanted(*character))?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// Passes over what stands between words, continued lines included.
    pub fn skip_blanks(&mut self, blank: impl Fn(char) -> bool) {
        loop {
            self.take_until(|character| !blank(character));
            let after = self.rest().strip_prefix(self.escape);
            if !after.is_some_and(|rest| rest.starts_with(['\n', '\r'])) {
                return;
            }
            self.at += self.escape.len_utf8();
            self.take_until(|character| character != '\r');
            self.take_if(|character| character == '\n');
        }
    }

    /// One operator: the same character once or twice.
    pub fn operator(&mut self) -> &'static str {
        let first = self.take_if(|_| true);
        let twice = matches!(first, Some('|' | '&')) && self.take_if(|character| Some(character) == first).is_some();
        match (first, twice) {
            (Some('|'), true) => "||",
            (Some('\n'), _) => "\n",
            _ => ";",
        }
    }

    /// The word that starts here; it ends at a blank or one of `ends`.
    pub fn word(&mut self, ends: &[char]) -> Option<Word> {
        let start = self.at;
        self.peek()?;
        let mut text = String::new();
        let mut quote: Option<char> = None;
        let escape = self.escape;
        loop {
            let is_plain = |character: char| match quote {
                Some(open) => character != open && character != escape && character != '$',
                None => {
                    !matches!(character, '"' | '\'' | '$')
                        && character != escape
                        && !character.is_whitespace()
                        && !ends.contains(&character)
                }
            };
            text.push_str(self.take_until(|character| !is_plain(character)));
            let is_of_word =
                |character: char| quote.is_some() || !(character.is_whitespace() || ends.contains(&character));
            let at = self.at;
            let Some(character) = self.take_if(is_of_word) else { break };
            let is_expression = character == '$' && quote != Some('\'') && at < self.last_close;
            match quote {
                None if character == '$'
                    && let Some(length) = substitution(self.rest()) =>
                {
                    self.substitutions.push(Span::new(self.at + 1, self.at + length - 1));
                    self.at += length;
                    text.push_str(Span::new(at, self.at).text(self.text));
                }
                _ if is_expression && self.rest().starts_with("{{") => {
                    let rest = self.text.get(at..).unwrap_or_default();
                    let length = rest.find("}}").map_or(3, |close| close + 2);
                    text.push_str(rest.get(..length).unwrap_or_default());
                    self.at = at + length;
                }
                Some(open) if character == open => quote = None,
                None if matches!(character, '"' | '\'') => quote = Some(character),
                _ if character == escape && quote != Some('\'') => {
                    let Some(escaped) = self.take_if(|_| true) else { continue };
                    if matches!(escaped, '\n' | '\r') {
                        continue;
                    }
                    // Inside double quotes only a few characters need the escape; others keep it.
                    if quote.is_some() && !matches!(escaped, '"' | '$' | '\\' | '`') {
                        text.push(character);
                    }
                    text.push(escaped);
                }
                _ => text.push(character),
            }
        }
        Some(Word { text, start, end: self.at })
    }
}

/// How long the `(...)` is that `text` starts with; `None` where it is not closed, or a sum: `$((a + 1))`.
fn substitution(text: &str) -> Option<usize> {
    if !text.starts_with('(') || text.starts_with("((") {
        return None;
    }
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate().take(SUBSTITUTION_LENGTH_LIMIT) {
        match byte {
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at + 1);
        }
    }
    None
}
