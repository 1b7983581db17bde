//! The one sentence that ends the formats for people. It never says that anything complies: it counts what was found.

use super::counted;
use super::inert::visible;
use crate::finding::{Level, Report};
use std::collections::BTreeSet;

/// The sentence, with its full stop and without a line end.
pub fn summary(report: &Report) -> String {
    let files = counted(report.files_seen, "file");
    let asides = asides(report);
    let asides = if asides.is_empty() { String::new() } else { format!(" ({})", asides.join(", ")) };
    if !report.ai_seen {
        return format!("No AI found in {files}: nothing to judge{asides}.");
    }
    let levels = levels(report);
    if levels.is_empty() {
        let new = if report.baselined() > 0 { "new " } else { "" };
        return format!("No {new}findings in {files}{asides}.");
    }
    format!("Found {levels} in {files}{asides}.")
}

/// `3 errors, 1 warning`; empty without findings.
pub fn levels(report: &Report) -> String {
    let count = |level: Level| Some(report.count(level)).filter(|count| *count > 0).map(|n| counted(n, level.name()));
    [Level::Error, Level::Warning, Level::Note].into_iter().filter_map(count).collect::<Vec<_>>().join(", ")
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
