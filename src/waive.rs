//! Takes out of the count what the organisation has decided to bear, while its decision lasts.

use crate::baseline::Baseline;
use crate::finding::{Finding, Recorded, State};
use crate::source::Span;
use crate::waiver::{Scope, Waiver};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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
    let alike = alike(waivers, today);
    let mut of_alike = vec![Use::default(); alike.len()];
    let candidates = Candidates::of(waivers, &alike);
    for finding in findings {
        let mut first: Option<&Waiver> = None;
        for number in candidates.of_finding(finding) {
            let waiver = alike.get(number).and_then(|same| waivers.get(*same.first()?));
            let (Some(waiver), Some(used)) = (waiver.filter(|it| it.covers(finding)), of_alike.get_mut(number)) else {
                continue;
            };
            used.findings += 1;
            used.paths.insert(Arc::clone(&finding.primary.path));
            first.get_or_insert(waiver);
        }
        if let (State::Open, Some(waiver)) = (&finding.state, first) {
            finding.state = State::Waived {
                reason: waiver.reason.clone(),
                approver: waiver.approver.clone(),
                until: waiver.until.map(|until| until.to_string()).unwrap_or_default(),
                inline: matches!(waiver.scope, Scope::Line(_)),
            };
        }
    }
    let mut uses = vec![Use::default(); waivers.len()];
    for (same, used) in alike.iter().zip(of_alike) {
        for index in same {
            if let Some(slot) = uses.get_mut(*index) {
                slot.clone_from(&used);
            }
        }
    }
    uses
}

/// The waivers that count, as indices: together those that cover the same, which a file can repeat a hundred thousand times. In the order
/// of the first of each.
fn alike(waivers: &[Waiver], today: Date) -> Vec<Vec<usize>> {
    let mut alike: Vec<Vec<usize>> = Vec::new();
    let mut of_line: HashMap<(&str, &str, Span), usize> = HashMap::new();
    for (index, waiver) in waivers.iter().enumerate().filter(|(_, waiver)| waiver.counts(today)) {
        let Scope::Line(line) = waiver.scope else {
            alike.push(vec![index]);
            continue;
        };
        let number = *of_line.entry((&waiver.path, &waiver.rule, line)).or_insert(alike.len());
        match alike.get_mut(number) {
            Some(same) => same.push(index),
            None => alike.push(vec![index]),
        }
    }
    alike
}

/// Which waivers a finding has to be tried against: a file can have as many waivers as findings, and so many pairs are too many.
#[derive(Default)]
struct Candidates<'a> {
    /// Those of the register, by what they name.
    named: HashMap<&'a str, Vec<usize>>,
    /// Those of lines, by file and by where the line starts.
    lines: HashMap<&'a str, BTreeMap<usize, Vec<usize>>>,
}

impl<'a> Candidates<'a> {
    fn of(waivers: &'a [Waiver], alike: &[Vec<usize>]) -> Self {
        let mut candidates = Self::default();
        for (number, waiver) in
            alike.iter().enumerate().filter_map(|(number, same)| Some((number, waivers.get(*same.first()?)?)))
        {
            match waiver.scope {
                Scope::Register { .. } => candidates.named.entry(&waiver.rule).or_default().push(number),
                Scope::Line(line) => {
                    let lines = candidates.lines.entry(&waiver.path).or_default();
                    lines.entry(line.start).or_default().push(number);
                }
            }
        }
        candidates
    }

    /// In the order of the waivers.
    fn of_finding(&self, finding: &Finding) -> Vec<usize> {
        let family = finding.rule.split_once('/').map(|(family, _)| format!("{family}/*")).unwrap_or_default();
        let named = [finding.rule.as_str(), &family].into_iter().filter_map(|name| self.named.get(name));
        // Lines are apart: only the last one that starts before the finding can hold it.
        let start = finding.primary.location.span().map(|span| span.start);
        let line = start.zip(self.lines.get(&*finding.primary.path));
        let line = line.and_then(|(start, lines)| lines.range(..=start).next_back()).map(|(_, numbers)| numbers);
        let mut numbers: Vec<usize> = named.chain(line).flatten().copied().collect();
        numbers.sort_unstable();
        numbers
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

#[cfg(test)]
mod tests;
