//! What a run needs: the settings file as checked, joined with what the user typed.

mod rules;
mod sources;

pub use rules::{RuleSetting, RuleSettings, Setting};
pub use sources::Sources;

use crate::finding::Level;
use crate::globs::{Globs, with_all_below};
use crate::policy::Rule;
use crate::problem::{Problems, unknown};
use crate::table::Table;
use crate::waiver::{self, Waiver};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Name of the settings file.
pub const FILE_NAME: &str = "aimslint.toml";

/// How much of the policy is held against the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Rules that are nearly always right: for a gate.
    Gate,
    /// Every rule.
    Audit,
}

impl Profile {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Audit => "audit",
        }
    }
}

/// From which level on findings make the run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings too.
    Warning,
    /// Notes too.
    Note,
    /// Nothing.
    Never,
}

impl FailOn {
    /// True when a finding of this level makes the run fail.
    #[must_use]
    pub fn includes(self, level: Level) -> bool {
        match self {
            Self::Error => level >= Level::Error,
            Self::Warning => level >= Level::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}

/// What an inline waiver can be made to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Its last day.
    Until,
    /// Why.
    Reason,
    /// Who decided.
    Approver,
    /// Where it was decided.
    Ticket,
}

impl Term {
    /// The terms by the words for them, which are those of the register too.
    pub const ALL: &'static [(&'static str, Self)] =
        &[("until", Self::Until), ("reason", Self::Reason), ("approver", Self::Approver), ("ticket", Self::Ticket)];
}

/// What is demanded of waivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverTerms {
    /// For how many days a breach of each level may be waived: error, warning, note.
    longest_days: [u64; 3],
    /// Inline waivers are allowed.
    pub inline: bool,
    /// What an inline waiver must say. One of the register must say everything.
    pub inline_needs: Vec<Term>,
}

impl Default for WaiverTerms {
    fn default() -> Self {
        Self { longest_days: [90, 180, 365], inline: true, inline_needs: vec![Term::Until, Term::Reason] }
    }
}

impl WaiverTerms {
    /// For how many days a breach of this level may be waived.
    #[must_use]
    pub fn longest(&self, level: Level) -> i64 {
        let [error, warning, note] = self.longest_days;
        let days = match level {
            Level::Error => error,
            Level::Warning => warning,
            Level::Note => note,
        };
        i64::try_from(days).unwrap_or(i64::MAX)
    }

    /// An inline waiver with what it lacks as its faults. `rules` are the ids that it may name.
    #[must_use]
    pub fn held_to(&self, waiver: &Waiver, rules: &[&str]) -> Waiver {
        let mut held = waiver.clone();
        if !waiver.faults.is_empty() {
            return held;
        }
        if !self.inline {
            held.faults.push("waivers beside the code are not allowed here: see [waivers] in aimslint.toml".to_owned());
        }
        if !waiver::is_known(&waiver.rule, rules) {
            held.faults.push(unknown("rule", &waiver.rule, rules.iter().copied()));
        }
        for (word, term) in Term::ALL {
            let is_said = match term {
                Term::Until => waiver.until.is_some(),
                Term::Reason => !waiver.reason.is_empty(),
                Term::Approver => !waiver.approver.is_empty(),
                Term::Ticket => !waiver.ticket.is_empty(),
            };
            if self.inline_needs.contains(term) && !is_said {
                held.faults.push(match term {
                    Term::Reason => "it must say why, behind its terms".to_owned(),
                    Term::Until => "it must say its last day: until=2027-01-31".to_owned(),
                    Term::Approver | Term::Ticket => format!("it must say its {word}: {word}=..."),
                });
            }
        }
        held
    }

    fn read(&mut self, table: &Table<'_>, problems: &mut Problems<'_>) {
        if let Some(days) = table.table("longest-days", problems) {
            for (key, limit) in ["error", "warning", "note"].into_iter().zip(&mut self.longest_days) {
                if let Some(days) = days.number(key, problems) {
                    *limit = days.value;
                }
            }
            days.finish(problems);
        }
        if let Some(inline) = table.flag("inline", problems) {
            self.inline = inline.value;
        }
        if table.has("inline-needs") {
            self.inline_needs.clear();
        }
        for word in table.texts("inline-needs", problems) {
            match Term::ALL.iter().find(|(known, _)| *known == word.value) {
                Some((_, term)) => self.inline_needs.push(*term),
                None => problems.add_unknown(word.at, "term", &word.value, Term::ALL.iter().map(|(known, _)| *known)),
            }
        }
        table.finish(problems);
    }
}

/// How much is read: reaching a limit is reported, never silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Files of the whole tree.
    pub files: usize,
    /// Commits that are walked to learn how old documents are.
    pub history_commits: usize,
    /// Versions of files that are compared on the way.
    pub history_contents: usize,
    /// Pairs of facts that one rule looks at.
    pub pairs: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            files: 1_000_000,
            history_commits: 100_000,
            history_contents: 20_000,
            pairs: 1_000_000,
        }
    }
}

/// The settings of a run.
#[derive(Debug)]
pub struct Settings {
    /// Where the scanned folder lies, told from the folder from which settings tell paths; empty where both are the same.
    pub below: Arc<str>,
    /// Paths that are left out.
    pub exclude: Globs,
    /// How much of the policy is held against the repository.
    pub profile: Profile,
    /// From which level on findings make the run fail.
    pub fail_on: FailOn,
    /// Where the organisation's own policy stands.
    pub sources: Sources,
    /// Rules that are off, or run at another level or with other parameters.
    pub rules: RuleSettings,
    /// How much is read.
    pub limits: Limits,
    /// What is demanded of waivers.
    pub waivers: WaiverTerms,
    /// The day that counts as today.
    pub today: Date,
}

impl Settings {
    /// The settings of a run without a settings file on the day `today`.
    #[must_use]
    pub fn new(today: Date) -> Self {
        Self {
            below: "".into(),
            exclude: Globs::default(),
            profile: Profile::Gate,
            fail_on: FailOn::Error,
            sources: Sources::default(),
            rules: RuleSettings::default(),
            limits: Limits::default(),
            waivers: WaiverTerms::default(),
            today,
        }
    }

    /// Reads everything of the settings file but the register. `rules` are those that it may name.
    pub fn read(&mut self, root: &Table<'_>, rules: &BTreeMap<String, Rule>, problems: &mut Problems<'_>) {
        const PROFILES: &[(&str, Profile)] = &[("gate", Profile::Gate), ("audit", Profile::Audit)];
        const FAIL_ON: &[(&str, FailOn)] =
            &[("error", FailOn::Error), ("warning", FailOn::Warning), ("note", FailOn::Note), ("never", FailOn::Never)];
        let exclude: Vec<_> =
            root.texts("exclude", problems).into_iter().map(|it| (with_all_below(&it.value), it.at)).collect();
        let globs = exclude.iter().flat_map(|(globs, _)| globs).map(String::as_str);
        self.exclude = Globs::of(globs, &self.below, |refused, error| {
            let at = exclude.iter().find(|(globs, _)| globs.iter().any(|glob| glob == refused)).map(|(_, at)| *at);
            problems.add(at.unwrap_or_default(), format!("not a glob: {error}"));
        });
        if let Some(profile) = root.choice("profile", PROFILES, problems) {
            self.profile = profile.value;
        }
        if let Some(fail_on) = root.choice("fail-on", FAIL_ON, problems) {
            self.fail_on = fail_on.value;
        }
        self.sources = Sources::read(root, problems);
        self.rules.read(root, rules, problems);
        if let Some(table) = root.table("waivers", problems) {
            self.waivers.read(&table, problems);
        }
        if let Some(table) = root.table("limits", problems) {
            if let Some(bytes) = table.number("file-bytes", problems) {
                self.limits.file_bytes = bytes.value;
            }
            for (key, limit) in [
                ("files", &mut self.limits.files),
                ("history-commits", &mut self.limits.history_commits),
                ("history-contents", &mut self.limits.history_contents),
                ("fact-pairs", &mut self.limits.pairs),
            ] {
                if let Some(written) = table.number(key, problems) {
                    *limit = usize::try_from(written.value).unwrap_or(usize::MAX);
                }
            }
            table.finish(problems);
        }
    }
}
