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
    let mut by_reason: BTreeMap<&str, Vec<&NotAssessed>> = BTreeMap::new();
    for entry in entries {
        by_reason.entry(&entry.reason).or_default().push(entry);
    }
    let mut reasons: Vec<_> = by_reason.into_iter().collect();
    if reasons.is_empty() {
        return Ok(());
    }
    reasons.sort_by_key(|(_, entries)| Reverse(entries.len()));
    let (most_reasons, most_places) = if verbose { (usize::MAX, usize::MAX) } else { (REASONS, PLACES) };

    writeln!(out, "Not assessed:")?;
    for (reason, entries) in reasons.iter().take(most_reasons) {
        let mut places: Vec<String> = entries.iter().take(most_places).filter_map(|entry| place(entry)).collect();
        if entries.len() > most_places {
            places.push(format!("and {} more", entries.len() - most_places));
        }
        let places = if places.is_empty() { String::new() } else { format!("{}: ", places.join(", ")) };
        writeln!(out, "  {places}{}", visible(reason))?;
    }
    if reasons.len() > most_reasons {
        let left_out: usize = reasons.iter().skip(most_reasons).map(|(_, entries)| entries.len()).sum();
        writeln!(out, "  and {left_out} more for other reasons (--verbose lists all)")?;
    }
    writeln!(out)
}

fn place(entry: &NotAssessed) -> Option<String> {
    let path = visible(&entry.path);
    match entry.line {
        _ if path.is_empty() => None,
        Some(line) => Some(format!("{path}:{line}")),
        None => Some(path.into_owned()),
    }
}
