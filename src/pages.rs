//! The documentation of the rules as pages of Markdown: one for each rule, and one index each by family, by clause and by control.

use crate::PolicyBook;
use crate::book::text_in_force;
use crate::explain::{self, Told, only_broken};
use crate::policy::controls::ControlFramework;
use crate::policy::{Confidence, FAMILIES, Rule};
use crate::report::markdown::block;
use crate::settings::RuleSettings;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A page: its path in the folder of all pages, and its text.
pub type Page = (String, String);

/// All pages.
#[must_use]
pub fn pages(told: &Told<'_>) -> Vec<Page> {
    let Told { book, set, .. } = *told;
    let mut pages = vec![
        ("README.md".to_owned(), by_family(book, set)),
        ("clauses.md".to_owned(), by_clause(book)),
        ("controls.md".to_owned(), by_control(book)),
        ("facts.md".to_owned(), explain::facts()),
    ];
    pages.extend(book.rules.values().map(|rule| (address(rule), rule_page(rule, told))));
    pages
}

/// Where a rule's page lies.
fn address(rule: &Rule) -> String {
    format!("rules/{}.md", rule.id())
}

fn link(rule: &Rule) -> String {
    format!("[`{}`]({})", rule.id(), address(rule))
}

fn profile(rule: &Rule) -> &'static str {
    if rule.confidence == Confidence::High { "gate" } else { "audit" }
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn by_family(book: &PolicyBook, set: &RuleSettings) -> String {
    let mut text = format!(
        "# Rules of aimslint\n\n{} rules. The same by [clause of the policy](clauses.md) and by [control](controls.md); \
         [facts](facts.md) are what rules speak of.\n\nThe profile `gate` is what `aimslint check` runs unless told otherwise: rules that \
         are nearly always right. `audit` has all.\n",
        book.rules.len()
    );
    for family in FAMILIES {
        let rules: Vec<&Rule> = book.rules.values().filter(|rule| rule.family() == *family).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n## {family}\n\n| rule | what it finds | level | profile |\n|---|---|---|---|");
        for rule in rules {
            let level = text_in_force(rule, set).level.name();
            let _ = writeln!(text, "| {} | {} | {level} | {} |", link(rule), cell(&rule.text.title), profile(rule));
        }
    }
    text
}

fn by_clause(book: &PolicyBook) -> String {
    let mut text = String::from(
        "# The policy, clause by clause\n\nWhat a repository can show of each clause, and the rules that look at it. None of them can show that \
         a clause as a whole is kept.\n",
    );
    for (id, clause) in book.controls.in_order() {
        let _ = writeln!(text, "\n<a id=\"clause-{id}\"></a>\n\n## {id}: {}\n", clause.text);
        let _ = writeln!(text, "Kind of check: {}. {}.\n", clause.kinds.join(", "), clause.shows.trim_end_matches('.'));
        for rule in book.rules.values().filter(|rule| rule.text.clauses.contains(id)) {
            let _ = writeln!(text, "- {}: {}", link(rule), rule.text.title);
        }
    }
    text
}

fn by_control(book: &PolicyBook) -> String {
    let mut text = String::from("# Controls, and the rules that serve them\n");
    for framework in &book.controls.frameworks {
        let _ = writeln!(text, "\n<a id=\"{}\"></a>\n\n## {}\n", framework.id, framework.title);
        text.push_str("| control | rules |\n|---|---|\n");
        for (control, rules) in served(framework, book) {
            let title = framework.title_of(control).filter(|title| !title.is_empty());
            let title = title.map(|title| format!(" {}", cell(title))).unwrap_or_default();
            let rules = match framework.outside(control) {
                Some(reason) => format!("outside of what a repository can show: {}", cell(reason)),
                None => rules.iter().map(|rule| link(rule)).collect::<Vec<_>>().join(", "),
            };
            let _ = writeln!(text, "| {control}{title} | {rules} |");
        }
    }
    text
}

/// The controls of a framework in the catalogue's order, then the cited ones that it does not list, each with its rules.
fn served<'a>(framework: &'a ControlFramework, book: &'a PolicyBook) -> Vec<(&'a str, Vec<&'a Rule>)> {
    let mut cited: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in book.rules.values() {
        for citation in &rule.text.controls {
            if let Some((_, control)) = citation.split_once(':').filter(|(id, _)| *id == framework.id) {
                cited.entry(control).or_default().push(rule);
            }
        }
    }
    let mut served: Vec<(&str, Vec<&Rule>)> =
        framework.controls().map(|(id, _)| (id, cited.remove(id).unwrap_or_default())).collect();
    served.retain(|(id, rules)| !rules.is_empty() || framework.outside(id).is_some());
    served.extend(cited);
    served
}

fn rule_page(rule: &Rule, told: &Told<'_>) -> String {
    let Told { book, set, labels, fixtures } = *told;
    let in_force = text_in_force(rule, set);
    let mut text = format!("# {}\n\n{}.\n\n", rule.id(), rule.text.title);
    let _ = writeln!(
        text,
        "Level **{}**, confidence {}, profile `{}`. [All rules](../../README.md)",
        in_force.level.name(),
        rule.confidence.name(),
        profile(rule)
    );
    let mut section = |heading: &str, body: &str| {
        if !body.trim().is_empty() {
            let _ = writeln!(text, "\n## {heading}\n\n{}", body.trim());
        }
    };
    section("Why", &rule.text.why);
    let example = fixtures.example(rule.id()).unwrap_or_default();
    for (heading, lines) in [("What breaks it", &example.broken), ("What keeps it", &example.kept)] {
        section(heading, &if lines.is_empty() { String::new() } else { block(lines) });
    }
    section("How to mend it", &rule.text.fix);
    section("What it cannot see", &rule.text.blind);
    section("How often it is right", &labels.told(rule.id()));
    let parameters = in_force.parameters.iter().map(|it| format!("- {}: {}\n", it.in_force(), it.about));
    section("Parameters", &parameters.collect::<String>());
    section("Clauses and controls", &citations(rule, book));
    section("References", &rule.text.references.iter().map(|address| format!("- <{address}>\n")).collect::<String>());
    let id = rule.id();
    section(
        "Settings",
        &format!(
            "In `aimslint.toml`:\n\n```toml\n[rules]\n\"{id}\" = \"off\"   # or \"note\", \"warning\", \"error\"\n```"
        ),
    );
    text
}

fn citations(rule: &Rule, book: &PolicyBook) -> String {
    let mut text = String::new();
    for id in &rule.text.clauses {
        let clause = book.controls.clauses.get(id).map(|clause| clause.text.as_str()).unwrap_or_default();
        let _ = writeln!(text, "- Clause [{id}](../../clauses.md#clause-{id}): {clause}{}", only_broken(rule, id));
    }
    for citation in &rule.text.controls {
        let Some((id, control)) = citation.split_once(':') else { continue };
        let framework = book.controls.framework(id);
        let name = framework.map_or(id, |framework| framework.title.as_str());
        let title = framework.and_then(|framework| framework.title_of(control)).unwrap_or_default();
        let only = only_broken(rule, citation);
        let line = format!("- [{name}](../../controls.md#{id}) {control} {title}{only}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
