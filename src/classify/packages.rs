//! Tells lists and locks of packages by their names.

use crate::document::Syntax;

/// How the list or lock of packages of this name (lower case) is written; `None` for files of any other name.
pub(super) fn syntax(name: &str) -> Option<Syntax> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let syntax = match name {
        "pipfile" | "uv.lock" | "poetry.lock" | "pdm.lock" | "pixi.toml" | "cargo.toml" | "cargo.lock" => Syntax::Toml,
        "pipfile.lock" | "package-lock.json" | "npm-shrinkwrap.json" | "bun.lock" | "packages.lock.json" => {
            Syntax::Json
        }
        "pixi.lock" | "pnpm-lock.yaml" => Syntax::Yaml,
        "setup.cfg" => Syntax::SetupConfig,
        "pom.xml" | "directory.packages.props" => Syntax::Xml,
        "yarn.lock" => Syntax::Yarn,
        "go.mod" => Syntax::GoModule,
        "gradle.lockfile" => Syntax::Ini,
        "build.gradle" | "build.gradle.kts" => Syntax::Gradle,
        _ if name.starts_with("pylock.") && extension == "toml" => Syntax::Toml,
        _ if name.ends_with(".versions.toml") => Syntax::Toml,
        _ if matches!(name, "conda-lock.yml" | "conda-lock.yaml") || name.ends_with(".conda-lock.yml") => Syntax::Yaml,
        _ if matches!(extension, "csproj" | "fsproj" | "vbproj") => Syntax::Xml,
        _ => return None,
    };
    Some(syntax)
}
