//! The clauses of the policy and the control catalogue: which ids a rule may cite.

use crate::document::Node;
use crate::problem::{Problems, is_spelt_alike, listed, unknown};
use crate::table::Table;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap};

/// How many digits of the hash of a clause are kept: enough that no two wordings share it by chance.
const HASH_DIGITS: usize = 16;

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

impl Clause {
    /// The first digits of the SHA-256 of the words of a clause.
    #[must_use]
    pub fn hash_of(text: &str) -> String {
        let digest = Sha256::digest(normalised(text).as_bytes());
        let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.chars().take(HASH_DIGITS).collect()
    }

    /// True for a clause that documents, records and decisions keep: what code does not do shows nothing of it.
    #[must_use]
    pub fn is_by_documents(&self) -> bool {
        !self.kinds.is_empty() && self.kinds.iter().all(|kind| kind != "technical")
    }
}

/// Words with one space between them, as they are shown and hashed: how lines are broken changes nothing.
pub(super) fn normalised(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
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
    /// Where each stands among them; `None` for one that is known only from a run such as `GOVERN 1.1-1.7`.
    positions: HashMap<String, Option<usize>>,
    /// Controls that no repository can show, and why.
    outside: Vec<(String, String)>,
    /// Controls that documents, records and decisions keep.
    by_documents: Vec<String>,
    /// `CWE-` of `CWE-798`, for catalogues of numbers that are too long to list.
    numbered: Option<String>,
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

    /// True for a control that documents, records and decisions keep: what code does not do shows nothing of it.
    #[must_use]
    pub fn is_by_documents(&self, control: &str) -> bool {
        self.by_documents.iter().any(|id| id == control)
    }

    /// The title of a control; empty where the catalogue has none; `None` when the framework has no such control.
    #[must_use]
    pub fn title_of(&self, control: &str) -> Option<&str> {
        if let Some(position) = self.positions.get(control) {
            let listed = position.and_then(|position| self.controls.get(position));
            return Some(listed.map_or("", |(_, title)| title));
        }
        let number = control.strip_prefix(self.numbered.as_deref()?)?;
        (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some("")
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

/// The controls of a run such as `MAP 1.1-1.6`: the same words before, all numbers from the first to the last.
fn run_of(written: &str) -> Option<impl Iterator<Item = String>> {
    let (first, last) = written.split_once('-')?;
    let (stem, low) = first.rsplit_once('.')?;
    let (low, high): (u32, u32) = (low.parse().ok()?, last.rsplit('.').next()?.parse().ok()?);
    Some((low..=high).take(RUN_LIMIT).map(move |number| format!("{stem}.{number}")))
}

/// How many controls a run may stand for.
const RUN_LIMIT: usize = 100;

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
                            hash: Clause::hash_of(&text.value),
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
            let ranges = table.texts("ranges", problems);
            let numbered = table.text("numbered", problems).map(|prefix| prefix.value);
            let controls = pairs(node, "controls");
            let outside = pairs(node, "outside");
            for (id, _) in outside.iter().filter(|(id, _)| controls.iter().all(|(listed, _)| listed != id)) {
                let ids = controls.iter().map(|(id, _)| id.as_str());
                problems.add_unknown(table.at(), "control in `outside`", id, ids);
            }
            let by_documents = table.texts("by-documents", problems);
            for listed in by_documents.iter().filter(|listed| controls.iter().all(|(id, _)| *id != listed.value)) {
                let ids = controls.iter().map(|(id, _)| id.as_str());
                problems.add_unknown(listed.at, "control in `by-documents`", &listed.value, ids);
            }
            let in_ranges = ranges.iter().filter_map(|range| run_of(&range.value)).flatten().map(|id| (id, None));
            let listed = controls.iter().enumerate().map(|(at, (id, _))| (id.clone(), Some(at)));
            let positions = in_ranges.chain(listed).collect();
            if let (Some(id), Some(title)) = (id, title) {
                self.frameworks.push(ControlFramework {
                    id: id.value,
                    title: title.value,
                    positions,
                    controls,
                    outside,
                    by_documents: by_documents.into_iter().map(|control| control.value).collect(),
                    numbered,
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

    /// Says that there is no clause or control `id`, with those that it may mean: its parts, another spelling, the nearest.
    #[must_use]
    pub fn unknown_clause(&self, id: &str) -> String {
        let clauses = || self.in_order().into_iter().map(|(clause, _)| clause.as_str());
        if let Some(same) = clauses().find(|clause| is_spelt_alike(clause, id)) {
            return format!("unknown clause `{id}`; did you mean `{same}`?");
        }
        let stem = format!("{}.", id.trim_end_matches('.'));
        let parts: Vec<&str> = clauses().filter(|clause| clause.starts_with(&stem)).collect();
        if !parts.is_empty() {
            return format!("`{id}` has parts; name one: {}", listed(&parts));
        }
        let unknown = unknown("clause", id, clauses());
        if unknown.contains(';') { unknown } else { format!("{unknown}; `aimslint coverage` lists them") }
    }

    /// The framework and the number of a control that is named as in citations (`iso42001:A.7.2`), or by a number that one framework alone
    /// lists.
    #[must_use]
    pub fn control<'a>(&'a self, name: &'a str) -> Option<(&'a ControlFramework, &'a str)> {
        let (framework, control) = name.split_once(':').unwrap_or(("", name));
        let is_listed = |known: &ControlFramework| known.controls.iter().any(|(id, _)| id == control);
        let mut holders =
            self.frameworks.iter().filter(|known| (framework.is_empty() || known.id == framework) && is_listed(known));
        match (holders.next(), holders.next()) {
            (Some(holder), None) => Some((holder, control)),
            _ => None,
        }
    }

    /// The framework of this id.
    #[must_use]
    pub fn framework(&self, id: &str) -> Option<&ControlFramework> {
        self.frameworks.iter().find(|framework| framework.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::{Clause, ControlFramework, Controls, RUN_LIMIT, run_of};

    #[test]
    fn a_clause_that_there_is_not_is_answered_with_those_that_may_be_meant() {
        let clause = |id: &str| {
            let own = Clause {
                text: String::new(),
                hash: String::new(),
                at: String::new(),
                kinds: Vec::new(),
                shows: String::new(),
            };
            (id.to_owned(), own)
        };
        let mut controls = Controls::default();
        controls.replace_clauses(["3.2.a", "3.2.b", "10.1.b", "12"].map(clause));
        for (typed, answer) in [
            ("3.2.A", "unknown clause `3.2.A`; did you mean `3.2.a`?"),
            ("101b", "unknown clause `101b`; did you mean `10.1.b`?"),
            ("3.2", "`3.2` has parts; name one: `3.2.a` and `3.2.b`"),
            ("3.2.z", "unknown clause `3.2.z`; did you mean `3.2.b`?"),
            ("incident", "unknown clause `incident`; there are `3.2.a`, `3.2.b`, `10.1.b` and `12`"),
        ] {
            assert_eq!(controls.unknown_clause(typed), answer);
        }
    }

    #[test]
    fn runs_hold_their_ends_and_nothing_else() {
        let all = |written| run_of(written).map(|run| run.collect::<Vec<_>>().join(" "));
        assert_eq!(all("MAP 1.9-1.11").as_deref(), Some("MAP 1.9 MAP 1.10 MAP 1.11"));
        assert_eq!(all("5.36-5.37").as_deref(), Some("5.36 5.37"));
        assert_eq!(all("5.1"), None);
        assert_eq!(run_of("1.1-1.4000000000").map(Iterator::count), Some(RUN_LIMIT));
    }

    #[test]
    fn a_framework_knows_what_it_lists_and_the_numbers_behind_its_prefix() {
        let controls = vec![("A.2.2".to_owned(), "AI policy".to_owned()), ("A.2.3".to_owned(), String::new())];
        let framework = ControlFramework {
            id: "made-up".to_owned(),
            title: "Made up".to_owned(),
            positions: [("A.2.2", Some(0)), ("A.2.3", Some(1)), ("A.3.1", None)]
                .map(|(id, at)| (id.to_owned(), at))
                .into(),
            controls,
            outside: Vec::new(),
            by_documents: Vec::new(),
            numbered: Some("CWE-".to_owned()),
        };
        for (control, title) in [
            ("A.2.2", Some("AI policy")),
            ("A.2.3", Some("")),
            ("A.2.4", None),
            ("A.3.1", Some("")),
            ("CWE-798", Some("")),
            ("CWE-", None),
            ("CWE-7a", None),
            ("798", None),
        ] {
            assert_eq!(framework.title_of(control), title, "{control}");
        }
    }
}
