//! Analyses of use cases in the register: parts that say nothing, and parts whose words were copied.

use super::records::is_path;
use crate::extract::card::quality::{self, Quality};
use crate::extract::card::words::Words;
use crate::fact::{Fact, Seen, System, UseCaseAnalysis};
use std::collections::{BTreeMap, BTreeSet};

/// The parts of an analysis, in the order of ISO/IEC TR 27563.
const PARTS: [&str; 7] = ["ecosystem", "assessment", "concerns", "risks", "controls", "assurance", "plan"];

/// What has to be analysed apart.
const ASPECTS: [&str; 2] = ["security", "privacy"];

/// Fewer words are a label, not an answer.
const FEW_WORDS: usize = 3;
/// So few words can be the same in two parts by chance, as the name of a document is.
const SHORT: usize = 6;

/// Fills in which parts say nothing and which are copies, and of each system which analyses it lacks.
pub(super) fn join(facts: &mut [Fact]) {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let mut made: BTreeSet<(String, String)> = BTreeSet::new();
    for fact in facts.iter().filter(|fact| is_analysis(fact)) {
        made.insert((fact.text("system").to_owned(), fact.text("aspect").to_owned()));
        for part in PARTS {
            *uses.entry(plain(fact.text(part))).or_default() += 1;
        }
    }
    for fact in facts.iter_mut().filter(|fact| is_analysis(fact)) {
        let lacking = PARTS.iter().filter(|part| !says_something(fact.text(part)));
        let lacking: Vec<String> = lacking.map(|part| (*part).to_owned()).collect();
        let is_copied = |text: &str| {
            text.split_whitespace().count() >= SHORT && uses.get(&plain(text)).is_some_and(|count| *count > 1)
        };
        let copied = PARTS.iter().filter(|part| is_copied(fact.text(part)));
        let copied: Vec<String> = copied.map(|part| (*part).to_owned()).collect();
        fact.set("lacking", lacking.into());
        fact.set("copied", copied.into());
    }
    for system in facts.iter_mut().filter(|fact| fact.kind == System::kind()) {
        let name = system.text("name").to_owned();
        let missing = ASPECTS.iter().filter(|aspect| !made.contains(&(name.clone(), (**aspect).to_owned())));
        let missing: Vec<String> = missing.map(|aspect| (*aspect).to_owned()).collect();
        system.set("unanalysed", missing.into());
    }
}

fn is_analysis(fact: &Fact) -> bool {
    fact.kind == UseCaseAnalysis::kind()
}

/// A text without what layout and capitals make different.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for an answer, and for where one is to be read.
fn says_something(text: &str) -> bool {
    let leads_elsewhere = text.contains("://") || is_path(text);
    let is_filler =
        matches!(quality::judge(text, 0, false), Quality::Missing | Quality::Placeholder | Quality::Template);
    leads_elsewhere || (!is_filler && Words::of(text).count() >= FEW_WORDS)
}

#[cfg(test)]
mod tests {
    use super::says_something;

    #[test]
    fn an_answer_is_told_from_a_label() {
        for text in [
            "Clerks, applicants, and the vendor of the model",
            "docs/use-case.md#plan",
            "https://wiki.example.org/use-case",
            "poisoned data, stolen weights",
        ] {
            assert!(says_something(text), "{text}");
        }
        for text in ["", "yes", "n/a", "None", "not applicable", "to be added", "see above"] {
            assert!(!says_something(text), "{text}");
        }
    }
}
