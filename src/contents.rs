//! Where the contents of files come from: the folder that is scanned, or for some paths the versions that git keeps.

use crate::source;
use crate::tree::Tree;
use git2::{ErrorCode, Oid, Repository};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The files of one moment: their list and what they hold.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Which files there are.
    pub tree: Tree,
    /// What they hold.
    pub contents: Contents,
}

/// What files hold. Paths are told from the scanned root.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    root: PathBuf,
    /// Files whose version is not the one in the folder, with the blob that holds it.
    kept: BTreeMap<Arc<str>, Oid>,
    objects: Option<Arc<Objects>>,
}

/// An opened file.
pub trait Opened: Read + Seek {}

impl<T: Read + Seek> Opened for T {}

/// A version that git keeps is held in memory whole; forges take no larger files into git.
const KEPT_LIMIT: usize = 128 << 20;

impl Contents {
    /// What lies in the folder `root`.
    #[must_use]
    pub fn of_folder(root: &Path) -> Self {
        Self { root: root.to_path_buf(), ..Self::default() }
    }

    /// The same, but for these paths, whose contents are the blobs.
    #[must_use]
    pub fn with(&self, objects: &Arc<Objects>, versions: impl IntoIterator<Item = (Arc<str>, Oid)>) -> Self {
        let mut with = Self { objects: Some(Arc::clone(objects)), ..self.clone() };
        with.kept.extend(versions);
        with
    }

    /// Opens a regular file, and says how long it is.
    ///
    /// # Errors
    ///
    /// In words why it cannot be opened.
    pub fn open(&self, path: &str) -> Result<(Box<dyn Opened>, u64), String> {
        match (self.kept.get(path), &self.objects) {
            (Some(version), Some(objects)) => {
                let bytes = objects.read(*version, KEPT_LIMIT)?;
                let length = bytes.len() as u64;
                Ok((Box::new(Cursor::new(bytes)), length))
            }
            _ => open_file(&self.root.join(path)).map(|(file, length)| (Box::new(file) as Box<dyn Opened>, length)),
        }
    }

    /// Reads the text of a regular file of up to `limit` bytes.
    ///
    /// # Errors
    ///
    /// In words why it cannot be read.
    pub fn read(&self, path: &str, limit: u64) -> Result<String, String> {
        let (file, length) = self.open(path)?;
        let too_large =
            || format!("larger than the limit of {limit} bytes; raise `file-bytes` under [limits] in aimslint.toml");
        if length > limit {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        source::decode(bytes)
    }
}

/// The beginning of every pointer of Git LFS.
const LFS_VERSION: &str = "version https://git-lfs.github.com/spec/";

/// What a small text says that stands for a file which Git LFS keeps elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LfsPointer<'a> {
    /// The checksum, as `sha256:…`; empty when it is not said.
    pub hash: &'a str,
    /// How long the file is, as written; empty when it is not said.
    pub size: &'a str,
}

impl<'a> LfsPointer<'a> {
    /// Pointers are smaller by the specification.
    pub const LIMIT: u64 = 1_024;

    /// Reads the pointer; `None` for any other text.
    #[must_use]
    pub fn of(text: &'a str) -> Option<Self> {
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
            line.map(str::trim).unwrap_or_default()
        };
        text.starts_with(LFS_VERSION).then(|| Self { hash: value("oid"), size: value("size") })
    }
}

fn open_file(path: &Path) -> Result<(File, u64), String> {
    // Opening a pipe or a device could wait for ever: only what is a plain file is opened.
    let metadata = path.symlink_metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    let file = File::open(path).map_err(|error| error.to_string())?;
    Ok((file, metadata.len()))
}

/// The objects of a git repository, to be read by many threads: each has a handle of its own, for one may not be shared.
pub struct Objects {
    folder: PathBuf,
    idle: Mutex<Vec<Repository>>,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Objects").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Objects {
    /// The objects of this repository.
    #[must_use]
    pub fn of(repository: &Repository) -> Self {
        Self { folder: repository.path().to_path_buf(), idle: Mutex::default() }
    }

    /// Reads a blob of up to `limit` bytes; says in words why it cannot.
    fn read(&self, version: Oid, limit: usize) -> Result<Vec<u8>, String> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repository = match idle {
            Some(repository) => repository,
            None => Repository::open(&self.folder).map_err(|error| error.message().to_owned())?,
        };
        let read = read_blob(&repository, version, limit);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        read
    }
}

/// Reads a blob of up to `limit` bytes.
///
/// # Errors
///
/// In words why it cannot be read.
pub fn read_blob(repository: &Repository, version: Oid, limit: usize) -> Result<Vec<u8>, String> {
    let explain = |error: git2::Error| {
        match error.code() {
        ErrorCode::NotFound => {
            "git does not keep this version here: in a partial clone, fetch what is missing with `git fetch --refetch --no-filter`"
                .to_owned()
        }
        _ => error.message().to_owned(),
    }
    };
    let objects = repository.odb().map_err(explain)?;
    let (length, _) = objects.read_header(version).map_err(explain)?;
    if length > limit {
        return Err(format!("larger than the {limit} bytes that are read of a version that git keeps"));
    }
    objects.read(version).map(|object| object.data().to_vec()).map_err(explain)
}
