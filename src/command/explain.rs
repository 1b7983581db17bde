//! `aimslint explain`, `aimslint docs` and `aimslint rules`.

use super::output::{print, write_new};
use super::scope::need_folder;
use super::{Trouble, today};
use aimslint::examples::Fixtures;
use aimslint::explain::Told;
use aimslint::pages::pages;
use aimslint::settings::Settings;
use aimslint::truth::Labels;
use aimslint::{Failure, PolicyBook, Request, explain};
use std::fs;
use std::path::Path;

pub fn run(name: &str) -> Result<u8, Trouble> {
    let (book, settings) = in_force()?;
    let (labels, fixtures) = (Labels::shipped(&book)?, Fixtures::shipped());
    let told = Told { book: &book, set: &settings.rules, labels: &labels, fixtures: &fixtures };
    print(&explain::explain(name, &told).map_err(Failure::UnknownName)?)
}

/// Writes the documentation of the rules into a new folder; `fixtures` holds those of the organisation's own rules.
pub fn docs(folder: &Path, fixtures: Option<&Path>) -> Result<u8, Trouble> {
    if fs::read_dir(folder).map_or_else(|_| folder.exists(), |mut entries| entries.next().is_some()) {
        return Err(Trouble::AlreadyThere(folder.to_path_buf()));
    }
    let (book, settings) = in_force()?;
    let (labels, mut known) = (Labels::shipped(&book)?, Fixtures::shipped());
    if let Some(fixtures) = fixtures {
        need_folder(fixtures)?;
        known.extend(Fixtures::of_folder(fixtures));
    }
    let told = Told { book: &book, set: &settings.rules, labels: &labels, fixtures: &known };
    let pages = pages(&told);
    for (path, text) in &pages {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| Trouble::File { path: parent.to_path_buf(), error })?;
        }
        write_new(&path, text)?;
    }
    print(&format!("Wrote {} pages; begin with {}.\n", pages.len(), folder.join("README.md").display()))
}

pub fn rules(markdown: bool) -> Result<u8, Trouble> {
    let (book, settings) = in_force()?;
    print(&if markdown { explain::rules_markdown(&book) } else { explain::rules(&book, &settings.rules) })
}

/// The policy as the settings of the current folder have it.
fn in_force() -> Result<(PolicyBook, Settings), Failure> {
    let request = Request { root: ".".into(), ..Request::default() };
    let book = PolicyBook::of(&request)?;
    let settings = aimslint::settings_of(&request, &book, Settings::new(today()))?;
    Ok((book, settings))
}
