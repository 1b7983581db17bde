//! Text that people do not see and models read: tag characters, controls of direction, runs of invisible characters.

use super::word;
use crate::fact::{Choice, Facts, Field, HiddenText};
use crate::source::Span;
use std::collections::BTreeSet;

/// How many runs of one file are told.
const LIMIT: usize = 100;

/// Characters that follow one another and are all not seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) at: Span,
    pub(super) form: &'static str,
    pub(super) characters: Vec<char>,
}

/// Finds what is hidden in a text. What scripts and emoji need to be written is left out.
pub(super) fn find(text: &str) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut run: Option<Run> = None;
    // The last character that is seen: joiners and selectors belong to it.
    let mut before: Option<char> = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let here = Span::new(at, at + character.len_utf8());
        let next = characters.peek().map(|(_, next)| *next);
        // A byte order mark at the start hides nothing.
        let form = form_of(character).filter(|_| at > 0 || character != '\u{feff}');
        if let (Some(form), Some(open)) = (form, &mut run)
            && open.form == form
        {
            open.at.end = here.end;
            open.characters.push(character);
            continue;
        }
        keep(run.take(), before, Some(character), &mut found);
        match form {
            Some(_) if is_part_of_writing(character, before, next) => {}
            Some(form) => run = Some(Run { at: here, form, characters: vec![character] }),
            None => before = Some(character),
        }
        if found.len() >= LIMIT {
            return found;
        }
    }
    keep(run, before, None, &mut found);
    found
}

fn keep(run: Option<Run>, before: Option<char>, after: Option<char>, found: &mut Vec<Run>) {
    let Some(run) = run else { return };
    let kept = match run.form {
        // Flags of regions are a black flag with tags.
        "tags" => before != Some('\u{1f3f4}'),
        // Text from right to left needs them.
        "direction" => !before.is_some_and(is_right_to_left) && !after.is_some_and(is_right_to_left),
        _ => run.characters.len() >= INVISIBLE_RUN,
    };
    if kept {
        found.push(run);
    }
}

/// How many invisible characters make a run: one or two come along when text is copied from a page.
const INVISIBLE_RUN: usize = 4;

fn form_of(character: char) -> Option<&'static str> {
    match character {
        '\u{e0000}'..='\u{e007f}' => Some("tags"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("direction"),
        '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{180e}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}' => Some("invisible"),
        _ => None,
    }
}

/// True for a joiner or selector that stands between characters it belongs to: in emoji and in the scripts of India and Persia.
fn is_part_of_writing(character: char, before: Option<char>, next: Option<char>) -> bool {
    let alone = next.is_none_or(|next| form_of(next).is_none());
    matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
        && alone
        && before.is_some_and(|c| !c.is_ascii())
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Adds the fact of one run.
pub(super) fn add(run: &Run, assistant: &'static str, facts: &mut Facts) {
    let different: BTreeSet<char> = run.characters.iter().copied().collect();
    let names = different.into_iter().take(8).map(|character| format!("U+{:04X}", u32::from(character)));
    facts.add(
        run.form,
        run.at,
        HiddenText {
            assistant: word(assistant),
            form: Field::known(Choice(run.form)),
            characters: names.collect::<Vec<_>>().into(),
            length: i64::try_from(run.characters.len()).unwrap_or(i64::MAX).into(),
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_found_at_its_place() {
        let tags: String = "run".chars().filter_map(|c| char::from_u32(0xe0000 + u32::from(c))).collect();
        let text =
            format!("\u{feff}be kind{tags}\r\nand \u{202e}evil\u{202c}\r\nend\u{200b}\u{200c}\u{200b}\u{200d}\u{2060}");
        let found = find(&text);
        let forms: Vec<(&str, usize)> = found.iter().map(|run| (run.form, run.characters.len())).collect();
        assert_eq!(forms, [("tags", 3), ("direction", 1), ("direction", 1), ("invisible", 5)]);
        assert_eq!(found[0].at.text(&text), tags);
    }

    #[test]
    fn writing_and_emoji_need_such_characters() {
        for text in [
            "plain",
            "\u{feff}mark",
            "👩\u{200d}💻 and ✔\u{fe0f} and 🏴\u{e0067}\u{e0062}\u{e007f}",
            "می\u{200c}خواهم",
            "copied\u{200b} from\u{200b}\u{200b} a page\u{a0}",
            "שלום \u{202b}עולם\u{202c}",
            "",
        ] {
            assert_eq!(find(text), [], "{text:?}");
        }
    }

    #[test]
    fn a_file_full_of_them_ends() {
        assert_eq!(find(&"\u{202e}a".repeat(100_000)).len(), LIMIT);
        assert_eq!(find(&"\u{e0041}".repeat(100_000)).len(), 1);
    }
}
