//! Facts from bills of materials in `CycloneDX`: `model-record`, and `card`, `card-section` and `metric` where a component has a card.

use super::described::{Described, Silence, text, texts};
use super::source::pin_of_revision;
use super::toolkit::add_metric;
use crate::document::{Document, Node};
use crate::extract::card::areas::{self, Area};
use crate::extract::card::mentions::{self, Topic};
use crate::extract::card::people;
use crate::fact::{Card, Choice, Facts, Field, ModelRecord};
use crate::source::Span;

/// How many components of one bill are looked at: bills of whole systems list every file.
const COMPONENT_LIMIT: usize = 100_000;

/// What stands under which key of a card's `considerations`.
const CONSIDERATIONS: &[(&str, Area)] = &[
    ("users", Area::IntendedUse),
    ("useCases", Area::IntendedUse),
    ("technicalLimitations", Area::Limitations),
    ("performanceTradeoffs", Area::Limitations),
    ("ethicalConsiderations", Area::Limitations),
    ("fairnessAssessments", Area::Bias),
];

/// Kinds of external references that hold a signature.
const SIGNATURES: &[&str] = &["electronic-signature", "digital-signature"];

/// Sees the models and datasets of one bill.
pub(super) fn extract(parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root().filter(|root| root.get("bomFormat").and_then(Node::text) == Some("CycloneDX"))
    else {
        return;
    };
    let main = root.at("metadata.component");
    let mut ahead: Vec<&Node> = root.get("components").map(Node::items).unwrap_or_default().iter().rev().collect();
    ahead.extend(main);
    let mut left = COMPONENT_LIMIT;
    while let Some(component) = ahead.pop() {
        let Some(fewer) = left.checked_sub(1) else { return };
        left = fewer;
        ahead.extend(component.get("components").map(Node::items).unwrap_or_default().iter().rev());
        let is = |kind: &str| component.get("type").and_then(Node::text) == Some(kind);
        let component = Component {
            node: component,
            card: component.get("modelCard").filter(|card| !card.entries().is_empty()),
            is_main: main.is_some_and(|main| main.span == component.span),
        };
        if is("machine-learning-model") || component.card.is_some() {
            model(&component, facts);
        }
        for dataset in component.node.get("data").map(Node::items).unwrap_or_default() {
            described_dataset(dataset, &component, facts);
        }
    }
}

/// One component.
struct Component<'a> {
    node: &'a Node,
    /// Its model card, if it has one that is not empty.
    card: Option<&'a Node>,
    /// The bill is about it. All others are listed in it: their makers describe them elsewhere, so that silence here means nothing.
    is_main: bool,
}

impl<'a> Component<'a> {
    /// Its name, behind that of its group.
    fn name(&self) -> Field<String> {
        let (group, name) = (text(self.node, &["group"]), text(self.node, &["name"]));
        match group.value.as_deref() {
            Some("") | None => name,
            Some(group) => Field { value: name.value.map(|name| format!("{group}/{name}")), at: name.at },
        }
    }

    fn place(&self) -> Span {
        let entry = ["name", "bom-ref", "type"].iter().find_map(|key| self.node.entry(key));
        entry.map_or(self.node.span, |entry| entry.key_span.cover(entry.node.span))
    }

    /// Without considerations a card holds parameters only, and what a person has to know stands elsewhere if anywhere.
    fn silence(&self) -> Silence {
        let considerations = self.card.and_then(|card| card.get("considerations"));
        let considers = considerations.is_some_and(|considerations| !texts(considerations).is_empty());
        if self.is_main && considers { Silence::Missing } else { Silence::Unknown }
    }

    /// What is known of a text that is not there.
    fn absent(&self, at: Option<Span>) -> Field<String> {
        match self.silence() {
            Silence::Missing => Field { value: Some(String::new()), at },
            Silence::Unknown => Field::default(),
        }
    }

    fn consideration(&self, key: &str) -> Option<&'a crate::document::Entry> {
        self.card?.get("considerations")?.entry(key)
    }
}

fn model(component: &Component<'_>, facts: &mut Facts) {
    let name = component.name();
    let subject = format!("component {}", name.value.as_deref().unwrap_or_default());
    facts.add(subject, component.place(), record(component, name.clone()));
    if let Some(card) = component.card {
        described_model(component, card, name, facts);
    }
}

fn record(component: &Component<'_>, name: Field<String>) -> ModelRecord {
    let node = component.node;
    let version = text(node, &["version"]);
    let source = text(node, &["purl"]);
    let revision = source.value.as_deref().and_then(version_in_package_url).map(str::to_owned);
    let revision = revision.or_else(|| version.value.clone()).unwrap_or_default();
    let references = node.get("externalReferences").map(Node::items).unwrap_or_default();
    let signature = references
        .iter()
        .find(|reference| reference.get("type").and_then(Node::text).is_some_and(|kind| SIGNATURES.contains(&kind)))
        .map(|reference| reference.span)
        .or_else(|| node.entry("signature").map(|entry| entry.key_span));
    // A package URL can carry the checksum itself.
    let hashed = if source.value.as_deref().is_some_and(|address| address.contains("checksum=")) {
        Field { value: Some(true), at: source.at }
    } else {
        listed(node, "hashes")
    };
    ModelRecord {
        form: "cyclonedx".into(),
        role: "inventory".into(),
        name,
        pin: Field { value: Some(Choice(pin_of_revision(&revision))), at: version.at },
        version,
        scheme: if source.value.as_deref() == Some("") { "".into() } else { "pkg".into() },
        source,
        hashed,
        signed: signature.map_or_else(|| false.into(), |at| Field::found(true, at)),
        fairness: fairness(component),
        ..ModelRecord::default()
    }
}

/// The version in a package URL: `pkg:huggingface/org/name@607a30d`.
fn version_in_package_url(address: &str) -> Option<&str> {
    let (_, version) = address.split(['?', '#']).next()?.rsplit_once('@')?;
    Some(version)
}

/// Whether a list is there and holds something.
fn listed(node: &Node, key: &str) -> Field<bool> {
    let Some(entry) = node.entry(key) else { return false.into() };
    Field::found(!entry.node.items().is_empty(), entry.key_span)
}

/// What the assessments of fairness say. Harm without a measure against it is not much.
fn fairness(component: &Component<'_>) -> Field<Choice> {
    // A component without a card lists what is there; it does not claim to describe it.
    if component.card.is_none() {
        return Field::default();
    }
    let Some(entry) = component.consideration("fairnessAssessments") else { return "missing".into() };
    let mut said = Described::new(Silence::Missing);
    said.add(Area::Bias, Some(entry));
    let harm_alone = entry.node.items().iter().any(|one| {
        let says = |key: &str| text(one, &[key]).value.is_some_and(|text| !text.is_empty());
        says("harms") && !says("mitigationStrategy")
    });
    let quality = said.quality(Area::Bias, None);
    if harm_alone && quality.value == Some(Choice("substantive")) {
        Field::found("thin", entry.key_span)
    } else {
        quality
    }
}

fn described_model(component: &Component<'_>, card: &Node, name: Field<String>, facts: &mut Facts) {
    let mut said = Described::new(component.silence());
    said.add(Area::Description, component.node.entry("description"));
    for (key, area) in CONSIDERATIONS {
        said.add(*area, component.consideration(key));
    }
    let parameters = card.get("modelParameters");
    said.add(Area::TrainingData, parameters.and_then(|parameters| parameters.entry("datasets")));
    let results = card.get("quantitativeAnalysis");
    said.add(Area::Evaluation, results.and_then(|results| results.entry("performanceMetrics")));
    for property in card.get("properties").map(Node::items).unwrap_or_default() {
        // NVIDIA's taxonomy puts its questions into names: `nvidia:safety:use_case_restrictions`.
        let areas = property.get("name").and_then(Node::text).map(areas::of).unwrap_or_default();
        for area in areas {
            said.add(area, property.entry("value"));
        }
    }
    let shown = name.value.clone().unwrap_or_default();
    said.add_sections(&shown, "model", facts);
    let metrics = results.and_then(|results| results.get("performanceMetrics")).map(Node::items).unwrap_or_default();
    let at = component.node.entry("modelCard").map_or(component.node.span, |entry| entry.key_span);
    facts.add(format!("{shown} model card"), at, model_card(component, &said, metrics, name));
    for metric in metrics {
        add_metric(metric, facts);
    }
    for dataset in parameters.and_then(|it| it.get("datasets")).map(Node::items).unwrap_or_default() {
        described_dataset(dataset, component, facts);
    }
}

fn model_card(component: &Component<'_>, said: &Described<'_>, metrics: &[Node], name: Field<String>) -> Card {
    let introduction = said.introduction();
    let task = component.card.and_then(|card| card.at("modelParameters.task")).and_then(Node::text).unwrap_or_default();
    let bias = said.quality(Area::Bias, Some(Topic::Bias));
    let by_group = metrics.iter().any(|metric| text(metric, &["slice"]).value.is_some_and(|slice| !slice.is_empty()));
    let ancestors = component.node.at("pedigree.ancestors");
    let base_models: Vec<String> = ancestors
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|ancestor| text(ancestor, &["name"]).value.filter(|name| !name.is_empty()))
        .collect();
    Card {
        kind: "model".into(),
        style: "record".into(),
        licence: licence(component),
        derived: Field { value: (!base_models.is_empty()).then_some(true), at: None },
        base_models: Field { value: Some(base_models), at: ancestors.map(|ancestors| ancestors.span) },
        human_facing: Field { value: people::faces_people(task, &[], &introduction), at: None },
        language_model: Field { value: people::is_language_model(task, &[], &introduction), at: None },
        pipeline: task.into(),
        intended_use: said.quality(Area::IntendedUse, None),
        out_of_scope: silent(said.quality(Area::OutOfScope, Some(Topic::OutOfScope))),
        limitations: said.quality(Area::Limitations, None),
        // Whether fairness was assessed is a field of the record: silence is told there.
        bias: silent(bias),
        training_data: said.quality(Area::TrainingData, None),
        evaluation: said.quality(Area::Evaluation, None),
        privacy: silent(said.quality(Area::Privacy, None)),
        owner: owner(component),
        version: text(component.node, &["version"]),
        metrics: i64::try_from(metrics.len()).unwrap_or(i64::MAX).into(),
        results_by_group: Field { value: (!metrics.is_empty()).then_some(by_group), at: None },
        bias_benchmarks: mentions::bias_benchmarks(&said.text()).into(),
        name,
        ..Card::default()
    }
}

/// A bill of materials has no key for this: where it says nothing, nothing is known.
fn silent(quality: Field<Choice>) -> Field<Choice> {
    if quality.value == Some(Choice("missing")) { Field::default() } else { quality }
}

fn licence(component: &Component<'_>) -> Field<String> {
    let node = component.node;
    for choice in node.get("licenses").map(Node::items).unwrap_or_default() {
        let licence = choice.get("license").unwrap_or(choice);
        let stated = text(licence, &["id", "expression", "name"]);
        if stated.value.as_deref() != Some("") {
            return Field { value: stated.value.map(|id| id.to_lowercase()), at: stated.at };
        }
    }
    component.absent(node.entry("licenses").map(|entry| entry.key_span))
}

/// Who made it or hands it out.
fn owner(component: &Component<'_>) -> Field<String> {
    for key in ["manufacturer", "supplier", "authors", "author", "publisher"] {
        let parties = component.node.get(key).map(Node::one_or_many).unwrap_or_default();
        for party in parties {
            let name = party.scalar().map_or_else(|| text(party, &["name"]), |name| Field::found(name, party.span));
            if name.value.as_deref().is_some_and(|name| !name.is_empty()) {
                return name;
            }
        }
    }
    component.absent(None)
}

/// A dataset that a component or a card describes; one that only refers to another component says nothing itself.
fn described_dataset(node: &Node, holder: &Component<'_>, facts: &mut Facts) {
    let is_data = node.get("type").and_then(Node::text).is_some_and(|kind| kind == "dataset");
    if !is_data {
        return;
    }
    let stated = ["sensitiveData", "classification"].iter().find_map(|key| node.entry(key));
    let describes = holder.is_main && (node.has("description") || node.has("governance"));
    let named = text(node, &["name"]);
    let name = if named.value.as_deref() == Some("") { holder.name() } else { named };
    let owners = node.get("governance");
    let owner = ["owners", "custodians", "stewards"]
        .iter()
        .filter_map(|role| owners?.get(role))
        .flat_map(Node::items)
        .map(|party| text(party.get("organization").or_else(|| party.get("contact")).unwrap_or(party), &["name"]))
        .find(|name| name.value.as_deref().is_some_and(|name| !name.is_empty()));
    let card = Card {
        kind: "dataset".into(),
        style: "record".into(),
        privacy: match stated {
            Some(entry) => Field::found("substantive", entry.key_span),
            None if describes => "missing".into(),
            None => Field::default(),
        },
        owner: owner.unwrap_or_default(),
        name: name.clone(),
        ..Card::default()
    };
    let at = node.entry("name").map_or(node.span, |entry| entry.key_span.cover(entry.node.span));
    facts.add(format!("dataset {}", name.value.unwrap_or_default()), at, card);
}

#[cfg(test)]
mod tests;
