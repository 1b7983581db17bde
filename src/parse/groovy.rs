//! Reads a Jenkinsfile as far as it can be told without running it: calls, their arguments, and the blocks behind them.
//!
//! Every statement becomes an entry of its block's map, in order. `sh 'x'` gives `sh: {0: x}`, `input(message: 'x')` gives
//! `input: {message: x}`, `stage('x') { sh 'y' }` gives `stage: {0: x, sh: {0: y}}`, and `A = credentials('x')` gives
//! `A: {credentials: {0: x}}`. What is neither a literal, a list nor a call is kept as an expression.

use crate::document::{DEPTH_LIMIT, Document, Entry, Fault, Faults, Node, Value};
use crate::source::Span;
use std::rc::Rc;

/// Reads a Jenkinsfile.
#[must_use]
pub fn parse(text: &str) -> Document {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut reader = Reader { text, at: start, depth: 0, faults: Faults::default(), stray: false };
    let mut entries = Vec::new();
    while reader.at < text.len() {
        reader.statements(&mut entries);
        if reader.at < text.len() {
            // A bracket that closes nothing ended the statements: what follows it is read all the same.
            reader.stray_bracket();
        }
    }
    let root = Node::new(Span::new(start, text.len()), Value::Map(entries.into()));
    Document { roots: vec![root], faults: reader.faults }
}

/// Words that stand before a statement and leave it what it is.
const MODIFIERS: &[&str] =
    &["def", "final", "static", "private", "public", "return", "else", "do", "new", "throw", "String", "void"];

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    faults: Faults,
    /// A bracket that closes nothing was reported already.
    stray: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn fault(&mut self, at: Span, reason: &str) {
        self.faults.push(Fault::new(at, reason));
    }

    fn stray_bracket(&mut self) {
        let at = Span::new(self.at, self.at + 1);
        self.bump();
        if !self.stray {
            self.stray = true;
            self.fault(at, "a bracket that closes nothing");
        }
    }

    /// Passes over blanks and comments; line ends too where `lines` says so.
    fn skip_blanks(&mut self, lines: bool) {
        loop {
            let rest = self.rest();
            let blanks = rest.trim_start_matches(|c: char| c.is_whitespace() && (lines || !matches!(c, '\n' | '\r')));
            self.at += rest.len() - blanks.len();
            if blanks.starts_with("//") || (blanks.starts_with("#!") && self.at <= 3) {
                self.at += blanks.find('\n').unwrap_or(blanks.len());
            } else if blanks.starts_with("/*") {
                let length = blanks.find("*/").map(|end| end + 2);
                if length.is_none() {
                    self.fault(Span::new(self.at, self.at + 2), "this comment has no end");
                }
                self.at += length.unwrap_or(blanks.len());
            } else if let Some(continued) = blanks.strip_prefix('\\').filter(|rest| rest.starts_with(['\n', '\r'])) {
                self.at += 1 + continued.len() - continued.trim_start_matches(['\r', '\n']).len();
            } else {
                return;
            }
        }
    }

    /// Reads statements up to a closing bracket, which is left where it stands.
    fn statements(&mut self, entries: &mut Vec<Entry>) {
        loop {
            self.skip_blanks(true);
            match self.peek() {
                None | Some('}' | ')' | ']') => return,
                Some(';' | '@' | ',') => {
                    self.bump();
                }
                Some(first) if first.is_alphabetic() || first == '_' => self.statement(entries),
                // The block of `else`, or one without a name.
                Some('{') => self.bracketed('}', Self::statements, entries),
                // A value that stands alone, such as the end of a closure.
                Some(_) => {
                    let before = self.at;
                    self.value(&['\n', ';']);
                    if self.at == before {
                        self.bump();
                    }
                }
            }
        }
    }

    /// A dotted name.
    fn name(&mut self) -> Span {
        let start = self.at;
        loop {
            let rest = self.rest();
            let word = rest.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'));
            self.at += rest.len() - word.len();
            let after_dot = word.strip_prefix("?.").or_else(|| word.strip_prefix('.'));
            match after_dot {
                Some(next) if next.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    self.at += word.len() - next.len();
                }
                _ => return Span::new(start, self.at),
            }
        }
    }

    fn statement(&mut self, entries: &mut Vec<Entry>) {
        let name = self.name();
        let word = name.text(self.text);
        if MODIFIERS.contains(&word) {
            return;
        }
        self.skip_blanks(false);
        if self.peek() == Some('=') && !self.rest().starts_with("==") {
            self.bump();
            self.skip_blanks(true);
            let node = self.value(&['\n', ';', '}']);
            entries.push(Entry { key: word.into(), key_span: name, node });
            return;
        }
        let node = self.call(name, true);
        let chained = self.rest().starts_with('.');
        // A name alone, such as the type of a variable, says nothing.
        if !node.entries().is_empty()
            || self.text.get(name.end..).is_some_and(|rest| rest.trim_start().starts_with(['(', '{']))
        {
            entries.push(Entry { key: word.into(), key_span: name, node });
        }
        if chained {
            self.bump();
            return;
        }
        // What an operator adds to the call is not of interest.
        self.skip_blanks(false);
        if let Some(next) = self.peek()
            && !matches!(next, '\n' | '\r' | ';' | '}' | ')' | ']' | ',')
            && !(next.is_alphabetic() || next == '_')
        {
            let before = self.at;
            self.raw(&['\n', ';', '}', '{']);
            if self.at == before {
                self.bump();
            }
        }
    }

    /// The arguments and block behind a name. `bare` arguments stand without brackets: `sh 'x'`.
    fn call(&mut self, name: Span, bare: bool) -> Node {
        let mut entries = Vec::new();
        let mut end = name.end;
        self.skip_blanks(false);
        if self.peek() == Some('(') {
            self.bracketed(')', |reader, entries| reader.arguments(&[')'], entries), &mut entries);
            end = self.at;
            self.skip_blanks(false);
        } else if bare && self.starts_argument() {
            self.arguments(&['\n', ';', '}', '{'], &mut entries);
            end = entries.last().map_or(end, |entry| entry.node.span.end);
        }
        // The block may begin on the next line.
        let before_block = self.at;
        self.skip_blanks(true);
        if self.peek() == Some('{') {
            self.bracketed('}', Self::block, &mut entries);
            end = self.at;
        } else {
            self.at = before_block;
        }
        Node::new(Span::new(name.start, end), Value::Map(entries.into()))
    }

    /// True where the argument of a call without brackets begins.
    fn starts_argument(&self) -> bool {
        match self.peek() {
            Some('\'' | '"' | '[') => true,
            Some(first) => first.is_alphanumeric() || first == '_',
            None => false,
        }
    }

    /// What stands between brackets, the open one at hand; nothing of it is read when it nests too deep.
    fn bracketed(&mut self, close: char, read: impl FnOnce(&mut Self, &mut Vec<Entry>), entries: &mut Vec<Entry>) {
        let open = Span::new(self.at, self.at + 1);
        self.bump();
        if self.depth >= DEPTH_LIMIT {
            self.fault(open, &format!("nested more than {DEPTH_LIMIT} levels deep; the rest is not assessed"));
            self.at = self.text.len();
            return;
        }
        self.depth += 1;
        read(self, entries);
        self.depth -= 1;
        self.skip_blanks(true);
        if self.peek() == Some(close) {
            self.bump();
        } else if self.at >= self.text.len() {
            self.fault(open, "this bracket is not closed");
        }
    }

    /// The statements of a block, without the parameters of a closure.
    fn block(&mut self, entries: &mut Vec<Entry>) {
        self.skip_blanks(false);
        let line = self.rest().lines().next().unwrap_or_default();
        if let Some((parameters, _)) = line.split_once("->")
            && parameters.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ',' | ' '))
        {
            self.at += parameters.len() + 2;
        }
        self.statements(entries);
    }

    /// Arguments up to one of `ends`; those without a name are numbered.
    fn arguments(&mut self, ends: &[char], entries: &mut Vec<Entry>) {
        let in_brackets = ends.contains(&')') || ends.contains(&']');
        let mut stops = ends.to_vec();
        stops.push(',');
        let mut number = 0;
        loop {
            self.skip_blanks(in_brackets);
            match self.peek() {
                None | Some(')' | ']' | '}') => return,
                Some(next) if ends.contains(&next) => return,
                Some(',') => {
                    self.bump();
                    // An argument may follow on the next line.
                    self.skip_blanks(true);
                    continue;
                }
                Some(_) => {}
            }
            let before = self.at;
            let (key, key_span) = if let Some(span) = self.argument_name() {
                (span.text(self.text).trim_matches(['\'', '"']).into(), span)
            } else {
                number += 1;
                (Rc::from((number - 1).to_string()), Span::empty(self.at))
            };
            self.skip_blanks(in_brackets);
            let node = self.value(&stops);
            if self.at == before {
                self.bump();
                continue;
            }
            entries.push(Entry { key, key_span, node });
        }
    }

    /// The name before a colon, which is passed over as well.
    fn argument_name(&mut self) -> Option<Span> {
        let rest = self.rest();
        let length = match rest.chars().next()? {
            quote @ ('\'' | '"') => {
                rest.get(1..)?
                    .find([quote, '\n'])
                    .filter(|end| rest.get(end + 1..).is_some_and(|it| it.starts_with(quote)))?
                    + 2
            }
            first if first.is_alphabetic() || first == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?
            }
            _ => return None,
        };
        let after = rest.get(length..)?.trim_start_matches([' ', '\t']);
        let colon = after.starts_with(':') && !after.starts_with("::");
        let span = Span::new(self.at, self.at + length);
        colon.then(|| {
            self.at += rest.len() - after.len() + 1;
            span
        })
    }

    /// A value up to one of `stops`. A literal or call that something is added to is an expression.
    fn value(&mut self, stops: &[char]) -> Node {
        let start = self.at;
        let node = match self.peek() {
            Some('\'' | '"') => self.text_value(),
            Some('/') => self.slashed(),
            Some('[') => Some(self.list()),
            Some('{') => {
                let mut entries = Vec::new();
                self.bracketed('}', Self::block, &mut entries);
                Some(Node::new(Span::new(start, self.at), Value::Map(entries.into())))
            }
            Some(first) if first.is_alphabetic() || first == '_' => self.word_value(stops.contains(&'\n')),
            _ => None,
        };
        let end = self.at;
        // What follows decides whether that was all.
        self.skip_blanks(!stops.contains(&'\n'));
        let is_whole =
            self.peek().is_none_or(|next| stops.contains(&next) || matches!(next, '}' | ')' | ']' | '\r' | '\n'));
        match node {
            Some(node) if is_whole => node,
            _ => {
                let more = self.raw(stops);
                let span = Span::new(start, more.max(end));
                Node::new(span, Value::Expression(span.text(self.text).trim_end().into()))
            }
        }
    }

    /// A name as a value: `true`, `null`, a call such as `credentials('x')`, or a variable.
    fn word_value(&mut self, bare: bool) -> Option<Node> {
        let name = self.name();
        let value = match name.text(self.text) {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "new" => return None,
            word => {
                self.skip_blanks(false);
                let calls = matches!(self.peek(), Some('(' | '{')) || (bare && matches!(self.peek(), Some('\'' | '"')));
                if !calls {
                    return Some(Node::new(name, Value::Expression(word.into())));
                }
                let node = self.call(name, bare);
                let span = node.span;
                let entry = Entry { key: word.into(), key_span: name, node };
                // `sh(...).trim()` is still the call, for whoever asks what is run.
                while self.rest().starts_with('.') {
                    self.bump();
                    let next = self.name();
                    self.call(next, false);
                }
                return Some(Node::new(span, Value::Map(Rc::new([entry]))));
            }
        };
        Some(Node::new(name, value))
    }

    fn list(&mut self) -> Node {
        let start = self.at;
        let mut entries = Vec::new();
        self.bracketed(']', |reader, entries| reader.arguments(&[']'], entries), &mut entries);
        let span = Span::new(start, self.at);
        // Items without a name have an empty place for it.
        let is_map = entries.iter().any(|entry| entry.key_span.end > entry.key_span.start);
        let value = if is_map {
            Value::Map(entries.into())
        } else {
            Value::List(entries.into_iter().map(|entry| entry.node).collect())
        };
        Node::new(span, value)
    }

    /// A text between quotes, one or three of them.
    fn text_value(&mut self) -> Option<Node> {
        let start = self.at;
        let rest = self.rest();
        let quote = rest.chars().next()?;
        let three = quote.to_string().repeat(3);
        let close = if rest.starts_with(&three) { three.as_str() } else { three.get(..1)? };
        self.at += close.len();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            if rest.starts_with(close) {
                self.at += close.len();
                break;
            }
            if rest.starts_with('\n') && close.len() == 1 {
                self.fault(Span::new(start, start + 1), "this text has no end on its line");
                break;
            }
            match self.bump() {
                Some('\\') => match self.bump() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('\n') => {}
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                Some(character) => text.push(character),
                None => {
                    self.fault(Span::new(start, start + close.len()), "this text has no end");
                    break;
                }
            }
        }
        Some(Node::new(Span::new(start, self.at), Value::Text(text.into())))
    }

    /// A text between slashes, which is mostly a pattern; a lone slash divides.
    fn slashed(&mut self) -> Option<Node> {
        let inner = self.rest().get(1..)?;
        let end = inner.find(['/', '\n']).filter(|end| inner.get(*end..).is_some_and(|rest| rest.starts_with('/')))?;
        let start = self.at;
        self.at += end + 2;
        Some(Node::new(Span::new(start, self.at), Value::Text(inner.get(..end)?.into())))
    }

    /// Passes over an expression up to one of `stops` that no bracket encloses; gives its end.
    fn raw(&mut self, stops: &[char]) -> usize {
        let mut open = 0_usize;
        loop {
            let Some(next) = self.peek() else { return self.at };
            match next {
                '\'' | '"' => {
                    self.text_value();
                }
                '(' | '[' | '{' if open > 0 || !stops.contains(&next) => {
                    open += 1;
                    self.bump();
                }
                ')' | ']' | '}' if open > 0 => {
                    open -= 1;
                    self.bump();
                }
                ')' | ']' | '}' => return self.at,
                _ if open == 0 && stops.contains(&next) => return self.at,
                '/' if self.rest().starts_with("//") || self.rest().starts_with("/*") => self.skip_blanks(false),
                _ => {
                    self.bump();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in one line, places left out.
    fn shown(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(text) | Value::Expression(text) => format!("<{text}>"),
            Value::Text(text) => format!("'{text}'"),
            Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Value::Map(entries) => {
                let entries = entries.iter().map(|entry| format!("{}: {}", entry.key, shown(&entry.node)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn tree(text: &str) -> String {
        let document = parse(text);
        assert_eq!(document.faults, [], "{text}");
        shown(&document.roots[0])
    }

    #[test]
    fn a_declarative_pipeline() {
        let text = "#!groovy\n// x\npipeline {\r\n  agent { docker 'python:3.11' }\r\n  environment {\n    KEY = credentials('id')\n    A = \"b\"\n  }\n  stages {\n    stage('Train') {\n      steps { sh 'python train.py'; echo \"a ${b}\" }\n    }\n  }\n}\n";
        let expected = "{pipeline: {agent: {docker: {0: 'python:3.11'}}, environment: {KEY: {credentials: {0: 'id'}}, A: 'b'}, \
                        stages: {stage: {0: 'Train', steps: {sh: {0: 'python train.py'}, echo: {0: 'a ${b}'}}}}}}";
        assert_eq!(tree(text), expected);
    }

    #[test]
    fn calls_in_every_form() {
        for (text, expected) in [
            ("sh(script: 'x', returnStatus: true)", "{sh: {script: 'x', returnStatus: true}}"),
            ("input message: 'Go?',\n  ok: 'Yes'", "{input: {message: 'Go?', ok: 'Yes'}}"),
            (
                "def code = sh(script: 'x', returnStdout: true).trim()",
                "{code: {sh: {script: 'x', returnStdout: true}}}",
            ),
            ("sh '''a\nb'''", "{sh: {0: 'a\nb'}}"),
            ("withEnv(['A=b', \"C=d\"]) { sh 'x' }", "{withEnv: {0: ['A=b', 'C=d'], sh: {0: 'x'}}}"),
            (
                "docker.image('a:1').inside('-v') { sh 'x' }",
                "{docker.image: {0: 'a:1'}, inside: {0: '-v', sh: {0: 'x'}}}",
            ),
            ("stage('a')\n{\n  agent\n  {\n    label 'b'\n  }\n}", "{stage: {0: 'a', agent: {label: {0: 'b'}}}}"),
            ("agent any\nsh 'x'", "{agent: {0: <any>}, sh: {0: 'x'}}"),
            ("@Library('lib@v1') _\nnode('gpu') { x() }", "{Library: {0: 'lib@v1'}, node: {0: 'gpu', x: {}}}"),
            ("parallel(a: { sh 'x' }, b: { sh 'y' })", "{parallel: {a: {sh: {0: 'x'}}, b: {sh: {0: 'y'}}}}"),
            ("if (env.A == 'b') { sh 'x' } else { sh 'y' }", "{if: {0: <env.A == 'b'>, sh: {0: 'x'}}, sh: {0: 'y'}}"),
            (
                "build job: 'deploy', parameters: [string(name: 'A', value: b)]",
                "{build: {job: 'deploy', parameters: [{string: {name: 'A', value: <b>}}]}}",
            ),
            ("items.each { item -> sh \"x ${item}\" }", "{items.each: {sh: {0: 'x ${item}'}}}"),
            ("sh 'a' + b\nsh 'c'", "{sh: {0: <'a' + b>}, sh: {0: 'c'}}"),
        ] {
            assert_eq!(tree(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "\u{feff}stage('é') { sh \"kü\" }";
        let document = parse(text);
        let sh = document.roots[0].at("stage.sh.0").expect("the argument");
        assert_eq!(sh.span.text(text), "\"kü\"");
    }

    #[test]
    fn faults_say_where_and_keep_the_rest() {
        for (text, fault, kept) in [
            ("stage('a') { sh 'x'", "{", "{stage: {0: 'a', sh: {0: 'x'}}}"),
            ("sh 'x\nsh 'y'", "'", "{sh: {0: 'x'}, sh: {0: 'y'}}"),
            ("a() }\nsh 'y'", "}", "{a: {}, sh: {0: 'y'}}"),
            ("sh '''x", "'''", "{sh: {0: 'x'}}"),
            ("sh 'x' /* y", "/*", "{sh: {0: 'x'}}"),
        ] {
            let document = parse(text);
            assert_eq!(document.faults.len(), 1, "{text}: {:?}", document.faults);
            assert_eq!(document.faults[0].at.text(text), fault, "{text}");
            assert_eq!(shown(&document.roots[0]), kept, "{text}");
        }
    }

    #[test]
    fn hostile_text_ends() {
        for text in [
            "{", "}", "(((", "))", "[", "a(", "a {", "=", "a =", "a = =", "@", "'", "/", "a /", "é", "a:b:c", "->",
            "a.", ".", "\\", "$/x", "a b c d", "a(,)", "[:]",
        ] {
            let _ = parse(text);
            let _ = parse(&text.repeat(1_000));
        }
        for text in ["a {", "a(", "[", "a(b(", "x = ["] {
            let document = parse(&text.repeat(100_000));
            assert!(!document.faults.is_empty(), "{text}");
        }
    }
}
