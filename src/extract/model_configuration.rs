//! Facts from `config.json` and `adapter_config.json` beside weights: `model-configuration`, and what the model was made from.

use super::Context;
use super::reference::id::{is_local, is_written_like_an_id, pin_of};
use crate::document::Document;
use crate::fact::{Choice, Facts, Field, ModelConfiguration, ModelReference};
use crate::source::SourceFile;

/// What the last part of an architecture's name says that the model does, as the hub names it.
const TASKS: &[(&str, &str)] = &[
    ("ForCausalLM", "text-generation"),
    ("ForSequenceClassification", "text-classification"),
    ("ForTokenClassification", "token-classification"),
    ("ForQuestionAnswering", "question-answering"),
    ("ForMaskedLM", "fill-mask"),
    ("ForImageClassification", "image-classification"),
    ("ForObjectDetection", "object-detection"),
    ("ForAudioClassification", "audio-classification"),
    ("ForCTC", "automatic-speech-recognition"),
];

/// Sees what kind of model it is, and from which it was made.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    if let Some(architecture) = root.get("architectures").and_then(|list| list.items().first()) {
        let name = architecture.text().unwrap_or_default();
        let task = TASKS.iter().find(|(ending, _)| name.ends_with(ending));
        let fact = ModelConfiguration {
            architecture: Field::found(name, architecture.span),
            task: task.map_or_else(Field::default, |(_, task)| Field::found(*task, architecture.span)),
        };
        facts.add(name, architecture.span, fact);
    }
    for key in ["base_model_name_or_path", "_name_or_path"] {
        let Some((node, id)) = root.get(key).and_then(|node| Some((node, node.text()?))) else { continue };
        if !is_written_like_an_id(id) || is_local(id, &file.path, context.tree) {
            continue;
        }
        let revision = root.get("revision").filter(|_| key != "_name_or_path");
        let revision =
            revision.map_or_else(|| Field::known(""), |node| Field::found(node.text().unwrap_or_default(), node.span));
        let pin = pin_of(revision.value.as_deref().unwrap_or_default());
        let reference = ModelReference {
            id: Field::found(id, node.span),
            kind: "model".into(),
            hub: "hugging-face".into(),
            role: "lineage".into(),
            pin: Field { value: Some(Choice(pin)), at: revision.at },
            revision,
            loader: key.into(),
            ..ModelReference::default()
        };
        facts.add(format!("{id} by {key}"), node.span, reference);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::interest::Interest;
    use crate::parse::json::parse;
    use crate::tree::Tree;

    fn rows(text: &str) -> Vec<String> {
        let (tree, interest) = (Tree::default(), Interest::default());
        let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
        let file = SourceFile::new("config.json", text);
        let mut facts = Facts::of(&file.path);
        extract(&file, &parse(text), &context, &mut facts);
        let fields = ["architecture", "task", "id", "loader", "pin"];
        facts.all.iter().map(|fact| fields.map(|field| fact.text(field)).join("|")).collect()
    }

    #[test]
    fn class_and_origin_are_seen() {
        assert_eq!(
            rows("{\"architectures\": [\"LlamaForCausalLM\"], \"_name_or_path\": \"org/base-7b\"}"),
            ["LlamaForCausalLM|text-generation|||", "||org/base-7b|_name_or_path|none"]
        );
        assert_eq!(
            rows("{\"base_model_name_or_path\": \"org/base-7b\", \"revision\": \"607a30d783df\"}"),
            ["||org/base-7b|base_model_name_or_path|commit"]
        );
        assert_eq!(rows("{\"architectures\": [\"T5Model\"]}"), ["T5Model|unknown|||"]);
        assert!(rows("{\"_name_or_path\": \"./checkpoints/last\"}").is_empty());
    }

    #[test]
    fn every_key_may_have_any_type() {
        for value in ["1", "[]", "{}", "null", "[[1], null]", "\"\"", "[\"\"]"] {
            rows(&format!(
                "{{\"architectures\": {value}, \"_name_or_path\": {value}, \"base_model_name_or_path\": {value}, \"revision\": {value}}}"
            ));
            rows(value);
        }
    }
}
