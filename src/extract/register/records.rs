//! Records that the register names by their paths: whether they are there, and whether anything is in them.

use super::Files;
use crate::extract::card::quality;
use crate::extract::card::words::Words;
use crate::fact::{Choice, Fact, Facts, Field, RegisterRecord};
use crate::source::file_name;

/// Fields that name a record, by the kind of the entry, with its section and the states in which nobody needs its records any more.
const RECORDS: &[(&str, &str, &[&str], &[&str])] = &[
    (
        "system",
        "system",
        &["ethics_approval", "risk_assessment", "impact_assessment", "privacy_assessment", "oversight", "explanation"],
        &["retired"],
    ),
    (
        "registered-vendor",
        "vendor",
        &["security_assessment", "privacy_assessment", "contract", "terms"],
        &["retired", "rejected"],
    ),
    ("risk", "risk", &["measures", "reference"], &["closed"]),
    ("impact-assessment", "impact-assessment", &["document"], &[]),
    ("statement", "statement", &["reference"], &[]),
];

/// What documents end in. A word with another end may be anything: a host, a number, a sentence.
const DOCUMENTS: &[&str] = &[
    "md", "markdown", "rst", "adoc", "txt", "pdf", "docx", "odt", "xlsx", "csv", "ipynb", "toml", "yaml", "yml", "json",
];

/// Documents that hold plain sentences.
const PROSE: &[&str] = &["md", "markdown", "rst", "adoc", "txt"];

/// Adds the records that an entry names.
pub(super) fn add(entry: &Fact, files: &Files<'_>, facts: &mut Facts) {
    let kind = entry.kind.spec().name;
    let Some((_, section, fields, done)) = RECORDS.iter().find(|(name, ..)| *name == kind) else { return };
    if done.contains(&entry.text("status")) {
        return;
    }
    for field in *fields {
        let record = entry.text(field);
        let Some(at) = entry.location_of(field).span().filter(|_| is_path(record)) else { continue };
        let path = path_of(record);
        let present = files.tree.contains(path);
        let text = if present && PROSE.contains(&&*ending(path)) { (files.read)(path) } else { None };
        let key = field.replace('_', "-");
        let seen = RegisterRecord {
            section: (*section).into(),
            name: entry.subject.as_str().into(),
            key: key.as_str().into(),
            record: Field::found(record, at),
            present: Field { value: (present || !files.excluded.is_match(path)).then_some(present), at: None },
            content: Field { value: text.map(|text| Choice(content(&text))), at: None },
        };
        facts.add(format!("{section} {} {key}", entry.subject), at, seen);
    }
}

/// A path without the heading that it leads to.
fn path_of(record: &str) -> &str {
    record.split('#').next().unwrap_or_default().trim_start_matches("./")
}

fn ending(path: &str) -> String {
    file_name(path).rsplit_once('.').map_or_else(String::new, |(_, end)| end.to_lowercase())
}

/// True for what can only be the path of a document of this repository.
pub(super) fn is_path(record: &str) -> bool {
    let path = path_of(record);
    let is_document = DOCUMENTS.contains(&&*ending(path));
    // `wiki.example.org/risk.md` is an address that nobody wrote in full.
    let is_host = path.split_once('/').is_some_and(|(first, _)| !first.starts_with('.') && first.contains('.'));
    let is_elsewhere = path.contains("://") || path.starts_with(['/', '~']) || path.starts_with("..");
    is_document && !is_host && !is_elsewhere && !path.contains(char::is_whitespace)
}

/// A document of fewer own words than these is a note.
const THIN: usize = 12;
/// A line of so many own words is a sentence that somebody wrote.
const SENTENCE: usize = 5;
/// Whoever wrote so many own words has written something, whatever placeholders stand beside.
const WRITTEN: usize = 60;

/// How much a document holds besides headings, placeholders and a template's own words.
fn content(text: &str) -> &'static str {
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return "empty";
    }
    let (mut own, mut sentences, mut fillers) = (0, 0, 0);
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', '='])) {
        if quality::is_filler(line) {
            fillers += 1;
            continue;
        }
        let words = Words::of(line).count();
        own += words;
        sentences += usize::from(words >= SENTENCE);
    }
    match own {
        0 => "placeholder",
        _ if own < WRITTEN && fillers > 2 * sentences => "placeholder",
        _ if own < THIN => "thin",
        _ => "substantive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_told_from_addresses_and_sentences() {
        for record in ["docs/risk.md", "./docs/risk.PDF", "risk.md", "docs/risk.md#risks"] {
            assert!(is_path(record), "{record}");
        }
        for record in [
            "",
            "https://example.org/risk.md",
            "wiki.example.org/risk.md",
            "DPIA-2026-04",
            "minutes of 2026-05-20, risk.md",
            "../other/risk.md",
            "/srv/risk.md",
            "N/A",
        ] {
            assert!(!is_path(record), "{record}");
        }
        assert_eq!(path_of("./docs/risk.md#risks"), "docs/risk.md");
    }

    #[test]
    fn a_document_is_told_from_its_scaffold() {
        let approval =
            "# Approval\n\nThe ethics board approved the system on 20 May 2026, with the limits of section 3.\n";
        for (text, holds) in [
            (" \n", "empty"),
            ("# Risk assessment\n\n## Risks\n", "placeholder"),
            ("# Risk assessment\n\nTODO: write it\n\n## Measures\n\nTBD\n", "placeholder"),
            ("Impact: [More Information Needed]\n", "placeholder"),
            ("# Approval\n\nApproved.\n", "thin"),
            (approval, "substantive"),
        ] {
            assert_eq!(content(text), holds, "{text}");
        }
    }
}
