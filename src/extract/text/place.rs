//! What stands around a place in a text: the line, the setting that it is assigned to, the part of a notebook.

use crate::document::{FileKind, PipelineSystem};
use crate::source::{SourceFile, Span};
use memchr::memmem;
use std::cell::OnceCell;

/// A file, and what can be told of places in it without parsing it.
#[derive(Debug)]
pub(super) struct Places<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) kind: FileKind,
    /// Where the parts of a notebook's cells begin, in order; empty for other files. Looked for when somebody asks: most files hold
    /// nothing that makes anybody ask.
    parts: OnceCell<Vec<(usize, Part)>>,
    /// Texts of Python within three quotes, in order: mostly documentation.
    long_texts: OnceCell<Vec<Span>>,
}

/// What a key of a notebook's JSON begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Source of a code cell.
    Code,
    /// Source of a cell of Markdown or raw text.
    Prose,
    /// What running a cell gave.
    Output,
}

/// How far to the left a setting's name is looked for.
const SETTING_REACH: usize = 200;

impl<'a> Places<'a> {
    pub(super) fn of(file: &'a SourceFile, kind: FileKind) -> Self {
        Self { file, kind, parts: OnceCell::new(), long_texts: OnceCell::new() }
    }

    pub(super) fn text(&self) -> &'a str {
        &self.file.text
    }

    /// The stretches of the text that people or programs wrote, in order: all of it, but for the pictures in a notebook's outputs,
    /// which can be most of its bytes.
    pub(super) fn written(&self) -> Vec<Span> {
        let text = self.text();
        let mut stretches = Vec::new();
        let mut start = 0;
        if self.kind == FileKind::Notebook {
            for picture in pictures(text) {
                stretches.push(Span::new(start, picture.start));
                start = picture.end;
            }
        }
        stretches.push(Span::new(start, text.len()));
        stretches
    }

    /// What stands behind the last `.` of the file's name.
    pub(super) fn extension(&self) -> &'a str {
        extension(self.file.name())
    }

    /// The part of the notebook that holds this byte; `None` in other files.
    pub(super) fn part(&self, offset: usize) -> Option<Part> {
        let is_notebook = self.kind == FileKind::Notebook;
        let parts = self.parts.get_or_init(|| if is_notebook { notebook_parts(self.text()) } else { Vec::new() });
        let index = parts.partition_point(|(start, _)| *start <= offset);
        parts.get(index.checked_sub(1)?).map(|(_, part)| *part)
    }

    /// What stands in the line before this byte; in a notebook, in the line of its source, from the quote of the JSON on.
    pub(super) fn line_before(&self, offset: usize) -> &'a str {
        let before = self.text().get(..offset).unwrap_or_default();
        // Lines of minified files can be as long as the file: only what is near counts.
        let near = Span::new(offset.saturating_sub(SETTING_REACH), offset).text(before);
        let line = near.rsplit('\n').next().unwrap_or(near);
        if self.kind != FileKind::Notebook {
            return line;
        }
        // The whole notebook may be one line of JSON: then the ends of its source's lines are told by their escapes.
        let line = line.rsplit("\\n").next().unwrap_or(line);
        line.trim_start_matches(['"', ',', ' '])
    }

    /// The place stands in a comment, or in a text of Python that is mostly documentation.
    pub(super) fn is_comment(&self, offset: usize) -> bool {
        let is_python = self.kind == FileKind::Python;
        let long_texts = self.long_texts.get_or_init(|| if is_python { long_texts(self.text()) } else { Vec::new() });
        let index = long_texts.partition_point(|text| text.start <= offset);
        if index.checked_sub(1).and_then(|last| long_texts.get(last)).is_some_and(|text| offset < text.end) {
            return true;
        }
        let line = self.line_before(offset);
        let start = line.trim_start();
        let (openers, behind_code): (&[&str], &str) = match self.kind {
            FileKind::JavaScript | FileKind::Pipeline(PipelineSystem::Jenkins) => (&["//", "/*", "*"], " // "),
            FileKind::Text => match self.extension() {
                "sql" => (&["--"], " -- "),
                "html" | "xml" => (&["<!--"], "<!--"),
                extension if is_source(extension) && !is_shell(extension) => (&["//", "/*", "*"], " // "),
                _ => (&["#"], " #"),
            },
            FileKind::Terraform => (&["#", "//"], " # "),
            _ => (&["#"], " # "),
        };
        openers.iter().any(|opener| start.starts_with(opener)) || line.contains(behind_code)
    }

    /// The place stands in a line of a shell or a Makefile that tells its reader something, and writes no file.
    pub(super) fn is_printed(&self, offset: usize) -> bool {
        // A notebook may be one line, which is not to be followed from every name in it.
        if self.kind != FileKind::Text {
            return false;
        }
        let line = self.line_before(offset).trim_start().trim_start_matches(['@', '-']);
        let after = || self.text().get(offset..).unwrap_or_default().lines().next().unwrap_or_default();
        ["echo ", "printf "].iter().any(|command| line.starts_with(command))
            && !line.contains('$')
            && !after().contains(['>', '|', '$'])
    }

    /// The name that the value at this byte is assigned or given to, as written: `api_key`, `OPENAI_API_KEY`; empty when there is none.
    pub(super) fn setting(&self, offset: usize) -> &'a str {
        let quotes = ['"', '\'', '`', '\\', ' ', '\t'];
        let line = self.line_before(offset).trim_end_matches(quotes);
        let line = line.strip_suffix("Bearer").unwrap_or(line).trim_end_matches(quotes);
        let Some(before) = line.strip_suffix([':', '=', ',']) else { return "" };
        let before = before.trim_end_matches(quotes).trim_end_matches([']', ')']).trim_end_matches(quotes);
        let is_of_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
        let start = before.char_indices().rev().take_while(|(_, character)| is_of_name(*character)).last();
        start.and_then(|(start, _)| before.get(start..)).unwrap_or_default().trim_matches(['.', '-'])
    }
}

/// What stands behind the last `.` of a file's name; empty when there is none.
pub(super) fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// True for the extension of source code in any language but Python, whose files have a kind of their own.
pub(super) fn is_source(extension: &str) -> bool {
    matches!(
        extension,
        "js" | "jsx"
            | "ts"
            | "tsx"
            | "mjs"
            | "cjs"
            | "go"
            | "rs"
            | "java"
            | "kt"
            | "scala"
            | "cs"
            | "rb"
            | "php"
            | "swift"
            | "r"
            | "vue"
            | "svelte"
            | "astro"
            | "ino"
            | "dart"
            | "lua"
            | "jl"
            | "ex"
            | "exs"
            | "groovy"
            | "sh"
            | "bash"
            | "zsh"
            | "fish"
            | "slurm"
            | "sbatch"
            | "ps1"
    )
}

fn is_shell(extension: &str) -> bool {
    matches!(
        extension,
        "sh" | "bash" | "zsh" | "fish" | "slurm" | "sbatch" | "ps1" | "rb" | "r" | "jl" | "ex" | "exs" | "lua"
    )
}

/// The texts within three quotes. Three quotes within another text or a comment can mislead, which is why nothing but
/// talk of vendors hangs on it.
fn long_texts(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let find = |quotes: &str, from: usize| {
        memmem::find(bytes.get(from..).unwrap_or_default(), quotes.as_bytes()).map(|start| from + start)
    };
    // Where each kind stands next: looked for again only when it was passed, or a file with one kind alone would be searched to its end
    // for the other once for each text.
    let mut next = ["\"\"\"", "'''"].map(|quotes| (find(quotes, 0), quotes));
    let mut found = Vec::new();
    while let Some((start, quotes)) = next.iter().filter_map(|(start, quotes)| Some(((*start)?, *quotes))).min() {
        let end = find(quotes, start + quotes.len()).unwrap_or(text.len());
        found.push(Span::new(start, end));
        for (start, quotes) in &mut next {
            if start.is_some_and(|start| start < end + quotes.len()) {
                *start = find(quotes, end + quotes.len());
            }
        }
    }
    found
}

/// The pictures in a notebook's outputs: base64 between quotes, behind the key that names their type.
fn pictures(text: &str) -> impl Iterator<Item = Span> {
    const KEY: &str = "\"image/";
    let mut from = 0;
    let keys = memmem::Finder::new(KEY).into_owned();
    std::iter::from_fn(move || {
        loop {
            let key = from + keys.find(text.as_bytes().get(from..)?)?;
            from = key + KEY.len();
            let (_, value) = text.get(from..)?.split_once('"')?;
            let Some(value) = value.trim_start_matches([':', ' ']).strip_prefix('"') else { continue };
            let start = text.len() - value.len();
            let length = memchr::memchr(b'"', value.as_bytes())?;
            from = start + length;
            let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
            // An image of SVG is a text that somebody wrote; its first letters tell.
            if value.as_bytes().iter().take(length.min(40)).all(is_base64) {
                return Some(Span::new(start, start + length));
            }
        }
    })
}

/// Where code, prose and outputs of a notebook begin, told by the keys of its JSON. A quote within a text is escaped, so
/// that `"source"` cannot stand inside one.
fn notebook_parts(text: &str) -> Vec<(usize, Part)> {
    let places = |key: &'static str| memmem::find_iter(text.as_bytes(), key).map(move |at| (at, key));
    let mut keys: Vec<(usize, &str)> =
        ["\"cell_type\"", "\"source\"", "\"outputs\""].into_iter().flat_map(places).collect();
    keys.sort_unstable();
    let mut source = Part::Code;
    keys.into_iter()
        .map(|(at, key)| {
            let part = match key {
                "\"outputs\"" => Part::Output,
                "\"cell_type\"" => {
                    let value = Span::new(at + key.len(), at + key.len() + 16).text(text);
                    source = if value.contains("\"code") { Part::Code } else { Part::Prose };
                    source
                }
                _ => source,
            };
            (at, part)
        })
        .collect()
}
