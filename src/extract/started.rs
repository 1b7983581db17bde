//! Notebook servers that a script starts for others: `workload` facts.

use super::container::{self, Container};
use crate::catalogue::servers::{Role, Servers};
use crate::document::instructions::Word;
use crate::fact::{Facts, Field, Workload};
use crate::shell::{Command, option_values};
use crate::source::{SourceFile, Span};

/// False for a script that starts no such server: a cheap look before it is taken apart.
pub(super) fn may_start(script: &str) -> bool {
    script.contains("jupyter")
}

/// Sees the server that a command starts. One that only this machine reaches is left out: whoever works on it needs no token.
pub(super) fn see(file: &SourceFile, command: &Command, facts: &mut Facts) {
    let program = command.program();
    let server = Servers::shipped().of_program(&program);
    if server.is_none_or(|server| server.role != Role::Notebook) || !listens_to_all(&program) {
        return;
    }
    let words = command.words.iter();
    let container = Container {
        arguments: words.map(|word| Word { text: word.text.clone(), span: Span::new(word.start, word.end) }).collect(),
        more_variables: true,
        ..Container::default()
    };
    let recognised = container::recognise(&container, &file.text);
    let workload = Workload {
        name: file.name().into(),
        form: "script".into(),
        server: recognised.name(),
        role: recognised.role(),
        authenticated: recognised.authenticated,
        reason: recognised.reason.into(),
        builds: "".into(),
        foreign_code: Field::from("none"),
        host_mounts: Vec::new().into(),
        ..Workload::default()
    };
    facts.add(file.name(), command.first_line(&file.text), workload);
}

/// `--ip=0.0.0.0`, `--ServerApp.ip '*'`.
fn listens_to_all(words: &[&str]) -> bool {
    const OPTIONS: &[&str] = &["--ip", "--ServerApp.ip", "--NotebookApp.ip", "--LabApp.ip"];
    let is_all = |value: &str| matches!(value.trim_matches(['"', '\'']), "0.0.0.0" | "*" | "::");
    OPTIONS.iter().any(|option| option_values(words, option).any(is_all))
}
