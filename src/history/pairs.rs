//! Which document describes which thing, and what their pasts say about it: `evidence`, `documented-change`.

use super::documents::{Document, documents};
use super::things::{Thing, things};
use super::walk::{Halt, Walk};
use super::{Limits, Past, SeeFacts, Start, Watch};
use crate::fact::{DocumentedChange, Evidence, Fact, Facts, Field, Seen as _};
use crate::finding::NotAssessed;
use crate::fingerprint::digest_of_words;
use crate::git;
use crate::interest::Interest;
use crate::source::folder;
use git2::{ErrorCode, Repository};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

/// Which kinds of things documents of a kind describe.
const DESCRIBES: &[(&str, &[&str])] = &[
    ("model-card", &["weights", "parameters", "dataset", "base-model"]),
    ("dataset-card", &["data"]),
    ("data-manifest", &["data"]),
    ("evaluation", &["weights", "parameters"]),
    ("prompt-evaluation", &["prompt"]),
    ("bias-evaluation", &["weights"]),
    ("privacy-assessment", &["data", "data-manifest"]),
    ("impact-assessment", &["weights", "deployment"]),
    ("risk-assessment", &["weights", "deployment"]),
    ("threat-model", &["deployment"]),
];

/// So many things are followed.
const THING_LIMIT: usize = 1_000;

/// What is asked of git's history.
pub struct Request<'a> {
    /// The scanned folder.
    pub root: &'a Path,
    /// From where is looked back.
    pub start: Start,
    /// What was seen then.
    pub facts: &'a [Fact],
    /// What rules ask about.
    pub interest: &'a Interest,
    /// The day that counts as today.
    pub today: Date,
    /// How far back is looked.
    pub limits: Limits,
    /// Reads the text of a file of today.
    pub read: &'a dyn Fn(&str) -> Option<String>,
    /// Sees the facts of an earlier version.
    pub see: &'a SeeFacts<'a>,
}

/// Facts about time and change, and what could not be learnt.
#[must_use]
pub fn recall(request: &Request<'_>) -> (Vec<Fact>, Option<NotAssessed>) {
    let wants_age = request.interest.wants(Evidence::kind());
    let wants_change = request.interest.wants(DocumentedChange::kind());
    if !wants_age && !wants_change {
        return (Vec::new(), None);
    }
    let documents = documents(request.facts, request.today);
    let mut things = if wants_change { things(request.facts) } else { Vec::new() };
    let described = |thing: &Thing| documents.iter().any(|document| describes(document.kind, thing.kind));
    things.retain(described);
    let more_things = things.len().saturating_sub(THING_LIMIT);
    things.truncate(THING_LIMIT);
    if things.is_empty() && (!wants_age || documents.is_empty()) {
        return (Vec::new(), None);
    }

    let watches = watches(request, &documents, &things);
    let (pasts, trouble) = pasts(request, &watches);
    let (document_pasts, thing_pasts) = pasts.split_at_checked(documents.len()).unwrap_or_default();
    let documents: Vec<Dated<'_>> =
        documents.iter().zip(document_pasts).map(|(document, past)| Dated { document, past: past.as_ref() }).collect();
    let mut facts = Vec::new();
    if wants_age {
        facts.extend(documents.iter().flat_map(|dated| dated.evidence().all));
    }
    for (thing, past) in things.iter().zip(thing_pasts) {
        facts.extend(changes(&documents, thing, past.as_ref()));
    }
    let too_many = || {
        format!(
            "{more_things} models, data files and deployments beyond the first {THING_LIMIT} were not held against their documents"
        )
    };
    let reason = trouble.or_else(|| (more_things > 0).then(too_many));
    (facts, reason.map(|reason| NotAssessed { path: Arc::from(""), line: None, reason }))
}

fn describes(document: &str, thing: &str) -> bool {
    DESCRIBES.iter().any(|(kind, things)| *kind == document && things.contains(&thing))
}

fn watches(request: &Request<'_>, documents: &[Document], things: &[Thing]) -> Vec<Watch> {
    let digest = |path: &str| (request.read)(path).map(|text| digest_of_words(&text));
    // What stands in a commit is what is committed.
    let is_now = request.start == Start::Now;
    let mut by_path: HashMap<&str, Vec<&Fact>> = HashMap::new();
    for fact in request.facts {
        by_path.entry(&fact.path).or_default().push(fact);
    }
    let of_documents = documents.iter().map(|document| document.watch(digest(&document.path)));
    let of_things = things.iter().map(|thing| {
        let facts = by_path.get(&*thing.path).map_or(&[][..], Vec::as_slice);
        thing.watch(facts, || digest(&thing.path))
    });
    let watches = of_documents.chain(of_things);
    watches.map(|watch| Watch { today: watch.today.filter(|_| is_now), ..watch }).collect()
}

/// The pasts of all watches, and why some are unknown.
fn pasts(request: &Request<'_>, watches: &[Watch]) -> (Vec<Option<Past>>, Option<String>) {
    let nothing = || vec![None; watches.len()];
    let (repository, below) = match open(request.root, "how old documents are, and what changed after them, is unknown")
    {
        Ok(opened) => opened,
        Err(reason) => return (nothing(), Some(reason)),
    };
    let tip = match request.start {
        Start::Now => git::head(&repository),
        Start::Commit(commit) => commit.map(|commit| repository.find_commit(commit)).transpose(),
    };
    let tip = match tip {
        Ok(tip) => tip,
        Err(error) => return (nothing(), Some(Halt::Git(error).to_string())),
    };
    let mut walk = Walk::new(&repository, watches, request.see, request.limits);
    let trouble = walk.run(tip.as_ref(), &below, request.today).err();
    (walk.found, trouble.map(|halt| halt.to_string()))
}

/// The repository around `root` and the folder of `root` in it (with `/` behind it); says in words why there is no history to read, and what is
/// unknown for that.
pub(super) fn open(root: &Path, unknown: &str) -> Result<(Repository, String), String> {
    let repository = git::open(root).map_err(|error| match error.code() {
        ErrorCode::NotFound => {
            format!("there is no git repository here: {unknown}")
        }
        ErrorCode::Owner => {
            "git's history could not be read, because the folder belongs to somebody else; allow it with `git config --global --add safe.directory PATH`"
                .to_owned()
        }
        _ => Halt::Git(error).to_string(),
    })?;
    if repository.is_shallow() {
        return Err(format!(
            "the git history is cut off (a shallow clone): {unknown}; fetch all of it with `fetch-depth: 0` for actions/checkout, or `git fetch --unshallow`"
        ));
    }
    let below = repository
        .workdir()
        .and_then(|top| Some((top.canonicalize().ok()?, root.canonicalize().ok()?)))
        .and_then(|(top, root)| {
            root.strip_prefix(top).ok().and_then(|below| below.to_str().map(|below| below.replace('\\', "/")))
        });
    match below {
        Some(below) if below.is_empty() => Ok((repository, below)),
        Some(below) => Ok((repository, format!("{below}/"))),
        None => Err("the scanned folder is no part of the git repository around it: its history is unknown".to_owned()),
    }
}

/// A document with its past.
struct Dated<'a> {
    document: &'a Document,
    past: Option<&'a Past>,
}

impl Dated<'_> {
    /// The later one of the day that it states and the day of its last edit.
    fn kept_until(&self) -> Option<Date> {
        self.past.map(|past| past.changed.date.max(self.document.stated.unwrap_or(Date::MIN)))
    }

    /// The earlier one of the day that it states and the day on which it came in.
    fn begun(&self) -> Option<Date> {
        self.past?.begun.map(|begun| begun.min(self.document.stated.unwrap_or(Date::MAX)))
    }

    fn evidence(&self) -> Facts {
        let mut facts = Facts::of(&self.document.path);
        let evidence = Evidence {
            kind: self.document.kind.into(),
            title: self.document.title.as_str().into(),
            date: date(self.kept_until()),
        };
        facts.add_whole(self.document.kind, evidence);
        facts
    }
}

fn date(known: Option<Date>) -> Field<String> {
    known.map_or_else(Field::default, |date| Field::known(date.to_string()))
}

fn days_between(earlier: Option<Date>, later: Option<Date>) -> Field<i64> {
    let days = earlier.zip(later).and_then(|(earlier, later)| earlier.until(later).ok());
    days.map_or_else(Field::default, |days| Field::known(i64::from(days.get_days())))
}

/// For each kind of document that describes the thing: the one that was kept best.
fn changes(documents: &[Dated<'_>], thing: &Thing, past: Option<&Past>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (kind, _) in DESCRIBES.iter().filter(|(kind, _)| describes(kind, thing.kind)) {
        let describing = describing(documents, kind, &thing.place);
        // Of one that is not known nobody can say that it is not the best.
        let dates: Option<Vec<Date>> = describing.iter().map(|dated| dated.kept_until()).collect();
        let Some(best) = describing.iter().max_by_key(|dated| dated.kept_until()) else { continue };
        let documented = dates.and_then(|dates| dates.into_iter().max());
        let changed = past.map(|past| past.changed.date);
        let begun = describing.iter().map(|dated| dated.begun()).min().flatten();
        let mut of_document = Facts::of(&best.document.path);
        of_document.add_whole(
            format!("{} {}", thing.kind, thing.name),
            DocumentedChange {
                document: (*kind).into(),
                thing: thing.kind.into(),
                name: thing.name.as_str().into(),
                documented: date(documented),
                changed: date(changed),
                commit: past.map_or_else(Field::default, |past| Field::known(past.changed.commit.as_str())),
                days: days_between(documented, changed),
                ahead: days_between(past.and_then(|past| past.begun), begun),
                range: Field::default(),
            },
        );
        facts.extend(of_document.all);
    }
    facts
}

/// The documents of a kind that describe what lies at `place`: the nearest in its folder or above, or all of them where all lie in one
/// folder apart. A dataset that lies apart from a card is another one.
fn describing<'d, 'a>(documents: &'d [Dated<'a>], kind: &str, place: &str) -> Vec<&'d Dated<'a>> {
    let of_kind: Vec<&Dated<'_>> = documents.iter().filter(|dated| dated.document.kind == kind).collect();
    let is_above =
        |above: &str| above.is_empty() || place.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
    let folder_of = |dated: &Dated<'a>| folder(&dated.document.path).to_owned();
    let nearest = of_kind.iter().map(|dated| folder_of(dated)).filter(|above| is_above(above)).max_by_key(String::len);
    let folders: BTreeSet<String> = of_kind.iter().map(|dated| folder_of(dated)).collect();
    let is_data = matches!(kind, "dataset-card" | "data-manifest");
    let chosen = nearest.or_else(|| folders.first().filter(|_| folders.len() == 1 && !is_data).cloned());
    of_kind.into_iter().filter(|dated| Some(folder_of(dated)) == chosen).collect()
}
