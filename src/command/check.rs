//! `aimslint check`.

use super::output::{outputs, replace_file, to_standard_output};
use super::progress::Progress;
use super::scope::{request, scope};
use super::{CLEAN, FINDINGS, NOT_ASSESSED, Trouble, is_set, timings, today};
use aimslint::arguments::{CheckArguments, Colour, Output};
use aimslint::finding::Report;
use aimslint::git::Range;
use aimslint::policy::FAMILIES;
use aimslint::report::{self, Format, Options};
use aimslint::settings::{FailOn, Settings};
use aimslint::timings::Timings;
use aimslint::{BaselineFile, Failure, PolicyBook, Request, problem};
use std::io::{self, IsTerminal, Write};
use std::time::Instant;

pub fn run(arguments: &CheckArguments) -> Result<u8, Trouble> {
    let start = Instant::now();
    let outputs = outputs(&arguments.output, Format::Human)?;
    let (root, paths) = scope(&arguments.paths)?;
    let request = Request {
        paths,
        range: arguments.changed.clone().map(Range::Since).or_else(|| arguments.staged.then_some(Range::Staged)),
        policy_from: arguments.policy_from.clone(),
        baseline: match &arguments.baseline {
            _ if arguments.no_baseline => BaselineFile::None,
            Some(path) => BaselineFile::At(path.clone()),
            None => BaselineFile::InRoot,
        },
        only: arguments.only.clone(),
        timings: if arguments.timings { Timings::on() } else { Timings::default() },
        ..request(root, &arguments.judging)
    };
    let book = PolicyBook::of(&request)?;
    for only in &arguments.only {
        let known = book.rules.contains_key(only)
            || book.rules.values().any(|rule| only.strip_suffix("/*") == Some(rule.family()));
        if !known {
            let families: Vec<String> = FAMILIES.iter().map(|family| format!("{family}/*")).collect();
            let ids = book.rules.keys().chain(families.iter().filter(|_| only.ends_with("/*")));
            return Err(Failure::UnknownName(problem::unknown("rule", only, ids.map(String::as_str))).into());
        }
    }
    let today = arguments.judging.now.unwrap_or_else(today);
    let progress = Progress::new();
    let checked = aimslint::check(&request, &book, Settings::new(today), &|done, all| progress.show(done, all));
    progress.clear();
    let (mut report, settings) = checked?;
    let fail_on = arguments.fail_on.unwrap_or(settings.fail_on);
    if let Some(least) = arguments.level {
        report.findings.retain(|placed| placed.finding.level >= least.into());
    }
    report.tell_from_root(&arguments.repository_folder);
    let status = status(&report, fail_on, arguments.strict);
    for output in outputs {
        write_output(&output, &report, arguments, status)?;
    }
    if arguments.timings {
        eprint!("{}", timings::table(&request.timings, start.elapsed()));
    }
    Ok(status)
}

/// The exit status: a function of the report and the settings alone, the same for every format.
fn status(report: &Report, fail_on: FailOn, strict: bool) -> u8 {
    if report.open().any(|placed| fail_on.includes(placed.finding.level)) {
        FINDINGS
    } else if strict && !report.not_assessed.is_empty() {
        NOT_ASSESSED
    } else {
        CLEAN
    }
}

fn write_output(output: &Output, report: &Report, arguments: &CheckArguments, status: u8) -> Result<(), Trouble> {
    let colour = match arguments.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => output.file.is_none() && io::stdout().is_terminal() && !is_set("NO_COLOR"),
    };
    let options = Options {
        tool_version: env!("CARGO_PKG_VERSION"),
        exit_code: status,
        colour,
        github_actions: is_set("GITHUB_ACTIONS"),
        verbose: arguments.verbose,
        show_waived: arguments.show_waived,
        folder: &arguments.repository_folder,
    };
    let write = |out: &mut dyn Write| report::write(output.format, report, &options, out);
    match &output.file {
        Some(path) => replace_file(path, write),
        None => Ok(to_standard_output(write)?),
    }
}
