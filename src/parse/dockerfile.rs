//! Reads Dockerfiles; by hand, because every crate refuses real ones.

use crate::document::Fault;
use crate::document::instructions::{Instruction, Instructions, Piece};
use crate::source::Span;

/// Everything that may start an instruction.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Lines that belong to a template language (Jinja, Go, ERB) and not to Docker.
const TEMPLATE_LINES: &[&str] = &["{%", "{#", "{{", "<%"];

/// Reads one Dockerfile. Lines of a template language are passed over; what they would fill in stays in the text as written.
#[must_use]
pub fn parse(text: &str) -> Instructions {
    let lines = lines(text);
    let mut reader = Reader {
        escape: escape_directive(&lines),
        lines,
        next: 0,
        read: Instructions::default(),
        here_documents: true,
        unknown_keyword_told: false,
    };
    while let Some(line) = reader.take() {
        reader.instruction(line);
    }
    reader.read
}

/// One line without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    body: &'a str,
}

impl Line<'_> {
    fn span(self) -> Span {
        let trimmed = self.body.trim_start();
        let start = self.start + (self.body.len() - trimmed.len());
        Span::new(start, start + trimmed.trim_end().len())
    }

    fn is_skipped(self) -> bool {
        let trimmed = self.body.trim_start();
        trimmed.is_empty() || trimmed.starts_with('#')
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let after_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - after_mark.len();
    let line = |whole: &str| {
        let body = whole.strip_suffix('\n').unwrap_or(whole);
        (whole.len(), body.strip_suffix('\r').unwrap_or(body).len())
    };
    let mut all = Vec::new();
    for whole in after_mark.split_inclusive('\n') {
        let (length, body_length) = line(whole);
        all.push(Line { start, body: whole.get(..body_length).unwrap_or(whole) });
        start += length;
    }
    all
}

/// The `# escape=` directive; directives stand before everything else, one on each line.
fn escape_directive(lines: &[Line<'_>]) -> char {
    for line in lines {
        let directive = line.body.trim().strip_prefix('#').and_then(|comment| comment.split_once('='));
        let Some((name, value)) = directive else { break };
        let name = name.trim();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        if name.eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    next: usize,
    escape: char,
    read: Instructions,
    /// False after one that nothing closes: looking through the rest of the file for each such would take forever.
    here_documents: bool,
    unknown_keyword_told: bool,
}

/// Text taken from several lines, with the place of each part.
#[derive(Default)]
struct Joined {
    text: String,
    pieces: Vec<Piece>,
    end: usize,
}

impl Joined {
    fn push(&mut self, body: &str, in_file: usize) {
        self.pieces.push(Piece { in_text: self.text.len(), in_file, length: body.len() });
        self.text.push_str(body);
        let kept = body.trim_end().len();
        if kept > 0 {
            self.end = in_file + kept;
        }
    }
}

impl<'a> Reader<'a> {
    fn take(&mut self) -> Option<Line<'a>> {
        let line = *self.lines.get(self.next)?;
        self.next += 1;
        Some(line)
    }

    fn instruction(&mut self, first: Line<'a>) {
        let opening = first.body.trim_start();
        if first.is_skipped() || TEMPLATE_LINES.iter().any(|mark| opening.starts_with(mark)) {
            return;
        }
        let keyword_length = opening.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(opening.len());
        let keyword = opening.get(..keyword_length).unwrap_or_default().to_ascii_uppercase();
        let ends_well = opening
            .get(keyword_length..)
            .and_then(|rest| rest.chars().next())
            .is_none_or(|next| next.is_whitespace() || next == self.escape);
        let start = first.span().start;
        let joined =
            self.join(Line { start: start + keyword_length, body: opening.get(keyword_length..).unwrap_or("") });
        if !ends_well || !KEYWORDS.contains(&keyword.as_str()) {
            // One is enough: a file that is not a Dockerfile at all would give one for every line.
            if !self.unknown_keyword_told {
                self.unknown_keyword_told = true;
                self.read.faults.push(Fault::new(first.span(), "not a Dockerfile instruction"));
            }
            return;
        }
        let end = joined.end.max(start + keyword_length);
        let mut instruction = arguments(keyword, &joined, Span::new(start, end), self.escape);
        self.append_here_documents(&mut instruction);
        self.read.all.push(instruction);
    }

    /// The line and those that continue it. Comments and empty lines between them are left out, as Docker does.
    fn join(&mut self, first: Line<'a>) -> Joined {
        let mut joined = Joined::default();
        let mut line = first;
        loop {
            let (body, continued) = self.without_continuation(line.body);
            joined.push(body, line.start);
            if !continued {
                return joined;
            }
            line = loop {
                let Some(next) = self.take() else { return joined };
                let opening = next.body.trim_start();
                if !next.is_skipped() && !opening.starts_with("{%") && !opening.starts_with("{#") {
                    break next;
                }
            };
        }
    }

    fn without_continuation<'b>(&self, body: &'b str) -> (&'b str, bool) {
        match body.trim_end_matches([' ', '\t']).strip_suffix(self.escape) {
            // Two of them are an escaped character at the end of the line.
            Some(before) if !before.ends_with(self.escape) => (before, true),
            _ => (body, false),
        }
    }

    fn append_here_documents(&mut self, instruction: &mut Instruction) {
        let inner = instruction.text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let keyword = if instruction.keyword == "ONBUILD" { inner.as_str() } else { instruction.keyword.as_str() };
        if !matches!(keyword, "RUN" | "COPY" | "ADD") || instruction.text.starts_with('[') {
            return;
        }
        for (name, tabs_stripped) in here_document_names(&instruction.text) {
            if !self.here_documents {
                return;
            }
            let ahead = self.lines.get(self.next..).unwrap_or_default();
            let closing = ahead.iter().position(|line| {
                let body = if tabs_stripped { line.body.trim_start_matches('\t') } else { line.body };
                body == name
            });
            let Some(count) = closing else {
                self.here_documents = false;
                let reason = format!("the here-document `{name}` is not closed");
                self.read.faults.push(Fault::new(instruction.span, reason));
                return;
            };
            for line in ahead.iter().take(count + 1) {
                instruction.text.push('\n');
                let piece = Piece { in_text: instruction.text.len(), in_file: line.start, length: line.body.len() };
                instruction.pieces.push(piece);
                instruction.text.push_str(line.body);
                instruction.span.end = line.start + line.body.len();
                instruction.text_span.end = instruction.span.end;
            }
            self.next += count + 1;
        }
    }
}

/// Splits flags from the text and makes the instruction.
fn arguments(keyword: String, joined: &Joined, span: Span, escape: char) -> Instruction {
    let whole = joined.text.trim_end();
    let mut rest = whole.trim_start();
    let mut flags = Vec::new();
    while let Some(flag) = rest.strip_prefix("--") {
        let end = flag.find(char::is_whitespace).unwrap_or(flag.len());
        let (name, value) = flag.get(..end).map_or(("", ""), |flag| flag.split_once('=').unwrap_or((flag, "")));
        flags.push((name.to_owned(), value.trim_matches(['"', '\'']).to_owned()));
        rest = flag.get(end..).unwrap_or_default().trim_start();
    }
    let skipped = whole.len() - rest.len();
    let shift = |piece: &Piece| {
        let end = piece.in_text + piece.length;
        let cut = skipped.saturating_sub(piece.in_text);
        (end > skipped).then(|| Piece {
            in_text: (piece.in_text + cut) - skipped,
            in_file: piece.in_file + cut,
            length: piece.length - cut,
        })
    };
    let pieces: Vec<Piece> = joined.pieces.iter().filter_map(shift).collect();
    let start = pieces.first().map_or(span.end, |piece| piece.in_file.min(span.end));
    let text_span = Span::new(start, span.end);
    Instruction { keyword, flags, text: rest.to_owned(), text_span, span, escape, pieces }
}

/// Names of the here-documents that a text opens, and whether leading tabs are stripped from their lines.
fn here_document_names(text: &str) -> Vec<(String, bool)> {
    let mut names = Vec::new();
    if !text.contains("<<") {
        return names;
    }
    for word in unquoted_words(text) {
        let word = word.trim_start_matches(|character: char| character.is_ascii_digit());
        let Some(rest) = word.strip_prefix("<<") else { continue };
        let (rest, tabs_stripped) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
        let name: String = rest.chars().filter(|character| !matches!(character, '"' | '\'')).collect();
        if !name.is_empty() && !rest.contains('<') {
            names.push((name, tabs_stripped));
        }
    }
    names
}

/// The words of a shell command, quotes kept; blanks inside quotes do not split.
fn unquoted_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut quote: Option<char> = None;
    let mut start: Option<usize> = None;
    for (at, character) in text.char_indices() {
        if quote.is_none() && character.is_whitespace() {
            words.extend(start.take().and_then(|start| text.get(start..at)));
            continue;
        }
        start.get_or_insert(at);
        match quote {
            Some(open) if open == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            _ => {}
        }
    }
    words.extend(start.and_then(|start| text.get(start..)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Instruction {
        let read = parse(text);
        assert_eq!(read.faults, []);
        assert_eq!(read.all.len(), 1, "{:?}", read.all);
        read.all[0].clone()
    }

    #[test]
    fn continuations_comments_and_blank_lines_join_as_docker_joins_them() {
        let text = "RUN pip install \\\n  # why\n\n    torch==2.6 \\  \n    && echo é\nUSER me\n";
        let read = parse(text);
        assert_eq!(read.all[0].text, "pip install     torch==2.6     && echo é");
        assert_eq!(read.all[1].text, "me");
        let at = read.all[0].text.find("torch").unwrap();
        assert_eq!(read.all[0].place(at, at + 10).text(text), "torch==2.6");
        assert_eq!(read.all[0].span.text(text).lines().last(), Some("    && echo é"));
    }

    #[test]
    fn lower_case_byte_order_mark_and_windows_line_ends() {
        let text =
            "\u{feff}# syntax=docker/dockerfile:1\r\nfrom --platform=linux/amd64 python:3.11 as base\r\nenv A=1\r\n";
        let read = parse(text);
        assert_eq!(read.faults, []);
        assert_eq!(read.all[0].keyword, "FROM");
        assert_eq!(read.all[0].flag("platform"), Some("linux/amd64"));
        assert_eq!(read.all[0].text_span.text(text), "python:3.11 as base");
        assert_eq!(read.all[1].span.text(text), "env A=1");
    }

    #[test]
    fn the_escape_directive_changes_continuation() {
        let read = parse("# escape=`\nFROM windows\nRUN dir c:\\ `\n  && echo\n");
        assert_eq!(read.all.len(), 2);
        assert_eq!(read.all[1].text, "dir c:\\   && echo");
        // After a comment that is no directive it is a comment itself.
        assert_eq!(parse("# hello\n# escape=`\nRUN a `\nRUN b\n").all.len(), 2);
    }

    #[test]
    fn here_documents_belong_to_their_instruction() {
        let text = "RUN <<EOF\npip install torch\nUSER is not an instruction here\nEOF\nCOPY <<-'A' <<B /x/\n\tone\n\tA\ntwo\nB\nUSER me\n";
        let read = parse(text);
        assert_eq!(read.faults, []);
        assert_eq!(read.all.len(), 3);
        assert!(read.all[0].text.contains("pip install torch"));
        let at = read.all[0].text.find("torch").unwrap();
        assert_eq!(read.all[0].place(at, at + 5).text(text), "torch");
        assert!(read.all[1].span.text(text).ends_with("two\nB"));
        assert_eq!(read.all[2].text, "me");
    }

    #[test]
    fn what_only_looks_like_a_here_document_is_none() {
        assert_eq!(parse("RUN cat <<< word\nRUN echo $((1<<3)) '<<EOF'\nUSER x\n").all.len(), 3);
    }

    #[test]
    fn an_unclosed_here_document_is_a_fault_and_the_rest_is_read() {
        let read = parse("RUN <<EOF\nRUN echo\nUSER me\n");
        assert_eq!(read.faults.len(), 1);
        assert_eq!(read.all.len(), 3);
    }

    #[test]
    fn templates_are_not_faults_and_nonsense_is_one() {
        let read = parse("{% if gpu %}\nFROM {{ base }}\n{% endif %}\nRUN a \\\n{% if x %}\n  b\n");
        assert_eq!(read.faults, []);
        assert_eq!(read.all.len(), 2);
        let read = parse("hello world\nmore words\nFROM a\n");
        assert_eq!(read.faults.len(), 1);
        assert_eq!(read.all.len(), 1);
    }

    #[test]
    fn pairs_of_old_and_new_form() {
        let text = "ENV A=1 B=\"two words\" \\\n    C='x'\\ y";
        let pairs = one(text).pairs();
        let values: Vec<_> = pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_deref().unwrap())).collect();
        assert_eq!(values, [("A", "1"), ("B", "two words"), ("C", "x y")]);
        assert_eq!(pairs[2].span.text(text), "C='x'\\ y");
        let old = one("ENV NAME some words").pairs();
        assert_eq!(old[0].value.as_deref(), Some("some words"));
        assert_eq!(one("ARG BASE").pairs()[0].value, None);
    }

    #[test]
    fn the_json_form_gives_its_items() {
        let text = "CMD [\"jupyter\", \"lab\", \"--ServerApp.token=''\"]";
        let words = one(text).words();
        assert_eq!(words[2].text, "--ServerApp.token=''");
        assert_eq!(words[2].span.text(text), "\"--ServerApp.token=''\"");
    }

    #[test]
    fn hostile_bytes_end_in_time_and_without_panic() {
        for text in [
            "FROM",
            "RUN \\",
            "\\\n\\\n",
            "ENV",
            "CMD [",
            "RUN <<",
            "ENV \"",
            "\u{feff}",
            "FROM --",
            "RUN --é=ü \\\r\n",
        ] {
            for instruction in parse(text).all {
                let _ = (instruction.words(), instruction.pairs());
            }
        }
        assert!(!parse(&"RUN <<E\n".repeat(20_000)).all.is_empty());
    }
}
