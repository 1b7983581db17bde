//! Reads `yarn.lock` as the first Yarn writes it; later ones write YAML.

use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::{Span, each_line};

/// Reads the lock: a map from what is asked for (`"a@^1", "a@~1.2"`, as written) to a map of texts. Deeper levels, which only
/// repeat what packages need in turn, are left out.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut packages: Vec<Entry> = Vec::new();
    let mut open: Option<(Span, Vec<Entry>)> = None;
    let mut faults = Faults::default();
    for line in each_line(text) {
        let content = line.text(text);
        let body = content.trim_start_matches([' ', '\t', '\u{feff}']);
        let indent = content.len() - body.len();
        let body = body.trim_end();
        let at = Span::new(line.start + indent, line.start + indent + body.len());
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if !content.starts_with([' ', '\t']) {
            packages.extend(open.take().map(|(key, fields)| package(text, key, fields)));
            match body.strip_suffix(':') {
                Some(key) => open = Some((Span::new(at.start, at.start + key.len()), Vec::new())),
                None => faults.push(Fault::new(at, "not valid in yarn.lock: neither a package nor a field of one")),
            }
        } else if let (2, Some((_, fields)), Some((key, _))) = (indent, &mut open, body.split_once(' ')) {
            let value = body.get(key.len()..).unwrap_or_default().trim();
            let value_at = Span::new(at.end - value.len(), at.end);
            let node = Node::new(value_at, Value::Text(value.trim_matches('"').into()));
            fields.push(Entry { key: key.into(), key_span: Span::new(at.start, at.start + key.len()), node });
        }
    }
    packages.extend(open.take().map(|(key, fields)| package(text, key, fields)));
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(packages.into()))], faults }
}

fn package(text: &str, key: Span, fields: Vec<Entry>) -> Entry {
    let span = fields.iter().fold(key, |span, field| span.cover(field.node.span));
    Entry { key: key.text(text).into(), key_span: key, node: Node::new(span, Value::Map(fields.into())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_their_fields_have_places() {
        let text = "# yarn lockfile v1\r\n\r\n\"@ai/sdk@^1\", \"@ai/sdk@~1.2\":\r\n  version \"1.2.3\"\r\n  integrity sha512-é==\r\n  dependencies:\r\n    openai \"^4\"\r\n\r\nopenai@^4:\r\n  version \"4.2.0\"\r\n";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let packages = document.root().unwrap().entries();
        assert_eq!(packages.len(), 2);
        assert_eq!(&*packages[0].key, "\"@ai/sdk@^1\", \"@ai/sdk@~1.2\"");
        assert_eq!(packages[0].node.get("version").unwrap().text(), Some("1.2.3"));
        assert_eq!(packages[0].node.get("integrity").unwrap().span.text(text), "sha512-é==");
        assert!(!packages[0].node.has("openai"));
    }

    #[test]
    fn any_bytes_end() {
        for text in ["", ":", "a", "a:\n b", "a:\n  b", "a:\n  b c\n", "\u{feff}a:", "  x y\n"] {
            let _ = parse(text);
        }
        assert_eq!(parse("<<<<<<< ours\n").faults.len(), 1);
    }
}
