//! `aimslint accept`.

use super::Trouble;
use super::output::{print, replace_file};
use super::scope::need_folder;
use aimslint::policy::Rule;
use aimslint::{Failure, PACK_FILE, PACK_REVIEWED, PolicyBook, REVIEWED, Request, problem};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub fn run(path: &Path, only: &[String]) -> Result<u8, Trouble> {
    need_folder(path)?;
    let path = path.strip_prefix(".").unwrap_or(path);
    let is_pack = path.join(PACK_FILE).is_file();
    let (book, target) = if is_pack {
        (PolicyBook::of_folder(path)?, path.join(PACK_REVIEWED))
    } else {
        let root = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let request = Request { root: root.to_path_buf(), ..Request::default() };
        (PolicyBook::of(&request)?, path.join(aimslint::settings_folder(&request)?).join(REVIEWED))
    };
    if let Some(unknown) = only.iter().find(|only| !book.rules.contains_key(*only)) {
        let ids = book.rules.keys().map(String::as_str);
        return Err(Failure::UnknownName(problem::unknown("rule", unknown, ids)).into());
    }
    let wanted = |rule: &&Rule| only.is_empty() || only.iter().any(|only| only == rule.id());
    let (accepted, text) =
        book.accept(book.rules.values().filter(wanted), &fs::read_to_string(&target).unwrap_or_default());
    if accepted.is_empty() {
        return print("No rule needs review: nothing was written.\n");
    }
    replace_file(&target, |out| out.write_all(text.as_bytes()))?;
    let mut told = String::new();
    for (rule, review) in &accepted {
        let _ = writeln!(told, "{}  clause {} {}", rule.id(), review.clause, review.at);
    }
    let _ = writeln!(told, "{} records that they were looked at with these words.", target.display());
    print(&told)
}
