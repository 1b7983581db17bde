//! Reads Markdown as plain blocks in order: for documents whose every word counts, headings that are sentences among them.

use super::front_matter;
use crate::document::prose::Block;
use crate::source::Span;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The headings, paragraphs, list items, rows and code of a document. HTML, comments among it, is left out.
#[must_use]
pub fn outline(text: &str) -> Vec<Block> {
    let byte_order_mark = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let start = front_matter::find(text).map_or(byte_order_mark, |found| found.end);
    let markdown = text.get(start..).unwrap_or_default();
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        let at = Span::new(range.start, range.end).shifted(start);
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                blocks.push(Block { heading: Some(level as usize), text: String::new(), at });
                is_open = true;
            }
            Event::Start(
                Tag::Paragraph | Tag::Item | Tag::CodeBlock(_) | Tag::TableHead | Tag::TableRow | Tag::HtmlBlock,
            )
            | Event::End(
                TagEnd::Heading(_)
                | TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableHead
                | TagEnd::TableRow,
            ) => is_open = false,
            Event::Text(words) | Event::Code(words) => push(&mut blocks, &mut is_open, &words, at),
            Event::SoftBreak | Event::HardBreak => push(&mut blocks, &mut is_open, "\n", at),
            Event::End(TagEnd::TableCell) => push(&mut blocks, &mut is_open, " ", at),
            _ => {}
        }
    }
    blocks.retain(|block| block.heading.is_some() || !block.text.trim().is_empty());
    blocks
}

/// Adds words to the block that is open, or opens one.
fn push(blocks: &mut Vec<Block>, is_open: &mut bool, words: &str, at: Span) {
    match blocks.last_mut().filter(|_| *is_open) {
        Some(block) => block.text.push_str(words),
        None => blocks.push(Block { heading: None, text: words.to_owned(), at }),
    }
    *is_open = true;
}
