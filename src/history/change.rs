//! What a commit did to the files around a path: renamed them, or touched so many that no single edit was meant.

use git2::{Delta, Diff, DiffFindOptions, ErrorClass, ErrorCode, ObjectType, Oid, Repository, Tree};
use std::collections::HashMap;

/// A commit that modifies more existing files than this edits none of them for its own sake: a new licence header, another formatter.
pub const MASS_COMMIT_FILES: usize = 100;

/// So many files of a commit are compared with each other to find renamed ones.
const RENAME_LIMIT: usize = 200;

/// One step of history, with what is found out about it at most once.
pub(super) struct Step<'r> {
    repository: &'r Repository,
    before: Tree<'r>,
    after: Tree<'r>,
    renames: Option<HashMap<String, (String, Oid)>>,
    is_mass: Option<bool>,
}

impl<'r> Step<'r> {
    pub(super) fn new(repository: &'r Repository, before: Tree<'r>, after: Tree<'r>) -> Self {
        Self { repository, before, after, renames: None, is_mass: None }
    }

    /// The entry at `path` before the step, if there was one.
    pub(super) fn before(&self, path: &str) -> Result<Option<Oid>, git2::Error> {
        let top = path.split('/').next().unwrap_or(path);
        let (before, after) = (self.before.get_name(top), self.after.get_name(top));
        match (before, after) {
            (None, _) => Ok(None),
            // Most steps leave most folders alone, which their ids tell at once.
            (Some(before), Some(after)) if before.id() == after.id() => entry(&self.after, path),
            _ => entry(&self.before, path),
        }
    }

    /// The path that the file at `path` had before the step, and its content there.
    pub(super) fn renamed_from(&mut self, path: &str) -> Result<Option<(String, Oid)>, git2::Error> {
        if self.renames.is_none() {
            let mut diff = self.repository.diff_tree_to_tree(Some(&self.before), Some(&self.after), None)?;
            let mut similar = DiffFindOptions::new();
            similar.renames(true).rename_limit(RENAME_LIMIT);
            match diff.find_similar(Some(&mut similar)) {
                // Without the contents of all files, those that are the same are still told by their ids.
                Err(error) if error.code() == ErrorCode::NotFound => {
                    diff = self.repository.diff_tree_to_tree(Some(&self.before), Some(&self.after), None)?;
                    diff.find_similar(Some(similar.exact_match_only(true)))?;
                }
                other => other?,
            }
            self.renames = Some(renames(&diff));
        }
        Ok(self.renames.as_ref().and_then(|renames| renames.get(path)).cloned())
    }

    /// True when the step modifies more than [`MASS_COMMIT_FILES`] files that were there before.
    pub(super) fn is_mass(&mut self) -> Result<bool, git2::Error> {
        if let Some(is_mass) = self.is_mass {
            return Ok(is_mass);
        }
        let is_mass = self.modifies_more_than(MASS_COMMIT_FILES)?;
        self.is_mass = Some(is_mass);
        Ok(is_mass)
    }

    fn modifies_more_than(&self, limit: usize) -> Result<bool, git2::Error> {
        let mut open = vec![(self.before.clone(), self.after.clone())];
        let mut modified = 0;
        while let Some((before, after)) = open.pop() {
            for entry in &after {
                let Some(old) = before.get_name_bytes(entry.name_bytes()) else { continue };
                match (old.kind(), entry.kind()) {
                    _ if old.id() == entry.id() => {}
                    (Some(ObjectType::Tree), Some(ObjectType::Tree)) => {
                        open.push((self.repository.find_tree(old.id())?, self.repository.find_tree(entry.id())?));
                    }
                    (Some(ObjectType::Blob), Some(ObjectType::Blob)) => modified += 1,
                    _ => {}
                }
                if modified > limit {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The id of what stands at `path`; `None` when nothing does.
pub(super) fn entry(tree: &Tree<'_>, path: &str) -> Result<Option<Oid>, git2::Error> {
    match tree.get_path(path.as_ref()) {
        Ok(entry) => Ok(Some(entry.id())),
        // An object that a partial clone lacks is also not found, by another part of the library.
        Err(error) if error.code() == ErrorCode::NotFound && error.class() == ErrorClass::Tree => Ok(None),
        Err(error) => Err(error),
    }
}

fn renames(diff: &Diff<'_>) -> HashMap<String, (String, Oid)> {
    let renamed = diff.deltas().filter(|delta| delta.status() == Delta::Renamed);
    let sides = renamed.filter_map(|delta| {
        let (old, new) = (delta.old_file(), delta.new_file());
        let text = |path: Option<&[u8]>| std::str::from_utf8(path?).ok().map(str::to_owned);
        Some((text(new.path_bytes())?, (text(old.path_bytes())?, old.id())))
    });
    sides.collect()
}
