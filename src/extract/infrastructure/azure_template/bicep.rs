//! Reads a Bicep file into what it declares: each file is a module, its resources have Azure's own types.

use super::super::module::{Call, Declarations, Resource, Variable};
use crate::document::{Document, Entry, Node, Value};
use crate::source::{SourceFile, folder};
use crate::tree::resolved;
use std::collections::HashMap;
use std::rc::Rc;

/// Gathers what the file declares.
pub fn read(file: &SourceFile, document: &Document) -> Declarations {
    let entries = || document.roots.iter().flat_map(Node::entries);
    let mut names: HashMap<&str, &'static str> = HashMap::new();
    for entry in entries() {
        let Some(declared) = entry.node.entries().first() else { continue };
        names.insert(&declared.key, prefix(&entry.key));
        for inner in declared.node.get("body").map(nested).unwrap_or_default() {
            names.insert(&inner.key, prefix("resource"));
        }
    }
    let reader = Reader { names };
    let mut declared =
        Declarations { place: file.path.to_string(), in_part: !document.faults.is_empty(), ..Declarations::default() };
    for entry in entries() {
        let Some(Entry { key: name, key_span, node }) = entry.node.entries().first() else { continue };
        match &*entry.key {
            "param" => {
                let default = node.get("default").map(|default| reader.node(default));
                let variable = default.map_or(Variable::Required, Variable::Known);
                declared.values.variables.insert(Rc::clone(name), variable);
            }
            "var" => {
                declared.values.locals.insert(Rc::clone(name), reader.node(node));
            }
            "resource" => {
                let at = entry.key_span.cover(*key_span);
                reader.resource(name, at, node, None, &mut declared);
            }
            "module" => declared.calls.extend(reader.call(&file.path, node)),
            _ => {}
        }
    }
    declared
}

/// How expressions name what such a declaration declares.
fn prefix(keyword: &str) -> &'static str {
    match keyword {
        "param" => "var.",
        "var" => "local.",
        "module" => "module.",
        _ => "azapi_resource.",
    }
}

/// The resources that stand within the settings of another.
fn nested(body: &Node) -> Vec<&Entry> {
    let inner = body.entries().iter().filter(|entry| &*entry.key == "resource");
    inner.filter_map(|entry| entry.node.entries().first()).filter(|inner| inner.node.has("body")).collect()
}

/// The resource around a nested one.
struct Parent<'a> {
    kind: &'a str,
    address: &'a str,
}

struct Reader<'a> {
    names: HashMap<&'a str, &'static str>,
}

impl Reader<'_> {
    fn resource(
        &self,
        name: &Rc<str>,
        at: crate::source::Span,
        node: &Node,
        parent: Option<&Parent<'_>>,
        declared: &mut Declarations,
    ) {
        let (Some(kind), Some(body)) = (node.get("type").and_then(Node::text), node.get("body")) else {
            declared.in_part = true;
            return;
        };
        let kind = kind.split('@').next().unwrap_or(kind);
        // The type of a nested resource is only its last part.
        let written_kind = match parent {
            Some(parent) if !kind.contains('.') => format!("{}/{kind}", parent.kind),
            _ => kind.to_owned(),
        };
        let address: Rc<str> = format!("{}{name}", prefix("resource")).into();
        for inner in nested(body) {
            let here = Parent { kind: &written_kind, address: &address };
            self.resource(&inner.key, inner.key_span, &inner.node, Some(&here), declared);
        }
        let mut entries: Vec<Entry> = body
            .entries()
            .iter()
            .filter(|entry| &*entry.key != "resource")
            .map(|entry| Entry { key: Rc::clone(&entry.key), key_span: entry.key_span, node: self.node(&entry.node) })
            .collect();
        if let Some(parent) = parent {
            let expression = Node::new(at, Value::Expression(parent.address.into()));
            entries.push(Entry { key: "parent".into(), key_span: at, node: expression });
        }
        let resource = Resource {
            file: 0,
            kind: written_kind.to_ascii_lowercase().into(),
            written_kind: written_kind.into(),
            label: Rc::clone(name),
            address,
            name: Rc::clone(name),
            at,
            body: Node::new(body.span, Value::Map(entries.into())),
        };
        let existing = node.get("existing").is_some();
        if existing { &mut declared.data } else { &mut declared.resources }.push(resource);
    }

    /// The call of another file of the repository.
    fn call(&self, path: &str, node: &Node) -> Option<Call> {
        let source = node.get("source")?.text().filter(|source| !source.contains(':'))?;
        let parameters = node.at("body.params").map(Node::entries).unwrap_or_default();
        Some(Call {
            target: resolved(folder(path), source),
            arguments: parameters.iter().map(|entry| (Rc::clone(&entry.key), self.node(&entry.node))).collect(),
        })
    }

    /// A value with its expressions in the common form.
    fn node(&self, node: &Node) -> Node {
        node.with_leaves(&|leaf| match leaf {
            Value::Expression(source) => Value::Expression(self.expression(source).into()),
            other => other.clone(),
        })
    }

    /// Names get the prefix of what they name, and texts double quotes: `'x${base}'` is `"x${local.base}"`.
    fn expression(&self, source: &str) -> String {
        let mut written = String::with_capacity(source.len() + 16);
        // For each text that is open the brackets that are open in its hole; `None` outside of a hole.
        let mut texts: Vec<Option<usize>> = Vec::new();
        let mut rest = source;
        while let Some(letter) = rest.chars().next() {
            let in_text = matches!(texts.last(), Some(None));
            let mut length = letter.len_utf8();
            match letter {
                '\'' if in_text => {
                    texts.pop();
                    written.push('"');
                }
                '\'' => {
                    texts.push(None);
                    written.push('"');
                }
                '$' if in_text && rest.starts_with("${") => {
                    length = 2;
                    written.push_str("${");
                    texts.pop();
                    texts.push(Some(0));
                }
                _ if in_text => written.push(letter),
                '{' | '}' => {
                    written.push(letter);
                    match (texts.last_mut(), letter) {
                        (Some(Some(open)), '{') => *open += 1,
                        (Some(inside @ Some(0)), '}') => *inside = None,
                        (Some(Some(open)), '}') => *open -= 1,
                        _ => {}
                    }
                }
                // `account!.id` says only that it is there.
                '!' if rest.starts_with("!.") => {}
                _ if letter.is_alphabetic() || letter == '_' => {
                    length =
                        rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
                    let (name, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
                    let is_member = written.ends_with('.') || after.starts_with('(');
                    let is_key = after.starts_with(':') && !after.starts_with("::");
                    let prefix = self.names.get(name).filter(|_| !is_member && !is_key);
                    written.push_str(prefix.copied().unwrap_or_default());
                    written.push_str(name);
                }
                _ => written.push(letter),
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        match written.strip_prefix("\"${").and_then(|it| it.strip_suffix("}\"")) {
            // Text that is nothing but one hole is what is in it.
            Some(hole) if !hole.contains(['"', '}']) => hole.to_owned(),
            _ => written,
        }
    }
}
