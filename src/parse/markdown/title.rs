//! Brings the title of a section into the form that titles are compared in.

/// The title without numbering (`2.3`), emoji, surrounding punctuation, trailing colon, `[optional]` and `{#anchor}`.
pub(super) fn normalise(raw: &str) -> String {
    let words = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut title = words.as_str();
    if let Some((before, _)) = title.split_once("{#") {
        title = before;
    }
    title = trim_ends(title);
    for remark in ["[optional]", "(optional)"] {
        let cut = title.len().saturating_sub(remark.len());
        if let Some((before, after)) = title.split_at_checked(cut)
            && after.eq_ignore_ascii_case(remark)
        {
            title = trim_ends(before);
        }
    }
    trim_ends(without_number(title)).to_owned()
}

fn trim_ends(title: &str) -> &str {
    let title = title.trim_start_matches(|first: char| !first.is_alphanumeric() && !matches!(first, '[' | '(' | '{'));
    title.trim_end_matches(|last: char| !last.is_alphanumeric() && !matches!(last, ']' | ')' | '}' | '?' | '%' | '+'))
}

/// Cuts `2.3 `, `4. ` or `1) ` off. Numbers of three digits and more are years or sizes, not numbering.
fn without_number(title: &str) -> &str {
    let Some((first, rest)) = title.split_once(' ') else { return title };
    let number = first.trim_end_matches(['.', ')', ':']);
    let is_number = |part: &str| !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let names_something = rest.contains(char::is_alphabetic);
    if names_something && number.split('.').all(is_number) { rest } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoration_is_taken_off() {
        for (raw, clean) in [
            ("2.3 Limitations:", "Limitations"),
            ("4. Intended   Use", "Intended Use"),
            ("⚠️ Bias, Risks, and Limitations [optional]", "Bias, Risks, and Limitations"),
            ("Downstream Use [Optional]:", "Downstream Use"),
            ("Limitations {#limitations}", "Limitations"),
            ("Was consent obtained?", "Was consent obtained?"),
            ("Bias Metric (If Measured):", "Bias Metric (If Measured)"),
            ("2023 results", "2023 results"),
            ("3D objects", "3D objects"),
            ("7", "7"),
            ("😀", ""),
            ("Évaluation :", "Évaluation"),
        ] {
            assert_eq!(normalise(raw), clean, "{raw}");
        }
    }
}
