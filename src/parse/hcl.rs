//! Reads HCL, the language of Terraform, with hcl-edit; the only file that knows that crate.
//!
//! A block becomes an entry: `resource "aws_s3_bucket" "data" { … }` is under `resource`, then `aws_s3_bucket`, then
//! `data`. Blocks of one type are repeated entries.

use super::json;
use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::Span;
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey, UnaryOperator};
use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
use hcl_edit::template::Element;
use std::ops::Range;

/// How many broken blocks of one file are stepped over before its rest is left out: each costs one more pass.
const BROKEN_BLOCKS_LIMIT: usize = 8;

/// Reads an HCL file. A block that is broken is left out; those before and after it are kept.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut entries = Vec::new();
    let mut faults = Faults::default();
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    loop {
        let rest = text.get(start..).unwrap_or_default();
        let error = match hcl_edit::parser::parse_body(rest) {
            Ok(body) => {
                entries.extend(Reader { text: rest, offset: start }.entries(&body));
                break;
            }
            Err(error) => error,
        };
        let at = Span::empty(error.location().offset()).within(rest).start;
        faults.push(Fault::new(Span::empty(start + at), format!("not valid HCL: {}", error.message())));
        let (broken, next) = around(rest, at);
        let good = rest.get(..broken).unwrap_or_default();
        if let Ok(body) = hcl_edit::parser::parse_body(good) {
            entries.extend(Reader { text: good, offset: start }.entries(&body));
        }
        match next {
            Some(next) if faults.len() < BROKEN_BLOCKS_LIMIT => start += next,
            Some(next) => {
                let rest = Span::new(start + next, text.len());
                faults.push(Fault::new(rest, "left out after too many faults"));
                break;
            }
            None => break,
        }
    }
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(entries.into()))], faults }
}

/// Where the block around the byte `at` starts, and where the next one does, told by indentation: blocks of a file
/// start at the first column, their contents do not.
fn around(text: &str, at: usize) -> (usize, Option<usize>) {
    let mut broken = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            if start > at {
                return (broken, Some(start));
            }
            broken = start;
        }
        start += line.len();
    }
    (broken, None)
}

/// Turns the syntax tree of a part of a file that starts at `offset` into nodes.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
    offset: usize,
}

impl Reader<'_> {
    fn entries(self, body: &Body) -> Vec<Entry> {
        body.iter()
            .map(|structure| match structure {
                Structure::Attribute(attribute) => Entry {
                    key: attribute.key.as_str().into(),
                    key_span: self.span(attribute.key.span()),
                    node: self.expression(&attribute.value),
                },
                Structure::Block(block) => self.block(block),
            })
            .collect()
    }

    fn block(self, block: &Block) -> Entry {
        let span = self.span(block.span());
        let body = Node::new(span, Value::Map(self.entries(&block.body).into()));
        let labelled = block.labels.iter().rev().fold(body, |inner, label| {
            let at = match label {
                BlockLabel::Ident(name) => name.span(),
                BlockLabel::String(name) => name.span(),
            };
            let entry = Entry { key: label.as_str().into(), key_span: self.span(at), node: inner };
            Node::new(span, Value::Map([entry].into()))
        });
        Entry { key: block.ident.as_str().into(), key_span: self.span(block.ident.span()), node: labelled }
    }

    fn expression(self, expression: &Expression) -> Node {
        let span = self.span(expression.span());
        let value = match expression {
            Expression::Null(_) => Value::Null,
            Expression::Bool(value) => Value::Bool(*value.value()),
            Expression::Number(_) => Value::Number(self.source(span).into()),
            Expression::String(text) => Value::Text(text.as_str().into()),
            Expression::Array(items) => Value::List(items.iter().map(|item| self.expression(item)).collect()),
            Expression::Object(object) => self.object(object),
            Expression::StringTemplate(template) => self.template(span, template),
            Expression::HeredocTemplate(heredoc) => {
                let elements: Vec<_> = heredoc.template.iter().collect();
                match self.json(self.span(heredoc.template.span())) {
                    Some(value) => value,
                    None => self.template(span, elements),
                }
            }
            Expression::Parenthesis(inner) => return self.expression(inner.inner()),
            Expression::FuncCall(call) => match written_out(call) {
                Some(argument) => self.expression(argument).value,
                None => Value::Expression(self.source(span).into()),
            },
            Expression::UnaryOp(operation)
                if *operation.operator.value() == UnaryOperator::Neg && operation.expr.is_number() =>
            {
                Value::Number(self.source(span).into())
            }
            _ => Value::Expression(self.source(span).into()),
        };
        Node::new(span, value)
    }

    fn object(self, object: &Object) -> Value {
        let entries = object.iter().map(|(key, value)| {
            let key_span = self.span(key.span());
            let key = match key {
                ObjectKey::Ident(name) => name.as_str().into(),
                ObjectKey::Expression(Expression::String(text)) => text.as_str().into(),
                ObjectKey::Expression(_) => self.source(key_span).into(),
            };
            Entry { key, key_span, node: self.expression(value.expr()) }
        });
        Value::Map(entries.collect())
    }

    /// Text without holes as text; a template that is nothing but one hole (`"${var.x}"`) as what is in it.
    fn template<'t>(self, span: Span, elements: impl IntoIterator<Item = &'t Element>) -> Value {
        let elements: Vec<&Element> = elements.into_iter().collect();
        if let [Element::Interpolation(hole)] = elements.as_slice() {
            return Value::Expression(self.source(self.span(hole.expr.span())).into());
        }
        let literals: Option<Vec<&str>> =
            elements.iter().map(|element| element.as_literal().map(|text| text.as_str())).collect();
        match literals {
            Some(literals) => Value::Text(literals.concat().into()),
            None => Value::Expression(self.source(span).into()),
        }
    }

    /// The object that a here-document writes as JSON, as IAM policies are; texts with holes in them are expressions.
    fn json(self, span: Span) -> Option<Value> {
        let source = self.source(span);
        if !source.trim_start().starts_with('{') {
            return None;
        }
        let document = json::parse(source);
        let root = document.root().filter(|root| document.faults.is_empty() && !root.entries().is_empty())?;
        Some(placed(root, span.start).value)
    }

    fn span(self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or_default();
        Span::new(range.start, range.end).within(self.text).shifted(self.offset)
    }

    /// The text at a place that already counts from the file's start.
    fn source(&self, span: Span) -> &str {
        Span::new(span.start.saturating_sub(self.offset), span.end.saturating_sub(self.offset)).text(self.text)
    }
}

/// The literal in a call that changes its form only: `jsonencode({ … })`, `toset([ … ])`.
fn written_out(call: &FuncCall) -> Option<&Expression> {
    let argument = call.args.iter().next().filter(|_| call.args.len() == 1 && !call.name.is_namespaced())?;
    let literal = match call.name.name.as_str() {
        "jsonencode" => argument.is_object() || argument.is_array(),
        "tomap" => argument.is_object(),
        "toset" | "tolist" => argument.is_array(),
        _ => false,
    };
    literal.then_some(argument)
}

/// JSON that was read on its own, moved to its place in the file. Its depth is limited by the JSON parser.
fn placed(node: &Node, offset: usize) -> Node {
    let value = match &node.value {
        Value::Text(text) if text.contains("${") || text.contains("%{") => Value::Expression(text.clone()),
        Value::List(items) => Value::List(items.iter().map(|item| placed(item, offset)).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| Entry {
                    key: entry.key.clone(),
                    key_span: entry.key_span.shifted(offset),
                    node: placed(&entry.node, offset),
                })
                .collect(),
        ),
        other => other.clone(),
    };
    Node::new(node.span.shifted(offset), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Node {
        let document = parse(text);
        assert_eq!(document.faults, [], "{text}");
        document.roots.into_iter().next().expect("a root")
    }

    #[test]
    fn blocks_become_entries_with_exact_places() {
        let text = "\u{feff}# é\r\nresource \"aws_s3_bucket\" \"data\" {\r\n  bucket = \"é-data\"\r\n  versioning {\r\n    enabled = true\r\n  }\r\n  tags = { Name = \"x\", \"a b\" = -1 }\r\n}\r\nresource \"aws_s3_bucket\" \"other\" {}\r\n";
        let root = root(text);
        assert_eq!(root.entries().len(), 2);
        let first = &root.entries()[0];
        assert_eq!(first.key_span.text(text), "resource");
        let kind = &first.node.entries()[0];
        assert_eq!((&*kind.key, kind.key_span.text(text)), ("aws_s3_bucket", "\"aws_s3_bucket\""));
        let body = first.node.at("aws_s3_bucket.data").unwrap();
        assert!(body.span.text(text).starts_with("resource") && body.span.text(text).ends_with('}'));
        assert_eq!(body.get("bucket").unwrap().span.text(text), "\"é-data\"");
        assert_eq!(body.at("versioning.enabled").unwrap().boolean(), Some(true));
        assert_eq!(body.at("versioning").unwrap().span.text(text).lines().count(), 3);
        assert_eq!(body.get("tags").unwrap().get("a b").unwrap().scalar(), Some("-1"));
    }

    #[test]
    fn what_only_running_resolves_is_an_expression_as_written() {
        let root = root(
            "a = var.x\nb = \"${var.x}\"\nc = \"${var.x}-data\"\nd = var.y ? 1 : 2\ne = file(\"x\")\nf = \"plain $${x}\"\ng = (true)\nh = [1, local.y]\n",
        );
        for (key, source) in
            [("a", "var.x"), ("b", "var.x"), ("c", "\"${var.x}-data\""), ("d", "var.y ? 1 : 2"), ("e", "file(\"x\")")]
        {
            assert!(matches!(&root.get(key).unwrap().value, Value::Expression(it) if &**it == source), "{key}");
        }
        assert_eq!(root.get("f").unwrap().text(), Some("plain ${x}"));
        assert_eq!(root.get("g").unwrap().boolean(), Some(true));
        assert!(root.get("h").unwrap().items()[1].is_expression());
    }

    #[test]
    fn policies_written_as_json_are_read_as_objects() {
        let text = "a = jsonencode({ Statement = [{ Action = \"sagemaker:*\" }] })\nb = <<EOF\n{\n  \"Statement\": [{\"Action\": \"é:*\", \"Resource\": \"${aws_s3_bucket.x.arn}\"}]\n}\nEOF\nc = <<-EOT\n  just text\n  EOT\nd = toset([\"x\"])\n";
        let root = root(text);
        let statement = &root.at("a.Statement").unwrap().items()[0];
        assert_eq!(statement.get("Action").unwrap().text(), Some("sagemaker:*"));
        let statement = &root.at("b.Statement").unwrap().items()[0];
        assert_eq!(statement.get("Action").unwrap().span.text(text), "\"é:*\"");
        assert!(statement.get("Resource").unwrap().is_expression());
        assert_eq!(root.get("c").unwrap().text(), Some("just text\n"));
        assert_eq!(root.get("d").unwrap().items()[0].text(), Some("x"));
    }

    #[test]
    fn a_broken_block_is_left_out_and_the_others_are_kept() {
        let text = "a = 1\nresource \"x\" \"y\" {\n  bad = = 1\n}\nresource \"x\" \"z\" {\n  good = \"é\"\n}\nb = [\n";
        let document = parse(text);
        assert_eq!(document.faults.len(), 2, "{:?}", document.faults);
        let root = document.root().unwrap();
        assert_eq!(root.get("a").unwrap().scalar(), Some("1"));
        assert_eq!(root.at("resource.x.z.good").unwrap().span.text(text), "\"é\"");
        assert!(document.faults[0].at.start > text.find("bad").unwrap());
    }

    #[test]
    fn hostile_inputs_end_with_a_fault() {
        let levels = 10_000;
        for text in [
            format!("a = {}", "[".repeat(levels)),
            "a {\n".repeat(levels),
            format!("a = {}1", "{b = ".repeat(levels)),
            format!("a = 1{}", " + 1".repeat(levels)),
            format!("a = {}", "\"${".repeat(levels)),
            "a = \n".repeat(levels),
            "a = \"\\uZZZZ\"".to_owned(),
            "a = <<EOF\nnever ends".to_owned(),
            "a = \"é".to_owned(),
        ] {
            assert!(!parse(&text).faults.is_empty(), "{:?}", text.get(..9));
        }
        for text in ["", "\0", "a", "\u{feff}", "a = <<EOF\n{\nEOF\n", "a = 1\na = 2\n"] {
            let _ = parse(text);
        }
    }
}
