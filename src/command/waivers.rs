//! `aimslint waivers`.

use super::Trouble;
use super::output::print;
use super::scope::{line_of, need_folder};
use aimslint::settings::Settings;
use aimslint::{PolicyBook, Request, explain};
use std::path::Path;

pub fn run(path: &Path, json: bool, today: jiff::civil::Date) -> Result<u8, Trouble> {
    need_folder(path)?;
    let request = Request { root: path.to_path_buf(), judge_without_ai: true, ..Request::default() };
    let (report, _) = aimslint::check(&request, &PolicyBook::of(&request)?, Settings::new(today), &|_, _| {})?;
    if json {
        return print(&report.waivers.iter().map(|waiver| explain::fact(waiver) + "\n").collect::<String>());
    }
    print(&explain::waivers(&report.waivers, |waiver| line_of(path, waiver)))
}
