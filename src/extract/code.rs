//! Facts from Python, notebooks and JavaScript: `call`, `model-reference`, `address`, `environment-variable`, and uses of vendors and tools.

mod addresses;
mod agents;
pub(super) mod javascript;
mod keys;
mod models;
mod named;
mod running;
#[cfg(test)]
mod tests;
mod uses;

pub(super) use addresses::{is_internal, of_download, of_variable};
pub(super) use uses::host;

use super::Context;
use super::machine_made::is_random;
use super::secret::{is_secret_name, masked};
use crate::document::code::{Argument, Call, Code, Known, last_part};
use crate::fact::{self, Facts, Field, UNKNOWN};
use crate::source::{SourceFile, Span};
use std::cell::LazyCell;

/// What the parts of this extractor look at.
#[derive(Clone, Copy)]
struct View<'a> {
    file: &'a SourceFile,
    code: &'a Code,
    context: &'a Context<'a>,
}

/// Sees what rules ask of code.
pub fn extract(file: &SourceFile, parsed: &Code, context: &Context<'_>, facts: &mut Facts) {
    let view = View { file, code: parsed, context };
    // Most files hold no call that rules ask about.
    let agents = LazyCell::new(|| agents::Agents::of(parsed, file));
    for call in &parsed.calls {
        if context.interest.wants_call(&call.function) {
            facts.add_in_cell(subject(call), view.place(call), call.cell, seen(call, &agents));
        }
    }
    for assignment in parsed.assignments.iter().filter(|it| it.imported && !it.target.starts_with("os.environ[")) {
        let name = last_part(&assignment.target);
        let value = Field::found(written_under(name, &assignment.value.value), assignment.value.at);
        let setting = fact::LibrarySetting { name: assignment.target.as_str().into(), value };
        facts.add_in_cell(assignment.target.as_str(), assignment.at, assignment.cell, setting);
    }
    models::extract(view, facts);
    addresses::extract(view, facts);
    keys::extract(view, facts);
    uses::extract(view, facts);
}

impl View<'_> {
    /// Where a finding on a call is shown: the whole call where it stands on one line, else the called name.
    fn place(&self, call: &Call) -> Span {
        if call.at.text(&self.file.text).contains('\n') { call.name_at } else { call.at }
    }
}

/// The lasting name of a call.
fn subject(call: &Call) -> String {
    if call.within.is_empty() { call.function.clone() } else { format!("{} in {}", call.function, call.within) }
}

fn seen(call: &Call, agents: &agents::Agents<'_>) -> fact::Call {
    let arguments = call.named.iter().map(|(name, argument)| (name.clone(), written_under(name, &argument.value)));
    // `login("…")`: without a name only the look of it tells a key.
    let positional: Vec<String> = call
        .positional
        .iter()
        .map(|argument| match &argument.value {
            Known::Text(text) if is_random(text) => masked(text),
            value => written(value),
        })
        .collect();
    fact::Call {
        name: Field::found(call.function.as_str(), call.name_at),
        arguments: Field::found(arguments.collect::<std::collections::BTreeMap<_, _>>(), call.arguments_at),
        positional: Field::found(positional, call.arguments_at),
        forwards: call.forwards.into(),
        within: Field::known(&*call.within),
        offered: agents.are_offered(call),
        answered: agents.answered(call).into(),
        runs_text: running::runs_text(call).into(),
    }
}

/// A value as rules see it; keys and passwords are masked.
fn written_under(name: &str, value: &Known) -> String {
    match value {
        Known::Text(text) if is_secret_name(name) => masked(text),
        _ => written(value),
    }
}

/// A value as rules see it.
fn written(value: &Known) -> String {
    match value {
        Known::Name(name) if name.starts_with('.') => UNKNOWN.to_owned(),
        Known::Text(text) | Known::Number(text) | Known::Name(text) => text.clone(),
        Known::Bool(true) => "True".to_owned(),
        Known::Bool(false) => "False".to_owned(),
        Known::None => "None".to_owned(),
        Known::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Known::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", written_under(key, value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Known::Path => "./…".to_owned(),
        Known::Other => UNKNOWN.to_owned(),
    }
}

/// The text of an argument, if it is one.
fn text(argument: Option<&Argument>) -> Option<(&str, Span)> {
    let argument = argument?;
    Some((argument.value.text()?, argument.at))
}
