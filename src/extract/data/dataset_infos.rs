//! `dataset_infos.json`: how the hub described datasets before cards did, one entry for each configuration.

use super::super::Context;
use super::features;
use super::field::{self, Table};
use super::file_at;
use super::stated::{first_of, text};
use crate::document::{Entry, Node};
use crate::fact::{Choice, DataFile, DataManifest, Facts, Field};
use crate::source::SourceFile;

const FORMAT: &str = "dataset-infos";

/// Sees every configuration.
pub(super) fn extract(root: &Node, file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    for Entry { key, key_span, node } in root.entries() {
        if !["features", "splits", "download_checksums", "description"].iter().any(|known| node.has(known)) {
            continue;
        }
        let name = first_of([text(node, "dataset_name"), text(node, "builder_name"), Field::known(&**key)]);
        let subject = name.value.clone().unwrap_or_default();
        let table = Table { name: key, manifest: &subject, format: FORMAT };
        let columns = node.get("features").map(features::of_infos).unwrap_or_default();
        let personal = field::add(columns, table, context, facts);
        files(node, file, context, facts);
        let homepage = text(node, "homepage");
        let manifest = DataManifest {
            format: FORMAT.into(),
            name,
            licence: text(node, "license"),
            version: first_of([text(node, "version.version_str"), text(node, "version")]),
            source: Field {
                value: homepage.value.map(|url| vec![url].into_iter().filter(|url| !url.is_empty()).collect()),
                at: homepage.at,
            },
            personal_fields: field::listed(personal),
            ..DataManifest::default()
        };
        facts.add(format!("{subject} {key}"), *key_span, manifest);
    }
}

/// What was downloaded, by address.
fn files(info: &Node, manifest: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    for Entry { key, key_span, node } in info.get("download_checksums").map(Node::entries).unwrap_or_default() {
        let scheme = key.split_once("://").map(|(scheme, _)| scheme.to_lowercase());
        let sum = text(node, "checksum");
        let is_hex =
            |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let known = match sum.value.as_deref() {
            Some("") | None => "none",
            Some(text) if is_hex(text, 64) => "sha256",
            Some(text) if is_hex(text, 32) => "md5",
            Some(_) => "malformed",
        };
        let digest = match (known, sum.value.as_deref()) {
            ("sha256" | "md5", Some(digits)) => format!("{known}:{}", digits.to_ascii_lowercase()),
            _ => String::new(),
        };
        // A path that leads nowhere was one on the machine of whoever made the list.
        let (place, present) = file_at(key, &manifest.path, context);
        let is_here = present.value == Some(true);
        let seen = DataFile {
            file: if is_here { place } else { "".into() },
            present: if is_here { present } else { Field::default() },
            digest: digest.into(),
            name: Field::found(&**key, *key_span),
            url: Field::found(scheme.as_ref().map_or("", |_| key), *key_span),
            scheme: Field::found(scheme.unwrap_or_default(), *key_span),
            checksum: Field { value: Some(Choice(known)), at: sum.at },
            contained: false.into(),
            ..DataFile::default()
        };
        facts.add(&**key, *key_span, seen);
    }
}
