//! Reads every file that can matter, once and in parallel: classify, parse and extract joined for one file at a time.

use crate::catalogue::Catalogue;
use crate::contents::Snapshot;
use crate::document::weights::ModelFormat;
use crate::document::{self, Document, FileKind, Parsed};
use crate::fact::{self, Fact, Facts, Seen as _};
use crate::finding::NotAssessed;
use crate::git::Base;
use crate::interest::Interest;
use crate::locate;
use crate::settings::Settings;
use crate::source::{self, Lines, SourceFile, Span};
use crate::timings::{Stage, Timings};
use crate::waiver::Waiver;
use crate::{Request, classify, digest, extract, history, parse, written};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What was seen in the files.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Facts of all files.
    pub facts: Vec<Fact>,
    /// Waivers that stand beside what they cover.
    pub waivers: Vec<Waiver>,
    /// What could not be read.
    pub not_assessed: Vec<NotAssessed>,
    /// How many files were read.
    pub files_read: usize,
}

/// How many files are read before what was seen in them is joined: the facts of a hundred thousand that wait for it would take their room
/// twice.
const FILES_AT_ONCE: usize = 4_096;

impl Seen {
    fn add(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.waivers.extend(other.waivers);
        self.not_assessed.extend(other.not_assessed);
        self.files_read += other.files_read;
    }

    fn keep(&mut self, path: &Arc<str>, facts: Facts) {
        if facts.left_out() > 0 {
            let reason = format!("{} things beyond the first {} are not assessed", facts.left_out(), facts.all.len());
            self.not_assessed.push(NotAssessed { path: Arc::clone(path), line: None, reason });
        }
        self.facts.extend(facts.all);
    }
}

/// Reads every file that can matter, each once and in parallel, and extracts its facts; of `only` these, where it is given.
pub(crate) fn see(
    request: &Request,
    settings: &Settings,
    files: &Snapshot,
    only: Option<&BTreeSet<Arc<str>>>,
    interest: &Interest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Seen {
    let context = extract::Context { tree: &files.tree, catalogue: Catalogue::shipped(), interest };
    let wanted = |path: &str| request.is_about(path);
    // Files that give values to each other are read together; every other file is a group of its own.
    let mut groups: Vec<Vec<(Arc<str>, FileKind)>> = Vec::new();
    let mut linked: Vec<(Arc<str>, FileKind)> = Vec::new();
    let of_models = [fact::ModelFile::kind(), fact::PickleImport::kind(), fact::ChatTemplate::kind()];
    let wants_models = of_models.iter().any(|kind| interest.wants(*kind));
    for path in files.tree.files.iter().filter(|path| only.is_none_or(|only| only.contains(*path))) {
        match classify::classify(path).unwrap_or(FileKind::Opaque) {
            kind if kind.is_linked() => linked.push((Arc::clone(path), kind)),
            FileKind::Opaque if !wants_models => {}
            kind if wanted(path) => groups.push(vec![(Arc::clone(path), kind)]),
            _ => {}
        }
    }
    // Of one of them nothing could be said without the others: they are read too, and left out below.
    if linked.iter().any(|(path, _)| wanted(path)) {
        groups.push(linked);
    }

    let done = AtomicUsize::new(0);
    let see_group = |group: &Vec<(Arc<str>, FileKind)>| {
        progress(done.fetch_add(1, Ordering::Relaxed), groups.len());
        // A fault of ours in one file must not take the whole run with it.
        catch_unwind(AssertUnwindSafe(|| see_together(files, settings, group, &context, &request.timings)))
            .unwrap_or_else(|_| {
                let reason = "aimslint failed on this file; please report it".to_owned();
                let path = group.first().map_or_else(|| "".into(), |(path, _)| Arc::clone(path));
                Seen { not_assessed: vec![NotAssessed { path, line: None, reason }], ..Seen::default() }
            })
    };
    let mut seen = Seen::default();
    for part in groups.chunks(FILES_AT_ONCE) {
        let seen_in_files: Vec<Seen> = part.par_iter().map(see_group).collect();
        for more in seen_in_files {
            seen.add(more);
        }
    }
    seen.facts.retain(|fact| wanted(&fact.path));
    seen.waivers.retain(|waiver| wanted(&waiver.path));
    seen.not_assessed.retain(|part| wanted(&part.path));
    if interest.wants(fact::DataFile::kind()) {
        seen.not_assessed.extend(digest::fill(&mut seen.facts, files, &|_| true));
    }
    seen
}

/// What was seen at the base of a change: in files that did not change the same as `now`, in the others what they held then.
pub(crate) fn see_base(request: &Request, settings: &Settings, base: &Base, now: &Seen, interest: &Interest) -> Seen {
    let read = files_of_base_to_read(base);
    let mut seen = see(request, settings, &base.files, Some(&read), interest, &|_, _| {});
    let changed: BTreeSet<&Arc<str>> = base.changed.iter().filter_map(|file| file.new.as_ref()).collect();
    let stays = |path: &Arc<str>| !changed.contains(path) && !read.contains(path);
    seen.facts.extend(now.facts.iter().filter(|fact| stays(&fact.path)).cloned());
    seen.waivers.extend(now.waivers.iter().filter(|waiver| stays(&waiver.path)).cloned());
    if interest.wants(fact::DataFile::kind()) {
        // A manifest that stays may list a file that does not.
        let altered: BTreeSet<&str> = base.changed.iter().filter_map(|file| file.old.as_deref()).collect();
        seen.not_assessed.extend(digest::fill(&mut seen.facts, &base.files, &|path| altered.contains(path)));
    }
    // What is wrong within a file is said of today's; here it counts that a version could not be had at all.
    seen.not_assessed.retain(|part| part.line.is_none());
    for part in &mut seen.not_assessed {
        part.reason = format!("compared with nothing, as its older version cannot be read: {}", part.reason);
    }
    seen
}

/// The files of the base whose facts may be others than today.
fn files_of_base_to_read(base: &Base) -> BTreeSet<Arc<str>> {
    let is_linked = |path: &Arc<str>| classify::classify(path).is_some_and(FileKind::is_linked);
    let changed: BTreeSet<&Arc<str>> = base.changed.iter().filter_map(|file| file.old.as_ref()).collect();
    // Extractors ask which files lie beside their own.
    let list_differs = base.changed.iter().any(|file| file.old != file.new);
    let links_differ = base.changed.iter().any(|file| file.old.iter().chain(&file.new).any(is_linked));
    let may_differ = |path: &&Arc<str>| {
        changed.contains(path)
            || (list_differs && classify::classify(path).is_some_and(|kind| kind != FileKind::Opaque))
            || (links_differ && is_linked(path))
    };
    base.files.tree.files.iter().filter(may_differ).cloned().collect()
}

/// Reads a file, or the files that give values to each other, and extracts their facts.
fn see_together(
    files: &Snapshot,
    settings: &Settings,
    group: &[(Arc<str>, FileKind)],
    context: &extract::Context<'_>,
    timings: &Timings,
) -> Seen {
    let mut seen = Seen::default();
    let mut linked: Vec<(SourceFile, FileKind, Document)> = Vec::new();
    for (path, kind) in group {
        if *kind == FileKind::Opaque {
            let see = || see_model_file(files, path, context);
            seen.add(timings.measure(Stage::Read, || format!("{kind:?}"), see));
            continue;
        }
        let read = || files.contents.read(path, settings.limits.file_bytes);
        let text = match timings.measure(Stage::Read, || format!("{kind:?}"), read) {
            Ok(text) => text,
            Err(reason) => {
                if kind.is_linked() {
                    // The extractor has to know that a part was not read.
                    let fault = document::Fault::new(Span::default(), reason.as_str());
                    let unread = Document { roots: Vec::new(), faults: fault.into() };
                    linked.push((SourceFile::new(Arc::clone(path), ""), *kind, unread));
                }
                seen.not_assessed.push(NotAssessed { path: Arc::clone(path), line: None, reason });
                continue;
            }
        };
        seen.files_read += 1;
        let file = SourceFile { path: Arc::clone(path), text };
        let kind = classify::settle(*kind, path, &file.text);
        let (name, bytes) = (|| format!("{kind:?}"), file.text.len());
        let parsed = timings.measure_bytes(Stage::Parse, name, bytes, || parse_text(kind, &file.text, context));
        seen.not_assessed.extend(not_assessed(&file, &parsed));
        let extract = || extract::extract(&file, kind, &parsed, context);
        seen.keep(path, timings.measure_bytes(Stage::Extract, name, bytes, extract));
        if kind == FileKind::Notebook {
            let (facts, unread) = written::see(&file, &parsed, context);
            seen.keep(path, facts);
            seen.not_assessed.extend(unread);
        }
        let waivers = extract::inline::waivers(&file);
        seen.waivers.extend(waivers.all);
        let unread = waivers.more.map(|reason| NotAssessed { path: Arc::clone(path), line: None, reason });
        seen.not_assessed.extend(unread);
        if let (true, Parsed::Tree(document)) = (kind.is_linked(), parsed) {
            linked.push((file, kind, document));
        }
    }
    if !linked.is_empty() {
        let empty = |file: &SourceFile| Facts::at_most(extract::FACT_LIMIT, &file.path);
        let mut facts: Vec<Facts> = linked.iter().map(|(file, ..)| empty(file)).collect();
        let extract = || extract::infrastructure::extract(&linked, &mut facts);
        timings.measure(Stage::Extract, || "linked infrastructure".to_owned(), extract);
        for ((file, ..), facts) in linked.iter().zip(facts) {
            seen.keep(&file.path, facts);
        }
    }
    seen
}

/// Parses a text, if anything can be seen in it that way.
fn parse_text(kind: FileKind, text: &str, context: &extract::Context<'_>) -> Parsed {
    if extract::may_hold_facts(kind, text, context) { parse::parse(kind, text) } else { Parsed::Text }
}

/// Adds what git's history says about the age of what was seen; says why, where it says nothing.
pub(crate) fn remember(
    request: &Request,
    settings: &Settings,
    files: &Snapshot,
    start: history::Start,
    interest: &Interest,
    facts: &mut Vec<Fact>,
) -> Option<NotAssessed> {
    if request.without_history {
        return None;
    }
    let context = extract::Context { tree: &files.tree, catalogue: Catalogue::shipped(), interest };
    let limits = &settings.limits;
    let (remembered, not_assessed) = history::recall(&history::Request {
        root: &request.root,
        start,
        facts,
        interest,
        today: settings.today,
        limits: history::Limits { commits: limits.history_commits, contents: limits.history_contents },
        read: &|path| files.contents.read(path, limits.file_bytes).ok(),
        see: &|path, bytes| see_version(path, bytes, &context),
    });
    facts.extend(remembered);
    not_assessed
}

/// Extracts the facts of an earlier version of a file, which is read alone.
fn see_version(path: &Arc<str>, bytes: Vec<u8>, context: &extract::Context<'_>) -> Vec<Fact> {
    let Ok(text) = source::decode(bytes) else { return Vec::new() };
    let file = SourceFile { path: Arc::clone(path), text };
    let kind = classify::settle(classify::classify(path).unwrap_or(FileKind::Opaque), path, &file.text);
    let parsed = parse_text(kind, &file.text, context);
    let written = if kind == FileKind::Notebook { written::see(&file, &parsed, context).0.all } else { Vec::new() };
    let mut facts = written::extract_alone(file, kind, parsed, context);
    facts.extend(written);
    facts
}

/// Looks into a file that is no text for what loading it as a model would do; of anything else only the first bytes are read.
fn see_model_file(files: &Snapshot, path: &Arc<str>, context: &extract::Context<'_>) -> Seen {
    let mut seen = Seen::default();
    let not_assessed = |reason: String| NotAssessed { path: Arc::clone(path), line: None, reason };
    let (mut file, length) = match files.contents.open(path) {
        Ok(opened) => opened,
        Err(reason) => {
            // What cannot be opened may be a picture: only a model's name makes it worth telling.
            if ModelFormat::of_name(path).is_some() {
                seen.not_assessed.push(not_assessed(reason));
            }
            return seen;
        }
    };
    let limits = parse::weights::Limits::default();
    if let Some(model) = parse::weights::parse(&mut file, length, path, &limits) {
        seen.files_read = 1;
        seen.facts = extract::weights::extract(path, &model, context).all;
        seen.not_assessed = model.unread.into_iter().map(not_assessed).collect();
    }
    seen
}

/// What the parser could not read, with lines.
fn not_assessed(file: &SourceFile, parsed: &Parsed) -> Vec<NotAssessed> {
    let faults = parsed.faults();
    if faults.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(&file.text);
    let entry = |fault: &document::Fault, reason: String| {
        let line = Some(lines.number(fault.at.start));
        NotAssessed { path: Arc::clone(&file.path), line, reason }
    };
    let mut entries: Vec<NotAssessed> = faults.iter().map(|fault| entry(fault, fault.reason.clone())).collect();
    if let Some(last) = faults.last().filter(|_| faults.more() > 0) {
        entries.push(entry(last, format!("{} more places could not be read", faults.more())));
    }
    entries
}

/// Where secrets stand, so that no output shows them.
pub(crate) fn secrets(facts: &[Fact]) -> locate::Secrets {
    let mut secrets = locate::Secrets::new();
    for fact in facts.iter().filter(|fact| fact.kind.spec().name == "secret") {
        if let Some(span) = fact.location_of("shown").span() {
            secrets.entry(Arc::clone(&fact.path)).or_default().push(span);
        }
    }
    secrets
}
