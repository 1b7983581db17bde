//! Who wrote a line and when, as git tells.

use crate::discover::slashed;
use crate::git;
use crate::source::{Lines, Span};
use git2::{BlameOptions, Oid, Repository};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

/// The author of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Full name.
    pub name: String,
    /// Email address.
    pub email: String,
    /// The day of the commit, in UTC.
    pub day: Date,
}

/// How many files are looked at: blame walks the whole history of each.
const FILES: usize = 30;

/// The authors of the lines that hold these places, in their order; `None` where none is asked for, and where history does not tell: no repository, a line that is not
/// committed, a history that is cut off before the line came. Paths are told from `root`; `read` gives a file's text.
pub fn authors(
    root: &Path,
    places: &[Option<(&str, Span)>],
    read: &mut dyn FnMut(&str) -> Option<String>,
) -> Vec<Option<Author>> {
    let mut authors = vec![None; places.len()];
    let Ok(repository) = git::open(root) else { return authors };
    let mut by_file: BTreeMap<&str, Vec<(usize, Span)>> = BTreeMap::new();
    for (index, place) in places.iter().enumerate() {
        let Some((path, span)) = place else { continue };
        by_file.entry(path).or_default().push((index, *span));
    }
    for (path, places) in by_file.into_iter().take(FILES) {
        let Some(text) = read(path) else { continue };
        let lines = Lines::new(&text);
        let wanted: Vec<(usize, usize)> =
            places.iter().map(|(index, span)| (*index, lines.position(span.start).0)).collect();
        let found = of_lines(&repository, &root.join(path), &text, &wanted).unwrap_or_default();
        for (index, author) in found {
            if let Some(slot) = authors.get_mut(index) {
                *slot = Some(author);
            }
        }
    }
    authors
}

fn of_lines(
    repository: &Repository,
    file: &Path,
    text: &str,
    wanted: &[(usize, usize)],
) -> Option<Vec<(usize, Author)>> {
    let inside = file.canonicalize().ok()?;
    let path = slashed(inside.strip_prefix(repository.workdir()?.canonicalize().ok()?).ok()?)?;
    let committed = repository.blame_file(Path::new(&path), Some(&mut BlameOptions::new())).ok()?;
    let blame = committed.blame_buffer(text.as_bytes()).ok()?;
    let author = |line: usize| author(repository, blame.get_line(line)?.final_commit_id());
    Some(wanted.iter().filter_map(|(index, line)| Some((*index, author(*line)?))).collect())
}

fn author(repository: &Repository, commit: Oid) -> Option<Author> {
    let commit = repository.find_commit(commit).ok()?;
    if repository.is_shallow() && commit.parent_count() == 0 {
        // All that is older than the first commit that was fetched seems to be of this one.
        return None;
    }
    let signature = commit.author();
    let (name, email) = (signature.name().ok()?, signature.email().ok()?);
    Some(Author { name: name.to_owned(), email: email.to_owned(), day: git::day(&commit)? })
}
