//! Keeps what a change brought: findings that its base does not have, and those on lines that it wrote.

use crate::finding::{Finding, Placed, Region};
use crate::git::{Base, ChangedFile};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// By what a finding is known again: its rule, the file that it belongs to, its subject. Lines move.
type Name = (String, String, String);

/// Keeps of `findings` what the change brought, in their order. `before` are the findings of the base; `written` gives the lines
/// that the change wrote into a file, asked once for each file.
pub fn narrow(
    findings: Vec<Placed>,
    before: &[Finding],
    base: &Base,
    written: &mut dyn FnMut(&ChangedFile) -> Vec<Range<usize>>,
) -> Vec<Placed> {
    let renamed = base.renamed();
    let mut known: HashMap<Name, usize> = HashMap::new();
    for finding in before {
        *known.entry(name(finding, &renamed)).or_default() += 1;
    }
    let changed = base.changed.iter().filter_map(|file| Some((file.new.as_deref()?, file))).collect();
    let mut lines = WrittenLines { changed, read: written, by_path: BTreeMap::new() };
    let touched: Vec<bool> = findings.iter().map(|placed| lines.touch(placed)).collect();
    // Of several with one name those that the change did not write are the old ones.
    let untouched_first =
        |wanted: bool| findings.iter().zip(&touched).enumerate().filter(move |(_, (_, touched))| **touched == wanted);
    let mut is_new = vec![false; findings.len()];
    for (index, (placed, _)) in untouched_first(false).chain(untouched_first(true)) {
        let left = known.get_mut(&name(&placed.finding, &HashMap::new())).filter(|left| **left > 0);
        let is_known = left.map(|left| *left -= 1).is_some();
        if let (false, Some(new)) = (is_known, is_new.get_mut(index)) {
            *new = true;
        }
    }
    let keep = is_new.into_iter().zip(touched);
    findings.into_iter().zip(keep).filter(|(_, (new, touched))| *new || *touched).map(|(placed, _)| placed).collect()
}

/// The name of a finding of the base, told with today's paths.
fn name(finding: &Finding, renamed: &HashMap<&str, &str>) -> Name {
    let today = |path: &Arc<str>| renamed.get(&**path).map_or_else(|| path.to_string(), |new| (*new).to_owned());
    let subject = match renamed.get(&*finding.primary.path) {
        Some(new) => finding.subject.replace(&*finding.primary.path, new),
        None => finding.subject.clone(),
    };
    (finding.rule.clone(), today(&finding.bound_to), subject)
}

/// The lines that a change wrote, file by file as they are asked for.
struct WrittenLines<'a> {
    changed: HashMap<&'a str, &'a ChangedFile>,
    read: &'a mut dyn FnMut(&ChangedFile) -> Vec<Range<usize>>,
    by_path: BTreeMap<Arc<str>, Vec<Range<usize>>>,
}

impl WrittenLines<'_> {
    /// True when its place stands on such a line, or another in the same file: a further use elsewhere of what was found before
    /// is no new trouble, and its place is not the one that is shown.
    fn touch(&mut self, placed: &Placed) -> bool {
        let here = &placed.region;
        let related = placed.related.iter().filter(|region| region.path == here.path);
        std::iter::once(here).chain(related).any(|region| self.hold(region))
    }

    fn hold(&mut self, region: &Region) -> bool {
        // What is said of a file as a whole is not said of its first line.
        if region.snippet.is_none() {
            return false;
        }
        if !self.by_path.contains_key(&region.path) {
            let lines = self.changed.get(&*region.path).map(|file| (self.read)(file)).unwrap_or_default();
            self.by_path.insert(Arc::clone(&region.path), lines);
        }
        let lines = self.by_path.get(&region.path).map_or(&[][..], Vec::as_slice);
        // Ranges are in order: the last that starts at or before the region's end is the one that can reach into it.
        let before = lines.partition_point(|lines| lines.start <= region.end_line);
        lines.get(..before).and_then(<[_]>::last).is_some_and(|lines| lines.end > region.line)
    }
}
