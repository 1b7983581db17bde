//! Facts about files with results or cases of evaluations, told by their paths: `evaluation`.

use super::Context;
use crate::fact::{Evaluation, Facts, Seen as _};
use crate::fingerprint::digest_of_words;
use crate::source::{SourceFile, file_name, folder};

/// Words that say that a file holds what came of looking.
const RESULT_WORDS: &[&str] = &[
    "report",
    "reports",
    "results",
    "result",
    "metrics",
    "evaluation",
    "eval",
    "assessment",
    "audit",
    "scores",
    "analysis",
];

/// Words that say that groups are compared.
const BIAS_WORDS: &[&str] = &["bias", "fairness", "fair", "disaggregated", "parity"];

/// Names of files that hold how well a model does.
const PERFORMANCE_STEMS: &[&str] = &[
    "metrics",
    "scores",
    "evaluation",
    "eval_results",
    "evaluation_results",
    "evaluation_report",
    "eval_report",
    "eval_metrics",
    "evaluation_metrics",
    "test_metrics",
    "test_results",
    "model_metrics",
    "all_results",
    "benchmark_results",
];

/// Folders of cases that prompts are tried on.
const PROMPT_FOLDERS: &[&str] = &["evals", "promptfoo", "prompt_tests", "prompt_evals"];

/// Sees that a file belongs to an evaluation.
pub fn extract(file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    if !context.interest.wants(Evaluation::kind()) || file.text.trim().is_empty() {
        return;
    }
    if let Some(kind) = kind(&file.path) {
        facts.add_whole(&*file.path, Evaluation { kind: kind.into(), digest: digest_of_words(&file.text).into() });
    }
}

fn kind(path: &str) -> Option<&'static str> {
    let lower = path.to_lowercase().replace('-', "_");
    let (stem, extension) = file_name(&lower).rsplit_once('.')?;
    let parts = || folder(&lower).split('/');
    let says = |known: &[&str]| {
        let words = stem.split(['_', '.', ' ']).chain(parts().next_back().into_iter().flat_map(|part| part.split('_')));
        words.into_iter().any(|word| known.contains(&word))
    };
    let is_settings = ["config", "schema"].iter().any(|word| stem.contains(word));
    let is_data = matches!(extension, "json" | "jsonl" | "yaml" | "yml" | "toml");
    if !is_settings && (is_data || matches!(extension, "md" | "html")) && says(BIAS_WORDS) && says(RESULT_WORDS) {
        return Some("bias");
    }
    // In YAML these are as often the settings of a monitor or a step of a pipeline.
    let is_plain = matches!(stem, "metrics" | "scores" | "evaluation");
    if is_data
        && !is_settings
        && (PERFORMANCE_STEMS.contains(&stem) && (extension == "json" || !is_plain)
            || parts().any(|part| matches!(part, "eval_results" | "evaluation_results" | ".eval_results")))
    {
        return Some("performance");
    }
    let is_case = is_data || matches!(extension, "py" | "ts" | "js");
    (stem.starts_with("promptfoo") || is_case && parts().any(|part| PROMPT_FOLDERS.contains(&part))).then_some("prompt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evaluations_are_told_by_their_paths() {
        for (path, told) in [
            ("reports/fairness.md", Some("bias")),
            ("fairness_report.json", Some("bias")),
            ("bias-audit/results.json", Some("bias")),
            ("metrics.json", Some("performance")),
            ("live/eval-results.yaml", Some("performance")),
            (".eval_results/x.yaml", Some("performance")),
            ("monitoring/metrics.yaml", None),
            ("promptfooconfig.yaml", Some("prompt")),
            ("evals/answers.jsonl", Some("prompt")),
            ("evaluation/evaluation.yaml", None),
            ("clarify/bias_analysis_config.json", None),
            ("docs/fairness.md", None),
            ("src/bias.py", None),
        ] {
            assert_eq!(kind(path), told, "{path}");
        }
    }
}
