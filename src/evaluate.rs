//! Holds facts against rules. Sees neither files nor documents.

use crate::fact::{Fact, Kind, Location};
use crate::finding::{Finding, Level, LookedAt, NotAssessed, Parameter, Place, State};
use crate::fingerprint::fingerprint;
use crate::policy::{Condition, Confidence, Environment, Evaluator, FieldName, Must, Other, Rule};
use crate::tier::{Tiers, Weighed};
use crate::timings::{Stage, Timings};
use jiff::civil::Date;
use rayon::prelude::*;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How many further places of one finding are named.
const RELATED_LIMIT: usize = 10;

/// A rule with the level and the parameters that it is run with.
#[derive(Debug, Clone, Copy)]
pub struct Active<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The level of its findings.
    pub level: Level,
    /// The level that they are going to have, and from which day on.
    pub later: Option<(Level, Date)>,
    /// The organisation has set the level: the risk of a system does not move it.
    pub fixed: bool,
    /// Its parameters, as they are in force.
    pub parameters: &'a [Parameter],
}

/// What the judge says.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Breaches, sorted by path, place and rule.
    pub findings: Vec<Finding>,
    /// What could not be judged.
    pub not_assessed: Vec<NotAssessed>,
    /// What each rule found to look at, by its id; rules that found nothing are left out.
    pub looked_at: BTreeMap<String, LookedAt>,
    /// The kinds of facts that there were.
    pub kinds: BTreeSet<Kind>,
    /// Every waiver as rules see it, in the order in which they were read.
    pub waivers: Vec<Fact>,
}

/// Holds every fact against every rule, and weighs what it finds by the risk of the systems that it is in. The order of `facts` does not
/// matter.
#[must_use]
pub fn evaluate(
    rules: &[Active<'_>],
    facts: &[Fact],
    environment: &Environment,
    tiers: &Tiers,
    timings: &Timings,
) -> Judgement {
    let evaluator = Evaluator::new(environment);
    let mut sorted: Vec<&Fact> = facts.iter().collect();
    sorted.sort_by(|a, b| place_order(a).cmp(&place_order(b)));
    let mut by_kind: HashMap<Kind, Vec<&Fact>> = HashMap::new();
    for fact in sorted {
        by_kind.entry(fact.kind).or_default().push(fact);
    }
    let judge = |active: &Active<'_>| {
        timings.measure(Stage::Judge, || active.rule.text.id.clone(), || judge(*active, &by_kind, &evaluator, tiers))
    };
    let mut judgement = Judgement { kinds: by_kind.keys().copied().collect(), ..Judgement::default() };
    for of_rule in rules.par_iter().map(judge).collect::<Vec<_>>() {
        judgement.take(of_rule);
    }
    judgement.sort();
    number(&mut judgement.findings);
    judgement
}

impl Judgement {
    /// Adds what other rules say of other facts.
    pub fn add(&mut self, other: Self) {
        self.take(other);
        self.sort();
    }

    fn take(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.not_assessed.extend(other.not_assessed);
        self.looked_at.extend(other.looked_at);
        self.kinds.extend(other.kinds);
    }

    fn sort(&mut self) {
        self.findings.sort_by(|a, b| (&a.primary, &a.rule, &a.subject).cmp(&(&b.primary, &b.rule, &b.subject)));
        self.not_assessed.sort();
        self.not_assessed.dedup();
    }
}

fn place_order(fact: &Fact) -> (&str, Location, &str) {
    (&fact.path, fact.at, &fact.subject)
}

/// A fact that broke a rule, and the other fact that shows it, if there is one.
struct Breach<'a> {
    fact: &'a Fact,
    at: Location,
    other: Option<&'a Fact>,
}

fn judge<'a>(
    active: Active<'a>,
    by_kind: &HashMap<Kind, Vec<&'a Fact>>,
    evaluator: &Evaluator,
    tiers: &Tiers,
) -> Judgement {
    let rule = active.rule;
    let mut judgement = Judgement::default();
    let Some(candidates) = by_kind.get(&rule.each.kind) else { return judgement };
    let others = Others::of(active, by_kind, evaluator);
    let mut breaches = Vec::new();
    let mut looked_at = LookedAt::default();
    // Thousands of calls share a few hundred names.
    let mut listed: Vec<HashMap<String, bool>> = vec![HashMap::new(); rule.each.is.len()];
    for fact in candidates {
        let is_listed = rule.each.is.iter().zip(&mut listed).all(|((field, words), known)| {
            *known.entry(field.value(fact)).or_insert_with_key(|value| words.mean(value))
        });
        if !is_listed {
            continue;
        }
        let verdict = applies(active, fact, evaluator)
            .and_then(|applies| applies.then(|| verdict(active, fact, &others, evaluator)).transpose());
        match verdict {
            Ok(None) => {}
            Ok(Some(Verdict::Kept { shown, at })) => looked_at.keep(place(shown, at), &shown.subject),
            Ok(Some(Verdict::Untold)) => looked_at.untold += 1,
            Ok(Some(Verdict::Broken(breach))) => {
                looked_at.broken += 1;
                breaches.push(breach);
            }
            // A condition that fails is never a pass: it is said that nobody has judged this.
            Err(reason) => judgement.not_assessed.push(NotAssessed {
                path: Arc::clone(&fact.path),
                line: None,
                reason: format!("{} could not judge `{}`: {reason}", rule.text.id, fact.subject),
            }),
        }
    }
    if looked_at != LookedAt::default() {
        judgement.looked_at.insert(rule.text.id.clone(), looked_at);
    }
    judgement.findings = findings_of(active, breaches, tiers);
    judgement
}

fn applies(active: Active<'_>, fact: &Fact, evaluator: &Evaluator) -> Result<bool, String> {
    let condition = active.rule.each.condition.as_ref();
    condition.map_or(Ok(true), |condition| condition.holds(fact, None, active.parameters, evaluator))
}

/// What a rule says of one fact.
enum Verdict<'a> {
    /// It keeps the rule; `at` in `shown` is what shows it: the fact itself, or the other fact that had to be there.
    Kept {
        shown: &'a Fact,
        at: Location,
    },
    Broken(Breach<'a>),
    /// What decides is unknown.
    Untold,
}

fn verdict<'a>(
    active: Active<'_>,
    fact: &'a Fact,
    others: &Others<'a>,
    evaluator: &Evaluator,
) -> Result<Verdict<'a>, String> {
    Ok(match &active.rule.must {
        Must::Hold { condition, at } => {
            let at = at.as_ref().map_or(fact.at, |field| fact.location_of(field));
            if condition.holds(fact, None, active.parameters, evaluator)? {
                if condition.is_told_by(fact) { Verdict::Kept { shown: fact, at } } else { Verdict::Untold }
            } else {
                Verdict::Broken(Breach { fact, at, other: None })
            }
        }
        Must::Exist(other) => match others.find(others.group(other, fact), other, fact, evaluator)? {
            Some(found) => Verdict::Kept { shown: found, at: found.at },
            None => Verdict::Broken(Breach { fact, at: fact.at, other: None }),
        },
        Must::NotExist(other) => {
            let group = others.group(other, fact);
            match others.find(group, other, fact, evaluator)? {
                Some(found) => Verdict::Broken(Breach { fact, at: fact.at, other: Some(found) }),
                // Where there is nothing to compare with, nothing contradicts and nothing agrees.
                None if !group.is_some_and(|group| group.has_another(fact)) => Verdict::Untold,
                None => Verdict::Kept { shown: fact, at: fact.at },
            }
        }
    })
}

/// The facts that a rule looks for, by the values that must match, so that each look-up is one step.
struct Others<'a> {
    by_values: HashMap<Vec<String>, Group<'a>>,
    /// Of the rule, as they are in force.
    parameters: &'a [Parameter],
    /// How many pairs of facts this rule may still look at: what needs more would take for ever, and is said not to be judged.
    pairs_left: Cell<usize>,
}

/// Facts of equal values.
#[derive(Default)]
struct Group<'a> {
    facts: Vec<&'a Fact>,
    /// The first that fits, where that is the same for every judged fact.
    first: OnceCell<Result<Option<&'a Fact>, String>>,
}

impl Group<'_> {
    /// True when there is a fact besides the judged one, whether or not it fits.
    fn has_another(&self, judged: &Fact) -> bool {
        self.facts.iter().any(|fact| !std::ptr::eq(*fact, judged))
    }
}

impl<'a> Others<'a> {
    fn of(active: Active<'a>, by_kind: &HashMap<Kind, Vec<&'a Fact>>, evaluator: &Evaluator) -> Self {
        let mut by_values: HashMap<Vec<String>, Group<'_>> = HashMap::new();
        if let Must::Exist(other) | Must::NotExist(other) = &active.rule.must {
            for fact in by_kind.get(&other.kind).into_iter().flatten() {
                let values = other.matches.iter().map(|(field, _)| field.value(fact)).collect();
                by_values.entry(values).or_default().facts.push(fact);
            }
        }
        Self { by_values, parameters: active.parameters, pairs_left: Cell::new(evaluator.pairs) }
    }

    /// The facts of the values that the judged one asks for.
    fn group(&self, other: &Other, judged: &Fact) -> Option<&Group<'a>> {
        let values: Vec<String> = other.matches.iter().map(|(_, field)| field.value(judged)).collect();
        self.by_values.get(&values)
    }

    /// The first of a group that fits the judged fact.
    fn find(
        &self,
        group: Option<&Group<'a>>,
        other: &Other,
        judged: &Fact,
        evaluator: &Evaluator,
    ) -> Result<Option<&'a Fact>, String> {
        let Some(group) = group else { return Ok(None) };
        let Some(condition) = &other.condition else { return Ok(group.facts.first().copied()) };
        // Looking again for every judged fact would take a hostile repository for ever.
        if !condition.asks_about_this() {
            return group.first.get_or_init(|| self.first(group, condition, None, evaluator)).clone();
        }
        self.first(group, condition, Some(judged), evaluator)
    }

    /// The first fact for which the condition holds.
    fn first(
        &self,
        group: &Group<'a>,
        condition: &Condition,
        judged: Option<&Fact>,
        evaluator: &Evaluator,
    ) -> Result<Option<&'a Fact>, String> {
        for fact in &group.facts {
            let left = self.pairs_left.get().checked_sub(1);
            self.pairs_left.set(left.ok_or_else(|| too_many(evaluator.pairs))?);
            if condition.holds(fact, judged, self.parameters, evaluator)? {
                return Ok(Some(fact));
            }
        }
        Ok(None)
    }
}

fn too_many(pairs: usize) -> String {
    format!("it looks at more than {pairs} pairs of facts; raise `fact-pairs` under [limits] in aimslint.toml")
}

/// One finding for each breach, or for each distinct value of the rule's `per` fields.
fn findings_of(active: Active<'_>, breaches: Vec<Breach<'_>>, tiers: &Tiers) -> Vec<Finding> {
    let per = &active.rule.each.per;
    if per.is_empty() {
        return breaches.into_iter().map(|breach| finding(active, vec![breach], None, tiers)).collect();
    }
    let mut groups: BTreeMap<Vec<String>, Vec<Breach<'_>>> = BTreeMap::new();
    for breach in breaches {
        let values = per.iter().map(|field| field.value(breach.fact)).collect();
        groups.entry(values).or_default().push(breach);
    }
    groups.into_iter().map(|(values, group)| finding(active, group, Some(values), tiers)).collect()
}

fn finding(active: Active<'_>, group: Vec<Breach<'_>>, values: Option<Vec<String>>, tiers: &Tiers) -> Finding {
    let count = group.len();
    let facts: Vec<&Fact> = group.iter().map(|breach| breach.fact).collect();
    let systems = tiers.holding(&facts);
    let weighed = if active.fixed {
        Weighed::unmoved(active.level)
    } else {
        tiers.weigh(active.level, highest(active.rule), &systems)
    };
    let mut breaches = group.into_iter();
    let mut related = Vec::new();
    let mut shown = Finding {
        rule: active.rule.text.id.clone(),
        level: weighed.level,
        level_reason: weighed.reason,
        systems: systems.into_iter().collect(),
        message: String::new(),
        primary: Place { path: Arc::from(""), location: Location::WholeFile, cell: None },
        related: Vec::new(),
        more_related: 0,
        subject: String::new(),
        bound_to: Arc::from(""),
        fingerprint: String::new(),
        state: State::Open,
    };
    if let Some(first) = breaches.next() {
        shown.message = active.rule.message.fill(first.fact, count, active.parameters);
        if let Some((level, from)) = active.later {
            shown.message.push_str(&format!(" ({} from {from} on)", level.name()));
        }
        if !shown.level_reason.is_empty() {
            shown.message.push_str(&format!(" ({})", shown.level_reason));
        }
        shown.primary = place(first.fact, first.at);
        shown.subject = values.map_or_else(|| first.fact.subject.clone(), |values| values.join(" "));
        related.extend(first.other.map(|other| (place(other, other.at), other.subject.clone())));
    }
    related.extend(
        breaches.by_ref().take(RELATED_LIMIT).map(|more| (place(more.fact, more.at), more.fact.subject.clone())),
    );
    shown.more_related = breaches.count();
    shown.related = related;
    // A finding that gathers the whole repository must not change its name when its first place does.
    let tied_to_file = active.rule.each.per.is_empty() || active.rule.each.per.iter().any(FieldName::is_path);
    if tied_to_file {
        shown.bound_to = Arc::clone(&shown.primary.path);
    }
    shown
}

/// The highest level that a system's risk can give a rule: one that is less sure must not be the loudest.
fn highest(rule: &Rule) -> Level {
    if rule.confidence == Confidence::High { Level::Error } else { Level::Warning }
}

fn place(fact: &Fact, location: Location) -> Place {
    Place { path: Arc::clone(&fact.path), location, cell: fact.cell }
}

/// Gives each finding its fingerprint; equal ones are told apart by their order.
fn number(findings: &mut [Finding]) {
    let mut seen: HashMap<(String, Arc<str>, String), usize> = HashMap::new();
    for finding in findings {
        let name = (finding.rule.clone(), Arc::clone(&finding.bound_to), finding.subject.clone());
        let ordinal = seen.entry(name).or_default();
        finding.fingerprint = fingerprint(&finding.rule, &finding.bound_to, &finding.subject, *ordinal);
        *ordinal += 1;
    }
}

#[cfg(test)]
mod tests;
