//! The clauses of the policy and the control catalogue: which ids a rule may cite.

use super::own_text;
use crate::document::Node;
use crate::problem::{Problems, unknown};
use crate::table::Table;
use std::collections::BTreeMap;

/// One clause of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What it asks: one sentence, or the organisation's own words.
    pub text: String,
    /// The hash of its words.
    pub hash: String,
    /// `path:line` in the organisation's text; empty for a clause in the words that aimslint ships.
    pub at: String,
    /// Kinds of check that suit it: `technical`, `evidence`, `attested`.
    pub kinds: Vec<String>,
    /// What a repository can show.
    pub shows: String,
}

/// One framework of controls.
#[derive(Debug)]
pub struct ControlFramework {
    /// Its id, such as `iso42001`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Controls with their titles, in the catalogue's order.
    controls: Vec<(String, String)>,
    /// Controls that no repository can show, and why.
    outside: Vec<(String, String)>,
    /// First and last id of runs such as `GOVERN 1.1-1.7`.
    ranges: Vec<String>,
    /// Any id of this form, for catalogues too long to list.
    pattern: Option<regex::Regex>,
}

impl ControlFramework {
    /// Its controls with their titles, in the catalogue's order.
    pub fn controls(&self) -> impl Iterator<Item = (&str, &str)> {
        self.controls.iter().map(|(id, title)| (id.as_str(), title.as_str()))
    }

    /// Why no repository can show a control, where that is so.
    #[must_use]
    pub fn outside(&self, control: &str) -> Option<&str> {
        self.outside.iter().find(|(id, _)| id == control).map(|(_, reason)| reason.as_str())
    }

    /// The title of a control; empty where the catalogue has none; `None` when the framework has no such control.
    #[must_use]
    pub fn title_of(&self, control: &str) -> Option<&str> {
        if let Some((_, title)) = self.controls.iter().find(|(id, _)| id == control) {
            return Some(title);
        }
        let known = self.ranges.iter().any(|range| in_range(range, control))
            || self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(control));
        known.then_some("")
    }
}

/// A list of pairs of texts.
fn pairs(framework: &Node, key: &str) -> Vec<(String, String)> {
    let pairs = framework.get(key).map(Node::items).unwrap_or_default().iter();
    let texts = pairs.filter_map(|pair| match pair.items() {
        [id, text] => Some((id.text()?.to_owned(), text.text()?.to_owned())),
        _ => None,
    });
    texts.collect()
}

/// True when `control` lies in a run such as `MAP 1.1-1.6`: same words before, number within.
fn in_range(range: &str, control: &str) -> bool {
    let Some((first, last)) = range.split_once('-') else { return false };
    let Some((stem, low)) = first.rsplit_once('.') else { return false };
    let (Ok(low), Some(Ok(high))) = (low.parse::<u32>(), last.rsplit('.').next().map(str::parse::<u32>)) else {
        return false;
    };
    let Some((control_stem, number)) = control.rsplit_once('.') else { return false };
    control_stem == stem && number.parse::<u32>().is_ok_and(|number| (low..=high).contains(&number))
}

/// What rules may cite.
#[derive(Debug, Default)]
pub struct Controls {
    /// Clauses by number.
    pub clauses: BTreeMap<String, Clause>,
    /// Frameworks in the catalogue's order.
    pub frameworks: Vec<ControlFramework>,
}

impl Controls {
    /// Reads `clauses.toml` into this catalogue.
    pub fn read_clauses(&mut self, root: &Node, problems: &mut Problems<'_>) {
        let root = Table::root(root);
        for table in root.tables("clause", problems) {
            let id = table.required_text("id", problems);
            let text = table.required_text("text", problems);
            let shows = table.required_text("shows", problems);
            let kinds = table.texts("kinds", problems).into_iter().map(|kind| kind.value).collect();
            table.finish(problems);
            if let (Some(id), Some(text), Some(shows)) = (id, text, shows)
                && self
                    .clauses
                    .insert(
                        id.value.clone(),
                        Clause {
                            hash: own_text::hash(&text.value),
                            at: String::new(),
                            text: text.value,
                            kinds,
                            shows: shows.value,
                        },
                    )
                    .is_some()
            {
                problems.add(id.at, format!("clause `{}` is listed twice", id.value));
            }
        }
        root.finish(problems);
    }

    /// Puts the organisation's own words in the place of ours, and its own clauses beside them.
    pub fn replace_clauses(&mut self, own: impl IntoIterator<Item = (String, Clause)>) {
        for (id, own) in own {
            match self.clauses.get_mut(&id) {
                // Which checks suit it and what a repository can show of it is not in the text.
                Some(clause) => *clause = Clause { kinds: clause.kinds.clone(), shows: clause.shows.clone(), ..own },
                None => {
                    self.clauses.insert(id, own);
                }
            }
        }
    }

    /// Reads `controls.toml` into this catalogue.
    pub fn read_frameworks(&mut self, root: &Node, problems: &mut Problems<'_>) {
        let root_table = Table::root(root);
        let nodes = root.get("framework").map(Node::items).unwrap_or_default();
        for (table, node) in root_table.tables("framework", problems).iter().zip(nodes) {
            let id = table.required_text("id", problems);
            let title = table.required_text("title", problems);
            let ranges = table.texts("ranges", problems).into_iter().map(|range| range.value).collect();
            let pattern = table.text("pattern", problems).and_then(|text| {
                regex::Regex::new(&format!("^(?:{})$", text.value))
                    .map_err(|error| problems.add(text.at, error.to_string()))
                    .ok()
            });
            let controls = pairs(node, "controls");
            let outside = pairs(node, "outside");
            for (id, _) in outside.iter().filter(|(id, _)| controls.iter().all(|(listed, _)| listed != id)) {
                let ids = controls.iter().map(|(id, _)| id.as_str());
                problems.add_unknown(table.at(), "control in `outside`", id, ids);
            }
            if let (Some(id), Some(title)) = (id, title) {
                self.frameworks.push(ControlFramework {
                    id: id.value,
                    title: title.value,
                    controls,
                    outside,
                    ranges,
                    pattern,
                });
            }
        }
    }

    /// Why `citation` (`framework:control`) names nothing, with the nearest that does; `None` when it is right.
    #[must_use]
    pub fn fault_of(&self, citation: &str) -> Option<String> {
        let Some((framework_id, control)) = citation.split_once(':') else {
            return Some(format!("`{citation}` must be written framework:control, such as `iso27002:8.24`"));
        };
        let Some(framework) = self.framework(framework_id) else {
            let ids = self.frameworks.iter().map(|framework| framework.id.as_str());
            return Some(unknown("framework", framework_id, ids));
        };
        if framework.title_of(control).is_some() {
            None
        } else {
            let ids = framework.controls.iter().map(|(id, _)| id.as_str());
            Some(unknown(&format!("control of {}", framework.title), control, ids))
        }
    }

    /// The clauses in the order of the policy: `10.1.b` stands behind `9.2.a`.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&String, &Clause)> {
        let number = |id: &str| -> Vec<u32> { id.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect() };
        let mut clauses: Vec<_> = self.clauses.iter().collect();
        clauses.sort_by_key(|(id, _)| (number(id), *id));
        clauses
    }

    /// The framework of this id.
    #[must_use]
    pub fn framework(&self, id: &str) -> Option<&ControlFramework> {
        self.frameworks.iter().find(|framework| framework.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::in_range;

    #[test]
    fn ranges_hold_their_ends_and_nothing_else() {
        assert!(in_range("GOVERN 1.1-1.7", "GOVERN 1.7"));
        assert!(!in_range("GOVERN 1.1-1.7", "GOVERN 1.8"));
        assert!(!in_range("GOVERN 1.1-1.7", "GOVERN 2.1"));
        assert!(in_range("5.1-5.37", "5.12"));
        assert!(!in_range("5.1-5.37", "6.1"));
    }
}
