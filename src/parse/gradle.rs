//! Reads `build.gradle` and `build.gradle.kts` as far as they are plain: what stands in `dependencies` and `plugins` blocks, and the
//! versions that a name is given once. Both are programs; what they compute stays unknown.

use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::Span;
use std::collections::HashMap;

/// Reads a build script: a map of `dependencies`, a list of maps with `configuration` and `notation` (`group:name:version`), and of
/// `plugins`, a list of ids. A notation with a part that is computed is an expression.
#[must_use]
pub fn parse(text: &str) -> Document {
    let (tokens, faults) = tokens(text);
    let mut script =
        Script { text, tokens: &tokens, texts: HashMap::new(), dependencies: Vec::new(), plugins: Vec::new() };
    script.read();
    let whole = Span::new(0, text.len());
    let list = |name: &str, nodes: Vec<Node>| Entry {
        key: name.into(),
        key_span: Span::empty(0),
        node: Node::new(whole, Value::List(nodes.into())),
    };
    let entries = [list("dependencies", script.dependencies), list("plugins", script.plugins)];
    Document { roots: vec![Node::new(whole, Value::Map(entries.into()))], faults }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// A name: `implementation`, `libs.openai`.
    Word(Span),
    /// A text, without its quotes.
    Text(Span),
    /// Any other character that is not blank.
    Sign(u8),
    /// The end of a line.
    Line,
}

/// Splits a script into tokens; comments are left out.
fn tokens(text: &str) -> (Vec<Token>, Faults) {
    let mut tokens = Vec::new();
    let mut faults = Faults::default();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        let length_to =
            |end: &str, from: usize| rest.get(from..).and_then(|rest| rest.find(end)).map(|length| from + length);
        if rest.starts_with("//") {
            at += length_to("\n", 0).unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += length_to("*/", 2).map_or(rest.len(), |end| end + 2);
        } else if let Some(quote) = ["\"\"\"", "'''", "\"", "'"].iter().find(|quote| rest.starts_with(**quote)) {
            let body = quote.len();
            let end = if body == 3 { length_to(quote, 3) } else { end_of_text(rest, first) };
            if end.is_none() && faults.is_empty() {
                let whole = Span::new(at, at + rest.lines().next().unwrap_or_default().len());
                faults
                    .push(Fault::new(whole, "this text is not closed; what stands behind it in the line is not read"));
            }
            let end = end.unwrap_or_else(|| length_to("\n", body).unwrap_or(rest.len()));
            tokens.push(Token::Text(Span::new(at + body, at + end)));
            at += (end + body).min(rest.len());
            while !text.is_char_boundary(at) {
                at += 1;
            }
        } else if first.is_alphabetic() || first == '_' {
            let is_of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
            let length = rest.find(|letter| !is_of_name(letter)).unwrap_or(rest.len());
            tokens.push(Token::Word(Span::new(at, at + length)));
            at += length;
        } else {
            if first == '\n' {
                tokens.push(Token::Line);
            } else if first.is_ascii() && !first.is_ascii_whitespace() {
                tokens.push(Token::Sign(first as u8));
            }
            at += first.len_utf8();
        }
    }
    (tokens, faults)
}

/// Where the text that starts with this quote ends, in its line.
fn end_of_text(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return Some(at),
            _ => {}
        }
    }
    None
}

struct Script<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// Names that are given a text, each once; `None` for those that are given several.
    texts: HashMap<&'a str, Option<&'a str>>,
    dependencies: Vec<Node>,
    plugins: Vec<Node>,
}

/// True for `dependencies` and, in projects for several platforms, `commonMain.dependencies`.
fn is_dependencies(block: &str) -> bool {
    block.rsplit('.').next() == Some("dependencies")
}

/// What wraps a notation without changing what it names.
const WRAPPERS: &[&str] = &["platform", "enforcedPlatform", "testFixtures"];

impl Script<'_> {
    fn read(&mut self) {
        self.read_assignments();
        // The word before each bracket that is open tells what the block is for.
        let mut blocks: Vec<&str> = Vec::new();
        let mut last_word = "";
        let mut index = 0;
        while let Some(token) = self.tokens.get(index) {
            match token {
                Token::Sign(b'{') => blocks.push(std::mem::take(&mut last_word)),
                Token::Sign(b'}') => {
                    blocks.pop();
                }
                Token::Word(at) => {
                    last_word = at.text(self.text);
                    // Within brackets stands what is asked for, and not what for.
                    let is_inner =
                        index.checked_sub(1).and_then(|before| self.tokens.get(before)) == Some(&Token::Sign(b'('));
                    match blocks.last() {
                        Some(block) if is_dependencies(block) && !is_inner => self.dependency(*at, index + 1),
                        Some(&"plugins") if last_word == "id" => self.plugin(index + 1),
                        _ if last_word == "apply" => self.plugin(index + 1),
                        _ => {}
                    }
                }
                _ => {}
            }
            index += 1;
        }
    }

    /// `name = "text"`, wherever it stands.
    fn read_assignments(&mut self) {
        for window in self.tokens.windows(3) {
            if let [Token::Word(name), Token::Sign(b'='), Token::Text(value)] = window {
                let name = name.text(self.text).trim_start_matches("ext.");
                let value = value.text(self.text);
                let known = self.texts.entry(name).or_insert(Some(value));
                if *known != Some(value) {
                    *known = None;
                }
            }
        }
    }

    /// `id("...")`, `id '...'`, `apply plugin: '...'`.
    fn plugin(&mut self, start: usize) {
        let mut line = self.tokens.get(start..).unwrap_or_default().iter().take_while(|token| **token != Token::Line);
        let id = line.find_map(|token| if let Token::Text(at) = token { Some(*at) } else { None });
        self.plugins.extend(id.map(|at| Node::new(at, Value::Text(at.text(self.text).into()))));
    }

    /// What stands behind the name of a configuration, up to the end of its line.
    fn dependency(&mut self, configuration: Span, start: usize) {
        let mut rest = self.tokens.get(start..).unwrap_or_default();
        if let [Token::Sign(b'('), inner @ ..] = rest {
            rest = inner;
        }
        while let [Token::Line, inner @ ..] = rest {
            rest = inner;
        }
        if let [Token::Word(wrapper), Token::Sign(b'('), inner @ ..] = rest
            && WRAPPERS.contains(&wrapper.text(self.text))
        {
            rest = inner;
        }
        let notation = match rest {
            [Token::Text(at), ..] if at.text(self.text).contains(':') => self.resolved(*at),
            [Token::Word(key), Token::Sign(b':' | b'='), Token::Text(_), ..] if key.text(self.text) == "group" => {
                self.named_parts(rest)
            }
            _ => None,
        };
        let Some(notation) = notation else { return };
        let name = Node::new(configuration, Value::Text(configuration.text(self.text).into()));
        let entry = |key: &str, node: Node| Entry { key: key.into(), key_span: node.span, node };
        let span = configuration.cover(notation.span);
        let entries = [entry("configuration", name), entry("notation", notation)];
        self.dependencies.push(Node::new(span, Value::Map(entries.into())));
    }

    /// `group: 'g', name: 'n', version: 'v'`
    fn named_parts(&self, tokens: &[Token]) -> Option<Node> {
        let part = |wanted: &str| {
            // A notation has three parts, each of four tokens at most.
            let window = tokens.windows(3).take(12).find(|window| {
                matches!(window, [Token::Word(key), Token::Sign(b':' | b'='), _] if key.text(self.text) == wanted)
            })?;
            window.last().copied()
        };
        let text = |token: Token| if let Token::Text(at) = token { Some(at) } else { None };
        let (group, name) = (text(part("group")?)?, text(part("name")?)?);
        let together = format!("{}:{}", group.text(self.text), name.text(self.text));
        let span = group.cover(name);
        let value = match part("version").map(text) {
            None => Value::Text(together.into()),
            Some(None) => Value::Expression(together.into()),
            Some(Some(version)) => {
                let node = self.resolved(version)?;
                let span = span.cover(node.span);
                let value = match node.value {
                    Value::Text(version) => Value::Text(format!("{together}:{version}").into()),
                    _ => Value::Expression(together.into()),
                };
                return Some(Node::new(span, value));
            }
        };
        Some(Node::new(span, value))
    }

    /// A text with the names in it (`$version`, `${versions.openai}`) filled in where they are known.
    fn resolved(&self, at: Span) -> Option<Node> {
        let written = at.text(self.text);
        let mut parts = written.split('$');
        let mut filled = parts.next()?.to_owned();
        for part in parts {
            let (name, rest) = if let Some(braced) = part.strip_prefix('{') {
                braced.split_once('}')?
            } else {
                let end = part.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(part.len());
                part.split_at_checked(end)?
            };
            let last = name.rsplit('.').next().unwrap_or(name);
            let value = self.texts.get(name).or_else(|| self.texts.get(last)).copied().flatten();
            let Some(value) = value.filter(|value| !value.contains('$')) else {
                return Some(Node::new(at, Value::Expression(written.into())));
            };
            filled.push_str(value);
            filled.push_str(rest);
        }
        Some(Node::new(at, Value::Text(filled.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notations(text: &str) -> Vec<String> {
        let document = parse(text);
        let rows = document.root().unwrap().get("dependencies").unwrap().items().iter().map(|it| {
            let notation = it.get("notation").unwrap();
            let shown = match &notation.value {
                Value::Text(text) => text.to_string(),
                other => format!("{other:?}"),
            };
            format!("{} {shown}", it.get("configuration").unwrap().text().unwrap())
        });
        rows.collect()
    }

    #[test]
    fn plain_notations_of_both_languages() {
        let groovy = "plugins { id 'application' }\next.ai = '1.2'\ndef twice = '1'\ntwice = '2'\ndependencies {\r\n  implementation 'com.openai:openai-java:1.0.0' // why\r\n  /* api 'a:b:1' */\n  implementation \"a:é:$ai\"\n  api group: 'g', name: 'n', version: \"${ai}\"\n  api \"a:b:$twice\"\n  testImplementation(project(':x'))\n  implementation libs.openai\n}\n";
        assert_eq!(
            notations(groovy),
            [
                "implementation com.openai:openai-java:1.0.0",
                "implementation a:é:1.2",
                "api g:n:1.2",
                "api Expression(\"a:b:$twice\")"
            ]
        );
        let kotlin = "val ai = \"2\"\ndependencies {\n  implementation(platform(\"a:bom:1\"))\n  implementation(\n    \"a:b\"\n  )\n  implementation(\"a:c:${ai}\") { exclude(group = \"x\") }\n  implementation(group = \"g\", name = \"n\", version = other)\n}\n";
        assert_eq!(
            notations(kotlin),
            [
                "implementation a:bom:1",
                "implementation a:b",
                "implementation a:c:2",
                "implementation Expression(\"g:n\")"
            ]
        );
        let document = parse(groovy);
        assert_eq!(document.root().unwrap().get("plugins").unwrap().items()[0].text(), Some("application"));
        assert_eq!(document.faults, []);
    }

    #[test]
    fn any_bytes_end() {
        for text in [
            "",
            "'",
            "\"é",
            "'''",
            "dependencies {",
            "}}}",
            "dependencies { a 'b:c:$' }",
            "/*",
            "dependencies { a '${x' }",
            "é'é\\",
        ] {
            let _ = parse(text);
        }
        assert_eq!(parse("x = 'open\ndependencies { a 'b:c:1' }").faults.len(), 1);
        let _ = parse(&"dependencies{".repeat(20_000));
        let _ = parse(&"a 'x:y' ".repeat(20_000));
    }
}
