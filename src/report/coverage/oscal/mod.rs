//! The table of coverage as assessment results of OSCAL 1.1.3, the form in which tools of auditors take what was found.
//!
//! OSCAL knows two words for where a control stands: satisfied and not satisfied. Neither fits what a linter knows of a whole clause, so
//! each clause that was looked at gets an objective of its own that says no more than what the rules look at, and that is what is
//! satisfied or not. Clauses of which nothing but words is known, that nobody looked at or that do not apply get an observation
//! that says so, and no finding.

mod control;
mod observation;
mod risk;

use super::{Heading, counts, sentence, unread};
use crate::coverage::{Coverage, Looking};
use crate::fingerprint::{digest_of_words, guid};
use crate::report::inert::{visible, write_json};
use crate::report::markdown::plain;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

const OSCAL_VERSION: &str = "1.1.3";

/// Tells properties of ours from those that OSCAL defines. A name and no address: `.invalid` belongs to nobody.
const NAMESPACE: &str = "https://aimslint.invalid/ns/oscal";

pub(super) fn write(coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    let mut content = Vec::new();
    super::json::write(coverage, heading, &mut content)?;
    let content = digest_of_words(&String::from_utf8_lossy(&content));
    write_json(out, &Assessment { coverage, heading, content }.document())
}

/// What the parts of the document are made from.
struct Assessment<'a> {
    coverage: &'a Coverage<'a>,
    heading: &'a Heading,
    /// A digest of all that the table says: documents that say something else share no identifier.
    content: String,
}

impl<'a> Assessment<'a> {
    fn document(&self) -> Value {
        let mut definitions = json!({});
        let reviewed = self.coverage.rows.iter().filter(|row| control::is_reviewed(row));
        fill(&mut definitions, "objectives-and-methods", reviewed.map(|row| self.objective(row)));
        let mut results = json!({
            "uuid": self.uuid("document", ""),
            "metadata": self.metadata(),
            "import-ap": {
                "href": format!("#{}", self.uuid("resource", "plan")),
                "remarks": "There is no assessment plan in OSCAL; the resource says what was done instead.",
            },
            "results": [self.result()],
            "back-matter": { "resources": [self.plan()] },
        });
        // OSCAL has no empty objects either.
        fill_with(&mut results, "local-definitions", definitions);
        json!({ "assessment-results": results })
    }

    fn metadata(&self) -> Value {
        json!({
            "title": "Coverage of the AI security policy",
            "last-modified": self.moment(),
            "version": self.heading.today,
            "oscal-version": OSCAL_VERSION,
            "remarks": "Written by aimslint, which reads files and runs nothing. A finding says where things stand that rules look at. \
                        None says that a clause or a control as a whole is kept.",
        })
    }

    fn plan(&self) -> Value {
        json!({
            "uuid": self.uuid("resource", "plan"),
            "title": "What was done instead of an assessment plan",
            "description": format!(
                "aimslint {} held the files of the repository against every rule of the profile `{}`. Each rule has an observation that \
                 says what it looked at and what it cannot see; rules that found nothing to look at have none.",
                self.heading.tool_version, self.heading.profile
            ),
        })
    }

    fn result(&self) -> Value {
        let (tool, repository) = (self.uuid("component", "aimslint"), self.uuid("component", "repository"));
        let provenance = self.coverage.provenance;
        let description =
            [sentence(self.coverage, self.heading), format!("{}.", counts(self.coverage)), unread(self.coverage)];
        let mut result = json!({
            "uuid": self.uuid("result", ""),
            "title": line(&format!("Where {} stands", self.name())),
            "description": plain(description.join(" ").trim_end()),
            "start": self.moment(),
            "end": self.moment(),
            "props": properties(&[
                ("profile", self.heading.profile),
                ("rows", &self.coverage.of),
                ("repository", provenance.and_then(|it| it.repository.as_deref()).unwrap_or_default()),
                ("commit", provenance.map(|it| it.revision.as_str()).unwrap_or_default()),
                ("branch", provenance.and_then(|it| it.branch.as_deref()).unwrap_or_default()),
            ]),
            "local-definitions": {
                "components": [{
                    "uuid": repository,
                    "type": "software",
                    "title": line(self.name()),
                    "description": "The repository whose files were read.",
                    "status": { "state": "other", "remarks": "Files were read. Whether anything is in operation was not looked at." },
                }],
                "assessment-assets": {
                    "components": [{
                        "uuid": tool,
                        "type": "software",
                        "title": "aimslint",
                        "description": "A linter that holds a repository against an AI security policy.",
                        "props": properties(&[("version", self.heading.tool_version)]),
                        "status": { "state": "operational" },
                    }],
                    "assessment-platforms": [{
                        "uuid": self.uuid("platform", ""),
                        "title": "Where aimslint ran",
                        "uses-components": [{ "component-uuid": tool }],
                    }],
                },
            },
            "reviewed-controls": self.reviewed_controls(),
        });
        let rules = self.rules();
        let findings =
            || rules.values().flat_map(|looking| looking.findings.iter().map(move |placed| (*looking, *placed)));
        let looked = rules.values().filter(|looking| looking.looked_at.is_some());
        let observations = looked.map(|looking| self.of_rule(looking));
        let observations = observations.chain(findings().map(|(looking, placed)| self.of_finding(looking, placed)));
        let observations = observations.chain(self.coverage.rows.iter().filter_map(|row| self.of_row(row)));
        fill(&mut result, "observations", observations);
        fill(&mut result, "risks", findings().map(|(looking, placed)| self.risk(looking, placed)));
        let reviewed = self.coverage.rows.iter().filter(|row| control::is_reviewed(row));
        fill(&mut result, "findings", reviewed.map(|row| self.finding(row)));
        result
    }

    /// The name of what was scanned.
    fn name(&self) -> &str {
        self.coverage.provenance.and_then(|it| it.repository.as_deref()).unwrap_or(&self.heading.root)
    }

    /// The rules, each once: several rows can cite one.
    fn rules(&self) -> BTreeMap<&'a str, &'a Looking<'a>> {
        self.coverage.rows.iter().flat_map(|row| &row.rules).map(|looking| (looking.rule.id(), looking)).collect()
    }

    /// An identifier that is the same whenever the same is said of the same thing.
    fn uuid(&self, what: &str, name: &str) -> String {
        guid(&format!("aimslint oscal {} {what} {name}", self.content))
    }

    /// The day that counts as today; no clock goes into the document.
    fn moment(&self) -> String {
        start_of(&self.heading.today)
    }

    /// Who observed.
    fn origins(&self) -> Value {
        json!([{ "actors": [{ "type": "tool", "actor-uuid": self.uuid("component", "aimslint") }] }])
    }

    /// What was observed.
    fn subjects(&self) -> Value {
        json!([{ "subject-uuid": self.uuid("component", "repository"), "type": "component" }])
    }
}

fn start_of(day: &str) -> String {
    format!("{day}T00:00:00Z")
}

/// Text where OSCAL takes one line of Markdown.
fn line(text: &str) -> String {
    plain(text.trim())
}

/// Properties of ours; those without a value are left out, for OSCAL has no empty ones.
fn properties(named: &[(&str, &str)]) -> Value {
    let known = named.iter().map(|(name, value)| (name, visible(value.trim()))).filter(|(_, value)| !value.is_empty());
    known.map(|(name, value)| json!({ "name": name, "ns": NAMESPACE, "value": value })).collect()
}

/// Sets a list of an object, unless it is empty, which OSCAL does not know.
fn fill(object: &mut Value, key: &str, items: impl Iterator<Item = Value>) {
    fill_with(object, key, items.collect());
}

/// Sets a key of an object, unless the value is empty, which OSCAL does not know.
fn fill_with(object: &mut Value, key: &str, value: Value) {
    let is_empty =
        value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty);
    if let (false, Some(object)) = (is_empty, object.as_object_mut()) {
        object.insert(key.to_owned(), value);
    }
}
