//! aimslint holds an AI repository against an AI security policy.
//!
//! ```text
//! discover → classify → parse → extract → history → evaluate → waive → locate → narrow → report      verbs: joined only here, and file by file in scan.rs
//!   Snapshot   FileKind  Document  Fact      Fact     Finding    Finding  Placed   Placed   Report  nouns: import only nouns to their left
//! ```
//!
//! Extractors see, policies judge, reporters tell: [`check`] is the whole story, in that order. Extractors never know a rule, the
//! judge never sees a file, and reporters see a [`Report`] alone. Nothing of the scanned repository is executed, and nothing is
//! fetched.

pub mod arguments;
pub mod baseline;
mod blame;
mod book;
pub mod catalogue;
pub mod classify;
pub mod compare;
pub mod contents;
pub mod coverage;
pub mod digest;
pub mod discover;
pub mod document;
pub mod draft;
pub mod evaluate;
pub mod examples;
pub mod explain;
pub mod extract;
pub mod fact;
mod failure;
pub mod finding;
pub mod fingerprint;
mod gather;
pub mod git;
pub mod globs;
pub mod history;
pub mod interest;
mod judge;
pub mod locate;
pub mod narrow;
mod own_files;
pub mod ownership;
mod packs;
pub mod pages;
pub mod parse;
pub mod policy;
mod prepare;
pub mod problem;
mod read_table;
pub mod register;
pub mod renew;
pub mod report;
mod request;
pub mod scaffold;
mod scan;
pub mod schema;
pub mod settings;
pub mod shell;
pub mod source;
mod standing;
pub mod table;
mod threads;
pub mod tier;
pub mod timings;
pub mod tree;
pub mod truth;
pub mod verify;
pub mod waive;
pub mod waiver;
mod written;

pub use book::PolicyBook;
pub use failure::Failure;
pub use own_files::{PACK_FILE, PACK_REVIEWED, REVIEWED};
pub use prepare::{read_baseline, read_settings_file, settings_folder, settings_of, settings_path};
pub use request::{BaselineFile, Request, SettingsFile};

use book::{cited_clauses, cited_frameworks, rule_text};
use contents::Snapshot;
use evaluate::Active;
use fact::{Fact, Seen as _};
use finding::{Compared, Comparison, Evidence, NotAssessed, Placed, Recorded, Report, State, Stated};
use gather::gather;
use git::{Base, ChangedFile};
use judge::{Bench, Rules};
use own_files::OwnFiles;
use prepare::read_settings;
use scan::secrets;
use settings::Settings;
use source::SourceFile;
use std::collections::HashSet;
use std::sync::Arc;
use threads::on_threads;
use timings::Stage;

/// Scans the repository and judges it. `progress` is told how many of how many files are done, from any thread.
///
/// # Errors
///
/// A [`Failure`] when the job could not be done; trouble with single files is in the report instead.
pub fn check(
    request: &Request,
    book: &PolicyBook,
    settings: Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Report, Settings), Failure> {
    on_threads(request, || check_here(request, book, settings, progress))?
}

fn check_here(
    request: &Request,
    book: &PolicyBook,
    mut settings: Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Report, Settings), Failure> {
    let own = OwnFiles::of(request)?;
    let settings_file = own.settings()?;
    let (register, included) = read_settings(&own, settings_file.as_ref(), request, book, &mut settings)?;
    if let Some(file) = settings_file.as_ref().filter(|_| settings.sources != book.sources) {
        return Err(Failure::OtherPolicy(file.path.to_string()));
    }
    let baseline = own.baseline()?.map(|file| Ok::<_, Failure>((read_baseline(&file)?, file.path))).transpose()?;
    let rules = Rules::of(request, book, &settings);
    let mut interest = policy::interest(rules.judged());
    history::add_sources(&mut interest);
    if register.is_shared() {
        // Which vendors of it concern this repository is told by what is used here.
        interest.kinds.insert(fact::VendorUse::kind());
    }

    let gathered = gather(request, book, &settings, &own, Arc::new(register), &interest, progress)?;
    let ai_seen = gathered.now.has_ai || request.judge_without_ai;
    let known: Vec<&str> = book.rules.keys().map(String::as_str).collect();
    let bench = Bench { request, settings: &settings, rules: &rules, known: &known };
    let mut judgement = bench.judge(&gathered.now, &gathered.found.files, &gathered.not_assessed);

    let mut reviews = book.reviews();
    reviews.retain(|id, _| rules.shown.iter().any(|active| active.rule.id() == id.as_str()));

    let found = gathered.found;
    let mut not_assessed = found.not_assessed;
    if ai_seen {
        not_assessed.extend(gathered.not_assessed);
        not_assessed.extend(judgement.not_assessed);
        // Of a rule under test it is said once, beside its cases.
        if !request.judge_without_ai {
            not_assessed.extend(judge::unreviewed(&reviews));
        }
    } else {
        // The sign of AI that is missing may stand in what was not read at all. Faults within files that were read stay untold.
        not_assessed.extend(gathered.not_assessed.into_iter().filter(|part| part.line.is_none()));
    }
    not_assessed.sort();
    not_assessed.dedup();
    let baseline = baseline.map(|(baseline, path)| {
        let whole = ai_seen && request.paths.is_none();
        let judged = judged_entries(book, &rules.shown, &not_assessed);
        let set_aside = || waive::set_aside(&mut judgement.findings, &baseline, |entry| whole && judged(entry));
        let mended = request.timings.measure(Stage::Waive, String::new, set_aside);
        Comparison { path: path.to_string(), mended }
    });

    let limit = settings.limits.file_bytes;
    // The register may stand above the scanned root, or be taken from another version.
    let register_files: Vec<SourceFile> = settings_file.into_iter().chain(included).collect();
    let mut read = |path: &str| match register_files.iter().find(|file| *file.path == *path) {
        Some(file) => Some(file.text.clone()),
        None => found.files.contents.read(path, limit).ok(),
    };
    let secrets = secrets(&gathered.now.facts);
    let mut findings =
        request.timings.measure(Stage::Locate, String::new, || locate::locate(judgement.findings, &secrets, &mut read));
    let mut statements: Vec<Stated> = gathered.now.register.facts.all.iter().filter_map(Stated::of).collect();
    let evidence = judgement.looked_at.values_mut().flat_map(|looked_at| &mut looked_at.evidence);
    let evidence = evidence.chain(statements.iter_mut().map(|stated| &mut stated.at));
    let undated =
        request.evidence.then(|| tell(request, &settings, &found.files, evidence.collect(), &mut read)).flatten();
    let compared = found.base.as_ref().zip(gathered.before).map(|(base, before)| {
        let all = open(&findings);
        let old = bench.judge(&before, &base.files, &not_assessed).findings;
        let mut written = |file: &ChangedFile| written_lines(file, base, &found.files, limit);
        let narrow = || narrow::narrow(std::mem::take(&mut findings), &old, base, &mut written);
        findings = request.timings.measure(Stage::Narrow, String::new, narrow);
        Compared { base: base.name.clone(), older: all - open(&findings) }
    });
    let report = Report {
        findings,
        not_assessed,
        rules: rules
            .shown
            .iter()
            .map(|active| (active.rule.text.id.clone(), rule_text(*active, &settings.rules)))
            .collect(),
        reviews,
        off: settings.rules.off().map(|(id, at)| (id.to_owned(), at.to_owned())).collect(),
        clauses: cited_clauses(&rules.shown, &book.controls),
        frameworks: cited_frameworks(&rules.shown, &book.controls),
        files_seen: found.files.tree.files.iter().filter(|path| request.is_about(path)).count(),
        files_read: gathered.files_read,
        ai_seen,
        looked_at: judgement.looked_at,
        kinds: judgement.kinds,
        provenance: found.provenance,
        compared,
        baseline,
        waivers: judgement.waivers,
        statements,
        undated,
    };
    Ok((report, settings))
}

/// Tells where evidence stands and since when; why the days are not known, where they are not.
fn tell(
    request: &Request,
    settings: &Settings,
    files: &Snapshot,
    mut evidence: Vec<&mut Evidence>,
    read: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    locate::locate_evidence(evidence.iter_mut().map(|evidence| &mut **evidence), read);
    if request.without_history {
        return None;
    }
    history::date(&request.root, evidence.into_iter(), &files.contents, settings.limits.history_commits)
}

/// How many of these findings nothing sets aside.
fn open(findings: &[Placed]) -> usize {
    findings.iter().filter(|placed| placed.finding.state == State::Open).count()
}

/// Everything that is seen in the repository, judged by nobody: for those who write rules.
///
/// # Errors
///
/// A [`Failure`] when the job could not be done.
pub fn facts(request: &Request, book: &PolicyBook, settings: Settings) -> Result<Vec<Fact>, Failure> {
    on_threads(request, || facts_here(request, book, settings))?
}

fn facts_here(request: &Request, book: &PolicyBook, mut settings: Settings) -> Result<Vec<Fact>, Failure> {
    let own = OwnFiles::of(request)?;
    let (register, _) = read_settings(&own, own.settings()?.as_ref(), request, book, &mut settings)?;
    let mut interest = policy::interest(book.rules.values());
    interest.kinds.insert(fact::Change::kind());
    history::add_sources(&mut interest);
    let mut facts = gather(request, book, &settings, &own, Arc::new(register), &interest, &|_, _| {})?.now.facts;
    facts.sort_by(|a, b| (&a.path, a.at, a.kind, &a.subject).cmp(&(&b.path, b.at, b.kind, &b.subject)));
    Ok(facts)
}

/// The lines that a change wrote into a file. Where the text of before cannot be read, every line counts as written.
fn written_lines(file: &ChangedFile, base: &Base, now: &Snapshot, limit: u64) -> Vec<std::ops::Range<usize>> {
    let read = |files: &Snapshot, path: &Option<Arc<str>>| files.contents.read(path.as_deref()?, limit).ok();
    let old = read(&base.files, &file.old).unwrap_or_default();
    read(now, &file.new).map_or_else(Vec::new, |new| git::written_lines(&old, &new))
}

/// Which entries of a baseline a run over the whole repository has judged: those of rules that ran, or are no more, in files
/// that were read.
fn judged_entries(
    book: &PolicyBook,
    active: &[Active<'_>],
    not_assessed: &[NotAssessed],
) -> impl Fn(&Recorded) -> bool {
    let ran: HashSet<&str> = active.iter().map(|active| active.rule.text.id.as_str()).collect();
    let unread: HashSet<&str> = not_assessed.iter().map(|entry| &*entry.path).collect();
    move |entry| {
        let rule = entry.rule.as_str();
        (ran.contains(rule) || !book.rules.contains_key(rule)) && !unread.contains(entry.path.as_str())
    }
}
