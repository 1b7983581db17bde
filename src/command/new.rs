//! `aimslint new`.

use super::output::print;
use super::{Trouble, output::write_new};
use aimslint::scaffold::scaffold;
use aimslint::{Failure, PolicyBook};
use std::fs;
use std::path::Path;

pub fn run(id: &str, folder: &Path) -> Result<u8, Trouble> {
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    let files = scaffold(id, &PolicyBook::shipped()?).map_err(Failure::UnknownName)?;
    // All or nothing: what is half there belongs to somebody.
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).symlink_metadata().is_ok()) {
        return Err(Trouble::AlreadyThere(folder.join(path)));
    }
    let mut told = String::new();
    for (path, text) in &files {
        let target = folder.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| Trouble::File { path: parent.to_path_buf(), error })?;
        }
        write_new(&target, text)?;
        told.push_str(&format!("{}\n", target.display()));
    }
    told.push_str("Fill in every TODO; `aimslint test` fails until then.\n");
    print(&told)
}
