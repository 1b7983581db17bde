//! Takes out of the count what the organisation has decided to bear, while its decision lasts.

use crate::baseline::Baseline;
use crate::finding::{Finding, Recorded, State};
use crate::register::Waiver;
use jiff::civil::Date;
use std::collections::HashSet;

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

/// Marks the open findings that the baseline has. Gives its entries whose finding is gone, as far as this run has `judged` them.
pub fn set_aside(findings: &mut [Finding], baseline: &Baseline, judged: impl Fn(&Recorded) -> bool) -> Vec<Recorded> {
    let known: HashSet<&str> = baseline.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
    let mut found = HashSet::new();
    for finding in findings {
        if let Some(fingerprint) = known.get(finding.fingerprint.as_str()) {
            found.insert(*fingerprint);
            if finding.state == State::Open {
                finding.state = State::Baselined;
            }
        }
    }
    let gone = |entry: &&Recorded| !found.contains(entry.fingerprint.as_str()) && judged(entry);
    baseline.entries.iter().filter(gone).cloned().collect()
}
