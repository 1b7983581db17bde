//! `aimslint init`.

use super::output::print;
use super::scope::{line_of, need_folder};
use super::{CLEAN, Trouble, today};
use aimslint::draft::draft;
use aimslint::report::counted;
use aimslint::settings::{FILE_NAME, Profile, Settings};
use aimslint::{PolicyBook, Request, SettingsFile};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

pub fn run(path: &Path) -> Result<u8, Trouble> {
    need_folder(path)?;
    let target = path.strip_prefix(".").unwrap_or(path).join(FILE_NAME);
    if target.symlink_metadata().is_ok() {
        return Err(Trouble::AlreadyThere(target));
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
    // `create_new`: whoever writes the file in the meantime keeps it.
    let written = OpenOptions::new().write(true).create_new(true).open(&target);
    match written.and_then(|mut file| file.write_all(draft.text.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(Trouble::AlreadyThere(target)),
        Err(error) => return Err(Trouble::File { path: target, error }),
    }
    let (systems, vendors, datasets) =
        (counted(draft.systems, "AI system"), counted(draft.vendors, "AI vendor"), counted(draft.datasets, "dataset"));
    print(&format!(
        "Drafted {} with {systems}, {vendors} and {datasets}.\nReplace every TODO by what is true: until then each keeps a finding \
         of governance/unfinished-register-entry open.\n",
        target.display()
    ))
}
