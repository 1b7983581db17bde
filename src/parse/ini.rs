//! Reads the INI dialect of `.dvc/config`: `['remote "NAME"']` and `[core]`, each with `key = value` lines.

use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::{Span, each_line};

/// Reads an INI file: a map of sections, each a map of texts; keys before any section stand at the root. A section or
/// key that appears twice is there twice.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut root = Vec::new();
    let mut section: Option<Section> = None;
    let mut faults = Faults::default();
    for line in each_line(text) {
        let line = trimmed(text, line);
        let content = line.text(text);
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if content.starts_with('[') {
            root.extend(section.take().map(Section::close));
            match header(text, line) {
                Some(name) => {
                    section =
                        Some(Section { name: name.text(text).into(), name_span: name, span: line, entries: vec![] });
                }
                None => faults.push(Fault::new(line, "this section has no name or no `]`")),
            }
            continue;
        }
        let Some((key, value)) = content.split_once('=') else {
            faults.push(Fault::new(line, "neither a section nor `key = value`"));
            continue;
        };
        let key_span = trimmed(text, Span::new(line.start, line.start + key.len()));
        let value_span = without_comment(text, trimmed(text, Span::new(line.end - value.len(), line.end)));
        let node = Node::new(value_span, Value::Text(unquoted(text, value_span).text(text).into()));
        let entry = Entry { key: unquoted(text, key_span).text(text).into(), key_span, node };
        match &mut section {
            Some(section) => {
                section.span = section.span.cover(line);
                section.entries.push(entry);
            }
            None => root.push(entry),
        }
    }
    root.extend(section.take().map(Section::close));
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(root.into()))], faults }
}

struct Section {
    name: String,
    name_span: Span,
    span: Span,
    entries: Vec<Entry>,
}

impl Section {
    fn close(self) -> Entry {
        let node = Node::new(self.span, Value::Map(self.entries.into()));
        Entry { key: self.name.into(), key_span: self.name_span, node }
    }
}

/// The name between the brackets of a section's line, without the quotes around it: `['remote "x"']` names `remote "x"`.
fn header(text: &str, line: Span) -> Option<Span> {
    let content = line.text(text);
    let end = content.rfind(']')?;
    let rest = content.get(end + 1..)?.trim_start();
    if !(rest.is_empty() || rest.starts_with(['#', ';'])) {
        return None;
    }
    let name = unquoted(text, trimmed(text, Span::new(line.start + 1, line.start + end)));
    (name.end > name.start).then_some(name)
}

/// The range without blanks (and a byte order mark) at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let content = span.text(text);
    let blank = |letter: char| letter.is_whitespace() || letter == '\u{feff}';
    let start = span.start + (content.len() - content.trim_start_matches(blank).len());
    Span::new(start, start + content.trim_matches(blank).len())
}

/// The range without one pair of quotes around it.
fn unquoted(text: &str, span: Span) -> Span {
    let content = span.text(text);
    let quoted =
        ['"', '\''].iter().any(|quote| content.len() >= 2 && content.starts_with(*quote) && content.ends_with(*quote));
    if quoted { Span::new(span.start + 1, span.end - 1) } else { span }
}

/// The range of a value without a comment after it. A `#` counts only behind a blank: addresses hold it too.
fn without_comment(text: &str, value: Span) -> Span {
    let content = value.text(text);
    let Some(quote) = content.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
        let end = if content.starts_with('#') { 0 } else { content.find(" #").unwrap_or(content.len()) };
        return trimmed(text, Span::new(value.start, value.start + end));
    };
    let closing = content.get(1..).and_then(|rest| rest.find(quote)).map_or(content.len(), |at| at + 2);
    let after = content.get(closing..).unwrap_or_default().trim_start();
    if after.starts_with('#') { Span::new(value.start, value.start + closing) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dvc_configuration_is_read_with_exact_places() {
        let text = "\u{feff}[core]\r\n    remote = é\r\n    autostage=true # yes\r\n; old\r\n['remote \"é\"']\r\n    url = \"s3://bucket/#a\" # here\r\n    password = a b=c#d\r\n    empty =\r\n";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let root = document.root().unwrap();
        assert_eq!(root.at("core.remote").unwrap().span.text(text), "é");
        assert_eq!(root.at("core.autostage").unwrap().boolean(), Some(true));
        let remote = root.entry("remote \"é\"").unwrap();
        assert_eq!(remote.key_span.text(text), "remote \"é\"");
        assert_eq!(remote.node.get("url").unwrap().text(), Some("s3://bucket/#a"));
        assert_eq!(remote.node.get("url").unwrap().span.text(text), "\"s3://bucket/#a\"");
        assert_eq!(remote.node.get("password").unwrap().text(), Some("a b=c#d"));
        assert_eq!(remote.node.get("empty").unwrap().text(), Some(""));
        assert!(remote.node.span.text(text).starts_with('[') && remote.node.span.text(text).ends_with("empty ="));
    }

    #[test]
    fn repeated_sections_and_keys_are_kept() {
        let document = parse("a = 0\n[s]\na = 1\na = 2\n[s]\nb = 3\n");
        let root = document.root().unwrap();
        assert_eq!(root.entries().len(), 3);
        assert_eq!(root.entries()[1].node.entries().len(), 2);
        assert_eq!(root.at("s.b").unwrap().text(), Some("3"));
    }

    #[test]
    fn broken_lines_are_faults_and_the_rest_is_read() {
        let document = parse("[open\nx = 1\nnothing\n[]\n['\n= \n[ok] # fine\ny = '\n");
        assert_eq!(document.faults.len(), 4, "{:?}", document.faults);
        assert_eq!(document.root().unwrap().at("ok.y").unwrap().text(), Some("'"));
    }

    #[test]
    fn any_bytes_end() {
        for text in ["", "=", "[", "]", "[']", "['']", "é=é #", "\"=\"", "#", "a=#", "\r\r", "a='\u{feff}"] {
            let _ = parse(text);
        }
        assert_eq!(parse(&"[a]\n".repeat(10_000)).root().unwrap().entries().len(), 10_000);
    }
}
