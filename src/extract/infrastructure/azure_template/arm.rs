//! Reads an Azure Resource Manager template into what it declares: one module, and one for each template within it that has
//! parameters of its own. Resources have Azure's own types.
//!
//! A parameter counts as its default. What is written in brackets (`[concat(…)]`) has to be computed.

use super::super::module::{Call, Declarations, Resource, Variable};
use crate::document::{Document, Entry, Node, Value};
use crate::source::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// How many templates within templates are read.
const TEMPLATE_LIMIT: usize = 200;

/// How many calls within calls put a text together, before the rest of it is left open.
const CALL_DEPTH: usize = 8;

/// How long the call of a parameter, variable or resource is at most.
const CALL_LENGTH: usize = 512;

/// Gathers what the template at `path` declares.
pub fn read(path: &str, document: &Document) -> Vec<Declarations> {
    let Some(root) = document.root() else { return Vec::new() };
    let mut modules = Vec::new();
    let mut ahead = vec![(path.to_owned(), root)];
    while let Some((place, template)) = ahead.pop() {
        let mut reader = Reader {
            declared: Declarations { place, in_part: !document.faults.is_empty(), ..Declarations::default() },
            addresses: HashMap::new(),
            inner: Vec::new(),
        };
        reader.values(template);
        reader.resources(template, None);
        for (place, inner) in reader.inner {
            if modules.len() + ahead.len() < TEMPLATE_LIMIT {
                ahead.push((place, inner));
            } else {
                reader.declared.in_part = true;
            }
        }
        modules.push(reader.declared);
    }
    modules
}

/// The resource around one that stands within it.
#[derive(Clone, Copy)]
struct Parent<'a> {
    kind: &'a str,
    address: &'a str,
}

struct Reader<'a> {
    declared: Declarations,
    /// By type and name as they are written the address of a resource.
    addresses: HashMap<(String, String), Rc<str>>,
    /// Templates with parameters of their own, and their place.
    inner: Vec<(String, &'a Node)>,
}

impl<'a> Reader<'a> {
    fn values(&mut self, template: &Node) {
        for entry in template.get("parameters").map(Node::entries).unwrap_or_default() {
            let default = entry.node.get("defaultValue").map(|default| self.node(default));
            let variable = default.map_or(Variable::Required, Variable::Known);
            self.declared.values.variables.insert(Rc::clone(&entry.key), variable);
        }
        for entry in template.get("variables").map(Node::entries).unwrap_or_default() {
            let value = self.node(&entry.node);
            self.declared.values.locals.insert(Rc::clone(&entry.key), value);
        }
    }

    /// The resources of a template, or those that stand within another resource.
    fn resources(&mut self, holder: &'a Node, parent: Option<Parent<'_>>) {
        let Some(resources) = holder.get("resources") else { return };
        // Newer templates name their resources, older ones list them.
        let listed = resources.items().iter().map(|node| (None, node));
        let named = resources.entries().iter().map(|entry| (Some(&*entry.key), &entry.node));
        let all: Vec<_> = listed.chain(named).collect();
        let found: Vec<_> = all.into_iter().filter_map(|(symbol, node)| self.named(symbol, node, parent)).collect();
        for (kind, name, address, node) in found {
            self.resource(&kind, &name, &address, node, parent);
        }
    }

    /// Gives a resource its address, before anything refers to it.
    fn named(
        &mut self,
        symbol: Option<&str>,
        node: &'a Node,
        parent: Option<Parent<'_>>,
    ) -> Option<(String, String, Rc<str>, &'a Node)> {
        let kind = node.get("type")?.text()?;
        let kind = match parent {
            Some(parent) if !kind.contains('.') => format!("{}/{kind}", parent.kind),
            _ => kind.to_owned(),
        };
        let name = node.get("name").and_then(Node::text).unwrap_or_default();
        let inner_name = name.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(name);
        let number = self.declared.resources.len() + self.addresses.len();
        let address: Rc<str> = match symbol {
            Some(symbol) => format!("azapi_resource.{symbol}").into(),
            None => format!("azapi_resource.{number}").into(),
        };
        self.addresses.insert((kind.to_ascii_lowercase(), without_blanks(inner_name)), Rc::clone(&address));
        Some((kind, symbol.unwrap_or(inner_name).to_owned(), address, node))
    }

    fn resource(&mut self, kind: &str, name: &str, address: &Rc<str>, node: &'a Node, parent: Option<Parent<'_>>) {
        let lower = kind.to_ascii_lowercase();
        if lower == "microsoft.resources/deployments" {
            return self.deployment(address, node);
        }
        self.resources(node, Some(Parent { kind, address }));
        let mut entries: Vec<Entry> = node
            .entries()
            .iter()
            .filter(|entry| &*entry.key != "resources")
            .map(|entry| Entry { key: Rc::clone(&entry.key), key_span: entry.key_span, node: self.node(&entry.node) })
            .collect();
        if let Some(parent) = parent {
            entries.push(Entry {
                key: "parent".into(),
                key_span: node.span,
                node: Node::new(node.span, Value::Expression(parent.address.into())),
            });
        }
        let at = node.entry("type").map_or(node.span, |entry| entry.key_span.cover(entry.node.span));
        let resource = Resource {
            file: 0,
            kind: lower.into(),
            written_kind: kind.into(),
            label: name.into(),
            address: Rc::clone(address),
            name: name.into(),
            at,
            body: Node::new(node.span, Value::Map(entries.into())),
        };
        let existing = node.get("existing").and_then(Node::boolean) == Some(true);
        if existing { &mut self.declared.data } else { &mut self.declared.resources }.push(resource);
    }

    /// A template within the template: with names of its own, or with those around it.
    fn deployment(&mut self, address: &str, node: &'a Node) {
        let Some(template) = node.at("properties.template") else {
            self.declared.in_part = true;
            return;
        };
        let scope = node.at("properties.expressionEvaluationOptions.scope").and_then(Node::text);
        if !scope.is_some_and(|scope| scope.eq_ignore_ascii_case("inner")) {
            return self.resources(template, None);
        }
        let given = node.at("properties.parameters").map(Node::entries).unwrap_or_default();
        let value = |entry: &Entry| Some((Rc::clone(&entry.key), self.node(entry.node.get("value")?)));
        let target = format!("{}#{address}", self.declared.place);
        self.declared.calls.push(Call { target: target.clone(), arguments: given.iter().filter_map(value).collect() });
        self.inner.push((target, template));
    }

    /// A value with its expressions in the common form.
    fn node(&self, node: &Node) -> Node {
        node.with_leaves(&|leaf| match leaf {
            Value::Text(text) => match text.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                Some(source) if !source.starts_with('[') => Value::Expression(self.expression(source, 0).into()),
                _ => Value::Text(text.strip_prefix("[[").map_or_else(|| Rc::clone(text), |it| format!("[{it}").into())),
            },
            other => other.clone(),
        })
    }

    /// Parameters, variables and resources by their names in the common form; text that is put together as a template.
    fn expression(&self, source: &str, depth: usize) -> String {
        let source = source.trim();
        if depth > CALL_DEPTH {
            return "?".to_owned();
        }
        if let Some(parts) = arguments_of(source, "concat") {
            return as_template(parts.iter().map(|part| self.part(part, depth)));
        }
        if let Some(parts) = arguments_of(source, "format")
            && let Some((format, values)) = parts.split_first()
            && let Some(format) = literal(format.trim())
        {
            let mut text = format.to_owned();
            for (index, value) in values.iter().enumerate().take(CALL_LENGTH) {
                text = text.replace(&format!("{{{index}}}"), &self.part(value, depth));
            }
            return as_template([text]);
        }
        let mut written = String::with_capacity(source.len());
        let mut rest = source;
        while let Some(letter) = rest.chars().next() {
            let starts_word = !written.ends_with(|letter: char| letter.is_alphanumeric());
            if let Some((known, length)) = self.known(rest).filter(|_| starts_word) {
                written.push_str(&known);
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            written.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
        }
        written
    }

    /// A part of a text: fixed, or a hole.
    fn part(&self, source: &str, depth: usize) -> String {
        if let Some(fixed) = literal(source.trim()) {
            return fixed.to_owned();
        }
        let source = self.expression(source, depth + 1);
        let inner = source.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        inner.map_or_else(|| format!("${{{source}}}"), str::to_owned)
    }

    /// What the beginning of an expression names, and its length.
    fn known(&self, source: &str) -> Option<(String, usize)> {
        let source = Span::new(0, CALL_LENGTH).text(source);
        for (function, prefix) in [("parameters", "var."), ("variables", "local.")] {
            if let Some((parts, length)) = call(source, function) {
                return Some((format!("{prefix}{}", literal(parts.first()?.trim())?), length));
            }
        }
        let (parts, length) = call(source, "resourceId")?;
        let [.., kind, name] = parts.as_slice() else { return None };
        let kind = literal(kind.trim())?.to_ascii_lowercase();
        let name = name.trim();
        let name = without_blanks(literal(name).unwrap_or(name));
        Some((self.addresses.get(&(kind, name))?.to_string(), length))
    }
}

/// The arguments of a call of this function that is the whole expression.
fn arguments_of<'s>(source: &'s str, function: &str) -> Option<Vec<&'s str>> {
    call(source, function).filter(|(_, length)| *length == source.len()).map(|(parts, _)| parts)
}

/// The arguments of a call of this function at the beginning of `source`, and the length of the call.
fn call<'s>(source: &'s str, function: &str) -> Option<(Vec<&'s str>, usize)> {
    let name = source.get(..function.len()).filter(|name| name.eq_ignore_ascii_case(function))?;
    let rest = source.get(name.len()..)?.strip_prefix('(')?;
    let before = name.len() + 1;
    let (mut depth, mut quoted, mut start) = (0_usize, false, 0);
    let mut parts = Vec::new();
    for (at, letter) in rest.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' => depth += 1,
            ')' if depth == 0 => {
                parts.push(rest.get(start..at)?);
                return Some((parts, before + at + 1));
            }
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(rest.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

/// The text of a literal.
fn literal(source: &str) -> Option<&str> {
    source.strip_prefix('\'')?.strip_suffix('\'').filter(|inner| !inner.contains('\''))
}

fn as_template(parts: impl IntoIterator<Item = String>) -> String {
    format!("\"{}\"", parts.into_iter().collect::<String>())
}

fn without_blanks(source: &str) -> String {
    source.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Whether Bicep has written the template: its source says the same in better words.
pub fn is_compiled(document: &Document) -> bool {
    let generator = document.root().and_then(|root| root.at("metadata._generator.name"));
    generator.and_then(Node::text) == Some("bicep")
}
