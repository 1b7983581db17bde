//! Reads Markdown: front matter by hand, the rest with pulldown-cmark, which only this module knows.

mod front_matter;
mod html;
mod outline;
mod title;

pub use outline::outline;

use crate::document::prose::{Heading, Prose, Row, Section};
use crate::parse::yaml;
use crate::source::Span;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Bold leads are deeper than every marked heading; one in a list item is deeper by the nesting of its list.
const LEAD_LEVEL: usize = 7;
/// Leads in lists that nest deeper than this count as siblings.
const LEAD_DEPTHS: usize = 3;
/// A row of a table is deeper than every lead.
const ROW_LEVEL: usize = LEAD_LEVEL + LEAD_DEPTHS + 1;
/// Bold text that is longer is emphasis, not a title.
const LEAD_LIMIT: usize = 160;

/// A heading of so many words that ends with a colon is a sentence.
const SENTENCE_WORDS: usize = 8;

/// Reads front matter, sections and table rows.
#[must_use]
pub fn parse(text: &str) -> Prose {
    let mut prose = Prose::default();
    let mut start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    if let Some(found) = front_matter::find(text) {
        let source = found.yaml.text(text);
        prose.is_template = is_jinja(source);
        let document = yaml::parse_at(source, found.yaml.start);
        if !prose.is_template {
            prose.faults.clone_from(&document.faults);
        }
        prose.front_matter = Some(document);
        start = found.end;
    }
    let mut builder = Builder::new(text, prose, start);
    let markdown = text.get(start..).unwrap_or_default();
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        builder.read(event, range);
    }
    builder.prose
}

fn is_jinja(text: &str) -> bool {
    (text.contains("{{") && text.contains("}}")) || (text.contains("{%") && text.contains("%}"))
}

/// What the text that is being read will become.
enum Capture {
    /// Text of the innermost section.
    Body,
    /// Title of a marked heading.
    Heading { level: usize, title: String },
    /// Title of a bold lead.
    Lead { title: String },
    /// The last cell of the row.
    Row { cells: Vec<String>, is_header: bool },
    /// An HTML block.
    Html,
    /// Code: not words of the author's.
    Code,
}

/// Puts the events of pulldown-cmark together to sections.
struct Builder<'a> {
    /// The whole file.
    source: &'a str,
    prose: Prose,
    /// Where the Markdown begins in the file.
    offset: usize,
    /// Sections that have not ended, outermost first; the first of all never ends.
    open: Vec<usize>,
    capture: Capture,
    /// No text of the present paragraph or list item was seen yet, so that bold text would be its lead.
    at_block_start: bool,
    /// How many list items are open.
    items: usize,
    /// How many images are open, whose text is not shown.
    images: usize,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, mut prose: Prose, offset: usize) -> Self {
        prose.sections.push(section(String::new(), 0, Heading::Marked, Span::empty(offset)));
        Self {
            source,
            prose,
            offset,
            open: vec![0],
            capture: Capture::Body,
            at_block_start: false,
            items: 0,
            images: 0,
        }
    }

    fn read(&mut self, event: Event<'_>, range: Range<usize>) {
        let span = Span::new(range.start, range.end).shifted(self.offset);
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag, span),
            Event::Text(text) | Event::Code(text) => self.text(&text, span),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.text(" ", span),
            Event::SoftBreak => self.text(" ", span),
            Event::HardBreak => self.text("\n", span),
            Event::Rule => self.new_line(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.capture = Capture::Heading { level: *level as usize, title: String::new() };
            }
            Tag::Paragraph => {
                self.new_line();
                self.at_block_start = true;
            }
            Tag::Item => {
                self.new_line();
                self.items += 1;
                self.at_block_start = true;
                self.exhibit();
            }
            Tag::Strong if self.at_block_start && matches!(self.capture, Capture::Body) => {
                self.capture = Capture::Lead { title: String::new() };
            }
            Tag::Link { .. } => self.exhibit(),
            Tag::Image { .. } => {
                self.images += 1;
                self.exhibit();
            }
            Tag::CodeBlock(_) => {
                self.exhibit();
                self.capture = Capture::Code;
            }
            Tag::HtmlBlock => self.capture = Capture::Html,
            Tag::TableHead => self.capture = Capture::Row { cells: Vec::new(), is_header: true },
            Tag::TableRow => self.capture = Capture::Row { cells: Vec::new(), is_header: false },
            Tag::TableCell => {
                if let Capture::Row { cells, .. } = &mut self.capture {
                    cells.push(String::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Heading(_) => {
                if let Capture::Heading { level, title } = std::mem::replace(&mut self.capture, Capture::Body) {
                    self.heading(&title, level, span);
                }
            }
            TagEnd::Strong => {
                if let Capture::Lead { title } = &mut self.capture {
                    let title = std::mem::take(title);
                    self.capture = Capture::Body;
                    self.lead(&title, span);
                }
            }
            TagEnd::Item => {
                self.close_leads_deeper_than(LEAD_LEVEL + self.items.min(LEAD_DEPTHS));
                self.items = self.items.saturating_sub(1);
                self.at_block_start = false;
                self.new_line();
            }
            TagEnd::Paragraph => {
                self.at_block_start = false;
                self.new_line();
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::CodeBlock => self.capture = Capture::Body,
            TagEnd::HtmlBlock => {
                self.capture = Capture::Body;
                self.html(span);
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Capture::Row { cells, is_header } = std::mem::replace(&mut self.capture, Capture::Body) {
                    self.row(cells, is_header, span);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if self.images > 0 {
            return;
        }
        match &mut self.capture {
            Capture::Heading { title, .. } | Capture::Lead { title } => title.push_str(text),
            Capture::Row { cells, .. } => {
                if let Some(cell) = cells.last_mut() {
                    cell.push_str(text);
                }
            }
            Capture::Html | Capture::Code => {}
            Capture::Body => {
                // An emoji or a number before bold text does not keep it from being a lead.
                if text.contains(char::is_alphabetic) {
                    self.at_block_start = false;
                }
                self.body(text, span);
            }
        }
    }

    /// Adds to the innermost section's text.
    fn body(&mut self, text: &str, span: Span) {
        let Some(section) = self.innermost() else { return };
        let starts = section.body.is_empty();
        let text = match section.heading {
            Heading::BoldLead if starts => text.trim_start_matches([':', '.', '-', '–', '—']).trim_start(),
            _ if starts => text.trim_start(),
            _ => text,
        };
        if text.is_empty() {
            return;
        }
        section.body.push_str(text);
        section.body_span = if starts { span } else { section.body_span.cover(span) };
    }

    fn new_line(&mut self) {
        if let Some(section) = self.innermost()
            && !section.body.is_empty()
            && !section.body.ends_with('\n')
        {
            section.body.push('\n');
        }
    }

    fn exhibit(&mut self) {
        if matches!(self.capture, Capture::Body)
            && let Some(section) = self.innermost()
        {
            section.exhibits += 1;
        }
    }

    fn innermost(&mut self) -> Option<&mut Section> {
        let index = self.open.last().copied().unwrap_or_default();
        self.prose.sections.get_mut(index)
    }

    fn heading(&mut self, raw: &str, level: usize, span: Span) {
        // "### We focused on the following risk areas:" leads on in the section before; it opens none of its own.
        if raw.trim_end().ends_with(':') && raw.split_whitespace().count() >= SENTENCE_WORDS {
            self.body(raw, span);
            self.new_line();
            return;
        }
        self.prose.is_template |= is_jinja(raw);
        let title = title::normalise(raw);
        let first_line = span.text(self.source).lines().next().unwrap_or_default().trim_end();
        let place = Span::new(span.start, span.start + first_line.len());
        self.open_section(section(title, level, Heading::Marked, place));
    }

    fn lead(&mut self, raw: &str, span: Span) {
        let title = title::normalise(raw);
        if title.is_empty() || title.len() > LEAD_LIMIT {
            self.at_block_start = false;
            self.body(raw, span);
            return;
        }
        let level = LEAD_LEVEL + self.items.min(LEAD_DEPTHS);
        self.open_section(section(title, level, Heading::BoldLead, span));
    }

    fn open_section(&mut self, section: Section) {
        self.close_leads_deeper_than(section.level);
        self.open.push(self.prose.sections.len());
        self.prose.sections.push(section);
        self.at_block_start = false;
    }

    /// Ends open sections of this level and deeper ones.
    fn close_leads_deeper_than(&mut self, level: usize) {
        let sections = &self.prose.sections;
        let level_of = |index: usize| sections.get(index).map_or(0, |section| section.level);
        while self.open.len() > 1 && self.open.last().is_some_and(|index| level_of(*index) >= level) {
            self.open.pop();
        }
    }

    fn row(&mut self, mut cells: Vec<String>, is_header: bool, span: Span) {
        for cell in &mut cells {
            *cell = cell.trim().to_owned();
        }
        let inside = self.open.last().copied().unwrap_or_default();
        let span = Span::new(span.start, span.start + span.text(self.source).trim_end().len());
        if let ([question, answer], false) = (cells.as_slice(), is_header) {
            self.open_section(section(title::normalise(question), ROW_LEVEL, Heading::TableRow, span));
            self.body(answer, span);
            self.open.pop();
        } else {
            self.exhibit();
            self.new_line();
            self.body(&cells.join(" "), span);
            self.new_line();
        }
        self.prose.rows.push(Row { cells, span, is_header, section: inside });
    }

    fn html(&mut self, block: Span) {
        self.new_line();
        for piece in html::read(block.text(self.source)) {
            let place = |range: Range<usize>| Span::new(range.start, range.end).shifted(block.start);
            match piece {
                html::Piece::Text(text, range) => {
                    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    self.body(&words, place(range));
                    self.new_line();
                }
                html::Piece::Heading(level, title, range) => self.heading(&title, level, place(range)),
                html::Piece::Row(cells, is_header, range) => self.row(cells, is_header, place(range)),
                html::Piece::Exhibit => self.exhibit(),
            }
        }
    }
}

fn section(title: String, level: usize, heading: Heading, place: Span) -> Section {
    Section {
        title,
        level,
        heading,
        title_span: place,
        body_span: Span::empty(place.end),
        body: String::new(),
        exhibits: 0,
    }
}

#[cfg(test)]
mod tests;
