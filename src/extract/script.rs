//! What the commands of a script open, fetch and start, in one walk over them.

use super::code::of_variable;
use super::index_option;
use super::opening::{self, Opening};
use super::started;
use super::transfer::{self, Fetched};
use crate::fact::Facts;
use crate::shell;
use crate::source::{SourceFile, Span};

/// Sees the commands of a script.
pub fn extract(file: &SourceFile, facts: &mut Facts) {
    let script = &file.text;
    let opens = opening::may_open(script);
    let fetches = transfer::may_fetch(script);
    let starts = started::may_start(script);
    let installs = index_option::may_name(script);
    let sets = script.contains("http://");
    if !(opens || fetches || starts || installs || sets) {
        return;
    }
    for command in shell::commands(script) {
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
            started::see(file, &command, facts);
        }
        if sets {
            see_addresses(&command, facts);
        }
    }
}

/// Sees the addresses that variables are set to: `export NAME=…`, and `NAME=… program`.
fn see_addresses(command: &shell::Command, facts: &mut Facts) {
    for word in command.words.iter().skip_while(|word| word.text == "export") {
        let Some((name, value)) = word.text.split_once('=') else { break };
        of_variable(name, value, Span::new(word.start, word.end), facts);
    }
}
