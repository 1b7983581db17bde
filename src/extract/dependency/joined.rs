//! Joins lists with the locks beside them, when all files are read: a lock fixes only what it holds.

use crate::fact::{Dependency, Fact, FieldValue, LockFile, PackageManifest, Seen};
use crate::source::folder;
use std::collections::{BTreeSet, HashMap};

/// Versions by path of the lock, ecosystem and name.
type Versions = HashMap<(String, String, String), BTreeSet<String>>;

/// Says for each AI package of a list whether its lock really holds it, and in which version. A lock that could not be read, or not
/// to its end, is trusted to hold what it should.
pub fn join_locks(facts: &mut [Fact]) {
    let whole: BTreeSet<String> = of_kind(facts, LockFile::kind())
        .filter(|fact| fact.text("whole") == "yes")
        .map(|fact| fact.path.to_string())
        .collect();
    let mut versions = Versions::new();
    for fact in of_kind(facts, Dependency::kind()).filter(|fact| fact.text("form") == "lock") {
        let key = (fact.path.to_string(), fact.text("ecosystem").to_owned(), fact.text("name").to_owned());
        versions.entry(key).or_default().insert(fact.text("resolved").to_owned());
    }
    let kind = Dependency::kind();
    let packages = folders_of_packages(facts);
    for fact in facts.iter_mut().filter(|fact| fact.kind == kind && fact.path.ends_with(".txt")) {
        if packages.contains(folder(&fact.path)) {
            set(fact, "published", "yes");
        }
    }
    // Locks hold facts of AI packages only: of others nothing can be said.
    for fact in
        facts.iter_mut().filter(|fact| fact.kind == kind && fact.text("form") == "list" && fact.text("ai") == "yes")
    {
        let Some(FieldValue::List(locks)) = fact.get("locks").cloned() else { continue };
        let held = |lock: &String| {
            versions.get(&(lock.clone(), fact.text("ecosystem").to_owned(), fact.text("name").to_owned()))
        };
        let found: BTreeSet<&String> = locks.iter().filter_map(held).flatten().collect();
        if let (1, "unknown", Some(version)) = (found.len(), fact.text("resolved"), found.first()) {
            let version = (*version).clone();
            set(fact, "resolved", &version);
        } else if found.is_empty() && !locks.is_empty() && locks.iter().all(|lock| whole.contains(lock)) {
            set(fact, "locked", "no");
        }
    }
}

/// The folders whose build file makes a package of the requirements files beside it.
fn folders_of_packages(facts: &[Fact]) -> BTreeSet<String> {
    let makes_package = |fact: &&Fact| fact.text("reads_lists") == "yes" || fact.text("published") == "yes";
    let manifests = of_kind(facts, PackageManifest::kind()).filter(makes_package);
    manifests.map(|fact| folder(&fact.path).to_owned()).collect()
}

fn of_kind(facts: &[Fact], kind: crate::fact::Kind) -> impl Iterator<Item = &Fact> {
    facts.iter().filter(move |fact| fact.kind == kind)
}

fn set(fact: &mut Fact, field: &str, value: &str) {
    if let Some(old) = fact.kind.field(field).and_then(|index| fact.fields.get_mut(index)) {
        *old = FieldValue::Text(value.into());
    }
}
