//! Environment variables of containers and pipelines: which of them are secrets, and what may be shown of their values.

use super::code::of_variable;
use super::secret::{self, is_guessable, is_secret_name, masked};
use crate::fact::{EnvironmentVariable, Facts, Field};
use crate::source::Span;
use std::collections::BTreeMap;

/// One variable as a file sets it.
#[derive(Debug, Clone)]
pub(super) struct Variable<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: Given<'a>,
    /// The whole entry.
    pub at: Span,
    /// The value alone.
    pub value_at: Span,
}

/// What a file says of a variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given<'a> {
    /// It is written out.
    Literal(&'a str),
    /// It comes from a secret store, another variable or the machine that runs this.
    Elsewhere,
    /// It comes from another variable, and is this where nobody sets that: `${NAME:-this}`.
    Fallback(&'a str),
}

impl<'a> Given<'a> {
    /// A value as written in a file: one that refers to a variable or is left to a template comes from elsewhere.
    pub fn written(text: &'a str) -> Self {
        if let Some(fallback) = fallback(text) {
            return Self::Fallback(fallback);
        }
        let refers = text.contains("${") || text.contains("$(") || text.contains("{{") || is_variable(text);
        if refers { Self::Elsewhere } else { Self::Literal(text) }
    }
}

/// What stands behind `:-` in `${NAME:-this}`, where it is text alone.
fn fallback(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    let (name, fallback) = inner.split_once('-')?;
    let is_text = !fallback.is_empty() && !fallback.contains(['$', '{', '}']);
    (is_variable_name(name.strip_suffix(':').unwrap_or(name)) && is_text).then_some(fallback)
}

fn is_variable_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(is_variable_name)
}

/// What variables are set for.
#[derive(Debug, Clone)]
pub(super) struct Scope<'a> {
    /// Its name: a service, a container, a job; empty for the file.
    pub name: &'a str,
    /// Word of the `environment-variable` fact for where it is set.
    pub holder: &'static str,
    /// Word of the `secret` fact for where it is set.
    pub secret_holder: &'static str,
    /// It is AI.
    pub ai: Field<bool>,
}

/// Adds the facts of variables that are set together, and of the addresses that are their values.
pub(super) fn add(variables: &[Variable<'_>], scope: &Scope<'_>, facts: &mut Facts) {
    add_samples(variables, scope, facts);
    for variable in variables {
        if let Given::Literal(text) = variable.value {
            of_variable(variable.name, text, variable.value_at, facts);
        }
    }
}

/// The same in a file that shows others how to set the variables: nothing is sent to its addresses.
pub(super) fn add_samples(variables: &[Variable<'_>], scope: &Scope<'_>, facts: &mut Facts) {
    let literals: BTreeMap<&str, &str> = variables
        .iter()
        .filter_map(|variable| match variable.value {
            Given::Literal(text) | Given::Fallback(text) => Some((variable.name, text)),
            Given::Elsewhere => None,
        })
        .collect();
    for variable in variables {
        add_one(variable, scope, user_beside(variable.name, &literals), facts);
    }
}

fn add_one(variable: &Variable<'_>, scope: &Scope<'_>, user: Option<&str>, facts: &mut Facts) {
    let secret = is_secret_name(variable.name);
    let subject =
        if scope.name.is_empty() { variable.name.to_owned() } else { format!("{}/{}", scope.name, variable.name) };
    let (value, literal) = match variable.value {
        Given::Literal(text) if secret => (Field::found(masked(text), variable.value_at), true),
        Given::Literal(text) => (Field::found(text, variable.value_at), true),
        Given::Elsewhere | Given::Fallback(_) => (Field::unresolved(variable.value_at), false),
    };
    let written = match variable.value {
        Given::Literal(text) | Given::Fallback(text) if secret => text,
        _ => "",
    };
    let guessable = is_guessable(variable.name, written, user);
    facts.add(
        subject.clone(),
        variable.at,
        EnvironmentVariable {
            name: variable.name.into(),
            value,
            holder: scope.holder.into(),
            literal: literal.into(),
            secret: secret.into(),
            guessable: guessable.into(),
            ai: scope.ai.clone(),
        },
    );
    if !guessable {
        secret::add(&subject, variable.name, written, variable.value_at, scope.secret_holder, facts);
    }
}

/// The user that stands beside a password among variables: `POSTGRES_USER` for `POSTGRES_PASSWORD`.
fn user_beside<'a>(name: &str, values: &BTreeMap<&str, &'a str>) -> Option<&'a str> {
    let stem = name.strip_suffix("_PASSWORD").or_else(|| name.strip_suffix("_PASS"))?;
    ["USER", "USERNAME"].iter().find_map(|user| values.get(format!("{stem}_{user}").as_str()).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_from_elsewhere() {
        assert_eq!(Given::written("${TOKEN}"), Given::Elsewhere);
        assert_eq!(Given::written("$TOKEN"), Given::Elsewhere);
        assert_eq!(Given::written("${TOKEN:-some-thing}"), Given::Fallback("some-thing"));
        for text in ["${TOKEN:-}", "${TOKEN:?set it}", "${TOKEN:-${OTHER}}", "${TOKEN:-a}${B}", "postgres://${A:-b}"] {
            assert_eq!(Given::written(text), Given::Elsewhere, "{text}");
        }
        assert_eq!(Given::written("pa$$word"), Given::Literal("pa$$word"));
    }
}
