//! What the front matter of a hub card holds, key by key, with places.

use crate::document::{Document, Node};
use crate::fact::Field;
use crate::source::Span;

/// The keys of a card's front matter; nothing is there when the file has none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FrontMatter<'a> {
    root: Option<&'a Node>,
}

/// Keys that only model cards have.
const MODEL_KEYS: &[&str] =
    &["library_name", "pipeline_tag", "base_model", "model-index", "model_name", "co2_eq_emissions", "widget"];
/// Keys that only dataset cards have.
const DATASET_KEYS: &[&str] =
    &["task_categories", "size_categories", "dataset_info", "annotations_creators", "source_datasets", "pretty_name"];
/// Keys that model cards share with other pages; a card has a licence and one of these.
const SHARED_KEYS: &[&str] = &["datasets", "metrics", "language", "tags", "inference", "thumbnail"];
/// Keys of pages that are no cards: blogs, documentation sites, skills of coding assistants.
const PAGE_KEYS: &[&str] = &["layout", "title", "description", "permalink", "sidebar", "slug", "name", "allowed-tools"];
/// Runtimes of hub Spaces.
const SPACE_SDKS: &[&str] = &["gradio", "streamlit", "docker", "static"];

/// What the keys of a front matter show it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    Model,
    Dataset,
    Space,
    /// Keys that a model card may have and other pages too.
    PerhapsModel,
    Nothing,
}

impl<'a> FrontMatter<'a> {
    pub(super) fn of(document: Option<&'a Document>) -> Self {
        Self { root: document.and_then(Document::root).filter(|root| !root.entries().is_empty()) }
    }

    /// What kind of card the keys show.
    pub(super) fn shows(self) -> Shows {
        let has_any = |keys: &[&str]| keys.iter().any(|key| self.node(key).is_some());
        let is_space = self.node("sdk").and_then(Node::text).is_some_and(|sdk| SPACE_SDKS.contains(&sdk));
        let configs =
            self.node("configs").is_some_and(|configs| configs.items().iter().any(|config| config.has("config_name")));
        if is_space {
            Shows::Space
        } else if has_any(DATASET_KEYS) || configs {
            Shows::Dataset
        } else if has_any(MODEL_KEYS) {
            Shows::Model
        } else if self.node("license").is_some() && has_any(SHARED_KEYS) && !has_any(PAGE_KEYS) {
            Shows::PerhapsModel
        } else {
            Shows::Nothing
        }
    }

    /// The value under a key.
    pub(super) fn node(self, key: &str) -> Option<&'a Node> {
        self.root?.get(key)
    }

    /// The text under a key; `''` when it is not there, at the key when nothing follows it.
    pub(super) fn text(self, key: &str) -> Field<String> {
        let Some(entry) = self.root.and_then(|root| root.entry(key)) else { return Field::known("") };
        let texts: Vec<&str> = entry.node.one_or_many().iter().filter_map(Node::scalar).collect();
        if entry.node.is_expression() {
            Field::unresolved(entry.node.span)
        } else if texts.is_empty() {
            Field::found("", entry.key_span)
        } else {
            Field::found(texts.join(", "), entry.node.span)
        }
    }

    /// The texts under a key, a single one counting as a list.
    pub(super) fn list(self, key: &str) -> Field<Vec<String>> {
        let Some(node) = self.node(key) else { return Field::known(Vec::new()) };
        let texts = node.one_or_many().iter().filter_map(Node::scalar).map(str::to_owned).collect::<Vec<_>>();
        Field::found(texts, node.span)
    }

    /// The place of its first line, to show where a missing key belongs.
    pub(super) fn place(self, source: &str) -> Option<Span> {
        let span = self.root?.span;
        let first_line = span.text(source).lines().next().unwrap_or_default();
        Some(Span::new(span.start, span.start + first_line.len()))
    }

    /// The tasks that the model was evaluated for.
    pub(super) fn tasks(self) -> impl Iterator<Item = String> {
        self.model_index().filter_map(|result| result.get("task")?.get("type")?.scalar()).map(str::to_owned)
    }

    fn model_index(self) -> impl Iterator<Item = &'a Node> {
        let models = self.node("model-index").map(Node::one_or_many).unwrap_or_default();
        models.iter().filter_map(|model| model.get("results")).flat_map(Node::one_or_many)
    }

    /// The evaluation results: (name of the metric, value, dataset, revision), each with its place.
    pub(super) fn results(self) -> Vec<EvaluationResult<'a>> {
        let mut results = Vec::new();
        for result in self.model_index() {
            let dataset = result.get("dataset");
            for metric in result.get("metrics").map(Node::one_or_many).unwrap_or_default() {
                results.push(EvaluationResult { metric, dataset });
            }
        }
        results
    }
}

/// One metric of `model-index`, and the dataset that it was measured on.
#[derive(Debug, Clone, Copy)]
pub(super) struct EvaluationResult<'a> {
    pub(super) metric: &'a Node,
    pub(super) dataset: Option<&'a Node>,
}

impl EvaluationResult<'_> {
    /// The text under the first of these keys of the metric.
    pub(super) fn of_metric(&self, keys: &[&str]) -> String {
        first_text(Some(self.metric), keys)
    }

    /// The text under the first of these keys of the dataset.
    pub(super) fn of_dataset(&self, keys: &[&str]) -> String {
        first_text(self.dataset, keys)
    }
}

fn first_text(node: Option<&Node>, keys: &[&str]) -> String {
    let found = keys.iter().find_map(|key| node?.get(key)?.scalar());
    found.unwrap_or_default().to_owned()
}
