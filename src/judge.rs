//! Judges what was seen: the repository first, and, once it is known what each waiver covers, the waivers.

use crate::contents::Snapshot;
use crate::evaluate::{Active, Judgement, evaluate};
use crate::fact::{self, Seen as _};
use crate::finding::{NotAssessed, Review};
use crate::gather::Moment;
use crate::ownership::Ownership;
use crate::policy::{Confidence, Environment, Must, Rule};
use crate::register::section::SECTIONS;
use crate::settings::{Profile, Setting, Settings};
use crate::standing::{self, Circumstances};
use crate::tier::Tiers;
use crate::timings::Stage;
use crate::waive::waive;
use crate::{PolicyBook, Request, blame};
use std::collections::{BTreeMap, HashSet};

/// The rules of a run.
pub(crate) struct Rules<'a> {
    /// Those whose findings are reported.
    pub shown: Vec<Active<'a>>,
    /// Those on the repository that are judged. What a waiver covers is known only when the rules that it names have run: with rules on
    /// waivers run all that would run if the request named none.
    on_repository: Vec<Active<'a>>,
    on_waivers: Vec<Active<'a>>,
}

impl<'a> Rules<'a> {
    /// The rules that this request is about.
    pub fn of(request: &Request, book: &'a PolicyBook, settings: &'a Settings) -> Self {
        let is_on_waivers = |active: &Active<'_>| active.rule.each.kind == fact::Waiver::kind();
        let shown = active_rules(request, book, settings, &request.only);
        let (on_waivers, mut on_repository): (Vec<_>, Vec<_>) = shown.iter().copied().partition(is_on_waivers);
        if !on_waivers.is_empty() && !request.only.is_empty() {
            let named: HashSet<&str> = on_repository.iter().map(|active| active.rule.text.id.as_str()).collect();
            let unnamed = active_rules(request, book, settings, &[]).into_iter();
            on_repository.extend(
                unnamed.filter(|active| !is_on_waivers(active) && !named.contains(active.rule.text.id.as_str())),
            );
        }
        Self { shown, on_repository, on_waivers }
    }

    /// All that are judged.
    pub fn judged(&self) -> impl Iterator<Item = &'a Rule> {
        self.on_repository.iter().chain(&self.on_waivers).map(|active| active.rule)
    }
}

/// What moments are held against.
pub(crate) struct Bench<'a> {
    /// What was asked for.
    pub request: &'a Request,
    /// The settings of the run.
    pub settings: &'a Settings,
    /// The rules.
    pub rules: &'a Rules<'a>,
    /// Ids of all rules that there are.
    pub known: &'a [&'a str],
}

impl Bench<'_> {
    /// Holds a moment against the rules, and the findings against the waivers. `unread` is what could not be read of `files`.
    pub fn judge(&self, moment: &Moment, files: &Snapshot, unread: &[NotAssessed]) -> Judgement {
        let Self { request, settings, rules, .. } = self;
        let register = &moment.register;
        if !moment.has_ai && !request.judge_without_ai {
            return Judgement::default();
        }
        let environment =
            Environment { today: settings.today, declared: register.declared().clone(), pairs: settings.limits.pairs };
        let tiers = Tiers::of(&moment.facts, &settings.below, register.levels_by_risk);
        let mut judgement = evaluate(&rules.on_repository, &moment.facts, &environment, &tiers, &request.timings);
        let mut waivers = register.waivers.clone();
        waivers.extend(moment.inline.iter().map(|waiver| settings.waivers.held_to(waiver, self.known)));
        let waive = || waive(&mut judgement.findings, &waivers, settings.today);
        let uses = request.timings.measure(Stage::Waive, String::new, waive);
        let shown: HashSet<&str> = rules.shown.iter().map(|active| active.rule.text.id.as_str()).collect();
        judgement.findings.retain(|finding| shown.contains(finding.rule.as_str()));
        if rules.on_waivers.is_empty() || waivers.is_empty() {
            return judgement;
        }

        let limit = settings.limits.file_bytes;
        let read = &mut |path: &str| files.contents.read(path, limit).ok();
        let authors = blame::authors(&request.root, &standing::approved(&waivers), read);
        let unread: HashSet<&str> = unread.iter().chain(&judgement.not_assessed).map(|entry| &*entry.path).collect();
        let circumstances = Circumstances {
            today: settings.today,
            terms: &settings.waivers,
            tree: &files.tree,
            ownership: &Ownership::of(&moment.facts),
            below_settings: !settings.below.is_empty(),
            rules: &rules.on_repository,
            unread: request.paths.is_none().then_some(&unread),
        };
        let facts = standing::facts(&waivers, &uses, &authors, &circumstances);
        judgement.add(evaluate(&rules.on_waivers, &facts, &environment, &tiers, &request.timings));
        judgement.waivers = facts;
        judgement
    }
}

/// The rules that run, with their levels; `only` as in [`Request::only`].
fn active_rules<'a>(
    request: &Request,
    book: &'a PolicyBook,
    settings: &'a Settings,
    only: &[String],
) -> Vec<Active<'a>> {
    let wanted = |rule: &Rule| {
        only.is_empty()
            || only.iter().any(|only| *only == rule.text.id || only.strip_suffix("/*") == Some(rule.family()))
    };
    let needs_whole_repository = |rule: &Rule| match &rule.must {
        // What a document describes may lie anywhere.
        Must::Hold { .. } => matches!(rule.each.kind.spec().name, "repository" | "documented-change"),
        // The register is there as a whole in every run.
        Must::Exist(other) | Must::NotExist(other) => !SECTIONS.iter().any(|section| (section.kind)() == other.kind),
    };
    book.rules
        .values()
        .filter(|rule| wanted(rule))
        .filter(|rule| request.paths.is_none() || !needs_whole_repository(rule))
        .filter_map(|rule| {
            let set = settings.rules.get(&rule.text.id);
            let fixed = matches!(set.and_then(|set| set.run), Some(Setting::On { level, from }) if level.is_some() || from.is_some());
            let (level, from) = match set.and_then(|set| set.run) {
                Some(Setting::Off) => return None,
                Some(Setting::On { level, from }) => (level.unwrap_or(rule.text.level), from),
                None => {
                    let runs =
                        settings.profile == Profile::Audit || rule.confidence == Confidence::High || !only.is_empty();
                    (runs.then_some(rule.text.level)?, None)
                }
            };
            let later = from.filter(|from| settings.today < *from).map(|from| (level, from));
            let level = if later.is_some() { level.lower() } else { level };
            Some(Active { rule, level, later, fixed, parameters: settings.rules.parameters_of(rule) })
        })
        .collect()
}

/// The clauses whose rules were written for other words: what these say is no longer known to be about the clause.
pub(crate) fn unreviewed(reviews: &BTreeMap<String, Vec<Review>>) -> Vec<NotAssessed> {
    let mut by_clause: BTreeMap<&Review, Vec<&str>> = BTreeMap::new();
    for (rule, review) in reviews.iter().flat_map(|(rule, reviews)| reviews.iter().map(move |review| (rule, review))) {
        by_clause.entry(review).or_default().push(rule);
    }
    let entry = |(review, rules): (&Review, Vec<&str>)| {
        let (path, line) = review.at.rsplit_once(':').unwrap_or(("", ""));
        let shown: Vec<&str> = rules.iter().take(RULES_NAMED).copied().collect();
        let more = rules.len().saturating_sub(RULES_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let rules = review.reason(&format!("{}{more}", shown.join(", ")));
        let reason = format!("needs review: {rules}; look at each, then run `aimslint accept`");
        NotAssessed { path: path.into(), line: line.parse().ok(), reason }
    };
    by_clause.into_iter().map(entry).collect()
}

/// How many rules are named that need review for the same clause.
const RULES_NAMED: usize = 3;
