//! `vendor-use` facts from plain text: hosts of vendors, names of their variables, ids of their models.

use super::place::{Part, Places, extension};
use crate::catalogue::{Catalogue, Clue, ClueOf, Vendor};
use crate::document::FileKind;
use crate::extract::Context;
use crate::fact::{Choice, Facts, VendorUse};
use crate::source::Span;
use std::collections::BTreeSet;

/// Follows the clues of vendors through one file.
pub(super) struct Search<'a> {
    places: &'a Places<'a>,
    context: Context<'a>,
    /// Form and name of what was seen: the first place of each is enough.
    seen: BTreeSet<(&'static str, &'a str)>,
}

/// False for prose: it speaks of vendors, it does not use them. Package lists are read by those who know their syntax.
pub(super) fn can_show_use(kind: FileKind) -> bool {
    !matches!(
        kind,
        FileKind::Markdown
            | FileKind::AgentInstructions
            | FileKind::Requirements
            | FileKind::Pyproject
            | FileKind::CondaEnvironment
            | FileKind::PackageJson
            | FileKind::Packages(_)
            | FileKind::DvcLock
            | FileKind::Croissant
            | FileKind::DataJson
            | FileKind::DataYaml
    )
}

impl<'a> Search<'a> {
    pub(super) fn new(places: &'a Places<'a>, context: &Context<'a>) -> Self {
        Self { places, context: *context, seen: BTreeSet::new() }
    }

    pub(super) fn follow(&mut self, clue: Clue, facts: &mut Facts) {
        let text = self.places.text();
        let catalogue = self.context.catalogue;
        let found = match clue.of {
            ClueOf::Key(_) => None,
            ClueOf::Host => host_around(clue.at, text, |host| catalogue.vendor_of_host(host)).map(|it| ("host", it)),
            ClueOf::Variable => variable_around(clue.at, text, catalogue)
                .filter(|(at, _)| self.is_name_in_code(*at))
                .map(|it| ("environment", it)),
            ClueOf::Model => {
                let whole = quoted_id_around(clue.at, text).filter(|at| !is_file_name(at.text(text)));
                whole.and_then(|at| catalogue.vendor_of_model(at.text(text)).map(|vendor| ("model", (at, vendor))))
            }
        };
        let Some((form, (at, vendor))) = found else { return };
        let name = at.text(text);
        if self.seen.contains(&(form, name)) || self.is_mere_talk(at.start) {
            return;
        }
        self.seen.insert((form, name));
        let fact = VendorUse {
            vendor: vendor.id.as_str().into(),
            vendor_name: vendor.name.as_str().into(),
            category: vendor.category.as_str().into(),
            name: name.into(),
            form: Choice(form).0.into(),
            receives_data: vendor.receives_data().into(),
            ..VendorUse::default()
        };
        facts.add(name, at, fact);
    }

    /// In Python the name of a variable is a text of its own; within a longer one it is talk. Magic lines of notebooks set it bare.
    fn is_name_in_code(&self, at: Span) -> bool {
        if self.places.kind == FileKind::JavaScript {
            return !self.is_value_of_key(at);
        }
        if !matches!(self.places.kind, FileKind::Python | FileKind::Notebook) {
            return true;
        }
        let text = self.places.text();
        let quote = text.get(..at.start).and_then(|before| before.chars().next_back());
        let after = text.get(at.end..).unwrap_or_default();
        let after = after.strip_prefix('\\').unwrap_or(after);
        let is_quoted = quote.is_some_and(|quote| matches!(quote, '"' | '\'') && after.starts_with(quote));
        let line = self.places.line_before(at.start);
        is_quoted || ["%env", "%set_env", "!export", "export"].iter().any(|command| line.starts_with(command))
    }

    /// In JavaScript the name of a variable that some key is given (`name: "GROQ_API_KEY"`) is talked about; what reads it takes it as a
    /// name, an index or an argument.
    fn is_value_of_key(&self, at: Span) -> bool {
        let before = self.places.line_before(at.start);
        let Some(before) = before.strip_suffix(['"', '\'', '`']) else { return false };
        before.trim_end().ends_with(':')
    }

    /// Comments, prose of notebooks and what running a notebook has printed.
    fn is_mere_talk(&self, offset: usize) -> bool {
        matches!(self.places.part(offset), Some(Part::Prose | Part::Output))
            || self.is_prose_file()
            || self.places.is_comment(offset)
            || self.places.is_printed(offset)
    }

    fn is_prose_file(&self) -> bool {
        self.places.kind == FileKind::Text
            && matches!(self.places.extension(), "rst" | "txt" | "html" | "jsonl" | "sql")
    }
}

/// `gpt-4o-results.json` is what somebody has kept, not whom somebody asks.
fn is_file_name(id: &str) -> bool {
    matches!(
        extension(id),
        "json"
            | "jsonl"
            | "yaml"
            | "yml"
            | "toml"
            | "csv"
            | "tsv"
            | "parquet"
            | "md"
            | "txt"
            | "html"
            | "py"
            | "ipynb"
            | "sh"
            | "js"
            | "ts"
            | "jar"
            | "log"
            | "png"
            | "jpg"
            | "svg"
            | "pdf"
            | "pkl"
    )
}

/// How far a name is followed to either side. Hosts have 253 characters at most.
const REACH: usize = 253;

/// The bytes around `at` that are of the name, up to [`REACH`] on either side. The bytes that count are all ASCII.
fn widened(at: Span, text: &str, is_of_name: impl Fn(u8) -> bool) -> Span {
    let bytes = text.as_bytes();
    let before = bytes.get(..at.start).unwrap_or_default().iter().rev().take(REACH);
    let after = bytes.get(at.end..).unwrap_or_default().iter().take(REACH);
    let left = before.take_while(|byte| is_of_name(**byte)).count();
    let right = after.take_while(|byte| is_of_name(**byte)).count();
    Span::new(at.start - left, at.end + right)
}

/// The whole name of the variable whose letters stand at `at`, and its vendor. A prefix (`PROD_`, `VITE_`) leaves it the vendor's.
fn variable_around<'v>(at: Span, text: &str, catalogue: &'v Catalogue) -> Option<(Span, &'v Vendor)> {
    let whole = widened(at, text, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if whole == at {
        return Some((whole, catalogue.vendor_of_env(at.text(text))?));
    }
    let prefix = Span::new(whole.start, at.start).text(text);
    // `AZURE_OPENAI_API_KEY` is a name of its own.
    let is_prefixed =
        whole.end == at.end && prefix.ends_with('_') && catalogue.vendor_of_env(whole.text(text)).is_none();
    is_prefixed.then(|| catalogue.vendor_of_env(at.text(text))).flatten().map(|vendor| (whole, vendor))
}

/// The host whose letters stand at `at`, and its vendor. Parts that only running the program would fill (`{region}`) count as any label.
fn host_around<'v>(at: Span, text: &str, vendor_of: impl Fn(&str) -> Option<&'v Vendor>) -> Option<(Span, &'v Vendor)> {
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let is_of_template = |byte: u8| is_of_host(byte) || matches!(byte, b'{' | b'}' | b'$' | b'_');
    let plain = widened(at, text, is_of_host);
    // A full stop may end a sentence as well as a host.
    let plain = Span::new(plain.start, plain.start + plain.text(text).trim_end_matches(['.', '-']).len());
    let template = widened(at, text, is_of_template);
    let is_address = |host: Span| {
        let before = text.get(..host.start).unwrap_or_default();
        // Somebody's mail address is no interface.
        !before.ends_with('@')
    };
    [plain, template]
        .into_iter()
        .filter(|host| is_address(*host))
        .find_map(|host| Some((host, vendor_of(host.text(text))?)))
}

/// The whole model id around `at`, when it is a value of its own: between quotes, or all that stands behind `:` or `=`.
fn quoted_id_around(at: Span, text: &str) -> Option<Span> {
    let is_of_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'/' | b'@');
    let whole = widened(at, text, is_of_id);
    if whole.start != at.start {
        return None;
    }
    let before = text.get(..whole.start)?;
    let after = text.get(whole.end..)?;
    // In a notebook the quotes of the code are escaped in its JSON.
    let after = after.strip_prefix('\\').unwrap_or(after);
    let quote = before.chars().next_back()?;
    if matches!(quote, '"' | '\'' | '`') {
        return after.starts_with(quote).then_some(whole);
    }
    let before = before.trim_end_matches(' ');
    let ends = after.is_empty() || after.starts_with(['\n', '\r', ' ', ',']);
    (before.ends_with([':', '=']) && ends).then_some(whole)
}
