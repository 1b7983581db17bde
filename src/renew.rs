//! `aimslint baseline`: writes the baseline anew from today's findings. It grows only when it is told to.

use crate::baseline::Baseline;
use crate::finding::{Finding, Report, State};
use crate::own_files::OwnFiles;
use crate::settings::Settings;
use crate::{Failure, PolicyBook, Request, check, read_baseline};
use std::collections::HashSet;

/// What may come into a baseline that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// Nothing: entries only go.
    RemoveOnly,
    /// New findings, as long as there are no more of their rule than before: a file that is moved takes its findings along.
    WithinCounts,
    /// Whatever is found.
    Any,
}

/// A baseline as it is to be written.
#[derive(Debug)]
pub struct Renewed {
    /// What is to be written.
    pub baseline: Baseline,
    /// How many entries are new.
    pub added: usize,
    /// How many entries of the old baseline are not in it.
    pub removed: usize,
    /// Rules of which there are more findings than before, with the old and the new count; empty when growth is allowed.
    pub grown: Vec<(String, usize, usize)>,
}

/// Scans the repository and says what its baseline is now.
///
/// # Errors
///
/// A [`Failure`] when the job could not be done, or when the old baseline cannot be read.
pub fn renew(
    request: &Request,
    book: &PolicyBook,
    settings: Settings,
    growth: Growth,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Renewed, Failure> {
    let old = OwnFiles::of(request)?.baseline()?.map(|file| read_baseline(&file)).transpose()?;
    let (report, _) = check(request, book, settings, progress)?;
    Ok(renewed(old, &report, growth))
}

fn renewed(old: Option<Baseline>, report: &Report, growth: Growth) -> Renewed {
    let wanted = |state: &State| match growth {
        Growth::RemoveOnly if old.is_some() => *state == State::Baselined,
        _ => matches!(state, State::Open | State::Baselined),
    };
    let found = report.findings.iter().map(|placed| &placed.finding);
    let mut baseline =
        Baseline { entries: found.clone().filter(|finding| wanted(&finding.state)).map(Finding::recorded).collect() };
    let Some(old) = old else {
        return Renewed { added: baseline.entries.len(), removed: 0, grown: Vec::new(), baseline };
    };
    // What this run has not judged stays: it may still be there.
    let mended = report.baseline.iter().flat_map(|comparison| &comparison.mended).map(|entry| &entry.fingerprint);
    let gone: HashSet<&String> = mended.chain(found.map(|finding| &finding.fingerprint)).collect();
    baseline.entries.extend(old.entries.iter().filter(|entry| !gone.contains(&entry.fingerprint)).cloned());

    let fingerprints = |baseline: &Baseline| -> HashSet<String> {
        baseline.entries.iter().map(|entry| entry.fingerprint.clone()).collect()
    };
    let (before, after) = (fingerprints(&old), fingerprints(&baseline));
    let counts = old.counts();
    let mut grown = Vec::new();
    for (rule, count) in baseline.counts() {
        let allowed = counts.get(rule).copied().unwrap_or_default();
        if count > allowed && growth != Growth::Any {
            grown.push((rule.to_owned(), allowed, count));
        }
    }
    Renewed { added: after.difference(&before).count(), removed: before.difference(&after).count(), grown, baseline }
}
