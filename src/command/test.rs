//! `aimslint test`.

use super::{CLEAN, FINDINGS, Trouble};
use aimslint::verify::{self, Outcome};
use aimslint::{PACK_FILE, PolicyBook, report::counted};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Holds rules against their fixtures.
pub fn run(rules: Option<&Path>, fixtures: Option<&Path>) -> Result<u8, Trouble> {
    let rules = rules.unwrap_or_else(|| rules_here());
    let book = PolicyBook::of_folder(rules)?;
    let verdicts = verify::verify(&book, &fixtures_of(rules, fixtures))?;
    let mut failed = 0;
    let mut out = io::stdout().lock();
    for verdict in verdicts.iter().filter(|verdict| !verdict.faults.is_empty()) {
        failed += 1;
        writeln!(out, "{}", format!("{} {}", verdict.rule, verdict.case).trim_end())?;
        for fault in &verdict.faults {
            writeln!(out, "  {fault}")?;
        }
    }
    writeln!(
        out,
        "{}, {} passed, {failed} failed",
        counted(book.own_rules().count(), "rule"),
        verdicts.len() - failed
    )?;
    Ok(if failed == 0 { CLEAN } else { FINDINGS })
}

/// The folder of rules, where the user names none.
fn rules_here() -> &'static Path {
    Path::new(if Path::new(PACK_FILE).is_file() { "." } else { "policies" })
}

/// The folder of fixtures that belongs to a folder of rules, unless the user names another: a pack holds its own.
fn fixtures_of(rules: &Path, named: Option<&Path>) -> PathBuf {
    let own = rules.join("fixtures");
    named.map_or_else(|| if own.is_dir() { own } else { PathBuf::from("fixtures") }, Path::to_path_buf)
}

/// Takes the evidence away from the fixtures that pass.
pub fn mutate(rules: Option<&Path>, fixtures: Option<&Path>) -> Result<u8, Trouble> {
    let rules = rules.unwrap_or_else(|| rules_here());
    let book = PolicyBook::of_folder(rules)?;
    let proofs = verify::mutate(&book, &fixtures_of(rules, fixtures))?;
    let (mut fire, mut replaced, mut less, mut nothing, mut untried) = (0, 0, 0, 0, 0);
    let mut out = io::stdout().lock();
    for proof in &proofs {
        let told = match &proof.outcome {
            Outcome::Fires => {
                fire += 1;
                continue;
            }
            Outcome::FiresReplaced => {
                replaced += 1;
                continue;
            }
            Outcome::LooksAtLess => {
                less += 1;
                "looks at less, and never fires: what would make the rule fire is not in it".to_owned()
            }
            Outcome::SaysTheSame => {
                nothing += 1;
                "proves nothing: the rule says the same whatever is taken away".to_owned()
            }
            Outcome::NotTried(why) => {
                untried += 1;
                format!("not tried: {why}")
            }
        };
        writeln!(out, "{} {}\n  {told}", proof.rule, proof.case)?;
    }
    let all = counted(proofs.len(), "pass fixture");
    writeln!(
        out,
        "{all}: the rule fires without its evidence in {fire}, with what a failing one has in its place in {replaced}, looks at less in {less}, says the same in {nothing}; {untried} not tried"
    )?;
    Ok(if nothing == 0 { CLEAN } else { FINDINGS })
}
