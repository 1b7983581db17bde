//! The table of coverage as a page in Markdown.

use super::{Heading, counts, sentence, unread};
use crate::coverage::{Coverage, LEGEND};
use crate::report::markdown::inline;
use std::io::{self, Write};

pub(super) fn write(coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Coverage of the AI security policy\n\n{}\n", inline(&sentence(coverage, heading)))?;
    writeln!(out, "{}. {}\n", counts(coverage), inline(&unread(coverage)))?;
    writeln!(out, "| {} | what it asks for | standing | what decided |\n|---|---|---|---|", inline(&coverage.of))?;
    for row in &coverage.rows {
        let (id, text, decided) = (inline(&row.id), inline(row.text), inline(&row.decided()));
        writeln!(out, "| {id} | {text} | **{}** | {decided} |", row.standing.word())?;
    }
    writeln!(out, "\nWhat the words mean:\n")?;
    for (word, meaning) in LEGEND {
        writeln!(out, "- **{word}**: {meaning}")?;
    }
    Ok(())
}
