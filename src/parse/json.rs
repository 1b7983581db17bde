//! Reads JSON into the tree of all syntaxes.

use crate::document::Document;

/// Reads one JSON file.
#[must_use]
pub fn parse(_text: &str) -> Document {
    Document::default()
}
