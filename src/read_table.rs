//! Parses files that are written for this tool, and hands them on as tables together with every problem.

use crate::document::{Document, Node};
use crate::parse;
use crate::problem::{Problem, Problems};
use crate::source::SourceFile;

/// Parses a TOML file of ours and reads it; gives every problem of both.
pub(crate) fn read_toml(file: &SourceFile, read: impl FnOnce(&Node, &mut Problems<'_>)) -> Vec<Problem> {
    read_parsed(file, &parse::toml::parse(&file.text), read)
}

/// Reads a file that the build has rewritten.
pub(crate) fn read_built(file: &SourceFile, read: impl FnOnce(&Node, &mut Problems<'_>)) -> Vec<Problem> {
    read_parsed(file, &parse::built::parse(&file.text), read)
}

/// Parses a JSON file of ours and reads it; gives every problem of both.
pub(crate) fn read_json(file: &SourceFile, read: impl FnOnce(&Node, &mut Problems<'_>)) -> Vec<Problem> {
    read_parsed(file, &parse::json::parse(&file.text), read)
}

pub(crate) fn read_parsed(
    file: &SourceFile,
    document: &Document,
    read: impl FnOnce(&Node, &mut Problems<'_>),
) -> Vec<Problem> {
    let mut problems = Problems::of(file);
    for fault in document.faults.iter() {
        problems.add(fault.at, fault.reason.clone());
    }
    // A file that does not parse has lost keys: what would be said of them is not to be trusted.
    if problems.all.is_empty()
        && let Some(root) = document.root()
    {
        read(root, &mut problems);
    }
    problems.all
}
