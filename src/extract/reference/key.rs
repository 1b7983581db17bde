//! Names of settings, options and variables: which of them name a model or dataset, and which its revision.

/// The words of a name in lower case: `HF_MODEL_ID`, `hfModelId`, `hf-model.id` and `--hf-model-id` are the same three.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_was_lower = false;
    for character in name.chars() {
        let begins = !character.is_ascii_alphanumeric() || (character.is_ascii_uppercase() && before_was_lower);
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_ascii_alphanumeric()) {
            word.push(character.to_ascii_lowercase());
        }
        before_was_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

const MODEL_WORDS: &[&str] = &[
    "model",
    "models",
    "tokenizer",
    "llm",
    "vlm",
    "checkpoint",
    "pretrained",
    "reranker",
    "rerank",
    "embedding",
    "embeddings",
    "embedder",
    "adapter",
    "lora",
];
const DATASET_WORDS: &[&str] = &["dataset", "datasets"];
/// Words that may end the name of a setting that holds an id.
const ID_WORDS: &[&str] = &["name", "id", "repo", "repository", "hub"];
/// Words of settings that hold something else: places, what is made, what is served under another name, what is pushed to.
const OTHER_WORDS: &[&str] = &[
    "alias",
    "bucket",
    "cache",
    "class",
    "dir",
    "directory",
    "display",
    "file",
    "folder",
    "image",
    "log",
    "logs",
    "metric",
    "out",
    "output",
    "provider",
    "push",
    "registered",
    "registry",
    "save",
    "served",
    "target",
    "type",
    "url",
    "uri",
];
/// Words that say nothing by themselves: what holds the setting says of what.
const GENERIC_WORDS: &[&str] = &["name", "id", "repo", "repository", "path", "hub", "value", "default"];

/// The words of a setting that stands below another one: `name` below `model` is `model name`.
pub(super) fn words_below(parent: &[String], name: &str) -> Vec<String> {
    let own = words(name);
    if parent.is_empty() || !own.iter().all(|word| GENERIC_WORDS.contains(&word.as_str())) {
        return own;
    }
    let own = own.into_iter().filter(|word| !matches!(word.as_str(), "value" | "default"));
    parent.iter().cloned().chain(own).collect()
}

/// What a setting with these words names: a `model` or a `dataset`; `None` for anything else.
pub(super) fn named_by(words: &[String]) -> Option<&'static str> {
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let last = words.last()?.as_str();
    // `hub_model_id` is where training pushes to.
    if has(OTHER_WORDS) || (has(&["hub"]) && has(&["model"]) && words.len() > 2) {
        return None;
    }
    let names_path =
        last == "path" && (has(&["name"]) || has(DATASET_WORDS) || words.first().is_some_and(|first| first == "model"));
    let is_hub = has(&["hf", "huggingface"]) || words == ["repo", "id"];
    if !(names_path || ID_WORDS.contains(&last) || MODEL_WORDS.contains(&last) || DATASET_WORDS.contains(&last)) {
        None
    } else if has(DATASET_WORDS) {
        Some("dataset")
    } else if has(MODEL_WORDS) || (is_hub && (ID_WORDS.contains(&last) || last == "hf")) {
        Some("model")
    } else {
        None
    }
}

/// Words that may stand beside `revision` whatever it is the revision of.
const HUB_WORDS: &[&str] = &["hf", "huggingface", "hub", "of", "id", "name", "git", "hash"];

/// True for a setting that holds a revision, of whatever it may be.
pub(super) fn is_revision(words: &[String]) -> bool {
    words.iter().any(|word| is_word_of_revision(word))
}

fn is_word_of_revision(word: &str) -> bool {
    matches!(word, "revision" | "rev" | "sha" | "commit")
}

/// How many words a setting that holds a revision shares with the one that holds the id; `None` when it is the revision of something
/// else.
pub(super) fn words_shared_with(revision: &[String], id: &[String], kind: &str) -> Option<usize> {
    let mut shared = 0;
    for word in revision.iter().filter(|word| !is_word_of_revision(word) && !HUB_WORDS.contains(&word.as_str())) {
        let of_kind =
            if kind == "dataset" { matches!(word.as_str(), "dataset" | "datasets" | "data") } else { word == "model" };
        if !of_kind && !id.contains(word) {
            return None;
        }
        shared += 1;
    }
    Some(shared)
}

/// True for words beside which an id is one of a hosted service: there nobody can say a revision.
pub(super) fn is_of_service(words: &[String]) -> bool {
    words.iter().any(|word| matches!(word.as_str(), "provider" | "api" | "endpoint" | "deployment" | "url"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        for name in ["HF_MODEL_ID", "hfModelId", "--hf-model-id", "hf.model.id"] {
            assert_eq!(words(name), ["hf", "model", "id"], "{name}");
        }
        assert!(words("--").is_empty());
    }

    #[test]
    fn names_say_what_they_name() {
        for (name, kind) in [
            ("MODEL_ID", Some("model")),
            ("model", Some("model")),
            ("pretrained_model_name_or_path", Some("model")),
            ("baseModel", Some("model")),
            ("tokenizer_name", Some("model")),
            ("repo_id", Some("model")),
            ("hf_repo", Some("model")),
            ("embedding_model", Some("model")),
            ("dataset_name", Some("dataset")),
            ("train_dataset", Some("dataset")),
            ("hub_model_id", None),
            ("served_model_name", None),
            ("model_provider", None),
            ("model_dir", None),
            ("model_type", None),
            ("output_model", None),
            ("repo", None),
            ("name", None),
            ("id", None),
            ("image", None),
        ] {
            assert_eq!(named_by(&words(name)), kind, "{name}");
        }
    }

    #[test]
    fn revisions_belong_to_what_they_name() {
        for (setting, id, kind, belongs) in [
            ("revision", "model", "model", true),
            ("model_revision", "model_name_or_path", "model", true),
            ("revision_of_model", "base_model", "model", true),
            ("HF_MODEL_REVISION", "HF_MODEL_ID", "model", true),
            ("dataset_revision", "model", "model", false),
            ("tokenizer_revision", "model", "model", false),
            ("tokenizer_revision", "tokenizer", "model", true),
            ("dataset_revision", "dataset_name", "dataset", true),
            ("code_revision", "model", "model", false),
        ] {
            assert!(is_revision(&words(setting)));
            assert_eq!(words_shared_with(&words(setting), &words(id), kind).is_some(), belongs, "{setting} of {id}");
        }
    }
}
