//! What gives AI vendors and secrets away in plain text, looked for in one pass: beginnings of keys, hosts, variables, model ids.

use super::Catalogue;
use crate::source::Span;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

/// One place in a text that is worth a closer look.
#[derive(Debug, Clone, Copy)]
pub struct Clue {
    /// Where the telling letters stand: only a part of the key, host or id.
    pub at: Span,
    /// What it may be part of.
    pub of: ClueOf,
}

/// What a clue may be part of.
#[derive(Debug, Clone, Copy)]
pub enum ClueOf {
    /// A secret of the form in this row of [`Catalogue::keys`].
    Key(usize),
    /// The host of a vendor's interface.
    Host,
    /// The name of a vendor's environment variable.
    Variable,
    /// The id of a vendor's model.
    Model,
}

/// All telling letters in one automaton.
#[derive(Debug)]
pub(super) struct ClueIndex {
    /// `None` only if it could not be built, which a test excludes for the shipped catalogue.
    automaton: Option<AhoCorasick>,
    letters: Vec<Letters>,
}

#[derive(Debug)]
struct Letters {
    text: String,
    /// The automaton does not heed case; most letters tell only as they are written.
    case_matters: bool,
    of: ClueOf,
}

impl ClueIndex {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut letters = Vec::new();
        let mut add = |text: &str, case_matters, of| letters.push(Letters { text: text.to_owned(), case_matters, of });
        for (row, key) in catalogue.keys.iter().enumerate() {
            key.literals.iter().for_each(|literal| add(literal, true, ClueOf::Key(row)));
            key.words.iter().for_each(|word| add(word, false, ClueOf::Key(row)));
        }
        for vendor in &catalogue.vendors {
            vendor.hosts.iter().for_each(|host| add(longest_fixed_part(host), false, ClueOf::Host));
            vendor.env.iter().for_each(|name| add(name, true, ClueOf::Variable));
            vendor.models.iter().for_each(|model| add(model.trim_end_matches('*'), true, ClueOf::Model));
        }
        let texts = letters.iter().map(|letters| &letters.text);
        // Standard matching, because clues lie within others (`OPENAI_API_KEY` in `AZURE_OPENAI_API_KEY`) and all are wanted.
        // The full automaton takes 3 ms and 3 MB more to build than the compact one and reads three times as fast: 330 MB/s.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(texts)
            .ok();
        Self { automaton, letters }
    }

    /// Every clue in this part of the text, in the order of their ends.
    pub(super) fn find<'a>(&'a self, text: &'a str, part: Span) -> impl Iterator<Item = Clue> + 'a {
        let part = Input::new(text).range(part.within(text).start..part.within(text).end);
        let matches = self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(part.clone()));
        matches.filter_map(move |found| {
            let at = Span::new(found.start(), found.end());
            let letters = self.letters.get(found.pattern().as_usize())?;
            if letters.case_matters && at.text(text) != letters.text {
                return None;
            }
            Some(Clue { at, of: letters.of })
        })
    }
}

/// The longer part of a host on either side of its `*`.
fn longest_fixed_part(host: &str) -> &str {
    host.split('*').max_by_key(|part| part.len()).unwrap_or(host)
}
