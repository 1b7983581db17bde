//! Facts from documents that govern AI systems, and from files that say how the repository is looked after.

mod attributes;
mod branches;
mod hooks;
mod owners;
mod particulars;
mod recognition;
mod updates;

use super::Context;
use super::card::quality::{self, Quality};
use super::card::words::Words;
use crate::catalogue::DocumentKind;
use crate::document::patterns::PatternList;
use crate::document::prose::{Prose, Section};
use crate::document::{Document, Node};
use crate::fact::{Choice, Facts, Field, FieldType, GovernanceDocument, Seen};
use crate::source::{SourceFile, Span, file_name, folder};
use recognition::Recognised;
use std::collections::BTreeMap;

/// Sees a document in Markdown, or nothing when it governs nothing.
pub fn prose(file: &SourceFile, parsed: &Prose, context: &Context<'_>, facts: &mut Facts) {
    let Some(Recognised { kind, title, placeholder }) = recognition::recognise(file, parsed, context.catalogue) else {
        return;
    };
    let Some(name) = choice(&kind.kind) else { return };
    let documents = &context.catalogue.documents;
    let text = Words::of(&recognition::whole_text(parsed));
    let threats = documents.ai_threats.iter().filter(|threat| text.have(threat));
    let threats: Vec<String> = threats.map(|threat| threat.trim_end_matches('*').to_owned()).collect();
    let words = text.count();
    let without_others = text.without(&documents.not_ai.iter().map(String::as_str).collect::<Vec<_>>());
    let speaks_of_ai = !threats.is_empty() || documents.ai.iter().any(|phrase| without_others.have(phrase));
    let particulars = particulars::read(file, parsed);
    let seen = GovernanceDocument {
        kind: Field::known(name),
        title: Field { value: Some(title.text.to_owned()), at: title.at },
        placeholder: Field { value: Some(placeholder.is_some()), at: placeholder },
        sections: Field::known(sections(parsed, kind)),
        ai: Field::known(speaks_of_ai),
        ai_threats: Field::known(threats),
        owner: particulars.owner,
        contact: particulars.contact,
        date: particulars.date,
        next_review: particulars.next_review,
        words: Field::known(i64::try_from(words).unwrap_or(i64::MAX)),
    };
    match title.at {
        Some(at) => facts.add(name.0, at, seen),
        None => facts.add_whole(name.0, seen),
    }
}

/// The kind as the fact table lists it.
fn choice(kind: &str) -> Option<Choice> {
    let Some(FieldType::Choice(known)) = GovernanceDocument::kind().field_type("kind") else { return None };
    known.iter().find(|known| **known == kind).map(|known| Choice(known))
}

/// The quality of each part that the kind asks for and that is there; of several, the best.
fn sections(prose: &Prose, kind: &DocumentKind) -> BTreeMap<String, String> {
    let titles: Vec<Words> = prose.sections.iter().map(|section| Words::of(&section.title)).collect();
    // The title of the whole document opens none of its parts.
    let first = recognition::first_heading(prose).map(|(index, _)| index);
    let mut found = BTreeMap::new();
    for part in &kind.sections {
        let opens = |title: &Words| part.titles.iter().any(|phrase| title.have(phrase));
        let opening = titles.iter().enumerate().filter(|(index, title)| Some(*index) != first && opens(title));
        let best = opening.map(|(index, _)| section_quality(prose, index)).max();
        found.extend(best.map(|quality| (part.area.clone(), quality.name().to_owned())));
    }
    found
}

fn section_quality(prose: &Prose, index: usize) -> Quality {
    let mut text = String::new();
    let mut exhibits = 0;
    let mut add = |section: &Section| {
        text.push_str(&section.body);
        text.push('\n');
        exhibits += section.exhibits;
    };
    prose.subtree(index).take(SECTION_LIMIT).for_each(|(_, section)| add(section));
    let has_rows = prose.rows.iter().any(|row| row.section == index && !row.is_header);
    quality::judge(&text, exhibits + usize::from(has_rows), false)
}

/// How many sections below one are looked at: each may be opened by several titles, and the whole stays linear.
const SECTION_LIMIT: usize = 20;

/// Sees owners of code in CODEOWNERS, and patterns of large files in `.gitattributes`.
pub fn patterns(file: &SourceFile, parsed: &PatternList, context: &Context<'_>, facts: &mut Facts) {
    if file.name() == ".gitattributes" {
        attributes::extract(parsed, facts);
    } else {
        owners::code_owners(file, parsed, context, facts);
    }
}

/// Sees bots, hooks, owners and rules of branches.
pub fn upkeep(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let name = file.name().to_ascii_lowercase();
    match name.as_str() {
        "owners" => owners::of_folder(file, root, facts),
        _ if name.starts_with("dependabot") => updates::dependabot(root, facts),
        _ if name.contains("renovate") => updates::renovate(root, &file.text, facts),
        _ if name.starts_with(".pre-commit") => hooks::extract(root, context, facts),
        _ if name.starts_with("settings") => branches::settings(root, facts),
        _ if file_name(folder(&file.path)) == "rulesets" => branches::rule_set(root, facts),
        _ => {}
    }
}

/// Sees a `security.txt` (RFC 9116): a security policy that is nothing but ways to report.
pub fn security_text(file: &SourceFile, facts: &mut Facts) {
    let mut seen = GovernanceDocument {
        kind: "security-policy".into(),
        title: "security.txt".into(),
        placeholder: false.into(),
        sections: Field::known(BTreeMap::new()),
        ai: false.into(),
        ai_threats: Field::known(Vec::new()),
        owner: Field::known(""),
        contact: Field::known(""),
        date: Field::known(""),
        next_review: Field::known(""),
        words: Field::known(i64::try_from(file.text.split_whitespace().count()).unwrap_or(i64::MAX)),
    };
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let at = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let Some((key, value)) = line.trim_start_matches('\u{feff}').split_once(':') else { continue };
        let has_no_contact = seen.contact.value.as_deref() == Some("");
        match key.trim().to_ascii_lowercase().as_str() {
            "contact" if has_no_contact => seen.contact = Field::found(value.trim(), at),
            "expires" => seen.next_review = particulars::day(value, at),
            _ => {}
        }
    }
    facts.add_whole("security-policy", seen);
}

/// The text and place of a scalar under a key.
fn scalar<'a>(node: &'a Node, key: &str) -> Option<(&'a str, Span)> {
    let found = node.get(key)?;
    Some((found.scalar()?, found.span))
}

#[cfg(test)]
mod tests;
