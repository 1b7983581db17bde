//! Tells keys from what stands in their place: examples, repeated characters, counting.

use std::collections::BTreeSet;

/// Words that stand in made-up keys. Each is long enough that a real key holds it by chance less than once in a thousand.
const WORDS: &[&str] = &[
    "example",
    "placeholder",
    "dummy",
    "changeme",
    "change_me",
    "change-me",
    "replace",
    "insert",
    "redacted",
    "xxxx",
    "fake",
    "your_",
    "your-",
    "yourkey",
    "yourapi",
    "yourtoken",
    "secretkey",
    "not-needed",
    "notneeded",
    "sample",
    "foobar",
    "abcdefg",
    "abcdef12",
    "12345678",
    "01234567",
    "87654321",
    "deadbeef",
    "qwerty",
    "asdfgh",
    "000000",
    "****",
    "....",
];

/// True for a value that nobody would take for a secret: empty, a variable, a word that says so, little variety.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    value.is_empty()
        || value.starts_with(['$', '<', '{', '%', '['])
        || value.contains("${")
        || value.contains("{{")
        || WORDS.iter().any(|word| lower.contains(word))
        || has_little_variety(&lower)
}

/// A run of one character, or too few different ones for the length.
fn has_little_variety(value: &str) -> bool {
    let different: BTreeSet<char> = value.chars().collect();
    let length = value.chars().count();
    let longest_run = longest_run(value);
    (longest_run >= 6 && longest_run * 8 > length) || (length >= 16 && different.len() < 7)
}

fn longest_run(value: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    let mut previous = None;
    for character in value.chars() {
        run = if previous == Some(character) { run + 1 } else { 1 };
        previous = Some(character);
        longest = longest.max(run);
    }
    longest
}

/// Bits of information for each character. Words and names stay under three and a half, random keys of thirty characters and more above.
pub(super) fn bits_per_character(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let used = counts.iter().filter(|count| **count > 0);
    used.map(|count| f64::from(*count) / total).map(|share| -share * share.log2()).sum()
}

/// True for a value whose characters are mixed as in a random key.
pub(super) fn looks_random(value: &str) -> bool {
    let hexadecimal = value.chars().all(|character| character.is_ascii_hexdigit());
    // Sixteen digits can carry four bits at most.
    let floor = if hexadecimal || value.len() < 24 { 2.8 } else { 3.5 };
    bits_per_character(value) >= floor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_place_of_a_key_is_told() {
        for value in [
            "",
            "${OPENAI_API_KEY}",
            "<your key>",
            "{{ key }}",
            "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "sk-or-v1-0000000000000000000000",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "1234567890abcdef",
            "your-api-key",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "ababababababababab",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
        for value in ["q3Vt9KzYb1LmW8xRc5NdJ7hPf2Gs", "8f14e45fceea167a5a36dedd4bea2543", "hunter2-correct"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn random_keys_are_mixed_and_names_are_not() {
        assert!(looks_random("8f14e45fceea167a5a36dedd4bea2543"));
        assert!(looks_random("q3Vt9KzYb1LmW8xRc5NdJ7hPf2Gs"));
        assert!(!looks_random("aaaabbbbccccddddaaaabbbbccccdddd"));
        assert!(!looks_random("model_model_model_model_model_model"));
    }
}
