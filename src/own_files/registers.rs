//! The files that a register is continued in: `[register] include` of the settings, and of what it includes.

use super::paths::{above, leads_out, lexical};
use super::policy::{Home, settings_folder};
use super::{OwnFiles, bytes_of, is_plain};
use crate::Failure;
use crate::git::{Form, Kept};
use crate::problem::{Problem, Problems};
use crate::register;
use crate::source::{self, SourceFile, file_name};
use crate::table::{Table, Written};
use crate::tree::join;
use globset::Glob;
use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

/// How many files a register may have.
const FILE_LIMIT: usize = 500;

/// How large each may be, and all together, in bytes.
const FILE_BYTES: usize = 4 << 20;
const ALL_BYTES: usize = 32 << 20;

/// How far a file that is included may include others.
const DEPTH_LIMIT: usize = 4;

/// How many entries of a folder are looked at for a pattern.
const ENTRY_LIMIT: usize = 10_000;

/// The further files of a register.
#[derive(Debug, Default)]
pub(crate) struct Included {
    /// The files in the order in which they are named; those of one pattern by their names.
    pub files: Vec<SourceFile>,
    /// The paths of those that lie outside of the repository, as they are shown.
    pub outside: BTreeSet<String>,
    /// What cannot be read of them.
    pub faults: Vec<Problem>,
}

/// A file that is named: its path from the settings file, and where it is read from, or why it is not.
type Named = (String, Result<Home, String>);

/// A file whose own includes are still to be followed.
struct Open {
    file: SourceFile,
    /// Its path from the settings file.
    place: String,
    /// The files by way of which it came, itself the last.
    chain: Vec<String>,
}

impl OwnFiles<'_> {
    /// The files that the settings name for the rest of the register. Within the repository they come from where the settings come from;
    /// outside they are read from the disk, as they are.
    pub(crate) fn registers(&self, settings: &SourceFile) -> Result<Included, Failure> {
        let mut included = Included::default();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut bytes = 0;
        let first = file_name(&settings.path).to_owned();
        seen.insert(first.clone());
        let mut open = VecDeque::from([Open { file: settings.clone(), place: first.clone(), chain: vec![first] }]);
        while let Some(Open { file, place, chain }) = open.pop_front() {
            let mut problems = Problems::of(&file);
            for written in includes(&file) {
                let named = if Path::new(&written.value).is_absolute() {
                    written.value.clone()
                } else {
                    lexical(&format!("{}{}", above(&place), written.value))
                };
                for (place, home) in self.matching(settings, &named)? {
                    let home = match home {
                        Ok(home) => home,
                        Err(reason) => {
                            problems.add(written.at, reason);
                            continue;
                        }
                    };
                    if chain.contains(&place) {
                        problems.add(written.at, format!("`{place}` includes itself: {}", chain.join(", then ")));
                        continue;
                    }
                    if !seen.insert(place.clone()) {
                        continue;
                    }
                    if chain.len() > DEPTH_LIMIT {
                        problems.add(written.at, format!("files may include others {DEPTH_LIMIT} deep, and no deeper"));
                        continue;
                    }
                    let text = match self.text_of(&home) {
                        Ok(text) => text,
                        Err(reason) => {
                            problems.add(written.at, format!("`{place}` {reason}"));
                            continue;
                        }
                    };
                    bytes += text.len();
                    if included.files.len() == FILE_LIMIT || bytes > ALL_BYTES {
                        let limits = format!("{FILE_LIMIT} files of {} MiB together", ALL_BYTES >> 20);
                        problems.add(written.at, format!("a register may have at most {limits}"));
                        included.faults.append(&mut problems.all);
                        return Ok(included);
                    }
                    let shown = if Path::new(&place).is_absolute() {
                        place.clone()
                    } else {
                        lexical(&format!("{}{place}", above(&settings.path)))
                    };
                    if self.is_outside(settings, &home) {
                        included.outside.insert(shown.clone());
                    }
                    let file = SourceFile::new(shown, text);
                    included.files.push(file.clone());
                    let chain = chain.iter().cloned().chain([place.clone()]).collect();
                    open.push_back(Open { file, place, chain });
                }
            }
            included.faults.append(&mut problems.all);
        }
        Ok(included)
    }

    /// The paths, told from the top of the repository, of the files of the register within it, as `kept` has them.
    pub(super) fn register_places(&self, settings: &SourceFile, kept: Kept) -> Result<Vec<String>, Failure> {
        let Some((checkout, _)) = &self.kept else { return Ok(Vec::new()) };
        let mut names: Vec<String> = includes(settings).into_iter().map(|written| written.value).collect();
        for file in self.registers(settings)?.files {
            names.extend(file.path.strip_prefix(above(&settings.path)).map(str::to_owned));
        }
        let mut places = Vec::new();
        for name in &names {
            let (within, pattern) = split(name);
            let (Ok(Home::Kept(place)), Ok(pattern)) = (self.home(settings, within), Glob::new(pattern)) else {
                continue;
            };
            let pattern = pattern.compile_matcher();
            let listed = checkout.listed(&place, kept)?.unwrap_or_default().into_iter();
            let files = listed.filter(|(path, form)| *form == Form::File && pattern.is_match(path));
            places.extend(files.map(|(path, _)| join(&place, &path)));
        }
        Ok(places)
    }

    /// The files that a path or pattern names, told from the settings file; a sentence for what cannot be read.
    fn matching(&self, settings: &SourceFile, named: &str) -> Result<Vec<Named>, Failure> {
        let (within, name) = split(named);
        let is_pattern = |text: &str| text.contains(['*', '?', '[', '{']);
        let fault = |reason: String| Ok(vec![(named.to_owned(), Err(reason))]);
        if is_pattern(within) {
            return fault("only the last part of the path may be a pattern: \"registers/*.toml\"".to_owned());
        }
        if !is_pattern(name) {
            return Ok(vec![(named.to_owned(), self.home(settings, named))]);
        }
        let pattern = match Glob::new(name) {
            Ok(pattern) => pattern.compile_matcher(),
            Err(error) => return fault(format!("not a glob: {error}")),
        };
        let all = match self.home(settings, within) {
            Ok(home) => self.names(&home)?,
            Err(reason) => return fault(reason),
        };
        let paths = all.into_iter().filter(|name| pattern.is_match(name)).map(|name| join(within, &name));
        // Whoever includes `*.toml` beside the settings does not mean the settings.
        let paths = paths.filter(|path| path != file_name(&settings.path));
        let found: Vec<_> = paths.map(|path| (path.clone(), self.home(settings, &path))).collect();
        if found.is_empty() { fault(format!("no file is called `{named}`{}", self.whence())) } else { Ok(found) }
    }

    /// The names of the files in a folder, in order.
    fn names(&self, home: &Home) -> Result<Vec<String>, Failure> {
        match (home, &self.kept) {
            (Home::Kept(place), Some((checkout, kept))) => {
                let listed = checkout.listed(place, *kept)?.unwrap_or_default();
                Ok(listed.into_iter().map(|(path, _)| path).filter(|path| !path.contains('/')).collect())
            }
            (Home::Disk(path), _) => {
                let entries = fs::read_dir(path).into_iter().flatten().take(ENTRY_LIMIT).filter_map(Result::ok);
                let files = entries.filter(|entry| entry.file_type().is_ok_and(|form| !form.is_dir()));
                let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
                names.sort();
                Ok(names)
            }
            (Home::Kept(_), None) => Ok(Vec::new()),
        }
    }

    /// What a file of the register holds, or what is the matter with it, in words that follow its name.
    fn text_of(&self, home: &Home) -> Result<String, String> {
        let bytes = match (home, &self.kept) {
            (Home::Kept(place), Some((checkout, kept))) => {
                let bytes =
                    checkout.read(place, *kept, FILE_BYTES).map_err(|trouble| format!("cannot be read: {trouble}"))?;
                bytes.ok_or_else(|| format!("is not there{}", self.whence()))?
            }
            (Home::Disk(path), _) if is_plain(path) => {
                bytes_of(path, FILE_BYTES).map_err(|error| format!("cannot be read: {error}"))?
            }
            (Home::Disk(path), _) if path.symlink_metadata().is_ok() => {
                return Err("is a link or no file; name the file itself".to_owned());
            }
            _ => return Err("is not there".to_owned()),
        };
        source::decode(bytes).map_err(|reason| format!("cannot be read: {reason}"))
    }

    /// True for a file that is not of the repository.
    fn is_outside(&self, settings: &SourceFile, home: &Home) -> bool {
        let Home::Disk(path) = home else { return false };
        if self.kept.is_some() {
            return true;
        }
        let folder = settings_folder(self.request, settings);
        let whole = Path::new(".").join(&folder).canonicalize().unwrap_or(folder);
        let top = whole.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&whole);
        leads_out(top, path)
    }
}

/// What a file of the register includes. What is wrong with it is said when it is read as a whole.
fn includes(file: &SourceFile) -> Vec<Written<String>> {
    let mut found = Vec::new();
    crate::read_table::read_toml(file, |root, problems| found = register::includes(&Table::root(root), problems));
    found
}

/// The folder and the name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
