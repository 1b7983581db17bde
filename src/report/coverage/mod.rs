//! Forms of the table of coverage: for people, for pages in Markdown and HTML, for sheets, for scripts and for tools of auditors.

mod address;
mod csv;
mod html;
mod human;
mod json;
mod markdown;
mod oscal;
mod why;

pub use why::write_why;

use crate::coverage::Coverage;
use std::io::{self, Write};

/// What a table of coverage is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageFormat {
    /// For people at a terminal.
    Human,
    /// A page in Markdown.
    Markdown,
    /// For sheets.
    Csv,
    /// For scripts: see `docs/json-output.md`.
    Json,
    /// One page that needs nothing else, for reading, filtering and printing.
    Html,
    /// Assessment results of OSCAL, for the tools of auditors: see `docs/oscal.md`.
    Oscal,
}

/// What stands above a table of coverage.
#[derive(Debug, Clone)]
pub struct Heading {
    /// The version of this tool.
    pub tool_version: &'static str,
    /// What was scanned, as the user named it.
    pub root: String,
    /// The day that counted as today.
    pub today: String,
    /// The profile that was run.
    pub profile: &'static str,
    /// The terminal that it is shown on; `None` in files and pipes.
    pub screen: Option<Screen>,
}

/// A terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// How many columns it has.
    pub columns: usize,
    /// Colours are wanted.
    pub colour: bool,
}

/// Writes `coverage` as `format`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    format: CoverageFormat,
    coverage: &Coverage<'_>,
    heading: &Heading,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        CoverageFormat::Human => human::write(coverage, heading, out),
        CoverageFormat::Markdown => markdown::write(coverage, heading, out),
        CoverageFormat::Csv => csv::write(coverage, out),
        CoverageFormat::Json => json::write(coverage, heading, out),
        CoverageFormat::Html => html::write(coverage, heading, out),
        CoverageFormat::Oscal => oscal::write(coverage, heading, out),
    }
}

/// `Coverage of https://github.com/owner/name at commit 57bb34f (main) on 2026-11-22, with the rules of the profile audit.`
fn sentence(coverage: &Coverage<'_>, heading: &Heading) -> String {
    let commit = coverage.provenance.map_or_else(String::new, |provenance| {
        let branch = provenance.branch.as_ref().map_or_else(String::new, |branch| format!(" ({branch})"));
        format!(" at commit {}{branch}", provenance.revision)
    });
    format!(
        "Coverage of {}{commit} on {}, with the rules of the profile {}.",
        scanned(coverage, heading),
        heading.today,
        heading.profile
    )
}

/// What was scanned: the address of the repository and the folder in it, where they are known, or else what the user typed.
fn scanned(coverage: &Coverage<'_>, heading: &Heading) -> String {
    let known = coverage.provenance.and_then(|provenance| Some((provenance.repository.as_ref()?, &provenance.folder)));
    match known {
        Some((repository, folder)) if folder.is_empty() => repository.clone(),
        Some((repository, folder)) => format!("{} in {repository}", folder.trim_end_matches('/')),
        None => heading.root.clone(),
    }
}

/// `3 broken, 12 held, 40 not assessed`.
fn counts(coverage: &Coverage<'_>) -> String {
    let counts = coverage.counts().filter(|(_, count)| *count > 0);
    counts.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// What could not be read or judged at all, and why commits of evidence are missing; empty when that is nothing.
fn unread(coverage: &Coverage<'_>) -> String {
    let unread = match coverage.not_assessed {
        0 => String::new(),
        count => format!(
            "Besides, {} could not be read or judged: `aimslint check --verbose` lists them.",
            super::counted(count, "place")
        ),
    };
    let undated = coverage.undated.map_or_else(String::new, |reason| format!("Commits of evidence: {reason}."));
    [unread, undated].join(" ").trim().to_owned()
}
