//! Reads YAML with granit-parser; the only file that knows that crate.

use crate::document::builder::{Builder, Grown, Shape, TooLarge};
use crate::document::{DEPTH_LIMIT, Document, Fault, Faults, Node, Value};
use crate::source::Span;
use granit_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::HashMap;
use std::rc::Rc;

/// Why a template is not read: what it will be is known only once it is filled in.
const TEMPLATE: &str = "a template that is filled in before use; not assessed";

/// Reads every document of a YAML file.
#[must_use]
pub fn parse(text: &str) -> Document {
    parse_at(text, 0)
}

/// Reads YAML that starts at byte `offset` of its file, such as front matter: all places count from the file's start.
#[must_use]
pub fn parse_at(text: &str, offset: usize) -> Document {
    let mut reader = Reader {
        text,
        offset,
        builder: Builder::default(),
        anchors: HashMap::new(),
        opened: Vec::new(),
        faults: Faults::default(),
    };
    let complete = reader.read();
    if !complete && let Some(at) = template_marker(text) {
        // The holes of a template leave a tree in which things look missing that are not.
        return Document { roots: Vec::new(), faults: Fault::new(at.shifted(offset), TEMPLATE).into() };
    }
    Document { roots: reader.builder.finish(), faults: reader.faults }
}

/// Where a line starts with `{{` or `{%`, or a value does without quotes, as in Helm, Jinja and cookiecutter templates.
fn template_marker(text: &str) -> Option<Span> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for marker in ["{{", "{%"] {
            if let Some((before, _)) = line.split_once(marker) {
                let before_is_plain = before.trim().is_empty() || before.ends_with(": ") || before.ends_with("- ");
                if before_is_plain && !before.trim_start().starts_with('#') {
                    let at = start + before.len();
                    return Some(Span::new(at, at + marker.len()));
                }
            }
        }
        start += line.len();
    }
    None
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    builder: Builder,
    /// What each anchor names, once it is complete.
    anchors: HashMap<usize, Grown>,
    opened: Vec<Opened>,
    faults: Faults,
}

/// An open collection.
struct Opened {
    /// Its anchor; 0 for none.
    anchor: usize,
    /// It stands in the place of a map's key.
    key: bool,
    /// It has a tag, and with it a map around it.
    tagged: bool,
}

impl<'a> Reader<'a> {
    /// Reads to the end; false when it had to stop earlier.
    fn read(&mut self) -> bool {
        let mut options = granit_parser::options! {
            emit_unresolved_aliases: true,
            flow_nesting_limit: DEPTH_LIMIT,
            block_nesting_limit: DEPTH_LIMIT,
        };
        options.set_emit_comments(false);
        for step in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = match step {
                Ok(step) => step,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(self.text.len());
                    self.fault(Span::empty(at), format!("not valid YAML: {}", error.info()));
                    return false;
                }
            };
            let span = place.byte_range().map_or_else(Span::default, |range| Span::new(range.start, range.end));
            if let Err(limit) = self.take(event, span.within(self.text)) {
                self.fault(span, limit.to_string());
                return false;
            }
        }
        true
    }

    fn take(&mut self, event: Event<'a>, span: Span) -> Result<(), TooLarge> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let key = self.builder.expects_key();
                let span = self.scalar_span(span, style, key);
                let value = if style == ScalarStyle::Plain || tag.is_some() {
                    self.resolve(&value, span, style, tag.as_deref())
                } else {
                    Value::Text(value.into())
                };
                self.place(anchor, key, Grown::from(self.node(span, value)))
            }
            Event::SequenceStart(_, anchor, tag) => self.open(Shape::List, anchor, tag.as_deref(), span),
            Event::MappingStart(_, anchor, tag) => self.open(Shape::Map, anchor, tag.as_deref(), span),
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a collection in brackets is their bracket; that of an indented one is an empty range.
                let end = (span.end > span.start).then_some(span.end + self.offset);
                let Some(Opened { anchor, key, tagged }) = self.opened.pop() else { return Ok(()) };
                let Some(mut grown) = self.builder.close(end) else { return Ok(()) };
                if tagged {
                    self.builder.add(grown)?;
                    let Some(around) = self.builder.close(end) else { return Ok(()) };
                    grown = around;
                }
                if matches!(grown.node.value, Value::Map(_)) && self.source(grown.node.span).starts_with("{{") {
                    grown =
                        Grown::from(Node::new(grown.node.span, Value::Expression(self.source(grown.node.span).into())));
                }
                self.place(anchor, key, grown)
            }
            Event::Alias(anchor) => {
                let key = self.builder.expects_key();
                let here = span.shifted(self.offset);
                let Some(mut grown) = self.anchors.get(&anchor).cloned() else {
                    self.fault(span, "an alias that stands inside of what it names");
                    return self.place(0, key, Grown::from(Node::new(here, Value::Null)));
                };
                grown.node.span = here;
                self.place(0, key, grown)
            }
            Event::UnresolvedAlias(name) => {
                let key = self.builder.expects_key();
                self.fault(span, format!("the alias `*{name}` names nothing above it"));
                self.place(0, key, Grown::from(self.node(span, Value::Null)))
            }
            // Anchors are forgotten where the document that they belong to ends.
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Opens a collection. One with a tag that only some program knows, such as `!If […]`, becomes a map with the tag
    /// as its only key: what it stands for is not what is written in it.
    fn open(&mut self, shape: Shape, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), TooLarge> {
        let tag =
            tag.map(Tag::original).filter(|tag| tag.len() > 1 && !tag.starts_with("!!") && !tag.starts_with("!<"));
        self.opened.push(Opened { anchor, key: self.builder.expects_key(), tagged: tag.is_some() });
        let start = span.start + self.offset;
        if let Some(tag) = tag {
            self.builder.open(Shape::Map, start)?;
            self.builder.key(tag.into(), Span::empty(start));
        }
        self.builder.open(shape, start)
    }

    /// Adds a complete part where it belongs, and remembers it under its anchor.
    fn place(&mut self, anchor: usize, key: bool, grown: Grown) -> Result<(), TooLarge> {
        if anchor != 0 {
            self.anchors.insert(anchor, grown.clone());
        }
        if key {
            let text = match &grown.node.value {
                Value::Text(text) => Rc::clone(text),
                _ => self.source(grown.node.span).into(),
            };
            self.builder.key(text, grown.node.span);
            return Ok(());
        }
        self.builder.add(grown)
    }

    /// The range of a scalar: a block scalar without the line end after it; a missing value right behind its key.
    fn scalar_span(&self, span: Span, style: ScalarStyle, key: bool) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                Span::new(span.start, span.start + span.text(self.text).trim_end().len())
            }
            ScalarStyle::Plain if span.start == span.end && !key => match self.builder.pending_key() {
                Some(key) => {
                    let end = key.end.saturating_sub(self.offset);
                    let rest = Span::new(end, self.text.len()).text(self.text);
                    Span::empty(end + rest.len() - rest.trim_start_matches([' ', '\t', ':']).len())
                }
                None => span,
            },
            _ => span,
        }
    }

    /// What a scalar is by the core schema of YAML 1.2: `on`, `no` and `yes` are text.
    fn resolve(&self, value: &str, span: Span, style: ScalarStyle, tag: Option<&Tag>) -> Value {
        if let Some(tag) = tag {
            return match tag.core_suffix() {
                Some("str" | "binary" | "timestamp") => Value::Text(value.into()),
                // `!Ref`, `!vault`: only the program that knows the tag can say what it stands for.
                None if tag.is_custom() => Value::Expression(format!("{} {value}", tag.original()).into()),
                _ => core_schema(value),
            };
        }
        if style == ScalarStyle::Plain && value.starts_with("{{") {
            return Value::Expression(span.text(self.text).into());
        }
        core_schema(value)
    }

    fn node(&self, span: Span, value: Value) -> Node {
        Node::new(span.shifted(self.offset), value)
    }

    /// The text at a place that already counts from the file's start.
    fn source(&self, span: Span) -> &'a str {
        Span::new(span.start.saturating_sub(self.offset), span.end.saturating_sub(self.offset)).text(self.text)
    }

    fn fault(&mut self, span: Span, reason: impl Into<String>) {
        self.faults.push(Fault::new(span.within(self.text).shifted(self.offset), reason));
    }
}

fn core_schema(value: &str) -> Value {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        number if is_number(number) => Value::Number(number.into()),
        text => Value::Text(text.into()),
    }
}

/// Integers and decimals of the core schema. `1.2.3`, `1e` and `0b1` are text.
fn is_number(text: &str) -> bool {
    let digits = |text: &str, base| !text.is_empty() && text.chars().all(|letter| letter.is_digit(base));
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|it| digits(it.strip_prefix(['-', '+']).unwrap_or(it), 10));
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, "")) => digits(whole, 10),
        Some((whole, fraction)) => (whole.is_empty() || digits(whole, 10)) && digits(fraction, 10),
        None => digits(mantissa, 10),
    };
    exponent_fits && mantissa_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Node {
        let document = parse(text);
        assert_eq!(document.faults, [], "{text}");
        document.roots.into_iter().next().expect("a root")
    }

    fn shown(node: &Node, text: &str) -> String {
        node.span.text(text).to_owned()
    }

    #[test]
    fn every_place_is_exact() {
        let text = "\u{feff}# début\r\nname: \"é x\"\r\nlist:\r\n  - one\r\n  - {a: [1, 2], b: }\r\nempty:\r\nlast: two\r\n  words\r\n";
        let root = root(text);
        assert_eq!(shown(root.get("name").unwrap(), text), "\"é x\"");
        assert_eq!(root.get("name").unwrap().text(), Some("é x"));
        assert_eq!(root.entry("list").unwrap().key_span.text(text), "list");
        let list = root.get("list").unwrap();
        assert_eq!(shown(list, text), "- one\r\n  - {a: [1, 2], b: }");
        assert_eq!(shown(&list.items()[1], text), "{a: [1, 2], b: }");
        assert_eq!(shown(list.items()[1].get("a").unwrap(), text), "[1, 2]");
        let empty = root.get("empty").unwrap();
        assert!(matches!(empty.value, Value::Null));
        assert_eq!(empty.span, Span::empty(text.find("empty:").unwrap() + 6));
        assert_eq!(root.get("last").unwrap().text(), Some("two words"));
        assert_eq!(shown(&root, text), text.trim_start_matches("\u{feff}# début\r\n").trim_end());
    }

    #[test]
    fn only_the_core_schema_is_special() {
        let root =
            root("a: on\nb: 1.10\nc: no\nd: 012\ne: True\nf: ~\ng: 1.2.3\nh: '3'\ni: 1e3\nj: !!str 7\nk: .5\nl: -x\n");
        for key in ["a", "c", "g", "h", "j", "l"] {
            assert!(root.get(key).unwrap().text().is_some(), "{key}");
        }
        for (key, number) in [("b", "1.10"), ("d", "012"), ("i", "1e3"), ("k", ".5")] {
            assert!(matches!(&root.get(key).unwrap().value, Value::Number(text) if &**text == number), "{key}");
        }
        assert!(matches!(root.get("e").unwrap().value, Value::Bool(true)));
        assert!(matches!(root.get("f").unwrap().value, Value::Null));
    }

    #[test]
    fn block_scalars_point_at_their_content() {
        let text = "run: |\n  echo é\n  echo 2\n\nnext: 1\n";
        let root = root(text);
        let run = root.get("run").unwrap();
        assert_eq!(run.text(), Some("echo é\necho 2\n"));
        assert!(shown(run, text).trim_start().starts_with("echo é"), "{:?}", shown(run, text));
        assert!(shown(run, text).ends_with("echo 2"));
    }

    #[test]
    fn documents_follow_one_another() {
        let document = parse("a: 1\n---\nb: 2\n...\n---\n- c\n");
        assert_eq!(document.faults, []);
        assert_eq!(document.roots.len(), 3);
        assert!(document.roots[1].has("b"));
    }

    #[test]
    fn aliases_share_and_merge_keys_stay() {
        let text = "base: &base\n  image: x\n  env: {A: 1}\nuse:\n  <<: *base\n  image: y\nsame: *base\n";
        let root = root(text);
        assert_eq!(root.at("use.image").unwrap().text(), Some("y"));
        assert_eq!(root.at("use.env.A").unwrap().scalar(), Some("1"));
        assert_eq!(shown(root.get("same").unwrap(), text), "*base");
        assert_eq!(root.at("same.image").unwrap().text(), Some("x"));
    }

    #[test]
    fn duplicate_keys_are_kept_and_the_last_one_counts() {
        let root = root("a: 1\na: 2\n");
        assert_eq!(root.entries().len(), 2);
        assert_eq!(root.get("a").unwrap().scalar(), Some("2"));
    }

    #[test]
    fn what_stands_before_an_error_is_kept() {
        let document = parse("a: 1\nb:\n  c: [x, y]\n  d: \"never closed\n");
        assert_eq!(document.faults.len(), 1);
        assert_eq!(document.root().unwrap().at("b.c").unwrap().items().len(), 2);
        assert!(document.root().unwrap().at("b").unwrap().has("d"));
    }

    #[test]
    fn templates_are_told_from_broken_files() {
        for text in [
            "a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n",
            "{% if x %}\na: 1\n{% endif %}\n",
            "a: {{ x }}-{{ y }}\n",
            "jobs:\n  {{ cookiecutter.name }}:\n    x: [\n",
        ] {
            let document = parse(text);
            assert_eq!(document.faults.len(), 1, "{text}");
            assert!(document.faults[0].reason.contains("template"), "{text}: {:?}", document.faults);
            assert!(document.roots.is_empty());
        }
        let document = parse("a: \"{{ x }}\"\nrun: ${{ github.ref }}\nb: [\n");
        assert!(document.faults[0].reason.contains("not valid YAML"), "{:?}", document.faults);
    }

    #[test]
    fn holes_that_parse_become_expressions() {
        let text = "image: {{ .Values.image }}\nrun: ${{ github.ref }}\nrole: !Ref Role\n";
        let root = root(text);
        assert!(matches!(&root.get("image").unwrap().value, Value::Expression(it) if &**it == "{{ .Values.image }}"));
        assert_eq!(root.get("run").unwrap().text(), Some("${{ github.ref }}"));
        assert!(matches!(&root.get("role").unwrap().value, Value::Expression(it) if &**it == "!Ref Role"));
    }

    #[test]
    fn tags_that_only_a_program_knows_are_kept() {
        let text =
            "a: !If [x, !Ref Y]\nb: !Sub\n  - é\n  - k: v\nc: !Map {k: 1}\nd: !!set {k: 1}\ne: &e !T [1]\nf: *e\n";
        let root = root(text);
        assert_eq!(root.at("a.!If").unwrap().items()[0].text(), Some("x"));
        assert!(root.at("a.!If").unwrap().items()[1].is_expression());
        assert_eq!(shown(root.at("a.!If").unwrap(), text), "[x, !Ref Y]");
        assert_eq!(root.at("b.!Sub").unwrap().items()[1].at("k").unwrap().text(), Some("v"));
        assert_eq!(root.at("c.!Map.k").unwrap().scalar(), Some("1"));
        assert_eq!(root.at("d.k").unwrap().scalar(), Some("1"));
        assert_eq!(root.at("f.!T").unwrap().items().len(), 1);
    }

    #[test]
    fn front_matter_counts_from_the_start_of_its_file() {
        let file = "---\nlicense: mit\ntags:\n- é\nempty:\n---\n# Title\n";
        let document = parse_at(file.get(4..file.len() - 12).unwrap(), 4);
        assert_eq!(document.faults, []);
        let root = document.root().unwrap();
        assert_eq!(shown(root.get("license").unwrap(), file), "mit");
        assert_eq!(shown(&root.get("tags").unwrap().items()[0], file), "é");
        assert_eq!(root.get("empty").unwrap().span.start, file.find("empty:").unwrap() + 6);
        assert_eq!(parse_at("a: [", 10).faults[0].at.start, 13);
    }

    #[test]
    fn keys_that_are_not_text_are_as_written() {
        let root = root("1: a\ntrue: b\n[x, y]: c\n\"q\": d\n? e\n: f\n");
        let keys: Vec<_> = root.entries().iter().map(|entry| &*entry.key).collect();
        assert_eq!(keys, ["1", "true", "[x, y]", "q", "e"]);
    }

    #[test]
    fn hostile_inputs_end_with_a_fault() {
        let levels = 10_000;
        let indented: String = (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        for text in ["[".repeat(levels), "{a: ".repeat(levels), "- ".repeat(levels), "? ".repeat(levels), indented] {
            let document = parse(&text);
            assert_eq!(document.faults.len(), 1, "{:?}", text.get(..20));
        }
        for text in [
            "a: &a [*a]",
            "a: *b",
            "&a a: *a",
            "\0",
            "\u{feff}\u{feff}",
            "a: \"\\xZZ\"",
            "%YAML 9.9\n---\n",
            "&",
            "*",
            "!",
        ] {
            let _ = parse(text);
        }
    }

    #[test]
    fn an_alias_bomb_is_neither_expanded_nor_stacked_too_deep() {
        let mut text = "a0: &a0 [x, x]\n".to_owned();
        for level in 1..10_000 {
            text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", ")));
        }
        let document = parse(&text);
        assert_eq!(document.faults.len(), 1);
        let mut seen = 0;
        assert!(!document.root().unwrap().walk(10_000, &mut |_, _| seen += 1));
        assert_eq!(seen, 10_000);
    }

    #[test]
    fn a_merge_bomb_ends() {
        let mut text = "a0: &a0 {x: 1}\n".to_owned();
        for level in 1..60 {
            text.push_str(&format!(
                "a{level}: &a{level}\n  <<: [{}]\n",
                vec![format!("*a{}", level - 1); 9].join(", ")
            ));
        }
        assert!(root(&text).at("a59.nowhere").is_none());
    }
}
