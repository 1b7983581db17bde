//! How much a section really says: nothing, a placeholder, a template's own words, too little, or something.

use super::words::Words;

/// The quality of a section, from bad to good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::extract) enum Quality {
    Missing,
    Placeholder,
    Template,
    Thin,
    Substantive,
}

impl Quality {
    /// The word that policies know it by.
    pub(in crate::extract) fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Placeholder => "placeholder",
            Self::Template => "template",
            Self::Thin => "thin",
            Self::Substantive => "substantive",
        }
    }
}

/// Fewer words say too little, unless a list, table, link, image or figure stands with them.
const FEW_WORDS: usize = 8;
/// So few words beside a placeholder are only its label.
const LABEL_WORDS: usize = 6;

/// Sentences that card templates come with, in lower case. A section that holds nothing else was not written by its author.
const TEMPLATE_SENTENCES: &[&str] = &[
    "users (both direct and downstream) should be made aware of the risks, biases and limitations of the model. more \
     information needed for further recommendations.",
    "users (both direct and downstream) should be made aware of the risks, biases and limitations of the model.",
    "users should be made aware of the risks, biases and limitations of the dataset. more information needed for further \
     recommendations.",
    "users should be made aware of the risks, biases and limitations of the dataset.",
    "provide examples of latent issues and potential remediations.",
    "who are the intended users of the model?",
    "what are the intended use cases of the model?",
    "the name of the risk",
    "strategy used to address this risk",
    "the groups or individuals at risk of being systematically disadvantaged by the model",
    "expected benefits to the identified groups",
    "expected harms to the identified groups",
    "describe the data you used to train the model.",
    "if you initialized it with pre-trained weights, add a link to the pre-trained model card or repository with description \
     of the pre-training data.",
    "preprocessing, hardware used, hyperparameters...",
    "this section is meant to convey both technical and sociotechnical limitations.",
    "this section is meant to convey recommendations with respect to the bias, risk, and technical limitations.",
    "this section addresses misuse, malicious use, and uses that the model will not work well for.",
    "this section addresses misuse, malicious use, and uses that the dataset will not work well for.",
    "this section is for the model use without fine-tuning or plugging into a larger ecosystem/app.",
    "address questions around how the model is intended to be used, including the foreseeable users of the model and those \
     affected by the model.",
    "address questions around how the dataset is intended to be used.",
    // GitHub's template for a security policy.
    "use this section to tell people about which versions of your project are currently being supported with security updates.",
    "use this section to tell people how to report a vulnerability.",
    "tell them where to go, how often they can expect to get an update on a reported vulnerability, what to expect if the vulnerability \
     is accepted or declined, etc.",
];

/// Phrases that stand for text that is not written yet, in lower case, longest first.
const PLACEHOLDERS: &[&str] = &[
    "more information needed for further recommendations",
    "[more information needed]",
    "(more information needed)",
    "more information needed",
    "needs more information",
    "lorem ipsum",
    "your text here",
];

/// Words that a bracketed placeholder begins with: `[Insert Response Here]`.
const BRACKETED: &[&str] =
    &["insert", "add", "describe", "fill", "enter", "your", "todo", "tbd", "provide", "placeholder", "specify"];

/// Notes to oneself: a line that begins so holds nothing for a reader.
const NOTES: &[&str] = &["todo", "tbd", "tba", "fixme", "wip", "xxx"];

/// A short line that holds one of these promises text instead of giving it.
const PROMISES: &[&str] = &[
    "coming soon",
    "to be added",
    "to be determined",
    "to be completed",
    "to be filled",
    "to be written",
    "to be defined",
    "to be announced",
    "to be documented",
    "to be done",
    "work in progress",
    "fill in",
    "under construction",
    "placeholder",
    "will be added",
];

/// Answers that say that there is nothing to say.
const NOT_APPLICABLE: &[&str] =
    &["n a", "na", "not applicable", "unknown", "not available", "not assessed", "not specified"];
const NONE: &[&str] = &["none", "no", "none known", "nothing", "not known", "none identified"];

/// What one line turned out to be.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Empty,
    Placeholder,
    Template,
    /// So many words, and whether a figure stands among them.
    Text(usize, bool),
}

/// Judges a section's text. `exhibits` are signs of content besides words; `none_is_an_answer` where "none" says all there is.
pub(in crate::extract) fn judge(text: &str, exhibits: usize, none_is_an_answer: bool) -> Quality {
    let all = Words::of(text);
    let is_none = NONE.iter().any(|none| all.are(none));
    let not_applicable = NOT_APPLICABLE.iter().any(|none| all.are(none));
    if none_is_an_answer && (is_none || not_applicable) {
        return Quality::Substantive;
    }
    if not_applicable {
        return Quality::Placeholder;
    }
    let (mut words, mut figures, mut placeholders, mut templates) = (0, false, false, false);
    for line in text.lines() {
        match read(line) {
            Line::Empty => {}
            Line::Placeholder => placeholders = true,
            Line::Template => templates = true,
            Line::Text(count, figure) => {
                words += count;
                figures |= figure;
            }
        }
    }
    match (words, placeholders, templates) {
        (0, false, true) => Quality::Template,
        (0, false, false) if exhibits > 0 => Quality::Thin,
        (0, ..) => Quality::Placeholder,
        _ if words < FEW_WORDS && exhibits == 0 && !figures => Quality::Thin,
        _ => Quality::Substantive,
    }
}

/// The text without placeholders and the template's own sentences.
pub(in crate::extract) fn without_filler(text: &str) -> String {
    text.lines().filter(|line| !is_filler(line)).collect::<Vec<_>>().join("\n")
}

/// True for a line that stands for text that is not written yet, or that the template came with.
pub(in crate::extract) fn is_filler(line: &str) -> bool {
    matches!(read(line), Line::Placeholder | Line::Template)
}

fn read(line: &str) -> Line {
    let mut left = line.trim().to_ascii_lowercase();
    let whole = left.len();
    for sentence in TEMPLATE_SENTENCES {
        left = left.replace(sentence, "");
    }
    let is_template = left.len() < whole;
    let before = left.len();
    for phrase in PLACEHOLDERS {
        left = left.replace(phrase, "");
    }
    left = without_bracketed(&left, "[", "]", |inner| BRACKETED.iter().any(|first| Words::of(inner).have(first)));
    left = without_bracketed(&left, "{{", "}}", |_| true);
    left = without_bracketed(&left, "{%", "%}", |_| true);
    let has_placeholder = left.len() < before;
    let words = Words::of(&left);
    let count = words.count();
    if has_placeholder && count <= LABEL_WORDS {
        return Line::Placeholder;
    }
    if is_template && count <= LABEL_WORDS {
        return Line::Template;
    }
    if count == 0 {
        let dots = left.contains("...") || left.contains('…') || left.contains("???");
        return if dots { Line::Placeholder } else { Line::Empty };
    }
    // `Risks: TODO` is a note with its label.
    let behind_label =
        left.split_once(':').filter(|(label, _)| Words::of(label).count() <= LABEL_WORDS).map(|(_, rest)| rest);
    let starts_note = |text: &str| {
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        first.is_some_and(|first| NOTES.contains(&first))
    };
    let is_note = starts_note(&left) || behind_label.is_some_and(starts_note);
    if is_note || (count <= FEW_WORDS && words.have_any(PROMISES)) {
        return Line::Placeholder;
    }
    Line::Text(count, figures(&left) > 0)
}

/// Cuts what stands between two marks where `is_placeholder` says so.
fn without_bracketed(line: &str, open: &str, close: &str, is_placeholder: impl Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(open) {
        let Some((inner, behind)) = after.split_once(close) else { break };
        kept.push_str(before);
        let starts_so = inner.split_whitespace().next().is_some_and(&is_placeholder);
        if !starts_so {
            kept.push_str(open);
            kept.push_str(inner);
            kept.push_str(close);
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// How many measured values stand in a text: decimal fractions and percentages.
pub(super) fn figures(text: &str) -> usize {
    let mut words = text.split_whitespace().peekable();
    let mut found = 0;
    while let Some(word) = words.next() {
        let digits = word.bytes().any(|byte| byte.is_ascii_digit());
        let is_share = word.contains('%') || words.peek().is_some_and(|next| next.starts_with('%'));
        found += usize::from(digits && (is_share || word.trim_end_matches(['.', ',', ';']).contains('.')));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_text() {
        for text in [
            "[More Information Needed]",
            "More information needed",
            "[Insert Response Here]",
            "[Insert Your Limits Here]",
            "{{ limitations }}",
            "{% if x %}",
            "TODO: say what it cannot do, in detail and with numbers, before the release",
            "TBD",
            "Coming soon!",
            "To be added.",
            "...",
            "…",
            "",
            "N/A",
            "Not applicable.",
            "Bias: [More Information Needed]\nRisks: TODO",
        ] {
            assert_eq!(judge(text, 0, false), Quality::Placeholder, "{text:?}");
        }
        assert_eq!(judge("- TODO", 1, false), Quality::Placeholder);
    }

    #[test]
    fn a_templates_own_words_are_no_content() {
        let default = "Users (both direct and downstream) should be made aware of the risks, biases and limitations of the model. \
                       More information needed for further recommendations.";
        assert_eq!(judge(default, 0, false), Quality::Template);
        assert_eq!(judge(&format!("[More Information Needed]\n{default}"), 0, false), Quality::Placeholder);
        assert_eq!(judge("Provide examples of latent issues and potential remediations.", 0, false), Quality::Template);
    }

    #[test]
    fn few_words_are_thin_unless_something_stands_with_them() {
        assert_eq!(judge("May be wrong.", 0, false), Quality::Thin);
        assert_eq!(judge("May be wrong.", 1, false), Quality::Substantive);
        assert_eq!(judge("Error rate 12.5% for women", 0, false), Quality::Substantive);
        assert_eq!(
            judge("The model was trained on English text and fails for other languages.", 0, false),
            Quality::Substantive
        );
        assert_eq!(judge("本モデルは日本語の医療文書では評価されていません。", 0, false), Quality::Substantive);
        assert_eq!(judge("", 1, false), Quality::Thin);
    }

    #[test]
    fn none_is_an_answer_where_it_says_all() {
        assert_eq!(judge("None.", 0, true), Quality::Substantive);
        assert_eq!(judge("None.", 0, false), Quality::Thin);
        assert_eq!(judge("Not Applicable", 0, true), Quality::Substantive);
    }

    #[test]
    fn text_that_merely_mentions_such_words_is_text() {
        let text =
            "The to-do list extractor finds lines marked TODO in source files and adds each of them [1] to a list.";
        assert_eq!(judge(text, 0, false), Quality::Substantive);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for bomb in ["[".repeat(300_000), "{{".repeat(200_000), "[insert]".repeat(50_000), "todo ".repeat(100_000)] {
            judge(&bomb, 0, false);
        }
    }
}
