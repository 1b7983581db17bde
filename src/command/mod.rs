//! The commands: each takes what the user typed, calls the library, and prints.

pub mod accept;
pub mod baseline;
pub mod check;
pub mod coverage;
pub mod explain;
pub mod facts;
pub mod init;
pub mod new;
mod output;
mod progress;
pub mod schema;
mod scope;
pub mod score;
pub mod test;
mod timings;
pub mod waivers;

use aimslint::Failure;
use std::io;
use std::path::PathBuf;

pub const CLEAN: u8 = 0;
pub const FINDINGS: u8 = 1;
pub const FAILED: u8 = 2;
pub const NOT_ASSESSED: u8 = 3;

/// Why the command could not do its job.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error(transparent)]
    Failure(#[from] Failure),
    #[error("cannot write the result: {0}")]
    Output(#[from] io::Error),
    #[error("{}: cannot write: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("two outputs go to standard output; give one of them a file: --output sarif=out.sarif")]
    TwoToStandardOutput,
    #[error(
        "{} would hold more findings than before, and is left as it is:\n{}\n\
         mend them, waive them, or run `aimslint baseline --grow` to let them in",
        .path.display(),
        .grown.join("\n")
    )]
    GrownBaseline { path: PathBuf, grown: Vec<String> },
    #[error("{} is there already, and is left as it is; move it away to have a new one written", .0.display())]
    AlreadyThere(PathBuf),
    #[error(
        "{}: none of the repositories that {} has labels of is checked out here; there should be {}",
        .checkouts.display(),
        .truth.display(),
        if .absent.is_empty() { "some: the folder has no labels".to_owned() } else { .absent.join(", ") }
    )]
    NothingToScore { checkouts: PathBuf, truth: PathBuf, absent: Vec<String> },
    #[error(
        "{} has the settings of this folder already, and {} would hide them; add what is here to that file, or let it include another: \
         [register] include",
        .above.display(),
        .target.display()
    )]
    SettingsAbove { target: PathBuf, above: PathBuf },
    #[error("{}: is a file; name the folder that it is about", .0.display())]
    NotAFolder(PathBuf),
}

/// The day on which the command runs.
pub fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// True when this variable of the environment holds something.
pub fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
