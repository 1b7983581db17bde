//! What changed between two moments, as facts: things that were added, removed or altered, whatever file they stand in.

use crate::contents::Snapshot;
use crate::fact::{Change, Choice, Fact, Facts, Field, FieldValue, Kind, Location, Seen};
use crate::git::{Base, ChangedFile};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Kinds that stand for many things at once: each of those changes under its own kind.
const SUMS: [&str; 2] = ["repository", "ownership-file"];

/// What `fact` facts and files were at the base and are now. Things that only moved, to another line or file, did not change.
pub fn changes(before: &[Fact], now: &[Fact], base: &Base, files: &Snapshot, limit: u64) -> Vec<Fact> {
    let renamed = base.renamed();
    let mut found = changed_files(base, files, limit);

    let mut pairs = Pairs::default();
    for fact in before.iter().filter(|fact| is_single(fact.kind)) {
        let path = renamed.get(&*fact.path).copied().unwrap_or(&fact.path);
        pairs.of(fact, path).before.push(fact);
    }
    for fact in now.iter().filter(|fact| is_single(fact.kind)) {
        pairs.of(fact, &fact.path).now.push(fact);
    }
    // What is gone from one file and new in another, and is the same in all it says, has moved.
    let mut left: BTreeMap<(Kind, &str), Pair<'_>> = BTreeMap::new();
    for ((kind, _, subject), mut pair) in pairs.0 {
        pair.drop_equal();
        let both = pair.before.len().min(pair.now.len());
        for (old, new) in pair.before.drain(..both).zip(pair.now.drain(..both)) {
            found.extend(altered(old, new));
        }
        let of_any_file = left.entry((kind, subject)).or_default();
        of_any_file.before.append(&mut pair.before);
        of_any_file.now.append(&mut pair.now);
    }
    for mut pair in left.into_values() {
        pair.drop_equal();
        found.extend(pair.before.into_iter().map(|fact| came_or_went(fact, "removed", &renamed)));
        found.extend(pair.now.into_iter().map(|fact| came_or_went(fact, "added", &HashMap::new())));
    }
    found
}

fn is_single(kind: Kind) -> bool {
    !SUMS.contains(&kind.spec().name)
}

/// Facts of one kind, file and subject.
#[derive(Default)]
struct Pair<'a> {
    before: Vec<&'a Fact>,
    now: Vec<&'a Fact>,
}

impl<'a> Pair<'a> {
    /// Takes out what is on both sides.
    fn drop_equal(&mut self) {
        let mut counts: HashMap<Vec<&FieldValue>, usize> = HashMap::new();
        for old in &self.before {
            *counts.entry(values(old).collect()).or_default() += 1;
        }
        let mut take = |fact: &'a Fact| match counts.get_mut(&values(fact).collect::<Vec<_>>()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        self.now.retain(|new| !take(new));
        // What the other side has not taken stays.
        self.before.retain(|old| take(old));
    }
}

#[derive(Default)]
struct Pairs<'a>(BTreeMap<(Kind, &'a str, &'a str), Pair<'a>>);

impl<'a> Pairs<'a> {
    fn of(&mut self, fact: &'a Fact, path: &'a str) -> &mut Pair<'a> {
        self.0.entry((fact.kind, path, fact.subject.as_str())).or_default()
    }
}

/// What a fact says, wherever it stands.
fn values(fact: &Fact) -> impl Iterator<Item = &FieldValue> {
    fact.fields.iter()
}

/// One fact for each field that is another now.
fn altered<'a>(old: &'a Fact, new: &'a Fact) -> impl Iterator<Item = Fact> + 'a {
    let fields = new.kind.spec().fields.iter().zip(values(old).zip(values(new)));
    fields.filter(|(_, (before, after))| before != after).map(|(field, (before, after))| {
        let change = Change {
            of: new.kind.spec().name.into(),
            name: new.subject.as_str().into(),
            how: "altered".into(),
            what: field.name.into(),
            before: before.display().into(),
            after: after.display().into(),
            substantive: true.into(),
        };
        let subject = format!("{} {} {}", new.kind.spec().name, new.subject, field.name);
        fact(&new.path, new.location_of(field.name), new.cell, subject, change)
    })
}

/// A thing that is new, or gone: that is shown by the file that it stood in.
fn came_or_went(seen: &Fact, how: &'static str, renamed: &HashMap<&str, &str>) -> Fact {
    let kind = seen.kind.spec().name;
    let change = Change {
        of: kind.into(),
        name: seen.subject.as_str().into(),
        how: how.into(),
        what: "".into(),
        before: "".into(),
        after: "".into(),
        substantive: true.into(),
    };
    let subject = format!("{kind} {}", seen.subject);
    let is_gone = how == "removed";
    let at = if is_gone { Location::WholeFile } else { seen.at };
    let path = renamed.get(&*seen.path).map_or_else(|| Arc::clone(&seen.path), |path| (*path).into());
    fact(&path, at, seen.cell.filter(|_| !is_gone), subject, change)
}

fn fact(path: &Arc<str>, at: Location, cell: Option<usize>, subject: String, change: Change) -> Fact {
    Fact { kind: Change::kind(), path: Arc::clone(path), at, subject, cell, fields: change.into_fields() }
}

/// Files that came, went or hold something else.
fn changed_files(base: &Base, files: &Snapshot, limit: u64) -> Vec<Fact> {
    let change = |file: &ChangedFile| {
        let path = file.new.as_ref().or(file.old.as_ref())?;
        let text = |files: &Snapshot, path: &Option<Arc<str>>| files.contents.read(path.as_deref()?, limit).ok();
        let (before, after) = (text(&base.files, &file.old), text(files, &file.new));
        let how = match (&file.old, &file.new) {
            (None, _) => "added",
            (_, None) => "removed",
            (Some(old), Some(new)) if old != new && before.is_some() && before == after => return None,
            _ => "altered",
        };
        // What is no text has no white space.
        let substantive = match (how, &before, &after) {
            ("altered", Some(before), Some(after)) => !before.split_whitespace().eq(after.split_whitespace()),
            _ => true,
        };
        let change = Change {
            of: "file".into(),
            name: path.to_string().into(),
            how: Field::known(Choice(how)),
            what: if how == "altered" { "content" } else { "" }.into(),
            before: "".into(),
            after: "".into(),
            substantive: substantive.into(),
        };
        let mut facts = Facts::of(path);
        facts.add_whole(format!("file {path}"), change);
        facts.all.pop()
    };
    base.changed.iter().filter_map(change).collect()
}
