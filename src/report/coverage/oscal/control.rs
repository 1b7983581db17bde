//! Clauses and controls in OSCAL: which were reviewed, what was to be seen of each, and where that stands.

use super::{Assessment, fill, fill_with, line, properties};
use crate::coverage::{Row, Standing};
use crate::report::inert::visible;
use crate::report::markdown::plain;
use serde_json::{Value, json};

/// True where rules looked at something else than words, so that there is something to find.
pub(super) fn is_reviewed(row: &Row<'_>) -> bool {
    matches!(row.standing, Standing::Broken | Standing::Recorded | Standing::Waived | Standing::Held)
}

impl Assessment<'_> {
    /// All controls but those that were not reviewed, which are named.
    pub(super) fn reviewed_controls(&self) -> Value {
        let (reviewed, other): (Vec<&Row<'_>>, Vec<&Row<'_>>) =
            self.coverage.rows.iter().partition(|row| is_reviewed(row));
        let mut selection = json!({
            "description": "All, but for those of which rules saw nothing that shows anything, or were written for other words: the observation of each of these says why.",
            "include-all": {},
        });
        fill(&mut selection, "exclude-controls", other.iter().map(|row| json!({ "control-id": self.control_id(row) })));
        let mut controls = json!({ "control-selections": [selection] });
        if !reviewed.is_empty() {
            let objectives: Vec<Value> =
                reviewed.iter().map(|row| json!({ "objective-id": self.objective_id(row) })).collect();
            fill_with(&mut controls, "control-objective-selections", json!([{ "include-objectives": objectives }]));
        }
        controls
    }

    /// What of a clause or control rules can see: the only thing that a finding is about.
    pub(super) fn objective(&self, row: &Row<'_>) -> Value {
        let rules: Vec<String> = row.rules.iter().map(|looking| format!("`{}`", looking.rule.id())).collect();
        let prose = format!(
            "Everything in the repository that these rules look at is as they ask: {}. That is a part of what is asked for, never the whole.",
            rules.join(", ")
        );
        json!({
            "control-id": self.control_id(row),
            "description": plain(row.text),
            "props": properties(&[("id", &row.id)]),
            "parts": [{
                "id": self.objective_id(row),
                "name": "assessment-objective",
                "title": line(&format!("What rules see of {}", row.id)),
                "prose": prose,
            }],
        })
    }

    /// Where a reviewed clause or control stands.
    pub(super) fn finding(&self, row: &Row<'_>) -> Value {
        let (state, reason, meaning) = match row.standing {
            // Not `pass`, which would be said of the whole.
            Standing::Held => {
                ("satisfied", "other", "What rules looked at was as they ask; the rest was not looked at.")
            }
            Standing::Broken => ("not-satisfied", "fail", "At least one finding counts."),
            Standing::Recorded => ("not-satisfied", "other", "All findings stood before: they are in the baseline."),
            _ => ("not-satisfied", "other", "The organisation has decided to bear all findings for a while."),
        };
        let mut finding = json!({
            "uuid": self.uuid("finding", &row.id),
            "title": line(&format!("{}: {}", row.id, row.standing.word())),
            "description": plain(&row.decided()),
            "props": properties(&[("standing", row.standing.word()), ("id", &row.id)]),
            "origins": self.origins(),
            "target": {
                "type": "objective-id",
                "target-id": self.objective_id(row),
                "title": line(&format!("What rules see of {}", row.id)),
                "description": plain(row.text),
                "status": { "state": state, "reason": reason, "remarks": meaning },
            },
        });
        let looked = row.rules.iter().filter(|looking| looking.looked_at.is_some());
        let observations = looked
            .map(|looking| self.uuid_of_rule(looking))
            .chain(row.rules.iter().flat_map(|looking| &looking.findings).map(|placed| self.uuid_of_finding(placed)))
            .chain((!row.statements.is_empty()).then(|| self.uuid_of_row(row)));
        fill(&mut finding, "related-observations", observations.map(|uuid| json!({ "observation-uuid": uuid })));
        let risks = row.rules.iter().flat_map(|looking| &looking.findings).map(|placed| self.uuid_of_risk(placed));
        fill(&mut finding, "related-risks", risks.map(|uuid| json!({ "risk-uuid": uuid })));
        finding
    }

    /// The number as OSCAL can write it, which begins with a letter and has no blanks: `clause-3.2.a`, `GOVERN-1.7`.
    pub(super) fn control_id(&self, row: &Row<'_>) -> String {
        let id: String = visible(&row.id)
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' })
            .collect();
        match (self.coverage.of.as_str(), id.starts_with(|first: char| first.is_ascii_alphabetic())) {
            ("clause", _) => format!("clause-{id}"),
            (_, true) => id,
            (_, false) => format!("control-{id}"),
        }
    }

    fn objective_id(&self, row: &Row<'_>) -> String {
        format!("{}_seen-by-rules", self.control_id(row))
    }
}
