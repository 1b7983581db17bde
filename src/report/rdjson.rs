//! The format `rdjson`: Reviewdog Diagnostic Format, which reviewdog turns into comments on lines at any code host. It shows
//! only what counts.

use super::inert::write_json;
use super::{path_or_root, with_advice};
use crate::finding::{Level, NotAssessed, Placed, Region, Report};
use serde::Serialize;
use std::io::{self, Write};

/// Writes the findings that count, and what could not be assessed, as diagnostics.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.open().map(|placed| diagnostic(placed, report));
    let diagnostics = findings.chain(report.not_assessed.iter().map(not_assessed)).collect();
    write_json(out, &DiagnosticResult { source: Source { name: "aimslint" }, diagnostics })
}

#[derive(Serialize)]
struct DiagnosticResult<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Columns count bytes of UTF-8, from 1; without one the whole line is meant.
#[derive(Serialize)]
struct Position {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

fn diagnostic<'a>(placed: &'a Placed, report: &Report) -> Diagnostic<'a> {
    let finding = &placed.finding;
    Diagnostic {
        message: with_advice(placed, report),
        location: Location { path: &placed.region.path, range: range(&placed.region) },
        severity: match finding.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
            Level::Note => "INFO",
        },
        code: Code { value: &finding.rule },
    }
}

fn not_assessed(entry: &NotAssessed) -> Diagnostic<'_> {
    let position = |line| Position { line, column: None };
    Diagnostic {
        message: format!("Not assessed: {}", entry.reason),
        location: Location {
            path: path_or_root(entry),
            range: entry.line.map(|line| Range { start: position(line), end: position(line) }),
        },
        severity: "INFO",
        code: Code { value: "not-assessed" },
    }
}

/// `None` when the file as a whole is meant.
fn range(region: &Region) -> Option<Range> {
    region.snippet.as_ref()?;
    let columns = column(region, region.bytes.start).zip(column(region, region.bytes.end));
    let (start, end) = columns.unzip();
    Some(Range {
        start: Position { line: region.line, column: start },
        end: Position { line: region.end_line, column: end },
    })
}

/// The column of a byte of the file; `None` when its line is so long that the context does not hold its beginning.
fn column(region: &Region, byte: usize) -> Option<usize> {
    let context = region.context.as_ref()?;
    let before = context.text.get(..byte.checked_sub(context.bytes.start)?)?;
    match before.rfind('\n') {
        Some(line_end) => Some(before.len() - line_end),
        None => (context.column == 1).then_some(before.len() + 1),
    }
}
