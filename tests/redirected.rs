//! A change that tries to be judged by another policy than the one of the commit that is trusted: it turns folders into links, or brings a
//! repository of its own.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "not every test that builds repositories needs all of it")]
mod checkout;

use checkout::Checkout;
use std::fs;
use std::os::unix::fs::symlink;

const RULE: &str = "integrity/unsafe-model-load";
const LOADS: &str = "import torch\n\ntorch.load(\"model.pt\", weights_only=False)\n";
const STRICT: &str = "[rules]\n\"integrity/unsafe-model-load\" = \"error\"\n";
const WEAK: &str = "[rules]\n\"integrity/unsafe-model-load\" = \"off\"\n";

/// A repository whose settings stand in `policy`, where a finding is an error; what `lenient` holds is meant for other ends.
fn gated() -> Option<Checkout> {
    let repository = Checkout::new()?;
    repository.write("policy/aimslint.toml", STRICT);
    repository.write("lenient/aimslint.toml", WEAK);
    repository.write("service/app.py", LOADS);
    repository.commit("first");
    Some(repository)
}

#[test]
fn a_folder_that_becomes_a_link_does_not_redirect_the_settings() {
    let Some(repository) = gated() else { return };
    let check = |settings: &str| repository.check(&["--config", settings, "--policy-from", "main"]);
    let inside = repository.path().join("policy/aimslint.toml");
    let outside = repository.path().parent().expect("above").join("link");
    symlink(repository.path().join("policy"), &outside).expect("linked");
    // By a link outside of the repository whoever runs the gate says something that a change can turn.
    let linked = outside.join("aimslint.toml");
    for turned in [false, true] {
        if turned {
            repository.remove("policy");
            symlink("lenient", repository.path().join("policy")).expect("linked");
        }
        for named in ["policy/aimslint.toml", "./service/../policy/aimslint.toml", &inside.to_string_lossy()] {
            let run = check(named);
            assert_eq!((run.places(RULE), run.status), (vec!["service/app.py:3".to_owned()], 1), "{named}: {run}");
        }
        let run = check(&linked.to_string_lossy());
        assert!(run.status == 2 && run.stderr.contains("a link leads there, which a change could turn"), "{run}");
    }
    // The same for a baseline: the one that is named is not there in the commit.
    let run = repository.check(&["--baseline", "policy/baseline.json", "--policy-from", "main"]);
    assert!(run.status == 2 && run.stderr.contains("git does not keep this file"), "{run}");
}

#[test]
fn a_scanned_folder_that_becomes_a_link_is_refused() {
    let Some(repository) = gated() else { return };
    let check = || repository.check(&["service", "--config", "policy/aimslint.toml", "--policy-from", "main"]);
    assert_eq!(check().status, 1);
    repository.remove("service");
    symlink("lenient", repository.path().join("service")).expect("linked");
    let run = check();
    assert!(run.status == 2 && run.stderr.contains("service: a link leads there"), "{run}");
}

#[test]
fn a_repository_that_comes_with_the_change_is_not_asked() {
    let Some(repository) = gated() else { return };
    repository.write("service/aimslint.toml", STRICT);
    repository.commit("strict");
    let Some(theirs) = Checkout::new() else { return };
    theirs.write("aimslint.toml", WEAK);
    theirs.commit("of their own");
    theirs.git(&["config", "core.worktree", "."]);
    // What makes a repository lies open in the folder, as it can be committed.
    for part in ["HEAD", "config", "index", "objects", "refs"] {
        copy(&theirs.path().join(".git").join(part), &repository.path().join("service").join(part));
    }
    let run = repository.check(&["service", "--policy-from", "main"]);
    assert_eq!((run.places(RULE), run.status), (vec!["app.py:3".to_owned()], 1), "{run}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    if from.is_file() {
        fs::copy(from, to).expect("copied");
        return;
    }
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}
