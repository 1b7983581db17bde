//! Builds the small git repository that a case describes: one folder for each commit, its files laid over the tree before it.

use crate::source::SourceFile;
use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, Repository, RepositoryInitOptions, Signature, Time, Tree};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Name of the folder of a case that holds its commits, in order of their names.
pub(crate) const FOLDER: &str = "commits";

/// Name of the file in a commit's folder that describes it; it is no part of the tree.
pub(crate) const DESCRIPTION: &str = "commit.toml";

/// Who makes commits of which nothing else is said.
const AUTHOR: (&str, &str) = ("A Person", "person@example.org");

/// Hour of the day at which commits are made, so that no time zone moves their date.
const HOUR: i8 = 12;

/// Builds the repository of `case` in the empty folder `place`, with the last commit checked out; gives the commits, oldest first.
/// The same case gives the same commits everywhere.
pub(super) fn build(case: &Path, place: &Path) -> Result<Vec<Oid>, String> {
    let mut options = RepositoryInitOptions::new();
    // Neither templates nor the settings of whoever runs this may have a say.
    options.external_template(false).initial_head("main");
    let repository = Repository::init_opts(place, &options).map_err(|error| error.message().to_owned())?;
    let mut commits = Vec::new();
    for folder in super::folders_in(&case.join(FOLDER)) {
        let description = Description::read(&folder.join(DESCRIPTION))?;
        let files = files(&folder)?;
        let made = commit(&repository, &commits, &files, &description)
            .map_err(|error| format!("{}: {}", folder.display(), error.message()))?;
        commits.push(made);
    }
    check_out(&repository, place)?;
    Ok(commits)
}

/// What a commit's folder says of it.
#[derive(Debug)]
pub(crate) struct Description {
    /// The day of the commit.
    pub date: Date,
    author: (String, String),
    /// The paths that it takes away.
    pub removed: Vec<String>,
}

impl Description {
    fn read(path: &Path) -> Result<Self, String> {
        let shown = path.to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
        Self::of(&SourceFile::new(shown, text))
    }

    /// What the file says.
    pub fn of(file: &SourceFile) -> Result<Self, String> {
        let shown = &file.path;
        let (mut date, mut author, mut removed) = (None, None, Vec::new());
        let problems = crate::read_table::read_toml(file, |root, problems| {
            let table = crate::table::Table::root(root);
            date = table.date("date", problems).map(|date| date.value);
            author = table.text("author", problems).map(|author| author.value);
            removed = table.texts("remove", problems).into_iter().map(|path| path.value).collect();
            table.finish(problems);
        });
        if let Some(problem) = problems.first() {
            return Err(problem.to_string());
        }
        let date = date.ok_or_else(|| format!("{shown}: say when the commit was made: date = 2026-01-31"))?;
        let author = match author {
            None => (AUTHOR.0.to_owned(), AUTHOR.1.to_owned()),
            Some(written) => written
                .strip_suffix('>')
                .and_then(|author| author.split_once(" <"))
                .map(|(name, address)| (name.to_owned(), address.to_owned()))
                .ok_or_else(|| format!("{shown}: an author is written `Name <address>`"))?,
        };
        Ok(Self { date, author, removed })
    }
}

/// The files of a commit's folder: path in the repository and contents.
fn files(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, String> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        let Ok(path) = entry.path().strip_prefix(folder) else { continue };
        if entry.file_type().is_file() && path != Path::new(DESCRIPTION) {
            let contents = fs::read(entry.path()).map_err(|error| format!("{}: {error}", entry.path().display()))?;
            files.push((path.to_path_buf(), contents));
        }
    }
    Ok(files)
}

fn commit(
    repository: &Repository,
    before: &[Oid],
    files: &[(PathBuf, Vec<u8>)],
    description: &Description,
) -> Result<Oid, git2::Error> {
    let parent = before.last().map(|id| repository.find_commit(*id)).transpose()?;
    let mut update = TreeUpdateBuilder::new();
    for path in &description.removed {
        update.remove(path.as_str());
    }
    for (path, contents) in files {
        update.upsert(path.as_path(), repository.blob(contents)?, FileMode::Blob);
    }
    let tree_before = match &parent {
        Some(parent) => parent.tree()?,
        None => empty_tree(repository)?,
    };
    let tree = repository.find_tree(update.create_updated(repository, &tree_before)?)?;
    let noon =
        description.date.at(HOUR, 0, 0, 0).to_zoned(TimeZone::UTC).map_or(0, |noon| noon.timestamp().as_second());
    // Commits of one day keep their order.
    let order = i64::try_from(before.len()).unwrap_or(0);
    let (name, address) = &description.author;
    let who = Signature::new(name, address, &Time::new(noon + order, 0))?;
    let message = format!("Commit {}", before.len() + 1);
    let parents: Vec<_> = parent.iter().collect();
    repository.commit(Some("HEAD"), &who, &who, &message, &tree, &parents)
}

fn empty_tree(repository: &Repository) -> Result<Tree<'_>, git2::Error> {
    repository.find_tree(repository.treebuilder(None)?.write()?)
}

/// Writes the last commit's files and the index. Bytes stay as they are: a checkout by git would convert line endings as the machine is set.
fn check_out(repository: &Repository, place: &Path) -> Result<(), String> {
    let failed = |error: git2::Error| error.message().to_owned();
    let tree = repository.head().and_then(|head| head.peel_to_tree()).map_err(failed)?;
    let mut index = repository.index().map_err(failed)?;
    index.read_tree(&tree).and_then(|()| index.write()).map_err(failed)?;
    for entry in index.iter() {
        let path = place.join(String::from_utf8_lossy(&entry.path).as_ref());
        let blob = repository.find_blob(entry.id).map_err(failed)?;
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, blob.content()));
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay(case: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = case.join(FOLDER).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn commits_follow_each_other_with_their_dates_and_authors() {
        let (case, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let files = [
            ("01-start/commit.toml", "date = 2026-01-05\n"),
            ("01-start/a/x.txt", "one\r\n"),
            ("01-start/old.txt", "old\n"),
            ("02-change/commit.toml", "date = 2026-02-05\nauthor = \"B <b@example.org>\"\nremove = [\"old.txt\"]\n"),
            ("02-change/a/y.txt", "two\n"),
        ];
        lay(case.path(), &files);
        let commits = build(case.path(), place.path()).unwrap();
        let repository = Repository::open(place.path()).unwrap();
        let last = repository.find_commit(*commits.last().unwrap()).unwrap();
        assert_eq!(commits.len(), 2);
        assert_eq!(last.author().name().unwrap(), "B");
        assert_eq!(last.time().seconds(), 1_770_292_801, "noon of 5 February 2026, and a second for its order");
        assert_eq!(last.parent(0).unwrap().id(), commits[0]);
        assert_eq!(fs::read_to_string(place.path().join("a/x.txt")).unwrap(), "one\r\n");
        assert!(place.path().join("a/y.txt").is_file());
        assert!(!place.path().join("old.txt").exists());
        assert!(repository.statuses(None).unwrap().iter().all(|entry| entry.status().is_empty()));
        let again = tempfile::tempdir().unwrap();
        assert_eq!(build(case.path(), again.path()).unwrap(), commits, "the same case gives the same commits");
    }

    #[test]
    fn faults_of_a_description_are_told() {
        for (text, fault) in [
            ("", "say when the commit was made"),
            ("date = 2026-01-05\nauthor = \"B\"\n", "an author is written"),
            ("date = 2026-01-05\nremoved = []\n", "did you mean `remove`?"),
            ("date = 2026-01-05\nremove = [\"x\"]\n", "commits/01"),
        ] {
            let (case, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            lay(case.path(), &[("01/commit.toml", text), ("01/x.txt", "x")]);
            let told = build(case.path(), place.path());
            assert!(told.as_ref().is_err_and(|told| told.contains(fault)), "{told:?} lacks {fault}");
        }
    }
}
