//! What `IPython` takes that Python does not: magics, commands without their `%`, and other languages.

use crate::document::Fault;
use crate::parse::python;
use crate::source::Span;

/// Cell magics whose cell is still Python.
const PYTHON_MAGICS: &[&str] =
    &["capture", "memit", "mprun", "prun", "pypy", "python", "python3", "snakeviz", "time", "timeit", "wandb"];

/// Commands that `IPython` takes for magics also without their `%`.
const AUTOMATIC_MAGICS: &[&str] = &[
    "cat", "cd", "conda", "cp", "env", "ls", "mamba", "mkdir", "mv", "pip", "pwd", "rm", "rmdir", "time", "timeit",
    "uv",
];

/// With one of these `IPython` begins a line that is not Python, besides `%` and `!`.
const RARE_ESCAPES: &[&str] = &[",", ";", "/", "?", "!!", "%%"];

/// True for a cell that a `%%` magic hands to another program: `%%bash`, `%%html`, `%%writefile`.
pub(super) fn is_other_language(code: &str) -> bool {
    let Some(magic) = code.trim_start().strip_prefix("%%") else { return false };
    let line = magic.lines().next().unwrap_or_default().trim_end();
    let name = line.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
    // `%%writefile model.py`: the script that a server or training job is given.
    let is_script = matches!(name, "writefile" | "file") && line.rsplit('.').next() == Some("py");
    !is_script && !PYTHON_MAGICS.contains(&name)
}

/// True where a fault at `offset` of `text`, in the cell that begins at `start`, is none in `IPython`: a command without its
/// `%`, and a cell that begins with an indented line.
pub(super) fn is_fine(offset: usize, start: usize, text: &str) -> bool {
    let before = Span::new(start, offset).text(text);
    let line = before.rfind('\n').map_or(start, |end| start + end + 1);
    let command = Span::new(line, text.len()).text(text).split_whitespace().next().unwrap_or_default();
    let is_indented_start = before.trim().is_empty() && Span::new(offset, offset + 1).text(text).trim().is_empty();
    is_indented_start || AUTOMATIC_MAGICS.contains(&command)
}

/// Why a cell cannot be parsed as `IPython`'s. A broken cell with a line that begins with a rare escape makes the parser panic
/// (`ruff_python_parser`, also 0.0.20), so such a cell is tried as plain Python first, its commands left out.
pub(super) fn fault(cell: &str) -> Option<Fault> {
    let begins_with = |line: &str, escapes: &[&str]| escapes.iter().any(|escape| line.trim_start().starts_with(escape));
    if !cell.trim_start().lines().skip(1).any(|line| begins_with(line, RARE_ESCAPES)) {
        return None;
    }
    let is_command = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        begins_with(line, &["%", "!", "?"]) || line.trim_end().ends_with('?') || AUTOMATIC_MAGICS.contains(&word)
    };
    let mut plain = String::with_capacity(cell.len());
    for line in cell.split_inclusive('\n') {
        let command = line.trim();
        let (indent, ending) = line.split_once(command).filter(|_| is_command(line)).unwrap_or((line, ""));
        plain.push_str(indent);
        if is_command(line) {
            // As long as what it stands for, so that places stay.
            plain.push('0');
            plain.extend(std::iter::repeat_n(' ', command.len() - 1));
        }
        plain.push_str(ending);
    }
    python::first_error(&plain)
}
