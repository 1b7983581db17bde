//! Values written otherwise: another name, a number up or down, a day of other years, no address at all.

use jiff::ToSpan;
use jiff::civil::Date;
use std::ops::Range;

/// How many years a day is moved.
const YEARS: i64 = 3;

/// Each value of a text with its place and what else is written there. A value is a word that stands behind a sign, as in `key: word`,
/// `key = "word"` and `[word`, or one that holds a digit or is an address; words of sentences are none.
pub(super) fn others(text: &str) -> Vec<(Range<usize>, String)> {
    let mut all = Vec::new();
    let mut rest = 0;
    while let Some((range, word)) = next_word(text, rest) {
        let between = text.get(rest..range.start).unwrap_or_default();
        let sign = between.contains([':', '=', '"', '\'', '[', '(', '|']);
        rest = range.end;
        if word.contains('@') || word.contains("://") {
            all.push((range, String::new()));
        } else if let Ok(day) = word.parse::<Date>() {
            let moved = [YEARS.years(), (-YEARS).years()].into_iter().filter_map(|span| day.checked_add(span).ok());
            all.extend(moved.map(|day| (range.clone(), day.to_string())));
        } else if word.contains(|c: char| c.is_ascii_digit()) {
            all.push((range.clone(), word.chars().map(up).collect()));
            all.push((range, word.chars().map(down).collect()));
        } else if sign {
            all.push((range, word.chars().map(up).collect()));
        }
    }
    all
}

/// The first word at or behind `from`: letters, digits and what joins them in names, numbers and addresses.
fn next_word(text: &str, from: usize) -> Option<(Range<usize>, &str)> {
    let behind = text.get(from..)?;
    let is_part = |c: char| c.is_alphanumeric() || "._-@/".contains(c);
    let start = from + behind.find(|c: char| c.is_alphanumeric())?;
    let word = text.get(start..)?;
    // An address goes on behind its `:`.
    let scheme = word.find("://").filter(|end| word.get(..*end).is_some_and(|scheme| scheme.chars().all(is_part)));
    let body = scheme.map_or(0, |end| end + "://".len());
    let length = word.get(body..)?.find(|c: char| !is_part(c)).map_or(word.len(), |end| body + end);
    let word = word.get(..length)?.trim_end_matches('.');
    Some((start..start + word.len(), word))
}

/// The next digit or letter; anything else as it is.
fn up(character: char) -> char {
    match character {
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(character) + 1).unwrap_or(character),
        other => other,
    }
}

/// The digit before; anything else as it is.
fn down(character: char) -> char {
    match character {
        '1'..='9' => char::from_u32(u32::from(character) - 1).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::others;

    #[test]
    fn values_are_written_otherwise_and_words_of_sentences_are_not() {
        let text = "licence: mit\nWe ask. Write to a@b.org, see https://b.org/x.\non = 2026-05-31\ntorch>=2.6\n";
        let written: Vec<(&str, String)> =
            others(text).into_iter().map(|(range, other)| (text.get(range).unwrap(), other)).collect();
        let expected = [
            ("mit", "nju"),
            ("a@b.org", ""),
            ("https://b.org/x", ""),
            ("2026-05-31", "2029-05-31"),
            ("2026-05-31", "2023-05-31"),
            ("2.6", "3.7"),
            ("2.6", "1.5"),
        ];
        assert_eq!(written, expected.map(|(word, other)| (word, other.to_owned())));
    }
}
