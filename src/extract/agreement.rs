//! Makes facts comparable that speak of the same thing in different files, when all files are read.

use crate::fact::{CheckTool, Fact, FieldValue, Kind, MeasuredMetric, Metric, Seen};
use std::collections::{HashMap, HashSet};

/// Gives metrics the name under which others know them, and says which stand alone.
pub fn join(facts: &mut [Fact]) {
    metrics(facts, Metric::kind(), true);
    metrics(facts, MeasuredMetric::kind(), false);
    tools(facts);
}

/// Says of each tool whether the repository goes further than to import it.
fn tools(facts: &mut [Fact]) {
    let mut imported: HashSet<String> = HashSet::new();
    let mut run: HashSet<String> = HashSet::new();
    for fact in facts.iter().filter(|fact| fact.kind == CheckTool::kind()) {
        match fact.text("form") {
            "dependency" => continue,
            "import" => &mut imported,
            _ => &mut run,
        }
        .insert(fact.text("name").to_owned());
    }
    for fact in facts.iter_mut().filter(|fact| fact.kind == CheckTool::kind()) {
        let name = fact.text("name");
        let only_imported = imported.contains(name) && !run.contains(name);
        fact.set("only_imported", only_imported.into());
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
        fact.set("common_name", FieldValue::Text(key.1.into()));
        fact.set("alone", alone.into());
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
}
