//! What a card says outside the section that is meant for it: bias, limits of use, benchmarks of bias, who made it.

use super::groups;
use super::quality::Quality;
use super::words::Words;

/// Words that speak of unequal treatment of people.
const BIAS: &[&str] = &[
    "bias",
    "biases",
    "biased",
    "unfair*",
    "fairness",
    "stereotyp*",
    "disparate",
    "disparity",
    "disparities",
    "demographic*",
    "gender*",
    "race",
    "races",
    "racial*",
    "racist",
    "racism",
    "sexist",
    "sexism",
    "ethnic*",
    "religion*",
    "religious",
    "minorit*",
    "marginalized",
    "marginalised",
    "underrepresented",
    "under represented",
    "discriminatory",
    "discrimination against",
    "protected group",
    "protected groups",
    "protected attribute",
    "protected attributes",
    "protected class",
    "protected classes",
    "subgroup*",
    "subpopulation*",
    "accents",
    "dialects",
    "skin tone*",
    "skin type*",
    "low resource languages",
];

/// Things that carry such words and have nothing to do with people.
const NOT_ABOUT_PEOPLE: &[&str] = &[
    "weights and biases",
    "inductive bias",
    "inductive biases",
    "bias variance",
    "bias term",
    "bias terms",
    "bias parameter",
    "bias parameters",
    "bias vector",
    "bias correction",
    "attention bias",
    "qkv bias",
    "position bias",
    "positional bias",
    "exposure bias",
    "no bias",
    "race condition",
    "race conditions",
    "bias free",
];

/// Words by which a card says what it is not for.
const NOT_FOR: &[&str] = &[
    "not intended",
    "not be used",
    "not to be used",
    "not suitable",
    "not appropriate",
    "caution against",
    "recommend against",
    "advise against",
    "out of scope",
    "do not use",
    "don t use",
    "not recommended",
    "prohibited",
    "inappropriate for",
    "not designed for",
    "unsuitable for",
    "not for use",
    "discourage",
    "not meant",
    "cannot be used",
    "not specifically designed",
    "not validated for",
    "not rely on",
    "not be relied",
    "not a substitute for",
    "not a replacement for",
    "refrain from",
    "avoid using",
    "never use",
    "research use only",
    "research purposes only",
    "educational purposes only",
];

/// How a sentence, or what stands behind a comma, begins that says what the thing is not for.
const NOT_FOR_BEFORE: &[&str] =
    &[", not for ", "; not for ", ": not for ", "(not for ", "- not for ", "– not for ", "— not for "];

/// Words by which a dataset card speaks of personal data.
const PERSONAL: &[&str] = &[
    "personally identifiable",
    "personal data",
    "personal information",
    "personal identifiable",
    "sensitive information",
    "sensitive data",
    "pii",
    "anonymized",
    "anonymised",
    "anonymization",
    "anonymisation",
    "pseudonymized",
    "pseudonymised",
    "de identified",
    "deidentified",
    "private information",
];

/// Published tests of bias: the name as shown, and the spellings that it is found by.
const BENCHMARKS: &[(&str, &[&str])] = &[
    ("BBQ", &["bbq"]),
    ("BOLD", &["bold dataset", "bold benchmark", "bold bias", "alexa bold"]),
    ("Bias in Bios", &["bias in bios"]),
    ("CrowS-Pairs", &["crows pairs", "crowspairs"]),
    ("Discrim-Eval", &["discrim eval"]),
    ("FairFace", &["fairface"]),
    ("HolisticBias", &["holisticbias", "holistic bias"]),
    ("Jigsaw Unintended Bias", &["jigsaw unintended bias"]),
    ("RealToxicityPrompts", &["realtoxicityprompts", "real toxicity prompts"]),
    ("StereoSet", &["stereoset"]),
    ("ToxiGen", &["toxigen"]),
    ("WinoBias", &["winobias", "wino bias"]),
    ("WinoGender", &["winogender"]),
];

/// So many words for a topic in one sentence are more than a touch in passing.
const SEVERAL: usize = 3;

/// What is being looked for outside its own section.
#[derive(Debug, Clone, Copy)]
pub(in crate::extract) enum Topic {
    Bias,
    OutOfScope,
    PersonalData,
}

/// Sentences of one text that speak of a topic.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::extract) struct Mention {
    sentences: usize,
    words: usize,
    terms: usize,
}

impl Mention {
    /// Looks through a text sentence by sentence.
    pub(in crate::extract) fn of(topic: Topic, text: &str) -> Self {
        let (terms, excluded): (&[&str], &[&str]) = match topic {
            Topic::Bias => (BIAS, NOT_ABOUT_PEOPLE),
            Topic::OutOfScope => (NOT_FOR, &[]),
            Topic::PersonalData => (PERSONAL, &[]),
        };
        let mut mention = Self::default();
        for sentence in sentences(text) {
            let words = Words::of(sentence).without(excluded);
            let mut found = terms.iter().filter(|term| words.have(term)).count();
            match topic {
                // A figure for a group says more than any word for bias.
                Topic::Bias if groups::are_compared_in(sentence) => found = found.max(SEVERAL),
                Topic::OutOfScope if found == 0 => found = usize::from(is_not_for(sentence, &words)),
                _ => {}
            }
            if found > 0 {
                mention.sentences += 1;
                mention.words += words.count();
                mention.terms += found;
            }
        }
        mention
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            sentences: self.sentences + other.sentences,
            words: self.words + other.words,
            terms: self.terms + other.terms,
        }
    }

    /// True when nothing was said.
    pub(super) fn is_none(self) -> bool {
        self.sentences == 0
    }

    /// How much was said: a topic that is touched in passing is thin.
    pub(in crate::extract) fn quality(self) -> Quality {
        const ENOUGH_WORDS: usize = 25;
        match self.sentences {
            0 => Quality::Missing,
            1 if self.terms < SEVERAL => Quality::Thin,
            _ if self.words < ENOUGH_WORDS && self.terms < SEVERAL => Quality::Thin,
            _ => Quality::Substantive,
        }
    }
}

/// `Not for decisions about people.`, `for staff, not for customers`
fn is_not_for(sentence: &str, words: &Words) -> bool {
    let lower = sentence.to_lowercase();
    words.begin_with("not for") || NOT_FOR_BEFORE.iter().any(|before| lower.contains(before))
}

pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends_sentence = |character: char| matches!(character, '\n' | '!' | '?' | '。');
    text.split(ends_sentence).flat_map(|line| line.split(". ")).filter(|sentence| !sentence.trim().is_empty())
}

/// The benchmarks of bias that a text names.
pub(in crate::extract) fn bias_benchmarks(text: &str) -> Vec<String> {
    let words = Words::of(text);
    let named = BENCHMARKS.iter().filter(|(_, spellings)| words.have_any(spellings));
    named.map(|(name, _)| (*name).to_owned()).collect()
}

/// Who made it, where a sentence says so: "developed by Someone".
pub(super) fn maker(text: &str) -> Option<String> {
    const BEFORE: &[&str] = &[
        "developed by ",
        "released by ",
        "created by ",
        "maintained by ",
        "built by ",
        "trained by ",
        "published by ",
    ];
    const PEOPLE: &[&str] =
        &["the", "a", "team", "researchers", "engineers", "scientists", "people", "at", "of", "from"];
    for line in text.lines() {
        let lower = line.to_ascii_lowercase();
        for phrase in BEFORE {
            if let Some(after) = lower.find(phrase).and_then(|start| line.get(start + phrase.len()..)) {
                let sentence = after.split(". ").next().unwrap_or_default();
                let words = sentence.split_whitespace().skip_while(|word| PEOPLE.contains(word));
                let name: Vec<&str> = words.take_while(|word| word.starts_with(char::is_uppercase)).collect();
                let name = name.join(" ").trim_end_matches(['.', ',', ';', ':', ')']).to_owned();
                if !name.is_empty() {
                    return Some(name);
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bias(text: &str) -> Quality {
        Mention::of(Topic::Bias, text).quality()
    }

    #[test]
    fn bias_counts_as_far_as_it_is_spoken_of() {
        assert_eq!(bias("It may give inaccurate, biased or other objectionable answers."), Quality::Thin);
        assert_eq!(
            bias(
                "Error rates are higher for speakers of different genders, races, ages, or other demographic criteria."
            ),
            Quality::Substantive
        );
        assert_eq!(bias("The model is fast. It runs on a phone."), Quality::Missing);
    }

    #[test]
    fn what_is_only_called_bias_does_not_count() {
        assert_eq!(
            bias("We log to Weights & Biases. CNNs have an inductive bias. Mind the race condition."),
            Quality::Missing
        );
    }

    #[test]
    fn benchmarks_are_named_in_any_spelling() {
        assert_eq!(bias_benchmarks("crows_pairs, bbq and Toxigen"), ["BBQ", "CrowS-Pairs", "ToxiGen"]);
        assert!(bias_benchmarks("a bold claim").is_empty());
    }

    #[test]
    fn the_maker_is_read_from_a_sentence() {
        assert_eq!(maker("trained and released by OpenAI.").as_deref(), Some("OpenAI"));
        assert_eq!(maker("was developed by the Allen Institute, in 2019").as_deref(), Some("Allen Institute"));
        assert_eq!(maker("developed by researchers at OpenAI. It is").as_deref(), Some("OpenAI"));
        assert_eq!(maker("An adapter. Developed by Acme Support.").as_deref(), Some("Acme Support"));
        assert_eq!(maker("was created by hand"), None);
    }
}
