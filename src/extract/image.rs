//! References to container images, whatever file names them: what is known of the name, and how the version is fixed.

use crate::catalogue::servers::Servers;
use crate::fact::{Choice, Facts, Field, Image};
use crate::source::Span;

/// Stands in a text for a part that only running would tell. No image has it in its name.
pub(super) const OPEN: char = '\u{fffc}';

/// Tags that move; with a number behind them (`nightly-20250101`) they do not.
const MOVING_TAGS: &[&str] = &["nightly", "main", "master", "edge", "head", "stable", "dev"];

/// How long a text may be for its variables to be looked at.
const LENGTH_LIMIT: usize = 4_000;

/// A reference taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// As written, variables with a known default filled in.
    pub text: String,
    /// Name without tag and digest; parts that are not known are [`OPEN`].
    pub name: String,
    /// Tag; empty when there is none.
    pub tag: String,
    /// Digest; empty when there is none.
    pub digest: String,
}

impl Reference {
    /// Takes a reference apart. `text` is what is shown, `resolved` the same with [`OPEN`] for every unknown part.
    pub fn of(resolved: &str, text: &str) -> Self {
        let shown = if resolved.contains(OPEN) { text } else { resolved };
        let (rest, digest) = resolved.split_once('@').unwrap_or((resolved, ""));
        // A colon before the last slash belongs to the port of a registry.
        let after_folder = rest.rfind('/').map_or(0, |slash| slash + 1);
        let last = rest.get(after_folder..).unwrap_or_default();
        let (name, tag) = match last.split_once(':') {
            Some((last, tag)) => (rest.get(..after_folder + last.len()).unwrap_or_default(), tag),
            None => (rest, ""),
        };
        Self { text: shown.to_owned(), name: name.to_owned(), tag: tag.to_owned(), digest: digest.to_owned() }
    }

    /// True when the name is that of an AI image.
    pub fn is_ai(&self) -> bool {
        Servers::shipped().is_ai_image(&self.name)
    }

    /// How the version is fixed; `None` when that is not known.
    pub fn pin(&self) -> Option<&'static str> {
        if !self.digest.is_empty() {
            return (!self.digest.contains(OPEN)).then_some("digest");
        }
        if self.tag.is_empty() {
            return (!self.name.ends_with(OPEN)).then_some("none");
        }
        if self.tag.contains(OPEN) {
            return None;
        }
        let parts = || self.tag.split(['-', '_', '.']);
        let numbered = self.tag.contains(|character: char| character.is_ascii_digit());
        let moves =
            parts().any(|part| part == "latest") || (!numbered && parts().any(|part| MOVING_TAGS.contains(&part)));
        Some(if moves { "latest" } else { "version" })
    }

    /// Adds the `image` fact.
    pub fn add(&self, at: Span, used_by: &'static str, facts: &mut Facts) {
        self.add_in_cell(at, None, used_by, facts);
    }

    /// The same, in a cell of a notebook.
    pub fn add_in_cell(&self, at: Span, cell: Option<usize>, used_by: &'static str, facts: &mut Facts) {
        let open = self.name.contains(OPEN);
        // What is unknown may be an AI image as well: only a name that is known whole can be none.
        let ai = if self.is_ai() { Some(true) } else { (!open).then_some(false) };
        let known = |text: &str| if text.contains(OPEN) { Field::default() } else { Field::known(text) };
        let subject = if open { &self.text } else { &self.name };
        facts.add_in_cell(
            subject.clone(),
            at,
            cell,
            Image {
                reference: self.text.clone().into(),
                name: known(&self.name),
                tag: if open && self.tag.is_empty() { Field::default() } else { known(&self.tag) },
                pin: Field { value: self.pin().map(Choice), at: None },
                used_by: used_by.into(),
                ai: Field { value: ai, at: None },
            },
        );
    }
}

/// Replaces variables (`$NAME`, `${NAME}`, `${NAME:-default}`) by what `lookup` knows of them or by their default, and
/// by [`OPEN`] otherwise; so too `${{ ... }}`, `{{ ... }}`, `$(...)`, `<...>` and `%...%`, which no Dockerfile or compose file resolves.
pub(super) fn resolve(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    // No reference is as long; what is can only be meant to keep us busy.
    if text.len() > LENGTH_LIMIT {
        return OPEN.to_string();
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['$', '{', '<', '%']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        resolved.push_str(before);
        let (value, length) = variable(from, lookup);
        match value {
            Some(value) => resolved.push_str(&value),
            None => resolved.push(OPEN),
        }
        rest = from.get(length.max(1)..).unwrap_or_default();
    }
    resolved.push_str(rest);
    resolved
}

/// The value of the variable that `text` starts with, and its length.
fn variable(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> (Option<String>, usize) {
    let until = |close: &str| text.find(close).map_or(text.len(), |at| at + close.len());
    for (open, close) in [("${{", "}}"), ("{{", "}}"), ("$(", ")"), ("<", ">"), ("%%", "%%")] {
        if text.starts_with(open) {
            let inner = text.get(open.len()..).unwrap_or_default();
            return (None, inner.find(close).map_or(text.len(), |at| open.len() + at + close.len()));
        }
    }
    if let Some(inner) = text.strip_prefix("${") {
        let length = until("}");
        let inner = inner.get(..length.saturating_sub(3)).unwrap_or(inner);
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let (name, modifier) = inner.split_at_checked(end).unwrap_or((inner, ""));
        let default = modifier.strip_prefix(":-").or_else(|| modifier.strip_prefix('-'));
        let known = if modifier.is_empty() || default.is_some() { lookup(name) } else { None };
        // A default that is made of variables again is left open.
        let default = default.filter(|default| !default.contains(['$', '{'])).map(str::to_owned);
        return (known.or(default), length);
    }
    if let Some(inner) = text.strip_prefix('$') {
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let name = inner.get(..end).unwrap_or_default();
        return (if name.is_empty() { None } else { lookup(name) }, 1 + end);
    }
    let first = text.chars().next().map_or(1, char::len_utf8);
    (text.get(..first).map(str::to_owned), first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(text: &str) -> Reference {
        let lookup = |name: &str| (name == "BASE").then(|| "pytorch/pytorch:2.5.1".to_owned());
        Reference::of(&resolve(text, &lookup), text)
    }

    #[test]
    fn names_tags_and_digests() {
        let cases = [
            ("python", "python", "", Some("none")),
            ("python:3.11-slim", "python", "3.11-slim", Some("version")),
            ("host:5000/a/b", "host:5000/a/b", "", Some("none")),
            ("host:5000/a/b:latest-gpu", "host:5000/a/b", "latest-gpu", Some("latest")),
            ("a/b:main-stable", "a/b", "main-stable", Some("latest")),
            ("a/b:nightly-20250101", "a/b", "nightly-20250101", Some("version")),
            ("a/b:12.1.0-devel-ubuntu22.04", "a/b", "12.1.0-devel-ubuntu22.04", Some("version")),
            ("$BASE", "pytorch/pytorch", "2.5.1", Some("version")),
            ("${BASE}", "pytorch/pytorch", "2.5.1", Some("version")),
            ("a/b:${TAG:-latest}", "a/b", "latest", Some("latest")),
            ("a/b:${TAG}", "a/b", "\u{fffc}", None),
            ("${IMAGE}", "\u{fffc}", "", None),
            ("a/{{ image }}", "a/\u{fffc}", "", None),
            ("${{ env.R }}/x", "\u{fffc}/x", "", Some("none")),
        ];
        for (text, name, tag, pin) in cases {
            let reference = reference(text);
            assert_eq!((reference.name.as_str(), reference.tag.as_str(), reference.pin()), (name, tag, pin), "{text}");
        }
        let digest = reference("python:3@sha256:abc");
        assert_eq!((digest.tag.as_str(), digest.pin()), ("3", Some("digest")));
    }

    #[test]
    fn odd_texts_end() {
        for text in ["$", "${", "${{", "{{", "<", "%", "%%", "é${é}", ":", "@", "/", "a:b:c", "$é"] {
            let _ = reference(text);
        }
    }
}
