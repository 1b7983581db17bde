//! The format `json`: one object for scripts, described in `docs/json-output.md`.

use super::inert::write_json;
use super::{Options, shown};
use crate::finding::{Level, Placed, Recorded, Region, Report, RuleText, State};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Raised when a key is removed or changes its meaning. New keys may come without notice.
const SCHEMA_VERSION: u32 = 1;

/// Writes `report` as one JSON object.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write_json(
        out,
        &Output {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: "aimslint", version: options.tool_version },
            summary: Summary {
                errors: report.count(Level::Error),
                warnings: report.count(Level::Warning),
                notes: report.count(Level::Note),
                waived: report.waived(),
                baselined: report.baselined(),
                files_seen: report.files_seen,
                files_read: report.files_read,
                ai_seen: report.ai_seen,
            },
            compared: report.compared.as_ref().map(|compared| Compared { base: &compared.base, older: compared.older }),
            findings: shown(report, options).map(|placed| finding(placed, report)).collect(),
            not_assessed: report
                .not_assessed
                .iter()
                .map(|entry| NotAssessed { path: &entry.path, line: entry.line, reason: &entry.reason })
                .collect(),
            baseline: report
                .baseline
                .as_ref()
                .map(|baseline| Baseline { path: &baseline.path, mended: &baseline.mended }),
            rules: &report.rules,
        },
    )
}

#[derive(Serialize)]
struct Output<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    summary: Summary,
    compared: Option<Compared<'a>>,
    findings: Vec<Finding<'a>>,
    not_assessed: Vec<NotAssessed<'a>>,
    baseline: Option<Baseline<'a>>,
    rules: &'a BTreeMap<String, RuleText>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    waived: usize,
    baselined: usize,
    files_seen: usize,
    files_read: usize,
    ai_seen: bool,
}

#[derive(Serialize)]
struct Compared<'a> {
    base: &'a str,
    older: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    level: Level,
    level_reason: &'a str,
    systems: &'a [String],
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    clauses: &'a [String],
    controls: &'a [String],
    fingerprint: &'a str,
    subject: &'a str,
    fix: &'a str,
    related: Vec<Related<'a>>,
    more_related: usize,
    state: &'static str,
    waiver: Option<Waiver<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    cell: Option<usize>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    approver: &'a str,
    until: &'a str,
}

#[derive(Serialize)]
struct NotAssessed<'a> {
    path: &'a str,
    line: Option<usize>,
    reason: &'a str,
}

#[derive(Serialize)]
struct Baseline<'a> {
    path: &'a str,
    mended: &'a [Recorded],
}

fn finding<'a>(placed: &'a Placed, report: &'a Report) -> Finding<'a> {
    let found = &placed.finding;
    let rule = report.rules.get(&found.rule);
    let (state, waiver) = match &found.state {
        State::Open => ("open", None),
        State::Baselined => ("baselined", None),
        State::Waived { reason, approver, until, .. } => ("waived", Some(Waiver { reason, approver, until })),
    };
    let related = placed.related.iter().zip(&found.related);
    Finding {
        rule: &found.rule,
        level: found.level,
        level_reason: &found.level_reason,
        systems: &found.systems,
        message: &found.message,
        place: place(&placed.region),
        clauses: rule.map_or(&[], |rule| &rule.clauses),
        controls: rule.map_or(&[], |rule| &rule.controls),
        fingerprint: &found.fingerprint,
        subject: &found.subject,
        fix: rule.map_or("", |rule| rule.fix.trim()),
        related: related.map(|(region, (_, message))| Related { message, place: place(region) }).collect(),
        more_related: found.more_related,
        state,
        waiver,
    }
}

fn place(region: &Region) -> Place<'_> {
    Place {
        path: &region.path,
        line: region.line,
        column: region.column,
        end_line: region.end_line,
        end_column: region.end_column,
        cell: region.cell,
    }
}
