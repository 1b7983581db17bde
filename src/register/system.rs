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
        approved_by: text_or_empty(table, "approved-by", problems),
        approved_on: day_or_empty(table, "approved-on", problems),
        ethics_approval: text_or_empty(table, "ethics-approval", problems),
        risk_assessment: text_or_empty(table, "risk-assessment", problems),
        impact_assessment: text_or_empty(table, "impact-assessment", problems),
        privacy_assessment: text_or_empty(table, "privacy-assessment", problems),
        oversight: text_or_empty(table, "oversight", problems),
        explanation: text_or_empty(table, "explanation", problems),
        anomaly_detection: text_or_empty(table, "anomaly-detection", problems),
        metrics: texts(table, "metrics", problems),
        last_trained: day_or_empty(table, "last-trained", problems),
        retrain_days: known(
            table
                .number("retrain-days", problems)
                .and_then(|days| Some(crate::table::Written { value: i64::try_from(days.value).ok()?, at: days.at })),
        ),
        records: Field::default(),
        lost_records: Field::default(),
    };
    facts.add(name.value, name.at, system);
    true
}

fn texts(table: &Table<'_>, key: &'static str, problems: &mut Problems<'_>) -> Field<Vec<String>> {
    let texts = table.texts(key, problems).into_iter().map(|text| text.value);
    texts.filter(|text| !is_placeholder(text)).collect::<Vec<_>>().into()
}
