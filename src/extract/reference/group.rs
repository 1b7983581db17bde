//! Settings that belong together, whatever their syntax, and the models and datasets that they name.

use super::View;
use super::id::{self, is_local, is_repository_of_hub, is_written_like_an_id, pin_of};
use super::key;
use crate::fact::{Choice, Facts, Field, ModelReference};
use crate::source::Span;

/// One setting: an entry of a map, an option of a command, a variable.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Setting {
    words: Vec<String>,
    name: String,
    value: String,
    at: Span,
    /// The command takes nothing but an id here.
    is_id: bool,
}

impl Setting {
    pub(in crate::extract) fn new(name: &str, value: &str, at: Span) -> Self {
        Self::with(key::words(name), name, value, at)
    }

    fn with(words: Vec<String>, name: &str, value: &str, at: Span) -> Self {
        Self { words, name: name.to_owned(), value: value.to_owned(), at, is_id: false }
    }

    /// A setting that another one holds: it takes over the words of that one where its own say nothing.
    pub(super) fn below(parent: &[String], name: &str, value: &str, at: Span) -> Self {
        Self::with(key::words_below(parent, name), name, value, at)
    }

    /// The id that a command is given without an option.
    pub(super) fn of_command(value: &str, at: Span) -> Self {
        Self { is_id: true, ..Self::new("model", value, at) }
    }
}

/// Settings that belong together.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct Group {
    pub(in crate::extract) settings: Vec<Setting>,
    /// What is done with what they name.
    pub(in crate::extract) role: Role,
    /// The command that they are given to; empty for a file of settings.
    pub(in crate::extract) command: String,
    pub(in crate::extract) cell: Option<usize>,
    /// The revision may be given in another place: that there is none here says nothing.
    pub(in crate::extract) revision_may_follow: bool,
}

/// What is done with a model or dataset that settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::extract) enum Role {
    /// Nobody can tell from the settings alone.
    #[default]
    Configure,
    /// A server answers with it.
    Serve,
    /// It is fetched.
    Download,
    /// Code loads it.
    Load,
    /// Something else is made from it.
    Lineage,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Configure => "configure",
            Self::Serve => "serve",
            Self::Download => "download",
            Self::Load => "load",
            Self::Lineage => "lineage",
        }
    }
}

impl Group {
    /// Adds every model and dataset that the settings name.
    pub(in crate::extract) fn add(&self, view: View<'_>, facts: &mut Facts) {
        let mut named =
            self.settings.iter().filter(|setting| setting.is_id || key::named_by(&setting.words).is_some()).peekable();
        if named.peek().is_none() {
            return;
        }
        let is_revision = |setting: &&Setting| key::is_revision(&setting.words);
        let revisions: Vec<&Setting> = self.settings.iter().filter(is_revision).take(REVISION_LIMIT).collect();
        let is_of_service = self.settings.iter().any(|setting| key::is_of_service(&setting.words));
        let around = Around { revisions, is_of_service, kind: self.stated_kind(), foreign_code: self.foreign_code() };
        for setting in named {
            if let Some(reference) = self.reference(setting, &around, view) {
                let user = if self.command.is_empty() { &setting.name } else { &self.command };
                let subject = format!("{} by {user}", reference.id.value.as_deref().unwrap_or_default());
                facts.add_in_cell(subject, setting.at, self.cell, reference);
            }
        }
    }

    fn reference(&self, setting: &Setting, around: &Around<'_>, view: View<'_>) -> Option<ModelReference> {
        let kind = if setting.is_id { "model" } else { key::named_by(&setting.words)? };
        let kind = around.kind.unwrap_or(kind);
        let (id, behind) = split(&setting.value);
        let is_id = is_repository_of_hub(id) || (setting.is_id && id.contains('/') && is_written_like_an_id(id));
        if !is_id || is_local(id, view.path, view.tree) {
            return None;
        }
        // The name of a variable says as much as the server that reads it.
        let role = if setting.name == "HF_MODEL_ID" { Role::Serve } else { self.role };
        let (revision, pin) = match around.revision_of(setting, kind) {
            Some(revision) if revision.value.is_empty() => (Field::found("", revision.at), Some("none")),
            Some(revision) if is_written_like_an_id(&revision.value) => {
                (Field::found(revision.value.as_str(), revision.at), Some(pin_of(&revision.value)))
            }
            Some(revision) => (Field::unresolved(revision.at), None),
            None if !behind.is_empty() => (Field::found(behind, setting.at), Some(pin_of(behind))),
            None if self.revision_may_follow || (role == Role::Configure && around.is_of_service) => {
                (Field::default(), None)
            }
            None => (Field::known(""), Some("none")),
        };
        // Of a program that does anything with a model its option says more than its name.
        let names_itself = self.command.is_empty() || (role == Role::Configure && setting.name.starts_with('-'));
        Some(ModelReference {
            id: Field::found(id, setting.at),
            kind: kind.into(),
            hub: "hugging-face".into(),
            role: role.name().into(),
            pin: Field { value: pin.map(Choice), at: revision.at },
            revision,
            loader: if names_itself { setting.name.as_str().into() } else { self.command.as_str().into() },
            foreign_code: around.foreign_code.clone(),
        })
    }

    /// `trust_remote_code: true`, `--trust-remote-code`, `option.trust_remote_code=true`.
    fn foreign_code(&self) -> Field<bool> {
        let says = |setting: &&Setting| setting.words.ends_with(&["trust", "remote", "code"].map(String::from));
        let Some(switch) = self.settings.iter().find(says) else { return Field::known(false) };
        match switch.value.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Field::found(true, switch.at),
            "false" | "0" | "no" | "off" | "" => Field::found(false, switch.at),
            _ => Field::unresolved(switch.at),
        }
    }

    /// `--repo-type dataset` of commands that fetch from the hub.
    fn stated_kind(&self) -> Option<&'static str> {
        let stated = self.settings.iter().find(|setting| setting.words == ["repo", "type"])?;
        match stated.value.as_str() {
            "dataset" => Some("dataset"),
            "space" => Some("repository"),
            _ => None,
        }
    }
}

/// How many settings of one group are taken for revisions.
const REVISION_LIMIT: usize = 64;

/// What the settings of a group say of each other.
struct Around<'a> {
    revisions: Vec<&'a Setting>,
    is_of_service: bool,
    kind: Option<&'static str>,
    foreign_code: Field<bool>,
}

impl Around<'_> {
    /// The setting that says the revision of what `id` names: of several the one that shares most words with it.
    fn revision_of(&self, id: &Setting, kind: &str) -> Option<&Setting> {
        let shares = |setting: &&Setting| key::words_shared_with(&setting.words, &id.words, kind);
        self.revisions.iter().copied().filter(|setting| shares(setting).is_some()).max_by_key(shares)
    }
}

/// True for a value that is the id of a model or dataset wherever the name of a setting says that it is one.
pub(in crate::extract) fn is_id(value: &str) -> bool {
    value.contains('/') && is_repository_of_hub(split(value).0)
}

/// An id and the revision behind its `@`. What stands behind a colon chooses a file of the repository.
fn split(value: &str) -> (&str, &str) {
    let value = value.trim();
    let value = ["hf://datasets/", "hf://", "https://huggingface.co/", "hf.co/"]
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix))
        .unwrap_or(value);
    let (id, revision) = value.split_once('@').unwrap_or((value, ""));
    (id.split(':').next().unwrap_or(id), revision)
}

/// Adds a model of Ollama: `name:tag`.
pub(in crate::extract) fn add_ollama(
    value: &str,
    role: Role,
    loader: &str,
    at: Span,
    cell: Option<usize>,
    facts: &mut Facts,
) {
    let (id, tag) = value.split_once(':').unwrap_or((value, ""));
    if !id::is_written_like_an_id(id) || id.starts_with(['.', '/', '-']) || value.contains("://") {
        return;
    }
    let pin = if matches!(tag, "" | "latest") { "none" } else { "name" };
    let reference = ModelReference {
        id: Field::found(id, at),
        kind: "model".into(),
        hub: "ollama".into(),
        role: role.name().into(),
        revision: Field::found(tag, at),
        pin: Field::found(Choice(pin), at),
        loader: loader.into(),
        ..ModelReference::default()
    };
    facts.add_in_cell(format!("{id} by {loader}"), at, cell, reference);
}
