//! Models and datasets that code names without loading them on the spot: in constants, settings in dictionaries, defaults of options
//! and of variables, and arguments of calls that hand an id on.

use super::{View, text};
use crate::document::code::{Argument, Assignment, Call, Known, last_name};
use crate::extract::reference::address;
use crate::extract::reference::{self, Group, Role, Setting, add_ollama};
use crate::fact::Facts;
use crate::source::Span;
use std::collections::BTreeMap;

/// How many entries of one dictionary are looked at, those of dictionaries in it included.
const ENTRY_LIMIT: usize = 1_000;

/// Calls that are told a model of Ollama.
const OF_OLLAMA: &[&str] = &[
    "ollama.chat",
    "ollama.generate",
    "ollama.embed",
    "ollama.embeddings",
    "ollama.pull",
    "langchain_ollama.ChatOllama",
    "langchain_ollama.OllamaLLM",
    "langchain_ollama.OllamaEmbeddings",
    "langchain_community.chat_models.ChatOllama",
    "langchain_community.llms.Ollama",
    "langchain_community.embeddings.OllamaEmbeddings",
    "llama_index.llms.ollama.Ollama",
    "llama_index.embeddings.ollama.OllamaEmbedding",
];

/// Calls that load the model that an argument names, at the newest revision when none is given.
const LOADING: &[&str] = &[
    "langchain_huggingface.HuggingFaceEmbeddings",
    "langchain_community.embeddings.HuggingFaceEmbeddings",
    "langchain.embeddings.HuggingFaceEmbeddings",
    "llama_index.embeddings.huggingface.HuggingFaceEmbedding",
    "faster_whisper.WhisperModel",
    "vllm.EngineArgs",
    "vllm.AsyncEngineArgs",
    "vllm.engine.arg_utils.AsyncEngineArgs",
];

/// Sees what is named. `loaded` are the ids that calls of this file load: naming them once more says nothing new.
pub(super) fn extract(view: View<'_>, loaded: &[&str], facts: &mut Facts) {
    let at = reference::View { path: &view.file.path, tree: view.context.tree };
    let mut found = Found { view: at, loaded, facts };
    found.assignments(&view.code.assignments);
    for call in &view.code.calls {
        found.call(call);
    }
}

struct Found<'a> {
    view: reference::View<'a>,
    loaded: &'a [&'a str],
    facts: &'a mut Facts,
}

impl Found<'_> {
    /// Constants of one part of a file belong together: `MODEL_ID` and `MODEL_REVISION`.
    fn assignments(&mut self, assignments: &[Assignment]) {
        let mut parts: BTreeMap<Option<usize>, Vec<Setting>> = BTreeMap::new();
        for assignment in assignments {
            let settings = parts.entry(assignment.cell).or_default();
            match &assignment.value.value {
                Known::Text(value) if value.contains("://") => {
                    address::add(value, &|_| assignment.value.at, assignment.cell, self.facts);
                }
                Known::Text(value) => {
                    settings.extend(self.setting(name_of(&assignment.target), value, assignment.value.at));
                }
                value => self.dictionary(value, assignment.value.at, assignment.cell),
            }
        }
        for (cell, settings) in parts {
            self.add(settings, Role::Configure, "", cell);
        }
    }

    fn call(&mut self, call: &Call) {
        let function = call.function.as_str();
        for argument in call.positional.iter().chain(call.named.iter().map(|(_, argument)| argument)) {
            match &argument.value {
                Known::Text(value) => address::add(value, &|_| argument.at, call.cell, self.facts),
                value @ (Known::Map(_) | Known::List(_)) => self.dictionary(value, argument.at, call.cell),
                _ => {}
            }
        }
        if OF_OLLAMA.contains(&function) {
            if let Some((model, at)) = text(call.argument("model", 0)) {
                add_ollama(model, Role::Load, function, at, call.cell, self.facts);
            }
            return;
        }
        if let Some((name, default)) = default_of(call) {
            let setting = text(Some(default)).and_then(|(value, at)| self.setting(name, value, at));
            self.add(setting.into_iter().collect(), Role::Configure, "", call.cell);
            return;
        }
        let named = call.named.iter().filter_map(|(name, argument)| Some((name.as_str(), text(Some(argument))?)));
        let mut settings: Vec<Setting> =
            named.filter_map(|(name, (value, at))| self.setting(name, value, at)).collect();
        // `model_kwargs={"revision": "…"}`
        for (_, argument) in &call.named {
            if let Known::Map(entries) = &argument.value {
                let texts = entries.iter().filter_map(|(name, value)| Some((name, value.text()?)));
                settings.extend(
                    texts
                        .filter(|(name, _)| *name == "revision")
                        .map(|(name, value)| Setting::new(name, value, argument.at)),
                );
            }
        }
        let role = if LOADING.contains(&function) { Role::Load } else { Role::Configure };
        self.add(settings, role, function, call.cell);
    }

    /// Settings in dictionaries, those in it included: `{"HF_MODEL_ID": "org/name"}`.
    fn dictionary(&mut self, value: &Known, at: Span, cell: Option<usize>) {
        let mut ahead = vec![value];
        for _ in 0..ENTRY_LIMIT {
            match ahead.pop() {
                Some(Known::Map(entries)) => {
                    let texts = entries.iter().filter_map(|(name, value)| self.setting(name, value.text()?, at));
                    let settings = texts.collect();
                    self.add(settings, Role::Configure, "", cell);
                    ahead.extend(entries.iter().map(|(_, value)| value).take(ENTRY_LIMIT));
                }
                Some(Known::List(items)) => ahead.extend(items.iter().take(ENTRY_LIMIT)),
                Some(_) => {}
                None => return,
            }
        }
    }

    fn setting(&self, name: &str, value: &str, at: Span) -> Option<Setting> {
        (!self.loaded.contains(&value)).then(|| Setting::new(name, value, at))
    }

    fn add(&mut self, settings: Vec<Setting>, role: Role, command: &str, cell: Option<usize>) {
        if settings.is_empty() {
            return;
        }
        // Code can say a revision anywhere else: that none stands here does not mean that there is none.
        let revision_may_follow = role == Role::Configure;
        Group { settings, role, command: command.to_owned(), cell, revision_may_follow }.add(self.view, self.facts);
    }
}

/// The name of an option or variable, and the value that it has when nobody gives one.
fn default_of(call: &Call) -> Option<(&str, &Argument)> {
    match call.last_part() {
        "add_argument" | "Option" | "option" => {
            let first = call.positional.first()?.value.text()?;
            let names = call.positional.iter().filter_map(|argument| argument.value.text());
            let name = names.rev().find(|name| name.starts_with("--")).unwrap_or(first);
            Some((name, call.named("default")?))
        }
        _ => default_of_variable(call),
    }
}

/// `os.getenv("X", "v")` and `os.environ.get("X", "v")`: the variable, and the value that counts where nobody sets it.
fn default_of_variable(call: &Call) -> Option<(&str, &Argument)> {
    let reads = call.last_part() == "getenv" || call.function.ends_with("environ.get");
    let name = call.positional.first().filter(|_| reads)?.value.text()?;
    Some((name, call.argument("default", 1)?))
}

/// `MODEL_ID` of `os.environ[MODEL_ID]`, `model_id` of `self.model_id`.
fn name_of(target: &str) -> &str {
    last_name(target.strip_suffix(']').and_then(|target| target.rsplit('[').next()).unwrap_or(target))
}
