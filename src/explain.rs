//! What rules, clauses and facts say of themselves: every help text and table is printed from the same files that decide.

use crate::PolicyBook;
use crate::book::text_in_force;
use crate::examples::Fixtures;
use crate::fact::{COMMON_FIELDS, Fact, FieldSpec, FieldType, FieldValue, KINDS};
use crate::policy::Rule;
use crate::problem::nearest;
use crate::settings::{RuleSettings, Setting};
use crate::truth::Labels;
use serde_json::json;
use std::fmt::Write as _;

/// What is told of rules.
pub struct Told<'a> {
    /// The policy.
    pub book: &'a PolicyBook,
    /// What the organisation sets of rules.
    pub set: &'a RuleSettings,
    /// Labels of real findings.
    pub labels: &'a Labels,
    /// Fixtures, which give examples.
    pub fixtures: &'a Fixtures,
}

/// What the rule or clause of this name says.
///
/// # Errors
///
/// One sentence when there is neither, with the nearest name that is.
pub fn explain(name: &str, told: &Told<'_>) -> Result<String, String> {
    let book = told.book;
    if let Some(rule) = book.rules.get(name) {
        return Ok(explain_rule(rule, told));
    }
    if let Some(text) = explain_clause(name, book) {
        return Ok(text);
    }
    // The second half of an id is enough when it is one rule's alone.
    let mut by_name = book.rules.values().filter(|rule| rule.text.id.split('/').nth(1) == Some(name));
    if let (Some(rule), None) = (by_name.next(), by_name.next()) {
        return Ok(explain_rule(rule, told));
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(book.controls.unknown_clause(name));
    }
    let ids: Vec<&str> = book.rules.keys().chain(book.controls.clauses.keys()).map(String::as_str).collect();
    let hint = match nearest(name, &ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`aimslint rules` lists the rules".to_owned(),
    };
    Err(format!("there is no rule or clause `{name}`; {hint}"))
}

fn explain_rule(rule: &Rule, told: &Told<'_>) -> String {
    let Told { book, set, labels, fixtures } = told;
    let in_force = text_in_force(rule, set);
    let mut text = format!("{}\n{}\n\n", rule.text.id, rule.text.title);
    let profile = if rule.confidence == crate::policy::Confidence::High { "gate, audit" } else { "audit" };
    let _ = writeln!(
        text,
        "Level: {}    Confidence: {}    Profiles: {profile}",
        in_force.level.name(),
        rule.confidence.name()
    );
    if !rule.text.origin.is_empty() {
        let _ = writeln!(text, "From: {}", rule.text.origin);
    }
    if let Some(set) = set.get(rule.id()).filter(|set| set.run.is_some()) {
        let what = if set.run == Some(Setting::Off) { "Switched off" } else { "Set" };
        let _ = writeln!(text, "{what} at {}; its own level is {}", set.set_at, rule.text.level.name());
    }
    text.push('\n');
    let precision = labels.told(&rule.text.id);
    let example = fixtures.example(rule.id()).unwrap_or_default();
    for (heading, body) in [
        ("Why", &rule.text.why),
        ("What breaks it, for example", &example.broken),
        ("What keeps it", &example.kept),
        ("How to mend it", &rule.text.fix),
        ("What it cannot see", &rule.text.blind),
        ("How often it is right", &precision),
    ]
    .into_iter()
    .filter(|(_, body)| !body.is_empty())
    {
        let _ = writeln!(text, "{heading}\n{}\n", indented(body));
    }
    if !in_force.parameters.is_empty() {
        text.push_str("Parameters\n");
        for parameter in &in_force.parameters {
            let _ = writeln!(text, "  {}\n    {}", parameter.in_force(), parameter.about);
        }
        text.push('\n');
    }
    text.push_str("Clauses of the policy\n");
    let reviews = book.reviewed.reviews(rule, &book.controls);
    for id in &rule.text.clauses {
        let clause = book.controls.clauses.get(id).map(|clause| clause.text.as_str()).unwrap_or_default();
        let _ = writeln!(text, "  {id}  {clause}{}", only_broken(rule, id));
        if let Some(review) = reviews.iter().find(|review| review.clause == *id) {
            let _ = writeln!(text, "    needs review: {} {}", review.reason("this rule"), review.at);
        }
    }
    text.push_str("\nControls\n");
    for citation in &rule.text.controls {
        let title = citation
            .split_once(':')
            .and_then(|(framework, control)| book.controls.framework(framework)?.title_of(control))
            .unwrap_or_default();
        let only = only_broken(rule, citation);
        let _ = writeln!(text, "{}", format!("  {citation}  {title}{only}").trim_end());
    }
    if !rule.text.references.is_empty() {
        text.push_str("\nReferences\n");
        for reference in &rule.text.references {
            let _ = writeln!(text, "  {reference}");
        }
    }
    let _ = writeln!(text, "\nTo switch it off, in aimslint.toml under [rules]:  \"{}\" = \"off\"", rule.text.id);
    text
}

/// Says so of a clause or control that a breach breaks, and of which keeping the rule shows nothing.
pub(crate) fn only_broken(rule: &Rule, cited: &str) -> &'static str {
    if rule.only_breaks(cited) { " (a breach breaks it; keeping this rule shows nothing of it)" } else { "" }
}

fn explain_clause(id: &str, book: &PolicyBook) -> Option<String> {
    let clause = book.controls.clauses.get(id)?;
    let mut text = format!("Clause {id}\n{}\n\n", clause.text);
    if !clause.at.is_empty() {
        let _ = writeln!(text, "In the words of {}", clause.at);
    }
    if !clause.kinds.is_empty() {
        let _ = writeln!(text, "Kind of check: {}", clause.kinds.join(", "));
        let _ = writeln!(text, "What a repository can show: {}", clause.shows);
    }
    text.push('\n');
    let rules: Vec<&Rule> =
        book.rules.values().filter(|rule| rule.text.clauses.iter().any(|clause| clause == id)).collect();
    if rules.is_empty() {
        text.push_str("No rule checks this clause yet: a run says nothing about it.\n");
    } else {
        text.push_str("Rules that look at it (none of them can show that the clause as a whole is kept)\n");
        for rule in rules {
            let _ = writeln!(text, "  {}  {}", rule.text.id, rule.text.title);
        }
    }
    Some(text)
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// One rule a line: id, level in force, confidence, clauses, title.
#[must_use]
pub fn rules(book: &PolicyBook, set: &RuleSettings) -> String {
    let widest = book.rules.keys().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for rule in book.rules.values() {
        let is_off = set.get(rule.id()).is_some_and(|set| set.run == Some(Setting::Off));
        let _ = writeln!(
            text,
            "{:<widest$}  {:<7}  {:<6}  {:<12}  {}",
            rule.text.id,
            if is_off { "off" } else { text_in_force(rule, set).level.name() },
            rule.confidence.name(),
            rule.text.clauses.join(","),
            rule.text.title
        );
    }
    text
}

/// The rules as a Markdown table, as the README shows it.
#[must_use]
pub fn rules_markdown(book: &PolicyBook) -> String {
    let mut text = String::from("| rule | what it finds | level | profile | clauses |\n|---|---|---|---|---|\n");
    for rule in book.rules.values() {
        let profile = if rule.confidence == crate::policy::Confidence::High { "gate" } else { "audit" };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {profile} | {} |",
            rule.text.id,
            rule.text.title.replace('|', "\\|"),
            rule.text.level.name(),
            rule.text.clauses.join(", ")
        );
    }
    text
}

/// Every kind of fact with its fields, as Markdown.
#[must_use]
pub fn facts() -> String {
    let mut text = String::from(
        "# Facts\n\nWhat rules can speak of. A field is always there: what could not be learnt is `unknown`.\n\n\
         Fields that every fact has:\n\n",
    );
    write_fields(&mut text, COMMON_FIELDS);
    for kind in KINDS {
        let _ = writeln!(text, "\n## {}\n\n{}\n", kind.name, kind.doc.trim());
        write_fields(&mut text, kind.fields);
    }
    text
}

fn write_fields(text: &mut String, fields: &[FieldSpec]) {
    text.push_str("| field | type | what it says |\n|---|---|---|\n");
    for field in fields {
        let _ = writeln!(text, "| `{}` | {} | {} |", field.name, type_name(field.field_type), field.doc.trim());
    }
}

fn type_name(field_type: FieldType) -> String {
    match field_type {
        FieldType::Text => "text".to_owned(),
        FieldType::Flag => "`yes`, `no`, `unknown`".to_owned(),
        FieldType::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("{}, `unknown`", words.join(", "))
        }
        FieldType::Number => "number".to_owned(),
        FieldType::List => "list of texts".to_owned(),
        FieldType::Map => "texts by name".to_owned(),
        FieldType::Date => "day, `2026-11-21`".to_owned(),
    }
}

/// A fact as one line of JSON: kind, place in bytes, lasting name, and fields in the order of the table.
#[must_use]
pub fn fact(fact: &Fact) -> String {
    let value = |value: &FieldValue| match value {
        FieldValue::Text(text) => json!(**text),
        FieldValue::Number(number) => json!(number),
        FieldValue::UnknownNumber => json!(null),
        FieldValue::List(items) => json!(items),
        FieldValue::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), json!(value))).collect(),
    };
    let spec = fact.kind.spec();
    let fields: serde_json::Map<String, serde_json::Value> =
        spec.fields.iter().zip(&fact.fields).map(|(field, known)| (field.name.to_owned(), value(known))).collect();
    let bytes = fact.at.span().map(|span| [span.start, span.end]);
    json!({ "kind": spec.name, "path": *fact.path, "bytes": bytes, "cell": fact.cell, "subject": fact.subject, "fields": fields }).to_string()
}

/// Waivers, one a line: place, rule, what it covers, approver and ticket, last day, days left, whether it is used. `line` gives the line of a place.
#[must_use]
pub fn waivers(waivers: &[Fact], line: impl Fn(&Fact) -> usize) -> String {
    let mut text = String::new();
    for waiver in waivers {
        let scope = [waiver.text("pattern"), waiver.text("subject")].join(" ");
        let scope = if scope.trim().is_empty() { "this line" } else { scope.trim() };
        let used = match waiver.text("used") {
            "yes" => "used",
            "no" => "unused",
            _ => "not known whether used",
        };
        let days = waiver.get("days_left").map(FieldValue::display).unwrap_or_default();
        let fault = if waiver.text("fault").is_empty() { "" } else { "faulty, " };
        let _ = writeln!(
            text,
            "{}:{}: {} on {scope}, approved by {}, ticket {}, until {} ({days} days left), {fault}{used}",
            waiver.path,
            line(waiver),
            waiver.text("rule"),
            or_dash(waiver.text("approver")),
            or_dash(waiver.text("ticket")),
            or_dash(waiver.text("until")),
        );
    }
    if text.is_empty() { "No waivers.\n".to_owned() } else { text }
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}
