//! Paths that settings write, told by their names alone.

use crate::source::folder;
use std::path::Path;

/// True when `path` lies outside of `folder`, once links are followed; what is not there lies nowhere.
pub(super) fn leads_out(folder: &Path, path: &Path) -> bool {
    // An empty path is the current folder.
    let whole = |path: &Path| Path::new(".").join(path).canonicalize();
    match (whole(folder), whole(path)) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => false,
    }
}

/// The folder of a path with a `/` behind it; empty at the top.
pub(super) fn above(path: &str) -> &str {
    let folder = folder(path);
    path.get(..folder.len() + usize::from(!folder.is_empty())).unwrap_or_default()
}

/// True for a path that begins with `..`.
pub(super) fn leaves(path: &str) -> bool {
    path == ".." || path.starts_with("../")
}

/// A path without `.` and, where a folder is there to be left, without `..`.
pub(super) fn lexical(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" if !parts.is_empty() => {}
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::lexical;

    #[test]
    fn paths_are_told_by_names_alone() {
        for (path, told) in [
            ("../../org/", "../../org"),
            ("a/./b/../c", "a/c"),
            ("./policy", "policy"),
            ("a/../../b", "../b"),
            ("/srv/../org", "/org"),
            ("services/model/../../policy", "policy"),
        ] {
            assert_eq!(lexical(path), told);
        }
    }
}
