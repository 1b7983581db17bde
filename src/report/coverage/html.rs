//! The table of coverage as one page of HTML that needs nothing else: to filter, to unfold, to print.

use super::address::{at_host, commit_at_host};
use super::{Heading, counts, sentence, unread};
use crate::coverage::{Coverage, LEGEND, Looking, Row, Standing, place_of};
use crate::finding::{Evidence, LastChange, Placed, Provenance, State};
use crate::report::inert::visible;
use std::io::{self, Write};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) fn write(coverage: &Coverage<'_>, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
    let title = "Coverage of the AI security policy";
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>"
    )?;
    writeln!(out, "<p>{}</p>", escaped(&sentence(coverage, heading)))?;
    writeln!(out, "<p><strong>{}.</strong> {}</p>", escaped(&counts(coverage)), escaped(&unread(coverage)))?;
    filters(coverage, out)?;
    writeln!(
        out,
        "<table>\n<thead><tr><th>{}</th><th>what it asks for</th><th>standing</th><th>what decided</th></tr></thead>\n<tbody>",
        escaped(&coverage.of)
    )?;
    for row in &coverage.rows {
        write_row(row, coverage.provenance, out)?;
    }
    writeln!(out, "</tbody>\n</table>\n<h2>What the words mean</h2>\n<dl>")?;
    for (word, meaning) in LEGEND {
        writeln!(out, "<dt class=\"{}\">{word}</dt><dd>{meaning}</dd>", class(word))?;
    }
    writeln!(
        out,
        "</dl>\n<footer>aimslint {}</footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>",
        escaped(heading.tool_version)
    )
}

fn filters(coverage: &Coverage<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<form id=\"filters\">")?;
    for (word, count) in coverage.counts().filter(|(_, count)| *count > 0) {
        writeln!(
            out,
            "<label class=\"{0}\"><input type=\"checkbox\" checked value=\"{0}\"> {word} ({count})</label>",
            class(word)
        )?;
    }
    writeln!(out, "<label>find <input type=\"search\" id=\"words\"></label>\n</form>")
}

/// A word for a standing as the name of a class.
fn class(word: &str) -> String {
    word.replace(' ', "-")
}

fn write_row(row: &Row<'_>, provenance: Option<&Provenance>, out: &mut dyn Write) -> io::Result<()> {
    let word = row.standing.word();
    writeln!(
        out,
        "<tr class=\"{}\" id=\"{id}\">\n<th scope=\"row\">{id}</th>\n<td>{}</td>\n<td class=\"standing\">{word}</td>\n<td>{}",
        class(word),
        escaped(row.text),
        escaped(&row.decided()),
        id = escaped(&row.id),
    )?;
    if matches!(row.standing, Standing::NotAssessed(_)) && !row.can_show.is_empty() {
        writeln!(out, "<p class=\"blind\">A repository can show: {}</p>", with_code(row.can_show))?;
    }
    for stated in &row.statements {
        let state = stated.fact.text("state");
        let state = if state == "valid" { String::new() } else { format!(" ({state})") };
        writeln!(out, "<blockquote>{}{state}</blockquote>", escaped(stated.fact.text("text")))?;
    }
    if !row.rules.is_empty() && !matches!(row.standing, Standing::NotApplicable(_)) {
        writeln!(out, "<details><summary>{}</summary>\n<ul>", super::super::counted(row.rules.len(), "rule"))?;
        let is_idle = |looking: &&Looking<'_>| looking.ran && looking.looked_at.is_none();
        for looking in row.rules.iter().filter(|looking| !is_idle(looking)) {
            write_rule(looking, provenance, out)?;
        }
        let idle =
            row.rules.iter().filter(is_idle).map(|looking| format!("<code>{}</code>", escaped(looking.rule.id())));
        let idle = idle.collect::<Vec<_>>().join(", ");
        if !idle.is_empty() {
            writeln!(out, "<li class=\"idle\">found nothing to look at: {idle}</li>")?;
        }
        writeln!(out, "</ul>\n</details>")?;
    }
    writeln!(out, "</td>\n</tr>")
}

fn write_rule(looking: &Looking<'_>, provenance: Option<&Provenance>, out: &mut dyn Write) -> io::Result<()> {
    let text = &looking.rule.text;
    write!(out, "<li><code>{}</code> {}: ", escaped(&text.id), escaped(&text.title))?;
    match (looking.looked_at, looking.ran) {
        (_, false) => write!(out, "{}", escaped(&looking.why_not()))?,
        (None, true) => {}
        (Some(looked_at), true) => {
            write!(out, "{}", looked_at.told())?;
        }
    }
    if looking.ran && !looking.shows {
        write!(out, "; it can only break this: keeping it shows nothing")?;
    }
    for parameter in looking.in_force.iter().flat_map(|text| &text.parameters) {
        write!(out, "; with {}", escaped(&parameter.in_force()))?;
    }
    let findings = looking.findings.iter().map(|placed| finding(placed, provenance));
    let evidence = looking.looked_at.iter().flat_map(|looked_at| &looked_at.evidence);
    let evidence = evidence.filter(|evidence| !evidence.place.path.is_empty()).map(|it| kept(it, provenance));
    let places: Vec<String> = findings.chain(evidence).collect();
    if !places.is_empty() {
        write!(out, "<ul>{}</ul>", places.concat())?;
    }
    let blind = text.blind.split_whitespace().collect::<Vec<_>>().join(" ");
    writeln!(out, "<p class=\"blind\">Cannot see: {}</p></li>", with_code(&blind))
}

fn finding(placed: &Placed, provenance: Option<&Provenance>) -> String {
    let state = match &placed.finding.state {
        State::Open => placed.finding.level.name().to_owned(),
        State::Baselined => "recorded".to_owned(),
        State::Waived { until, approver, reason, .. } => format!("waived until {until} by {approver}: {reason}"),
    };
    let line = placed.region.snippet.as_ref().map(|_| placed.region.line);
    let place = link(&placed.region.path, line, &place_of(placed), provenance);
    format!("<li class=\"finding\">{place}: {} ({})</li>", with_code(&placed.finding.message), escaped(&state))
}

fn kept(evidence: &Evidence, provenance: Option<&Provenance>) -> String {
    let place = link(&evidence.place.path, evidence.line, &evidence.at(), provenance);
    let changed = last_change(&evidence.changed, provenance);
    format!("<li class=\"kept\">{place}{changed}: {}</li>", escaped(&evidence.subject))
}

/// ` (8882cc5763 of 2026-05-01)`, with a link to the commit where its code host is known.
fn last_change(changed: &LastChange, provenance: Option<&Provenance>) -> String {
    let Some(told) = changed.told() else { return String::new() };
    let address = match changed {
        LastChange::Commit { id, .. } => commit_at_host(id, provenance),
        _ => None,
    };
    let told = escaped(&told);
    let told = address.map_or_else(|| told.clone(), |address| format!("<a href=\"{}\">{told}</a>", escaped(&address)));
    format!(" <span class=\"commit\">({told})</span>")
}

/// A link to the place in the commit that was scanned, where its code host is known; else the place alone.
fn link(path: &str, line: Option<usize>, shown: &str, provenance: Option<&Provenance>) -> String {
    let shown = format!("<code>{}</code>", escaped(shown));
    match at_host(path, line, provenance) {
        Some(address) => format!("<a href=\"{}\">{shown}</a>", escaped(&address)),
        None => shown,
    }
}

/// Text in which pairs of backticks mean code.
fn with_code(text: &str) -> String {
    let mut html = String::new();
    let mut pieces = text.split('`').peekable();
    let mut is_code = false;
    while let Some(piece) = pieces.next() {
        // The last mark of an odd number has no partner.
        match (is_code, pieces.peek()) {
            (true, Some(_)) => html.push_str(&format!("<code>{}</code>", escaped(piece))),
            (true, None) => html.push_str(&format!("`{}", escaped(piece))),
            (false, _) => html.push_str(&escaped(piece)),
        }
        is_code = !is_code;
    }
    html
}

/// Text as HTML shows it, active characters as escapes.
fn escaped(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_repository_stays_text() {
        assert_eq!(escaped("<script>\"x\"</script>"), "&lt;script&gt;&quot;x&quot;&lt;/script&gt;");
        assert_eq!(with_code("`<a>` and `b"), "<code>&lt;a&gt;</code> and `b");
    }
}
