//! Text of a repository inside Markdown: it shows as it is, and does nothing. No markup, no HTML, no link, and nobody is mentioned.

use crate::report::inert::visible;

/// Stands behind a character that would otherwise call somebody or refer to something, as Dependabot writes them: those are looked
/// for when the page is made already, so that no escape of Markdown helps.
const BREAK: &str = "&#8203;";

/// Text for a page of a code host. Pairs of backticks mean code, as they do in messages of rules.
pub fn inline(text: &str) -> String {
    with_code(text, escaped)
}

/// Text for readers of Markdown that look for nobody's name and make no links by themselves: as few marks as can be, for some show
/// them. Pairs of backticks mean code.
pub fn plain(text: &str) -> String {
    with_code(text, |piece| {
        let mut markdown = String::new();
        let mut before = ' ';
        let mut characters = piece.chars().peekable();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied().unwrap_or(' ');
            let is_within_word = before.is_alphanumeric() && next.is_alphanumeric();
            if matches!(character, '\\' | '*' | '[' | '<' | '&') || (character == '_' && !is_within_word) {
                markdown.push('\\');
            }
            markdown.push(character);
            before = character;
        }
        markdown
    })
}

fn with_code(text: &str, escaped: impl Fn(&str) -> String) -> String {
    let text = visible(text);
    let pieces: Vec<&str> = text.split('`').collect();
    let last = pieces.len() - 1;
    let mut markdown = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index % 2 == 0 {
            markdown.push_str(&escaped(piece));
        } else if index == last {
            // A backtick without a partner.
            markdown.push_str("\\`");
            markdown.push_str(&escaped(piece));
        } else if !piece.is_empty() {
            markdown.push_str(&code(piece));
        }
    }
    markdown
}

/// Text as code. Nothing has a meaning in there, but for backticks: its marks are longer than any run of those.
pub fn code(text: &str) -> String {
    let text = visible(text);
    let mark = mark_around(&text, 1);
    let space = if mark.len() > 1 || text.trim().is_empty() { " " } else { "" };
    format!("{mark}{space}{text}{space}{mark}")
}

/// Lines as a block of code.
pub fn block(lines: &str) -> String {
    let mark = mark_around(lines, 3);
    format!("{mark}text\n{}\n{mark}\n", lines.trim_end())
}

/// A run of backticks that is longer than every one in the text.
fn mark_around(text: &str, least: usize) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(least.max(longest + 1))
}

fn escaped(text: &str) -> String {
    let mut markdown = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '~' | '$' | '!' | '&' | '#' | '^'
        ) {
            markdown.push('\\');
        }
        markdown.push(character);
        // People, issues, merge requests, labels, milestones, snippets and epics; addresses of the web.
        let refers = matches!(character, '@' | '#' | '!' | '~' | '%' | '$' | '&' | ':');
        if refers && characters.peek().is_some_and(|next| !next.is_whitespace()) {
            markdown.push_str(BREAK);
        }
    }
    for (link, broken) in [("www.", "www&#8203;."), ("WWW.", "WWW&#8203;."), ("GH-", "GH&#8203;-")] {
        markdown = markdown.replace(link, broken);
    }
    markdown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_backticks_are_code_and_the_rest_is_text() {
        assert_eq!(inline("`a|b@c` keeps 3 [x](y) of `d"), "`a|b@c` keeps 3 \\[x\\](y) of \\`d");
        assert_eq!(
            inline("ask @acme/all, see #12 and https://x.example: now"),
            "ask @&#8203;acme/all, see \\#&#8203;12 and https:&#8203;//x.example: now"
        );
        assert_eq!(inline("``"), "");
    }

    #[test]
    fn a_plain_text_has_marks_only_where_it_would_act() {
        let text = "ask @acme: `a_b`, src/train_all.py:3, __init__.py <b>[x](y)";
        let shown = "ask @acme: `a_b`, src/train_all.py:3, \\_\\_init\\_\\_.py \\<b>\\[x](y)";
        assert_eq!(plain(text), shown);
    }

    #[test]
    fn code_is_never_closed_from_within() {
        assert_eq!(code("a.py"), "`a.py`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(block("  ````\n"), "`````text\n  ````\n`````\n");
    }
}
