//! The policy book: rules and catalogues as loaded, and what reports say of them.

use crate::Failure;
use crate::document::{Document, Node};
use crate::evaluate::Active;
use crate::finding::{Framework, RuleText};
use crate::parse;
use crate::policy::{self, Conditions, Controls, Rule};
use crate::problem::{Problem, Problems};
use crate::source::{self, SourceFile, folder};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The rules that the product ships: path and text of each.
const SHIPPED_RULES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

const CLAUSES: &str = include_str!("../policies/catalogue/clauses.toml");
const CONTROLS: &str = include_str!("../policies/catalogue/controls.toml");

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
        let files = SHIPPED_RULES.iter().map(|(path, text)| SourceFile::new(*path, *text));
        // The product's tests load these same files from their folder and so check every condition.
        Self::read(files, Conditions::CheckedLater)
    }

    /// Rules from files whose paths end in `family/name.toml`.
    ///
    /// # Errors
    ///
    /// Every fault of every file.
    pub fn load(files: impl IntoIterator<Item = SourceFile>) -> Result<Self, Failure> {
        Self::read(files, Conditions::CheckedNow)
    }

    fn read(files: impl IntoIterator<Item = SourceFile>, conditions: Conditions) -> Result<Self, Failure> {
        let mut book = Self::default();
        let mut faults = Vec::new();
        let clauses = SourceFile::new("policies/catalogue/clauses.toml", CLAUSES);
        faults.extend(read_toml(&clauses, |root, problems| book.controls.read_clauses(root, problems)));
        let controls = SourceFile::new("policies/catalogue/controls.toml", CONTROLS);
        faults.extend(read_toml(&controls, |root, problems| book.controls.read_frameworks(root, problems)));
        // Reading rules is most of the start-up, and no rule needs another.
        let files: Vec<SourceFile> = files.into_iter().collect();
        let read = |file: &SourceFile| {
            let id = rule_id(&file.path);
            let mut rule = None;
            let faults =
                read_toml(file, |root, problems| rule = policy::rule(&id, root, &book.controls, conditions, problems));
            (rule, faults)
        };
        let read: Vec<(Option<Rule>, Vec<Problem>)> = files.par_iter().map(read).collect();
        for (rule, found) in read {
            faults.extend(found);
            book.rules.extend(rule.map(|rule| (rule.text.id.clone(), rule)));
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
pub(crate) fn read_toml(file: &SourceFile, read: impl FnOnce(&Node, &mut Problems<'_>)) -> Vec<Problem> {
    read_parsed(file, &parse::toml::parse(&file.text), read)
}

/// Parses a JSON file of ours and reads it; gives every problem of both.
pub(crate) fn read_json(file: &SourceFile, read: impl FnOnce(&Node, &mut Problems<'_>)) -> Vec<Problem> {
    read_parsed(file, &parse::json::parse(&file.text), read)
}

fn read_parsed(file: &SourceFile, document: &Document, read: impl FnOnce(&Node, &mut Problems<'_>)) -> Vec<Problem> {
    let mut problems = Problems::of(file);
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

/// What reports say of a rule that ran: at the level that it ran at.
pub(crate) fn rule_text(active: Active<'_>) -> RuleText {
    RuleText { level: active.level, ..active.rule.text.clone() }
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
