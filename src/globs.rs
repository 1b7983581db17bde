//! Globs: of paths, as settings write them, told from the folder of the settings; and of names, as rules and catalogues list them.

use crate::tree::resolved;
use foldhash::HashSet;
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

/// Names that rules and catalogues list: most are plain, or have nothing but stars, and need no compiled glob.
#[derive(Debug, Default)]
pub struct Names {
    plain: HashSet<String>,
    /// In the order of what stands before their first star.
    starred: Vec<Starred>,
    /// `None` where there are no others: asking an empty set takes its time too.
    others: Option<GlobSet>,
}

/// A glob with stars and nothing else that stands for more than itself: `gradio.*launch`, `langchain*.*`.
#[derive(Debug)]
struct Starred {
    /// Before the first star.
    start: String,
    /// Between one star and the next, in order.
    middle: Vec<String>,
    /// Behind the last star.
    end: String,
}

impl Starred {
    /// `None` for what has no star, or more than stars. Two stars beside each other mean something of their own.
    fn of(glob: &str) -> Option<Self> {
        let mut parts = glob.split('*');
        let start = parts.next()?.to_owned();
        let mut middle: Vec<String> = parts.map(str::to_owned).collect();
        let end = middle.pop()?;
        let has_only_stars = is_plain(&start) && is_plain(&end) && middle.iter().all(|part| is_plain(part));
        (has_only_stars && !glob.contains("**")).then_some(Self { start, middle, end })
    }

    fn means(&self, name: &str) -> bool {
        // Thousands of names are held against each: where the last byte differs, nothing else is compared.
        if self.end.as_bytes().last().is_some_and(|last| name.as_bytes().last() != Some(last)) {
            return false;
        }
        let Some(mut left) = name.strip_prefix(&*self.start).and_then(|rest| rest.strip_suffix(&*self.end)) else {
            return false;
        };
        for part in &self.middle {
            let Some((_, behind)) = left.split_once(&**part) else { return false };
            left = behind;
        }
        true
    }
}

impl Names {
    /// All of these in one.
    ///
    /// # Errors
    ///
    /// The first that is no glob, or that all of them together are too large.
    pub fn of<T: AsRef<str>>(written: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        let mut names = Self::default();
        let mut others: Option<GlobSetBuilder> = None;
        for glob in written {
            let glob = glob.as_ref();
            if is_plain(glob) {
                names.plain.insert(glob.to_owned());
            } else if let Some(starred) = Starred::of(glob) {
                names.starred.push(starred);
            } else {
                others.get_or_insert_with(GlobSetBuilder::new).add(Glob::new(glob)?);
            }
        }
        names.starred.sort_by(|one, other| one.start.cmp(&other.start));
        names.others = others.map(|others| others.build()).transpose()?;
        Ok(names)
    }

    /// True for a name that one of them stands for.
    #[must_use]
    pub fn mean(&self, name: &str) -> bool {
        let first = name.as_bytes().first();
        self.plain.contains(name)
            || self.starting_with(None).iter().any(|starred| starred.means(name))
            || self.starting_with(first).iter().any(|starred| starred.means(name))
            || self.others.as_ref().is_some_and(|others| others.is_match(name))
    }

    /// Those that begin with this byte; with a star for `None`.
    fn starting_with(&self, first: Option<&u8>) -> &[Starred] {
        let from = self.starred.partition_point(|starred| starred.start.as_bytes().first() < first);
        let to = self.starred.partition_point(|starred| starred.start.as_bytes().first() <= first);
        self.starred.get(from..to).unwrap_or_default()
    }
}

/// True for a glob that stands for itself alone.
fn is_plain(glob: &str) -> bool {
    !glob.contains(['*', '?', '[', '{', '}', '\\'])
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
    fn names_mean_what_globs_mean() {
        let written = [
            "torch.load",
            "*.launch",
            "openai#*",
            "*",
            "gradio.*launch",
            "a?c",
            "[ab]",
            "{c,d}",
            "\\*",
            "**",
            "*b*",
            "a*a",
            "lang*.*",
            "a*b*a*",
            "*a*a",
            "",
        ];
        let tried = [
            "aa",
            "aba",
            "torch.load",
            "torch_load",
            "x.launch",
            ".launch",
            "openai#a/b",
            "gradio.Blocks.launch",
            "langchain_core.load",
            "langchain",
            "abba",
            "aaa",
            "abc",
            "a",
            "c",
            "*",
            "b",
            "",
        ];
        for glob in written {
            let names = Names::of([glob]).unwrap();
            let compiled = Glob::new(glob).unwrap().compile_matcher();
            for name in tried {
                assert_eq!(names.mean(name), compiled.is_match(name), "{glob} {name}");
            }
        }
        assert!(Names::of(["["]).is_err());
    }

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
