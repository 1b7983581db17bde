//! Models and datasets that code loads by their hub id.

use super::{View, named, subject, text};
use crate::document::code::{Argument, Call, Known};
use crate::extract::reference::id::{is_local, is_written_like_an_id, pin_of};
use crate::fact::{Choice, Facts, Field, ModelReference};
use std::collections::HashSet;

/// How a function is told which model or dataset to load.
struct Loader {
    /// The name of the argument, and its place without a name.
    id: (&'static str, usize),
    /// What it loads.
    kind: &'static str,
    /// It can be told a revision.
    revisions: bool,
}

const fn model(name: &'static str, place: usize) -> Loader {
    Loader { id: (name, place), kind: "model", revisions: true }
}

/// Libraries whose `from_pretrained` takes an id of the Hugging Face hub and a revision.
const HUB_LIBRARIES: &[&str] =
    &["transformers", "diffusers", "tokenizers", "optimum", "peft", "setfit", "gliner", "trl", "unsloth"];

/// Builders of `load_dataset` that read local files or addresses, and no repository of the hub.
const FILE_BUILDERS: &[&str] = &[
    "csv",
    "json",
    "parquet",
    "text",
    "arrow",
    "pandas",
    "xml",
    "imagefolder",
    "audiofolder",
    "videofolder",
    "pdffolder",
    "webdataset",
    "sql",
    "generator",
    "hdf5",
    "lance",
];

pub(super) fn extract(view: View<'_>, facts: &mut Facts) {
    let mut saved: Option<HashSet<&str>> = None;
    let mut ids = Vec::new();
    for call in &view.code.calls {
        let Some(loader) = loader(call) else { continue };
        let argument = call.argument(loader.id.0, loader.id.1);
        let Some((id, id_at)) = text(argument) else { continue };
        let Some(reference) = Reference::read(call, &loader, id) else { continue };
        ids.push(id);
        let saved = saved.get_or_insert_with(|| saved_places(&view.code.calls));
        let local = saved.contains(id)
            || is_local(id, &view.file.path, view.context.tree)
            || named_flag(call, "local_files_only");
        let pin = if local { Some("local") } else { reference.pin };
        facts.add_in_cell(
            if loader.kind == "repository" {
                reference.id.to_owned()
            } else {
                format!("{} by {}", reference.id, subject(call))
            },
            view.place(call),
            call.cell,
            ModelReference {
                id: Field::found(reference.id, id_at),
                kind: loader_kind(call, &loader).into(),
                hub: if loader.kind == "repository" { "github" } else { "hugging-face" }.into(),
                role: if is_download(&call.function) { "download" } else { "load" }.into(),
                revision: Field {
                    value: reference.revision.map(str::to_owned),
                    at: reference.argument.map(|argument| argument.at),
                },
                pin: Field { value: pin.map(Choice), at: reference.argument.map(|argument| argument.at) },
                loader: Field::found(call.function.as_str(), call.name_at),
                ..ModelReference::default()
            },
        );
    }
    named::extract(view, &ids, facts);
}

/// How the called function is told what to load; `None` for a function that loads nothing from a hub.
fn loader(call: &Call) -> Option<Loader> {
    let function = call.function.as_str();
    if let Some((package, export)) = function.split_once('#') {
        return javascript_loader(package, export);
    }
    let (first, _) = function.split_once('.')?;
    let last = call.last_part();
    let loader = match (first, last) {
        // An adapter is named after the model that it is put onto.
        ("peft", "from_pretrained") if function.contains("PeftModel") => model("model_id", 1),
        (library, "from_pretrained") if HUB_LIBRARIES.contains(&library) => model("pretrained_model_name_or_path", 0),
        ("*", "from_pretrained") if text(call.positional.first()).is_some_and(|(id, _)| id.contains('/')) => {
            model("pretrained_model_name_or_path", 0)
        }
        ("transformers", "pipeline") => model("model", 1),
        ("sentence_transformers", "SentenceTransformer" | "SparseEncoder") => model("model_name_or_path", 0),
        ("sentence_transformers", "CrossEncoder") => model("model_name", 0),
        ("vllm", "LLM") => model("model", 0),
        ("huggingface_hub", "hf_hub_download" | "snapshot_download" | "hf_hub_url" | "cached_download") => {
            model("repo_id", 0)
        }
        ("datasets", "load_dataset" | "load_dataset_builder") => {
            Loader { id: ("path", 0), kind: "dataset", revisions: true }
        }
        ("torch", "load") if function == "torch.hub.load" => {
            Loader { id: ("repo_or_dir", 0), kind: "repository", revisions: false }
        }
        _ => return None,
    };
    Some(loader)
}

/// The same for an export of a package of npm.
fn javascript_loader(package: &str, export: &str) -> Option<Loader> {
    match (package, export) {
        ("@huggingface/transformers" | "@xenova/transformers", "pipeline") => Some(model("model", 1)),
        ("@huggingface/transformers" | "@xenova/transformers", export) if export.ends_with("#from_pretrained") => {
            Some(model("pretrained_model_name_or_path", 0))
        }
        ("@huggingface/hub", "downloadFile" | "snapshotDownload" | "listFiles") => Some(model("repo", 0)),
        _ => None,
    }
}

/// True for a function that only fetches files.
fn is_download(function: &str) -> bool {
    function.ends_with("download") || function.ends_with("downloadFile") || function.ends_with("snapshotDownload")
}

/// What is loaded: downloads say so themselves.
fn loader_kind(call: &Call, loader: &Loader) -> &'static str {
    match text(call.named("repo_type")) {
        Some(("dataset", _)) => "dataset",
        Some(("space", _)) => "repository",
        _ => loader.kind,
    }
}

/// A hub id and its revision.
struct Reference<'a> {
    id: &'a str,
    revision: Option<&'a str>,
    pin: Option<&'static str>,
    argument: Option<&'a Argument>,
}

impl<'a> Reference<'a> {
    fn read(call: &'a Call, loader: &Loader, id: &'a str) -> Option<Self> {
        if id.contains("://") || !is_written_like_an_id(id) {
            return None;
        }
        if !loader.revisions {
            // `owner/repository:revision`
            let (id, revision) = id.split_once(':').unwrap_or((id, ""));
            let local = text(call.named("source")).is_some_and(|(source, _)| source == "local");
            let pin = if local { "local" } else { pin_of(revision) };
            return Some(Self { id, revision: Some(revision), pin: Some(pin), argument: None });
        }
        if loader.kind == "dataset" && FILE_BUILDERS.contains(&id) {
            return None;
        }
        let argument = call.named("revision").or_else(|| call.named("code_revision"));
        let (revision, pin) = match argument.map(|argument| &argument.value) {
            Some(Known::Text(revision)) => (Some(revision.as_str()), Some(pin_of(revision))),
            Some(Known::None) => (Some(""), Some("none")),
            Some(_) => (None, None),
            None if call.forwards => (None, None),
            None => (Some(""), Some("none")),
        };
        Some(Self { id, revision, pin, argument })
    }
}

/// Where this file itself saves models and datasets.
fn saved_places(calls: &[Call]) -> HashSet<&str> {
    const SAVING: &[&str] = &["save", "save_pretrained", "save_model", "save_to_disk", "save_pretrained_merged"];
    let saving = calls.iter().filter(|call| SAVING.contains(&call.last_part()));
    let places = saving.filter_map(|call| text(call.positional.first()).map(|(place, _)| place));
    let output = calls.iter().filter_map(|call| text(call.named("output_dir")).map(|(place, _)| place));
    places.chain(output).collect()
}

fn named_flag(call: &Call, name: &str) -> bool {
    call.named(name).is_some_and(|argument| argument.value == Known::Bool(true))
}
