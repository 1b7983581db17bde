//! Runs that ask git: what a change brought, what is staged, and every kind of repository that git can make.
//!
//! The repositories are built with git itself, as users build theirs. Without git on the machine these tests are skipped, and say so.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod checkout;

use checkout::Checkout;

/// One finding a line: the first of [`LOADS`].
const LOAD: &str = "torch.load(\"a.pt\", weights_only=False)\n";
const RULE: &str = "integrity/unsafe-model-load";

fn code(loads: usize) -> String {
    format!("import torch\n\n{}", LOAD.repeat(loads))
}

/// A repository whose only commit holds one old finding.
fn with_old_finding() -> Option<Checkout> {
    let repository = Checkout::new()?;
    repository.write("train.py", &code(1));
    repository.commit("first");
    Some(repository)
}

#[test]
fn only_what_the_change_wrote_is_reported() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("train.py", &format!("import torch\n{LOAD}\n{LOAD}"));
    let run = repository.check(&["--changed", "HEAD", "--fail-on", "warning"]);
    assert_eq!((run.places(RULE), run.status), (vec!["train.py:2".to_owned()], 1), "{run}");
    assert!(run.stdout.contains("(1 older finding left out)"), "{run}");

    repository.write("train.py", &format!("\n\n{}", code(1)));
    let run = repository.check(&["--changed", "HEAD", "--fail-on", "warning"]);
    assert_eq!((run.places(RULE), run.status), (vec![], 0), "{run}");
}

#[test]
fn the_change_starts_where_the_branches_parted() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["checkout", "-qb", "topic"]);
    repository.write("new.py", &code(1));
    repository.commit("on the branch");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("train.py", "print(1)\n");
    repository.commit("mended on main");
    repository.git(&["checkout", "-q", "topic"]);
    let run = repository.check(&["--changed", "main"]);
    assert_eq!(run.places(RULE), ["new.py:3"], "{run}");
    // Committed or not is the same: what stands in the folder is judged.
    repository.write("newer.py", &code(1));
    assert_eq!(repository.check(&["--changed", "main"]).places(RULE), ["new.py:3", "newer.py:3"]);
    let narrowed = repository.check(&["newer.py", "--changed", "main"]);
    assert_eq!(narrowed.places(RULE), ["newer.py:3"], "{narrowed}");
}

#[test]
fn what_is_staged_is_judged_and_not_the_folder() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("new.py", &code(1));
    repository.git(&["add", "."]);
    repository.write("new.py", "print('mended, and not staged')\n");
    let run = repository.check(&["--staged"]);
    assert_eq!(run.places(RULE), ["new.py:3"], "{run}");
    assert!(run.stdout.contains("new.py") && run.status == 0);

    repository.write("new.py", "print(1)\n");
    repository.git(&["add", "."]);
    repository.write("new.py", &code(1));
    repository.write("untracked.py", &code(1));
    let run = repository.check(&["--staged"]);
    assert_eq!(run.places(RULE), Vec::<String>::new(), "{run}");
    // Only staged: gone from the folder.
    repository.write("gone.py", &code(1));
    repository.git(&["add", "gone.py"]);
    repository.remove("gone.py");
    assert_eq!(repository.check(&["--staged"]).places(RULE), ["gone.py:3"]);
}

#[test]
fn the_change_is_to_blame_for_what_it_causes_elsewhere() {
    let Some(repository) = Checkout::new() else { return };
    let bucket = "resource \"aws_s3_bucket\" \"data\" {\n  bucket = \"training-data\"\n}\n";
    let versions = "resource \"aws_s3_bucket_versioning\" \"data\" {\n  bucket = aws_s3_bucket.data.id\n  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n";
    repository.write("train.py", &code(0));
    repository.write("infra/data.tf", bucket);
    repository.write("infra/versions.tf", versions);
    repository.commit("first");
    let rule = "versioning/unversioned-store";
    assert_eq!(repository.check(&["--profile", "audit"]).places(rule), Vec::<String>::new());
    repository.remove("infra/versions.tf");
    let run = repository.check(&["--profile", "audit", "--changed", "HEAD"]);
    assert_eq!(run.places(rule), ["infra/data.tf:1"], "{run}");
    repository.git(&["add", "."]);
    assert_eq!(repository.check(&["--profile", "audit", "--staged"]).places(rule), ["infra/data.tf:1"]);
}

#[test]
fn a_further_use_of_what_was_found_before_is_no_new_finding() {
    let Some(repository) = Checkout::new() else { return };
    repository.write("a.py", "import openai\n\nclient = openai.OpenAI()\n");
    repository.commit("first");
    let rule = "vendor/undeclared-vendor-use";
    assert_eq!(repository.check(&["--profile", "audit"]).places(rule).len(), 1);
    repository.write("b.py", "import openai\n\nclient = openai.OpenAI()\n");
    let run = repository.check(&["--changed", "HEAD", "--profile", "audit"]);
    assert_eq!(run.places(rule), Vec::<String>::new(), "{run}");
}

#[test]
fn renaming_makes_no_finding_new_unless_the_file_gets_another_purpose() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("tests/test_load.py", &format!("{}# {}\n", code(1), "x".repeat(200)));
    repository.commit("with a test");
    repository.git(&["mv", "train.py", "fit.py"]);
    for change in [&["--staged"][..], &["--changed", "HEAD"]] {
        let run = repository.check(change);
        assert_eq!(run.places(RULE), Vec::<String>::new(), "{run}");
    }
    repository.git(&["mv", "tests/test_load.py", "load.py"]);
    let run = repository.check(&["--staged"]);
    assert_eq!(run.places(RULE), ["load.py:3"], "{run}");
}

#[test]
fn a_folder_of_the_repository_can_be_scanned_alone() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("a/b/x.py", &code(1));
    repository.commit("below");
    repository.write("a/b/x.py", &code(2));
    repository.write("a/new.py", &code(1));
    repository.write("other.py", &code(1));
    let run = repository.check(&["a", "--changed", "HEAD"]);
    assert_eq!(run.places(RULE), ["b/x.py:4", "new.py:3"], "{run}");
    repository.git(&["add", "."]);
    let run = repository.check(&["a", "--staged"]);
    assert_eq!(run.places(RULE), ["b/x.py:4", "new.py:3"], "{run}");
}

#[test]
fn what_is_left_out_stays_left_out() {
    let Some(repository) = with_old_finding() else { return };
    repository.write(".aimslintignore", "old/\n");
    repository.write("aimslint.toml", "exclude = [\"generated\"]\n");
    repository.write("old/a.py", &code(1));
    repository.write("generated/b.py", &code(1));
    repository.git(&["add", "."]);
    for change in [&["--staged"][..], &["--changed", "HEAD"], &["--profile", "gate"]] {
        let run = repository.check(change);
        assert!(!run.stdout.contains("old/") && !run.stdout.contains("generated/"), "{run}");
    }
}

#[test]
fn the_checkout_of_a_pull_request_with_two_commits_is_enough() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["checkout", "-qb", "topic"]);
    repository.write("new.py", &code(1));
    repository.commit("on the branch");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("other.py", &code(1));
    repository.commit("on main");
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "topic"]);

    let two = repository.clone_with(&["--depth", "2"]);
    two.git(&["checkout", "-q", "--detach"]);
    let run = two.check(&["--changed", "HEAD^1"]);
    assert_eq!(run.places(RULE), ["new.py:3"], "{run}");

    let one = repository.clone_with(&["--depth", "1"]);
    let run = one.check(&["--changed", "HEAD^1"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("the clone is shallow") && run.stderr.contains("fetch-depth: 0"), "{run}");
}

#[test]
fn a_history_too_shallow_to_compare_is_said_to_be() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["checkout", "-qb", "topic"]);
    for number in 0..4 {
        repository.write("new.py", &code(number));
        repository.commit("on the branch");
    }
    repository.git(&["checkout", "-q", "main"]);
    repository.write("other.py", &code(1));
    repository.commit("on main");
    let shallow = repository.clone_with(&["--depth", "1", "--no-single-branch", "--branch", "topic"]);
    let run = shallow.check(&["--changed", "origin/main"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("no commit in common in this shallow clone"), "{run}");
}

#[test]
fn a_base_that_is_not_there_is_named() {
    let Some(repository) = with_old_finding() else { return };
    let run = repository.check(&["--changed", "origin/nowhere"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no commit `origin/nowhere` here; fetch it"), "{run}");
    let both = repository.check(&["--changed", "HEAD", "--staged"]);
    assert!(both.status == 2 && both.stderr.contains("cannot be used with"), "{both}");
}

#[test]
fn histories_without_a_common_commit_cannot_be_compared() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["checkout", "-q", "--orphan", "apart"]);
    repository.commit("apart");
    let run = repository.check(&["--changed", "main"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("have no commit in common") && !run.stderr.contains("shallow"), "{run}");
}

#[test]
fn before_the_first_commit_everything_staged_is_new() {
    let Some(repository) = Checkout::new() else { return };
    repository.write("train.py", &code(1));
    repository.git(&["add", "."]);
    let run = repository.check(&["--staged"]);
    assert_eq!(run.places(RULE), ["train.py:3"], "{run}");
    let run = repository.check(&["--changed", "main"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("nothing is committed yet"), "{run}");
}

#[test]
fn outside_of_git_there_is_nothing_to_compare_with() {
    let Some(repository) = with_old_finding() else { return };
    repository.remove(".git");
    for change in [&["--staged"][..], &["--changed", "HEAD"]] {
        let run = repository.check(change);
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains("not in a git repository"), "{run}");
    }
    assert_eq!(repository.check(&["--profile", "gate"]).places(RULE), ["train.py:3"]);
}

#[test]
fn a_bare_repository_has_nothing_to_judge() {
    let Some(repository) = with_old_finding() else { return };
    let bare = repository.clone_with(&["--bare"]);
    let run = bare.check(&["--changed", "HEAD"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("bare git repository has no files of its own"), "{run}");
    let run = bare.check(&["--verbose"]);
    assert!(run.stdout.contains("bare git repository has no files of its own"), "{run}");
}

#[test]
fn a_detached_head_and_a_worktree_are_like_any_checkout() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["checkout", "-q", "--detach"]);
    repository.git(&["worktree", "add", "-q", "beside"]);
    let worktree = repository.at("beside");
    for checkout in [&repository, &worktree] {
        checkout.write("new.py", &code(1));
        let run = checkout.check(&["--changed", "main"]);
        assert!(run.places(RULE).contains(&"new.py:3".to_owned()), "{run}");
        checkout.git(&["add", "new.py"]);
        assert_eq!(checkout.check(&["--staged"]).places(RULE), ["new.py:3"]);
    }
}

#[test]
fn what_a_partial_clone_lacks_is_told() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("train.py", &code(2));
    repository.commit("second");
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = repository.clone_with(&["--filter=blob:none"]);
    let run = partial.check(&["--changed", "HEAD^", "--verbose"]);
    assert_eq!(run.places(RULE), ["train.py:3", "train.py:4"], "{run}");
    assert!(run.stdout.contains("git fetch --refetch"), "{run}");
}

#[test]
fn a_sparse_checkout_is_judged_as_far_as_it_is_there() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("a/x.py", &code(1));
    repository.write("b/y.py", &code(1));
    repository.commit("folders");
    repository.git(&["sparse-checkout", "set", "a"]);
    let run = repository.check(&["--verbose"]);
    assert!(run.stdout.contains("1 file is tracked by git and left out of this sparse checkout"), "{run}");
    repository.write("a/x.py", &code(2));
    let run = repository.check(&["--changed", "HEAD"]);
    assert_eq!(run.places(RULE), ["a/x.py:4"], "{run}");
    repository.git(&["add", "a"]);
    let run = repository.check(&["--staged"]);
    assert_eq!(run.places(RULE), ["a/x.py:4"], "{run}");
}

#[test]
fn an_index_that_cannot_be_read_is_told_with_the_cure() {
    for (make, cure) in [
        (&["sparse-checkout", "set", "--cone", "--sparse-index", "a"][..], "--no-sparse-index"),
        (&["update-index", "--split-index"], "--no-split-index"),
    ] {
        let Some(repository) = with_old_finding() else { return };
        repository.write("a/x.py", &code(1));
        repository.write("b/c/y.py", &code(1));
        repository.commit("folders");
        repository.git(make);
        for change in [&["--staged"][..], &["--changed", "HEAD"]] {
            let run = repository.check(change);
            assert!(run.status == 2 && run.stderr.contains(cure), "{run}");
        }
        let run = repository.check(&["--verbose"]);
        assert!(run.stdout.contains(cure) && !run.places(RULE).is_empty(), "{run}");
    }
}

#[test]
fn long_object_names_are_read() {
    let Some(repository) = Checkout::init(&["--object-format=sha256"]) else { return };
    repository.write("train.py", &code(1));
    repository.commit("first");
    repository.write("train.py", &code(2));
    assert_eq!(repository.check(&["--changed", "HEAD"]).places(RULE), ["train.py:4"]);
    repository.git(&["add", "."]);
    assert_eq!(repository.check(&["--staged"]).places(RULE), ["train.py:4"]);
}

#[test]
fn a_form_of_repository_that_nobody_knows_is_told() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["config", "core.repositoryFormatVersion", "1"]);
    repository.git(&["config", "extensions.refStorage", "papyrus"]);
    let run = repository.check(&["--changed", "HEAD"]);
    assert!(run.status == 2 && run.stderr.contains("this git repository cannot be read: "), "{run}");
    let run = repository.check(&["--verbose"]);
    assert_eq!(run.places(RULE), ["train.py:3"], "{run}");
    assert!(run.stdout.contains("this git repository cannot be read: "), "{run}");
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_asks_for_trust() {
    const SOMEBODY: u32 = 12_345;
    let Some(repository) = with_old_finding() else { return };
    let git_folder = repository.path().join(".git");
    let given = [repository.path(), &git_folder].map(|path| std::os::unix::fs::chown(path, Some(SOMEBODY), None));
    if given.iter().any(Result::is_err) {
        eprintln!("skipped: only root can give a repository to somebody else");
        return;
    }
    let run = repository.check(&["--changed", "HEAD"]);
    assert!(run.status == 2 && run.stderr.contains("safe.directory"), "{run}");
    let run = repository.check(&["--verbose"]);
    assert_eq!(run.places(RULE), ["train.py:3"], "{run}");
    assert!(run.stdout.contains("safe.directory"), "{run}");
}

#[test]
fn a_submodule_that_changed_is_told() {
    let (Some(inner), Some(repository)) = (with_old_finding(), with_old_finding()) else { return };
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &inner.address(), "inner"]);
    repository.commit("with a submodule");
    let run = repository.check(&["--changed", "HEAD^", "--verbose"]);
    assert!(run.stdout.contains("inner") && run.stdout.contains("a submodule that changed"), "{run}");
    repository.write("new.py", &code(1));
    let run = repository.check(&["--changed", "HEAD"]);
    assert_eq!(run.places(RULE), ["new.py:3"], "{run}");
}

#[test]
fn conflicts_are_to_be_resolved_first() {
    let Some(repository) = with_old_finding() else { return };
    repository.git(&["checkout", "-qb", "topic"]);
    repository.write("train.py", &code(3));
    repository.commit("on the branch");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("train.py", "print(1)\n");
    repository.commit("on main");
    repository.git_may_fail(&["merge", "-q", "topic"]);
    let run = repository.check(&["--staged"]);
    assert!(run.status == 2 && run.stderr.contains("not resolved yet in train.py"), "{run}");
    let run = repository.check(&["--changed", "HEAD"]);
    assert!(run.status != 2, "{run}");
    assert_eq!(run.places(RULE).len(), 3, "{run}");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_told() {
    use std::os::unix::ffi::OsStrExt;
    let Some(repository) = with_old_finding() else { return };
    let name = std::ffi::OsStr::from_bytes(b"\xffbad.py");
    std::fs::write(repository.path().join(name), code(1)).expect("written");
    repository.write("new.py", &code(1));
    repository.git(&["add", "."]);
    for change in [&["--staged", "--verbose"][..], &["--changed", "HEAD", "--verbose"]] {
        let run = repository.check(change);
        assert_eq!(run.places(RULE), ["new.py:3"], "{run}");
        assert!(run.stdout.contains("the file's name is not UTF-8"), "{run}");
    }
}

/// `of name how what before → after` of every thing that changed.
fn changes(repository: &Checkout) -> Vec<String> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_aimslint"))
        .args(["facts", ".", "--kind", "change", "--changed", "HEAD"])
        .current_dir(repository.path())
        .output()
        .expect("runs");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| {
        let fact: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |field: &str| fact["fields"][field].as_str().unwrap_or_default().to_owned();
        let (of, name, how, what) = (text("of"), text("name"), text("how"), text("what"));
        let white = if text("substantive") == "no" { " (white space)" } else { "" };
        format!("{of} {name} {how} {what}{white} {}→{}", text("before"), text("after"))
    };
    lines.lines().map(line).collect()
}

#[test]
fn things_that_change_are_facts_and_things_that_move_are_not() {
    let Some(repository) = Checkout::new() else { return };
    let vendor = |status: &str| format!("[[vendor]]\nid = \"openai\"\nstatus = \"{status}\"\n");
    repository.write("requirements.txt", "torch==2.1.0\ntransformers==4.40.0\n");
    repository.write("README.md", "# A\n\nText.\n");
    repository.write("old.txt", &format!("{}same\n", "line\n".repeat(20)));
    repository.write("aimslint.toml", &vendor("pending"));
    repository.commit("first");
    repository.write("requirements.txt", "# sorted anew\ntransformers==4.41.0\ntorch==2.1.0\n");
    repository.write("README.md", "# A\n\n\nText.\n\n");
    repository.git(&["mv", "old.txt", "new.txt"]);
    repository.write("extra.py", "import torch\n");
    let found = changes(&repository);
    for wanted in [
        "dependency transformers altered specifier ==4.40.0→==4.41.0",
        "file README.md altered content (white space) →",
        "file extra.py added  →",
        "file requirements.txt altered content →",
    ] {
        assert!(found.iter().any(|change| change == wanted), "{wanted}: {found:#?}");
    }
    assert!(!found.iter().any(|change| change.contains("torch altered") || change.contains("new.txt")), "{found:#?}");
}

const VENDOR: &str = "[[vendor]]\nid = \"openai\"\nstatus = \"approved\"\n";

#[test]
fn a_change_cannot_weaken_its_own_gate() {
    let Some(repository) = with_old_finding() else { return };
    repository.write("aimslint.toml", "[rules]\n\"integrity/unsafe-model-load\" = \"error\"\n");
    repository.write("CODEOWNERS", "* @somebody\n/aimslint.toml @example/governance\n");
    repository.commit("settings");
    repository.git(&["checkout", "-qb", "topic"]);
    repository.write("aimslint.toml", "[rules]\n\"integrity/unsafe-model-load\" = \"off\"\n");
    repository.write("CODEOWNERS", "* @author\n");
    repository.write(".aimslintignore", "new.py\n");
    repository.write("new.py", &code(1));
    repository.commit("weakened");
    let own = repository.check(&["--changed", "main"]);
    assert_eq!((own.places(RULE), own.status), (vec![], 0), "{own}");
    let run = repository.check(&["--changed", "main", "--policy-from", "main"]);
    assert_eq!((run.places(RULE), run.status), (vec!["new.py:3".to_owned()], 1), "{run}");
    let rule = "governance/changed-gate-policy";
    assert_eq!(run.places(rule), [".aimslintignore:1", "aimslint.toml:1"], "{run}");
    assert!(run.stdout.contains("it needs the approval of @example/governance"), "{run}");
    assert!(run.stdout.contains("it needs the approval of @somebody"), "{run}");
    let staged = repository.check(&["--staged", "--policy-from", "main"]);
    assert_eq!(staged.places(rule), [".aimslintignore:1", "aimslint.toml:1"], "{staged}");

    // What main has changed since is no doing of the branch.
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["checkout", "-qb", "other"]);
    repository.write("new.py", &code(1));
    repository.commit("harmless");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("aimslint.toml", "fail-on = \"warning\"\n");
    repository.commit("stricter");
    repository.git(&["checkout", "-q", "other"]);
    let run = repository.check(&["--changed", "main", "--policy-from", "main"]);
    assert_eq!((run.places(rule), run.status), (vec![], 1), "{run}");

    // A waiver that nobody has agreed to covers nothing, and is told; one that main has goes on, wherever its line moves.
    repository.git(&["checkout", "-q", "main"]);
    let waived = "torch.load(\"a.pt\", weights_only=False)  # aimslint: ignore[integrity/unsafe-model-load] until=2027-01-31 old format\n";
    repository.write("agreed.py", &format!("import torch\n{waived}"));
    repository.commit("agreed");
    repository.git(&["checkout", "-qb", "third"]);
    repository.write("agreed.py", &format!("import torch\n\n\n{waived}"));
    repository.write("new.py", &format!("import torch\n{waived}"));
    repository.commit("waives itself");
    let run = repository.check(&["--changed", "main", "--policy-from", "main", "--now", "2026-12-01"]);
    assert_eq!(
        (run.places(RULE), run.places(rule)),
        (vec!["new.py:2".to_owned()], vec!["new.py:2".to_owned()]),
        "{run}"
    );

    let missing = repository.check(&["--policy-from", "origin/main"]);
    assert!(missing.status == 2 && missing.stderr.contains("there is no commit `origin/main` here"), "{missing}");
}

#[test]
fn a_register_that_loses_an_entry_is_to_blame_for_what_follows() {
    let Some(repository) = Checkout::new() else { return };
    let rule = "vendor/unregistered-vendor";
    repository.write("a/app.py", "import openai\n\nclient = openai.OpenAI()\n");
    repository.write("aimslint.toml", VENDOR);
    repository.commit("first");
    assert_eq!(repository.check(&["--profile", "audit"]).places(rule), Vec::<String>::new());
    repository.write("aimslint.toml", "[[vendor]]\nid = \"anthropic\"\nstatus = \"approved\"\n");
    for folder in [".", "a"] {
        let run = repository.check(&[folder, "--profile", "audit", "--changed", "HEAD"]);
        assert_eq!(run.places(rule).len(), 1, "{run}");
        let run = repository.check(&[folder, "--profile", "audit", "--changed", "HEAD", "--policy-from", "HEAD"]);
        assert_eq!(run.places(rule).len(), 0, "{run}");
        // Not staged yet: the staged register still has the entry.
        let run = repository.check(&[folder, "--profile", "audit", "--staged"]);
        assert_eq!(run.places(rule).len(), 0, "{run}");
    }
}

#[test]
fn evidence_names_the_commit_that_last_changed_its_file() {
    let Some(repository) = Checkout::new() else { return };
    repository.write("train.py", "import torch\ntorch.load(\"a.pt\", weights_only=True)\n");
    repository.commit("first");
    repository.write("README.md", "Words.\n");
    repository.commit("second");
    let why = |of: &Checkout| of.told(&["why", "4.1.a", "--now", "2026-11-22"]);
    let first = String::from_utf8(repository.run_git(&["rev-parse", "--short=10", "HEAD^"]).stdout).expect("UTF-8");
    let told = why(&repository);
    assert!(told.contains(&format!("train.py:2, {} of 2026-01-31", first.trim())), "{told}");

    let told = why(&repository.clone_with(&["--depth", "1"]));
    assert!(told.contains("✓ train.py:2  ") && told.contains("shallow clone): which commit"), "{told}");
    repository.write("train.py", "import torch\ntorch.load(\"b.pt\", weights_only=True)\n");
    let told = why(&repository);
    assert!(told.contains("train.py:2, not committed"), "{told}");
}
