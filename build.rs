//! Lists every rule file under `policies/`, so that adding a rule needs no registry: it writes one Rust array of paths and texts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("policies");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut rules = Vec::new();
    for family in sorted(&root)? {
        if !family.is_dir() || family.file_name().is_some_and(|name| name == "catalogue") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", family.display());
        rules.extend(sorted(&family)?.into_iter().filter(|path| path.extension().is_some_and(|end| end == "toml")));
    }
    let mut listing = String::from("&[\n");
    for rule in rules {
        let shown = rule.strip_prefix(&root).unwrap_or(&rule).to_string_lossy().replace('\\', "/");
        let _ =
            writeln!(listing, "    ({:?}, include_str!({:?})),", format!("policies/{shown}"), rule.to_string_lossy());
    }
    listing.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("rules.rs"), listing)
}

/// The entries of a folder, sorted, so that every build lists them the same way.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
