//! The register that an organisation keeps in its settings: AI systems with their risks and assessments, AI vendors and tools, prompt
//! stores, roles, statements and waivers.

mod entry;
mod placeholder;
pub mod section;
mod statement;

pub use placeholder::is_placeholder;

use crate::fact::{Fact, Facts, Field, Kind, RegisteredVendor, Seen as _, System};
use crate::globs::Globs;
use crate::problem::{Problem, Problems, misspelt};
use crate::source::SourceFile;
use crate::table::{Table, Written};
use crate::tree::Tree;
use crate::waiver::{self, Scope, Waiver};
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
    /// Ids of the AI vendors that we know; a register may name others.
    pub vendors: &'a [&'a str],
    /// The scanned folder, told from where paths are told in the register; empty where both are the same.
    pub below: &'a Arc<str>,
    /// The day that counts as today.
    pub today: Date,
}

/// What the settings declare about AI. Systems, vendors, risks and all the rest are facts like any other, so that rules can judge them.
#[derive(Debug, Clone)]
pub struct Register {
    /// The settings file.
    path: Arc<str>,
    /// Everything that is declared, as facts of the files that declare it.
    pub facts: Facts,
    /// Waivers in the order in which they are written.
    pub waivers: Vec<Waiver>,
    /// The level of a finding follows the risk of the system that it is in.
    pub levels_by_risk: bool,
    /// The sections that have entries, by their plurals.
    declared: BTreeSet<&'static str>,
    /// Files of the register that lie outside of the repository: other repositories may share them.
    shared: BTreeSet<String>,
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
            levels_by_risk: true,
            declared: BTreeSet::new(),
            shared: BTreeSet::new(),
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
        let section = SECTIONS.iter().find(|section| section.plural == plural);
        section.map_or(0, |section| self.facts.all.iter().filter(|fact| fact.kind == (section.kind)()).count())
    }

    /// The sections that have entries, by their plurals: those of other repositories that share the register, too.
    #[must_use]
    pub fn declared(&self) -> &BTreeSet<&'static str> {
        &self.declared
    }

    /// Says which files of the register lie outside of the repository.
    #[must_use]
    pub fn shared_with(self, files: BTreeSet<String>) -> Self {
        Self { shared: files, ..self }
    }

    /// True when a part of it lies outside of the repository.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        !self.shared.is_empty()
    }

    /// The register as far as it is about the repository that holds these files and uses these vendors and tools. An organisation's
    /// register lists those of other repositories too: a system that stands in a shared file and has no path here is left out with all
    /// that is said of it, and so is a vendor or tool that nothing here uses. `below` is as in [`Known`].
    #[must_use]
    pub fn of_repository(self: Arc<Self>, tree: &Tree, below: &Arc<str>, used: &BTreeSet<&str>) -> Arc<Self> {
        if self.shared.is_empty() {
            return self;
        }
        let of_kind = |kind: Kind| self.facts.all.iter().filter(move |fact| fact.kind == kind);
        let elsewhere: BTreeSet<&str> = of_kind(System::kind())
            .filter(|system| self.shared.contains(&*system.path))
            .filter(|system| {
                let paths = Globs::with_all_below(system.list("paths"), below);
                !tree.files.iter().any(|path| paths.is_match(path))
            })
            .map(|system| system.text("name"))
            .collect();
        let vendors = of_kind(RegisteredVendor::kind()).filter(|vendor| used.contains(vendor.text("id")));
        let behind: BTreeSet<&str> = vendors.flat_map(|vendor| vendor.list("relies_on")).map(String::as_str).collect();
        let is_used = |id: &str| used.contains(id) || behind.contains(id);
        let is_here = |fact: &&Fact| {
            let (section, name) = match fact.kind.spec().name {
                "registered-vendor" => ("vendor", fact.text("id")),
                "listed-tool" => ("tool", fact.text("id")),
                "register-entry" => (fact.text("section"), fact.text("name")),
                "system" => ("system", fact.text("name")),
                _ => ("", ""),
            };
            let system = if section == "system" { name } else { fact.text("system") };
            let concerns_us =
                !matches!(section, "vendor" | "tool") || is_used(name) || !self.shared.contains(&*fact.path);
            concerns_us && !elsewhere.contains(system)
        };
        let mut facts = Facts::of(&self.path);
        facts.all = self.facts.all.iter().filter(is_here).cloned().collect();
        Arc::new(Self { facts, ..Self::clone(&self) })
    }

    /// Reads what the file at `path` says of each section.
    pub fn read(&mut self, path: &Arc<str>, root: &Table<'_>, known: &Known<'_>, problems: &mut Problems<'_>) {
        let mut facts = Facts::of(path);
        entry::read(root, &mut facts);
        for section in SECTIONS {
            for table in root.tables(section.name, problems) {
                self.read_entry(section, path, &table, known, &mut facts, problems);
            }
        }
        for table in root.tables("statement", problems) {
            statement::read(&table, known, &mut facts, problems);
            table.finish(problems);
        }
        for table in root.tables("waiver", problems) {
            self.waivers.extend(read_waiver(path, &table, known, problems));
            table.finish(problems);
        }
        if let Some(table) = root.table("register", problems) {
            included_by(&table, problems);
            // The settings decide about levels; a file that many repositories share does not.
            if *path == self.path
                && let Some(flag) = table.flag("levels-by-risk", problems)
            {
                self.levels_by_risk = flag.value;
            }
            table.finish(problems);
        }
        self.facts.all.append(&mut facts.all);
    }

    fn read_entry(
        &mut self,
        section: &'static Section,
        path: &Arc<str>,
        table: &Table<'_>,
        known: &Known<'_>,
        facts: &mut Facts,
        problems: &mut Problems<'_>,
    ) {
        let Some(entry) = section.read(table, problems) else { return };
        if section.name == "vendor"
            && let Some(meant) = misspelt(&entry.subject, known.vendors)
        {
            problems.add(entry.at, format!("unknown vendor `{}`; did you mean `{meant}`?", entry.subject));
        }
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
        facts.add_fields((section.kind)(), entry.subject, entry.at, entry.fields.into_iter().collect());
        self.declared.insert(section.plural);
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

/// The further files that a file of the register names: paths told from that file, of which the last part may be a pattern.
pub fn includes(root: &Table<'_>, problems: &mut Problems<'_>) -> Vec<Written<String>> {
    root.table("register", problems).map_or_else(Vec::new, |table| included_by(&table, problems))
}

fn included_by(table: &Table<'_>, problems: &mut Problems<'_>) -> Vec<Written<String>> {
    table.texts("include", problems)
}

/// A text that is known to be absent when it is not written, or when somebody has yet to write it: the register is ours to fill.
fn text_or_empty(table: &Table<'_>, key: &str, problems: &mut Problems<'_>) -> Field<String> {
    match table.text(key, problems) {
        Some(written) if is_placeholder(&written.value) => Field::found("", written.at),
        Some(written) => Field::found(written.value.trim(), written.at),
        None => Field::known(""),
    }
}

fn read_waiver(path: &Arc<str>, table: &Table<'_>, known: &Known<'_>, problems: &mut Problems<'_>) -> Option<Waiver> {
    let rule = table.required_text("rule", problems);
    let pattern = table.text("path", problems);
    let subject = table.text("subject", problems);
    let reason = table.required_text("reason", problems);
    let approver = table.required_text("approver", problems);
    let ticket = table.required_text("ticket", problems);
    table.require("until", "2027-01-31", problems);
    let until = table.date("until", problems);
    if pattern.is_none() && subject.is_none() {
        problems.add(table.at(), "a waiver needs what it covers: path = \"src/**\", or subject, the name of one thing");
    }
    for empty in [&pattern, &subject].into_iter().flatten().filter(|written| written.value.trim().is_empty()) {
        problems.add(empty.at, "this is empty, and would cover everything");
    }
    let rule = rule?;
    if !waiver::is_known(&rule.value, known.rules) {
        problems.add_unknown(rule.at, "rule", &rule.value, known.rules.iter().copied());
    }
    let glob = |pattern: Written<String>| {
        let refuse = |_: &str, error| problems.add(pattern.at, format!("not a glob: {error}"));
        let files = Globs::of([pattern.value.as_str()], known.below, refuse);
        (pattern.value, files)
    };
    Some(Waiver {
        path: Arc::clone(path),
        at: table.at(),
        rule: rule.value,
        scope: Scope::Register { files: pattern.map(glob), subject: subject.map(|subject| subject.value) },
        reason: reason?.value,
        approver: approver?.value,
        ticket: ticket?.value,
        until: Some(until?.value),
        faults: Vec::new(),
    })
}
