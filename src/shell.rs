//! Shell text, as far as reading alone can follow it: its words, and the simple commands of a script.

mod reader;

use crate::source::Span;
use reader::Reader;

/// One word, and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word without its quotes.
    pub text: String,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// One simple command of a script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Command {
    /// Its words in order, assignments before the program included.
    pub words: Vec<Word>,
    /// Its failure is thrown away (`|| true`).
    pub failure_ignored: bool,
    /// It stands within `$(...)` of the command that follows it.
    pub substituted: bool,
}

/// Programs that only start another one, with the number of words of their own (`uv run`, `poetry run`).
const WRAPPERS: &[&[&str]] = &[
    &["sudo"],
    &["exec"],
    &["time"],
    &["env"],
    &["nohup"],
    &["uv", "run"],
    &["uvx"],
    &["poetry", "run"],
    &["pdm", "run"],
    &["hatch", "run"],
    &["pipenv", "run"],
    &["pipx", "run"],
    &["rye", "run"],
    &["conda", "run"],
    &["micromamba", "run"],
    &["npx"],
    &["bunx"],
    &["pnpm", "dlx"],
    &["pnpm", "exec"],
    &["xvfb-run"],
    &["tini"],
    &["dumb-init"],
];

/// Options of wrappers that take the next word as their value.
const WRAPPER_VALUES: &[&str] =
    &["--from", "--with", "-n", "--name", "-p", "--prefix", "--package", "--python", "--extra", "--group"];

/// Shell words that stand before a command and are none themselves.
const RESERVED: &[&str] = &["if", "then", "else", "elif", "do", "while", "until", "!", "{", "(", "time", "for"];

/// Every value that an option is given among the words of a command: `--name value` and `--name=value`.
pub fn option_values<'w>(words: &[&'w str], name: &str) -> impl Iterator<Item = &'w str> {
    words.iter().enumerate().filter_map(move |(index, word)| match word.strip_prefix(name)? {
        "" => words.get(index + 1).copied(),
        rest => rest.strip_prefix('='),
    })
}

impl Command {
    /// The words from the program on: without assignments, reserved words and wrappers such as `uv run`;
    /// `python -m module` starts at the module, `python script.py` at the script. The program is given without its folder.
    #[must_use]
    pub fn program(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        // A recipe of make that is not to be shown: `@docker run`.
        if let Some(first) = all.first_mut() {
            *first = first.trim_start_matches('@');
        }
        let mut rest = all.as_slice();
        // Each round takes at least one word away, so this ends.
        loop {
            let taken = leading_words(rest);
            if taken == 0 {
                break;
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        let mut words = rest.to_vec();
        if let Some(first) = words.first_mut()
            && let Some((_, name)) = first.rsplit_once('/')
        {
            *first = name;
        }
        words
    }

    /// Where its first line stands in the script that it was read from.
    #[must_use]
    pub fn first_line(&self, script: &str) -> Span {
        let (Some(first), Some(last)) = (self.words.first(), self.words.last()) else { return Span::default() };
        let lines = Span::new(first.start, last.end).text(script);
        let line = lines.lines().next().unwrap_or_default().trim_end_matches(['\\', ' ']);
        Span::new(first.start, first.start + line.len())
    }

    /// True when the program and its first words are these.
    #[must_use]
    pub fn runs(&self, program: &[&str], wanted: &str) -> bool {
        let mut words = program.iter();
        wanted.split(' ').all(|wanted| words.next().is_some_and(|word| *word == wanted))
    }
}

/// How many leading words do not name the program.
fn leading_words(words: &[&str]) -> usize {
    let Some(first) = words.first() else { return 0 };
    if RESERVED.contains(first) || is_assignment(first) {
        return 1;
    }
    for wrapper in WRAPPERS {
        if words.starts_with(wrapper) {
            return wrapper.len() + options(words.get(wrapper.len()..).unwrap_or_default());
        }
    }
    let program = first.rsplit('/').next().unwrap_or(first);
    if program.starts_with("python") {
        let after = words.get(1..).unwrap_or_default();
        return match after.iter().position(|word| *word == "-m" || !word.starts_with('-')) {
            Some(at) if after.get(at) == Some(&"-m") => at + 2,
            // `python -c '...'` and a lone `python -` run no program that has a name.
            Some(at) if !after.iter().take(at).any(|word| *word == "-c") => at + 1,
            _ => 0,
        };
    }
    0
}

/// How many words are options of a wrapper, values included.
fn options(words: &[&str]) -> usize {
    let mut count = 0;
    while let Some(word) = words.get(count) {
        if !word.starts_with('-') && !is_assignment(word) {
            break;
        }
        count += if WRAPPER_VALUES.contains(word) { 2 } else { 1 };
    }
    count
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// The words of a text: split at blanks, quotes and escapes resolved. A GitHub expression (`${{ ... }}`) is never split.
#[must_use]
pub fn words(text: &str, escape: char) -> Vec<Word> {
    let mut reader = Reader::new(text, escape);
    let mut words = Vec::new();
    loop {
        reader.skip_blanks(char::is_whitespace);
        match reader.word(&[]) {
            Some(word) => words.push(word),
            None => return words,
        }
    }
}

/// How deep `$(...)` within `$(...)` is followed.
const SUBSTITUTION_DEPTH_LIMIT: usize = 4;

/// The simple commands of a script, in order: split at line ends, `;`, `&&`, `||`, `|` and `&`. Comments are left out. What stands in
/// `$(...)` is part of a word, and its commands come before the one that uses what they print.
#[must_use]
pub fn commands(script: &str) -> Vec<Command> {
    commands_within(script, SUBSTITUTION_DEPTH_LIMIT)
}

fn commands_within(script: &str, depth: usize) -> Vec<Command> {
    let mut reader = Reader::new(script, '\\');
    let mut commands: Vec<Command> = Vec::new();
    let mut current = Command::default();
    let mut guarded = false;
    loop {
        // The same blanks that end a word: one that did and was not passed over would be met for ever.
        reader.skip_blanks(|character| character.is_whitespace() && character != '\n');
        let Some(next) = reader.peek() else { break };
        if next == '#' {
            reader.take_until(|character| character == '\n');
        } else if matches!(next, '\n' | ';' | '&' | '|' | '(' | ')') {
            let operator = reader.operator();
            // The command that `||` guards with may stand on the next line.
            let still_open = guarded && operator == "\n" && current.words.is_empty();
            finish(&mut commands, &mut current, guarded);
            guarded = operator == "||" || still_open;
        } else if let Some(word) = reader.word(&['\n', ';', '&', '|', '(', ')']) {
            current.words.push(word);
            for inner in std::mem::take(&mut reader.substitutions) {
                add_substituted(script, inner, depth, &mut commands);
            }
        }
    }
    finish(&mut commands, &mut current, guarded);
    commands
}

/// Adds the commands whose output becomes part of a word.
fn add_substituted(script: &str, inner: Span, depth: usize, commands: &mut Vec<Command>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for mut command in commands_within(inner.text(script), depth) {
        for word in &mut command.words {
            word.start += inner.start;
            word.end += inner.start;
        }
        command.substituted = true;
        commands.push(command);
    }
}

/// Ends the current command; one that only swallows a failure marks the command before it.
fn finish(commands: &mut Vec<Command>, current: &mut Command, guarded: bool) {
    if current.words.is_empty() {
        return;
    }
    let command = std::mem::take(current);
    let mut words = command.words.iter().map(|word| word.text.as_str());
    let swallows = match words.next() {
        Some("true" | ":" | "echo" | "printf") => true,
        Some("exit" | "return") => words.next() == Some("0"),
        _ => false,
    };
    if guarded
        && swallows
        && let Some(before) = commands.iter_mut().rfind(|command| !command.substituted)
    {
        before.failure_ignored = true;
    }
    commands.push(command);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(script: &str) -> Vec<String> {
        commands(script).iter().map(|command| command.program().join(" ")).collect()
    }

    #[test]
    fn words_lose_their_quotes_and_keep_their_place() {
        let text = r#"jupyter lab --token='' "a b" c\ d"#;
        let words = words(text, '\\');
        let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["jupyter", "lab", "--token=", "a b", "c d"]);
        assert_eq!(text.get(words[3].start..words[3].end), Some("\"a b\""));
    }

    #[test]
    fn a_script_is_split_into_commands() {
        let script = "set -e\n# garak here\npip install garak && python3 -m garak \\\n   --model x; FOO=1 uv run --extra gpu python src/train.py | tee log\n";
        assert_eq!(programs(script), ["set -e", "pip install garak", "garak --model x", "train.py", "tee log"]);
    }

    #[test]
    fn every_kind_of_blank_parts_words() {
        let script = "pip\u{a0}install \u{2003}torch\u{b}\u{c}\u{85}x\r\n\u{a0}echo y\u{2028}";
        assert_eq!(programs(script), ["pip install torch x", "echo y"]);
    }

    #[test]
    fn swallowed_failures_are_seen() {
        let ignored = |script: &str| commands(script)[0].failure_ignored;
        assert!(ignored("garak --x || true"));
        assert!(ignored("garak --x ||\n  echo failed"));
        assert!(ignored("garak || exit 0"));
        assert!(!ignored("garak || exit 1"));
        assert!(!ignored("garak\ntrue"));
        assert!(!commands("a || garak\ntrue")[1].failure_ignored);
        assert!(!ignored("garak; true || x"));
    }

    #[test]
    fn what_is_substituted_is_part_of_a_word_and_a_command_of_its_own() {
        let script = "@docker run -v $(pwd)/a:/data x $(cat $(ls b)) || true";
        assert_eq!(
            programs(script),
            ["pwd", "ls b", "cat $(ls b)", "docker run -v $(pwd)/a:/data x $(cat $(ls b))", "true"]
        );
        let commands = commands(script);
        assert_eq!(Span::new(commands[1].words[0].start, commands[1].words[1].end).text(script), "ls b");
        assert!(commands[3].failure_ignored);
        assert_eq!(programs("a $((1 + 2)) b"), ["a $", "1 + 2", "b"]);
    }

    #[test]
    fn expressions_stay_whole() {
        let script = "echo ${{ github.event.issue.title || 'a b' }} x";
        assert_eq!(commands(script)[0].words[1].text, "${{ github.event.issue.title || 'a b' }}");
    }

    #[test]
    fn hostile_text_ends() {
        for text in [
            "\\",
            "\\\n",
            "\"",
            "${{",
            "||",
            "a \\\n\\\n\\\n b",
            "((((",
            "é\\é",
            "python -m",
            "python",
            "uv run",
            "\\\n\\\n;",
        ] {
            for command in commands(text) {
                let _ = command.program();
            }
            let _ = words(text, '`');
        }
        assert_eq!(commands(&"\\\n".repeat(50_000)).len(), 0);
        assert_eq!(commands(&"''\\\n".repeat(50_000)).len(), 1);
        assert_eq!(commands(&"${{".repeat(200_000)).len(), 1);
        assert!(commands(&"$(a ".repeat(100_000)).len() <= 200_000);
        let deep = format!("{}{}", "$(a ".repeat(90), ")".repeat(90));
        assert_eq!(commands(&deep.repeat(500)).len(), 1 + 500 * SUBSTITUTION_DEPTH_LIMIT);
    }
}
