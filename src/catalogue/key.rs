//! Forms of secrets: what a key of each vendor looks like.

use serde::Deserialize;

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
    pub pattern: String,
    /// Nothing else looks like it.
    #[serde(default = "yes")]
    certain: bool,
    /// Words of which one must stand in the same file for the form to be certain, where others write keys of the same form.
    #[serde(default)]
    pub certain_near: Vec<String>,
}

fn yes() -> bool {
    true
}

impl KeyFormat {
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
