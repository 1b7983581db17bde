//! `aimslint new`.

use super::output::print;
use super::{Trouble, output::write_new};
use aimslint::scaffold::{Home, scaffold};
use aimslint::{Failure, PACK_FILE, PolicyBook};
use std::fs;
use std::path::Path;

pub fn run(id: &str, dir: Option<&Path>, pack: Option<&Path>) -> Result<u8, Trouble> {
    let here = Path::new("");
    let pack = pack.or_else(|| (dir.is_none() && Path::new(PACK_FILE).is_file()).then_some(here));
    let folder = pack.or(dir).unwrap_or(here);
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    let pack_file = folder.join(PACK_FILE);
    let is_new_pack = pack.is_some() && pack_file.symlink_metadata().is_err();
    let book = if pack.is_some() && !is_new_pack {
        PolicyBook::of_folder(if folder == here { Path::new(".") } else { folder })?
    } else {
        PolicyBook::shipped()?
    };
    let home = if pack.is_some() { Home::Pack } else { Home::Policies };
    let mut files = scaffold(id, &book, home).map_err(Failure::UnknownName)?;
    if is_new_pack {
        let text = "title = \"What we ask of our AI systems\"\n\n# Levels and parameters of any rule: see docs/policy-authors.md of aimslint.\n[rules]\n";
        files.insert(0, (PACK_FILE.to_owned(), text.to_owned()));
    }
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
    let shown = if pack.is_some() { format!(" {}", folder.display()) } else { String::new() };
    let shown = shown.trim_end();
    // Rules of a pack are recorded with the words of their clauses; those of `policies` are recorded when they are shipped.
    let accept = if pack.is_some() { format!(", then run `aimslint accept{shown}`") } else { String::new() };
    told.push_str(&format!("Fill in every TODO{accept}; `aimslint test{shown}` fails until then.\n"));
    print(&told)
}
