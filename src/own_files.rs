//! The files by which a repository sets its own gate: settings with the register, the baseline, the lists of what is left out. They come
//! from the folder, or as git keeps them: staged, or in the commit that a run trusts.

mod pack;
mod paths;
mod policy;
mod registers;

pub(crate) use pack::Pack;
pub use pack::{PACK_FILE, PACK_REVIEWED};
pub use policy::REVIEWED;
pub(crate) use registers::Included;

use crate::discover::{self, IGNORE_FILE};
use crate::extract::inline;
use crate::git::{Checkout, Kept, Range};
use crate::ownership::PLACES;
use crate::source::{self, SourceFile, Span};
use crate::waiver::{Scope, Waiver};
use crate::{BaselineFile, Failure, Request, SettingsFile, baseline, settings};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// How large such a file may be, in bytes.
const LIMIT: usize = 16 << 20;

/// Where the files come from.
pub(crate) struct OwnFiles<'a> {
    request: &'a Request,
    /// `None` for the folder itself.
    kept: Option<(Checkout, Kept)>,
}

/// A file by which the gate is set, and that a change touches.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Its path from the top of the repository.
    pub path: String,
    /// Its path from the scanned root.
    pub shown: String,
    /// What it sets: `settings`, `rules`, `clauses`, `baseline`, `exclusions` or `waivers`.
    pub purpose: &'static str,
    /// What happened to it: `added`, `removed` or `altered`.
    pub how: &'static str,
    /// Where in the file; `None` for all of it.
    pub at: Option<Span>,
}

impl<'a> OwnFiles<'a> {
    /// The files that count for a run: those of the commit that it trusts, or of what it judges.
    pub(crate) fn of(request: &'a Request) -> Result<Self, Failure> {
        let kept = match (&request.policy_from, &request.range) {
            (Some(name), _) => {
                let checkout = Checkout::open(&request.root)?;
                checkout.is_named_plainly(&request.root)?;
                let (kept, _) = checkout.kept_by(name)?;
                Some((checkout, kept))
            }
            (None, Some(Range::Staged)) => Some((Checkout::open(&request.root)?, Kept::Staged)),
            (None, _) => None,
        };
        Ok(Self { request, kept })
    }

    /// The files as they were in a commit.
    pub(crate) fn at(request: &'a Request, kept: Kept) -> Result<Self, Failure> {
        Ok(Self { request, kept: Some((Checkout::open(&request.root)?, kept)) })
    }

    /// The settings; `None` when there are none.
    pub(crate) fn settings(&self) -> Result<Option<SourceFile>, Failure> {
        match (&self.request.settings, &self.kept) {
            (SettingsFile::None, _) => Ok(None),
            (SettingsFile::At(path), _) => self.named(path).map(Some),
            (SettingsFile::Nearest, Some((checkout, kept))) => {
                for (above, folder) in checkout.folders_up().enumerate() {
                    let path = format!("{folder}{}", settings::FILE_NAME);
                    let shown = format!("{}{}", "../".repeat(above), settings::FILE_NAME);
                    if let Some(file) = kept_file(checkout, *kept, &path, &shown)? {
                        return Ok(Some(file));
                    }
                }
                Ok(None)
            }
            (SettingsFile::Nearest, None) => {
                let Ok(root) = self.request.root.canonicalize() else { return Ok(None) };
                // Outside of a git repository nothing says how far up is still the same project.
                let top = root.ancestors().position(|folder| folder.join(".git").exists()).unwrap_or(0);
                let candidates = root.ancestors().take(top + 1).map(|folder| folder.join(settings::FILE_NAME));
                let found = candidates.enumerate().find(|(_, path)| is_plain(path));
                let shown = |above| format!("{}{}", "../".repeat(above), settings::FILE_NAME);
                found.map(|(above, path)| folder_file(&path, shown(above))).transpose()
            }
        }
    }

    /// The baseline; `None` when there is none.
    pub(crate) fn baseline(&self) -> Result<Option<SourceFile>, Failure> {
        match (&self.request.baseline, &self.kept) {
            (BaselineFile::None, _) => Ok(None),
            (BaselineFile::At(path), _) => self.named(path).map(Some),
            (BaselineFile::InRoot, Some((checkout, kept))) => {
                let here = checkout.folders_up().next().unwrap_or_default();
                kept_file(checkout, *kept, &format!("{here}{}", baseline::FILE_NAME), baseline::FILE_NAME)
            }
            (BaselineFile::InRoot, None) => {
                let path = self.request.root.join(baseline::FILE_NAME);
                is_plain(&path).then(|| folder_file(&path, baseline::FILE_NAME.to_owned())).transpose()
            }
        }
    }

    /// The lists of what is left out, where a commit is trusted: the judged tree has no say then.
    pub(crate) fn trusted_lists(&self) -> Result<Option<Vec<SourceFile>>, Failure> {
        let Some((checkout, kept)) = self.kept.as_ref().filter(|_| self.request.policy_from.is_some()) else {
            return Ok(None);
        };
        let here = checkout.folders_up().next().unwrap_or_default();
        let mut lists = Vec::new();
        for path in checkout.files_named(IGNORE_FILE, *kept)? {
            lists.extend(kept_file(checkout, *kept, &path, path.strip_prefix(here).unwrap_or(&path))?);
        }
        Ok(Some(lists))
    }

    /// The files that the judged tree changes against the commit that is trusted. What only the trusted branch has changed since the two
    /// parted is no doing of the judged tree.
    pub(crate) fn touched(&self) -> Result<Vec<Touched>, Failure> {
        let Some((checkout, trusted)) = self.kept.as_ref().filter(|_| self.request.policy_from.is_some()) else {
            return Ok(Vec::new());
        };
        let folders: Vec<&str> = checkout.folders_up().collect();
        let here = folders.first().copied().unwrap_or_default();
        let mut paths: BTreeSet<String> =
            folders.iter().map(|folder| format!("{folder}{}", settings::FILE_NAME)).collect();
        paths.insert(format!("{here}{}", baseline::FILE_NAME));
        if let SettingsFile::At(path) = &self.request.settings {
            paths.extend(checkout.place_of(path)?);
        }
        let named_baseline = match &self.request.baseline {
            BaselineFile::At(path) => checkout.place_of(path)?,
            _ => None,
        };
        paths.extend(named_baseline.clone());
        let settings = self.settings()?;
        let texts = settings.as_ref().map(|settings| self.text_places(settings)).unwrap_or_default();
        paths.extend(texts.iter().cloned());
        let mut packs = BTreeSet::new();
        for kept in [*trusted, Kept::Staged] {
            paths.extend(checkout.files_named(IGNORE_FILE, kept)?);
            if let Some(settings) = &settings {
                packs.extend(self.pack_places(settings, kept)?);
                paths.extend(self.register_places(settings, kept)?);
            }
        }
        paths.extend(packs.iter().cloned());

        let parted = checkout.parted_from(*trusted);
        let mut touched = Vec::new();
        for path in paths {
            let judged = self.judged(checkout, &path)?;
            let trusted = checkout.read(&path, *trusted, LIMIT)?;
            if judged == trusted || judged == checkout.read(&path, parted, LIMIT)? {
                continue;
            }
            let how = match (&trusted, &judged) {
                (None, _) => "added",
                (_, None) => "removed",
                _ => "altered",
            };
            let above = folders.iter().position(|folder| path.starts_with(folder)).unwrap_or_default();
            let from_there = folders.get(above).and_then(|folder| path.strip_prefix(folder)).unwrap_or(&path);
            let shown = format!("{}{from_there}", "../".repeat(above));
            let purpose = match source::file_name(&path) {
                baseline::FILE_NAME => "baseline",
                IGNORE_FILE => "exclusions",
                _ if named_baseline.as_ref() == Some(&path) => "baseline",
                _ if packs.contains(&path) => "rules",
                _ if texts.contains(&path) => "clauses",
                _ => "settings",
            };
            touched.push(Touched { path, shown, purpose, how, at: None });
        }
        Ok(touched)
    }

    /// Takes out of `waivers`, which are written within the judged files, those that the trusted commit does not have in the same file for
    /// a line with the same text: a change has no say in what may be borne. `read` gives a judged file.
    pub(crate) fn take_unagreed(
        &self,
        waivers: &mut Vec<Waiver>,
        read: impl Fn(&str) -> Option<String>,
    ) -> Vec<Touched> {
        let Some((checkout, trusted)) = self.kept.as_ref().filter(|_| self.request.policy_from.is_some()) else {
            return Vec::new();
        };
        let here = checkout.folders_up().next().unwrap_or_default();
        let mut by_file: BTreeMap<Arc<str>, Vec<Waiver>> = BTreeMap::new();
        for waiver in std::mem::take(waivers) {
            by_file.entry(Arc::clone(&waiver.path)).or_default().push(waiver);
        }
        let mut unagreed = Vec::new();
        for (shown, judged) in by_file {
            let path = format!("{here}{shown}");
            // What cannot be read has agreed to nothing.
            let trusted = kept_file(checkout, *trusted, &path, &shown).ok().flatten();
            let mut agreed: Vec<Terms> = trusted
                .iter()
                .flat_map(|file| inline::waivers(file).all.into_iter().map(|waiver| Terms::of(&waiver, &file.text)))
                .collect();
            let text = read(&shown).unwrap_or_default();
            for waiver in judged {
                let terms = Terms::of(&waiver, &text);
                if let Some(index) = agreed.iter().position(|agreed| *agreed == terms) {
                    agreed.swap_remove(index);
                    waivers.push(waiver);
                } else {
                    let (path, shown) = (path.clone(), shown.to_string());
                    unagreed.push(Touched { path, shown, purpose: "waivers", how: "added", at: Some(waiver.at) });
                }
            }
        }
        unagreed
    }

    /// The list of owners that the forge reads, in the commit that is trusted.
    pub(crate) fn trusted_owners(&self) -> Result<Option<SourceFile>, Failure> {
        let Some((checkout, kept)) = &self.kept else { return Ok(None) };
        for place in PLACES {
            if let Some(file) = kept_file(checkout, *kept, place, place)? {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// What a file holds in the judged tree.
    fn judged(&self, checkout: &Checkout, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        if self.request.range == Some(Range::Staged) {
            return Ok(checkout.read(path, Kept::Staged, LIMIT)?);
        }
        let path = checkout.top().join(path);
        if !is_plain(&path) {
            return Ok(None);
        }
        folder_bytes(&path).map(Some)
    }

    /// A file that the user names. Within the repository it is taken from where all come from.
    fn named(&self, path: &Path) -> Result<SourceFile, Failure> {
        let inside = path.strip_prefix(&self.request.root).ok().and_then(discover::slashed);
        let shown = inside.unwrap_or_else(|| path.to_string_lossy().replace('\\', "/"));
        let Some((checkout, kept)) = &self.kept else { return folder_file(path, shown) };
        let Some(place) = checkout.place_of(path)? else { return folder_file(path, shown) };
        kept_file(checkout, *kept, &place, &shown)?.ok_or_else(|| Failure::Unreadable {
            path: path.to_path_buf(),
            error: io::Error::other("git does not keep this file where the policy comes from"),
        })
    }
}

/// What is agreed by a waiver within a file: its words, and the text of the line that it covers, wherever that has moved.
#[derive(PartialEq)]
struct Terms {
    rule: String,
    reason: String,
    until: Option<Date>,
    covered: String,
}

impl Terms {
    fn of(waiver: &Waiver, text: &str) -> Self {
        let covered = match waiver.scope {
            Scope::Line(line) => line.text(text).trim().to_owned(),
            Scope::Register { .. } => String::new(),
        };
        Self { rule: waiver.rule.clone(), reason: waiver.reason.clone(), until: waiver.until, covered }
    }
}

/// A link could lead out of the repository, and a pipe would wait for ever.
fn is_plain(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

fn folder_file(path: &Path, shown: String) -> Result<SourceFile, Failure> {
    decoded(folder_bytes(path)?, path, shown)
}

fn folder_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    bytes_of(path, LIMIT).map_err(|error| Failure::Unreadable { path: path.to_path_buf(), error })
}

fn bytes_of(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(io::Error::other(format!("larger than the {limit} bytes that it may have")));
    }
    Ok(bytes)
}

fn kept_file(checkout: &Checkout, kept: Kept, path: &str, shown: &str) -> Result<Option<SourceFile>, Failure> {
    let bytes = checkout.read(path, kept, LIMIT)?;
    bytes.map(|bytes| decoded(bytes, Path::new(path), shown.to_owned())).transpose()
}

fn decoded(bytes: Vec<u8>, path: &Path, shown: String) -> Result<SourceFile, Failure> {
    let text = source::decode(bytes);
    let text =
        text.map_err(|reason| Failure::Unreadable { path: path.to_path_buf(), error: io::Error::other(reason) })?;
    Ok(SourceFile::new(shown, text))
}
