//! By what a finding is recognised in later runs: a fingerprint that survives moved lines, and GitHub's hash of its line.

use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::fmt::Write;

/// The lasting fingerprint of a finding: 32 hexadecimal digits over its rule, path, subject and its number among
/// findings that agree in all three. No line, column or message goes into it.
#[must_use]
pub fn fingerprint(rule: &str, path: &str, subject: &str, ordinal: usize) -> String {
    let ordinal = ordinal.to_string();
    let mut hash = Sha256::new();
    for part in [rule, path, subject, &ordinal] {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(hash.finalize().into_iter().take(16))
}

/// Digest of a text without its white space and byte order mark: equal for texts that differ only in how they are laid out.
#[must_use]
pub fn digest_of_words(text: &str) -> String {
    let mut hash = Sha256::new();
    for word in text.trim_start_matches('\u{feff}').split_whitespace() {
        hash.update(word);
    }
    hex(hash.finalize().into_iter().take(16))
}

/// A GUID that is the same for the same name on every machine: SHA-256 cut to the shape of a name-based UUID.
#[must_use]
pub fn guid(name: &str) -> String {
    let digest = Sha256::digest(name);
    let bytes = digest.iter().take(16).enumerate().map(|(index, byte)| match index {
        6 => (byte & 0x0f) | 0x50, // version 5: SARIF's schema knows no later ones
        8 => (byte & 0x3f) | 0x80, // variant
        _ => *byte,
    });
    let mut guid = hex(bytes);
    for end_of_group in [20, 16, 12, 8] {
        guid.insert(end_of_group, '-');
    }
    guid
}

fn hex(bytes: impl Iterator<Item = u8>) -> String {
    bytes.fold(String::new(), |mut digits, byte| {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// GitHub's `primaryLocationLineHash` of every line of a file.
///
/// It follows `fingerprints.ts` of `github/codeql-action` to the letter, or alerts would be opened anew by every upload: a
/// rolling hash over 100 UTF-16 units without blanks, which starts at the line and reaches over those below it.
#[derive(Debug)]
pub struct LineHashes {
    /// For each line its hash, and how many lines up to and with it have that hash.
    lines: Vec<(u64, u32)>,
}

impl LineHashes {
    /// Hashes the lines of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut rolling = Rolling::new();
        let mut after_return = false;
        for unit in text.encode_utf16() {
            let second_half_of_line_end = after_return && unit == LINE_FEED;
            if unit == SPACE || unit == TAB || second_half_of_line_end {
                after_return = false;
                continue;
            }
            after_return = unit == CARRIAGE_RETURN;
            rolling.push(if after_return { LINE_FEED } else { unit });
        }
        rolling.push(END_OF_FILE);
        rolling.finish()
    }

    /// The hash of a line (from 1) as GitHub writes it: hexadecimal digits, a colon, the occurrence within the file.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<String> {
        let (hash, occurrence) = self.lines.get(line.checked_sub(1)?)?;
        Some(format!("{hash:x}:{occurrence}"))
    }
}

const SPACE: u16 = 0x20;
const TAB: u16 = 0x09;
const LINE_FEED: u16 = 0x0a;
const CARRIAGE_RETURN: u16 = 0x0d;
/// GitHub feeds this once after the file, as though it were a character of it.
const END_OF_FILE: u16 = 0xffff;

const WINDOW: usize = 100;
const FACTOR: u64 = 37;
/// The weight of the unit that leaves the window.
const FACTOR_OF_OLDEST: u64 = FACTOR.wrapping_pow(100);

struct Rolling {
    window: VecDeque<u16>,
    hash: u64,
    /// How many units were taken in.
    taken: usize,
    /// Where lines start whose window is not full yet.
    open_lines: VecDeque<usize>,
    next_starts_line: bool,
    seen: HashMap<u64, u32>,
    lines: Vec<(u64, u32)>,
}

impl Rolling {
    fn new() -> Self {
        Self {
            window: VecDeque::from([0; WINDOW]),
            hash: 0,
            taken: 0,
            open_lines: VecDeque::new(),
            next_starts_line: true,
            seen: HashMap::new(),
            lines: Vec::new(),
        }
    }

    fn push(&mut self, unit: u16) {
        self.close_line_with_full_window();
        if self.next_starts_line {
            self.open_lines.push_back(self.taken);
        }
        self.next_starts_line = unit == LINE_FEED;
        self.take(unit);
    }

    fn take(&mut self, unit: u16) {
        let oldest = self.window.pop_front().unwrap_or_default();
        self.window.push_back(unit);
        self.hash = self
            .hash
            .wrapping_mul(FACTOR)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(FACTOR_OF_OLDEST.wrapping_mul(u64::from(oldest)));
        self.taken += 1;
    }

    fn close_line_with_full_window(&mut self) {
        if self.open_lines.front().is_some_and(|start| start + WINDOW == self.taken) {
            self.open_lines.pop_front();
            let occurrence = self.seen.entry(self.hash).or_default();
            *occurrence += 1;
            self.lines.push((self.hash, *occurrence));
        }
    }

    fn finish(mut self) -> LineHashes {
        for _ in 0..WINDOW {
            self.close_line_with_full_window();
            self.take(0);
        }
        self.close_line_with_full_window();
        LineHashes { lines: self.lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<String> {
        let hashes = LineHashes::of(text);
        (1..).map_while(|line| hashes.line(line)).collect()
    }

    /// These come from the tests of `github/codeql-action`.
    #[test]
    fn line_hashes_are_those_of_github() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        assert_eq!(
            hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1"
            ]
        );
    }

    #[test]
    fn every_line_end_counts_the_same() {
        assert_eq!(hashes(" a\r\nb\r\n  \t\tc\r\n d"), hashes(" a\nb\n  \t\tc\n d"));
        assert_eq!(hashes(" a\rb\r  \t\tc\r d"), hashes(" a\nb\n  \t\tc\n d"));
    }

    #[test]
    fn equal_lines_are_told_apart_by_their_occurrence() {
        let all = hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        let first: Vec<_> = (1..=6).map(|occurrence| format!("a7f2ff13bc495cf2:{occurrence}")).collect();
        assert_eq!(all[..6], first);
        assert_eq!(all[6], "a7f2ff1481e87703:1");
        assert_eq!(all.len(), 11);
    }

    #[test]
    fn a_fingerprint_depends_on_each_part_and_on_where_parts_end() {
        let base = fingerprint("a/b", "src/x.py", "torch.load", 0);
        assert_eq!(base.len(), 32);
        assert_eq!(base, fingerprint("a/b", "src/x.py", "torch.load", 0));
        for other in [
            fingerprint("a/c", "src/x.py", "torch.load", 0),
            fingerprint("a/b", "src/y.py", "torch.load", 0),
            fingerprint("a/b", "src/x.py", "pickle.load", 0),
            fingerprint("a/b", "src/x.py", "torch.load", 1),
            fingerprint("a/bs", "rc/x.py", "torch.load", 0),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn a_guid_is_stable_and_well_formed() {
        let guid = guid("iso42001");
        // The first 16 bytes of SHA-256, with `5` for the version and one of `8`, `9`, `a`, `b` for the variant.
        assert_eq!(guid, "6bb9f425-cb84-508c-8630-99d5511f746f");
        assert_eq!(super::guid("nist-ai-rmf"), "c1a0b0c7-b6b2-5e69-ab54-35c44e6bf40b");
    }

    #[test]
    fn texts_that_differ_only_in_layout_have_the_same_digest() {
        let digest = digest_of_words("All training data");
        assert_eq!(digest, "5931f90f719ac24adaf8663911150a6b");
        assert_eq!(digest, digest_of_words("\u{feff}All\r\n  training\tdata\n"));
        assert_ne!(digest, digest_of_words("All training date"));
    }
}
