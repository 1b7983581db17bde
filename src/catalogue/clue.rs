//! What gives AI vendors and secrets away in plain text, looked for in one pass: beginnings of keys, hosts, variables, model ids.

use super::Catalogue;
use crate::source::Span;
use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::{self, DFA};
use aho_corasick::{Anchored, MatchKind};

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
    automaton: Option<DFA>,
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
        let automaton = dfa::Builder::new()
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .ascii_case_insensitive(true)
            .build(texts)
            .ok();
        Self { automaton, letters }
    }

    /// Every clue in this part of the text, in the order of their ends.
    pub(super) fn find<'a>(&'a self, text: &'a str, part: Span) -> impl Iterator<Item = Clue> + 'a {
        let part = part.within(text);
        let matches =
            self.automaton.iter().filter_map(move |automaton| Matches::within(automaton, text, part)).flatten();
        matches.filter_map(move |(pattern, end)| {
            let letters = self.letters.get(pattern)?;
            let at = Span::new(end.checked_sub(letters.text.len())?, end);
            if letters.case_matters && at.text(text) != letters.text {
                return None;
            }
            Some(Clue { at, of: letters.of })
        })
    }
}

/// Every place where a pattern ends, with the row of the pattern. The crate's own iterator over matches that overlap takes twice as many
/// instructions for a byte, and nearly all bytes of a repository pass here.
struct Matches<'a> {
    automaton: &'a DFA,
    bytes: std::slice::Iter<'a, u8>,
    /// How many bytes of the text were read.
    read: usize,
    state: StateID,
    /// How many patterns that end here are still to be told.
    untold: usize,
}

impl<'a> Matches<'a> {
    fn within(automaton: &'a DFA, text: &'a str, part: Span) -> Option<Self> {
        let state = automaton.start_state(Anchored::No).ok()?;
        let bytes = text.as_bytes().get(part.start..part.end)?.iter();
        Some(Self { automaton, bytes, read: part.start, state, untold: 0 })
    }
}

impl Iterator for Matches<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        while self.untold == 0 {
            let length = self.bytes.len();
            let mut state = self.state;
            let automaton = self.automaton;
            let ends = self.bytes.any(|byte| {
                state = automaton.next_state(Anchored::No, state, *byte);
                automaton.is_special(state) && automaton.is_match(state)
            });
            self.state = state;
            self.read += length - self.bytes.len();
            if !ends {
                return None;
            }
            self.untold = automaton.match_len(state);
        }
        let row = self.automaton.match_len(self.state) - self.untold;
        self.untold -= 1;
        Some((self.automaton.match_pattern(self.state, row).as_usize(), self.read))
    }
}

/// The longer part of a host on either side of its `*`.
fn longest_fixed_part(host: &str) -> &str {
    host.split('*').max_by_key(|part| part.len()).unwrap_or(host)
}
