//! The schema that editors get is what the reader takes: every key of either is a key of the other.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::settings::Settings;
use aimslint::{Failure, PolicyBook, Request, SettingsFile, facts, schema, verify};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn printed(book: &PolicyBook) -> Value {
    schema::schema(book)
}

/// What the reader says of this text as settings.
fn said(text: &str, book: &PolicyBook) -> String {
    let place = tempfile::tempdir().expect("temporary folder");
    let file = place.path().join("aimslint.toml");
    fs::write(&file, text).expect("written");
    let request = Request { root: place.path().to_path_buf(), settings: SettingsFile::At(file), ..Request::default() };
    match facts(&request, book, Settings::new(verify::TODAY)) {
        Ok(_) => String::new(),
        Err(Failure::Problems(problems)) => problems.iter().map(|problem| format!("{problem}\n")).collect(),
        Err(failure) => panic!("{failure}"),
    }
}

/// Each table of the schema with its header, as it is written in TOML.
fn tables<'a>(schema: &'a Value, header: &str, found: &mut Vec<(String, &'a Value)>) {
    found.push((header.to_owned(), schema));
    for (key, value) in schema["properties"].as_object().into_iter().flatten().filter(|(key, _)| *key != "rules") {
        if value.get("properties").is_some() {
            let name = header.trim_matches(['[', ']', '\n']);
            let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            tables(value, &format!("[{name}]\n"), found);
        } else if value["items"].get("properties").is_some() {
            tables(&value["items"], &format!("[[{key}]]\n"), found);
        }
    }
}

/// Values that are right for a key, and wrong for it.
fn values(schema: &Value) -> Option<(String, &'static str)> {
    Some(match (schema["type"].as_str(), schema["format"].as_str(), &schema["enum"][0]) {
        (_, _, Value::String(word)) => (format!("\"{word}\""), "7"),
        (_, Some("date"), _) => ("2026-11-21".to_owned(), "\"soon\""),
        (Some("string"), ..) => ("\"until\"".to_owned(), "7"),
        (Some("boolean"), ..) => ("true".to_owned(), "\"true\""),
        (Some("integer"), ..) => ("3".to_owned(), "-3"),
        (Some("array"), ..) if schema["items"]["type"] == "string" => ("[\"until\"]".to_owned(), "[7]"),
        _ => return None,
    })
}

#[test]
fn every_key_of_the_schema_is_read_and_a_wrong_one_is_refused_by_both() {
    let book = PolicyBook::shipped().expect("the shipped policy loads");
    let schema = printed(&book);
    let mut found = Vec::new();
    tables(&schema, "", &mut found);
    assert!(found.len() >= 15, "{found:?}");
    for (header, table) in found {
        assert_eq!(table["additionalProperties"], false, "{header}");
        for (key, value) in table["properties"].as_object().expect("keys") {
            assert!(
                value["description"].as_str().is_some_and(|text| text.ends_with('.')),
                "{header}{key} is not described"
            );
            let Some((right, wrong)) = values(value) else { continue };
            let place = format!("`{key}`");
            let of_right = said(&format!("{header}{key} = {right}\n"), &book);
            let names_key = |said: &str| said.lines().any(|line| line.contains(&place) && !line.contains("is missing"));
            let is_known = !names_key(&of_right) || key == "packs" || key == "include";
            assert!(is_known, "{header}{key} = {right}: {of_right}");
            let of_wrong = said(&format!("{header}{key} = {wrong}\n"), &book);
            assert!(names_key(&of_wrong), "{header}{key} = {wrong}: {of_wrong}");
            let misspelt = format!("{key}x");
            let of_misspelt = said(&format!("{header}{misspelt} = {right}\n"), &book);
            assert!(of_misspelt.contains(&format!("unknown key `{misspelt}`")), "{header}{misspelt}: {of_misspelt}");
            assert!(table["properties"].get(&misspelt).is_none());
        }
        let required: BTreeSet<&str> =
            table["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let of_none = said(&header, &book);
        for key in table["properties"].as_object().expect("keys").keys() {
            let is_asked_for = of_none.contains(&format!("`{key}` is missing"));
            assert_eq!(required.contains(key.as_str()), is_asked_for, "{header}{key}: {of_none}");
        }
    }
}

#[test]
fn the_keys_of_the_sample_settings_are_in_the_schema() {
    let book = PolicyBook::shipped().expect("the shipped policy loads");
    let schema = printed(&book);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("README.md");
    let register = fs::read_to_string(root.join("docs/register.md")).expect("docs/register.md");
    let blocks = |text: &str| -> Vec<String> {
        let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
        blocks.filter(|block| block.contains("[[")).map(str::to_owned).collect()
    };
    let mut samples = [blocks(&readme), blocks(&register)].concat();
    assert!(samples.len() >= 2);
    for name in ["credit-scoring", "well-kept"] {
        samples.push(fs::read_to_string(root.join("fixtures/whole").join(name).join("aimslint.toml")).expect("sample"));
    }
    for sample in samples {
        let table: toml::Table = sample.parse().unwrap_or_else(|error| panic!("{error}: {sample}"));
        for (section, value) in &table {
            let known = &schema["properties"][section];
            assert!(!known.is_null(), "{section} is not in the schema");
            for entry in value.as_array().into_iter().flatten().filter_map(toml::Value::as_table) {
                for key in entry.keys() {
                    assert!(!known["items"]["properties"][key].is_null(), "{section}.{key} is not in the schema");
                }
            }
        }
    }
}
