//! The format `markdown`: one page for a job summary or a comment on a pull request. Findings by file, clauses of the policy, and what
//! was not assessed. It is never longer than a comment may be, and says what it leaves out.

mod text;

use super::inert::LogWriter;
use super::summary::{levels, mended, not_assessed, summary};
use super::{Options, counted, first_line};
use crate::finding::{Placed, Report};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
pub(crate) use text::block;
use text::code;
pub(super) use text::{inline, plain};

/// How many bytes findings take. With the two limits below, the page stays under the 65,536 characters of a comment on GitHub.
const FINDINGS: usize = 28_000;
/// How many bytes the table of clauses takes.
const CLAUSES: usize = 12_000;
/// How many bytes are kept of the list of what was not assessed, which is short already unless paths in it are very long. The
/// marks around it take as much again, each, where it is all backticks.
const NOT_ASSESSED: usize = 6_000;
/// How many bytes of a message, a path or a fix are shown.
const LINE: usize = 300;

/// Writes `report` as a page in Markdown. Findings that do not count are not listed.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut LogWriter::new(out, options.github_actions);
    writeln!(out, "## aimslint\n\n{}\n", summary(report))?;
    writeln!(out, "{}", verdict(options.exit_code))?;
    if let Some(mended) = mended(report) {
        writeln!(out, "\n{}", inline(&mended))?;
    }
    findings(report, out)?;
    clauses(report, out)?;
    if let Some(what) = not_assessed(report) {
        let mut list = Vec::new();
        super::not_assessed::write(&report.not_assessed, options.verbose, &mut list)?;
        let list = String::from_utf8_lossy(&list);
        writeln!(
            out,
            "\n<details><summary>{what}</summary>\n\n{}\n</details>",
            block(&shortened(&list, NOT_ASSESSED))
        )?;
    }
    Ok(())
}

fn verdict(exit_code: u8) -> &'static str {
    match exit_code {
        0 => "**The gate is open**: nothing at or above the level that shuts it.",
        1 => "**The gate is shut**: there are findings at or above the level that shuts it.",
        _ => "**The gate is shut**: something could not be assessed, and `--strict` asks for everything.",
    }
}

/// Findings by file, files with the worst ones first.
fn findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
    for placed in report.open() {
        by_file.entry(&placed.region.path).or_default().push(placed);
    }
    let mut files: Vec<_> = by_file.into_iter().collect();
    files.sort_by_key(|(_, findings)| Reverse(findings.iter().map(|placed| placed.finding.level).max()));
    let all = report.open().count();
    if all == 0 {
        return Ok(());
    }

    writeln!(out, "\n### Findings")?;
    let (mut room, mut written) = (FINDINGS, 0);
    let mut explained = BTreeSet::new();
    'files: for (path, findings) in files {
        let mut heading = format!("\n**{}**\n\n", code(&shortened(path, LINE)));
        for placed in findings {
            let entry = entry(placed, report, explained.contains(placed.finding.rule.as_str()));
            let Some(rest) = room.checked_sub(heading.len() + entry.len()) else {
                break 'files;
            };
            room = rest;
            write!(out, "{}{entry}", std::mem::take(&mut heading))?;
            explained.insert(&*placed.finding.rule);
            written += 1;
        }
    }
    if written < all {
        writeln!(out, "\nThere is no room here for {}.", counted(all - written, "more finding"))?;
    }
    Ok(())
}

/// One finding; the first of its rule also with how to mend it.
fn entry(placed: &Placed, report: &Report, explained: bool) -> String {
    let (finding, region) = (&placed.finding, &placed.region);
    let place = match region.cell {
        Some(cell) => format!(", cell {cell}"),
        None if region.snippet.is_some() => format!(", line {}", region.line),
        None => String::new(),
    };
    let message = inline(&shortened(&finding.message, LINE));
    let mut entry = format!("- **{}**{place}: {message} ({}", finding.level.name(), code(&finding.rule));
    let rule = report.rules.get(&finding.rule);
    if let Some(rule) = rule {
        entry.push_str(&format!(", policy {}", inline(&shortened(&rule.clauses.join(", "), LINE))));
    }
    entry.push_str(")\n");
    if let Some(rule) = rule.filter(|_| !explained) {
        entry.push_str(&format!("  - Fix: {}\n", inline(&shortened(first_line(&rule.fix), LINE))));
    }
    entry
}

/// What was found under each clause of the policy for which a rule found something to look at. The others are counted.
fn clauses(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cited = |rule: &str| report.rules.get(rule).map(|rule| rule.clauses.iter()).into_iter().flatten();
    let looked_at: BTreeSet<&String> = report.looked_at.keys().flat_map(|rule| cited(rule)).collect();
    let mut found: BTreeMap<&String, Vec<&Placed>> = BTreeMap::new();
    for placed in report.open() {
        for clause in cited(&placed.finding.rule) {
            found.entry(clause).or_default().push(placed);
        }
    }
    let (judged, others): (Vec<_>, Vec<_>) =
        report.clauses.iter().partition(|(clause, _)| looked_at.contains(clause) || found.contains_key(clause));
    if judged.is_empty() {
        return Ok(());
    }

    writeln!(out, "\n<details><summary>Clauses of the policy</summary>\n")?;
    writeln!(out, "| clause | what it asks for | findings |\n|---|---|---|")?;
    let mut room = CLAUSES;
    let mut left_out = 0;
    for (clause, text) in judged {
        let found = found.get(clause).map_or("none".to_owned(), |found| levels(found.iter().copied()));
        let row = format!("| {} | {} | {found} |\n", inline(clause), inline(&shortened(text, LINE)));
        match room.checked_sub(row.len()) {
            Some(rest) => {
                room = rest;
                write!(out, "{row}")?;
            }
            None => left_out += 1,
        }
    }
    writeln!(out)?;
    if left_out > 0 {
        writeln!(out, "There is no room here for {}.", counted(left_out, "more clause"))?;
    }
    if !others.is_empty() {
        writeln!(out, "For {} there was nothing to look at.", counted(others.len(), "more clause"))?;
    }
    writeln!(
        out,
        "No findings under a clause means that its rules found none, not that the clause is kept.\n\n</details>"
    )
}

/// The text, cut where it is longer than `limit` bytes.
fn shortened(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", text.get(..end).unwrap_or_default())
}
