//! Invariants of the whole policy: what every rule and catalogue must be, whatever it says.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::examples::Fixtures;
use aimslint::explain::Told;
use aimslint::finding::Level;
use aimslint::pages::pages;
use aimslint::policy::Confidence;
use aimslint::settings::RuleSettings;
use aimslint::truth::Labels;
use aimslint::{PolicyBook, explain};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

fn book() -> PolicyBook {
    PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"))
}

#[test]
fn names_are_unique_and_say_the_bad_thing() {
    let book = book();
    let mut stems = BTreeSet::new();
    for id in book.rules.keys() {
        let (_, stem) = id.split_once('/').expect("family/name");
        assert!(stems.insert(stem.to_owned()), "{id}: two rules have this name");
        assert!(
            stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{id}: lower case and hyphens only"
        );
        for start in ["no-", "require-", "avoid-", "check-", "ensure-", "use-", "should-"] {
            assert!(!stem.starts_with(start), "{id}: must read well after `allow`");
        }
    }
}

#[test]
fn every_rule_is_documented() {
    for rule in book().rules.values() {
        let id = &rule.text.id;
        assert!(!rule.text.clauses.is_empty(), "{id}: no clause");
        assert!(!rule.text.controls.is_empty(), "{id}: no control");
        assert!(rule.text.title.len() <= 100, "{id}: the title is longer than a line");
        assert!(!rule.text.title.ends_with('.'), "{id}: a title is no sentence");
        for (what, text) in [("why", &rule.text.why), ("fix", &rule.text.fix), ("blind", &rule.text.blind)] {
            assert!(text.split_whitespace().count() >= 5, "{id}: `{what}` says too little");
        }
        for reference in &rule.text.references {
            assert!(reference.starts_with("https://"), "{id}: {reference} is no https address");
        }
    }
}

#[test]
fn what_only_the_audit_profile_adds_is_never_an_error() {
    // A rule that is often wrong must not be the loudest.
    for rule in book().rules.values().filter(|rule| rule.confidence == Confidence::Low) {
        assert!(rule.text.level < Level::Error, "{}: low confidence at level error", rule.text.id);
    }
}

#[test]
fn the_five_founding_families_have_forty_rules() {
    let book = book();
    let founding = ["encryption", "access", "versioning", "bias", "vendor"];
    let count = |family: &str| book.rules.values().filter(|rule| rule.family() == family).count();
    for family in founding {
        assert!(count(family) >= 5, "{family} has {} rules", count(family));
    }
    assert!(founding.iter().map(|family| count(family)).sum::<usize>() >= 40);
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    let book = book();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for family in fs::read_dir(&fixtures).expect("fixtures").map(|entry| entry.expect("readable").path()) {
        let family_name = family.file_name().expect("named").to_string_lossy().into_owned();
        if ["whole", "packs"].contains(&family_name.as_str()) || !family.is_dir() {
            continue;
        }
        for rule in fs::read_dir(&family).expect("readable").map(|entry| entry.expect("readable").path()) {
            let id = format!("{family_name}/{}", rule.file_name().expect("named").to_string_lossy());
            assert!(book.rules.contains_key(&id), "fixtures/{id} belongs to no rule");
        }
    }
}

#[test]
fn all_clauses_and_controls_of_the_catalogue_can_be_cited() {
    let book = book();
    assert_eq!(book.controls.clauses.len(), 76);
    for citation in [
        "iso42001:A.6.2.4",
        "iso27002:8.24",
        "nist-ai-rmf:GOVERN 1.7",
        "eu-ai-act:10",
        "owasp-llm:LLM03",
        "cwe:CWE-502",
    ] {
        assert_eq!(book.controls.fault_of(citation), None, "{citation}");
    }
    // Every ".1" of ISO/IEC 42001 Annex A is an objective, and these numbers are cited wrongly by other tools.
    for citation in [
        "iso42001:A.6.2.1",
        "iso42001:A.7.1",
        "iso42001:A.8.6",
        "iso42001:A.6.2.10",
        "nist-ai-rmf:GOVERN 1.8",
        "cwe:502",
    ] {
        assert!(book.controls.fault_of(citation).is_some(), "{citation} should be refused");
    }
}

#[test]
fn every_clause_and_every_control_of_annex_a_is_served_or_said_to_be_outside() {
    let book = book();
    let cited = |citation: &str| book.rules.values().any(|rule| rule.text.controls.iter().any(|id| id == citation));
    for clause in book.controls.clauses.keys() {
        assert!(book.rules.values().any(|rule| rule.text.clauses.contains(clause)), "no rule looks at clause {clause}");
    }
    let annex = book.controls.framework("iso42001").expect("Annex A is in the catalogue");
    assert_eq!(annex.controls().count(), 38);
    for (control, _) in annex.controls() {
        let outside = annex.outside(control).map(|reason| reason.split_whitespace().count());
        let served = cited(&format!("iso42001:{control}"));
        assert_ne!(served, outside.is_some(), "{control} must be served by a rule or be said to be outside, not both");
        assert!(outside.is_none_or(|words| words >= 10), "{control}: the reason says too little");
    }
}

#[test]
fn no_clause_was_edited_behind_the_back_of_its_rules() {
    let book = book();
    if std::env::var_os("UPDATE_CLAUSES").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/catalogue/reviewed.toml");
        let old = fs::read_to_string(&path).expect("readable");
        let head = old.lines().take_while(|line| !line.starts_with('"'));
        let words = book.controls.clauses.iter().map(|(id, clause)| format!("\"{id}\" = \"{}\"", clause.hash));
        let text: String = head.map(str::to_owned).chain(words).map(|line| line + "\n").collect();
        fs::write(&path, text).expect("written");
    } else {
        let reviews = book.reviews();
        assert!(
            reviews.is_empty(),
            "look at these rules, then run UPDATE_CLAUSES=1 cargo test --test policy_book: {reviews:#?}"
        );
    }
}

#[test]
fn everything_can_be_explained() {
    let book = book();
    let labels = Labels::shipped(&book).unwrap_or_else(|failure| panic!("{failure}"));
    let (set, fixtures) = (RuleSettings::default(), Fixtures::shipped());
    let told = Told { book: &book, set: &set, labels: &labels, fixtures: &fixtures };
    for name in book.rules.keys().chain(book.controls.clauses.keys()) {
        let text = explain::explain(name, &told).expect(name);
        assert!(text.lines().count() > 3, "{name}");
    }
    assert!(explain::explain("encryption/unencrypted-stoer", &told).is_err());

    let pages: BTreeMap<String, String> = pages(&told).into_iter().collect();
    for id in book.rules.keys() {
        let page = &pages[&format!("rules/{id}.md")];
        for heading in ["Why", "What breaks it", "What keeps it", "How to mend it", "What it cannot see"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{id}: nothing about {heading}");
        }
    }
    for (page, text) in &pages {
        for link in text.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap_or_default()) {
            let mut place: Vec<&str> = page.split('/').collect();
            place.pop();
            for part in link.split('/') {
                if part == ".." {
                    place.pop();
                } else {
                    place.push(part);
                }
            }
            assert!(link.contains("://") || pages.contains_key(&place.join("/")), "{page}: {link} leads nowhere");
        }
    }
}

#[test]
fn the_readme_shows_the_rules_as_they_are() {
    const START: &str = "<!-- rules -->\n";
    const END: &str = "<!-- end of rules -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md").replace("\r\n", "\n");
    let (before, rest) = readme.split_once(START).expect("the table's start is marked");
    let (table, after) = rest.split_once(END).expect("the table's end is marked");
    let printed = format!("\n{}\n", explain::rules_markdown(&book()));
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, format!("{before}{START}{printed}{END}{after}")).expect("written");
    } else {
        assert!(
            table == printed,
            "the rule table of README.md is old: run UPDATE_README=1 cargo test --test policy_book"
        );
    }
}
