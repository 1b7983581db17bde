//! Makes places concrete: bytes become lines, columns and snippets, once, for every format.

use crate::fact::Location;
use crate::finding::{Context, Evidence, Finding, Place, Placed, Region, SNIPPET_LIMIT};
use crate::fingerprint::LineHashes;
use crate::source::{Lines, Span};
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where secrets stand, by file: their text is never shown.
pub type Secrets = BTreeMap<Arc<str>, Vec<Span>>;

/// Lines shown above and below a region.
const MARGIN: usize = 2;
/// Bytes shown before and after a region within a line that is too long to be shown whole.
const MARGIN_OF_LONG_LINE: usize = 200;
/// What is shown instead of each byte of a secret.
const STAR: char = '*';

/// Finds line, column and surrounding text of every place of `findings`, in their order.
///
/// `read` gives the text of a file, once for each file, or `None` where it can no longer be read: such places keep their path and
/// point at the file's first line.
pub fn locate(findings: Vec<Finding>, secrets: &Secrets, read: &mut dyn FnMut(&str) -> Option<String>) -> Vec<Placed> {
    let places: Vec<&Place> = findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.primary).chain(finding.related.iter().map(|(place, _)| place)))
        .collect();
    let mut by_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, place) in places.iter().enumerate() {
        by_file.entry(&place.path).or_default().push(index);
    }

    let mut located: BTreeMap<usize, Region> = BTreeMap::new();
    for (path, indexes) in by_file {
        let places = indexes.iter().filter_map(|index| places.get(*index).copied());
        let text = read(path);
        let secrets = secrets.get(path).map_or(&[][..], Vec::as_slice);
        located.extend(indexes.iter().copied().zip(regions(text.as_deref(), secrets, &places.collect::<Vec<_>>())));
    }

    let mut regions = located.into_values();
    findings
        .into_iter()
        .filter_map(|finding| {
            let region = regions.next()?;
            let related = regions.by_ref().take(finding.related.len()).collect();
            Some(Placed { finding, region, related })
        })
        .collect()
}

/// Finds the lines of all evidence. `read` as for [`locate`].
pub fn locate_evidence<'a>(all: impl Iterator<Item = &'a mut Evidence>, read: &mut dyn FnMut(&str) -> Option<String>) {
    let mut by_file: BTreeMap<Arc<str>, Vec<&mut Evidence>> = BTreeMap::new();
    for evidence in all {
        by_file.entry(Arc::clone(&evidence.place.path)).or_default().push(evidence);
    }
    for (path, evidence) in by_file {
        let Some(text) = read(&path) else { continue };
        let lines = Lines::new(&text);
        for evidence in evidence {
            evidence.line = shown_span(&text, evidence.place.location).map(|span| lines.number(span.start));
        }
    }
}

/// The regions of places that are all in one file.
fn regions(text: Option<&str>, secrets: &[Span], places: &[&Place]) -> Vec<Region> {
    let Some(text) = text else {
        return places.iter().map(|place| whole_file(place, None)).collect();
    };
    let lines = Lines::new(text);
    let hashes = LineHashes::of(text);
    let hidden = &hidden(text, secrets);
    let spans: Vec<Option<(Span, Span)>> = places
        .iter()
        .map(|place| {
            let region = shown_span(text, place.location)?;
            Some((region, context_span(text, &lines, region)))
        })
        .collect();
    let ends =
        spans.iter().flatten().flat_map(|(region, context)| [region.start, region.end, context.start, context.end]);
    let positions = Positions::of(text, &lines, ends.collect());

    let region = |(place, span): (&&Place, &Option<(Span, Span)>)| {
        let Some((region, context)) = *span else {
            return whole_file(place, hashes.line(1));
        };
        let ((line, column), (end_line, end_column)) = positions.ends(region);
        let snippet = starred(text, region, hidden);
        let (first, last) = positions.ends(context);
        let text = starred(text, context, hidden);
        Region {
            path: Arc::clone(&place.path),
            line,
            column,
            end_line,
            end_column,
            bytes: region,
            snippet: Some(snippet),
            context: Some(Context {
                line: first.0,
                column: first.1,
                end_line: last.0,
                end_column: last.1,
                bytes: context,
                text,
            }),
            cell: place.cell,
            absent: matches!(place.location, Location::AbsentFrom(_)),
            line_hash: hashes.line(line),
        }
    };
    places.iter().zip(&spans).map(region).collect()
}

fn whole_file(place: &Place, line_hash: Option<String>) -> Region {
    Region {
        // What is wrong with the repository as a whole has no file; readers of reports want a path all the same.
        path: if place.path.is_empty() { Arc::from(".") } else { Arc::clone(&place.path) },
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
        bytes: Span::empty(0),
        snippet: None,
        context: None,
        cell: place.cell,
        absent: matches!(place.location, Location::AbsentFrom(_)),
        line_hash,
    }
}

/// The bytes that are pointed at: without blanks around them, and not longer than a snippet may be. A thing that is absent
/// is shown by the first line of what should hold it, not by a whole block. `None` when only blanks are there.
fn shown_span(text: &str, location: Location) -> Option<Span> {
    let span = location.span()?.within(text);
    // An empty range stands for what follows on its line.
    let to_line_end = span.start == span.end || matches!(location, Location::AbsentFrom(_));
    let reach = if span.start == span.end { Span::new(span.start, text.len()) } else { span };
    let body = trimmed(text, reach);
    if body.start == body.end {
        return None;
    }
    let line_end = body.text(text).find(['\n', '\r']).filter(|_| to_line_end);
    let length = line_end.unwrap_or(body.end - body.start).min(SNIPPET_LIMIT);
    Some(trimmed(text, cut(text, body.start, length)))
}

/// `length` bytes from `start`, fewer where that would split a character.
fn cut(text: &str, start: usize, length: usize) -> Span {
    let mut end = (start + length).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Span::new(start, end)
}

/// The range without the blanks, and the byte order mark, at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let blank = |c: char| c.is_whitespace() || c == BYTE_ORDER_MARK;
    let body = span.text(text);
    let start = span.start + (body.len() - body.trim_start_matches(blank).len());
    Span::new(start, start + body.trim_matches(blank).len())
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The bytes to show around a region: whole lines where that is not too much.
fn context_span(text: &str, lines: &Lines, region: Span) -> Span {
    let (first, last) = (lines.number(region.start), lines.number(region.end));
    let whole_lines = |margin: usize| {
        let top = lines.line(first.saturating_sub(margin).max(1))?;
        let bottom = lines.line((last + margin).min(lines.count()))?;
        let start =
            if top.start == 0 && text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { top.start };
        let below = Span::new(region.end, bottom.end);
        let end = region.end + below.text(text).trim_end().len();
        let span = Span::new(start, end).cover(region);
        (span.end - span.start <= SNIPPET_LIMIT).then_some(span)
    };
    whole_lines(MARGIN).or_else(|| whole_lines(0)).unwrap_or_else(|| {
        let start = lines.line(first).map_or(region.start, |line| line.start);
        let end = lines.line(last).map_or(region.end, |line| line.end);
        Span::new(
            region.start.saturating_sub(MARGIN_OF_LONG_LINE).max(start),
            (region.end + MARGIN_OF_LONG_LINE).min(end).max(region.end),
        )
        .within(text)
    })
}

/// The shortest and the longest secret, in bytes, that is hidden wherever it stands in its file, and how many of them are.
const REPEATED_SECRET: std::ops::RangeInclusive<usize> = 8..=200;
const REPEATED_SECRETS: usize = 1_000;

/// The bytes to hide, sorted and without overlaps: the secrets, and the same text elsewhere in the file, where it was seen but not
/// told again.
fn hidden(text: &str, secrets: &[Span]) -> Vec<Span> {
    let mut spans: Vec<Span> = secrets.iter().map(|span| span.within(text)).collect();
    let repeated: BTreeSet<&str> = spans.iter().map(|span| span.text(text)).collect();
    let repeated = repeated.into_iter().filter(|secret| REPEATED_SECRET.contains(&secret.len())).take(REPEATED_SECRETS);
    if let Ok(searcher) = AhoCorasick::new(repeated) {
        spans.extend(searcher.find_iter(text).map(|found| Span::new(found.start(), found.end())));
    }
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => *last = last.cover(span),
            _ => merged.push(span),
        }
    }
    merged
}

/// The text at `span`, each byte of a secret replaced. Line ends stay, so that lines can still be counted.
fn starred(text: &str, span: Span, hidden: &[Span]) -> String {
    let first = hidden.partition_point(|secret| secret.end <= span.start);
    let mut secrets = hidden.iter().skip(first).peekable();
    let mut shown = String::new();
    for (offset, character) in span.text(text).char_indices() {
        let at = span.start + offset;
        while secrets.next_if(|secret| secret.end <= at).is_some() {}
        let secret = secrets.peek().is_some_and(|secret| secret.start <= at);
        if secret && !matches!(character, '\n' | '\r') {
            shown.extend(std::iter::repeat_n(STAR, character.len_utf8()));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Lines and columns of many offsets of one text, found in one walk: a minified file has all of its findings on one line, which
/// would otherwise be counted from its start again for each.
struct Positions(BTreeMap<usize, (usize, usize)>);

impl Positions {
    fn of(text: &str, lines: &Lines, offsets: BTreeSet<usize>) -> Self {
        let mut positions = BTreeMap::new();
        let mut counted = 0;
        let (mut line, mut column) = (0, 1);
        for offset in offsets {
            let number = lines.number(offset);
            if number != line {
                counted = lines.line(number).map_or(offset, |line| line.start);
                (line, column) = (number, 1);
            }
            let passed = text.get(counted..offset).unwrap_or_default();
            // The mark is no part of the text: editors and SARIF do not count it.
            let mark = usize::from(counted == 0 && passed.starts_with(BYTE_ORDER_MARK));
            column += passed.encode_utf16().count() - mark;
            counted = offset;
            positions.insert(offset, (line, column));
        }
        Self(positions)
    }

    fn ends(&self, span: Span) -> ((usize, usize), (usize, usize)) {
        let at = |offset: usize| self.0.get(&offset).copied().unwrap_or((1, 1));
        (at(span.start), at(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Level, State};

    fn finding(path: &str, location: Location) -> Finding {
        Finding {
            rule: "encryption/unencrypted-store".to_owned(),
            level: Level::Error,
            level_reason: String::new(),
            systems: Vec::new(),
            message: String::new(),
            primary: Place { path: path.into(), location, cell: None },
            related: Vec::new(),
            more_related: 0,
            subject: String::new(),
            bound_to: "".into(),
            fingerprint: String::new(),
            state: State::Open,
        }
    }

    fn at(text: &str, location: Location) -> Region {
        let placed = locate(vec![finding("a.py", location)], &Secrets::new(), &mut |_| Some(text.to_owned()));
        placed.into_iter().next().unwrap().region
    }

    fn within(text: &str, part: &str) -> Location {
        let start = text.find(part).unwrap();
        Location::Within(Span::new(start, start + part.len()))
    }

    fn bounds(region: &Region) -> (usize, usize, usize, usize) {
        (region.line, region.column, region.end_line, region.end_column)
    }

    #[test]
    fn lines_columns_and_context_are_found() {
        let text = "one\r\ntwo\r\nx = '𝄞' + bad\r\nfour\r\nfive\r\nsix\r\n";
        let region = at(text, within(text, "bad"));
        assert_eq!(bounds(&region), (3, 12, 3, 15));
        assert_eq!(region.snippet.as_deref(), Some("bad"));
        let context = region.context.unwrap();
        assert_eq!(context.text, "one\r\ntwo\r\nx = '𝄞' + bad\r\nfour\r\nfive");
        assert_eq!((context.line, context.column, context.end_line, context.end_column), (1, 1, 5, 5));
        assert_eq!(region.line_hash, LineHashes::of(text).line(3));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let text = "\u{feff}bad = 1\n";
        let region = at(text, within(text, "bad"));
        assert_eq!(bounds(&region), (1, 1, 1, 4));
        assert_eq!(region.context.unwrap().text, "bad = 1");
    }

    #[test]
    fn what_is_absent_is_shown_by_the_first_line_of_its_block() {
        let text = "a = 1\nresource \"b\" \"c\" {\n  x = 1\n}\n";
        let start = text.find("resource").unwrap();
        let region = at(text, Location::AbsentFrom(Span::new(start, text.len())));
        assert_eq!(region.snippet.as_deref(), Some("resource \"b\" \"c\" {"));
        assert_eq!(bounds(&region), (2, 1, 2, 19));
        assert!(region.absent);
    }

    #[test]
    fn an_empty_place_shows_what_follows_and_an_empty_file_is_meant_whole() {
        let text = "a\n  b c\n";
        assert_eq!(at(text, Location::Within(Span::empty(2))).snippet.as_deref(), Some("b c"));
        let empty = at("", Location::Within(Span::new(0, 9)));
        assert_eq!((bounds(&empty), empty.snippet), ((1, 1, 1, 1), None));
        let whole = at(text, Location::WholeFile);
        assert_eq!(
            (bounds(&whole), whole.snippet, whole.line_hash),
            ((1, 1, 1, 1), None, LineHashes::of(text).line(1))
        );
    }

    #[test]
    fn long_lines_and_long_regions_are_cut_and_still_agree_with_their_text() {
        let text = format!("{}bad{}\n", "é".repeat(50_000), "x".repeat(100_000));
        let region = at(&text, within(&text, "bad"));
        assert_eq!((region.line, region.column), (1, 50_001));
        let context = region.context.unwrap();
        assert_eq!(context.bytes.text(&text), context.text);
        assert!(context.text.len() < 500 && context.text.contains("bad"));

        let region = at(&text, Location::Within(Span::new(0, text.len())));
        assert_eq!(region.snippet.as_deref(), Some(region.bytes.text(&text)));
        assert_eq!(region.bytes.end, SNIPPET_LIMIT);
        assert_eq!(region.end_column, SNIPPET_LIMIT / 2 + 1);
    }

    #[test]
    fn secrets_are_starred_out_and_keep_their_length() {
        let text = "user = 1\nkey = 'hunter2é'\n";
        let start = text.find("hunter2").unwrap();
        let secrets = Secrets::from([("a.py".into(), vec![Span::new(start, start + 9), Span::new(start, start + 3)])]);
        let findings = vec![finding("a.py", within(text, "key = 'hunter2é'"))];
        let placed = locate(findings, &secrets, &mut |_| Some(text.to_owned()));
        assert_eq!(placed[0].region.snippet.as_deref(), Some("key = '*********'"));
        assert_eq!(placed[0].region.context.as_ref().unwrap().text, "user = 1\nkey = '*********'");
    }

    #[test]
    fn a_secret_is_hidden_wherever_it_stands_in_its_file() {
        let text = "key = 'NotARealKey0123'\nbad('NotARealKey0123')\n";
        let secrets = Secrets::from([("a.py".into(), vec![Span::new(7, 22)])]);
        let findings = vec![finding("a.py", within(text, "bad('NotARealKey0123')"))];
        let placed = locate(findings, &secrets, &mut |_| Some(text.to_owned()));
        assert_eq!(placed[0].region.snippet.as_deref(), Some("bad('***************')"));
        assert_eq!(placed[0].region.context.as_ref().unwrap().text, "key = '***************'\nbad('***************')");
    }

    #[test]
    fn each_file_is_read_once_and_order_is_kept() {
        let mut first = finding("b.py", Location::Within(Span::new(0, 1)));
        let other = Place { path: "a.py".into(), location: Location::Within(Span::new(2, 3)), cell: Some(4) };
        first.related.push((other, "also here".to_owned()));
        let gone = finding("gone.py", Location::Within(Span::new(5, 6)));
        let mut read = Vec::new();
        let placed = locate(vec![first.clone(), gone, first], &Secrets::new(), &mut |path| {
            read.push(path.to_owned());
            (path != "gone.py").then(|| "1\n2\n3\n".to_owned())
        });
        assert_eq!(read, ["a.py", "b.py", "gone.py"]);
        assert_eq!(placed[0], placed[2]);
        assert_eq!((&*placed[0].region.path, &*placed[0].related[0].path), ("b.py", "a.py"));
        assert_eq!((placed[0].related[0].line, placed[0].related[0].cell), (2, Some(4)));
        assert_eq!((bounds(&placed[1].region), placed[1].region.line_hash.clone()), ((1, 1, 1, 1), None));
    }

    #[test]
    fn a_minified_file_with_many_findings_takes_one_walk() {
        let text = "f();".repeat(100_000);
        let findings = (0..20_000).map(|n| finding("a.js", Location::Within(Span::new(n * 20, n * 20 + 4)))).collect();
        let placed = locate(findings, &Secrets::new(), &mut |_| Some(text.clone()));
        assert_eq!(placed.last().map(|last| last.region.column), Some(19_999 * 20 + 1));
    }
}
