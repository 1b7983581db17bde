//! The command `aimslint`: parses arguments, calls the library, prints, and exits.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use aimslint::arguments::{
    Arguments, BaselineArguments, CheckArguments, Colour, Command, CoverageArguments, JudgedArguments, Output,
};
use aimslint::coverage::Coverage;
use aimslint::fact::{Fact, KINDS, Kind};
use aimslint::finding::Report;
use aimslint::git::Range;
use aimslint::renew::{Growth, Renewed, renew};
use aimslint::report::coverage::{CoverageFormat, Heading};
use aimslint::report::{self, Format, Options};
use aimslint::settings::{FailOn, Profile, Settings};
use aimslint::source::Lines;
use aimslint::{
    BaselineFile, Failure, PolicyBook, Request, SettingsFile, baseline, discover, explain, problem, verify,
};
use clap::Parser;
use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const CLEAN: u8 = 0;
const FINDINGS: u8 = 1;
const FAILED: u8 = 2;
const NOT_ASSESSED: u8 = 3;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.command {
        Command::Check(check) => run_check(check),
        Command::Baseline(baseline) => run_baseline(baseline),
        Command::Waivers { path, json, now } => run_waivers(path, *json, now.unwrap_or_else(today)),
        Command::Coverage(coverage) => run_coverage(coverage),
        Command::Why { clause, judged } => run_why(clause, judged),
        Command::Explain { name } => run_explain(name),
        Command::Rules { markdown } => PolicyBook::shipped()
            .map_err(Into::into)
            .and_then(|book| print(&if *markdown { explain::rules_markdown(&book) } else { explain::rules(&book) })),
        Command::Facts { path: None, .. } => print(&explain::facts()),
        Command::Facts { path: Some(path), kind, changed } => run_facts(path, kind, changed.clone()),
        Command::Test { rules, fixtures } => run_test(rules, fixtures),
    };
    match outcome {
        Ok(status) => ExitCode::from(status),
        // Whoever reads our output has enough: nothing is wrong.
        Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(CLEAN),
        Err(trouble) => {
            eprintln!("aimslint: {trouble}");
            ExitCode::from(FAILED)
        }
    }
}

/// Why the command could not do its job.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Failure(#[from] Failure),
    #[error("cannot write the result: {0}")]
    Output(#[from] io::Error),
    #[error("{}: cannot write: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("two outputs go to standard output; give one of them a file: --output sarif=out.sarif")]
    TwoToStandardOutput,
    #[error(
        "{} would hold more findings than before, and is left as it is:\n{}\n\
         mend them, waive them, or run `aimslint baseline --grow` to let them in",
        .path.display(),
        .grown.join("\n")
    )]
    GrownBaseline { path: PathBuf, grown: Vec<String> },
    #[error("{}: is a file; a baseline or a table of coverage is of a folder", .0.display())]
    NotAFolder(PathBuf),
}

fn print(text: &str) -> Result<u8, Trouble> {
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

fn run_explain(name: &str) -> Result<u8, Trouble> {
    let book = PolicyBook::shipped()?;
    let text = explain::explain(name, &book).map_err(Failure::UnknownName)?;
    print(&text)
}

fn run_facts(path: &Path, kinds: &[String], changed: Option<String>) -> Result<u8, Trouble> {
    if let Some(wrong) = kinds.iter().find(|kind| Kind::named(kind).is_none()) {
        return Err(Failure::UnknownName(problem::unknown("fact", wrong, KINDS.iter().map(|spec| spec.name))).into());
    }
    let (root, paths) = scope(std::slice::from_ref(&path.to_path_buf()))?;
    let request =
        Request { root, paths, profile: Some(Profile::Audit), range: changed.map(Range::Since), ..Request::default() };
    let facts = aimslint::facts(&request, &PolicyBook::shipped()?, Settings::new(today()))?;
    let mut out = BufWriter::new(io::stdout().lock());
    for fact in facts.iter().filter(|fact| kinds.is_empty() || kinds.iter().any(|kind| kind == fact.kind.spec().name)) {
        writeln!(out, "{}", explain::fact(fact))?;
    }
    out.flush()?;
    Ok(CLEAN)
}

fn run_waivers(path: &Path, json: bool, today: jiff::civil::Date) -> Result<u8, Trouble> {
    if !path.is_dir() {
        return Err(Failure::NoSuchPath(path.to_path_buf()).into());
    }
    let request = Request { root: path.to_path_buf(), judge_without_ai: true, ..Request::default() };
    let (report, _) = aimslint::check(&request, &PolicyBook::shipped()?, Settings::new(today), &|_, _| {})?;
    let line = |waiver: &Fact| {
        let text = fs::read_to_string(path.join(&*waiver.path)).unwrap_or_default();
        Lines::new(&text).position(waiver.at.span().unwrap_or_default().start).0
    };
    if json {
        return print(&report.waivers.iter().map(|waiver| explain::fact(waiver) + "\n").collect::<String>());
    }
    print(&explain::waivers(&report.waivers, line))
}

/// The day on which the command runs.
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn run_test(rules: &Path, fixtures: &Path) -> Result<u8, Trouble> {
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

fn run_baseline(arguments: &BaselineArguments) -> Result<u8, Trouble> {
    if !arguments.path.exists() {
        return Err(Failure::NoSuchPath(arguments.path.clone()).into());
    }
    if !arguments.path.is_dir() {
        return Err(Trouble::NotAFolder(arguments.path.clone()));
    }
    let root = arguments.path.strip_prefix(".").unwrap_or(&arguments.path);
    let path = arguments.baseline.clone().unwrap_or_else(|| root.join(baseline::FILE_NAME));
    let request = Request {
        root: arguments.path.clone(),
        settings: arguments.config.clone().map_or(SettingsFile::Nearest, SettingsFile::At),
        baseline: if path.exists() { BaselineFile::At(path.clone()) } else { BaselineFile::None },
        profile: arguments.profile,
        threads: arguments.threads,
        ..Request::default()
    };
    let growth = match (arguments.update, arguments.grow) {
        (true, _) => Growth::RemoveOnly,
        (_, true) => Growth::Any,
        _ => Growth::WithinCounts,
    };
    let settings = Settings::new(arguments.now.unwrap_or_else(today));
    let progress = Progress::new();
    let renewed = renew(&request, &PolicyBook::shipped()?, settings, growth, &|done, all| progress.show(done, all));
    progress.clear();
    let Renewed { baseline, added, removed, grown } = renewed?;
    if !grown.is_empty() {
        let grown =
            grown.iter().map(|(rule, before, after)| format!("  {rule}: {before} before, {after} now")).collect();
        return Err(Trouble::GrownBaseline { path, grown });
    }
    replace_file(&path, |out| out.write_all(baseline.text().as_bytes()))?;
    let mut out = io::stdout().lock();
    for (rule, count) in baseline.counts() {
        writeln!(out, "{count:>6} {rule}")?;
    }
    let held = report::counted(baseline.entries.len(), "finding");
    writeln!(out, "{} holds {held}: {added} new, {removed} gone.", path.display())?;
    Ok(CLEAN)
}

fn run_coverage(arguments: &CoverageArguments) -> Result<u8, Trouble> {
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

fn run_why(clause: &str, arguments: &JudgedArguments) -> Result<u8, Trouble> {
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

fn run_check(arguments: &CheckArguments) -> Result<u8, Trouble> {
    let outputs = outputs(&arguments.output, Format::Human)?;
    let book = PolicyBook::shipped()?;
    for only in &arguments.only {
        let known = book.rules.contains_key(only)
            || book.rules.values().any(|rule| only.strip_suffix("/*") == Some(rule.family()));
        if !known {
            let ids = book.rules.keys().map(String::as_str);
            return Err(Failure::UnknownName(problem::unknown("rule", only, ids)).into());
        }
    }
    let (root, paths) = scope(&arguments.paths)?;
    let request = Request {
        root,
        paths,
        range: arguments.changed.clone().map(Range::Since).or_else(|| arguments.staged.then_some(Range::Staged)),
        policy_from: arguments.policy_from.clone(),
        settings: arguments.config.clone().map_or(SettingsFile::Nearest, SettingsFile::At),
        baseline: match &arguments.baseline {
            _ if arguments.no_baseline => BaselineFile::None,
            Some(path) => BaselineFile::At(path.clone()),
            None => BaselineFile::InRoot,
        },
        profile: arguments.profile,
        only: arguments.only.clone(),
        threads: arguments.threads,
        evidence: false,
        judge_without_ai: false,
        without_history: false,
    };
    let today = arguments.now.unwrap_or_else(today);
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

/// The outputs that the user wants, or `format` on standard output.
fn outputs<F: Clone>(wanted: &[Output<F>], format: F) -> Result<Vec<Output<F>>, Trouble> {
    let outputs = if wanted.is_empty() { vec![Output { format, file: None }] } else { wanted.to_vec() };
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(Trouble::TwoToStandardOutput);
    }
    Ok(outputs)
}

/// The folder to scan, and the paths in it when it is not one folder that was named: those are told from the current folder.
fn scope(paths: &[PathBuf]) -> Result<(PathBuf, Option<Vec<String>>), Failure> {
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        return Err(Failure::NoSuchPath(missing.clone()));
    }
    if let [folder] = paths
        && folder.is_dir()
    {
        return Ok((folder.clone(), None));
    }
    let root = PathBuf::from(".");
    let here = std::env::current_dir().map_err(|error| Failure::Unreadable { path: root.clone(), error })?;
    let mut told = Vec::new();
    for path in paths {
        let relative = if path.is_absolute() { path.strip_prefix(&here).ok() } else { Some(path.as_path()) };
        let Some(relative) = relative.and_then(discover::slashed) else {
            return Err(Failure::OutsideRoot { path: path.clone(), root: here });
        };
        told.push(relative);
    }
    Ok((root, Some(told)))
}

fn write_output(output: &Output, report: &Report, arguments: &CheckArguments, status: u8) -> Result<(), Trouble> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
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

fn to_standard_output(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}

/// Writes the file beside its place and then renames it, so that nobody ever reads half a file.
fn replace_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Trouble> {
    let mut beside = path.to_path_buf().into_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = fs::File::create(&beside).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()?;
        fs::rename(&beside, path)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        Trouble::File { path: path.to_path_buf(), error }
    })
}

/// How far a long scan is, on standard error when that is a terminal; nothing otherwise.
struct Progress {
    shown: bool,
    started: Instant,
}

/// A scan that is over before this shows no progress.
const PATIENCE: Duration = Duration::from_millis(700);

impl Progress {
    fn new() -> Self {
        Self { shown: io::stderr().is_terminal(), started: Instant::now() }
    }

    fn show(&self, done: usize, all: usize) {
        if self.shown && done.is_multiple_of(64) && self.started.elapsed() > PATIENCE {
            let _ = write!(io::stderr(), "\r\x1b[Kscanned {done} of {all} files");
        }
    }

    fn clear(&self) {
        if self.shown && self.started.elapsed() > PATIENCE {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
