//! The table of coverage against the report that it was made from: nothing is claimed that no rule has seen.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::coverage::{Coverage, Standing};
use aimslint::finding::{Report, State};
use aimslint::policy::{Must, Rule};
use aimslint::report::coverage::{CoverageFormat, Heading, write};
use aimslint::settings::{Profile, Settings};
use aimslint::{PolicyBook, Request};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn report_of(name: &str, book: &PolicyBook) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole").join(name);
    let request = Request { root, profile: Some(Profile::Audit), evidence: true, ..Request::default() };
    let settings = Settings::new(Date::constant(2026, 11, 22));
    aimslint::check(&request, book, settings, &|_, _| {}).unwrap_or_else(|failure| panic!("{failure}")).0
}

fn book() -> PolicyBook {
    PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"))
}

fn text(format: CoverageFormat, coverage: &Coverage<'_>) -> String {
    let heading = Heading {
        tool_version: "0",
        root: "<script>alert(1)</script>".to_owned(),
        today: "2026-11-22".to_owned(),
        profile: "audit",
        screen: None,
    };
    let mut out = Vec::new();
    write(format, coverage, &heading, &mut out).expect("memory can be written to");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn each_standing_is_what_the_report_says() {
    let book = book();
    for name in ["credit-scoring", "well-kept"] {
        let report = report_of(name, &book);
        let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
        assert_eq!(coverage.rows.len(), book.controls.clauses.len());
        for row in &coverage.rows {
            let cited = |rule: &str| book.rules[rule].text.clauses.contains(&row.id);
            let open = report.open().any(|placed| cited(&placed.finding.rule));
            // Rules that look for statements see words, and words are never taken for more.
            let shows = |rule: &Rule| !looks_for_words(rule) && !rule.text.breaks_only.contains(&row.id);
            let looked = row.rules.iter().any(|looking| {
                report.looked_at.contains_key(looking.rule.id()) && looking.shows && shows(looking.rule)
            });
            let valid = report.statements.iter().filter(|stated| stated.fact.text("state") == "valid");
            let said: Vec<_> = valid.filter(|stated| stated.fact.text("clause") == row.id).collect();
            let applies = said.iter().all(|stated| stated.fact.text("applies") == "yes");
            let quiet = !open && !looked;
            assert_eq!(row.standing == Standing::Broken, open, "{name} {}", row.id);
            assert_eq!(row.standing == Standing::Stated, quiet && !said.is_empty() && applies, "{name} {}", row.id);
            assert_eq!(matches!(row.standing, Standing::NotApplicable(_)), quiet && !applies, "{name} {}", row.id);
            assert_eq!(row.standing == Standing::Held, !open && looked, "{name} {}", row.id);
        }
    }
}

/// An auditor would not take code without a fault for a risk assessment, a guideline or human oversight.
#[test]
fn what_code_does_not_do_holds_no_clause_that_documents_keep() {
    let book = book();
    let repository = tempfile::tempdir().expect("a folder");
    let code = "from langchain_experimental.agents import create_pandas_dataframe_agent\nfrom langchain_openai import ChatOpenAI\n\n\
                agent = create_pandas_dataframe_agent(ChatOpenAI(), frame, allow_dangerous_code=False)\n";
    fs::write(repository.path().join("agent.py"), code).expect("a file");
    let root = repository.path().to_path_buf();
    let request = Request { root, profile: Some(Profile::Audit), evidence: true, ..Request::default() };
    let report = aimslint::check(&request, &book, Settings::new(Date::constant(2026, 11, 22)), &|_, _| {});
    let report = report.unwrap_or_else(|failure| panic!("{failure}")).0;
    let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
    let row = |clause: &str| coverage.rows.iter().find(|row| row.id == clause).expect("the clause");
    let (privilege, oversight) = (row("5.1.b"), row("7.4.a"));
    assert_eq!((privilege.standing.word(), oversight.standing.word()), ("held", "not assessed"));
    let decided = oversight.decided();
    assert!(decided.contains("access/dangerous-agent-tool found nothing wrong"), "{decided}");
}

fn looks_for_words(rule: &Rule) -> bool {
    let sought = match &rule.must {
        Must::Exist(other) | Must::NotExist(other) => Some(other.kind),
        Must::Hold { .. } => None,
    };
    sought.into_iter().chain([rule.each.kind]).any(|kind| kind.spec().name == "statement")
}

#[test]
fn a_statement_is_shown_with_its_place_in_every_form() {
    let book = book();
    let report = report_of("well-kept", &book);
    let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
    for format in [
        CoverageFormat::Human,
        CoverageFormat::Markdown,
        CoverageFormat::Csv,
        CoverageFormat::Json,
        CoverageFormat::Html,
        CoverageFormat::Oscal,
    ] {
        let text = text(format, &coverage);
        assert!(text.contains("on 2026-06-15, until 2027-06-14 (aimslint.toml:"), "{format:?}");
    }
    let stated = coverage.rows.iter().filter(|row| row.standing == Standing::Stated).count();
    assert_eq!(stated, 6, "clauses of which nothing but words is known");
}

#[test]
fn evidence_stands_where_it_says() {
    let book = book();
    let report = report_of("well-kept", &book);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole/well-kept");
    let mut lines = 0;
    for evidence in report.looked_at.values().flat_map(|looked_at| &looked_at.evidence) {
        let Some(line) = evidence.line else { continue };
        let text =
            fs::read_to_string(root.join(&*evidence.place.path)).expect("evidence stands in a file of the fixture");
        let span = evidence.place.location.span().expect("a line has a place");
        let before = text.get(..span.start).expect("on a character").matches('\n').count();
        let shown = text.lines().nth(line - 1).expect("the line is there");
        assert!(!shown.trim().is_empty(), "{}:{line} is blank", evidence.place.path);
        assert!(line > before, "{}:{line}", evidence.place.path);
        lines += 1;
    }
    assert!(lines > 20, "only {lines} places of evidence");
}

#[test]
fn no_form_lets_text_act_or_asks_for_anything_outside() {
    let book = book();
    let report = report_of("credit-scoring", &book);
    let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
    let page = text(CoverageFormat::Html, &coverage);
    assert!(!page.contains("<script>alert"), "text of the user acts");
    assert!(!page.contains("src=") && !page.contains("@import") && !page.contains("<link"), "the page asks for more");
    assert!(!text(CoverageFormat::Markdown, &coverage).contains("<script>"));
    let csv = text(CoverageFormat::Csv, &coverage);
    assert_eq!(csv.matches("\r\n").count(), coverage.rows.len() + 1);
    let json: serde_json::Value = serde_json::from_str(&text(CoverageFormat::Json, &coverage)).expect("JSON");
    assert_eq!(json["rows"].as_array().map(Vec::len), Some(coverage.rows.len()));
}

fn oscal(coverage: &Coverage<'_>) -> Value {
    serde_json::from_str(&text(CoverageFormat::Oscal, coverage)).expect("JSON")
}

/// Every text that stands under this key, wherever in the document.
fn under<'a>(key: &str, value: &'a Value) -> Vec<&'a str> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| under(key, item)).collect(),
        Value::Object(entries) => {
            let own = entries.get(key).and_then(Value::as_str);
            own.into_iter().chain(entries.values().flat_map(|entry| under(key, entry))).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn in_oscal_only_what_rules_saw_is_satisfied_or_not() {
    let book = book();
    let mut report = report_of("well-kept", &book);
    let waived = State::Waived {
        reason: "until the new store is there".to_owned(),
        approver: "Ada Example".to_owned(),
        until: "2027-01-31".to_owned(),
        inline: false,
    };
    let of_rule =
        |report: &Report, state| report.findings.iter().filter(|placed| placed.finding.state == state).count();
    report.findings.extend(report_of("credit-scoring", &book).findings);
    for (placed, state) in report.findings.iter_mut().rev().zip([waived.clone(), State::Baselined, waived.clone()]) {
        placed.finding.state = state;
    }
    let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
    let document = oscal(&coverage);
    let result = &document["assessment-results"]["results"][0];
    let findings = result["findings"].as_array().expect("findings");
    for row in &coverage.rows {
        let target = format!("clause-{}_seen-by-rules", row.id);
        let found = findings.iter().find(|finding| finding["target"]["target-id"] == *target);
        let state = found.map(|finding| finding["target"]["status"]["state"].as_str().expect("a state"));
        let right = match row.standing {
            Standing::Held => Some("satisfied"),
            Standing::Broken | Standing::Recorded | Standing::Waived => Some("not-satisfied"),
            Standing::NeedsReview | Standing::Stated | Standing::NotAssessed(_) | Standing::NotApplicable(_) => None,
        };
        assert_eq!(state, right, "{} is {}", row.id, row.standing.word());
    }
    let risks = result["risks"].as_array().expect("risks");
    let with = |status: &str| risks.iter().filter(|risk| risk["status"] == status).count();
    assert_eq!(with("deviation-approved"), of_rule(&report, waived));
    assert_eq!(with("open"), of_rule(&report, State::Open) + of_rule(&report, State::Baselined));
    let deviation = risks.iter().find(|risk| risk["status"] == "deviation-approved").expect("a waived one");
    assert_eq!(deviation["deadline"], "2027-01-31T00:00:00Z");
    assert!(under("value", deviation).contains(&"Ada Example"), "nobody has approved it");
}

#[test]
fn in_oscal_every_reference_leads_to_one_thing() {
    let book = book();
    for name in ["credit-scoring", "well-kept", "plain-website"] {
        let report = report_of(name, &book);
        let by_control = Coverage::of_controls("iso42001", &report, &book.rules, &book.controls).expect("Annex A");
        for coverage in [Coverage::of_clauses(&report, &book.rules, &book.controls), by_control] {
            let document = oscal(&coverage);
            assert_eq!(document, oscal(&coverage), "{name}: not the same twice");
            let all = under("uuid", &document);
            let known: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(known.len(), all.len(), "{name}: an identifier stands for two things");
            for key in ["observation-uuid", "risk-uuid", "actor-uuid", "subject-uuid", "component-uuid"] {
                for reference in under(key, &document) {
                    assert!(known.contains(reference), "{name}: nothing is {reference}");
                }
            }
            let objectives: BTreeSet<&str> = under("id", &document).into_iter().collect();
            for target in under("target-id", &document) {
                assert!(objectives.contains(target), "{name}: nothing is {target}");
            }
        }
    }
}
