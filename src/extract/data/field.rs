//! The fields that a description lists, and which of them hold personal data.

use super::super::Context;
use crate::document::Node;
use crate::fact::{DataField, Facts, Field};
use crate::source::Span;
use std::collections::BTreeSet;

/// One field as its format describes it.
#[derive(Debug, Default)]
pub(in crate::extract) struct Column {
    pub name: String,
    pub at: Span,
    pub data_type: Field<String>,
    pub declared_personal: Field<bool>,
    pub classification: Field<String>,
    pub encrypted_name: Field<String>,
}

/// How much of one table is looked into: aliases of YAML can repeat one part of a small file without end.
const LIMIT: usize = 100_000;

/// A node that holds fields, and what is known of the field that it belongs to.
#[derive(Debug)]
pub(in crate::extract) struct Holder<'a> {
    pub node: &'a Node,
    /// Name of the field around; empty for those of the table itself.
    name: String,
    /// Its classification, which holds for the fields in it too.
    classification: Field<String>,
}

impl<'a> Holder<'a> {
    /// The same field's fields in another node.
    pub fn through(&self, node: &'a Node) -> Self {
        Self { node, name: self.name.clone(), classification: self.classification.clone() }
    }
}

/// What was found so far, and what is still to be looked into.
#[derive(Debug, Default)]
pub(in crate::extract) struct Found<'a> {
    columns: Vec<Column>,
    ahead: Vec<Holder<'a>>,
}

impl<'a> Found<'a> {
    /// A field of this holder; `inner` are the nodes that may hold fields of its own.
    pub fn add(&mut self, holder: &Holder<'_>, mut column: Column, inner: impl IntoIterator<Item = &'a Node>) {
        if !holder.name.is_empty() {
            column.name = format!("{}.{}", holder.name, column.name);
        }
        if column.classification.value.as_deref() == Some("") {
            column.classification = holder.classification.clone();
        }
        let (name, classification) = (&column.name, &column.classification);
        let below = |node| Holder { node, name: name.clone(), classification: classification.clone() };
        self.ahead.extend(inner.into_iter().map(below));
        self.columns.push(column);
    }

    /// Another node that may hold fields.
    pub fn look_into(&mut self, holder: Holder<'a>) {
        self.ahead.push(holder);
    }
}

/// Gathers the fields of a table: `see` is shown the given node and then every one that it says to look into.
pub(in crate::extract) fn gather<'a>(
    table: &'a Node,
    not_classified: Field<String>,
    mut see: impl FnMut(&Holder<'a>, &mut Found<'a>),
) -> Vec<Column> {
    let mut found = Found::default();
    found.look_into(Holder { node: table, name: String::new(), classification: not_classified });
    let mut left = LIMIT;
    while let (Some(holder), 1..) = (found.ahead.pop(), left) {
        left = left.saturating_sub(1 + holder.node.entries().len() + holder.node.items().len());
        see(&holder, &mut found);
    }
    found.columns
}

/// The table that fields belong to.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract) struct Table<'a> {
    pub name: &'a str,
    pub manifest: &'a str,
    pub format: &'static str,
}

/// Adds the fields of one table; gives the names of those that hold personal data, and the place of the first.
pub(in crate::extract) fn add(
    columns: Vec<Column>,
    table: Table<'_>,
    context: &Context<'_>,
    facts: &mut Facts,
) -> Vec<(String, Span)> {
    let names = &context.catalogue.personal;
    let leaf = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let about_people = names.is_about_people(table.name)
        || names.is_about_people(table.manifest)
        || columns.iter().any(|column| names.kind_of(&leaf(&column.name)).is_some());
    // Of a structure it is the fields in it that hold the data.
    let structures: BTreeSet<String> =
        columns.iter().filter_map(|column| Some(column.name.rsplit_once('.')?.0.to_owned())).collect();
    let mut personal = Vec::new();
    for column in columns {
        let leaf = leaf(&column.name);
        let kind = if about_people || names.is_about_people(&column.name) {
            names.kind_among_people(&leaf)
        } else {
            names.kind_of(&leaf)
        };
        let kind = kind.filter(|_| !structures.contains(&column.name));
        let is_personal = column.declared_personal.value.unwrap_or(kind.is_some());
        if is_personal {
            personal.push((column.name.clone(), column.at));
        }
        let seen = DataField {
            name: Field::found(column.name.clone(), column.at),
            table: table.name.into(),
            manifest: table.manifest.into(),
            format: table.format.into(),
            data_type: column.data_type,
            personal: kind.unwrap_or_default().into(),
            declared_personal: column.declared_personal,
            classification: column.classification,
            encrypted_name: column.encrypted_name,
        };
        facts.add(format!("{} {}.{}", table.manifest, table.name, column.name), column.at, seen);
    }
    personal
}

/// The names of personal fields of all tables as one field of the manifest.
pub(in crate::extract) fn listed(personal: Vec<(String, Span)>) -> Field<Vec<String>> {
    let at = personal.first().map(|(_, at)| *at);
    Field { value: Some(personal.into_iter().map(|(name, _)| name).collect()), at }
}
