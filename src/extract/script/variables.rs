//! What the variables of a script are set to, as far as reading alone can follow it.

use super::super::environment::{Given, Variable};
use super::super::image::{self, OPEN};
use crate::document::instructions::Word;
use crate::shell::{self, Command};
use crate::source::{SourceFile, Span};
use std::collections::BTreeMap;

/// How long the value of a variable may be that is filled in for it: each can hold others twice, and so grow without end.
const VALUE_LENGTH_LIMIT: usize = 200;

/// Words that may stand before an assignment.
const BEFORE_ASSIGNMENTS: &[&str] = &["export", "readonly", "local", "then", "else", "do", "{"];

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
        let words = command.words.iter().skip_while(|word| BEFORE_ASSIGNMENTS.contains(&&*word.text));
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
        let text = (!value.contains(OPEN) && value.len() <= VALUE_LENGTH_LIMIT).then_some(value);
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

    /// Of these settings those that a program finds in its environment, as far as the script sets it.
    pub fn environment<'a>(&'a self, settings: impl Iterator<Item = &'a str>) -> Vec<Variable<'a>> {
        let variables = settings.filter_map(|name| {
            let Value { text, at } = self.known.get(name)?;
            let value = text.as_deref().map_or(Given::Elsewhere, Given::Literal);
            Some(Variable { name, value, at: *at, value_at: *at })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &str, script: &str, text: &str) -> String {
        let file = SourceFile::new(name, script);
        let mut variables = Variables::of(&file);
        for command in shell::commands(script) {
            variables.learn(&command);
        }
        variables.resolved(text)
    }

    #[test]
    fn variables_are_followed_where_they_are_set_once() {
        assert_eq!(resolved("a.sh", "TAG=v1\nexport IMAGE=\"a/b:$TAG\"", "${IMAGE}"), "a/b:v1");
        assert_eq!(resolved("a.sh", "IMAGE=${1:-a/b:v1}", "$IMAGE"), "a/b:v1");
        assert_eq!(resolved("a.sh", "TAG=v1\nif x; then TAG=v2; fi", "a:$TAG"), format!("a:{OPEN}"));
        assert_eq!(resolved("Makefile", "IMG ?= a/b\nTAG:=v1", "$(IMG):$(TAG)"), "a/b:v1");
        assert_eq!(resolved("a.sh", "IMG=a", "$(IMG)"), OPEN.to_string());
    }

    #[test]
    fn values_that_double_do_not_grow() {
        let script = (1..60).fold("A0=xxxx\n".to_owned(), |script, at| {
            format!("{script}A{at}=$A{before}$A{before}\n", before = at - 1)
        });
        assert!(resolved("a.sh", &script, "$A59").len() < VALUE_LENGTH_LIMIT);
    }
}
