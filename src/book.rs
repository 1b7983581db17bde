//! The policy book: rules and catalogues as loaded, and what reports say of them.

use crate::catalogue::Catalogue;
use crate::document::Document;
use crate::evaluate::Active;
use crate::finding::{Framework, Review, RuleText};
use crate::policy::{self, Conditions, Controls, Reviewed, Rule};
use crate::problem::Problem;
use crate::read_table::{read_built, read_parsed, read_toml};
use crate::settings::{RuleSettings, Setting, Sources};
use crate::source::{self, SourceFile, folder};
use crate::table::Table;
use crate::{Failure, parse};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The rules that the product ships: path of each, and its text as the build has rewritten it.
const SHIPPED_RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

const CLAUSES: &str = include_str!(concat!(env!("OUT_DIR"), "/clauses.json"));
const REVIEWED: &str = include_str!(concat!(env!("OUT_DIR"), "/reviewed.json"));
const CONTROLS: &str = include_str!(concat!(env!("OUT_DIR"), "/controls.json"));

/// How the text of rules is read.
pub(crate) type Parse = fn(&str) -> Document;

/// The rules and catalogues that are loaded, checked.
#[derive(Debug, Default)]
pub struct PolicyBook {
    /// Rules by id.
    pub rules: BTreeMap<String, Rule>,
    /// Clauses and controls.
    pub controls: Controls,
    /// Where the organisation's own policy was read from.
    pub sources: Sources,
    /// What packs set of rules.
    pub overrides: RuleSettings,
    /// Which words of their clauses rules were written for.
    pub reviewed: Reviewed,
}

impl PolicyBook {
    /// The policy that the product ships.
    ///
    /// # Errors
    ///
    /// Every fault of every file; the product's tests see to it that there is none.
    pub fn shipped() -> Result<Self, Failure> {
        let files: Vec<SourceFile> = SHIPPED_RULES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
        // The product's tests load these same files from their folder and so check every condition.
        Self::read(&files, Conditions::CheckedLater, parse::built::parse)
    }

    /// Rules from files whose paths end in `family/name.toml`.
    ///
    /// # Errors
    ///
    /// Every fault of every file.
    pub fn load(files: impl IntoIterator<Item = SourceFile>) -> Result<Self, Failure> {
        Self::read(&files.into_iter().collect::<Vec<_>>(), Conditions::CheckedNow, parse::toml::parse)
    }

    fn read(files: &[SourceFile], conditions: Conditions, parse: Parse) -> Result<Self, Failure> {
        // What every scan needs beside the rules is read meanwhile.
        let ((mut book, mut faults), _) = rayon::join(Self::catalogues, Catalogue::shipped);
        let (rules, found) = book.rules_of(files, conditions, parse);
        faults.extend(found);
        book.rules.extend(rules.into_iter().map(|rule| (rule.text.id.clone(), rule)));
        if faults.is_empty() { Ok(book) } else { Err(Failure::Problems(faults)) }
    }

    /// A book of clauses and controls that has no rules yet, and every fault.
    fn catalogues() -> (Self, Vec<Problem>) {
        let mut book = Self::default();
        let mut faults = Vec::new();
        let clauses = SourceFile::new("policies/catalogue/clauses.toml", CLAUSES);
        faults.extend(read_built(&clauses, |root, problems| book.controls.read_clauses(root, problems)));
        let reviewed = SourceFile::new("policies/catalogue/reviewed.toml", REVIEWED);
        faults.extend(read_built(&reviewed, |root, problems| {
            book.reviewed.read_shipped(&Table::root(root), problems);
        }));
        let controls = SourceFile::new("policies/catalogue/controls.toml", CONTROLS);
        faults.extend(read_built(&controls, |root, problems| book.controls.read_frameworks(root, problems)));
        (book, faults)
    }

    /// The rules of these files, and every fault.
    pub(crate) fn rules_of(
        &self,
        files: &[SourceFile],
        conditions: Conditions,
        parse: Parse,
    ) -> (Vec<Rule>, Vec<Problem>) {
        let read = |file: &SourceFile| {
            let id = rule_id(&file.path);
            let mut rule = None;
            let faults = read_parsed(file, &parse(&file.text), |root, problems| {
                rule = policy::rule(&id, root, &self.controls, conditions, problems);
            });
            (rule, faults)
        };
        // Reading rules is most of the start-up, and no rule needs another.
        let read: Vec<(Option<Rule>, Vec<Problem>)> = files.par_iter().map(read).collect();
        let (rules, faults): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        (rules.into_iter().flatten().collect(), faults.into_iter().flatten().collect())
    }

    /// Records that these rules were looked at with the words that their clauses have today, beside what `file` records; gives what was
    /// accepted, and the file's new text.
    pub fn accept<'a>(&self, rules: impl Iterator<Item = &'a Rule>, file: &str) -> (Vec<(&'a Rule, Review)>, String) {
        let mut recorded = Reviewed::default();
        read_toml(&SourceFile::new("", file), |root, problems| recorded.read(&Table::root(root), problems));
        let accepted = self.reviewed.accept(rules, &self.controls, &mut recorded);
        (accepted, recorded.text(|rule| self.rules.contains_key(rule)))
    }

    /// The clauses for which a rule is in need of review, by its id; rules that need none are left out.
    #[must_use]
    pub fn reviews(&self) -> BTreeMap<String, Vec<Review>> {
        let reviews =
            self.rules.values().map(|rule| (rule.text.id.clone(), self.reviewed.reviews(rule, &self.controls)));
        reviews.filter(|(_, reviews)| !reviews.is_empty()).collect()
    }

    /// The rules of packs; without packs all rules.
    pub fn own_rules(&self) -> impl Iterator<Item = &Rule> {
        let has_packs = self.rules.values().any(|rule| !rule.text.origin.is_empty());
        self.rules.values().filter(move |rule| !has_packs || !rule.text.origin.is_empty())
    }
}

/// `policies/bias/missing-bias-section.toml` is the rule `bias/missing-bias-section`.
pub(crate) fn rule_id(path: &str) -> String {
    let stem = path.strip_suffix(".toml").unwrap_or(path);
    let family = source::file_name(folder(stem));
    format!("{family}/{}", source::file_name(stem))
}

/// What reports say of a rule that ran: at the level that it ran at.
pub(crate) fn rule_text(active: Active<'_>, settings: &RuleSettings) -> RuleText {
    RuleText { level: active.level, ..text_in_force(active.rule, settings) }
}

/// What a rule says of itself, with the level and the parameters that are in force.
pub(crate) fn text_in_force(rule: &Rule, settings: &RuleSettings) -> RuleText {
    let set = settings.get(rule.id());
    let level = match set.and_then(|set| set.run) {
        Some(Setting::On { level: Some(level), .. }) => level,
        _ => rule.text.level,
    };
    RuleText {
        level,
        level_set_at: set.map(|set| set.set_at.clone()).unwrap_or_default(),
        parameters: settings.parameters_of(rule).to_vec(),
        ..rule.text.clone()
    }
}

/// The clauses that these rules cite, with their texts.
pub(crate) fn cited_clauses(active: &[Active<'_>], controls: &Controls) -> BTreeMap<String, String> {
    let cited = active.iter().flat_map(|active| &active.rule.text.clauses);
    cited.filter_map(|id| controls.clauses.get(id).map(|clause| (id.clone(), clause.text.clone()))).collect()
}

/// The frameworks of the controls that these rules cite.
pub(crate) fn cited_frameworks(active: &[Active<'_>], controls: &Controls) -> Vec<Framework> {
    let mut cited: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (framework, control) in
        active.iter().flat_map(|active| &active.rule.text.controls).filter_map(|citation| citation.split_once(':'))
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
