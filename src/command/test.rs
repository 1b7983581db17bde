//! `aimslint test`.

use super::{CLEAN, FINDINGS, Trouble};
use aimslint::{PolicyBook, verify};
use std::io::{self, Write};
use std::path::Path;

pub fn run(rules: &Path, fixtures: &Path) -> Result<u8, Trouble> {
    let book = PolicyBook::load(verify::rule_files(rules)?)?;
    let verdicts = verify::verify(&book, fixtures)?;
    let mut failed = 0;
    let mut out = io::stdout().lock();
    for verdict in verdicts.iter().filter(|verdict| !verdict.faults.is_empty()) {
        failed += 1;
        writeln!(out, "{} {}", verdict.rule, verdict.case)?;
        for fault in &verdict.faults {
            writeln!(out, "  {fault}")?;
        }
    }
    writeln!(out, "{} rules, {} passed, {failed} failed", book.rules.len(), verdicts.len() - failed)?;
    Ok(if failed == 0 { CLEAN } else { FINDINGS })
}
