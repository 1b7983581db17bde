//! The files of an organisation's pack of rules, from wherever they are read.

use super::bytes_of;
use super::paths::{leads_out, leaves, lexical};
use crate::git::Form;
use crate::problem::{Problem, Problems};
use crate::source::{self, SourceFile};
use crate::table::{Table, Written};
use crate::tree::join;
use std::path::Path;
use walkdir::WalkDir;

/// Name of the file in which a pack says what it sets of other rules.
pub const PACK_FILE: &str = "pack.toml";

/// Name of the file of a pack that records which words of clauses rules were written for.
pub const PACK_REVIEWED: &str = "reviewed.toml";

/// Folders of a pack that hold no rules.
const NO_FAMILIES: &[&str] = &["fixtures", "catalogue"];

/// How many rules a pack may hold, and how large each may be, in bytes.
const RULE_LIMIT: usize = 2_000;
pub(super) const RULE_BYTES: usize = 1 << 20;

/// How large the text of a policy may be, in bytes.
pub(super) const TEXT_BYTES: usize = 4 << 20;

/// How many entries of a pack's folder are looked at.
const ENTRY_LIMIT: usize = 50_000;

/// The files of a pack.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    /// Its rules, as the user would name their files.
    pub rules: Vec<SourceFile>,
    /// Its own settings, if it has any.
    pub settings: Option<SourceFile>,
    /// The policy's own text, if its settings name one.
    pub text: Option<SourceFile>,
    /// Which words of clauses rules were written for, if that is recorded.
    pub reviewed: Option<SourceFile>,
    /// What cannot be read of it.
    pub faults: Vec<Problem>,
}

impl Pack {
    /// The pack in this folder of the disk; a sentence where there is none.
    pub(crate) fn on_disk(folder: &Path) -> Result<Self, String> {
        let shown = folder.to_string_lossy().replace('\\', "/");
        Self::read(&on_disk(folder), shown.trim_end_matches('/'), |path, limit| text_on_disk(folder, path, limit))
    }

    pub(super) fn read(
        listed: &[(String, Form)],
        shown: &str,
        text: impl Fn(&str, usize) -> Result<String, String>,
    ) -> Result<Self, String> {
        if listed.len() > ENTRY_LIMIT {
            return Err(format!("`{shown}` holds more than {ENTRY_LIMIT} files: name the folder of the rules alone"));
        }
        let mut pack = Self::default();
        for path in wanted(listed, shown, &mut pack.faults) {
            if pack.rules.len() == RULE_LIMIT {
                pack.faults.push(problem(shown, format!("a pack may hold at most {RULE_LIMIT} rules")));
                break;
            }
            let place = join(shown, path);
            match text(path, RULE_BYTES) {
                Ok(text) if path == PACK_FILE => pack.settings = Some(SourceFile::new(place, text)),
                Ok(text) if path == PACK_REVIEWED => pack.reviewed = Some(SourceFile::new(place, text)),
                Ok(text) => pack.rules.push(SourceFile::new(place, text)),
                Err(reason) => pack.faults.push(problem(&place, reason)),
            }
        }
        if let Some((settings, written)) = pack.settings.as_ref().and_then(|file| Some((file, text_named_by(file)?))) {
            match text_within(&written.value, &text) {
                Ok(text) => pack.text = Some(SourceFile::new(join(shown, &written.value), text)),
                Err(reason) => {
                    let mut problems = Problems::of(settings);
                    problems.add(written.at, format!("`{}` cannot be read: {reason}", written.value));
                    pack.faults.extend(problems.all);
                }
            }
        }
        if pack.rules.is_empty() && pack.settings.is_none() && pack.faults.is_empty() {
            return Err(format!("`{shown}` holds no rule: rules are files FAMILY/NAME.toml in it"));
        }
        Ok(pack)
    }
}

/// The rules and the settings among what a pack's folder holds. What has the place of a rule and cannot be read is a fault: a rule
/// that is passed over in silence looks like one that is kept.
pub(super) fn wanted<'a>(listed: &'a [(String, Form)], shown: &str, faults: &mut Vec<Problem>) -> Vec<&'a str> {
    let mut wanted = Vec::new();
    for (path, form) in listed {
        let family = path.split('/').next().unwrap_or_default();
        let is_family = !family.starts_with('.') && !NO_FAMILIES.contains(&family);
        let is_rule = path.contains('/') && Path::new(path).extension().is_some_and(|end| end == "toml");
        let is_known_family = crate::policy::FAMILIES.contains(&family);
        let is_of_pack = [PACK_FILE, PACK_REVIEWED].contains(&path.as_str());
        let place = join(shown, path);
        match form {
            Form::File if is_of_pack || (is_family && is_rule) => wanted.push(path.as_str()),
            Form::Folder if is_known_family && path.contains('/') => {
                faults.push(problem(&place, "a family holds its rules itself, and no folders".to_owned()));
            }
            Form::Other if is_of_pack || (is_family && is_rule) || is_known_family => {
                faults.push(problem(
                    &place,
                    "is a link or a submodule; packs are read without following them".to_owned(),
                ));
            }
            _ => {}
        }
    }
    wanted
}

pub(super) fn text_on_disk(folder: &Path, path: &str, limit: usize) -> Result<String, String> {
    let file = folder.join(path);
    if file.symlink_metadata().is_ok_and(|found| !found.is_file()) || leads_out(folder, &file) {
        return Err("it is no regular file; links are not followed".to_owned());
    }
    source::decode(bytes_of(&file, limit).map_err(|error| error.to_string())?)
}

/// The text that the settings of a pack name.
pub(super) fn text_named_by(settings: &SourceFile) -> Option<Written<String>> {
    let mut named = None;
    // What else is wrong with the file is told when it is read as a whole.
    crate::read_table::read_toml(settings, |root, problems| named = Table::root(root).text("text", problems));
    named
}

/// The text of a policy that a pack holds.
fn text_within(path: &str, text: impl Fn(&str, usize) -> Result<String, String>) -> Result<String, String> {
    if lexical(path) != path || leaves(path) || Path::new(path).is_absolute() {
        return Err("the text must lie in the pack, and be named by its plain path".to_owned());
    }
    text(path, TEXT_BYTES)
}

pub(super) fn on_disk(folder: &Path) -> Vec<(String, Form)> {
    let is_shown = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() != 1 || !(name.starts_with('.') || NO_FAMILIES.contains(&name.as_ref()))
    };
    let entries = WalkDir::new(folder).min_depth(1).max_depth(2).sort_by_file_name().into_iter().filter_entry(is_shown);
    let form = |entry: &walkdir::DirEntry| match entry.file_type() {
        form if form.is_file() => Form::File,
        form if form.is_dir() => Form::Folder,
        _ => Form::Other,
    };
    let listed = entries.filter_map(Result::ok).take(ENTRY_LIMIT + 1).filter_map(|entry| {
        let path = entry.path().strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
        Some((path, form(&entry)))
    });
    listed.collect()
}

fn problem(path: &str, message: String) -> Problem {
    Problem { path: path.to_owned(), line: 1, column: 1, message }
}
