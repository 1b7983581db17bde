//! Places that a command of pip is told to fetch packages from: `package-index` facts.

use super::package;
use crate::fact::Facts;
use crate::shell::{self, Command};
use crate::source::Span;

/// Options of pip that name a place for packages, and what each is.
const INDEX_OPTIONS: &[(&str, &str)] = &[
    ("--index-url", "index"),
    ("-i", "index"),
    ("--extra-index-url", "extra-index"),
    ("--trusted-host", "trusted-host"),
    ("--find-links", "find-links"),
    ("-f", "find-links"),
    ("global.index-url", "index"),
    ("global.extra-index-url", "extra-index"),
    ("global.trusted-host", "trusted-host"),
    ("global.find-links", "find-links"),
];

/// False for text that tells no command such a place: a cheap look before it is taken apart.
pub(super) fn may_name(text: &str) -> bool {
    text.contains("pip") || text.contains("uv ")
}

/// A place for packages that a command names.
pub(super) struct Index {
    kind: &'static str,
    url: String,
    /// The bytes of the option and its value in the text of the command.
    pub at: Span,
}

impl Index {
    /// The places that a command names.
    pub fn all_of(command: &Command) -> Vec<Self> {
        let program = command.program();
        let is_pip = program.first().is_some_and(|first| first.starts_with("pip") || *first == "uv");
        if !is_pip {
            return Vec::new();
        }
        let option = |(index, word): (usize, &shell::Word)| {
            let (option, value, end) = if let Some((option, value)) = word.text.split_once('=') {
                (option, value, word.end)
            } else {
                let next = command.words.get(index + 1)?;
                (word.text.as_str(), next.text.as_str(), next.end)
            };
            let (_, kind) = INDEX_OPTIONS.iter().find(|(name, _)| *name == option)?;
            (!value.contains('$')).then(|| Self { kind, url: value.to_owned(), at: Span::new(word.start, end) })
        };
        command.words.iter().enumerate().filter_map(option).collect()
    }

    /// Adds the fact.
    pub fn add(&self, at: Span, facts: &mut Facts) {
        package::add_index(&self.url, self.kind, at, facts);
    }
}
