//! Finds the files of the repository: the walk honours .gitignore and .aimslintignore, the git index adds what is tracked all the same.

use crate::contents::{Contents, Snapshot};
use crate::finding::{NotAssessed, Provenance};
use crate::git::{Base, Checkout, Index, Range, Trouble};
use crate::globs::Globs;
use crate::settings::Settings;
use crate::source::{SourceFile, file_name, folder};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, mpsc};

/// Name of the file that lists what aimslint leaves out, in the syntax of .gitignore.
pub const IGNORE_FILE: &str = ".aimslintignore";

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The files that are judged.
    pub files: Snapshot,
    /// What they are compared with, when only a change is reported.
    pub base: Option<Base>,
    /// What could not be looked at.
    pub not_assessed: Vec<NotAssessed>,
    /// Where the tree comes from.
    pub provenance: Option<Provenance>,
}

/// Lists the regular files below `root`: those of the folder, or those that are staged. `lists` of what is left out count instead of those
/// that are found there. Symbolic links are never followed, so nothing
/// outside `root` is read; what they point at inside is found under its own name.
///
/// # Errors
///
/// When the change of `range` is asked for and git cannot tell it.
pub fn discover(
    root: &Path,
    settings: &Settings,
    lists: Option<&[SourceFile]>,
    range: Option<&Range>,
) -> Result<Discovery, Trouble> {
    let mut found = Discovery {
        files: Snapshot { contents: Contents::of_folder(root), ..Snapshot::default() },
        ..Discovery::default()
    };
    let checkout = match Checkout::open(root) {
        Ok(checkout) => Some(checkout),
        Err(trouble) if range.is_some() => return Err(trouble),
        Err(trouble) => {
            found.note_trouble(&trouble);
            None
        }
    };
    let left_out = match (&checkout, range) {
        (Some(checkout), Some(Range::Staged)) => found.list_staged(checkout, settings, lists)?,
        _ => found.list_folder(root, checkout.as_ref(), settings, lists),
    };
    if found.files.tree.files.len() > settings.limits.files {
        let surplus = found.files.tree.files.len() - settings.limits.files;
        found.files.tree.files =
            std::mem::take(&mut found.files.tree.files).into_iter().take(settings.limits.files).collect();
        found.note("", format!("{surplus} files beyond the limit of {} were not read", settings.limits.files));
    }
    if let Some(checkout) = checkout {
        found.provenance = checkout.provenance();
        if let Some(range) = range {
            let left_out = |path: &str| left_out.covers(path);
            found.base = Some(checkout.compare(range, &found.files, &left_out, &mut found.not_assessed)?);
        }
    }
    Ok(found)
}

impl Discovery {
    fn note(&mut self, path: &str, reason: impl Into<String>) {
        self.not_assessed.push(NotAssessed { path: path.into(), line: None, reason: reason.into() });
    }

    /// Without a repository there is nothing to say; with one that cannot be read, nobody knows what is tracked.
    fn note_trouble(&mut self, trouble: &Trouble) {
        if !matches!(trouble, Trouble::NotARepository(_)) {
            self.note("", trouble.to_string());
        }
    }

    fn list_folder<'a>(
        &mut self,
        root: &Path,
        checkout: Option<&Checkout>,
        settings: &'a Settings,
        lists: Option<&[SourceFile]>,
    ) -> LeftOut<'a> {
        let folders_up = checkout.map_or(1, |checkout| checkout.folders_up().count());
        // What the repository ignores above the scanned folder counts there too; lists of ours count from the scanned folder on.
        let by_walk = lists.is_none() && folders_up <= 1;
        let walked = walk(root, folders_up, by_walk);
        // They come in any order: paths are kept sorted, and so is what could not be assessed before anybody is told.
        for entry in walked.entries {
            match entry {
                Ok(path) => self.add(root, &path, settings),
                Err(error) => self.not_assessed.push(unreadable(root, &error)),
            }
        }
        for list in walked.long_lists {
            let path = list.strip_prefix(root).unwrap_or(&list).to_string_lossy();
            let limit = LIST_LIMIT >> 10;
            self.note(&path, format!("larger than {limit} KiB: only files that git tracks are looked at there"));
        }
        let left_out = self.left_out(settings, lists);
        if !by_walk {
            self.files.tree.files.retain(|path| !left_out.covers(path));
        }
        match checkout.map(Checkout::index) {
            Some(Ok(index)) => self.add_tracked(root, index, &left_out),
            Some(Err(trouble)) => self.note_trouble(&trouble),
            None => {}
        }
        left_out
    }

    fn add(&mut self, root: &Path, path: &Path, settings: &Settings) {
        let Some(relative) = path.strip_prefix(root).ok() else { return };
        if path.file_name().is_some_and(|name| name == ".gitignore")
            && let Err(error) = File::open(path)
        {
            self.note(&relative.to_string_lossy(), format!("what it lists is not left out for it: {error}"));
        }
        match slashed(relative) {
            Some(path) if settings.exclude.is_match(&path) => {}
            Some(path) => {
                self.files.tree.files.insert(path.into());
            }
            None => self.note(&relative.to_string_lossy(), NOT_UTF8),
        }
    }

    /// Adds what git tracks although .gitignore names it: a committed `.env` is there for everybody to read.
    fn add_tracked(&mut self, root: &Path, index: Index, left_out: &LeftOut<'_>) {
        let sparse = index.files.iter().filter(|file| file.sparse && !root.join(&*file.path).exists()).count();
        if sparse > 0 {
            let files = if sparse == 1 { "1 file is".to_owned() } else { format!("{sparse} files are") };
            self.note("", format!("{files} tracked by git and left out of this sparse checkout"));
        }
        let mut tracked = BTreeSet::new();
        for path in index.files.into_iter().map(|file| file.path) {
            if !self.files.tree.contains(&path) && !left_out.covers(&path) && is_plain_file(root, &path) {
                self.files.tree.files.insert(Arc::clone(&path));
            }
            tracked.insert(path);
        }
        self.files.tree.tracked = Some(tracked);
    }

    /// Lists what is staged; contents come from the folder where it holds the same.
    fn list_staged<'a>(
        &mut self,
        checkout: &Checkout,
        settings: &'a Settings,
        lists: Option<&[SourceFile]>,
    ) -> Result<LeftOut<'a>, Trouble> {
        let index = checkout.index()?;
        if !index.unmerged.is_empty() {
            return Err(Trouble::Unmerged(index.unmerged));
        }
        for name in &index.unnamable {
            self.note(name, NOT_UTF8);
        }
        let only_staged = checkout.only_staged()?;
        let versions: Vec<(Arc<str>, git2::Oid)> = index
            .files
            .iter()
            .filter(|file| file.sparse || only_staged.contains(&*file.path))
            .map(|file| (Arc::clone(&file.path), file.version))
            .collect();
        self.files.contents = self.files.contents.with(checkout.objects(), versions);
        let tracked: BTreeSet<Arc<str>> = index.files.into_iter().map(|file| file.path).collect();
        self.files.tree.files.clone_from(&tracked);
        self.files.tree.tracked = Some(tracked);
        let left_out = self.left_out(settings, lists);
        self.files.tree.files.retain(|path| !left_out.covers(path));
        Ok(left_out)
    }

    /// What our lists leave out: those that are `given`, or those that were found.
    fn left_out<'a>(&mut self, settings: &'a Settings, given: Option<&[SourceFile]>) -> LeftOut<'a> {
        if let Some(given) = given {
            return LeftOut::of(settings, given);
        }
        let found = self.files.tree.files.iter().filter(|path| file_name(path) == IGNORE_FILE).cloned();
        let mut lists = Vec::new();
        for path in found.collect::<Vec<_>>() {
            match self.files.contents.read(&path, LIST_LIMIT) {
                Ok(text) => lists.push(SourceFile { path, text }),
                Err(reason) => self.note(&path, format!("what it lists is not left out for it: {reason}")),
            }
        }
        LeftOut::of(settings, &lists)
    }
}

/// What a walk through a folder came upon, in any order.
#[derive(Default)]
struct Walked {
    entries: Vec<Result<PathBuf, ignore::Error>>,
    /// Lists of what is left out that are too large: the folders that they stand in were not entered.
    long_lists: Vec<PathBuf>,
}

/// Walks through the files below `root` that .gitignore does not name, `folders_up` of them counting: its own and those above it to the
/// top of the repository. `with_our_lists` leaves out what our lists name too.
fn walk(root: &Path, folders_up: usize, with_our_lists: bool) -> Walked {
    let mut above = (0..folders_up).map(|up| root.join("../".repeat(up)));
    if let Some(list) = above.find_map(|folder| long_list(&folder)) {
        return Walked { long_lists: vec![list], ..Walked::default() };
    }
    let mut walk = WalkBuilder::new(root);
    if with_our_lists {
        walk.add_custom_ignore_filename(IGNORE_FILE);
    }
    let (send_list, long_lists) = mpsc::channel();
    let is_entered = move |entry: &DirEntry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let long_list = if is_folder { long_list(entry.path()) } else { None };
        entry.file_name() != ".git" && long_list.is_none_or(|list| send_list.send(list).is_err())
    };
    // Only files of the repository itself decide what is ignored, so that a run gives the same result on every machine.
    let within_repository = folders_up > 1;
    let walk = walk
        .hidden(false)
        .parents(within_repository)
        .require_git(within_repository)
        .git_global(false)
        .git_exclude(false)
        .ignore(false)
        .follow_links(false)
        .filter_entry(is_entered)
        .threads(rayon::current_num_threads())
        .build_parallel();
    let (send, entries) = mpsc::channel();
    walk.run(|| {
        let send = send.clone();
        Box::new(move |entry| {
            let is_file = |entry: &DirEntry| entry.file_type().is_some_and(|kind| kind.is_file());
            if entry.as_ref().is_ok_and(|entry| !is_file(entry)) {
                return WalkState::Continue;
            }
            let received = send.send(entry.map(DirEntry::into_path));
            if received.is_ok() { WalkState::Continue } else { WalkState::Quit }
        })
    });
    drop(send);
    Walked { entries: entries.into_iter().collect(), long_lists: long_lists.try_iter().collect() }
}

const NOT_UTF8: &str = "the file's name is not UTF-8";

/// What a run leaves out besides what git ignores.
struct LeftOut<'a> {
    exclude: &'a Globs,
    /// Each file of ours that lists such, with its folder, the deepest first.
    lists: Vec<(String, Gitignore)>,
}

/// How large a list of what is left out may be, in bytes: matching takes some 300 times as much memory.
const LIST_LIMIT: u64 = 256 << 10;

/// The list of a folder that is too large to be matched.
fn long_list(folder: &Path) -> Option<PathBuf> {
    let mut lists = [".gitignore", IGNORE_FILE].into_iter().map(|name| folder.join(name));
    lists.find(|list| list.symlink_metadata().is_ok_and(|it| it.is_file() && it.len() > LIST_LIMIT))
}

impl<'a> LeftOut<'a> {
    fn of(settings: &'a Settings, files: &[SourceFile]) -> Self {
        let matcher = |file: &SourceFile| {
            let mut builder = GitignoreBuilder::new("");
            for line in file.text.lines() {
                // A line that is no pattern leaves nothing out, as in .gitignore.
                let _ = builder.add_line(None, line);
            }
            Some((folder(&file.path).to_owned(), builder.build().ok()?))
        };
        let mut lists: Vec<(String, Gitignore)> = files.iter().filter_map(matcher).collect();
        lists.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        Self { exclude: &settings.exclude, lists }
    }

    fn covers(&self, path: &str) -> bool {
        let listed = self.lists.iter().find_map(|(folder, list)| {
            let below = if folder.is_empty() { path } else { path.strip_prefix(folder)?.strip_prefix('/')? };
            let matched = list.matched_path_or_any_parents(below, false);
            (!matched.is_none()).then(|| matched.is_ignore())
        });
        self.exclude.is_match(path) || listed == Some(true)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_the_root_is_refused() {
        assert_eq!(slashed(Path::new("./a/b")), Some("a/b".to_owned()));
        assert_eq!(slashed(Path::new("../a")), None);
    }
}
