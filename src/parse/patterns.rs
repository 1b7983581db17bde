//! Reads lines of a pattern and words: CODEOWNERS, `.gitattributes`.

use crate::document::patterns::{PatternLine, PatternList};
use crate::source::{Span, each_line};

/// Reads every line. Comments begin with `#`; GitLab's `[Section]` headings are left out, with the owners that they give their lines.
#[must_use]
pub fn parse(text: &str) -> PatternList {
    PatternList { lines: each_line(text).filter_map(|span| read(text, span)).collect(), ..PatternList::default() }
}

fn read(text: &str, line: Span) -> Option<PatternLine> {
    let whole = line.text(text);
    let body = whole.trim_start_matches('\u{feff}');
    let start = line.start + (whole.len() - body.len());
    let indent = body.len() - body.trim_start().len();
    let is_section = body.starts_with('[') || body.starts_with("^[");
    if is_section {
        return None;
    }
    let mut words: Vec<String> = vec![String::new()];
    let mut end = 0;
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        let starts_word = words.last().is_some_and(String::is_empty);
        match character {
            '#' if starts_word && !escaped => break,
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            _ if character.is_whitespace() && !escaped => {
                if !starts_word {
                    words.push(String::new());
                }
                continue;
            }
            _ => {}
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
        escaped = false;
        end = at + character.len_utf8();
    }
    words.retain(|word| !word.is_empty());
    let mut words = words.into_iter();
    let pattern = words.next()?;
    Some(PatternLine { pattern, words: words.collect(), span: Span::new(start + indent, start + end) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_into_pattern_and_words() {
        let text = "\u{feff}# owners\r\n\r\n*   @acme/all  # everybody\r\n[Docs] @x\n/a\\ b/ @ü a@example.com\n/free/\n#\n\\#x @y";
        let list = parse(text);
        let lines: Vec<_> =
            list.lines.iter().map(|line| (line.pattern.as_str(), line.words.join(","), line.span.text(text))).collect();
        assert_eq!(
            lines,
            [
                ("*", "@acme/all".to_owned(), "*   @acme/all"),
                ("/a b/", "@ü,a@example.com".to_owned(), "/a\\ b/ @ü a@example.com"),
                ("/free/", String::new(), "/free/"),
                ("#x", "@y".to_owned(), "\\#x @y"),
            ]
        );
    }

    #[test]
    fn hostile_lines_are_read_in_linear_time() {
        let line = format!("* {}", "@a ".repeat(300_000));
        assert_eq!(parse(&line).lines.first().map(|line| line.words.len()), Some(300_000));
        assert_eq!(parse(&"\\".repeat(1_000_000)).lines.len(), 1);
        assert!(parse(&"#\n".repeat(500_000)).lines.is_empty());
    }
}
