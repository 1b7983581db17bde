//! Rules as SARIF descriptors: what GitHub shows beside an alert, and by what it sorts and filters.

use super::taxonomies::Taxonomies;
use crate::finding::{Level, Report, RuleText};
use serde_json::json;
use serde_sarif::sarif;
use std::collections::BTreeMap;

/// How many tags GitHub keeps.
const TAGS: usize = 10;
/// How many characters GitHub accepts in a description.
const DESCRIPTION: usize = 1_024;

/// Every rule that ran, in the order of their ids, which is what `ruleIndex` counts in.
pub fn descriptors(report: &Report, taxonomies: &Taxonomies) -> Vec<sarif::ReportingDescriptor> {
    report.rules.values().map(|rule| descriptor(rule, report, taxonomies)).collect()
}

/// The severity from 0 to 10 that GitHub sorts alerts by: 7.0 and above is high, 4.0 and above medium.
pub fn severity(level: Level) -> f64 {
    match level {
        Level::Error => 8.0,
        Level::Warning => 5.0,
        Level::Note => 2.0,
    }
}

fn descriptor(rule: &RuleText, report: &Report, taxonomies: &Taxonomies) -> sarif::ReportingDescriptor {
    let help = sarif::MultiformatMessageString::builder()
        .text(help_text(rule, report))
        .markdown(help_markdown(rule, report))
        .build();
    let mut descriptor = sarif::ReportingDescriptor::builder()
        .id(rule.id.clone())
        .name(pascal_case(&rule.id))
        .short_description(&sentence(&rule.title))
        .full_description(&shortened(rule.why.trim()))
        .help(help)
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(rule.level.name())).build())
        .relationships(taxonomies.relationships(rule))
        .properties(properties(rule))
        .build();
    descriptor.help_uri = rule.references.iter().find(|address| address.starts_with("https://")).cloned();
    descriptor
}

fn properties(rule: &RuleText) -> sarif::PropertyBag {
    let problem_severity = match rule.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "recommendation",
    };
    let properties = BTreeMap::from([
        ("precision".to_owned(), json!(rule.confidence)),
        ("problem.severity".to_owned(), json!(problem_severity)),
        // A number here would make GitHub refuse the file.
        ("security-severity".to_owned(), json!(format!("{:.1}", severity(rule.level)))),
    ]);
    sarif::PropertyBag::builder().tags(tags(rule)).additional_properties(properties).build()
}

/// The most telling first, since readers keep only some: what it is, weaknesses as `CodeQL` tags them, clauses, other controls.
fn tags(rule: &RuleText) -> Vec<String> {
    let family = rule.id.split('/').next().unwrap_or_default();
    let weakness = |control: &String| {
        let number = control.strip_prefix("cwe:")?;
        Some(format!("external/cwe/{}", number.to_lowercase()))
    };
    let control = |control: &String| {
        let (framework, id) = control.split_once(':').filter(|(framework, _)| *framework != "cwe")?;
        Some(format!("{framework}/{}", id.replace(' ', "-")))
    };
    ["security".to_owned(), family.to_owned()]
        .into_iter()
        .chain(rule.controls.iter().filter_map(weakness))
        .chain(rule.clauses.iter().map(|clause| format!("clause/{clause}")))
        .chain(rule.controls.iter().filter_map(control))
        .take(TAGS)
        .collect()
}

fn help_text(rule: &RuleText, report: &Report) -> String {
    let mut parts = vec![
        rule.why.trim().to_owned(),
        format!("How to mend it: {}", rule.fix.trim()),
        format!("What this rule cannot see: {}", rule.blind.trim()),
        format!("Policy: {}", clauses(rule, report).join("; ")),
    ];
    if !rule.parameters.is_empty() {
        parts.push(format!("Parameters: {}", parameters(rule).join("; ")));
    }
    if !rule.references.is_empty() {
        parts.push(format!("Read more: {}", rule.references.join(", ")));
    }
    parts.join("\n\n")
}

fn help_markdown(rule: &RuleText, report: &Report) -> String {
    let list = |items: &[String]| items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n");
    let mut parts = vec![
        format!("## Why it matters\n\n{}\n", rule.why.trim()),
        format!("## How to mend it\n\n{}\n", fix_markdown(&rule.fix)),
        format!("## What this rule cannot see\n\n{}\n", rule.blind.trim()),
        format!("## Policy\n\n{}\n", list(&clauses(rule, report))),
    ];
    if !rule.parameters.is_empty() {
        parts.push(format!("## Parameters\n\n{}\n", list(&parameters(rule))));
    }
    if !rule.controls.is_empty() {
        parts.push(format!("## Controls it speaks to\n\n{}\n", list(&rule.controls)));
    }
    if !rule.references.is_empty() {
        let links: Vec<String> = rule.references.iter().map(|address| format!("<{address}>")).collect();
        parts.push(format!("## Read more\n\n{}\n", list(&links)));
    }
    parts.join("\n")
}

/// The first line of a fix says what to do; what follows is code, unless it brings its own fences.
fn fix_markdown(fix: &str) -> String {
    match fix.trim().split_once('\n') {
        Some((first, code)) if !fix.contains("```") => {
            format!("{}\n\n```\n{}\n```", first.trim_end(), code.trim_matches('\n'))
        }
        _ => fix.trim().to_owned(),
    }
}

fn clauses(rule: &RuleText, report: &Report) -> Vec<String> {
    let line = |clause: &String| match report.clauses.get(clause) {
        Some(text) => format!("{clause}: {text}"),
        None => clause.clone(),
    };
    rule.clauses.iter().map(line).collect()
}

fn parameters(rule: &RuleText) -> Vec<String> {
    rule.parameters.iter().map(|parameter| format!("{}: {}", parameter.in_force(), parameter.about)).collect()
}

/// `encryption/unencrypted-store` as `UnencryptedStore`, the form that SARIF asks of names.
fn pascal_case(id: &str) -> String {
    let name = id.rsplit('/').next().unwrap_or(id);
    let capital = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>())
    };
    name.split('-').filter_map(capital).collect()
}

fn sentence(text: &str) -> String {
    let text = shortened(text.trim());
    if text.ends_with(['.', '!', '?', '…']) { text } else { format!("{text}.") }
}

fn shortened(text: &str) -> String {
    if text.chars().count() < DESCRIPTION {
        return text.to_owned();
    }
    text.chars().take(DESCRIPTION - 2).chain(['…']).collect()
}
