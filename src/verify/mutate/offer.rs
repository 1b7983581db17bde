//! What the failing cases of a rule have where it fires: written into a passing case, it should make the rule fire there.

use super::super::{case::Case, commits, folders_in, name_of};
use crate::PolicyBook;
use std::fs;
use std::path::Path;

/// Something that a failing case has.
pub(super) struct Offer {
    /// The value at which the rule fires.
    pub value: String,
    /// The lines that it stands in, without the end of the last.
    pub lines: String,
    /// The file that it stands in.
    pub file: Vec<u8>,
    /// It is the line of a commit's description that tells its day.
    pub is_day: bool,
}

/// What the failing cases of a rule have, of which `siblings` holds all cases.
pub(super) fn of_failing(rule: &str, siblings: &Path, book: &PolicyBook) -> Vec<Offer> {
    let mut offers = Vec::new();
    for folder in folders_in(siblings).iter().filter(|folder| name_of(folder).starts_with("fail")) {
        let Ok(Ok(case)) = Case::open(rule, folder) else { continue };
        let Ok(report) = case.judge(book) else { continue };
        for placed in report.open() {
            let region = &placed.region;
            let Some(file) = file_of(folder, &region.path) else { continue };
            let lines = super::lines_at(&file, region.bytes);
            let text = |range| String::from_utf8_lossy(file.get(range).unwrap_or_default()).into_owned();
            let value = text(region.bytes.start..region.bytes.end);
            offers.push(Offer { value, lines: text(lines), file, is_day: false });
        }
        for commit in folders_in(&folder.join(commits::FOLDER)) {
            let text = fs::read_to_string(commit.join(commits::DESCRIPTION)).unwrap_or_default();
            let days = text.lines().filter(|line| line.starts_with("date"));
            offers.extend(days.map(|day| Offer {
                value: String::new(),
                lines: day.to_owned(),
                file: Vec::new(),
                is_day: true,
            }));
        }
    }
    offers
}

/// A file of a case: of its tree, or of the last commit that has it.
fn file_of(case: &Path, path: &str) -> Option<Vec<u8>> {
    let in_commits = folders_in(&case.join(commits::FOLDER)).into_iter().rev().map(|commit| commit.join(path));
    std::iter::once(case.join(path)).chain(in_commits).find_map(|file| fs::read(file).ok())
}
