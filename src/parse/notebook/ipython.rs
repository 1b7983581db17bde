//! What `IPython` takes that Python does not: magics, commands without their `%`, and other languages.

use crate::document::Fault;
use crate::parse::python;
use crate::source::Span;
use memchr::memchr_iter;

/// Cell magics whose cell is still Python.
const PYTHON_MAGICS: &[&str] =
    &["capture", "memit", "mprun", "prun", "pypy", "python", "python3", "snakeviz", "time", "timeit", "wandb"];

/// Commands that `IPython` takes for magics also without their `%`.
const AUTOMATIC_MAGICS: &[&str] = &[
    "cat", "cd", "conda", "cp", "env", "ls", "mamba", "mkdir", "mv", "pip", "pwd", "rm", "rmdir", "time", "timeit",
    "uv",
];

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
    // What the first line begins with stands within no brackets.
    let lines = cell.trim_start();
    let may_panic = memchr_iter(b'\n', lines.as_bytes()).any(|end| {
        let before = lines.get(..end).unwrap_or_default();
        !before.ends_with('\\') && lines.get(end + 1..).is_some_and(is_rare_escape)
    });
    if may_panic { python::first_error(&without_commands(cell)) } else { None }
}

/// True where a line begins that `IPython` takes otherwise than Python does, by another sign than `%` and `!`.
fn is_rare_escape(rest: &str) -> bool {
    match rest.trim_start_matches([' ', '\t']).as_bytes() {
        [b',' | b';' | b'/' | b'?', ..] => true,
        [first @ (b'!' | b'%'), second, ..] => first == second,
        _ => false,
    }
}

/// The cell with `0` for each command: each takes as much room as before, so that places stay.
fn without_commands(cell: &str) -> String {
    let is_command = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        line.trim_start().starts_with(['%', '!', '?'])
            || line.trim_end().ends_with('?')
            || AUTOMATIC_MAGICS.contains(&word)
    };
    let mut plain = String::with_capacity(cell.len());
    let mut goes_on = false;
    for line in cell.split_inclusive('\n') {
        let words = line.trim();
        if !goes_on && !is_command(line) {
            plain.push_str(line);
            continue;
        }
        let (indent, ending) = line.split_once(words).unwrap_or((line, ""));
        let room = words.len();
        if goes_on {
            plain.extend(std::iter::repeat_n(' ', indent.len() + room));
        } else {
            plain.push_str(indent);
            plain.extend(std::iter::once('0').chain(std::iter::repeat_n(' ', room.saturating_sub(1))));
        }
        plain.push_str(ending);
        goes_on = words.ends_with('\\');
    }
    plain
}
