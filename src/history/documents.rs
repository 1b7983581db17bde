//! The documents whose age counts: cards, assessments, plans, results.

use super::{Aspect, Watch};
use crate::fact::Fact;
use crate::source::context_of;
use jiff::civil::Date;
use std::sync::Arc;

/// Kinds of governance documents that hold for a time only.
const DATED: &[&str] = &[
    "privacy-assessment",
    "impact-assessment",
    "risk-assessment",
    "risk-register",
    "threat-model",
    "incident-response",
    "model-inventory",
    "vendor-register",
    "ai-policy",
    "human-oversight",
    "retention",
];

/// A document and what it says of its own age.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub path: Arc<str>,
    pub kind: &'static str,
    pub title: String,
    /// The day that it says it was written or last reviewed.
    pub stated: Option<Date>,
}

/// The documents among what was seen, in order of their paths. Days after `today` are not believed.
pub(super) fn documents(facts: &[Fact], today: Date) -> Vec<Document> {
    let mut documents: Vec<Document> = facts
        .iter()
        .filter(|fact| matches!(context_of(&fact.path), "product" | "documentation"))
        .filter_map(|fact| {
            let stated = fact.text("date").parse().ok().filter(|date| *date <= today);
            let title =
                [fact.text("title"), fact.text("name")].into_iter().find(|title| !matches!(*title, "" | "unknown"));
            let title = title.unwrap_or(&fact.path).to_owned();
            Some(Document { path: Arc::clone(&fact.path), kind: kind(fact)?, title, stated })
        })
        .collect();
    documents.sort_by(|a, b| (&a.path, a.kind, a.stated).cmp(&(&b.path, b.kind, b.stated)));
    documents.dedup_by(|a, b| (&a.path, a.kind) == (&b.path, b.kind));
    documents
}

impl Document {
    /// What of its past is wanted. `digest` is that of today's text.
    pub(super) fn watch(&self, digest: Option<String>) -> Watch {
        Watch { path: Arc::clone(&self.path), aspect: Aspect::Words, today: digest, origin: self.is_assessment() }
    }

    /// It has to be there before what it assesses.
    pub(super) fn is_assessment(&self) -> bool {
        matches!(self.kind, "risk-assessment" | "impact-assessment")
    }
}

fn kind(fact: &Fact) -> Option<&'static str> {
    match fact.kind.spec().name {
        "card" => match fact.text("kind") {
            "model" => Some("model-card"),
            "dataset" => Some("dataset-card"),
            _ => None,
        },
        "governance-document" if fact.text("placeholder") != "yes" => {
            DATED.iter().find(|kind| **kind == fact.text("kind")).copied()
        }
        "data-manifest" => Some("data-manifest"),
        "evaluation" => match fact.text("kind") {
            "performance" => Some("evaluation"),
            "bias" => Some("bias-evaluation"),
            "prompt" => Some("prompt-evaluation"),
            _ => None,
        },
        "ownership-file" => Some("ownership"),
        _ => None,
    }
}
