//! The one sentence that ends the formats for people. It never says that anything complies: it counts what was found.

use super::counted;
use super::inert::visible;
use crate::finding::{Level, Placed, Report};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The sentence, with its full stop and without a line end.
pub fn summary(report: &Report) -> String {
    let files = counted(report.files_seen, "file");
    let asides = asides(report);
    let asides = if asides.is_empty() { String::new() } else { format!(" ({})", asides.join(", ")) };
    if !report.ai_seen {
        return format!("No AI found in {files}: nothing to judge{asides}.");
    }
    let levels = levels(report.open());
    // A change is judged within all files, but only what it brought is counted.
    let place = match &report.compared {
        Some(compared) => format!("what changed since {}", compared.base),
        None => files,
    };
    if levels.is_empty() {
        let new = if report.baselined() > 0 { "new " } else { "" };
        return format!("No {new}findings in {place}{asides}.");
    }
    format!("Found {levels} in {place}{asides}.")
}

/// `3 errors, 1 warning`; empty without findings.
pub fn levels<'a>(findings: impl Iterator<Item = &'a Placed>) -> String {
    let mut counts: BTreeMap<Reverse<Level>, usize> = BTreeMap::new();
    for placed in findings {
        *counts.entry(Reverse(placed.finding.level)).or_default() += 1;
    }
    counts.iter().map(|(level, count)| counted(*count, level.0.name())).collect::<Vec<_>>().join(", ")
}

/// What a reader must know besides: what the baseline has, what was waived, and what could not be judged.
fn asides(report: &Report) -> Vec<String> {
    let mut asides = Vec::new();
    if report.baselined() > 0 {
        asides.push(format!("{} older in the baseline", report.baselined()));
    }
    if report.waived() > 0 {
        asides.push(format!("{} waived", report.waived()));
    }
    if let Some(compared) = report.compared.as_ref().filter(|compared| compared.older > 0) {
        asides.push(format!("{} left out", counted(compared.older, "older finding")));
    }
    asides.extend(not_assessed(report));
    asides
}

/// `2 files not assessed`: a file counts when any part of it could not be read or judged.
pub fn not_assessed(report: &Report) -> Option<String> {
    let files: BTreeSet<&str> =
        report.not_assessed.iter().map(|entry| &*entry.path).filter(|path| !path.is_empty()).collect();
    let others = report.not_assessed.iter().filter(|entry| entry.path.is_empty()).count();
    let parts = [(files.len(), "file"), (others, "check")].into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, noun)| counted(count, noun)).collect();
    (!parts.is_empty()).then(|| format!("{} not assessed", parts.join(" and ")))
}

/// Asks to let the baseline shrink when it can; without a line end.
pub fn mended(report: &Report) -> Option<String> {
    let baseline = report.baseline.as_ref().filter(|baseline| !baseline.mended.is_empty())?;
    let findings = counted(baseline.mended.len(), "finding");
    Some(format!(
        "Mended: {findings} of {}; run `aimslint baseline` so that the file shrinks.",
        visible(&baseline.path)
    ))
}
