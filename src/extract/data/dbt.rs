//! Property files of dbt: models and sources with their columns, exposures, tests of data.

use super::super::Context;
use super::field::{self, Column, Table};
use super::stated::{self, first_of, flag, is_for_ever, statement, text};
use crate::document::Node;
use crate::fact::{CheckTool, DataManifest, DataUse, Facts, Field};
use crate::source::Span;

const FORMAT: &str = "dbt";
/// Names under which columns say that they are personal.
const PERSONAL: &[&str] = &["contains_pii", "pii", "is_pii", "personal_data", "contains_personal_data"];

/// Sees every table and use that one file describes.
pub(super) fn extract(root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let mut tested = None;
    for list in ["models", "seeds", "snapshots"] {
        for table in root.get(list).map(Node::items).unwrap_or_default() {
            describe(table, None, context, facts, &mut tested);
        }
    }
    for source in root.get("sources").map(Node::items).unwrap_or_default() {
        for table in source.get("tables").map(Node::items).unwrap_or_default() {
            describe(table, Some(source), context, facts, &mut tested);
        }
    }
    for exposure in root.get("exposures").map(Node::items).unwrap_or_default() {
        see_exposure(exposure, facts);
    }
    if let Some(at) = tested {
        let check = CheckTool {
            name: "dbt tests".into(),
            purpose: "data-quality".into(),
            form: "test".into(),
            ..CheckTool::default()
        };
        facts.add("dbt tests", at, check);
    }
}

/// One table; what it does not say, its source may. `tested` gets the place of the first test.
fn describe(table: &Node, source: Option<&Node>, context: &Context<'_>, facts: &mut Facts, tested: &mut Option<Span>) {
    let Some((name, at)) = table.get("name").and_then(|name| Some((name.scalar()?, name.span))) else { return };
    let mut columns = Vec::new();
    let mut holders = vec![table];
    for column in table.get("columns").map(Node::items).unwrap_or_default() {
        holders.push(column);
        let Some((name, at)) = column.get("name").and_then(|name| Some((name.scalar()?, name.span))) else { continue };
        let classification = ["classification", "data_classification", "sensitivity"].map(|key| meta(column, key));
        columns.push(Column {
            name: name.to_owned(),
            at,
            data_type: text(column, "data_type"),
            declared_personal: declared_personal(column),
            classification: first_of(classification.into_iter().chain([first_policy_tag(column)])),
            encrypted_name: Field::default(),
        });
    }
    for holder in holders {
        let tests = ["data_tests", "tests"].iter().filter_map(|key| holder.entry(key));
        *tested = tested.or(tests.filter(|entry| !entry.node.items().is_empty()).map(|entry| entry.key_span).next());
    }
    let personal = field::add(columns, Table { name, manifest: name, format: FORMAT }, context, facts);
    let holders = || [Some(table), source].into_iter().flatten();
    let period = first_of(holders().flat_map(|holder| [meta(holder, "retention"), meta(holder, "retention_period")]));
    let unlimited = Field { value: period.value.as_deref().map(is_for_ever), at: period.at };
    let manifest = DataManifest {
        format: FORMAT.into(),
        name: Field::found(name, at),
        owner: first_of(holders().map(|holder| meta(holder, "owner"))),
        personal_fields: field::listed(personal),
        retention_period: period,
        unlimited,
        ..DataManifest::default()
    };
    facts.add(name, at, manifest);
}

/// The value of a key under `meta`, which newer versions keep under `config`.
fn meta(node: &Node, key: &str) -> Field<String> {
    first_of([text(node, &format!("config.meta.{key}")), text(node, &format!("meta.{key}"))])
}

fn declared_personal(column: &Node) -> Field<bool> {
    let metas = ["config.meta", "meta"].iter().filter_map(|path| column.at(path));
    let declared = metas.map(|meta| flag(meta, PERSONAL)).find(|flag| flag.value.is_some());
    let tags = ["config.tags", "tags"].map(|path| stated::texts(column, path));
    let tagged = tags.into_iter().find(|tags| {
        let names = tags.value.as_deref().unwrap_or_default();
        names.iter().any(|tag| {
            matches!(tag.to_lowercase().as_str(), "pii" | "contains_pii" | "personal_data" | "personal-data")
        })
    });
    declared.or(tagged.map(|tags| Field { value: Some(true), at: tags.at })).unwrap_or_default()
}

/// The warehouse may classify columns with tags of its own.
fn first_policy_tag(column: &Node) -> Field<String> {
    let tags = stated::texts(column, "policy_tags");
    let first = tags.value.unwrap_or_default().into_iter().next().unwrap_or_default();
    Field { value: Some(first), at: tags.at }
}

fn see_exposure(exposure: &Node, facts: &mut Facts) {
    let Some((name, at)) = exposure.get("name").and_then(|name| Some((name.scalar()?, name.span))) else { return };
    let depends = exposure.get("depends_on");
    let uses = depends.map(Node::one_or_many).unwrap_or_default().iter().filter_map(Node::scalar).map(referred);
    let seen = DataUse {
        name: Field::found(name, at),
        form: text(exposure, "type"),
        owner: first_of([text(exposure, "owner.name"), text(exposure, "owner.email")]),
        contact: text(exposure, "owner.email"),
        uses: Field { value: Some(uses.collect()), at: depends.map(|node| node.span) },
        purpose: statement(exposure, "description"),
    };
    facts.add(name, at, seen);
}

/// `ref('orders')` → `orders`, `source('shop', 'orders')` → `shop.orders`.
fn referred(call: &str) -> String {
    let quoted: Vec<&str> = call.split(['\'', '"']).skip(1).step_by(2).collect();
    if quoted.is_empty() { call.to_owned() } else { quoted.join(".") }
}
