//! Facts from cards of the Model Card Toolkit: `card`, `card-section`, `metric`.

use super::described::{Described, Silence, text, texts};
use crate::document::{Document, Node};
use crate::extract::card::areas::{self, Area};
use crate::extract::card::mentions::{self, Topic};
use crate::extract::card::{date, people};
use crate::fact::{Card, Choice, Facts, Field, Metric};
use crate::source::SourceFile;

/// Sees one card.
pub(super) fn extract(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let Some(details) = root.entry("model_details") else { return };
    let said = statements(root);
    let card = card(file, root, &details.node, &said);
    said.add_sections(card.name.value.as_deref().unwrap_or_default(), "model", facts);
    facts.add("model card", details.key_span, card);
    for metric in metrics(root) {
        add_metric(metric, facts);
    }
}

/// What the keys say that stand in groups, told from their names as titles are: cards written by hand go beyond the schema. A group
/// whose keys tell nothing counts as a whole.
fn statements(root: &Node) -> Described<'_> {
    let mut said = Described::new(Silence::Missing);
    for group in root.entries() {
        let mut told = false;
        for entry in group.node.entries() {
            for area in areas::of(&entry.key) {
                told = true;
                said.add(area, Some(entry));
            }
        }
        for area in if told { Vec::new() } else { areas::of(&group.key) } {
            said.add(area, Some(group));
        }
    }
    said
}

fn card(file: &SourceFile, root: &Node, details: &Node, said: &Described<'_>) -> Card {
    let introduction = said.introduction();
    let named = text(details, &["name"]);
    let name = if named.value.as_deref() == Some("") { Field { value: Some(stem(file)), at: named.at } } else { named };
    let owners = ["owners", "owner", "developers"].iter().find_map(|key| details.get(key));
    let owners = owners.map(Node::one_or_many).unwrap_or_default();
    let version = details.get("version");
    let sliced = |metric: &Node| !text(metric, &["slice"]).value.unwrap_or_default().is_empty();
    let count = metrics(root).len();
    let by_group = metrics(root).iter().any(sliced);
    // Charts may show groups: what stands in a picture cannot be read.
    let charts = root.at("quantitative_analysis.graphics").is_some_and(|graphics| !texts(graphics).is_empty());
    Card {
        kind: "model".into(),
        style: "record".into(),
        licence: licence(details),
        licence_name: "".into(),
        licence_link: "".into(),
        base_models: Vec::new().into(),
        datasets: datasets(root),
        tags: Vec::new().into(),
        library: "".into(),
        pipeline: "".into(),
        human_facing: Field { value: people::faces_people("", &[], &introduction), at: None },
        language_model: Field { value: people::is_language_model("", &[], &introduction), at: None },
        intended_use: said.quality(Area::IntendedUse, None),
        out_of_scope: said.quality(Area::OutOfScope, Some(Topic::OutOfScope)),
        limitations: said.quality(Area::Limitations, None),
        bias: said.quality(Area::Bias, Some(Topic::Bias)),
        training_data: said.quality(Area::TrainingData, None),
        evaluation: said.quality(Area::Evaluation, None),
        privacy: privacy(root, said),
        owner: first(owners, &["name"]),
        contact: first(owners, &["contact"]),
        version: version.map_or_else(|| "".into(), |version| scalar_or(version, &["name"])),
        date: day(details),
        metrics: i64::try_from(count).unwrap_or(i64::MAX).into(),
        results_by_group: Field { value: (by_group || (count > 0 && !charts)).then_some(by_group), at: None },
        bias_benchmarks: mentions::bias_benchmarks(&said.text()).into(),
        name,
        ..Card::default()
    }
}

fn stem(file: &SourceFile) -> String {
    file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem).to_owned()
}

/// The text under a key of the first of several that has it.
fn first(items: &[Node], keys: &[&str]) -> Field<String> {
    let mut found = items.iter().map(|item| scalar_or(item, keys));
    found.find(|field| field.value.as_deref() != Some("")).unwrap_or_else(|| Field::known(""))
}

/// The value itself where a card by hand writes a text in place of a map, or the text under one of its keys.
fn scalar_or(node: &Node, keys: &[&str]) -> Field<String> {
    node.scalar().map_or_else(|| text(node, keys), |text| Field::found(text.trim(), node.span))
}

fn licence(details: &Node) -> Field<String> {
    let licences = ["licenses", "license", "licence"].iter().find_map(|key| details.get(key));
    let licences = licences.map(Node::one_or_many).unwrap_or_default();
    let id = first(licences, &["identifier"]);
    if id.value.as_deref() != Some("") {
        return Field { value: id.value.map(|id| id.to_lowercase()), at: id.at };
    }
    // Terms in words are terms, but no licence that could be told by its id.
    let terms = first(licences, &["custom_text"]);
    let at = details.entry("licenses").map(|entry| entry.key_span);
    if terms.value.as_deref() == Some("") {
        Field { value: Some(String::new()), at }
    } else {
        Field { value: None, at: terms.at }
    }
}

fn data(root: &Node) -> &[Node] {
    root.at("model_parameters.data").map(Node::items).unwrap_or_default()
}

fn datasets(root: &Node) -> Field<Vec<String>> {
    let names = data(root).iter().filter_map(|one| text(one, &["name", "link"]).value);
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    Field { value: Some(names), at: root.at("model_parameters.data").map(|data| data.span) }
}

/// Sensitive data is declared by a list, also by an empty one.
fn privacy(root: &Node, said: &Described<'_>) -> Field<Choice> {
    let declared = data(root).iter().find_map(|one| one.entry("sensitive"));
    match declared {
        Some(entry) if entry.node.has("sensitive_data") => Field::found("substantive", entry.key_span),
        Some(entry) => Field::found("placeholder", entry.key_span),
        None => said.quality(Area::Privacy, None),
    }
}

fn day(details: &Node) -> Field<String> {
    let of_version = details.get("version").map(|version| text(version, &["date"]));
    let written = of_version.filter(|date| date.value.as_deref() != Some(""));
    let written = written.unwrap_or_else(|| text(details, &["date", "last_updated", "release_date"]));
    match (written.value.as_deref(), written.at) {
        (Some(text), Some(at)) if !text.is_empty() => {
            date::latest(text).map_or_else(|| Field::unresolved(at), |day| Field::found(day, at))
        }
        _ => written,
    }
}

fn metrics(root: &Node) -> &[Node] {
    root.at("quantitative_analysis.performance_metrics").map(Node::items).unwrap_or_default()
}

/// Adds a metric as the Model Card Toolkit and `CycloneDX` write it: neither names the data that it was measured on.
pub(super) fn add_metric(metric: &Node, facts: &mut Facts) {
    let (name, slice) = (text(metric, &["type"]), text(metric, &["slice"]));
    let shown = name.value.clone().unwrap_or_default();
    let subject = match slice.value.as_deref() {
        Some("") | None => shown,
        Some(slice) => format!("{shown} for {slice}"),
    };
    let at = metric.entry("type").map_or(metric.span, |entry| entry.key_span.cover(entry.node.span));
    facts.add(subject, at, Metric { value: text(metric, &["value"]), name, slice, ..Metric::default() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Fact;
    use crate::parse::json::parse;

    fn seen(text: &str) -> Vec<Fact> {
        let file = SourceFile::new("cards/model_card.json", text);
        let mut facts = Facts::of(&file.path);
        extract(&file, &parse(text), &mut facts);
        facts.all
    }

    fn of<'a>(facts: &'a [Fact], kind: &str) -> Vec<&'a Fact> {
        facts.iter().filter(|fact| fact.kind.spec().name == kind).collect()
    }

    const CARD: &str = "\u{feff}{\r\n  \"schema_version\": \"0.0.2\",\r\n  \"model_details\": {\r\n    \"name\": \"Prüfung\", \"overview\": \"A chatbot that answers questions of staff.\",\r\n    \
        \"owners\": [{\"name\": \"\", \"contact\": \"ml@example.com\"}],\r\n    \"version\": {\"name\": \"v1.2\", \"date\": \"2026-03-01\"},\r\n    \"licenses\": [{\"identifier\": \"Apache-2.0\"}]\r\n  },\r\n  \
        \"model_parameters\": {\"data\": [{\"name\": \"tickets\", \"sensitive\": {\"sensitive_data\": []}}]},\r\n  \
        \"quantitative_analysis\": {\"performance_metrics\": [{\"type\": \"accuracy\", \"value\": \"0.9\", \"slice\": \"age over 60\"}, {\"type\": \"accuracy\", \"value\": 0.91}]},\r\n  \
        \"considerations\": {\r\n    \"users\": [{\"description\": \"Staff of the travel desk who check the answers\"}],\r\n    \"limitations\": [{\"description\": \"TODO\"}],\r\n    \
        \"ethical_considerations\": [{\"name\": \"Gender bias and racial bias in names\", \"mitigation_strategy\": \"Names are taken out before.\"}]\r\n  }\r\n}\r\n";

    #[test]
    fn a_card_is_judged_as_one_in_markdown() {
        let facts = seen(CARD);
        let card = of(&facts, "card")[0];
        for (field, value) in [
            ("style", "record"),
            ("name", "Prüfung"),
            ("licence", "apache-2.0"),
            ("owner", ""),
            ("contact", "ml@example.com"),
            ("version", "v1.2"),
            ("date", "2026-03-01"),
            ("human_facing", "yes"),
            ("intended_use", "substantive"),
            // A strategy against something is a statement on limits, although the limits proper are a placeholder.
            ("limitations", "substantive"),
            ("bias", "substantive"),
            ("out_of_scope", "missing"),
            ("privacy", "substantive"),
            ("results_by_group", "yes"),
        ] {
            assert_eq!(card.text(field), value, "{field}");
        }
        let sections: Vec<_> = of(&facts, "card-section")
            .iter()
            .map(|fact| [fact.text("title"), fact.text("area"), fact.text("quality")].join(" "))
            .collect();
        assert!(sections.contains(&"limitations limitations placeholder".to_owned()), "{sections:?}");
        let todo = of(&facts, "card-section").into_iter().find(|fact| fact.text("title") == "limitations").unwrap();
        assert_eq!(todo.location_of("quality").span().unwrap().text(CARD), "\"TODO\"");
        let metrics: Vec<_> = of(&facts, "metric")
            .iter()
            .map(|fact| ["name", "value", "slice"].map(|field| fact.text(field)).join("|"))
            .collect();
        assert_eq!(metrics, ["accuracy|0.9|age over 60", "accuracy|0.91|"]);
    }

    #[test]
    fn cards_by_hand_go_beyond_the_schema() {
        let text = r#"{"model_details": {"name": "a", "version": "1.2", "license": "MIT", "date": "2026-02-01", "owners": ["Ann"]},
            "intended_use": {"primary_uses": "Sorting letters of patients by urgency for the desk", "out_of_scope_uses": "TODO"},
            "considerations": {"limitations": ["It is wrong about letters that were scanned badly or upside down"]},
            "fairness": {"gap": "The error rate for letters of men and women differs by 2 %"}}"#;
        let facts = seen(text);
        let card = of(&facts, "card")[0];
        for (field, value) in [
            ("version", "1.2"),
            ("licence", "mit"),
            ("date", "2026-02-01"),
            ("owner", "Ann"),
            ("intended_use", "substantive"),
            ("out_of_scope", "placeholder"),
            ("limitations", "substantive"),
            ("bias", "substantive"),
        ] {
            assert_eq!(card.text(field), value, "{field}");
        }
    }

    #[test]
    fn an_empty_card_says_nothing() {
        let facts =
            seen("{\"model_details\": {\"name\": \"a\"}, \"considerations\": {\"limitations\": [], \"users\": [{}]}}");
        let card = of(&facts, "card")[0];
        for (field, value) in
            [("limitations", "missing"), ("bias", "missing"), ("licence", ""), ("owner", ""), ("privacy", "missing")]
        {
            assert_eq!(card.text(field), value, "{field}");
        }
    }

    #[test]
    fn every_key_may_have_any_type() {
        for value in
            ["1", "\"x\"", "[]", "{}", "[[1], {\"description\": []}, null]", "null", "{\"name\": {}, \"data\": 3}"]
        {
            for key in ["model_details", "considerations", "model_parameters", "quantitative_analysis"] {
                seen(&format!("{{\"model_details\": {{}}, \"{key}\": {value}, \"{key}\": {value}}}"));
                seen(&format!(
                    "{{\"model_details\": {{\"owners\": {value}, \"version\": {value}, \"licenses\": {value}, \"name\": {value}}}, \
                     \"considerations\": {{\"limitations\": {value}}}, \"model_parameters\": {{\"data\": {value}}}, \
                     \"quantitative_analysis\": {{\"performance_metrics\": {value}, \"graphics\": {value}}}}}"
                ));
            }
        }
    }
}
