//! SARIF: what every file must keep, whatever it reports. The schema and GitHub's rules are checked by `.ci/sarif-gate`, which
//! reads the files that these tests leave in `target/sarif/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod sample;

use aimslint::fact::Location;
use aimslint::finding::{Comparison, Finding, Level, NotAssessed, Place, Recorded, Report, State};
use aimslint::fingerprint::LineHashes;
use aimslint::report::{Format, Options};
use aimslint::settings::{Profile, Settings};
use aimslint::{PolicyBook, Request, SettingsFile, check, verify};
use sample::{Files, at, finding, report, typical, written};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// Writes the report as SARIF, keeps the file for the gate, and checks what holds for all files.
fn checked(name: &str, files: &Files, report: &Report, options: &Options) -> Value {
    checked_as(Format::Sarif, name, files, report, options)
}

fn checked_as(format: Format, name: &str, files: &Files, report: &Report, options: &Options) -> Value {
    let text = written(format, report, options);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/sarif");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.sarif")), &text).unwrap();
    assert_eq!(text, written(format, report, options), "the same report gives the same bytes");
    assert!(text.ends_with("}\n"));

    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "each rule is declared once");
    for rule in rules {
        check_rule(rule, run);
    }
    let results = run["results"].as_array().unwrap();
    let states = results.iter().filter(|result| result["baselineState"].is_string()).count();
    assert!(states == 0 || states == results.len(), "every result has a state or none has");
    for result in results.iter().filter(|result| result["baselineState"] != "absent") {
        assert_eq!(rules[number(&result["ruleIndex"])]["id"], result["ruleId"]);
        for location in each(&result["locations"]).chain(each(&result["relatedLocations"])) {
            check_place(&location["physicalLocation"], files);
        }
        let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
        let place = &result["locations"][0]["physicalLocation"];
        let line = number(&place["region"]["startLine"]);
        assert_eq!(hash.as_str().map(str::to_owned), LineHashes::of(&files[&path(place)]).line(line));
    }
    log
}

fn check_rule(rule: &Value, run: &Value) {
    let tags = rule["properties"]["tags"].as_array().unwrap();
    assert!(tags.len() <= 10 && tags[0] == "security", "{tags:?}");
    assert!(rule["properties"]["security-severity"].as_str().unwrap().parse::<f64>().is_ok());
    for text in ["shortDescription", "fullDescription", "help"] {
        let text = rule[text]["text"].as_str().unwrap();
        assert!(!text.is_empty() && (text.chars().count() <= 1024 || rule["help"]["text"] == text));
    }
    for relationship in each(&rule["relationships"]) {
        let target = &relationship["target"];
        let taxonomy = &run["taxonomies"][number(&target["toolComponent"]["index"])];
        assert_eq!(taxonomy["guid"], target["toolComponent"]["guid"]);
        assert_eq!(taxonomy["taxa"][number(&target["index"])]["id"], target["id"]);
        assert_eq!(relationship["kinds"], serde_json::json!(["relevant"]));
    }
}

/// The address is relative, leads to a file of the repository, and the text there is the snippet, but for secrets.
fn check_place(place: &Value, files: &Files) {
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    let text = files.get(&path(place)).unwrap_or_else(|| panic!("{place} leads nowhere"));
    for region in [&place["region"], &place["contextRegion"]] {
        if let Some(snippet) = region["snippet"]["text"].as_str() {
            let there = text_at(text, region);
            let agree = there.chars().zip(snippet.chars()).all(|(a, b)| a == b || b == '*');
            assert!(agree && there.len() == snippet.len(), "{there:?} is shown as {snippet:?}");
        }
    }
}

/// The decoded path of an address.
fn path(place: &Value) -> String {
    let uri = place["artifactLocation"]["uri"].as_str().unwrap();
    assert!(!uri.starts_with('/') && !uri.contains(':') && uri.is_ascii() && !uri.contains([' ', '"', '\n']), "{uri}");
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The text at a region, counted from lines and UTF-16 columns alone, as a viewer does.
fn text_at(text: &str, region: &Value) -> String {
    let offset = |line: &str, column: &str| {
        let line = number(&region[line]);
        let column = number(&region[column]);
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let mut units = 1;
        let rest = text[start..].char_indices().find(|(_, character)| {
            let here = units;
            units += character.len_utf16();
            here == column
        });
        start + rest.map_or(text.len() - start, |(offset, _)| offset)
    };
    text[offset("startLine", "startColumn")..offset("endLine", "endColumn")].to_owned()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

const OPTIONS: Options<'_> = Options {
    tool_version: "0.1.0",
    exit_code: 1,
    colour: false,
    github_actions: false,
    verbose: false,
    show_waived: false,
    folder: "",
};

#[test]
fn a_typical_report_keeps_all_promises() {
    let (files, report) = typical();
    let log = checked("typical", &files, &report, &OPTIONS);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert_eq!(run["automationDetails"]["id"], "aimslint/");
    assert_eq!(run["versionControlProvenance"][0]["repositoryUri"], "https://github.com/acme/models");
    let invocation = &run["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&true.into(), &1.into()));
    assert_eq!(invocation["toolExecutionNotifications"].as_array().unwrap().len(), 3);
    let levels: Vec<_> = each(&run["results"]).map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "error", "warning", "note"]);
    let text = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(text.ends_with(" at rest. See [is what the README says](1)."), "{text}");
    let cell = &run["results"][2]["locations"][0]["logicalLocations"][0];
    assert_eq!(cell["fullyQualifiedName"], "nb/train.ipynb/cell 1");
}

#[test]
fn a_report_without_findings_is_valid_and_declares_its_rules() {
    let log = checked("clean", &Files::new(), &report(&Files::new(), Vec::new()), &OPTIONS);
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), 4);
    checked("empty", &Files::new(), &Report::default(), &OPTIONS);
}

#[test]
fn hostile_names_come_back_unchanged_and_hostile_text_does_nothing() {
    let names = [
        "a b/100% #1?.py",
        "new\nline.py",
        "quote\"'<&>.py",
        "größe/模型 𝄞.py",
        "C:/x.py",
        "-rf *.py",
        "\u{202e}yp.x",
        "::error::x.py",
    ];
    let code = "x = '\u{1b}[2J ##[add-mask]a' # 𝄞 \u{202e} danger\nend\n";
    let files: Files = names.iter().map(|name| ((*name).to_owned(), code.to_owned())).collect();
    let findings = names
        .iter()
        .map(|name| {
            let message = "bad [click](http://evil.example) \u{1b}[31m\n##[stop-commands]x";
            finding("integrity/unsafe-load", Level::Error, message, at(&files, name, "danger"))
        })
        .collect();
    let log = checked("hostile", &files, &report(&files, findings), &OPTIONS);
    let found: BTreeSet<String> =
        each(&log["runs"][0]["results"]).map(|result| path(&result["locations"][0]["physicalLocation"])).collect();
    assert_eq!(found, files.keys().cloned().collect());
    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
    assert!(!message.contains("]("), "a message makes no link: {message}");
}

#[test]
fn equal_lines_get_occurrence_numbers() {
    let line =
        "model = torch.load('weights.bin', weights_only=False, map_location='cpu')  # one of several of its kind\n";
    let files: Files = [("a.py".to_owned(), line.repeat(3))].into();
    let load = |n: usize| {
        let span = aimslint::source::Span::new(n * line.len() + 8, n * line.len() + 18);
        let place = Place { path: "a.py".into(), location: Location::Within(span), cell: None };
        finding("integrity/unsafe-load", Level::Error, "`torch.load`", place)
    };
    let log = checked("occurrences", &files, &report(&files, (0..2).map(load).collect()), &OPTIONS);
    let hash =
        |n: usize| log["runs"][0]["results"][n]["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
    let (first, second) = (hash(0).split_once(':').unwrap(), hash(1).split_once(':').unwrap());
    assert_eq!((first.0, first.1, second.1), (second.0, "1", "2"));
}

#[test]
fn waived_findings_stay_out_unless_asked_for() {
    let (files, mut report) = typical();
    report.findings[0].finding.state = State::Waived {
        reason: "a demo".into(),
        approver: "ciso@example.org".into(),
        until: "2027-01-01".into(),
        inline: false,
    };
    let log = checked("waived-out", &files, &report, &OPTIONS);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 3);
    let log = checked_as(Format::SarifArchive, "waived", &files, &report, &OPTIONS);
    let suppressed: Vec<_> =
        each(&log["runs"][0]["results"]).filter(|result| !result["suppressions"].is_null()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(
        suppressed[0]["suppressions"][0]["justification"],
        "a demo (approved by ciso@example.org, until 2027-01-01)"
    );
}

#[test]
fn results_say_whether_the_baseline_has_them() {
    let (files, mut report) = typical();
    report.findings[0].finding.state = State::Baselined;
    let gone = Recorded {
        rule: "integrity/unsafe-load".into(),
        path: "gone file.py".into(),
        subject: "torch.load".into(),
        fingerprint: "0".repeat(32),
    };
    report.baseline = Some(Comparison { path: "aimslint-baseline.json".into(), mended: vec![gone] });
    let states = |log: &Value| -> Vec<String> {
        each(&log["runs"][0]["results"]).map(|result| result["baselineState"].as_str().unwrap().to_owned()).collect()
    };
    let log = checked("baseline", &files, &report, &OPTIONS);
    assert_eq!(states(&log), ["new", "new", "new", "unchanged"], "what is gone would open an alert");
    let log = checked_as(Format::SarifArchive, "baseline-archive", &files, &report, &OPTIONS);
    assert_eq!(states(&log), ["new", "new", "new", "unchanged", "absent"]);
    assert_eq!(log["runs"][0]["results"][4]["partialFingerprints"]["aimslint/v1"], "0".repeat(32));
}

#[test]
fn too_many_results_are_cut_to_the_worst_and_counted() {
    let name = |n: usize| format!("{}.py", n / 60);
    let files: Files = (0..6_000).map(|n| (name(n), "x = 1\n".repeat(60))).collect();
    let of_line = |n: usize| -> Finding {
        let (rule, level) = if n.is_multiple_of(2) {
            ("versioning/unpinned-model", Level::Warning)
        } else {
            ("integrity/unsafe-load", Level::Error)
        };
        let span = aimslint::source::Span::new(n % 60 * 6, n % 60 * 6 + 5);
        finding(
            rule,
            level,
            &format!("x {n}"),
            Place { path: name(n).into(), location: Location::Within(span), cell: None },
        )
    };
    let mut report = report(&files, (0..6_000).map(of_line).collect());
    report.not_assessed = (0..2_000)
        .map(|n| NotAssessed { path: format!("{n}.json").into(), line: None, reason: "broken".into() })
        .collect();
    let log = checked("many", &files, &report, &OPTIONS);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    assert_eq!(results.iter().filter(|result| result["level"] == "error").count(), 3_000);
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 1_002);
    assert!(notifications[0]["message"]["text"].as_str().unwrap().starts_with("1000 results"));
}

/// The whole repositories, read and judged as users have it done.
fn scanned(name: &str) -> (Files, Report) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole").join(name);
    let files = WalkDir::new(&root).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    let files = files.map(|entry| {
        let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        (path, fs::read_to_string(entry.path()).unwrap())
    });
    let files = files.collect();
    let own = root.join("aimslint.toml");
    let settings = if own.is_file() { SettingsFile::At(own) } else { SettingsFile::None };
    let request = Request { root, settings, profile: Some(Profile::Audit), ..Request::default() };
    let book = PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}"));
    let (report, _) = check(&request, &book, Settings::new(verify::TODAY), &|_, _| {}).unwrap();
    (files, report)
}

#[test]
fn whole_repositories_keep_all_promises() {
    for name in ["credit-scoring", "plain-website", "well-kept"] {
        let (files, report) = scanned(name);
        checked(name, &files, &report, &OPTIONS);
    }
}

#[test]
fn no_format_shows_a_secret() {
    let (files, report) = scanned("credit-scoring");
    let secrets = [
        "NotARealSecretNotARealSecretNotARealSecr",
        "sk-proj-NotARealKeyNotARealKeyT3BlbkFJNotARealKeyNotARealKey",
        "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",
    ];
    for secret in secrets {
        assert!(files.values().any(|text| text.contains(secret)), "the sample no longer holds {secret}");
    }
    for format in [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::SarifArchive, Format::Github] {
        let text = written(format, &report, &Options { verbose: true, show_waived: true, ..OPTIONS });
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "{format:?} shows a secret");
    }
}
