//! Takes out of the count what the organisation has decided to bear, while its decision lasts.

use crate::finding::{Finding, State};
use crate::register::Waiver;
use jiff::civil::Date;

/// Marks the findings that a waiver covers on the day `today`; an expired waiver covers nothing.
pub fn waive(findings: &mut [Finding], waivers: &[Waiver], today: Date) {
    for finding in findings {
        let covers = |waiver: &&Waiver| {
            waiver.rule == finding.rule && waiver.until >= today && waiver.path.is_match(&*finding.primary.path)
        };
        if let Some(waiver) = waivers.iter().find(covers) {
            finding.state = State::Waived {
                reason: waiver.reason.clone(),
                approver: waiver.approver.clone(),
                until: waiver.until.to_string(),
            };
        }
    }
}
