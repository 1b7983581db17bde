//! One clause in full: which rules looked, at what, and what decided.

use super::{Heading, sentence};
use crate::coverage::{Coverage, Looking, Row, place_of};
use crate::finding::{Parameter, State};
use crate::report::inert::visible;
use std::io::{self, Write};

/// Writes the row of `coverage` whose id is `id`; nothing when there is none.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_why(id: &str, coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    let Some(row) = coverage.rows.iter().find(|row| row.id == id) else { return Ok(()) };
    writeln!(out, "{}\n", visible(&sentence(coverage, heading)))?;
    writeln!(
        out,
        "{}  {}\n{}: {}\n",
        visible(&row.id),
        visible(row.text),
        row.standing.word(),
        visible(&row.decided())
    )?;
    if !row.can_show.is_empty() {
        writeln!(out, "What a repository can show of it: {}\n", visible(row.can_show))?;
    }
    write_statements(row, out)?;
    let (idle, looked): (Vec<&Looking<'_>>, Vec<&Looking<'_>>) =
        row.rules.iter().partition(|looking| looking.ran && looking.looked_at.is_none());
    for looking in looked {
        write_rule(looking, out)?;
    }
    write_idle(&idle, out)?;
    if let Some(reason) = coverage.undated {
        writeln!(out, "Commits of evidence: {}.", visible(reason))?;
    }
    writeln!(out, "`aimslint explain RULE` says what breaks a rule, what keeps it, and what it cannot see.")
}

fn write_statements(row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    for stated in &row.statements {
        let text = |field| stated.fact.text(field);
        let applies = if text("applies") == "no" { ", that it does not apply" } else { "" };
        let state = match text("state") {
            "past" => ": past, and counts for nothing",
            "ahead" => ": counts for nothing before that day",
            "placeholder" => ": a placeholder, and counts for nothing",
            _ => "",
        };
        let said = format!("{} on {}, until {}{applies}{state}", text("by"), text("on"), text("until"));
        writeln!(
            out,
            "statement of {}\n    {}  {}",
            visible(&said),
            visible(&stated.at.at_commit()),
            visible(text("text"))
        )?;
        if !text("reference").is_empty() {
            writeln!(out, "    see {}", visible(text("reference")))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_rule(looking: &Looking<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = &looking.rule.text;
    writeln!(out, "{}  {}", text.id, text.title)?;
    match looking.looked_at {
        None => writeln!(out, "  {}", visible(&looking.why_not()))?,
        Some(looked_at) => writeln!(out, "  {}", looked_at.told())?,
    }
    if !looking.shows {
        writeln!(out, "  can only break this: keeping it shows nothing")?;
    }
    write_in_force(looking, out)?;
    write_places(looking, out)?;
    writeln!(out, "  cannot see: {}\n", text.blind.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The parameters and the level that a rule ran with, and whether it needs review.
fn write_in_force(looking: &Looking<'_>, out: &mut dyn Write) -> io::Result<()> {
    let own = looking.rule.text.level;
    if let Some(in_force) = looking.in_force {
        let set = |parameter: &&Parameter| looking.looked_at.is_some() || !parameter.set_at.is_empty();
        for parameter in in_force.parameters.iter().filter(set) {
            writeln!(out, "  with {}: {}", visible(&parameter.in_force()), parameter.about)?;
        }
        if in_force.level != own {
            let (level, at) = (in_force.level.name(), visible(&in_force.level_set_at));
            writeln!(out, "  at level {level}, set at {at}; its own is {}", own.name())?;
        }
    }
    for review in &looking.reviews {
        writeln!(out, "  needs review: {} {}", visible(&review.reason("this rule")), visible(&review.at))?;
    }
    Ok(())
}

/// The rules that found nothing to look at, a line each.
fn write_idle(idle: &[&Looking<'_>], out: &mut dyn Write) -> io::Result<()> {
    if idle.is_empty() {
        return Ok(());
    }
    writeln!(out, "found nothing to look at:")?;
    let widest = idle.iter().map(|looking| looking.rule.id().len()).max().unwrap_or(0);
    for looking in idle {
        writeln!(out, "  {:<widest$}  {}", looking.rule.id(), looking.rule.text.title)?;
        write_in_force(looking, out)?;
    }
    writeln!(out)
}

fn write_places(looking: &Looking<'_>, out: &mut dyn Write) -> io::Result<()> {
    for placed in &looking.findings {
        let state = match &placed.finding.state {
            State::Open => placed.finding.level.name().to_owned(),
            State::Baselined => "in the baseline".to_owned(),
            State::Waived { until, .. } => format!("waived until {until}"),
        };
        let (place, message) = (place_of(placed), &placed.finding.message);
        writeln!(out, "    ✗ {}  {} ({})", visible(&place), visible(message), visible(&state))?;
    }
    let Some(looked_at) = looking.looked_at else { return Ok(()) };
    let shown = looked_at.evidence.iter().filter(|evidence| !evidence.place.path.is_empty());
    for evidence in shown {
        writeln!(out, "    ✓ {}  {}", visible(&evidence.at_commit()), visible(&evidence.subject))?;
    }
    Ok(())
}
