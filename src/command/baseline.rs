//! `aimslint baseline`.

use super::output::replace_file;
use super::progress::Progress;
use super::scope::{need_folder, request};
use super::{CLEAN, Trouble, today};
use aimslint::arguments::BaselineArguments;
use aimslint::renew::{Growth, Renewed, renew};
use aimslint::settings::Settings;
use aimslint::{BaselineFile, PolicyBook, Request, baseline, report};
use std::io::{self, Write};

pub fn run(arguments: &BaselineArguments) -> Result<u8, Trouble> {
    need_folder(&arguments.path)?;
    let root = arguments.path.strip_prefix(".").unwrap_or(&arguments.path);
    let path = arguments.baseline.clone().unwrap_or_else(|| root.join(baseline::FILE_NAME));
    let request = Request {
        baseline: if path.exists() { BaselineFile::At(path.clone()) } else { BaselineFile::None },
        ..request(arguments.path.clone(), &arguments.judging)
    };
    let growth = match (arguments.update, arguments.grow) {
        (true, _) => Growth::RemoveOnly,
        (_, true) => Growth::Any,
        _ => Growth::WithinCounts,
    };
    let settings = Settings::new(arguments.judging.now.unwrap_or_else(today));
    let progress = Progress::new();
    let renewed = renew(&request, &PolicyBook::of(&request)?, settings, growth, &|done, all| progress.show(done, all));
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
