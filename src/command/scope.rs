//! What of the disk a command is about.

use super::Trouble;
use aimslint::arguments::JudgingArguments;
use aimslint::fact::Fact;
use aimslint::source::Lines;
use aimslint::{Failure, Request, SettingsFile, discover};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder to scan, and the paths in it when it is not one folder that was named: those are told from the current folder.
pub fn scope(paths: &[PathBuf]) -> Result<(PathBuf, Option<Vec<String>>), Failure> {
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        return Err(Failure::NoSuchPath(missing.clone()));
    }
    if let [folder] = paths
        && folder.is_dir()
    {
        return Ok((folder.clone(), None));
    }
    let root = PathBuf::from(".");
    let here = std::env::current_dir().map_err(|error| Failure::Unreadable { path: root.clone(), error })?;
    let mut told = Vec::new();
    for path in paths {
        let relative = if path.is_absolute() { path.strip_prefix(&here).ok() } else { Some(path.as_path()) };
        let Some(relative) = relative.and_then(discover::slashed) else {
            return Err(Failure::OutsideRoot { path: path.clone(), root: here });
        };
        told.push(relative);
    }
    Ok((root, Some(told)))
}

/// Refuses a path that is no folder.
pub fn need_folder(path: &Path) -> Result<(), Trouble> {
    match path {
        path if path.is_dir() => Ok(()),
        path if path.exists() => Err(Trouble::NotAFolder(path.to_path_buf())),
        path => Err(Failure::NoSuchPath(path.to_path_buf()).into()),
    }
}

/// The request to judge the folder at `root` in this way.
pub fn request(root: PathBuf, judging: &JudgingArguments) -> Request {
    Request {
        root,
        settings: judging.config.clone().map_or(SettingsFile::Nearest, SettingsFile::At),
        profile: judging.profile,
        threads: judging.threads,
        ..Request::default()
    }
}

/// The line that a fact of the scanned folder stands at.
pub fn line_of(root: &Path, fact: &Fact) -> usize {
    let text = fs::read_to_string(root.join(&*fact.path)).unwrap_or_default();
    Lines::new(&text).number(fact.at.span().unwrap_or_default().start)
}
