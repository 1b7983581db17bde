//! Reads every file that can matter, once and in parallel: classify, parse and extract joined for one file at a time.

use crate::catalogue::Catalogue;
use crate::document::weights::ModelFormat;
use crate::document::{self, Document, FileKind, Parsed};
use crate::fact::{self, Fact, Facts, Seen as _};
use crate::finding::NotAssessed;
use crate::interest::Interest;
use crate::locate;
use crate::settings::Settings;
use crate::source::{self, Lines, SourceFile, Span};
use crate::tree::Tree;
use crate::{Failure, Request, classify, extract, history, parse};
use rayon::prelude::*;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What was seen in the files.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Facts of all files.
    pub facts: Vec<Fact>,
    /// What could not be read.
    pub not_assessed: Vec<NotAssessed>,
    /// How many files were read.
    pub files_read: usize,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.not_assessed.extend(other.not_assessed);
        self.files_read += other.files_read;
    }
}

/// How much stack a thread gets: deep but allowed input is walked by recursion in the parsers that we use.
const STACK_BYTES: usize = 64 << 20;

/// Reads every file that can matter, each once and in parallel, and extracts its facts.
pub(crate) fn see(
    request: &Request,
    settings: &Settings,
    tree: &Tree,
    interest: &Interest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Seen, Failure> {
    let context = extract::Context { tree, catalogue: Catalogue::shipped(), interest };
    let wanted =
        |path: &str| request.paths.as_ref().is_none_or(|paths| paths.iter().any(|wanted| is_at_or_below(path, wanted)));
    // Files that give values to each other are read together; every other file is a group of its own.
    let mut groups: Vec<Vec<(Arc<str>, FileKind)>> = Vec::new();
    let mut linked: Vec<(Arc<str>, FileKind)> = Vec::new();
    let of_models = [fact::ModelFile::kind(), fact::PickleImport::kind(), fact::ChatTemplate::kind()];
    let wants_models = of_models.iter().any(|kind| interest.wants(*kind));
    for path in &tree.files {
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
    let threads =
        rayon::ThreadPoolBuilder::new().num_threads(request.threads.unwrap_or(0)).stack_size(STACK_BYTES).build()?;
    let parts: Vec<Seen> = threads.install(|| {
        let see_group = |group: &Vec<(Arc<str>, FileKind)>| {
            progress(done.fetch_add(1, Ordering::Relaxed), groups.len());
            // A fault of ours in one file must not take the whole run with it.
            catch_unwind(AssertUnwindSafe(|| see_together(request, settings, group, &context))).unwrap_or_else(|_| {
                let reason = "aimslint failed on this file; please report it".to_owned();
                let path = group.first().map_or_else(|| "".into(), |(path, _)| Arc::clone(path));
                Seen { not_assessed: vec![NotAssessed { path, line: None, reason }], ..Seen::default() }
            })
        };
        groups.par_iter().map(see_group).collect()
    });
    let mut seen = Seen::default();
    for part in parts {
        seen.add(part);
    }
    extract::dependency::join_locks(&mut seen.facts);
    seen.facts.retain(|fact| wanted(&fact.path));
    seen.not_assessed.retain(|part| wanted(&part.path));
    Ok(seen)
}

/// Reads a file, or the files that give values to each other, and extracts their facts.
fn see_together(
    request: &Request,
    settings: &Settings,
    group: &[(Arc<str>, FileKind)],
    context: &extract::Context<'_>,
) -> Seen {
    let mut seen = Seen::default();
    let mut linked: Vec<(SourceFile, FileKind, Document)> = Vec::new();
    for (path, kind) in group {
        if *kind == FileKind::Opaque {
            seen.add(see_model_file(request, path, context));
            continue;
        }
        let text = match read_file(&request.root, path, settings.limits.file_bytes) {
            Ok(text) => text,
            Err(reason) => {
                if kind.is_linked() {
                    // The extractor has to know that a part was not read.
                    let fault = document::Fault::new(Span::default(), reason.as_str());
                    let unread = Document { roots: Vec::new(), faults: vec![fault] };
                    linked.push((SourceFile::new(Arc::clone(path), ""), *kind, unread));
                }
                seen.not_assessed.push(NotAssessed { path: Arc::clone(path), line: None, reason });
                continue;
            }
        };
        seen.files_read += 1;
        let file = SourceFile { path: Arc::clone(path), text };
        let kind = classify::settle(*kind, path, &file.text);
        let parsed = parse::parse(kind, &file.text);
        seen.not_assessed.extend(not_assessed(&file, &parsed));
        seen.facts.extend(extract::extract(&file, kind, &parsed, context).all);
        if let (true, Parsed::Tree(document)) = (kind.is_linked(), parsed) {
            linked.push((file, kind, document));
        }
    }
    if !linked.is_empty() {
        let mut facts: Vec<Facts> = linked.iter().map(|(file, ..)| Facts::of(&file.path)).collect();
        extract::infrastructure::extract(&linked, &mut facts);
        seen.facts.extend(facts.into_iter().flat_map(|facts| facts.all));
    }
    seen
}

/// Adds what git's history says about the age of what was seen.
pub(crate) fn remember(request: &Request, settings: &Settings, tree: &Tree, interest: &Interest, seen: &mut Seen) {
    if request.without_history {
        return;
    }
    let context = extract::Context { tree, catalogue: Catalogue::shipped(), interest };
    let limits = &settings.limits;
    let (facts, not_assessed) = history::recall(&history::Request {
        root: &request.root,
        facts: &seen.facts,
        interest,
        today: settings.today,
        limits: history::Limits { commits: limits.history_commits, contents: limits.history_contents },
        read: &|path| read_file(&request.root, path, limits.file_bytes).ok(),
        see: &|path, bytes| see_version(path, bytes, &context),
    });
    seen.facts.extend(facts);
    seen.not_assessed.extend(not_assessed);
}

/// Extracts the facts of an earlier version of a file, which is read alone.
fn see_version(path: &Arc<str>, bytes: Vec<u8>, context: &extract::Context<'_>) -> Vec<Fact> {
    let Ok(text) = source::decode(bytes) else { return Vec::new() };
    let file = SourceFile { path: Arc::clone(path), text };
    let kind = classify::settle(classify::classify(path).unwrap_or(FileKind::Opaque), path, &file.text);
    let parsed = parse::parse(kind, &file.text);
    let mut facts = extract::extract(&file, kind, &parsed, context);
    if let (true, Parsed::Tree(document)) = (kind.is_linked(), parsed) {
        let mut linked = [facts];
        extract::infrastructure::extract(&[(file, kind, document)], &mut linked);
        return linked.into_iter().flat_map(|facts| facts.all).collect();
    }
    std::mem::take(&mut facts.all)
}

/// Looks into a file that is no text for what loading it as a model would do; of anything else only the first bytes are read.
fn see_model_file(request: &Request, path: &Arc<str>, context: &extract::Context<'_>) -> Seen {
    let mut seen = Seen::default();
    let not_assessed = |reason: String| NotAssessed { path: Arc::clone(path), line: None, reason };
    let (mut file, length) = match open_file(&request.root, path) {
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

/// True when `path` is `wanted` or lies in the folder `wanted`.
fn is_at_or_below(path: &str, wanted: &str) -> bool {
    path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || wanted.is_empty())
}

/// What the parser could not read, with lines.
fn not_assessed(file: &SourceFile, parsed: &Parsed) -> Vec<NotAssessed> {
    let faults = parsed.faults();
    if faults.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(&file.text);
    let entry = |fault: &document::Fault| NotAssessed {
        path: Arc::clone(&file.path),
        line: Some(lines.position(fault.at.start).0),
        reason: fault.reason.clone(),
    };
    faults.iter().map(entry).collect()
}

/// Opens a regular file below `root`, and says how long it is.
fn open_file(root: &Path, path: &str) -> Result<(File, u64), String> {
    let full = root.join(path);
    // Opening a pipe or a device could wait for ever: only what is a plain file is opened.
    let metadata = full.symlink_metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    let file = File::open(&full).map_err(|error| error.to_string())?;
    Ok((file, metadata.len()))
}

/// Reads the text of a regular file below `root`, up to `limit` bytes; says why it cannot.
pub(crate) fn read_file(root: &Path, path: &str, limit: u64) -> Result<String, String> {
    let (file, length) = open_file(root, path)?;
    let too_large =
        || format!("larger than the limit of {limit} bytes; raise `file-bytes` under [limits] in aimslint.toml");
    if length > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    source::decode(bytes)
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
