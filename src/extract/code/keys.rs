//! Environment variables that code sets, and keys and passwords that are written into calls and assignments.

use super::{View, text};
use crate::document::code::{Call, Known, last_part};
use crate::extract::environment::{is_placeholder, is_secret_name, masked};
use crate::fact::{EnvironmentVariable, Facts, Field, Secret};
use crate::source::{SourceFile, Span};
use std::collections::BTreeSet;

/// A setting in code and the text that it is set to.
struct Setting<'a> {
    name: &'a str,
    value: &'a str,
    at: Span,
    cell: Option<usize>,
    holder: Holder<'a>,
}

/// What a setting is one of.
#[derive(Clone, Copy)]
enum Holder<'a> {
    /// What is assigned to, as it is written.
    Target(&'a str),
    Environment,
    Arguments(&'a Call),
}

impl Setting<'_> {
    /// The lasting name of the setting.
    fn subject(&self) -> String {
        match self.holder {
            Holder::Target(target) => target.to_owned(),
            Holder::Environment => format!("os.environ[{}]", self.name),
            Holder::Arguments(call) => format!("{}({})", call.function, self.name),
        }
    }
}

pub(super) fn extract(view: View<'_>, facts: &mut Facts) {
    for assignment in &view.code.assignments {
        let Some((value, at)) = text(Some(&assignment.value)) else { continue };
        let target = assignment.target.as_str();
        let variable = target.strip_prefix("os.environ[").and_then(|rest| rest.strip_suffix(']'));
        let name = variable.unwrap_or_else(|| target.trim_end_matches(']').rsplit(['.', '[']).next().unwrap_or(target));
        let setting = Setting { name, value, at, cell: assignment.cell, holder: Holder::Target(target) };
        if variable.is_some() {
            add_variable(&setting, facts);
        }
        add_secret(&setting, view, facts);
    }
    for call in &view.code.calls {
        for setting in variables_of(call) {
            add_variable(&setting, facts);
            add_secret(&setting, view, facts);
        }
        for setting in arguments_of(call, view.file) {
            add_secret(&setting, view, facts);
        }
    }
}

/// The same in JavaScript: variables are `process.env.X`, and options of constructors hold keys.
pub(super) fn extract_from_javascript(view: View<'_>, facts: &mut Facts) {
    for assignment in &view.code.assignments {
        let Some((value, at)) = text(Some(&assignment.value)) else { continue };
        let target = assignment.target.as_str();
        let variable = target.strip_prefix("process.env.");
        let name = variable.unwrap_or_else(|| last_part(target));
        let setting = Setting { name, value, at, cell: None, holder: Holder::Target(target) };
        if variable.is_some() {
            add_variable(&setting, facts);
        }
        add_secret(&setting, view, facts);
    }
    for call in &view.code.calls {
        for (name, argument) in &call.named {
            let literal = text(Some(argument)).filter(|(_, at)| at.text(&view.file.text).contains(['"', '\'', '`']));
            let Some((value, at)) = literal else { continue };
            let setting = Setting { name, value, at, cell: None, holder: Holder::Arguments(call) };
            add_secret(&setting, view, facts);
        }
    }
}

/// `os.environ.setdefault("X", "v")`, `os.putenv("X", "v")` and `os.environ.update({"X": "v"})`.
fn variables_of(call: &Call) -> Vec<Setting<'_>> {
    let setting = |name, value, at| Setting { name, value, at, cell: call.cell, holder: Holder::Environment };
    match call.function.as_str() {
        "os.environ.setdefault" | "os.putenv" => {
            let name = text(call.positional.first());
            let value = text(call.positional.get(1));
            name.zip(value).map(|((name, _), (value, at))| setting(name, value, at)).into_iter().collect()
        }
        "os.environ.update" => {
            let Some(argument) = call.positional.first() else { return Vec::new() };
            let Known::Map(entries) = &argument.value else { return Vec::new() };
            entries.iter().filter_map(|(name, value)| Some(setting(name, value.text()?, argument.at))).collect()
        }
        _ => Vec::new(),
    }
}

/// Texts that are handed by name to something imported: what the file defines itself is no client. A key that stands in a
/// variable is seen where that is assigned.
fn arguments_of<'a>(call: &'a Call, file: &'a SourceFile) -> impl Iterator<Item = Setting<'a>> {
    let named = call.named.iter().filter(|_| call.function.contains('.') && !call.function.starts_with('.'));
    named.filter_map(|(name, argument)| {
        let (value, at) = text(Some(argument)).filter(|(_, at)| at.text(&file.text).contains(['"', '\'']))?;
        Some(Setting { name, value, at, cell: call.cell, holder: Holder::Arguments(call) })
    })
}

fn add_variable(setting: &Setting<'_>, facts: &mut Facts) {
    let secret = is_secret_name(setting.name);
    let value = if secret { masked(setting.value) } else { setting.value.to_owned() };
    let fact = EnvironmentVariable {
        name: setting.name.into(),
        value: Field::found(value, setting.at),
        holder: "code".into(),
        literal: true.into(),
        secret: secret.into(),
        ..EnvironmentVariable::default()
    };
    facts.add_in_cell(setting.subject(), setting.at, setting.cell, fact);
}

fn add_secret(setting: &Setting<'_>, view: View<'_>, facts: &mut Facts) {
    if !is_secret_name(setting.name) || !is_random(setting.value) {
        return;
    }
    let vendor = view.context.catalogue.vendor_of_env(setting.name).map_or("", |vendor| vendor.id.as_str());
    let fact = Secret {
        form: "key or password".into(),
        vendor: vendor.into(),
        shown: masked(setting.value).into(),
        holder: "code".into(),
        setting: setting.subject().into(),
        certain: false.into(),
        machine_made: is_machine_made(setting).into(),
        ..Secret::default()
    };
    facts.add_in_cell(setting.subject(), setting.at, setting.cell, fact);
}

/// True for a password or API key that no person thinks up. A `token` may be one of text or of a page, and a `key` that of an entry.
fn is_machine_made(setting: &Setting<'_>) -> bool {
    const NAMES: &[&str] =
        &["password", "passwd", "secret", "api_key", "apikey", "access_token", "auth_token", "api_token"];
    let name = setting.name.to_ascii_lowercase();
    NAMES.iter().any(|word| name.contains(word)) && is_disordered(setting.value)
}

/// Long and with many different characters, or shorter and without any order.
fn is_disordered(value: &str) -> bool {
    let distinct = value.bytes().collect::<BTreeSet<u8>>().len();
    // The three parts of a signed token are joined by dots.
    let is_signed_token = value.starts_with("eyJ") && value.split('.').count() == 3;
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte) || (is_signed_token && byte == b'.');
    let is_long = value.len() >= MACHINE_MADE_LENGTH && value.bytes().all(plain);
    let is_mixed =
        value.len() >= MIXED_LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) && is_mixed(value);
    distinct >= 12 && (is_long || is_mixed)
}

/// Capitals, small letters and digits take turns, and digits stand in three places and more. Words have one capital and many small letters,
/// and a year or a number behind them.
fn is_mixed(value: &str) -> bool {
    let kinds: Vec<_> = value.bytes().map(|byte| (byte.is_ascii_digit(), byte.is_ascii_uppercase())).collect();
    let turns = kinds.chunk_by(|one, other| one == other).count();
    let numbers =
        value.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty()).count();
    turns * 5 > value.len() * 2 && numbers >= 3
}

/// Passwords that people think up are shorter than 128 bits in hexadecimal digits.
const MACHINE_MADE_LENGTH: usize = 32;

/// From this length on letters and digits without any order are no person's thought.
const MIXED_LENGTH: usize = 20;

/// True for text that looks made by a machine: keys are long and mix letters with digits; names, words and sentences do not.
pub(super) fn is_random(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+/=:".contains(&byte);
    let digits = || value.bytes().filter(u8::is_ascii_digit).count();
    let distinct = || value.bytes().collect::<BTreeSet<u8>>().len();
    let mixed = (16..=400).contains(&value.len())
        && value.bytes().all(plain)
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && digits() >= 2
        && distinct() >= 8;
    mixed && !is_made_of_words(value) && !is_placeholder(value)
}

/// `SECRET_OF_THE_TOOL_123`: words and numbers with signs between them.
fn is_made_of_words(value: &str) -> bool {
    value.split(['-', '_', '.', '/', ':', '+', '=']).all(|part| {
        let tail = part.get(1..).unwrap_or_default();
        let of = |test: fn(&u8) -> bool| part.as_bytes().iter().all(test);
        of(u8::is_ascii_digit) || of(u8::is_ascii_uppercase) || tail.as_bytes().iter().all(u8::is_ascii_lowercase)
    })
}
