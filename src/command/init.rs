//! `aimslint init`.

use super::output::{print, write_new};
use super::scope::{line_of, need_folder};
use super::{CLEAN, Trouble, today};
use aimslint::draft::draft;
use aimslint::report::counted;
use aimslint::settings::{FILE_NAME, Profile, Settings};
use aimslint::{PolicyBook, Request, SettingsFile};
use std::path::{Path, PathBuf};

pub fn run(path: &Path) -> Result<u8, Trouble> {
    need_folder(path)?;
    let target = path.strip_prefix(".").unwrap_or(path).join(FILE_NAME);
    if target.symlink_metadata().is_ok() {
        return Err(Trouble::AlreadyThere(target));
    }
    let here = Request { root: path.to_path_buf(), ..Request::default() };
    if let Some(above) = aimslint::settings_path(&here)? {
        return Err(Trouble::SettingsAbove { target, above: from_here(path.join(&*above)) });
    }
    let request = Request {
        root: path.to_path_buf(),
        profile: Some(Profile::Audit),
        settings: SettingsFile::None,
        ..Request::default()
    };
    let facts = aimslint::facts(&request, &PolicyBook::shipped()?, Settings::new(today()))?;
    let name = path.canonicalize().ok().and_then(|whole| Some(whole.file_name()?.to_string_lossy().into_owned()));
    let Some(draft) = draft(&facts, &name.unwrap_or_default(), |fact| line_of(path, fact)) else {
        print("Nothing here shows that this repository has to do with AI; nothing was written.\n")?;
        return Ok(CLEAN);
    };
    write_new(&target, &draft.text)?;
    let (systems, vendors) = (counted(draft.systems, "AI system"), counted(draft.vendors, "AI vendor"));
    let (tools, datasets) = (counted(draft.tools, "AI tool"), counted(draft.datasets, "dataset"));
    print(&format!(
        "Drafted {} with {systems}, {vendors}, {tools} and {datasets}.\nReplace every TODO by what is true: until then each keeps a finding \
         of governance/unfinished-register-entry open.\n",
        target.display()
    ))
}

/// A path as it is told from the current folder, where it lies in it.
fn from_here(path: PathBuf) -> PathBuf {
    let whole = path.canonicalize().unwrap_or(path);
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.ok().and_then(|here| whole.strip_prefix(here).ok().map(Path::to_path_buf)).unwrap_or(whole)
}
