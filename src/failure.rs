//! Why a run could not do its job, whatever stage it was in.

use crate::git;
use crate::problem::Problem;
use std::path::PathBuf;

/// Why a run could not do its job: exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Rules or settings have faults.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// A path that the user named is not there.
    #[error("{}: no such file or folder", .0.display())]
    NoSuchPath(PathBuf),
    /// A path lies outside of the folder that is scanned.
    #[error("{}: lies outside of {}; run aimslint from the repository's root", .path.display(), .root.display())]
    OutsideRoot {
        /// The path.
        path: PathBuf,
        /// The folder.
        root: PathBuf,
    },
    /// A file that is needed cannot be read.
    #[error("{}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// git cannot tell what changed.
    #[error(transparent)]
    Git(#[from] git::Trouble),
    /// The settings name another policy than the one that was loaded.
    #[error("{0}: [policy] names packs, which cannot be read here")]
    OtherPolicy(String),
    /// A name that the user typed is neither a rule nor a clause.
    #[error("{0}")]
    UnknownName(String),
    /// Threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}
