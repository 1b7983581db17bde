//! The format `human`: findings with their code, grouped by rule, for people at a terminal.

use super::inert::{LogWriter, source, visible};
use super::summary::{mended, summary};
use super::{Options, first_line, not_assessed, shown};
use crate::finding::{Context, Level, Placed, Region, Report, State};
use annotate_snippets::renderer::{AnsiColor, DEFAULT_LINE_NUM_STYLE, Style};
use annotate_snippets::{AnnotationKind, Group, Message, Renderer, Snippet};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How many findings of one rule are shown with their code; the others are listed.
const IN_FULL: usize = 3;
/// How many related places are named.
const RELATED: usize = 5;

/// Writes `report` for people.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let out = &mut LogWriter::new(out, options.github_actions);
    let page = Page { report, options };
    for findings in by_rule(report, options) {
        page.rule(&findings, out)?;
    }
    not_assessed::write(&report.not_assessed, options.verbose, out)?;
    writeln!(out, "{}", page.bold(&summary(report)))?;
    if let Some(mended) = mended(report) {
        writeln!(out, "{mended}")?;
        let entries = report.baseline.iter().flat_map(|baseline| &baseline.mended).filter(|_| options.verbose);
        for entry in entries {
            writeln!(
                out,
                "  {} {} {}",
                page.dimmed(&visible(&entry.path)),
                visible(&entry.rule),
                visible(&entry.subject)
            )?;
        }
    }
    if report.open().next().is_some() {
        writeln!(out, "`aimslint explain RULE` says why a rule matters, how to mend it, and what it cannot see.")?;
    } else if only_surest(report) {
        writeln!(
            out,
            "Only rules that are nearly always right were run: `--profile audit` runs all, `aimslint coverage` says what was looked at."
        )?;
    }
    Ok(())
}

/// True when a whole repository with AI was held against the rules of the gate profile alone.
fn only_surest(report: &Report) -> bool {
    let mut confidences = report.rules.values().map(|rule| rule.confidence);
    report.ai_seen && report.compared.is_none() && report.rules.len() > 1 && confidences.all(|sure| sure == "high")
}

/// Findings of one rule stand together, the worst rules first.
fn by_rule<'a>(report: &'a Report, options: &Options) -> Vec<Vec<&'a Placed>> {
    let mut rules: BTreeMap<(Reverse<Level>, &str), Vec<&Placed>> = BTreeMap::new();
    for placed in shown(report, options) {
        rules.entry((Reverse(placed.finding.level), &placed.finding.rule)).or_default().push(placed);
    }
    rules.into_values().collect()
}

struct Page<'a> {
    report: &'a Report,
    options: &'a Options<'a>,
}

impl Page<'_> {
    fn rule(&self, findings: &[&Placed], out: &mut dyn Write) -> io::Result<()> {
        let in_full = if self.options.verbose { findings.len() } else { IN_FULL };
        for (index, placed) in findings.iter().take(in_full).enumerate() {
            writeln!(out, "{}\n", self.in_full(placed, index == 0))?;
        }
        let rest = findings.get(in_full..).unwrap_or_default();
        let Some(Placed { finding, .. }) = rest.first() else {
            return Ok(());
        };
        let title = format!("{}[{}]", finding.level.name(), finding.rule);
        let more = format!(": {} more", rest.len());
        writeln!(out, "{}{}", self.painted(finding.level, &title), self.bold(&more))?;
        for placed in rest {
            let place = place(&placed.region);
            writeln!(out, "  {} {}{}", self.dimmed(&place), visible(&placed.finding.message), mark(placed))?;
        }
        writeln!(out)
    }

    /// The finding with its code; the first of its rule also with what the rule asks for.
    fn in_full(&self, placed: &Placed, explain: bool) -> String {
        let (finding, region) = (&placed.finding, &placed.region);
        let title = format!("{}{}", visible(&finding.message), mark(placed));
        let title = level(finding.level).primary_title(title).id(finding.rule.as_str());
        let title = self.render(Group::with_title(title));
        // The arrow is drawn here because the renderer would count columns of a line that is cut from where it was cut.
        let gutter = " ".repeat(region.end_line.to_string().len());
        let arrow = format!("{gutter}{} {}", self.styled(DEFAULT_LINE_NUM_STYLE, "-->"), place(region));

        let mut body = Group::with_level(level(finding.level));
        if let Some(context) = &region.context {
            let pieces = Pieces::of(region, context);
            let cell = region.cell.map(|cell| format!("cell {cell}"));
            let annotation = AnnotationKind::Primary.span(pieces.marked()).label(cell);
            body = body.element(Snippet::source(pieces.text()).line_start(context.line).annotation(annotation));
        }
        let body = self.render(body.elements(self.remarks(placed, explain)));
        [title, arrow, body].join("\n")
    }

    /// What stands below the code.
    fn remarks<'b>(&'b self, placed: &'b Placed, explain: bool) -> Vec<Message<'b>> {
        let mut remarks = Vec::new();
        let related = placed.related.iter().zip(&placed.finding.related);
        for (region, (_, what)) in related.clone().take(RELATED) {
            // In the same file the line is enough.
            let place = if region.path == placed.region.path && region.snippet.is_some() {
                format!("line {}", region.line)
            } else {
                place(region)
            };
            remarks.push(remark("see", format!("{place}: {}", visible(what))));
        }
        let left_out = related.len().saturating_sub(RELATED) + placed.finding.more_related;
        if left_out > 0 {
            remarks.push(remark("see", format!("{left_out} more")));
        }
        if let Some(why) = placed.finding.state.justification() {
            remarks.push(remark("waived", visible(&why).into_owned()));
        }
        let rule = self.report.rules.get(&placed.finding.rule).filter(|_| explain);
        if let Some(rule) = rule {
            for clause in &rule.clauses {
                let text = self.report.clauses.get(clause).map_or("", String::as_str);
                remarks.push(remark("policy", format!("{clause} {text}")));
            }
            remarks.push(remark("fix", first_line(&rule.fix).to_owned()));
        }
        remarks
    }

    fn render(&self, group: Group) -> String {
        let renderer = if self.options.colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    fn bold<'b>(&self, text: &'b str) -> Cow<'b, str> {
        self.styled(Style::new().bold(), text)
    }

    fn dimmed<'b>(&self, text: &'b str) -> Cow<'b, str> {
        self.styled(Style::new().dimmed(), text)
    }

    fn painted<'b>(&self, level: Level, text: &'b str) -> Cow<'b, str> {
        let colour = match level {
            Level::Error => AnsiColor::BrightRed,
            Level::Warning => AnsiColor::Yellow,
            Level::Note => AnsiColor::BrightGreen,
        };
        self.styled(colour.on_default().bold(), text)
    }

    fn styled<'b>(&self, style: Style, text: &'b str) -> Cow<'b, str> {
        if self.options.colour { format!("{style}{text}{style:#}").into() } else { text.into() }
    }
}

fn level(level: Level) -> annotate_snippets::Level<'static> {
    match level {
        Level::Error => annotate_snippets::Level::ERROR,
        Level::Warning => annotate_snippets::Level::WARNING,
        Level::Note => annotate_snippets::Level::NOTE,
    }
}

fn remark(name: &'static str, text: String) -> Message<'static> {
    annotate_snippets::Level::NOTE.with_name(name).message(text)
}

fn mark(placed: &Placed) -> &'static str {
    if placed.finding.state == State::Open { "" } else { " (waived)" }
}

/// `path:line:column`, or the path alone when the file as a whole is meant.
fn place(region: &Region) -> String {
    let path = visible(&region.path);
    if region.snippet.is_some() { format!("{path}:{}:{}", region.line, region.column) } else { path.into_owned() }
}

/// The context made inert in three pieces, since that can change lengths, and the renderer panics on a range that does not fit.
struct Pieces {
    before: String,
    marked: String,
    after: String,
}

impl Pieces {
    fn of(region: &Region, context: &Context) -> Self {
        let piece = |start: usize, end: usize| {
            let offset = context.bytes.start;
            source(context.text.get(start.saturating_sub(offset)..end.saturating_sub(offset)).unwrap_or_default())
        };
        let (start, end) = (region.bytes.start, region.bytes.end);
        Self {
            before: piece(context.bytes.start, start),
            marked: piece(start, end),
            after: piece(end, context.bytes.end),
        }
    }

    fn text(&self) -> String {
        [self.before.as_str(), &self.marked, &self.after].concat()
    }

    fn marked(&self) -> std::ops::Range<usize> {
        self.before.len()..self.before.len() + self.marked.len()
    }
}
