//! The Open Data Contract Standard (Bitol), versions 2.2 to 3.1: `kind: DataContract`.

use super::super::Context;
use super::field::{self, Column, Table};
use super::stated::{self, first_of, flag, is_for_ever, statement, text};
use crate::document::Node;
use crate::fact::{Choice, DataManifest, Facts, Field};
use crate::source::SourceFile;

const FORMAT: &str = "open-data-contract";
/// Names under which contracts keep the law or consent that they rest on: the standard has no key for it.
const LEGAL: &[&str] = &["legalbasis", "lawfulbasis", "legalground", "consent", "consentbasis", "gdprlegalbasis"];

/// Sees one contract.
pub(super) fn extract(root: &Node, file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let names = ["name", "dataProduct", "datasetName", "quantumName", "id"];
    let name = first_of(names.map(|key| text(root, key)));
    let subject = name.value.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| file.name().to_owned());
    let at = super::place(root, name.at, &file.text);
    // Version 2 called the tables `dataset`, their names `table` and their fields `columns`.
    let mut personal = Vec::new();
    for schema in ["schema", "dataset"].iter().filter_map(|key| root.get(key)).flat_map(Node::one_or_many) {
        let table = first_of(["name", "table", "physicalName"].map(|key| text(schema, key)));
        let table = Table { name: &table.value.unwrap_or_default(), manifest: &subject, format: FORMAT };
        personal.extend(field::add(columns(schema), table, context, facts));
    }
    let (retention, retention_period, unlimited) = retention(root);
    let manifest = DataManifest {
        format: FORMAT.into(),
        name,
        version: text(root, "version"),
        status: text(root, "status"),
        owner: owner(root),
        contact: contact(root),
        personal_fields: field::listed(personal),
        legal_basis: legal_basis(root),
        limitations: statement(root, "description.limitations"),
        purpose: purpose(root),
        retention,
        retention_period,
        unlimited,
        approvers: approvers(root),
        ..DataManifest::default()
    };
    facts.add(subject, at, manifest);
}

/// The fields of a table, those of structures and of lists of them too. `schema` holds them under a key, and so does each field.
fn columns(schema: &Node) -> Vec<Column> {
    fn lists(holder: &Node) -> impl Iterator<Item = &Node> {
        let items = holder.get("items");
        [holder.get("properties"), holder.get("columns"), items.and_then(|items| items.get("properties"))]
            .into_iter()
            .flatten()
    }
    let of_list = |list: &Node| {
        field::gather(list, Field::known(""), |holder, found| {
            for property in holder.node.items() {
                let mut named = ["name", "column"].iter().filter_map(|key| property.get(key));
                let Some((name, at)) = named.find_map(|node| Some((node.scalar()?, node.span))) else { continue };
                let column = Column {
                    name: name.to_owned(),
                    at,
                    data_type: first_of(["logicalType", "physicalType"].map(|key| text(property, key))),
                    declared_personal: declared_personal(property),
                    classification: text(property, "classification"),
                    encrypted_name: first_of(["encryptedName", "encryptedColumnName"].map(|key| text(property, key))),
                };
                found.add(holder, column, lists(property));
            }
        })
    };
    lists(schema).flat_map(of_list).collect()
}

/// The standard has no flag; a tag or a custom property says it.
fn declared_personal(property: &Node) -> Field<bool> {
    for custom in custom_properties(property) {
        let name = plain(&text(custom, "property").value.unwrap_or_default());
        if matches!(name.as_str(), "pii" | "ispii" | "containspii" | "personaldata" | "ispersonaldata") {
            return flag(custom, &["value"]);
        }
    }
    let tags = stated::texts(property, "tags");
    let tagged =
        tags.value.is_some_and(|tags| tags.iter().any(|tag| matches!(plain(tag).as_str(), "pii" | "personaldata")));
    if tagged { Field { value: Some(true), at: tags.at } } else { Field::default() }
}

/// A name without case and separators, as custom names are written in every way.
fn plain(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn custom_properties(node: &Node) -> impl Iterator<Item = &Node> {
    node.get("customProperties").map(Node::one_or_many).unwrap_or_default().iter()
}

fn owner(root: &Node) -> Field<String> {
    let team = root.get("team");
    let members = team.and_then(|team| team.get("members")).or(team).or_else(|| root.get("stakeholders"));
    let members = members.map(Node::items).unwrap_or_default().iter().filter(|member| !member.has("dateOut"));
    let named = |member: &Node| first_of(["username", "name"].map(|key| text(member, key)));
    let is_owner =
        |member: &&Node| text(member, "role").value.is_some_and(|role| role.to_lowercase().contains("owner"));
    let stated = members.clone().filter(is_owner).map(named);
    let team_name = team.map(|team| text(team, "name"));
    // A team without an owner still answers for the data.
    first_of(stated.chain(team_name).chain([text(root, "owner")]).chain(members.map(named)))
}

fn contact(root: &Node) -> Field<String> {
    let channels = root.get("support").map(Node::one_or_many).unwrap_or_default().iter();
    let of_channels = channels.flat_map(|channel| ["url", "channel"].map(|key| text(channel, key)));
    let early = ["productDl", "productSlackChannel", "productFeedbackUrl"].map(|key| text(root, key));
    first_of(of_channels.chain(early))
}

fn approvers(root: &Node) -> Field<Vec<String>> {
    let mut approvers: Vec<String> = Vec::new();
    let mut at = None;
    for role in root.get("roles").map(Node::one_or_many).unwrap_or_default() {
        for key in ["firstLevelApprovers", "secondLevelApprovers"] {
            let named = stated::texts(role, key);
            for name in named.value.unwrap_or_default() {
                let is_nobody = matches!(name.trim().to_lowercase().as_str(), "" | "na" | "n/a" | "none");
                if !is_nobody && !approvers.contains(&name) {
                    at = at.or(named.at);
                    approvers.push(name);
                }
            }
        }
    }
    Field { value: Some(approvers), at }
}

/// In early contracts the description is one text, which may hold the purpose.
fn purpose(root: &Node) -> Field<Choice> {
    match root.get("description") {
        Some(whole) if whole.scalar().is_some() => Field::unresolved(whole.span),
        _ => statement(root, "description.purpose"),
    }
}

fn legal_basis(root: &Node) -> Field<String> {
    let described = root.get("description");
    for custom in custom_properties(root).chain(described.into_iter().flat_map(custom_properties)) {
        let name = plain(&text(custom, "property").value.unwrap_or_default());
        if LEGAL.contains(&name.as_str()) {
            return text(custom, "value");
        }
    }
    let definitions =
        |node: &'_ Node| node.get("authoritativeDefinitions").map(Node::one_or_many).unwrap_or_default().to_vec();
    let all = definitions(root).into_iter().chain(described.map(definitions).unwrap_or_default());
    let legal =
        all.filter(|definition| LEGAL.contains(&plain(&text(definition, "type").value.unwrap_or_default()).as_str()));
    first_of(legal.map(|definition| text(&definition, "url")))
}

/// The service level `retention`: how much is said, the period, and whether it is without end.
fn retention(root: &Node) -> (Field<Choice>, Field<String>, Field<bool>) {
    let levels = root.get("slaProperties").map(Node::one_or_many).unwrap_or_default().iter();
    let mut of_retention =
        levels.filter(|level| text(level, "property").value.is_some_and(|name| name.eq_ignore_ascii_case("retention")));
    let Some(level) = of_retention.next() else {
        return (Field::known(Choice("missing")), Field::known(""), Field::known(false));
    };
    let (value, unit) = (text(level, "value"), text(level, "unit"));
    let Some(amount) = value.value.filter(|amount| !amount.is_empty()) else {
        return (Field { value: None, at: value.at }, Field { value: None, at: value.at }, Field::default());
    };
    let at = value.at.unwrap_or(level.span);
    let period = format!("{amount} {}", unit.value.unwrap_or_default());
    let unlimited = is_for_ever(&amount);
    (Field::found(Choice("substantive"), at), Field::found(period.trim(), at), Field::found(unlimited, at))
}
