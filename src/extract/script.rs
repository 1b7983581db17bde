//! What the commands of a script open, fetch and start, in one walk over them.

mod container_run;
mod started;
mod variables;

use super::Context;
use super::code::of_variable;
use super::index_option;
use super::opening::{self, Opening};
use super::transfer::{self, Fetched};
use crate::catalogue::servers::Servers;
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
    let mut variables = Variables::of(file);
    let mut built = container_run::Built::default();
    for mut command in shell::commands(script) {
        if is_procfile(file) {
            without_process(&mut command);
        }
        if opens && let Some(opening) = Opening::of(&command.program()) {
            opening.add(command.first_line(script), facts);
        }
        if fetches && let Some(fetched) = Fetched::by(&command.program()) {
            fetched.add(command.first_line(script), facts);
        }
        if installs {
            index_option::see(&command, Span::new, facts);
        }
        if starts {
            variables.learn(&command);
            let filled = variables.filled(&command);
            let program = started::Program::of(&filled);
            built.learn(&program.texts(), &variables);
            container_run::see(file, &program.words, &variables, &built, facts);
            started::see(file, &program, &variables, context, facts);
        }
        if sets {
            see_addresses(&command, facts);
        }
    }
}

/// False for a script that starts neither an AI server nor a container: a cheap look before it is taken apart.
fn may_start(script: &str) -> bool {
    ["docker", "podman", "nerdctl"].iter().any(|program| script.contains(program))
        || Servers::shipped().may_start(script)
}

fn is_procfile(file: &SourceFile) -> bool {
    file.name().eq_ignore_ascii_case("procfile")
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
