//! Where an organisation's own policy is read from: its packs, its text, and what is recorded of it.

use super::OwnFiles;
use super::pack::{PACK_FILE, Pack, RULE_BYTES, TEXT_BYTES, on_disk, text_named_by, text_on_disk, wanted};
use super::paths::{above, leads_out, leaves, lexical};
use crate::discover::slashed;
use crate::git::{self, Checkout, Form, Kept};
use crate::settings::Sources;
use crate::source::{self, SourceFile};
use crate::table::Table;
use crate::tree::{is_at_or_below, join};
use crate::{Failure, Request, SettingsFile};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Name of the file beside the settings that records the same for a repository.
pub const REVIEWED: &str = "aimslint-reviewed.toml";

/// Where something is read from that the settings name.
pub(super) enum Home {
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
        Ok(Pack::read(&listed, &shown, |path, limit| self.text(&home, path, limit)))
    }

    /// Reads the policy text that `settings` name so; a sentence where there is none.
    pub(crate) fn policy_text(&self, settings: &SourceFile, written: &str) -> Result<SourceFile, String> {
        let home = self.home(settings, above(written))?;
        let text = self.text(&home, source::file_name(written), TEXT_BYTES)?;
        Ok(SourceFile::new(lexical(&format!("{}{written}", above(&settings.path))), text))
    }

    /// Reads what stands recorded beside the settings; `None` where nothing does.
    pub(crate) fn reviewed(&self, settings: &SourceFile) -> Result<Option<SourceFile>, String> {
        let home = self.home(settings, "")?;
        let is_there = match (&home, &self.kept) {
            (Home::Disk(folder), _) => folder.join(REVIEWED).symlink_metadata().is_ok(),
            (Home::Kept(place), Some((checkout, kept))) => {
                let found = checkout.read(&join(place, REVIEWED), *kept, RULE_BYTES);
                found.map_err(|trouble| trouble.to_string())?.is_some()
            }
            (Home::Kept(_), None) => false,
        };
        let shown = format!("{}{REVIEWED}", above(&settings.path));
        is_there.then(|| Ok(SourceFile::new(shown, self.text(&home, REVIEWED, RULE_BYTES)?))).transpose()
    }

    /// The paths, told from the top of the repository, of the text and of the record beside the settings.
    pub(super) fn text_places(&self, settings: &SourceFile) -> Vec<String> {
        let named = sources_of(settings).text.into_iter().filter_map(|text| match self.home(settings, &text.value) {
            Ok(Home::Kept(place)) => Some(place),
            _ => None,
        });
        let record = match self.home(settings, REVIEWED) {
            Ok(Home::Kept(place)) => Some(place),
            _ => None,
        };
        named.chain(record).collect()
    }

    /// The paths, told from the top of the repository, of the files of packs within it, as `kept` has them.
    pub(super) fn pack_places(&self, settings: &SourceFile, kept: Kept) -> Result<Vec<String>, Failure> {
        let Some((checkout, _)) = &self.kept else { return Ok(Vec::new()) };
        let mut places = Vec::new();
        for pack in sources_of(settings).packs {
            let Ok(Home::Kept(place)) = self.home(settings, &pack.value) else { continue };
            let listed = checkout.listed(&place, kept)?.unwrap_or_default();
            places.extend(wanted(&listed, "", &mut Vec::new()).into_iter().map(|path| join(&place, path)));
            let file = checkout.read(&join(&place, PACK_FILE), kept, RULE_BYTES)?;
            let text = file.and_then(|bytes| source::decode(bytes).ok()).map(|text| SourceFile::new(PACK_FILE, text));
            places.extend(text.as_ref().and_then(text_named_by).map(|text| join(&place, &text.value)));
        }
        Ok(places)
    }

    /// Where what the settings name so is read from.
    pub(super) fn home(&self, settings: &SourceFile, written: &str) -> Result<Home, String> {
        let on_disk = settings_folder(self.request, settings).join(written);
        let Some((checkout, _)) = &self.kept else {
            let stays = !leaves(&lexical(written)) && !Path::new(written).is_absolute();
            if stays && leads_out(&settings_folder(self.request, settings), &on_disk) {
                return Err(format!("`{written}` is a link that leads out of the repository; name the folder itself"));
            }
            return Ok(Home::Disk(on_disk));
        };
        let base = self.kept_folder(checkout, settings).map_err(|trouble| trouble.to_string())?;
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

    /// The scanned folder, told from where settings tell paths: from their own folder if the scanned one lies in it and both are of one
    /// repository, otherwise from the scanned folder.
    pub(crate) fn below(&self, settings: &SourceFile) -> Result<Arc<str>, Failure> {
        if let Some((checkout, _)) = &self.kept {
            let here = checkout.folders_up().next().unwrap_or_default();
            let here = here.trim_end_matches('/');
            let folder = self.kept_folder(checkout, settings)?.map_or_else(|| here.to_owned(), |it| lexical(&it));
            let below = here.strip_prefix(&*folder).filter(|_| is_at_or_below(here, &folder));
            return Ok(below.unwrap_or_default().trim_start_matches('/').into());
        }
        let folder = settings_folder(self.request, settings);
        let (Ok(folder), Ok(root)) = (Path::new(".").join(folder).canonicalize(), self.request.root.canonicalize())
        else {
            return Ok("".into());
        };
        let top = root.ancestors().find(|folder| folder.join(".git").exists());
        let below = root.strip_prefix(&folder).ok().filter(|_| top.is_some_and(|top| folder.starts_with(top)));
        Ok(below.and_then(slashed).unwrap_or_default().into())
    }

    /// The folder of the settings, told from the top of the repository; `None` where they lie outside of it. By names alone: what is checked
    /// out, links among it, must have no say in what is read.
    fn kept_folder(&self, checkout: &Checkout, settings: &SourceFile) -> Result<Option<String>, git::Trouble> {
        let here = checkout.folders_up().next().unwrap_or_default();
        Ok(match &self.request.settings {
            SettingsFile::At(path) => checkout.place_of(path)?.map(|place| above(&place).to_owned()),
            _ => Some(format!("{here}{}", above(&settings.path))),
        })
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
    fn text(&self, home: &Home, path: &str, limit: usize) -> Result<String, String> {
        match (home, &self.kept) {
            (Home::Kept(place), Some((checkout, kept))) => {
                let bytes = checkout.read(&join(place, path), *kept, limit).map_err(|it| it.to_string())?;
                source::decode(bytes.ok_or_else(|| format!("there is no such file{}", self.whence()))?)
            }
            (Home::Disk(folder), _) => text_on_disk(folder, path, limit),
            (Home::Kept(_), None) => Err("git was not asked".to_owned()),
        }
    }

    /// Where packs within the repository come from, where that is not the folder.
    pub(super) fn whence(&self) -> String {
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
pub(super) fn settings_folder(request: &Request, settings: &SourceFile) -> PathBuf {
    match &request.settings {
        SettingsFile::At(path) => path.parent().unwrap_or(Path::new("")).to_path_buf(),
        _ => request.root.canonicalize().unwrap_or_else(|_| request.root.clone()).join(above(&settings.path)),
    }
}

/// Where the settings say that the organisation's policy stands; what else is wrong with them is told when they are read as a whole.
fn sources_of(settings: &SourceFile) -> Sources {
    let mut sources = Sources::default();
    crate::read_table::read_toml(settings, |root, problems| sources = Sources::read(&Table::root(root), problems));
    sources
}
