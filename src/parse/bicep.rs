//! Reads Bicep, Azure's language for infrastructure. No crate reads it; this knows the plain form of declarations and values, and
//! keeps everything that has to be computed as it is written.
//!
//! A declaration becomes an entry as in HCL: `resource data 'Microsoft.Storage/storageAccounts@2023-01-01' = { … }` is under
//! `resource`, then `data`, with `type`, `existing` and `body`; a module has `source` and `body`, a parameter `default`.

#[cfg(test)]
mod tests;
mod text;

use crate::document::{DEPTH_LIMIT, Document, Entry, Fault, Faults, Node, Value};
use crate::source::Span;
use text::{has_hole, string_end, unescaped};

/// How many broken declarations of one file are stepped over before its rest is left out.
const FAULT_LIMIT: usize = 16;

/// Declarations that say nothing of what is created.
const SKIPPED: &[&str] = &[
    "output",
    "targetScope",
    "metadata",
    "type",
    "func",
    "import",
    "using",
    "extension",
    "provider",
    "assert",
    "extends",
];

/// Reads a Bicep file. A declaration that is broken is left out; those before and after it are kept.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut reader = Reader { text, at: text.len() - text.trim_start_matches('\u{feff}').len() };
    let mut entries = Vec::new();
    let mut faults = Faults::default();
    loop {
        reader.skip_lines();
        if reader.peek().is_none() {
            break;
        }
        match reader.declaration() {
            Ok(entry) => entries.extend(entry),
            Err(fault) if faults.len() + 1 < FAULT_LIMIT => {
                faults.push(fault);
                reader.skip_to_next_declaration();
            }
            Err(fault) => {
                faults.push(fault);
                faults.push(Fault::new(Span::new(reader.at, text.len()), "left out after too many faults"));
                break;
            }
        }
    }
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(entries.into()))], faults }
}

/// What a part of the file gives, or why it cannot be read.
type Read<T> = Result<T, Fault>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// One declaration; `None` for one that says nothing of what is created.
    fn declaration(&mut self) -> Read<Option<Entry>> {
        if matches!(self.peek(), Some('@' | '#')) {
            self.skip_expression();
            return Ok(None);
        }
        let (keyword, key_span) = self.word()?;
        let entry = match keyword {
            "resource" => self.resource()?,
            "module" => {
                let (name, name_span) = self.word()?;
                let source = self.string()?;
                self.expect('=')?;
                let body = self.body()?;
                named(name, name_span, [entry("source", source.span, source.clone()), entry("body", body.span, body)])
            }
            "param" => {
                let (name, name_span) = self.word()?;
                // The type.
                self.skip_until(|letter| letter == '=');
                let default = if self.peek() == Some('=') {
                    self.at += 1;
                    Some(self.value(0)?)
                } else {
                    None
                };
                named(name, name_span, default.map(|value| entry("default", value.span, value)))
            }
            "var" => {
                let (name, name_span) = self.word()?;
                self.skip_until(|letter| letter == '=');
                self.expect('=')?;
                entry(name, name_span, self.value(0)?)
            }
            _ if SKIPPED.contains(&keyword) => {
                self.skip_expression();
                return Ok(None);
            }
            _ => return Err(Fault::new(key_span, format!("`{keyword}` begins no declaration of Bicep"))),
        };
        Ok(Some(Entry {
            key: keyword.into(),
            key_span,
            node: Node::new(entry.key_span.cover(entry.node.span), Value::Map([entry].into())),
        }))
    }

    /// What stands behind `resource`, at the top or within another resource.
    fn resource(&mut self) -> Read<Entry> {
        let (name, name_span) = self.word()?;
        let kind = self.string()?;
        self.skip_blanks();
        let existing = self.rest().starts_with("existing").then(|| {
            let span = Span::new(self.at, self.at + "existing".len());
            self.at = span.end;
            entry("existing", span, Node::new(span, Value::Bool(true)))
        });
        self.expect('=')?;
        let body = self.body()?;
        let parts = [Some(entry("type", kind.span, kind)), existing, Some(entry("body", body.span, body))];
        Ok(named(name, name_span, parts.into_iter().flatten()))
    }

    /// The settings of a resource or module, without the condition or the loop around them.
    fn body(&mut self) -> Read<Node> {
        self.skip_blanks();
        if self.peek() == Some('[') {
            let start = self.at;
            self.at += 1;
            self.skip_lines();
            if !self.rest().starts_with("for ") {
                return Err(self.fault("expected `{`, `if` or `[for`"));
            }
            self.skip_until(|letter| letter == ':');
            self.expect(':')?;
            self.skip_lines();
            let mut body = self.body()?;
            self.skip_lines();
            self.expect(']')?;
            body.span = Span::new(start, self.at);
            return Ok(body);
        }
        if self.rest().starts_with("if") {
            self.at += "if".len();
            self.skip_blanks();
            if self.peek() != Some('(') {
                return Err(self.fault("expected `(`"));
            }
            self.at += 1;
            self.skip_lines_until(|_| false);
            self.expect(')')?;
        }
        self.skip_blanks();
        if self.peek() == Some('{') { self.object(1) } else { Err(self.fault("expected `{`")) }
    }

    /// A value: what is written out, or an expression as it stands.
    fn value(&mut self, depth: usize) -> Read<Node> {
        self.skip_blanks();
        if depth >= DEPTH_LIMIT {
            return Err(self.fault(format!("nested more than {DEPTH_LIMIT} levels deep")));
        }
        let start = self.at;
        let literal = match self.peek() {
            Some('{') => Some(self.object(depth + 1)?),
            Some('[') if !self.is_loop() => Some(self.array(depth + 1)?),
            Some('\'') => Some(self.string()?),
            Some('0'..='9' | '-') => Some(self.plain(|text| {
                let digits = text.strip_prefix('-').unwrap_or(text);
                (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
                    .then(|| Value::Number(text.into()))
            })),
            Some(_) => Some(self.plain(|text| match text {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                "null" => Some(Value::Null),
                _ => None,
            })),
            None => None,
        };
        if let Some(node) = literal
            && self.at > start
            && self.ends_value()
        {
            return Ok(node);
        }
        // The literal was only the beginning of something that has to be computed.
        self.at = start;
        let span = self.skip_expression();
        if span.start == span.end {
            return Err(self.fault("expected a value"));
        }
        Ok(Node::new(span, Value::Expression(span.text(self.text).into())))
    }

    /// A word without quotes; an expression where it is none of those that are known.
    fn plain(&mut self, known: impl Fn(&str) -> Option<Value>) -> Node {
        let length = self.rest().find(|letter: char| !is_of_word(letter) && letter != '-').unwrap_or(self.rest().len());
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        let text = span.text(self.text);
        Node::new(span, known(text).unwrap_or_else(|| Value::Expression(text.into())))
    }

    fn object(&mut self, depth: usize) -> Read<Node> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_separators();
            match self.peek() {
                Some('}') => break,
                None => return Err(Fault::new(Span::new(start, start + 1), "this `{` is never closed")),
                Some('@') => {
                    self.skip_expression();
                }
                Some('.') => {
                    // What is spread here may set anything.
                    let span = self.skip_expression();
                    entries.push(entry("...", span, Node::new(span, Value::Expression(span.text(self.text).into()))));
                }
                Some(_) => entries.push(self.property(depth)?),
            }
        }
        self.at += 1;
        Ok(Node::new(Span::new(start, self.at), Value::Map(entries.into())))
    }

    /// `key: value`, or a resource within a resource.
    fn property(&mut self, depth: usize) -> Read<Entry> {
        if self.peek() == Some('\'') {
            let key = self.string()?;
            let text = key.text().map_or_else(|| key.span.text(self.text).to_owned(), str::to_owned);
            self.expect(':')?;
            return Ok(entry(&text, key.span, self.value(depth)?));
        }
        let (word, span) = self.word()?;
        self.skip_blanks();
        if word == "resource" && self.peek() != Some(':') {
            let inner = self.resource()?;
            let whole = inner.key_span.cover(inner.node.span);
            return Ok(entry("resource", span, Node::new(whole, Value::Map([inner].into()))));
        }
        self.expect(':')?;
        Ok(entry(word, span, self.value(depth)?))
    }

    fn array(&mut self, depth: usize) -> Read<Node> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_separators();
            match self.peek() {
                Some(']') => break,
                None => return Err(Fault::new(Span::new(start, start + 1), "this `[` is never closed")),
                Some(_) => items.push(self.value(depth)?),
            }
        }
        self.at += 1;
        Ok(Node::new(Span::new(start, self.at), Value::List(items.into())))
    }

    /// True for `[for x in y: …]`.
    fn is_loop(&self) -> bool {
        self.rest().strip_prefix('[').is_some_and(|inner| inner.trim_start().starts_with("for "))
    }

    /// Text in quotes; an expression where it has holes.
    fn string(&mut self) -> Read<Node> {
        self.skip_blanks();
        let start = self.at;
        if self.peek() != Some('\'') {
            return Err(self.fault("expected a text in single quotes"));
        }
        let Some(end) = string_end(self.text, start) else {
            return Err(Fault::new(Span::new(start, start + 1), "this quote is never closed"));
        };
        self.at = end;
        let span = Span::new(start, end);
        let source = span.text(self.text);
        let value = if let Some(raw) = source.strip_prefix("'''") {
            let raw = raw.strip_suffix("'''").unwrap_or(raw);
            Value::Text(raw.strip_prefix("\r\n").or_else(|| raw.strip_prefix('\n')).unwrap_or(raw).into())
        } else if has_hole(source) {
            Value::Expression(source.into())
        } else {
            Value::Text(unescaped(source.trim_start_matches('\'').strip_suffix('\'').unwrap_or_default()).into())
        };
        Ok(Node::new(span, value))
    }

    fn word(&mut self) -> Read<(&'a str, Span)> {
        self.skip_blanks();
        let length = self.rest().find(|letter: char| !is_of_word(letter)).unwrap_or(self.rest().len());
        if length == 0 {
            return Err(self.fault("expected a name"));
        }
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        Ok((span.text(self.text), span))
    }

    fn expect(&mut self, wanted: char) -> Read<()> {
        self.skip_blanks();
        if self.peek() != Some(wanted) {
            return Err(self.fault(format!("expected `{wanted}`")));
        }
        self.at += wanted.len_utf8();
        Ok(())
    }

    /// True where nothing more belongs to the value before.
    fn ends_value(&mut self) -> bool {
        self.skip_blanks();
        match self.peek() {
            None | Some(',' | '}' | ']' | ')') => true,
            Some('\n' | '\r') => !self.goes_on_below(),
            Some(_) => false,
        }
    }

    /// True when the next line begins with a part of `condition ? a : b`.
    fn goes_on_below(&self) -> bool {
        self.rest().trim_start().starts_with(['?', ':'])
    }

    /// Steps over an expression, to the end of its line or to what closes or follows it; gives its place.
    fn skip_expression(&mut self) -> Span {
        let start = self.at;
        self.skip_until(|letter| letter == ',');
        let source = Span::new(start, self.at).text(self.text).trim_end();
        Span::new(start, start + source.len())
    }

    /// Steps to the first of these letters, the end of the line or a closing bracket, outside of all brackets and texts.
    fn skip_until(&mut self, is_end: impl Fn(char) -> bool) {
        self.skip(is_end, false);
    }

    /// The same past the ends of lines.
    fn skip_lines_until(&mut self, is_end: impl Fn(char) -> bool) {
        self.skip(is_end, true);
    }

    fn skip(&mut self, is_end: impl Fn(char) -> bool, over_lines: bool) {
        let mut open = 0_usize;
        while let Some(letter) = self.peek() {
            match letter {
                '\'' => {
                    let rest = self.rest();
                    let line_end = || self.at + rest.find('\n').unwrap_or(rest.len());
                    self.at = string_end(self.text, self.at).unwrap_or_else(line_end);
                    continue;
                }
                '/' if self.skip_comment() => continue,
                '{' | '[' | '(' => open += 1,
                '}' | ']' | ')' if open == 0 => return,
                '}' | ']' | ')' => open -= 1,
                '\n' | '\r' if open == 0 && !over_lines && !self.goes_on_below() => return,
                letter if open == 0 && is_end(letter) => return,
                _ => {}
            }
            self.at += letter.len_utf8();
        }
    }

    /// Steps over what could not be read, to a line that begins with a letter at its first column.
    fn skip_to_next_declaration(&mut self) {
        while let Some(end) = self.rest().find('\n') {
            self.at += end + 1;
            if self.peek().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '@') {
                return;
            }
        }
        self.at = self.text.len();
    }

    /// Blanks and comments.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if !self.skip_comment() {
                return;
            }
        }
    }

    /// Blanks, comments and ends of lines.
    fn skip_lines(&mut self) {
        self.skip_all(char::is_whitespace);
    }

    /// The same and commas.
    fn skip_separators(&mut self) {
        self.skip_all(|letter| letter.is_whitespace() || letter == ',');
    }

    fn skip_all(&mut self, skipped: impl Fn(char) -> bool) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches(&skipped).len();
            if !self.skip_comment() {
                return;
            }
        }
    }

    /// Steps over a comment that begins here; false when there is none.
    fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            rest.find(['\n', '\r'])
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            return false;
        };
        self.at += length.unwrap_or(rest.len());
        true
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, reason: impl Into<String>) -> Fault {
        let length = self.peek().map_or(0, char::len_utf8);
        Fault::new(Span::new(self.at, self.at + length), format!("not valid Bicep: {}", reason.into()))
    }
}

fn entry(key: &str, key_span: Span, node: Node) -> Entry {
    Entry { key: key.into(), key_span, node }
}

/// An entry that holds a map of these.
fn named(name: &str, name_span: Span, entries: impl IntoIterator<Item = Entry>) -> Entry {
    let entries: Vec<Entry> = entries.into_iter().collect();
    let span = entries.iter().fold(name_span, |span, entry| span.cover(entry.node.span));
    entry(name, name_span, Node::new(span, Value::Map(entries.into())))
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
