//! Models and datasets that trees of settings name: configuration of any syntax, manifests, pipelines, infrastructure.

use super::View;
use super::command::{self, Word, is_model_server, may_name};
use super::group::{self, Group, Role, Setting};
use super::key;
use crate::document::{Document, Node};
use crate::fact::Facts;
use crate::shell;
use crate::source::Span;
use std::rc::Rc;

/// How many nodes of one file are looked at.
const NODE_LIMIT: usize = 200_000;

/// Keys whose value is a command, or the arguments of one, in the order in which they follow each other.
const COMMAND_KEYS: &[&str] = &[
    "entrypoint",
    "entryPoint",
    "ENTRYPOINT",
    "command",
    "cmd",
    "CMD",
    "run",
    "script",
    "commands",
    "args",
    "arguments",
];

/// What lies ahead on the walk through a tree.
struct Ahead<'a> {
    node: &'a Node,
    /// The words of the setting that holds the node.
    parent: Rc<[String]>,
    role: Role,
}

/// Sees what a tree of settings names.
pub(super) fn extract(text: &str, parsed: &Document, view: View<'_>, facts: &mut Facts) {
    let names_something = may_name_below(&parsed.roots);
    let roots = parsed.roots.iter().rev().filter(|root| !holds_results(root));
    let mut stack: Vec<Ahead<'_>> =
        roots.map(|node| Ahead { node, parent: Rc::default(), role: Role::Configure }).collect();
    for _ in 0..NODE_LIMIT {
        let Some(Ahead { node, parent, role }) = stack.pop() else { return };
        let role = if serves(node) { Role::Serve } else { role };
        if names_something && may_name_here(node) {
            let settings = settings_of(node, &parent);
            Group { settings, role, ..Group::default() }.add(view, facts);
        }
        commands(text, node, role, view, facts);
        for entry in node.entries().iter().rev().filter(|entry| holds_more(&entry.node)) {
            let words = if names_something { key::words_below(&parent, &entry.key) } else { Vec::new() };
            stack.push(Ahead { node: &entry.node, parent: words.into(), role });
        }
        let items = node.items().iter().rev().filter(|item| holds_more(item));
        stack.extend(items.map(|node| Ahead { node, parent: Rc::clone(&parent), role }));
    }
}

/// What an evaluation wrote (lm-evaluation-harness, lighteval): the settings in it are those that it ran with, and nobody sets them there.
fn holds_results(root: &Node) -> bool {
    let beside = ["config", "configs", "config_general", "versions"];
    root.get("results").is_some_and(holds_more) && beside.iter().any(|key| root.has(key))
}

/// True when [`may_name_here`] is true of one of the nodes or of one below them, as far as they are looked at: aliases can make a short file
/// endless.
fn may_name_below(roots: &[Node]) -> bool {
    let mut stack: Vec<&Node> = roots.iter().collect();
    for _ in 0..NODE_LIMIT {
        let Some(node) = stack.pop() else { return false };
        if may_name_here(node) {
            return true;
        }
        stack.extend(parts(node).filter(|part| holds_more(part)));
    }
    true
}

/// True when a value that the node or its parts hold can be an id, alone or behind the `=` of `NAME=value`: a cheap look that most
/// nodes do not pass.
fn may_name_here(node: &Node) -> bool {
    let holds_id =
        |text: &str| group::is_id(text) || text.rsplit_once('=').is_some_and(|(_, value)| group::is_id(value));
    let may_be_id = |node: &Node| node.scalar().is_some_and(|text| text.contains('/') && holds_id(text));
    parts(node).any(|part| may_be_id(part) || parts(part).any(may_be_id))
}

fn parts(node: &Node) -> impl Iterator<Item = &Node> {
    node.entries().iter().map(|entry| &entry.node).chain(node.items())
}

/// A map or a list: what else a setting may be was seen with the node that holds it.
fn holds_more(node: &Node) -> bool {
    !node.entries().is_empty() || !node.items().is_empty()
}

/// A container of a server of models, or the model of a KServe predictor: what is set for it is what it serves.
fn serves(node: &Node) -> bool {
    if node.has("modelFormat") {
        return true;
    }
    let Some(image) = node.get("image") else { return false };
    let name = image.get("repository").unwrap_or(image);
    name.text().is_some_and(is_model_server)
}

/// The settings that a map or a list holds itself.
fn settings_of(node: &Node, parent: &[String]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for entry in node.entries() {
        // Where a file was saved from is no setting: see `lineage`.
        if let Some(value) = entry.node.scalar().filter(|_| &*entry.key != "_name_or_path") {
            settings.push(Setting::below(parent, &entry.key, value, entry.node.span));
        }
        let items = entry.node.items().iter();
        settings.extend(items.filter_map(|item| Some(Setting::below(parent, &entry.key, item.text()?, item.span))));
    }
    for item in node.items() {
        // `- name: MODEL_ID` with its `value`, and `- MODEL_ID=value`.
        let named = ["name", "Name", "key", "Key"].iter().find_map(|key| item.get(key)?.text());
        let value = ["value", "Value"].iter().find_map(|key| item.get(key));
        if let (Some(name), Some(value)) = (named, value) {
            settings.extend(value.scalar().map(|text| Setting::new(name, text, value.span)));
        } else if let Some((name, value)) = item.text().and_then(|text| text.split_once('=')) {
            settings.push(Setting::new(name, value, item.span));
        }
    }
    settings
}

/// The commands that a map holds: a text is a script, a list the words of one command, a list of longer texts several scripts.
fn commands(text: &str, node: &Node, role: Role, view: View<'_>, facts: &mut Facts) {
    // Most maps hold none: each look-up would go through all their entries.
    if !node.entries().iter().any(|entry| &*entry.key == "<<" || COMMAND_KEYS.contains(&&*entry.key)) {
        return;
    }
    let mut words = Vec::new();
    for node in COMMAND_KEYS.iter().filter_map(|key| node.get(key)) {
        if let Some(script) = node.text() {
            script_at(text, script, node.span, role, view, facts);
        }
        for item in node.items() {
            let Some(word) = item.scalar() else { continue };
            if word.trim().contains(char::is_whitespace) {
                script_at(text, word, item.span, role, view, facts);
            } else {
                words.push(Word { text: word.to_owned(), at: item.span });
            }
        }
    }
    if !words.is_empty() {
        command::extract(&words, role, view, facts);
    }
}

/// Sees what a script in a tree names. Its text may have been unescaped, so that ids are looked for where it stands.
fn script_at(text: &str, script: &str, at: Span, role: Role, view: View<'_>, facts: &mut Facts) {
    if !may_name(script) {
        return;
    }
    let source = at.text(text);
    let mut from = 0;
    for command in shell::commands(script) {
        let mut words = Vec::new();
        for word in command.words {
            let found = source.get(from..).and_then(|rest| rest.find(word.text.as_str())).map(|found| from + found);
            let place = found.map_or(at, |start| Span::new(at.start + start, at.start + start + word.text.len()));
            from = found.map_or(from, |start| start + word.text.len());
            words.push(Word { text: word.text, at: place });
        }
        command::extract(&words, role, view, facts);
    }
}
