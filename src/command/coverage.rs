//! `aimslint coverage` and `aimslint why`.

use super::output::{outputs, replace_file, to_standard_output};
use super::progress::Progress;
use super::scope::{need_folder, request};
use super::{CLEAN, Trouble, is_set, today};
use aimslint::arguments::{CoverageArguments, JudgingArguments};
use aimslint::coverage::Coverage;
use aimslint::finding::Report;
use aimslint::report::{
    self,
    coverage::{CoverageFormat, Heading, Screen},
};
use aimslint::settings::{Profile, Settings};
use aimslint::{Failure, PolicyBook, Request, problem};
use std::io::{self, IsTerminal, Write};
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
    for output in outputs {
        let write =
            |heading: &Heading, out: &mut dyn Write| report::coverage::write(output.format, &coverage, heading, out);
        match &output.file {
            Some(path) => replace_file(path, |out| write(&heading, out))?,
            None => to_standard_output(|out| write(&Heading { screen: screen(), ..heading.clone() }, out))?,
        }
    }
    Ok(CLEAN)
}

/// The terminal that standard output is, if it is one.
fn screen() -> Option<Screen> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size()?;
    Some(Screen { columns: columns.into(), colour: !is_set("NO_COLOR") })
}

/// The word for rows that are clauses of the policy.
const CLAUSES: &str = "clause";

pub fn why(name: &str, path: &Path, judging: &JudgingArguments) -> Result<u8, Trouble> {
    let request = asked(path, judging)?;
    let book = PolicyBook::of(&request)?;
    let control = book.controls.control(name).filter(|_| !book.controls.clauses.contains_key(name));
    if control.is_none() && !book.controls.clauses.contains_key(name) {
        return Err(Failure::UnknownName(book.controls.unknown_clause(name)).into());
    }
    let (report, heading) = judged(&request, judging, &book)?;
    let of_control =
        control.and_then(|(framework, _)| Coverage::of_controls(&framework.id, &report, &book.rules, &book.controls));
    let coverage = of_control.unwrap_or_else(|| Coverage::of_clauses(&report, &book.rules, &book.controls));
    let id = control.map_or(name, |(_, id)| id);
    to_standard_output(|out| report::coverage::write_why(id, &coverage, &heading, out))?;
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
        screen: None,
    };
    Ok((report, heading))
}
