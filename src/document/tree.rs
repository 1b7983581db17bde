//! One tree with places for every structured syntax: YAML, JSON, TOML, HCL, INI and front matter.

use super::Faults;
use crate::source::Span;
use std::rc::Rc;

/// How deep a tree may nest before the rest is left out and reported.
pub const DEPTH_LIMIT: usize = 128;

/// How many values a tree may hold before the rest is left out and reported: each takes the room of some dozen letters, and a file can be made
/// of nothing but values of two letters. What people keep has lines of thirty letters and more, with one value each: half a million of them
/// fill the largest file that is read.
pub const VALUE_LIMIT: usize = 500_000;

/// What a parser made of one file: its documents (YAML files can hold several) and what it could not read.
#[derive(Debug, Default)]
pub struct Document {
    /// The root of each document of the file, in order. What could be read before a fault is here too.
    pub roots: Vec<Node>,
    /// What could not be read, with its place.
    pub faults: Faults,
}

impl Document {
    /// The first root, the only one in every syntax but YAML.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.roots.first()
    }
}

/// A value and its place. Cloning is cheap: lists and maps are shared, which is also how YAML aliases are kept without expanding them.
#[derive(Debug, Clone)]
pub struct Node {
    /// The bytes of the value.
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing: `null`, `~`, or a key without a value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept as it is written (`1.10` is not `1.1`).
    Number(Rc<str>),
    /// Text, unescaped.
    Text(Rc<str>),
    /// An expression that only running the program would resolve: a Terraform reference, a template. Kept as written.
    Expression(Rc<str>),
    /// Items in order.
    List(Rc<[Node]>),
    /// Entries in order; a key may appear more than once.
    Map(Rc<[Entry]>),
}

/// One entry of a map.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, unescaped. Keys that are not text are given as they are written.
    pub key: Rc<str>,
    /// The bytes of the key.
    pub key_span: Span,
    /// What the key holds.
    pub node: Node,
}

/// How many maps are looked into through `<<` merge keys before looking further is given up.
const MERGE_LIMIT: usize = 64;

impl Node {
    /// A node at this place.
    #[must_use]
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, value }
    }

    /// The value under `key` of a map, YAML merge keys (`<<`) followed; of repeated keys the last one, as every reader does.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry under `key` of a map, as [`Node::get`] finds it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        // Breadth does not matter here, number does: each map may merge many that merge many again.
        let mut ahead = Vec::new();
        let mut node = self;
        for _ in 0..MERGE_LIMIT {
            if let Some(entry) = node.own_entry(key) {
                return Some(entry);
            }
            if let Some(merged) = node.own_entry("<<") {
                // The first of several wins, and what it merges itself goes before the second.
                ahead.extend(merged.node.one_or_many().iter().take(MERGE_LIMIT).rev());
            }
            node = ahead.pop()?;
        }
        None
    }

    /// The last entry of this name that the map itself has.
    fn own_entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| &*entry.key == key)
    }

    /// The value at a path of keys separated by `.`: `spec.template.spec`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map, in order; empty for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list, in order; empty for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => &[],
        }
    }

    /// The items of a list, or the node itself where a single value stands for a list of one (`language: en`).
    #[must_use]
    pub fn one_or_many(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a text node; not of numbers or booleans.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text: text, number or boolean as written; `None` for expressions, lists, maps and null.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// The same tree with every value that holds no others changed. How deep it goes is limited where it is parsed.
    #[must_use]
    pub fn with_leaves(&self, change: &dyn Fn(&Value) -> Value) -> Self {
        let value = match &self.value {
            Value::List(items) => Value::List(items.iter().map(|item| item.with_leaves(change)).collect()),
            Value::Map(entries) => {
                let changed = |entry: &Entry| Entry { node: entry.node.with_leaves(change), ..entry.clone() };
                Value::Map(entries.iter().map(changed).collect())
            }
            leaf => change(leaf),
        };
        Self::new(self.span, value)
    }

    /// A boolean, also where it is written as text (`"true"`, `yes`, `on`), as YAML authors and Terraform do.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// True for a value that only running the program would resolve.
    #[must_use]
    pub fn is_expression(&self) -> bool {
        matches!(self.value, Value::Expression(_))
    }

    /// True for a map that has this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Calls `visit` for this node and everything below it, parents first, until `limit` nodes were visited (shared
    /// parts count each time they are met, so an alias bomb ends too). Returns false when the limit was reached.
    pub fn walk<'a>(&'a self, limit: usize, visit: &mut impl FnMut(&'a Node, Option<&'a Entry>)) -> bool {
        let mut left = limit;
        let mut stack: Vec<(&Node, Option<&Entry>)> = vec![(self, None)];
        while let Some((node, entry)) = stack.pop() {
            let Some(fewer) = left.checked_sub(1) else { return false };
            left = fewer;
            visit(node, entry);
            match &node.value {
                Value::List(nodes) => stack.extend(nodes.iter().rev().map(|node| (node, None))),
                Value::Map(entries) => stack.extend(entries.iter().rev().map(|entry| (&entry.node, Some(entry)))),
                _ => {}
            }
        }
        true
    }
}
