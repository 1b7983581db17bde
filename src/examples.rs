//! Examples of rules, cut from their own fixtures: what breaks a rule, and the nearest thing that keeps it.

use crate::source::SourceFile;
use crate::verify::{COMMITS, DESCRIPTION, Description, EXPECTATION, Expectation};
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// The fixtures of the rules that the product ships: path and text of each file. Only releases carry them, so that a debug build need
/// not be made again for each fixture that is edited.
const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));

/// Fixtures by rule and name of the case.
#[derive(Debug, Default)]
pub struct Fixtures {
    cases: BTreeMap<String, BTreeMap<String, Case>>,
}

/// A tiny repository as it is judged.
#[derive(Debug, Default)]
struct Case {
    /// Text by path; of a history its last state.
    files: BTreeMap<String, String>,
    /// Its commits; empty for a case without history.
    history: Vec<Commit>,
    expected: Expectation,
}

/// One step of a case's history.
#[derive(Debug, Default)]
struct Commit {
    /// Name of its folder.
    name: String,
    date: Option<Date>,
    /// The files that it wrote.
    files: Vec<String>,
}

/// What breaks a rule, and what keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Example {
    /// The lines that break it, marked with `>`.
    pub broken: String,
    /// What is other where it is kept, marked with `+`.
    pub kept: String,
}

impl Fixtures {
    /// The fixtures of the rules that the product ships.
    #[must_use]
    pub fn shipped() -> Self {
        if cfg!(debug_assertions) {
            return Self::of_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
        }
        let mut fixtures = Self::default();
        for (path, text) in SHIPPED {
            fixtures.add(path.trim_start_matches("fixtures/"), text);
        }
        fixtures
    }

    /// The fixtures of a folder that holds `family/rule/case/`. What is no text can be no example, and is left out.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Self {
        let mut fixtures = Self::default();
        for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
            let path = entry.path().strip_prefix(folder).ok().and_then(Path::to_str);
            let text = if entry.file_type().is_file() { fs::read_to_string(entry.path()).ok() } else { None };
            if let (Some(path), Some(text)) = (path, text) {
                fixtures.add(&path.replace('\\', "/"), &text);
            }
        }
        fixtures
    }

    /// Adds those of another folder.
    pub fn extend(&mut self, other: Self) {
        self.cases.extend(other.cases);
    }

    fn add(&mut self, path: &str, text: &str) {
        if let [family, rule, case, file] = path.splitn(4, '/').collect::<Vec<_>>()[..] {
            let cases = self.cases.entry(format!("{family}/{rule}")).or_default();
            cases.entry(case.to_owned()).or_default().add(file, text);
        }
    }

    /// The pair of a failing and a passing fixture that differ least; `None` for a rule without a failing one.
    #[must_use]
    pub fn example(&self, rule: &str) -> Option<Example> {
        let cases = self.cases.get(rule)?;
        let failing = cases.iter().filter(|(name, _)| name.starts_with("fail"));
        // A passing case may hold nothing that is text.
        let (no_name, nothing) = (String::new(), Case::default());
        let mut passing: Vec<_> = cases.iter().filter(|(name, _)| name.starts_with("pass")).collect();
        if passing.is_empty() {
            passing.push((&no_name, &nothing));
        }
        let pairs = failing.flat_map(|fail| passing.iter().map(move |pass| (fail, *pass)));
        let nearest = pairs.min_by_key(|((fail_name, fail), (pass_name, pass))| {
            let has_history = !fail.history.is_empty() || !pass.history.is_empty();
            let tells_little = (pass.expected.not_applicable, Reverse(fail.marks().count().min(1)), has_history);
            (tells_little, difference(fail, pass), *fail_name, *pass_name)
        });
        let ((_, fail), (_, pass)) = nearest?;
        Some(Example { broken: fail.broken(pass), kept: pass.kept(fail) })
    }
}

impl Case {
    /// Adds a file. One that is at fault says nothing here: `aimslint test` tells of it.
    fn add(&mut self, path: &str, text: &str) {
        if path == EXPECTATION {
            self.expected = Expectation::of(&SourceFile::new(path, text)).unwrap_or_default();
            return;
        }
        let in_commit = path.strip_prefix(COMMITS).and_then(|rest| rest.strip_prefix('/')?.split_once('/'));
        let Some((name, path)) = in_commit else {
            self.files.insert(path.to_owned(), text.to_owned());
            return;
        };
        if self.history.last().is_none_or(|last| last.name != name) {
            self.history.push(Commit { name: name.to_owned(), ..Commit::default() });
        }
        let Some(commit) = self.history.last_mut() else { return };
        if path == DESCRIPTION {
            let Ok(description) = Description::of(&SourceFile::new(path, text)) else { return };
            commit.date = Some(description.date);
            self.files.retain(|path, _| !description.removed.contains(path));
        } else {
            commit.files.push(path.to_owned());
            self.files.insert(path.to_owned(), text.to_owned());
        }
    }

    /// Path and line of each expected finding in a file that is text.
    fn marks(&self) -> impl Iterator<Item = (&str, usize)> {
        self.expected.findings.iter().filter_map(|place| {
            let (path, line) = place.rsplit_once(':')?;
            self.files.contains_key(path).then_some((path, line.parse().ok()?))
        })
    }

    /// The places that break the rule; without any the files that are other where it is kept.
    fn broken(&self, kept: &Self) -> String {
        let mut marks: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (path, line) in self.marks() {
            marks.entry(path).or_default().insert(line);
        }
        let mut told = self.told_history();
        for (path, lines) in marks.iter().take(FILES) {
            told.push_str(&self.excerpt(path, lines, '>'));
        }
        if marks.is_empty() {
            // Files as a whole, or what is no text.
            for place in &self.expected.findings {
                let _ = writeln!(told, "> {place}");
            }
            for (path, lines) in new_lines(self, kept).iter().take(FILES) {
                told.push_str(&self.excerpt(path, lines, ' '));
            }
        }
        told
    }

    /// What is other than where the rule is broken.
    fn kept(&self, broken: &Self) -> String {
        let mut told = self.told_history();
        for (path, lines) in new_lines(self, broken).iter().take(FILES) {
            told.push_str(&self.excerpt(path, lines, '+'));
        }
        let gone: Vec<&str> =
            broken.files.keys().filter(|path| !self.files.contains_key(*path)).map(String::as_str).collect();
        if !gone.is_empty() {
            let _ = writeln!(told, "without {}", gone.join(", "));
        }
        if told.is_empty() { "nothing of the kind\n".to_owned() } else { told }
    }

    /// What each commit wrote, and on which day.
    fn told_history(&self) -> String {
        let tell = |commit: &Commit| {
            let day = commit.date.map(|date| format!(" of {date}")).unwrap_or_default();
            format!("commit {}{day}: {}\n", commit.name, commit.files.join(", "))
        };
        self.history.iter().map(tell).collect()
    }

    /// The file around `lines`, which are marked.
    fn excerpt(&self, path: &str, lines: &BTreeSet<usize>, mark: char) -> String {
        let text = self.files.get(path).map_or("", String::as_str);
        let mut told = format!("{path}\n");
        let is_near = |number: usize| lines.is_empty() || lines.iter().any(|line| line.abs_diff(number) <= MARGIN);
        let mut last = 0;
        for (number, line) in (1..).zip(text.lines()).filter(|(number, _)| is_near(*number)).take(LINES) {
            if number > last + 1 && last > 0 {
                told.push_str("     ...\n");
            }
            last = number;
            let mark = if lines.contains(&number) { mark } else { ' ' };
            let shown: String = line.chars().take(WIDTH).collect();
            let cut = if line.chars().nth(WIDTH).is_some() { "…" } else { "" };
            let _ = writeln!(told, "{}", format!("{mark}{number:>4} | {shown}{cut}").trim_end());
        }
        told
    }
}

/// How many files of a case are shown.
const FILES: usize = 3;
/// How many lines of a file.
const LINES: usize = 30;
/// How many lines before and behind a line that counts.
const MARGIN: usize = 4;
/// How many characters of a line.
const WIDTH: usize = 120;

/// The lines of `of` that `from` does not have at the same path, file by file. A file that only lost lines is there without any.
fn new_lines<'a>(of: &'a Case, from: &Case) -> BTreeMap<&'a str, BTreeSet<usize>> {
    let changed = of.files.iter().filter(|(path, text)| from.files.get(*path) != Some(*text));
    let lines = changed.map(|(path, text)| {
        let mut old: HashMap<&str, usize> = HashMap::new();
        for line in from.files.get(path).map_or("", String::as_str).lines() {
            *old.entry(line).or_default() += 1;
        }
        let mut is_new = |line: &str| match old.get_mut(line) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => !line.trim().is_empty(),
        };
        let lines = (1..).zip(text.lines()).filter(|(_, line)| is_new(line)).map(|(number, _)| number);
        (path.as_str(), lines.collect())
    });
    lines.collect()
}

/// How many lines the two do not share.
fn difference(one: &Case, other: &Case) -> usize {
    let count = |of, from| new_lines(of, from).values().map(|lines| lines.len().max(1)).sum::<usize>();
    count(one, other) + count(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_pair_is_shown_with_what_differs() {
        let mut fixtures = Fixtures::default();
        for (path, text) in [
            ("a/b/fail-one/expect.toml", "findings = [\"x.py:2\"]\n"),
            ("a/b/fail-one/x.py", "import x\nx.load(1)\n"),
            ("a/b/pass-near/x.py", "import x\nx.load(1, safe=True)\n"),
            ("a/b/pass-far/y.py", "import y\n\n\ny.load(1)\n"),
            ("a/b/pass-nothing/x.py", "import x\n"),
            ("a/b/pass-nothing/expect.toml", "not-applicable = true\n"),
        ] {
            fixtures.add(path, text);
        }
        let example = fixtures.example("a/b").unwrap();
        assert_eq!(example.broken, "x.py\n    1 | import x\n>   2 | x.load(1)\n");
        assert_eq!(example.kept, "x.py\n    1 | import x\n+   2 | x.load(1, safe=True)\n");
        assert_eq!(fixtures.example("a/c"), None);
    }

    #[test]
    fn a_history_is_told_by_its_commits() {
        let mut fixtures = Fixtures::default();
        for (path, text) in [
            ("a/b/fail-one/commits/01-start/commit.toml", "date = 2026-01-10\n"),
            ("a/b/fail-one/commits/01-start/card.md", "A card.\n"),
            ("a/b/fail-one/commits/02-later/commit.toml", "date = 2026-05-02\nremove = [\"card.md\"]\n"),
            ("a/b/fail-one/commits/02-later/model.onnx", "1\n"),
            ("a/b/fail-one/expect.toml", "findings = [\"model.onnx\"]\n"),
            ("a/b/pass-one/card.md", "A card.\n"),
        ] {
            fixtures.add(path, text);
        }
        let example = fixtures.example("a/b").unwrap();
        let history = "commit 01-start of 2026-01-10: card.md\ncommit 02-later of 2026-05-02: model.onnx\n";
        assert_eq!(example.broken, format!("{history}> model.onnx\nmodel.onnx\n    1 | 1\n"));
        assert_eq!(example.kept, "card.md\n+   1 | A card.\nwithout model.onnx\n");
    }
}
