//! Observations in OSCAL: what each rule looked at, each place that breaks one, and what is known of clauses that no rule could review.

use super::super::address::{at_host, commit_at_host, in_folder};
use super::control::is_reviewed;
use super::{Assessment, fill, fill_with, line, properties, start_of};
use crate::coverage::{Looking, Row, Standing, place_of};
use crate::finding::{Evidence, LastChange, Placed, Region, State, Stated};
use crate::report::markdown::plain;
use serde_json::{Value, json};

impl Assessment<'_> {
    pub(super) fn uuid_of_rule(&self, looking: &Looking<'_>) -> String {
        self.uuid("observation", looking.rule.id())
    }

    pub(super) fn uuid_of_finding(&self, placed: &Placed) -> String {
        self.uuid("observation", &format!("{} {}", placed.finding.rule, placed.finding.fingerprint))
    }

    pub(super) fn uuid_of_row(&self, row: &Row<'_>) -> String {
        self.uuid("observation", &row.id)
    }

    /// What a rule looked at, with the first places that were as it asks.
    pub(super) fn of_rule(&self, looking: &Looking<'_>) -> Value {
        let rule = &looking.rule.text;
        let looked_at = looking.looked_at.cloned().unwrap_or_default();
        let [kept, broken, untold] =
            [looked_at.kept, looked_at.broken, looked_at.untold].map(|count| count.to_string());
        let mut observation = json!({
            "uuid": self.uuid_of_rule(looking),
            "title": line(&format!("`{}` looked", rule.id)),
            "description": plain(&format!("The rule `{}` ({}) {}.", rule.id, rule.title, looked_at.told())),
            "props": properties(&[("rule", &rule.id), ("kept", &kept), ("broken", &broken), ("untold", &untold)]),
            // Files are read and nothing is run, which is what NIST calls to examine.
            "methods": ["EXAMINE"],
            "types": ["control-objective"],
            "origins": self.origins(),
            "subjects": self.subjects(),
            "collected": self.moment(),
            "remarks": plain(&format!("What the rule cannot see: {}", rule.blind.split_whitespace().collect::<Vec<_>>().join(" "))),
        });
        let evidence = looking.looked_at.iter().flat_map(|looked_at| &looked_at.evidence);
        let evidence = evidence.filter(|evidence| !evidence.at().is_empty());
        fill(&mut observation, "relevant-evidence", evidence.map(|evidence| self.kept(evidence)));
        observation
    }

    /// A place that breaks a rule.
    pub(super) fn of_finding(&self, looking: &Looking<'_>, placed: &Placed) -> Value {
        let finding = &placed.finding;
        let mut evidence = vec![self.evidence(&placed.region, &format!("{}: {}", place_of(placed), finding.message))];
        let related = finding.related.iter().zip(&placed.related);
        evidence.extend(related.map(|((_, what), region)| self.evidence(region, &format!("{}: {what}", region.path))));
        json!({
            "uuid": self.uuid_of_finding(placed),
            "title": line(&looking.rule.text.title),
            "description": plain(&finding.message),
            "props": properties(&[
                ("rule", &finding.rule),
                ("level", finding.level.name()),
                ("state", match finding.state {
                    State::Open => "open",
                    State::Baselined => "recorded",
                    State::Waived { .. } => "waived",
                }),
                ("fingerprint", &finding.fingerprint),
            ]),
            "methods": ["EXAMINE"],
            "types": ["finding"],
            "origins": self.origins(),
            "subjects": self.subjects(),
            "collected": self.moment(),
            "relevant-evidence": evidence,
        })
    }

    /// What the organisation states of a clause, and why nothing else is known of it where that is so; `None` where rules looked and nobody
    /// stated anything.
    pub(super) fn of_row(&self, row: &Row<'_>) -> Option<Value> {
        if is_reviewed(row) && row.statements.is_empty() {
            return None;
        }
        let (title, method, description) = if is_reviewed(row) {
            (
                format!("What the organisation states of {}", row.id),
                "EXAMINE",
                "The statement was read. Whether it is true was not looked at.".to_owned(),
            )
        } else {
            // Where there is a statement, it was read; else nothing was.
            let method = if row.statements.is_empty() { "UNKNOWN" } else { "EXAMINE" };
            (format!("{}: {}", row.id, row.standing.word()), method, row.decided())
        };
        let mut observation = json!({
            "uuid": self.uuid_of_row(row),
            "title": line(&title),
            "description": plain(&description),
            "props": properties(&[("standing", row.standing.word()), ("id", &row.id), ("control", &self.control_id(row))]),
            "methods": [method],
            "origins": self.origins(),
            "subjects": self.subjects(),
            "collected": self.moment(),
            "remarks": plain(row.text),
        });
        fill(&mut observation, "relevant-evidence", row.statements.iter().map(|stated| self.statement(stated)));
        let until = row.statements.iter().map(|stated| stated.fact.text("until")).filter(|until| is_day(until)).min();
        if let (Standing::Stated, Some(until)) = (&row.standing, until) {
            fill_with(&mut observation, "expires", start_of(until).into());
        }
        Some(observation)
    }

    fn statement(&self, stated: &Stated) -> Value {
        let text = |field| stated.fact.text(field);
        let mut evidence = self.kept(&stated.at);
        let said = ["by", "on", "until", "state", "applies", "reference"].map(|name| (name, text(name)));
        fill_with(&mut evidence, "props", properties(&[&said[..], &last_change(&stated.at.changed)].concat()));
        let description = format!("{}: {} says: {}", stated.at.at(), text("by"), text("text"));
        fill_with(&mut evidence, "description", plain(&description).into());
        evidence
    }

    fn kept(&self, evidence: &Evidence) -> Value {
        let mut kept = json!({
            "href": self.address(&evidence.place.path, evidence.line),
            "description": plain(&format!("{}: {}", evidence.at(), evidence.subject)),
        });
        fill_with(&mut kept, "props", properties(&last_change(&evidence.changed)));
        let address = match &evidence.changed {
            LastChange::Commit { id, .. } => commit_at_host(id, self.coverage.provenance),
            LastChange::Uncommitted | LastChange::Unknown => None,
        };
        fill(&mut kept, "links", address.map(|address| json!({ "href": address, "rel": "last-changed" })).into_iter());
        kept
    }

    fn evidence(&self, region: &Region, description: &str) -> Value {
        let mut evidence = json!({ "description": plain(description) });
        let line = region.snippet.as_ref().map(|_| region.line);
        if !matches!(&*region.path, "" | ".") {
            fill_with(&mut evidence, "href", self.address(&region.path, line).into());
        }
        evidence
    }

    /// Where a place is shown: at the code host in the commit that was scanned, or else by its path from the scanned folder.
    fn address(&self, path: &str, line: Option<usize>) -> String {
        at_host(path, line, self.coverage.provenance).unwrap_or_else(|| in_folder(path, line))
    }
}

/// The commit that last changed a file and its day, as properties.
fn last_change(changed: &LastChange) -> [(&str, &str); 2] {
    let (commit, day) = match changed {
        LastChange::Commit { id, day } => (id.as_str(), day.as_str()),
        LastChange::Uncommitted => ("uncommitted", ""),
        LastChange::Unknown => ("", ""),
    };
    [("commit", commit), ("committed", day)]
}

/// True for a day that can stand in a moment; what people write need not be one.
pub(super) fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == text)
}
