use super::*;
use crate::fact::{self, Call, Choice, Facts, Field, RegisteredVendor, Seen as _, System};
use crate::parse;
use crate::policy::{Conditions, Controls, rule};
use crate::problem::Problems;
use crate::source::{SourceFile, Span};

/// A rule on calls with this `[each]` beyond the kind of fact, and this `[must]`.
fn rule_of(each: &str, must: &str) -> Rule {
    // A rule on calls has to say which.
    let listed = if each.starts_with("is =") { "" } else { "is = { name = ['*'] }\n" };
    rule_on("call", "{name} {count}", &format!("{listed}{each}"), must)
}

/// The same on facts of this kind, with this message.
fn rule_on(kind: &str, message: &str, each: &str, must: &str) -> Rule {
    let head = "title = 't'\nlevel = 'error'\nconfidence = 'high'\nclauses = []\ncontrols = []\nwhy = 'w'\nfix = 'f'\nblind = 'b'\n";
    let file = SourceFile::new(
        "access/own.toml",
        format!("message = '{message}'\n{head}[each]\nfact = '{kind}'\n{each}\n{must}\n"),
    );
    let document = parse::toml::parse(&file.text);
    let mut problems = Problems::of(&file);
    let read =
        rule("access/own", document.root().unwrap(), &Controls::default(), Conditions::CheckedNow, &mut problems);
    read.unwrap_or_else(|| panic!("{:?}", problems.all))
}

/// A call of `name` within `within`, at byte `at` of `path`.
fn call(path: &str, at: usize, name: &str, within: &str) -> Fact {
    let mut facts = Facts::of(&path.into());
    let seen = Call {
        name: name.into(),
        within: Field { value: Some(within.to_owned()), at: Some(Span::new(at + 5, at + 6)) },
        ..Call::default()
    };
    facts.add(format!("{name} in {within}"), Span::new(at, at + 9), seen);
    facts.all.remove(0)
}

fn vendor(id: &str, status: &'static str) -> Fact {
    let mut facts = Facts::of(&"aimslint.toml".into());
    facts.add(
        id,
        Span::new(7, 8),
        RegisteredVendor { id: id.into(), status: status.into(), ..RegisteredVendor::default() },
    );
    facts.all.remove(0)
}

fn judged(rule: &Rule, facts: &[Fact]) -> Judgement {
    judged_at(rule, Level::Warning, None, facts)
}

fn judged_at(rule: &Rule, level: Level, later: Option<(Level, Date)>, facts: &[Fact]) -> Judgement {
    let environment = Environment { today: Date::constant(2026, 11, 21), declared: [].into(), pairs: 10_000 };
    let active = Active { rule, level, later, fixed: false, parameters: &[] };
    evaluate(&[active], facts, &environment, &Tiers::default(), &Timings::default())
}

/// Path and first byte of each finding, and its message.
fn told(judgement: &Judgement) -> Vec<(&str, usize, &str)> {
    let found = judgement.findings.iter();
    found.map(|it| (&*it.primary.path, it.primary.location.span().unwrap().start, it.message.as_str())).collect()
}

fn looked_at(judgement: &Judgement) -> Option<(usize, usize)> {
    judgement.looked_at.get("access/own").map(|looked_at| (looked_at.kept, looked_at.broken))
}

#[test]
fn what_breaks_the_rule_is_told_where_it_stands_and_what_keeps_it_is_counted() {
    let rule = rule_of("where = 'within != \"test\"'", "[must]\nhold = 'name != \"bad\"'");
    let facts = [
        call("b.py", 0, "bad", "f"),
        call("a.py", 9, "bad", "f"),
        call("a.py", 0, "good", "f"),
        call("a.py", 20, "bad", "test"),
    ];
    let judgement = judged(&rule, &facts);
    assert_eq!(told(&judgement), [("a.py", 9, "bad 1"), ("b.py", 0, "bad 1")]);
    assert_eq!(looked_at(&judgement), Some((1, 2)));
    assert_eq!(judgement.findings[0].level, Level::Warning);
    let backwards: Vec<Fact> = facts.into_iter().rev().collect();
    assert_eq!(judged(&rule, &backwards).findings, judgement.findings);
}

#[test]
fn a_rule_that_finds_nothing_to_look_at_says_so() {
    let rule = rule_of("is = { name = ['torch.*'] }", "[must]\nhold = 'within != \"f\"'");
    let judgement = judged(&rule, &[call("a.py", 0, "torch.load", "f"), call("a.py", 30, "numpy.load", "f")]);
    assert_eq!((told(&judgement), looked_at(&judgement)), (vec![("a.py", 0, "torch.load 1")], Some((0, 1))));
    assert_eq!(looked_at(&judged(&rule, &[call("a.py", 0, "numpy.load", "f")])), None);
    assert_eq!(looked_at(&judged(&rule, &[vendor("a", "approved")])), None);
}

#[test]
fn the_field_that_decided_is_shown() {
    let rule = rule_of("", "[must]\nhold = 'within != \"f\"'\nat = 'within'");
    assert_eq!(told(&judged(&rule, &[call("a.py", 10, "x", "f")])), [("a.py", 15, "x 1")]);
}

#[test]
fn a_condition_that_fails_is_no_pass() {
    for rule in [
        rule_of("", "[must]\nhold = 'days_since(within) < 3'"),
        rule_of("where = 'days_since(within) < 3'", "[must]\nhold = 'true'"),
        rule_of("", "[must.exist]\nfact = 'registered-vendor'\nwhere = 'days_since(id) < 3'"),
    ] {
        let judgement = judged(&rule, &[call("a.py", 0, "x", "never"), vendor("x", "approved")]);
        assert_eq!((judgement.findings.len(), judgement.looked_at.len()), (0, 0));
        let [reason] = judgement.not_assessed.as_slice() else { panic!("{:?}", judgement.not_assessed) };
        assert!(reason.reason.starts_with("access/own could not judge `x in never`: "), "{}", reason.reason);
    }
}

#[test]
fn another_fact_must_exist() {
    let rule = rule_of(
        "",
        "[must.exist]\nfact = 'registered-vendor'\nmatch = { id = 'name' }\nwhere = 'status == \"approved\"'",
    );
    let facts = [
        call("a.py", 0, "x", "f"),
        call("a.py", 20, "y", "f"),
        call("a.py", 40, "z", "f"),
        vendor("x", "approved"),
        vendor("y", "pending"),
    ];
    let judgement = judged(&rule, &facts);
    assert_eq!(told(&judgement), [("a.py", 20, "y 1"), ("a.py", 40, "z 1")]);
    assert_eq!(looked_at(&judgement), Some((1, 2)));
    let plain = rule_of("", "[must.exist]\nfact = 'registered-vendor'\nmatch = { id = 'name' }");
    assert_eq!(told(&judged(&plain, &facts)), [("a.py", 40, "z 1")]);
    // Nothing need match where no field is named.
    let any = rule_of("", "[must.exist]\nfact = 'registered-vendor'\nwhere = 'status == \"rejected\"'");
    assert_eq!(judged(&any, &facts).findings.len(), 3);
}

#[test]
fn another_fact_must_not_exist_and_is_shown() {
    let rule = rule_of(
        "",
        "[must.not-exist]\nfact = 'registered-vendor'\nwhere = 'status == \"rejected\" && id == this.name'",
    );
    let judgement = judged(
        &rule,
        &[call("a.py", 0, "x", "f"), call("a.py", 20, "y", "f"), vendor("x", "approved"), vendor("y", "rejected")],
    );
    assert_eq!((told(&judgement), looked_at(&judgement)), (vec![("a.py", 20, "y 1")], Some((1, 1))));
    let (place, what) = &judgement.findings[0].related[0];
    assert_eq!((&*place.path, place.location.span().unwrap().start, what.as_str()), ("aimslint.toml", 7, "y"));
}

#[test]
fn a_rule_that_would_look_at_too_many_pairs_is_said_not_to_be_judged() {
    let rule =
        rule_of("", "[must.exist]\nfact = 'registered-vendor'\nwhere = 'id == this.name && status == \"approved\"'");
    let vendors = (0..100).map(|number| vendor(&format!("{number}"), "pending"));
    let facts = |calls: usize| {
        (0..calls).map(|at| call("a.py", at * 10, "x", "f")).chain(vendors.clone()).collect::<Vec<Fact>>()
    };
    // A hundred calls times a hundred vendors is the limit of these tests.
    let judgement = judged(&rule, &facts(100));
    assert_eq!((judgement.findings.len(), judgement.not_assessed.len()), (100, 0));
    let judgement = judged(&rule, &facts(101));
    assert_eq!((judgement.findings.len(), judgement.not_assessed.len()), (100, 1));
    assert!(judgement.not_assessed[0].reason.contains("more than 10000 pairs"), "{:?}", judgement.not_assessed);
}

#[test]
fn equal_breaches_are_gathered_by_what_the_rule_says() {
    let calls: Vec<Fact> =
        (0..13).map(|at| call("a.py", at * 10, "bad", "f")).chain([call("b.py", 0, "bad", "f")]).collect();
    let by_name = judged(&rule_of("per = ['name']", "[must]\nhold = 'false'"), &calls);
    assert_eq!(told(&by_name), [("a.py", 0, "bad 14")]);
    assert_eq!((by_name.findings[0].related.len(), by_name.findings[0].more_related), (10, 3));
    assert_eq!((by_name.findings[0].subject.as_str(), &*by_name.findings[0].bound_to), ("bad", ""));
    assert_eq!(by_name.findings[0].related[0].0.location.span().unwrap().start, 10);
    let by_file = judged(&rule_of("per = ['path', 'name']", "[must]\nhold = 'false'"), &calls);
    assert_eq!(told(&by_file), [("a.py", 0, "bad 13"), ("b.py", 0, "bad 1")]);
    assert_eq!((by_file.findings[1].subject.as_str(), &*by_file.findings[1].bound_to), ("b.py bad", "b.py"));
    let each = judged(&rule_of("", "[must]\nhold = 'false'"), &calls);
    assert_eq!((each.findings.len(), &*each.findings[0].bound_to, each.findings[0].related.len()), (14, "a.py", 0));
}

#[test]
fn equal_findings_of_one_file_are_numbered_in_their_order() {
    let rule = rule_of("", "[must]\nhold = 'false'");
    let prints =
        |facts: &[Fact]| judged(&rule, facts).findings.iter().map(|it| it.fingerprint.clone()).collect::<Vec<_>>();
    let [first, second] = [call("a.py", 0, "x", "f"), call("a.py", 20, "x", "f")];
    let both = prints(&[first.clone(), second.clone()]);
    assert_eq!(both, [fingerprint("access/own", "a.py", "x in f", 0), fingerprint("access/own", "a.py", "x in f", 1)]);
    // Whichever of two equal ones goes, the other keeps the first name.
    assert_eq!(prints(&[second]), both[..1]);
    assert_eq!(
        prints(&[first, call("b.py", 0, "x", "f")]),
        [both[0].clone(), fingerprint("access/own", "b.py", "x in f", 0)]
    );
}

#[test]
fn a_level_that_is_to_come_is_told_with_its_day() {
    let rule = rule_of("", "[must]\nhold = 'false'");
    let later = Some((Level::Error, Date::constant(2027, 1, 1)));
    let judgement = judged_at(&rule, Level::Note, later, &[call("a.py", 0, "x", "f")]);
    assert_eq!(told(&judgement), [("a.py", 0, "x 1 (error from 2027-01-01 on)")]);
}

#[test]
fn what_cannot_be_told_is_counted_and_keeps_nothing() {
    let rule = rule_of("", "[must]\nhold = 'within != \"f\"'");
    let unknown = |at| {
        let mut fact = call("a.py", at, "x", "");
        fact.set("within", fact::UNKNOWN.into());
        fact
    };
    let judgement = judged(&rule, &[unknown(0), call("a.py", 20, "x", "g"), unknown(40)]);
    assert_eq!((told(&judgement), looked_at(&judgement)), (vec![], Some((1, 0))));
    assert_eq!(judgement.looked_at["access/own"].untold, 2);
    assert_eq!(judgement.kinds, [Call::kind()].into());
}

#[test]
fn a_rule_that_is_less_sure_is_raised_to_a_warning_at_most() {
    let mut facts = Facts::of(&"aimslint.toml".into());
    let paths = vec!["a.py".to_owned()].into();
    facts.add_whole("s", System { name: "s".into(), risk: Field::known(Choice("high")), paths, ..System::default() });
    let tiers = Tiers::of(&facts.all, &"".into(), true);
    let environment = Environment { today: Date::constant(2026, 11, 21), declared: [].into(), pairs: 10 };
    for (confidence, level) in
        [(Confidence::High, Level::Error), (Confidence::Medium, Level::Warning), (Confidence::Low, Level::Warning)]
    {
        let rule = Rule { confidence, ..rule_of("", "[must]\nhold = 'false'") };
        let active = Active { rule: &rule, level: Level::Warning, later: None, fixed: false, parameters: &[] };
        let facts = [call("a.py", 0, "x", "f")];
        let judgement = evaluate(&[active], &facts, &environment, &tiers, &Timings::default());
        assert_eq!(judgement.findings[0].level, level, "{confidence:?}");
    }
}

#[test]
fn judgements_are_joined_in_order_and_said_once() {
    let rule = rule_of("", "[must]\nhold = 'days_since(within) < 3'");
    let other = rule_of("", "[must]\nhold = 'false'");
    let mut judgement = judged(&other, &[call("b.py", 0, "x", "f")]);
    judgement.add(judged(
        &rule,
        &[call("b.py", 0, "x", "never"), call("a.py", 0, "y", "never"), call("a.py", 50, "y", "never")],
    ));
    judgement.add(judged(&other, &[call("a.py", 0, "x", "f")]));
    assert_eq!(told(&judgement), [("a.py", 0, "x 1"), ("b.py", 0, "x 1")]);
    let unjudged: Vec<&str> = judgement.not_assessed.iter().map(|it| &*it.path).collect();
    assert_eq!(unjudged, ["a.py", "b.py"]);
}

#[test]
fn what_has_nothing_to_be_compared_with_shows_nothing() {
    let rule = rule_of(
        "",
        "[must.not-exist]\nfact = 'registered-vendor'\nmatch = { id = \"name\" }\nwhere = 'status != \"approved\"'",
    );
    let called = [call("a.py", 0, "known", "f"), call("a.py", 9, "unknown", "f"), call("a.py", 20, "bad", "f")];
    let facts = [&called[..], &[vendor("known", "approved"), vendor("bad", "rejected")]].concat();
    let judgement = judged(&rule, &facts);
    assert_eq!(looked_at(&judgement), Some((1, 1)));
    assert_eq!(judgement.looked_at["access/own"].untold, 1);
}

#[test]
fn a_fact_is_not_compared_with_itself() {
    let must = "[must.not-exist]\nfact = 'registered-vendor'\nmatch = { status = \"status\" }\nwhere = 'id != this.id'";
    let rule = rule_on("registered-vendor", "{id}", "", must);
    let facts = [vendor("alone", "approved"), vendor("one", "rejected"), vendor("one", "rejected")];
    let judgement = judged(&rule, &facts);
    assert_eq!((looked_at(&judgement), judgement.looked_at["access/own"].untold), (Some((2, 0)), 1));
}
