//! `aimslint baseline`.

use super::output::replace_file;
use super::progress::Progress;
use super::{CLEAN, Trouble, today};
use aimslint::arguments::BaselineArguments;
use aimslint::renew::{Growth, Renewed, renew};
use aimslint::settings::Settings;
use aimslint::{BaselineFile, Failure, PolicyBook, Request, SettingsFile, baseline, report};
use std::io::{self, Write};

pub fn run(arguments: &BaselineArguments) -> Result<u8, Trouble> {
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
