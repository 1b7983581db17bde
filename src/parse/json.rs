//! Reads JSON with the scanner of jsonc-parser; the only file that knows that crate.
//!
//! Only the scanner is used: its own tree is lost whole at the first error, and is built by recursion.

use crate::document::builder::{Builder, Shape, TooLarge};
use crate::document::{Document, Fault, Node, Value};
use crate::source::Span;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use std::rc::Rc;

/// Reads a JSON file. Comments and trailing commas pass, as real configuration files have them, and `NaN`, as Python
/// writes it; any other leniency would let broken files pass for good ones.
#[must_use]
pub fn parse(text: &str) -> Document {
    let body = text.trim_start_matches('\u{feff}');
    let mut reader = Reader::new(body, text.len() - body.len());
    let fault = reader.read().err();
    Document { roots: reader.builder.finish(), faults: fault.into_iter().collect() }
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    /// An item, or the end of the list.
    Item,
    /// A key, or the end of the map.
    Key,
    Colon,
    /// A comma, or the end of the list or map.
    Comma,
    End,
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    offset: usize,
    builder: Builder,
    opened: Vec<Shape>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, offset: usize) -> Self {
        let options = ScannerOptions {
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: true,
            allow_extended_string_escapes: false,
        };
        Self { scanner: Scanner::new(text, &options), offset, builder: Builder::default(), opened: Vec::new() }
    }

    fn read(&mut self) -> Result<(), Fault> {
        let mut expected = Expected::Value;
        loop {
            let token = self.scanner.scan().map_err(|error| {
                let at = Span::new(error.range().start, error.range().end).within(self.scanner.file_text());
                Fault::new(
                    at.shifted(self.offset),
                    format!("not valid JSON: {}", lower_first(&error.kind().to_string())),
                )
            })?;
            let Some(token) = token else { break };
            if !matches!(token, Token::CommentLine(_) | Token::CommentBlock(_)) {
                expected = self.take(token, expected)?;
            }
        }
        match expected {
            Expected::End => Ok(()),
            _ => Err(self.fault("not valid JSON: it ends before it is complete")),
        }
    }

    fn take(&mut self, token: Token<'a>, expected: Expected) -> Result<Expected, Fault> {
        let span = self.span();
        match (expected, token) {
            (Expected::Key, Token::String(key)) => {
                self.builder.key(Rc::from(key), span);
                Ok(Expected::Colon)
            }
            (Expected::Colon, Token::Colon) => Ok(Expected::Value),
            (Expected::Comma, Token::Comma) => Ok(match self.opened.last() {
                Some(Shape::Map) => Expected::Key,
                _ => Expected::Item,
            }),
            (Expected::Key | Expected::Comma, Token::CloseBrace) if self.opened.last() == Some(&Shape::Map) => {
                self.close()
            }
            (Expected::Item | Expected::Comma, Token::CloseBracket) if self.opened.last() == Some(&Shape::List) => {
                self.close()
            }
            (Expected::Value | Expected::Item, Token::OpenBrace) => self.open(Shape::Map, Expected::Key),
            (Expected::Value | Expected::Item, Token::OpenBracket) => self.open(Shape::List, Expected::Item),
            (Expected::Value | Expected::Item, Token::String(text)) => self.add(Value::Text(Rc::from(text))),
            (Expected::Value | Expected::Item, Token::Number(number)) => self.add(Value::Number(number.into())),
            (Expected::Value | Expected::Item, Token::Boolean(value)) => self.add(Value::Bool(value)),
            (Expected::Value | Expected::Item, Token::Null) => self.add(Value::Null),
            (expected, _) => Err(self.fault(match expected {
                Expected::Value => "not valid JSON: a value is missing here",
                Expected::Item => "not valid JSON: an item or `]` is missing here",
                Expected::Key => "not valid JSON: a key in double quotes or `}` is missing here",
                Expected::Colon => "not valid JSON: `:` is missing here",
                Expected::Comma => "not valid JSON: a comma or the closing bracket is missing here",
                Expected::End => "not valid JSON: something follows the end",
            })),
        }
    }

    fn open(&mut self, shape: Shape, next: Expected) -> Result<Expected, Fault> {
        self.builder.open(shape, self.span().start).map_err(|limit| self.limit(limit))?;
        self.opened.push(shape);
        Ok(next)
    }

    fn close(&mut self) -> Result<Expected, Fault> {
        self.opened.pop();
        if let Some(grown) = self.builder.close(Some(self.span().end)) {
            self.builder.add(grown).map_err(|limit| self.limit(limit))?;
        }
        Ok(self.after_value())
    }

    fn add(&mut self, value: Value) -> Result<Expected, Fault> {
        let node = Node::new(self.span(), value);
        self.builder.add(node.into()).map_err(|limit| self.limit(limit))?;
        Ok(self.after_value())
    }

    fn after_value(&self) -> Expected {
        if self.opened.is_empty() { Expected::End } else { Expected::Comma }
    }

    /// The range of the current token.
    fn span(&self) -> Span {
        Span::new(self.scanner.token_start(), self.scanner.token_end()).shifted(self.offset)
    }

    fn fault(&self, reason: impl Into<String>) -> Fault {
        Fault::new(self.span(), reason)
    }

    fn limit(&self, limit: TooLarge) -> Fault {
        self.fault(limit.to_string())
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_exact() {
        let text = "\u{feff}{\r\n  \"é\": [1.10, \"a\\u00e9\\n\", null], // why\r\n  \"b\": {\"c\": true,},\r\n}\r\n";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let root = document.root().unwrap();
        assert_eq!(root.span.text(text), text.trim_start_matches('\u{feff}').trim_end());
        assert_eq!(root.entry("é").unwrap().key_span.text(text), "\"é\"");
        let list = root.get("é").unwrap();
        assert_eq!(list.span.text(text), "[1.10, \"a\\u00e9\\n\", null]");
        assert_eq!(list.items()[0].scalar(), Some("1.10"));
        assert_eq!(list.items()[1].text(), Some("aé\n"));
        assert!(matches!(list.items()[2].value, Value::Null));
        assert_eq!(root.at("b.c").unwrap().boolean(), Some(true));
    }

    #[test]
    fn duplicate_keys_are_kept_and_the_last_one_counts() {
        let document = parse("{\"a\": 1, \"a\": 2}");
        assert_eq!(document.root().unwrap().entries().len(), 2);
        assert_eq!(document.root().unwrap().get("a").unwrap().scalar(), Some("2"));
    }

    #[test]
    fn what_stands_before_an_error_is_kept() {
        for text in
            ["{\"a\": 1, \"b\": [1, 2", "{\"a\": 1, \"b\": [1, 2 3]}", "{\"a\": 1, \"b\": [1, 2}", "{\"a\": 1, b: 2}"]
        {
            let document = parse(text);
            assert_eq!(document.faults.len(), 1, "{text}");
            assert_eq!(document.root().unwrap().get("a").unwrap().scalar(), Some("1"), "{text}");
        }
        assert_eq!(parse("{\"a\": 1, \"b\"").root().unwrap().entries().len(), 2);
    }

    #[test]
    fn leniency_ends_with_comments_trailing_commas_and_nan() {
        assert_eq!(parse("[NaN, -Infinity, 1,] /* end */").faults, []);
        for text in [
            "{'a': 1}",
            "[+1]",
            "[.5]",
            "[0x1]",
            "[01]",
            "{a: 1}",
            "[1,,2]",
            "[,]",
            "{,}",
            "{} {}",
            "",
            "[\"\\x41\"]",
            "[tru]",
        ] {
            assert_eq!(parse(text).faults.len(), 1, "{text}");
        }
    }

    #[test]
    fn hostile_inputs_end_with_a_fault() {
        for text in ["[".repeat(10_000), "{\"a\":".repeat(10_000)] {
            let document = parse(&text);
            assert_eq!(document.faults.len(), 1);
            assert!(document.root().is_some());
        }
        for text in
            ["\"\\ud800\"", "\"\\u12\"", "\"\u{1}\"", "[\"é", "}", "]", "{\"a\":}", "{\"a\" 1}", "/*", "//", "\u{feff}"]
        {
            assert!(parse(text).faults.len() <= 1, "{text}");
        }
        assert!(parse("[\"é\\q\"]").faults[0].at.start >= 1);
    }
}
