//! An organisation's own policy text: its clauses take the place of ours, and an edited clause leaves its rules in need of review.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "other tests use the rest")]
mod checkout;

use checkout::Checkout;
use std::fs;
use std::path::Path;
use std::process::Command;

const TEXT: &str = "org/ai-policy.md";

/// A repository with the sample pack in `org`, whose model comes from a maker on its list.
fn kept() -> Option<Checkout> {
    let repository = Checkout::new()?;
    let acme = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/acme");
    for entry in walkdir::WalkDir::new(&acme).into_iter().map(|entry| entry.expect("readable")) {
        let path = entry.path().strip_prefix(&acme).expect("below");
        if entry.file_type().is_file() {
            repository.write(&format!("org/{}", path.display()), &fs::read_to_string(entry.path()).expect("text"));
        }
    }
    repository.write("aimslint.toml", "exclude = [\"org\"]\n\n[policy]\npacks = [\"org\"]\n");
    let load =
        "AutoModel.from_pretrained(\"ibm-granite/small-model\", revision=\"2f1c6a3d9b0e4f5a6b7c8d9e0f1a2b3c4d5e6f70\")";
    repository.write("answer.py", &format!("from transformers import AutoModel\n\nmodel = {load}\n"));
    repository.commit("first");
    Some(repository)
}

fn said(repository: &Checkout, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aimslint"));
    let output = command.current_dir(repository.path()).args(arguments).output().expect("runs");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The row of a clause in the table of coverage.
fn row(repository: &Checkout, clause: &str) -> String {
    let table = said(repository, &["coverage"]);
    let lines: Vec<&str> = table.lines().collect();
    let at = lines.iter().position(|line| line.split_whitespace().next() == Some(clause));
    at.map_or_else(|| panic!("no row {clause}:\n{table}"), |at| lines[at..at + 2].join("\n"))
}

fn edit(repository: &Checkout, path: &str, old: &str, new: &str) {
    let text = fs::read_to_string(repository.path().join(path)).expect("readable");
    assert!(text.contains(old), "{old}");
    repository.write(path, &text.replace(old, new));
}

#[test]
fn own_clauses_stand_in_coverage_with_own_words() {
    let Some(repository) = kept() else { return };
    let own = row(&repository, "AI-2.a");
    assert!(own.contains("held") && own.contains("models that Acme loads come from makers on its list"), "{own}");
    assert!(row(&repository, "8.1.a").contains("Nobody uses an AI vendor that the vendor desk"), "the words of Acme");
    assert!(row(&repository, "AI-2.b").contains("no rule looks at it"));
    for (arguments, wanted) in [
        (&["why", "AI-2.a"][..], "vendor/unagreed-model-maker"),
        (&["explain", "AI-2.a"], "In the words of org/ai-policy.md:19"),
        (&["check", "--output", "sarif"], "\"clause/AI-2.a\""),
    ] {
        let text = said(&repository, arguments);
        assert!(text.contains(wanted), "{arguments:?} lacks {wanted:?}:\n{text}");
    }
}

#[test]
fn an_edited_clause_is_never_held_until_its_rules_were_looked_at() {
    let Some(repository) = kept() else { return };
    // Neither line breaks nor markup are words.
    edit(&repository, TEXT, "- a. models that Acme loads come", "* **a.** models that Acme\n  *loads* come");
    assert!(row(&repository, "AI-2.a").contains("held"));
    edit(&repository, TEXT, "makers on its list", "makers in the Union");
    let edited = row(&repository, "AI-2.a");
    assert!(edited.contains("needs review"), "{edited}");
    assert!(
        edited.contains(
            "clause AI-2.a reads otherwise than it did for vendor/unagreed-model-maker (org/ai-policy.md:19)"
        ),
        "{edited}"
    );
    let why = said(&repository, &["why", "AI-2.a"]);
    assert!(why.contains("needs review: clause AI-2.a reads otherwise"), "{why}");
    let run = repository.check(&["--strict", "--verbose"]);
    assert!(
        run.status == 3
            && run.stdout.contains("reads otherwise than it did for vendor/unagreed-model-maker; look at each"),
        "{run}"
    );
    let test = said(&repository, &["test", "org"]);
    assert!(test.contains("needs review: clause AI-2.a"), "{test}");
    for format in ["markdown", "csv", "json", "html", "oscal"] {
        let table = said(&repository, &["coverage", "-o", format]);
        assert!(table.contains("needs review") || format == "oscal", "{format}");
        assert!(!table.contains("AI-2.a is held"), "{format}");
    }

    let accepted = said(&repository, &["accept", "org"]);
    assert!(accepted.contains("vendor/unagreed-model-maker  clause AI-2.a org/ai-policy.md:19"), "{accepted}");
    assert!(row(&repository, "AI-2.a").contains("held"));
    assert!(said(&repository, &["test", "org"]).contains("2 rules, 4 passed, 0 failed"));
    assert!(said(&repository, &["accept", "org"]).contains("nothing was written"));
}

#[test]
fn shipped_rules_need_review_when_the_words_of_their_clause_are_others() {
    let Some(repository) = Checkout::new() else { return };
    repository.write("aimslint.toml", "[policy]\ntext = \"docs/policy.md\"\n");
    repository.write("docs/policy.md", "# Policy\n\n## 4.1.b Versions\n\nEverything has a version.\n");
    let pinned =
        "transformers @ git+https://github.com/huggingface/transformers@0123456789abcdef0123456789abcdef01234567\n";
    repository.write("requirements.txt", pinned);
    repository.write("train.py", "import transformers\n");
    repository.commit("first");
    let before = row(&repository, "4.1.b");
    assert!(before.contains("needs review") && before.contains("docs/policy.md:3"), "{before}");
    said(&repository, &["accept", "--only", "versioning/unpinned-ai-dependency"]);
    let record = fs::read_to_string(repository.path().join("aimslint-reviewed.toml")).expect("written");
    assert!(record.contains("\"versioning/unpinned-ai-dependency\" = { \"4.1.b\" = \""), "{record}");
    said(&repository, &["accept"]);
    assert!(row(&repository, "4.1.b").contains("held"));
    // What a change accepts for itself counts for nothing.
    repository.remove("aimslint-reviewed.toml");
    repository.commit("not accepted");
    said(&repository, &["accept"]);
    repository.git(&["add", "-A"]);
    let run = repository.check(&["--policy-from", "HEAD", "--verbose"]);
    assert!(run.stdout.contains("clause 4.1.b reads otherwise"), "{run}");
    let changed = run.places("governance/changed-gate-policy");
    assert_eq!(changed, ["aimslint-reviewed.toml:1"], "{run}");
}

#[test]
fn a_text_that_cannot_be_read_stops_the_run_at_its_place() {
    let Some(repository) = kept() else { return };
    for (settings, wanted) in [
        ("text = \"docs/none.md\"", "aimslint.toml:2:8: `docs/none.md` cannot be read"),
        ("text = \"README.md\"", "README.md:1:1: no clause is found here"),
        ("text = \"twice.md\"", "twice.md:3:1: there are two clauses `3.2` in this text"),
    ] {
        repository.write("README.md", "# Nothing\n\nWords.\n");
        repository.write("twice.md", "# 3.2 One\n\n# 3.2 Two\n");
        repository.write("aimslint.toml", &format!("[policy]\n{settings}\n"));
        let run = repository.check(&[]);
        assert!(run.status == 2 && run.stderr.contains(wanted), "{run}");
    }
    repository.git(&["reset", "-q", "--hard"]);
    edit(&repository, "org/pack.toml", "ai-policy.md", "../README.md");
    let run = repository.check(&[]);
    assert!(run.status == 2 && run.stderr.contains("the text must lie in the pack"), "{run}");
}
