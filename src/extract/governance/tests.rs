//! Documents and files of upkeep as real repositories have them, and what only looks like one.

use super::*;
use crate::catalogue::Catalogue;
use crate::document::{FileKind, Parsed};
use crate::fact::{Fact, FieldValue};
use crate::interest::Interest;
use crate::parse;
use crate::tree::Tree;

fn seen_in(path: &str, text: &str, others: &[&str]) -> Vec<Fact> {
    let file = SourceFile::new(path, text);
    let mut tree = Tree::default();
    tree.files.extend(others.iter().chain([&path]).map(|path| (*path).into()));
    let interest = Interest::default();
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let mut facts = Facts::of(&file.path);
    let kind = crate::classify::classify(path).map(|kind| crate::classify::settle(kind, path, text));
    match (kind, parse::parse(kind.unwrap_or(FileKind::Text), text)) {
        (_, Parsed::Prose(it)) => prose(&file, &it, &context, &mut facts),
        (_, Parsed::Patterns(it)) => patterns(&file, &it, &context, &mut facts),
        (_, Parsed::Tree(it)) => upkeep(&file, &it, &context, &mut facts),
        (Some(FileKind::SecurityText), _) => security_text(&file, &mut facts),
        _ => {}
    }
    facts.all
}

fn seen(path: &str, text: &str) -> Vec<Fact> {
    seen_in(path, text, &[])
}

fn assert_fields(fact: &Fact, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(fact.get(field).map(FieldValue::display).as_deref(), Some(*value), "{field} of {}", fact.subject);
    }
}

const PLAN: &str = "\u{feff}---\r
owner: security@example.com\r
last_reviewed: 2026-05-01\r
---\r
# Incident response plan für KI\r
\r
Next review: 2027-05-01\r
\r
## Roles\r
\r
The incident commander leads, the model owner advises, the data protection officer notifies.\r
\r
## Containment\r
\r
Prompt injection: switch the assistant to its kill switch and roll back the model.\r
Severity one is escalated at once.\r
\r
## Recovery\r
\r
TODO\r
";

#[test]
fn an_incident_plan_is_read_with_its_parts() {
    let facts = seen("docs/incident-response.md", PLAN);
    assert_eq!(facts.len(), 1);
    assert_fields(
        &facts[0],
        &[
            ("kind", "incident-response"),
            ("title", "Incident response plan für KI"),
            ("placeholder", "no"),
            ("ai", "yes"),
            ("ai_threats", "prompt injection, kill switch"),
            ("owner", "security@example.com"),
            ("contact", "security@example.com"),
            ("date", "2026-05-01"),
            ("next_review", "2027-05-01"),
            ("sections", "containment=substantive, recovery=placeholder, roles=substantive"),
        ],
    );
    assert_eq!(facts[0].at.span().map(|span| span.text(PLAN).trim_end()), Some("# Incident response plan für KI"));
}

#[test]
fn kinds_are_told_from_title_and_content() {
    for (path, text, kind) in [
        (
            "SECURITY.md",
            "# Security Policy\nPlease report vulnerabilities to https://bugbounty.example.com/",
            "security-policy",
        ),
        (
            "docs/dpia.md",
            "# DPIA: support assistant\nPersonal data, legal basis, retention and risks are set out.",
            "privacy-assessment",
        ),
        (
            "docs/risk-register.md",
            "# AI risk register\n| id | risk | likelihood | impact | owner | mitigation |\n|-|-|-|-|-|-|\n| 1 | drift | low | high | Ada | retrain |",
            "risk-register",
        ),
        (
            "AI_POLICY.md",
            "# AI Policy\nPull requests written with AI are welcome; maintainers review them as any contribution.",
            "contribution-policy",
        ),
        (
            "docs/ai-policy.md",
            "# AI policy\nEvery system names its intended use, is tested for bias, and its decisions stay under human oversight.",
            "ai-policy",
        ),
        (
            "governance/MODELS.md",
            "# Model inventory\n| model | version | owner | status |\n|-|-|-|-|\n| churn | 3 | Ada | production |",
            "model-inventory",
        ),
        ("docs/threat-model.md", "# Threat model\nAttackers, assets, mitigations.", "threat-model"),
        (
            "docs/human-oversight.md",
            "# Human oversight\nReviewers may override and stop the system; doubtful cases escalate.",
            "human-oversight",
        ),
        ("MAINTAINERS.md", "# Maintainers Guide\n- Ada (@ada on GitHub)", "ownership"),
        ("docs/data-retention.md", "# Data retention\nPrompts are retained for 30 days and then deleted.", "retention"),
        (
            "USE_POLICY.md",
            "# Acme Use Policy\nProhibited uses: anything illegal, any violation of the rights of others, harm.",
            "use-policy",
        ),
        ("LICENSE.md", "MIT License\n\nCopyright (c) 2026. Permission is hereby granted, without warranty.", "licence"),
    ] {
        let facts = seen(path, text);
        assert_eq!(facts.iter().map(|fact| fact.text("kind")).collect::<Vec<_>>(), [kind], "{path}");
    }
}

#[test]
fn what_only_looks_like_a_document_is_left_alone() {
    for (path, text) in [
        ("README.md", "# Incident response agent\nTriage, escalation, severity: the agent does it all."),
        ("docs/security.md", "# Security\nIstio encrypts the traffic between pods."),
        ("docs/incident-response.md", "# Incident response\nSee the wiki."),
        (
            "skills/x/SKILL.md",
            "---\nname: incident\ndescription: x\n---\n# Incident response\nContain, escalate, recover, severity.",
        ),
        ("skills/incident-response.md", "# Incident response\nContain, escalate, recover, severity."),
        ("docs/how-to.md", "# How to write a threat model\nAttackers, assets, mitigations, threats."),
        ("docs/credit.md", "# Credit risk assessment\nLikelihood, impact and severity of default, controls."),
        ("docs/card.md", "# Privacy\nPersonal data."),
        ("cookie.md", "# Data retention {{ cookiecutter.name }}"),
        ("docs/LICENSE-guide.md", "# License keys\nEnter your license key."),
        ("empty.md", ""),
    ] {
        assert!(seen(path, text).is_empty(), "{path}");
    }
}

#[test]
fn documents_that_nobody_wrote_are_told() {
    let template = "# Security Policy\n\n## Supported Versions\n\nUse this section to tell people about which versions of your project are\ncurrently being supported with security updates.\n\n| Version | Supported |\n| --- | --- |\n| 5.1.x | :white_check_mark: |\n\n## Reporting a Vulnerability\n\nUse this section to tell people how to report a vulnerability.\n\nTell them where to go, how often they can expect to get an update on a\nreported vulnerability, what to expect if the vulnerability is accepted or\ndeclined, etc.\n";
    let facts = seen("SECURITY.md", template);
    assert_fields(&facts[0], &[("placeholder", "yes"), ("contact", ""), ("kind", "security-policy")]);
    assert_eq!(
        facts[0].location_of("placeholder").span().map(|span| span.text(template)),
        Some("Use this section to tell people about which versions of your project are")
    );
    let stub = "# Data Protection Impact Assessment\n\n## Purpose\n\nTBD\n\n## Risks\n\n[Insert risks here]\n";
    let facts = seen("docs/dpia.md", stub);
    assert_fields(&facts[0], &[("placeholder", "yes"), ("sections", "purpose=placeholder, risks=placeholder")]);
    assert_eq!(facts[0].location_of("placeholder").span().map(|span| span.text(stub)), Some("TBD"));
    // A gap in a written document is not the whole document.
    assert_fields(&seen("docs/incident-response.md", PLAN)[0], &[("placeholder", "no")]);
}

#[test]
fn ways_to_report_are_found_in_every_form() {
    for (line, contact) in [
        (
            "See the [terms](https://example.com/security), or write to [us](mailto:security@example.com).",
            "mailto:security@example.com",
        ),
        ("Write to <security@example.com>.", "security@example.com"),
        ("Write to security[at]example[dot]com.", "security[at]example[dot]com"),
        ("Use [g.co/vulnz](https://g.co/vulnz).", "g.co/vulnz"),
        (
            "Open a [draft](https://github.com/a/b/security/advisories/new).",
            "https://github.com/a/b/security/advisories/new",
        ),
        ("Use GitHub private vulnerability reporting.", "private vulnerability report"),
        ("Email the maintainers directly.", "email the maintainer"),
        ("See https://example.com/about.", ""),
        ("Mention @ada in the pull request.", ""),
        ("Tell us.", ""),
    ] {
        let facts = seen("SECURITY.md", &format!("# Security\n\nReport vulnerabilities privately. {line}\n"));
        assert_fields(&facts[0], &[("contact", contact)]);
    }
    let text = "# x\r\nContact: mailto:security@example.com\r\nContact: https://example.com\r\nExpires: 2027-01-01T00:00:00Z\r\n";
    let facts = seen(".well-known/security.txt", text);
    assert_fields(&facts[0], &[("contact", "mailto:security@example.com"), ("next_review", "2027-01-01")]);
    assert_eq!(seen("security.txt", "Contact:\n")[0].text("contact"), "");
}

#[test]
fn speaking_of_threat_models_is_not_speaking_of_ai() {
    let silent =
        "# Incident response\nUpdate the threat model and the data model; contain, escalate, recover; severity.";
    assert_fields(&seen("ir.md", silent)[0], &[("ai", "no"), ("ai_threats", "")]);
    let speaking = "# Incident response\nRoll the model back; contain, escalate, recover; severity.";
    assert_fields(&seen("ir.md", speaking)[0], &[("ai", "yes")]);
}

#[test]
fn owners_of_code_are_held_against_the_tree() {
    let tree = [
        "src/models/net.py",
        "data/raw.csv",
        "pipelines/run.py",
        "src/train.py",
        "infra/main.tf",
        ".github/workflows/ci.yml",
        "docs/models/x.md",
    ];
    for (text, owned, unowned) in [
        ("* @acme/all\n", "data, infrastructure, models, pipelines, workflows", ""),
        (".github @acme/ops\n", "workflows", "data, infrastructure, models, pipelines"),
        ("* @a\n/data/\n", "infrastructure, models, pipelines, workflows", "data"),
        ("src/** @a\ninfra/* @a\n", "infrastructure, models", "data, pipelines, workflows"),
        ("*.py @a\n", "models, pipelines", "data, infrastructure, workflows"),
        ("models/ @a\n", "models", "data, infrastructure, pipelines, workflows"),
    ] {
        let facts = seen_in(".github/CODEOWNERS", text, &tree);
        let file = facts.iter().find(|fact| fact.kind.spec().name == "ownership-file").expect(text);
        assert_fields(file, &[("owned", owned), ("unowned", unowned)]);
    }
    // The forge reads the file in `.github` and leaves this one alone.
    let facts = seen_in("CODEOWNERS", "* @a\n", &[".github/CODEOWNERS"]);
    assert_eq!((facts.len(), facts[0].text("effective")), (1, "no"));
    let prow = seen("sdk/OWNERS", "approvers:\n  - ada\n  - bob\nreviewers:\n  - eve\n");
    assert_fields(&prow[0], &[("pattern", "/sdk/"), ("owners", "ada, bob"), ("effective", "yes")]);
}

#[test]
fn bots_hooks_and_rules_of_branches_are_seen() {
    let dependabot = "version: 2\nupdates:\n  - package-ecosystem: pip\n    directories: [/, /sdk]\n    schedule: {interval: weekly}\n  - directory: /\n  - package-ecosystem: docker\n    directory: /\n";
    let facts = seen(".github/dependabot.yml", dependabot);
    assert_eq!(facts.iter().map(|fact| fact.text("ecosystem")).collect::<Vec<_>>(), ["pip", "pip", "docker"]);
    assert_fields(&facts[1], &[("directory", "/sdk"), ("interval", "weekly")]);
    assert_fields(&seen("renovate.json", "{\"extends\": []}")[0], &[("name", "renovate"), ("ecosystem", "*")]);
    assert_eq!(seen("renovate.json", "{\"enabledManagers\": [\"npm\", \"pip_requirements\"]}").len(), 2);
    assert!(seen("renovate.json", "{\"enabled\": false}").is_empty());

    let hooks = "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8\n    hooks: [{id: gitleaks-docker}]\n  - repo: https://github.com/Yelp/detect-secrets.git\n    hooks: [{id: detect-secrets}]\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    hooks: [{id: ruff}]\n  - repo: local\n    hooks: [{id: scan, entry: modelscan -p models}, {id: 7}, {}]\n";
    let facts = seen(".pre-commit-config.yaml", hooks);
    assert_eq!(facts.iter().map(|fact| fact.text("purpose")).collect::<Vec<_>>(), ["secrets", "secrets", "model-scan"]);
    assert_fields(&facts[0], &[("form", "hook"), ("name", "Gitleaks")]);

    let settings = "branches:\n  - name: main\n    protection:\n      required_pull_request_reviews: {required_approving_review_count: 2, require_code_owner_reviews: true}\n      required_status_checks: {contexts: [test]}\n      enforce_admins: null\n  - name: dev\n    protection: {required_pull_request_reviews: null}\n";
    let facts = seen(".github/settings.yml", settings);
    assert_fields(
        &facts[0],
        &[
            ("pull_request", "yes"),
            ("approvals", "2"),
            ("owner_review", "yes"),
            ("checks", "test"),
            ("admins", "unknown"),
        ],
    );
    assert_fields(&facts[1], &[("pull_request", "no"), ("approvals", "0"), ("admins", "no")]);
    let set = r#"{"name": "main", "target": "branch", "enforcement": "active", "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
        "rules": [{"type": "pull_request", "parameters": {"required_approving_review_count": 1, "require_code_owner_review": false}}], "bypass_actors": []}"#;
    assert_fields(
        &seen(".github/rulesets/main.json", set)[0],
        &[("branch", "~DEFAULT_BRANCH"), ("approvals", "1"), ("owner_review", "no"), ("admins", "yes")],
    );
    assert!(seen(".github/rulesets/main.json", &set.replace("active", "disabled")).is_empty());

    let attributes = "*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.ipynb linguist-generated\n";
    let facts = seen(".gitattributes", attributes);
    assert_eq!(facts.iter().map(|fact| fact.text("pattern")).collect::<Vec<_>>(), ["*.safetensors"]);
}

#[test]
fn broken_and_hostile_files_are_survived() {
    let keys = "updates repos branches approvers rules name hooks conditions bypass_actors enabledManagers schedule enforcement target";
    for value in [
        "null",
        "7",
        "true",
        "[]",
        "[1, null, {}]",
        "{}",
        "[{hooks: [{id: 7, entry: {}}], name: {}, protection: 3}]",
        "'…'",
    ] {
        let body: String = keys.split_whitespace().map(|key| format!("{key}: {value}\r\n{key}: {value}\r\n")).collect();
        for path in [".github/dependabot.yml", ".pre-commit-config.yaml", ".github/settings.yml", "OWNERS"] {
            seen(path, &body);
        }
        let body: Vec<String> =
            keys.split_whitespace().map(|key| format!("\"{key}\": {}", value.replace('\'', "\""))).collect();
        for path in ["renovate.json", ".github/rulesets/x.json"] {
            seen(path, &format!("{{{}}}", body.join(",")));
        }
    }
    for end in (0..PLAN.len()).filter(|end| PLAN.is_char_boundary(*end)) {
        seen("docs/incident-response.md", PLAN.get(..end).unwrap());
    }
    let long = format!("# Incident response\n{}", "contain escalate recover severity @ : ".repeat(30_000));
    assert_eq!(seen("ir.md", &long).len(), 1);
    let many: String = (0..20_000).map(|n| format!("## Recovery {n}\ncontain, escalate\n")).collect();
    assert_eq!(seen("ir.md", &format!("# Incident response\n{many}")).len(), 1);
    let patterns: String = (0..50_000).map(|n| format!("/a{n}/**/[b @x\n")).collect();
    assert!(seen_in("CODEOWNERS", &patterns, &["models/a.py"]).len() > 50_000);
}
