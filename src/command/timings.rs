//! `aimslint check --timings`: where the time of the run went.

use aimslint::timings::{Spent, Stage, Timings};
use std::fmt::Write as _;
use std::time::Duration;

/// How many kinds of files and how many rules are named.
const NAMED: usize = 12;

/// The table, for people; `whole` is how long the run took by the clock.
pub fn table(timings: &Timings, whole: Duration) -> String {
    let mut table = format!("The run took {} by the clock. Summed over all threads:\n", milliseconds(whole));
    for (stage, spent) in timings.by_stage() {
        table.push_str(&row("", stage.name(), spent));
    }
    for (stage, title) in [
        (Stage::Read, "Reading, by kind of file"),
        (Stage::Parse, "Parsing, by kind of file"),
        (Stage::Extract, "Taking facts, by kind of file"),
        (Stage::Judge, "Judging, by rule"),
    ] {
        let of = timings.of(stage);
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(table, "{title}:");
        for (what, spent) in of.iter().take(NAMED) {
            table.push_str(&row("  ", what, *spent));
        }
        if let Some(more) = of.len().checked_sub(NAMED).filter(|more| *more > 0) {
            let rest: Duration = of.iter().skip(NAMED).map(|(_, spent)| spent.time).sum();
            let _ = writeln!(table, "  {:<44}{:>12}", format!("{more} more"), milliseconds(rest));
        }
    }
    table
}

fn row(indent: &str, name: &str, spent: Spent) -> String {
    let width = 46 - indent.len();
    let mut row = format!("{indent}{name:<width$}{:>12}", milliseconds(spent.time));
    if spent.times > 1 {
        let _ = write!(row, "{:>8} times", spent.times);
    }
    if spent.bytes > 0 {
        let _ = write!(row, "{:>10.1} MB", megabytes(spent.bytes));
    }
    row.push('\n');
    row
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
