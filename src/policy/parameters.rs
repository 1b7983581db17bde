//! The numbers that a rule leaves to the organisation: its `[parameters]` table.

use super::{Must, Rule};
use crate::finding::Parameter;
use crate::problem::Problems;
use crate::source::Span;
use crate::table::{Table, Written};

/// Reads the `[parameters]` of a rule, each a table with `default`, `least`, `most` and `about`.
pub(super) fn read(table: &Table<'_>, problems: &mut Problems<'_>) -> Vec<Parameter> {
    table
        .entries()
        .filter_map(|(name, at, node)| {
            let parameter = Table::of(format!("parameter `{name}`"), node, at);
            let [default, least, most] =
                ["default", "least", "most"].map(|key| required_number(&parameter, key, problems));
            let about = parameter.required_text("about", problems);
            parameter.finish(problems);
            if !is_name(name) {
                problems
                    .add(at, format!("`{name}` must be small letters, digits and `_`, so that conditions can name it"));
            }
            let [default, least, most] = [default?, least?, most?];
            if !(least.value..=most.value).contains(&default.value) {
                problems.add(default.at, format!("`default` must lie from {} to {}", least.value, most.value));
            }
            Some(Parameter {
                name: name.to_owned(),
                about: about?.value,
                value: default.value,
                default: default.value,
                least: least.value,
                most: most.value,
                set_at: String::new(),
            })
        })
        .collect()
}

fn required_number(table: &Table<'_>, key: &'static str, problems: &mut Problems<'_>) -> Option<Written<i64>> {
    if !table.has(key) {
        problems.add(
            table.at(),
            format!("`{key}` is missing: a parameter says its default and, with `least` and `most`, its range"),
        );
    }
    let number = table.number(key, problems)?;
    Some(Written { value: i64::try_from(number.value).unwrap_or(i64::MAX), at: number.at })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Why a parameter of `table` would change nothing: a field hides it, or the rule never names it.
pub(super) fn unused(rule: &Rule, table: &Table<'_>) -> Vec<(Span, String)> {
    let mut faults = Vec::new();
    let other = match &rule.must {
        Must::Exist(other) | Must::NotExist(other) => Some(other),
        Must::Hold { .. } => None,
    };
    let kinds = [Some(rule.each.kind), other.map(|other| other.kind)];
    let hold = match &rule.must {
        Must::Hold { condition, .. } => Some(condition),
        _ => other.and_then(|other| other.condition.as_ref()),
    };
    let conditions = [rule.each.condition.as_ref(), hold];
    for (name, at, _) in table.entries() {
        if let Some(kind) = kinds.iter().flatten().find(|kind| kind.field_type(name).is_some()) {
            faults
                .push((at, format!("`{name}` is a field of `{}`: give the parameter another name", kind.spec().name)));
        } else if !conditions.iter().flatten().any(|condition| condition.asks_about_parameter(name)) {
            faults.push((at, format!("`{name}` is named by no condition of this rule, and would change nothing")));
        }
    }
    faults
}
