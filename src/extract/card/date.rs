//! Days as cards write them.

use jiff::civil::Date;

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The latest day that a text names, as `2024-04-18`. A month alone is its first day. A day whose order cannot be known
/// (`04/05/2024`), or a year alone, is none.
pub(in crate::extract) fn latest(text: &str) -> Option<String> {
    let tokens: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | ';')).collect();
    let tokens: Vec<&str> = tokens.into_iter().map(|token| token.trim_matches(['.', ':', '*', '`'])).collect();
    let tokens: Vec<&str> = tokens.into_iter().filter(|token| !token.is_empty() && *token != "of").collect();
    let written_out = tokens.iter().enumerate().filter_map(|(index, token)| {
        let month = month(token)?;
        let after = |steps: usize| tokens.get(index + steps).copied().unwrap_or_default();
        let before = index.checked_sub(1).and_then(|index| tokens.get(index)).copied().unwrap_or_default();
        match (year(after(1)), day(after(1)), year(after(2))) {
            (Some(year), ..) => Date::new(year, month, day(before).unwrap_or(1)).ok(),
            (None, Some(day), Some(year)) => Date::new(year, month, day).ok(),
            _ => None,
        }
    });
    let in_digits = tokens.iter().filter_map(|token| numeric(token));
    written_out.chain(in_digits).max().map(|date| date.to_string())
}

fn month(word: &str) -> Option<i8> {
    let lower = word.to_ascii_lowercase();
    let position = MONTHS.iter().position(|month| lower.starts_with(month))?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let named = full.get(position).is_some_and(|name| name.starts_with(&lower)) || lower == "sept";
    i8::try_from(position + 1).ok().filter(|_| named)
}

fn year(word: &str) -> Option<i16> {
    let plausible = 1990..=2100;
    word.parse().ok().filter(|year| word.len() == 4 && plausible.contains(year))
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    digits.parse().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
}

/// `2024-04-18`, `2024/04/18`, `2024-04-18T10:00:00Z`, `2024-04`.
fn numeric(word: &str) -> Option<Date> {
    let date = word.split('T').next().unwrap_or(word);
    let mut parts = date.split(['-', '/']);
    let year = year(parts.next()?)?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next().map_or(Some(1), |day| day.parse().ok())?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_cards_write_them() {
        for (text, date) in [
            ("2026-01-19", Some("2026-01-19")),
            ("July 23, 2024.", Some("2024-07-23")),
            ("18th of April 2024", Some("2024-04-18")),
            ("January 2021", Some("2021-01-01")),
            ("September 2022 (original series), December 2022 (`large-v2`), November 2023", Some("2023-11-01")),
            ("2024-05-01T10:00:00Z", Some("2024-05-01")),
            ("2024-05", Some("2024-05-01")),
            ("04/05/2024", None),
            ("2023", None),
            ("may be 2024 tokens", None),
            ("February 30, 2024", None),
            ("", None),
        ] {
            assert_eq!(latest(text).as_deref(), date, "{text}");
        }
    }
}
