//! What an organisation sets of single rules: whether they run, at which level, with which parameters.

use crate::document::{Node, Value};
use crate::finding::{Level, Parameter};
use crate::policy::Rule;
use crate::problem::{Problems, unknown};
use crate::source::Span;
use crate::table::Table;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The words for what a rule can be set to; `None` is off.
const LEVELS: &[(&str, Option<Level>)] =
    &[("off", None), ("note", Some(Level::Note)), ("warning", Some(Level::Warning)), ("error", Some(Level::Error))];

/// What a rule is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// It does not run.
    Off,
    /// It runs in every profile.
    On {
        /// At this level; at its own when `None`.
        level: Option<Level>,
        /// From this day on; before it one level lower.
        from: Option<Date>,
    },
}

/// What is set of one rule, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSetting {
    /// Whether and how it runs; `None` leaves that to the rule and to the profile.
    pub run: Option<Setting>,
    /// `path:line` of what says so; empty without.
    pub set_at: String,
    /// All its parameters as they are in force; empty when none is set.
    pub parameters: Vec<Parameter>,
    /// `path:line` of the pack that lets nobody else set it; empty without.
    pub locked_at: String,
}

/// What is set of rules, by their ids. Packs are read first, in their order, and the repository's own settings last: whoever is nearer
/// to the repository wins, key by key, unless a pack has locked the rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSettings(BTreeMap<String, RuleSetting>);

impl RuleSettings {
    /// What is set of the rule `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&RuleSetting> {
        self.0.get(id)
    }

    /// The parameters of a rule as they are in force.
    #[must_use]
    pub fn parameters_of<'a>(&'a self, rule: &'a Rule) -> &'a [Parameter] {
        let set = self.get(rule.id()).map(|set| set.parameters.as_slice());
        set.filter(|set| !set.is_empty()).unwrap_or(&rule.text.parameters)
    }

    /// The rules that are switched off, and where.
    pub fn off(&self) -> impl Iterator<Item = (&str, &str)> {
        let off = self.0.iter().filter(|(_, setting)| setting.run == Some(Setting::Off));
        off.map(|(id, setting)| (id.as_str(), setting.set_at.as_str()))
    }

    /// Reads `[rules]` of a file on top of what was read before. `rules` are those that it may name.
    pub fn read(&mut self, root: &Table<'_>, rules: &BTreeMap<String, Rule>, problems: &mut Problems<'_>) {
        let Some(table) = root.table("rules", problems) else { return };
        for (id, at, node) in table.entries() {
            let Some(rule) = rules.get(id) else {
                problems.add_unknown(at, "rule", id, rules.keys().map(String::as_str));
                continue;
            };
            let setting = self.0.entry(id.to_owned()).or_default();
            if setting.locked_at.is_empty() {
                setting.read(rule, at, node, problems);
            } else {
                problems.add(at, format!("`{id}` is locked at {}: it can be set only there", setting.locked_at));
            }
        }
    }
}

impl RuleSetting {
    fn read(&mut self, rule: &Rule, at: Span, node: &Node, problems: &mut Problems<'_>) {
        if let Value::Map(_) = node.value {
            let table = Table::of(format!("`{}`", rule.id()), node, at);
            let level = table.choice("level", LEVELS, problems);
            let from = table.date("from", problems).map(|from| from.value);
            if let Some(parameters) = table.table("parameters", problems) {
                self.read_parameters(rule, &parameters, problems);
            }
            let locked = table.flag("locked", problems);
            if locked.is_some_and(|locked| locked.value) {
                self.locked_at = problems.place(at);
            }
            table.finish(problems);
            let level = level.map(|level| level.value);
            if level.is_some() || from.is_some() || !(table.has("parameters") || table.has("locked")) {
                self.run = Some(match level {
                    Some(None) => Setting::Off,
                    Some(level) => Setting::On { level, from },
                    None => Setting::On { level: self.level(), from },
                });
                self.set_at = problems.place(at);
            }
            return;
        }
        if let Some((_, level)) = LEVELS.iter().find(|(word, _)| node.text() == Some(word)) {
            self.run = Some(level.map_or(Setting::Off, |level| Setting::On { level: Some(level), from: None }));
            self.set_at = problems.place(at);
        } else {
            let words = LEVELS.iter().map(|(word, _)| *word);
            problems.add_unknown(node.span, "setting", node.text().unwrap_or(""), words);
        }
    }

    /// The level that was set before.
    fn level(&self) -> Option<Level> {
        match self.run {
            Some(Setting::On { level, .. }) => level,
            _ => None,
        }
    }

    fn read_parameters(&mut self, rule: &Rule, table: &Table<'_>, problems: &mut Problems<'_>) {
        if self.parameters.is_empty() {
            self.parameters.clone_from(&rule.text.parameters);
        }
        for (name, at, node) in table.entries() {
            let Some(parameter) = self.parameters.iter_mut().find(|parameter| parameter.name == name) else {
                let known = rule.text.parameters.iter().map(|parameter| parameter.name.as_str());
                let fault = unknown(&format!("parameter of `{}`", rule.id()), name, known);
                problems.add(at, if rule.text.parameters.is_empty() { format!("{fault}: it has none") } else { fault });
                continue;
            };
            let Parameter { least, most, about, .. } = &*parameter;
            let value = match &node.value {
                Value::Number(text) => text.replace('_', "").parse().ok(),
                _ => None,
            };
            match value {
                Some(value) if (*least..=*most).contains(&value) => {
                    parameter.value = value;
                    parameter.set_at = problems.place(at);
                }
                _ => problems.add(
                    node.span,
                    format!("`{name}` ({about}) must be a whole number from {least} to {most}, without quotes"),
                ),
            }
        }
    }
}
