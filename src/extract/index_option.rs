//! Places that a command of pip is told to fetch packages from: `package-index` facts.

use super::package;
use crate::fact::Facts;
use crate::shell::Command;
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

/// Sees the places that a command names; `place` says where its bytes stand in the file.
pub(super) fn see(command: &Command, place: impl Fn(usize, usize) -> Span, facts: &mut Facts) {
    let program = command.program();
    let is_pip = program.first().is_some_and(|first| first.starts_with("pip") || *first == "uv");
    if !is_pip {
        return;
    }
    for (index, word) in command.words.iter().enumerate() {
        let (option, value) = match word.text.split_once('=') {
            Some((option, value)) => (option, Some((value, word))),
            None => (word.text.as_str(), command.words.get(index + 1).map(|next| (next.text.as_str(), next))),
        };
        let kind = INDEX_OPTIONS.iter().find(|(name, _)| *name == option).map(|(_, kind)| *kind);
        if let (Some(kind), Some((value, last))) = (kind, value)
            && !value.contains('$')
        {
            package::add_index(value, kind, place(word.start, last.end), facts);
        }
    }
}
