//! The table of coverage for people at a terminal: two lines for each clause.

use super::{Heading, counts, sentence, unread};
use crate::coverage::{Coverage, LEGEND};
use crate::report::inert::visible;
use std::io::{self, Write};

pub(super) fn write(coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", visible(&sentence(coverage, heading)))?;
    let widest_id = coverage.rows.iter().map(|row| row.id.len()).max().unwrap_or(0);
    let widest_word = coverage.rows.iter().map(|row| row.standing.word().len()).max().unwrap_or(0);
    for row in &coverage.rows {
        let (id, word) = (&row.id, row.standing.word());
        writeln!(out, "{id:<widest_id$}  {word:<widest_word$}  {}", visible(row.text))?;
        writeln!(out, "{:<widest_id$}  {:<widest_word$}    {}", "", "", visible(&row.decided()))?;
    }
    writeln!(out, "\n{}.", counts(coverage))?;
    for (word, meaning) in
        LEGEND.iter().filter(|(word, _)| coverage.rows.iter().any(|row| row.standing.word() == *word))
    {
        writeln!(out, "  {word}: {meaning}")?;
    }
    let unread = unread(coverage);
    if !unread.is_empty() {
        writeln!(out, "{unread}")?;
    }
    writeln!(out, "`aimslint why CLAUSE` says which rules looked, at what, and what decided.")
}
