//! Commands that fetch or serve a model, or are told one by an option: `huggingface-cli download`, `vllm serve`, `ollama pull`.

use super::View;
use super::group::{Group, Role, Setting, add_ollama, is_id};
use crate::catalogue::servers::{self, Servers};
use crate::fact::Facts;
use crate::shell;
use crate::source::Span;

/// One word of a command line, and where it stands in the file.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: Span,
}

/// Commands that are given the id of a repository of the hub without an option.
const TAKE_AN_ID: &[(&str, Role)] = &[
    ("huggingface-cli download", Role::Download),
    ("hf download", Role::Download),
    ("litgpt download", Role::Download),
    ("tune download", Role::Download),
    ("vllm serve", Role::Serve),
    ("sglang serve", Role::Serve),
    ("trtllm-serve", Role::Serve),
    ("lmdeploy serve api_server", Role::Serve),
    ("mlc_llm serve", Role::Serve),
];

/// Commands that are given a model of Ollama.
const TAKE_A_MODEL_OF_OLLAMA: &[(&str, Role)] =
    &[("ollama pull", Role::Download), ("ollama run", Role::Load), ("ollama create", Role::Configure)];

/// Servers that the catalogue does not know by their command.
const SERVERS: &[&str] =
    &["text-generation-launcher", "text-embeddings-router", "llama-server", "mlx_lm.server", "infinity_emb"];

/// Sees what the commands of a script name. `place` says where its bytes stand in the file.
pub(super) fn extract_script(script: &str, place: &dyn Fn(Span) -> Span, view: View<'_>, facts: &mut Facts) {
    let mut variables = Vec::new();
    for command in shell::commands(script) {
        let words = command.words.into_iter();
        let words: Vec<Word> =
            words.map(|word| Word { at: place(Span::new(word.start, word.end)), text: word.text }).collect();
        let is_set = |word: &Word| word.text.contains('=') && !word.text.starts_with('-');
        match words.split_first() {
            // Variables that a script sets for what follows belong together.
            Some((first, _)) if is_set(first) && words.iter().all(is_set) => variables.extend(options(&words)),
            Some((first, rest)) if first.text == "export" => variables.extend(options(rest)),
            _ => extract(&words, Role::Configure, view, facts),
        }
    }
    Group { settings: variables, ..Group::default() }.add(view, facts);
}

/// Sees what one command names. `role` is what its container does, where that is known.
pub(super) fn extract(words: &[Word], role: Role, view: View<'_>, facts: &mut Facts) {
    let plain = words.iter().map(|word| shell::Word { text: word.text.clone(), start: 0, end: 0 }).collect();
    let command = shell::Command { words: plain, ..shell::Command::default() };
    let program = command.program();
    let own = words.len().saturating_sub(program.len());
    let starts = |wanted: &str| command.runs(&program, wanted);
    let behind = |wanted: &str| words.get(own + wanted.split(' ').count()..).unwrap_or_default();
    if let Some((wanted, role)) = TAKE_A_MODEL_OF_OLLAMA.iter().find(|(wanted, _)| starts(wanted)) {
        let model = behind(wanted).iter().find(|word| !word.text.starts_with('-'));
        if let Some(word) = model.filter(|_| *role != Role::Configure) {
            add_ollama(&word.text, *role, wanted, word.at, None, facts);
        }
        return;
    }
    let taking = TAKE_AN_ID.iter().find(|(wanted, _)| starts(wanted));
    let mut group = Group { settings: options(words), role, ..Group::default() };
    if let Some((wanted, role)) = taking {
        group.role = *role;
        (*wanted).clone_into(&mut group.command);
        // An option without a value cannot be told from one with: the first word that is written like an id is the id.
        let id = behind(wanted).iter().find(|word| !word.text.starts_with('-') && word.text.contains('/'));
        group.settings.extend(id.map(|word| Setting::of_command(&word.text, word.at)));
    } else if let Some(first) = program.first().filter(|first| !first.starts_with('-')) {
        (*first).clone_into(&mut group.command);
        let serves = Servers::shipped().of_program(&program).is_some_and(|server| server.role == servers::Role::Model);
        if serves || SERVERS.contains(first) {
            group.role = Role::Serve;
        }
    }
    group.add(view, facts);
}

/// The options of a command line: `--name value`, `--name=value`, and `name=value` of tools that are configured so.
fn options(words: &[Word]) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if let Some((name, value)) = word.text.split_once('=') {
            settings.push(Setting::new(name, value, word.at));
        } else if is_switch_for_foreign_code(&word.text) {
            // What follows is no value of it, unless it says yes or no.
            let value = words.get(index + 1).map(|next| next.text.to_ascii_lowercase());
            let value =
                value.filter(|value| matches!(value.as_str(), "true" | "false")).unwrap_or_else(|| "true".into());
            settings.push(Setting::new(&word.text, &value, word.at));
        } else if word.text.starts_with('-')
            && let Some(next) = words.get(index + 1).filter(|next| !next.text.starts_with('-'))
        {
            // `-hf` and `-hfr` of llama.cpp.
            let name = if word.text.starts_with("-hf") { "hf_repo" } else { word.text.as_str() };
            settings.push(Setting::new(name, &next.text, next.at));
        }
    }
    settings
}

fn is_switch_for_foreign_code(word: &str) -> bool {
    matches!(word, "--trust-remote-code" | "--trust_remote_code")
}

/// True when a text can hold a command that names a model: a cheap look before it is taken apart.
pub(super) fn may_name(text: &str) -> bool {
    const SIGNS: &[&str] =
        &["model", "MODEL", "huggingface", "hf ", "hf-", "ollama", "serve", "dataset", "DATASET", "download"];
    let ends_word = |character: char| character.is_whitespace() || "\"'`=;,()".contains(character);
    SIGNS.iter().any(|sign| text.contains(sign))
        && (text.contains("ollama")
            || (text.contains('/') && ["serve", "download"].iter().any(|sign| text.contains(sign)))
            || text.split(ends_word).any(is_id))
}

/// True when the image of a container is one of a server of models.
pub(super) fn is_model_server(image: &str) -> bool {
    let name = image.split('@').next().unwrap_or(image);
    let after_folder = name.rfind('/').map_or(0, |slash| slash + 1);
    let tag = name.get(after_folder..).and_then(|last| last.find(':'));
    let name = name.get(..tag.map_or(name.len(), |tag| after_folder + tag)).unwrap_or(name);
    Servers::shipped().of_image(name).is_some_and(|server| server.role == servers::Role::Model)
}
