//! The format `gitlab`: a code quality report, which GitLab shows in merge requests. It shows only what counts.

use super::inert::write_json;
use super::path_or_root;
use crate::finding::{Level, NotAssessed, Placed, Report};
use crate::fingerprint::fingerprint;
use serde::Serialize;
use std::io::{self, Write};

/// Writes the findings that count, and what could not be assessed, as issues of a code quality report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.open().map(|placed| issue(placed, report));
    let issues: Vec<Issue> = findings.chain(report.not_assessed.iter().zip(0..).map(not_assessed)).collect();
    write_json(out, &issues)
}

#[derive(Serialize)]
struct Issue<'a> {
    /// GitLab shows neither `check_name` nor anything else of ours, so this one line has to say it all.
    description: String,
    check_name: &'a str,
    /// Of two issues with one fingerprint GitLab drops the second.
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

fn issue<'a>(placed: &'a Placed, report: &Report) -> Issue<'a> {
    let (finding, region) = (&placed.finding, &placed.region);
    let clauses = report.rules.get(&finding.rule).map(|rule| rule.clauses.join(", ")).unwrap_or_default();
    Issue {
        description: format!("{}: {} (policy {clauses})", finding.rule, finding.message),
        check_name: &finding.rule,
        fingerprint: finding.fingerprint.clone(),
        severity: match finding.level {
            Level::Error => "major",
            Level::Warning => "minor",
            Level::Note => "info",
        },
        location: Location { path: &region.path, lines: Lines { begin: region.line, end: region.end_line } },
    }
}

fn not_assessed((entry, ordinal): (&NotAssessed, usize)) -> Issue<'_> {
    let line = entry.line.unwrap_or(1);
    Issue {
        description: format!("not assessed: {}", entry.reason),
        check_name: "not-assessed",
        fingerprint: fingerprint("not-assessed", &entry.path, &entry.reason, ordinal),
        severity: "info",
        location: Location { path: path_or_root(entry), lines: Lines { begin: line, end: line } },
    }
}
