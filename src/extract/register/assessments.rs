//! Impact assessments of the register: what each lacks, which counts, when it is due, and what systems have of them.

use super::Systems;
use crate::fact::{Fact, FieldValue, ImpactAssessment, Seen, System};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// After so many days an assessment is looked at again, where it does not say itself when: once a year.
const YEAR: i32 = 366;

/// Fills in what an assessment lacks, whether a later one replaces it and when it is due; and what each system has of them.
pub(super) fn join(facts: &mut [Fact], systems: &Systems) {
    let mut latest: BTreeMap<(String, String), String> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| is_assessment(fact)) {
        let day = latest.entry(of_system(fact)).or_default();
        *day = fact.text("on").max(day).to_owned();
    }
    for fact in facts.iter_mut().filter(|fact| is_assessment(fact)) {
        let lacking = lacking(fact);
        let is_latest = latest.get(&of_system(fact)).is_none_or(|day| day == fact.text("on"));
        let due = due(fact);
        let (status, _) = systems.of_name(fact.text("system"));
        fact.set("lacking", lacking.into());
        fact.set("superseded", (!is_latest).into());
        fact.set("due", due.as_str().into());
        fact.set("system_status", status);
    }
    let finished: Vec<Fact> =
        facts.iter().filter(|fact| is_assessment(fact) && !fact.text("on").is_empty()).cloned().collect();
    for system in facts.iter_mut().filter(|fact| fact.kind == System::kind()) {
        let name = system.text("name").to_owned();
        let own: Vec<&Fact> = finished.iter().filter(|fact| fact.text("system") == name).collect();
        let first = own.iter().map(|fact| fact.text("on")).min().unwrap_or_default();
        system.set("first_assessed", first.into());
        for fact in own.iter().filter(|fact| !fact.text("by").is_empty()) {
            let field = if fact.text("kind") == "privacy" { "privacy_assessment" } else { "impact_assessment" };
            if system.text(field).is_empty() {
                let told = format!("by {} on {}", fact.text("by"), fact.text("on"));
                system.set(field, FieldValue::Text(told.into()));
            }
        }
    }
}

fn is_assessment(fact: &Fact) -> bool {
    fact.kind == ImpactAssessment::kind()
}

/// The system and the kind of an assessment.
fn of_system(fact: &Fact) -> (String, String) {
    (fact.text("system").to_owned(), fact.text("kind").to_owned())
}

fn lacking(fact: &Fact) -> Vec<String> {
    let mut lacking: Vec<&str> = ["by", "on", "document"].into_iter().filter(|key| fact.text(key).is_empty()).collect();
    match fact.text("outcome") {
        "unknown" => lacking.push("outcome"),
        "conditional" if fact.text("conditions").is_empty() => lacking.push("conditions"),
        _ => {}
    }
    lacking.into_iter().map(str::to_owned).collect()
}

/// The day by which it must be looked at again; empty when nothing tells.
fn due(fact: &Fact) -> String {
    let review = fact.text("review_by");
    if !review.is_empty() {
        return review.to_owned();
    }
    let day = fact.text("on").parse::<Date>().ok().and_then(|on| on.checked_add(YEAR.days()).ok());
    day.map(|day| day.to_string()).unwrap_or_default()
}
