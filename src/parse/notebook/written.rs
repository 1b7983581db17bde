//! Files that the cells of a notebook write: `%%writefile NAME`. Python is read with the other cells.

use super::{Cells, fitting, read};
use crate::source::Span;
use memchr::memmem;
use std::path::Path;

/// With one of these a cell begins that writes a file.
const MAGICS: &[&str] = &["%%writefile ", "%%file "];

/// One file that a cell writes.
#[derive(Debug)]
pub struct Written<'a> {
    /// Where it is written, from the folder of the notebook; only its name where it lies elsewhere.
    pub path: String,
    /// What is written.
    pub text: String,
    /// The cell, from 1.
    pub cell: usize,
    /// Where `text` starts in the decoded cell.
    start: usize,
    cells: Cells<'a>,
}

impl Written<'_> {
    /// Where bytes of `text` stand in the file of the notebook.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        self.cells.place(span.shifted(self.start)).0
    }
}

/// The files that a notebook writes whole, but for those in Python. One that is written bit by bit is nothing that can be read.
#[must_use]
pub fn files(text: &str) -> Vec<Written<'_>> {
    let may_write = |text: &str| MAGICS.iter().any(|magic| memmem::find(text.as_bytes(), magic.as_bytes()).is_some());
    if !may_write(text) {
        return Vec::new();
    }
    let (notebook, _) = read(text);
    let mut files = Vec::new();
    for (index, cell) in notebook.cells.iter().take(fitting(&notebook.cells)).enumerate() {
        let Some(source) = cell.code().filter(|source| may_write(source.get())) else { continue };
        let mut cells = Cells { file: text, ..Cells::default() };
        cells.decode_strings(source.get());
        // A magic alone writes an empty file.
        let Some((line, rest)) = cells.text.trim_start().split_once('\n') else { continue };
        let start = cells.text.len() - rest.len();
        let Some(path) = target(line) else { continue };
        let text = cells.text.get(start..).unwrap_or_default().to_owned();
        files.push(Written { path, text, cell: index + 1, start, cells });
    }
    files
}

/// The file that a magic writes; `None` for any other line, for one that appends, and for Python.
fn target(line: &str) -> Option<String> {
    let words = MAGICS.iter().find_map(|magic| line.strip_prefix(magic))?;
    let mut words = words.split_whitespace();
    let word = words.next()?;
    if words.next().is_some() || word.starts_with('-') {
        return None;
    }
    let word = word.trim_matches(['"', '\'']);
    let is_elsewhere = word.starts_with(['/', '~']) || word.contains(['{', '$', '\\']) || word.contains("..");
    let path = if is_elsewhere { word.rsplit('/').next().unwrap_or(word) } else { word.trim_start_matches("./") };
    let is_python = Path::new(path).extension().is_some_and(|extension| extension == "py");
    let is_known = !path.is_empty() && !path.contains(['{', '$', '\\']);
    (is_known && !is_python).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_with_their_places() {
        let cells = [
            "import os",
            "%%writefile requirements.txt\ntorch\n# \"é\"\nnumpy==1.26.4\n",
            "\n%%file serving/serving.properties\r\noption.model_id=a/b",
            "%%writefile {folder}/Dockerfile\nFROM python",
            "%%writefile -a requirements.txt\nmore",
            "%%writefile train.py\nimport torch",
            "%%writefile {name}\nx",
            "%%bash\nls",
        ];
        let cells = cells.map(|source| serde_json::json!({"cell_type": "code", "source": source}));
        let text = serde_json::json!({"cells": cells, "nbformat": 4}).to_string().replace('é', "\\u00e9");
        let files = files(&text);
        let paths: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.cell)).collect();
        assert_eq!(paths, [("requirements.txt", 2), ("serving/serving.properties", 3), ("Dockerfile", 4)]);
        let requirements = &files[0];
        let numpy = requirements.text.find("numpy").unwrap();
        assert_eq!(requirements.place(Span::new(numpy, numpy + 13)).text(&text), "numpy==1.26.4");
        assert_eq!(files[1].text, "option.model_id=a/b");
        assert_eq!(files[2].text, "FROM python");
    }
}
