//! An organisation's own packs of rules: loaded as shipped rules are, shown where they are shown, and out of reach of what is judged.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "other tests use the rest")]
mod checkout;

use checkout::Checkout;
use std::fs;
use std::path::Path;
use std::process::Command;

const RULE: &str = "vendor/unagreed-model-maker";
const LOADS: &str = "from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained(\"somebody/model\")\n";
const FOUND: &str = "answer.py:3";

fn acme() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/packs/acme")
}

/// Copies the sample pack to `folder` of the repository.
fn with_pack(repository: &Checkout, folder: &str) {
    for entry in walkdir::WalkDir::new(acme()).into_iter().map(|entry| entry.expect("readable")) {
        let path = entry.path().strip_prefix(acme()).expect("below");
        if entry.file_type().is_file() && !path.starts_with("fixtures") {
            let text = fs::read_to_string(entry.path()).expect("text");
            repository.write(&format!("{folder}/{}", path.display()), &text);
        }
    }
}

/// A repository whose code breaks a rule of the pack at `folder`, on the branch `topic` of which nothing is committed yet.
fn gated(folder: &str) -> Option<Checkout> {
    let repository = Checkout::new()?;
    with_pack(&repository, folder);
    repository.write("aimslint.toml", &format!("[policy]\npacks = [\"{folder}\"]\n"));
    repository.write("answer.py", LOADS);
    repository.commit("first");
    repository.git(&["checkout", "-qb", "topic"]);
    Some(repository)
}

fn said(repository: &Checkout, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aimslint"));
    let output = command.current_dir(repository.path()).args(arguments).output().expect("runs");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_sample_pack_passes_its_own_fixtures() {
    let output = Command::new(env!("CARGO_BIN_EXE_aimslint")).arg("test").arg(acme()).output().expect("runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("2 rules, 4 passed, 0 failed"), "{stdout}");
}

#[test]
fn rules_of_a_pack_are_shown_wherever_shipped_ones_are() {
    let Some(repository) = gated("../org-policy") else { return };
    let run = repository.check(&["--output", "sarif=out.sarif"]);
    assert_eq!((run.places(RULE), run.status), (vec![FOUND.to_owned()], 1), "{run}");
    let sarif = fs::read_to_string(repository.path().join("out.sarif")).expect("written");
    assert!(sarif.contains("Acme loads models only from makers"), "the help is in SARIF");
    for (arguments, wanted) in [
        (&["rules"][..], "vendor/unagreed-model-maker"),
        (&["rules", "--markdown"], "| `vendor/unagreed-model-maker` |"),
        (&["explain", "unagreed-model-maker"], "From: ../org-policy/vendor/unagreed-model-maker.toml"),
        (&["explain", "8.1.a"], "vendor/unagreed-model-maker"),
        (&["explain", "distant-vendor-review"], "allowed_days = 366 (from 30 to 730)"),
        (&["explain", "overdue-ai-policy"], "allowed_days = 183, set at ../org-policy/pack.toml:8 (366 unless set"),
        (&["explain", "overdue-ai-policy"], "Level: error"),
        (&["explain", "overdue-ai-policy"], "Set at ../org-policy/pack.toml:8; its own level is warning"),
        (&["why", "8.1.a"], "answer.py:3"),
        (&["coverage"], "vendor/unagreed-model-maker at answer.py:3"),
    ] {
        let text = said(&repository, arguments);
        assert!(text.contains(wanted), "{arguments:?} lacks {wanted:?}:\n{text}");
    }
}

#[test]
fn what_is_nearer_to_the_repository_wins_unless_it_is_locked() {
    let Some(repository) = gated("../org-policy") else { return };
    let settings = "[policy]\npacks = [\"../org-policy\"]\n\n[rules]\n";
    let own = "\"vendor/unagreed-model-maker\" = \"note\"\n\"governance/overdue-ai-policy\" = { parameters = { allowed_days = 30 } }\n";
    repository.write("aimslint.toml", &format!("{settings}{own}"));
    let run = repository.check(&[]);
    assert_eq!((run.places(RULE), run.status), (vec![FOUND.to_owned()], 0), "{run}");
    let told = said(&repository, &["explain", "overdue-ai-policy"]);
    assert!(told.contains("Level: error") && told.contains("allowed_days = 30, set at aimslint.toml:6"), "{told}");
    let told = said(&repository, &["why", "8.1.a"]);
    assert!(told.contains("note instead of error (aimslint.toml:5)"), "{told}");

    repository.write("aimslint.toml", &format!("{settings}\"vendor/unagreed-model-maker\" = \"off\"\n"));
    let told = said(&repository, &["coverage"]);
    assert!(told.contains("vendor/unagreed-model-maker: switched off by the organisation (aimslint.toml:5)"), "{told}");

    repository.write("aimslint.toml", &format!("{settings}\"vendor/unregistered-vendor\" = \"off\"\n"));
    let run = repository.check(&[]);
    let locked = "aimslint.toml:5:1: `vendor/unregistered-vendor` is locked at ../org-policy/pack.toml:6";
    assert!(run.status == 2 && run.stderr.contains(locked), "{run}");
}

#[test]
fn a_broken_pack_stops_the_run_with_every_fault_at_its_place() {
    let Some(repository) = gated("org") else { return };
    let rule = fs::read_to_string(acme().join("vendor/unagreed-model-maker.toml")).expect("readable");
    repository.write("org/vendor/unagreed-model-maker.toml", &rule.replace("kind ==", "knid =="));
    repository.write("org/vendor/unapproved-vendor.toml", &rule);
    repository.write("org/vendors/other.toml", &rule);
    repository.write(
        "org/pack.toml",
        "titel = \"x\"\ntext = \"ai-policy.md\"\n[rules]\n\"governance/overdue-ai-policy\" = { parameters = { days = 3 } }\n",
    );
    let run = repository.check(&[]);
    for wanted in [
        "org/vendor/unagreed-model-maker.toml:15:10: unknown field of `model-reference` `knid`; did you mean `kind`?",
        "org/vendor/unapproved-vendor.toml:1:1: aimslint ships a rule `vendor/unapproved-vendor`",
        "unknown family `vendors`; did you mean `vendor`?",
        "org/pack.toml:1:1: unknown key `titel`; did you mean `title`?",
        "org/pack.toml:4:51: unknown parameter of `governance/overdue-ai-policy` `days`; there are `allowed_days`",
    ] {
        assert!(run.status == 2 && run.stderr.contains(wanted), "lacks {wanted:?}: {run}");
    }
    for (named, wanted) in [
        ("orgg", "aimslint.toml:2:10: there is no folder `orgg`"),
        ("aimslint.toml", "there is no folder `aimslint.toml`"),
        ("empty", "`empty` holds no rule"),
    ] {
        repository.write("empty/README.md", "nothing\n");
        repository.write("aimslint.toml", &format!("[policy]\npacks = [\"{named}\"]\n"));
        let run = repository.check(&[]);
        assert!(run.status == 2 && run.stderr.contains(wanted), "{named}: {run}");
    }
}

#[test]
fn parameters_are_held_to_their_range_and_packs_to_their_form() {
    let Some(repository) = gated("org") else { return };
    for (settings, wanted) in [
        ("\"governance/overdue-ai-policy\" = { parameters = { allowed_days = 0 } }", "from 1 to 3660, without quotes"),
        ("\"governance/overdue-ai-policy\" = { parameters = { allowed_days = \"12\" } }", "must be a whole number"),
        ("\"integrity/unsafe-model-load\" = { parameters = { days = 1 } }", "`days`: it has none"),
        ("\"integrity/unsafe-model-load\" = { level = \"of\" }", "unknown `level` `of`; did you mean `off`?"),
    ] {
        repository.write("aimslint.toml", &format!("[rules]\n{settings}\n"));
        let run = repository.check(&[]);
        assert!(run.status == 2 && run.stderr.contains("aimslint.toml:2:") && run.stderr.contains(wanted), "{run}");
    }
    let rule = fs::read_to_string(acme().join("vendor/distant-vendor-review.toml")).expect("readable");
    for (right, wrong, wanted) in [
        ("default = 366", "default = 3", "`default` must lie from 30 to 730"),
        ("least   = 30\n", "", "`least` is missing"),
        ("+ allowed_days", "+ allowed_day", "did you mean `allowed_days`"),
        ("+ allowed_days", "+ 366", "`allowed_days` is named by no condition of this rule"),
        ("more than {allowed_days}", "more than {allowed_dys}", "did you mean `allowed_days`"),
    ] {
        repository.write("aimslint.toml", "[policy]\npacks = [\"org\"]\n");
        repository.write("org/vendor/distant-vendor-review.toml", &rule.replace(right, wrong));
        let run = repository.check(&[]);
        assert!(run.status == 2 && run.stderr.contains(wanted), "{wrong}: {run}");
    }
}

#[test]
fn a_change_cannot_weaken_the_pack_that_it_is_judged_by() {
    let Some(repository) = gated("policy/org") else { return };
    let weak = fs::read_to_string(acme().join("vendor/unagreed-model-maker.toml")).expect("readable");
    let from_main = &["--policy-from", "main"][..];
    let changed = "governance/changed-gate-policy";
    // The rule is softened, taken away, joined by one that is broken; the table that names the pack is taken away.
    let rule = "policy/org/vendor/unagreed-model-maker.toml";
    for (path, text) in [
        (rule, Some(weak.replace("\"error\"", "\"note\""))),
        (rule, None),
        ("policy/org/pack.toml", Some("[rules]\n\"vendor/unagreed-model-maker\" = \"off\"\n".to_owned())),
        ("policy/org/vendor/broken.toml", Some("x".to_owned())),
        ("aimslint.toml", Some("profile = \"gate\"\n".to_owned())),
        ("policy", None),
    ] {
        match text {
            Some(text) => repository.write(path, &text),
            None => repository.remove(path),
        }
        repository.git(&["add", "-A"]);
        for range in [&[][..], &["--staged"]] {
            let run = repository.check(&[range, from_main].concat());
            assert_eq!(
                (run.places(RULE).len(), run.status),
                (usize::from(range.is_empty()), i32::from(range.is_empty())),
                "{run}"
            );
            assert!(!run.places(changed).is_empty(), "{run}");
        }
        repository.git(&["reset", "-q", "--hard"]);
    }
    let run = repository.check(from_main);
    assert_eq!((run.places(RULE).len(), run.places(changed)), (1, Vec::new()), "{run}");
    // Without it, what is staged is judged by the pack that is staged.
    repository.remove("policy/org/vendor/unagreed-model-maker.toml");
    repository.write("other.py", LOADS);
    repository.git(&["add", "other.py"]);
    assert_eq!(repository.check(&["--staged"]).places(RULE), ["other.py:3"]);
}

#[cfg(unix)]
#[test]
fn links_and_detours_lead_nowhere() {
    let Some(repository) = gated("policy/org") else { return };
    let link = |to: &str, path: &str| {
        std::os::unix::fs::symlink(to, repository.path().join(path)).expect("linked");
    };
    // The change turns the folder of the pack into a link to a weaker one.
    repository.write("weak/org/vendor/other.toml", "x");
    repository.remove("policy");
    link("weak", "policy");
    let run = repository.check(&["--policy-from", "main"]);
    assert_eq!((run.places(RULE).len(), run.status), (1, 1), "{run}");
    repository.remove("weak");

    fs::create_dir_all(repository.path().parent().expect("above").join("elsewhere/vendor")).expect("made");
    repository.write("aimslint.toml", "[policy]\npacks = [\"out\"]\n");
    link("../elsewhere", "out");
    let run = repository.check(&[]);
    assert!(run.status == 2 && run.stderr.contains("`out` is a link that leads out of the repository"), "{run}");

    repository.git(&["reset", "-q", "--hard"]);
    link("/etc/hostname", "policy/org/vendor/linked.toml");
    let run = repository.check(&[]);
    let wanted = "policy/org/vendor/linked.toml:1:1: is a link or a submodule";
    assert!(run.status == 2 && run.stderr.contains(wanted), "{run}");
    repository.git(&["clean", "-qfd"]);

    repository.write("aimslint.toml", "[policy]\npacks = [\"../repository/policy/org\"]\n");
    repository.commit("by a detour");
    let run = repository.check(&["--policy-from", "HEAD"]);
    assert!(run.status == 2 && run.stderr.contains("leads out of the repository and back into it"), "{run}");
}
