//! The formats for people, editors, scripts and pull requests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod sample;

use aimslint::fact::Location;
use aimslint::finding::{Comparison, Level, NotAssessed, Place, Report, State};
use aimslint::report::{Format, Options};
use aimslint::source::Span;
use sample::{Files, at, finding, report, typical, written};
use std::fs;
use std::path::Path;

/// `count` findings of one rule, each in a file of its own.
fn many(count: usize, level: Level) -> Report {
    let files: Files = (0..count).map(|n| (format!("src/{n:03}.py"), "torch.load(p)\n".to_owned())).collect();
    let message = "`torch.load` runs whatever code the file holds";
    let findings = files
        .keys()
        .map(|path| finding("integrity/unsafe-load", level, message, at(&files, path, "torch.load(p)")))
        .collect();
    report(&files, findings)
}

/// A file name, a message and a line of code that try to steer the terminal and the build log.
fn hostile() -> Report {
    let name = "::error file=x::\u{1b}]0;owned\u{7}\n##[stop-commands]x\u{202e}.py";
    let code = "::add-mask::secret ##[group]x \u{9b}31m\u{1b}[2J bad \u{202e}\r\n::stop-commands::y\n";
    let files: Files = [(name.to_owned(), code.to_owned())].into();
    let message = "bad\n::warning::x\r##vso[task.setvariable]y \u{1b}[8m 100%";
    let mut finding = finding("integrity/unsafe-load", Level::Error, message, at(&files, name, "bad"));
    finding.related.push((at(&files, name, "::stop"), message.to_owned()));
    report(&files, vec![finding.clone(), finding.clone(), finding.clone(), finding])
}

#[test]
fn people_read_findings_with_their_code_and_what_to_do() {
    let (_, report) = typical();
    let expected = r#"error[encryption/unencrypted-store]: `aws_s3_bucket.training` keeps training data and sets no encryption at rest
 --> infra/main.tf:1:1
  |
1 | resource "aws_s3_bucket" "training" {
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = see: README.md:1:3: is what the README says
  = see: 2 more
  = policy: 3.2.a AI data is encrypted at rest (AES-256 class)
  = fix: Set it so:

error[integrity/unsafe-load]: `torch.load` runs whatever code the file holds
 --> src/load.py:5:9
  |
5 |     return torch.load(path, weights_only=False)  # größer
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = policy: 4.1.a secure coding and code review for AI code
  = policy: 4.2.a trusted and verified datasets
  = fix: Set it so:

warning[versioning/unpinned-model]: `acme/m` is loaded without a revision
 --> nb/train.ipynb:1:29
  |
1 | {"cells": [{"source": ["m = AutoModel.from_pretrained('acme/m')\n"]}]}
  |                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cell 1
  |
  = policy: 4.1.b version control of model code, training data and hyperparameters
  = fix: Set it so:

note[transparency/missing-model-card]: the repository trains a model and has no model card
 --> README.md
 = policy: 4.1.c an inventory of all models with purpose, owner and status
 = fix: Set it so:

Not assessed:
  infra/broken.tf:3: expected `}`
  git history is shallow: dates of changes are unknown
  data/big.json: larger than 2 MiB

Found 2 errors, 1 warning, 1 note in 4 files (2 files and 1 check not assessed).
`aimslint explain RULE` says why a rule matters, how to mend it, and what it cannot see.
"#;
    assert_eq!(written(Format::Human, &report, &Options::default()), expected);
}

#[test]
fn many_findings_of_one_rule_stay_pleasant_to_read() {
    let report = many(500, Level::Error);
    let page = written(Format::Human, &report, &Options::default());
    assert_eq!(page.matches("= fix:").count(), 1);
    assert_eq!(page.matches(" --> ").count(), 3);
    assert!(page.contains("error[integrity/unsafe-load]: 497 more\n  src/003.py:1:1 `torch.load` runs"));
    assert!(page.lines().count() < 530);
    let page = written(Format::Human, &report, &Options { verbose: true, ..Options::default() });
    assert_eq!(page.matches(" --> ").count(), 500);
}

#[test]
fn what_could_not_be_judged_is_grouped_by_reason() {
    let mut report = many(0, Level::Error);
    let entry = |path: &str, line, reason: &str| NotAssessed { path: path.into(), line, reason: reason.into() };
    report.not_assessed =
        (0..5).map(|n| entry(&format!("{n}.py"), Some(n), &format!("not valid Python: fault {n}"))).collect();
    report.not_assessed.push(entry("big.json", None, "larger than 2 MiB"));
    let brief = "Not assessed:
  not valid Python (5)
    0.py:0: fault 0
    1.py:1: fault 1
    2.py:2: fault 2
    and 2 more
  big.json: larger than 2 MiB
  (--verbose lists all)

No findings in 0 files (6 files not assessed).
Only rules that are nearly always right were run: `--profile audit` runs all, `aimslint coverage` says what was looked at.
";
    assert_eq!(written(Format::Human, &report, &Options::default()), brief);
    let all = written(Format::Human, &report, &Options { verbose: true, ..Options::default() });
    assert!(all.contains("    4.py:4: fault 4\n  big.json"), "{all}");
}

#[test]
fn the_summary_counts_and_claims_nothing() {
    let last = |report: &Report| {
        let text = written(Format::Human, report, &Options::default());
        // What can be done next stands below it.
        let is_hint = |line: &&str| line.starts_with("`aimslint explain") || line.starts_with("Only rules");
        text.lines().rfind(|line| !is_hint(line)).unwrap().to_owned()
    };
    let mut report = many(1, Level::Warning);
    assert_eq!(last(&report), "Found 1 warning in 1 file.");
    report.findings[0].finding.state = waived();
    assert_eq!(last(&report), "No findings in 1 file (1 waived).");
    report.findings.clear();
    report.files_seen = 42;
    assert_eq!(last(&report), "No findings in 42 files.");
    report.ai_seen = false;
    assert_eq!(last(&report), "No AI found in 42 files: nothing to judge.");
}

#[test]
fn waived_findings_are_shown_when_asked_for_and_say_by_whom() {
    let mut report = many(1, Level::Error);
    report.findings[0].finding.state = waived();
    let options = Options { show_waived: true, ..Options::default() };
    let page = written(Format::Human, &report, &options);
    assert!(page.contains("holds (waived)\n"), "{page}");
    assert!(page.contains("= waived: a demo (approved by ciso@example.org, until 2027-01-01)"), "{page}");
    assert!(!written(Format::Concise, &report, &Options::default()).contains("torch"));
    assert!(written(Format::Json, &report, &options).contains("\"approver\": \"ciso@example.org\""));
}

#[test]
fn colour_is_only_used_when_asked_for() {
    let (_, report) = typical();
    assert!(!written(Format::Human, &report, &Options::default()).contains('\u{1b}'));
    let coloured = written(Format::Human, &report, &Options { colour: true, ..Options::default() });
    assert!(coloured.contains("\u{1b}["));
}

#[test]
fn nothing_in_the_repository_steers_a_terminal_or_a_build_log() {
    let report = hostile();
    let options = Options { github_actions: true, ..Options::default() };
    for format in [
        Format::Human,
        Format::Concise,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Rdjson,
        Format::Markdown,
    ] {
        let text = written(format, &report, &options);
        let active = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(active), "{format:?}: {text:?}");
        if format == Format::Github {
            let commands: Vec<_> = text.lines().filter(|line| line.starts_with("::")).collect();
            assert!(
                commands.len() == 4 && commands.iter().all(|line| line.starts_with("::error file=%3A%3A")),
                "{text}"
            );
        } else {
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{format:?}: {text}");
            assert!(!text.contains("##[") && !text.contains("##vso["), "{format:?}: {text}");
        }
    }
}

#[test]
fn each_concise_line_is_one_finding() {
    let (_, report) = typical();
    let text = written(Format::Concise, &report, &Options::default());
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4 + 3 + 1);
    assert_eq!(
        lines[3],
        "src/load.py:5:9: error[integrity/unsafe-load] `torch.load` runs whatever code the file holds"
    );
    assert_eq!(lines[6], "infra/broken.tf:3:1: note[not-assessed] expected `}`");
    assert_eq!(written(Format::Concise, &hostile(), &Options::default()).lines().count(), 4 + 1);
}

#[test]
fn annotations_are_escaped_and_counted() {
    let (_, report) = typical();
    let text = written(Format::Github, &report, &Options::default());
    assert!(
        text.starts_with("::error file=infra/main.tf,line=1,col=1,endColumn=38,title=encryption/unencrypted-store::")
    );
    assert!(text.contains("%0AFix: Set it so:%0APolicy: 3.2.a\n"), "{text}");
    assert!(text.contains("::notice file=README.md,line=1,title="), "a whole file has no column: {text}");
    assert!(written(Format::Github, &hostile(), &Options::default()).contains("100%25"));

    let text = written(Format::Github, &many(25, Level::Warning), &Options::default());
    assert_eq!(text.lines().filter(|line| line.starts_with("::warning ")).count(), 10);
    assert!(text.contains("\nNot annotated, as GitHub shows only 10 of each level: 15 warnings.\n"), "{text}");
}

#[test]
fn one_rule_does_not_take_the_room_of_others() {
    let files: Files = [("a.py".to_owned(), "x\n".repeat(21))].into();
    let of_line = |n: usize| {
        let rule = if n == 20 { "integrity/unsafe-load" } else { "encryption/unencrypted-store" };
        let place = Place { path: "a.py".into(), location: Location::Within(Span::new(n * 2, n * 2 + 1)), cell: None };
        finding(rule, Level::Error, "x", place)
    };
    let text = written(Format::Github, &report(&files, (0..21).map(of_line).collect()), &Options::default());
    assert!(text.lines().nth(1).unwrap().contains("line=21,"), "{text}");
}

#[test]
fn every_key_of_the_json_output_is_documented() {
    let (_, mut report) = typical();
    report.findings[0].finding.state = waived();
    let mended = vec![report.findings[1].finding.recorded()];
    report.baseline = Some(Comparison { path: "aimslint-baseline.json".into(), mended });
    let options = Options { show_waived: true, tool_version: "0.1.0", ..Options::default() };
    let text = written(Format::Json, &report, &options);
    assert!(text.ends_with("}\n"));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["findings"].as_array().unwrap().len(), 4);
    assert_eq!(value["summary"]["waived"], 1);
    assert_eq!(value["findings"][2]["cell"], 1);

    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json-output.md")).unwrap();
    let mut objects = vec![&value];
    while let Some(object) = objects.pop() {
        objects.extend(object.as_array().into_iter().flatten());
        for (key, inner) in object.as_object().into_iter().flatten() {
            let known = page.contains(&format!("`{key}`")) || page.contains(&format!("\"{key}\"")) || key.contains('/');
            assert!(known, "docs/json-output.md does not explain `{key}`");
            objects.push(inner);
        }
    }
}

#[test]
fn older_findings_are_counted_and_not_shown() {
    let (_, mut report) = typical();
    for placed in &mut report.findings {
        placed.finding.state = State::Baselined;
    }
    let gone = report.findings[0].finding.recorded();
    report.baseline = Some(Comparison { path: "aimslint-baseline.json".into(), mended: vec![gone] });
    for format in [Format::Human, Format::Concise, Format::Github] {
        let text = written(format, &report, &Options { show_waived: true, ..Options::default() });
        assert!(!text.contains("unsafe-load"), "{text}");
        assert!(text.contains("No new findings in 4 files (4 older in the baseline"), "{text}");
        assert!(text.contains("Mended: 1 finding of aimslint-baseline.json; run `aimslint baseline`"), "{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json, &report, &Options::default())).unwrap();
    assert_eq!(json["summary"]["baselined"], 4);
    assert_eq!(json["findings"].as_array().unwrap().len(), 0);
    assert_eq!(json["baseline"]["mended"][0]["rule"], "transparency/missing-model-card");
}

fn waived() -> State {
    State::Waived {
        reason: "a demo".into(),
        approver: "ciso@example.org".into(),
        until: "2027-01-01".into(),
        inline: false,
    }
}
