//! Reporters: one short file for each format. They see a report and nothing else, and write the same bytes on every machine.

pub mod concise;
pub mod coverage;
pub mod github;
pub mod gitlab;
pub mod human;
mod inert;
pub mod json;
pub mod junit;
pub mod markdown;
mod not_assessed;
pub mod rdjson;
pub mod sarif;
mod summary;

pub use crate::finding::counted;

use crate::finding::{NotAssessed, Placed, Report, State};
use std::io::{self, Write};

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people at a terminal.
    Human,
    /// One line for each finding, for editors and `grep`.
    Concise,
    /// For scripts: see `docs/json-output.md`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// SARIF 2.1.0 with everything that does not count too, for archives.
    SarifArchive,
    /// Annotations on a pull request, as workflow commands of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// JUnit XML, for the test page of any build server.
    Junit,
    /// Reviewdog Diagnostic Format, for comments on lines by reviewdog.
    Rdjson,
    /// A page in Markdown, for a job summary or a comment on a pull request.
    Markdown,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line that have nothing to do with each other")]
pub struct Options<'a> {
    /// The version of this tool.
    pub tool_version: &'a str,
    /// The exit status that the run is going to have.
    pub exit_code: u8,
    /// Terminal colours.
    pub colour: bool,
    /// The output goes to a log of GitHub Actions, which takes some texts for commands.
    pub github_actions: bool,
    /// Everything in full, nothing folded.
    pub verbose: bool,
    /// Waived findings too, marked as such.
    pub show_waived: bool,
    /// The folder of the repository that was scanned; empty when it is its root.
    pub folder: &'a str,
}

/// Writes `report` as `format`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(format: Format, report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, options, out),
        Format::Concise => concise::write(report, options, out),
        Format::Json => json::write(report, options, out),
        Format::Sarif => sarif::write(report, options, sarif::Audience::CodeScanning, out),
        Format::SarifArchive => sarif::write(report, options, sarif::Audience::Archive, out),
        Format::Github => github::write(report, options, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
        Format::Markdown => markdown::write(report, options, out),
    }
}

/// The findings that are written, in order.
fn shown<'a>(report: &'a Report, options: &Options) -> impl Iterator<Item = &'a Placed> {
    let show_waived = options.show_waived;
    report.findings.iter().filter(move |placed| match placed.finding.state {
        State::Open => true,
        State::Waived { .. } => show_waived,
        State::Baselined => false,
    })
}

/// The path of what could not be assessed; the scanned folder where it is about no single file.
fn path_or_root(entry: &NotAssessed) -> &str {
    if entry.path.is_empty() { "." } else { &entry.path }
}

/// The message of a finding, the first line of how to mend it, and the clauses, each on a line of its own.
fn with_advice(placed: &Placed, report: &Report) -> String {
    let cell = placed.region.cell.map(|cell| format!(" (cell {cell})")).unwrap_or_default();
    let mut lines = vec![format!("{}{cell}", placed.finding.message)];
    if let Some(rule) = report.rules.get(&placed.finding.rule) {
        lines.push(format!("Fix: {}", first_line(&rule.fix)));
        lines.push(format!("Policy: {}", rule.clauses.join(", ")));
    }
    lines.join("\n")
}

/// The line of a rule's `fix` that is shown with findings.
fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}
