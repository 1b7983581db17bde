//! Splits JavaScript and TypeScript, JSX included, into tokens. Nothing is refused: what is odd becomes signs.

use crate::document::{Fault, Faults};
use crate::source::Span;
use std::collections::BTreeMap;

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a keyword.
    Word(Span),
    /// A text between quotes, or a template without substitution; with its quotes.
    Text(Span),
    /// A template with substitutions begins: its parts are left out, what is substituted follows as tokens up to [`Token::TemplateEnd`].
    Template(usize),
    /// A template with substitutions ends before this byte.
    TemplateEnd(usize),
    /// A number.
    Number(Span),
    /// A regular expression.
    Regex(Span),
    /// One character that is none of these.
    Sign(u8, usize),
}

impl Token {
    /// Where it stands.
    pub(super) fn span(self) -> Span {
        match self {
            Self::Word(at) | Self::Text(at) | Self::Number(at) | Self::Regex(at) => at,
            Self::Template(at) | Self::Sign(_, at) => Span::new(at, at + 1),
            Self::TemplateEnd(end) => Span::new(end.saturating_sub(1), end),
        }
    }

    /// True for this sign.
    pub(super) fn is(self, sign: u8) -> bool {
        matches!(self, Self::Sign(own, _) if own == sign)
    }
}

/// Words after which an expression begins, so that a `/` is no division.
const BEFORE_EXPRESSIONS: &[&str] = &[
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "else",
    "do",
    "await",
    "yield",
    "instanceof",
];

/// Splits a file into tokens; comments are left out.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Faults) {
    let body = text.trim_start_matches('\u{feff}');
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: text.len() - body.len(),
        tokens: Vec::new(),
        open: Vec::new(),
        unclosed: BTreeMap::new(),
        faults: Faults::default(),
    };
    if body.starts_with("#!") {
        lexer.skip_line();
    }
    while lexer.at < text.len() {
        lexer.step();
    }
    if let Some(start) =
        lexer.open.iter().find_map(|open| if let Open::Template(start) = open { Some(*start) } else { None })
    {
        lexer.fault(start, "this template text is not closed");
    }
    (lexer.tokens, lexer.faults)
}

/// What a `}` can close.
enum Open {
    Brace,
    /// The template that starts at this byte, within one of its substitutions.
    Template(usize),
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    open: Vec<Open>,
    /// By sign, the end of the line in which it was found not to be closed: it is not looked for there again, so that a line of a
    /// million such signs is not read a million times.
    unclosed: BTreeMap<u8, usize>,
    faults: Faults,
}

impl Lexer<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        match (self.byte(0), self.byte(1)) {
            (b' ' | b'\t' | b'\n' | b'\r', _) => self.at += 1,
            (b'/', b'/') => self.skip_line(),
            (b'/', b'*') => self.skip_comment(),
            (b'/', _) if self.regex_may_start() => self.regex(),
            (quote @ (b'"' | b'\''), _) => self.quoted(quote),
            (b'`', _) => self.template(self.at, self.at + 1),
            (b'{', _) => {
                self.open.push(Open::Brace);
                self.sign(b'{');
            }
            (b'}', _) => match self.open.pop() {
                Some(Open::Template(start)) => self.template(start, self.at + 1),
                _ => self.sign(b'}'),
            },
            (b'0'..=b'9', _) => self.number(),
            (byte, _) if is_of_name(byte) => self.word(),
            (byte, _) => self.sign(byte),
        }
    }

    fn sign(&mut self, byte: u8) {
        self.tokens.push(Token::Sign(byte, self.at));
        self.at += 1;
    }

    fn fault(&mut self, start: usize, reason: &str) {
        // Those that follow are mostly echoes of the first.
        if self.faults.is_empty() {
            self.faults.push(Fault::new(Span::new(start, start + 1).within(self.text), reason));
        }
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) {
        if let Some(length) = self.text.get(self.at + 2..).and_then(|rest| rest.find("*/")) {
            self.at += length + 4;
        } else {
            self.fault(self.at, "this comment is not closed");
            self.at = self.text.len();
        }
    }

    fn word(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_of_name(*byte)).unwrap_or(rest.len());
        self.tokens.push(Token::Word(Span::new(self.at, self.at + length)));
        self.at += length;
    }

    fn number(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_of_name(*byte) && *byte != b'.').unwrap_or(rest.len());
        self.tokens.push(Token::Number(Span::new(self.at, self.at + length)));
        self.at += length;
    }

    /// A text ends in its line; a quote that is not closed there is an apostrophe in the prose of JSX.
    fn quoted(&mut self, quote: u8) {
        if self.is_unclosed(quote) {
            return self.sign(quote);
        }
        let mut end = self.at + 1;
        loop {
            match self.bytes.get(end) {
                Some(b'\\') => end += 2,
                Some(byte) if *byte == quote => break,
                Some(b'\n') | None => {
                    self.unclosed.insert(quote, end);
                    return self.sign(quote);
                }
                Some(_) => end += 1,
            }
        }
        self.tokens.push(Token::Text(Span::new(self.at, end + 1)));
        self.at = end + 1;
    }

    fn is_unclosed(&self, sign: u8) -> bool {
        self.unclosed.get(&sign).is_some_and(|end| self.at < *end)
    }

    /// Reads the template that starts at `start` on from `from`, up to its next substitution or its end.
    fn template(&mut self, start: usize, from: usize) {
        let is_whole = from == start + 1;
        let mut end = from;
        loop {
            match self.bytes.get(end) {
                Some(b'\\') => end += 2,
                Some(b'`') => {
                    let whole = Span::new(start, end + 1);
                    self.tokens.push(if is_whole { Token::Text(whole) } else { Token::TemplateEnd(end + 1) });
                    self.at = end + 1;
                    return;
                }
                Some(b'$') if self.bytes.get(end + 1) == Some(&b'{') => {
                    if is_whole {
                        self.tokens.push(Token::Template(start));
                    }
                    self.open.push(Open::Template(start));
                    self.at = end + 2;
                    return;
                }
                Some(_) => end += 1,
                None => {
                    self.fault(start, "this template text is not closed");
                    self.at = self.text.len();
                    return;
                }
            }
        }
    }

    /// A `/` divides after a value. Behind `<` it closes an element of JSX.
    fn regex_may_start(&self) -> bool {
        match self.tokens.last() {
            None => true,
            Some(Token::Word(word)) => BEFORE_EXPRESSIONS.contains(&word.text(self.text)),
            Some(Token::Sign(sign, _)) => !matches!(sign, b')' | b']' | b'}' | b'<'),
            Some(Token::Template(_)) => true,
            Some(_) => false,
        }
    }

    fn regex(&mut self) {
        if self.is_unclosed(b'/') {
            return self.sign(b'/');
        }
        let mut end = self.at + 1;
        let mut in_class = false;
        loop {
            match self.bytes.get(end) {
                Some(b'\n') | None => {
                    self.unclosed.insert(b'/', end);
                    return self.sign(b'/');
                }
                Some(b'\\') => end += 1,
                Some(b'[') => in_class = true,
                Some(b']') => in_class = false,
                Some(b'/') if !in_class => break,
                Some(_) => {}
            }
            end += 1;
        }
        end += 1;
        let rest = self.bytes.get(end..).unwrap_or_default();
        end += rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
        self.tokens.push(Token::Regex(Span::new(self.at, end)));
        self.at = end;
    }
}

/// Letters beyond ASCII count as parts of names, whatever they are.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'@') || byte >= 0x80
}

/// The text within its quotes, with the escapes that addresses and names hold resolved.
pub(super) fn unescaped(quoted: &str) -> String {
    let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut plain = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some('r') => plain.push('\r'),
                // A line that goes on in the next.
                Some('\n') | None => {}
                Some(other) => plain.push(other),
            },
            letter => plain.push(letter),
        }
    }
    plain
}
