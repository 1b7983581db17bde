//! The table of coverage for people at a terminal: two lines for each clause, or as many as its width needs.

use super::{Heading, Screen, counts, sentence, unread};
use crate::coverage::{Coverage, LEGEND, Standing};
use crate::report::inert::visible;
use annotate_snippets::renderer::{AnsiColor, Style};
use std::io::{self, Write};

/// Longer lines are hard to read, however wide the terminal is.
const WIDEST: usize = 120;
/// With less room for text than this, lines are left for the terminal to break.
const LEAST_ROOM: usize = 20;
/// How far what decided stands to the right of what the clause asks for.
const STEP: usize = 2;

pub(super) fn write(coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    let columns = heading.screen.map(|screen| screen.columns.min(WIDEST));
    paragraph(&sentence(coverage, heading), 0, columns, out)?;
    writeln!(out)?;
    let widest_id = coverage.rows.iter().map(|row| row.id.len()).max().unwrap_or(0);
    let widest_word = coverage.rows.iter().map(|row| row.standing.word().len()).max().unwrap_or(0);
    let before = widest_id + widest_word + 4;
    for row in &coverage.rows {
        let word = painted(&row.standing, widest_word, heading.screen);
        write!(out, "{:<widest_id$}  {word}  ", row.id)?;
        let mut lines = wrapped(row.text, before, columns).into_iter();
        writeln!(out, "{}", lines.next().unwrap_or_default())?;
        for line in lines {
            writeln!(out, "{:before$}{line}", "")?;
        }
        paragraph(&row.decided(), before + STEP, columns, out)?;
    }
    writeln!(out, "\n{}.", counts(coverage))?;
    let there = |word: &str| coverage.rows.iter().any(|row| row.standing.word() == word);
    for (word, meaning) in LEGEND.iter().filter(|(word, _)| there(word)) {
        paragraph(&format!("{word}: {meaning}"), STEP, columns, out)?;
    }
    paragraph(&unread(coverage), 0, columns, out)?;
    if !coverage.has_register && there("not assessed") {
        paragraph(
            "Much of this is known to people alone. `aimslint init` drafts a register of AI systems and vendors for them to fill in.",
            0,
            columns,
            out,
        )?;
    }
    paragraph("`aimslint why CLAUSE` says which rules looked, at what, and what decided.", 0, columns, out)
}

/// Writes a text whose lines begin in this column; nothing when there is none.
fn paragraph(text: &str, indent: usize, columns: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    for line in wrapped(text, indent, columns) {
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

/// Its lines, when it begins in this column of a terminal; one where there is no terminal.
fn wrapped(text: &str, indent: usize, columns: Option<usize>) -> Vec<String> {
    let text = visible(text);
    let room = columns.map(|columns| columns.saturating_sub(indent)).filter(|room| *room >= LEAST_ROOM);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let fits = |line: &String| room.is_none_or(|room| line.chars().count() + 1 + word.chars().count() <= room);
        match lines.last_mut().filter(|line| fits(line)) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn painted(standing: &Standing, width: usize, screen: Option<Screen>) -> String {
    let word = format!("{:<width$}", standing.word());
    let style = match standing {
        Standing::Broken => AnsiColor::BrightRed.on_default().bold(),
        Standing::Recorded | Standing::Waived | Standing::NeedsReview => AnsiColor::Yellow.on_default().bold(),
        Standing::Held => AnsiColor::Green.on_default().bold(),
        Standing::Stated => AnsiColor::BrightBlue.on_default().bold(),
        Standing::NotAssessed(_) | Standing::NotApplicable(_) => Style::new().dimmed(),
    };
    if screen.is_some_and(|screen| screen.colour) { format!("{style}{word}{style:#}") } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_the_terminal_and_lose_no_word() {
        let text = "nothing that its rules judge is here, and a/very/long/path/that/fits/nowhere.toml";
        let lines = wrapped(text, 4, Some(28));
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| line.chars().count() <= 24 || !line.contains(' ')), "{lines:?}");
        assert_eq!(wrapped(text, 4, None).len(), 1);
        assert_eq!(wrapped(text, 4, Some(10)).len(), 1, "no room to wrap");
    }
}
