use super::walk::{Halt, Walk};
use super::{Aspect, Limits, Past, Watch, pairs};
use crate::contents::Contents;
use crate::fact::Location;
use crate::finding::{Evidence, LastChange, Place, shortened};
use crate::fingerprint::digest_of_words;
use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Oid, Repository, Signature, Time};
use jiff::civil::{Date, date};
use std::fs;
use tempfile::TempDir;

const TODAY: Date = date(2026, 11, 21);
const LIMITS: Limits = Limits { commits: 1_000, contents: 1_000 };

/// A history that grows commit by commit, one on each day of January 2026.
struct History {
    place: TempDir,
    repository: Repository,
}

impl History {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let repository = Repository::init(place.path()).unwrap();
        Self { place, repository }
    }

    /// Commits these files on this day on top of these commits; a file without text is removed.
    fn commit(&self, day: i8, parents: &[Oid], files: &[(&str, &str)]) -> Oid {
        let mut update = TreeUpdateBuilder::new();
        for (path, text) in files {
            if text.is_empty() {
                update.remove(*path);
            } else {
                update.upsert(*path, self.repository.blob(text.as_bytes()).unwrap(), FileMode::Blob);
            }
        }
        let parents: Vec<_> = parents.iter().map(|id| self.repository.find_commit(*id).unwrap()).collect();
        let empty = self.repository.find_tree(self.repository.treebuilder(None).unwrap().write().unwrap()).unwrap();
        let base = parents.first().map_or(empty, |parent| parent.tree().unwrap());
        let tree = update.create_updated(&self.repository, &base).unwrap();
        let tree = self.repository.find_tree(tree).unwrap();
        let noon = 1_767_268_800 + 86_400 * (i64::from(day) - 1);
        let who = Signature::new("A", "a@example.org", &Time::new(noon, 0)).unwrap();
        let parents: Vec<_> = parents.iter().collect();
        self.repository.commit(None, &who, &who, "x", &tree, &parents).unwrap()
    }

    fn walk(&self, tip: Oid, watch: Watch, limits: Limits) -> (Option<Past>, Result<(), Halt>) {
        let watches = [watch];
        let see: &super::SeeFacts<'_> = &|_, _| Vec::new();
        let mut walk = Walk::new(&self.repository, &watches, see, limits);
        let tip = self.repository.find_commit(tip).unwrap();
        let outcome = walk.run(Some(&tip), "", TODAY);
        (walk.found.remove(0), outcome)
    }

    /// The day of January on which the words of `path` last changed.
    fn day(&self, tip: Oid, path: &str) -> i8 {
        let (past, outcome) = self.walk(tip, words(path), LIMITS);
        outcome.unwrap();
        past.unwrap().changed.date.day()
    }
}

fn words(path: &str) -> Watch {
    Watch { path: path.into(), aspect: Aspect::Words, today: None, origin: false }
}

#[test]
fn white_space_and_renames_are_no_edits() {
    let history = History::new();
    let one = history.commit(1, &[], &[("CARD.md", "# Card\n\nIt is small.\n"), ("other.txt", "x")]);
    let two = history.commit(2, &[one], &[("CARD.md", "# Card\n\nIt is small and fast, and nobody knows why.\n")]);
    let laid_out =
        history.commit(3, &[two], &[("CARD.md", "# Card\r\nIt is small\r\nand fast, and nobody knows why.")]);
    let moved = history.commit(
        4,
        &[laid_out],
        &[("CARD.md", ""), ("a/MODEL.md", "# Card\r\nIt is small\r\nand fast, and nobody knows why.")],
    );
    let last = history.commit(5, &[moved], &[("other.txt", "y")]);
    assert_eq!(history.day(last, "a/MODEL.md"), 2);
    let edited =
        history.commit(6, &[last], &[("a/MODEL.md", "# Card\nIt is small and fast, and everybody knows why.\n")]);
    assert_eq!(history.day(edited, "a/MODEL.md"), 6);
}

#[test]
fn a_commit_that_edits_more_than_a_hundred_files_edits_none_for_its_own_sake() {
    for (files, day) in [(super::change::MASS_COMMIT_FILES, 1), (super::change::MASS_COMMIT_FILES - 1, 2)] {
        let history = History::new();
        let names: Vec<String> = (0..files).map(|number| format!("src/{number}.py")).collect();
        let all = |text: &'static str| {
            names.iter().map(|name| (name.as_str(), text)).chain([("CARD.md", text)]).collect::<Vec<_>>()
        };
        let one = history.commit(1, &[], &all("one"));
        let header = history.commit(2, &[one], &all("Copyright. one"));
        assert_eq!(history.day(header, "CARD.md"), day, "{files} files besides the card");
    }
}

#[test]
fn a_merged_edit_has_the_day_of_its_commit() {
    let history = History::new();
    let one = history.commit(1, &[], &[("CARD.md", "one"), ("x", "1")]);
    let branch = history.commit(3, &[one], &[("CARD.md", "two")]);
    let main = history.commit(5, &[one], &[("x", "2")]);
    let merge = history.commit(7, &[main, branch], &[("CARD.md", "two")]);
    assert_eq!(history.day(merge, "CARD.md"), 3);
    // Both sides had edited it, and the merge wrote a third text.
    let other = history.commit(6, &[main], &[("CARD.md", "three")]);
    let conflict = history.commit(8, &[other, branch], &[("CARD.md", "two and three")]);
    assert_eq!(history.day(conflict, "CARD.md"), 8);
}

#[test]
fn what_is_not_committed_has_changed_today() {
    let history = History::new();
    let one = history.commit(1, &[], &[("CARD.md", "one")]);
    let now = |text: &str| Watch { today: Some(digest_of_words(text)), ..words("CARD.md") };
    let changed = |watch| history.walk(one, watch, LIMITS).0.unwrap().changed;
    assert_eq!(changed(now("one\r\n")).date, date(2026, 1, 1));
    assert_eq!(changed(now("two")).date, TODAY);
    assert_eq!(changed(words("new.md")).commit, "uncommitted");
}

#[test]
fn the_first_day_is_told_where_it_is_wanted() {
    let history = History::new();
    let text = (0..20).map(|number| format!("Line {number} of a text.\n")).collect::<String>();
    let one = history.commit(1, &[], &[("a.md", &text)]);
    let two = history.commit(2, &[one], &[("a.md", ""), ("b.md", &text.replace("Line 7", "The seventh line"))]);
    let three = history.commit(3, &[two], &[("b.md", "other words")]);
    let past = history.walk(three, Watch { origin: true, ..words("b.md") }, LIMITS).0.unwrap();
    assert_eq!(history.day(two, "b.md"), 2, "renamed and edited at once");
    assert_eq!((past.changed.date.day(), past.begun.map(Date::day)), (3, Some(1)));
}

#[test]
fn limits_and_missing_contents_make_the_past_unknown() {
    let history = History::new();
    let one = history.commit(1, &[], &[("CARD.md", "one"), ("x", "1")]);
    let two = history.commit(2, &[one], &[("CARD.md", "two")]);
    let three = history.commit(3, &[two], &[("x", "3")]);
    let (past, outcome) = history.walk(three, words("CARD.md"), Limits { commits: 1, ..LIMITS });
    assert!(past.is_none() && matches!(outcome, Err(Halt::Commits(1))), "{outcome:?}");
    let (past, outcome) = history.walk(three, words("CARD.md"), Limits { contents: 1, ..LIMITS });
    assert!(past.is_none() && matches!(outcome, Err(Halt::Contents(1))), "{outcome:?}");

    let gone =
        history.repository.find_commit(one).unwrap().tree().unwrap().get_name("CARD.md").unwrap().id().to_string();
    let (folder, file) = gone.split_at(2);
    fs::remove_file(history.repository.path().join("objects").join(folder).join(file)).unwrap();
    let history = History { repository: Repository::open(history.place.path()).unwrap(), ..history };
    let (past, outcome) = history.walk(three, words("CARD.md"), LIMITS);
    assert!(past.is_none() && matches!(outcome, Err(Halt::Missing(1))), "{outcome:?}");
}

#[test]
fn without_a_whole_history_it_is_said_what_to_do() {
    let nowhere = tempfile::tempdir().unwrap();
    let told = pairs::open(nowhere.path(), "its age").err().unwrap();
    assert!(told.contains("no git repository here"), "{told}");
    let history = History::new();
    assert!(pairs::open(history.place.path(), "its age").is_ok());
    let one = history.commit(1, &[], &[("CARD.md", "one")]);
    fs::write(history.repository.path().join("shallow"), format!("{one}\n")).unwrap();
    let told = pairs::open(history.place.path(), "its age").err().unwrap();
    assert!(told.contains("shallow") && told.contains("fetch-depth: 0"), "{told}");
}

/// What is told of the last changes of these files in the folder.
fn dated(history: &History, paths: &[&str], commits: usize) -> (Vec<Option<String>>, Option<String>) {
    let place = |path: &&str| Place { path: (**path).into(), location: Location::WholeFile, cell: None };
    let bare = |path| Evidence { place: place(path), subject: String::new(), line: None, changed: LastChange::Unknown };
    let mut evidence: Vec<Evidence> = paths.iter().map(bare).collect();
    let root = history.place.path();
    let trouble = super::date(root, evidence.iter_mut(), &Contents::of_folder(root), commits);
    (evidence.iter().map(|evidence| evidence.changed.told()).collect(), trouble)
}

#[test]
fn evidence_is_of_the_commit_that_last_changed_its_file() {
    let history = History::new();
    let one = history.commit(1, &[], &[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
    let mass: Vec<(String, &str)> = (0..120).map(|number| (format!("{number}.txt"), "x")).collect();
    let mass: Vec<(&str, &str)> = mass.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let two = history.commit(2, &[one], &[&mass[..], &[("b.md", "b2")]].concat());
    // The branch changes one file, and merging it changes none.
    let branch = history.commit(3, &[one], &[("c.md", "c2")]);
    let merged = history.commit(4, &[two, branch], &[("c.md", "c2")]);
    history.repository.reference("refs/heads/main", merged, true, "").unwrap();
    history.repository.set_head("refs/heads/main").unwrap();
    for (path, text) in [("a.md", "a"), ("b.md", "b2"), ("c.md", "c2"), ("new.md", "new"), ("0.txt", "edited")] {
        fs::write(history.place.path().join(path), text).unwrap();
    }

    let of = |id: Oid, day: &str| Some(format!("{} of 2026-01-{day}", shortened(&id.to_string())));
    let not_committed = || Some("not committed".to_owned());
    let expected = vec![of(one, "01"), of(two, "02"), of(branch, "03"), not_committed(), not_committed(), None];
    let paths = ["a.md", "b.md", "c.md", "new.md", "0.txt", "1.txt"];
    // The last one is committed, and gone from the folder.
    assert_eq!(dated(&history, &paths, 10), (expected, None));

    let (told, trouble) = dated(&history, &["a.md", "c.md"], 2);
    assert_eq!(told, [None, of(branch, "03")], "the first commit is the fourth to be looked at");
    assert!(trouble.unwrap().contains("history-commits"));
}
