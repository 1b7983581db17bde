//! Tells of each document and the thing that it describes which of them the judged change has altered.

use crate::fact::{DocumentedChange, Fact, FieldValue, Seen as _};
use std::collections::HashSet;

/// Fills `range` of what is known `now` by what was known `before`, at the base of the change.
pub fn mark_range(before: &[Fact], now: &mut [Fact]) {
    let Some(field) = DocumentedChange::kind().field("range") else { return };
    let of_kind = |fact: &&Fact| fact.kind == DocumentedChange::kind();
    // By its commit a thing is known again that was only moved.
    let old: HashSet<&str> = before.iter().filter(of_kind).map(|fact| fact.text("commit")).collect();
    let edited: HashSet<String> =
        now.iter().filter(|fact| is_edited_file(fact)).map(|fact| fact.path.to_string()).collect();
    for fact in now.iter_mut().filter(|fact| fact.kind == DocumentedChange::kind()) {
        let range = match (old.contains(fact.text("commit")), edited.contains(&*fact.path)) {
            _ if fact.text("commit") == "unknown" => continue,
            (false, true) => "both",
            (false, false) => "thing",
            (true, true) => "document",
            (true, false) => "none",
        };
        if let Some(value) = fact.fields.get_mut(field) {
            *value = FieldValue::Text(range.into());
        }
    }
}

fn is_edited_file(fact: &Fact) -> bool {
    fact.kind.spec().name == "change" && fact.text("of") == "file" && fact.text("substantive") == "yes"
}
