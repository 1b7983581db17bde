//! Facts from model files: `model-file`, `pickle-import`, `chat-template`. Pointers of DVC are read here too.

use super::{Context, chat_template};
use crate::catalogue::PickleVerdict;
use crate::document::weights::{ModelFile, ModelFormat, PickleImport, PointerKind};
use crate::document::{Document, Node};
use crate::fact::{self, Choice, Facts, Field};
use crate::source::{SourceFile, folder};
use crate::tree::join;
use std::sync::Arc;

/// Sees what a model file is, and what loading it would do.
#[must_use]
pub fn extract(path: &Arc<str>, model: &ModelFile, context: &Context<'_>) -> Facts {
    let mut facts = Facts::of(path);
    let fact = fact::ModelFile {
        name: path.to_string().into(),
        format: format(model.format),
        serialisation: serialisation(model),
        tracked: Field { value: context.tree.is_tracked(path), at: None },
        bytes: i64::try_from(model.bytes).unwrap_or(i64::MAX).into(),
        size: size_in_words(model.bytes).into(),
        pointer: match &model.pointer {
            Some(pointer) => pointer_word(pointer.kind).into(),
            None => "none".into(),
        },
        hash: model.pointer.as_ref().map_or("", |pointer| &pointer.hash).into(),
        arrays: (is_of_arrays(model.format) && !model.holds_pickle).into(),
        lambda_layers: model.lambda_layers.clone().into(),
        file_operations: model.file_operations.clone().into(),
        outside_paths: model.outside_paths.clone().into(),
        whole: model.unread.is_empty().into(),
    };
    facts.add_whole(&**path, fact);
    for import in &model.imports {
        add_import(path, import, context, &mut facts);
    }
    for template in &model.chat_templates {
        chat_template::add_whole(template, "gguf", &mut facts);
    }
    facts
}

fn add_import(path: &Arc<str>, import: &PickleImport, context: &Context<'_>, facts: &mut Facts) {
    let file = if import.member.is_empty() { path.to_string() } else { format!("{path}!{}", import.member) };
    let verdict = match context.catalogue.pickle_verdict(&import.module, &import.name) {
        _ if import.is_computed() => "computed",
        PickleVerdict::Allowed => "allowed",
        PickleVerdict::Dangerous => "dangerous",
        PickleVerdict::Unknown => "unknown",
    };
    let name =
        if import.is_computed() { "a computed name".to_owned() } else { format!("{}.{}", import.module, import.name) };
    facts.add_whole(
        name.clone(),
        fact::PickleImport {
            file: file.into(),
            name: name.into(),
            module: import.module.as_str().into(),
            verdict: verdict.into(),
            offset: i64::try_from(import.offset).unwrap_or(i64::MAX).into(),
        },
    );
}

/// Sees model files that a `.dvc` file tracks.
pub fn extract_tracked(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    for out in root.get("outs").map_or(&[][..], Node::items) {
        let Some((node, path)) = out.get("path").and_then(|node| Some((node, node.scalar()?))) else { continue };
        let Some(of_name) = ModelFormat::of_name(path).filter(|_| !path.contains("://")) else { continue };
        let wdir = root.get("wdir").and_then(Node::scalar).filter(|wdir| *wdir != ".");
        let below = wdir.map_or_else(|| folder(&file.path).to_owned(), |wdir| join(folder(&file.path), wdir));
        let name = join(&below, path);
        let bytes = out.get("size").and_then(Node::scalar).and_then(|size| size.parse::<u64>().ok());
        let md5 = out.get("md5").and_then(|node| Some((node.scalar()?, node.span)));
        let model = ModelFile { format: Some(of_name), ..ModelFile::default() };
        facts.add(
            name.clone(),
            node.span,
            fact::ModelFile {
                name: Field::found(name, node.span),
                format: format(model.format),
                serialisation: serialisation(&model),
                tracked: false.into(),
                bytes: Field { value: bytes.and_then(|bytes| i64::try_from(bytes).ok()), at: None },
                size: bytes.map_or_else(Field::default, |bytes| size_in_words(bytes).into()),
                pointer: pointer_word(PointerKind::Dvc).into(),
                hash: md5.map_or_else(|| "".into(), |(md5, at)| Field::found(format!("md5:{md5}"), at)),
                arrays: is_of_arrays(model.format).into(),
                ..fact::ModelFile::default()
            },
        );
    }
}

fn format(format: Option<ModelFormat>) -> Field<Choice> {
    format.map_or_else(Field::default, |format| format.name().into())
}

fn pointer_word(kind: PointerKind) -> &'static str {
    match kind {
        PointerKind::Lfs => "lfs",
        PointerKind::Dvc => "dvc",
    }
}

fn is_of_arrays(format: Option<ModelFormat>) -> bool {
    matches!(format, Some(ModelFormat::Numpy | ModelFormat::NumpyArchive))
}

/// Whether loading the file runs code that stands in it.
fn serialisation(model: &ModelFile) -> Field<Choice> {
    use ModelFormat as Format;
    let Some(format) = model.format else { return Field::default() };
    let is_pickle = matches!(format, Format::Pickle | Format::Joblib | Format::Torch);
    if model.holds_pickle || is_pickle || !model.lambda_layers.is_empty() {
        return "code".into();
    }
    match format {
        Format::Safetensors
        | Format::Gguf
        | Format::Onnx
        | Format::TfLite
        | Format::Numpy
        | Format::NumpyArchive
        | Format::Skops
        | Format::Hdf5
        | Format::Keras
            if model.unread.is_empty() && (model.pointer.is_none() || !may_hold_lambda(format)) =>
        {
            "safe".into()
        }
        _ => Field::default(),
    }
}

/// Formats of Keras are safe only when they were looked into.
fn may_hold_lambda(format: ModelFormat) -> bool {
    matches!(format, ModelFormat::Hdf5 | ModelFormat::Keras)
}

/// `2.1 MB`, as shops and file managers count.
fn size_in_words(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests;
