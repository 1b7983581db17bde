use super::*;
use crate::fact::Location;
use crate::finding::{Level, Place};
use crate::globs::Globs;
use crate::source::Span;

const TODAY: Date = Date::constant(2026, 11, 21);

/// A finding of this rule in a file, at a byte.
fn finding(rule: &str, path: &str, at: usize) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level: Level::Error,
        level_reason: String::new(),
        message: String::new(),
        primary: Place { path: path.into(), location: Location::Within(Span::new(at, at + 1)), cell: None },
        related: Vec::new(),
        systems: Vec::new(),
        more_related: 0,
        subject: "thing".to_owned(),
        bound_to: path.into(),
        fingerprint: format!("{rule} {path} {at}"),
        state: State::Open,
    }
}

fn waiver(rule: &str, scope: Scope) -> Waiver {
    Waiver {
        path: "a.py".into(),
        at: Span::empty(0),
        rule: rule.to_owned(),
        scope,
        reason: "why".to_owned(),
        approver: "ana".to_owned(),
        ticket: String::new(),
        until: Some(TODAY),
        faults: Vec::new(),
    }
}

fn everywhere() -> Scope {
    Scope::Register { files: None, subject: None }
}

fn in_files(glob: &str) -> Scope {
    Scope::Register {
        files: Some((glob.to_owned(), Globs::of([glob], &"".into(), |_, error| panic!("{error}")))),
        subject: None,
    }
}

/// Which of the findings are open after this waiver, by place; and what it says that it covers.
fn left_by(waiver: Waiver) -> (Vec<String>, Use) {
    let mut findings = [
        finding("a/x", "a.py", 0),
        finding("a/x", "a.py", 10),
        finding("a/y", "a.py", 10),
        finding("ab/x", "b.py", 10),
    ];
    let mut uses = waive(&mut findings, &[waiver], TODAY);
    let open =
        findings.iter().filter(|finding| finding.state == State::Open).map(|it| it.fingerprint.clone()).collect();
    (open, uses.remove(0))
}

#[test]
fn a_waiver_covers_what_it_names_and_nothing_else() {
    for (waiver, open) in [
        (waiver("a/x", everywhere()), &["a/y a.py 10", "ab/x b.py 10"][..]),
        (waiver("a/*", everywhere()), &["ab/x b.py 10"]),
        (waiver("ab/x", in_files("a.*")), &["a/x a.py 0", "a/x a.py 10", "a/y a.py 10", "ab/x b.py 10"]),
        (waiver("ab/x", in_files("b.*")), &["a/x a.py 0", "a/x a.py 10", "a/y a.py 10"]),
        (waiver("a/x", Scope::Line(Span::new(8, 12))), &["a/x a.py 0", "a/y a.py 10", "ab/x b.py 10"]),
        (waiver("a/x", Scope::Line(Span::new(10, 10))), &["a/x a.py 0", "a/y a.py 10", "ab/x b.py 10"]),
        (waiver("a/x", Scope::Line(Span::new(1, 10))), &["a/x a.py 0", "a/x a.py 10", "a/y a.py 10", "ab/x b.py 10"]),
        (waiver("ab/x", Scope::Line(Span::new(8, 12))), &["a/x a.py 0", "a/x a.py 10", "a/y a.py 10", "ab/x b.py 10"]),
    ] {
        let shown = format!("{waiver:?}");
        let (left, used) = left_by(waiver);
        assert_eq!(left, open, "{shown}");
        assert_eq!(used.findings, 4 - open.len(), "{shown}");
    }
    let other = Scope::Register { files: None, subject: Some("other".to_owned()) };
    assert_eq!(left_by(waiver("a/x", other)).0.len(), 4);
    let thing = Scope::Register { files: None, subject: Some("thing".to_owned()) };
    let (left, used) = left_by(waiver("a/x", thing));
    assert_eq!((left.len(), used.paths), (2, ["a.py".into()].into()));
}

#[test]
fn a_waiver_that_is_past_or_faulty_covers_nothing() {
    let past = Waiver { until: TODAY.yesterday().ok(), ..waiver("a/x", everywhere()) };
    let faulty = Waiver { faults: vec!["no reason".to_owned()], ..waiver("a/x", everywhere()) };
    for waiver in [past, faulty] {
        let (left, used) = left_by(waiver);
        assert_eq!((left.len(), used), (4, Use::default()));
    }
    let endless = Waiver { until: None, ..waiver("a/x", everywhere()) };
    assert_eq!(left_by(endless).0.len(), 2);
}

#[test]
fn the_first_waiver_gives_the_reason_and_each_is_used() {
    let mut findings = [finding("a/x", "a.py", 10)];
    let inline = Waiver { reason: "second".to_owned(), ..waiver("a/x", Scope::Line(Span::new(10, 12))) };
    let uses = waive(&mut findings, &[waiver("a/x", everywhere()), inline.clone()], TODAY);
    assert_eq!(uses.iter().map(|used| used.findings).collect::<Vec<_>>(), [1, 1]);
    let state = |reason: &str, inline| State::Waived {
        reason: reason.to_owned(),
        approver: "ana".to_owned(),
        until: "2026-11-21".to_owned(),
        inline,
    };
    assert_eq!(findings[0].state, state("why", false));
    let mut again = [finding("a/x", "a.py", 10)];
    waive(&mut again, &[inline], TODAY);
    assert_eq!(again[0].state, state("second", true));
}

#[test]
fn a_baseline_sets_aside_what_it_has_and_tells_what_is_gone() {
    let mut findings = [finding("a/x", "a.py", 0), finding("a/x", "a.py", 10), finding("a/y", "a.py", 10)];
    waive(&mut findings, &[waiver("a/y", everywhere())], TODAY);
    let gone = finding("a/x", "gone.py", 0).recorded();
    let unjudged = finding("b/x", "gone.py", 0).recorded();
    let entries = [findings[1].recorded(), findings[2].recorded(), gone.clone(), unjudged];
    let baseline = Baseline { entries: entries.into() };
    let mended = set_aside(&mut findings, &baseline, |entry| entry.rule.starts_with("a/"));
    assert_eq!(mended, [gone]);
    assert_eq!(findings[0].state, State::Open);
    assert_eq!(findings[1].state, State::Baselined);
    assert!(matches!(findings[2].state, State::Waived { .. }), "what is waived stays so: {:?}", findings[2].state);
}

#[test]
fn many_waivers_and_many_findings_are_not_tried_in_pairs() {
    const MANY: usize = 40_000;
    let mut findings: Vec<Finding> = (0..MANY).map(|number| finding("a/x", "a.py", number * 10)).collect();
    let lines = (0..MANY).map(|number| waiver("a/x", Scope::Line(Span::new(number * 10, number * 10 + 9))));
    let on_one_line = (0..MANY).map(|_| waiver("a/*", Scope::Line(Span::new(0, 9))));
    let all: Vec<Waiver> = lines.chain(on_one_line).collect();
    // In pairs these would be 3,200,000,000.
    let uses = waive(&mut findings, &all, TODAY);
    assert!(findings.iter().all(|finding| finding.state != State::Open));
    assert!(uses.iter().all(|used| used.findings == 1));
}
