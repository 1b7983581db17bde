use super::*;
use crate::fact::Fact;
use crate::parse::json::parse;

fn seen(text: &str) -> Vec<Fact> {
    let mut facts = Facts::of(&"aibom.json".into());
    extract(&parse(text), &mut facts);
    facts.all
}

fn bill(component: &str) -> String {
    format!("{{\r\n  \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\",\r\n  \"components\": [{component}]\r\n}}")
}

fn one(facts: &[Fact], kind: &str) -> Fact {
    facts.iter().find(|fact| fact.kind.spec().name == kind).unwrap().clone()
}

const FULL: &str = r#"{"type": "machine-learning-model", "group": "équipe", "name": "churn", "version": "7",
      "purl": "pkg:huggingface/org/churn@607a30d783dfa663caf39e06633721c8d4cfcd7e", "hashes": [{"alg": "SHA-256", "content": "00"}],
      "licenses": [{"license": {"id": "Apache-2.0"}}], "supplier": {"name": "Example"}, "description": "Predicts insurance claims.",
      "externalReferences": [{"type": "model-card", "url": "https://example.com"}, {"type": "digital-signature", "url": "https://example.com/s"}],
      "pedigree": {"ancestors": [{"type": "machine-learning-model", "name": "base"}]},
      "modelCard": {
        "modelParameters": {"task": "tabular-classification", "datasets": [
          {"type": "dataset", "name": "contracts", "description": "Ended contracts", "sensitiveData": ["age"], "governance": {"owners": [{"organization": {"name": "Data"}}]}},
          {"type": "dataset", "name": "calls", "description": "Calls to the hotline"},
          {"ref": "other"}, {"type": "dataset", "name": "listed only"}]},
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "AUC", "value": "0.8", "slice": "women"}]},
        "considerations": {
          "users": ["Staff of the retention desk"], "technicalLimitations": ["TBD"],
          "fairnessAssessments": [{"groupAtRisk": "People over 60", "harms": "They are offered fewer discounts than others", "mitigationStrategy": "Age is left out; offers are compared each month"}]},
        "properties": [{"name": "nvidia:safety:use_case_restrictions", "value": "Not to be used to set prices for single customers."}]
      }}"#;

#[test]
fn a_component_is_a_record_and_its_card_a_card() {
    let facts = seen(&format!("{{\"bomFormat\": \"CycloneDX\", \"metadata\": {{\"component\": {FULL}}}}}"));
    let record = one(&facts, "model-record");
    for (field, value) in [
        ("name", "équipe/churn"),
        ("version", "7"),
        ("pin", "digest"),
        ("hashed", "yes"),
        ("signed", "yes"),
        ("fairness", "substantive"),
    ] {
        assert_eq!(record.text(field), value, "{field}");
    }
    let card = one(&facts, "card");
    for (field, value) in [
        ("kind", "model"),
        ("licence", "apache-2.0"),
        ("owner", "Example"),
        ("human_facing", "yes"),
        ("derived", "yes"),
        ("limitations", "placeholder"),
        ("bias", "substantive"),
        ("out_of_scope", "substantive"),
        ("results_by_group", "yes"),
    ] {
        assert_eq!(card.text(field), value, "{field}");
    }
    assert_eq!(card.get("base_models").unwrap().display(), "base");
    let datasets: Vec<_> = facts
        .iter()
        .filter(|fact| fact.text("kind") == "dataset")
        .map(|fact| ["name", "privacy", "owner"].map(|field| fact.text(field)).join("|"))
        .collect();
    assert_eq!(datasets, ["contracts|substantive|Data", "calls|missing|unknown", "listed only|unknown|unknown"]);
}

#[test]
fn a_bare_component_is_listed_and_not_judged_as_a_card() {
    let text = bill(r#"{"type": "machine-learning-model", "name": "gpt"}, {"type": "library", "name": "requests"}"#);
    let facts = seen(&text);
    assert_eq!(facts.len(), 1);
    for (field, value) in
        [("version", ""), ("pin", "none"), ("hashed", "no"), ("signed", "no"), ("fairness", "unknown")]
    {
        assert_eq!(facts[0].text(field), value, "{field}");
    }
    assert_eq!(facts[0].at.span().unwrap().text(&text), "\"name\": \"gpt\"");
    let parameters_only = r#"{"type": "machine-learning-model", "name": "a", "modelCard": {"modelParameters": {"task": "text-generation"}}}"#;
    let facts = seen(&bill(parameters_only));
    let card = one(&facts, "card");
    for field in ["limitations", "intended_use", "bias", "out_of_scope", "licence", "owner"] {
        assert_eq!(card.text(field), "unknown", "{field}");
    }
    assert_eq!(one(&facts, "model-record").text("fairness"), "missing");
}

#[test]
fn what_is_only_listed_is_not_blamed_for_silence() {
    let listed = r#"{"type": "machine-learning-model", "name": "gpt-4-turbo", "supplier": {"name": "OpenAI"},
            "modelCard": {"considerations": {"useCases": ["Sorting of questions by staff of the hotline and their urgency"]}}}"#;
    let facts = seen(&bill(listed));
    let card = one(&facts, "card");
    assert_eq!(
        ["intended_use", "limitations", "licence", "owner"].map(|field| card.text(field)),
        ["substantive", "unknown", "unknown", "OpenAI"]
    );
    let main = seen(&format!("{{\"bomFormat\": \"CycloneDX\", \"metadata\": {{\"component\": {listed}}}}}"));
    assert_eq!(["limitations", "licence"].map(|field| one(&main, "card").text(field).to_owned()), ["missing", ""]);
}

#[test]
fn harm_without_a_measure_is_thin() {
    let text = bill(
        r#"{"type": "machine-learning-model", "name": "a", "modelCard": {"considerations": {"fairnessAssessments":
            [{"groupAtRisk": "People over 60 in rural areas", "harms": "They are offered fewer discounts than others"}]}}}"#,
    );
    assert_eq!(one(&seen(&text), "model-record").text("fairness"), "thin");
}

#[test]
fn components_within_components_and_the_main_one_are_found() {
    let text = r#"{"bomFormat": "CycloneDX", "metadata": {"component": {"type": "machine-learning-model", "name": "main"}},
            "components": [{"type": "application", "name": "x", "components": [{"type": "machine-learning-model", "name": "inner"}]}]}"#;
    let names: Vec<_> = seen(text).iter().map(|fact| fact.text("name").to_owned()).collect();
    assert_eq!(names, ["main", "inner"]);
}

#[test]
fn every_key_may_have_any_type() {
    for value in ["1", "\"x\"", "[]", "{}", "[[1], {\"name\": []}, null]", "null", "{\"license\": 3, \"type\": {}}"] {
        for key in [
            "name",
            "version",
            "hashes",
            "licenses",
            "supplier",
            "externalReferences",
            "pedigree",
            "modelCard",
            "data",
            "components",
        ] {
            seen(&bill(&format!("{{\"type\": \"machine-learning-model\", \"{key}\": {value}, \"{key}\": {value}}}")));
        }
        seen(&bill(&format!(
            "{{\"modelCard\": {{\"considerations\": {value}, \"modelParameters\": {value}, \"quantitativeAnalysis\": {value}, \"properties\": {value}}}}}"
        )));
        seen(&format!("{{\"bomFormat\": {value}, \"components\": {value}, \"metadata\": {value}}}"));
    }
}

#[test]
fn a_bill_may_end_anywhere() {
    let whole = bill(FULL);
    for (at, _) in whole.match_indices(['"', ',', '{']) {
        seen(whole.get(..at).unwrap());
    }
}
