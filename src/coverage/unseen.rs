//! Why nobody can say where the repository stands on a clause: what its rules look for and did not find.

use super::{Looking, asks_for_words};
use crate::fact::{Kind, Origin, RegisterEntry, Seen};
use crate::finding::LookedAt;
use std::collections::BTreeSet;

/// How many rules are named.
const NAMED: usize = 2;

/// One line that says it. `met` are the kinds of facts that the repository has at all.
pub(super) fn why(rules: &[Looking<'_>], suited: &[String], met: &BTreeSet<Kind>) -> String {
    let only_attested = !suited.is_empty() && suited.iter().all(|kind| kind == "attested");
    if only_attested && rules.iter().all(|looking| asks_for_words(looking.rule)) {
        return "no file can show it: only the organisation can say so, with a [[statement]] in aimslint.toml"
            .to_owned();
    }
    if rules.is_empty() {
        return "no rule looks at it".to_owned();
    }
    let ran: Vec<&Looking<'_>> = rules.iter().filter(|looking| looking.ran).collect();
    if ran.is_empty() {
        return "none of its rules ran".to_owned();
    }
    if let Some(untold) = untold(&ran) {
        return untold;
    }
    let mut parts = Vec::from_iter(nothing_wrong(&ran));
    parts.extend(nothing_there(&ran, met));
    parts.join("; ")
}

/// Something was there, and what decides about it is not known.
fn untold(rules: &[&Looking<'_>]) -> Option<String> {
    let untold: Vec<String> = rules
        .iter()
        .filter_map(|looking| Some((looking.rule.id(), looking.looked_at?.untold)).filter(|(_, untold)| *untold > 0))
        .map(|(rule, untold)| format!("{rule} met {} of which that cannot be told", super::counted(untold, "thing")))
        .collect();
    named(&untold)
}

/// Rules looked that can only break the clause.
fn nothing_wrong(rules: &[&Looking<'_>]) -> Option<String> {
    let looked = rules.iter().filter(|looking| !looking.shows && looking.looked_at.is_some_and(LookedAt::saw));
    let ids: Vec<String> = looked.map(|looking| looking.rule.id().to_owned()).collect();
    Some(format!("{} found nothing wrong, which shows nothing of the clause itself", named(&ids)?))
}

/// What no file and no entry of the register holds, and what is there but not of the sort that is judged.
fn nothing_there(rules: &[&Looking<'_>], met: &BTreeSet<Kind>) -> Vec<String> {
    let idle = rules.iter().filter(|looking| looking.looked_at.is_none());
    let mut kinds: BTreeSet<Kind> = idle.map(|looking| looking.rule.each.kind).collect();
    // Said of all sections at once, it adds nothing to what is said of some.
    if kinds.iter().any(|kind| kind.spec().origin == Origin::Register && *kind != RegisterEntry::kind()) {
        kinds.remove(&RegisterEntry::kind());
    }
    let (mut declared, mut found, mut there) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for kind in kinds {
        let into = match kind.spec().origin {
            // There is one in every run, and it was none to judge.
            Origin::Run => continue,
            _ if met.contains(&kind) => &mut there,
            Origin::Register => &mut declared,
            Origin::Documents | Origin::Code => &mut found,
        };
        into.insert(kind.spec().called);
    }
    let mut parts = Vec::new();
    if !declared.is_empty() {
        parts.push(format!("no {} is registered in aimslint.toml", either(&declared)));
    }
    if !found.is_empty() {
        parts.push(format!("no {} was found", either(&found)));
    }
    if !there.is_empty() {
        parts.push(format!("no {} is of a sort that its rules judge", either(&there)));
    }
    if parts.is_empty() {
        parts.push("its rules do not concern this repository as it is declared".to_owned());
    }
    parts
}

/// The first of them, and how many more.
fn named(all: &[String]) -> Option<String> {
    let more = all.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!all.is_empty()).then(|| format!("{}{more}", all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ")))
}

/// `a, b or c`.
fn either(words: &BTreeSet<&str>) -> String {
    let words: Vec<&str> = words.iter().copied().collect();
    match words.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} or {end}", rest.join(", ")),
        _ => words.concat(),
    }
}
