//! Which tools a shell script runs: the beginnings of its commands, with `python -m`, `uv run`, `npx` and the like taken away.

use super::tool::Tool;
use regex::bytes::{RegexSet, RegexSetBuilder};

/// Beginnings of commands to tools.
#[derive(Debug)]
pub(super) struct CommandIndex {
    beginnings: RegexSet,
    /// The tool of each pattern of the set.
    rows: Vec<usize>,
}

/// Words that stand before a command and leave it what it is.
const BEFORE: &[&str] = &[
    "if", "!", "then", "do", "else", "time", "exec", "sudo", "nohup", "env", "uvx", "npx", "bunx", "pnpx", "xvfb-run",
];

/// Pairs of words that stand before a command: `python -m garak`, `uv run garak`.
const BEFORE_PAIRS: &[(&str, &str)] = &[
    ("python", "-m"),
    ("python3", "-m"),
    ("uv", "run"),
    ("poetry", "run"),
    ("pipenv", "run"),
    ("hatch", "run"),
    ("pdm", "run"),
    ("rye", "run"),
    ("pixi", "run"),
    ("pipx", "run"),
    ("conda", "run"),
    ("pnpm", "dlx"),
    ("pnpm", "exec"),
    ("npm", "exec"),
    ("yarn", "dlx"),
    ("coverage", "run"),
];

/// Options of those words that take the next word with them.
const WITH_VALUE: &[&str] = &[
    "--with",
    "-n",
    "--name",
    "--python",
    "-p",
    "--from",
    "--extra",
    "--group",
    "--directory",
    "--project",
    "--package",
    "--env-file",
];

impl CommandIndex {
    pub(super) fn of(tools: &[Tool]) -> Self {
        let mut patterns = Vec::new();
        let mut rows = Vec::new();
        for (row, tool) in tools.iter().enumerate() {
            for command in &tool.commands {
                patterns.push(format!(r"^(?:{command})(?:[\s,)'`\x22]|$)"));
                rows.push(row);
            }
        }
        // A test builds this set from the shipped patterns.
        let beginnings = RegexSetBuilder::new(patterns).unicode(false).build().unwrap_or_else(|_| RegexSet::empty());
        Self { beginnings, rows }
    }

    /// Rows of the tools that the script runs, in order, each once.
    pub(super) fn find(&self, script: &str) -> Vec<usize> {
        let joined = script.replace("\\\r\n", " ").replace("\\\n", " ");
        let commands = joined.split(['\n', ';', '|', '&', '(']).map(bare_command).filter(|command| !command.is_empty());
        let mut found: Vec<usize> = commands
            .flat_map(|command| self.beginnings.matches(command.as_bytes()).into_iter())
            .filter_map(|pattern| self.rows.get(pattern).copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The command without assignments of variables and words that run another command.
fn bare_command(command: &str) -> &str {
    let mut rest = command.trim_start_matches([' ', '\t', '`', '$', '{']);
    loop {
        let (word, after) = next_word(rest);
        let (second, after_second) = next_word(after);
        if word.is_empty() {
            return rest;
        }
        if BEFORE_PAIRS.contains(&(word, second)) {
            rest = without_options(after_second);
        } else if BEFORE.contains(&word) {
            rest = without_options(after);
        } else if is_assignment(word) {
            rest = after;
        } else {
            return rest;
        }
    }
}

fn without_options(mut rest: &str) -> &str {
    loop {
        let (word, after) = next_word(rest);
        if !word.starts_with('-') {
            return rest;
        }
        rest = if WITH_VALUE.contains(&word) { next_word(after).1 } else { after };
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    })
}

/// The first word, and what follows it without leading blanks.
fn next_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let (word, after) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, after.trim_start())
}
