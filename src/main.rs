//! The command `aimslint`: parses arguments, runs the command, and exits.
#![allow(clippy::print_stderr)]

mod command;

use aimslint::arguments::{Arguments, Command};
use clap::Parser;
use command::{Trouble, accept, baseline, check, coverage, explain, facts, init, new, schema, score, test, waivers};
use std::io;
use std::process::ExitCode;

/// Trees of documents are many small pieces, made on one thread and let go on another: with the system's allocator of Linux a seventh of
/// all instructions went into that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.command {
        Command::Check(check) => check::run(check),
        Command::Baseline(baseline) => baseline::run(baseline),
        Command::Init { path } => init::run(path),
        Command::Waivers { path, json, now } => waivers::run(path, *json, now.unwrap_or_else(command::today)),
        Command::Coverage(coverage) => coverage::run(coverage),
        Command::Why { clause, path, judging } => coverage::why(clause, path, judging),
        Command::Explain { name } => explain::run(name),
        Command::Schema => schema::run(),
        Command::Docs { folder, fixtures } => explain::docs(folder, fixtures.as_deref()),
        Command::Rules { markdown } => explain::rules(*markdown),
        Command::Facts { path: None, .. } => facts::kinds(),
        Command::Facts { path: Some(path), kind, changed } => facts::run(path, kind, changed.clone()),
        Command::New { id, dir, pack } => new::run(id, dir.as_deref(), pack.as_deref()),
        Command::Accept { path, only } => accept::run(path, only),
        Command::Test { rules, fixtures, mutate: true } => test::mutate(rules.as_deref(), fixtures.as_deref()),
        Command::Test { rules, fixtures, mutate: false } => test::run(rules.as_deref(), fixtures.as_deref()),
        Command::Score(score) => score::run(score),
    };
    match outcome {
        Ok(status) => ExitCode::from(status),
        // Whoever reads our output has enough: nothing is wrong.
        Err(Trouble::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(command::CLEAN),
        Err(trouble) => {
            eprintln!("aimslint: {trouble}");
            ExitCode::from(command::FAILED)
        }
    }
}
