//! The Data Contract Specification, versions 0.9 to 1.2: `dataContractSpecification`.

use super::super::Context;
use super::field::{self, Column, Table};
use super::stated::{first_of, flag, is_for_ever, statement, text};
use crate::document::{Entry, Node};
use crate::fact::{Choice, DataManifest, Facts, Field};
use crate::source::SourceFile;

const FORMAT: &str = "data-contract";

/// Sees one contract.
pub(super) fn extract(root: &Node, file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let name = first_of([text(root, "info.title"), text(root, "id")]);
    let subject = name.value.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| file.name().to_owned());
    let at = super::place(root, name.at, &file.text);
    let mut personal = Vec::new();
    for model in root.get("models").map(Node::entries).unwrap_or_default() {
        let table = Table { name: &model.key, manifest: &subject, format: FORMAT };
        personal.extend(field::add(columns(&model.node, root), table, context, facts));
    }
    let (retention, retention_period, unlimited) = retention(root);
    let contact = ["email", "url", "name"].map(|key| text(root, &format!("info.contact.{key}")));
    let manifest = DataManifest {
        format: FORMAT.into(),
        name,
        version: text(root, "info.version"),
        status: text(root, "info.status"),
        owner: text(root, "info.owner"),
        contact: first_of(contact),
        personal_fields: field::listed(personal),
        legal_basis: legal_basis(root),
        limitations: statement(root, "terms.limitations"),
        purpose: statement(root, "terms.usage"),
        retention,
        retention_period,
        unlimited,
        approvers: Field::default(),
        ..DataManifest::default()
    };
    facts.add(subject, at, manifest);
}

/// The fields of a model, those of structures and of lists of them too.
fn columns(model: &Node, root: &Node) -> Vec<Column> {
    let Some(fields) = model.get("fields") else { return Vec::new() };
    field::gather(fields, Field::known(""), |holder, found| {
        for Entry { key, key_span, node } in holder.node.entries() {
            let column = Column { name: (**key).to_owned(), at: *key_span, ..column(node, root) };
            let of_items = node.get("items").and_then(|items| items.get("fields"));
            found.add(holder, column, node.get("fields").into_iter().chain(of_items));
        }
    })
}

/// What a field says of itself, or the definition does that it refers to with `$ref`.
fn column(field: &Node, root: &Node) -> Column {
    let referred = text(field, "$ref");
    let local = referred.value.as_deref().and_then(|path| path.strip_prefix("#/definitions/"));
    let definition = local.and_then(|name| root.get("definitions")?.get(name));
    let stated = |key: &str| first_of([text(field, key)].into_iter().chain(definition.map(|it| text(it, key))));
    let declared = flag(field, &["pii"]);
    let mut column = Column {
        data_type: stated("type"),
        classification: stated("classification"),
        declared_personal: match (declared.value, definition) {
            (None, Some(definition)) => flag(definition, &["pii"]),
            _ => declared,
        },
        ..Column::default()
    };
    // What a definition in another file says is not known.
    let is_elsewhere = definition.is_none() && referred.value.as_deref() != Some("");
    if is_elsewhere && column.classification.value.as_deref() == Some("") {
        column.classification = Field::default();
    }
    column
}

/// Policies of the terms that name a law, a consent or a privacy statement.
fn legal_basis(root: &Node) -> Field<String> {
    const LEGAL: &[&str] = &["consent", "legal", "lawful", "gdpr", "privacy"];
    let policies = root.at("terms.policies").map(Node::one_or_many).unwrap_or_default().iter();
    let legal = policies.filter_map(|policy| {
        let name = first_of(["type", "name"].map(|key| text(policy, key)));
        let lower = name.value.as_deref()?.to_lowercase();
        LEGAL.iter().any(|word| lower.contains(word)).then_some(name)
    });
    first_of(legal.chain(["legalBasis", "lawfulBasis", "consent"].map(|key| text(root, &format!("terms.{key}")))))
}

/// The service level `retention`: how much is said, the period, and whether it is without end.
fn retention(root: &Node) -> (Field<Choice>, Field<String>, Field<bool>) {
    // The specification writes `servicelevels`, its own examples `serviceLevels`.
    let levels =
        root.entries().iter().find(|entry| entry.key.eq_ignore_ascii_case("servicelevels")).map(|entry| &entry.node);
    let Some(level) = levels.and_then(|levels| levels.get("retention")) else {
        return (Field::known(Choice("missing")), Field::known(""), Field::known(false));
    };
    let period = level.scalar().map_or_else(|| text(level, "period"), |plain| Field::found(plain, level.span));
    let Some(stated) = period.value.as_deref() else {
        return (Field::unresolved(level.span), period, Field::default());
    };
    let unlimited = match flag(level, &["unlimited"]) {
        _ if is_for_ever(stated) => Field { value: Some(true), at: period.at },
        Field { value: None, at: None } => Field::known(false),
        declared => declared,
    };
    let says_something = !stated.is_empty() || unlimited.value == Some(true);
    let quality = Choice(if says_something { "substantive" } else { "thin" });
    (Field::found(quality, period.at.or(unlimited.at).unwrap_or(level.span)), period, unlimited)
}
