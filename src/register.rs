//! The register that an organisation keeps in its settings: AI systems, AI vendors, statements and waivers.

mod entry;
mod placeholder;
mod statement;
mod system;

use crate::fact::{Choice, Facts, Field, RegisteredVendor};
use crate::problem::Problems;
use crate::table::{Table, Written};
use crate::waiver::{self, Scope, Waiver};
use globset::Glob;
use jiff::civil::Date;
use placeholder::is_placeholder;
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

/// What the settings declare about AI. Systems, vendors and statements are facts like any other, so that rules can judge them.
#[derive(Debug)]
pub struct Register {
    /// The settings file.
    path: Arc<str>,
    /// Declared systems, vendors and statements as facts of the settings file.
    pub facts: Facts,
    /// How many systems are declared.
    pub systems: usize,
    /// How many vendors are declared.
    pub vendors: usize,
    /// Waivers in the order in which they are written.
    pub waivers: Vec<Waiver>,
}

const VENDOR_STATUS: &[(&str, Choice)] = &[
    ("approved", Choice("approved")),
    ("pending", Choice("pending")),
    ("rejected", Choice("rejected")),
    ("retired", Choice("retired")),
];

impl Register {
    /// A register of the settings file at `path` with nothing in it.
    #[must_use]
    pub fn empty(path: &Arc<str>) -> Self {
        Self { path: Arc::clone(path), facts: Facts::of(path), systems: 0, vendors: 0, waivers: Vec::new() }
    }

    /// The settings file that it is written in.
    #[must_use]
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Reads `[[system]]`, `[[vendor]]`, `[[statement]]` and `[[waiver]]`.
    pub fn read(&mut self, root: &Table<'_>, known: &Known<'_>, problems: &mut Problems<'_>) {
        entry::read(root, &mut self.facts);
        for table in root.tables("system", problems) {
            self.systems += usize::from(system::read(&table, &mut self.facts, problems));
            table.finish(problems);
        }
        for table in root.tables("vendor", problems) {
            self.read_vendor(&table, problems);
            table.finish(problems);
        }
        for table in root.tables("statement", problems) {
            statement::read(&table, known, &mut self.facts, problems);
            table.finish(problems);
        }
        for table in root.tables("waiver", problems) {
            self.waivers.extend(read_waiver(&self.path, &table, known.rules, problems));
            table.finish(problems);
        }
    }

    fn read_vendor(&mut self, table: &Table<'_>, problems: &mut Problems<'_>) {
        let Some(id) = table.required_text("id", problems) else { return };
        let vendor = RegisteredVendor {
            id: Field::found(id.value.clone(), id.at),
            status: known(table.choice("status", VENDOR_STATUS, problems)),
            approved_by: text_or_empty(table, "approved-by", problems),
            approved_on: day_or_empty(table, "approved-on", problems),
            review_by: day_or_empty(table, "review-by", problems),
            security_assessment: text_or_empty(table, "security-assessment", problems),
            privacy_assessment: text_or_empty(table, "privacy-assessment", problems),
            contract: text_or_empty(table, "contract", problems),
            prompt_data: text_or_empty(table, "prompt-data", problems),
            trains_on_our_data: known(table.flag("trains-on-our-data", problems)),
            critical: known(table.flag("critical", problems)),
            right_to_audit: known(table.flag("right-to-audit", problems)),
        };
        self.facts.add(id.value, id.at, vendor);
        self.vendors += 1;
    }
}

/// A value that is unknown when it is not written.
fn known<T>(written: Option<Written<T>>) -> Field<T> {
    match written {
        Some(written) => Field { value: Some(written.value), at: Some(written.at) },
        None => Field::default(),
    }
}

/// A text that is known to be absent when it is not written, or when somebody has yet to write it: the register is ours to fill.
fn text_or_empty(table: &Table<'_>, key: &'static str, problems: &mut Problems<'_>) -> Field<String> {
    match table.text(key, problems) {
        Some(written) if is_placeholder(&written.value) => Field::found("", written.at),
        Some(written) => Field::found(written.value.trim(), written.at),
        None => Field::known(""),
    }
}

fn day_or_empty(table: &Table<'_>, key: &'static str, problems: &mut Problems<'_>) -> Field<String> {
    match table.date(key, problems) {
        Some(written) => Field::found(written.value.to_string(), written.at),
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
