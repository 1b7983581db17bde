//! Settings that stand above the scanned folder: the paths in them are told from their own folder, however little of it is scanned.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "not every test that builds repositories needs all of it")]
mod checkout;

use checkout::Checkout;

const RULE: &str = "integrity/unsafe-model-load";
const LOADS: &str = "import torch\n\nmodel = torch.load(\"model.pt\", weights_only=False)\n";
const SETTINGS: &str = r#"
exclude = ["services/model/tests", "services/*/vendored/", "legacy"]

[[system]]
name = "scoring"
risk = "high"
paths = ["services/model/scoring"]

[[waiver]]
rule = "integrity/unsafe-model-load"
path = "services/model/old/**"
reason = "being rewritten"
approver = "ciso@example.org"
ticket = "AI-1"
until = "2026-12-31"

[[waiver]]
rule = "integrity/unsafe-model-load"
path = "services/other/**"
reason = "being rewritten"
approver = "ciso@example.org"
ticket = "AI-2"
until = "2026-12-31"
"#;

fn repository() -> Option<Checkout> {
    let repository = Checkout::new()?;
    repository.write("aimslint.toml", SETTINGS);
    for folder in ["tests", "vendored", "legacy", "scoring", "old"] {
        repository.write(&format!("services/model/{folder}/load.py"), LOADS);
    }
    repository.write("services/other/load.py", LOADS);
    repository.commit("first");
    Some(repository)
}

#[test]
fn paths_in_settings_are_told_from_their_folder() {
    let Some(repository) = repository() else { return };
    let check = |arguments: &[&str]| {
        let run = repository.check(&[arguments, &["--now", "2026-11-22"]].concat());
        // The risk of its system makes the one finding an error.
        assert_eq!(run.status, 1, "{run}");
        run.places(RULE)
    };
    assert_eq!(check(&["."]), ["services/model/legacy/load.py:3", "services/model/scoring/load.py:3"]);
    let model = ["legacy/load.py:3", "scoring/load.py:3"];
    for arguments in [
        &["services/model"][..],
        &["services/model", "--config", "aimslint.toml"],
        &["services/model", "--policy-from", "main"],
        &["services/model", "--config", "./services/../aimslint.toml", "--policy-from", "main"],
    ] {
        assert_eq!(check(arguments), model, "{arguments:?}");
    }
    assert_eq!(check(&["services/model/scoring"]), ["load.py:3"]);
    // A change that is staged.
    repository.write("services/model/tests/load.py", &format!("{LOADS}{LOADS}"));
    repository.write("services/model/scoring/load.py", &format!("{LOADS}\n"));
    repository.write("services/model/scoring/new.py", LOADS);
    repository.git(&["add", "-A"]);
    assert_eq!(check(&["services/model", "--staged"]), ["scoring/new.py:3"]);
}

#[test]
fn what_the_repository_ignores_above_the_scanned_folder_is_ignored_in_it() {
    let Some(repository) = repository() else { return };
    repository.write(".gitignore", "/services/model/made/\n*.tmp.py\n");
    repository.write("services/model/.gitignore", "!kept.tmp.py\n");
    repository.write("services/model/.aimslintignore", "legacy/\n");
    for name in ["made/load.py", "left.tmp.py", "kept.tmp.py"] {
        repository.write(&format!("services/model/{name}"), LOADS);
    }
    let run = repository.check(&["services/model", "--now", "2026-11-22"]);
    assert_eq!(run.places(RULE), ["kept.tmp.py:3", "scoring/load.py:3"], "{run}");
}

#[test]
fn a_waiver_for_another_folder_is_not_called_unused_or_too_wide() {
    let Some(repository) = repository() else { return };
    let audit = |folder: &str, rule: &str| {
        repository.check(&[folder, "--profile", "audit", "--now", "2026-11-22"]).places(rule)
    };
    for rule in ["governance/unused-waiver", "governance/over-wide-waiver"] {
        assert_eq!(audit("services/model/old", rule), Vec::<String>::new());
        assert_eq!(audit(".", rule), Vec::<String>::new());
    }
    repository.remove("services/other/load.py");
    assert_eq!(audit(".", "governance/unused-waiver"), ["aimslint.toml:18"]);
}

#[test]
fn settings_of_elsewhere_tell_paths_from_the_scanned_folder() {
    let Some(repository) = repository() else { return };
    let elsewhere = repository.path().parent().expect("above").join("shared.toml");
    std::fs::write(&elsewhere, "exclude = [\"tests\", \"vendored\", \"old\"]\n").expect("written");
    repository.write("ci/strict.toml", "exclude = [\"tests\", \"vendored\", \"old\"]\n");
    repository.commit("beside");
    for settings in [&*elsewhere.to_string_lossy(), "ci/strict.toml"] {
        for from in [&[][..], &["--policy-from", "main"]] {
            let run = repository.check(&[&["services/model", "--config", settings], from].concat());
            assert_eq!(run.places(RULE), ["legacy/load.py:3", "scoring/load.py:3"], "{settings}: {run}");
        }
    }
}
