//! Reports for tests of the formats: small made-up repositories with findings put in by hand.

use aimslint::fact::Location;
use aimslint::finding::{Finding, Framework, Level, NotAssessed, Place, Provenance, Report, RuleText, State};
use aimslint::fingerprint::fingerprint;
use aimslint::locate::{Secrets, locate};
use aimslint::report::{self, Format, Options};
use aimslint::source::Span;
use std::collections::BTreeMap;

/// A repository in memory.
pub type Files = BTreeMap<String, String>;

/// Where `part` stands in a file.
pub fn at(files: &Files, path: &str, part: &str) -> Place {
    let start = files[path].find(part).unwrap_or_else(|| panic!("{part:?} is not in {path}"));
    Place { path: path.into(), location: Location::Within(Span::new(start, start + part.len())), cell: None }
}

/// An open finding of a rule.
pub fn finding(rule: &str, level: Level, message: &str, primary: Place) -> Finding {
    Finding {
        rule: rule.to_owned(),
        level,
        level_reason: String::new(),
        systems: Vec::new(),
        message: message.to_owned(),
        bound_to: "".into(),
        fingerprint: fingerprint(rule, &primary.path, message, 0),
        primary,
        related: Vec::new(),
        more_related: 0,
        subject: message.to_owned(),
        state: State::Open,
    }
}

/// A report with these findings, all places read from `files`.
pub fn report(files: &Files, findings: Vec<Finding>) -> Report {
    let placed = locate(findings, &Secrets::new(), &mut |path| files.get(path).cloned());
    let rules = [
        rule(
            "encryption/unencrypted-store",
            Level::Error,
            &["3.2.a"],
            &["iso42001:A.7.2", "iso27002:8.24", "cwe:CWE-311"],
        ),
        rule("integrity/unsafe-load", Level::Error, &["4.1.a", "4.2.a"], &["cwe:CWE-502"]),
        rule("versioning/unpinned-model", Level::Warning, &["4.1.b"], &["iso42001:A.6.2.5"]),
        rule("transparency/missing-model-card", Level::Note, &["4.1.c"], &["iso42001:A.6.2.7"]),
    ];
    Report {
        findings: placed,
        rules: rules.into_iter().map(|rule| (rule.id.clone(), rule)).collect(),
        clauses: clauses(),
        frameworks: vec![
            framework("iso42001", "ISO/IEC 42001:2023 Annex A", &["A.6.2.5", "A.6.2.7", "A.7.2"]),
            framework("iso27002", "ISO/IEC 27002:2022", &["8.24"]),
            framework("cwe", "Common Weakness Enumeration", &["CWE-311", "CWE-502"]),
        ],
        files_seen: files.len(),
        files_read: files.len(),
        ai_seen: true,
        ..Report::default()
    }
}

/// A small repository with one finding of each kind of place.
pub fn typical() -> (Files, Report) {
    let files: Files = [
        ("infra/main.tf", "resource \"aws_s3_bucket\" \"training\" {\n  bucket = \"acme-training\"\n}\n"),
        ("src/load.py", "import torch\n\n\ndef load(path):\n\treturn torch.load(path, weights_only=False)  # größer\n"),
        ("nb/train.ipynb", "{\"cells\": [{\"source\": [\"m = AutoModel.from_pretrained('acme/m')\\n\"]}]}"),
        ("README.md", "# Acme\n"),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into();

    let mut store = at(&files, "infra/main.tf", "resource");
    store.location = Location::AbsentFrom(Span::new(0, files["infra/main.tf"].len()));
    let mut store = finding(
        "encryption/unencrypted-store",
        Level::Error,
        "`aws_s3_bucket.training` keeps training data and sets no encryption at rest",
        store,
    );
    store.related.push((at(&files, "README.md", "Acme"), "is what the README says".to_owned()));
    store.more_related = 2;
    let load = at(&files, "src/load.py", "torch.load(path, weights_only=False)");
    let mut model = at(&files, "nb/train.ipynb", "AutoModel.from_pretrained('acme/m')");
    model.cell = Some(1);
    let card = Place { path: "README.md".into(), location: Location::WholeFile, cell: None };
    let findings = vec![
        finding(
            "transparency/missing-model-card",
            Level::Note,
            "the repository trains a model and has no model card",
            card,
        ),
        store,
        finding("versioning/unpinned-model", Level::Warning, "`acme/m` is loaded without a revision", model),
        finding("integrity/unsafe-load", Level::Error, "`torch.load` runs whatever code the file holds", load),
    ];
    let mut report = report(&files, findings);
    report.not_assessed = vec![
        NotAssessed {
            path: "".into(),
            line: None,
            reason: "git history is shallow: dates of changes are unknown".into(),
        },
        NotAssessed { path: "data/big.json".into(), line: None, reason: "larger than 2 MiB".into() },
        NotAssessed { path: "infra/broken.tf".into(), line: Some(3), reason: "expected `}`".into() },
    ];
    report.provenance = Some(Provenance {
        repository: Some("https://github.com/acme/models".to_owned()),
        revision: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        branch: Some("main".to_owned()),
        folder: String::new(),
    });
    (files, report)
}

/// The report written as `format`.
pub fn written(format: Format, report: &Report, options: &Options) -> String {
    let mut out = Vec::new();
    report::write(format, report, options, &mut out).expect("writing to memory cannot fail");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn rule(id: &str, level: Level, clauses: &[&str], controls: &[&str]) -> RuleText {
    RuleText {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        level,
        confidence: "high",
        clauses: clauses.iter().map(ToString::to_string).collect(),
        controls: controls.iter().map(ToString::to_string).collect(),
        breaks_only: Vec::new(),
        why: "It matters. A reader of the bucket reads the training data.".to_owned(),
        fix: "Set it so:\nencryption = \"aws:kms\"".to_owned(),
        blind: "A default set outside of the repository is not seen.".to_owned(),
        references: vec!["https://example.org/why".to_owned()],
        parameters: Vec::new(),
        level_set_at: String::new(),
        origin: String::new(),
    }
}

fn clauses() -> BTreeMap<String, String> {
    [
        ("3.2.a", "AI data is encrypted at rest (AES-256 class)"),
        ("4.1.a", "secure coding and code review for AI code"),
        ("4.1.b", "version control of model code, training data and hyperparameters"),
        ("4.1.c", "an inventory of all models with purpose, owner and status"),
        ("4.2.a", "trusted and verified datasets"),
    ]
    .map(|(number, text)| (number.to_owned(), text.to_owned()))
    .into()
}

fn framework(id: &str, title: &str, controls: &[&str]) -> Framework {
    let controls = controls.iter().map(|control| ((*control).to_owned(), format!("title of {control}")));
    Framework { id: id.to_owned(), title: title.to_owned(), controls: controls.collect() }
}
