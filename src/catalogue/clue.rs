//! What gives AI vendors and secrets away in plain text: beginnings of keys, hosts, variables, model ids.

mod common;

use super::Catalogue;
use crate::source::Span;
use aho_corasick::packed::{self, Searcher};
use common::commonness;
use memchr::memmem::Finder;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// How many bytes of the text are looked at before what was found in them is told: the clues of a huge file are never held all at once.
const STRETCH: usize = 18 << 10;

/// How many bytes of telling letters are looked for at once.
const GRAM: usize = 4;

/// Every how many bytes of the text they are looked for.
const STEP: usize = 2;

/// All telling letters, by four of their bytes.
///
/// Nearly all bytes of a repository pass here, and nearly none are a clue. So that most are not looked at one by one, every second
/// position of the text is asked whether its four bytes are known (after Wu and Manber, "A fast algorithm for multi-pattern searching",
/// 1994): each telling letters give two neighbouring quadruples, of which one stands at such a position wherever the letters stand.
/// Letters too short for that are few enough for searchers that compare many bytes at once.
#[derive(Debug, Default)]
pub(super) struct ClueIndex {
    letters: Vec<Letters>,
    /// One bit for each hash of four bytes, set for those that are known.
    marks: Vec<u64>,
    /// How many are set before each word of the marks.
    ranks: Vec<usize>,
    /// The known quadruples, sorted.
    grams: Vec<Gram>,
    /// Where those of each hash begin, in order; the last is their number.
    firsts: Vec<usize>,
    /// `None` only if it could not be built, which a test excludes for the shipped catalogue.
    beginnings: Option<Searcher>,
    /// The rows of the letters with each beginning.
    short: Vec<Vec<usize>>,
    /// What is too short for a beginning, with its row.
    tiny: Vec<(Finder<'static>, usize)>,
}

#[derive(Debug)]
struct Letters {
    text: String,
    /// Four bytes are compared without heed of case; most letters tell only as they are written.
    case_matters: bool,
    of: ClueOf,
}

/// Four bytes of telling letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gram {
    hash: u64,
    /// The row of the letters.
    row: usize,
    /// How far into the letters the four bytes stand.
    offset: usize,
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
        let mut index = Self { letters, ..Self::default() };
        index.sort_letters();
        index
    }

    /// Sorts the letters by how they are looked for.
    fn sort_letters(&mut self) {
        let mut sharing: HashMap<u64, usize> = HashMap::new();
        for letters in &self.letters {
            grams_of(&letters.text).for_each(|gram| *sharing.entry(gram).or_default() += 1);
        }
        let mut short: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        for (row, letters) in self.letters.iter().enumerate() {
            let grams: Vec<u64> = grams_of(&letters.text).collect();
            let common: Vec<usize> = letters.text.as_bytes().windows(GRAM).map(commonness).collect();
            // The rarest: `nrou` and `rout` of a router say more than `ter.` and `er.a`, `penA` and `enAI` more than `_API` and `API_`.
            // One that letters share costs a comparison for each of them.
            let frequency =
                |(gram, common): (&u64, &usize)| 2 * sharing.get(gram).copied().unwrap_or_default() + common;
            let frequencies: Vec<usize> = grams.iter().zip(&common).map(frequency).collect();
            let rarest = frequencies.windows(STEP).enumerate().min_by_key(|(_, both)| both.iter().sum::<usize>());
            let chosen = rarest.and_then(|(offset, _)| Some((offset, grams.get(offset..offset + STEP)?)));
            if let Some((offset, chosen)) = chosen {
                let chosen = chosen.iter().enumerate();
                self.grams.extend(chosen.map(|(after, hash)| Gram { hash: *hash, row, offset: offset + after }));
            } else if letters.text.len() >= BEGINNING {
                for beginning in beginnings(letters) {
                    short.entry(beginning).or_default().push(row);
                }
            } else {
                self.tiny.push((Finder::new(&letters.text).into_owned(), row));
            }
        }
        self.grams.sort_unstable();
        self.marks = vec![0; 1 << (HASH_BITS - WORD_BITS)];
        for gram in &self.grams {
            if let Some(marks) = self.marks.get_mut(word_of(gram.hash)) {
                *marks |= bit_of(gram.hash);
            }
        }
        self.ranks =
            self.marks.iter().scan(0, |set, marks| Some(std::mem::replace(set, *set + ones(*marks)))).collect();
        let begins = |at: &usize| at.checked_sub(1).and_then(|before| self.grams.get(before)).map(|gram| gram.hash);
        let is_first = |at: &usize| begins(at) != self.grams.get(*at).map(|gram| gram.hash);
        self.firsts = (0..=self.grams.len()).filter(is_first).collect();
        let (beginnings, short): (Vec<_>, Vec<_>) = short.into_iter().unzip();
        let build = |config: &packed::Config| config.builder().extend(&beginnings).build();
        // Without the instructions that the fast one needs, a slow one does.
        let mut config = packed::Config::new();
        self.beginnings = build(&config).or_else(|| build(config.only_rabin_karp(true)));
        self.short = short;
    }

    /// Every clue in this part of the text, in the order of their ends within each stretch that is looked at together.
    pub(super) fn find<'a>(&'a self, text: &'a str, part: Span) -> impl Iterator<Item = Clue> + 'a {
        let part = part.within(text);
        let starts = (part.start..part.end).step_by(STRETCH);
        starts.flat_map(move |start| {
            let mut found = Vec::new();
            let stretch = Span::new(start, part.end.min(start.saturating_add(STRETCH)));
            let place = Place { text: text.as_bytes(), part, stretch };
            self.find_long(place, &mut found);
            self.find_short(place, &mut found);
            found.sort_by_key(|clue| (clue.at.end, clue.at.start));
            found
        })
    }

    fn find_long(&self, place: Place<'_>, found: &mut Vec<Clue>) {
        let Place { text, part, stretch } = place;
        let end = part.end.min(stretch.end.saturating_add(GRAM - STEP));
        let bytes = text.get(stretch.start..end).unwrap_or_default();
        let advance = QUADRUPLES_IN_EIGHT * STEP;
        let mut at = stretch.start;
        for eight in bytes.windows(EIGHT).step_by(advance) {
            let eight = folded(eight);
            if self.is_marked(eight) {
                self.look_closer(eight, at, place, found);
            }
            at += advance;
        }
        // What is left over is filled up with zeros, which at most cost a closer look.
        while at < stretch.end {
            self.look_closer(folded(text.get(at..end).unwrap_or_default()), at, place, found);
            at += advance;
        }
    }

    /// True when one of the quadruples of eight bytes may be known.
    #[inline]
    fn is_marked(&self, eight: u64) -> bool {
        let marks = |hash: u64| self.marks.get(word_of(hash)).map_or(0, |marks| marks >> (hash & BIT_MASK));
        quadruples(eight).into_iter().fold(0, |all, hash| all | marks(hash)) & 1 == 1
    }

    /// Follows the letters whose quadruples may be among eight bytes, which stand at `at`.
    #[inline(never)] // Rarely called: the loop around it is to stay small.
    fn look_closer(&self, eight: u64, at: usize, place: Place<'_>, found: &mut Vec<Clue>) {
        for (quadruple, hash) in quadruples(eight).into_iter().enumerate() {
            let at = at + quadruple * STEP;
            for gram in self.known(hash) {
                let start = at.checked_sub(gram.offset);
                if let Some(clue) = start.and_then(|start| self.clue(gram.row, start, place)) {
                    found.push(clue);
                }
            }
        }
    }

    /// The known quadruples of this hash.
    #[inline]
    fn known(&self, hash: u64) -> &[Gram] {
        let (word, bit) = (word_of(hash), bit_of(hash));
        let marks = self.marks.get(word).copied().unwrap_or_default();
        if marks & bit == 0 {
            return &[];
        }
        let rank = self.ranks.get(word).copied().unwrap_or_default() + ones(marks & (bit - 1));
        match self.firsts.get(rank..rank + 2) {
            Some(&[first, end]) => self.grams.get(first..end).unwrap_or_default(),
            _ => &[],
        }
    }

    fn find_short(&self, place: Place<'_>, found: &mut Vec<Clue>) {
        let Place { text, part, stretch } = place;
        let end = part.end.min(stretch.end.saturating_add(BEGINNING - 1));
        let Some(searched) = text.get(..end) else { return };
        for (finder, row) in &self.tiny {
            let starts = finder.find_iter(searched.get(stretch.start..).unwrap_or_default());
            let starts = starts.map(|start| stretch.start + start).filter(|start| *start < stretch.end);
            found.extend(starts.filter_map(|start| self.clue(*row, start, place)));
        }
        let Some(beginnings) = &self.beginnings else { return };
        let mut from = stretch.start;
        while let Some(seen) = beginnings.find_in(searched, (from..end).into()) {
            for row in self.short.get(seen.pattern().as_usize()).into_iter().flatten() {
                found.extend(self.clue(*row, seen.start(), place).filter(|_| seen.start() < stretch.end));
            }
            // Letters may begin within others.
            from = seen.start() + 1;
        }
    }

    /// The clue of the letters in this row, if they stand at `start`.
    fn clue(&self, row: usize, start: usize, Place { text, part, .. }: Place<'_>) -> Option<Clue> {
        let letters = self.letters.get(row)?;
        let at = Span::new(start, start + letters.text.len());
        if at.start < part.start || at.end > part.end {
            return None;
        }
        let written = text.get(at.start..at.end)?;
        let known = letters.text.as_bytes();
        let is_same = if letters.case_matters { written == known } else { written.eq_ignore_ascii_case(known) };
        is_same.then_some(Clue { at, of: letters.of })
    }
}

/// What is looked at: a stretch of a part of a text. Clues that begin in the stretch may end behind it, but not behind the part.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a [u8],
    part: Span,
    stretch: Span,
}

/// How many bytes are read at once, and how many quadruples at every second place lie in them.
const EIGHT: usize = 8;
const QUADRUPLES_IN_EIGHT: usize = 3;

/// How many bits a hash of four bytes has: the marks of more would not fit into the fastest cache.
const HASH_BITS: u32 = 17;

/// A word of the marks holds 64, so that six bits of a hash say which.
const WORD_BITS: u32 = 6;
const BIT_MASK: u64 = (1 << WORD_BITS) - 1;

fn word_of(hash: u64) -> usize {
    usize::try_from(hash >> WORD_BITS).unwrap_or(usize::MAX)
}

fn bit_of(hash: u64) -> u64 {
    1 << (hash & BIT_MASK)
}

fn ones(marks: u64) -> usize {
    usize::try_from(marks.count_ones()).unwrap_or_default()
}

/// The hashes of the quadruples that are looked for in eight bytes.
fn quadruples(eight: u64) -> [u64; QUADRUPLES_IN_EIGHT] {
    std::array::from_fn(|quadruple| hash(eight >> (quadruple * STEP * 8)))
}

/// A hash of the lower four bytes (Fibonacci hashing: the factor is 2^32 divided by the golden ratio).
fn hash(bytes: u64) -> u64 {
    (bytes << 32).wrapping_mul(0x9E37_79B1) >> (u64::BITS - HASH_BITS)
}

/// Eight bytes in one number, upper case and lower case alike; zeros where there are fewer. That some other characters become alike too
/// only costs a closer look.
#[inline]
fn folded(bytes: &[u8]) -> u64 {
    let eight = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut eight = [0; EIGHT];
        eight.iter_mut().zip(bytes).for_each(|(into, from)| *into = *from);
        eight
    });
    u64::from_le_bytes(eight) | 0x2020_2020_2020_2020
}

/// How many bytes of letters that are too short for two quadruples are looked for.
const BEGINNING: usize = 3;

/// The hashes of all four bytes in a row.
fn grams_of(text: &str) -> impl Iterator<Item = u64> + '_ {
    let places = 0..(text.len() + 1).saturating_sub(GRAM);
    places.map(|place| hash(folded(text.as_bytes().get(place..).unwrap_or_default())))
}

/// The beginning of short letters in every case that they may be written in.
fn beginnings(letters: &Letters) -> Vec<Vec<u8>> {
    let beginning: Vec<u8> = letters.text.bytes().take(BEGINNING).collect();
    if letters.case_matters {
        return vec![beginning];
    }
    let mut all = vec![Vec::new()];
    for byte in beginning {
        let cases = BTreeSet::from([byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]);
        let longer =
            |start: &Vec<u8>| cases.iter().map(|byte| [start.as_slice(), &[*byte]].concat()).collect::<Vec<_>>();
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// The longer part of a host on either side of its `*`.
fn longest_fixed_part(host: &str) -> &str {
    host.split('*').max_by_key(|part| part.len()).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a plain search finds.
    fn plainly(index: &ClueIndex, text: &str, part: Span) -> Vec<(usize, usize)> {
        let lower = part.text(text).to_ascii_lowercase();
        let mut found = Vec::new();
        for letters in &index.letters {
            for (start, _) in lower.match_indices(&letters.text.to_ascii_lowercase()) {
                let at = Span::new(part.start + start, part.start + start + letters.text.len());
                if !letters.case_matters || at.text(text) == letters.text {
                    found.push((at.start, at.end));
                }
            }
        }
        found
    }

    #[test]
    fn all_letters_are_found_wherever_they_stand() {
        let index = ClueIndex::of(Catalogue::shipped());
        assert!(index.beginnings.is_some());
        let mut text = String::new();
        for (row, letters) in index.letters.iter().enumerate() {
            text.push_str(&"é~".repeat(row % 3));
            text.push_str(if row % 2 == 0 { " " } else { "\"" });
            text.push_str(&letters.text);
            if !letters.case_matters {
                text.push_str(&letters.text.to_uppercase());
            }
        }
        // Long enough for a border between stretches to fall into letters.
        while text.len() < 3 * STRETCH {
            text.push_str(&text.clone());
        }
        for start in 0..3 {
            let part = Span::new(start, text.len() - start).within(&text);
            let mut found: Vec<_> = index.find(&text, part).map(|clue| (clue.at.start, clue.at.end)).collect();
            let mut plain = plainly(&index, &text, part);
            found.sort_unstable();
            plain.sort_unstable();
            assert!(plain.len() > 500);
            assert_eq!(found, plain);
        }
    }

    #[test]
    fn few_quadruples_are_shared() {
        // Each sharing costs a comparison at every place where the quadruple stands.
        let index = ClueIndex::of(Catalogue::shipped());
        let mut hashes: Vec<u64> = index.grams.iter().map(|gram| gram.hash).collect();
        let all = hashes.len();
        hashes.dedup();
        assert!(hashes.len() * 10 > all * 8, "{} of {all}", hashes.len());
    }
}
