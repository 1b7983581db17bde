//! AI systems: what each is, who answers for it, and where the records are that the policy asks for.

use super::placeholder::is_placeholder;
use super::{day_or_empty, known, text_or_empty};
use crate::fact::{Choice, Facts, Field, System};
use crate::problem::Problems;
use crate::table::Table;

const SYSTEM_STATUS: &[(&str, Choice)] = &[
    ("planned", Choice("planned")),
    ("development", Choice("development")),
    ("production", Choice("production")),
    ("retired", Choice("retired")),
];

const RISKS: &[(&str, Choice)] = &[
    ("minimal", Choice("minimal")),
    ("limited", Choice("limited")),
    ("high", Choice("high")),
    ("unacceptable", Choice("unacceptable")),
];

/// Reads one `[[system]]`; false when it has no name.
pub(super) fn read(table: &Table<'_>, facts: &mut Facts, problems: &mut Problems<'_>) -> bool {
    let Some(name) = table.required_text("name", problems) else { return false };
    let paths: Vec<String> = table.texts("paths", problems).into_iter().map(|path| path.value).collect();
    let system = System {
        name: Field::found(name.value.clone(), name.at),
        owner: text_or_empty(table, "owner", problems),
        purpose: text_or_empty(table, "purpose", problems),
        status: known(table.choice("status", SYSTEM_STATUS, problems)),
        risk: known(table.choice("risk", RISKS, problems)),
        paths: paths.into(),
        unmatched: Field::default(),
        personal_data: known(table.flag("personal-data", problems)),
        decides_on_people: known(table.flag("decides-on-people", problems)),
        regimes: texts(table, "regimes", problems),
        approved_by: record(table, "approved-by", problems),
        approved_on: day_or_empty(table, "approved-on", problems),
        ethics_approval: record(table, "ethics-approval", problems),
        risk_assessment: record(table, "risk-assessment", problems),
        impact_assessment: record(table, "impact-assessment", problems),
        privacy_assessment: record(table, "privacy-assessment", problems),
        oversight: record(table, "oversight", problems),
        explanation: record(table, "explanation", problems),
        anomaly_detection: record(table, "anomaly-detection", problems),
        metrics: texts(table, "metrics", problems),
        last_trained: day_or_empty(table, "last-trained", problems),
        retrain_days: known(
            table
                .number("retrain-days", problems)
                .and_then(|days| Some(crate::table::Written { value: i64::try_from(days.value).ok()?, at: days.at })),
        ),
        lost_records: Field::default(),
    };
    facts.add(name.value, name.at, system);
    true
}

/// Where a record is, or what it says; a marker that somebody has yet to replace is none.
fn record(table: &Table<'_>, key: &'static str, problems: &mut Problems<'_>) -> Field<String> {
    let field = text_or_empty(table, key, problems);
    match &field.value {
        Some(text) if is_placeholder(text) || !text.contains(char::is_alphanumeric) => {
            Field { value: Some(String::new()), at: field.at }
        }
        _ => field,
    }
}

fn texts(table: &Table<'_>, key: &'static str, problems: &mut Problems<'_>) -> Field<Vec<String>> {
    let texts = table.texts(key, problems).into_iter().map(|text| text.value);
    texts.filter(|text| !is_placeholder(text)).collect::<Vec<_>>().into()
}
