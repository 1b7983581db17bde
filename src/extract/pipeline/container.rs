//! What a container of a pipeline runs, told by its command and arguments.

use super::{Language, Script};
use crate::document::Node;

const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh"];

/// The scripts of a container: what is handed to a shell with `-c`, code that is handed over as text, and otherwise the command
/// itself. `program` stands before both where the image brings it.
pub(super) fn scripts<'a>(
    program: Option<&'a str>,
    command: Option<&'a Node>,
    arguments: Option<&'a Node>,
) -> Vec<Script<'a>> {
    let nodes = || command.into_iter().chain(arguments).flat_map(Node::one_or_many);
    let words: Vec<(&str, &Node)> = nodes().filter_map(|node| Some((node.scalar()?, node))).collect();
    let all: Vec<&str> = program.into_iter().chain(words.iter().map(|(text, _)| *text)).collect();
    let first = all.first().map(|word| word.rsplit('/').next().unwrap_or(word)).unwrap_or_default();
    let runs_shell = SHELLS.contains(&first);
    let mut scripts = Vec::new();
    let mut before = program.unwrap_or_default();
    for (text, node) in &words {
        if text.contains('\n') || hands_over_script(before) {
            let language = if looks_like_python(text) { Language::Python } else { Language::Shell };
            scripts.push(Script { text: (*text).into(), at: node.span, language });
        }
        before = text;
    }
    if !runs_shell && !all.is_empty() {
        let plain = all.iter().take_while(|word| !word.contains('\n')).map(|word| quoted(word)).collect::<Vec<_>>();
        let at = words.iter().map(|(_, node)| node.span).reduce(crate::source::Span::cover);
        if let Some(at) = at {
            scripts.push(Script { text: plain.join(" ").into(), at, language: Language::Shell });
        }
    }
    scripts
}

/// True for `-c`, `-ec` or the like: the next word is a script.
fn hands_over_script(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with('c') && word.len() < 6
}

fn looks_like_python(text: &str) -> bool {
    text.lines().any(|line| {
        let imports = line.starts_with("import ") || (line.starts_with("from ") && line.contains(" import "));
        imports || (line.starts_with("def ") && line.contains('('))
    })
}

/// The word as a shell would read it back.
fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "-_./=:@,+%".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
