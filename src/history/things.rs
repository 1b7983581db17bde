//! The things that documents describe or assess: weights, data, parameters, prompts, deployments.

use super::{Aspect, Watch, digest_of_facts};
use crate::fact::{AiImport, Fact, Kind, ModelReference, Seen as _};
use crate::source::context_of;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A thing that a document may describe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Thing {
    pub path: Arc<str>,
    pub kind: &'static str,
    pub name: String,
    /// Where it lies, which tells the documents beside it.
    pub place: String,
    /// The kind and subject of the facts that tell of a change; `None` for its bytes or words.
    facts: Option<(Kind, Option<String>)>,
    /// It is read together with other files, so that its facts cannot be compared with those of a file alone.
    is_linked: bool,
}

/// The things among what was seen, in order of their paths. Those of tests and examples are described by nobody.
pub(super) fn things(facts: &[Fact]) -> Vec<Thing> {
    let training: HashSet<&str> = facts
        .iter()
        .filter(|fact| fact.kind == AiImport::kind() && fact.text("trains") == "yes")
        .map(|fact| &*fact.path)
        .collect();
    let product = facts.iter().filter(|fact| context_of(&fact.path) == "product");
    // What is only loaded goes into no model.
    let counts = |fact: &&Fact| fact.kind != ModelReference::kind() || training.contains(&*fact.path);
    let all: BTreeSet<Thing> = product.filter(counts).filter_map(thing).collect();
    all.into_iter().collect()
}

fn thing(fact: &Fact) -> Option<Thing> {
    let whole = |kind| Thing {
        path: Arc::clone(&fact.path),
        kind,
        name: fact.path.to_string(),
        place: fact.path.to_string(),
        facts: None,
        is_linked: false,
    };
    let every = |kind| Thing { facts: Some((fact.kind, None)), ..whole(kind) };
    let this = |kind, name: &str| Thing {
        name: name.to_owned(),
        facts: Some((fact.kind, Some(fact.subject.clone()))),
        ..whole(kind)
    };
    // Outputs of a pipeline lie elsewhere than the file that lists them, or in a bucket.
    let output = |kind| {
        let name = fact.text("name");
        let place = if name.contains("://") { fact.path.to_string() } else { name.to_owned() };
        Thing { place, ..this(kind, name) }
    };
    match fact.kind.spec().name {
        "model-file" if holds_weights(fact) => Some(whole("weights")),
        "tracked-output" => match fact.text("role") {
            "model" => Some(output("weights")),
            // What stages make of data changes with the code; what a `.dvc` file stands for is the data itself.
            "data" if fact.text("stage").is_empty() => Some(output("data")),
            _ => None,
        },
        "hyperparameter" => Some(every("parameters")),
        "prompt" => Some(whole("prompt")),
        "data-field" => Some(every("data-manifest")),
        "model-reference" if fact.text("role") == "load" => match fact.text("kind") {
            "dataset" => Some(this("dataset", fact.text("id"))),
            "model" => Some(this("base-model", fact.text("id"))),
            _ => None,
        },
        "model-record" if fact.text("role") == "serving" => Some(this("deployment", fact.text("name"))),
        "ai-service" if matches!(fact.text("service"), "endpoint" | "deployment") => {
            Some(Thing { is_linked: true, ..this("deployment", fact.text("name")) })
        }
        "workload" if fact.text("form") == "kubernetes" && fact.text("role") == "model" => {
            Some(this("deployment", fact.text("name")))
        }
        _ => None,
    }
}

/// True for a model file of which nothing but a model is kept; arrays and pickles hold anything. What DVC points at is told by its outputs.
fn holds_weights(fact: &Fact) -> bool {
    let by_format = match fact.text("format") {
        "torch" | "safetensors" | "gguf" | "onnx" | "keras" | "tflite" | "saved-model" | "skops" => true,
        "pickle" | "joblib" | "hdf5" => fact.path.to_lowercase().contains("model"),
        _ => false,
    };
    by_format && fact.text("pointer") != "dvc" && fact.text("arrays") != "yes"
}

impl Thing {
    /// What of its past is wanted. `facts` are those that are seen today in its file, `digest` is that of its text.
    pub(super) fn watch(&self, facts: &[&Fact], digest: impl FnOnce() -> Option<String>) -> Watch {
        let (aspect, today) = match &self.facts {
            Some((kind, subject)) => {
                let seen = digest_of_facts(facts.iter().copied(), *kind, subject.as_deref());
                (Aspect::Facts(*kind, subject.clone()), seen.filter(|_| !self.is_linked))
            }
            None if self.kind == "prompt" => (Aspect::Words, digest()),
            None => (Aspect::Bytes, None),
        };
        Watch { path: Arc::clone(&self.path), aspect, today, origin: self.kind == "deployment" }
    }
}
