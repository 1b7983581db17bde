//! The table of coverage for scripts, described in `docs/json-output.md`.

use super::Heading;
use crate::coverage::{Coverage, Looking, Row};
use crate::finding::{Evidence, LastChange, Placed, State, Stated};
use crate::report::inert::write_json;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Raised when a key is removed or changes its meaning. New keys may come without notice.
const SCHEMA_VERSION: u32 = 1;

pub(super) fn write(coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    let commit = coverage.provenance.map(|provenance| &provenance.revision);
    let counts: BTreeMap<&str, usize> = coverage.counts().collect();
    let value = json!({
        "schema_version": SCHEMA_VERSION,
        "tool": { "name": "aimslint", "version": heading.tool_version },
        "of": coverage.of,
        "commit": commit,
        "date": heading.today,
        "profile": heading.profile,
        "counts": counts,
        "not_assessed": coverage.not_assessed,
        "commits_unknown": coverage.undated,
        "rows": coverage.rows.iter().map(row).collect::<Vec<_>>(),
    });
    write_json(out, &value)
}

fn row(row: &Row<'_>) -> Value {
    json!({
        "id": row.id,
        "text": row.text,
        "kinds": row.kinds,
        "standing": row.standing.word(),
        "decided": row.decided(),
        "can_show": row.can_show,
        "statements": row.statements.iter().map(|stated| statement(stated)).collect::<Vec<_>>(),
        "rules": row.rules.iter().map(looking).collect::<Vec<_>>(),
    })
}

fn statement(stated: &Stated) -> Value {
    let text = |field| stated.fact.text(field);
    let (commit, committed) = last_change(&stated.at);
    json!({
        "clause": text("clause"),
        "applies": text("applies") == "yes",
        "text": text("text"),
        "by": text("by"),
        "on": text("on"),
        "until": text("until"),
        "state": text("state"),
        "reference": text("reference"),
        "path": &*stated.at.place.path,
        "line": stated.at.line,
        "commit": commit,
        "committed": committed,
    })
}

/// The commit that last changed the file, and its day.
fn last_change(evidence: &Evidence) -> (Option<&str>, Option<&str>) {
    match &evidence.changed {
        LastChange::Commit { id, day } => (Some(id), Some(day)),
        LastChange::Uncommitted => (Some("uncommitted"), None),
        LastChange::Unknown => (None, None),
    }
}

fn kept(evidence: &Evidence) -> Value {
    let (commit, committed) = last_change(evidence);
    json!({
        "path": &*evidence.place.path,
        "line": evidence.line,
        "subject": evidence.subject,
        "commit": commit,
        "committed": committed,
    })
}

fn looking(looking: &Looking<'_>) -> Value {
    let evidence = looking.looked_at.iter().flat_map(|looked_at| &looked_at.evidence);
    json!({
        "rule": looking.rule.id(),
        "ran": looking.ran,
        "shows": looking.shows,
        "off": looking.off,
        "reviews": looking.reviews,
        "level": looking.in_force.map(|text| text.level.name()),
        "level_set_at": looking.in_force.map(|text| &text.level_set_at).filter(|at| !at.is_empty()),
        "parameters": looking.in_force.map(|text| text.parameters.as_slice()).unwrap_or_default(),
        "kept": looking.looked_at.map_or(0, |looked_at| looked_at.kept),
        "broken": looking.looked_at.map_or(0, |looked_at| looked_at.broken),
        "untold": looking.looked_at.map_or(0, |looked_at| looked_at.untold),
        "evidence": evidence.map(kept).collect::<Vec<_>>(),
        "findings": looking.findings.iter().map(|placed| finding(placed)).collect::<Vec<_>>(),
    })
}

fn finding(placed: &Placed) -> Value {
    let (state, until) = match &placed.finding.state {
        State::Open => ("open", None),
        State::Baselined => ("recorded", None),
        State::Waived { until, .. } => ("waived", Some(until)),
    };
    json!({
        "path": &*placed.region.path,
        "line": placed.region.snippet.as_ref().map(|_| placed.region.line),
        "level": placed.finding.level.name(),
        "message": placed.finding.message,
        "state": state,
        "until": until,
        "fingerprint": placed.finding.fingerprint,
    })
}
