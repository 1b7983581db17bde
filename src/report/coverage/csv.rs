//! The table of coverage for sheets: one line for each clause (RFC 4180).

use crate::coverage::{Coverage, Row};
use crate::finding::{Evidence, LastChange, State, shortened};
use std::io::{self, Write};

const COLUMNS: &[&str] = &[
    "id",
    "text",
    "kinds",
    "standing",
    "decided",
    "rules",
    "rules that looked",
    "open",
    "recorded",
    "waived",
    "evidence",
];

pub(super) fn write(coverage: &Coverage<'_>, out: &mut dyn Write) -> io::Result<()> {
    line(COLUMNS.iter().map(|column| (*column).to_owned()), out)?;
    for row in &coverage.rows {
        line(cells(row).into_iter(), out)?;
    }
    Ok(())
}

fn cells(row: &Row<'_>) -> Vec<String> {
    let states: Vec<&State> =
        row.rules.iter().flat_map(|looking| &looking.findings).map(|placed| &placed.finding.state).collect();
    let with = |counts: fn(&State) -> bool| states.iter().filter(|state| counts(state)).count().to_string();
    let shown = row.rules.iter().filter(|looking| looking.shows).filter_map(|looking| looking.looked_at);
    let evidence = shown.flat_map(|looked_at| &looked_at.evidence);
    vec![
        row.id.clone(),
        row.text.to_owned(),
        row.kinds.join(" "),
        row.standing.word().to_owned(),
        row.decided(),
        row.rules.len().to_string(),
        row.rules.iter().filter(|looking| looking.looked_at.is_some()).count().to_string(),
        with(|state| *state == State::Open),
        with(|state| *state == State::Baselined),
        with(|state| matches!(state, State::Waived { .. })),
        evidence.map(at_commit).filter(|at| !at.is_empty()).collect::<Vec<_>>().join(" "),
    ]
}

/// `path:line@commit`, as much of it as is known.
fn at_commit(evidence: &Evidence) -> String {
    match &evidence.changed {
        LastChange::Commit { id, .. } => format!("{}@{}", evidence.at(), shortened(id)),
        LastChange::Uncommitted | LastChange::Unknown => evidence.at(),
    }
}

fn line(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell between quotes. Sheets take a text that begins like a formula for one: an apostrophe keeps it a text.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(quoted("=cmd|'/c calc'!A0"), "\"'=cmd|'/c calc'!A0\"");
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
