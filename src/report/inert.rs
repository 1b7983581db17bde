//! Makes text of the scanned repository harmless: no file name, message or line of code may steer a terminal or a build log.

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Characters that a terminal acts on or that change the order in which others are read.
fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text on one line, active characters written as escapes.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let escape = |character: char| match character {
        '\n' | '\r' | '\t' => character.escape_default().to_string(),
        other if is_active(other) => other.escape_unicode().to_string(),
        other => other.to_string(),
    };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Lines of code with every line end as `\n` and active characters, but for tabs, replaced by one that only shows.
pub fn source(text: &str) -> String {
    let replace = |character: char| match character {
        '\n' | '\t' => character,
        '\r' => '\n',
        other if is_active(other) => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    text.replace("\r\n", "\n").chars().map(replace).collect()
}

/// Writes lines; for a log of GitHub Actions with what it would take for a command broken up.
///
/// The runner obeys `::command::` at the start of a line and, in the form of Azure Pipelines that it still understands,
/// `##[command]` anywhere.
pub struct LogWriter<'a> {
    out: &'a mut dyn Write,
    github_actions: bool,
    /// The line that is not finished yet.
    line: Vec<u8>,
}

impl<'a> LogWriter<'a> {
    /// A writer to `out`. Text after the last line end is not written.
    pub fn new(out: &'a mut dyn Write, github_actions: bool) -> Self {
        Self { out, github_actions, line: Vec::new() }
    }
}

impl Write for LogWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                if self.github_actions {
                    self.out.write_all(without_commands(&String::from_utf8_lossy(&line)).as_bytes())?;
                } else {
                    self.out.write_all(&line)?;
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn without_commands(line: &str) -> String {
    let body = line.trim_start();
    let indent = line.get(..line.len() - body.len()).unwrap_or_default();
    let command = if body.starts_with("::") { "\\" } else { "" };
    format!("{indent}{command}{}", body.replace("##[", "##\\[").replace("##vso[", "##vso\\["))
}

/// Writes `value` as indented JSON in which active characters and the runner's commands are escaped. Readers of JSON see no
/// difference, terminals and logs see nothing to act on.
pub fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, InertFormatter(PrettyFormatter::new())))?;
    out.write_all(b"\n")
}

struct InertFormatter(PrettyFormatter<'static>);

impl Formatter for InertFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut inert = String::with_capacity(fragment.len());
        for character in fragment.chars() {
            if is_active(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(inert, "\\u{unit:04x}");
                }
            } else {
                inert.push(character);
            }
        }
        for command in ["##[", "##vso["] {
            if inert.contains(command) {
                inert = inert.replace(command, &command.replacen('#', "\\u0023", 1));
            }
        }
        out.write_all(inert.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}31m\u{202e}c\u{200b}\r\n##[stop-commands]x ##vso[y]\té";

    #[test]
    fn names_and_messages_stay_on_one_line_and_show_what_they_hide() {
        assert_eq!(visible(HOSTILE), "a\\u{1b}[2Jb\\u{9b}31m\\u{202e}c\\u{200b}\\r\\n##[stop-commands]x ##vso[y]\\té");
        assert!(matches!(visible("plain é 𝄞"), Cow::Borrowed(_)));
    }

    #[test]
    fn code_keeps_its_lines() {
        assert_eq!(source("a\r\nb\rc\td\u{1b}[0m"), "a\nb\nc\td\u{fffd}[0m");
    }

    #[test]
    fn a_build_log_finds_no_command() {
        let text = "::add-mask::x\n \t::error::y\na ::b\n##[group]##[x] ##vso[task]\n";
        let written = |github_actions: bool| {
            let mut out = Vec::new();
            let mut log = LogWriter::new(&mut out, github_actions);
            // Commands must be found across separate writes.
            for byte in text.as_bytes() {
                log.write_all(&[*byte]).unwrap();
            }
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(true), "\\::add-mask::x\n \t\\::error::y\na ::b\n##\\[group]##\\[x] ##vso\\[task]\n");
        assert_eq!(written(false), text);
    }

    #[test]
    fn json_hides_nothing_from_readers_and_shows_nothing_to_terminals() {
        let mut written = Vec::new();
        write_json(&mut written, &[HOSTILE, "\u{e0041}"]).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert!(!text.contains("##[") && !text.contains("##vso["), "{text}");
        assert!(!text.contains(|c: char| c != '\n' && is_active(c)), "{text}");
        let read: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, [HOSTILE, "\u{e0041}"]);
    }
}
