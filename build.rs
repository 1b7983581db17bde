//! Lists every rule file under `policies/`, every file of labels under `truth/` and, for releases, every fixture, so that adding one needs
//! no registry: it writes Rust arrays of paths and texts. Rules and catalogues, which every run reads, it rewrites from TOML to JSON: that
//! is read in a fifth of the time.

use std::fmt::{Display, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let project = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let policies = project.join("policies");
    println!("cargo::rerun-if-changed={}", policies.display());
    let mut rules = Vec::new();
    for family in sorted(&policies)? {
        if !family.is_dir() || family.file_name().is_some_and(|name| name == "catalogue") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", family.display());
        rules.extend(sorted(&family)?.into_iter().filter(|path| is_toml(path)));
    }
    write_listing("rules.rs", &project, &rules, |rule| Ok(format!("{:?}", as_json(rule)?)))?;

    let catalogue = policies.join("catalogue");
    println!("cargo::rerun-if-changed={}", catalogue.display());
    for file in sorted(&catalogue)?.into_iter().filter(|path| is_toml(path)) {
        let name = Path::new(file.file_name().unwrap_or_default()).with_extension("json");
        fs::write(output().join(name), as_json(&file)?)?;
    }

    let labels = project.join("truth");
    println!("cargo::rerun-if-changed={}", labels.display());
    let labels: Vec<PathBuf> = sorted(&labels)?.into_iter().filter(|path| is_toml(path)).collect();
    write_listing("truth.rs", &project, &labels, |file| Ok(include(file)))?;

    // A debug build reads examples from their folder: it need not be made again for each fixture that is edited.
    let mut fixtures = Vec::new();
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", project.join("fixtures").display());
        texts_below(&project.join("fixtures"), &mut fixtures)?;
    }
    write_listing("fixtures.rs", &project, &fixtures, |file| Ok(include(file)))
}

/// Adds every text of the rules' fixtures, sorted.
fn texts_below(folder: &Path, texts: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in sorted(folder)? {
        if path.is_dir() {
            // Whole repositories and packs are no examples of one rule.
            if !path.ends_with("fixtures/whole") && !path.ends_with("fixtures/packs") {
                texts_below(&path, texts)?;
            }
        } else if fs::read_to_string(&path).is_ok() {
            texts.push(path);
        }
    }
    Ok(())
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "toml")
}

/// The JSON of a TOML file; where the file has a fault, its place.
fn as_json(file: &Path) -> io::Result<String> {
    let fault = |fault: &dyn Display| io::Error::other(format!("{}: {fault}", file.display()));
    let table: toml::Table = toml::from_str(&fs::read_to_string(file)?).map_err(|error| fault(&error))?;
    serde_json::to_string(&table).map_err(|error| fault(&error))
}

/// The Rust expression for the text of a file as it is.
fn include(file: &Path) -> String {
    format!("include_str!({:?})", file.to_string_lossy())
}

/// Writes the paths, told from the project, and the texts of `files` as one Rust array; `text` gives the expression for each text.
fn write_listing(
    name: &str,
    project: &Path,
    files: &[PathBuf],
    text: impl Fn(&Path) -> io::Result<String>,
) -> io::Result<()> {
    let mut listing = String::from("&[\n");
    for file in files {
        let shown = file.strip_prefix(project).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(listing, "    ({shown:?}, {}),", text(file)?);
    }
    listing.push(']');
    fs::write(output().join(name), listing)
}

fn output() -> PathBuf {
    PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default())
}

/// The entries of a folder, sorted, so that every build lists them the same way.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
