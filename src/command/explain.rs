//! `aimslint explain` and `aimslint rules`.

use super::Trouble;
use super::output::print;
use aimslint::truth::Labels;
use aimslint::{Failure, PolicyBook, explain};

pub fn run(name: &str) -> Result<u8, Trouble> {
    let book = PolicyBook::shipped()?;
    let text = explain::explain(name, &book, &Labels::shipped(&book)?).map_err(Failure::UnknownName)?;
    print(&text)
}

pub fn rules(markdown: bool) -> Result<u8, Trouble> {
    let book = PolicyBook::shipped()?;
    print(&if markdown { explain::rules_markdown(&book) } else { explain::rules(&book) })
}
