//! Facts from SPDX 3 with its profiles for AI and datasets: `model-record`, `card`, `card-section`, `metric`.

use super::described::{Described, Silence, text};
use super::source::pin_of_revision;
use crate::document::{Document, Entry, Node};
use crate::extract::card::areas::Area;
use crate::extract::card::mentions::{self, Topic};
use crate::extract::card::{date, people};
use crate::fact::{Card, Choice, Facts, Field, Metric, ModelRecord};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// What stands under which key of a model. The prefix of the profile is left out: writers differ in it.
const OF_MODELS: &[(&str, Area)] = &[
    ("informationAboutApplication", Area::IntendedUse),
    ("limitation", Area::Limitations),
    ("informationAboutTraining", Area::TrainingData),
    ("metric", Area::Evaluation),
];

/// What stands under which key of a dataset.
const OF_DATASETS: &[(&str, Area)] = &[
    ("intendedUse", Area::IntendedUse),
    ("knownBias", Area::Bias),
    ("datasetNoise", Area::Limitations),
    ("dataCollectionProcess", Area::TrainingData),
];

/// Sees the models and datasets of one document.
pub(super) fn extract(parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let elements =
        root.get("@graph").or_else(|| root.get("elements")).map_or_else(|| root.one_or_many(), Node::one_or_many);
    let names: HashMap<&str, &str> =
        elements.iter().filter_map(|node| Some((id(node)?, node.get("name")?.text()?))).collect();
    let roots: HashSet<&str> = elements
        .iter()
        .flat_map(|node| node.get("rootElement").map(Node::one_or_many).unwrap_or_default())
        .filter_map(Node::text)
        .collect();
    for node in elements {
        let package = Package { node, names: &names, is_root: id(node).is_some_and(|id| roots.contains(id)) };
        let kind = node.get("type").or_else(|| node.get("@type")).and_then(Node::text).unwrap_or_default();
        match local_name(kind) {
            "AIPackage" => model(&package, facts),
            "DatasetPackage" => dataset(&package, facts),
            _ => {}
        }
    }
}

fn id(node: &Node) -> Option<&str> {
    ["spdxId", "@id"].iter().find_map(|key| node.get(key)?.text())
}

/// A name without the prefix of its profile: `ai_AIPackage`, `ai:AIPackage`, `https://spdx.org/rdf/3.0.1/terms/AI/AIPackage`.
fn local_name(name: &str) -> &str {
    name.rsplit(['_', ':', '/', '#']).next().unwrap_or(name)
}

/// One package, and what the elements of its document are called.
struct Package<'a> {
    node: &'a Node,
    names: &'a HashMap<&'a str, &'a str>,
    /// The document is about it. All others are listed in it: their makers describe them elsewhere, so that silence here means nothing.
    is_root: bool,
}

impl<'a> Package<'a> {
    fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.node.entries().iter().rev().find(|entry| local_name(&entry.key) == key)
    }

    fn text(&self, key: &str) -> Field<String> {
        match self.entry(key) {
            Some(entry) => match entry.node.scalar() {
                Some(text) => Field::found(text, entry.node.span),
                None => Field::found("", entry.key_span),
            },
            None => "".into(),
        }
    }

    fn place(&self) -> Span {
        let entry = self.entry("name").or_else(|| self.entry("type"));
        entry.map_or(self.node.span, |entry| entry.key_span.cover(entry.node.span))
    }

    /// A statement that is `yes`, `no` or explicitly left open.
    fn statement(&self, key: &str) -> Field<Choice> {
        let Some(entry) = self.entry(key) else { return Field::default() };
        let quality = match entry.node.scalar().map(local_name) {
            Some("yes" | "no") => "substantive",
            _ => "placeholder",
        };
        Field::found(Choice(quality), entry.node.span)
    }

    fn owner(&self) -> Field<String> {
        for key in ["suppliedBy", "originatedBy"] {
            let Some(entry) = self.entry(key) else { continue };
            let named = entry.node.one_or_many().iter().find_map(|party| party.text());
            if let Some(party) = named {
                return Field::found(self.names.get(party).copied().unwrap_or(party), entry.node.span);
            }
        }
        Field::default()
    }

    fn day(&self) -> Field<String> {
        let written = ["releaseTime", "builtTime"].iter().find_map(|key| self.entry(key));
        let Some(entry) = written else { return Field::default() };
        let day = entry.node.text().and_then(date::latest);
        day.map_or_else(|| Field::unresolved(entry.node.span), |day| Field::found(day, entry.node.span))
    }

    /// Its statements. One that has none of them is not described here at all.
    fn described(&self, keys: &[(&str, Area)]) -> Described<'a> {
        let describes =
            keys.iter().filter(|(_, area)| *area != Area::Evaluation).any(|(key, _)| self.entry(key).is_some());
        let mut said = Described::new(if describes && self.is_root { Silence::Missing } else { Silence::Unknown });
        said.add(Area::Description, self.entry("summary").or_else(|| self.entry("description")));
        for (key, area) in keys {
            said.add(*area, self.entry(key));
        }
        said
    }
}

fn model(package: &Package<'_>, facts: &mut Facts) {
    let name = package.text("name");
    let shown = name.value.clone().unwrap_or_default();
    let version = package.text("packageVersion");
    let (address, location) = (package.text("packageUrl"), package.text("downloadLocation"));
    let source = if address.value.as_deref() == Some("") { location } else { address };
    let record = ModelRecord {
        form: "spdx".into(),
        role: "inventory".into(),
        name: name.clone(),
        pin: Field {
            value: Some(Choice(pin_of_revision(version.value.as_deref().unwrap_or_default()))),
            at: version.at,
        },
        version,
        scheme: source
            .value
            .as_deref()
            .and_then(|source| source.split_once(':'))
            .map_or_else(|| "".into(), |(scheme, _)| scheme.into()),
        source,
        hashed: package
            .entry("verifiedUsing")
            .map_or_else(|| false.into(), |entry| Field::found(!entry.node.one_or_many().is_empty(), entry.key_span)),
        ..ModelRecord::default()
    };
    facts.add(format!("package {shown}"), package.place(), record);

    let said = package.described(OF_MODELS);
    said.add_sections(&shown, "model", facts);
    let introduction = said.introduction();
    let metrics = package.entry("metric").map(|entry| entry.node.one_or_many()).unwrap_or_default();
    let unless_silent =
        |quality: Field<Choice>| if quality.value == Some(Choice("missing")) { Field::default() } else { quality };
    let card = Card {
        kind: "model".into(),
        style: "record".into(),
        human_facing: Field { value: people::faces_people("", &[], &introduction), at: None },
        language_model: Field { value: people::is_language_model("", &[], &introduction), at: None },
        intended_use: said.quality(Area::IntendedUse, None),
        limitations: said.quality(Area::Limitations, None),
        training_data: said.quality(Area::TrainingData, None),
        evaluation: said.quality(Area::Evaluation, None),
        // The profile has no key for these two.
        out_of_scope: unless_silent(said.quality(Area::OutOfScope, Some(Topic::OutOfScope))),
        bias: unless_silent(said.quality(Area::Bias, Some(Topic::Bias))),
        privacy: package.statement("useSensitivePersonalInformation"),
        owner: package.owner(),
        version: package.text("packageVersion"),
        date: package.day(),
        metrics: i64::try_from(metrics.len()).unwrap_or(i64::MAX).into(),
        bias_benchmarks: mentions::bias_benchmarks(&said.text()).into(),
        name,
        ..Card::default()
    };
    facts.add(format!("{shown} model card"), package.place(), card);
    for metric in metrics.iter().filter(|metric| metric.has("key")) {
        let (name, value) = (text(metric, &["key"]), text(metric, &["value"]));
        let subject = name.value.clone().unwrap_or_default();
        facts.add(subject, metric.span, Metric { name, value, slice: "".into(), ..Metric::default() });
    }
}

fn dataset(package: &Package<'_>, facts: &mut Facts) {
    let name = package.text("name");
    let shown = name.value.clone().unwrap_or_default();
    let said = package.described(OF_DATASETS);
    said.add_sections(&shown, "dataset", facts);
    let card = Card {
        kind: "dataset".into(),
        style: "record".into(),
        intended_use: said.quality(Area::IntendedUse, None),
        limitations: said.quality(Area::Limitations, None),
        bias: said.quality(Area::Bias, Some(Topic::Bias)),
        training_data: said.quality(Area::TrainingData, None),
        privacy: package.statement("hasSensitivePersonalInformation"),
        owner: package.owner(),
        version: package.text("packageVersion"),
        date: package.day(),
        name,
        ..Card::default()
    };
    facts.add(format!("{shown} dataset card"), package.place(), card);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Fact;
    use crate::parse::json::parse;

    fn seen(text: &str) -> Vec<Fact> {
        let mut facts = Facts::of(&"model.spdx3.json".into());
        extract(&parse(text), &mut facts);
        facts.all
    }

    fn row(facts: &[Fact], kind: &str, fields: &[&str]) -> Vec<String> {
        let of_kind = facts.iter().filter(|fact| fact.kind.spec().name == kind);
        of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join("|")).collect()
    }

    const DOCUMENT: &str = r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
      {"type": "software_Sbom", "rootElement": ["urn:m", "urn:d"]}, {"type": "Organization", "spdxId": "urn:org", "name": "Exämple"},
      {"type": "ai_AIPackage", "spdxId": "urn:m", "name": "triage", "software_packageVersion": "2.1", "suppliedBy": "urn:org",
       "releaseTime": "2026-02-03T00:00:00Z", "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "00"}],
       "software_downloadLocation": "https://example.com/triage.onnx", "ai_useSensitivePersonalInformation": "noAssertion",
       "ai_informationAboutApplication": "Sorts letters of patients by urgency for the desk.", "ai_metric": [{"type": "DictionaryEntry", "key": "F1", "value": "0.8"}]},
      {"type": "dataset_DatasetPackage", "spdxId": "urn:d", "name": "letters", "dataset_hasSensitivePersonalInformation": "yes", "dataset_knownBias": ["TODO"]},
      {"type": "dataset_DatasetPackage", "spdxId": "urn:e", "name": "listed", "suppliedBy": ["urn:nobody"], "dataset_intendedUse": "TBD"}
    ]}"#;

    #[test]
    fn models_and_datasets_are_read_with_their_statements() {
        let facts = seen(DOCUMENT);
        assert_eq!(
            row(&facts, "model-record", &["form", "name", "version", "pin", "scheme", "hashed"]),
            ["spdx|triage|2.1|version|https|yes"]
        );
        assert_eq!(
            row(&facts, "card", &["kind", "name", "owner", "intended_use", "limitations", "bias", "privacy", "date"]),
            [
                "model|triage|Exämple|substantive|missing|unknown|placeholder|2026-02-03",
                "dataset|letters|unknown|missing|missing|placeholder|substantive|unknown",
                "dataset|listed|urn:nobody|placeholder|unknown|unknown|unknown|unknown",
            ]
        );
        assert_eq!(row(&facts, "metric", &["name", "value", "pin"]), ["F1|0.8|unknown"]);
        let model = facts.iter().find(|fact| fact.kind.spec().name == "model-record").unwrap();
        assert_eq!(model.at.span().unwrap().text(DOCUMENT), "\"name\": \"triage\"");
    }

    #[test]
    fn every_key_may_have_any_type() {
        for value in ["1", "\"x\"", "[]", "{}", "[[1], {\"key\": []}, null]", "null", "{\"@graph\": 3}"] {
            for key in [
                "name",
                "suppliedBy",
                "verifiedUsing",
                "ai_metric",
                "ai_limitation",
                "releaseTime",
                "software_packageVersion",
            ] {
                seen(&format!(
                    "{{\"@graph\": [{{\"type\": \"ai_AIPackage\", \"{key}\": {value}, \"{key}\": {value}}}]}}"
                ));
            }
            seen(&format!("{{\"@graph\": {value}, \"type\": {value}}}"));
        }
        for (at, _) in DOCUMENT.match_indices(['"', ',', '{']) {
            seen(DOCUMENT.get(..at).unwrap());
        }
    }
}
