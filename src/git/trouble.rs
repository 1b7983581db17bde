//! Why git could not be asked: one sentence each, with what to do next.

use git2::{Error, ErrorCode};
use std::path::{Path, PathBuf};

/// Why git could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no repository.
    #[error("{}: not in a git repository, so there is nothing to compare with", .0.display())]
    NotARepository(PathBuf),
    /// There are no files to judge.
    #[error("{}: a bare git repository has no files of its own; clone it and scan the clone", .0.display())]
    Bare(PathBuf),
    /// A link leads there, which a change can turn elsewhere.
    #[error("{}: a link leads there, which a change could turn elsewhere; name the place itself, by its path in the repository", .0.display())]
    ByLink(PathBuf),
    /// git asks for consent first.
    #[error(
        "the git repository at {path} belongs to another user, so it is not read; if you trust it: git config --global --add safe.directory '{path}'"
    )]
    ForeignOwner {
        /// The scanned folder.
        path: String,
    },
    /// The repository or its index is in a form that the library does not know.
    #[error("{}: this git repository cannot be read: {reason}", .path.display())]
    Unreadable {
        /// The scanned folder.
        path: PathBuf,
        /// What the library says.
        reason: String,
    },
    /// The index lists folders instead of files.
    #[error(
        "git's index is a sparse one, which aimslint cannot read; write it out with: git sparse-checkout reapply --no-sparse-index"
    )]
    SparseIndex,
    /// The index is kept in two files.
    #[error("git's index is split, which aimslint cannot read; join it with: git update-index --no-split-index")]
    SplitIndex,
    /// The user named something else.
    #[error("there is no commit `{name}` here{}", hint(*.shallow, *.empty))]
    NoSuchCommit {
        /// What the user named.
        name: String,
        /// The history is cut off.
        shallow: bool,
        /// There are no commits at all.
        empty: bool,
    },
    /// It is not known where the two parted.
    #[error("`{name}` and HEAD have no commit in common{}", if *.shallow {
        " in this shallow clone: check out with `fetch-depth: 0`, or compare a merge commit with its first parent: --changed HEAD^1"
    } else {
        ""
    })]
    NoMergeBase {
        /// What the user named.
        name: String,
        /// The history is cut off.
        shallow: bool,
    },
    /// A version of a file cannot be had.
    #[error("{path}: {reason}")]
    Version {
        /// The file, from the top of the repository.
        path: String,
        /// Why.
        reason: String,
    },
    /// There are conflicts.
    #[error("conflicts are not resolved yet in {}; resolve them and stage the files", .0.join(", "))]
    Unmerged(Vec<String>),
    /// Anything else.
    #[error("git: {}", .0.message())]
    Other(Error),
}

fn hint(shallow: bool, empty: bool) -> &'static str {
    match (empty, shallow) {
        (true, _) => ": nothing is committed yet",
        (_, true) => ": the clone is shallow; fetch that commit, or check out with `fetch-depth: 0`",
        _ => "; fetch it, or name a branch, tag or commit that is here",
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        // The library names the extension of the index that it does not know.
        match error.message() {
            message if message.contains("'sdir'") => Self::SparseIndex,
            message if message.contains("'link'") => Self::SplitIndex,
            _ => Self::Other(error),
        }
    }
}

impl Trouble {
    pub(super) fn of_opening(root: &Path, error: &Error) -> Self {
        let path = root.to_path_buf();
        match error.code() {
            ErrorCode::NotFound => Self::NotARepository(path),
            ErrorCode::BareRepo => Self::Bare(path),
            ErrorCode::Owner => Self::ForeignOwner { path: root.canonicalize().unwrap_or(path).display().to_string() },
            _ => Self::Unreadable { path, reason: error.message().to_owned() },
        }
    }
}
