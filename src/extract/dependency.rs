//! Facts from lists and locks of packages in every structured syntax: `dependency`, `package-manifest`, `package-index`, `vendor-use`,
//! `check-tool`. One file here for each ecosystem's lists, and for its locks.

mod cargo;
mod conda;
mod go;
mod gradle;
mod joined;
mod lock;
mod maven;
mod npm;
mod nuget;
mod pipfile;
mod pixi;
mod pyproject;
mod setup;
mod table;

pub use joined::join_locks;
pub use setup::extract_script as extract_setup_script;

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what one list asks for, or what one lock fixes. Names are the same as where files are classified.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let name = file.name().to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match name.as_str() {
        "pyproject.toml" => pyproject::extract(file, root, context, facts),
        "setup.cfg" => setup::extract_config(file, root, context, facts),
        "pipfile" => pipfile::extract(file, root, context, facts),
        "pixi.toml" => pixi::extract(file, root, context, facts),
        "package.json" => npm::extract(file, root, context, facts),
        "cargo.toml" => cargo::extract(file, root, context, facts),
        "go.mod" => go::extract(file, root, context, facts),
        "pom.xml" => maven::extract(file, root, context, facts),
        "build.gradle" | "build.gradle.kts" => gradle::extract(file, root, context, facts),
        name if name.ends_with(".versions.toml") => gradle::extract_catalog(file, root, context, facts),
        _ if matches!(extension, "csproj" | "fsproj" | "vbproj" | "props") => {
            nuget::extract(file, root, context, facts);
        }
        name if lock::is_lock(name) => lock::extract(name, root, parsed.faults.is_empty(), context, facts),
        _ => conda::extract(file, root, context, facts),
    }
}

#[cfg(test)]
mod tests;
