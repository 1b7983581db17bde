//! Reads tables of rule and settings files key by key: wrong types and unknown keys become problems with their place, all at once.

use crate::document::{Node, Value};
use crate::problem::Problems;
use crate::source::Span;
use std::cell::RefCell;

/// A table being read. Keys that were never asked for are reported by [`Table::finish`].
#[derive(Debug)]
pub struct Table<'a> {
    /// What the table is called in messages: `[each]`.
    name: String,
    node: &'a Node,
    at: Span,
    asked: RefCell<Vec<String>>,
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
        Self { name: "this file".to_owned(), node, at: Span::empty(0), asked: RefCell::default() }
    }

    /// A table whose key is free, as it is called in messages.
    #[must_use]
    pub fn of(name: String, node: &'a Node, at: Span) -> Self {
        Self { name, node, at, asked: RefCell::default() }
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

    fn ask(&self, key: &str) -> Option<&'a Node> {
        self.asked.borrow_mut().push(key.to_owned());
        self.node.get(key)
    }

    /// Text under `key`, if it is there and is text.
    pub fn text(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<String>> {
        let node = self.ask(key)?;
        if let Some(text) = node.text() {
            Some(Written { value: text.to_owned(), at: node.span })
        } else {
            problems.add(node.span, format!("`{key}` must be text in quotes"));
            None
        }
    }

    /// Text under `key` that must be there and must not be blank.
    pub fn required_text(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<String>> {
        if !self.node.has(key) {
            self.asked.borrow_mut().push(key.to_owned());
            problems.add(self.at, format!("`{key}` is missing from {}", self.name));
            return None;
        }
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
        let text = self.text(key, problems)?;
        let found = choices.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            problems.add_unknown(text.at, &format!("`{key}`"), &text.value, choices.iter().map(|(word, _)| *word));
        }
        found.map(|(_, value)| Written { value: *value, at: text.at })
    }

    /// `true` or `false` under `key`.
    pub fn flag(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<bool>> {
        let node = self.ask(key)?;
        if let Value::Bool(value) = node.value {
            return Some(Written { value, at: node.span });
        }
        problems.add(node.span, format!("`{key}` must be true or false, without quotes"));
        None
    }

    /// A whole number under `key`, not below zero.
    pub fn number(&self, key: &str, problems: &mut Problems<'_>) -> Option<Written<u64>> {
        let node = self.ask(key)?;
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
        let node = self.ask(key)?;
        let value = node.scalar().and_then(|text| text.parse().ok());
        if value.is_none() {
            problems.add(node.span, format!("`{key}` must be a day such as 2026-11-21"));
        }
        value.map(|value| Written { value, at: node.span })
    }

    /// A list of texts under `key`; empty when it is not there.
    pub fn texts(&self, key: &str, problems: &mut Problems<'_>) -> Vec<Written<String>> {
        let Some(node) = self.ask(key) else { return Vec::new() };
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
        self.asked.borrow_mut().push(key.to_owned());
        let entry = self.node.entry(key)?;
        if matches!(entry.node.value, Value::Map(_)) {
            let name = if self.name == "this file" { format!("[{key}]") } else { format!("`{key}`") };
            return Some(Table { name, node: &entry.node, at: entry.key_span, asked: RefCell::default() });
        }
        problems.add(entry.node.span, format!("`{key}` must be a table"));
        None
    }

    /// The tables written `[[key]]`, in order.
    pub fn tables(&self, key: &str, problems: &mut Problems<'_>) -> Vec<Table<'a>> {
        self.asked.borrow_mut().push(key.to_owned());
        let Some(entry) = self.node.entry(key) else { return Vec::new() };
        if !matches!(entry.node.value, Value::List(_)) {
            problems.add(entry.key_span, format!("`{key}` must be written [[{key}]]"));
        }
        let tables = entry.node.items().iter().filter(|item| matches!(item.value, Value::Map(_)));
        tables
            .map(|item| {
                let at = item.entries().first().map_or(item.span, |first| first.key_span);
                Table { name: format!("this [[{key}]]"), node: item, at, asked: RefCell::default() }
            })
            .collect()
    }

    /// Every entry of a table whose keys are free: `(key, its place, its value)`.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Span, &'a Node)> {
        self.node.entries().iter().map(|entry| (&*entry.key, entry.key_span, &entry.node))
    }

    /// Reports every key that nobody asked for, with the nearest that would have been understood.
    pub fn finish(&self, problems: &mut Problems<'_>) {
        let asked = self.asked.borrow();
        for entry in self.node.entries() {
            if !asked.iter().any(|key| **key == *entry.key) {
                problems.add_unknown(entry.key_span, "key", &entry.key, asked.iter().map(String::as_str));
            }
        }
    }
}
