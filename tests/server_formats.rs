//! The formats that other programs show to people: GitLab's code quality, JUnit, reviewdog and Markdown. The rules of their
//! readers stand here as tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod sample;

use aimslint::finding::{Level, LookedAt, NotAssessed, Report, State};
use aimslint::report::{Format, Options};
use pulldown_cmark::{Event, Options as Markdown, Parser, Tag};
use sample::{Files, at, finding, report, typical, written};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn json(format: Format, report: &Report) -> Value {
    serde_json::from_str(&written(format, report, &Options::default())).expect("JSON")
}

#[test]
fn gitlab_gets_what_it_asks_of_every_issue() {
    let (_, report) = typical();
    let issues = json(Format::Gitlab, &report);
    let issues = issues.as_array().expect("a list");
    assert_eq!(issues.len(), 4 + 3);
    let mut fingerprints = BTreeSet::new();
    for issue in issues {
        assert!(
            ["description", "check_name"].iter().all(|key| issue[key].as_str().is_some_and(|text| !text.is_empty()))
        );
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./") && !path.starts_with('/') && !path.is_empty(), "{path}");
        let line = |key: &str| issue["location"]["lines"][key].as_u64().unwrap();
        assert!(1 <= line("begin") && line("begin") <= line("end"));
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()), "GitLab drops the second of {issue}");
    }
    assert_eq!(
        issues[3]["description"],
        "integrity/unsafe-load: `torch.load` runs whatever code the file holds (policy 4.1.a, 4.2.a)"
    );
    assert_eq!(issues[3]["severity"], "major");
    assert_eq!(issues[4]["location"]["path"], ".");
}

#[test]
fn reviewdog_gets_byte_columns() {
    let (_, report) = typical();
    let result = json(Format::Rdjson, &report);
    assert_eq!(result["source"]["name"], "aimslint");
    let diagnostics = result["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 4 + 3);
    for diagnostic in diagnostics {
        assert!(["ERROR", "WARNING", "INFO"].contains(&diagnostic["severity"].as_str().unwrap()));
        assert!(!diagnostic["message"].as_str().unwrap().is_empty());
        assert!(!diagnostic["location"]["path"].as_str().unwrap().is_empty());
    }
    assert_eq!(diagnostics[3]["location"]["range"]["start"], serde_json::json!({"line": 5, "column": 9}));
    assert_eq!(diagnostics[3]["location"]["range"]["end"], serde_json::json!({"line": 5, "column": 45}));
    assert_eq!(diagnostics[3]["code"]["value"], "integrity/unsafe-load");
    assert!(diagnostics[0]["location"]["range"].is_null(), "a whole file has no range");

    let line = "größer = torch.load(p)\n";
    let columns = |text: String| {
        let files: Files = [("a.py".to_owned(), text)].into();
        let place = at(&files, "a.py", "torch.load(p)");
        let report = report_of(&files, place);
        json(Format::Rdjson, &report)["diagnostics"][0]["location"]["range"]["start"].clone()
    };
    assert_eq!(columns(format!("x\n{line}")), serde_json::json!({"line": 2, "column": 12}));
    // Where so much stands before it that it is not shown, the line has to do.
    assert_eq!(columns("ö".repeat(9_000) + line), serde_json::json!({"line": 1}));
}

fn report_of(files: &Files, place: aimslint::finding::Place) -> Report {
    report(files, vec![finding("integrity/unsafe-load", Level::Error, "bad", place)])
}

#[test]
fn a_test_page_counts_right_and_is_never_empty() {
    let (_, mut report) = typical();
    report.looked_at = report.rules.keys().map(|rule| (rule.clone(), LookedAt::default())).collect();
    report.findings.remove(0);
    let text = written(Format::Junit, &report, &Options::default());
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"aimslint\" tests=\"8\" failures=\"3\" errors=\"0\">\n"), "{text}");
    assert_eq!(text.matches("<testcase ").count(), 8);
    assert_eq!(text.matches("<failure ").count(), 3);
    assert_eq!(text.matches("<skipped ").count(), 3);
    let passed =
        "<testcase classname=\"transparency/missing-model-card\" name=\"Title of transparency/missing-model-card\"/>";
    assert!(text.contains(passed), "a rule that looked and found nothing has passed: {text}");
    let names: Vec<_> = text.lines().filter(|line| line.contains("<testcase ")).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());

    let nothing = written(Format::Junit, &Report::default(), &Options::default());
    assert_eq!(nothing.matches("<testcase ").count(), 1);
}

#[test]
fn two_tests_never_have_one_name() {
    let files: Files = [("a.py".to_owned(), "torch.load(p)\ntorch.load(p)\n".to_owned())].into();
    let place = at(&files, "a.py", "torch.load(p)");
    let twice = finding("integrity/unsafe-load", Level::Error, "`torch.load` runs <code> & more", place);
    let text = written(Format::Junit, &report(&files, vec![twice.clone(), twice]), &Options::default());
    assert!(text.contains("name=\"a.py: `torch.load` runs &lt;code&gt; &amp; more\""), "{text}");
    assert!(text.contains("name=\"a.py: `torch.load` runs &lt;code&gt; &amp; more (2)\""), "{text}");
}

#[test]
fn a_page_names_findings_by_file_and_clauses() {
    let (_, mut report) = typical();
    report.looked_at = [("transparency/missing-model-card".to_owned(), LookedAt::default())].into();
    let options = Options { exit_code: 1, ..Options::default() };
    let expected = "## aimslint

Found 2 errors, 1 warning, 1 note in 4 files (2 files and 1 check not assessed).

**The gate is shut**: there are findings at or above the level that shuts it.

### Findings

**`infra/main.tf`**

- **error**, line 1: `aws_s3_bucket.training` keeps training data and sets no encryption at rest (`encryption/unencrypted-store`, policy 3.2.a)
  - Fix: Set it so:&#8203;
";
    let page = written(Format::Markdown, &report, &options);
    let expected = expected.replace(":&#8203;\n", ":\n");
    assert!(page.starts_with(&expected), "{page}");
    assert!(page.contains("- **warning**, cell 1: `acme/m` is loaded without a revision"), "{page}");
    assert!(page.contains("| 4.1.c | an inventory of all models with purpose, owner and status | 1 note |"), "{page}");
    assert!(page.contains("\n<details><summary>2 files and 1 check not assessed</summary>\n"), "{page}");
    assert!(page.contains("infra/broken.tf:3: expected `}`"), "{page}");

    report.findings.retain(|placed| placed.finding.level == Level::Note);
    let page = written(Format::Markdown, &report, &Options::default());
    assert!(
        page.contains("**The gate is open**") && page.contains("For 4 more clauses there was nothing to look at."),
        "{page}"
    );
}

/// What a page made of a hostile repository holds but for text and code, and its text.
fn rendered(page: &str) -> (Vec<String>, String) {
    let mut acts = Vec::new();
    let mut text = String::new();
    for event in Parser::new_ext(page, Markdown::all()) {
        match event {
            Event::Start(Tag::Link { dest_url: target, .. } | Tag::Image { dest_url: target, .. }) => {
                acts.push(target.to_string());
            }
            Event::Html(html) | Event::InlineHtml(html) => acts.push(html.trim().to_owned()),
            Event::InlineMath(math) | Event::DisplayMath(math) => acts.push(math.to_string()),
            Event::FootnoteReference(note) => acts.push(note.to_string()),
            Event::Text(words) => text.push_str(&words),
            // What is in code does nothing, but it parts words.
            Event::Code(_) | Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push('\n'),
            _ => {}
        }
    }
    (acts, text)
}

#[test]
fn nothing_in_the_repository_acts_in_a_page() {
    let attacks = [
        "<img src=x onerror=alert(1)><!-- ",
        "[click](https://evil.example) ![pixel](//evil.example/p.png)",
        "@octocat and @acme/admins, closes #1, fixes GH-2, !3 ~bug %m &4 $5",
        "https://evil.example www.evil.example mailto:x@evil.example <https://evil.example>",
        "a | b |\n|---|---|\n| c | \\| d",
        "$x$ $$y$$ [^1] :tada: **bold** __bold__ ~~gone~~",
        "`code @octocat` `` `x ```\n```\n</details>\n# Heading\n",
        "\\",
    ];
    for attack in attacks {
        let path = format!("{attack}.py");
        let files: Files = [(path.clone(), "torch.load(p)\n".to_owned())].into();
        let place = at(&files, &path, "torch.load(p)");
        for message in [attack.to_owned(), format!("`{attack}` holds it"), format!("{{name}} {attack}")] {
            let mut report =
                report(&files, vec![finding("integrity/unsafe-load", Level::Error, &message, place.clone())]);
            report.not_assessed =
                vec![NotAssessed { path: path.as_str().into(), line: None, reason: attack.to_owned() }];
            for clause in report.clauses.values_mut() {
                *clause = attack.to_owned();
            }
            let page = written(Format::Markdown, &report, &Options::default());
            let (acts, text) = rendered(&page);
            let ours = |act: &String| act.split('\n').all(|line| line.starts_with("<details>") || line == "</details>");
            assert!(acts.iter().all(ours), "{attack}: {acts:?}\n{page}");
            for calls in
                ["@o", "@a", "@e", "#1", "GH-2", "!3", "~bug", "%m", "&4", "$5", "://", "www.", "mailto:x", ":tada:"]
            {
                let outside = text.split("Not assessed:").next().unwrap();
                assert!(!outside.contains(calls), "{attack}: {calls}\n{text}\n{page}");
            }
            assert_eq!(page.matches("\n| ").count(), 3, "rows of the table stay rows: {page}");
        }
    }
}

#[test]
fn a_page_fits_into_a_comment_and_counts_what_does_not() {
    let files: Files =
        (0..3_000).map(|n| (format!("src/{n:04}/{}.py", "`".repeat(200)), "torch.load(p)\n".to_owned())).collect();
    let findings = files.keys().map(|path| {
        let message = "`x` <b> ".repeat(200);
        finding("integrity/unsafe-load", Level::Error, &message, at(&files, path, "torch.load(p)"))
    });
    let mut report = report(&files, findings.collect());
    for clause in 0..300 {
        report.clauses.insert(format!("9.{clause}"), "<asks> for much ".repeat(50));
        report.rules.get_mut("integrity/unsafe-load").unwrap().clauses.push(format!("9.{clause}"));
    }
    let entry = |n: usize| NotAssessed {
        path: format!("{}{n}", "`".repeat(4_000)).into(),
        line: None,
        reason: format!("r{n}: {}", "`".repeat(9_000)),
    };
    report.not_assessed = (0..100).map(entry).collect();
    let page = written(Format::Markdown, &report, &Options::default());
    assert!(page.chars().count() < 65_536, "{}", page.chars().count());
    let shown = page.matches("\n- **error**").count();
    assert!(shown > 5);
    assert!(page.contains(&format!("There is no room here for {} more findings.", 3_000 - shown)));
    assert!(page.contains("more clauses.\n"));
    assert!(page.trim_end().ends_with("</details>"), "a page that is cut is still a whole page");
}

#[test]
fn waived_findings_are_in_none_of_them() {
    let (_, mut report) = typical();
    for placed in &mut report.findings {
        placed.finding.state = State::Waived {
            reason: "a demo".into(),
            approver: "ciso@example.org".into(),
            until: "2027-01-01".into(),
            inline: false,
        };
    }
    report.not_assessed.clear();
    let options = Options { show_waived: true, ..Options::default() };
    assert_eq!(written(Format::Gitlab, &report, &options), "[]\n");
    assert!(written(Format::Rdjson, &report, &options).contains("\"diagnostics\": []"));
    assert!(written(Format::Junit, &report, &options).contains("failures=\"0\""));
    let page = written(Format::Markdown, &report, &options);
    assert!(page.contains("4 waived") && !page.contains("### Findings"), "{page}");
}

#[test]
fn the_exit_status_does_not_depend_on_the_format() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole/credit-scoring");
    let help = Command::new(env!("CARGO_BIN_EXE_aimslint")).args(["check", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    let names = help.split("Format of the result: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    assert!(names.split(", ").count() >= 9, "{names}");
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for name in names.split(", ") {
        assert!(readme.contains(&format!("| `{name}` |")), "the README does not say what `{name}` is for");
        let arguments = ["check", "MODEL_CARD.md", "--profile", "audit", "--output", name];
        let run = Command::new(env!("CARGO_BIN_EXE_aimslint")).current_dir(&sample).args(arguments).output().unwrap();
        assert_eq!(run.status.code(), Some(1), "{name}");
        assert!(!run.stdout.is_empty(), "{name}");
    }
}
