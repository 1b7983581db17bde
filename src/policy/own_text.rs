//! The clauses of an organisation's own policy text: numbered headings, and lettered parts below them.

use super::controls::{Clause, normalised};
use crate::document::prose::Block;
use crate::problem::Problems;
use std::collections::BTreeSet;

/// How many clauses a text may have, and how many parts the number of one.
const CLAUSE_LIMIT: usize = 2_000;
const PART_LIMIT: usize = 8;

/// How many characters of a clause are shown; all of it counts for its hash.
const SHOWN: usize = 400;

/// A clause while its words are gathered.
struct Draft {
    id: String,
    title: String,
    body: Vec<String>,
    /// Level of the heading that it stands below.
    level: usize,
    /// The letter that its next part would have.
    next_letter: char,
    at: crate::source::Span,
}

/// Reads the clauses of a text, in order. A numbered heading is one, and so is each `a.`, `a)` or `(a)` below it; what has such parts, or
/// numbered headings below it, is no clause itself.
pub fn read(blocks: &[Block], problems: &mut Problems<'_>) -> Vec<(String, Clause)> {
    let mut drafts: Vec<Draft> = Vec::new();
    // Where the numbered heading and the part stand whose words are read.
    let mut heading: Option<usize> = None;
    let mut open: Option<usize> = None;
    for block in blocks {
        if let Some(level) = block.heading {
            if let Some((id, title)) = numbered(&block.text) {
                heading = Some(drafts.len());
                open = heading;
                drafts.push(Draft { id, title, body: Vec::new(), level, next_letter: 'a', at: block.at });
                continue;
            }
            // A heading without a number belongs to the clause above it, unless it begins something else.
            if heading.and_then(|index| drafts.get(index)).is_none_or(|draft| level <= draft.level) {
                (heading, open) = (None, None);
            }
        }
        for line in block.text.lines() {
            let above = heading.and_then(|index| drafts.get_mut(index));
            let part = above.and_then(|above| {
                let words = lettered(line, above.next_letter)?;
                let id = format!("{}.{}", above.id, above.next_letter);
                above.next_letter = char::from_u32(u32::from(above.next_letter) + 1)?;
                let title = words.to_owned();
                Some(Draft { id, title, body: Vec::new(), level: above.level, next_letter: 'a', at: block.at })
            });
            if let Some(part) = part {
                open = Some(drafts.len());
                drafts.push(part);
            } else if let Some(draft) = open.and_then(|index| drafts.get_mut(index)) {
                draft.body.push(line.to_owned());
            }
        }
    }
    let ids: BTreeSet<String> = drafts.iter().map(|draft| draft.id.clone()).collect();
    let has_parts =
        |id: &str| ids.range(format!("{id}.")..).next().is_some_and(|next| next.starts_with(&format!("{id}.")));
    drafts.retain(|draft| !has_parts(&draft.id));
    if let Some(draft) = drafts.get(CLAUSE_LIMIT) {
        problems.add(draft.at, format!("a policy text may have at most {CLAUSE_LIMIT} clauses"));
        return Vec::new();
    }
    if drafts.is_empty() {
        let how = "no clause is found here: a clause is a heading that begins with its number, such as `## 3.2.a Encryption at rest`";
        problems.add(crate::source::Span::empty(0), how);
    }
    let mut seen = BTreeSet::new();
    let mut clauses = Vec::new();
    for draft in drafts {
        if !seen.insert(draft.id.clone()) {
            problems.add(draft.at, format!("there are two clauses `{}` in this text", draft.id));
        }
        let at = problems.place(draft.at);
        clauses.push((draft.id.clone(), draft.clause(at)));
    }
    clauses
}

impl Draft {
    fn clause(self, at: String) -> Clause {
        let body = normalised(&self.body.join(" "));
        let title = normalised(&self.title);
        let separator = if title.ends_with(['.', ':', ';', '?', '!']) { " " } else { ": " };
        let whole = [title.as_str(), body.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let mut text: String = whole.join(separator);
        if let Some((end, _)) = text.char_indices().nth(SHOWN) {
            text.truncate(end);
            text.push('…');
        }
        Clause { text, hash: Clause::hash_of(&whole.join(" ")), at, kinds: Vec::new(), shows: String::new() }
    }
}

/// The number and the rest of a heading such as `3.2.a Encryption at rest`, `A.7.2: Data`, `Clause AI-4 - Roles`.
fn numbered(heading: &str) -> Option<(String, String)> {
    let heading = heading.trim();
    let rest = ["Clause ", "Section ", "Control ", "§"]
        .iter()
        .find_map(|word| heading.strip_prefix(word))
        .unwrap_or(heading)
        .trim_start();
    let (first, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let id = first.trim_end_matches([':', '.', ')', ',', '-', '–', '—']);
    is_id(id).then(|| (id.to_owned(), title.trim_start_matches([':', '-', '–', '—', ' ']).to_owned()))
}

/// `3`, `3.2`, `3.2.a`, `A.7.2`, `AI-4.1`: digits and single letters between dots, at most a word in capitals before them.
fn is_id(id: &str) -> bool {
    let (word, number) = id.split_once('-').unwrap_or(("", id));
    let parts: Vec<&str> = number.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = |part: &&str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_bare_year = parts.len() == 1 && word.is_empty() && number.len() > 2;
    word.len() <= 8
        && word.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=PART_LIMIT).contains(&parts.len())
        && parts.iter().all(|part| is_number(part) || is_letter(part))
        && parts.iter().any(is_number)
        && !is_bare_year
}

/// The words behind `a.`, `a)` or `(a)`, where the line begins with this letter.
fn lettered(line: &str, letter: char) -> Option<&str> {
    let line = line.trim_start();
    let rest = match line.strip_prefix('(') {
        Some(inner) => inner.strip_prefix(letter)?.strip_prefix(')')?,
        None => line.strip_prefix(letter)?.strip_prefix(['.', ')'])?,
    };
    rest.starts_with(char::is_whitespace).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};

    /// The clauses of Markdown that has one block on each line.
    fn clauses(lines: &[&str]) -> (Vec<(String, Clause)>, Vec<String>) {
        let file = SourceFile::new("policy.md", lines.join("\n"));
        let block = |line: &&str| {
            let level = line.chars().take_while(|character| *character == '#').count();
            let heading = (level > 0).then_some(level);
            Block { heading, text: line.trim_start_matches('#').replace('|', "\n"), at: Span::empty(0) }
        };
        let blocks: Vec<Block> = lines.iter().map(block).collect();
        let mut problems = Problems::of(&file);
        let read = read(&blocks, &mut problems);
        (read, problems.all.into_iter().map(|problem| problem.message).collect())
    }

    fn shown(lines: &[&str]) -> Vec<(String, String)> {
        clauses(lines).0.into_iter().map(|(id, clause)| (id, clause.text)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn numbered_headings_and_lettered_parts_are_clauses() {
        assert_eq!(
            shown(&[
                "# AI policy 2026",
                "All of us.",
                "## 1. Purpose",
                "Why we do this.",
                "## 3 Data",
                "### 3.2 Storage",
                "Data is",
                "a. encrypted at rest",
                "which means AES",
                "(b) and in transit",
                "## A.7.2: Data quality",
                "### Notes",
                "On quality.",
                "## Definitions",
                "A. Nobody",
                "## Clause AI-4 – Roles",
                "named|b) not a part|i. e. nothing",
                "## 2026 plans",
            ]),
            pairs(&[
                ("1", "Purpose: Why we do this."),
                ("3.2.a", "encrypted at rest: which means AES"),
                ("3.2.b", "and in transit"),
                ("A.7.2", "Data quality: Notes On quality."),
                ("AI-4", "Roles: named b) not a part i. e. nothing"),
            ])
        );
    }

    #[test]
    fn how_lines_are_broken_changes_no_hash_and_words_do() {
        let hash = |lines: &[&str]| clauses(lines).0.first().map(|(_, clause)| clause.hash.clone());
        let written = hash(&["## 3.2 Storage", "Data is encrypted"]);
        assert_eq!(written, hash(&["### 3.2:  Storage ", "Data|  is", "encrypted"]));
        assert_ne!(written, hash(&["## 3.2 Storage", "Data is not encrypted"]));
        let long = "word ".repeat(1_000);
        assert_ne!(hash(&["## 3.2 Storage", &long]), hash(&["## 3.2 Storage", &(long.clone() + "more")]));
    }

    #[test]
    fn a_text_without_clauses_or_with_two_of_one_number_is_a_fault() {
        assert!(clauses(&["# Policy", "words"]).1[0].contains("no clause is found"));
        assert!(clauses(&["# 3.2 One", "# 3.2 Two"]).1[0].contains("there are two clauses `3.2`"));
    }
}
