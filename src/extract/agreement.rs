//! Makes facts comparable that speak of the same thing in different files, when all files are read.

use crate::fact::{Fact, FieldValue, Kind, MeasuredMetric, Metric, Seen, System};
use crate::tree::Tree;
use globset::Glob;
use std::collections::HashMap;

/// Gives metrics the name under which others know them and says which stand alone; and finds what of the register leads nowhere.
pub fn join(facts: &mut [Fact], tree: &Tree) {
    metrics(facts, Metric::kind(), true);
    metrics(facts, MeasuredMetric::kind(), false);
    for fact in facts.iter_mut().filter(|fact| fact.kind == System::kind()) {
        let Some(FieldValue::List(paths)) = fact.get("paths").cloned() else { continue };
        let unmatched = paths.into_iter().filter(|pattern| leads_nowhere(pattern, tree)).collect();
        let records = RECORDS.iter().map(|field| fact.text(field)).filter(|record| is_path(record));
        let records: Vec<String> = records.map(str::to_owned).collect();
        let lost = records.iter().filter(|record| !tree.contains(path_of(record))).cloned().collect();
        set(fact, "unmatched", FieldValue::List(unmatched));
        set(fact, "records", FieldValue::List(records));
        set(fact, "lost_records", FieldValue::List(lost));
    }
}

/// Names the metrics of a kind alike. One is alone when no other of the same card, or of the whole repository, has its name.
fn metrics(facts: &mut [Fact], kind: Kind, by_file: bool) {
    let key =
        |fact: &Fact| (if by_file { fact.path.to_string() } else { String::new() }, common_name(fact.text("name")));
    let mut counts: HashMap<(String, String), usize> = HashMap::new();
    for fact in facts.iter().filter(|fact| fact.kind == kind) {
        *counts.entry(key(fact)).or_default() += 1;
    }
    for fact in facts.iter_mut().filter(|fact| fact.kind == kind) {
        let key = key(fact);
        let alone = counts.get(&key) == Some(&1);
        set(fact, "common_name", FieldValue::Text(key.1.into()));
        set(fact, "alone", FieldValue::Text(if alone { "yes" } else { "no" }.into()));
    }
}

/// The name of a metric without what tools put before it: `eval_accuracy`, `test/acc` and `Accuracy` are the same.
fn common_name(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|character| if character.is_alphanumeric() { character } else { '_' })
        .collect();
    let plain = plain.trim_matches('_');
    let plain = ["eval_", "test_", "metrics_"].iter().find_map(|prefix| plain.strip_prefix(prefix)).unwrap_or(plain);
    match plain {
        "acc" | "accuracy_score" => "accuracy",
        "f1_score" => "f1",
        "auroc" | "roc_auc" | "roc_auc_score" | "auc_roc" => "auc",
        "word_error_rate" => "wer",
        other => other,
    }
    .to_owned()
}

/// True for a pattern that no file has, and that is a pattern at all.
fn leads_nowhere(pattern: &str, tree: &Tree) -> bool {
    let Ok(glob) = Glob::new(pattern) else { return false };
    let matcher = glob.compile_matcher();
    let folder = pattern.trim_end_matches('/');
    !tree.has_folder(folder) && !tree.files.iter().any(|path| matcher.is_match(&**path))
}

/// Fields of a system that name a record.
const RECORDS: &[&str] =
    &["ethics_approval", "risk_assessment", "impact_assessment", "privacy_assessment", "oversight", "explanation"];

/// What documents end in. A word with another end may be anything: a host, a number, a sentence.
const DOCUMENTS: &[&str] = &[
    "md", "markdown", "rst", "adoc", "txt", "pdf", "docx", "odt", "xlsx", "csv", "ipynb", "toml", "yaml", "yml", "json",
];

/// A path without the heading that it leads to.
fn path_of(record: &str) -> &str {
    record.split('#').next().unwrap_or_default().trim_start_matches("./")
}

/// True for what can only be the path of a document of this repository.
fn is_path(record: &str) -> bool {
    let path = path_of(record);
    let is_document = path.rsplit_once('.').is_some_and(|(_, end)| DOCUMENTS.contains(&&*end.to_lowercase()));
    // `wiki.example.org/risk.md` is an address that nobody wrote in full.
    let is_host = path.split_once('/').is_some_and(|(first, _)| !first.starts_with('.') && first.contains('.'));
    let is_elsewhere = path.contains("://") || path.starts_with(['/', '~']) || path.starts_with("..");
    is_document && !is_host && !is_elsewhere && !path.contains(char::is_whitespace)
}

fn set(fact: &mut Fact, field: &str, value: FieldValue) {
    if let Some((old, _)) = fact.kind.field(field).and_then(|index| fact.fields.get_mut(index)) {
        *old = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_have_one_name_whoever_wrote_them() {
        for (name, common) in [
            ("eval_accuracy", "accuracy"),
            ("Acc", "accuracy"),
            ("test/acc", "accuracy"),
            ("F1 Score", "f1"),
            ("ROC-AUC", "auc"),
            ("wer", "wer"),
            ("ÜBER", "über"),
            ("--", ""),
        ] {
            assert_eq!(common_name(name), common, "{name}");
        }
    }

    #[test]
    fn records_are_told_from_addresses_and_sentences() {
        for record in ["docs/risk.md", "./docs/risk.PDF", "risk.md", "docs/risk.md#risks"] {
            assert!(is_path(record), "{record}");
        }
        for record in [
            "",
            "https://example.org/risk.md",
            "wiki.example.org/risk.md",
            "DPIA-2026-04",
            "minutes of 2026-05-20, risk.md",
            "../other/risk.md",
            "/srv/risk.md",
            "N/A",
        ] {
            assert!(!is_path(record), "{record}");
        }
        assert_eq!(path_of("./docs/risk.md#risks"), "docs/risk.md");
    }

    #[test]
    fn patterns_lead_to_files_and_folders() {
        let mut tree = Tree::default();
        tree.files.insert("src/models/a.py".into());
        for (pattern, nowhere) in
            [("src/models/", false), ("src", false), ("**/*.py", false), ("models/**", true), ("[", false)]
        {
            assert_eq!(leads_nowhere(pattern, &tree), nowhere, "{pattern}");
        }
    }
}
