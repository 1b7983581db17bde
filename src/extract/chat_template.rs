//! `chat-template` facts: templates in a tokenizer's configuration, in a file of their own and in GGUF, and what they reach for.

use crate::document::weights::ChatTemplate;
use crate::document::{Document, Node};
use crate::fact::{self, Facts};
use crate::source::{SourceFile, Span};
use std::collections::BTreeSet;

/// Sees the templates of `tokenizer_config.json`, `chat_template.json` and `processor_config.json`.
pub fn extract_configuration(parsed: &Document, facts: &mut Facts) {
    let Some(template) = parsed.root().and_then(|root| root.get("chat_template")) else { return };
    if let Some(text) = template.text() {
        add("", text, template.span, "tokenizer", facts);
    }
    for named in template.items() {
        if let Some(text) = named.get("template").filter(|node| node.text().is_some()) {
            let name = named.get("name").and_then(Node::text).unwrap_or_default();
            add(name, text.text().unwrap_or_default(), text.span, "tokenizer", facts);
        }
    }
    // Several templates may also stand by name.
    for entry in template.entries() {
        if let Some(text) = entry.node.text() {
            add(&entry.key, text, entry.node.span, "tokenizer", facts);
        }
    }
}

/// Sees a template that is a file of its own.
pub fn extract_template(file: &SourceFile, facts: &mut Facts) {
    let text = &file.text;
    let fact = fact_of("", &reaches(text), "template");
    match expressions(text).into_iter().find(|code| !reaches_in(code.text(text)).is_empty()) {
        Some(at) => facts.add(file.name(), at, fact),
        None => facts.add_whole(file.name(), fact),
    }
}

/// Adds a template of a binary file.
pub(super) fn add_whole(template: &ChatTemplate, holder: &'static str, facts: &mut Facts) {
    facts.add_whole(subject(&template.name), fact_of(&template.name, &reaches(&template.text), holder));
}

fn add(name: &str, text: &str, at: Span, holder: &'static str, facts: &mut Facts) {
    facts.add(subject(name), at, fact_of(name, &reaches(text), holder));
}

fn subject(name: &str) -> String {
    if name.is_empty() { "chat_template".to_owned() } else { format!("chat_template/{name}") }
}

fn fact_of(name: &str, reaches: &[String], holder: &'static str) -> fact::ChatTemplate {
    fact::ChatTemplate {
        name: name.into(),
        holder: holder.into(),
        dangerous: (!reaches.is_empty()).into(),
        reaches: reaches.to_vec().into(),
    }
}

/// Words by which templates leave the sandbox: the insides of Python's objects, and the helpers of Jinja and web frameworks that lead there.
const WORDS: &[&str] =
    &["|attr(", "lipsum", "cycler.", "joiner.", "get_flashed_messages", "popen(", "os.system", "subprocess"];

/// What the expressions of a template reach for, sorted.
fn reaches(template: &str) -> Vec<String> {
    let found: BTreeSet<&str> =
        expressions(template).into_iter().flat_map(|code| reaches_in(code.text(template))).collect();
    found.into_iter().map(str::to_owned).collect()
}

/// What one expression reaches for.
fn reaches_in(code: &str) -> Vec<&str> {
    let spaceless: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let words = WORDS.iter().filter(|word| spaceless.contains(**word)).copied();
    let names = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.chain(names.filter(|name| INSIDES.contains(name))).collect()
}

/// Names of Python's own by which an object leads to every other; markers of models are written the same way (`<__media__>`).
const INSIDES: &[&str] = &[
    "__class__",
    "__mro__",
    "__base__",
    "__bases__",
    "__subclasses__",
    "__globals__",
    "__builtins__",
    "__init__",
    "__import__",
    "__dict__",
    "__getattribute__",
    "__getattr__",
    "__getitem__",
    "__code__",
    "__func__",
    "__self__",
    "__module__",
    "__loader__",
    "__reduce__",
    "__reduce_ex__",
];

/// What stands between `{{` and `}}`, and between `{%` and `%}`: only that is run.
fn expressions(template: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = template.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + next;
        let close = match template.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let inner = template.get(start + 2..).unwrap_or_default();
        let end = inner.find(close).unwrap_or(inner.len());
        at = start + 2 + end;
        found.push(Span::new(start + 2, at));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_out_of_the_sandbox_are_seen() {
        for (template, reached) in [
            ("{{ x.__class__.__mro__ }}", vec!["__class__", "__mro__"]),
            ("{% set a = x | attr ('__init__') %}", vec!["__init__", "|attr("]),
            ("{{ lipsum['__globals__'] }}", vec!["__globals__", "lipsum"]),
            ("{{ cycler.__init__", vec!["__init__", "cycler."]),
        ] {
            assert_eq!(reaches(template), reached, "{template}");
        }
    }

    #[test]
    fn plain_templates_reach_for_nothing() {
        for template in [
            "{% for m in messages %}{{ '<|im_start|>' + m['role'] }}{% endfor %}",
            "{{ '<__media__>' + content }}",
            "text __class__ outside {{ bos_token }}",
            "{{ strftime_now('%d %b %Y') }}{%- set ns = namespace(found=false) -%}",
            "{{",
            "{% raw",
        ] {
            assert_eq!(reaches(template), Vec::<String>::new(), "{template}");
        }
    }
}
