//! Forms of secrets: what a key of each vendor looks like.

use crate::source::Span;
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;
use std::sync::OnceLock;

/// One form of a secret, as the vendor writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFormat {
    /// What it is, in words: `OpenAI key`.
    pub form: String,
    /// What it opens.
    pub group: KeyGroup,
    /// Id of the AI vendor; empty for none.
    #[serde(default)]
    pub vendor: String,
    /// One of these stands in every such secret: what a text is searched for first. Empty where [`KeyFormat::words`] are given.
    #[serde(default)]
    pub literals: Vec<String>,
    /// The secret has no beginning of its own: it counts only where it is assigned to a name with one of these words in it.
    #[serde(default)]
    pub words: Vec<String>,
    /// Regular expression; its group 1, where it has one, is the secret.
    pub(super) pattern: String,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
    /// Nothing else looks like it.
    #[serde(default = "yes")]
    certain: bool,
    /// Words of which one must stand in the same file for the form to be certain, where others write keys of the same form.
    #[serde(default)]
    pub certain_near: Vec<String>,
    /// Of a form that is told by words: what the vendor's own tools call it. Assigned or given to one of these it is certain.
    #[serde(default)]
    certain_after: Vec<String>,
}

fn yes() -> bool {
    true
}

/// One secret in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyMatch {
    /// The secret with what gives it away.
    pub whole: Span,
    /// The secret alone.
    pub secret: Span,
}

/// How far before its telling letters a secret may begin: the letters of `OpenAI` stand in the middle of a key.
const REACH_BEFORE: usize = 140;

/// How far behind its telling letters a secret may end.
const REACH_AFTER: usize = 420;

impl KeyFormat {
    /// The range in which a secret lies whose telling letters stand at `clue`.
    #[must_use]
    pub fn reach(&self, clue: Span, text: &str) -> Span {
        let before = if self.words.is_empty() { REACH_BEFORE } else { 0 };
        Span::new(clue.start.saturating_sub(before), clue.end.saturating_add(REACH_AFTER)).within(text)
    }

    /// The secrets of this form within `range` of the text, in order.
    pub fn find<'a>(&'a self, text: &'a str, range: Span) -> impl Iterator<Item = KeyMatch> + 'a {
        // Keys are ASCII: without the tables of Unicode each expression compiles ten times as fast.
        let compile = || RegexBuilder::new(&self.regular_expression()).unicode(false).build().ok();
        let regex = self.compiled.get_or_init(compile).as_ref();
        let text = text.as_bytes().get(..range.end).unwrap_or(text.as_bytes());
        let mut from = range.start;
        std::iter::from_fn(move || {
            let captures = regex?.captures_at(text, from)?;
            let whole = captures.get(0)?;
            let secret = captures.get(1).unwrap_or(whole);
            from = whole.end();
            Some(KeyMatch {
                whole: Span::new(whole.start(), whole.end()),
                secret: Span::new(secret.start(), secret.end()),
            })
        })
    }

    fn regular_expression(&self) -> String {
        if self.words.is_empty() {
            return self.pattern.clone();
        }
        let words = self.words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|");
        // name = "…", "name": "…", environ["NAME"] = "…", setdefault("NAME", "…"), Name("…"), Name(api_key="…"); quotes may be escaped.
        let quotes = r"[\\\s\x22\x27\])]{0,5}";
        let between = r"(?:=|:{1,2}=?|,|\(\s{0,4}(?:\w{1,20}\s?=)?)";
        format!(
            r"(?i:{words})[\w.-]{{0,30}}{quotes}{between}{quotes}\b({pattern})(?:[^\w./+=-]|$)",
            pattern = self.pattern
        )
    }

    /// A match is a key beyond doubt by the name that it is given to.
    #[must_use]
    pub fn is_certain_by_name(&self, found: KeyMatch, text: &str) -> bool {
        let assignment = found.whole.text(text);
        self.certain_after.iter().any(|name| assignment.starts_with(name.as_str()))
    }

    /// A match is a key beyond doubt in a file with this text.
    #[must_use]
    pub fn is_certain_in(&self, text: &str) -> bool {
        self.certain
            && self.words.is_empty()
            && (self.certain_near.is_empty() || self.certain_near.iter().any(|word| text.contains(word.as_str())))
    }
}

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyGroup {
    /// The service of an AI vendor.
    Vendor,
    /// A cloud account.
    Cloud,
    /// A service for developers: a code host, a chat, a package registry.
    Service,
    /// Whatever trusts the key pair.
    PrivateKey,
    /// A database or queue, by an address that holds the password.
    Password,
}

impl KeyGroup {
    /// The word for it in facts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Cloud => "cloud",
            Self::Service => "service",
            Self::PrivateKey => "private-key",
            Self::Password => "password",
        }
    }
}
