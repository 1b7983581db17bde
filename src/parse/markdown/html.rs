//! Reads the HTML that stands in Markdown: headings, table rows and text, as a browser would show them.

use std::ops::Range;

/// A part of an HTML block, with its place in the block.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text between tags.
    Text(String, Range<usize>),
    /// `<h1>` to `<h6>`.
    Heading(usize, String, Range<usize>),
    /// `<tr>`: its cells, and whether it is the table's head.
    Row(Vec<String>, bool, Range<usize>),
    /// A link, image or list item.
    Exhibit,
}

/// Splits a block into its parts. Comments are dropped, also malformed ones (`<!-->`), and one that never ends takes the rest.
pub(super) fn read(html: &str) -> Vec<Piece> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some((before, at_tag)) = rest.find('<').and_then(|index| rest.split_at_checked(index)) {
        let offset = html.len() - at_tag.len();
        reader.text(before, offset - before.len());
        if !starts_tag(at_tag) {
            let (sign, after) = at_tag.split_at_checked(1).unwrap_or_default();
            reader.text(sign, offset);
            rest = after;
            continue;
        }
        let end = match at_tag.strip_prefix("<!--") {
            // Browsers end `<!-->` and `<!--->` at once: the end may share the dashes of the start.
            Some(_) => at_tag.get(2..).and_then(|body| body.find("-->")).map(|index| index + 5),
            None => at_tag.find('>').map(|index| index + 1),
        };
        let Some((tag, after)) = end.and_then(|end| at_tag.split_at_checked(end)) else {
            if !at_tag.starts_with("<!--") {
                reader.text(at_tag, offset);
            }
            rest = "";
            break;
        };
        if !tag.starts_with("<!--") {
            reader.tag(tag, offset);
        }
        rest = after;
    }
    reader.text(rest, html.len() - rest.len());
    reader.pieces
}

/// A `<` that begins a tag or comment, not a sign of comparison.
fn starts_tag(at_tag: &str) -> bool {
    let second = at_tag.as_bytes().get(1).copied();
    second.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'))
}

#[derive(Default)]
struct Reader {
    pieces: Vec<Piece>,
    heading: Option<(usize, String, usize)>,
    row: Option<OpenRow>,
    table_opened: bool,
}

struct OpenRow {
    cells: Vec<String>,
    start: usize,
    /// Every cell is a `<th>`.
    all_headers: bool,
    /// It is the first of its table.
    is_first: bool,
    /// How many cells begin with bold text, which is how converters from other formats write a head.
    bold_cells: usize,
}

impl Reader {
    fn text(&mut self, text: &str, offset: usize) {
        if text.trim().is_empty() {
            return;
        }
        let plain = unescape(text);
        if let Some((_, title, _)) = &mut self.heading {
            title.push_str(&plain);
        } else if let Some(cell) = self.row.as_mut().and_then(|row| row.cells.last_mut()) {
            cell.push_str(&plain);
        } else {
            self.pieces.push(Piece::Text(plain, offset..offset + text.len()));
        }
    }

    fn tag(&mut self, tag: &str, offset: usize) {
        let end = offset + tag.len();
        let inner = tag.trim_start_matches('<').trim_end_matches('>');
        let name = inner.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        let name = name.strip_suffix('/').unwrap_or(name).to_ascii_lowercase();
        match name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes().get(1).map_or(1, |digit| usize::from(digit - b'0'));
                self.heading = Some((level, String::new(), offset));
            }
            "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" => {
                if let Some((level, title, start)) = self.heading.take() {
                    self.pieces.push(Piece::Heading(level, title, start..end));
                }
            }
            "tr" => {
                self.finish_row(offset);
                let is_first = std::mem::take(&mut self.table_opened);
                self.row =
                    Some(OpenRow { cells: Vec::new(), start: offset, all_headers: true, is_first, bold_cells: 0 });
            }
            "table" => self.table_opened = true,
            "strong" | "b" => {
                if let Some(row) = &mut self.row
                    && row.cells.last().is_some_and(|cell| cell.trim().is_empty())
                {
                    row.bold_cells += 1;
                }
            }
            "td" | "th" => {
                if let Some(row) = &mut self.row {
                    row.cells.push(String::new());
                    row.all_headers &= name == "th";
                }
            }
            "/tr" | "/table" => self.finish_row(end),
            "a" | "img" | "li" => {
                self.text(" ", offset);
                self.pieces.push(Piece::Exhibit);
            }
            "br" | "p" | "/p" | "/li" | "div" | "/div" => self.break_line(),
            _ => {}
        }
    }

    fn break_line(&mut self) {
        if let Some((_, title, _)) = &mut self.heading {
            title.push(' ');
        } else if let Some(cell) = self.row.as_mut().and_then(|row| row.cells.last_mut()) {
            cell.push(' ');
        }
    }

    fn finish_row(&mut self, end: usize) {
        let Some(row) = self.row.take() else { return };
        if !row.cells.is_empty() {
            let cells = row.cells.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            let is_header = row.all_headers || (row.is_first && row.bold_cells >= row.cells.len());
            self.pieces.push(Piece::Row(cells, is_header, row.start..end));
        }
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut plain = text.to_owned();
    for (entity, character) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        plain = plain.replace(entity, character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> String {
        let text = |piece| if let Piece::Text(text, _) = piece { Some(text) } else { None };
        read(html).into_iter().filter_map(text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn comments_are_dropped_however_they_are_written() {
        assert_eq!(texts("a<!-- b -->c<!-->d<!--->e"), "a|c|d|e");
        assert_eq!(texts("a <!-- never ends <b>"), "a ");
        assert_eq!(texts("1 < 2 and no tag"), "1 |<| 2 and no tag");
    }

    #[test]
    fn rows_and_headings_are_found() {
        let html =
            "<H2 align=center>Intended <b>Use</b></H2><table><tr><th>A</th><th>B</th></tr><tr><td>1<br>2<td>&lt;3</tr>";
        let pieces = read(html);
        let heading = |piece: &Piece| matches!(piece, Piece::Heading(2, title, _) if title == "Intended Use");
        assert!(pieces.iter().any(heading), "{pieces:?}");
        let rows: Vec<_> =
            pieces.iter().filter_map(|p| if let Piece::Row(c, h, _) = p { Some((c, *h)) } else { None }).collect();
        assert_eq!(
            rows,
            [(&vec!["A".to_owned(), "B".to_owned()], true), (&vec!["1 2".to_owned(), "<3".to_owned()], false)]
        );
    }

    #[test]
    fn a_first_row_in_bold_is_the_head() {
        let html =
            "<table><tr><td><strong>Language</strong></td><td><b>F1</b></td></tr><tr><td><b>Thai</b><td>1</tr></table>";
        let is_header = |piece| if let Piece::Row(_, is_header, _) = piece { Some(is_header) } else { None };
        assert_eq!(read(html).into_iter().filter_map(is_header).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn hostile_html_takes_linear_time() {
        for bomb in ["<".repeat(500_000), "<!--".repeat(200_000), "<td".repeat(200_000), "<tr><td>".repeat(100_000)] {
            read(&bomb);
        }
    }
}
