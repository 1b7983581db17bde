//! `aimslint coverage` and `aimslint why`.

use super::output::{outputs, replace_file, to_standard_output};
use super::progress::Progress;
use super::{CLEAN, Trouble, today};
use aimslint::arguments::{CoverageArguments, JudgedArguments};
use aimslint::coverage::Coverage;
use aimslint::finding::Report;
use aimslint::report::{
    self,
    coverage::{CoverageFormat, Heading},
};
use aimslint::settings::{Profile, Settings};
use aimslint::{Failure, PolicyBook, Request, SettingsFile, problem};
use std::io::Write;

pub fn run(arguments: &CoverageArguments) -> Result<u8, Trouble> {
    let outputs = outputs(&arguments.output, CoverageFormat::Human)?;
    let book = PolicyBook::shipped()?;
    let frameworks = || book.controls.frameworks.iter().map(|framework| framework.id.as_str());
    if arguments.by != CLAUSES && !frameworks().any(|framework| framework == arguments.by) {
        let rows = frameworks().chain([CLAUSES]);
        return Err(Failure::UnknownName(problem::unknown("kind of row", &arguments.by, rows)).into());
    }
    let (report, heading) = judged(&arguments.judged, &book)?;
    let coverage = match Coverage::of_controls(&arguments.by, &report, &book.rules, &book.controls) {
        Some(coverage) => coverage,
        None => Coverage::of_clauses(&report, &book.rules, &book.controls),
    };
    let write = |format, out: &mut dyn Write| report::coverage::write(format, &coverage, &heading, out);
    for output in outputs {
        match &output.file {
            Some(path) => replace_file(path, |out| write(output.format, out))?,
            None => to_standard_output(|out| write(output.format, out))?,
        }
    }
    Ok(CLEAN)
}

/// The word for rows that are clauses of the policy.
const CLAUSES: &str = "clause";

pub fn why(clause: &str, arguments: &JudgedArguments) -> Result<u8, Trouble> {
    let book = PolicyBook::shipped()?;
    if !book.controls.clauses.contains_key(clause) {
        let clauses = book.controls.clauses.keys().map(String::as_str);
        return Err(Failure::UnknownName(problem::unknown("clause", clause, clauses)).into());
    }
    let (report, heading) = judged(arguments, &book)?;
    let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
    to_standard_output(|out| report::coverage::write_why(clause, &coverage, &heading, out))?;
    Ok(CLEAN)
}

/// Scans and judges a repository for a table of coverage: with evidence, and with every rule unless the user says otherwise.
fn judged(arguments: &JudgedArguments, book: &PolicyBook) -> Result<(Report, Heading), Trouble> {
    let path = &arguments.path;
    if !path.exists() {
        return Err(Failure::NoSuchPath(path.clone()).into());
    }
    if !path.is_dir() {
        return Err(Trouble::NotAFolder(path.clone()));
    }
    let request = Request {
        root: path.clone(),
        settings: arguments.config.clone().map_or(SettingsFile::Nearest, SettingsFile::At),
        profile: Some(arguments.profile.unwrap_or(Profile::Audit)),
        evidence: true,
        ..Request::default()
    };
    let today = arguments.now.unwrap_or_else(today);
    let progress = Progress::new();
    let checked = aimslint::check(&request, book, Settings::new(today), &|done, all| progress.show(done, all));
    progress.clear();
    let (report, settings) = checked?;
    let heading = Heading {
        tool_version: env!("CARGO_PKG_VERSION"),
        root: path.to_string_lossy().replace('\\', "/"),
        today: today.to_string(),
        profile: settings.profile.name(),
    };
    Ok((report, heading))
}
