//! A rule or settings file with faults is refused whole, with every fault at its place and the nearest right name.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::settings::Settings;
use aimslint::source::SourceFile;
use aimslint::{Failure, PolicyBook, Request, check};
use jiff::civil::Date;
use std::fs;

const GOOD: &str = r#"title = "Store is not encrypted"
message = "{name} is not encrypted"
level = "error"
confidence = "high"
clauses = ["3.2.a"]
controls = ["iso27002:8.24"]
why = "Because."
fix = "Encrypt it."
blind = "Nothing."

[each]
fact = "store"
where = 'role == "model"'

[must]
hold = 'encryption != "none"'
"#;

fn problems_of(text: &str) -> Vec<String> {
    match PolicyBook::load([SourceFile::new("policies/encryption/some-store.toml", text)]) {
        Ok(_) => Vec::new(),
        Err(Failure::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_rule_that_the_others_are_made_from_is_right() {
    assert_eq!(problems_of(GOOD), Vec::<String>::new());
}

#[test]
fn each_fault_is_found_at_its_place_with_the_nearest_name() {
    for (right, wrong, line, hint) in [
        ("title =", "titel =", 1, "did you mean `title`"),
        ("{name} is", "{nam} is", 2, "did you mean `name`"),
        ("level = \"error\"", "level = \"fatal\"", 3, "`warning`"),
        ("level = \"error\"", "level = 3", 3, "text in quotes"),
        ("confidence = \"high\"", "", 1, "`confidence` is missing"),
        ("3.2.a", "3.2.x", 5, "did you mean `3.2."),
        ("iso27002:8.24", "iso27002:8.99", 6, "unknown control"),
        ("iso27002:8.24", "iso42001:A.7.1", 6, "did you mean `A.7."),
        ("iso27002:8.24", "iso2702:8.24", 6, "did you mean `iso27002`"),
        ("\"store\"", "\"stroe\"", 12, "did you mean `store`"),
        ("role ==", "rol ==", 13, "did you mean `role`"),
        ("\"model\"", "\"models\"", 13, "did you mean `model`"),
        ("hold =", "holds =", 16, "did you mean `hold`"),
        ("encryption !=", "encryption >", 16, "must be a number"),
        ("!= \"none\"'", "!= '", 16, ""),
        ("[must]", "[must", 15, ""),
        ("hold = 'encryption != \"none\"'", "at = \"role\"\nexist.fact = \"key\"", 16, "`at` is for `hold`"),
    ] {
        assert!(GOOD.contains(right), "{right}");
        let problems = problems_of(&GOOD.replacen(right, wrong, 1));
        let place = format!("policies/encryption/some-store.toml:{line}:");
        assert!(
            problems.iter().any(|problem| problem.starts_with(&place) && problem.contains(hint)),
            "{wrong}: want {place} … {hint}, got {problems:#?}"
        );
    }
}

#[test]
fn all_faults_are_reported_at_once() {
    let text =
        GOOD.replace("\"error\"", "\"fatal\"").replace("3.2.a", "9.9").replace("rol", "rolle").replace("fix", "fixx");
    assert!(problems_of(&text).len() >= 4, "{:#?}", problems_of(&text));
}

#[test]
fn a_condition_is_placed_by_column() {
    let problems = problems_of(&GOOD.replace("role ==", "true && rolle =="));
    assert!(problems.iter().any(|problem| problem.contains(":13:18:")), "{problems:#?}");
}

#[test]
fn settings_are_refused_the_same_way() {
    for (text, line, hint) in [
        ("fail_on = \"error\"\n", 1, "did you mean `fail-on`"),
        ("fail-on = \"eror\"\n", 1, "did you mean `error`"),
        ("profile = \"gates\"\n", 1, "did you mean `gate`"),
        ("exclude = \"tests\"\n", 1, "list of texts"),
        ("exclude = [\"a[\"]\n", 1, "glob"),
        ("[rules]\n\"encryption/unencrypted-stor\" = \"off\"\n", 2, "unknown rule"),
        ("[[vendor]]\nstatus = \"approved\"\n", 2, "`id` is missing"),
        ("[[vendor]]\nid = \"openai\"\nstatus = \"aproved\"\n", 3, "did you mean `approved`"),
        ("[[vendor]]\nid = \"openai\"\nreview-by = \"soon\"\n", 3, "a day such as"),
        ("[[system]]\nname = \"x\"\nrisk = \"hgh\"\n", 3, "did you mean `high`"),
        ("[[waiver]]\nrule = \"x/y\"\n", 2, "what it covers: path"),
        ("[limits]\nfile-bytes = \"big\"\n", 2, "whole number"),
        ("= 3\n", 1, ""),
    ] {
        let folder = tempfile::tempdir().expect("temporary folder");
        fs::write(folder.path().join("aimslint.toml"), text).expect("written");
        let request = Request { root: folder.path().to_path_buf(), ..Request::default() };
        let book = PolicyBook::shipped().expect("shipped policy");
        match check(&request, &book, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}) {
            Err(Failure::Problems(problems)) => {
                let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
                let place = format!("aimslint.toml:{line}:");
                assert!(
                    shown.iter().any(|problem| problem.starts_with(&place) && problem.contains(hint)),
                    "{text}: {shown:#?}"
                );
            }
            other => panic!("{text}: {:?}", other.map(|_| "accepted")),
        }
    }
}
