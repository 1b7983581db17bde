//! Files that the cells of a notebook write: `%%writefile NAME`.

use std::path::Path;

/// With one of these a cell begins that writes a file.
const MAGICS: &[&str] = &["%%writefile ", "%%file "];

/// Where a cell writes a file, from the folder of the notebook, and what. Python is read with the other cells, and what is
/// written bit by bit is nothing that can be read.
pub(super) fn file(cell: &str) -> Option<(&str, &str)> {
    // A magic alone writes an empty file.
    let (line, text) = cell.trim_start().split_once('\n')?;
    Some((target(line)?, text))
}

/// The file that a magic writes; `None` for any other line, for one that appends, and for Python.
fn target(line: &str) -> Option<&str> {
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
    (is_known && !is_python).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::source::Span;

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
        let files = parse(&text).written;
        let paths: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.cell)).collect();
        assert_eq!(paths, [("requirements.txt", 2), ("serving/serving.properties", 3), ("Dockerfile", 4)]);
        let requirements = &files[0];
        let numpy = requirements.text.find("numpy").unwrap();
        assert_eq!(requirements.place(Span::new(numpy, numpy + 13), &text).text(&text), "numpy==1.26.4");
        assert_eq!(files[1].text, "option.model_id=a/b");
        assert_eq!(files[2].text, "FROM python");
    }
}
