//! Reads requirements files of pip.

use crate::document::packages::PackageList;
use crate::source::{Span, each_line};
use std::ops::Range;

/// Reads one requirements file. A line that is no requirement is a fault; the lines around it are kept.
#[must_use]
pub fn parse(text: &str) -> PackageList {
    let mut list = PackageList::default();
    for line in logical_lines(text) {
        list.add_line(&line.text, &|range| line.place(range));
    }
    list
}

/// A line with the lines that continue it.
#[derive(Debug, Default)]
struct LogicalLine {
    text: String,
    /// For each physical line: where it starts in `text`, and where in the file.
    pieces: Vec<(usize, usize)>,
}

impl LogicalLine {
    fn push(&mut self, part: &str, offset: usize) {
        self.pieces.push((self.text.len(), offset));
        self.text.push_str(part);
    }

    /// Where a range of `text` stands in the file.
    fn place(&self, range: Range<usize>) -> Span {
        // The end is found by the last byte: what follows it may stand on another line.
        let last = range.end.saturating_sub(1).max(range.start);
        Span::new(self.offset(range.start), self.offset(last) + range.end.saturating_sub(last))
    }

    fn offset(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        self.pieces.get(next.saturating_sub(1)).map_or(at, |(start, offset)| at - start + offset)
    }
}

/// Joins lines that end with `\`, as pip does: a comment line is never continued, and it ends a continuation.
fn logical_lines(text: &str) -> Vec<LogicalLine> {
    let mut lines = Vec::new();
    let mut current = LogicalLine::default();
    for span in each_line(text) {
        let mut span = span;
        if span.start == 0 && text.starts_with('\u{feff}') {
            span.start += '\u{feff}'.len_utf8();
        }
        let line = span.text(text);
        let is_comment = line.trim_start().starts_with('#');
        match line.trim_end().strip_suffix('\\') {
            Some(part) if !is_comment => current.push(part, span.start),
            _ => {
                if is_comment {
                    // The blank keeps the `#` from growing together with what stands before it.
                    current.push(" ", span.start);
                }
                current.push(line, span.start);
                lines.push(std::mem::take(&mut current));
            }
        }
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &PackageList) -> Vec<(&str, &str, &str)> {
        list.packages.iter().map(|it| (it.name.as_str(), it.specifier.as_str(), it.location.as_str())).collect()
    }

    fn options(list: &PackageList) -> Vec<(&str, &str)> {
        list.options.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect()
    }

    #[test]
    fn every_way_to_ask_for_a_package_is_read() {
        let list = parse(concat!(
            "torch==2.4.1\n",
            "transformers[torch, sentencepiece] >=4.40,<5 ; python_version < \"3.13\"  # keep below 5\n",
            "numpy\n",
            "Flask-Login (>=0.6)\n",
            "odd === 1.0-custom\n",
            "clip @ git+https://github.com/openai/CLIP.git@d05afc436d78f1c48dc0dbf8e5980a9d471f35f6 ; sys_platform == 'linux'\n",
            "git+https://github.com/huggingface/diffusers.git@main\n",
            "git+https://example.com/team/many.git@main#subdirectory=libs/our_client\n",
            "https://github.com/team/tool/archive/main.zip\n",
            "https://example.com/wheels/flash_attn-2.6.3-cp311-linux_x86_64.whl#sha256=00\n",
            "-e git+ssh://git@example.com/team/models#egg=our-models&subdirectory=python\n",
            "-e .[dev]\n",
            "./wheels/local-1.0.tar.gz\n",
        ));
        assert_eq!(list.faults, []);
        assert_eq!(
            names(&list),
            [
                ("torch", "==2.4.1", ""),
                ("transformers", ">=4.40,<5", ""),
                ("numpy", "", ""),
                ("Flask-Login", ">=0.6", ""),
                ("odd", "=== 1.0-custom", ""),
                ("clip", "", "git+https://github.com/openai/CLIP.git@d05afc436d78f1c48dc0dbf8e5980a9d471f35f6"),
                ("diffusers", "", "git+https://github.com/huggingface/diffusers.git@main"),
                ("our_client", "", "git+https://example.com/team/many.git@main#subdirectory=libs/our_client"),
                ("tool", "", "https://github.com/team/tool/archive/main.zip"),
                ("flash_attn", "", "https://example.com/wheels/flash_attn-2.6.3-cp311-linux_x86_64.whl#sha256=00"),
                ("our-models", "", "git+ssh://git@example.com/team/models#egg=our-models&subdirectory=python"),
                ("", "", ".[dev]"),
                ("local", "", "./wheels/local-1.0.tar.gz"),
            ]
        );
        let hashed: Vec<&str> = list.packages.iter().filter(|it| it.hashed).map(|it| it.name.as_str()).collect();
        assert_eq!(hashed, ["flash_attn"]);
        let local: Vec<&str> = list.packages.iter().filter(|it| it.is_local()).map(|it| it.name.as_str()).collect();
        assert_eq!(local, ["", "local"]);
    }

    #[test]
    fn options_are_read_in_every_spelling() {
        let list = parse(concat!(
            "-i https://pypi.example.com/simple --trusted-host pypi.example.com\n",
            "--extra-index-url=\"https://download.pytorch.org/whl/cu121\"\n",
            "-fhttps://example.com/wheels # comment\n",
            "-rbase.txt\n",
            "--require-hashes\n",
            "--index-url\n",
        ));
        assert_eq!(
            options(&list),
            [
                ("index-url", "https://pypi.example.com/simple"),
                ("trusted-host", "pypi.example.com"),
                ("extra-index-url", "https://download.pytorch.org/whl/cu121"),
                ("find-links", "https://example.com/wheels"),
                ("requirement", "base.txt"),
                ("require-hashes", ""),
            ]
        );
    }

    #[test]
    fn hashes_on_continued_lines_belong_to_their_package() {
        let text = "\u{feff}torch==2.4.1 ; python_version >= '3.9' \\\r\n    --hash=sha256:00 \\\r\n    --hash=sha256:11\r\n    # via app\r\nnumpy==1.0 \\\r\n# comment ends it\r\npandas==2.0\r\n";
        let list = parse(text);
        let seen: Vec<(&str, bool)> = list.packages.iter().map(|it| (it.span.text(text), it.hashed)).collect();
        assert_eq!(
            seen,
            [("torch==2.4.1 ; python_version >= '3.9'", true), ("numpy==1.0", false), ("pandas==2.0", false)]
        );
        assert_eq!(options(&list), []);
    }

    #[test]
    fn a_requirement_broken_over_lines_has_the_place_of_both() {
        let text = "é-no\ntorch \\\n  == 2.0\n";
        let list = parse(text);
        let spans: Vec<&str> = list.packages.iter().map(|it| it.span.text(text)).collect();
        assert_eq!(spans, ["torch \\\n  == 2.0"]);
        assert_eq!(names(&list), [("torch", "== 2.0", "")]);
        let faults: Vec<&str> = list.faults.iter().map(|fault| fault.at.text(text)).collect();
        assert_eq!(faults, ["é-no"]);
    }

    #[test]
    fn lines_that_are_no_requirements_are_faults_and_the_rest_is_kept() {
        let text = "{% if cuda %}\ntorch=={{ version }}\n<<<<<<< HEAD\nnumpy 1.2\nscipy\nlib=1.2=py_0\n\\";
        let list = parse(text);
        let faults: Vec<&str> = list.faults.iter().map(|fault| fault.at.text(text)).collect();
        assert_eq!(faults, ["{% if cuda %}", "torch=={{ version }}", "<<<<<<< HEAD", "numpy 1.2"]);
        assert_eq!(names(&list), [("scipy", "", ""), ("lib", "=1.2=py_0", "")]);
    }

    #[test]
    fn a_long_file_of_hashes_is_read_in_linear_time() {
        let text = "a==1 --hash=sha256:00\n".repeat(50_000) + &"--hash=x \\\n".repeat(50_000);
        assert_eq!(parse(&text).packages.len(), 50_000);
    }
}
