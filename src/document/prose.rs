//! What is read from Markdown: front matter as a tree, and sections found in all four shapes that headings take in cards.

use super::{Document, Fault};
use crate::source::Span;

/// One Markdown file.
#[derive(Debug, Default)]
pub struct Prose {
    /// The YAML between the `---` lines at the very start, with places in the whole file; `None` without front matter.
    pub front_matter: Option<Document>,
    /// Sections in order. A section's body ends where the next heading of the same or a higher level starts.
    pub sections: Vec<Section>,
    /// Rows of tables with two columns or more, as plain text.
    pub rows: Vec<Row>,
    /// The file is a template for cards (Jinja in headings or front matter), not a card.
    pub is_template: bool,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// How a section's title is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    /// `#` or underlined.
    Marked,
    /// A bold lead at the start of a paragraph or list item: `**Intended Use Cases** ...`.
    BoldLead,
    /// First cell of a table row.
    TableRow,
}

/// One section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Title as plain text, without markup, numbering, emoji, trailing colon and `[optional]`.
    pub title: String,
    /// Level from 1 for marked headings; deeper than any of them for the other shapes.
    pub level: usize,
    /// How the title is marked.
    pub heading: Heading,
    /// The title's place.
    pub title_span: Span,
    /// The body's place, empty when nothing follows.
    pub body_span: Span,
    /// The body as plain text, comments and markup removed, texts of subsections included.
    pub body: String,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Text of each cell.
    pub cells: Vec<String>,
    /// The row's place.
    pub span: Span,
    /// It is the table's head.
    pub is_header: bool,
}
