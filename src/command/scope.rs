//! What of the disk a command is about.

use aimslint::fact::Fact;
use aimslint::source::Lines;
use aimslint::{Failure, discover};
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

/// The line that a fact of the scanned folder stands at.
pub fn line_of(root: &Path, fact: &Fact) -> usize {
    let text = fs::read_to_string(root.join(&*fact.path)).unwrap_or_default();
    Lines::new(&text).position(fact.at.span().unwrap_or_default().start).0
}
