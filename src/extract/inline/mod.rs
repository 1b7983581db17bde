//! Waivers beside what they cover: `# aimslint: ignore[family/rule] until=2027-01-31 reason` in a comment.

mod comments;

use crate::problem::nearest;
use crate::source::{Lines, SourceFile, Span};
use crate::waiver::{Scope, Waiver};
use comments::{COMMENT_LIMIT, Comment};
use memchr::memmem;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What a comment that is meant for us begins with.
const MARK: &str = "aimslint:";

/// Keys that stand before the reason, each once.
const KEYS: &[&str] = &["until", "approver", "ticket"];

/// How many waivers of one file are read.
const WAIVER_LIMIT: usize = 10_000;

/// How long what stands behind the rules of a waiver may be: each of the rules takes it along.
const TERMS_LIMIT: usize = 2_000;

/// The waivers of a file.
#[derive(Debug, Default)]
pub struct Waivers {
    /// Those that were read.
    pub all: Vec<Waiver>,
    /// Says that there are more.
    pub more: Option<String>,
}

/// Reads the waivers of a file. One that is not written as it must be has faults; rules and terms are not checked here.
#[must_use]
pub fn waivers(file: &SourceFile) -> Waivers {
    let mut waivers = Waivers::default();
    // Asked of every file, nearly none of which holds one: this search compares the most bytes at once.
    if memmem::find(file.text.as_bytes(), MARK.as_bytes()).is_none() {
        return waivers;
    }
    let comments = comments::of(&file.path, &file.text);
    if comments.len() > COMMENT_LIMIT {
        waivers.more = Some(format!("waivers behind the first {COMMENT_LIMIT} comments are not read"));
    }
    let lines = Lines::new(&file.text);
    let mut code = CodeLines { comments: &comments, lines: &lines, text: &file.text, known: 0..=0 };
    for comment in comments.iter().take(COMMENT_LIMIT) {
        let body = comment.body.text(&file.text);
        let Some(start) = mark(body) else { continue };
        let after = Span::new(comment.body.start + start + MARK.len(), comment.body.end);
        let covered = covered(comment, &mut code);
        waivers.all.extend(read(file, after, covered));
        if waivers.all.len() > WAIVER_LIMIT {
            waivers.all.truncate(WAIVER_LIMIT);
            waivers.more = Some(format!("waivers beyond the first {WAIVER_LIMIT} are not read"));
            break;
        }
    }
    waivers
}

/// Where the mark stands: at the beginning, or behind the sign of a further comment in the same one (`# noqa: S105 # aimslint: ...`).
fn mark(body: &str) -> Option<usize> {
    body.match_indices(MARK).map(|(at, _)| at).find(|at| {
        let before = body.get(..*at).unwrap_or_default().trim_end();
        before.is_empty() || before.ends_with(" #") || before.ends_with(" //") || before.ends_with(" --")
    })
}

/// The line of the comment, or, when it stands alone, the next line that holds more than comments.
fn covered(comment: &Comment, code: &mut CodeLines<'_>) -> Span {
    let CodeLines { lines, text, .. } = *code;
    let own = lines.number(comment.whole.start);
    let last = lines.number(comment.whole.end.saturating_sub(1));
    let end = Span::empty(text.len());
    let (Some(first_line), Some(last_line)) = (lines.line(own), lines.line(last)) else { return end };
    let is_blank = |span: Span| span.text(text).trim().is_empty();
    let alone = is_blank(Span::new(first_line.start, comment.whole.start))
        && is_blank(Span::new(comment.whole.end.min(last_line.end), last_line.end));
    if !alone && !comment.alone {
        return first_line;
    }
    code.next(last + 1).unwrap_or(end)
}

/// The lines of a file that hold more than comments.
struct CodeLines<'a> {
    comments: &'a [Comment],
    lines: &'a Lines<'a>,
    text: &'a str,
    /// The lines that the last search went through: only the last of them is one, so that a thousand waivers above one line search once.
    known: RangeInclusive<usize>,
}

impl CodeLines<'_> {
    /// The first of them from this line on.
    fn next(&mut self, from: usize) -> Option<Span> {
        if !self.known.contains(&from) {
            let found = (from..=self.lines.count()).find(|number| self.holds_code(*number));
            self.known = from..=found.unwrap_or(self.lines.count() + 1);
        }
        self.lines.line(*self.known.end())
    }

    fn holds_code(&self, number: usize) -> bool {
        let Some(line) = self.lines.line(number) else { return false };
        let words = line.text(self.text);
        let start = line.start + (words.len() - words.trim_start().len());
        let next = self.comments.partition_point(|comment| comment.whole.start <= start);
        let within = next.checked_sub(1).and_then(|index| self.comments.get(index));
        !words.trim().is_empty() && within.is_none_or(|comment| start >= comment.whole.end)
    }
}

/// Reads what follows the mark: one waiver for each rule that is named.
fn read(file: &SourceFile, after: Span, covered: Span) -> Vec<Waiver> {
    let text = after.text(&file.text);
    let waiver = |rule: &str, at: Span| Waiver {
        path: Arc::clone(&file.path),
        at,
        rule: rule.to_owned(),
        scope: Scope::Line(covered),
        reason: String::new(),
        approver: String::new(),
        ticket: String::new(),
        until: None,
        faults: Vec::new(),
    };
    let listed = text.trim_start().strip_prefix("ignore").and_then(|rest| rest.trim_start().strip_prefix('['));
    let Some((rules, terms)) = listed.and_then(|rest| rest.split_once(']')) else {
        let mut malformed = waiver("", after);
        malformed.faults.push("it must be written `aimslint: ignore[family/rule] until=2027-01-31 reason`".to_owned());
        return vec![malformed];
    };
    let start = after.start + (text.len() - terms.len() - 1 - rules.len());
    let mut waivers = Vec::new();
    let mut offset = start;
    for rule in rules.split(',').take(WAIVER_LIMIT + 1) {
        let name = rule.trim();
        let at = offset + (rule.len() - rule.trim_start().len());
        let mut one = waiver(name, Span::new(at, at + name.len()));
        if name.is_empty() {
            one.at = after;
            one.faults.push("it names no rule between its brackets".to_owned());
        }
        if terms.len() > TERMS_LIMIT {
            one.faults.push(format!("what stands behind its rules is longer than {TERMS_LIMIT} bytes"));
        } else {
            read_terms(terms, &mut one);
        }
        waivers.push(one);
        offset += rule.len() + 1;
    }
    waivers
}

fn read_terms(terms: &str, waiver: &mut Waiver) {
    let mut reason = Vec::new();
    for word in terms.split_whitespace() {
        match word.split_once('=') {
            Some(("until", day)) => match day.parse() {
                Ok(day) => waiver.until = Some(day),
                Err(_) => waiver.faults.push(format!("`{word}` is no day such as until=2027-01-31")),
            },
            Some(("approver", name)) => name.clone_into(&mut waiver.approver),
            Some(("ticket", name)) => name.clone_into(&mut waiver.ticket),
            Some((key, _)) if reason.is_empty() && nearest(key, KEYS).is_some() => {
                let near = nearest(key, KEYS).unwrap_or_default();
                waiver.faults.push(format!("unknown term `{key}`; did you mean `{near}`?"));
            }
            _ => reason.push(word),
        }
    }
    reason.join(" ").trim_start_matches([':', '-', '—']).trim().clone_into(&mut waiver.reason);
}

#[cfg(test)]
mod tests;
