//! What could not be judged, in a few lines: grouped by reason, the commonest first.

use super::inert::visible;
use crate::finding::NotAssessed;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many reasons are listed, and how many places with each.
const REASONS: usize = 8;
const PLACES: usize = 3;

/// Writes the lines; none when everything was assessed. With `verbose` nothing is left out.
pub fn write(entries: &[NotAssessed], verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    // Parsers say `not valid YAML: ` and then what is wrong in this file.
    let mut by_reason: BTreeMap<&str, Vec<&NotAssessed>> = BTreeMap::new();
    for entry in entries {
        let kind = entry.reason.split_once(": ").map_or(entry.reason.as_str(), |(kind, _)| kind);
        by_reason.entry(kind).or_default().push(entry);
    }
    let mut reasons: Vec<_> = by_reason.into_iter().collect();
    if reasons.is_empty() {
        return Ok(());
    }
    reasons.sort_by_key(|(_, entries)| Reverse(entries.len()));
    let (most_reasons, most_places) = if verbose { (usize::MAX, usize::MAX) } else { (REASONS, PLACES) };

    writeln!(out, "Not assessed:")?;
    for (kind, entries) in reasons.iter().take(most_reasons) {
        if let [entry] = entries.as_slice() {
            writeln!(out, "  {}", line(entry, &entry.reason))?;
            continue;
        }
        writeln!(out, "  {} ({})", visible(kind), entries.len())?;
        for entry in entries.iter().take(most_places) {
            let detail = entry.reason.split_once(": ").map_or("", |(_, detail)| detail);
            writeln!(out, "    {}", line(entry, detail))?;
        }
        if entries.len() > most_places {
            writeln!(out, "    and {} more", entries.len() - most_places)?;
        }
    }
    if reasons.len() > most_reasons {
        let left_out: usize = reasons.iter().skip(most_reasons).map(|(_, entries)| entries.len()).sum();
        writeln!(out, "  and {left_out} more for other reasons")?;
    }
    if !verbose && (reasons.len() > REASONS || reasons.iter().any(|(_, entries)| entries.len() > PLACES)) {
        writeln!(out, "  (--verbose lists all)")?;
    }
    writeln!(out)
}

/// `path:line: text`, without what is not there.
fn line(entry: &NotAssessed, text: &str) -> String {
    let line = entry.line.filter(|_| !entry.path.is_empty()).map(|line| line.to_string()).unwrap_or_default();
    let place = [&*entry.path, &line].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":");
    let parts = [place.as_str(), text].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    visible(&parts.join(": ")).into_owned()
}
