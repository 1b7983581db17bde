//! Takes the evidence away from cases that pass: a rule that says the same without it was never tried by the case.

use super::case::Case;
use super::{EXPECTATION, folders_in, name_of};
use crate::fact::Location;
use crate::finding::Report;
use crate::source::Span;
use crate::{Failure, PolicyBook};
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
    /// Nothing that is taken away makes it fire, but it looks at less.
    LooksAtLess,
    /// It says the same whatever is taken away.
    SaysTheSame,
    /// Not tried, and why.
    NotTried(&'static str),
}

/// How many parts of a file are taken away one by one.
const PART_LIMIT: usize = 400;

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
            let outcome = outcome(rule, folder, book)?;
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

fn outcome(rule: &str, folder: &Path, book: &PolicyBook) -> Result<Outcome, Failure> {
    let Ok(case) = Case::open(rule, folder)? else { return Ok(Outcome::NotTried("the case has faults")) };
    if case.has_history() {
        return Ok(Outcome::NotTried("it is told as commits"));
    }
    if case.expected.not_applicable {
        return Ok(Outcome::NotTried("the rule looks at nothing there"));
    }
    let whole = case.judge(book)?;
    if whole.open().count() > 0 {
        return Ok(Outcome::NotTried("the rule fires as it is"));
    }
    let place = tempfile::tempdir().map_err(|error| Failure::Unreadable { path: std::env::temp_dir(), error })?;
    let files = copy(folder, place.path())?;
    let mut looks_at_less = false;
    for (index, taken) in all_taken(&files, &evidence(rule, &whole)) {
        let Some(file) = files.get(index) else { continue };
        let target = place.path().join(&file.path);
        taken.apply(&file.bytes, &target).map_err(|error| Failure::Unreadable { path: target.clone(), error })?;
        let judged = case.judge_at(place.path(), book);
        fs::write(&target, &file.bytes).map_err(|error| Failure::Unreadable { path: target.clone(), error })?;
        // What no longer parses, and settings that no longer load, say nothing of the rule.
        let Ok(report) = judged else { continue };
        if !report.not_assessed.is_empty() {
            continue;
        }
        if report.open().count() > 0 {
            return Ok(Outcome::Fires);
        }
        looks_at_less |= kept(rule, &report) < kept(rule, &whole);
    }
    Ok(if looks_at_less { Outcome::LooksAtLess } else { Outcome::SaysTheSame })
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
}

impl Taken {
    fn apply(&self, bytes: &[u8], target: &Path) -> std::io::Result<()> {
        match self {
            Self::File => fs::remove_file(target),
            Self::Part(range) => {
                let before = bytes.get(..range.start).unwrap_or_default();
                let after = bytes.get(range.end..).unwrap_or_default();
                fs::write(target, [before, after].concat())
            }
        }
    }
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
        let file = files.iter().position(|file| file.path == *path);
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

/// Copies a case without what is expected of it.
fn copy(from: &Path, to: &Path) -> Result<Vec<CaseFile>, Failure> {
    let mut files = Vec::new();
    for entry in WalkDir::new(from).min_depth(1).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let Ok(path) = entry.path().strip_prefix(from) else { continue };
        if !entry.file_type().is_file() || path == Path::new(EXPECTATION) {
            continue;
        }
        let fail = |error| Failure::Unreadable { path: entry.path().to_path_buf(), error };
        let bytes = fs::read(entry.path()).map_err(fail)?;
        let target = to.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        fs::write(&target, &bytes).map_err(fail)?;
        files.push(CaseFile { path: path.to_string_lossy().replace('\\', "/"), bytes });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::parts;

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
