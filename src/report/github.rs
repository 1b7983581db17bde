//! The format `github`: annotations on a pull request, as workflow commands of GitHub Actions.

use super::inert::visible;
use super::summary::{mended, not_assessed, summary};
use super::{Options, counted, shown, with_advice};
use crate::finding::{Level, Placed, Report};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many annotations of one level GitHub shows for a step; it drops the rest silently.
const LIMIT: usize = 10;

/// Writes the worst findings of each level as annotations, and says how many are left out.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let not_assessed = not_assessed(report);
    let mut left_out = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let of_level = shown(report, options).filter(|placed| placed.finding.level == level);
        let of_level = every_rule_first(of_level.collect());
        // One notice is needed below.
        let room = LIMIT - usize::from(level == Level::Note && not_assessed.is_some());
        for placed in of_level.iter().take(room) {
            writeln!(out, "{}", annotation(placed, report))?;
        }
        if of_level.len() > room {
            left_out.push(counted(of_level.len() - room, level.name()));
        }
    }
    if !left_out.is_empty() {
        let left_out = left_out.join(", ");
        writeln!(out, "Not annotated, as GitHub shows only {LIMIT} of each level: {left_out}.")?;
    }
    if let Some(not_assessed) = not_assessed {
        let entries = report.not_assessed.iter().take(LIMIT).map(|entry| match (&*entry.path, entry.line) {
            ("", _) => entry.reason.clone(),
            (path, None) => format!("{path}: {}", entry.reason),
            (path, Some(line)) => format!("{path}:{line}: {}", entry.reason),
        });
        let message = entries.collect::<Vec<_>>().join("\n");
        writeln!(out, "::notice title={}::{}", property(&format!("aimslint: {not_assessed}")), data(&message))?;
    }
    writeln!(out, "{}", summary(report))?;
    mended(report).map_or(Ok(()), |mended| writeln!(out, "{mended}"))
}

/// The first finding of each rule, then the second ones, and so on: one rule with many findings must not take all the room.
fn every_rule_first(findings: Vec<&Placed>) -> Vec<&Placed> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ordered: Vec<(usize, &Placed)> = Vec::new();
    for placed in findings {
        let turn = seen.entry(&placed.finding.rule).or_default();
        ordered.push((*turn, placed));
        *turn += 1;
    }
    ordered.sort_by_key(|(turn, _)| *turn);
    ordered.into_iter().map(|(_, placed)| placed).collect()
}

fn annotation(placed: &Placed, report: &Report) -> String {
    let (finding, region) = (&placed.finding, &placed.region);
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = vec![format!("file={}", property(&region.path)), format!("line={}", region.line)];
    if region.snippet.is_some() && region.line == region.end_line {
        // Columns are understood only within one line.
        properties.push(format!("col={},endColumn={}", region.column, region.end_column));
    } else if region.snippet.is_some() {
        properties.push(format!("endLine={}", region.end_line));
    }
    properties.push(format!("title={}", property(&finding.rule)));
    format!("::{command} {}::{}", properties.join(","), data(&with_advice(placed, report)))
}

/// The text as the message of a workflow command. `%` first, so that what is written here is not escaped again.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| visible(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// The text as a property of a workflow command, where `:` and `,` have a meaning. Line ends are escaped the runner's way, so
/// that the path of a file which has one in its name still leads there.
fn property(text: &str) -> String {
    let escape = |character: char| match character {
        '%' => "%25".to_owned(),
        '\r' => "%0D".to_owned(),
        '\n' => "%0A".to_owned(),
        ':' => "%3A".to_owned(),
        ',' => "%2C".to_owned(),
        other => visible(other.encode_utf8(&mut [0; 4])).into_owned(),
    };
    text.chars().map(escape).collect()
}
