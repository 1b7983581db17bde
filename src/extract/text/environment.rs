//! `environment-variable` and `secret-file` facts: `.env` and its relatives, and files that hold secrets by their name.

use super::place::extension;
use super::placeholder::is_placeholder;
use crate::document::FileKind;
use crate::extract::environment::{self, Given, Scope, Variable};
use crate::extract::secret::{self, is_secret_name};
use crate::extract::{Context, FACT_LIMIT};
use crate::fact::{Choice, Facts, Field, SecretFile};
use crate::source::{SourceFile, Span};

/// Sees each variable that an environment file sets.
pub(super) fn see_variables(file: &SourceFile, facts: &mut Facts) {
    let scope = Scope { name: "", holder: "environment-file", secret_holder: "environment-file", ai: Field::default() };
    let mut settings = settings(&file.text);
    let variables: Vec<Variable<'_>> = settings.by_ref().take(FACT_LIMIT).collect();
    let add = if is_template(file.name()) { environment::add_samples } else { environment::add };
    add(&variables, &scope, facts);
    facts.leave_out(settings.count());
}

/// Sees that the file holds secrets, as its name says.
pub(super) fn see_secret_file(file: &SourceFile, kind: FileKind, context: &Context<'_>, facts: &mut Facts) {
    let Some((form, has_values)) = secret_file(file, kind) else { return };
    let tracked = context.tree.is_tracked(&file.path);
    let fact = SecretFile {
        form: Field::known(Choice(form)),
        tracked: Field { value: tracked, at: None },
        has_values: has_values.into(),
    };
    facts.add_whole(file.path.to_string(), fact);
}

/// What kind of secret file it is, and whether it holds secrets rather than names and placeholders.
fn secret_file(file: &SourceFile, kind: FileKind) -> Option<(&'static str, bool)> {
    let text = file.text.as_str();
    match kind {
        FileKind::EnvironmentFile if !is_template(file.name()) => {
            Some(("environment", settings(text).any(|variable| holds_secret(&variable))))
        }
        FileKind::DvcConfig if file.name() == "config.local" => {
            Some(("dvc-local-configuration", settings(text).any(|variable| holds_secret(&variable))))
        }
        FileKind::Text => match extension(file.name()) {
            "pem" | "key" if has_private_key(text) => Some(("private-key", true)),
            "json" if has_private_key(text) && text.contains("\"service_account\"") => Some(("service-account", true)),
            _ => None,
        },
        _ => None,
    }
}

fn has_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

/// Names such as `.env.example` hold what others shall fill in.
fn is_template(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(['.', '-', '_']).any(|part| {
        matches!(
            part,
            "example" | "examples" | "sample" | "template" | "tmpl" | "dist" | "default" | "defaults" | "schema"
        )
    })
}

/// A value is written out that its name says is secret, and that is none of those that stand in the place of one.
fn holds_secret(variable: &Variable<'_>) -> bool {
    match variable.value {
        Given::Literal(value) => {
            is_secret_name(variable.name) && !is_placeholder(value) && !secret::is_placeholder(value)
        }
        Given::Elsewhere | Given::Fallback(_) => false,
    }
}

/// The settings of an environment file, as shells and dotenv libraries read them: comments left out, quotes and `export` taken away.
fn settings(text: &str) -> impl Iterator<Item = Variable<'_>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    });
    lines.filter_map(|(at, line)| {
        let line = line.trim_end();
        let body = line.trim_start_matches(['\u{feff}', ' ', '\t']);
        let body = body.strip_prefix("export ").unwrap_or(body).trim_start();
        let at = at + line.len() - body.len();
        let (name, value) = body.split_once('=')?;
        let name = name.trim_end();
        let is_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-');
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let value = value.trim_start();
        let (inner, quote) = unquoted(value);
        let value_start = at + body.len() - value.len() + quote;
        let value_at = Span::new(value_start, value_start + inner.len());
        // The quote that ends the value belongs to the entry, where it is there.
        let end = (value_at.end + quote).min(at + body.len());
        Some(Variable { name, value: Given::written(inner), at: Span::new(at, end), value_at })
    })
}

/// The value within its quotes and the length of the first of them, or without the comment behind it where it has none.
fn unquoted(value: &str) -> (&str, usize) {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return (inner.split(quote).next().unwrap_or(inner), 1);
        }
    }
    (value.split(" #").next().unwrap_or(value).trim_end(), 0)
}
