//! What a person has yet to write.

/// Words that stand where a person has yet to write. `todo` in small letters is a word of Spanish.
const MARKERS: &[&str] = &["TODO", "TBD", "TBC", "FIXME", "XXX", "tbd", "tbc", "fixme"];

/// True for a text that a person has yet to write: with a marker, or with `<something>` to be filled in.
pub(super) fn is_placeholder(text: &str) -> bool {
    let marked = text.split(|character: char| !character.is_alphanumeric()).any(|word| MARKERS.contains(&word));
    let blank = text.split_once('<').is_some_and(|(_, behind)| {
        // An address in angle brackets is written out, and `< 5 s and > 90 %` compares.
        behind.starts_with(char::is_alphabetic)
            && behind.split_once('>').is_some_and(|(inside, _)| !inside.contains('@'))
    });
    marked || blank || text.trim().eq_ignore_ascii_case("todo")
}

#[cfg(test)]
mod tests {
    use super::is_placeholder;

    #[test]
    fn what_a_person_has_yet_to_write_is_told_from_what_one_wrote() {
        for text in ["TODO: who sits on it", "Members: TBD", "<members by function>", "Name <name>, role", " todo "] {
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
