//! Reads TOML with the crate of that name, keeping what is good of a broken file.

use super::extent::Extent;
use crate::document::{Document, Entry, Fault, Node, Value};
use crate::source::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How many words and signs are read, a text between quotes being one: the crate needs a thousand bytes for a table of two. The longest
/// lock files have a quarter of them.
const TOKEN_LIMIT: usize = 400_000;

/// Reads a TOML file. The crate itself refuses what is nested too deeply.
#[must_use]
pub fn parse(text: &str) -> Document {
    let Extent { read, rest } = Extent::of_tokens(TOKEN_LIMIT, text, tokens);
    let mut document = parse_whole(read);
    if let Some(rest) = rest {
        document.faults.leave_out(read.len(), rest);
    }
    document
}

/// Where each token begins.
fn tokens(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + (rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len());
        let rest = text.get(start..)?;
        let is_of_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        let length = match rest.chars().next()? {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            quote @ ('"' | '\'') => length_of_text(rest, quote),
            letter if is_of_word(letter) => rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len()),
            sign => sign.len_utf8(),
        };
        at = start + length;
        Some(start)
    })
}

/// How long the text is that begins with a quote: to the one that closes it, or to the end of its line.
fn length_of_text(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    let is_end = |letter: char| {
        let ends = letter == '\n' || (letter == quote && !escaped);
        escaped = letter == '\\' && quote == '"' && !escaped;
        ends
    };
    rest.get(1..).and_then(|inner| inner.find(is_end)).map_or(rest.len(), |end| end + 2)
}

fn parse_whole(text: &str) -> Document {
    let (root, errors) = DeTable::parse_recoverable(text);
    let faults = errors.iter().map(|error| {
        let at = error.span().map_or_else(Span::default, |range| Span::new(range.start, range.end));
        Fault::new(at.within(text), format!("not valid TOML: {}", error.message().replace('\n', "; ")))
    });
    let mut root = Reader { text }.table(Span::default(), root.get_ref());
    root.span = Span::new(0, text.len());
    Document { roots: vec![root], faults: faults.collect() }
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn table(&self, own: Span, table: &DeTable<'_>) -> Node {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().as_ref().into(),
                key_span: self.span(key),
                node: self.value(value),
            })
            .collect();
        // The crate sorts keys; readers of the file expect them as written.
        entries.sort_by_key(|entry| entry.key_span.start);
        let span = entries.iter().fold(own, |span, entry| self.grow(span, entry));
        Node::new(span, Value::Map(entries.into()))
    }

    /// A table with a header ends with the last of its own lines; sub-tables with a header stand for themselves.
    fn grow(&self, span: Span, entry: &Entry) -> Span {
        let whole = entry.key_span.cover(entry.node.span);
        let has_header =
            |node: &Node| matches!(node.value, Value::Map(_)) && node.span.text(self.text).starts_with('[');
        if span == Span::default() {
            whole
        } else if has_header(&entry.node) || entry.node.items().iter().any(has_header) {
            span
        } else {
            span.cover(whole)
        }
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let span = self.span(value);
        let read = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.as_ref().into()),
            DeValue::Integer(_) | DeValue::Float(_) => Value::Number(span.text(self.text).into()),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(_) => Value::Text(span.text(self.text).into()),
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.value(item)).collect()),
            DeValue::Table(table) => return self.table(span, table),
        };
        Node::new(span, read)
    }

    fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        Span::new(spanned.span().start, spanned.span().end).within(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_exact() {
        let text = "\u{feff}# é\r\n[project]\r\nname = 'é'\r\ndependencies = [\r\n  \"torch>=2\", # why\r\n  'x',\r\n]\r\n[tool.uv]\r\ndev = true\r\nn = 1_000\r\nwhen = 2026-11-21\r\n[[tool.uv.index]]\r\nurl = \"u\\u00e9\"\r\n";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let root = document.root().unwrap();
        assert_eq!(root.at("project.name").unwrap().span.text(text), "'é'");
        assert_eq!(root.get("project").unwrap().entry("name").unwrap().key_span.text(text), "name");
        assert_eq!(root.at("project.dependencies").unwrap().items()[0].span.text(text), "\"torch>=2\"");
        let project = root.get("project").unwrap().span.text(text);
        assert!(project.starts_with("[project]") && project.ends_with(']'), "{project}");
        assert!(root.at("tool.uv").unwrap().span.text(text).ends_with("2026-11-21"));
        assert_eq!(root.at("tool.uv.n").unwrap().scalar(), Some("1_000"));
        assert_eq!(root.at("tool.uv.when").unwrap().text(), Some("2026-11-21"));
        assert_eq!(root.at("tool.uv.index").unwrap().items()[0].get("url").unwrap().text(), Some("ué"));
    }

    #[test]
    fn keys_stay_in_the_order_of_the_file() {
        let document = parse("b = 1\na = 2\n[z]\n[y]\n");
        let keys: Vec<_> = document.root().unwrap().entries().iter().map(|entry| &*entry.key).collect();
        assert_eq!(keys, ["b", "a", "z", "y"]);
    }

    #[test]
    fn several_faults_leave_the_rest() {
        let document = parse("a = \n[good]\nb = 1\n[worse\nc = 'x\n[last]\nd = 2\na.b = 1\nd = 3\n");
        assert!(document.faults.len() >= 2, "{:?}", document.faults);
        assert_eq!(document.root().unwrap().at("good.b").unwrap().scalar(), Some("1"));
        assert_eq!(document.root().unwrap().at("last.d").unwrap().scalar(), Some("2"));
    }

    #[test]
    fn hostile_inputs_end_with_a_fault() {
        let levels = 10_000;
        for text in [
            format!("a = {}", "[".repeat(levels)),
            format!("a = {}", "{a = ".repeat(levels)),
            format!("{}b = 1", "a.".repeat(levels)),
            format!("[{}b]", "a.".repeat(levels)),
            "a = \"\\xZZ\"".to_owned(),
            "a = \"\\ud800\"".to_owned(),
            "\0".to_owned(),
            "= 1".to_owned(),
        ] {
            assert!(!parse(&text).faults.is_empty(), "{:?}", text.get(..8));
        }
    }
}
