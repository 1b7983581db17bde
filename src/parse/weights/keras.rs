//! Models of Keras: layers that hold Python code, in HDF5 and in the configuration of a `.keras` archive.

use super::bytes::{Bytes, Outcome, Unread};
use crate::document::weights::{ModelFile, PickleImport};
use crate::document::{Node, Value};
use crate::parse::json;
use std::collections::BTreeSet;

/// How much is searched at once.
const WINDOW: u64 = 1 << 20;
/// How much of a window is searched again with the next one: a layer's first entries.
const OVERLAP: u64 = 512;
/// How many characters behind a layer's class its name may begin; two windows overlap by more.
const NEAR: usize = 256;
/// How many nodes of a configuration are looked at.
const NODE_LIMIT: usize = 1 << 20;
/// How many layers are named.
const LAYER_LIMIT: usize = 100;

/// Searches HDF5, or the metadata of a `SavedModel`, for the configuration of `Lambda` layers, which is JSON whatever holds it.
pub(super) fn read_hdf5(bytes: &mut Bytes<'_>, model: &mut ModelFile) -> Outcome<()> {
    bytes.seek(0)?;
    let mut found: BTreeSet<String> = BTreeSet::new();
    let outcome = loop {
        let window = match bytes.peek(WINDOW) {
            Ok(window) => window,
            Err(unread) => break Err(unread),
        };
        found.extend(lambdas_in(&window));
        if found.len() >= LAYER_LIMIT || bytes.left() <= WINDOW {
            break Ok(());
        }
        if let Err(unread) = bytes.skip(WINDOW - OVERLAP) {
            break Err(unread);
        }
    };
    model.lambda_layers.extend(found);
    outcome
}

/// Names of the `Lambda` layers whose configuration begins in this piece.
fn lambdas_in(window: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(window);
    let mut found = Vec::new();
    for mark in ["\"class_name\": \"Lambda\"", "\"class_name\":\"Lambda\""] {
        for (at, _) in text.match_indices(mark) {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let near: String = rest.chars().take(NEAR).collect();
            let name = near.split_once("\"name\"").and_then(|(_, rest)| rest.split('"').nth(1));
            found.push(name.unwrap_or("Lambda").to_owned());
        }
    }
    found
}

/// Reads `config.json` of a `.keras` archive: `Lambda` layers, and names from modules other than Keras, which loading imports.
pub(super) fn read_config(config: &[u8], member: &str, model: &mut ModelFile) -> Outcome<()> {
    let text = std::str::from_utf8(config).map_err(|_| Unread::malformed("the configuration is not UTF-8"))?;
    let document = json::parse(text);
    let mut seen = BTreeSet::new();
    let mut lambdas = BTreeSet::new();
    let whole = document.root().is_none_or(|root| {
        root.walk(NODE_LIMIT, &mut |node, _| {
            let Some(class) = node.get("class_name").and_then(Node::text) else { return };
            if class == "Lambda" {
                let name = node.at("config.name").and_then(Node::text).unwrap_or("Lambda");
                lambdas.insert(name.to_owned());
            }
            // A function is named by its configuration.
            let name = match node.get("config").map(|config| &config.value) {
                Some(Value::Text(name)) if class == "function" => name,
                _ => class,
            };
            if let Some(module) = node.get("module").and_then(Node::text).filter(|module| !is_of_keras(module))
                && seen.insert((module.to_owned(), name.to_owned()))
            {
                model.imports.push(PickleImport {
                    module: module.to_owned(),
                    name: name.to_owned(),
                    offset: node.span.start as u64,
                    member: member.to_owned(),
                });
            }
        })
    });
    model.lambda_layers.extend(lambdas);
    match document.faults.first() {
        Some(fault) => Err(Unread::malformed(fault.reason.clone())),
        None if whole => Ok(()),
        None => Err(Unread::Limit(format!("{NODE_LIMIT} parts of a configuration"))),
    }
}

/// Modules whose objects Keras makes from data alone.
fn is_of_keras(module: &str) -> bool {
    let top = module.split('.').next().unwrap_or_default();
    matches!(top, "keras" | "keras_hub" | "keras_nlp" | "keras_cv" | "tf_keras") || module.starts_with("tensorflow.keras")
        // Types and functions of the language are named so, and looked up by Keras itself.
        || module == "builtins"
}
