//! Reads `CloudFormation` and SAM templates, and what the Serverless Framework makes such templates of, as the Terraform module that creates the same: types and properties get the names
//! of Terraform's AWS provider (see [`spelling`]), functions become expressions.
//!
//! A parameter counts as its default, as a variable does in Terraform. Conditions are not decided: `!If` is unknown.

pub mod sam;
mod serverless;
mod spelling;
#[cfg(test)]
mod tests;

use super::module::{Declarations, Resource, Variable, addresses_within};
use crate::document::{Document, Entry, Node, Value};
use crate::source::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// How many nodes of a template are read, those that aliases share counted each time.
const NODE_LIMIT: usize = 500_000;

/// Gathers what the template at `path` declares.
pub fn read(path: &str, document: &Document) -> Declarations {
    let Some(written) = document.root() else { return Declarations::default() };
    let of_framework = serverless::template(written);
    let root = of_framework.as_ref().unwrap_or(written);
    let entries = |key: &str| root.get(key).map(Node::entries).unwrap_or_default();
    let mut reader = Reader {
        parameters: entries("Parameters"),
        mappings: root.get("Mappings"),
        addresses: HashMap::new(),
        left: NODE_LIMIT,
    };
    let mut declared =
        Declarations { place: path.to_owned(), in_part: !document.faults.is_empty(), ..Declarations::default() };
    for parameter in reader.parameters {
        declared.values.variables.insert(Rc::clone(&parameter.key), variable(&parameter.node));
    }
    let mut seen = Vec::new();
    for entry in entries("Resources") {
        // What a macro or a loop (`Fn::Transform`, `Fn::ForEach::…`) adds is not here.
        let Some(kind) = entry.node.get("Type").and_then(Node::text) else {
            declared.in_part |= entry.key.starts_with("Fn::");
            continue;
        };
        let known_kind = spelling::kind(kind);
        let address: Rc<str> = format!("{known_kind}.{}", entry.key).into();
        reader.addresses.insert(&entry.key, Rc::clone(&address));
        seen.push((entry, kind, known_kind, address));
    }
    for (entry, kind, known_kind, address) in seen {
        let properties = entry.node.get("Properties");
        let body = properties.map_or_else(
            || Node::new(entry.node.span, Value::Map([].into())),
            |properties| reader.node(properties, Keys::Properties),
        );
        declared.resources.push(Resource {
            file: 0,
            body: spelling::with_other_names(&known_kind, body),
            kind: known_kind.into(),
            written_kind: kind.into(),
            label: Rc::clone(&entry.key),
            address,
            name: Rc::clone(&entry.key),
            at: entry.key_span,
        });
    }
    let globals = root
        .get("Globals")
        .map_or_else(|| Node::new(root.span, Value::Map([].into())), |globals| reader.node(globals, Keys::Properties));
    sam::complete(&mut declared.resources, &globals);
    declared
}

fn variable(parameter: &Node) -> Variable {
    let kind = parameter.get("Type").and_then(Node::text).unwrap_or_default();
    match parameter.get("Default") {
        // The default of these is the name under which the value is found elsewhere.
        Some(_) if kind.starts_with("AWS::SSM::Parameter::Value") => Variable::Varies,
        Some(default) => Variable::Known(default.clone()),
        None => Variable::Required,
    }
}

/// Whether the keys of a map are names of properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    /// They are, and get the names of Terraform.
    Properties,
    /// They belong to another language: a policy of IAM.
    Others,
}

struct Reader<'a> {
    parameters: &'a [Entry],
    mappings: Option<&'a Node>,
    /// By logical id the address of a resource.
    addresses: HashMap<&'a str, Rc<str>>,
    left: usize,
}

impl Reader<'_> {
    /// A value with its functions made into expressions and its properties renamed.
    fn node(&mut self, node: &Node, keys: Keys) -> Node {
        let Some(left) = self.left.checked_sub(1) else { return expression(node.span, "left out") };
        self.left = left;
        let value = match &node.value {
            Value::Expression(source) => {
                let Some((name, argument)) = source.strip_prefix('!').and_then(|it| it.split_once(' ')) else {
                    return node.clone();
                };
                let argument = Node::new(node.span, Value::Text(argument.into()));
                return self.function(name, &argument, node.span).unwrap_or_else(|| node.clone());
            }
            Value::List(items) => Value::List(items.iter().map(|item| self.node(item, keys)).collect()),
            Value::Map(entries) => {
                if let [entry] = &**entries
                    && let Some(name) = function_name(&entry.key)
                    && let Some(value) = self.function(name, &entry.node, node.span)
                {
                    return value;
                }
                let keys = if node.has("Statement") { Keys::Others } else { keys };
                Value::Map(entries.iter().map(|entry| self.entry(entry, keys)).collect())
            }
            other => other.clone(),
        };
        Node::new(node.span, value)
    }

    fn entry(&mut self, entry: &Entry, keys: Keys) -> Entry {
        let key = match keys {
            Keys::Properties => spelling::property(&entry.key).into(),
            Keys::Others => Rc::clone(&entry.key),
        };
        Entry { key, key_span: entry.key_span, node: self.node(&entry.node, keys) }
    }

    /// What a function gives, as far as the template says; `None` for names that are none.
    fn function(&mut self, name: &str, argument: &Node, at: Span) -> Option<Node> {
        Some(match name {
            "Ref" => self.reference(argument.text()?, at),
            "GetAtt" => {
                let path = match argument.items() {
                    [of, attribute] => format!("{}.{}", of.text()?, attribute.text().unwrap_or("?")),
                    _ => argument.text()?.to_owned(),
                };
                expression(at, self.path(&path))
            }
            "Sub" => match argument.items() {
                [text, values] => {
                    let values = self.node(values, Keys::Others);
                    self.substituted(text.text()?, values.entries(), at)
                }
                _ => self.substituted(argument.text()?, &[], at),
            },
            "Join" => self.joined(argument, at),
            "FindInMap" => self.looked_up(argument, at),
            "ToJsonString" => self.node(argument, Keys::Properties),
            "If" => {
                let mut parts = argument.items().iter();
                let condition = parts.next().and_then(Node::scalar).unwrap_or("condition");
                let branches: Vec<String> = parts.map(|part| self.written(part)).collect();
                expression(at, format!("{condition} ? {}", branches.join(" : ")))
            }
            "Base64" | "Cidr" | "GetAZs" | "ImportValue" | "Length" | "Select" | "Split" | "Transform" => {
                expression(at, format!("{name}({})", self.written(argument)))
            }
            _ => return None,
        })
    }

    fn reference(&self, name: &str, at: Span) -> Node {
        match name {
            "AWS::NoValue" => Node::new(at, Value::Null),
            _ => expression(at, self.path(name)),
        }
    }

    /// What `Name` or `Name.Attribute` refers to, as an expression.
    fn path(&self, path: &str) -> String {
        let (name, attribute) = path.split_once('.').unwrap_or((path, ""));
        match self.addresses.get(name) {
            Some(address) if attribute.is_empty() => address.to_string(),
            Some(address) => format!("{address}.{attribute}"),
            None if self.parameters.iter().any(|parameter| &*parameter.key == name) => format!("var.{name}"),
            // `AWS::Region` and its like.
            None => path.to_owned(),
        }
    }

    /// Text with holes; the values of a `!Sub` with two arguments fill some of them.
    fn substituted(&self, text: &str, values: &[Entry], at: Span) -> Node {
        let mut template = Template::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            template.add(before);
            let (hole, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            let given = values.iter().find(|value| &*value.key == hole.trim());
            match (hole.strip_prefix('!'), given) {
                (Some(literal), _) => template.add(&format!("${{{literal}}}")),
                (None, Some(value)) => template.add_node(&value.node),
                (None, None) => template.add_hole(&self.path(hole.trim())),
            }
        }
        template.add(rest);
        template.finish(at)
    }

    fn joined(&mut self, argument: &Node, at: Span) -> Node {
        let (separator, parts) = match argument.items() {
            [separator, parts] if matches!(parts.value, Value::List(_)) => {
                (separator.scalar().unwrap_or_default(), parts.items())
            }
            _ => return expression(at, format!("Join({})", self.written(argument))),
        };
        let mut template = Template::default();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                template.add(separator);
            }
            let part = self.node(part, Keys::Properties);
            template.add_node(&part);
        }
        template.finish(at)
    }

    fn looked_up(&mut self, argument: &Node, at: Span) -> Node {
        let path: Option<Vec<&str>> = argument.items().iter().map(Node::scalar).collect();
        let found = path.zip(self.mappings).and_then(|(path, mappings)| {
            let [mapping, top, second] = path.as_slice() else { return None };
            mappings.get(mapping)?.get(top)?.get(second)
        });
        match found {
            // It is shown where it is used.
            Some(value) => Node::new(at, value.value.clone()),
            None => expression(at, format!("FindInMap({})", self.written(argument))),
        }
    }

    /// A value as part of an expression, so that what it refers to is not lost.
    fn written(&mut self, node: &Node) -> String {
        let node = self.node(node, Keys::Properties);
        match &node.value {
            Value::Expression(source) => source.to_string(),
            Value::List(_) | Value::Map(_) => addresses_within(&node).into_iter().collect::<Vec<_>>().join(", "),
            Value::Null => "null".to_owned(),
            _ => format!("\"{}\"", node.scalar().unwrap_or_default()),
        }
    }
}

/// The name of a function as the key of a map writes it; `Condition` is left out, it is a word of policies too.
fn function_name(key: &str) -> Option<&str> {
    key.strip_prefix("Fn::").or_else(|| key.strip_prefix('!')).or_else(|| (key == "Ref").then_some(key))
}

fn expression(at: Span, source: impl Into<String>) -> Node {
    Node::new(at, Value::Expression(source.into().into()))
}

/// Text that is put together from fixed parts and holes.
#[derive(Debug, Default)]
struct Template {
    text: String,
    holes: bool,
}

impl Template {
    fn add(&mut self, fixed: &str) {
        self.text.push_str(fixed);
    }

    fn add_hole(&mut self, source: &str) {
        self.holes = true;
        self.text.push_str("${");
        self.text.push_str(source);
        self.text.push('}');
    }

    fn add_node(&mut self, node: &Node) {
        match &node.value {
            // A template within a template is part of it.
            Value::Expression(source) => match source.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
                Some(inner) => {
                    self.holes = true;
                    self.text.push_str(inner);
                }
                None => self.add_hole(source),
            },
            _ => match node.scalar() {
                Some(fixed) => self.add(fixed),
                None => self.add_hole("?"),
            },
        }
    }

    /// Text where there is no hole, what is in the hole where there is nothing else, and otherwise a template as Terraform
    /// writes it.
    fn finish(self, at: Span) -> Node {
        let only_hole = self.text.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
        match only_hole {
            _ if !self.holes => Node::new(at, Value::Text(self.text.into())),
            Some(source) if !source.contains('}') => expression(at, source),
            _ => expression(at, format!("\"{}\"", self.text)),
        }
    }
}
