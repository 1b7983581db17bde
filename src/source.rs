//! The text of one file of the scanned repository, and places within it.

use memchr::memchr2_iter;
use std::sync::Arc;

/// A half-open range of bytes `[start, end)` in the text of one file.
///
/// Lines and columns are computed from it once, when a finding is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `[start, end)`; an `end` before `start` gives an empty range at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty range at `offset`.
    #[must_use]
    pub fn empty(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// This range moved `offset` bytes towards the end of the file: for a part that was parsed on its own.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }

    /// The range cut to the text's length and widened to character boundaries, so that slicing with it cannot fail.
    #[must_use]
    pub fn within(self, text: &str) -> Self {
        let mut start = self.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = self.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self { start, end }
    }

    /// The text that the range covers, cut to what is there.
    #[must_use]
    pub fn text(self, text: &str) -> &str {
        let span = self.within(text);
        text.get(span.start..span.end).unwrap_or_default()
    }
}

/// The text that a file's bytes are: UTF-8, or UTF-16 with a byte order mark, as PowerShell writes what a command prints
/// (`pip freeze > requirements.txt`).
///
/// # Errors
///
/// What the bytes are not, and from where on.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let unit: fn([u8; 2]) -> u16 = match bytes.as_slice() {
        // Four bytes to the character begin like two; nobody writes them.
        [0xff, 0xfe, 0, 0, ..] => return Err("UTF-32 is not read".to_owned()),
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            return String::from_utf8(bytes)
                .map_err(|error| format!("not UTF-8 from byte {}", error.utf8_error().valid_up_to()));
        }
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut read = 0;
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = character.map_err(|_| format!("not UTF-16 from byte {read}"))?;
        read += character.len_utf16() * 2;
        text.push(character);
    }
    if rest.is_empty() { Ok(text) } else { Err(format!("not UTF-16 from byte {read}")) }
}

/// One file of the scanned repository, decoded.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path from the scanned root, with `/`: the only form that is ever printed.
    pub path: Arc<str>,
    /// The whole text, byte order mark included, so that every [`Span`] counts the bytes on disk (of UTF-16 those of the
    /// decoded text: lines and columns are the same).
    pub text: String,
}

impl SourceFile {
    /// A file with this path and text.
    #[must_use]
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The last part of the path.
    #[must_use]
    pub fn name(&self) -> &str {
        file_name(&self.path)
    }
}

/// The last part of a `/`-separated path.
#[must_use]
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What stands before the last `/` of a path; empty for a file at the root.
#[must_use]
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What a file is for, told from its path: `product`, `test`, `example`, `documentation`, `template`, `vendored` or `archived`.
#[must_use]
pub fn context_of(path: &str) -> &'static str {
    let lower = path.to_ascii_lowercase();
    let mut context = "product";
    for part in folder(&lower).split('/') {
        match context_of_folder(part) {
            // Nothing further in makes somebody else's code, what is out of use or a test ours again.
            Some(certain @ ("vendored" | "archived" | "test")) => return certain,
            // Templates of CloudFormation, ARM and Bicep are what is deployed.
            Some("template") if !part.contains("{{") && is_infrastructure(&lower) => {}
            Some(found) if context == "product" => context = found,
            _ => {}
        }
    }
    let name = file_name(&lower);
    let is_test = name.starts_with("test_")
        || name.ends_with("_test.py")
        || name == "conftest.py"
        || name.contains(".test.")
        || name.contains(".spec.");
    let is_example = [".example", ".sample", ".template", ".dist"].iter().any(|mark| name.contains(mark));
    match context {
        _ if is_test => "test",
        "product" if is_example => "example",
        context => context,
    }
}

/// By its name a description of what is deployed, and not of the packages of a project that is made from the template.
fn is_infrastructure(path: &str) -> bool {
    let of_packages =
        ["package.json", "package-lock.json", "environment.yml", "environment.yaml", "conda.yml", "conda.yaml"];
    !of_packages.contains(&file_name(path))
        && [".yaml", ".yml", ".json", ".bicep", ".tf", ".template"].iter().any(|end| path.ends_with(end))
}

/// What a folder of this name (in lower case) holds, when its name tells. `e2e-tests` and `sample_apps` tell by one of their words.
fn context_of_folder(name: &str) -> Option<&'static str> {
    if name.contains("{{") {
        return Some("template");
    }
    if matches!(name.trim(), "third_party" | "third-party" | "vendor" | "vendored" | "node_modules" | "site-packages") {
        return Some("vendored");
    }
    // As a word among others it is as often what connects a product with another.
    if name.trim() == "integration" {
        return Some("test");
    }
    name.trim().split(['-', '_', '.', ' ']).find_map(|word| match word {
        // Not `archive`, which is also what a product does, and not `legacy` and `old`, which are still in use.
        "archived" | "deprecated" | "retired" | "obsolete" | "attic" | "bak" => Some("archived"),
        "test" | "tests" | "testing" | "testdata" | "fixtures" | "e2e" | "unittest" | "unittests" | "mock"
        | "mocks" => Some("test"),
        "template" | "templates" | "boilerplate" => Some("template"),
        "example" | "examples" | "sample" | "samples" | "demo" | "demos" | "tutorial" | "tutorials" | "cookbook"
        | "cookbooks" | "quickstart" | "quickstarts" | "exercise" | "exercises" | "lesson" | "lessons"
        | "playground" | "playgrounds" => Some("example"),
        "doc" | "docs" | "documentation" | "website" | "proposals" => Some("documentation"),
        _ => None,
    })
}

/// The lines of a text: finds the line and column of a byte.
#[derive(Debug)]
pub struct Lines<'a> {
    text: &'a str,
    /// How many lines end before each block of the text: where every line starts would take more room than a file of short lines does.
    ended: Vec<usize>,
    count: usize,
}

/// How many bytes of a text are looked through to find one line among them.
const BLOCK: usize = 256;

impl<'a> Lines<'a> {
    /// Goes through `text` once. A line ends with `\n`, `\r\n` or a lone `\r`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let blocks = text.len() / BLOCK + 1;
        let mut ended = Vec::with_capacity(blocks);
        let mut count = 0;
        for end in line_ends(text, 0, text.len()) {
            ended.resize(ended.len().max(end / BLOCK + 1), count);
            count += 1;
        }
        ended.resize(blocks, count);
        Self { text, ended, count: count + 1 }
    }

    /// Line (from 1) and column (from 1, in UTF-16 code units as SARIF counts them) of a byte.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = Span::empty(offset).within(self.text).start;
        let line = self.number(offset);
        let start = self.start(line).unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.encode_utf16().count() + 1)
    }

    /// The number (from 1) of the line that holds a byte.
    #[must_use]
    pub fn number(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let block = offset / BLOCK;
        let before = self.ended.get(block).copied().unwrap_or(0);
        1 + before + line_ends(self.text, block * BLOCK, offset).count()
    }

    /// The range of a line (from 1), without its line end; `None` past the last line.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<Span> {
        let start = self.start(line)?;
        let end = self.end(line).unwrap_or(self.text.len());
        let body = self.text.get(start..end)?.trim_end_matches(['\n', '\r']);
        Some(Span::new(start, start + body.len()))
    }

    /// Where a line (from 1) starts; `None` past the last line.
    fn start(&self, line: usize) -> Option<usize> {
        if line == 1 { Some(0) } else { self.end(line.checked_sub(1)?) }
    }

    /// The byte behind a line (from 1) and its line end; `None` for the last line.
    fn end(&self, line: usize) -> Option<usize> {
        let block = self.ended.partition_point(|ended| *ended < line).checked_sub(1)?;
        let left = line - self.ended.get(block)?;
        let within = (block * BLOCK, (block * BLOCK + BLOCK).min(self.text.len()));
        line_ends(self.text, within.0, within.1).nth(left.checked_sub(1)?).map(|end| end + 1)
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

/// The lines of a text in order, without their ends, in one walk.
pub fn each_line(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    line_ends(text, 0, text.len()).map(|end| end + 1).chain([text.len()]).map(move |end| {
        let line = Span::new(start, end);
        start = end;
        Span::new(line.start, line.start + line.text(text).trim_end_matches(['\n', '\r']).len())
    })
}

/// The last byte of each end of a line that lies in `[from, to)`.
fn line_ends(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = memchr2_iter(b'\n', b'\r', bytes.get(from..to).unwrap_or_default()).map(move |end| from + end);
    ends.filter(move |end| bytes.get(*end) == Some(&b'\n') || bytes.get(end + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_decoded_by_its_byte_order_mark() {
        let little: Vec<u8> = "\u{feff}torch é𝄞".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}torch é𝄞".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(little.clone()).as_deref(), Ok("\u{feff}torch é𝄞"));
        assert_eq!(decode(big).as_deref(), Ok("\u{feff}torch é𝄞"));
        assert_eq!(decode(b"\xef\xbb\xbfa".to_vec()).as_deref(), Ok("\u{feff}a"));
        let cut = little.get(..little.len() - 1).unwrap_or_default().to_vec();
        assert!(decode(cut).is_err());
        assert_eq!(decode(vec![0xff, 0xfe, 0x00, 0xd8]), Err("not UTF-16 from byte 2".to_owned()));
        assert!(decode(vec![0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]).is_err());
        assert_eq!(decode(b"a\xff".to_vec()), Err("not UTF-8 from byte 1".to_owned()));
    }

    #[test]
    fn positions_count_utf16_units_and_every_line_end() {
        let text = "a\r\nb𝄞c\rd\n";
        let lines = Lines::new(text);
        assert_eq!(lines.position(text.find('c').unwrap_or(0)), (2, 4));
        assert_eq!(lines.position(text.find('d').unwrap_or(0)), (3, 1));
        assert_eq!(lines.count(), 4);
        assert_eq!(lines.line(2).map(|span| span.text(text)), Some("b𝄞c"));
    }

    #[test]
    fn lines_are_found_in_every_block_of_a_text() {
        for (line, ending) in [("", "\n"), ("", "\r\n"), ("x", "\r"), ("é", "\r\n"), ("a line of some length", "\n")] {
            let number = 2 * BLOCK;
            let whole = format!("{line}{ending}");
            let text = whole.repeat(number);
            let lines = Lines::new(&text);
            assert_eq!(lines.count(), number + 1);
            assert!(each_line(&text).eq((1..=number + 1).filter_map(|index| lines.line(index))));
            for index in 0..number {
                let start = index * whole.len();
                assert_eq!(lines.line(index + 1), Some(Span::new(start, start + line.len())), "{index} of {whole:?}");
                for offset in start..start + whole.len() {
                    assert_eq!(lines.number(offset), index + 1, "{offset} of {whole:?}");
                }
            }
            assert_eq!((lines.number(text.len()), lines.number(usize::MAX)), (number + 1, number + 1));
            assert_eq!(lines.line(number + 1), Some(Span::empty(text.len())));
            assert_eq!((lines.line(0), lines.line(number + 2)), (None, None));
        }
        assert_eq!((Lines::new("").count(), Lines::new("").line(1)), (1, Some(Span::empty(0))));
    }

    #[test]
    fn folders_and_names_tell_what_a_file_is_for() {
        for (path, context) in [
            ("src/train.py", "product"),
            ("src/latest.py", "product"),
            ("docs/guide.md", "documentation"),
            ("docs/examples/a.py", "documentation"),
            ("examples/tests/a.py", "test"),
            ("gemini/sample-apps/x/requirements.txt", "example"),
            ("e2e-tests/a.yml", "test"),
            ("src/model_test.py", "test"),
            ("third_party/tests/a.py", "vendored"),
            (" archived/falcon/tests/a.py", "archived"),
            ("retired_benchmarks/a.py", "archived"),
            ("backend/archive/a.py", "product"),
            ("sdk/integration/Dockerfile", "test"),
            ("src/integration_slack/a.py", "product"),
            ("compose.example.yml", "example"),
            ("{{ project }}/train.py", "template"),
            ("templates/chat/train.py", "template"),
            ("s3_templates/iam/roles.yaml", "product"),
            ("templates/chat/package.json", "template"),
            ("{{ project }}/templates/roles.yaml", "template"),
            ("tests", "product"),
        ] {
            assert_eq!(context_of(path), context, "{path}");
        }
    }

    #[test]
    fn a_range_past_the_end_or_inside_a_character_still_slices() {
        let text = "é";
        assert_eq!(Span::new(1, 99).text(text), "é");
        assert_eq!(Span::new(50, 60).text(text), "");
    }
}
