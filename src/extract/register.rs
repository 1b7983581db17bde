//! What the entries of the register say of each other, and how far the repository bears it out, when all files are read.

mod analyses;
mod assessments;
mod records;
mod risks;

use crate::fact::{Fact, Facts, FieldValue, PromptStore, Seen, System, UNKNOWN};
use crate::globs::Globs;
use crate::tree::Tree;
use std::collections::BTreeMap;

/// The files of the repository.
pub struct Files<'a> {
    /// Which there are.
    pub tree: &'a Tree,
    /// Which are left out: they may be there.
    pub excluded: &'a Globs,
    /// Gives the text of one.
    pub read: &'a dyn Fn(&str) -> Option<String>,
}

/// Fills in what entries cannot say by themselves; gives the records that they name.
pub fn join(facts: &mut [Fact], files: &Files<'_>) -> Vec<Fact> {
    for fact in facts.iter_mut().filter(|fact| fact.kind == System::kind() || fact.kind == PromptStore::kind()) {
        if is_of_root(&fact.path) {
            let unmatched =
                fact.list("paths").iter().filter(|pattern| files.lack(pattern)).cloned().collect::<Vec<_>>();
            fact.set("unmatched", unmatched.into());
        }
    }
    let mut records = Vec::new();
    for fact in facts.iter().filter(|fact| is_of_root(&fact.path)) {
        let mut of_file = Facts::of(&fact.path);
        records::add(fact, files, &mut of_file);
        records.append(&mut of_file.all);
    }
    let systems = Systems::of(facts);
    assessments::join(facts, &systems);
    analyses::join(facts);
    risks::join(facts, &systems);
    records
}

/// The names by which the register knows the vendor or tool that a fact shows in use.
pub fn uses(fact: &Fact) -> impl Iterator<Item = &str> {
    let fields: &[&str] = match fact.kind.spec().name {
        "vendor-use" => &["vendor"],
        "assistant-use" => &["assistant"],
        "mcp-server" => &["runs", "host"],
        _ => &[],
    };
    fields.iter().map(|field| fact.text(field)).filter(|name| !name.is_empty())
}

/// True for a register within the scanned folder: what another says of paths is told from elsewhere.
fn is_of_root(path: &str) -> bool {
    !path.starts_with("../") && !path.starts_with('/')
}

impl Files<'_> {
    /// True for a path or pattern that no file has, not even one that is left out.
    fn lack(&self, written: &str) -> bool {
        !self.tree.has_path(written) && !self.excluded.is_match(written.trim_end_matches('/'))
    }
}

/// What is known of each system that others name: its status and its risk tier.
struct Systems(BTreeMap<String, (FieldValue, FieldValue)>);

impl Systems {
    fn of(facts: &[Fact]) -> Self {
        let systems = facts.iter().filter(|fact| fact.kind == System::kind());
        let known = systems.map(|system| {
            let word = |field| system.get(field).cloned().unwrap_or(UNKNOWN.into());
            (system.text("name").to_owned(), (word("status"), word("risk")))
        });
        Self(known.collect())
    }

    /// The status and the risk tier of a system; unknown when there is no such system.
    fn of_name(&self, name: &str) -> (FieldValue, FieldValue) {
        self.0.get(name).cloned().unwrap_or((UNKNOWN.into(), UNKNOWN.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_lead_to_files_and_folders() {
        let mut tree = Tree::default();
        tree.files.insert("src/models/a.py".into());
        let excluded = Globs::of(["old/**"], &"".into(), |glob, error| panic!("{glob}: {error}"));
        let files = Files { tree: &tree, excluded: &excluded, read: &|_| None };
        for (pattern, nowhere) in
            [("src/models/", false), ("src", false), ("**/*.py", false), ("models/**", true), ("old/model.md", false)]
        {
            assert_eq!(files.lack(pattern), nowhere, "{pattern}");
        }
    }
}
