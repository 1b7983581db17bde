//! Environment variables that code sets, and keys and passwords that are written into calls and assignments.

use super::{View, text};
use crate::document::code::{Argument, Call, Known, last_part};
use crate::extract::machine_made::{is_machine_made, is_of_web_page, is_random};
use crate::extract::secret::{is_secret_name, masked, told_by_name};
use crate::fact::{EnvironmentVariable, Facts, Field, Secret};
use crate::source::{SourceFile, Span};

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
    /// What a call takes where nothing else is given, and the name of that.
    Default(&'a Call, &'a str),
    /// A dictionary, by what it is assigned or handed to.
    Entries(&'a str),
}

impl Setting<'_> {
    /// The lasting name of the setting.
    fn subject(&self) -> String {
        match self.holder {
            Holder::Target(target) => target.to_owned(),
            Holder::Environment => format!("os.environ[{}]", self.name),
            Holder::Arguments(call) => format!("{}({})", call.function, self.name),
            Holder::Default(call, name) => format!("{}({name})", call.function),
            Holder::Entries(of) => format!("{of}[{}]", self.name),
        }
    }
}

pub(super) fn extract(view: View<'_>, facts: &mut Facts) {
    for assignment in &view.code.assignments {
        for setting in entries_of(&assignment.value, &assignment.target, assignment.cell, view.file) {
            add_secret(&setting, view, facts);
        }
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
        for setting in arguments_of(call, view.file).chain(default_of(call)).chain(entries_in(call, view.file)) {
            add_secret(&setting, view, facts);
        }
    }
    add_fallbacks(view, facts);
}

/// The same in JavaScript: variables are `process.env.X`, and options of constructors hold keys.
pub(super) fn extract_from_javascript(view: View<'_>, facts: &mut Facts) {
    for assignment in &view.code.assignments {
        for setting in entries_of(&assignment.value, &assignment.target, None, view.file) {
            add_secret(&setting, view, facts);
        }
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
        for setting in entries_in(call, view.file).chain(default_of(call)) {
            add_secret(&setting, view, facts);
        }
        let is_public = call.named.iter().any(|(name, _)| is_of_web_page(name));
        for (name, argument) in call.named.iter().filter(|_| !is_public) {
            let literal = text(Some(argument)).filter(|(_, at)| at.text(&view.file.text).contains(['"', '\'', '`']));
            let Some((value, at)) = literal else { continue };
            let setting = Setting { name, value, at, cell: None, holder: Holder::Arguments(call) };
            add_secret(&setting, view, facts);
        }
    }
    add_fallbacks(view, facts);
}

/// `os.getenv("X") or "v"`, `process.env.X || "v"`.
fn add_fallbacks(view: View<'_>, facts: &mut Facts) {
    for fallback in &view.code.fallbacks {
        let Some((value, at)) = text(Some(&fallback.text)) else { continue };
        let name = fallback.of.as_str();
        add_secret(&Setting { name, value, at, cell: fallback.cell, holder: Holder::Target(name) }, view, facts);
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

/// `os.getenv("X", "v")`, `add_argument("--api-key", default="v")`, `settings.get("api_key", "v")`: a value that is handed with the name
/// that it is for.
fn default_of(call: &Call) -> Option<Setting<'_>> {
    // Those that set a variable are told as such.
    if matches!(call.function.as_str(), "os.environ.setdefault" | "os.putenv") {
        return None;
    }
    let (name, _) = text(call.positional.first())?;
    let (value, at) = text(call.argument("default", 1))?;
    let holder = Holder::Default(call, name);
    Some(Setting { name: name.trim_start_matches('-'), value, at, cell: call.cell, holder })
}

/// Entries of the dictionaries that a call is handed: `headers={"x-api-key": "..."}`.
fn entries_in<'a>(call: &'a Call, file: &'a SourceFile) -> impl Iterator<Item = Setting<'a>> {
    let arguments = call.positional.iter().chain(call.named.iter().map(|(_, argument)| argument));
    arguments.flat_map(move |argument| entries_of(argument, &call.function, call.cell, file))
}

/// The texts in a dictionary and in those within it. One that stands elsewhere is seen where it is assigned.
fn entries_of<'a>(value: &'a Argument, of: &'a str, cell: Option<usize>, file: &'a SourceFile) -> Vec<Setting<'a>> {
    let mut found = Vec::new();
    let mut left = vec![&value.value];
    while let Some(value_of) = left.pop() {
        let Known::Map(entries) = value_of else { continue };
        let is_public = entries.iter().any(|(name, _)| is_of_web_page(name));
        for (name, entry) in entries {
            left.push(entry);
            if is_public {
                continue;
            }
            let Some(text) = entry.text() else { continue };
            let Some(secret) = secret_in(name, text) else { continue };
            let Some(start) = value.at.text(&file.text).find(secret) else { continue };
            let at = Span::new(value.at.start + start, value.at.start + start + secret.len());
            found.push(Setting { name, value: text, at, cell, holder: Holder::Entries(of) });
        }
    }
    found
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

/// The secret in a value: the whole of it, or what stands behind `Bearer` in a header.
fn secret_in<'a>(name: &str, value: &'a str) -> Option<&'a str> {
    let in_header = || value.split_once(' ').filter(|_| name.eq_ignore_ascii_case("authorization"));
    let secret = if is_secret_name(name) { Some(value) } else { in_header().map(|(_, token)| token.trim()) };
    secret.filter(|secret| is_random(secret))
}

fn add_secret(setting: &Setting<'_>, view: View<'_>, facts: &mut Facts) {
    let Some(value) = secret_in(setting.name, setting.value) else { return };
    let vendor = view.context.catalogue.vendor_of_env(setting.name).map_or("", |vendor| vendor.id.as_str());
    let fact = Secret {
        vendor: vendor.into(),
        setting: setting.subject().into(),
        machine_made: is_machine_made(setting.name, value).into(),
        ..told_by_name(setting.name, value, "code")
    };
    facts.add_in_cell(setting.subject(), setting.at, setting.cell, fact);
}
