//! `environment-variable` and `secret-file` facts: `.env` and its relatives, and files that hold secrets by their name.

use super::place::extension;
use super::placeholder::is_placeholder;
use super::secret::hidden;
use crate::document::FileKind;
use crate::extract::Context;
use crate::fact::{Choice, EnvironmentVariable, Facts, Field, SecretFile};
use crate::source::{SourceFile, Span};

/// One `NAME=value` of an environment file.
struct Setting<'a> {
    name: &'a str,
    name_at: Span,
    value: &'a str,
    value_at: Span,
}

/// Sees each variable that an environment file sets.
pub(super) fn see_variables(file: &SourceFile, facts: &mut Facts) {
    for setting in settings(&file.text) {
        let secret = is_secret_name(setting.name);
        let shown =
            if secret && !is_placeholder(setting.value) { hidden(setting.value) } else { setting.value.to_owned() };
        let variable = EnvironmentVariable {
            name: Field::found(setting.name, setting.name_at),
            value: Field::found(shown, setting.value_at),
            holder: Field::known(Choice("environment-file")),
            literal: (!setting.value.contains('$')).into(),
            secret: secret.into(),
        };
        facts.add(setting.name, setting.name_at.cover(setting.value_at), variable);
    }
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
            let is_secret = |setting: &Setting<'_>| {
                is_secret_name(setting.name)
                    && !setting.value.contains('$')
                    && !is_placeholder(setting.value)
                    && setting.value.len() >= 8
            };
            Some(("environment", settings(text).any(|setting| is_secret(&setting))))
        }
        FileKind::DvcConfig if file.name() == "config.local" => {
            Some(("dvc-local-configuration", settings(text).any(|setting| is_secret_name(setting.name))))
        }
        FileKind::Text if has_private_key(text) => match extension(file.name()) {
            "pem" | "key" => Some(("private-key", true)),
            "json" if text.contains("\"service_account\"") => Some(("service-account", true)),
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

/// Parts of names that keep secrets.
const SECRET_PARTS: &[&str] =
    &["KEY", "APIKEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASS", "PWD", "CREDENTIAL", "CREDENTIALS", "PAT"];

/// True for a name that speaks of a secret: `OPENAI_API_KEY`, `db-password`; not `MAX_TOKENS`, `PUBLIC_KEY`, `KEY_PATH`.
fn is_secret_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let parts: Vec<&str> = upper.split(['_', '-', '.']).collect();
    let is_about = |part: &str| parts.contains(&part);
    let last_is_secret = parts.last().is_some_and(|last| SECRET_PARTS.contains(last));
    let names_a_place =
        ["PUBLIC", "PUBLISHABLE", "SITE", "PRIMARY", "FOREIGN", "SORT", "PARTITION"].into_iter().any(is_about);
    last_is_secret && !names_a_place
}

/// The settings of an environment file, as shells and dotenv libraries read them: comments left out, quotes and `export` taken away.
fn settings(text: &str) -> impl Iterator<Item = Setting<'_>> {
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
        let value_start = at + body.len() - value.trim_start().len();
        let value = unquoted(value.trim_start());
        // The place of a quoted value is that of the value within its quotes.
        let value_start = value_start
            + usize::from(
                Span::empty(value_start).start < text.len()
                    && text.get(value_start..).is_some_and(|rest| rest.starts_with(['"', '\''])),
            );
        Some(Setting {
            name,
            name_at: Span::new(at, at + name.len()),
            value,
            value_at: Span::new(value_start, value_start + value.len()),
        })
    })
}

/// The value without its quotes, or without the comment behind it where it has none.
fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.split(quote).next().unwrap_or(inner);
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}
