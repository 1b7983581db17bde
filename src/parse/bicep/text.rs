//! Texts of Bicep: where they end, their holes, what stands in them.

/// Where the text whose quote stands at `start` ends, holes (`${…}`) and the texts in them included.
pub(super) fn string_end(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    if let Some(raw) = rest.strip_prefix("'''") {
        let mut end = raw.find("'''")? + 3;
        // Quotes right before the last three belong to the text.
        end += raw.get(end..).map_or(0, |after| after.len() - after.trim_start_matches('\'').len());
        return Some(start + 3 + end);
    }
    // For each text that is open the brackets that are open in its hole; `None` outside of a hole.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut letters = rest.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (open.last_mut(), letter) {
            (None | Some(Some(_)), '\'') => open.push(None),
            (Some(None), '\'') => {
                open.pop();
                if open.is_empty() {
                    return Some(start + at + 1);
                }
            }
            (Some(None), '\\') => {
                letters.next();
            }
            // Only texts with three quotes go on below.
            (_, '\n') => return None,
            (Some(inside @ None), '$') if letters.next_if(|(_, next)| *next == '{').is_some() => *inside = Some(0),
            (Some(Some(brackets)), '{') => *brackets += 1,
            (Some(inside @ Some(0)), '}') => *inside = None,
            (Some(Some(brackets)), '}') => *brackets -= 1,
            _ => {}
        }
    }
    None
}

/// True when a text has a hole: `${` without a backslash before it.
pub(super) fn has_hole(source: &str) -> bool {
    let mut escaped = false;
    let mut after_dollar = false;
    for letter in source.chars() {
        if after_dollar && letter == '{' {
            return true;
        }
        after_dollar = letter == '$' && !escaped;
        escaped = letter == '\\' && !escaped;
    }
    false
}

pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('u') => {
                let code: String = letters.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
                plain.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}
