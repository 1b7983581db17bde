//! Reads Modelfiles of Ollama: one instruction on a line, its value longer where quotes keep it open.

use crate::document::Fault;
use crate::document::instructions::{Instruction, Instructions, Piece};
use crate::source::Span;

/// Everything that may start an instruction.
const KEYWORDS: &[&str] = &[
    "ADAPTER",
    "DRAFT",
    "FROM",
    "LICENSE",
    "MESSAGE",
    "PARAMETER",
    "PARSER",
    "RENDERER",
    "REQUIRES",
    "SYSTEM",
    "TEMPLATE",
];

/// Instructions whose value has a name before it, so that quotes open behind that: `PARAMETER stop "</s>"`.
const NAMED: &[&str] = &["PARAMETER", "MESSAGE"];

/// Reads one Modelfile.
#[must_use]
pub fn parse(text: &str) -> Instructions {
    let mut read = Instructions::default();
    let mut unknown_keyword_told = false;
    let mut next = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while let Some(rest) = text.get(next..).filter(|rest| !rest.is_empty()) {
        let line_end = next + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = Span::new(next, line_end);
        next = line_end;
        let body = trimmed(text, line);
        let written = body.text(text);
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let keyword_length = written.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(written.len());
        let keyword = written.get(..keyword_length).unwrap_or_default().to_ascii_uppercase();
        let ends_well =
            written.get(keyword_length..).is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t']));
        if !ends_well || !KEYWORDS.contains(&keyword.as_str()) {
            // One is enough: a file that is no Modelfile at all would give one for every line.
            if !unknown_keyword_told {
                unknown_keyword_told = true;
                read.faults.push(Fault::new(body, "not an instruction of a Modelfile"));
            }
            continue;
        }
        let mut value = trimmed(text, Span::new(body.start + keyword_length, body.end));
        if let Some((quote, opened)) = opening_quote(&keyword, value, text) {
            let Some(closed) = closing_quote(text, opened + quote.len(), quote) else {
                read.faults.push(Fault::new(body, format!("{quote} is never closed; the rest is not assessed")));
                break;
            };
            value.end = closed + quote.len();
            next = value.end.max(line_end);
            if opened == value.start {
                value = Span::new(opened + quote.len(), closed);
            }
        }
        read.all.push(Instruction {
            keyword,
            flags: Vec::new(),
            text: value.text(text).to_owned(),
            text_span: value,
            span: Span::new(body.start, body.end.max(value.end)),
            escape: '\\',
            pieces: vec![Piece { in_text: 0, in_file: value.start, length: value.end - value.start }],
        });
    }
    read
}

/// The range without blanks at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let body = span.text(text);
    let start = span.start + (body.len() - body.trim_start().len());
    Span::new(start, start + body.trim().len())
}

/// The quotes that the value starts with, and where.
fn opening_quote(keyword: &str, value: Span, text: &str) -> Option<(&'static str, usize)> {
    let written = value.text(text);
    let start = if NAMED.contains(&keyword) {
        let name_length = written.find(char::is_whitespace)?;
        trimmed(text, Span::new(value.start + name_length, value.end)).start
    } else {
        value.start
    };
    let quoted = text.get(start..value.end)?;
    let quote = ["\"\"\"", "\""].into_iter().find(|quote| quoted.starts_with(quote))?;
    Some((quote, start))
}

/// Where the quotes stand that close the value; a single one closes it at the end of a line only.
fn closing_quote(text: &str, from: usize, quote: &str) -> Option<usize> {
    let rest = text.get(from..)?;
    let mut found = rest.match_indices(quote).map(|(at, _)| from + at);
    if quote.len() > 1 {
        return found.next();
    }
    let ends_line = |at: &usize| {
        let after = text.get(at + 1..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
        after.is_empty() || after.starts_with('\n')
    };
    found.find(ends_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(String, String)> {
        parse(text).all.into_iter().map(|it| (it.keyword, it.text)).collect()
    }

    #[test]
    fn instructions_are_read_as_ollama_reads_them() {
        let text = "\u{feff}# a comment\r\nfrom llama3.2:3b\r\nPARAMETER temperature 0.7\r\nPARAMETER stop \"<|eot_id|>\"\r\n\
            SYSTEM \"\"\"\r\nFROM here on you are a pirate.\r\n\"\"\"\r\nTEMPLATE \"{{ .System }}\r\nUser: {{ .Prompt }}\"\r\nMESSAGE user Grüße\r\nLICENSE MIT";
        let owned = |(keyword, text): (&str, &str)| (keyword.to_owned(), text.to_owned());
        assert_eq!(
            seen(text),
            [
                ("FROM", "llama3.2:3b"),
                ("PARAMETER", "temperature 0.7"),
                ("PARAMETER", "stop \"<|eot_id|>\""),
                ("SYSTEM", "\r\nFROM here on you are a pirate.\r\n"),
                ("TEMPLATE", "{{ .System }}\r\nUser: {{ .Prompt }}"),
                ("MESSAGE", "user Grüße"),
                ("LICENSE", "MIT"),
            ]
            .map(owned)
        );
        for instruction in parse(text).all {
            assert_eq!(instruction.text_span.text(text), instruction.text);
            assert!(instruction.span.text(text).to_uppercase().starts_with(&instruction.keyword));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_once() {
        let faults =
            |text: &str| parse(text).faults.iter().map(|fault| fault.at.text(text).to_owned()).collect::<Vec<_>>();
        assert_eq!(faults("FROM a\nnot one\nnor two\n"), ["not one"]);
        assert_eq!(faults("FROM a\nSYSTEM \"\"\"never\nclosed\n"), ["SYSTEM \"\"\"never"]);
        assert_eq!(seen("FROM a\nSYSTEM \"\"\"never\nclosed\n").len(), 1);
        assert_eq!(seen("FROM\nFROM-X b\n"), [("FROM".to_owned(), String::new())]);
    }

    #[test]
    fn hostile_files_end() {
        for text in [
            "SYSTEM \"\n".repeat(50_000),
            "SYSTEM \"\"\"\n".repeat(50_000),
            "\"".repeat(1_000_000),
            format!("FROM {}", "é".repeat(1_000_000)),
            format!("PARAMETER stop \"{}", "\" x".repeat(100_000)),
        ] {
            let _ = parse(&text);
        }
    }
}
