//! Whether a Markdown file governs something, told by its title or name together with what it says; neither alone proves it.

use crate::catalogue::{Catalogue, DocumentKind};
use crate::document::prose::{Heading, Prose, Section};
use crate::extract::card::quality;
use crate::extract::card::words::Words;
use crate::source::{SourceFile, Span, folder};

/// A text of so many words of its own is written, whatever placeholders stand in it.
const WRITTEN_WORDS: usize = 40;
/// Fewer are no sentence.
const SENTENCE_WORDS: usize = 5;
/// The name of a file that says nothing of what is in it.
const NAMELESS: &[&str] = &["readme", "index"];

/// A document and what shows its kind.
#[derive(Debug)]
pub(super) struct Recognised<'a> {
    pub kind: &'a DocumentKind,
    pub title: Title<'a>,
    /// The first placeholder, where the document holds nothing else.
    pub placeholder: Option<Span>,
}

/// The title of a document: its first heading, or the name of its file where it has none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Title<'a> {
    pub text: &'a str,
    pub at: Option<Span>,
}

pub(super) fn recognise<'a>(
    file: &'a SourceFile,
    prose: &'a Prose,
    catalogue: &'a Catalogue,
) -> Option<Recognised<'a>> {
    let documents = &catalogue.documents;
    let stem = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem);
    let title = title(prose).unwrap_or(Title { text: stem, at: None });
    let (title_words, stem_words) = (Words::of(title.text), Words::of(stem));
    let is_nameless = NAMELESS.iter().any(|nameless| stem_words.are(nameless));
    let announced = |kind: &&DocumentKind| {
        let by_title = announces(kind, &title_words) && (!is_nameless || opens(kind, &title_words));
        (by_title || (!is_nameless && announces(kind, &stem_words)))
            && !is_product(kind, &title_words, &documents.product)
    };
    let mut candidates = documents.kinds.iter().filter(announced).peekable();
    candidates.peek()?;
    let is_guide = documents.guide.iter().any(|word| title_words.have(word));
    if prose.is_template || is_fed(&file.path, &documents.fed) || is_skill(prose) {
        return None;
    }
    let text = whole_text(prose);
    let words = Words::of(&text);
    let placeholder = placeholder(file, prose);
    let found = candidates.find(|kind| {
        let met = kind.signs.iter().filter(|sign| words.have(sign)).count();
        // What is not written yet cannot speak of anything: then name and title must agree.
        let agreed = placeholder.is_some() && announces(kind, &title_words) && announces(kind, &stem_words);
        let is_another = (is_guide && !kind.guide) || kind.not.iter().any(|phrase| title_words.have(phrase));
        !is_another && (met >= kind.enough || agreed)
    })?;
    Some(Recognised { kind: found, title, placeholder })
}

fn announces(kind: &DocumentKind, words: &Words) -> bool {
    kind.title.iter().any(|phrase| words.have(phrase)) || kind.whole.iter().any(|phrase| words.are(phrase))
}

/// The words begin with a phrase of the kind: of a page without a name only such a title is believed.
fn opens(kind: &DocumentKind, words: &Words) -> bool {
    let phrases = kind.title.iter().chain(&kind.whole);
    phrases.map(|phrase| phrase.trim_end_matches('*')).any(|phrase| words.begin_with(phrase))
}

/// An "incident response agent" is no incident response.
fn is_product(kind: &DocumentKind, title: &Words, products: &[String]) -> bool {
    kind.title
        .iter()
        .any(|phrase| title.have(phrase) && products.iter().any(|product| title.have(&format!("{phrase} {product}"))))
}

/// The first heading, and which section it opens.
pub(super) fn first_heading(prose: &Prose) -> Option<(usize, &Section)> {
    let marked = |section: &Section| section.heading == Heading::Marked && section.level > 0;
    prose.sections.iter().enumerate().find(|(_, section)| marked(section))
}

fn title(prose: &Prose) -> Option<Title<'_>> {
    let stated = prose.front_matter.as_ref().and_then(|document| document.root()?.get("title"));
    let stated = stated.and_then(|node| Some(Title { text: node.text()?, at: Some(node.span) }));
    let headed =
        || first_heading(prose).map(|(_, section)| Title { text: &section.title, at: Some(section.title_span) });
    stated.or_else(headed).filter(|title| !title.text.is_empty())
}

/// Everything that is said, titles included; rows of tables stand in the sections.
pub(super) fn whole_text(prose: &Prose) -> String {
    let mut text = String::new();
    for section in &prose.sections {
        for part in [&section.title, &section.body] {
            text.push_str(part);
            text.push('\n');
        }
    }
    text
}

/// Lies in a folder whose Markdown is fed to assistants or models.
fn is_fed(path: &str, fed: &[String]) -> bool {
    folder(path).split('/').any(|part| fed.iter().any(|folder| folder.eq_ignore_ascii_case(part)))
}

/// A skill or command of an assistant has a name and a description in front.
fn is_skill(prose: &Prose) -> bool {
    let front = prose.front_matter.as_ref().and_then(|document| document.root());
    front.is_some_and(|front| front.has("description") && (front.has("name") || front.has("allowed-tools")))
}

/// The first placeholder of a document that hardly says anything besides.
fn placeholder(file: &SourceFile, prose: &Prose) -> Option<Span> {
    let mut first = None;
    let (mut own_words, mut written, mut unwritten) = (0, 0, 0);
    for section in &prose.sections {
        let filler = section.body.lines().filter(|line| quality::is_filler(line)).count();
        let own = section.body.lines().filter(|line| !quality::is_filler(line)).map(|line| Words::of(line).count());
        let own: usize = own.sum();
        if filler > 0 && first.is_none() {
            first = Some(section.body_span);
        }
        own_words += own;
        unwritten += filler;
        written += usize::from(own >= SENTENCE_WORDS);
    }
    let body = first.filter(|_| own_words < WRITTEN_WORDS && unwritten > 2 * written)?;
    Some(filler_line(body, &file.text))
}

/// The first placeholder among the lines of a body; where a sentence of a template is wrapped over lines, the first line.
fn filler_line(body: Span, source: &str) -> Span {
    let mut start = body.start;
    let mut first_line = None;
    for line in body.text(source).split_inclusive('\n') {
        let blanks = line.len() - line.trim_start().len();
        let at = Span::new(start + blanks, start + blanks + line.trim().len());
        if quality::is_filler(line.trim()) {
            return at;
        }
        if !line.trim().is_empty() {
            first_line = first_line.or(Some(at));
        }
        start += line.len();
    }
    first_line.unwrap_or(body)
}
