//! Kinds of documents that govern AI systems, and the phrases that each is told by.

use serde::Deserialize;

/// What the product knows of such documents. Phrases are rows of words in lower case; a `*` at the end of one is open.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// Words of titles of guides and pages about such documents.
    pub guide: Vec<String>,
    /// Words that make a product of the words before them.
    pub product: Vec<String>,
    /// Folders whose Markdown is fed to assistants or models.
    pub fed: Vec<String>,
    /// Phrases that show that a text speaks of AI.
    pub ai: Vec<String>,
    /// Phrases that hold words of `ai` and do not.
    pub not_ai: Vec<String>,
    /// What happens to AI systems and to nothing else.
    pub ai_threats: Vec<String>,
    /// The kinds, in the order in which they are tried.
    #[serde(rename = "document")]
    pub kinds: Vec<DocumentKind>,
}

/// One kind of document.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentKind {
    /// The name that policies know it by.
    pub kind: String,
    /// Phrases of its title or of the name of its file.
    #[serde(default)]
    pub title: Vec<String>,
    /// Whole titles or names of files.
    #[serde(default)]
    pub whole: Vec<String>,
    /// Phrases of a title that show another thing.
    #[serde(default)]
    pub not: Vec<String>,
    /// It may call itself a guide all the same.
    #[serde(default)]
    pub guide: bool,
    /// What such a document speaks of.
    pub signs: Vec<String>,
    /// How many of the signs must be met.
    pub enough: usize,
    /// The parts that policies ask for.
    #[serde(default, rename = "section")]
    pub sections: Vec<DocumentSection>,
}

/// One part of a document.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentSection {
    /// The name that policies know it by.
    pub area: String,
    /// Phrases of titles that open it.
    pub titles: Vec<String>,
}
