//! An organisation's packs of rules: where they lie, and what of them is read.

use super::{OwnFiles, bytes_of};
use crate::git::{Form, Kept};
use crate::problem::Problem;
use crate::settings::Sources;
use crate::source::{self, SourceFile, folder};
use crate::{Failure, Request, SettingsFile};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Name of the file in which a pack says what it sets of other rules.
pub const PACK_FILE: &str = "pack.toml";

/// Folders of a pack that hold no rules.
const NO_FAMILIES: &[&str] = &["fixtures", "catalogue"];

/// How many rules a pack may hold, and how large each may be, in bytes.
const RULE_LIMIT: usize = 2_000;
const RULE_BYTES: usize = 1 << 20;

/// How many entries of a pack's folder are looked at.
const ENTRY_LIMIT: usize = 50_000;

/// The files of a pack.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    /// Its rules, as the user would name their files.
    pub rules: Vec<SourceFile>,
    /// Its own settings, if it has any.
    pub settings: Option<SourceFile>,
    /// What cannot be read of it.
    pub faults: Vec<Problem>,
}

impl Pack {
    /// The pack in this folder of the disk; a sentence where there is none.
    pub(crate) fn on_disk(folder: &Path) -> Result<Self, String> {
        let shown = folder.to_string_lossy().replace('\\', "/");
        Self::read(&on_disk(folder), shown.trim_end_matches('/'), |path| text_on_disk(folder, path))
    }

    fn read(
        listed: &[(String, Form)],
        shown: &str,
        text: impl Fn(&str) -> Result<String, String>,
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
            let place = below(shown, path);
            match text(path) {
                Ok(text) if path == PACK_FILE => pack.settings = Some(SourceFile::new(place, text)),
                Ok(text) => pack.rules.push(SourceFile::new(place, text)),
                Err(reason) => pack.faults.push(problem(&place, reason)),
            }
        }
        if pack.rules.is_empty() && pack.settings.is_none() && pack.faults.is_empty() {
            return Err(format!("`{shown}` holds no rule: rules are files FAMILY/NAME.toml in it"));
        }
        Ok(pack)
    }
}

/// Where something is read from that the settings name.
enum Home {
    /// The disk.
    Disk(PathBuf),
    /// As git keeps it, by its path from the top of the repository.
    Kept(String),
}

impl OwnFiles<'_> {
    /// Reads the pack that `settings` name so; a sentence where there is none. Within the repository it comes from where the settings come
    /// from; outside it is read from the disk, as it is.
    pub(crate) fn pack(&self, settings: &SourceFile, written: &str) -> Result<Result<Pack, String>, Failure> {
        let home = match self.home(settings, written) {
            Ok(home) => home,
            Err(reason) => return Ok(Err(reason)),
        };
        let shown = lexical(&format!("{}{written}", above(&settings.path)));
        let Some(listed) = self.listed(&home)? else {
            return Ok(Err(format!("there is no folder `{shown}`{}", self.whence())));
        };
        Ok(Pack::read(&listed, &shown, |path| self.text(&home, path)))
    }

    /// The paths, told from the top of the repository, of the files of packs within it, as `kept` has them.
    pub(super) fn pack_places(&self, settings: &SourceFile, kept: Kept) -> Result<Vec<String>, Failure> {
        let Some((checkout, _)) = &self.kept else { return Ok(Vec::new()) };
        let mut places = Vec::new();
        let mut sources = Sources::default();
        crate::book::read_toml(settings, |root, problems| {
            sources = Sources::read(&crate::table::Table::root(root), problems);
        });
        for pack in &sources.packs {
            let Ok(Home::Kept(place)) = self.home(settings, &pack.value) else { continue };
            let listed = checkout.listed(&place, kept)?.unwrap_or_default();
            places.extend(wanted(&listed, "", &mut Vec::new()).into_iter().map(|path| below(&place, path)));
        }
        Ok(places)
    }

    /// Where what the settings name so is read from.
    fn home(&self, settings: &SourceFile, written: &str) -> Result<Home, String> {
        let on_disk = settings_folder(self.request, settings).join(written);
        let Some((checkout, _)) = &self.kept else {
            let stays = !leaves(&lexical(written)) && !Path::new(written).is_absolute();
            if stays && leads_out(&settings_folder(self.request, settings), &on_disk) {
                return Err(format!("`{written}` is a link that leads out of the repository; name the folder itself"));
            }
            return Ok(Home::Disk(on_disk));
        };
        // By names alone: what is checked out, links among it, must have no say in what is read.
        let here = checkout.folders_up().next().unwrap_or_default();
        let base = match &self.request.settings {
            SettingsFile::At(path) => checkout.place_of(path).map(|place| above(&place).to_owned()),
            _ => Some(format!("{here}{}", above(&settings.path))),
        };
        let inside =
            base.filter(|_| !Path::new(written).is_absolute()).map(|base| lexical(&format!("{base}{written}")));
        match inside.filter(|place| !leaves(place)) {
            Some(place) => Ok(Home::Kept(place)),
            None if !leads_out(checkout.top(), &on_disk) => Err(format!(
                "`{written}` leads out of the repository and back into it; write its path within the repository"
            )),
            None => Ok(Home::Disk(on_disk)),
        }
    }

    /// What lies up to two folders deep there; `None` when there is no such folder.
    fn listed(&self, home: &Home) -> Result<Option<Vec<(String, Form)>>, Failure> {
        match (home, &self.kept) {
            (Home::Kept(place), Some((checkout, kept))) => Ok(checkout.listed(place, *kept)?),
            (Home::Disk(folder), _) if folder.is_dir() => Ok(Some(on_disk(folder))),
            _ => Ok(None),
        }
    }

    /// The text of a file there.
    fn text(&self, home: &Home, path: &str) -> Result<String, String> {
        match (home, &self.kept) {
            (Home::Kept(place), Some((checkout, kept))) => {
                let bytes = checkout.read(&below(place, path), *kept, RULE_BYTES).map_err(|it| it.to_string())?;
                source::decode(bytes.unwrap_or_default())
            }
            (Home::Disk(folder), _) => text_on_disk(folder, path),
            (Home::Kept(_), None) => Err("git was not asked".to_owned()),
        }
    }

    /// Where packs within the repository come from, where that is not the folder.
    fn whence(&self) -> String {
        match (&self.request.policy_from, &self.kept) {
            (Some(name), _) => format!(
                " in {name}, where the policy comes from; a submodule is not part of it: check it out beside the repository instead"
            ),
            (None, Some(_)) => " among what is staged".to_owned(),
            _ => String::new(),
        }
    }
}

/// The folder of the settings file on the disk.
fn settings_folder(request: &Request, settings: &SourceFile) -> PathBuf {
    match &request.settings {
        SettingsFile::At(path) => path.parent().unwrap_or(Path::new("")).to_path_buf(),
        _ => request.root.canonicalize().unwrap_or_else(|_| request.root.clone()).join(above(&settings.path)),
    }
}

/// True when `path` lies outside of `folder`, once links are followed; what is not there lies nowhere.
fn leads_out(folder: &Path, path: &Path) -> bool {
    // An empty path is the current folder.
    let whole = |path: &Path| Path::new(".").join(path).canonicalize();
    match (whole(folder), whole(path)) {
        (Ok(folder), Ok(path)) => !path.starts_with(folder),
        _ => false,
    }
}

/// The rules and the settings among what a pack's folder holds. What has the place of a rule and cannot be read is a fault: a rule
/// that is passed over in silence looks like one that is kept.
fn wanted<'a>(listed: &'a [(String, Form)], shown: &str, faults: &mut Vec<Problem>) -> Vec<&'a str> {
    let mut wanted = Vec::new();
    for (path, form) in listed {
        let family = path.split('/').next().unwrap_or_default();
        let is_family = !family.starts_with('.') && !NO_FAMILIES.contains(&family);
        let is_rule = path.contains('/') && Path::new(path).extension().is_some_and(|end| end == "toml");
        let is_known_family = crate::policy::FAMILIES.contains(&family);
        let place = below(shown, path);
        match form {
            Form::File if path == PACK_FILE || (is_family && is_rule) => wanted.push(path.as_str()),
            Form::Folder if is_known_family && path.contains('/') => {
                faults.push(problem(&place, "a family holds its rules itself, and no folders".to_owned()));
            }
            Form::Other if path == PACK_FILE || (is_family && is_rule) || is_known_family => {
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

fn text_on_disk(folder: &Path, path: &str) -> Result<String, String> {
    source::decode(bytes_of(&folder.join(path), RULE_BYTES).map_err(|error| error.to_string())?)
}

fn on_disk(folder: &Path) -> Vec<(String, Form)> {
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

/// The folder of a path with a `/` behind it; empty at the top.
fn above(path: &str) -> &str {
    let folder = folder(path);
    path.get(..folder.len() + usize::from(!folder.is_empty())).unwrap_or_default()
}

/// The path of what `folder` holds; an empty folder is the top.
fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// True for a path that begins with `..`.
fn leaves(path: &str) -> bool {
    path == ".." || path.starts_with("../")
}

/// A path without `.` and, where a folder is there to be left, without `..`.
fn lexical(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" if !parts.is_empty() => {}
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::lexical;

    #[test]
    fn paths_are_told_by_names_alone() {
        for (path, told) in [
            ("../../org/", "../../org"),
            ("a/./b/../c", "a/c"),
            ("./policy", "policy"),
            ("a/../../b", "../b"),
            ("/srv/../org", "/org"),
            ("services/model/../../policy", "policy"),
        ] {
            assert_eq!(lexical(path), told);
        }
    }
}
