//! AI servers that a script starts on the machine it runs on: `workload` facts.

use super::super::Context;
use super::super::container::{self, Container};
use super::super::environment::{Given, Variable};
use super::variables::{Variables, more_arguments};
use crate::catalogue::servers::{Role, Servers};
use crate::document::instructions::Word;
use crate::fact::{Facts, Field, Workload};
use crate::shell::{self, Command};
use crate::source::{SourceFile, Span};

/// What one command of a script runs.
pub(super) struct Program {
    /// What it sets for this program alone: `OLLAMA_HOST=0.0.0.0 ollama serve`.
    set: Vec<Word>,
    /// Its words from the program on.
    pub words: Vec<Word>,
}

impl Program {
    pub fn of(command: &Command) -> Self {
        let texts = command.program();
        let own = command.words.len().saturating_sub(texts.len());
        let word =
            |text: &str, word: &shell::Word| Word { text: text.to_owned(), span: Span::new(word.start, word.end) };
        Self {
            set: command.words.iter().take(own).map(|before| word(&before.text, before)).collect(),
            words: command.words.iter().skip(own).zip(texts).map(|(at, text)| word(text, at)).collect(),
        }
    }

    pub fn texts(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

/// What holds for all servers that a script starts.
pub(super) struct Host {
    /// It takes variables over from a file.
    reads_settings: bool,
    /// An image may hold the script and start with it: a server in a container has to listen at every address, and what of it is
    /// published stands elsewhere.
    may_be_container: bool,
}

impl Host {
    pub fn of(file: &SourceFile, context: &Context<'_>) -> Self {
        Self { reads_settings: reads_settings(&file.text), may_be_container: may_be_container(file, context) }
    }

    /// The machine that runs a script when it boots, which stands in `text`.
    pub fn booting(text: &str) -> Self {
        Self { reads_settings: reads_settings(text), may_be_container: false }
    }
}

/// Sees the server that a command starts.
pub(super) fn see(file: &SourceFile, program: &Program, variables: &Variables, host: &Host, facts: &mut Facts) {
    let Some(server) = Servers::shipped().of_program(&program.texts()) else { return };
    let mut environment = variables.environment(server.settings());
    environment.extend(program.set.iter().filter_map(|word| {
        let (name, value) = word.text.split_once('=')?;
        Some(Variable { name, value: Given::written(value), at: word.span, value_at: word.span })
    }));
    let container = Container {
        arguments: program.words.clone(),
        variables: &environment,
        more_variables: server.role == Role::Notebook || server.from_environment || host.reads_settings,
        more_arguments: more_arguments(&program.words),
        ..Container::default()
    };
    let recognised = container::recognise(&container, &file.text);
    let listens = recognised.listens.clone();
    let everywhere = listens.value.is_some_and(|reach| reach.0 == "everywhere");
    // Whoever works with notebooks on their own machine needs no token.
    if server.role == Role::Notebook && !everywhere {
        return;
    }
    let at = program.words.first().map_or(Span::default(), |word| word.span);
    let workload = Workload {
        name: file.name().into(),
        form: "script".into(),
        server: recognised.name(),
        role: recognised.role(),
        published: if host.may_be_container { Field::default() } else { listens },
        authenticated: recognised.authenticated,
        reason: recognised.reason.into(),
        builds: "".into(),
        foreign_code: recognised.foreign_code,
        host_mounts: Vec::new().into(),
        ..Workload::default()
    };
    facts.add(file.name(), at, workload);
}

/// True for a script that takes variables over from a file.
fn reads_settings(script: &str) -> bool {
    script.lines().map(str::trim_start).any(|line| {
        let sources = line.starts_with("source ") || line.starts_with(". ") || line.starts_with("include ");
        (sources && line.contains("env") && !line.contains("activate"))
            || line.starts_with("set -a")
            || line.contains("dotenv")
    })
}

fn may_be_container(file: &SourceFile, context: &Context<'_>) -> bool {
    let name = file.name().to_ascii_lowercase();
    if matches!(name.as_str(), "makefile" | "justfile" | "procfile") {
        return false;
    }
    let path = file.path.to_ascii_lowercase();
    ["entrypoint", "docker", "container", "k8s", "kubernetes", "helm", "charts"].iter().any(|word| path.contains(word))
        || context.tree.builds_image_from(&file.path)
}
