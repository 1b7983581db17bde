//! What the variables of a script are set to, as far as reading alone can follow it.

use super::super::environment::{Given, Variable};
use super::super::image::{self, OPEN};
use crate::document::instructions::Word;
use crate::shell::{self, Command};
use crate::source::{SourceFile, Span};
use std::collections::BTreeMap;

/// The variables that a script has set so far.
#[derive(Debug)]
pub(super) struct Variables {
    known: BTreeMap<String, Value>,
    /// `$(NAME)` is a variable here, and no command.
    of_make: bool,
}

#[derive(Debug)]
struct Value {
    /// `None` when it comes from elsewhere, or is one thing or another.
    text: Option<String>,
    at: Span,
}

impl Variables {
    pub fn of(file: &SourceFile) -> Self {
        Self { known: BTreeMap::new(), of_make: file.name().eq_ignore_ascii_case("makefile") }
    }

    /// Remembers what a command sets for those after it: `NAME=value`, `export NAME=value`, and in a Makefile `NAME ?= value`.
    pub fn learn(&mut self, command: &Command) {
        if let [name, sign, value] = command.words.as_slice()
            && matches!(sign.text.as_str(), "=" | ":=" | "::=" | "?=")
        {
            self.set(&name.text, &value.text, Span::new(name.start, value.end));
            return;
        }
        let words =
            command.words.iter().skip_while(|word| matches!(word.text.as_str(), "export" | "readonly" | "local"));
        let assignments: Vec<_> = words.map(|word| (word, word.text.split_once('='))).collect();
        if !assignments.iter().all(|(_, assignment)| assignment.is_some()) {
            return;
        }
        for (word, assignment) in assignments {
            let (name, value) = assignment.unwrap_or_default();
            self.set(name.trim_end_matches(['?', ':']), value, Span::new(word.start, word.end));
        }
    }

    fn set(&mut self, name: &str, value: &str, at: Span) {
        let value = self.resolved(value);
        let text = (!value.contains(OPEN)).then_some(value);
        let unlike = self.known.get(name).is_some_and(|before| before.text != text);
        self.known.insert(name.to_owned(), Value { text: text.filter(|_| !unlike), at });
    }

    /// The text with what is known of its variables filled in, and [`OPEN`] for the others.
    pub fn resolved(&self, text: &str) -> String {
        let lookup = |name: &str| self.known.get(name)?.text.clone();
        if self.of_make && text.contains("$(") {
            return image::resolve(&with_braces(text), &lookup);
        }
        image::resolve(text, &lookup)
    }

    /// The command with what is known of its variables filled in, in each word where that is all of them.
    pub fn filled(&self, command: &Command) -> Command {
        let words = command.words.iter().map(|word| {
            let resolved = self.resolved(&word.text);
            let text = if resolved.contains(OPEN) { word.text.clone() } else { resolved };
            shell::Word { text, ..word.clone() }
        });
        Command { words: words.collect(), ..*command }
    }

    /// What programs find in their environment, as far as the script sets it.
    pub fn environment(&self) -> Vec<Variable<'_>> {
        let variables = self.known.iter().map(|(name, value)| Variable {
            name,
            value: value.text.as_deref().map_or(Given::Elsewhere, Given::Literal),
            at: value.at,
            value_at: value.at,
        });
        variables.collect()
    }
}

/// `$(NAME)` of make as a shell would write it: `${NAME}`. Functions of make hold a blank.
fn with_braces(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("$(") {
        written.push_str(before);
        let name = after.split(')').next().unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if let Some(behind) = after.get(name.len() + 1..).filter(|_| is_name) {
            written.extend(["${", name, "}"]);
            rest = behind;
        } else {
            written.push_str("$(");
            rest = after;
        }
    }
    written.push_str(rest);
    written
}

/// True when a word can stand for any number of arguments: `"$@"`, `${ARGS[@]}`, `$EXTRA`. The first word is the program.
pub(super) fn more_arguments(words: &[Word]) -> bool {
    let mut befores = words.iter();
    words.iter().skip(1).any(|word| {
        let before = befores.next().map_or("", |before| &before.text);
        let Some(name) = word.text.strip_prefix('$') else { return false };
        let lower = name.to_ascii_lowercase();
        let says_so = ["arg", "opt", "extra", "flag", "param"].iter().any(|part| lower.contains(part));
        let is_list = name.starts_with(['@', '*']) || name.contains("[@]") || name.contains("[*]");
        // What follows an option may be the value of that option alone.
        is_list || says_so || !before.starts_with('-') || before.contains('=')
    })
}
