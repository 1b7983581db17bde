//! What a document says of itself: owner, contact, days of review. It stands in front matter, bold leads, tables of two columns, or
//! lines of the form `Owner: ...`.

use crate::document::Node;
use crate::document::prose::Prose;
use crate::extract::card::date;
use crate::extract::card::quality;
use crate::extract::card::words::Words;
use crate::fact::Field;
use crate::source::{SourceFile, Span};

/// What a document says of itself.
#[derive(Debug, Default)]
pub(super) struct Particulars {
    pub owner: Field<String>,
    pub contact: Field<String>,
    pub date: Field<String>,
    pub next_review: Field<String>,
}

const OWNER: &[&str] = &[
    "owner",
    "document owner",
    "policy owner",
    "owned by",
    "author",
    "approved by",
    "responsible",
    "maintained by",
    "prepared by",
    "risk owner",
    "plan owner",
];
const DATE: &[&str] = &[
    "last reviewed",
    "last review",
    "reviewed",
    "reviewed on",
    "review date",
    "last updated",
    "last update",
    "updated",
    "last modified",
    "date",
    "effective date",
    "effective",
    "last revised",
    "revised",
    "generated",
    "approved on",
    "version date",
    "last reviewed on",
    "last updated on",
];
const NEXT_REVIEW: &[&str] = &[
    "next review",
    "next review date",
    "next review due",
    "review due",
    "review by",
    "next reviewed",
    "expires",
    "valid until",
];
/// Parts of addresses of links that lead to where trouble is reported.
const REPORTING_LINKS: &[&str] = &[
    "vuln",
    "bounty",
    "advisor",
    "disclos",
    "hackerone",
    "bugcrowd",
    "huntr",
    "intigriti",
    "yeswehack",
    "report",
    "security.txt",
];
/// Parts of addresses that lead to people all the same.
const OTHER_LINKS: &[&str] = &["security", "contact", "/issues", "slack", "discord", "teams.microsoft"];
/// Ways to report that need no address.
const REPORTING_PHRASES: &[&str] = &[
    "private vulnerability report*",
    "report a vulnerability button",
    "security advisor*",
    "security tab",
    "advisories tab",
    "privately report",
    "email the maintainer*",
    "contact the maintainer*",
    "email the author*",
    "contact the author*",
    "message the maintainer*",
    "pagerduty",
    "on call rotation",
];
/// A label is short, and so is what it labels: more is a sentence.
const LABEL_WORDS: usize = 4;
const VALUE_LIMIT: usize = 160;

pub(super) fn read(file: &SourceFile, prose: &Prose) -> Particulars {
    let pairs = pairs(prose);
    let find = |labels: &[&str]| pairs.iter().find(|pair| labels.iter().any(|label| pair.label.are(label)));
    let owner = find(OWNER).map_or_else(|| Field::known(""), |pair| Field::found(pair.value.clone(), pair.at));
    let dated = |labels: &[&str]| find(labels).map_or_else(|| Field::known(""), |pair| day(&pair.value, pair.at));
    Particulars { owner, contact: contact(file, prose), date: dated(DATE), next_review: dated(NEXT_REVIEW) }
}

/// A day as documents write it; unknown when what stands there names none.
pub(super) fn day(text: &str, at: Span) -> Field<String> {
    date::latest(text).map_or_else(|| Field::unresolved(at), |day| Field::found(day, at))
}

struct Pair {
    label: Words,
    value: String,
    at: Span,
}

/// Every label with what it labels, front matter first. Placeholders label nothing.
fn pairs(prose: &Prose) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |label: &str, value: &str, at: Span| {
        let value = value.trim().trim_start_matches(':').trim();
        let label = Words::of(label);
        if !value.is_empty() && label.count() <= LABEL_WORDS && !quality::is_filler(value) {
            pairs.push(Pair { label, value: value.chars().take(VALUE_LIMIT).collect(), at });
        }
    };
    let front = prose.front_matter.as_ref().and_then(|document| document.root());
    for entry in front.map(Node::entries).unwrap_or_default() {
        for value in entry.node.one_or_many().iter().filter_map(|node| node.scalar()).take(1) {
            add(&entry.key, value, entry.node.span);
        }
    }
    for section in &prose.sections {
        if let Some(first) = section.body.lines().find(|line| !line.trim().is_empty()) {
            add(&section.title, first, section.title_span);
        }
        // `**Owner: Ada**` is a lead whose title holds both.
        if let Some((label, value)) = section.title.split_once(':') {
            add(label, value, section.title_span);
        }
        // `> Generated: 2026-03-28 | Commit: ...` holds several.
        for line in section.body.lines() {
            for (label, value) in line.split(" | ").filter_map(|part| part.split_once(':')) {
                add(label.trim_start_matches(['-', '*', '>', ' ']), value, place(section.body_span));
            }
        }
    }
    for row in &prose.rows {
        if let [label, value, ..] = row.cells.as_slice() {
            add(label.trim_end_matches(':'), value, row.span);
        }
    }
    pairs
}

/// The first bytes of a body: of its lines only the text is kept.
fn place(body: Span) -> Span {
    Span::new(body.start, body.start)
}

/// A way to reach somebody: an e-mail address or a link to report at, any other link to people, or words for a private report.
fn contact(file: &SourceFile, prose: &Prose) -> Field<String> {
    let mut start = 0;
    let mut other = None;
    for word in file.text.split_inclusive(ends_word) {
        let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
        let at = Span::new(start, start + word.trim_end().len());
        start += word.len();
        let lower = bare.to_ascii_lowercase();
        let is_link = lower.contains("://") || lower.starts_with("g.co/");
        let found = || Field::found(bare.chars().take(VALUE_LIMIT).collect::<String>(), at);
        let leads_to = |parts: &[&str]| is_link && parts.iter().any(|part| lower.contains(part));
        if leads_to(REPORTING_LINKS) || is_address(&lower) {
            return found();
        }
        if other.is_none() && leads_to(OTHER_LINKS) {
            other = Some(found());
        }
    }
    let said = || {
        let words = Words::of(&super::recognition::whole_text(prose));
        let phrase = REPORTING_PHRASES.iter().find(|phrase| words.have(phrase)).copied().unwrap_or_default();
        Field::known(phrase.trim_end_matches('*'))
    };
    other.unwrap_or_else(said)
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '<' | '>' | '(' | ')' | '"' | '|' | '`')
}

/// `security@example.com`, also written `security [at] example.com` without blanks.
fn is_address(word: &str) -> bool {
    let plain = word.replace("[at]", "@").replace("(at)", "@").replace("[dot]", ".");
    plain.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.split('.').filter(|part| !part.is_empty()).count() >= 2 && !host.contains('/')
    })
}
