//! Reads tables of rule and settings files key by key: wrong types and unknown keys become problems with their place, all at once.

use crate::document::{Node, Value};
use crate::problem::Problems;
use crate::source::Span;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A table being read. Keys that were never asked for are reported by [`Table::finish`].
#[derive(Debug)]
pub struct Table<'a> {
    /// What the table is called in messages: `[each]`.
    name: String,
    node: &'a Node,
    at: Span,
    shape: Rc<RefCell<Shape>>,
    /// Tables are read too that are not there, to learn what they are asked for.
    asking: bool,
}

/// What a table was asked for.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The keys, in order.
    pub asked: Vec<Asked>,
    /// Those without which the table says nothing.
    pub required: BTreeSet<String>,
}

/// A key that a table was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The key.
    pub key: String,
    /// What may stand under it.
    pub form: Form,
}

/// What may stand under a key.
#[derive(Debug, Clone)]
pub enum Form {
    /// Text.
    Text,
    /// One of these words.
    Choice(Vec<&'static str>),
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// A list of texts.
    Texts,
    /// A table.
    Table(Rc<RefCell<Shape>>),
    /// Tables that are written `[[key]]`.
    Tables(Rc<RefCell<Shape>>),
}

/// A value with the place where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub at: Span,
}

impl<'a> Table<'a> {
    /// The whole file as a table.
    #[must_use]
    pub fn root(node: &'a Node) -> Self {
        Self::of("this file".to_owned(), node, Span::empty(0))
    }

    /// A table that is read only to learn what it is asked for: see [`Table::shape`]. `nothing` is an empty map.
    #[must_use]
    pub fn asking(nothing: &'a Node) -> Self {
        Self { asking: true, ..Self::root(nothing) }
    }

    /// What it was asked for so far.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape.borrow().clone()
    }

    /// A table whose key is free, as it is called in messages.
    #[must_use]
    pub fn of(name: String, node: &'a Node, at: Span) -> Self {
        Self { name, node, at, shape: Rc::default(), asking: false }
    }

    /// Where the table is written.
    #[must_use]
    pub fn at(&self) -> Span {
        self.at
    }

    /// True when `key` is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.node.has(key)
    }

    fn ask(&self, key: &str, form: Form) -> Option<&'a Node> {
        self.shape.borrow_mut().asked.push(Asked { key: key.to_owned(), form });
        self.node.get(key)
    }

    /// Reports a key that must be there and is not; `example` shows how it is written.
    pub fn require(&self, key: &str, example: &str, problems: &mut Problems<'_>) {
        self.shape.borrow_mut().required.insert(key.to_owned());
        if !self.node.has(key) {
            let example = if example.is_empty() { String::new() } else { format!(": {key} = {example}") };
            problems.add(self.at, format!("`{key}` is missing from {}{example}", self.name));
        }
    }

    /// Text under `key`, if it is there and is text.
    pub fn text(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<String>> {
        self.text_of(key, Form::Text, problems)
    }

    fn text_of(&self, key: &str, form: Form, problems: &mut Problems<'_>) -> Option<Written<String>> {
        let node = self.ask(key, form)?;
        if let Some(text) = node.text() {
            Some(Written { value: text.to_owned(), at: node.span })
        } else {
            problems.add(node.span, format!("`{key}` must be text in quotes"));
            None
        }
    }

    /// Text under `key` that must be there and must not be blank.
    pub fn required_text(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<String>> {
        self.require(key, "", problems);
        let text = self.text(key, problems)?;
        if text.value.trim().is_empty() {
            problems.add(text.at, format!("`{key}` is empty"));
            return None;
        }
        Some(text)
    }

    /// One of a few words under `key`.
    pub fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&'static str, T)],
        problems: &mut Problems<'_>,
    ) -> Option<Written<T>> {
        let form = Form::Choice(choices.iter().map(|(word, _)| *word).collect());
        let text = self.text_of(key, form, problems)?;
        let found = choices.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            problems.add_unknown(text.at, &format!("`{key}`"), &text.value, choices.iter().map(|(word, _)| *word));
        }
        found.map(|(_, value)| Written { value: *value, at: text.at })
    }

    /// `true` or `false` under `key`.
    pub fn flag(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<bool>> {
        let node = self.ask(key, Form::Flag)?;
        if let Value::Bool(value) = node.value {
            return Some(Written { value, at: node.span });
        }
        problems.add(node.span, format!("`{key}` must be true or false, without quotes"));
        None
    }

    /// A whole number under `key`, not below zero.
    pub fn number(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<u64>> {
        let node = self.ask(key, Form::Number)?;
        let value = match &node.value {
            Value::Number(text) => text.replace('_', "").parse().ok(),
            _ => None,
        };
        if value.is_none() {
            problems.add(node.span, format!("`{key}` must be a whole number"));
        }
        value.map(|value| Written { value, at: node.span })
    }

    /// A day under `key`, written `2026-11-21` with or without quotes.
    pub fn date(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<jiff::civil::Date>> {
        let node = self.ask(key, Form::Date)?;
        let value = node.scalar().and_then(|text| text.parse().ok());
        if value.is_none() {
            problems.add(node.span, format!("`{key}` must be a day such as 2026-11-21"));
        }
        value.map(|value| Written { value, at: node.span })
    }

    /// A list of texts under `key`; empty when it is not there.
    pub fn texts(&self, key: &str, problems: &mut Problems<'_>) -> Vec<Written<String>> {
        let Some(node) = self.ask(key, Form::Texts) else { return Vec::new() };
        if !matches!(node.value, Value::List(_)) {
            problems.add(node.span, format!("`{key}` must be a list of texts: [\"...\"]"));
        }
        let mut texts = Vec::new();
        for item in node.items() {
            match item.text() {
                Some(text) => texts.push(Written { value: text.to_owned(), at: item.span }),
                None => problems.add(item.span, format!("`{key}` must hold only texts in quotes")),
            }
        }
        texts
    }

    /// The table under `key`, if it is there.
    pub fn table(&self, key: &str, problems: &mut Problems<'_>) -> Option<Table<'a>> {
        let shape = Rc::default();
        self.ask(key, Form::Table(Rc::clone(&shape)));
        if self.asking {
            return Some(self.unwritten(shape));
        }
        let entry = self.node.entry(key)?;
        if matches!(entry.node.value, Value::Map(_)) {
            let name = if self.name == "this file" { format!("[{key}]") } else { format!("`{key}`") };
            return Some(Table { name, node: &entry.node, at: entry.key_span, shape, asking: false });
        }
        problems.add(entry.node.span, format!("`{key}` must be a table"));
        None
    }

    /// The tables written `[[key]]`, in order.
    pub fn tables(&self, key: &str, problems: &mut Problems<'_>) -> Vec<Table<'a>> {
        let shape = Rc::default();
        self.ask(key, Form::Tables(Rc::clone(&shape)));
        if self.asking {
            return vec![self.unwritten(shape)];
        }
        let Some(entry) = self.node.entry(key) else { return Vec::new() };
        if !matches!(entry.node.value, Value::List(_)) {
            problems.add(entry.key_span, format!("`{key}` must be written [[{key}]]"));
        }
        let tables = entry.node.items().iter().filter(|item| matches!(item.value, Value::Map(_)));
        tables
            .map(|item| {
                let at = item.entries().first().map_or(item.span, |first| first.key_span);
                Table::of(format!("this [[{key}]]"), item, at)
            })
            .collect()
    }

    /// A table that nobody has written.
    fn unwritten(&self, shape: Rc<RefCell<Shape>>) -> Table<'a> {
        Table { name: String::new(), node: self.node, at: self.at, shape, asking: true }
    }

    /// Every entry of a table whose keys are free: `(key, its place, its value)`.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Span, &'a Node)> {
        self.node.entries().iter().map(|entry| (&*entry.key, entry.key_span, &entry.node))
    }

    /// Reports every key that nobody asked for, with the nearest that would have been understood.
    pub fn finish(&self, problems: &mut Problems<'_>) {
        let asked = &self.shape.borrow().asked;
        for entry in self.node.entries() {
            if !asked.iter().any(|asked| *asked.key == *entry.key) {
                problems.add_unknown(entry.key_span, "key", &entry.key, asked.iter().map(|asked| asked.key.as_str()));
            }
        }
    }
}
