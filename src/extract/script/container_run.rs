//! Containers that a script starts: `docker run`, `podman run` and their like, with what they publish and see of the host.

use super::super::container::{self, Container};
use super::super::environment::{Given, Variable};
use super::super::image::{OPEN, Reference};
use super::variables::{Variables, more_arguments};
use crate::document::instructions::Word;
use crate::fact::{Choice, Facts, Field, Workload};
use crate::source::{SourceFile, Span};
use std::collections::BTreeSet;

/// What a script has built itself so far: such an image is not fetched.
#[derive(Debug, Default)]
pub(super) struct Built(BTreeSet<String>);

impl Built {
    /// Remembers what `docker build -t NAME` calls its image.
    pub fn learn(&mut self, words: &[&str], variables: &Variables) {
        if !matches!(words, ["docker" | "podman" | "nerdctl", "build" | "buildx", ..]) {
            return;
        }
        let tags = crate::shell::option_values(words, "-t").chain(crate::shell::option_values(words, "--tag"));
        self.0.extend(tags.map(|tag| Reference::of(&variables.resolved(tag), tag).name));
    }

    fn holds(&self, reference: &Reference) -> bool {
        self.0.contains(&reference.name)
    }
}

/// One option and what it is set to.
struct RunOption {
    name: String,
    value: Word,
}

/// What a command that starts a container says.
struct Run {
    options: Vec<RunOption>,
    /// Options come from a variable too.
    more_options: bool,
    image: Word,
    arguments: Vec<Word>,
}

/// Options in short, and what they are in full.
const SHORT: &[(char, &str)] =
    &[('e', "env"), ('p', "publish"), ('u', "user"), ('v', "volume"), ('P', "publish-all"), ('h', "hostname")];
/// Short options that take a value.
const SHORT_WITH_VALUE: &str = "acehlmpuvw";
/// Options that take none.
const SWITCHES: &[&str] = &[
    "detach",
    "init",
    "interactive",
    "no-healthcheck",
    "oom-kill-disable",
    "privileged",
    "publish-all",
    "quiet",
    "read-only",
    "replace",
    "rm",
    "rmi",
    "sig-proxy",
    "tty",
];

impl Run {
    /// What a command starts, if it starts a container; `words` begin with its program.
    fn of(words: &[Word]) -> Option<Self> {
        let text = |index: usize| words.get(index).map_or("", |word| word.text.as_str());
        let own = match (text(0), text(1), text(2)) {
            ("docker" | "podman" | "nerdctl", "container", "run" | "create") => 3,
            ("docker" | "podman" | "nerdctl" | "nvidia-docker", "run" | "create", _) => 2,
            _ => return None,
        };
        let mut rest = words.get(own..)?.iter().peekable();
        let mut options = Vec::new();
        let mut more_options = false;
        let image = loop {
            let word = rest.next()?;
            if let Some(long) = word.text.strip_prefix("--") {
                let (name, value) = match long.split_once('=') {
                    Some((name, value)) => (name, Word { text: value.to_owned(), span: word.span }),
                    None if SWITCHES.contains(&long) => (long, Word { text: "true".to_owned(), span: word.span }),
                    None => (long, rest.next()?.clone()),
                };
                options.push(RunOption {
                    name: name.to_owned(),
                    value: Word { span: word.span.cover(value.span), ..value },
                });
            } else if let Some(letters) = word.text.strip_prefix('-') {
                let with_value = letters.find(|letter| SHORT_WITH_VALUE.contains(letter));
                for letter in letters.chars().take(with_value.map_or(usize::MAX, |at| at + 1)) {
                    let Some((_, name)) = SHORT.iter().find(|(short, _)| *short == letter) else { continue };
                    options.push(RunOption {
                        name: (*name).to_owned(),
                        value: Word { text: "true".to_owned(), span: word.span },
                    });
                }
                let Some(at) = with_value else { continue };
                let attached = letters.get(at + 1..).unwrap_or_default().trim_start_matches('=');
                let value = if attached.is_empty() { rest.next()?.clone() } else { word_of(attached, word.span) };
                let letter = letters.get(at..=at).unwrap_or_default();
                if let Some(last) =
                    options.last_mut().filter(|_| SHORT.iter().any(|(short, _)| letter.contains(*short)))
                {
                    last.value = Word { span: word.span.cover(value.span), ..value };
                }
            } else if word.text.starts_with('$') && rest.peek().is_some() && !names_image(&word.text) {
                more_options = true;
            } else {
                break word.clone();
            }
        };
        Some(Self { options, more_options, image, arguments: rest.cloned().collect() })
    }

    fn values<'r>(&'r self, name: &'static str) -> impl Iterator<Item = &'r Word> {
        self.options.iter().filter(move |option| option.name == name).map(|option| &option.value)
    }

    fn flag(&self, name: &'static str) -> Field<bool> {
        match self.values(name).last() {
            Some(word) => Field::found(word.text != "false", word.span),
            None if self.more_options => Field::default(),
            None => false.into(),
        }
    }

    fn published(&self, variables: &Variables) -> Field<Choice> {
        let everywhere = self.values("network").chain(self.values("net")).find(|word| word.text == "host");
        if let Some(word) = everywhere.or_else(|| self.values("publish-all").next()) {
            return Field::found("everywhere", word.span);
        }
        let ports =
            self.values("publish").map(|word| (container::published_at(&variables.resolved(&word.text)), word.span));
        let nowhere = || if self.more_options { Field::default() } else { "none".into() };
        container::widest(ports).unwrap_or_else(nowhere)
    }

    /// Folders of the host, each with where it is mounted and where that stands.
    fn mounts(&self) -> impl Iterator<Item = (&str, Option<&str>, Span)> {
        let volumes = self.values("volume").map(|word| {
            let mut parts = word.text.split(':');
            (parts.next().unwrap_or_default(), parts.next(), word.span)
        });
        let mounts = self.values("mount").map(|word| {
            let part = |names: &[&str]| {
                let mut parts = word.text.split(',').filter_map(|part| part.split_once('='));
                parts.find(|(name, _)| names.contains(name)).map(|(_, value)| value)
            };
            (part(&["source", "src"]).unwrap_or_default(), part(&["target", "dst", "destination"]), word.span)
        });
        volumes.chain(mounts)
    }
}

fn word_of(text: &str, span: Span) -> Word {
    Word { text: text.to_owned(), span }
}

/// `$IMAGE`, `${IMG}:latest`: what else stands between options is options as well.
fn names_image(variable: &str) -> bool {
    let lower = variable.to_ascii_lowercase();
    ["image", "img", "tag", "container", "repo"].iter().any(|part| lower.contains(part))
}

/// Sees the container that a command starts; `words` begin with its program.
pub(super) fn see(file: &SourceFile, words: &[Word], variables: &Variables, built: &Built, facts: &mut Facts) {
    let Some(run) = Run::of(words) else { return };
    let resolved = variables.resolved(&run.image.text);
    let reference = Reference::of(&resolved, &run.image.text);
    let is_built = built.holds(&reference);
    // A name of one part alone is mostly what was built on this machine.
    if !is_built && reference.name.contains('/') {
        reference.add(run.image.span, "script", facts);
    }
    let environment: Vec<Variable<'_>> = run
        .values("env")
        .map(|word| {
            let (name, value) = word
                .text
                .split_once('=')
                .map_or((word.text.as_str(), Given::Elsewhere), |(name, value)| (name, Given::written(value)));
            Variable { name, value, at: word.span, value_at: word.span }
        })
        .collect();
    let described = Container {
        image: Some(&reference),
        entrypoint: run.values("entrypoint").cloned().collect(),
        arguments: run.arguments.clone(),
        variables: &environment,
        more_variables: run.more_options || is_built || run.values("env-file").next().is_some(),
        more_arguments: more_arguments(&[std::slice::from_ref(&run.image), &run.arguments].concat()),
        mounted: run.mounts().filter_map(|(_, target, _)| target.map(str::to_owned)).collect(),
        written: Vec::new(),
    };
    let recognised = container::recognise(&described, &file.text);
    let ai = recognised.is_ai() || reference.is_ai() || run.values("gpus").next().is_some();
    let known = ai || (!is_built && !reference.name.contains(OPEN));
    let powerful = || run.mounts().filter(|(source, ..)| container::is_powerful_path(source));
    let name = run.values("name").next().map_or_else(
        || reference.name.rsplit('/').next().unwrap_or_default().replace(OPEN, "?"),
        |word| word.text.clone(),
    );
    let root = match run.values("user").last() {
        Some(word) => match Given::written(word.text.split(':').next().unwrap_or_default()) {
            Given::Literal(user) => Field::found(matches!(user, "root" | "0"), word.span),
            _ => Field::unresolved(word.span),
        },
        None => Field::default(),
    };
    facts.add(
        name.clone(),
        run.image.span,
        Workload {
            name: name.into(),
            form: "docker-run".into(),
            server: recognised.name(),
            role: recognised.role(),
            ai: if known { ai.into() } else { Field::default() },
            builds: "".into(),
            privileged: run.flag("privileged"),
            root,
            host_network: Field::known(run.values("network").chain(run.values("net")).any(|word| word.text == "host")),
            host_mounts: Field {
                value: Some(powerful().map(|(source, ..)| source.to_owned()).collect()),
                at: powerful().next().map(|(.., at)| at),
            },
            published: run.published(variables),
            authenticated: recognised.authenticated,
            reason: recognised.reason.into(),
            foreign_code: recognised.foreign_code,
        },
    );
}
