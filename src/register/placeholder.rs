//! What a person has yet to write.

/// Words that stand where a person has yet to write. `todo` in small letters is a word of Spanish.
const MARKERS: &[&str] = &["TODO", "TBD", "TBC", "FIXME", "XXX", "tbd", "tbc", "fixme"];

/// What stands for an answer and is none, in small letters.
const EMPTY_PROMISES: &[&str] = &[
    "todo",
    "to be defined",
    "to be determined",
    "to be decided",
    "to be done",
    "to be added",
    "to be written",
    "lorem ipsum",
];

/// True for a text that a person has yet to write: with a marker, with `<something>` to be filled in, with a promise instead of an
/// answer, or with dots and dashes alone.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let marked = text.split(|character: char| !character.is_alphanumeric()).any(|word| MARKERS.contains(&word));
    let blank = text.split_once('<').is_some_and(|(_, behind)| {
        // An address in angle brackets is written out, and `< 5 s and > 90 %` compares.
        behind.starts_with(char::is_alphabetic)
            && behind.split_once('>').is_some_and(|(inside, _)| !inside.contains('@'))
    });
    let plain = text.trim().trim_end_matches('.').to_lowercase();
    let is_promise = EMPTY_PROMISES.contains(&plain.as_str());
    marked || blank || is_promise || (!plain.is_empty() && !plain.contains(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn what_a_person_has_yet_to_write_is_told_from_what_one_wrote() {
        for text in [
            "TODO: who sits on it",
            "Members: TBD",
            "<members by function>",
            "Name <name>, role",
            " todo ",
            "To be defined.",
            "-",
            "???",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "Members: security, legal, ethics, business. Last met on 2026-09-01.",
            "Todo el personal recibe formación",
            "Ada Example <ada@example.org>, CISO",
            "latency < 5 s, recall > 0.9",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
