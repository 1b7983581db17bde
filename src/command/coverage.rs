//! `aimslint coverage` and `aimslint why`.

use super::output::{outputs, replace_file, to_standard_output};
use super::progress::Progress;
use super::scope::{need_folder, request};
use super::{CLEAN, Trouble, today};
use aimslint::arguments::{CoverageArguments, JudgingArguments};
use aimslint::coverage::Coverage;
use aimslint::finding::Report;
use aimslint::report::{
    self,
    coverage::{CoverageFormat, Heading},
};
use aimslint::settings::{Profile, Settings};
use aimslint::{Failure, PolicyBook, Request, problem};
use std::io::Write;
use std::path::Path;

pub fn run(arguments: &CoverageArguments) -> Result<u8, Trouble> {
    let outputs = outputs(&arguments.output, CoverageFormat::Human)?;
    let request = asked(&arguments.path, &arguments.judging)?;
    let book = PolicyBook::of(&request)?;
    let frameworks = || book.controls.frameworks.iter().map(|framework| framework.id.as_str());
    if arguments.by != CLAUSES && !frameworks().any(|framework| framework == arguments.by) {
        let rows = frameworks().chain([CLAUSES]);
        return Err(Failure::UnknownName(problem::unknown("kind of row", &arguments.by, rows)).into());
    }
    let (report, heading) = judged(&request, &arguments.judging, &book)?;
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

pub fn why(clause: &str, path: &Path, judging: &JudgingArguments) -> Result<u8, Trouble> {
    let request = asked(path, judging)?;
    let book = PolicyBook::of(&request)?;
    if !book.controls.clauses.contains_key(clause) {
        let clauses = book.controls.clauses.keys().map(String::as_str);
        return Err(Failure::UnknownName(problem::unknown("clause", clause, clauses)).into());
    }
    let (report, heading) = judged(&request, judging, &book)?;
    let coverage = Coverage::of_clauses(&report, &book.rules, &book.controls);
    to_standard_output(|out| report::coverage::write_why(clause, &coverage, &heading, out))?;
    Ok(CLEAN)
}

/// What a table of coverage asks for: evidence, and every rule unless the user says otherwise.
fn asked(path: &Path, judging: &JudgingArguments) -> Result<Request, Trouble> {
    need_folder(path)?;
    Ok(Request {
        profile: Some(judging.profile.unwrap_or(Profile::Audit)),
        evidence: true,
        ..request(path.to_path_buf(), judging)
    })
}

/// Scans and judges a repository for a table of coverage.
fn judged(request: &Request, judging: &JudgingArguments, book: &PolicyBook) -> Result<(Report, Heading), Trouble> {
    let today = judging.now.unwrap_or_else(today);
    let progress = Progress::new();
    let checked = aimslint::check(request, book, Settings::new(today), &|done, all| progress.show(done, all));
    progress.clear();
    let (report, settings) = checked?;
    let heading = Heading {
        tool_version: env!("CARGO_PKG_VERSION"),
        root: request.root.to_string_lossy().replace('\\', "/"),
        today: today.to_string(),
        profile: settings.profile.name(),
    };
    Ok((report, heading))
}
