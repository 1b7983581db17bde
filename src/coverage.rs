//! The policy clause by clause, or control by control: where the repository stands, and which rule looked at what.

mod set;
mod unseen;

use crate::fact::{Origin, Seen, Statement, System};
use crate::finding::{LookedAt, Placed, Provenance, Report, Review, RuleText, State, Stated, counted};
use crate::policy::{Controls, Must, Rule};
use std::collections::BTreeMap;

/// Where the repository stands, row by row.
#[derive(Debug)]
pub struct Coverage<'a> {
    /// One row for each clause or control, in the order of the policy or the catalogue.
    pub rows: Vec<Row<'a>>,
    /// What a row is: `clause`, or the title of a framework of controls.
    pub of: String,
    /// How many places were not assessed at all.
    pub not_assessed: usize,
    /// Where the tree comes from; `None` outside git.
    pub provenance: Option<&'a Provenance>,
    /// Why it is not known of all evidence when its file last changed; `None` where it is.
    pub undated: Option<&'a str>,
    /// The settings declare an AI system.
    pub has_register: bool,
}

/// One clause or control.
#[derive(Debug)]
pub struct Row<'a> {
    /// Its number.
    pub id: String,
    /// What it asks.
    pub text: &'a str,
    /// Kinds of check that suit a clause; empty for controls.
    pub kinds: &'a [String],
    /// Where the repository stands.
    pub standing: Standing,
    /// The rules that cite it, by id.
    pub rules: Vec<Looking<'a>>,
    /// What the organisation states about it, whether it counts or not.
    pub statements: Vec<&'a Stated>,
    /// What of it a repository can show; empty where that is not known.
    pub can_show: &'a str,
}

/// One rule and what it saw.
#[derive(Debug)]
pub struct Looking<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// It was switched on.
    pub ran: bool,
    /// What it says of itself, with the level and the parameters that it ran with; `None` when it did not run.
    pub in_force: Option<&'a RuleText>,
    /// `path:line` where the organisation has switched it off.
    pub off: Option<&'a str>,
    /// The clauses of this row whose words are others than those that it was written for.
    pub reviews: Vec<&'a Review>,
    /// Keeping it shows something of this row; otherwise only breaking it does.
    pub shows: bool,
    /// What it found to look at; `None` for nothing.
    pub looked_at: Option<&'a LookedAt>,
    /// Its findings, in order, whatever their state.
    pub findings: Vec<&'a Placed>,
}

/// Where the repository stands on one clause or control. None of them says that it is kept as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// There are findings that count.
    Broken,
    /// All its findings are in the baseline or waived, at least one in the baseline.
    Recorded,
    /// All its findings are waived.
    Waived,
    /// What rules looked at was as they ask, but they were written for other words of the clause.
    NeedsReview,
    /// At least one rule found something to look at, and everything was as it should be.
    Held,
    /// No rule found anything to look at but words: the organisation says so, and nothing more is known.
    Stated,
    /// Nobody looked, for this reason.
    NotAssessed(String),
    /// It does not concern this repository, for this reason.
    NotApplicable(String),
}

impl Standing {
    /// Every standing by its word, in the order in which they are counted.
    pub const WORDS: [&'static str; 8] =
        ["broken", "recorded", "waived", "needs review", "held", "stated", "not assessed", "not applicable"];

    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Recorded => "recorded",
            Self::Waived => "waived",
            Self::NeedsReview => "needs review",
            Self::Held => "held",
            Self::Stated => "stated",
            Self::NotAssessed(_) => "not assessed",
            Self::NotApplicable(_) => "not applicable",
        }
    }
}

/// What the words for standings mean, for readers of every form of the table.
pub const LEGEND: &[(&str, &str)] = &[
    ("broken", "at least one finding counts"),
    ("recorded", "its findings are in the baseline: they stood before"),
    ("waived", "the organisation has decided to bear its findings for a while"),
    (
        "needs review",
        "what rules looked at was as they ask, but the clause was edited since they were written or last looked at",
    ),
    ("held", "what rules looked at was as it should be; it does not mean that the clause as a whole is kept"),
    ("stated", "a person answers for it, by name and until the day given; nothing else was seen of it"),
    ("not assessed", "nobody looked, for the reason given"),
    ("not applicable", "it does not concern this repository, for the reason given or because the named person says so"),
];

impl<'a> Coverage<'a> {
    /// The policy clause by clause.
    #[must_use]
    pub fn of_clauses(report: &'a Report, rules: &'a BTreeMap<String, Rule>, controls: &'a Controls) -> Self {
        let rows = controls.in_order().into_iter().map(|(id, clause)| {
            let about = |clause: &str| clause == id;
            let cited = Cited { citation: id, by_documents: clause.is_by_documents() };
            let row = row(report, rules, &cited, (about, about), id.clone(), &clause.text, &clause.kinds);
            Row { can_show: &clause.shows, ..row }
        });
        Self::of_rows("clause".to_owned(), rows.collect(), report)
    }

    /// One framework, control by control; `None` when the catalogue has no framework of this id.
    #[must_use]
    pub fn of_controls(
        framework: &str,
        report: &'a Report,
        rules: &'a BTreeMap<String, Rule>,
        controls: &'a Controls,
    ) -> Option<Self> {
        let framework = controls.framework(framework)?;
        let rows = framework.controls().map(|(id, title)| {
            let citation = format!("{}:{id}", framework.id);
            // A control is stated as far as the clauses are whose statements its rules ask for.
            let asked: Vec<&str> = rules
                .values()
                .filter(|rule| rule.cites(&citation) && asks_for_words(rule))
                .flat_map(|rule| &rule.text.clauses)
                .map(String::as_str)
                .collect();
            let about = |clause: &str| asked.contains(&clause);
            let cited = Cited { citation: &citation, by_documents: framework.is_by_documents(id) };
            let mut row = row(report, rules, &cited, (about, |_: &str| true), id.to_owned(), title, &[]);
            if let (Standing::NotAssessed(reason), Some(outside)) = (&mut row.standing, framework.outside(id)) {
                *reason = format!("outside of what a repository can show: {outside}");
            }
            row
        });
        Some(Self::of_rows(framework.title.clone(), rows.collect(), report))
    }

    fn of_rows(of: String, rows: Vec<Row<'a>>, report: &'a Report) -> Self {
        Self {
            rows,
            of,
            not_assessed: report.not_assessed.len(),
            provenance: report.provenance.as_ref(),
            undated: report.undated.as_deref(),
            has_register: report.kinds.contains(&System::kind()),
        }
    }

    /// How many rows have each standing, in the order of [`Standing::WORDS`].
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        Standing::WORDS
            .into_iter()
            .map(|word| (word, self.rows.iter().filter(|row| row.standing.word() == word).count()))
    }
}

/// How many places are named in one row.
const NAMED: usize = 3;

impl Row<'_> {
    /// What decided where the repository stands, in one line: findings with their places, or who looked where, or why nobody did; and what
    /// the organisation set of its rules.
    #[must_use]
    pub fn decided(&self) -> String {
        let decided = match &self.standing {
            Standing::Broken => self.findings_with(|state| *state == State::Open),
            Standing::Recorded => self.findings_with(|state| *state == State::Baselined),
            Standing::Waived => self.findings_with(|_| true) + &self.waived_until(),
            Standing::NeedsReview => self.who_needs_review(),
            Standing::Held if self.who_said().is_empty() => self.who_looked(),
            Standing::Held => format!("{}; besides {}", self.who_looked(), self.who_said()),
            Standing::Stated => self.who_said(),
            Standing::NotAssessed(reason) | Standing::NotApplicable(reason) => reason.clone(),
        };
        decided + &self.set()
    }

    fn findings_with(&self, counts: impl Fn(&State) -> bool) -> String {
        let findings = self.rules.iter().flat_map(|looking| &looking.findings);
        let findings: Vec<&Placed> = findings.copied().filter(|placed| counts(&placed.finding.state)).collect();
        let told = findings.iter().take(NAMED).map(|placed| format!("{} at {}", placed.finding.rule, place_of(placed)));
        format!(
            "{}: {}{}",
            counted(findings.len(), "finding"),
            told.collect::<Vec<_>>().join(", "),
            more(findings.len())
        )
    }

    fn waived_until(&self) -> String {
        let untils =
            self.rules.iter().flat_map(|looking| &looking.findings).filter_map(|placed| match &placed.finding.state {
                State::Waived { until, approver, .. } => Some((until, approver)),
                _ => None,
            });
        untils
            .min()
            .map_or_else(String::new, |(until, approver)| format!("; the first waiver, by {approver}, ends on {until}"))
    }

    /// `stated by NAME on DAY, until DAY at aimslint.toml:12`, for every statement that counts; empty without one.
    fn who_said(&self) -> String {
        self.statements.iter().filter(|stated| counts(stated)).map(|stated| said(stated)).collect::<Vec<_>>().join(", ")
    }

    fn who_looked(&self) -> String {
        let looked: Vec<&LookedAt> = self.rules.iter().filter_map(Looking::saw).collect();
        let things: usize = looked.iter().map(|looked_at| looked_at.kept).sum();
        let mut places: Vec<String> = Vec::new();
        for evidence in looked.iter().flat_map(|looked_at| &looked_at.evidence) {
            let commit = evidence.changed.told().map_or_else(String::new, |told| format!(" ({told})"));
            let place = format!("{}{commit}", evidence.at());
            if !place.is_empty() && !places.contains(&place) {
                places.push(place);
            }
        }
        let such_as = places.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let such_as = match places.len() {
            0 => such_as,
            named if named <= NAMED && named == things => format!(": {such_as}"),
            _ => format!(", such as {such_as}"),
        };
        format!(
            "{} of {} looked at {}{such_as}",
            looked.len(),
            counted(self.rules.len(), "rule"),
            counted(things, "thing")
        )
    }
}

/// `path:line`, or the path alone of a finding about a whole file.
#[must_use]
pub fn place_of(placed: &Placed) -> String {
    let region = &placed.region;
    match (&*region.path, &region.snippet) {
        (".", _) => "the repository as a whole".to_owned(),
        (path, Some(_)) => format!("{path}:{}", region.line),
        (path, None) => path.to_owned(),
    }
}

fn more(all: usize) -> String {
    if all > NAMED { format!(" and {} more", all - NAMED) } else { String::new() }
}

impl<'a> Looking<'a> {
    /// What it found to look at that shows something: neither words of the organisation, nor what would only break the row.
    fn saw(&self) -> Option<&'a LookedAt> {
        self.looked_at.filter(|looked_at| looked_at.saw() && self.shows && !asks_for_words(self.rule))
    }
}

/// True for a rule that looks at statements: it sees that something is said, never that it is so.
fn asks_for_words(rule: &Rule) -> bool {
    let words = Statement::kind();
    match &rule.must {
        Must::Exist(other) | Must::NotExist(other) if other.kind == words => true,
        _ => rule.each.kind == words,
    }
}

/// True for a statement that counts today.
fn counts(stated: &Stated) -> bool {
    stated.fact.text("state") == "valid"
}

/// Who says so, when, until when and where.
fn said(stated: &Stated) -> String {
    let how = if stated.fact.text("applies") == "no" { "declared not applicable" } else { "stated" };
    let [by, on, until] = ["by", "on", "until"].map(|field| stated.fact.text(field));
    format!("{how} by {by} on {on}, until {until} ({})", stated.at.at_commit())
}

/// A clause or control as rules cite it.
struct Cited<'a> {
    citation: &'a str,
    by_documents: bool,
}

impl Cited<'_> {
    /// True when keeping the rule shows something of it: a rule may say that it does not, and code that does nothing wrong is no document.
    fn is_shown_by(&self, rule: &Rule) -> bool {
        let in_code = rule.each.kind.spec().origin == Origin::Code && !matches!(rule.must, Must::Exist(_));
        !(rule.only_breaks(self.citation) || self.by_documents && in_code)
    }
}

fn row<'a>(
    report: &'a Report,
    rules: &'a BTreeMap<String, Rule>,
    cited: &Cited<'_>,
    (about, concerns): (impl Fn(&str) -> bool, impl Fn(&str) -> bool),
    id: String,
    text: &'a str,
    kinds: &'a [String],
) -> Row<'a> {
    let looking = |rule: &'a Rule| Looking {
        rule,
        ran: report.rules.contains_key(rule.id()),
        in_force: report.rules.get(rule.id()),
        off: report.off.get(rule.id()).map(String::as_str),
        reviews: report
            .reviews
            .get(rule.id())
            .into_iter()
            .flatten()
            .filter(|review| concerns(&review.clause))
            .collect(),
        shows: cited.is_shown_by(rule),
        looked_at: report.looked_at.get(rule.id()),
        findings: report.findings.iter().filter(|placed| placed.finding.rule == rule.id()).collect(),
    };
    let rules: Vec<Looking<'a>> = rules.values().filter(|rule| rule.cites(cited.citation)).map(looking).collect();
    let statements: Vec<&Stated> =
        report.statements.iter().filter(|stated| about(stated.fact.text("clause"))).collect();
    let standing = standing(report, &rules, kinds, &statements);
    Row { id, text, kinds, standing, rules, statements, can_show: "" }
}

fn standing(report: &Report, rules: &[Looking<'_>], kinds: &[String], statements: &[&Stated]) -> Standing {
    let states: Vec<&State> =
        rules.iter().flat_map(|looking| &looking.findings).map(|placed| &placed.finding.state).collect();
    if !report.ai_seen {
        return Standing::NotApplicable("no AI was found in this repository".to_owned());
    }
    if states.contains(&&State::Open) {
        return Standing::Broken;
    }
    if states.contains(&&State::Baselined) {
        return Standing::Recorded;
    }
    if !states.is_empty() {
        return Standing::Waived;
    }
    if rules.iter().any(|looking| looking.saw().is_some()) {
        // What a rule asks for may be no longer what the clause does.
        let reviewed = rules.iter().all(|looking| looking.saw().is_none() || looking.reviews.is_empty());
        return if reviewed { Standing::Held } else { Standing::NeedsReview };
    }
    let (counting, other): (Vec<&Stated>, Vec<&Stated>) = statements.iter().partition(|stated| counts(stated));
    // One voice that says that it applies is enough.
    let applies = counting.iter().any(|stated| stated.fact.text("applies") != "no");
    match counting.iter().max_by_key(|stated| stated.fact.text("on")) {
        Some(latest) if !applies => Standing::NotApplicable(format!("{}: {}", said(latest), latest.fact.text("text"))),
        Some(_) => Standing::Stated,
        None => Standing::NotAssessed(
            why_nothing_counts(&other).unwrap_or_else(|| unseen::why(rules, kinds, &report.kinds)),
        ),
    }
}

/// Why none of the statements counts; `None` without any.
fn why_nothing_counts(statements: &[&Stated]) -> Option<String> {
    let fact = &statements.iter().max_by_key(|stated| stated.fact.text("until"))?.fact;
    let [by, on, until] = ["by", "on", "until"].map(|field| fact.text(field));
    Some(match fact.text("state") {
        "past" => format!("the statement by {by} ended on {until}"),
        "ahead" => format!("the statement by {by} counts from {on} on"),
        _ => "its statement is a placeholder that nobody has filled in".to_owned(),
    })
}
