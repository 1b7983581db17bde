//! How often some bytes stand in texts, whatever the texts are about.

/// Pairs of letters that English and code are full of, sorted.
const COMMON_PAIRS: &[&[u8; 2]] = &[
    b"ac", b"al", b"ar", b"as", b"at", b"be", b"ce", b"ch", b"co", b"ct", b"de", b"ea", b"ec", b"ed", b"el", b"em",
    b"en", b"er", b"es", b"et", b"fo", b"ge", b"ha", b"he", b"hi", b"ic", b"id", b"im", b"in", b"io", b"is", b"it",
    b"le", b"li", b"ll", b"lo", b"ma", b"me", b"mo", b"na", b"nd", b"ne", b"ng", b"ns", b"nt", b"of", b"om", b"on",
    b"or", b"ou", b"pe", b"po", b"pr", b"ra", b"re", b"ri", b"ro", b"se", b"si", b"ss", b"st", b"su", b"ta", b"te",
    b"th", b"ti", b"to", b"tr", b"un", b"up", b"ur", b"us", b"ut", b"ve", b"wi",
];

/// How often four bytes stand in texts, told from how many of their pairs are common: each makes them about four times as likely.
pub(super) fn commonness(four: &[u8]) -> usize {
    let is_common = |pair: &[u8; 2]| COMMON_PAIRS.binary_search(&&pair.map(|byte| byte.to_ascii_lowercase())).is_ok();
    let common = four.array_windows().filter(|pair| is_common(pair)).count();
    3 << (2 * common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_known_whatever_their_case() {
        assert!(COMMON_PAIRS.is_sorted());
        for (four, expected) in [(b"_KEY", 3), (b"gpt-", 3), (b"Text", 12), (b"TION", 192)] {
            assert_eq!(commonness(four), expected, "{four:?}");
        }
    }
}
