//! Which models a model was made from.

use super::areas::Area;
use super::reader::Reader;
use crate::fact::Field;

/// The models that it was made from, and whether it was made from one at all.
#[derive(Debug, Default)]
pub(super) struct Lineage {
    pub base_models: Field<Vec<String>>,
    pub derived: Field<bool>,
}

/// Tags and libraries of models that are made from others.
const DERIVED_TAGS: &[&str] =
    &["lora", "peft", "adapter", "gguf", "gptq", "awq", "quantized", "merge", "mergekit", "finetuned", "fine-tuned"];
const DERIVED_LIBRARIES: &[&str] = &["peft", "adapter-transformers"];

/// Phrases after which the other model is named.
const PHRASES: &[&str] = &[
    "fine-tuned version of ",
    "finetuned version of ",
    "quantized version of ",
    "quantised version of ",
    "distilled version of ",
    "fine-tuned from ",
    "finetuned from ",
    "lora adapter for ",
    "lora adapters for ",
];

/// Words that name no model: "a fine-tuned version of our base model".
const NAMELESS: &[&str] = &[
    "a",
    "an",
    "the",
    "our",
    "this",
    "its",
    "their",
    "your",
    "pre-trained",
    "pretrained",
    "scratch",
    "another",
    "these",
];

pub(super) fn read(reader: &Reader<'_>, text: &str) -> Lineage {
    let keyed = reader.keys.list("base_model");
    let library = reader.keys.text("library_name").value.unwrap_or_default();
    let relation = reader.keys.text("base_model_relation").value.unwrap_or_default();
    let tags = reader.keys.list("tags");
    let tagged = tags.value.iter().flatten().any(|tag| DERIVED_TAGS.contains(&tag.to_lowercase().as_str()));
    let stated = reader.particular(Area::BaseModel).value.filter(|name| !name.is_empty());
    let (in_sentence, named_in_sentence) = sentence(text);

    let mut base_models = keyed;
    if base_models.value.as_ref().is_none_or(Vec::is_empty) {
        let named: Vec<String> = stated.clone().into_iter().chain(named_in_sentence).collect();
        base_models = Field { value: Some(named), at: base_models.at };
    }
    let has_base = base_models.value.as_ref().is_some_and(|models| !models.is_empty());
    let shown =
        has_base || tagged || in_sentence || !relation.is_empty() || DERIVED_LIBRARIES.contains(&library.as_str());
    Lineage {
        base_models,
        derived: Field { value: shown.then_some(true), at: tags.at.filter(|_| tagged && !in_sentence) },
    }
}

/// Whether a sentence says that it was made from another model, and that model's name if it is given.
fn sentence(text: &str) -> (bool, Option<String>) {
    let lower = text.to_ascii_lowercase();
    for phrase in PHRASES {
        let Some(index) = lower.find(phrase) else { continue };
        let after = text.get(index + phrase.len()..).unwrap_or_default();
        let mut words =
            after.split_whitespace().map(|word| word.trim_matches(['`', '*', '[', '(', '"', ',', '.', ')', ']', ':']));
        let first = words.next().unwrap_or_default();
        let named = if first.eq_ignore_ascii_case("the") { words.next().unwrap_or_default() } else { first };
        let is_name = !named.is_empty() && !NAMELESS.contains(&named.to_ascii_lowercase().as_str());
        return (true, is_name.then(|| named.to_owned()));
    }
    (false, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_model_is_named_or_not() {
        assert_eq!(
            sentence("This is a fine-tuned version of [bert-base-uncased]."),
            (true, Some("bert-base-uncased".to_owned()))
        );
        assert_eq!(sentence("a Fine-Tuned version of the Whisper model"), (true, Some("Whisper".to_owned())));
        assert_eq!(sentence("A fine-tuned version of our base model"), (true, None));
        assert_eq!(sentence("It can be fine-tuned on your data"), (false, None));
        assert_eq!(sentence("a fine-tuned version of "), (true, None));
    }
}
