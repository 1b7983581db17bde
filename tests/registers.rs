//! Registers that are split over files, within the repository and in the checkout of the organisation's own register.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "other tests use the rest")]
mod checkout;

use checkout::Checkout;

const SYSTEM: &str = "[[system]]\nname = \"triage\"\nstatus = \"production\"\npaths = [\"src/**\"]\n";
const CLOSED: &str = "[[risk]]\nname = \"Theft\"\nsystem = \"triage\"\nstatus = \"closed\"\n";
const UNOWNED: &str = "[[risk]]\nname = \"Theft\"\nsystem = \"triage\"\n";
const RULE: &str = "governance/unowned-risk";

/// A repository that uses one vendor, whose settings include `files`.
fn with(files: &[&str]) -> Option<Checkout> {
    let repository = Checkout::new()?;
    repository.write("src/answer.py", "import openai\n\nclient = openai.OpenAI()\n");
    repository.write("aimslint.toml", &format!("[register]\ninclude = {files:?}\n\n{SYSTEM}"));
    Some(repository)
}

#[test]
fn findings_stand_in_the_file_that_says_so() {
    let Some(repository) = with(&["registers/*.toml"]) else { return };
    repository.write("registers/README.md", "not a register\n");
    repository.write("registers/b.toml", UNOWNED);
    repository.write("registers/a.toml", "[[role]]\nrole = \"ciso\"\nholder = \"Ada Example\"\n");
    let run = repository.check(&[]);
    assert_eq!((run.places(RULE), run.status), (vec!["registers/b.toml:2".to_owned()], 0), "{run}");
}

#[test]
fn faults_of_all_files_are_told_at_once_each_in_its_own() {
    let Some(repository) = with(&["registers/*.toml", "gone.toml", "reg*/a.toml"]) else { return };
    repository.write("registers/a.toml", &format!("{SYSTEM}[[risk]]\nname = \"Theft\"\nsystem = \"triag\"\n"));
    repository
        .write("registers/b.toml", "exclude = [\"src\"]\n[register]\ninclude = [\"../aimslint.toml\", \"c.toml\"]\n");
    repository.write("registers/c.toml", "[[vendor]\n");
    let run = repository.check(&[]);
    for wanted in [
        "aimslint.toml:2:32: `gone.toml` is not there",
        "aimslint.toml:2:45: only the last part of the path may be a pattern",
        "registers/a.toml:2:8: the system `triage` is registered already, at aimslint.toml:5",
        "registers/a.toml:7:10: unknown system `triag`; did you mean `triage`?",
        "registers/b.toml:1:1: unknown key `exclude`",
        "registers/b.toml:3:12: `aimslint.toml` includes itself: aimslint.toml, then registers/b.toml",
        "registers/c.toml:1:10: ",
    ] {
        assert!(run.status == 2 && run.stderr.contains(wanted), "lacks {wanted:?}: {run}");
    }
}

#[test]
fn files_include_others_so_deep_and_no_deeper() {
    let Some(repository) = with(&["1.toml"]) else { return };
    for number in 1..6 {
        repository.write(&format!("{number}.toml"), &format!("[register]\ninclude = [\"{}.toml\"]\n", number + 1));
    }
    repository.write("4.toml", CLOSED);
    assert_eq!(repository.check(&[]).status, 0);
    repository.write("4.toml", "[register]\ninclude = [\"5.toml\"]\n");
    let run = repository.check(&[]);
    let wanted = "4.toml:2:12: files may include others 4 deep, and no deeper";
    assert!(run.status == 2 && run.stderr.contains(wanted), "{run}");
}

#[test]
#[cfg(unix)]
fn a_link_leads_nowhere() {
    let Some(repository) = with(&["registers/*.toml"]) else { return };
    repository.write("registers/a.toml", CLOSED);
    for target in ["/etc/passwd", "a.toml"] {
        std::os::unix::fs::symlink(target, repository.path().join("registers/b.toml")).expect("linked");
        let run = repository.check(&[]);
        assert!(run.status == 2 && run.stderr.contains("aimslint.toml:2:12: ") && run.stderr.contains("link"), "{run}");
        repository.remove("registers/b.toml");
    }
}

#[test]
fn of_a_register_that_others_share_counts_what_concerns_this_repository() {
    let Some(repository) = with(&["../organisation/ai.toml"]) else { return };
    repository.write(
        "../organisation/ai.toml",
        concat!(
            "[register]\ninclude = [\"vendors.toml\"]\n",
            "[[system]]\nname = \"elsewhere\"\nstatus = \"production\"\npaths = [\"nowhere/**\"]\n",
            "[[risk]]\nname = \"Flood\"\nsystem = \"elsewhere\"\n",
            "[[risk]]\nname = \"Theft\"\nsystem = \"triage\"\n",
        ),
    );
    let vendor = |id: &str| format!("[[vendor]]\nid = \"{id}\"\nstatus = \"approved\"\n");
    repository.write("../organisation/vendors.toml", &format!("{}{}", vendor("openai"), vendor("cohere")));
    let run = repository.check(&[]);
    assert_eq!(run.places(RULE), ["../organisation/ai.toml:11"], "{run}");
    let run = repository.check(&["--only", "vendor/missing-vendor-contract"]);
    assert_eq!(run.places("vendor/missing-vendor-contract"), ["../organisation/vendors.toml:2"], "{run}");
    let run = repository.check(&["--profile", "audit", "--only", "governance/*"]);
    assert!(!run.stdout.contains("elsewhere"), "{run}");
}

#[test]
fn a_change_cannot_rewrite_the_register_that_it_is_held_against() {
    let Some(repository) = with(&["registers/*.toml"]) else { return };
    repository.write("registers/risks.toml", UNOWNED);
    repository.commit("first");
    repository.git(&["checkout", "-qb", "topic"]);
    repository.write("registers/risks.toml", CLOSED);
    repository.write("registers/more.toml", "[[vendor]]\nid = \"openai\"\nstatus = \"approved\"\n");
    repository.commit("second");
    let run = repository.check(&["--policy-from", "main"]);
    assert_eq!(run.places(RULE), ["registers/risks.toml:2"], "{run}");
    let changed = run.places("governance/changed-gate-policy");
    assert_eq!(changed, ["registers/more.toml:1", "registers/risks.toml:1"], "{run}");
    assert_eq!(repository.check(&[]).places(RULE), Vec::<String>::new());
}
