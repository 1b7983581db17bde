//! Reads Jupyter notebooks: the code of their cells, with every place mapped back to the bytes of the `.ipynb` file.
//!
//! Outputs can be many megabytes of images: they are skipped as raw JSON and never decoded.

mod ipython;
mod reader;
mod written;

use super::extent::{self, TOKEN_LIMIT};
use super::python;
use crate::document::cells::{Piece, Pieces, WrittenFile};
use crate::document::code::Code;
use crate::document::{Fault, Faults};
use crate::source::{Lines, Span};
use reader::{CELL_LIMIT, Cell, Notebook};
use serde_json::value::RawValue;
use std::ops::Range;

/// Reads the cells of one notebook: their Python, and the files that they write. A notebook of another language holds no Python.
#[must_use]
pub fn parse(text: &str) -> Code {
    let (notebook, outcome) = Notebook::read(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut cells = Cells { file: text, ..Cells::default() };
    let fitting = fitting(&notebook.cells);
    for cell in notebook.cells.iter().take(fitting) {
        cells.add(cell);
    }
    if !notebook.is_python() {
        return Code { written: cells.written, ..Code::default() };
    }
    if notebook.cells.len() > fitting {
        cells.leave_out(&format!("more than {TOKEN_LIMIT} words and signs of code"));
    } else if notebook.surplus {
        cells.leave_out(&format!("more than {CELL_LIMIT} cells"));
    }
    let mut code = python::parse_cells(&cells.text, &cells.ranges);
    code.faults.retain(|fault| !ipython::is_fine(fault.at.start, cells.start_of_cell(fault.at.start), &cells.text));
    let places = cells.pieces.places(text);
    code.relocate(|span| places.place(span), |span| cells.number(span));
    code.written = cells.written;
    code.faults.extend(cells.faults);
    if let Err(error) = outcome {
        let at = position(text, error.line(), error.column());
        code.faults.push(Fault::new(at, format!("not a valid notebook: {error}")));
    }
    code
}

/// How many cells, from the first on, hold so much code together as is read of a language.
fn fitting(cells: &[Cell<'_>]) -> usize {
    let sources = || cells.iter().map(|cell| cell.code().map_or("", RawValue::get));
    if sources().map(str::len).sum::<usize>() <= TOKEN_LIMIT {
        return cells.len();
    }
    let mut left = TOKEN_LIMIT;
    let fits = |source| {
        let counted = extent::tokens(source).take(left + 1).count();
        left.checked_sub(counted).map(|rest| left = rest)
    };
    sources().map_while(fits).count()
}

/// The byte at a line and column (both from 1, the column in bytes) as `serde_json` gives them.
fn position(text: &str, line: usize, column: usize) -> Span {
    let start = Lines::new(text).line(line).map_or(text.len(), |line| line.start);
    Span::empty(start + column.saturating_sub(1)).within(text)
}

/// The code of all cells, decoded and put one after the other.
#[derive(Debug, Default)]
struct Cells<'a> {
    file: &'a str,
    /// The code; each cell is followed by `\n`.
    text: String,
    /// Where the cells of code stand in `text`.
    ranges: Vec<Range<usize>>,
    /// The number of each of them, all cells counted from 1.
    numbers: Vec<usize>,
    /// Where each part of `text` comes from.
    pieces: Pieces,
    /// The files that cells of code write.
    written: Vec<WrittenFile>,
    /// How many cells were met.
    count: usize,
    /// Where the source of the last of them ended.
    read_to: usize,
    /// Cells that could not be read.
    faults: Faults,
}

impl<'a> Cells<'a> {
    fn add(&mut self, cell: &Cell<'a>) {
        self.count += 1;
        if !cell.is_object {
            let at = Span::empty(self.read_to).within(self.file);
            self.faults.push(Fault::new(at, format!("cell {} is not one that notebooks have", self.count)));
            return;
        }
        if let Some(source) = cell.source {
            self.read_to = self.offset(source.get()) + source.get().len();
        }
        let Some(source) = cell.code() else { return };
        let start = self.text.len();
        let before = self.pieces.count();
        self.decode_strings(source.get());
        let code = self.text.get(start..).unwrap_or_default();
        if code.trim().is_empty() || ipython::is_other_language(code) {
            let end = self.text.len();
            let written = written::file(code).map(|(path, text)| (path.to_owned(), text.to_owned()));
            let pieces = self.take_out(start, before);
            if let Some((path, text)) = written {
                self.written.push(WrittenFile { start: end - text.len(), path, text, cell: self.count, pieces });
            }
            return;
        }
        if let Some(fault) = ipython::fault(code) {
            let at = self.pieces.places(self.file).place(fault.at.shifted(start));
            self.faults.push(Fault { at, ..fault });
            self.take_out(start, before);
            return;
        }
        self.ranges.push(start..self.text.len());
        self.numbers.push(self.count);
        self.text.push('\n');
    }

    /// Takes the text from `start` on out again, and gives its pieces, of which there were `before` up to there.
    fn take_out(&mut self, start: usize, before: usize) -> Pieces {
        self.text.truncate(start);
        self.pieces.take_from(before)
    }

    /// Says that the cells after those that were added are not read.
    fn leave_out(&mut self, reason: &str) {
        let rest = Span::new(self.read_to, self.file.len()).within(self.file);
        self.faults.push(Fault::new(rest, format!("{reason}; the cells after number {} are not assessed", self.count)));
    }

    /// Decodes every string literal of a JSON value that is known to be valid: one string, or a list of them.
    fn decode_strings(&mut self, json: &str) {
        let base = self.offset(json);
        let mut rest = json;
        while let Some(quote) = memchr::memchr(b'"', rest.as_bytes()) {
            let after = rest.get(quote + 1..).unwrap_or_default();
            rest = self.decode_string(after, base + (json.len() - after.len()));
        }
    }

    /// Where a slice of the file begins in it: its place in memory tells.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.file.as_ptr() as usize)
    }

    /// Decodes up to the closing quote and gives what follows it. `at` is where `json` stands in the file.
    fn decode_string<'j>(&mut self, json: &'j str, at: usize) -> &'j str {
        let mut rest = json;
        loop {
            let Some(stop) = memchr::memchr2(b'"', b'\\', rest.as_bytes()) else { return "" };
            let (plain, after) = rest.split_at(stop);
            let file = at + (json.len() - rest.len());
            self.append(plain, file, None);
            if let Some(after) = after.strip_prefix('"') {
                return after;
            }
            let (character, length) = unescape(after);
            self.append(character.encode_utf8(&mut [0; 4]), file + stop, Some(length));
            rest = after.split_at_checked(length).map_or("", |(_, rest)| rest);
        }
    }

    fn append(&mut self, part: &str, file: usize, escape: Option<usize>) {
        if !part.is_empty() {
            self.pieces.push(Piece { decoded: self.text.len(), file, escape });
            self.text.push_str(part);
        }
    }

    /// The number of the cell that a part of the decoded text begins in.
    fn number(&self, span: Span) -> Option<usize> {
        self.numbers.get(self.cell(span.start)?).copied()
    }

    /// Where the cell of code that a byte of the decoded text is in begins.
    fn start_of_cell(&self, offset: usize) -> usize {
        self.cell(offset).and_then(|cell| self.ranges.get(cell)).map_or(0, |range| range.start)
    }

    /// The place in `ranges` of the cell that a byte of the decoded text is in.
    fn cell(&self, offset: usize) -> Option<usize> {
        self.ranges.partition_point(|range| range.start <= offset).checked_sub(1)
    }
}

/// The character that an escape at the start of `json` stands for, and how many bytes it takes. Half a surrogate pair
/// becomes the replacement character.
fn unescape(json: &str) -> (char, usize) {
    let plain = |character| (character, 2);
    match json.as_bytes().get(1) {
        Some(b'n') => plain('\n'),
        Some(b't') => plain('\t'),
        Some(b'r') => plain('\r'),
        Some(b'b') => plain('\u{8}'),
        Some(b'f') => plain('\u{c}'),
        Some(b'u') => {
            let unit = |from: usize| {
                let digits = json.get(from..from + 6)?.strip_prefix("\\u")?;
                u16::from_str_radix(digits, 16).ok()
            };
            let Some(first) = unit(0) else { return (char::REPLACEMENT_CHARACTER, json.len().min(2)) };
            if let Some(second) = unit(6)
                && let Some(Ok(character)) = char::decode_utf16([first, second]).next()
                && character.len_utf16() == 2
            {
                return (character, 12);
            }
            (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
        }
        // `\"`, `\\` and `\/` stand for themselves.
        Some(other) if other.is_ascii() => plain(char::from(*other)),
        _ => (char::REPLACEMENT_CHARACTER, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(sources: &[&str]) -> String {
        let cells: Vec<_> = sources
            .iter()
            .map(|source| {
                let lines: Vec<&str> = source.split_inclusive('\n').collect();
                serde_json::json!({"cell_type": "code", "metadata": {}, "outputs": [{"data": {"image/png": "AAAA"}}], "source": lines})
            })
            .collect();
        serde_json::to_string_pretty(&serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4})).unwrap()
    }

    fn functions(code: &Code) -> Vec<&str> {
        code.calls.iter().map(|call| call.function.as_str()).collect()
    }

    #[test]
    fn every_place_is_one_of_the_notebook_file() {
        let text = notebook(&[
            "# \"é\"\\𝄞\nimport torch as t\n",
            "x = \"\"\"a\tb\n\"\"\"\n%matplotlib inline\n!ls\nt.load('ü',\n  map_location=None)",
        ]);
        let text = format!("\u{feff}{}", text.replace('é', "\\u00e9").replace('𝄞', "\\ud834\\udd1e"));
        let code = parse(&text);
        assert_eq!(code.faults, []);
        let call = &code.calls[0];
        assert_eq!(call.function, "torch.load");
        assert_eq!(call.name_at.text(&text), "t.load");
        assert_eq!(call.cell, Some(2));
        assert!(call.at.text(&text).starts_with("t.load('ü',\\n"), "{}", call.at.text(&text));
        assert!(call.at.text(&text).ends_with("map_location=None)"));
        assert_eq!(call.positional[0].at.text(&text), "'ü'");
        assert_eq!(code.imports[0].at.text(&text), "torch");
    }

    #[test]
    fn cells_of_text_are_counted_and_source_may_be_one_string() {
        let text = r##"{"cells": [{"cell_type": "markdown", "source": "# hello"}, {"cell_type": "code", "source": "import a\na.b(\"x\")"}], "nbformat": 4}"##;
        let code = parse(text);
        assert_eq!(code.calls[0].cell, Some(2));
        assert_eq!(code.calls[0].at.text(text), r#"a.b(\"x\")"#);
    }

    #[test]
    fn other_languages_are_left_out() {
        let text = notebook(&[
            "%%bash\nfor f in *; do echo $f; done",
            "%%time\nrun(1)",
            "  \n%%writefile x.txt\nrun(2",
            "%%writefile x.py\nwritten()",
        ]);
        let code = parse(&text);
        assert_eq!(code.faults, []);
        assert_eq!(functions(&code), ["run", "written"]);
        assert_eq!(parse(&notebook(&["pip install torch", "import a\nls /tmp\na.b()"])).faults, []);
        assert_eq!(parse(&notebook(&["\n  import a\n  a.b()\n"])).faults, []);
        let beside_rare_escapes =
            "!ls \\\n   -v a \\\n   /bin/bash\npip install torch\nrun(1\n , 2)\nif x:\n    %time y\n\nrun?";
        assert_eq!(parse(&notebook(&[beside_rare_escapes])).faults, []);
        let julia = r#"{"metadata": {"kernelspec": {"language": "julia", "name": "julia-1.9"}}, "cells": [{"cell_type": "code", "source": "f(1)"}]}"#;
        assert!(parse(julia).calls.is_empty());
    }

    #[test]
    fn a_broken_cell_leaves_the_others() {
        let text = notebook(&["import torch\n", "def (:\n", "torch.load(f)"]);
        let code = parse(&text);
        assert_eq!(functions(&code), ["torch.load"]);
        assert_eq!(code.faults.len(), 1);
        assert!(
            code.faults[0].at.start > text.find("def (").unwrap()
                && code.faults[0].at.end < text.find("torch.load").unwrap()
        );
    }

    /// These made the parser panic.
    #[test]
    fn a_broken_cell_with_a_rare_escape_leaves_the_others() {
        for escape in [", b", "? c)", "/ c", "; d", "!! e", "%% f", "?? g"] {
            let text = notebook(&["é = 1", &format!("import a{{b\n{escape}"), "torch.load(f)"]);
            let code = parse(&text);
            assert_eq!(functions(&code), ["*.load"], "{escape}");
            assert!(code.faults[0].at.start > text.find("import").unwrap(), "{escape} {:?}", code.faults);
        }
    }

    #[test]
    fn a_truncated_file_keeps_the_cells_before_the_end() {
        let whole = notebook(&["first()", "second()"]);
        let (text, _) = whole.split_once("second").unwrap();
        let code = parse(text);
        assert_eq!(functions(&code), ["first"]);
        assert_eq!(code.faults.len(), 1);
    }

    #[test]
    fn wrong_types_are_faults_or_nothing() {
        for text in
            ["", "[]", "null", "{\"cells\": 3}", "{\"cells\": [3, null, {\"cell_type\": \"code\", \"source\": 7}]}"]
        {
            assert!(parse(text).calls.is_empty(), "{text}");
        }
        assert_eq!(parse("{\"cells\": [3, null]}").faults.len(), 2);
        assert_eq!(parse("{\"cells\": {}}").faults.len(), 1);
        // Half a surrogate pair, and a key given twice.
        let text = r#"{"cells": [{"cell_type": "code", "source": "f('\ud834x')"}], "metadata": {}, "metadata": {}}"#;
        assert_eq!(parse(text).calls[0].positional[0].at.text(text), r"'\ud834x'");
    }

    #[test]
    fn format_three_and_magics_that_set_keys() {
        let text = r#"{"worksheets": [{"cells": [{"cell_type": "code", "input": ["%env OPENAI_API_KEY=made-up\n", "f()"]}]}], "nbformat": 3}"#;
        let code = parse(text);
        assert_eq!(functions(&code), ["f"]);
        assert_eq!(code.assignments[0].target, "os.environ[OPENAI_API_KEY]");
    }
}
