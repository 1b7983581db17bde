//! `aimslint score`.

use super::scope::need_folder;
use super::{CLEAN, FINDINGS, Trouble};
use aimslint::arguments::ScoreArguments;
use aimslint::report::counted;
use aimslint::truth::{self, ENOUGH, Entry, LEAST_PERCENT, Labels, Score, Standing};
use aimslint::{Failure, PolicyBook, problem};
use std::io::{self, Write};

pub fn run(arguments: &ScoreArguments) -> Result<u8, Trouble> {
    need_folder(&arguments.checkouts)?;
    let book = match &arguments.rules {
        Some(folder) => PolicyBook::of_folder(folder)?,
        None => PolicyBook::shipped()?,
    };
    if let Some(unknown) = arguments.only.iter().find(|only| !book.rules.contains_key(*only)) {
        let ids = book.rules.keys().map(String::as_str);
        return Err(Failure::UnknownName(problem::unknown("rule", unknown, ids)).into());
    }
    let labels = Labels::load(&arguments.truth, &book)?;
    let score = truth::score(&labels, &arguments.checkouts, &book, &arguments.only)?;
    if score.scanned == 0 {
        return Err(Trouble::NothingToScore {
            checkouts: arguments.checkouts.clone(),
            truth: arguments.truth.clone(),
            absent: score.absent,
        });
    }
    let out = &mut io::stdout().lock();
    if arguments.unlabelled {
        write_unlabelled(&score, out)?;
        return Ok(CLEAN);
    }
    write_table(&score, out)?;
    for (standing, heading) in HEADINGS {
        write_entries(&score, *standing, heading, out)?;
    }
    for name in &score.absent {
        writeln!(out, "\nNot checked out, and not scored: {name}")?;
    }
    Ok(if score.fails() { FINDINGS } else { CLEAN })
}

const HEADINGS: &[(Standing, &str)] = &[
    (Standing::False, "False"),
    (Standing::Back, "Back: mended before, and found again"),
    (Standing::Lost, "Lost: labelled true, and no longer found"),
    (Standing::Gone, "Gone: labelled false, and no longer found; write `verdict = \"mended\"`"),
    (Standing::Stale, "Stale: the text is no longer there; check out the commit that the labels name, or label anew"),
];

fn write_table(score: &Score, out: &mut dyn Write) -> io::Result<()> {
    let widest = score.rules.keys().map(String::len).max().unwrap_or(0).max("rule".len());
    writeln!(out, "{:<widest$}  profile  true  false  precision  unlabelled", "rule")?;
    for (rule, scored) in &score.rules {
        let tally = scored.tally;
        let remark = match tally {
            tally if scored.in_gate && !tally.is_precise() => "  below what the gate profile needs",
            tally if tally.all() > 0 && !tally.is_enough() => "  few",
            _ => "",
        };
        writeln!(
            out,
            "{rule:<widest$}  {:<7}  {:>4}  {:>5}  {:>9}  {:>10}{remark}",
            if scored.in_gate { "gate" } else { "audit" },
            tally.right,
            tally.wrong,
            tally.precision(),
            scored.unlabelled,
        )?;
    }
    let all: usize = score.rules.values().map(|scored| scored.tally.all()).sum();
    let new: usize = score.rules.values().map(|scored| scored.unlabelled).sum();
    writeln!(
        out,
        "\n{} scanned: {} labelled, {new} not labelled (--unlabelled prints them).\n\
         The gate profile needs 0.{LEAST_PERCENT}; `few` are fewer than {ENOUGH} labels, of which a precision says little.",
        counted_repositories(score.scanned),
        counted(all, "finding"),
    )
}

fn counted_repositories(count: usize) -> String {
    if count == 1 { "1 repository".to_owned() } else { format!("{count} repositories") }
}

fn write_entries(score: &Score, standing: Standing, heading: &str, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<&Entry> = score.entries.iter().filter(|entry| entry.standing == standing).collect();
    if !entries.is_empty() {
        writeln!(out, "\n{heading}")?;
    }
    for Entry { repository, key, line, why, .. } in entries {
        writeln!(out, "  {repository} {}:{line}: {}: {why}", key.path, key.rule)?;
    }
    Ok(())
}

fn write_unlabelled(score: &Score, out: &mut dyn Write) -> io::Result<()> {
    let mut repository = "";
    for entry in score.entries.iter().filter(|entry| entry.standing == Standing::Unlabelled) {
        if entry.repository != repository {
            repository = &entry.repository;
            writeln!(out, "# {repository}\n")?;
        }
        writeln!(out, "{}", entry.to_be_labelled())?;
    }
    Ok(())
}
