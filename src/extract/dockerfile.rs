//! Facts from Dockerfiles: `image`, `workload`, `environment-variable`, `secret`, `package-index`.

use super::Context;
use super::container::{self, Container, Setting};
use super::environment::{self, Given, Scope, Variable};
use super::image::{self, Reference};
use super::index_option;
use super::package;
use super::secret::{is_secret_name, told_by_name};
use super::transfer::{self, Fetched};
use crate::catalogue::servers::Servers;
use crate::document::instructions::{Instruction, Instructions, Pair, Word};
use crate::fact::{Facts, Field, Secret, Workload};
use crate::shell;
use crate::source::{SourceFile, Span};
use std::collections::{BTreeMap, BTreeSet};

/// One build stage: what it says itself.
#[derive(Debug, Default)]
struct Stage {
    /// Its name as written; empty when it has none.
    name: String,
    /// The stage of the same file that it builds on.
    parent: Option<usize>,
    /// The image that it builds on; `None` for another stage and for `scratch`.
    image: Option<Reference>,
    from: Span,
    user: Option<(String, Span)>,
    entrypoint: Vec<Word>,
    command: Vec<Word>,
    /// Pairs of `ENV`.
    environment: Vec<Pair>,
    /// `ARG` that whoever builds sets, with whether a `RUN` stands below, whose line in the history of the image shows its value.
    arguments: Vec<(Pair, bool)>,
    /// Lines of Python configuration that `RUN` writes.
    written: Vec<Setting>,
    installs_ai: bool,
    /// It installs what other files list, so that not all that it installs is known.
    installs_lists: bool,
}

impl Stage {
    /// This stage with what it takes over from the one it builds on.
    fn over(self, parent: Self) -> Self {
        let command = match (self.command.is_empty(), self.entrypoint.is_empty()) {
            (true, true) => parent.command,
            // Docker forgets the command of the stage before when a new entrypoint is set.
            _ => self.command,
        };
        Self {
            image: parent.image,
            user: self.user.or(parent.user),
            entrypoint: if self.entrypoint.is_empty() { parent.entrypoint } else { self.entrypoint },
            command,
            environment: parent.environment.into_iter().chain(self.environment).collect(),
            arguments: parent.arguments.into_iter().chain(self.arguments).collect(),
            written: parent.written.into_iter().chain(self.written).collect(),
            installs_ai: parent.installs_ai || self.installs_ai,
            installs_lists: parent.installs_lists || self.installs_lists,
            ..self
        }
    }
}

/// Sees what a Dockerfile builds.
pub fn extract(file: &SourceFile, parsed: &Instructions, context: &Context<'_>, facts: &mut Facts) {
    let mut build = Build::default();
    for instruction in &parsed.all {
        build.instruction(instruction, context, facts);
    }
    let set = std::mem::take(&mut build.set);
    let given = std::mem::take(&mut build.given);
    let stage = build.last_stage();
    let ai = stage.as_ref().map_or_else(Field::default, |stage| add_workload(file, stage, facts));
    add_variables(&set, ai, facts);
    if let Some(stage) = stage {
        add_kept_arguments(&stage, &given, facts);
    }
}

/// How many stages that build on one another are followed.
const STAGE_DEPTH_LIMIT: usize = 64;

/// What was read of a Dockerfile so far.
#[derive(Default)]
struct Build {
    /// Values of `ARG` before the first stage: the only ones that `FROM` can use.
    arguments: BTreeMap<String, String>,
    stages: Vec<Stage>,
    /// Stages by name, in lower case.
    named: BTreeMap<String, usize>,
    /// Every pair of `ENV` and `ARG`.
    set: Vec<Pair>,
    /// Names of `ARG` within stages: what whoever builds gives to them.
    given: BTreeSet<String>,
}

impl Build {
    fn instruction(&mut self, instruction: &Instruction, context: &Context<'_>, facts: &mut Facts) {
        if instruction.keyword == "FROM" {
            self.begin_stage(instruction, facts);
            return;
        }
        let Some(stage) = self.stages.last_mut() else {
            for pair in instruction.pairs() {
                self.arguments.extend(pair.value.clone().map(|value| (pair.name.clone(), value)));
                self.set.push(pair);
            }
            return;
        };
        match instruction.keyword.as_str() {
            "ENV" => {
                let pairs = instruction.pairs();
                for pair in &pairs {
                    add_index_variable(pair, facts);
                }
                self.set.extend(pairs.iter().cloned());
                stage.environment.extend(pairs);
            }
            "ARG" => {
                let pairs = instruction.pairs();
                self.given.extend(pairs.iter().map(|pair| pair.name.clone()));
                let unset = pairs.iter().filter(|pair| pair.value.as_deref().is_none_or(str::is_empty));
                stage.arguments.extend(unset.map(|pair| (pair.clone(), false)));
                self.set.extend(pairs);
            }
            "USER" => stage.user = instruction.words().into_iter().next().map(|word| (word.text, word.span)),
            "ENTRYPOINT" => stage.entrypoint = instruction.words(),
            "CMD" => stage.command = instruction.words(),
            "RUN" => {
                stage.arguments.iter_mut().for_each(|(_, is_shown)| *is_shown = true);
                let commands = shell::commands(&instruction.text);
                stage.installs_ai |= commands.iter().any(|command| installs_ai(command, context));
                stage.installs_lists |= commands.iter().any(installs_lists);
                stage.written.extend(python_settings(instruction));
                let fetches = transfer::may_fetch(&instruction.text);
                for command in &commands {
                    index_option::see(command, |start, end| instruction.place(start, end), facts);
                    if fetches && let Some(fetched) = Fetched::by(&command.program()) {
                        let at = command.first_line(&instruction.text);
                        fetched.add(instruction.place(at.start, at.end), facts);
                    }
                }
            }
            _ => {}
        }
    }

    /// The stage that a `FROM` begins, and the image it names, unless that is a stage of the same file.
    fn begin_stage(&mut self, instruction: &Instruction, facts: &mut Facts) {
        let words = instruction.words();
        let Some(first) = words.first() else { return };
        let name = match words.get(1) {
            Some(word) if word.text.eq_ignore_ascii_case("as") => words.get(2).map(|name| name.text.clone()),
            _ => None,
        };
        let mut stage = Stage { name: name.unwrap_or_default(), from: first.span, ..Stage::default() };
        let resolved = image::resolve(&first.text, &|variable| self.arguments.get(variable).cloned());
        stage.parent = self.named.get(&resolved.to_ascii_lowercase()).copied();
        if stage.parent.is_none() && resolved != "scratch" {
            let reference = Reference::of(&resolved, &first.text);
            reference.add(first.span, "dockerfile", facts);
            stage.image = Some(reference);
        }
        if !stage.name.is_empty() {
            self.named.insert(stage.name.to_ascii_lowercase(), self.stages.len());
        }
        self.stages.push(stage);
    }

    /// The last stage, which is what the file builds, with all that it takes over.
    fn last_stage(mut self) -> Option<Stage> {
        let mut whole = self.stages.pop()?;
        // No file that anybody wrote builds deeper.
        for _ in 0..STAGE_DEPTH_LIMIT {
            let Some(parent) = whole.parent else { break };
            self.stages.truncate(parent + 1);
            let Some(parent) = self.stages.pop() else { break };
            let next = parent.parent;
            whole = whole.over(parent);
            whole.parent = next;
        }
        Some(whole)
    }
}

fn add_workload(file: &SourceFile, stage: &Stage, facts: &mut Facts) -> Field<bool> {
    let pairs: Vec<Variable<'_>> = stage.environment.iter().map(variable).collect();
    let container = Container {
        image: stage.image.as_ref(),
        entrypoint: stage.entrypoint.clone(),
        arguments: stage.command.clone(),
        variables: &pairs,
        // Whoever runs the image can set more, and mount files over its own.
        more_variables: true,
        written: stage.written.clone(),
        ..Container::default()
    };
    let recognised = container::recognise(&container, &file.text);
    let image_is_ai = stage.image.as_ref().is_some_and(Reference::is_ai);
    let ai: Field<bool> = match recognised.is_ai() || image_is_ai || stage.installs_ai {
        false if stage.installs_lists => Field::default(),
        ai => ai.into(),
    };
    let name = file.name().to_owned();
    facts.add(
        name.clone(),
        stage.from,
        Workload {
            name: name.into(),
            form: "dockerfile".into(),
            server: recognised.name(),
            role: recognised.role(),
            ai: ai.clone(),
            builds: "".into(),
            root: root(stage),
            // All of these are chosen by whoever runs the image.
            privileged: Field::default(),
            host_network: Field::default(),
            host_mounts: Vec::new().into(),
            published: Field::default(),
            authenticated: recognised.authenticated,
            reason: recognised.reason.into(),
            foreign_code: recognised.foreign_code,
        },
    );
    ai
}

fn root(stage: &Stage) -> Field<bool> {
    if let Some((user, at)) = &stage.user {
        let user = user.split(':').next().unwrap_or_default();
        return match Given::written(user) {
            Given::Literal(user) => Field::found(matches!(user, "root" | "0"), *at),
            _ => Field::unresolved(*at),
        };
    }
    // Any other image may have set a user of its own.
    match &stage.image {
        Some(image) if Servers::shipped().runs_as_root(&image.name) && !image.tag.contains("nonroot") => true.into(),
        _ => Field::default(),
    }
}

fn variable(pair: &Pair) -> Variable<'_> {
    let value = pair.value.as_deref().map_or(Given::Elsewhere, Given::written);
    Variable { name: &pair.name, value, at: pair.span, value_at: pair.span }
}

fn add_variables(set: &[Pair], ai: Field<bool>, facts: &mut Facts) {
    let variables: Vec<Variable<'_>> = set.iter().map(variable).collect();
    let scope = Scope { name: "", holder: "container", secret_holder: "container", ai };
    environment::add(&variables, &scope, facts);
}

/// Adds a `secret` fact for each secret that is given while building and stays: in a variable of the image (`ENV HF_TOKEN=$HF_TOKEN`), or
/// in its history.
fn add_kept_arguments(stage: &Stage, given: &BTreeSet<String>, facts: &mut Facts) {
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    for pair in stage.environment.iter().filter(|pair| is_secret_name(&pair.name)) {
        let value = pair.value.as_deref().unwrap_or_default();
        let Some(argument) = value.strip_prefix('$') else { continue };
        let argument = argument.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(argument);
        if given.contains(argument) {
            kept.insert(argument);
            add_kept(pair, argument, facts);
        }
    }
    for (pair, is_shown) in &stage.arguments {
        if *is_shown && is_secret_name(&pair.name) && kept.insert(&pair.name) {
            add_kept(pair, &pair.name, facts);
        }
    }
}

fn add_kept(pair: &Pair, argument: &str, facts: &mut Facts) {
    // A name, which there is no need to hide.
    let shown = Field::found(argument, Span::empty(pair.span.end));
    let secret = Secret { form: "build argument".into(), shown, ..told_by_name(&pair.name, argument, "container") };
    facts.add(pair.name.as_str(), pair.span, secret);
}

/// True when a command installs a library of AI.
fn installs_ai(command: &shell::Command, context: &Context<'_>) -> bool {
    let program = command.program();
    let install = program.iter().position(|word| matches!(*word, "install" | "add" | "sync"));
    let (Some(installer), Some(install)) = (program.first(), install) else { return false };
    let ecosystem = match *installer {
        "conda" | "mamba" | "micromamba" => "conda",
        "npm" | "yarn" | "pnpm" => "npm",
        name if name.starts_with("pip") || name == "uv" => "pypi",
        _ => return false,
    };
    let words = program.iter().skip(install + 1).filter(|word| !word.starts_with('-'));
    let mut names = words.map(|word| {
        let end = word.find(['=', '<', '>', '~', '!', '[', ';', ' ']);
        end.and_then(|end| word.get(..end)).unwrap_or(word)
    });
    names.any(|name| !name.is_empty() && context.catalogue.is_ai_package(ecosystem, name))
}

/// True when a command installs what a list, a lock or a folder names.
fn installs_lists(command: &shell::Command) -> bool {
    match command.program().as_slice() {
        [pip, "install" | "sync", words @ ..] if pip.starts_with("pip") => names_list(words),
        ["uv", "pip", "install" | "sync", words @ ..] => names_list(words),
        ["uv" | "pixi" | "pipenv" | "pdm", "sync", ..] | ["poetry" | "pdm" | "pipenv" | "pixi", "install", ..] => true,
        ["conda" | "mamba" | "micromamba", "env", "create" | "update", ..] => true,
        ["npm", "ci", ..] => true,
        ["npm" | "yarn" | "pnpm", "install", words @ ..] => words.iter().all(|word| word.starts_with('-')),
        _ => false,
    }
}

/// What pip is told to install stands in a file, or is the package of a folder.
fn names_list(words: &[&str]) -> bool {
    words.iter().any(|word| word.starts_with("-r") || word.starts_with("--requirement") || word.starts_with('.'))
}

/// Variables that name a place for packages.
const INDEX_VARIABLES: &[(&str, &str)] = &[
    ("PIP_INDEX_URL", "index"),
    ("PIP_EXTRA_INDEX_URL", "extra-index"),
    ("PIP_TRUSTED_HOST", "trusted-host"),
    ("PIP_FIND_LINKS", "find-links"),
    ("UV_INDEX_URL", "index"),
    ("UV_DEFAULT_INDEX", "index"),
    ("UV_EXTRA_INDEX_URL", "extra-index"),
    ("UV_INSECURE_HOST", "trusted-host"),
];

fn add_index_variable(pair: &Pair, facts: &mut Facts) {
    let kind = INDEX_VARIABLES.iter().find(|(name, _)| *name == pair.name).map(|(_, kind)| *kind);
    if let (Some(kind), Some(value)) = (kind, &pair.value)
        && !value.contains('$')
    {
        for value in value.split_whitespace() {
            package::add_index(value, kind, pair.span, facts);
        }
    }
}

/// Lines such as `c.NotebookApp.token = ''` that a command writes into a configuration file.
fn python_settings(instruction: &Instruction) -> Vec<Setting> {
    let text = instruction.text.as_str();
    let mut settings = Vec::new();
    for (at, _) in text.match_indices("c.") {
        if text.get(..at).unwrap_or_default().ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.') {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let Some(value) = after.trim_start_matches(' ').strip_prefix('=') else { continue };
        let value = value.trim_start_matches(' ');
        // The line ends at a line end, or at the quote that holds it in the shell.
        let unescaped = value.trim_start_matches(['\\', 'u']);
        let empty = ["''", "\"\"", "\\\"\\\"", "\"\\\""].iter().any(|quotes| unescaped.starts_with(quotes));
        let length = value.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(value.len());
        // What is left reaches to the end of the text.
        let start_of_value = text.len() - value.len();
        let written = value.get(..length).unwrap_or_default();
        let kept = if empty { String::new() } else { written.trim_matches(['"', '\'', '\\']).to_owned() };
        settings.push(Setting {
            name: name.to_owned(),
            value: Some(kept),
            at: instruction.place(at, start_of_value + if empty { 2.min(length) } else { length }),
        });
    }
    settings
}

#[cfg(test)]
mod tests;
