//! `aimslint facts`.

use super::output::print;
use super::scope::scope;
use super::{CLEAN, Trouble, today};
use aimslint::fact::{KINDS, Kind};
use aimslint::git::Range;
use aimslint::settings::{Profile, Settings};
use aimslint::{Failure, PolicyBook, Request, explain, problem};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Prints what rules can speak of.
pub fn kinds() -> Result<u8, Trouble> {
    print(&explain::facts())
}

pub fn run(path: &Path, kinds: &[String], changed: Option<String>) -> Result<u8, Trouble> {
    if let Some(wrong) = kinds.iter().find(|kind| Kind::named(kind).is_none()) {
        return Err(Failure::UnknownName(problem::unknown("fact", wrong, KINDS.iter().map(|spec| spec.name))).into());
    }
    let (root, paths) = scope(std::slice::from_ref(&path.to_path_buf()))?;
    let request =
        Request { root, paths, profile: Some(Profile::Audit), range: changed.map(Range::Since), ..Request::default() };
    let facts = aimslint::facts(&request, &PolicyBook::of(&request)?, Settings::new(today()))?;
    let mut out = BufWriter::new(io::stdout().lock());
    for fact in facts.iter().filter(|fact| kinds.is_empty() || kinds.iter().any(|kind| kind == fact.kind.spec().name)) {
        writeln!(out, "{}", explain::fact(fact))?;
    }
    out.flush()?;
    Ok(CLEAN)
}
