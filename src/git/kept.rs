//! Single files as git keeps them: in a commit, or staged.

use super::{Checkout, REGULAR_MODES, Trouble};
use crate::contents::read_blob;
use git2::{ErrorCode, Oid};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

/// What git keeps files in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A commit.
    Commit(Oid),
    /// The index.
    Staged,
}

/// What something is that a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, a submodule, a pipe.
    Other,
}

impl Form {
    /// What git's mode says.
    fn of(mode: u32) -> Self {
        const FOLDER: u32 = 0o040_000;
        match mode {
            mode if REGULAR_MODES.contains(&mode) => Self::File,
            FOLDER => Self::Folder,
            _ => Self::Other,
        }
    }
}

impl Checkout {
    /// The commit that the user means by `name`, and its first digits.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn kept_by(&self, name: &str) -> Result<(Kept, String), Trouble> {
        let commit = self.commit(name)?;
        Ok((Kept::Commit(commit.id()), super::short(&commit)))
    }

    /// The commit in which the judged files and a commit last had one history; that commit itself where it is not known.
    #[must_use]
    pub fn parted_from(&self, kept: Kept) -> Kept {
        let Kept::Commit(commit) = kept else { return kept };
        let head = self.head().ok().flatten();
        head.and_then(|head| self.repository.merge_base(head.id(), commit).ok()).map_or(kept, Kept::Commit)
    }

    /// The folders from the scanned root up to the top of the repository, told from the top: empty or with a `/` at the end.
    pub fn folders_up(&self) -> impl Iterator<Item = &str> {
        let ends = self.below.match_indices('/').map(|(index, _)| index + 1);
        let mut folders: Vec<&str> = std::iter::once(0).chain(ends).filter_map(|end| self.below.get(..end)).collect();
        folders.reverse();
        folders.into_iter()
    }

    /// Where a path of the system lies in the repository, told by names alone below its top: what is checked out, links among it, has no
    /// say in it. `None` outside of the repository.
    ///
    /// # Errors
    ///
    /// When a link outside of the repository leads into the middle of it.
    pub fn place_of(&self, path: &Path) -> Result<Option<String>, Trouble> {
        let unreadable = |error: io::Error| Trouble::Unreadable { path: path.to_path_buf(), reason: error.to_string() };
        let whole = std::path::absolute(path).map_err(unreadable)?;
        let top = self.top().canonicalize().map_err(unreadable)?;
        let mut outside = PathBuf::new();
        let mut inside: Option<Vec<&OsStr>> = None;
        for part in whole.components() {
            inside = match (inside.take(), part) {
                (Some(mut names), Component::ParentDir) => {
                    let left = names.pop().is_none();
                    if left {
                        outside = top.parent().unwrap_or(&top).to_path_buf();
                    }
                    (!left).then_some(names)
                }
                (Some(mut names), part) => {
                    names.push(part.as_os_str());
                    Some(names)
                }
                (None, part) => {
                    outside.push(part);
                    outside = outside.canonicalize().unwrap_or(outside);
                    if outside != top && outside.starts_with(&top) {
                        return Err(Trouble::ByLink(path.to_path_buf()));
                    }
                    (outside == top).then(Vec::new)
                }
            };
        }
        let names = inside.map(|names| names.iter().map(|name| name.to_str()).collect::<Option<Vec<_>>>());
        Ok(names.flatten().map(|names| names.join("/")))
    }

    /// Makes sure that the scanned root, as the user wrote it, is where it says: a change can turn a folder into a link to another.
    ///
    /// # Errors
    ///
    /// When a link leads to it.
    pub fn is_named_plainly(&self, root: &Path) -> Result<(), Trouble> {
        let place = self.place_of(root)?;
        let is_plain = place.is_some_and(|place| place == self.below.trim_end_matches('/'));
        if is_plain { Ok(()) } else { Err(Trouble::ByLink(root.to_path_buf())) }
    }

    /// The paths, told from the top, of the files of this name below the scanned root.
    ///
    /// # Errors
    ///
    /// When git cannot be read.
    pub fn files_named(&self, name: &str, kept: Kept) -> Result<Vec<String>, Trouble> {
        let ends_so = |path: &str| path.starts_with(&self.below) && crate::source::file_name(path) == name;
        let mut found = Vec::new();
        match kept {
            Kept::Staged => {
                let index = self.repository.index()?;
                found.extend(
                    index.iter().filter_map(|entry| String::from_utf8(entry.path).ok()).filter(|path| ends_so(path)),
                );
            }
            Kept::Commit(commit) => {
                let tree = self.repository.find_commit(commit)?.tree()?;
                tree.walk(git2::TreeWalkMode::PreOrder, |folder, entry| {
                    let path = entry.name().map(|name| format!("{folder}{name}")).unwrap_or_default();
                    if ends_so(&path) {
                        found.push(path);
                    }
                    git2::TreeWalkResult::Ok
                })?;
            }
        }
        Ok(found)
    }

    /// What lies up to two folders deep in the folder at `path`, told from the top of the repository, each told from that folder and in
    /// order; `None` when there is no such folder.
    ///
    /// # Errors
    ///
    /// When git cannot be read.
    pub fn listed(&self, path: &str, kept: Kept) -> Result<Option<Vec<(String, Form)>>, Trouble> {
        let mut listed = BTreeMap::new();
        match kept {
            Kept::Commit(commit) => {
                let mut tree = self.repository.find_commit(commit)?.tree()?;
                if !path.is_empty() {
                    let entry = match tree.get_path(Path::new(path)) {
                        Ok(entry) => entry,
                        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
                        Err(error) => return Err(error.into()),
                    };
                    let Some(folder) = entry.to_object(&self.repository).ok().and_then(|it| it.into_tree().ok()) else {
                        return Ok(None);
                    };
                    tree = folder;
                }
                for entry in &tree {
                    let Ok(name) = entry.name() else { continue };
                    listed.insert(name.to_owned(), Form::of(u32::try_from(entry.filemode()).unwrap_or_default()));
                    let below = entry.to_object(&self.repository).ok().and_then(|it| it.into_tree().ok());
                    for inner in below.iter().flatten() {
                        let Ok(inner_name) = inner.name() else { continue };
                        let form = Form::of(u32::try_from(inner.filemode()).unwrap_or_default());
                        listed.insert(format!("{name}/{inner_name}"), form);
                    }
                }
            }
            Kept::Staged => {
                let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
                for entry in self.repository.index()?.iter() {
                    let Ok(whole) = String::from_utf8(entry.path) else { continue };
                    let Some(rest) = whole.strip_prefix(&folder) else { continue };
                    let parts: Vec<&str> = rest.split('/').collect();
                    for deep in 1..parts.len().min(3) {
                        listed.insert(parts.iter().take(deep).copied().collect::<Vec<_>>().join("/"), Form::Folder);
                    }
                    if parts.len() <= 2 {
                        listed.insert(rest.to_owned(), Form::of(entry.mode));
                    }
                }
                if listed.is_empty() {
                    return Ok(None);
                }
            }
        }
        Ok(Some(listed.into_iter().collect()))
    }

    /// What the regular file at `path`, told from the top of the repository, holds; `None` when it is not there.
    ///
    /// # Errors
    ///
    /// When git cannot be read, or the file is larger than `limit` bytes.
    pub fn read(&self, path: &str, kept: Kept, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
        let blob = match kept {
            Kept::Commit(commit) => {
                let tree = self.repository.find_commit(commit)?.tree()?;
                match tree.get_path(Path::new(path)) {
                    Ok(entry) => REGULAR_MODES
                        .iter()
                        .any(|mode| i64::from(*mode) == i64::from(entry.filemode()))
                        .then(|| entry.id()),
                    Err(error) if error.code() == ErrorCode::NotFound => None,
                    Err(error) => return Err(error.into()),
                }
            }
            Kept::Staged => {
                let entry = self.repository.index()?.get_path(Path::new(path), 0);
                entry.filter(|entry| REGULAR_MODES.contains(&entry.mode)).map(|entry| entry.id)
            }
        };
        let read = |id| {
            read_blob(&self.repository, id, limit).map_err(|reason| Trouble::Version { path: path.to_owned(), reason })
        };
        blob.map(read).transpose()
    }
}
