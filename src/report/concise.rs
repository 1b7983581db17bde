//! The format `concise`: `path:line:column: level[rule] message`, one line for each finding.

use super::inert::{LogWriter, visible};
use super::summary::{mended, summary};
use super::{Options, path_or_root, shown};
use crate::finding::{Placed, Report, State};
use std::io::{self, Write};

/// Writes `report` as lines that editors and `grep` understand.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut LogWriter::new(out, options.github_actions);
    for placed in shown(report, options) {
        writeln!(out, "{}", line(placed))?;
    }
    for entry in &report.not_assessed {
        let path = visible(path_or_root(entry));
        writeln!(out, "{path}:{}:1: note[not-assessed] {}", entry.line.unwrap_or(1), visible(&entry.reason))?;
    }
    writeln!(out, "{}", summary(report))?;
    mended(report).map_or(Ok(()), |mended| writeln!(out, "{mended}"))
}

fn line(placed: &Placed) -> String {
    let (finding, region) = (&placed.finding, &placed.region);
    let cell = region.cell.map(|cell| format!(" (cell {cell})")).unwrap_or_default();
    let waived = if finding.state == State::Open { "" } else { " (waived)" };
    format!(
        "{}:{}:{}: {}[{}] {}{cell}{waived}",
        visible(&region.path),
        region.line,
        region.column,
        finding.level.name(),
        finding.rule,
        visible(&finding.message),
    )
}
