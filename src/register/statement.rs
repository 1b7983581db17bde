//! Statements: what only the organisation can say of a clause, by whom, and until when.

use super::placeholder::is_placeholder;
use super::{Known, text_or_empty};
use crate::fact::{Choice, Facts, Field, Statement};
use crate::problem::Problems;
use crate::table::Table;
use jiff::civil::Date;

/// Reads one `[[statement]]`. One that lacks something is a problem, and says nothing.
pub(super) fn read(table: &Table<'_>, known: &Known<'_>, facts: &mut Facts, problems: &mut Problems<'_>) {
    let clause = table.required_text("clause", problems);
    let text = table.required_text("text", problems);
    let by = table.required_text("by", problems);
    let on = table.date("on", problems);
    let until = table.date("until", problems);
    let applies = table.flag("applies", problems).is_none_or(|applies| applies.value);
    let reference = text_or_empty(table, "reference", problems);
    table.require("on", "2026-03-01", problems);
    table.require("until", "2027-03-01", problems);
    if let Some(clause) = clause.as_ref().filter(|clause| !known.clauses.contains(&clause.value.as_str())) {
        problems.add_unknown(clause.at, "clause", &clause.value, known.clauses.iter().copied());
    }
    let (Some(clause), Some(text), Some(by), Some(on), Some(until)) = (clause, text, by, on, until) else { return };
    if until.value < on.value {
        problems.add(until.at, "a statement cannot end before it was made");
    }
    let is_placeholder = is_placeholder(&text.value) || is_placeholder(&by.value);
    let statement = Statement {
        clause: Field::found(clause.value.as_str(), clause.at),
        applies: applies.into(),
        text: Field::found(text.value.trim(), text.at),
        by: Field::found(by.value.trim(), by.at),
        on: Field::found(on.value.to_string(), on.at),
        until: Field::found(until.value.to_string(), until.at),
        days_left: Field { value: days(known.today, until.value), at: Some(until.at) },
        life: Field { value: days(on.value, until.value), at: Some(until.at) },
        state: Field::known(match () {
            () if is_placeholder => Choice("placeholder"),
            () if known.today < on.value => Choice("ahead"),
            () if known.today > until.value => Choice("past"),
            () => Choice("valid"),
        }),
        reference,
    };
    facts.add(clause.value, clause.at, statement);
}

fn days(from: Date, to: Date) -> Option<i64> {
    from.until(to).ok().map(|span| i64::from(span.get_days()))
}
