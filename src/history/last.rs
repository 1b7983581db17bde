//! The commits that last changed the files that are shown as evidence.

use super::change::{Step, entry};
use super::pairs::open;
use super::walk::Halt;
use crate::contents::{Contents, LfsPointer, read_blob};
use crate::finding::{Evidence, LastChange, from_root};
use crate::git;
use git2::{Commit, Oid, Repository};
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// Larger files are not held against what is committed, so that it is unknown of them.
const CONTENT_BYTES: usize = 128 << 20;

/// Says of each piece of evidence which commit last changed its file; gives in words why that is not known of all. One walk over up to
/// `commits` commits serves all files. `contents` are those of the folder `root`.
pub fn date<'a>(
    root: &Path,
    evidence: impl Iterator<Item = &'a mut Evidence>,
    contents: &Contents,
    commits: usize,
) -> Option<String> {
    let mut by_file: BTreeMap<Arc<str>, Vec<&mut Evidence>> = BTreeMap::new();
    for evidence in evidence.filter(|evidence| !matches!(&*evidence.place.path, "" | ".")) {
        by_file.entry(Arc::clone(&evidence.place.path)).or_default().push(evidence);
    }
    if by_file.is_empty() {
        return None;
    }
    let (repository, below) = match open(root, "which commit last changed a file is unknown") {
        Ok(opened) => opened,
        Err(reason) => return Some(reason),
    };
    let files: Vec<Arc<str>> = by_file.keys().cloned().collect();
    let mut walk = Walk { repository: &repository, open: BinaryHeap::new(), tracks: HashMap::new(), found: Vec::new() };
    let trouble = walk.run(&files, &below, contents, commits).err();
    for (evidence, changed) in by_file.into_values().zip(walk.found) {
        for evidence in evidence {
            evidence.changed = changed.clone();
        }
    }
    trouble.map(|halt| halt.to_string())
}

/// A file on its way back.
struct Track {
    /// Which file.
    file: usize,
    /// Its path from the repository's root.
    path: String,
    /// Its content, the same all the way.
    content: Oid,
}

struct Walk<'r> {
    repository: &'r Repository,
    /// Commits that are still to be looked at, newest first.
    open: BinaryHeap<(i64, Oid)>,
    tracks: HashMap<Oid, Vec<Track>>,
    /// What was found, file by file.
    found: Vec<LastChange>,
}

impl Walk<'_> {
    fn run(&mut self, files: &[Arc<str>], below: &str, contents: &Contents, limit: usize) -> Result<(), Halt> {
        self.found = vec![LastChange::Unknown; files.len()];
        let tip = git::head(self.repository)?;
        for (file, path) in files.iter().enumerate() {
            let in_repository = from_root(below, path).to_string();
            let content = tip.as_ref().map(|tip| entry(&tip.tree()?, &in_repository)).transpose()?.flatten();
            match (content, &tip) {
                (Some(content), Some(tip)) => match self.is_committed(content, path, contents) {
                    Some(true) => self.follow(Track { file, path: in_repository, content }, tip),
                    Some(false) => self.finish(file, LastChange::Uncommitted),
                    None => {}
                },
                _ => self.finish(file, LastChange::Uncommitted),
            }
        }
        let mut walked = 0;
        while let Some((_, id)) = self.open.pop() {
            let Some(tracks) = self.tracks.remove(&id) else { continue };
            walked += 1;
            if walked > limit {
                return Err(Halt::Commits(limit));
            }
            self.look(&self.repository.find_commit(id)?, tracks)?;
        }
        Ok(())
    }

    /// Sends each file on to the parent that has the same content; what no parent has was changed here.
    fn look(&mut self, commit: &Commit<'_>, mut tracks: Vec<Track>) -> Result<(), Halt> {
        for parent in commit.parents() {
            let step = Step::new(self.repository, parent.tree()?, commit.tree()?);
            let mut other = Vec::new();
            for track in tracks {
                if step.before(&track.path)? == Some(track.content) {
                    self.follow(track, &parent);
                } else {
                    other.push(track);
                }
            }
            tracks = other;
        }
        let day = git::day(commit).unwrap_or_default().to_string();
        for track in tracks {
            self.finish(track.file, LastChange::Commit { id: commit.id().to_string(), day: day.clone() });
        }
        Ok(())
    }

    fn follow(&mut self, track: Track, commit: &Commit<'_>) {
        let waiting = self.tracks.entry(commit.id()).or_default();
        if waiting.is_empty() {
            self.open.push((commit.time().seconds(), commit.id()));
        }
        waiting.push(track);
    }

    fn finish(&mut self, file: usize, changed: LastChange) {
        if let Some(found) = self.found.get_mut(file) {
            *found = changed;
        }
    }

    /// True when the file holds what is committed, but for line ends, which git may change on its way out; `None` when that cannot be told.
    fn is_committed(&self, content: Oid, path: &str, contents: &Contents) -> Option<bool> {
        let committed = read_blob(self.repository, content, CONTENT_BYTES).ok()?;
        if std::str::from_utf8(&committed).is_ok_and(|text| LfsPointer::of(text).is_some()) {
            // The folder may hold what it points to.
            return None;
        }
        let (file, length) = contents.open(path).ok()?;
        let length = usize::try_from(length).ok().filter(|length| *length <= CONTENT_BYTES)?;
        let mut held = Vec::with_capacity(length);
        file.take(CONTENT_BYTES as u64).read_to_end(&mut held).ok()?;
        let without_returns = |bytes: Vec<u8>| bytes.into_iter().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
        Some(held == committed || without_returns(held) == without_returns(committed))
    }
}
