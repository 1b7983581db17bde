//! Everything that rules are held against: the facts of the judged files, of the register, and, where a change is judged, of its base.

use crate::catalogue::Catalogue;
use crate::contents::Snapshot;
use crate::discover::{self, Discovery};
use crate::document::FileKind;
use crate::fact::{Change, Fact, Facts, PolicyChange, Seen as _};
use crate::finding::NotAssessed;
use crate::git::{Base, Kept};
use crate::history::{Start, mark_range};
use crate::interest::Interest;
use crate::own_files::{OwnFiles, Touched};
use crate::ownership::Ownership;
use crate::prepare::read_settings;
use crate::register::Register;
use crate::scan::{remember, see, see_base};
use crate::settings::{FILE_NAME, Settings};
use crate::source::SourceFile;
use crate::timings::Stage;
use crate::tree::Tree;
use crate::waiver::Waiver;
use crate::{Failure, PolicyBook, Request, compare, extract, parse};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was gathered.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// The files.
    pub found: Discovery,
    /// All facts of now, and what changed.
    pub now: Moment,
    /// All facts of the base; `None` when no change is judged.
    pub before: Option<Moment>,
    /// What could not be read for facts.
    pub not_assessed: Vec<NotAssessed>,
    /// How many files were read.
    pub files_read: usize,
}

/// The facts of one moment.
#[derive(Debug)]
pub(crate) struct Moment {
    /// Facts of files, of the register and of the repository as a whole.
    pub facts: Vec<Fact>,
    /// Waivers that stand beside what they cover.
    pub inline: Vec<Waiver>,
    /// There is a sign of AI.
    pub has_ai: bool,
    /// The register.
    pub register: Arc<Register>,
}

/// Finds and reads files, today's and those of the base.
pub(crate) fn gather(
    request: &Request,
    book: &PolicyBook,
    settings: &Settings,
    own: &OwnFiles<'_>,
    register: Arc<Register>,
    interest: &Interest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Gathered, Failure> {
    let lists = own.trusted_lists()?;
    let timings = &request.timings;
    let discover = || discover::discover(&request.root, settings, lists.as_deref(), request.range.as_ref());
    let found = timings.measure(Stage::Discover, String::new, discover)?;
    let mut seen = see(request, settings, &found.files, None, interest, progress);
    let read = |path: &str| found.files.contents.read(path, settings.limits.file_bytes).ok();
    let unagreed = own.take_unagreed(&mut seen.waivers, read);
    let mut before = None;
    if let Some(base) = &found.base {
        let old = see_base(request, settings, base, &seen, interest);
        seen.not_assessed.extend(old.not_assessed);
        let its_register = register_of_base(request, book, settings, base);
        let its_register = its_register.map_or_else(|| Arc::clone(&register), Arc::new);
        before = Some(Moment::of(old.facts, old.waivers, its_register, &base.files, settings));
    }
    let join = || Moment::of(seen.facts, seen.waivers, register, &found.files, settings);
    let mut now = timings.measure(Stage::Join, String::new, join);
    // Comparing reads each changed file on both sides again.
    if let (Some(base), Some(before), true) = (&found.base, &before, interest.wants(Change::kind())) {
        now.facts.extend(compare::changes(&before.facts, &now.facts, base, &found.files, settings.limits.file_bytes));
    }
    now.facts.extend(policy_changes(own, unagreed)?);
    if now.has_ai || request.judge_without_ai {
        let mut remember = |files: &Snapshot, start: Start, facts: &mut Vec<Fact>| {
            let remember = || remember(request, settings, files, start, interest, facts);
            seen.not_assessed.extend(timings.measure(Stage::History, String::new, remember));
        };
        remember(&found.files, Start::Now, &mut now.facts);
        if let (Some(base), Some(before)) = (&found.base, &mut before) {
            remember(&base.files, Start::Commit(base.commit), &mut before.facts);
            mark_range(&before.facts, &mut now.facts);
        }
    }
    Ok(Gathered { found, now, before, not_assessed: seen.not_assessed, files_read: seen.files_read })
}

impl Moment {
    /// Adds to the facts of files what only all of them together say, and the register.
    fn of(
        mut facts: Vec<Fact>,
        inline: Vec<Waiver>,
        register: Arc<Register>,
        files: &Snapshot,
        settings: &Settings,
    ) -> Self {
        extract::dependency::join_locks(&mut facts);
        extract::build::join(&mut facts);
        extract::vendor_resource::join(&mut facts, Catalogue::shipped());
        extract::vendor_choice::join(&mut facts);
        let register = {
            let used: BTreeSet<&str> = facts.iter().flat_map(extract::register::uses).collect();
            register.of_repository(&files.tree, &settings.below, &used)
        };
        let repository = extract::repository::summarise(&facts, &register, settings.today).all;
        let has_ai = repository.iter().any(|fact| fact.text("ai") == "yes");
        facts.extend(repository);
        facts.extend(register.facts.all.iter().cloned());
        extract::agreement::join(&mut facts);
        let read = |path: &str| files.contents.read(path, settings.limits.file_bytes).ok();
        let files = extract::register::Files { tree: &files.tree, excluded: &settings.exclude, read: &read };
        let records = extract::register::join(&mut facts, &files);
        facts.extend(records);
        Self { facts, inline, has_ai, register }
    }
}

/// The register as it was at the base; `None` where the run takes its register from elsewhere.
fn register_of_base(request: &Request, book: &PolicyBook, settings: &Settings, base: &Base) -> Option<Register> {
    if request.policy_from.is_some() {
        return None;
    }
    let Some(kept) = base.commit.map(Kept::Commit) else { return Some(Register::empty(&FILE_NAME.into())) };
    // A register that could not be read then has declared nothing.
    let read = |own: OwnFiles<'_>| {
        read_settings(&own, own.settings()?.as_ref(), request, book, &mut Settings::new(settings.today))
    };
    let register = OwnFiles::at(request, kept).and_then(read).map(|(register, _)| register);
    Some(register.unwrap_or_else(|_| Register::empty(&FILE_NAME.into())))
}

/// What the judged files change of those by which the gate is set, where these are taken from a commit; `unagreed` are waivers within
/// them.
fn policy_changes(own: &OwnFiles<'_>, unagreed: Vec<Touched>) -> Result<Vec<Fact>, Failure> {
    let mut touched = own.touched()?;
    touched.extend(unagreed);
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    let ownership = own.trusted_owners()?.map(|file| Ownership::of(&owner_facts(&file))).unwrap_or_default();
    let seen = touched.into_iter().flat_map(|touched| {
        let owners = ownership.owners(&touched.path).to_vec();
        let approval = match owners.join(", ") {
            nobody if nobody.is_empty() => "of whoever answers for the policy; CODEOWNERS names nobody".to_owned(),
            owners => format!("of {owners}"),
        };
        let change = PolicyChange {
            file: touched.purpose.into(),
            how: touched.how.into(),
            owners: owners.into(),
            approval: approval.into(),
        };
        let mut facts = Facts::of(&touched.shown.into());
        match touched.at {
            Some(at) => facts.add(touched.path, at, change),
            None => facts.add_whole(touched.path, change),
        }
        facts.all
    });
    Ok(seen.collect())
}

/// The lines of a list of owners, as facts.
fn owner_facts(file: &SourceFile) -> Vec<Fact> {
    let tree = Tree::of([Arc::clone(&file.path)].into());
    let context = extract::Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
    let kind = FileKind::PatternList;
    extract::extract(file, kind, &parse::parse(kind, &file.text), &context).all
}
