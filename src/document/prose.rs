//! What is read from Markdown: front matter as a tree, and sections found in all the shapes that headings take in cards.

use super::{Document, Faults};
use crate::source::Span;

/// One Markdown file.
#[derive(Debug, Default)]
pub struct Prose {
    /// The YAML between the `---` lines at the very start, with places in the whole file; `None` without front matter.
    pub front_matter: Option<Document>,
    /// Sections in order. The first has no title and level 0: it holds what stands before the first heading.
    pub sections: Vec<Section>,
    /// Rows of tables in order, as plain text.
    pub rows: Vec<Row>,
    /// The file is a template for cards (Jinja in headings or front matter), not a card.
    pub is_template: bool,
    /// What could not be read.
    pub faults: Faults,
}

/// How a section's title is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    /// `#`, underlined, or an HTML heading.
    Marked,
    /// A bold lead at the start of a paragraph or list item: `**Intended Use Cases** ...`.
    BoldLead,
    /// First cell of a table row with two columns.
    TableRow,
}

/// One section. Each piece of text belongs to exactly one section, the innermost, so that sections can be many without
/// their texts being copied again and again; [`Prose::subtree`] gives a section with all that stands below it.
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
    /// The place of the section's own text, empty at the end of the title when nothing follows.
    pub body_span: Span,
    /// The section's own text, comments, markup and code blocks removed, one block on each line.
    pub body: String,
    /// How many list items, links, images, code blocks and wide tables stand in it: signs of content besides words.
    pub exhibits: usize,
}

impl Prose {
    /// The section at `index` and everything below it, in order.
    pub fn subtree(&self, index: usize) -> impl Iterator<Item = (usize, &Section)> {
        let level = self.sections.get(index).map_or(0, |section| section.level);
        let below = self.sections.iter().enumerate().skip(index + 1);
        let below = below.take_while(move |(_, section)| section.level > level);
        self.sections.get(index).map(|section| (index, section)).into_iter().chain(below)
    }
}

/// A heading, paragraph, list item, row or piece of code, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Level of a heading, from 1; `None` for anything else.
    pub heading: Option<usize>,
    /// Its words; lines as they are broken.
    pub text: String,
    /// Where it begins.
    pub at: Span,
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
    /// Index of the section that it stands in.
    pub section: usize,
}
