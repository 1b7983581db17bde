//! Reads the dialect of Python's configparser, as `setup.cfg` is written: a value can go on over indented lines.

use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::{Span, each_line};

/// Reads a file of sections, each a map of keys. A value is the list of its lines, blank ones and comments left out.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut reader = Reader { text, sections: Vec::new(), faults: Faults::default() };
    for line in each_line(text) {
        reader.line(line);
    }
    let entries = reader.sections.into_iter().map(Section::close).collect();
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(entries))], faults: reader.faults }
}

struct Reader<'a> {
    text: &'a str,
    sections: Vec<Section>,
    faults: Faults,
}

struct Section {
    name: Span,
    key: String,
    span: Span,
    settings: Vec<Setting>,
}

struct Setting {
    key: Span,
    name: String,
    indent: usize,
    lines: Vec<Node>,
}

impl Section {
    fn close(self) -> Entry {
        let settings = self.settings.into_iter().map(|setting| {
            let span = setting.lines.iter().fold(setting.key, |span, line| span.cover(line.span));
            Entry {
                key: setting.name.into(),
                key_span: setting.key,
                node: Node::new(Span::new(setting.key.end, span.end), Value::List(setting.lines.into())),
            }
        });
        let node = Node::new(self.span, Value::Map(settings.collect()));
        Entry { key: self.key.into(), key_span: self.name, node }
    }
}

impl Reader<'_> {
    fn line(&mut self, line: Span) {
        let content = line.text(self.text);
        let body = content.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        let indent = content.len() - body.len();
        let body = body.trim_end();
        let at = Span::new(line.start + indent, line.start + indent + body.len());
        if body.is_empty() || body.starts_with(['#', ';']) {
            return;
        }
        let open = self.sections.last_mut();
        let continued = open.and_then(|section| section.settings.last_mut()).filter(|setting| indent > setting.indent);
        if let Some(setting) = continued {
            setting.lines.push(text_node(at, body));
        } else if let Some(name) = body.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let name_at = Span::new(at.start + 1, at.start + 1 + name.len());
            self.sections.push(Section { name: name_at, key: name.to_owned(), span: at, settings: Vec::new() });
        } else {
            self.setting(at, body, indent);
        }
        if let Some(section) = self.sections.last_mut() {
            section.span = section.span.cover(at);
        }
    }

    fn setting(&mut self, at: Span, body: &str, indent: usize) {
        let (Some((key, value)), Some(section)) = (body.split_once(['=', ':']), self.sections.last_mut()) else {
            self.faults.push(Fault::new(at, "neither a section nor `key = value` within one"));
            return;
        };
        let name = key.trim_end();
        let value = value.trim();
        let value_at = Span::new(at.end - value.len(), at.end);
        section.settings.push(Setting {
            key: Span::new(at.start, at.start + name.len()),
            name: name.to_owned(),
            indent,
            lines: if value.is_empty() { Vec::new() } else { vec![text_node(value_at, value)] },
        });
    }
}

fn text_node(at: Span, text: &str) -> Node {
    Node::new(at, Value::Text(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_over_indented_lines() {
        let text = "\u{feff}[options]\r\npackages = find:\r\ninstall_requires =\r\n    torch>=2 ; python_version < '3.12'\r\n    # why\r\n\r\n    é\r\nx: 1\r\n[options.extras_require]\r\ndev = pytest\r\n";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let root = document.root().unwrap();
        let options = root.get("options").unwrap();
        let lines: Vec<_> =
            options.get("install_requires").unwrap().items().iter().map(|it| it.span.text(text)).collect();
        assert_eq!(lines, ["torch>=2 ; python_version < '3.12'", "é"]);
        assert_eq!(options.get("x").unwrap().items()[0].text(), Some("1"));
        assert_eq!(options.entry("packages").unwrap().key_span.text(text), "packages");
        assert_eq!(
            root.get("options.extras_require").unwrap().get("dev").unwrap().items()[0].span.text(text),
            "pytest"
        );
    }

    #[test]
    fn broken_lines_are_faults_and_any_bytes_end() {
        let document = parse("x = 1\n[a]\nnothing\n[b\ny = 2\n");
        assert_eq!(document.faults.len(), 2);
        assert_eq!(document.root().unwrap().get("b").unwrap().get("y").unwrap().items()[0].text(), Some("2"));
        for text in ["", "[", "=", " =", "[]\n=", "\r\r", "[a]\n é", "\u{feff}"] {
            let _ = parse(text);
        }
    }
}
