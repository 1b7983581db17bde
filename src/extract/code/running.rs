//! Which calls run text: as code, as a command of a shell, or handed to an interpreter as in `["bash", "-c", command]`.

use crate::document::code::{Call, Known};

/// Functions that take text and run it.
const TAKES_TEXT: &[&str] = &[
    "eval",
    "exec",
    "os.system",
    "os.popen",
    "pty.spawn",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "asyncio.create_subprocess_shell",
    "#eval",
    "child_process#exec",
    "child_process#execSync",
    "node:child_process#exec",
    "node:child_process#execSync",
];

/// Functions that take a program and its arguments, which can be a shell and the text for it.
const TAKES_PROGRAM: &[&str] =
    &["subprocess.", "asyncio.create_subprocess_exec", "child_process#", "node:child_process#"];

/// Programs that run text which they are given as an argument.
const INTERPRETERS: &[&str] = &[
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "cmd",
    "cmd.exe",
    "powershell",
    "powershell.exe",
    "pwsh",
    "python",
    "python3",
    "node",
];

/// Options behind which the text stands.
const TEXT_OPTIONS: &[&str] = &["-c", "-lc", "-ic", "-e", "/c", "/C", "-Command", "-command"];

/// The call runs text that shows only when it runs.
pub(super) fn runs_text(call: &Call) -> bool {
    let Some(first) = call.positional.first() else { return false };
    let takes_text = TAKES_TEXT.contains(&call.function.as_str());
    let takes_program = TAKES_PROGRAM.iter().any(|beginning| call.function.starts_with(beginning));
    let in_shell = call.named("shell").is_some_and(|shell| matches!(shell.value, Known::Bool(true) | Known::Text(_)));
    if takes_text || (takes_program && in_shell) {
        return is_open(&first.value);
    }
    takes_program && hands_text_to_interpreter(call)
}

/// `["bash", "-c", command]` in one list, program and list, or one by one.
fn hands_text_to_interpreter(call: &Call) -> bool {
    let mut words = call.positional.iter().flat_map(|argument| match &argument.value {
        Known::List(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    });
    let is_interpreter = words.next().is_some_and(|program| match program {
        Known::Text(path) => INTERPRETERS.contains(&path.rsplit('/').next().unwrap_or(path)),
        // The interpreter that runs the file itself.
        Known::Name(name) => name == "sys.executable",
        _ => false,
    });
    // What stands behind the name of a script is for the script.
    let mut options = words.by_ref().map_while(Known::text).take_while(|word| word.starts_with(['-', '/']));
    let has_text = is_interpreter && options.any(|option| TEXT_OPTIONS.contains(&option));
    has_text && words.next().is_some_and(is_open)
}

/// Only running tells what it is.
fn is_open(value: &Known) -> bool {
    match value {
        Known::Other | Known::Path => true,
        Known::Name(name) => name.starts_with('.'),
        _ => false,
    }
}
