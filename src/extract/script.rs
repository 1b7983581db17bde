//! What the commands of a script open, fetch and start, in one walk over them.

mod container_run;
mod started;
mod variables;

use super::Context;
use super::code::of_variable;
use super::index_option::{self, Index};
use super::opening::{self, Opening};
use super::transfer::{self, Fetched};
use crate::catalogue::servers::Servers;
use crate::document::Document;
use crate::fact::Facts;
use crate::shell;
use crate::source::{SourceFile, Span};
use variables::Variables;

/// Sees the commands of a script.
pub fn extract(file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let script = &file.text;
    let opens = opening::may_open(script);
    let fetches = transfer::may_fetch(script);
    let starts = may_start(script);
    let installs = index_option::may_name(script);
    let sets = script.contains("http://");
    if !(opens || fetches || starts || installs || sets) {
        return;
    }
    let mut starting = starts.then(|| Starting::of(file, started::Host::of(file, context)));
    let is_procfile = file.name().eq_ignore_ascii_case("procfile");
    for mut command in shell::commands(script) {
        if is_procfile {
            without_process(&mut command);
        }
        let program = command.program();
        if opens && let Some(opening) = Opening::of(&program) {
            opening.add(command.first_line(script), facts);
        }
        if fetches && let Some(fetched) = Fetched::by(&program) {
            fetched.add(command.first_line(script), facts);
        }
        if installs {
            for index in Index::all_of(&command) {
                index.add(index.at, facts);
            }
        }
        if let Some(starting) = &mut starting {
            starting.see(&command, facts);
        }
        if sets {
            see_addresses(&command, facts);
        }
    }
}

/// Sees what a machine starts when it boots, by the scripts in a file that describes it: `user_data` and its like.
pub fn extract_boot(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    if !may_start(&file.text) {
        return;
    }
    let mut scripts: Vec<Span> = Vec::new();
    for root in &parsed.roots {
        root.walk(NODE_LIMIT, &mut |node, entry| {
            if entry.is_some_and(|entry| BOOT_SCRIPTS.contains(&&*entry.key)) {
                scripts.push(node.span);
            }
        });
    }
    facts.leave_out(scripts.len().saturating_sub(BOOT_SCRIPT_LIMIT));
    for span in scripts.into_iter().take(BOOT_SCRIPT_LIMIT) {
        let script = span.text(&file.text);
        let mut starting = Starting::of(file, started::Host::booting(script));
        for mut command in shell::commands(script) {
            for word in &mut command.words {
                word.start += span.start;
                word.end += span.start;
            }
            starting.see(&command, facts);
        }
    }
}

/// Settings of a machine that hold the script it runs when it boots.
const BOOT_SCRIPTS: &[&str] = &["user_data", "UserData", "metadata_startup_script", "startup-script", "startup_script"];

/// How many of them are read in one file, and how many nodes are looked at for them.
const BOOT_SCRIPT_LIMIT: usize = 50;
const NODE_LIMIT: usize = 200_000;

/// What a script has said so far to whoever follows the servers and containers that it starts.
struct Starting<'a> {
    file: &'a SourceFile,
    variables: Variables,
    built: container_run::Built,
    host: started::Host,
}

impl<'a> Starting<'a> {
    fn of(file: &'a SourceFile, host: started::Host) -> Self {
        Self { file, variables: Variables::of(file), built: container_run::Built::default(), host }
    }

    fn see(&mut self, command: &shell::Command, facts: &mut Facts) {
        self.variables.learn(command);
        let filled = self.variables.filled(command);
        let program = started::Program::of(&filled);
        self.built.learn(&program.texts(), &self.variables);
        container_run::see(self.file, &program.words, &self.variables, &self.built, facts);
        started::see(self.file, &program, &self.variables, &self.host, facts);
    }
}

/// False for a script that starts neither an AI server nor a container: a cheap look before it is taken apart.
fn may_start(script: &str) -> bool {
    ["docker", "podman", "nerdctl"].iter().any(|program| script.contains(program))
        || Servers::shipped().may_start(script)
}

/// Takes the name of a process of a Procfile away: `web: mlflow server`.
fn without_process(command: &mut shell::Command) {
    if command.words.first().is_some_and(|word| word.text.ends_with(':')) {
        command.words.remove(0);
    }
}

/// Sees the addresses that variables are set to: `export NAME=…`, and `NAME=… program`.
fn see_addresses(command: &shell::Command, facts: &mut Facts) {
    for word in command.words.iter().skip_while(|word| word.text == "export") {
        let Some((name, value)) = word.text.split_once('=') else { break };
        of_variable(name, value, Span::new(word.start, word.end), facts);
    }
}
