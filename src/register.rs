//! The register that an organisation keeps in its settings: AI systems with their risks and assessments, AI vendors and tools, prompt
//! stores, roles, statements and waivers.

mod entry;
mod placeholder;
pub mod section;
mod statement;

pub use placeholder::is_placeholder;

use crate::fact::{Facts, Field};
use crate::problem::{Problem, Problems};
use crate::source::SourceFile;
use crate::table::{Table, Written};
use crate::waiver::{self, Scope, Waiver};
use globset::Glob;
use jiff::civil::Date;
use section::{SECTIONS, Section};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a register may name, and the day that it is read on.
#[derive(Debug)]
pub struct Known<'a> {
    /// Ids of the rules that a waiver may name.
    pub rules: &'a [&'a str],
    /// Clauses that a statement may be about.
    pub clauses: &'a [&'a str],
    /// The day that counts as today.
    pub today: Date,
}

/// What the settings declare about AI. Systems, vendors, risks and all the rest are facts like any other, so that rules can judge them.
#[derive(Debug)]
pub struct Register {
    /// The settings file.
    path: Arc<str>,
    /// Everything that is declared, as facts of the files that declare it.
    pub facts: Facts,
    /// Waivers in the order in which they are written.
    pub waivers: Vec<Waiver>,
    /// How many entries each section has, by its plural.
    counts: BTreeMap<&'static str, usize>,
    /// Where each entry that has a name of its own is written, by section and name.
    named: BTreeMap<(&'static str, String), String>,
    /// Names that entries give of other entries: the file, the section and the name with its place.
    references: Vec<(Arc<str>, &'static str, Written<String>)>,
}

impl Register {
    /// A register of the settings file at `path` with nothing in it.
    #[must_use]
    pub fn empty(path: &Arc<str>) -> Self {
        Self {
            path: Arc::clone(path),
            facts: Facts::of(path),
            waivers: Vec::new(),
            counts: BTreeMap::new(),
            named: BTreeMap::new(),
            references: Vec::new(),
        }
    }

    /// The settings file that it is written in.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// How many entries there are of `systems`, `vendors`, `risks`, ...
    #[must_use]
    pub fn count(&self, plural: &str) -> usize {
        self.counts.get(plural).copied().unwrap_or_default()
    }

    /// The sections that have entries, by their plurals.
    #[must_use]
    pub fn declared(&self) -> BTreeSet<&'static str> {
        self.counts.keys().copied().collect()
    }

    /// Reads what the file at `path` says of each section.
    pub fn read(&mut self, path: &Arc<str>, root: &Table<'_>, known: &Known<'_>, problems: &mut Problems<'_>) {
        let mut facts = Facts::of(path);
        entry::read(root, &mut facts);
        for section in SECTIONS {
            for table in root.tables(section.name, problems) {
                self.read_entry(section, path, &table, &mut facts, problems);
            }
        }
        for table in root.tables("statement", problems) {
            statement::read(&table, known, &mut facts, problems);
            table.finish(problems);
        }
        for table in root.tables("waiver", problems) {
            self.waivers.extend(read_waiver(path, &table, known.rules, problems));
            table.finish(problems);
        }
        self.facts.all.append(&mut facts.all);
    }

    fn read_entry(
        &mut self,
        section: &'static Section,
        path: &Arc<str>,
        table: &Table<'_>,
        facts: &mut Facts,
        problems: &mut Problems<'_>,
    ) {
        let Some(entry) = section.read(table, problems) else { return };
        if section.unique {
            let first = self.named.entry((section.name, entry.subject.clone()));
            if let std::collections::btree_map::Entry::Occupied(first) = &first {
                let again =
                    format!("the {} `{}` is registered already, at {}", section.name, entry.subject, first.get());
                problems.add(entry.at, again);
            }
            first.or_insert_with(|| problems.place(entry.at));
        }
        self.references.extend(entry.references.into_iter().map(|(to, name)| (Arc::clone(path), to, name)));
        facts.add_fields((section.kind)(), entry.subject, entry.at, entry.fields);
        *self.counts.entry(section.plural).or_default() += 1;
    }

    /// What entries of `file` name that no file of the register has. To be asked when all files are read.
    #[must_use]
    pub fn lost_references(&self, file: &SourceFile) -> Vec<Problem> {
        let mut problems = Problems::of(file);
        for (_, section, name) in self.references.iter().filter(|(path, ..)| *path == file.path) {
            let known = self.named.keys().filter(|(of, _)| of == section).map(|(_, name)| name.as_str());
            if !known.clone().any(|known| known == name.value) {
                problems.add_unknown(name.at, section, &name.value, known);
            }
        }
        problems.all
    }
}

/// A text that is known to be absent when it is not written, or when somebody has yet to write it: the register is ours to fill.
fn text_or_empty(table: &Table<'_>, key: &str, problems: &mut Problems<'_>) -> Field<String> {
    match table.text(key, problems) {
        Some(written) if is_placeholder(&written.value) => Field::found("", written.at),
        Some(written) => Field::found(written.value.trim(), written.at),
        None => Field::known(""),
    }
}

fn read_waiver(path: &Arc<str>, table: &Table<'_>, rules: &[&str], problems: &mut Problems<'_>) -> Option<Waiver> {
    let rule = table.required_text("rule", problems);
    let pattern = table.text("path", problems);
    let subject = table.text("subject", problems);
    let reason = table.required_text("reason", problems);
    let approver = table.required_text("approver", problems);
    let ticket = table.required_text("ticket", problems);
    let until = table.date("until", problems);
    if until.is_none() {
        problems.add(table.at(), "a waiver needs its last day: until = 2027-01-31");
    }
    if pattern.is_none() && subject.is_none() {
        problems.add(table.at(), "a waiver needs what it covers: path = \"src/**\", or subject, the name of one thing");
    }
    for empty in [&pattern, &subject].into_iter().flatten().filter(|written| written.value.trim().is_empty()) {
        problems.add(empty.at, "this is empty, and would cover everything");
    }
    let rule = rule?;
    if !waiver::is_known(&rule.value, rules) {
        problems.add_unknown(rule.at, "rule", &rule.value, rules.iter().copied());
    }
    let glob = |pattern: Written<String>| match Glob::new(&pattern.value) {
        Ok(glob) => Some(glob.compile_matcher()),
        Err(error) => {
            problems.add(pattern.at, format!("not a glob: {error}"));
            None
        }
    };
    Some(Waiver {
        path: Arc::clone(path),
        at: table.at(),
        rule: rule.value,
        scope: Scope::Register { files: pattern.and_then(glob), subject: subject.map(|subject| subject.value) },
        reason: reason?.value,
        approver: approver?.value,
        ticket: ticket?.value,
        until: Some(until?.value),
        faults: Vec::new(),
    })
}
