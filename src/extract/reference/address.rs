//! Files of the hub that are fetched by their address: `https://huggingface.co/OWNER/NAME/resolve/REVISION/FILE`.

use super::id::{is_written_like_an_id, pin_of};
use crate::document::FileKind;
use crate::fact::{Choice, Facts, Field, ModelReference};
use crate::source::{SourceFile, Span};
use memchr::memmem;

/// The site that serves the files.
const SITE: &str = "://huggingface.co/";

/// How far an address is followed, and how far before it a line is looked at.
const REACH: usize = 300;

/// What pages show and people look at: of a model or dataset it is no part.
const PICTURES: &[&str] = &[".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".md", ".html"];

/// Programs that fetch an address.
const FETCHING: &[&str] = &["wget", "curl", "aria2c"];

/// Sees addresses of files of the hub in scripts, settings and infrastructure. Prose only speaks of them, and code is read by those
/// who know which of its texts are arguments.
pub(super) fn extract(file: &SourceFile, kind: FileKind, facts: &mut Facts) {
    let is_read = !matches!(
        kind,
        FileKind::Markdown
            | FileKind::AgentInstructions
            | FileKind::Croissant
            | FileKind::Packages(_)
            | FileKind::Python
            | FileKind::JavaScript
    );
    if !is_read {
        return;
    }
    for start in memmem::find_iter(file.text.as_bytes(), SITE) {
        let before = Span::new(start.saturating_sub(REACH), start).text(&file.text);
        let line = before.rsplit('\n').next().unwrap_or(before).trim_start();
        // A notebook's outputs and prose hold addresses too: what a command of it fetches is told by the command.
        let is_fetched = kind != FileKind::Notebook || FETCHING.iter().any(|program| line.contains(program));
        if is_fetched && !["#", "//", "*", "--"].iter().any(|comment| line.starts_with(comment)) {
            let rest = Span::new(start, start + REACH);
            let place = |at: Span| Span::new(start + at.start, start + at.end);
            add(rest.text(&file.text), &place, None, facts);
        }
    }
}

/// Adds what the address in this text fetches. `place` says where bytes of the text stand in the file.
pub(in crate::extract) fn add(text: &str, place: &dyn Fn(Span) -> Span, cell: Option<usize>, facts: &mut Facts) {
    // Most texts hold no address at all, which one byte tells soonest.
    let Some(site) = text.find(':').and_then(|colon| Some(colon + text.get(colon..)?.find(SITE)?)) else { return };
    let from = site + SITE.len();
    let rest = text.get(from..).unwrap_or_default();
    let length = rest.find(|end: char| end.is_whitespace() || "\"'`<>()[]|\\,;".contains(end)).unwrap_or(rest.len());
    let at = place(Span::new(from, from + length));
    let Some((id, revision, kind)) = rest.get(..length).and_then(parts) else { return };
    let reference = ModelReference {
        id: Field::found(id, at),
        kind: kind.into(),
        hub: "hugging-face".into(),
        role: "download".into(),
        revision: Field::found(revision, at),
        pin: Field::found(Choice(pin_of(revision)), at),
        loader: "address".into(),
        ..ModelReference::default()
    };
    facts.add_in_cell(format!("{id} by address"), at, cell, reference);
}

/// Id, revision and kind of what an address fetches; `None` for pages and pictures.
fn parts(path: &str) -> Option<(&str, &str, &'static str)> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let (kind, path) = match path.strip_prefix("datasets/") {
        Some(path) => ("dataset", path),
        None => ("model", path),
    };
    let (id, rest) = ["/resolve/", "/raw/"].iter().find_map(|word| path.split_once(word))?;
    let (revision, fetched) = rest.split_once('/')?;
    let lower = fetched.to_ascii_lowercase();
    let is_part = !fetched.is_empty() && !PICTURES.iter().any(|ending| lower.ends_with(ending));
    let is_whole = id.split('/').count() == 2 && is_written_like_an_id(id) && is_written_like_an_id(revision);
    (is_part && is_whole).then_some((id, revision, kind))
}
