//! Takes out of the count what the organisation has decided to bear, while its decision lasts.

use crate::baseline::Baseline;
use crate::finding::{Finding, Recorded, State};
use crate::waiver::{Scope, Waiver};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// What a waiver covers in this run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Use {
    /// How many findings.
    pub findings: usize,
    /// The files in which they are.
    pub paths: BTreeSet<Arc<str>>,
}

/// Marks the findings that a waiver covers on the day `today`; one that is past or faulty covers nothing. Says what each covers, in
/// the order of `waivers`: of two that cover the same finding, both do.
pub fn waive(findings: &mut [Finding], waivers: &[Waiver], today: Date) -> Vec<Use> {
    let mut uses = vec![Use::default(); waivers.len()];
    for finding in findings {
        for (waiver, used) in waivers.iter().zip(&mut uses) {
            if !waiver.counts(today) || !waiver.covers(finding) {
                continue;
            }
            used.findings += 1;
            used.paths.insert(Arc::clone(&finding.primary.path));
            if finding.state == State::Open {
                finding.state = State::Waived {
                    reason: waiver.reason.clone(),
                    approver: waiver.approver.clone(),
                    until: waiver.until.map(|until| until.to_string()).unwrap_or_default(),
                    inline: matches!(waiver.scope, Scope::Line(_)),
                };
            }
        }
    }
    uses
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

#[cfg(test)]
mod tests;
