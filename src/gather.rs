//! Everything that rules are held against: the facts of the judged files, of the register, and, where a change is judged, of its base.

use crate::compare;
use crate::contents::Snapshot;
use crate::discover::{self, Discovery};
use crate::extract;
use crate::fact::Fact;
use crate::finding::NotAssessed;
use crate::history::Start;
use crate::interest::Interest;
use crate::register::Register;
use crate::scan::{remember, see, see_base};
use crate::settings::Settings;
use crate::{Failure, Request};

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
    /// There is a sign of AI.
    pub has_ai: bool,
}

/// Finds and reads files, today's and those of the base.
pub(crate) fn gather(
    request: &Request,
    settings: &Settings,
    register: &Register,
    interest: &Interest,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Gathered, Failure> {
    let found = discover::discover(&request.root, settings, request.range.as_ref())?;
    let mut seen = see(request, settings, &found.files, None, interest, progress)?;
    let mut before = None;
    if let Some(base) = &found.base {
        let old = see_base(request, settings, base, &seen.facts, interest)?;
        seen.not_assessed.extend(old.not_assessed);
        before = Some(Moment::of(old.facts, register));
    }
    let mut now = Moment::of(seen.facts, register);
    if let (Some(base), Some(before)) = (&found.base, &before) {
        now.facts.extend(compare::changes(&before.facts, &now.facts, base, &found.files, settings.limits.file_bytes));
    }
    if now.has_ai || request.judge_without_ai {
        let mut remember = |files: &Snapshot, start: Start, facts: &mut Vec<Fact>| {
            seen.not_assessed.extend(remember(request, settings, files, start, interest, facts));
        };
        remember(&found.files, Start::Now, &mut now.facts);
        if let (Some(base), Some(before)) = (&found.base, &mut before) {
            remember(&base.files, Start::Commit(base.commit), &mut before.facts);
        }
    }
    Ok(Gathered { found, now, before, not_assessed: seen.not_assessed, files_read: seen.files_read })
}

impl Moment {
    /// Adds to the facts of files what only all of them together say, and the register.
    fn of(mut facts: Vec<Fact>, register: &Register) -> Self {
        extract::dependency::join_locks(&mut facts);
        let repository = extract::repository::summarise(&facts, register).all;
        let has_ai = repository.iter().any(|fact| fact.text("ai") == "yes");
        facts.extend(repository);
        facts.extend(register.facts.all.iter().cloned());
        Self { facts, has_ai }
    }
}
