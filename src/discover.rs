//! Finds the files of the repository: the walk honours .gitignore and .aimslintignore, the git index adds what is tracked all the same.

use crate::finding::{NotAssessed, Provenance};
use crate::settings::Settings;
use crate::tree::Tree;
use git2::Repository;
use ignore::WalkBuilder;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Name of the file that lists what aimslint leaves out, in the syntax of .gitignore.
pub const IGNORE_FILE: &str = ".aimslintignore";

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The files.
    pub tree: Tree,
    /// What could not be looked at.
    pub not_assessed: Vec<NotAssessed>,
    /// Where the tree comes from.
    pub provenance: Option<Provenance>,
}

/// Lists the regular files below `root`. Symbolic links are never followed, so nothing outside `root` is read; what they point at
/// inside is found under its own name.
#[must_use]
pub fn discover(root: &Path, settings: &Settings) -> Discovery {
    let mut found = Discovery::default();
    // Only files of the tree itself decide what is ignored, so that a run gives the same result on every machine.
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .ignore(false)
        .add_custom_ignore_filename(IGNORE_FILE)
        .follow_links(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                if entry.file_type().is_some_and(|kind| kind.is_file()) {
                    found.add(root, entry.path(), settings);
                }
            }
            Err(error) => found.not_assessed.push(unreadable(root, &error)),
        }
    }
    if let Ok(repository) = Repository::discover(root) {
        found.add_tracked(root, &repository, settings);
        found.provenance = provenance(&repository);
    }
    if found.tree.files.len() > settings.limits.files {
        let left_out = found.tree.files.len() - settings.limits.files;
        found.tree.files = std::mem::take(&mut found.tree.files).into_iter().take(settings.limits.files).collect();
        let reason = format!("{left_out} files beyond the limit of {} were not read", settings.limits.files);
        found.not_assessed.push(NotAssessed { path: Arc::from(""), line: None, reason });
    }
    found
}

impl Discovery {
    fn add(&mut self, root: &Path, path: &Path, settings: &Settings) {
        let Some(relative) = path.strip_prefix(root).ok() else { return };
        match slashed(relative) {
            Some(path) if settings.exclude.is_match(&path) => {}
            Some(path) => {
                self.tree.files.insert(path.into());
            }
            None => self.not_assessed.push(NotAssessed {
                path: relative.to_string_lossy().into(),
                line: None,
                reason: "the file's name is not UTF-8".to_owned(),
            }),
        }
    }

    /// Adds what git tracks although an ignore file names it: a committed `.env` is there for everybody to read.
    fn add_tracked(&mut self, root: &Path, repository: &Repository, settings: &Settings) {
        let (Some(work_tree), Ok(root)) = (repository.workdir(), root.canonicalize()) else { return };
        let Ok(work_tree) = work_tree.canonicalize() else { return };
        let Ok(prefix) = root.strip_prefix(&work_tree).map(Path::to_path_buf) else { return };
        // Sparse and split indexes cannot be read by libgit2; what is tracked is then unknown.
        let Ok(index) = repository.index() else { return };
        let mut tracked = BTreeSet::new();
        for entry in index.iter() {
            let Ok(path) = std::str::from_utf8(&entry.path) else { continue };
            let Some(path) = Path::new(path).strip_prefix(&prefix).ok().and_then(slashed) else { continue };
            let path: Arc<str> = path.into();
            if !self.tree.files.contains(&path) && !settings.exclude.is_match(&*path) && is_plain_file(&root, &path) {
                self.tree.files.insert(Arc::clone(&path));
            }
            tracked.insert(path);
        }
        self.tree.tracked = Some(tracked);
    }
}

/// A regular file that is reached without following a link.
fn is_plain_file(root: &Path, path: &str) -> bool {
    let mut here = PathBuf::from(root);
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        here.push(part);
        let Ok(metadata) = here.symlink_metadata() else { return false };
        let fits = if parts.peek().is_some() { metadata.is_dir() } else { metadata.is_file() };
        if !fits {
            return false;
        }
    }
    true
}

/// The path with `/` between its parts; `None` when it is not UTF-8 or does not stay below its start.
#[must_use]
pub fn slashed(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(parts.join("/"))
}

fn unreadable(root: &Path, error: &ignore::Error) -> NotAssessed {
    let path =
        path_of(error).and_then(|path| path.strip_prefix(root).ok()).map(|path| path.to_string_lossy().into_owned());
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    NotAssessed { path: path.unwrap_or_default().into(), line: None, reason }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

fn provenance(repository: &Repository) -> Option<Provenance> {
    let head = repository.head().ok()?;
    let revision = head.peel_to_commit().ok()?.id().to_string();
    let branch = head.is_branch().then(|| head.shorthand().ok().map(str::to_owned)).flatten();
    let remote = repository.find_remote("origin").ok();
    let address = remote.and_then(|remote| remote.url().ok().map(str::to_owned));
    Some(Provenance { repository: address.and_then(|address| public_address(&address)), revision, branch })
}

/// The address of a remote as anybody may see it: without user and password, as https; `None` for local paths.
fn public_address(address: &str) -> Option<String> {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) if scheme.starts_with("http") || scheme == "ssh" || scheme == "git" => {
            (scheme, rest.to_owned())
        }
        Some(_) => return None,
        // git@host:owner/name
        None => ("ssh", address.split_once('@')?.1.replacen(':', "/", 1)),
    };
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = if scheme == "ssh" { host.split(':').next().unwrap_or(host) } else { host };
    Some(format!("https://{host}/{}", path.trim_end_matches(".git")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_credentials() {
        for (address, shown) in [
            ("https://user:secret@example.org/a/b.git", Some("https://example.org/a/b")),
            ("git@example.org:a/b.git", Some("https://example.org/a/b")),
            ("ssh://git@example.org:22/a/b", Some("https://example.org/a/b")),
            ("/home/somebody/repository", None),
            ("file:///home/somebody/repository", None),
        ] {
            assert_eq!(public_address(address).as_deref(), shown, "{address}");
        }
    }

    #[test]
    fn a_path_that_leaves_the_root_is_refused() {
        assert_eq!(slashed(Path::new("./a/b")), Some("a/b".to_owned()));
        assert_eq!(slashed(Path::new("../a")), None);
    }
}
