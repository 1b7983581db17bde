//! Which files differ between a base and what is judged, and what they held at the base.

use super::{Checkout, Trouble, short};
use crate::contents::Snapshot;
use crate::finding::NotAssessed;
use crate::tree::is_at_or_below;
use git2::{Delta, Diff, DiffFile, DiffFindOptions, DiffOptions, FileMode, Oid, Patch, Tree};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range as Lines;
use std::sync::Arc;

/// The change whose findings are reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// From the commit that is checked out to what is staged.
    Staged,
    /// From where this revision and the commit that is checked out parted, to the files in the folder.
    Since(String),
}

/// A file that differs. Renamed, it has two paths that are not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedFile {
    /// Its path at the base; `None` for a new file.
    pub old: Option<Arc<str>>,
    /// Its path now; `None` for one that is gone.
    pub new: Option<Arc<str>>,
}

/// What is judged is compared with this.
#[derive(Debug)]
pub struct Base {
    /// How the base is told: the first digits of its commit.
    pub name: String,
    /// Its commit; `None` before the first one.
    pub commit: Option<Oid>,
    /// Its files.
    pub files: Snapshot,
    /// The files that differ.
    pub changed: Vec<ChangedFile>,
}

impl Base {
    /// The paths of today by those at the base, of files that are there on both sides.
    #[must_use]
    pub fn renamed(&self) -> HashMap<&str, &str> {
        self.changed.iter().filter_map(|file| Some((file.old.as_deref()?, file.new.as_deref()?))).collect()
    }
}

/// So many files are compared with each other to find those that were renamed.
const RENAME_LIMIT: usize = 2_000;

impl Checkout {
    /// Compares the judged files with the base of `range`. `left_out` says of a path whether the run leaves it out; what cannot be
    /// compared is added to `not_assessed`.
    ///
    /// # Errors
    ///
    /// When there is no such base, or git cannot be read.
    pub fn compare(
        &self,
        range: &Range,
        now: &Snapshot,
        left_out: &dyn Fn(&str) -> bool,
        not_assessed: &mut Vec<NotAssessed>,
    ) -> Result<Base, Trouble> {
        let commit = match range {
            Range::Staged => self.head()?,
            Range::Since(name) => Some(self.merge_base(name)?),
        };
        let tree = commit.as_ref().map(git2::Commit::tree).transpose()?;
        let diff = self.difference(range, tree.as_ref())?;
        let id = commit.as_ref().map(git2::Commit::id);
        let name = commit.as_ref().map_or_else(|| "the empty repository".to_owned(), short);
        let sides = diff.deltas().map(|delta| {
            let old = (delta.status() != Delta::Added && delta.status() != Delta::Untracked).then(|| delta.old_file());
            let new = (delta.status() != Delta::Deleted).then(|| delta.new_file());
            (old, new)
        });

        let mut files = Snapshot { tree: now.tree.clone(), contents: now.contents.clone() };
        let mut versions = Vec::new();
        let mut changed = BTreeSet::new();
        for (old, new) in sides {
            let is_submodule = |file: &DiffFile<'_>| file.mode() == FileMode::Commit;
            if let Some(path) = new.as_ref().filter(|new| is_submodule(new)).and_then(|new| self.path(new)) {
                let reason = "a submodule that changed: what is new in it is not told from what was there before; run aimslint in it";
                not_assessed.push(NotAssessed { path: path.into(), line: None, reason: reason.to_owned() });
                continue;
            }
            let (old_path, new_path) = (old.as_ref().map(|old| self.path(old)), new.as_ref().map(|new| self.path(new)));
            let old_path = old_path.flatten().filter(|path| !left_out(path)).map(Arc::<str>::from);
            let new_path = new_path.flatten().map(Arc::<str>::from);
            // Another repository that lies in the folder and that git does not track is listed as a folder.
            if let Some(folder) = new_path.as_deref().and_then(|path| path.strip_suffix('/')) {
                let below = now.tree.files.iter().filter(|path| is_at_or_below(path, folder)).cloned();
                changed.extend(below.map(|path| ChangedFile { old: None, new: Some(path) }));
                continue;
            }
            let new_path = new_path.filter(|path| now.tree.contains(path));
            let old_version = old.filter(|old| is_regular(old)).map(|old| old.id());
            let old_path = old_path.filter(|_| old_version.is_some());
            if old_path.is_none() && new_path.is_none() {
                continue;
            }
            versions.extend(old_path.clone().zip(old_version));
            changed.insert(ChangedFile { old: old_path, new: new_path });
        }
        let changed: Vec<ChangedFile> = changed.into_iter().collect();
        for file in &changed {
            if let Some(new) = &file.new {
                files.tree.remove(new);
            }
        }
        for (old, _) in &versions {
            files.tree.add_tracked(old);
        }
        files.contents = now.contents.with(&self.objects, versions);
        Ok(Base { name, commit: id, files, changed })
    }

    /// The commit in which the history of `name` and of what is checked out were last the same.
    fn merge_base(&self, name: &str) -> Result<git2::Commit<'_>, Trouble> {
        let base = self.commit(name)?;
        let Some(head) = self.head()? else {
            return Err(Trouble::NoMergeBase { name: name.to_owned(), shallow: false });
        };
        // A shallow clone of two commits knows the parents of the last one, and nothing of those above.
        if base.id() == head.id() || head.parent_ids().any(|parent| parent == base.id()) {
            return Ok(base);
        }
        let shallow = self.repository.is_shallow();
        let no_base = |_| Trouble::NoMergeBase { name: name.to_owned(), shallow };
        let common = self.repository.merge_base(base.id(), head.id()).map_err(no_base)?;
        Ok(self.repository.find_commit(common)?)
    }

    fn difference(&self, range: &Range, base: Option<&Tree<'_>>) -> Result<Diff<'_>, Trouble> {
        let mut options = DiffOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true).ignore_filemode(true);
        if !self.below.is_empty() {
            options.disable_pathspec_match(true).pathspec(self.below.as_str());
        }
        let repository = &self.repository;
        let mut diff = match range {
            Range::Staged => repository.diff_tree_to_index(base, None, Some(&mut options)),
            Range::Since(_) => repository.diff_tree_to_workdir_with_index(base, Some(&mut options)),
        }?;
        let mut similar = DiffFindOptions::new();
        similar.renames(true).for_untracked(true).rename_limit(RENAME_LIMIT);
        diff.find_similar(Some(&mut similar))?;
        Ok(diff)
    }

    /// The staged versions of files that the folder holds in another version, or not at all.
    ///
    /// # Errors
    ///
    /// When the index cannot be read.
    pub fn only_staged(&self) -> Result<BTreeSet<String>, Trouble> {
        let mut options = DiffOptions::new();
        options.include_typechange(true).ignore_submodules(true);
        let diff = self.repository.diff_index_to_workdir(None, Some(&mut options))?;
        Ok(diff.deltas().filter_map(|delta| self.path(&delta.old_file())).collect())
    }

    /// The path from the scanned root; `None` outside of it and for names that are not UTF-8.
    fn path(&self, file: &DiffFile<'_>) -> Option<String> {
        let path = std::str::from_utf8(file.path_bytes()?).ok()?;
        path.strip_prefix(&self.below).map(str::to_owned)
    }
}

fn is_regular(file: &DiffFile<'_>) -> bool {
    matches!(file.mode(), FileMode::Blob | FileMode::BlobExecutable | FileMode::BlobGroupWritable)
}

/// The lines (from 1) of `new` that are not in `old`, as ranges.
#[must_use]
pub fn written_lines(old: &str, new: &str) -> Vec<Lines<usize>> {
    let mut options = DiffOptions::new();
    options.context_lines(0).force_text(true);
    let patch = Patch::from_buffers(old.as_bytes(), None, new.as_bytes(), None, Some(&mut options));
    let Ok(patch) = patch else { return std::iter::once(1..usize::MAX).collect() };
    let hunk = |index: usize| {
        let (hunk, _) = patch.hunk(index).ok()?;
        let start = hunk.new_start() as usize;
        Some(start..start + hunk.new_lines() as usize)
    };
    (0..patch.num_hunks()).filter_map(hunk).filter(|lines| !lines.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_were_written_are_found() {
        assert_eq!(written_lines("a\nb\nc\n", "a\nB\nc\nd\ne\n"), [2..3, 4..6]);
        assert!(written_lines("a\nb\nc\n", "a\nc\n").is_empty());
        assert_eq!(written_lines("b\n", "a\nb\nc"), [1..2, 3..4]);
        // A text with zeros in it is one all the same.
        assert_eq!(written_lines("a\n\0\n", "b\na\n\0\nb\n"), [1..2, 4..5]);
    }
}
