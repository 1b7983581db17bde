//! What is wrong with a rule or settings file: every problem has its place and, where there is one, the nearest right name.

use crate::source::{Lines, SourceFile, Span};
use std::cell::OnceCell;
use std::fmt;

/// One mistake in a rule or settings file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// Path of the file, as the user would name it.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

/// How many problems of one file are told: nobody reads more, and finding the place of each takes time.
const PROBLEM_LIMIT: usize = 1_000;

/// The problems of one file, collected so that all are reported at once.
#[derive(Debug)]
pub struct Problems<'a> {
    file: &'a SourceFile,
    lines: OnceCell<Lines<'a>>,
    /// What was found so far.
    pub all: Vec<Problem>,
}

impl<'a> Problems<'a> {
    /// No problem in `file` yet.
    #[must_use]
    pub fn of(file: &'a SourceFile) -> Self {
        Self { file, lines: OnceCell::new(), all: Vec::new() }
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> &'a str {
        &self.file.text
    }

    fn lines(&self) -> &Lines<'a> {
        self.lines.get_or_init(|| Lines::new(&self.file.text))
    }

    /// `path:line` of a place in the file.
    #[must_use]
    pub fn place(&self, at: Span) -> String {
        format!("{}:{}", self.file.path, self.lines().number(at.start))
    }

    /// Adds a problem at this place. Of more than `PROBLEM_LIMIT` only that there are more is kept.
    pub fn add(&mut self, at: Span, message: impl Into<String>) {
        let message = match self.all.len() {
            PROBLEM_LIMIT => "there are more problems than are told; mend these first".to_owned(),
            found if found > PROBLEM_LIMIT => return,
            _ => message.into(),
        };
        let (line, column) = self.lines().position(at.start);
        self.all.push(Problem { path: self.file.path.to_string(), line, column, message });
    }

    /// Adds a problem about a name that does not exist, with the nearest of the names that do.
    pub fn add_unknown<'n>(&mut self, at: Span, what: &str, name: &str, names: impl IntoIterator<Item = &'n str>) {
        if self.all.len() <= PROBLEM_LIMIT {
            self.add(at, unknown(what, name, names));
        }
    }
}

/// Says that `name` is no `what`, with the nearest name that is, or all of them where there are few.
pub fn unknown<'n>(what: &str, name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match nearest(name, &names) {
        Some(near) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None if names.is_empty() || names.len() > 12 => format!("unknown {what} `{name}`"),
        None => format!("unknown {what} `{name}`; there are {}", listed(&names)),
    }
}

/// A name longer than this is no slip of the pen; comparing it would take long.
const NAME_LIMIT: usize = 200;

/// The name most like `name`, if one is like it at all.
#[must_use]
pub fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    if name.len() > NAME_LIMIT {
        return None;
    }
    let scored = names.iter().map(|candidate| (strsim::jaro_winkler(name, candidate), *candidate));
    let (score, best) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (score > 0.75).then_some(best)
}

/// Shorter names differ by one letter without one being the other misspelt.
const MISSPELT_FROM: usize = 5;

/// The name that `name` is a slip of the pen for, where names that nobody knows are right too: only capitals, blanks and signs, or a single
/// letter set them apart.
#[must_use]
pub fn misspelt<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    if names.contains(&name) || name.len() > NAME_LIMIT {
        return None;
    }
    let is_slip = |known: &str| {
        is_spelt_alike(known, name)
            || known.chars().count() >= MISSPELT_FROM
                && strsim::osa_distance(&known.to_lowercase(), &name.to_lowercase()) == 1
    };
    names.iter().copied().find(|known| is_slip(known))
}

/// True when only capitals, blanks and signs set two names apart.
#[must_use]
pub fn is_spelt_alike(a: &str, b: &str) -> bool {
    let bare = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    bare(a) == bare(b)
}

/// `a, b and c`, each in backticks.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
