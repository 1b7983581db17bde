//! Risks in OSCAL: each finding that counts, that stood before, or that the organisation has decided to bear for a while.

use super::observation::is_day;
use super::{Assessment, fill_with, line, properties, start_of};
use crate::coverage::Looking;
use crate::finding::{Placed, State};
use crate::report::markdown::plain;
use serde_json::{Value, json};

impl Assessment<'_> {
    pub(super) fn uuid_of_risk(&self, placed: &Placed) -> String {
        self.uuid("risk", &format!("{} {}", placed.finding.rule, placed.finding.fingerprint))
    }

    pub(super) fn risk(&self, looking: &Looking<'_>, placed: &Placed) -> Value {
        let (rule, finding) = (&looking.rule.text, &placed.finding);
        let (status, state, approver, until) = match &finding.state {
            State::Open => ("open", "open", "", ""),
            State::Baselined => ("open", "recorded", "", ""),
            // A waiver ends: it is a deviation that somebody has approved, not a risk that is closed.
            State::Waived { approver, until, .. } => {
                ("deviation-approved", "waived", approver.as_str(), until.as_str())
            }
        };
        let mut risk = json!({
            "uuid": self.uuid_of_risk(placed),
            "title": line(&rule.title),
            "description": plain(&finding.message),
            "statement": rule.why.trim(),
            "props": properties(&[
                ("rule", &rule.id),
                ("level", finding.level.name()),
                ("state", state),
                ("waived-by", approver),
                ("waived-until", until),
                ("waived-because", &finding.state.justification().unwrap_or_default()),
            ]),
            "status": status,
            "origins": self.origins(),
            "remediations": [{
                "uuid": self.uuid("remediation", &format!("{} {}", finding.rule, finding.fingerprint)),
                "lifecycle": "recommendation",
                "title": "How to mend it",
                "description": rule.fix.trim(),
            }],
            "related-observations": [{ "observation-uuid": self.uuid_of_finding(placed) }],
        });
        if is_day(until) {
            fill_with(&mut risk, "deadline", start_of(until).into());
        }
        risk
    }
}
