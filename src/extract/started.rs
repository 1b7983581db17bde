//! Notebook servers that a script starts for others: `workload` facts.

use super::container::{self, Container};
use crate::catalogue::servers::{Role, Servers};
use crate::document::instructions::Word;
use crate::fact::{Facts, Field, Workload};
use crate::shell;
use crate::source::{SourceFile, Span};

/// Sees the servers of a script. One that only this machine reaches is left out: whoever works on it needs no token.
pub(super) fn extract_script(file: &SourceFile, facts: &mut Facts) {
    if !file.text.contains("jupyter") {
        return;
    }
    for command in shell::commands(&file.text) {
        let program = command.program();
        let server = Servers::shipped().of_program(&program);
        if server.is_none_or(|server| server.role != Role::Notebook) || !listens_to_all(&program) {
            continue;
        }
        let words = command.words.iter();
        let container = Container {
            arguments: words
                .map(|word| Word { text: word.text.clone(), span: Span::new(word.start, word.end) })
                .collect(),
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
            foreign_code: Field::from("none"),
            host_mounts: Vec::new().into(),
            ..Workload::default()
        };
        facts.add(file.name(), command.first_line(&file.text), workload);
    }
}

/// `--ip=0.0.0.0`, `--ServerApp.ip '*'`.
fn listens_to_all(words: &[&str]) -> bool {
    let is_all = |value: &str| matches!(value.trim_matches(['"', '\'']), "0.0.0.0" | "*" | "::");
    let is_option = |name: &str| matches!(name, "--ip" | "--ServerApp.ip" | "--NotebookApp.ip" | "--LabApp.ip");
    words.iter().enumerate().any(|(index, word)| match word.split_once('=') {
        Some((name, value)) => is_option(name) && is_all(value),
        None => is_option(word) && words.get(index + 1).is_some_and(|value| is_all(value)),
    })
}
