//! aimslint holds an AI repository against an AI security policy.
//!
//! ```text
//! discover → classify → parse → extract → evaluate → waive → locate → report      verbs: joined only here
//!   Tree       FileKind  Document  Fact     Finding    Finding  Placed    Report  nouns: import only nouns to their left
//! ```
//!
//! Extractors see, policies judge, reporters tell: [`check`] is the whole story, in that order. Extractors never know a rule, the
//! judge never sees a file, and reporters see a [`Report`] alone. Nothing of the scanned repository is executed, and nothing is
//! fetched.

pub mod activities;
pub mod arguments;
pub mod catalogue;
pub mod classify;
pub mod discover;
pub mod document;
pub mod evaluate;
pub mod explain;
pub mod extract;
pub mod fact;
pub mod finding;
pub mod fingerprint;
pub mod interest;
pub mod locate;
pub mod parse;
pub mod policy;
pub mod problem;
pub mod register;
pub mod report;
pub mod servers;
pub mod settings;
pub mod shell;
pub mod source;
pub mod table;
pub mod tree;
pub mod verify;
pub mod waive;

use catalogue::Catalogue;
use document::{Document, FileKind, Parsed};
use evaluate::Active;
use fact::{Fact, Facts};
use finding::{Framework, NotAssessed, Report, RuleText};
use interest::Interest;
use policy::{Controls, Environment, Must, Rule};
use problem::{Problem, Problems};
use rayon::prelude::*;
use register::Register;
use settings::{Profile, Setting, Settings};
use source::{Lines, SourceFile, folder};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use table::Table;
use tree::Tree;

/// The rules that the product ships: path and text of each.
const SHIPPED_RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

const CLAUSES: &str = include_str!("../policies/catalogue/clauses.toml");
const CONTROLS: &str = include_str!("../policies/catalogue/controls.toml");

/// Why a run could not do its job: exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Rules or settings have faults.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    /// A path that the user named is not there.
    #[error("{}: no such file or folder", .0.display())]
    NoSuchPath(PathBuf),
    /// A path lies outside of the folder that is scanned.
    #[error("{}: lies outside of {}; run aimslint from the repository's root", .path.display(), .root.display())]
    OutsideRoot {
        /// The path.
        path: PathBuf,
        /// The folder.
        root: PathBuf,
    },
    /// A file that is needed cannot be read.
    #[error("{}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A name that the user typed is neither a rule nor a clause.
    #[error("{0}")]
    UnknownName(String),
    /// Threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Where the settings of a run stand.
#[derive(Debug, Default)]
pub enum SettingsFile {
    /// `aimslint.toml` in the root, or above it in the same git repository.
    #[default]
    Nearest,
    /// This file.
    At(PathBuf),
    /// Nowhere.
    None,
}

/// Which part of the policy and of the repository a run is about.
#[derive(Debug, Default)]
pub struct Request {
    /// The folder that is scanned; every path is told from here.
    pub root: PathBuf,
    /// Only these files and folders, told from the root; `None` for all.
    pub paths: Option<Vec<String>>,
    /// The settings file.
    pub settings: SettingsFile,
    /// Overrides the profile of the settings.
    pub profile: Option<Profile>,
    /// Only rules of these ids or families (`family/*`); empty for all.
    pub only: Vec<String>,
    /// How many threads; `None` for one for each processor.
    pub threads: Option<usize>,
    /// Judge also when nothing shows that the repository has to do with AI: for rules under test.
    pub judge_without_ai: bool,
}

/// The rules and catalogues that are loaded, checked.
#[derive(Debug, Default)]
pub struct PolicyBook {
    /// Rules by id.
    pub rules: BTreeMap<String, Rule>,
    /// Clauses and controls.
    pub controls: Controls,
}

impl PolicyBook {
    /// The policy that the product ships.
    ///
    /// # Errors
    ///
    /// Every fault of every file; the product's tests see to it that there is none.
    pub fn shipped() -> Result<Self, Failure> {
        Self::load(SHIPPED_RULES.iter().map(|(path, text)| SourceFile::new(*path, *text)))
    }

    /// Rules from files whose paths end in `family/name.toml`.
    ///
    /// # Errors
    ///
    /// Every fault of every file.
    pub fn load(files: impl IntoIterator<Item = SourceFile>) -> Result<Self, Failure> {
        let mut book = Self::default();
        let mut faults = Vec::new();
        let clauses = SourceFile::new("policies/catalogue/clauses.toml", CLAUSES);
        faults.extend(read_toml(&clauses, |root, problems| book.controls.read_clauses(root, problems)));
        let controls = SourceFile::new("policies/catalogue/controls.toml", CONTROLS);
        faults.extend(read_toml(&controls, |root, problems| book.controls.read_frameworks(root, problems)));
        for file in files {
            let id = rule_id(&file.path);
            let (rules, controls) = (&mut book.rules, &book.controls);
            faults.extend(read_toml(&file, |root, problems| {
                rules.extend(policy::rule(&id, root, controls, problems).map(|rule| (id.clone(), rule)));
            }));
        }
        if faults.is_empty() { Ok(book) } else { Err(Failure::Problems(faults)) }
    }
}

/// `policies/bias/missing-bias-section.toml` is the rule `bias/missing-bias-section`.
fn rule_id(path: &str) -> String {
    let stem = path.strip_suffix(".toml").unwrap_or(path);
    let family = source::file_name(folder(stem));
    format!("{family}/{}", source::file_name(stem))
}

/// Parses a TOML file of ours and reads it; gives every problem of both.
fn read_toml(file: &SourceFile, read: impl FnOnce(&document::Node, &mut Problems<'_>)) -> Vec<Problem> {
    let mut problems = Problems::of(file);
    let document = parse::toml::parse(&file.text);
    for fault in &document.faults {
        problems.add(fault.at, fault.reason.clone());
    }
    // A file that does not parse has lost keys: what would be said of them is not to be trusted.
    if problems.all.is_empty()
        && let Some(root) = document.root()
    {
        read(root, &mut problems);
    }
    problems.all
}

/// Scans the repository and judges it. `progress` is told how many of how many files are done, from any thread.
///
/// # Errors
///
/// A [`Failure`] when the job could not be done; trouble with single files is in the report instead.
pub fn check(
    request: &Request,
    book: &PolicyBook,
    mut settings: Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Report, Settings), Failure> {
    let register = read_settings(request, book, &mut settings)?;
    let active = active_rules(request, book, &settings);
    let interest = policy::interest(active.iter().map(|active| active.rule));

    let found = discover::discover(&request.root, &settings);
    let mut seen = see(request, &settings, &found.tree, &interest, progress)?;
    let repository = extract::repository::summarise(&seen.facts, &register);
    let ai_seen = request.judge_without_ai || repository.all.iter().any(|fact| fact.text("ai") == "yes");
    seen.facts.extend(repository.all);
    seen.facts.extend(register.facts.all);

    let environment = Environment {
        today: settings.today,
        vendors_declared: register.vendors > 0,
        systems_declared: register.systems > 0,
    };
    let judged = if ai_seen { active.as_slice() } else { &[] };
    let mut judgement = evaluate::evaluate(judged, &seen.facts, &environment);
    waive::waive(&mut judgement.findings, &register.waivers, settings.today);

    let limit = settings.limits.file_bytes;
    let findings = locate::locate(judgement.findings, &secrets(&seen.facts), &mut |path| {
        read_file(&request.root, path, limit).ok()
    });
    let mut not_assessed = found.not_assessed;
    if ai_seen {
        not_assessed.extend(seen.not_assessed);
        not_assessed.extend(judgement.not_assessed);
    }
    not_assessed.sort();
    not_assessed.dedup();
    let report = Report {
        findings,
        not_assessed,
        rules: active.iter().map(|active| (active.rule.id.clone(), rule_text(*active))).collect(),
        clauses: cited_clauses(&active, &book.controls),
        frameworks: cited_frameworks(&active, &book.controls),
        files_seen: found.tree.files.len(),
        files_read: seen.files_read,
        ai_seen,
        applied: judgement.applied,
        provenance: found.provenance,
    };
    Ok((report, settings))
}

/// Everything that is seen in the repository, judged by nobody: for those who write rules.
///
/// # Errors
///
/// A [`Failure`] when the job could not be done.
pub fn facts(request: &Request, book: &PolicyBook, mut settings: Settings) -> Result<Vec<Fact>, Failure> {
    let register = read_settings(request, book, &mut settings)?;
    let interest = policy::interest(book.rules.values());
    let found = discover::discover(&request.root, &settings);
    let mut facts = see(request, &settings, &found.tree, &interest, &|_, _| {})?.facts;
    facts.extend(extract::repository::summarise(&facts, &register).all);
    facts.extend(register.facts.all);
    facts.sort_by(|a, b| (&a.path, a.at, a.kind, &a.subject).cmp(&(&b.path, b.at, b.kind, &b.subject)));
    Ok(facts)
}

/// Reads the settings file into `settings`; gives the register that it holds.
fn read_settings(request: &Request, book: &PolicyBook, settings: &mut Settings) -> Result<Register, Failure> {
    let mut register = Register::empty(&settings::FILE_NAME.into());
    if let Some((path, shown)) = settings_path(request) {
        let text = std::fs::read_to_string(&path).map_err(|error| Failure::Unreadable { path, error })?;
        let file = SourceFile::new(shown, text);
        let ids: Vec<&str> = book.rules.keys().map(String::as_str).collect();
        register = Register::empty(&file.path);
        let faults = read_toml(&file, |root, problems| {
            let table = Table::root(root);
            settings.read(&table, &ids, problems);
            register.read(&table, &ids, problems);
            table.finish(problems);
        });
        if !faults.is_empty() {
            return Err(Failure::Problems(faults));
        }
    }
    settings.profile = request.profile.unwrap_or(settings.profile);
    Ok(register)
}

/// The settings file and how it is told: from the root, with `../` when it stands above, or as the user named it.
fn settings_path(request: &Request) -> Option<(PathBuf, String)> {
    match &request.settings {
        SettingsFile::None => None,
        SettingsFile::At(path) => {
            let inside = path.strip_prefix(&request.root).ok().and_then(discover::slashed);
            Some((path.clone(), inside.unwrap_or_else(|| path.to_string_lossy().replace('\\', "/"))))
        }
        SettingsFile::Nearest => {
            let root = request.root.canonicalize().ok()?;
            // Outside of a git repository nothing says how far up is still the same project.
            let top = root.ancestors().position(|folder| folder.join(".git").exists()).unwrap_or(0);
            let mut candidates =
                root.ancestors().take(top + 1).map(|folder| folder.join(settings::FILE_NAME)).enumerate();
            let (above, path) = candidates.find(|(_, path)| path.is_file())?;
            Some((path, format!("{}{}", "../".repeat(above), settings::FILE_NAME)))
        }
    }
}

/// The rules that run, with their levels.
fn active_rules<'a>(request: &Request, book: &'a PolicyBook, settings: &Settings) -> Vec<Active<'a>> {
    let wanted = |rule: &Rule| {
        request.only.is_empty()
            || request.only.iter().any(|only| *only == rule.id || only.strip_suffix("/*") == Some(rule.family()))
    };
    let needs_whole_repository = |rule: &Rule| match &rule.must {
        Must::Hold { .. } => rule.each.kind.spec().name == "repository",
        Must::Exist(other) | Must::NotExist(other) => other.kind.spec().name != "registered-vendor",
    };
    book.rules
        .values()
        .filter(|rule| wanted(rule))
        .filter(|rule| request.paths.is_none() || !needs_whole_repository(rule))
        .filter_map(|rule| match settings.rules.get(&rule.id) {
            Some(Setting::Off) => None,
            Some(Setting::At(level)) => Some(Active { rule, level: *level }),
            None => {
                let runs = settings.profile == Profile::Audit
                    || rule.confidence == policy::Confidence::High
                    || !request.only.is_empty();
                runs.then_some(Active { rule, level: rule.level })
            }
        })
        .collect()
}

/// What was seen in the files.
#[derive(Debug, Default)]
struct Seen {
    facts: Vec<Fact>,
    not_assessed: Vec<NotAssessed>,
    files_read: usize,
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
fn see(
    request: &Request,
    settings: &Settings,
    tree: &Tree,
    interest: &Interest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Seen, Failure> {
    let context = extract::Context { tree, catalogue: Catalogue::shipped(), interest };
    let wanted =
        |path: &str| request.paths.as_ref().is_none_or(|paths| paths.iter().any(|wanted| is_at_or_below(path, wanted)));
    // Files of one Terraform module are read together; every other file is a group of its own.
    let mut groups: Vec<Vec<(Arc<str>, FileKind)>> = Vec::new();
    let mut modules: BTreeMap<&str, Vec<(Arc<str>, FileKind)>> = BTreeMap::new();
    for path in &tree.files {
        match classify::classify(path) {
            Some(FileKind::Terraform) => {
                modules.entry(folder(path)).or_default().push((Arc::clone(path), FileKind::Terraform));
            }
            Some(kind) if wanted(path) => groups.push(vec![(Arc::clone(path), kind)]),
            _ => {}
        }
    }
    // Of one file nothing could be said without the others of its module: they are read too, and left out below.
    groups.extend(modules.into_values().filter(|module| module.iter().any(|(path, _)| wanted(path))));

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
    seen.facts.retain(|fact| wanted(&fact.path));
    seen.not_assessed.retain(|part| wanted(&part.path));
    Ok(seen)
}

/// Reads a file, or the files of one Terraform module, and extracts their facts.
fn see_together(
    request: &Request,
    settings: &Settings,
    group: &[(Arc<str>, FileKind)],
    context: &extract::Context<'_>,
) -> Seen {
    let mut seen = Seen::default();
    let mut module: Vec<(SourceFile, Document)> = Vec::new();
    for (path, kind) in group {
        let text = match read_file(&request.root, path, settings.limits.file_bytes) {
            Ok(text) => text,
            Err(reason) => {
                if *kind == FileKind::Terraform {
                    // The extractor has to know that the module is read in part.
                    let fault = document::Fault::new(source::Span::default(), reason.as_str());
                    let unread = Document { roots: Vec::new(), faults: vec![fault] };
                    module.push((SourceFile::new(Arc::clone(path), ""), unread));
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
        if let (FileKind::Terraform, Parsed::Tree(document)) = (kind, parsed) {
            module.push((file, document));
        }
    }
    if !module.is_empty() {
        let mut facts: Vec<Facts> = module.iter().map(|(file, _)| Facts::of(&file.path)).collect();
        extract::terraform::extract(&module, context, &mut facts);
        seen.facts.extend(facts.into_iter().flat_map(|facts| facts.all));
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

/// Reads a regular file below `root` as UTF-8, up to `limit` bytes; says why it cannot.
fn read_file(root: &Path, path: &str, limit: u64) -> Result<String, String> {
    let full = root.join(path);
    // Opening a pipe or a device could wait for ever: only what is a plain file is opened.
    let metadata = full.symlink_metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    let too_large =
        || format!("larger than the limit of {limit} bytes; raise `file-bytes` under [limits] in aimslint.toml");
    if metadata.len() > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    let file = File::open(&full).map_err(|error| error.to_string())?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    String::from_utf8(bytes).map_err(|error| format!("not UTF-8 from byte {}", error.utf8_error().valid_up_to()))
}

/// Where secrets stand, so that no output shows them.
fn secrets(facts: &[Fact]) -> locate::Secrets {
    let mut secrets = locate::Secrets::new();
    for fact in facts.iter().filter(|fact| fact.kind.spec().name == "secret") {
        if let Some(span) = fact.location_of("shown").span() {
            secrets.entry(Arc::clone(&fact.path)).or_default().push(span);
        }
    }
    secrets
}

fn rule_text(active: Active<'_>) -> RuleText {
    let rule = active.rule;
    RuleText {
        id: rule.id.clone(),
        title: rule.title.clone(),
        level: active.level,
        confidence: rule.confidence.name(),
        clauses: rule.clauses.clone(),
        controls: rule.controls.clone(),
        why: rule.why.clone(),
        fix: rule.fix.clone(),
        blind: rule.blind.clone(),
        references: rule.references.clone(),
    }
}

fn cited_clauses(active: &[Active<'_>], controls: &Controls) -> BTreeMap<String, String> {
    let cited = active.iter().flat_map(|active| &active.rule.clauses);
    cited.filter_map(|id| controls.clauses.get(id).map(|clause| (id.clone(), clause.text.clone()))).collect()
}

fn cited_frameworks(active: &[Active<'_>], controls: &Controls) -> Vec<Framework> {
    let mut cited: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (framework, control) in
        active.iter().flat_map(|active| &active.rule.controls).filter_map(|citation| citation.split_once(':'))
    {
        let title = controls.framework(framework).and_then(|framework| framework.title_of(control)).unwrap_or_default();
        cited.entry(framework).or_default().insert(control, title);
    }
    let of = |framework: &policy::controls::ControlFramework| {
        let cited = cited.get(framework.id.as_str())?;
        let controls = cited.iter().map(|(id, title)| ((*id).to_owned(), (*title).to_owned())).collect();
        Some(Framework { id: framework.id.clone(), title: framework.title.clone(), controls })
    };
    controls.frameworks.iter().filter_map(of).collect()
}
