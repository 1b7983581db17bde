//! An organisation's own policy: its packs of rules and its text, joined with what the product ships.

use crate::book::{PolicyBook, rule_id};
use crate::own_files::{OwnFiles, PACK_FILE, Pack};
use crate::policy::{Conditions, Rule, own_text};
use crate::problem::{Problem, Problems};
use crate::read_table::read_toml;
use crate::settings::Sources;
use crate::source::SourceFile;
use crate::table::Table;
use crate::threads::on_threads;
use crate::{Failure, Request, parse, verify};
use std::path::Path;

impl PolicyBook {
    /// The policy that a request is judged by: what the product ships, and the packs that its settings name.
    ///
    /// # Errors
    ///
    /// Every fault of `[policy]` and of every file of a pack.
    pub fn of(request: &Request) -> Result<Self, Failure> {
        on_threads(request, || {
            let own = OwnFiles::of(request)?;
            match own.settings()? {
                Some(settings) => load(&own, &settings),
                None => Self::shipped(),
            }
        })?
    }

    /// The policy that rules of a folder are tried with: a pack, which says so by its `pack.toml`, beside what the product ships; any
    /// other folder alone.
    ///
    /// # Errors
    ///
    /// Every fault of every file.
    pub fn of_folder(folder: &Path) -> Result<Self, Failure> {
        if folder.join(PACK_FILE).is_file() { load_folder(folder) } else { Self::load(verify::rule_files(folder)?) }
    }
}

/// The policy that these settings name.
fn load(own: &OwnFiles<'_>, settings: &SourceFile) -> Result<PolicyBook, Failure> {
    let mut sources = Sources::default();
    let mut faults = read_toml(settings, |root, problems| sources = Sources::read(&Table::root(root), problems));
    let mut problems = Problems::of(settings);
    let mut packs = Vec::new();
    for written in &sources.packs {
        match own.pack(settings, &written.value)? {
            Ok(pack) => packs.push(pack),
            Err(reason) => problems.add(written.at, reason),
        }
    }
    // What the settings name and what is recorded beside them stands last: it is nearest to the repository.
    let mut nearest = Pack::default();
    if let Some(written) = &sources.text {
        match own.policy_text(settings, &written.value) {
            Ok(text) => nearest.text = Some(text),
            Err(reason) => problems.add(written.at, format!("`{}` cannot be read: {reason}", written.value)),
        }
    }
    match own.reviewed(settings) {
        Ok(reviewed) => nearest.reviewed = reviewed,
        Err(reason) => problems.add(crate::source::Span::empty(0), reason),
    }
    packs.push(nearest);
    faults.extend(problems.all);
    let mut book = PolicyBook::shipped()?;
    faults.extend(join(&mut book, packs));
    book.sources = sources;
    if faults.is_empty() { Ok(book) } else { Err(Failure::Problems(faults)) }
}

/// What the product ships, and the pack in this folder.
fn load_folder(folder: &Path) -> Result<PolicyBook, Failure> {
    let pack = Pack::on_disk(folder).map_err(Failure::UnknownName)?;
    let mut book = PolicyBook::shipped()?;
    let faults = join(&mut book, vec![pack]);
    if faults.is_empty() { Ok(book) } else { Err(Failure::Problems(faults)) }
}

/// Adds packs to a policy, in their order; gives every fault.
fn join(book: &mut PolicyBook, packs: Vec<Pack>) -> Vec<Problem> {
    let mut faults = Vec::new();
    // Rules cite clauses of every text.
    for text in packs.iter().filter_map(|pack| pack.text.as_ref()) {
        let mut problems = Problems::of(text);
        book.controls.replace_clauses(own_text::read(&parse::markdown::outline(&text.text), &mut problems));
        faults.extend(problems.all);
    }
    let (mut settings, mut reviewed) = (Vec::new(), Vec::new());
    for pack in packs {
        faults.extend(pack.faults);
        // Rules of a pack were checked by nobody yet.
        let (rules, found) = book.rules_of(&pack.rules, Conditions::CheckedNow, parse::toml::parse);
        faults.extend(found);
        for mut rule in rules {
            let file = pack.rules.iter().find(|file| rule_id(&file.path) == rule.id());
            rule.text.origin = file.map(|file| file.path.to_string()).unwrap_or_default();
            match book.rules.get(rule.id()) {
                Some(other) => faults.push(collision(&rule, other)),
                None => {
                    book.rules.insert(rule.text.id.clone(), rule);
                }
            }
        }
        settings.extend(pack.settings);
        reviewed.extend(pack.reviewed);
    }
    // A pack may set rules of every other one.
    for file in settings {
        faults.extend(read_toml(&file, |root, problems| {
            let table = Table::root(root);
            let _ = (table.text("title", problems), table.text("text", problems));
            book.overrides.read(&table, &book.rules, problems);
            table.finish(problems);
        }));
    }
    for file in reviewed {
        faults.extend(read_toml(&file, |root, problems| book.reviewed.read(&Table::root(root), problems)));
    }
    faults
}

/// Two rules of one id: neither may silently replace the other.
fn collision(rule: &Rule, other: &Rule) -> Problem {
    let id = rule.id();
    let message = if other.text.origin.is_empty() {
        format!(
            "aimslint ships a rule `{id}`: give this one another name; to change the level or the parameters of the shipped one, write \
             \"{id}\" = {{ level = \"...\" }} under [rules] in pack.toml or aimslint.toml"
        )
    } else {
        format!("there is a rule `{id}` in {} already: give one of them another name", other.text.origin)
    };
    Problem { path: rule.text.origin.clone(), line: 1, column: 1, message }
}
