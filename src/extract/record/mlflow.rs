//! Facts from `MLmodel` files of MLflow: `model-record`.

use super::described::text;
use crate::document::{Document, Node};
use crate::fact::{Facts, Field, ModelRecord};
use crate::source::{SourceFile, file_name, folder};

/// The flavour that every model has besides its own.
const GENERAL_FLAVOUR: &str = "python_function";

/// Sees what was saved, by which run, and how.
pub(super) fn extract(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let Some(flavours) = root.entry("flavors") else { return };
    let own: Vec<&str> =
        flavours.node.entries().iter().map(|entry| &*entry.key).filter(|flavour| *flavour != GENERAL_FLAVOUR).collect();
    let written = flavours.node.entries().iter().find_map(|entry| entry.node.get("serialization_format"));
    let run = text(root, &["run_id", "model_id"]);
    let seen = ModelRecord {
        form: "mlflow".into(),
        role: "package".into(),
        name: name(file, root),
        version: "".into(),
        source: "".into(),
        scheme: "".into(),
        format: Field::found(own.join(", "), flavours.key_span),
        serialisation: written.map_or_else(
            || "".into(),
            |node| {
                node.scalar().map_or_else(|| Field::unresolved(node.span), |written| Field::found(written, node.span))
            },
        ),
        inputs_declared: match root.entry("signature") {
            Some(entry) => Field::found(!entry.node.entries().is_empty(), entry.key_span),
            None => false.into(),
        },
        run,
        ..ModelRecord::default()
    };
    facts.add("MLmodel", flavours.key_span, seen);
}

/// The name of the artefact, or of the folder that the model was saved to.
fn name(file: &SourceFile, root: &Node) -> Field<String> {
    let path = text(root, &["name", "artifact_path"]);
    let last = path.value.as_deref().map(|path| file_name(path.trim_end_matches('/')).to_owned());
    match last.filter(|name| !name.is_empty()) {
        Some(name) => Field { value: Some(name), at: path.at },
        None => file_name(folder(&file.path)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::yaml::parse;

    fn rows(text: &str) -> Vec<String> {
        let file = SourceFile::new("models/prüfung/MLmodel", text);
        let mut facts = Facts::of(&file.path);
        extract(&file, &parse(text), &mut facts);
        let fields = ["name", "format", "serialisation", "inputs_declared", "run"];
        facts.all.iter().map(|fact| fields.map(|field| fact.text(field)).join("|")).collect()
    }

    #[test]
    fn a_saved_model_says_how_and_by_which_run() {
        let text = "\u{feff}artifact_path: model\r\nflavors:\r\n  python_function:\r\n    env: {conda: conda.yaml}\r\n    loader_module: mlflow.sklearn\r\n  \
            sklearn:\r\n    pickled_model: model.pkl\r\n    serialization_format: cloudpickle\r\nmlflow_version: 2.4.1\r\n\
            run_id: 7ee5e476cc964a99beec2f4269f8e811\r\nsignature:\r\n  inputs: '[]'\r\nutc_time_created: '2023-07-08 04:53:25.446742'\r\n";
        assert_eq!(rows(text), ["model|sklearn|cloudpickle|yes|7ee5e476cc964a99beec2f4269f8e811"]);
        assert_eq!(rows("flavors: {python_function: {}, onnx: {}}\nsignature: null\n"), ["prüfung|onnx||no|"]);
        assert!(rows("a: b\n").is_empty());
    }

    #[test]
    fn every_key_may_have_any_type() {
        for value in
            ["1", "x", "[]", "{}", "[[1], {a: []}, null]", "null", "{sklearn: 3}", "{a: {serialization_format: []}}"]
        {
            for key in ["flavors", "signature", "run_id", "artifact_path"] {
                rows(&format!("flavors: {{}}\n{key}: {value}\n{key}: {value}\n"));
            }
        }
    }
}
