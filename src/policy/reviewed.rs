//! Which words of each clause rules were written for: a clause that reads otherwise leaves its rules in need of review.

use super::{Controls, Rule};
use crate::finding::Review;
use crate::problem::Problems;
use crate::table::Table;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What stands at the head of a file of recorded words.
const HEAD: &str = "# Which words of each clause a rule was written for, or last looked at with: the first digits of their SHA-256. Written by\n\
                    # `aimslint accept`; run it again once you have looked at the rules that `aimslint coverage` says need review.\n\n";

/// The recorded words, by rule and clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// The words that every shipped rule was written for, by clause.
    shipped: BTreeMap<String, String>,
    by_rule: BTreeMap<String, BTreeMap<String, String>>,
}

impl Reviewed {
    /// Reads the words that shipped rules were written for: one hash for each clause.
    pub fn read_shipped(&mut self, root: &Table<'_>, problems: &mut Problems<'_>) {
        self.shipped = hashes(root, problems);
    }

    /// Reads what an organisation has recorded, on top of what was read before: a table of hashes for each rule.
    pub fn read(&mut self, root: &Table<'_>, problems: &mut Problems<'_>) {
        for (rule, at, node) in root.entries() {
            let table = Table::of(format!("`{rule}`"), node, at);
            if node.entries().is_empty() {
                problems.add(at, format!("`{rule}` must be a table of hashes by clause; `aimslint accept` writes it"));
            }
            self.by_rule.entry(rule.to_owned()).or_default().extend(hashes(&table, problems));
        }
    }

    /// The clauses of a rule whose words are others than those that it was written for.
    pub fn reviews(&self, rule: &Rule, controls: &Controls) -> Vec<Review> {
        let review = |id: &String| {
            let clause = controls.clauses.get(id)?;
            let own = self.by_rule.get(rule.id()).and_then(|clauses| clauses.get(id));
            let is_shipped = rule.text.origin.is_empty();
            let recorded = own.or_else(|| self.shipped.get(id).filter(|_| is_shipped));
            let needs_review = recorded != Some(&clause.hash);
            needs_review.then(|| Review { clause: id.clone(), at: clause.at.clone(), edited: recorded.is_some() })
        };
        rule.text.clauses.iter().filter_map(review).collect()
    }

    /// Records in `file` for these rules the words that their clauses have today, where they need review; gives what was recorded.
    pub fn accept<'a>(
        &self,
        rules: impl Iterator<Item = &'a Rule>,
        controls: &Controls,
        file: &mut Self,
    ) -> Vec<(&'a Rule, Review)> {
        let mut accepted = Vec::new();
        for rule in rules {
            for review in self.reviews(rule, controls) {
                if let Some(clause) = controls.clauses.get(&review.clause) {
                    let recorded = file.by_rule.entry(rule.id().to_owned()).or_default();
                    recorded.insert(review.clause.clone(), clause.hash.clone());
                    accepted.push((rule, review));
                }
            }
        }
        accepted
    }

    /// The file that records the same for these rules.
    #[must_use]
    pub fn text(&self, is_wanted: impl Fn(&str) -> bool) -> String {
        let mut text = HEAD.to_owned();
        for (rule, clauses) in self.by_rule.iter().filter(|(rule, _)| is_wanted(rule)) {
            let clauses: Vec<String> = clauses.iter().map(|(id, hash)| format!("\"{id}\" = \"{hash}\"")).collect();
            let _ = writeln!(text, "\"{rule}\" = {{ {} }}", clauses.join(", "));
        }
        text
    }
}

fn hashes(table: &Table<'_>, problems: &mut Problems<'_>) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    for (id, at, node) in table.entries() {
        match node.text() {
            Some(hash) => {
                hashes.insert(id.to_owned(), hash.to_owned());
            }
            None => problems.add(at, format!("`{id}` must be a hash in quotes; `aimslint accept` writes it")),
        }
    }
    hashes
}
