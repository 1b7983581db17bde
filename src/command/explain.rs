//! `aimslint explain` and `aimslint rules`.

use super::output::print;
use super::{Trouble, today};
use aimslint::settings::Settings;
use aimslint::truth::Labels;
use aimslint::{Failure, PolicyBook, Request, explain};

pub fn run(name: &str) -> Result<u8, Trouble> {
    let (book, settings) = in_force()?;
    let text =
        explain::explain(name, &book, &settings.rules, &Labels::shipped(&book)?).map_err(Failure::UnknownName)?;
    print(&text)
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
