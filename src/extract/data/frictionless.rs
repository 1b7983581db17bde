//! Frictionless Data: `datapackage.json`, `datapackage.yaml` and `dataresource.json`.

use super::super::Context;
use super::field::{self, Column, Table};
use super::file_at;
use super::stated::{first_of, text};
use crate::document::Node;
use crate::fact::{Choice, DataFile, DataManifest, Facts, Field};
use crate::source::{SourceFile, Span};

const FORMAT: &str = "frictionless";

/// Sees a package, or a resource that stands alone.
pub(super) fn extract(root: &Node, file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let name = first_of([text(root, "name"), text(root, "title"), text(root, "id")]);
    let subject = name.value.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| file.name().to_owned());
    let at = super::place(root, name.at, &file.text);
    let is_resource = file.name() == "dataresource.json";
    let resources = if is_resource {
        std::slice::from_ref(root)
    } else {
        root.get("resources").map(Node::items).unwrap_or_default()
    };
    let mut personal = Vec::new();
    for resource in resources {
        let table = text(resource, "name").value.unwrap_or_default();
        let table = Table { name: &table, manifest: &subject, format: FORMAT };
        personal.extend(field::add(columns(resource), table, context, facts));
        files(resource, file, context, facts);
    }
    // A resource belongs to a package, which says the rest.
    if is_resource || !root.has("resources") {
        return;
    }
    let manifest = DataManifest {
        format: FORMAT.into(),
        name,
        licence: licence(root),
        version: text(root, "version"),
        owner: contributor(root, &["title", "path"]),
        contact: contributor(root, &["email"]),
        source: sources(root),
        personal_fields: field::listed(personal),
        ..DataManifest::default()
    };
    facts.add(subject, at, manifest);
}

/// The fields of a schema that stands here; one in a file of its own is only named.
fn columns(resource: &Node) -> Vec<Column> {
    let fields = resource.at("schema.fields").map(Node::items).unwrap_or_default().iter();
    let named = fields.filter_map(|field| field.get("name").and_then(|name| Some((field, name.scalar()?, name.span))));
    named
        .map(|(field, name, at)| Column {
            name: name.to_owned(),
            at,
            data_type: text(field, "type"),
            ..Column::default()
        })
        .collect()
}

/// The files of a resource: one, or several that belong together.
fn files(resource: &Node, manifest: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let paths = resource.get("path").map(Node::one_or_many).unwrap_or_default();
    for (path, at) in paths.iter().filter_map(|path| Some((path.scalar()?, path.span))) {
        let scheme = path.split_once("://").map(|(scheme, _)| scheme.to_lowercase());
        let name = first_of([text(resource, "name"), Field::known(path)]);
        // A hash stands for one file; for several there is no place to write it.
        let checksum = if paths.len() == 1 { checksum(resource) } else { Field::default() };
        let digest = if paths.len() == 1 { digest(resource, &checksum) } else { String::new() };
        let (place, present) = file_at(path, &manifest.path, context);
        let seen = DataFile {
            file: place,
            present,
            digest: digest.into(),
            name,
            url: Field::found(scheme.as_ref().map_or("", |_| path), at),
            scheme: Field::found(scheme.unwrap_or_default(), at),
            checksum,
            contained: false.into(),
            ..DataFile::default()
        };
        facts.add(path, at, seen);
    }
}

/// `hash` is an MD5 in hexadecimal digits, or `algorithm:digits`.
fn checksum(resource: &Node) -> Field<Choice> {
    let Some((hash, at)) = resource.get("hash").and_then(|hash| Some((hash.scalar()?, hash.span))) else {
        return Field::known(Choice("none"));
    };
    let (algorithm, digits) = hash.split_once(':').unwrap_or(("md5", hash));
    let is_hex = |length: usize| digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let known = match algorithm.to_ascii_lowercase().as_str() {
        "md5" if is_hex(32) => "md5",
        "sha256" | "sha-256" if is_hex(64) => "sha256",
        "md5" | "sha256" | "sha-256" => "malformed",
        _ if digits.len() >= 32 => "other",
        _ => "malformed",
    };
    Field::found(Choice(known), at)
}

/// The digits of the hash, with the algorithm before them.
fn digest(resource: &Node, checksum: &Field<Choice>) -> String {
    let hash = resource.get("hash").and_then(Node::scalar).unwrap_or_default();
    let digits = hash.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    match checksum.value {
        Some(Choice(algorithm @ ("md5" | "sha256"))) => format!("{algorithm}:{digits}"),
        _ => String::new(),
    }
}

fn licence(root: &Node) -> Field<String> {
    let Some(licences) = root.get("licenses").or_else(|| root.get("license")) else { return Field::known("") };
    let of_one = |licence: &Node| match licence.scalar() {
        Some(plain) => Field::found(plain, licence.span),
        None => first_of(["name", "path", "title", "type", "url"].map(|key| text(licence, key))),
    };
    first_of(licences.one_or_many().iter().map(of_one))
}

/// What the first contributor says under one of these keys.
fn contributor(root: &Node, keys: &[&str]) -> Field<String> {
    let lists = ["contributors", "maintainers", "author"].iter().filter_map(|key| root.get(key));
    let people = lists.flat_map(Node::one_or_many);
    first_of(people.flat_map(|person| match person.scalar() {
        Some(plain) => vec![Field::found(plain, person.span)],
        None => keys.iter().map(|key| text(person, key)).collect(),
    }))
}

fn sources(root: &Node) -> Field<Vec<String>> {
    let listed = root.get("sources").map(Node::one_or_many).unwrap_or_default();
    let one = |source: &Node| {
        let said = first_of(["path", "title", "name", "web"].map(|key| text(source, key))).value.unwrap_or_default();
        source.scalar().map_or(said, str::to_owned)
    };
    let texts: Vec<String> = listed.iter().map(one).filter(|text| !text.is_empty()).collect();
    let at: Option<Span> = root.get("sources").map(|node| node.span);
    Field { value: Some(texts), at }
}
