//! The baseline: findings that stood when aimslint was switched on, kept in a file from which entries may only go.

use crate::document::{Node, Value};
use crate::finding::Recorded;
use crate::problem::Problems;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the file, in the root of the repository.
pub const FILE_NAME: &str = "aimslint-baseline.json";

/// The form of the file; raised when an older aimslint could no longer read it.
const VERSION: &str = "1";

/// Findings that are known and borne until they are mended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The findings, in the order in which they are written: by rule, path and subject.
    pub entries: BTreeSet<Recorded>,
}

impl Baseline {
    /// Reads the file's root.
    pub fn read(root: &Node, problems: &mut Problems<'_>) -> Self {
        let version = root.get("version");
        if version.and_then(Node::scalar) != Some(VERSION) {
            let at = version.map_or(Span::empty(0), |node| node.span);
            problems.add(at, format!("not a baseline that this aimslint can read: `version` must be {VERSION}"));
            return Self::default();
        }
        let Some(Value::List(findings)) = root.get("findings").map(|node| &node.value) else {
            problems.add(Span::empty(0), "`findings` must be a list");
            return Self::default();
        };
        let baseline = Self { entries: findings.iter().filter_map(|node| read_entry(node, problems)).collect() };
        baseline.compare_counts(root.get("counts"), problems);
        baseline
    }

    /// A count that does not fit what is listed shows that somebody has edited or merged by hand.
    fn compare_counts(&self, written: Option<&Node>, problems: &mut Problems<'_>) {
        let Some(written) = written else {
            problems.add(Span::empty(0), "`counts` is missing");
            return;
        };
        let mut counts = self.counts();
        for entry in written.entries() {
            let listed = counts.remove(&*entry.key).unwrap_or_default();
            if entry.node.scalar().and_then(|count| count.parse().ok()) != Some(listed) {
                let message = format!("the count of `{}` must be {listed}, as many as are listed below", entry.key);
                problems.add(entry.node.span, message);
            }
        }
        for (rule, listed) in counts {
            problems.add(written.span, format!("the count of `{rule}` is missing: {listed} are listed below"));
        }
    }

    /// How many findings of each rule there are.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.rule.as_str()).or_default() += 1;
        }
        counts
    }

    /// The text of the file: the same for the same entries, one a line, so that a diff shows what goes and what comes.
    #[must_use]
    pub fn text(&self) -> String {
        let counts = self.counts();
        let counts = counts.iter().map(|(rule, count)| format!("    {}: {count}", quoted(rule)));
        let entries = self.entries.iter().map(|entry| {
            format!(
                "    {{\"rule\": {}, \"path\": {}, \"subject\": {}, \"fingerprint\": {}}}",
                quoted(&entry.rule),
                quoted(&entry.path),
                quoted(&entry.subject),
                quoted(&entry.fingerprint)
            )
        });
        let counts = block(counts, '{', '}');
        let entries = block(entries, '[', ']');
        format!("{{\n  \"version\": {VERSION},\n  \"counts\": {counts},\n  \"findings\": {entries}\n}}\n")
    }
}

/// Lines between brackets; the brackets alone when there is none.
fn block(lines: impl Iterator<Item = String>, open: char, close: char) -> String {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { format!("{open}{close}") } else { format!("{open}\n{}\n  {close}", lines.join(",\n")) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn read_entry(node: &Node, problems: &mut Problems<'_>) -> Option<Recorded> {
    let mut text = |key: &str| {
        let found = node.get(key).and_then(Node::text);
        if found.is_none() {
            problems.add(node.span, format!("this finding lacks the text `{key}`"));
        }
        found.map(str::to_owned)
    };
    Some(Recorded {
        rule: text("rule")?,
        path: text("path")?,
        subject: text("subject")?,
        fingerprint: text("fingerprint")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use crate::source::SourceFile;

    fn read(text: &str) -> (Baseline, Vec<String>) {
        let file = SourceFile::new(FILE_NAME, text);
        let mut problems = Problems::of(&file);
        let baseline = Baseline::read(parse::json::parse(text).root().expect("a root"), &mut problems);
        (baseline, problems.all.iter().map(ToString::to_string).collect())
    }

    fn entry(rule: &str, subject: &str) -> Recorded {
        Recorded { rule: rule.into(), path: "a \"b\".py".into(), subject: subject.into(), fingerprint: subject.into() }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let entries = [entry("b/second", "x"), entry("a/first", "ä\n"), entry("a/first", "b")];
        for baseline in [Baseline::default(), Baseline { entries: entries.into() }] {
            assert_eq!(read(&baseline.text()), (baseline, Vec::new()));
        }
    }

    #[test]
    fn one_entry_stands_on_one_line_in_order() {
        let text = Baseline { entries: [entry("b/second", "x"), entry("a/first", "y")].into() }.text();
        let rules: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_prefix("{\"rule\": ")).collect();
        assert_eq!(rules.len(), 2);
        assert!(rules[0].starts_with("\"a/first\""), "{text}");
    }

    #[test]
    fn faults_are_told_with_their_place() {
        for (text, told) in [
            ("{}", "1:1: not a baseline that this aimslint can read: `version` must be 1"),
            ("{\"version\": 2}", "1:13: not a baseline that this aimslint can read: `version` must be 1"),
            ("{\"version\": 1, \"counts\": {}}", "1:1: `findings` must be a list"),
            ("{\"version\": 1,\n\"counts\": {},\n\"findings\": [{}]}", "3:14: this finding lacks the text `rule`"),
            (
                "{\"version\": 1,\n\"counts\": {\"a/b\": 2},\n\"findings\": []}",
                "2:19: the count of `a/b` must be 0, as many as are listed below",
            ),
        ] {
            assert_eq!(read(text).1, [format!("{FILE_NAME}:{told}")], "{text}");
        }
    }
}
