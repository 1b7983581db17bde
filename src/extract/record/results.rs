//! Facts from results of evaluations beside a model of the hub: `metric`.

use super::described::text;
use super::source::pin_of_revision;
use crate::document::{Document, Node};
use crate::fact::{Choice, Facts, Field, Metric};

/// Sees each result of a list.
pub(super) fn extract(parsed: &Document, facts: &mut Facts) {
    let results = parsed.roots.iter().flat_map(Node::one_or_many);
    for result in results {
        let Some(entry) = result.entry("dataset") else { continue };
        let (dataset, task) = (text(&entry.node, &["id"]), text(&entry.node, &["task_id"]));
        let revision = text(&entry.node, &["revision"]);
        let pin = match pin_of_revision(revision.value.as_deref().unwrap_or_default()) {
            "digest" => "commit",
            "none" => "none",
            _ => "name",
        };
        let named = |field: &Field<String>| field.value.clone().unwrap_or_default();
        facts.add(
            format!("{} on {}", named(&task), named(&dataset)),
            entry.key_span,
            Metric {
                name: task,
                value: text(result, &["value"]),
                dataset,
                slice: "".into(),
                pin: Field { value: Some(Choice(pin)), at: revision.at },
                revision,
                ..Metric::default()
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::yaml::parse;

    fn rows(text: &str) -> Vec<String> {
        let mut facts = Facts::of(&".eval_results/a.yaml".into());
        extract(&parse(text), &mut facts);
        let fields = ["name", "value", "dataset", "pin"];
        facts.all.iter().map(|fact| fields.map(|field| fact.text(field)).join("|")).collect()
    }

    #[test]
    fn each_result_names_its_dataset_and_revision() {
        let text = "\u{feff}- dataset:\r\n    id: Idavidrein/gpqa\r\n    task_id: diamond\r\n    revision: 607a30d783dfa663caf39e06633721c8d4cfcd7e\r\n  \
            value: 0.412\r\n  date: '2026-01-15'\r\n- dataset: {id: cais/hle, task_id: default}\r\n  value: 20.9\r\n- dataset: {id: a/b, revision: main}\r\n";
        assert_eq!(rows(text), ["diamond|0.412|Idavidrein/gpqa|commit", "default|20.9|cais/hle|none", "||a/b|name"]);
    }

    #[test]
    fn every_key_may_have_any_type() {
        for value in ["1", "x", "[]", "{}", "[[1], null]", "null", "{id: [], revision: {}}"] {
            rows(&format!("- dataset: {value}\n  value: {value}\n- {value}\n"));
            rows(value);
        }
    }
}
