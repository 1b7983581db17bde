//! Reads what may be written in JSON or in YAML, told by its first letter.

use super::{json, yaml};
use crate::document::Document;

/// Reads the file. Most JSON is YAML too, but not where it is indented by tabs.
#[must_use]
pub fn parse(text: &str) -> Document {
    let first = text.trim_start_matches(|letter: char| letter == '\u{feff}' || letter.is_whitespace());
    if first.starts_with('{') { json::parse(text) } else { yaml::parse(text) }
}
