//! Takes the evidence away from cases that pass: a rule that says the same without it was never tried by the case.

mod offer;
mod other;

use super::case::Case;
use super::{EXPECTATION, commits, folders_in, name_of};
use crate::fact::Location;
use crate::finding::Report;
use crate::source::Span;
use crate::{Failure, PolicyBook};
use offer::Offer;
use other::others;
use std::num::NonZero;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, iter, thread};
use walkdir::WalkDir;

/// What a case that passes proves, told by what the rule says when a value, a line or a file is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Id of the rule.
    pub rule: String,
    /// Name of the case's folder.
    pub case: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a rule says of a case when something is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Something makes it fire when it is taken away.
    Fires,
    /// Something makes it fire when what a failing case has is written in its place.
    FiresReplaced,
    /// Nothing that is taken away makes it fire, but it looks at less.
    LooksAtLess,
    /// It says the same whatever is taken away.
    SaysTheSame,
    /// Not tried, and why.
    NotTried(&'static str),
}

/// How many parts of a file are taken away one by one.
const PART_LIMIT: usize = 400;

/// How often something of a failing case is written in the place of something else.
const SWAP_LIMIT: usize = 600;

/// How often a value is written otherwise.
const OTHER_LIMIT: usize = 600;

/// Tries every case that passes, of every rule in `book`, below `fixtures`.
///
/// # Errors
///
/// When a case cannot be run at all.
pub fn mutate(book: &PolicyBook, fixtures: &Path) -> Result<Vec<Proof>, Failure> {
    let cases: Vec<(&String, PathBuf)> = book
        .own_rules()
        .map(|rule| &rule.text.id)
        .flat_map(|id| folders_in(&fixtures.join(id)).into_iter().map(move |folder| (id, folder)))
        .filter(|(_, folder)| name_of(folder).starts_with("pass"))
        .collect();
    let next = AtomicUsize::new(0);
    // Threads of their own: a worker of rayon that waits for a run would take up the next case in the meantime, and the next.
    let work = || {
        let mut proofs = Vec::new();
        while let Some((rule, folder)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = outcome(rule, folder, &fixtures.join(rule), book)?;
            proofs.push(Proof { rule: (*rule).clone(), case: name_of(folder), outcome });
        }
        Ok(proofs)
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let parts: Vec<Result<Vec<Proof>, Failure>> = thread::scope(|scope| {
        let started: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        // A thread that panicked has said so; what it had is missing from the result.
        iter::once(own).chain(started.into_iter().filter_map(|thread| thread.join().ok())).collect()
    });
    let mut proofs = parts.into_iter().collect::<Result<Vec<_>, Failure>>()?.concat();
    proofs.sort_by(|a, b| (&a.rule, &a.case).cmp(&(&b.rule, &b.case)));
    Ok(proofs)
}

fn outcome(rule: &str, folder: &Path, siblings: &Path, book: &PolicyBook) -> Result<Outcome, Failure> {
    let Ok(case) = Case::open(rule, folder)? else { return Ok(Outcome::NotTried("the case has faults")) };
    let whole = case.judge(book)?;
    if whole.open().count() > 0 {
        return Ok(Outcome::NotTried("the rule fires as it is"));
    }
    let place = tempfile::tempdir().map_err(|error| Failure::Unreadable { path: std::env::temp_dir(), error })?;
    let files = copy(folder, place.path())?;
    let evidence = evidence(rule, &whole);
    let mut looks_at_less = false;
    // What no longer parses, and settings that no longer load, say nothing of the rule.
    let mut breaks = |index: usize, taken: &Taken| -> Result<bool, Failure> {
        let Some(file) = files.get(index) else { return Ok(false) };
        let target = place.path().join(&file.path);
        let fail = |error| Failure::Unreadable { path: target.clone(), error };
        taken.apply(&file.bytes, &target).map_err(fail)?;
        let judged = judged(&case, place.path(), book);
        fs::write(&target, &file.bytes).map_err(fail)?;
        let Some(report) = judged.filter(|report| report.not_assessed.is_empty()) else { return Ok(false) };
        looks_at_less |= kept(rule, &report) < kept(rule, &whole);
        Ok(report.open().count() > 0)
    };
    for (index, taken) in all_taken(&files, &evidence) {
        if breaks(index, &taken)? {
            return Ok(Outcome::Fires);
        }
    }
    // Where a rule forbids something, nothing that is missing breaks it: what failing cases have is written in the place of what keeps it.
    for (index, swapped) in
        all_swapped(&files, &evidence, &offer::of_failing(rule, siblings, book)).into_iter().take(SWAP_LIMIT)
    {
        if breaks(index, &swapped)? {
            return Ok(Outcome::FiresReplaced);
        }
    }
    // What must agree with something else, or be new enough, is kept no longer when it is another.
    for (index, range, text) in all_other(&files).into_iter().take(OTHER_LIMIT) {
        if breaks(index, &Taken::Replaced(range, text))? {
            return Ok(Outcome::Fires);
        }
    }
    Ok(match (case.expected.not_applicable, looks_at_less) {
        (true, _) => Outcome::NotTried("the rule looks at nothing there"),
        (false, true) => Outcome::LooksAtLess,
        (false, false) => Outcome::SaysTheSame,
    })
}

/// What the rule says of another state of the case; `None` where the state itself is at fault.
fn judged(case: &Case<'_>, root: &Path, book: &PolicyBook) -> Option<Report> {
    if case.has_history() {
        // The history is made anew from the folders of its commits.
        return Case::open(case.rule(), root).ok()?.ok()?.judge(book).ok();
    }
    case.judge_at(root, book).ok()
}

fn kept(rule: &str, report: &Report) -> usize {
    report.looked_at.get(rule).map_or(0, |looked| looked.kept)
}

/// A file of a case.
struct CaseFile {
    path: String,
    bytes: Vec<u8>,
}

/// Something that is taken away from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Taken {
    /// These bytes of it.
    Part(Range<usize>),
    /// All of it.
    File,
    /// These bytes, and this is written in their place.
    Replaced(Range<usize>, String),
    /// All of it, and this is written in its place.
    Exchanged(Vec<u8>),
}

impl Taken {
    fn apply(&self, bytes: &[u8], target: &Path) -> std::io::Result<()> {
        match self {
            Self::File => fs::remove_file(target),
            Self::Part(range) => fs::write(target, without(bytes, range, "")),
            Self::Exchanged(other) => fs::write(target, other),
            Self::Replaced(range, text) => fs::write(target, without(bytes, range, text)),
        }
    }
}

/// The bytes with these taken out and `text` in their place.
fn without(bytes: &[u8], range: &Range<usize>, text: &str) -> Vec<u8> {
    let before = bytes.get(..range.start).unwrap_or_default();
    let after = bytes.get(range.end..).unwrap_or_default();
    [before, text.as_bytes(), after].concat()
}

/// Where the things stand that the rule found to be as they should be.
fn evidence(rule: &str, report: &Report) -> Vec<(String, Option<Span>)> {
    let evidence = report.looked_at.get(rule).map(|looked| looked.evidence.as_slice()).unwrap_or_default();
    evidence
        .iter()
        .map(|evidence| {
            let value = match evidence.place.location {
                Location::Within(span) => Some(span),
                _ => None,
            };
            (evidence.place.path.to_string(), value)
        })
        .collect()
}

/// Everything that is taken away in turn: first the values that kept the rule, then every line, then every file.
fn all_taken(files: &[CaseFile], evidence: &[(String, Option<Span>)]) -> Vec<(usize, Taken)> {
    let mut all = Vec::new();
    for (path, value) in evidence {
        let file = index_of(files, path);
        all.extend(file.zip(*value).map(|(file, span)| (file, Taken::Part(span.start..span.end))));
    }
    for (index, file) in files.iter().enumerate() {
        // Files without text have no lines.
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        all.extend(parts(text).into_iter().take(PART_LIMIT).map(|part| (index, Taken::Part(part))));
    }
    all.extend((0..files.len()).map(|index| (index, Taken::File)));
    all
}

/// Where a file of the judged tree stands in the case: in the last of its commits that has it.
fn index_of(files: &[CaseFile], path: &str) -> Option<usize> {
    let in_commit = |file: &CaseFile| {
        let below = file.path.strip_prefix(commits::FOLDER).and_then(|below| below.strip_prefix('/'));
        below.and_then(|below| below.split_once('/')).is_some_and(|(_, below)| below == path)
    };
    files.iter().rposition(|file| file.path == path || in_commit(file))
}

/// Everything of failing cases that is written in turn in the place of something of this one: a value for a value that kept the rule, or
/// another value, lines for its lines, a file for its file; then a line for every line, and the day of a commit for the day of a commit.
fn all_swapped(files: &[CaseFile], evidence: &[(String, Option<Span>)], offers: &[Offer]) -> Vec<(usize, Taken)> {
    let mut all = Vec::new();
    for (path, value) in evidence {
        let Some((index, file)) = index_of(files, path).and_then(|index| Some((index, files.get(index)?))) else {
            continue;
        };
        let Some(value) = value else {
            all.extend(offers.iter().map(|offer| (index, Taken::Exchanged(offer.file.clone()))));
            continue;
        };
        for offer in offers {
            all.push((index, Taken::Replaced(value.start..value.end, offer.value.clone())));
            all.push((index, Taken::Replaced(lines_at(&file.bytes, *value), offer.lines.clone())));
        }
    }
    for (index, file) in files.iter().enumerate() {
        let mut start = 0;
        for line in file.bytes.split_inclusive(|byte| *byte == b'\n') {
            let range = start..start + line.trim_ascii_end().len();
            start += line.len();
            let is_day = file.path.ends_with(commits::DESCRIPTION) && line.starts_with(b"date");
            let fits = |offer: &&Offer| is_day == offer.is_day && !range.is_empty();
            all.extend(
                offers.iter().filter(fits).map(|offer| (index, Taken::Replaced(range.clone(), offer.lines.clone()))),
            );
        }
    }
    all
}

/// The lines that a place stands in, without the end of the last.
fn lines_at(bytes: &[u8], place: Span) -> Range<usize> {
    let before = bytes.get(..place.start).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let last = place.end.saturating_sub(1).max(place.start);
    let after = bytes.get(last..).unwrap_or_default();
    let end = after.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| last + end);
    start..end
}

/// Every value of every file, written otherwise.
fn all_other(files: &[CaseFile]) -> Vec<(usize, Range<usize>, String)> {
    let texts =
        files.iter().enumerate().filter_map(|(index, file)| Some((index, std::str::from_utf8(&file.bytes).ok()?)));
    texts.flat_map(|(index, text)| others(text).into_iter().map(move |(range, other)| (index, range, other))).collect()
}

/// Every line of a text, every section of Markdown or TOML with those below it, every further argument or item of a list.
fn parts(text: &str) -> Vec<Range<usize>> {
    let (mut lines, mut headings, mut items) = (Vec::new(), Vec::new(), Vec::new());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if line.starts_with(['#', '[']) {
            headings.push((start, line.chars().take_while(|character| *character == '#').count()));
        }
        if !line.trim().is_empty() {
            lines.push(start..end);
        }
        let mut comma = None;
        for (offset, character) in line.char_indices().filter(|(_, character)| ",)]}".contains(*character)) {
            items.extend(comma.map(|comma| comma..start + offset));
            comma = (character == ',').then_some(start + offset);
        }
        start = end;
    }
    for (index, (from, level)) in headings.iter().enumerate() {
        let next = headings.iter().skip(index + 1).find(|(_, other)| other <= level);
        lines.push(*from..next.map_or(text.len(), |(next, _)| *next));
    }
    lines.extend(items);
    lines
}

/// Copies a case; what is expected of it is no part of it, and says only how a history is judged.
fn copy(from: &Path, to: &Path) -> Result<Vec<CaseFile>, Failure> {
    let mut files = Vec::new();
    for entry in WalkDir::new(from).min_depth(1).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let Ok(path) = entry.path().strip_prefix(from) else { continue };
        let is_expectation = path == Path::new(EXPECTATION);
        if !entry.file_type().is_file() || (is_expectation && !from.join(commits::FOLDER).is_dir()) {
            continue;
        }
        let fail = |error| Failure::Unreadable { path: entry.path().to_path_buf(), error };
        let bytes = fs::read(entry.path()).map_err(fail)?;
        let target = to.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        fs::write(&target, &bytes).map_err(fail)?;
        if is_expectation {
            continue;
        }
        files.push(CaseFile { path: path.to_string_lossy().replace('\\', "/"), bytes });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{lines_at, parts};
    use crate::source::Span;

    #[test]
    fn a_place_has_its_lines() {
        let text = b"one\ntwo = 9\nthree";
        assert_eq!(lines_at(text, Span::new(10, 11)), 4..11);
        assert_eq!(lines_at(text, Span::new(0, 5)), 0..11);
        assert_eq!(lines_at(text, Span::new(12, 17)), 12..17);
    }

    #[test]
    fn lines_sections_and_arguments_are_taken_away() {
        let text = "load(path, safe=True)\n[[vendor]]\nid = 'x'\n[rules]\n";
        let taken: Vec<&str> = parts(text).into_iter().filter_map(|part| text.get(part)).collect();
        assert_eq!(
            taken,
            [
                "load(path, safe=True)\n",
                "[[vendor]]\n",
                "id = 'x'\n",
                "[rules]\n",
                "[[vendor]]\nid = 'x'\n",
                "[rules]\n",
                ", safe=True",
            ]
        );
    }
}
