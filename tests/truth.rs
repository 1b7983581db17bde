//! The labels of real findings: they fit the rules, and every rule of the gate profile is right often enough to be in it.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::PolicyBook;
use aimslint::policy::Confidence;
use aimslint::truth::{LEAST_PERCENT, Labels};
use std::path::Path;

fn labels() -> (PolicyBook, Labels) {
    let book = PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("truth");
    let labels = Labels::load(&folder, &book).unwrap_or_else(|failure| panic!("{failure}"));
    (book, labels)
}

#[test]
fn a_rule_of_the_gate_profile_is_right_often_enough() {
    let (book, labels) = labels();
    let gate = book.rules.values().filter(|rule| rule.confidence == Confidence::High);
    let wrong: Vec<String> = gate
        .map(|rule| (&rule.text.id, labels.tally(&rule.text.id)))
        .filter(|(_, tally)| !tally.is_precise())
        .map(|(id, tally)| format!("{id}: {} true, {} false", tally.right, tally.wrong))
        .collect();
    assert!(wrong.is_empty(), "below 0.{LEAST_PERCENT}: mend them, or set `confidence = \"medium\"`: {wrong:?}");
}

#[test]
fn there_are_labels_enough_of_repositories_enough() {
    let (book, labels) = labels();
    let all: usize = labels.repositories.iter().map(|repository| repository.labels.len()).sum();
    assert!(all >= 300, "{all} labels");
    assert!(labels.repositories.len() >= 10, "{} repositories", labels.repositories.len());
    let labelled = book.rules.keys().filter(|id| labels.tally(id).all() > 0).count();
    assert!(labelled >= 50, "labels of {labelled} rules");
}

#[test]
fn labels_name_a_commit_and_say_why_in_a_few_words() {
    for repository in labels().1.repositories {
        let name = &repository.name;
        assert!(
            repository.commit.len() == 40 && repository.commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{name}"
        );
        assert_eq!(name.split('/').count(), 2, "{name} must be `owner/name`");
        for label in &repository.labels {
            let words = label.why.split_whitespace().count();
            assert!((2..=25).contains(&words), "{name} {}: {}", label.key.path, label.why);
        }
    }
}
