//! Finds the comments of a file, by the syntax that its name tells. What stands in a string is no comment, nor is what Markdown shows as code.

use crate::source::{Span, file_name};

/// One comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// With its signs.
    pub whole: Span,
    /// Between its signs.
    pub body: Span,
    /// Nothing but the comment stands in the string that holds it, in a notebook.
    pub alone: bool,
}

/// How comments and strings are written.
#[derive(Debug, Clone, Copy)]
struct Syntax {
    /// What begins a comment to the end of the line.
    line: &'static [&'static str],
    /// What begins and ends a comment.
    block: &'static [(&'static str, &'static str)],
    strings: Strings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strings {
    /// None: markup.
    None,
    /// `"` and `'` to the end of the line at most, where no letter stands before: prose has apostrophes. A comment begins at a blank.
    Words,
    /// Also three of them over several lines, and behind a prefix.
    Python,
    /// Also the backtick over several lines.
    C,
}

const HASH: Syntax = Syntax { line: &["#"], block: &[], strings: Strings::Words };
const PYTHON: Syntax = Syntax { line: &["#"], block: &[], strings: Strings::Python };
const C: Syntax = Syntax { line: &["//"], block: &[("/*", "*/")], strings: Strings::C };
const HCL: Syntax = Syntax { line: &["#", "//"], block: &[("/*", "*/")], strings: Strings::Words };
const SQL: Syntax = Syntax { line: &["--"], block: &[("/*", "*/")], strings: Strings::Words };
const INI: Syntax = Syntax { line: &["#", ";"], block: &[], strings: Strings::Words };
const PERCENT: Syntax = Syntax { line: &["%"], block: &[], strings: Strings::None };
const MARKUP: Syntax = Syntax { line: &[], block: &[("<!--", "-->")], strings: Strings::None };
const TEMPLATE: Syntax = Syntax { line: &["#"], block: &[("{#", "#}"), ("{{/*", "*/}}")], strings: Strings::Words };

/// How many comments of one file are read; one more is given where there are more.
pub const COMMENT_LIMIT: usize = 250_000;

/// The comments of a file, in order.
pub fn of(path: &str, text: &str) -> Vec<Comment> {
    let name = file_name(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "ipynb" => of_notebook(text),
        "md" | "markdown" => of_markdown(text),
        // JSON has no comments.
        "json" | "jsonl" | "jsonld" => Vec::new(),
        "py" | "pyi" | "toml" => scan(text, PYTHON),
        "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" | "go" | "rs" | "java" | "kt" | "scala" | "cs"
        | "swift" | "php" | "bicep" | "gradle" | "groovy" | "jsonc" | "proto" => scan(text, C),
        "tf" | "tofu" | "tfvars" | "hcl" => scan(text, HCL),
        "sql" | "lua" => scan(text, SQL),
        "ini" | "cfg" | "conf" | "properties" => scan(text, INI),
        "tex" | "erl" => scan(text, PERCENT),
        "html" | "xml" | "csproj" | "props" | "svg" => scan(text, MARKUP),
        "j2" | "jinja" | "jinja2" | "tpl" | "template" => scan(text, TEMPLATE),
        _ if name == "jenkinsfile" => scan(text, C),
        _ => scan(text, HASH),
    }
}

/// The front matter of Markdown is YAML; in the rest only HTML has comments, and code is shown, not meant.
fn of_markdown(text: &str) -> Vec<Comment> {
    let front = text.strip_prefix("---").and_then(|rest| rest.find("\n---")).map_or(0, |end| end + "---\n".len());
    let (head, body) = text.split_at_checked(front).unwrap_or(("", text));
    let mut comments = scan(head, HASH);
    let shown = without_code(body);
    comments.extend(scan(&shown, MARKUP).into_iter().map(|comment| Comment {
        whole: comment.whole.shifted(head.len()),
        body: comment.body.shifted(head.len()),
        alone: false,
    }));
    comments
}

/// The text with every byte of code blocks and code spans as a blank, so that places hold.
fn without_code(text: &str) -> String {
    let blank = |line: &str| line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect::<String>();
    let mut shown = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let opens = ["```", "~~~"].into_iter().find(|sign| start.starts_with(sign));
        if fence.is_some() || opens.is_some() || line.starts_with("    ") || line.starts_with('\t') {
            shown.push_str(&blank(line));
            if opens.is_some() && (fence.is_none() || fence == opens) {
                fence = if fence.is_some() { None } else { opens };
            }
            continue;
        }
        // Of spans between backticks every second part is code; one that is never closed is none.
        let parts: Vec<&str> = line.split('`').collect();
        let closed = parts.len() - usize::from(parts.len().is_multiple_of(2));
        for (index, part) in parts.iter().enumerate() {
            shown.push_str(if index == 0 { "" } else { " " });
            let is_code = index % 2 == 1 && index < closed;
            shown.push_str(&if is_code { blank(part) } else { (*part).to_owned() });
        }
    }
    shown
}

/// The comments in the code cells of a notebook, which is JSON with one string for each line of code.
fn of_notebook(text: &str) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut in_source = false;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if comments.len() > COMMENT_LIMIT {
            break;
        }
        let words = line.trim();
        if words.starts_with("\"source\":") {
            in_source = true;
        } else if words.starts_with(']') {
            in_source = false;
        } else if in_source && let Some(open) = line.find('"') {
            let end = line.rfind("\\n\"").or_else(|| line.rfind('"')).unwrap_or(line.len());
            let code = line.get(open + 1..end).unwrap_or_default();
            // A quote of the code is written with a stroke before it.
            let code_start = offset + open + 1;
            comments.extend(scan(&code.replace("\\\"", " \""), PYTHON).into_iter().map(|comment| Comment {
                whole: comment.whole.shifted(code_start),
                body: comment.body.shifted(code_start),
                alone: code.get(..comment.whole.start).is_some_and(|before| before.trim().is_empty()),
            }));
        }
        offset += line.len();
    }
    comments
}

/// Goes through the text once, past its strings.
fn scan(text: &str, syntax: Syntax) -> Vec<Comment> {
    let bytes = text.as_bytes();
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty() && comments.len() <= COMMENT_LIMIT) {
        let before = at.checked_sub(1).and_then(|index| bytes.get(index)).copied().unwrap_or(b'\n');
        if let Some((open, close)) = syntax.block.iter().find(|(open, _)| rest.starts_with(open.as_bytes())) {
            let body = at + open.len();
            let length = text.get(body..).and_then(|rest| rest.find(close));
            let end = length.map_or(text.len(), |length| body + length);
            let whole = Span::new(at, (end + close.len()).min(text.len()));
            comments.push(Comment { whole, body: Span::new(body, end), alone: false });
            at = whole.end;
            continue;
        }
        let sign = syntax.line.iter().find(|sign| rest.starts_with(sign.as_bytes()));
        if let Some(sign) = sign.filter(|_| syntax.strings != Strings::Words || before.is_ascii_whitespace()) {
            let end = at + line_length(rest);
            let whole = Span::new(at, end);
            comments.push(Comment { whole, body: Span::new(at + sign.len(), end), alone: false });
            at = end;
            continue;
        }
        at += string_length(rest, before, syntax.strings).unwrap_or(1);
    }
    comments
}

fn line_length(rest: &[u8]) -> usize {
    let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    length - usize::from(rest.get(..length).is_some_and(|line| line.ends_with(b"\r")))
}

/// How long the string is that begins here; `None` when none does.
fn string_length(rest: &[u8], before: u8, strings: Strings) -> Option<usize> {
    let quote = *rest.first()?;
    let is_quote = match strings {
        Strings::None => false,
        Strings::Words => matches!(quote, b'"' | b'\'') && !before.is_ascii_alphanumeric(),
        Strings::Python => matches!(quote, b'"' | b'\''),
        Strings::C => matches!(quote, b'"' | b'\'' | b'`'),
    };
    if !is_quote {
        return None;
    }
    let is_triple = strings == Strings::Python && rest.get(1) == Some(&quote) && rest.get(2) == Some(&quote);
    let (close, spans_lines) = if is_triple { (3, true) } else { (1, quote == b'`') };
    let mut at = close;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if !spans_lines => return Some(at),
            _ if rest.get(at..at + close).is_some_and(|end| end.iter().all(|byte| *byte == quote)) => {
                return Some(at + close);
            }
            _ => at += 1,
        }
    }
    Some(rest.len())
}
