//! What git keeps of the scanned folder: what it tracks, commits to compare with, and which files differ. Nothing is executed or
//! fetched.

mod difference;
mod kept;
mod trouble;

pub use difference::{Base, ChangedFile, Range, written_lines};
pub use kept::{Form, Kept};
pub use trouble::Trouble;

use crate::contents::Objects;
use crate::finding::{Provenance, shortened};
use git2::{Commit, ErrorClass, ErrorCode, IndexEntry, IndexEntryExtendedFlag, ObjectType, Oid, Repository};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::Path;
use std::sync::Arc;

/// The git repository that the scanned folder lies in.
pub struct Checkout {
    repository: Repository,
    /// Where the scanned folder lies in it: empty, or a path that ends with `/`.
    below: String,
    objects: Arc<Objects>,
}

/// A file that git tracks.
#[derive(Debug)]
pub struct Tracked {
    /// Path from the scanned root.
    pub path: Arc<str>,
    /// The version that is staged.
    pub version: Oid,
    /// A sparse checkout leaves it out of the folder.
    pub sparse: bool,
}

/// What the index says.
#[derive(Debug, Default)]
pub struct Index {
    /// The regular files that are tracked.
    pub files: Vec<Tracked>,
    /// Files with conflicts that nobody has resolved.
    pub unmerged: Vec<String>,
    /// Names that are not UTF-8, as well as they can be shown.
    pub unnamable: Vec<String>,
}

const REGULAR_MODES: [u32; 2] = [0o100_644, 0o100_755];

impl Checkout {
    /// Finds the repository that `root` lies in.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be read.
    pub fn open(root: &Path) -> Result<Self, Trouble> {
        let repository = open(root).map_err(|error| Trouble::of_opening(root, &error))?;
        let work_tree = repository.workdir().ok_or_else(|| Trouble::Bare(root.to_path_buf()))?;
        let not_below = || Trouble::NotARepository(root.to_path_buf());
        let (work_tree, root) = (work_tree.canonicalize(), root.canonicalize());
        let (Ok(work_tree), Ok(root)) = (work_tree, root) else { return Err(not_below()) };
        let below = root.strip_prefix(&work_tree).map_err(|_| not_below())?;
        let mut below = below.to_str().ok_or_else(not_below)?.replace('\\', "/");
        if !below.is_empty() {
            below.push('/');
        }
        let objects = Arc::new(Objects::of(&repository));
        Ok(Self { repository, below, objects })
    }

    /// What git keeps, to be read by many threads.
    #[must_use]
    pub fn objects(&self) -> &Arc<Objects> {
        &self.objects
    }

    /// The folder that the repository is checked out in.
    #[must_use]
    pub fn top(&self) -> &Path {
        self.repository.workdir().unwrap_or_else(|| self.repository.path())
    }

    /// Where the tree comes from.
    #[must_use]
    pub fn provenance(&self) -> Option<Provenance> {
        let head = self.repository.head().ok()?;
        let revision = head.peel_to_commit().ok()?.id().to_string();
        let branch = head.is_branch().then(|| head.shorthand().ok().map(str::to_owned)).flatten();
        let remote = self.repository.find_remote("origin").ok();
        let address = remote.and_then(|remote| remote.url().ok().map(str::to_owned));
        let repository = address.and_then(|address| public_address(&address));
        Some(Provenance { repository, revision, branch, folder: self.below.clone() })
    }

    /// The files below the scanned root that git tracks.
    ///
    /// # Errors
    ///
    /// When the index cannot be read.
    pub fn index(&self) -> Result<Index, Trouble> {
        let index = self.repository.index()?;
        let mut listed = Index::default();
        for entry in index.iter() {
            let Some(bytes) = entry.path.strip_prefix(self.below.as_bytes()) else { continue };
            let Ok(path) = std::str::from_utf8(bytes) else {
                listed.unnamable.push(String::from_utf8_lossy(bytes).into_owned());
                continue;
            };
            if stage(&entry) != 0 {
                listed.unmerged.push(path.to_owned());
                continue;
            }
            let extended = IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended);
            if REGULAR_MODES.contains(&entry.mode) && !extended.is_intent_to_add() {
                let sparse = extended.is_skip_worktree();
                listed.files.push(Tracked { path: path.into(), version: entry.id, sparse });
            }
        }
        listed.unmerged.dedup();
        Ok(listed)
    }

    /// The commit that the user means by `name`.
    fn commit(&self, name: &str) -> Result<Commit<'_>, Trouble> {
        // What begins with a dash is no revision, and a range is not one commit.
        let found = self.repository.revparse_single(name).and_then(|object| object.peel(ObjectType::Commit));
        found.ok().and_then(|object| object.into_commit().ok()).ok_or_else(|| Trouble::NoSuchCommit {
            name: name.to_owned(),
            shallow: self.repository.is_shallow(),
            empty: self.head().is_ok_and(|head| head.is_none()),
        })
    }

    /// The commit that is checked out; `None` before the first one.
    fn head(&self) -> Result<Option<Commit<'_>>, Trouble> {
        Ok(head(&self.repository)?)
    }
}

/// Opens the repository that a folder lies in. Only one that is marked by `.git` counts, which git takes into no commit: `HEAD`, `objects`
/// and `refs` that lie open in a folder can come with a change, and would bring a history and a policy of its own.
///
/// # Errors
///
/// When there is none, or it cannot be read.
pub fn open(folder: &Path) -> Result<Repository, git2::Error> {
    const MARK: &str = ".git";
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    for above in folder.ancestors().filter(|above| above.join(MARK).symlink_metadata().is_ok()) {
        match Repository::open(above) {
            // Beside a mark that leads nowhere the folder itself is tried.
            Ok(repository) if repository.path() == above => {}
            Err(error) if error.code() == ErrorCode::NotFound => {}
            opened => return opened,
        }
    }
    Repository::discover(&folder)?;
    Err(git2::Error::new(ErrorCode::BareRepo, ErrorClass::Repository, "it has no files of its own"))
}

/// The commit that is checked out; `None` before the first one.
///
/// # Errors
///
/// When git cannot read it.
pub fn head(repository: &Repository) -> Result<Option<Commit<'_>>, git2::Error> {
    match repository.head() {
        Ok(head) => head.peel_to_commit().map(Some),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The day of a commit, by the clock of whoever committed it, in UTC; `None` for a moment that no calendar has.
#[must_use]
pub fn day(commit: &Commit<'_>) -> Option<Date> {
    let moment = Timestamp::from_second(commit.time().seconds()).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

/// The first digits of a commit, as people tell it.
#[must_use]
pub fn short(commit: &Commit<'_>) -> String {
    shortened(&commit.id().to_string())
}

/// 0, or which side of a conflict the entry is.
fn stage(entry: &IndexEntry) -> u16 {
    const MASK: u16 = 0x3000;
    const SHIFT: u16 = 12;
    (entry.flags & MASK) >> SHIFT
}

/// The address of a remote as anybody may see it: without user and password, as https; `None` for local paths.
fn public_address(address: &str) -> Option<String> {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) if scheme.starts_with("http") || scheme == "ssh" || scheme == "git" => {
            (scheme, rest.to_owned())
        }
        Some(_) => return None,
        // git@host:owner/name
        None => ("ssh", address.split_once('@')?.1.replacen(':', "/", 1)),
    };
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = if scheme == "ssh" { host.split(':').next().unwrap_or(host) } else { host };
    Some(format!("https://{host}/{}", path.trim_end_matches(".git")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_credentials() {
        for (address, shown) in [
            ("https://user:secret@example.org/a/b.git", Some("https://example.org/a/b")),
            ("git@example.org:a/b.git", Some("https://example.org/a/b")),
            ("ssh://git@example.org:22/a/b", Some("https://example.org/a/b")),
            ("/home/somebody/repository", None),
            ("file:///home/somebody/repository", None),
        ] {
            assert_eq!(public_address(address).as_deref(), shown, "{address}");
        }
    }
}
