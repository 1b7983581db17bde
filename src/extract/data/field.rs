//! The fields that a description lists, and which of them hold personal data.

use super::super::Context;
use crate::fact::{DataField, Facts, Field};
use crate::source::Span;

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
    let mut personal = Vec::new();
    for column in columns {
        let leaf = leaf(&column.name);
        let kind = if about_people || names.is_about_people(&column.name) {
            names.kind_among_people(&leaf)
        } else {
            names.kind_of(&leaf)
        };
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
