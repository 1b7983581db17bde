//! The licence that a card states.

use super::areas::Area;
use super::reader::Reader;
use super::words::Words;
use crate::fact::Field;
use crate::tree::Tree;

/// Files that hold a licence's text.
const LICENCE_FILES: &[&str] = &[
    "LICENSE",
    "LICENSE.md",
    "LICENSE.txt",
    "LICENCE",
    "LICENCE.md",
    "LICENCE.txt",
    "COPYING",
    "license",
    "LICENSE.rst",
];

/// How the card's own word `unknown` is kept apart from what could not be learnt.
const STATED_UNKNOWN: &str = "stated-unknown";

/// A name is short; longer text describes terms.
const NAME_WORDS: usize = 5;

/// The licence's id in lower case; `''` when there is none, unknown when only terms in words or a licence file are there.
pub(super) fn read(reader: &Reader<'_>, tree: &Tree) -> Field<String> {
    let in_keys = reader.keys.text("license");
    if let Some(stated) = in_keys.value.as_deref().filter(|licence| !licence.is_empty()) {
        let id = stated.to_lowercase();
        let id = if id == "unknown" { STATED_UNKNOWN.to_owned() } else { id };
        return Field { value: Some(id), at: in_keys.at };
    }
    let in_text = reader.particular(Area::Licence);
    match (in_text.value.as_deref(), in_text.at) {
        (Some(name), Some(place)) if !name.is_empty() => {
            let is_name = Words::of(name).count() <= NAME_WORDS;
            return if is_name { Field::found(name.to_lowercase(), place) } else { Field::unresolved(place) };
        }
        _ => {}
    }
    let path = &reader.file.path;
    let has_file = LICENCE_FILES.iter().any(|name| tree.beside_or_above(path, name).is_some());
    if has_file {
        return Field::default();
    }
    let place = in_keys.at.or(in_text.at).or_else(|| reader.keys.place(&reader.file.text));
    Field { value: Some(String::new()), at: place }
}
