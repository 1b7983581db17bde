//! What the commands of a script open, fetch and start, in one walk over them.

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
    if !(opens || fetches || starts || installs) {
        return;
    }
    for command in shell::commands(script) {
        if let Some(opening) = Opening::of(&command).filter(|_| opens) {
            opening.add(command.first_line(script), facts);
        }
        if let Some(fetched) = Fetched::by(&command).filter(|_| fetches) {
            fetched.add(command.first_line(script), facts);
        }
        if installs {
            index_option::see(&command, Span::new, facts);
        }
        if starts {
            started::see(file, &command, facts);
        }
    }
}
