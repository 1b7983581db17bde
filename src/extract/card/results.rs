//! The figures of a card: how many, and whether they are given for groups apart.

use super::areas::Area;
use super::groups;
use super::mentions;
use super::reader::Reader;
use super::words::Words;
use crate::document::prose::Row;

/// Columns that name a metric: a table with one of them holds results wherever it stands.
const METRIC_WORDS: &[&str] = &[
    "accuracy",
    "acc",
    "f1",
    "precision",
    "recall",
    "auc",
    "roc auc",
    "bleu",
    "rouge",
    "wer",
    "cer",
    "mmlu",
    "ndcg",
    "mrr",
    "map",
    "rmse",
    "mae",
    "mse",
    "perplexity",
    "fid",
    "score",
    "metric",
    "exact match",
    "gsm8k",
    "humaneval",
];

/// What the first column is called when each row is a group.
const GROUP_COLUMNS: &[&str] = &[
    "slice",
    "slices",
    "group",
    "groups",
    "subgroup",
    "subgroups",
    "segment",
    "segments",
    "gender",
    "sex",
    "age",
    "age group",
    "age range",
    "race",
    "ethnicity",
    "language",
    "languages",
    "locale",
    "dialect",
    "accent",
    "region",
    "country",
    "skin tone",
    "skin type",
    "demographic",
    "demographics",
    "demographic group",
    "population",
    "cohort",
];

/// What titles of such results say.
const GROUP_TITLES: &[&str] = &[
    "slice",
    "slices",
    "sliced",
    "per group",
    "per language",
    "by group",
    "by gender",
    "by race",
    "by age",
    "by language",
    "by slice",
    "by region",
    "by country",
    "by demographic*",
    "by ethnicity",
    "by sex",
    "subgroup",
    "subgroups",
    "disaggregated",
    "fairness metrics",
    "fairness results",
    "fairness evaluation",
    "intersectional results",
    "unitary results",
];

/// How many metric values the card gives.
pub(super) fn count(reader: &Reader<'_>) -> usize {
    let in_evaluation = reader.under(Area::Evaluation);
    let (mut table_has_metrics, mut table_is_log) = (false, false);
    let mut figures = reader.keys.results().len();
    for row in &reader.prose.rows {
        if row.is_header {
            table_has_metrics = row.cells.iter().any(|cell| Words::of(cell).have_any(METRIC_WORDS));
            // What training printed, epoch by epoch, is no result.
            table_is_log = row.cells.iter().any(|cell| Words::of(cell).are("epoch"));
        }
        let counts = table_has_metrics || in_evaluation.get(row.section).copied().unwrap_or(false);
        if counts && !row.is_header && !table_is_log {
            figures += row.cells.iter().skip(1).filter(|cell| is_figure(cell)).count();
        }
    }
    figures
}

/// Whether results are given for groups apart: by a table whose rows are groups, by a title, or in the front matter.
pub(super) fn are_by_group(reader: &Reader<'_>) -> bool {
    let in_evaluation = reader.under(Area::Evaluation);
    let titled = reader.prose.sections.iter().any(|section| {
        let says_something = Words::of(&section.body).count() > 0 || section.exhibits > 0;
        says_something && Words::of(&section.title).have_any(GROUP_TITLES)
    });
    let tabled = reader.prose.rows.iter().any(|row| {
        let evaluates = in_evaluation.get(row.section).copied().unwrap_or(false);
        let has_metric = || row.cells.iter().any(|cell| Words::of(cell).have_any(METRIC_WORDS));
        let is_group = |cell: &String| GROUP_COLUMNS.iter().any(|column| Words::of(cell).are(column));
        row.is_header && row.cells.iter().any(is_group) && (evaluates || has_metric())
    });
    let keyed = reader.keys.results().iter().any(|result| {
        let group = result.of_metric(&["slice", "group", "config"]);
        Words::of(&group).have_any(GROUP_COLUMNS)
    });
    titled || tabled || keyed || compare_people(reader)
}

/// Whether figures are given for groups of people: in a sentence, or in the rows or columns of a table.
pub(super) fn compare_people(reader: &Reader<'_>) -> bool {
    let in_results = [Area::Evaluation, Area::Bias].map(|area| reader.under(area));
    let is_of_results = |section: usize| in_results.iter().any(|under| under.get(section).copied().unwrap_or(false));
    let told = reader.prose.sections.iter().enumerate().any(|(index, section)| {
        mentions::sentences(&section.body)
            .filter(|sentence| groups::are_compared_in(sentence))
            .any(|sentence| is_of_results(index) || Words::of(sentence).have_any(METRIC_WORDS))
    });
    let of_people = |row: &Row| row.cells.iter().filter(|cell| groups::is_of_people(cell)).count();
    let in_columns = |row: &Row| row.is_header && of_people(row) > 1;
    let has_figures = |row: &Row| row.cells.iter().skip(1).any(|cell| is_figure(cell));
    let mut rows = reader.prose.rows.iter().filter(|row| is_of_results(row.section));
    let in_rows = |row: &&Row| {
        !row.is_header && row.cells.first().is_some_and(|cell| groups::is_of_people(cell)) && has_figures(row)
    };
    told || rows.clone().any(in_columns) || rows.by_ref().filter(in_rows).nth(1).is_some()
}

/// A cell that holds a number: `0.75`, `98ms`, `71.2 %`, `37.5±0.2`.
fn is_figure(cell: &str) -> bool {
    let cell = cell.trim_start_matches(['~', '+', '-', '±', '<', '>', '≤', '≥', '$', ' ', '*']);
    cell.starts_with(|first: char| first.is_ascii_digit())
}
