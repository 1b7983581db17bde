//! Reads Markdown: front matter, sections and tables.

use crate::document::prose::Prose;

/// Reads one Markdown file.
#[must_use]
pub fn parse(_text: &str) -> Prose {
    Prose::default()
}
