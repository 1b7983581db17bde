//! Complete repositories with all rules on: the only place where rules meet.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use aimslint::finding::Report;
use aimslint::settings::{Profile, Settings};
use aimslint::{PolicyBook, Request, SettingsFile, check, verify};
use std::collections::BTreeSet;
use std::path::Path;

fn report(name: &str, profile: Profile) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole").join(name);
    let own = root.join("aimslint.toml");
    let request = Request {
        root,
        // Never the settings of this repository.
        settings: if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None },
        profile: Some(profile),
        without_history: true,
        ..Request::default()
    };
    let book = PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"));
    check(&request, &book, Settings::new(verify::TODAY), &|_, _| {}).expect("the repository can be scanned").0
}

fn rules_with_findings(report: &Report) -> BTreeSet<&str> {
    report.open().map(|placed| placed.finding.rule.as_str()).collect()
}

#[test]
fn a_repository_without_ai_gets_silence() {
    let report = report("plain-website", Profile::Audit);
    assert!(!report.ai_seen);
    assert_eq!(rules_with_findings(&report), BTreeSet::new());
}

#[test]
fn a_well_kept_repository_passes_the_gate() {
    let report = report("well-kept", Profile::Gate);
    assert!(report.ai_seen);
    assert_eq!(rules_with_findings(&report), BTreeSet::new());
    assert_eq!(report.not_assessed, []);
}

#[test]
fn the_sample_breaks_the_policy_in_every_founding_family() {
    let report = report("credit-scoring", Profile::Audit);
    let families: BTreeSet<&str> =
        rules_with_findings(&report).iter().map(|rule| rule.split('/').next().unwrap()).collect();
    for family in ["access", "bias", "encryption", "vendor", "versioning"] {
        assert!(families.contains(family), "nothing of {family} in {:?}", rules_with_findings(&report));
    }
    assert_eq!(report.not_assessed, []);
}
