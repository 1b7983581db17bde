//! What a container runs: its AI server, whether that asks who is there, and what it sees of its host.

mod reach;

use super::environment::{Given, Variable};
use super::image::Reference;
use crate::catalogue::servers::{Server, Servers, Unguarded};
use crate::document::Node;
use crate::document::instructions::Word;
use crate::fact::{Choice, Field};
use crate::shell;
use crate::source::Span;
pub(super) use reach::{published_at, widest};

/// What a file says of one container, as far as its server can be told from it.
#[derive(Debug, Default)]
pub(super) struct Container<'a> {
    /// Its image.
    pub image: Option<&'a Reference>,
    /// Words that replace the image's own program (`entrypoint` of compose, `command` of Kubernetes).
    pub entrypoint: Vec<Word>,
    /// Words that follow it or replace the image's own arguments.
    pub arguments: Vec<Word>,
    /// Its environment.
    pub variables: &'a [Variable<'a>],
    /// Further variables come from files or maps that are not here.
    pub more_variables: bool,
    /// Further arguments come from elsewhere: `"$@"`.
    pub more_arguments: bool,
    /// Paths at which files from outside are mounted.
    pub mounted: Vec<String>,
    /// Settings written into its configuration files while it is built.
    pub written: Vec<Setting>,
}

/// A named value that a server reads: an argument, a variable, a line of a configuration file.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    /// Its name.
    pub name: String,
    /// Its value; `None` when it comes from elsewhere.
    pub value: Option<String>,
    /// Where it stands.
    pub at: Span,
}

/// What was found out about a container's server.
#[derive(Debug, Default)]
pub(super) struct Recognised {
    /// The server; `None` when it runs none that is known.
    pub server: Option<&'static Server>,
    /// Its server asks who is there.
    pub authenticated: Field<bool>,
    /// Why.
    pub reason: String,
    /// What it is told of code that stands in the model's repository.
    pub foreign_code: Field<Choice>,
    /// From where it can be reached by the address that it is told to listen at, in the words of `published`.
    pub listens: Field<Choice>,
}

impl Recognised {
    /// The `server` field.
    pub fn name(&self) -> Field<String> {
        Field::known(self.server.map_or("", |server| server.id.as_str()))
    }

    /// True when its server is one of AI.
    pub fn is_ai(&self) -> bool {
        self.server.is_some_and(|server| !server.general)
    }

    /// The `role` field.
    pub fn role(&self) -> Field<Choice> {
        Field::known(Choice(self.server.map_or("none", |server| server.role.name())))
    }
}

/// Finds the server of a container and what its settings say about authentication. `source` is the text that spans point into.
pub(super) fn recognise(container: &Container<'_>, source: &str) -> Recognised {
    let settings = settings(container, source);
    let foreign_code = foreign_code(&settings);
    let Some(server) = server(container) else { return Recognised { foreign_code, ..Recognised::default() } };
    let (value, at, reason) = authentication(server, container, &settings);
    let listens = reach::listens(server, &settings);
    Recognised { server: Some(server), authenticated: Field { value, at }, reason, foreign_code, listens }
}

/// Settings by which model servers are told to run code that stands in the model's repository.
const CODE_SWITCHES: &[&str] =
    &["--trust-remote-code", "--trust_remote_code", "TRUST_REMOTE_CODE", "HF_TRUST_REMOTE_CODE"];
/// Settings that name the model's commit.
const REVISIONS: &[&str] =
    &["--code-revision", "--revision", "--model-revision", "--model_revision", "REVISION", "HF_REVISION"];
/// Settings that name the model.
const MODELS: &[&str] =
    &["--model", "--model-id", "--model_id", "--model-path", "--model_dir", "MODEL_ID", "HF_MODEL_ID"];

fn foreign_code(settings: &[Setting]) -> Field<Choice> {
    let named = |names: &[&str]| settings.iter().rfind(|setting| names.contains(&setting.name.as_str()));
    let Some(switch) = named(CODE_SWITCHES) else { return "none".into() };
    let Some(value) = &switch.value else { return Field::unresolved(switch.at) };
    if matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off") {
        return Field::found("none", switch.at);
    }
    let is_commit = |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let revision = named(REVISIONS).map(|revision| &revision.value);
    let by_commit = matches!(revision, Some(Some(revision)) if is_commit(revision));
    let by_path =
        named(MODELS).and_then(|model| model.value.as_deref()).is_some_and(|model| model.starts_with(['/', '.']));
    if by_commit || by_path {
        Field::found("fixed", switch.at)
    } else if matches!(revision, Some(None)) {
        Field::unresolved(switch.at)
    } else {
        Field::found("floating", switch.at)
    }
}

/// Everything that is set for the container's server.
fn settings(container: &Container<'_>, source: &str) -> Vec<Setting> {
    let mut settings = container.written.clone();
    settings.extend(arguments(container, source));
    settings.extend(container.variables.iter().map(|variable| Setting {
        name: variable.name.to_owned(),
        value: match variable.value {
            Given::Literal(text) => Some(text.to_owned()),
            Given::Elsewhere | Given::Fallback(_) => None,
        },
        at: variable.at,
    }));
    settings
}

fn server(container: &Container<'_>) -> Option<&'static Server> {
    let servers = Servers::shipped();
    let words: Vec<&Word> = container.entrypoint.iter().chain(&container.arguments).collect();
    let programs = programs(&words);
    let started = programs.iter().find_map(|command| servers.of_program(&command.program()));
    if started.is_some() {
        return started;
    }
    let of_image = container.image.and_then(|image| servers.of_image(&image.name))?;
    let runs_script = words.iter().any(|word| is_shell_script(&word.text));
    let replaced = !container.entrypoint.is_empty() && !runs_script;
    // Notebooks and training images are often used to run something else than their server.
    let other = programs.iter().any(|command| {
        let program = command.program();
        program.first().is_some_and(|first| {
            has_extension(first, "py") || matches!(*first, "python" | "python3" | "sleep" | "tail" | "pip")
        })
    });
    (!replaced && !other).then_some(of_image)
}

fn has_extension(word: &str, wanted: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case(wanted))
}

fn is_shell_script(word: &str) -> bool {
    has_extension(word, "sh")
}

/// The simple commands of a command line: the words themselves, or what stands in the script of `sh -c`.
fn programs(words: &[&Word]) -> Vec<shell::Command> {
    let is_script = |index: usize| {
        let option = index.checked_sub(1).and_then(|before| words.get(before));
        option
            .is_some_and(|word| word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c'))
    };
    if let Some((_, script)) = words.iter().enumerate().find(|(index, _)| is_script(*index)) {
        return shell::commands(&script.text);
    }
    let words = words.iter().map(|word| shell::Word { text: word.text.clone(), start: 0, end: 0 });
    vec![shell::Command { words: words.collect(), ..shell::Command::default() }]
}

/// Words of `command`, `entrypoint` and `args` in YAML: a list, or one text that is split as a shell splits it.
pub(super) fn words_of(node: Option<&Node>) -> Vec<Word> {
    let Some(node) = node else { return Vec::new() };
    if let Some(text) = node.text() {
        let words = shell::words(text, '\\').into_iter();
        return words.map(|word| Word { text: word.text, span: node.span }).collect();
    }
    let items = node.items().iter();
    items.filter_map(|item| Some(Word { text: item.scalar()?.to_owned(), span: item.span })).collect()
}

fn authentication(
    server: &Server,
    container: &Container<'_>,
    settings: &[Setting],
) -> (Option<bool>, Option<Span>, String) {
    for (patterns, asks, effect) in [(&server.guards, true, "turns"), (&server.opens, false, "turns")] {
        let mut unsure = None;
        for setting in settings {
            match patterns.iter().map(|pattern| matches(setting, pattern)).max().unwrap_or(Match::No) {
                Match::Yes => {
                    let on = if asks { "on" } else { "off" };
                    return (Some(asks), Some(setting.at), format!("`{}` {effect} authentication {on}", setting.name));
                }
                Match::Perhaps => unsure = Some(setting),
                Match::No => {}
            }
        }
        if let Some(setting) = unsure {
            return (None, Some(setting.at), format!("`{}` is set from elsewhere", setting.name));
        }
    }
    let named = |name: &String| {
        settings.iter().any(|setting| setting.name == *name)
            || container.mounted.iter().any(|path| name.starts_with('/') && path.contains(name.as_str()))
    };
    if let Some(name) = server.configuration.iter().find(|name| named(name)) {
        return (None, None, format!("`{name}` can hold the settings as well"));
    }
    if container.more_arguments {
        return (None, None, "arguments come from a variable".to_owned());
    }
    let from_variables = server.guards.iter().chain(&server.opens).any(|pattern| !pattern.starts_with(['-', 'c']));
    let scripted = container.entrypoint.iter().chain(&container.arguments).any(|word| is_shell_script(&word.text));
    if scripted || (from_variables && container.more_variables) {
        return (None, None, "settings come from a file that is not read here".to_owned());
    }
    match server.unguarded {
        Unguarded::Yes => (Some(true), None, format!("{} asks by itself", server.title)),
        Unguarded::Unknown => (None, None, format!("{} may be guarded in ways that are not seen here", server.title)),
        Unguarded::No if server.guards.is_empty() => {
            (Some(false), None, format!("{} has no authentication of its own", server.title))
        }
        Unguarded::No => {
            let guards: Vec<String> = server.guards.iter().take(2).map(|guard| format!("`{guard}`")).collect();
            (Some(false), None, format!("{} is not set", guards.join(" or ")))
        }
    }
}

/// Arguments with their values: `--name=value`, `--name value`, `--name`.
fn arguments(container: &Container<'_>, source: &str) -> Vec<Setting> {
    let words: Vec<&Word> = container.entrypoint.iter().chain(&container.arguments).collect();
    // The words of a script stand within the one word that holds it.
    let mut flat: Vec<Word> = Vec::new();
    for word in words {
        if word.text.contains(char::is_whitespace) {
            let commands = shell::commands(&word.text);
            let inner = commands.into_iter().flat_map(|command| command.words);
            flat.extend(inner.map(|inner| Word { text: inner.text, span: word.span }));
        } else {
            flat.push(word.clone());
        }
    }
    let mut settings = Vec::new();
    for (index, word) in flat.iter().enumerate() {
        if !word.text.starts_with('-') {
            continue;
        }
        let next = flat.get(index + 1).filter(|next| !next.text.starts_with('-'));
        let (name, value) = match word.text.split_once('=') {
            Some((name, value)) => (name, value),
            // A flag alone stands for itself: any text that is not empty.
            None => (word.text.as_str(), next.map_or("true", |next| next.text.as_str())),
        };
        let value = match Given::written(value.trim_matches(['"', '\''])) {
            Given::Literal(text) => Some(text.to_owned()),
            Given::Elsewhere | Given::Fallback(_) => None,
        };
        settings.push(Setting { name: name.to_owned(), value, at: place_of(source, word.span, name) });
    }
    settings
}

/// Where `needle` and the value that follows it without a blank stand within `span`; the whole span when it is not written so.
pub(super) fn place_of(source: &str, span: Span, needle: &str) -> Span {
    let text = span.text(source);
    let Some(at) = text.find(needle) else { return span };
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    let after = rest.get(needle.len()..).unwrap_or_default();
    let length = after.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | ';')).unwrap_or(after.len());
    let mut written = after.get(..length).unwrap_or_default();
    // The quote that opens the item before the name closes it after the value.
    if let Some(quote) = before.chars().last().filter(|last| matches!(last, '"' | '\'')) {
        written = written.strip_suffix(quote).unwrap_or(written);
    }
    let start = span.start + at;
    Span::new(start, start + needle.len() + written.len())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    No,
    Perhaps,
    Yes,
}

/// Whether a setting is the one that a pattern of the catalogue describes.
fn matches(setting: &Setting, pattern: &str) -> Match {
    let (name, wanted) = pattern.split_once('=').map_or((pattern, None), |(name, value)| (name, Some(value)));
    if setting.name != name {
        return Match::No;
    }
    let Some(value) = &setting.value else { return Match::Perhaps };
    let holds = match wanted {
        Some(wanted) => value.eq_ignore_ascii_case(wanted),
        None => !value.is_empty(),
    };
    if holds { Match::Yes } else { Match::No }
}

/// Folders of a host that give power over it to whoever sees them.
const POWERFUL_PATHS: &[&str] = &[
    "/",
    "/etc",
    "/root",
    "/proc",
    "/sys",
    "/dev",
    "/boot",
    "/run",
    "/var/run",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/lib/containerd",
    "/etc/kubernetes",
    "/etc/shadow",
    "/etc/passwd",
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/var/run/crio/crio.sock",
    "/run/podman/podman.sock",
];

/// True for a folder or socket of the host that gives power over the host.
pub(super) fn is_powerful_path(path: &str) -> bool {
    let trimmed = path.trim_end_matches('/');
    let path = if trimmed.is_empty() && !path.is_empty() { "/" } else { trimmed };
    POWERFUL_PATHS.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::image::Reference;

    fn recognised(image: &str, arguments: &[&str], variables: &[(&str, &str)]) -> (String, Option<bool>, String) {
        let reference = Reference::of(image, image);
        let span = Span::default();
        let variables: Vec<Variable<'_>> = variables
            .iter()
            .map(|(name, value)| Variable { name, value: Given::written(value), at: span, value_at: span })
            .collect();
        let words = arguments.iter().map(|text| Word { text: (*text).to_owned(), span });
        let container = Container {
            image: Some(&reference),
            arguments: words.collect(),
            variables: &variables,
            ..Container::default()
        };
        let found = recognise(&container, "");
        (found.server.map_or_else(String::new, |server| server.id.clone()), found.authenticated.value, found.reason)
    }

    #[test]
    fn keys_guard_and_their_absence_opens() {
        assert_eq!(recognised("vllm/vllm-openai:v0.6", &["--model", "m"], &[]).1, Some(false));
        assert_eq!(recognised("vllm/vllm-openai:v0.6", &["--api-key", "abc"], &[]).1, Some(true));
        assert_eq!(recognised("vllm/vllm-openai:v0.6", &["--api-key=$KEY"], &[]).1, None);
        assert_eq!(recognised("qdrant/qdrant", &[], &[("QDRANT__SERVICE__API_KEY", "")]).1, Some(false));
        assert_eq!(
            recognised("semitechnologies/weaviate", &[], &[("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "true")]).1,
            Some(false)
        );
        assert_eq!(recognised("semitechnologies/weaviate", &[], &[]).1, None);
        assert_eq!(recognised("litellm", &[], &[]).0, "");
    }

    #[test]
    fn jupyter_is_open_only_with_an_empty_token_and_no_password() {
        let base = "quay.io/jupyter/base-notebook:2025";
        assert_eq!(recognised(base, &[], &[]).1, Some(true));
        assert_eq!(recognised(base, &["start-notebook.sh", "--NotebookApp.token=''"], &[]).1, Some(false));
        assert_eq!(
            recognised("python:3", &["sh", "-c", "jupyter lab --ServerApp.token=\"\" --ip 0.0.0.0"], &[]).1,
            Some(false)
        );
        let guarded = ["jupyter", "lab", "--ServerApp.token=", "--ServerApp.password=argon2:x"];
        assert_eq!(recognised(base, &guarded, &[]).1, Some(true));
    }

    #[test]
    fn a_server_image_that_runs_something_else_is_no_server() {
        assert_eq!(recognised("rayproject/ray:2.40", &["python", "train.py"], &[]).0, "");
        assert_eq!(recognised("ollama/ollama:0.5", &["serve"], &[]).0, "ollama");
    }

    #[test]
    fn places_are_exact() {
        let source = "args: [\"--ServerApp.token=''\", x]";
        let span = Span::new(6, source.len());
        assert_eq!(place_of(source, span, "--ServerApp.token").text(source), "--ServerApp.token=''");
    }

    #[test]
    fn code_of_the_models_repository_is_told_by_its_switch() {
        for (arguments, told) in [
            ("--model org/name", Some("none")),
            ("--model org/name --trust-remote-code", Some("floating")),
            ("--trust-remote-code --model org/name --revision main", Some("floating")),
            ("--trust-remote-code --model org/name --revision 607a30d783dfa663caf39e06633721c8d4cfcd7e", Some("fixed")),
            ("--trust-remote-code --model /models/name", Some("fixed")),
            ("--trust-remote-code=false --model org/name", Some("none")),
            ("--trust-remote-code=${TRUST} --model org/name", None),
            ("--trust-remote-code --revision ${COMMIT} --model org/name", None),
        ] {
            let word = |text: &str| Word { text: text.to_owned(), span: Span::default() };
            let container = Container { arguments: arguments.split(' ').map(word).collect(), ..Container::default() };
            let recognised = recognise(&container, "");
            assert_eq!(recognised.foreign_code.value.map(|choice| choice.0), told, "{arguments}");
        }
    }
}
