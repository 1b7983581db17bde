//! Text as a row of words, so that phrases are found whatever stands between them: case, hyphens, slashes, line ends.

/// A text in lower case with a single blank around each word.
#[derive(Debug)]
pub(in crate::extract) struct Words(String);

impl Words {
    /// The words of `text`; `&` counts as `and`.
    pub(in crate::extract) fn of(text: &str) -> Self {
        let mut words = String::with_capacity(text.len() + 2);
        words.push(' ');
        for character in text.chars() {
            if character.is_alphanumeric() {
                words.extend(character.to_lowercase());
            } else {
                if !words.ends_with(' ') {
                    words.push(' ');
                }
                if character == '&' {
                    words.push_str("and ");
                }
            }
        }
        if !words.ends_with(' ') {
            words.push(' ');
        }
        Self(words)
    }

    /// True when they are exactly this phrase.
    pub(in crate::extract) fn are(&self, phrase: &str) -> bool {
        self.0.trim() == phrase
    }

    /// True when this phrase, written in lower case with single blanks, stands among them. A phrase that ends with `*` is
    /// found at the beginning of longer words too.
    pub(in crate::extract) fn have(&self, phrase: &str) -> bool {
        let wanted = phrase.trim_end_matches('*');
        let open_end = wanted.len() < phrase.len();
        self.0.match_indices(wanted).any(|(index, _)| {
            let before = self.0.get(..index).is_some_and(|before| before.ends_with(' '));
            let after = self.0.get(index + wanted.len()..).is_some_and(|after| after.starts_with(' '));
            before && (open_end || after)
        })
    }

    /// True when they begin with this phrase.
    pub(in crate::extract) fn begin_with(&self, phrase: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(phrase);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// True when any of these phrases stands among them: see [`Words::have`].
    pub(in crate::extract) fn have_any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.have(phrase))
    }

    /// How many there are. Scripts that do not set blanks count two characters for a word.
    pub(in crate::extract) fn count(&self) -> usize {
        let unspaced = self.0.chars().filter(|character| is_unspaced(*character)).count();
        self.0.split(' ').filter(|word| !word.is_empty()).count() + unspaced / 2
    }

    /// The words with these phrases taken out.
    pub(in crate::extract) fn without(self, phrases: &[&str]) -> Self {
        let mut left = self.0;
        for phrase in phrases {
            left = left.replace(&format!(" {phrase} "), " ");
        }
        Self(left)
    }
}

/// Japanese, Chinese and Thai are written without blanks.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_across_punctuation_and_only_as_whole_words() {
        let words = Words::of("Human-in-the-Loop, Bias & Fairness\nstereotyping");
        assert!(words.have("human in the loop") && words.have("bias and fairness") && words.have("stereotyp*"));
        assert!(!words.have("fair") && !words.have("stereotyp"));
        assert!(Words::of("unbiased").have("unbiased") && !Words::of("unbiased").have("bias*"));
    }

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(Words::of("Not for  war.").count(), 3);
        assert!(Words::of("このモデルは研究目的のみに使用できます。").count() >= 8);
        assert_eq!(Words::of("").count(), 0);
    }
}
