//! Paths as settings write them: globs that are told from the folder of the settings, in which the scanned folder may lie deeper.

use crate::tree::resolved;
use globset::{Error, Glob, GlobSet, GlobSetBuilder};
use std::borrow::Cow;
use std::sync::Arc;

/// Some globs, to be held against paths that are told from the scanned folder.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    set: GlobSet,
    /// The scanned folder, told from where the globs are; empty where both are the same.
    below: Arc<str>,
}

impl Globs {
    /// These globs; `refuse` is told which is none, and why.
    pub fn of<'a>(
        written: impl IntoIterator<Item = &'a str>,
        below: &Arc<str>,
        mut refuse: impl FnMut(&'a str, Error),
    ) -> Self {
        let mut set = GlobSetBuilder::new();
        for glob in written {
            match Glob::new(glob) {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => refuse(glob, error),
            }
        }
        Self { set: set.build().unwrap_or_default(), below: Arc::clone(below) }
    }

    /// Files, folders with all below them, and globs. What is no glob matches nothing.
    #[must_use]
    pub fn with_all_below(written: &[String], below: &Arc<str>) -> Self {
        let all: Vec<String> = written.iter().flat_map(|path| with_all_below(path)).collect();
        Self::of(all.iter().map(String::as_str), below, |_, _| {})
    }

    /// True when one of them matches a path that is told from the scanned folder.
    #[must_use]
    pub fn is_match(&self, path: &str) -> bool {
        let told = if self.below.is_empty() { Cow::from(path) } else { resolved(&self.below, path).into() };
        self.set.is_match(&*told)
    }
}

/// All of these globs in one.
///
/// # Errors
///
/// The first that is none, or that all of them together are too large.
pub fn set<T: AsRef<str>>(written: impl IntoIterator<Item = T>) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for glob in written {
        set.add(Glob::new(glob.as_ref())?);
    }
    set.build()
}

/// A file or folder, and all below it: `tests` and `tests/` mean the same, as in .gitignore.
#[must_use]
pub fn with_all_below(written: &str) -> [String; 2] {
    let folder = written.trim_end_matches('/');
    [folder.to_owned(), format!("{folder}/**")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_told_from_the_folder_of_the_settings() {
        let globs = |below: &str, written| {
            let both = with_all_below(written);
            Globs::of(both.iter().map(String::as_str), &below.into(), |glob, error| panic!("{glob}: {error}"))
        };
        for (below, written, path, expected) in [
            ("", "tests/", "tests/a.py", true),
            ("", "tests", "a/tests/a.py", false),
            ("", "**/tests", "a/tests/a.py", true),
            ("services/model", "tests", "tests/a.py", false),
            ("services/model", "services/model/tests", "tests/a.py", true),
            ("services/model", "services/*/tests", "tests/a.py", true),
            ("services/model", "services", "a.py", true),
            ("services/model", "**/tests", "tests/a.py", true),
            ("services/model", "aimslint.toml", "../../aimslint.toml", true),
        ] {
            assert_eq!(globs(below, written).is_match(path), expected, "{below} {written} {path}");
        }
    }
}
