//! From a rule as written to a rule as checked: every fault of the file at once, each at its place.

use super::parameters::{self, unused};
use super::{Condition, Confidence, Controls, Each, FieldName, Must, Other, Rule, Scope, Template, Words, typecheck};
use crate::document::Node;
use crate::fact::{KINDS, Kind};
use crate::finding::{Level, Parameter, RuleText};
use crate::problem::{Problems, unknown};
use crate::source::Span;
use crate::table::{Table, Written};
use globset::Glob;
use std::sync::Arc;

/// The families that rules belong to.
pub const FAMILIES: &[&str] = &[
    "encryption",
    "access",
    "versioning",
    "bias",
    "vendor",
    "privacy",
    "integrity",
    "logging",
    "incident",
    "transparency",
    "oversight",
    "governance",
];

const LEVELS: &[(&str, Level)] = &[("error", Level::Error), ("warning", Level::Warning), ("note", Level::Note)];

const CONFIDENCES: &[(&str, Confidence)] =
    &[("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

/// When the conditions and globs of a rule are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conditions {
    /// While the rule is read.
    CheckedNow,
    /// When they are first asked: for rules that were checked before.
    CheckedLater,
}

/// Reads the rule `id` (`family/name`) from its file; `None` when it has faults, which are in `problems`.
pub fn rule(
    id: &str,
    root: &Node,
    controls: &Controls,
    conditions: Conditions,
    problems: &mut Problems<'_>,
) -> Option<Rule> {
    let faults_before = problems.all.len();
    let table = Table::root(root);
    let family = id.split('/').next().unwrap_or_default();
    if !FAMILIES.contains(&family) {
        problems.add_unknown(Span::empty(0), "family", family, FAMILIES.iter().copied());
    }
    let title = table.required_text("title", problems);
    let message = table.required_text("message", problems);
    require(&table, root, &["level", "confidence", "clauses", "controls", "each", "must"], problems);
    let level = table.choice("level", LEVELS, problems);
    let confidence = table.choice("confidence", CONFIDENCES, problems);
    let clauses = table.texts("clauses", problems);
    for clause in &clauses {
        if !controls.clauses.contains_key(&clause.value) {
            problems.add_unknown(clause.at, "clause", &clause.value, controls.clauses.keys().map(String::as_str));
        }
    }
    let cited = table.texts("controls", problems);
    for control in &cited {
        if let Some(fault) = controls.fault_of(&control.value) {
            problems.add(control.at, fault);
        }
    }
    let breaks_only = table.texts("breaks-only", problems);
    for only in &breaks_only {
        if !clauses.iter().chain(&cited).any(|citation| citation.value == only.value) {
            let citations = clauses.iter().chain(&cited).map(|citation| citation.value.as_str());
            problems.add_unknown(only.at, "clause or control of this rule", &only.value, citations);
        }
    }
    let why = table.required_text("why", problems);
    let fix = table.required_text("fix", problems);
    let blind = table.required_text("blind", problems);
    let references = table.texts("references", problems);
    let written = table.table("parameters", problems);
    let parameters: Arc<[Parameter]> = written.iter().flat_map(|table| parameters::read(table, problems)).collect();
    let reading = Reading { conditions, parameters };
    let each = table.table("each", problems).and_then(|each| read_each(&each, &reading, problems));
    let kind = each.as_ref().map(|each| each.kind);
    let must = table.table("must", problems);
    let must = must.and_then(|must| kind.and_then(|kind| read_must(&must, kind, &reading, problems)));
    let message =
        message.and_then(|text| kind.and_then(|kind| read_message(&text, kind, &reading.parameters, problems)));
    table.finish(problems);
    if problems.all.len() > faults_before {
        return None;
    }
    let confidence = confidence?.value;
    let rule = Rule {
        text: RuleText {
            id: id.to_owned(),
            title: title?.value,
            level: level?.value,
            confidence: confidence.name(),
            clauses: values(clauses),
            controls: values(cited),
            breaks_only: values(breaks_only),
            why: why?.value.trim().to_owned(),
            fix: fix?.value.trim().to_owned(),
            blind: blind?.value.trim().to_owned(),
            references: values(references),
            parameters: reading.parameters.to_vec(),
            level_set_at: String::new(),
            origin: String::new(),
        },
        confidence,
        message: message?,
        each: each?,
        must: must?,
    };
    if conditions == Conditions::CheckedNow {
        for (at, fault) in written.iter().flat_map(|table| unused(&rule, table)) {
            problems.add(at, fault);
        }
    }
    (problems.all.len() == faults_before).then_some(rule)
}

fn values(written: Vec<Written<String>>) -> Vec<String> {
    written.into_iter().map(|text| text.value).collect()
}

fn require(table: &Table<'_>, root: &Node, keys: &[&str], problems: &mut Problems<'_>) {
    for key in keys.iter().filter(|key| !root.has(key)) {
        problems.add(table.at(), format!("`{key}` is missing"));
    }
}

/// How the parts of one rule are read.
struct Reading {
    conditions: Conditions,
    parameters: Arc<[Parameter]>,
}

impl Reading {
    /// What conditions on this kind of fact may name; `this` is the judged kind in the condition of another fact.
    fn scope(&self, kind: Kind, this: Option<Kind>) -> Scope {
        Scope { kind, this, parameters: Arc::clone(&self.parameters) }
    }
}

fn read_message(
    text: &Written<String>,
    kind: Kind,
    parameters: &[Parameter],
    problems: &mut Problems<'_>,
) -> Option<Template> {
    Template::read(&text.value, kind, parameters)
        .map_err(|faults| {
            for (_, name) in faults {
                let what = format!("field of `{}`", kind.spec().name);
                let parameters = parameters.iter().map(|parameter| parameter.name.as_str());
                let names = typecheck::field_names(kind).chain(["count", "more"]).chain(parameters);
                problems.add_unknown(text.at, &what, &name, names);
            }
        })
        .ok()
}

fn read_kind(table: &Table<'_>, problems: &mut Problems<'_>) -> Option<Kind> {
    let name = table.required_text("fact", problems)?;
    let kind = Kind::named(&name.value);
    if kind.is_none() {
        problems.add_unknown(name.at, "fact", &name.value, KINDS.iter().map(|spec| spec.name));
    }
    kind
}

fn read_each(table: &Table<'_>, reading: &Reading, problems: &mut Problems<'_>) -> Option<Each> {
    let kind = read_kind(table, problems);
    let is = table.table("is", problems);
    let condition = table.text("where", problems);
    let per = table.texts("per", problems);
    table.finish(problems);
    let kind = kind?;
    let is = is.map(|is| read_words(&is, kind, reading.conditions, problems)).unwrap_or_default();
    if kind.spec().name == "call" && !is.iter().any(|(field, _)| field.name() == "name") {
        problems.add(table.at(), "a rule on `call` facts must list the functions: is = { name = [\"…\"] }");
    }
    let per = per.iter().filter_map(|name| read_field(&name.value, name.at, kind, problems)).collect();
    let condition =
        condition.and_then(|text| read_condition(&text, reading.scope(kind, None), reading.conditions, problems));
    Some(Each { kind, is, condition, per })
}

fn read_field(name: &str, at: Span, kind: Kind, problems: &mut Problems<'_>) -> Option<FieldName> {
    let field = FieldName::of(kind, name);
    if field.is_none() {
        problems.add_unknown(at, &format!("field of `{}`", kind.spec().name), name, typecheck::field_names(kind));
    }
    field
}

fn read_words(
    table: &Table<'_>,
    kind: Kind,
    conditions: Conditions,
    problems: &mut Problems<'_>,
) -> Vec<(FieldName, Words)> {
    let mut all = Vec::new();
    for (key, key_at, node) in table.entries() {
        let Some(field) = read_field(key, key_at, kind, problems) else { continue };
        let mut written = Vec::new();
        for item in node.one_or_many() {
            let Some(text) = item.text() else {
                problems.add(item.span, format!("`{key}` must hold texts in quotes"));
                continue;
            };
            match Glob::new(text) {
                Ok(_) => written.push(text.to_owned()),
                Err(error) => problems.add(item.span, format!("not a glob: {error}")),
            }
        }
        let words = Words::new(written);
        if conditions == Conditions::CheckedNow
            && let Err(error) = words.compile()
        {
            problems.add(key_at, error.to_string());
        }
        all.push((field, words));
    }
    all
}

fn read_condition(
    text: &Written<String>,
    scope: Scope,
    conditions: Conditions,
    problems: &mut Problems<'_>,
) -> Option<Condition> {
    if conditions == Conditions::CheckedLater {
        return Some(Condition::unchecked(&text.value, scope));
    }
    Condition::checked(&text.value, scope)
        .map_err(|faults| {
            // Conditions are literal strings, so that a byte of the condition is a byte of the file; the first bytes are quotes.
            let shown = text.at.text(problems.text());
            let quotes = shown.find(text.value.as_str()).unwrap_or(1);
            for (offset, message) in faults {
                problems.add(Span::empty(text.at.start + quotes + offset), message);
            }
        })
        .ok()
}

fn read_must(table: &Table<'_>, kind: Kind, reading: &Reading, problems: &mut Problems<'_>) -> Option<Must> {
    let hold = table.text("hold", problems);
    let at = table.text("at", problems);
    let exist = table.table("exist", problems);
    let not_exist = table.table("not-exist", problems);
    table.finish(problems);
    if let (None, Some(at)) = (&hold, &at) {
        problems
            .add(at.at, "`at` is for `hold`: with `exist` or `not-exist` the judged fact itself is shown; take it out");
    }
    match (hold, exist, not_exist) {
        (Some(hold), None, None) => {
            let at = at
                .and_then(|name| read_field(&name.value, name.at, kind, problems))
                .map(|field| field.name().to_owned());
            let condition = read_condition(&hold, reading.scope(kind, None), reading.conditions, problems)?;
            Some(Must::Hold { condition, at })
        }
        (None, Some(exist), None) => read_other(&exist, kind, reading, problems).map(Must::Exist),
        (None, None, Some(not_exist)) => read_other(&not_exist, kind, reading, problems).map(Must::NotExist),
        _ => {
            problems.add(table.at(), "[must] needs exactly one of `hold`, `exist` and `not-exist`");
            None
        }
    }
}

fn read_other(table: &Table<'_>, judged: Kind, reading: &Reading, problems: &mut Problems<'_>) -> Option<Other> {
    let kind = read_kind(table, problems);
    let pairs = table.table("match", problems);
    let condition = table.text("where", problems);
    table.finish(problems);
    let kind = kind?;
    if kind.spec().name == "call" {
        problems.add(
            table.at(),
            "`call` facts are kept only for the functions that rules judge in [each]; look for another fact",
        );
    }
    let mut matches = Vec::new();
    for (key, key_at, node) in pairs.iter().flat_map(Table::entries) {
        let other = read_field(key, key_at, kind, problems);
        let own = if let Some(name) = node.text() {
            read_field(name, node.span, judged, problems)
        } else {
            problems.add(node.span, unknown("field", "", []));
            None
        };
        matches.extend(other.zip(own));
    }
    let condition = condition
        .and_then(|text| read_condition(&text, reading.scope(kind, Some(judged)), reading.conditions, problems));
    Some(Other { kind, matches, condition })
}
