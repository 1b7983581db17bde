//! Reads `go.mod`: the module's name and what it requires.

use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::{Span, each_line};

/// Reads a module file: a map with, in order, a text for each simple directive (`module`, `go`) and a list of words for each line
/// of the others (`require`, `replace`), the same in brackets or alone. A comment at the line's end is its last word.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut entries = Vec::new();
    let mut faults = Faults::default();
    let mut block: Option<(Span, Span)> = None;
    for line in each_line(text) {
        let mut words = words(text, line);
        let first = words.first().map(|word| word.span);
        let Some(first) = first.filter(|first| !first.text(text).starts_with("//")) else { continue };
        if block.is_some() && first.text(text) == ")" {
            block = None;
            continue;
        }
        let directive = if let Some((directive, _)) = block {
            directive
        } else {
            words.remove(0);
            if words.first().is_some_and(|word| word.span.text(text) == "(") {
                block = Some((first, line));
                continue;
            }
            first
        };
        let Some((one, last)) = words.first().zip(words.last()) else {
            faults.push(Fault::new(line, "not valid in go.mod: a directive without a value"));
            continue;
        };
        let span = one.span.cover(last.span);
        entries.push(Entry {
            key: directive.text(text).into(),
            key_span: directive,
            node: Node::new(span, Value::List(words.into())),
        });
    }
    if let Some((_, line)) = block {
        faults.push(Fault::new(line, "not valid in go.mod: this block is not closed"));
    }
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(entries.into()))], faults }
}

/// The words of a line, quotes around them taken away; a comment is one word.
fn words(text: &str, line: Span) -> Vec<Node> {
    let content = line.text(text);
    let (code, comment) = match content.find("//") {
        // An address has no `//` in a module file: paths of modules are without a scheme.
        Some(start) => content.split_at_checked(start).unwrap_or((content, "")),
        None => (content, ""),
    };
    let mut found = Vec::new();
    let mut start = 0;
    let blank = |letter: char| letter.is_whitespace() || letter == '\u{feff}';
    for word in code.split(blank) {
        let at = Span::new(line.start + start, line.start + start + word.len());
        start += word.len();
        start += code.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if !word.is_empty() {
            found.push(Node::new(at, Value::Text(word.trim_matches(['"', '`']).into())));
        }
    }
    let comment = comment.trim_end();
    if !comment.is_empty() {
        let at = Span::new(line.start + code.len(), line.start + code.len() + comment.len());
        found.push(Node::new(at, Value::Text(comment.into())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_stand_alone_or_in_brackets() {
        let text = "\u{feff}module example.com/é // mine\r\n\r\ngo 1.23\r\nrequire github.com/a/b v1.0.0\r\nrequire (\r\n\t// why\r\n\t\"github.com/c/d/v2\" v2.1.0 // indirect\r\n)\r\nreplace github.com/a/b => ../b\r\n";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let rows: Vec<String> = document
            .root()
            .unwrap()
            .entries()
            .iter()
            .map(|it| format!("{} {}", it.key, it.node.span.text(text)))
            .collect();
        assert_eq!(
            rows,
            [
                "module example.com/é // mine",
                "go 1.23",
                "require github.com/a/b v1.0.0",
                "require \"github.com/c/d/v2\" v2.1.0 // indirect",
                "replace github.com/a/b => ../b"
            ]
        );
    }

    #[test]
    fn broken_files_are_read_as_far_as_they_go() {
        assert_eq!(parse("require (\n a v1\n").faults.len(), 1);
        assert_eq!(parse("require\n").faults.len(), 1);
        for text in ["", "(", ")", "//", "a //", "require (", "\u{feff}", "require é"] {
            let _ = parse(text);
        }
    }
}
