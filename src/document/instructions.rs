//! What is read from a Dockerfile: its instructions in order.

use super::Faults;
use crate::shell;
use crate::source::Span;

/// One Dockerfile.
#[derive(Debug, Default)]
pub struct Instructions {
    /// Instructions in order.
    pub all: Vec<Instruction>,
    /// What could not be read.
    pub faults: Faults,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its keyword in upper case: `FROM`, `RUN`, `ENV`.
    pub keyword: String,
    /// Flags (`--platform=...`) with their values; the value of a flag without one is empty.
    pub flags: Vec<(String, String)>,
    /// Its arguments, continuation lines joined as Docker joins them and comments removed; here-documents included.
    pub text: String,
    /// Where the arguments stand.
    pub text_span: Span,
    /// The whole instruction.
    pub span: Span,
    /// The character that continues lines and escapes: `\`, or what the `escape` directive says.
    pub escape: char,
    /// Where each piece of `text` was taken from.
    pub pieces: Vec<Piece>,
}

/// A part of an instruction's text that stands in the file in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte in the instruction's text.
    pub in_text: usize,
    /// Its first byte in the file.
    pub in_file: usize,
    /// How long it is.
    pub length: usize,
}

/// One word of an instruction, as a shell would split it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word without its quotes.
    pub text: String,
    /// Where it stands in the file, quotes included.
    pub span: Span,
}

/// `name=value` of `ENV` and `ARG`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value without its quotes; `None` for `ARG name`.
    pub value: Option<String>,
    /// Where the pair stands in the file.
    pub span: Span,
}

impl Instruction {
    /// Where the bytes from `start` to `end` of the text stand in the file.
    #[must_use]
    pub fn place(&self, start: usize, end: usize) -> Span {
        let last = end.saturating_sub(1).max(start);
        let from = self.file_offset(start);
        Span::new(from, if end > start { self.file_offset(last) + 1 } else { from })
    }

    fn file_offset(&self, in_text: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.in_text <= in_text);
        match after.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some(piece) => piece.in_file + (in_text - piece.in_text).min(piece.length),
            None => self.text_span.start,
        }
    }

    /// The value of a flag.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(flag, _)| flag == name).map(|(_, value)| value.as_str())
    }

    /// The words of the text: split at blanks, quotes and escapes resolved, items of the JSON form (`["a", "b"]`) one by one.
    #[must_use]
    pub fn words(&self) -> Vec<Word> {
        if let Some(words) = self.json_form() {
            words
        } else {
            let words = shell::words(&self.text, self.escape).into_iter();
            words.map(|word| Word { text: word.text, span: self.place(word.start, word.end) }).collect()
        }
    }

    /// The items of the JSON form of `CMD`, `ENTRYPOINT`, `RUN` and `SHELL`; `None` for the shell form.
    #[must_use]
    pub fn json_form(&self) -> Option<Vec<Word>> {
        if !self.text.starts_with('[') {
            return None;
        }
        let items: Vec<String> = serde_json::from_str(&self.text).ok()?;
        let mut from = 1;
        let places = items.into_iter().map(|text| {
            // Each item stands between the next two quotes that no backslash escapes.
            let start = self.text.get(from..).and_then(|rest| rest.find('"')).map_or(from, |at| from + at);
            let end = end_of_json_text(&self.text, start);
            from = end;
            Word { text, span: self.place(start, end) }
        });
        Some(places.collect())
    }

    /// The pairs of `ENV` and `ARG`, the old form `ENV name value with blanks` included.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair> {
        let words = self.words();
        let Some(first) = words.first() else { return Vec::new() };
        if self.keyword == "ENV" && !first.text.contains('=') {
            let name_length = self.text.find(char::is_whitespace).unwrap_or(self.text.len());
            let value = self.text.get(name_length..).unwrap_or_default().trim();
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
            let span = self.place(0, self.text.len());
            return vec![Pair { name: first.text.clone(), value: Some(value.to_owned()), span }];
        }
        let pairs = words.into_iter().map(|word| match word.text.split_once('=') {
            Some((name, value)) => Pair { name: name.to_owned(), value: Some(value.to_owned()), span: word.span },
            None => Pair { name: word.text, value: None, span: word.span },
        });
        pairs.collect()
    }
}

/// One past the quote that closes the JSON text opening at `start`.
fn end_of_json_text(text: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}
