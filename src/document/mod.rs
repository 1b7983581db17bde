//! What parsers make of files: trees, prose, code, instructions and lists, each with its places.

pub mod builder;
pub mod cells;
pub mod code;
mod faults;
pub mod instructions;
mod kind;
pub mod packages;
pub mod patterns;
pub mod prose;
mod tree;
pub mod weights;

pub use faults::{Fault, Faults};
pub use kind::{FileKind, PipelineSystem, Syntax};
pub use tree::{DEPTH_LIMIT, Document, Entry, Node, VALUE_LIMIT, Value};

/// What a parser made of a file.
#[derive(Debug)]
pub enum Parsed {
    /// A tree: every structured syntax.
    Tree(Document),
    /// Markdown.
    Prose(prose::Prose),
    /// Python source or notebook.
    Code(code::Code),
    /// Dockerfile or Modelfile.
    Instructions(instructions::Instructions),
    /// Requirements file.
    Packages(packages::PackageList),
    /// Lines of a pattern and words.
    Patterns(patterns::PatternList),
    /// Nothing but its text is of use.
    Text,
}

impl Parsed {
    /// What could not be read.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        match self {
            Self::Tree(it) => &it.faults,
            Self::Prose(it) => &it.faults,
            Self::Code(it) => &it.faults,
            Self::Instructions(it) => &it.faults,
            Self::Packages(it) => &it.faults,
            Self::Patterns(it) => &it.faults,
            Self::Text => &faults::NONE,
        }
    }

    /// Says that the file was read up to byte `end` only, as [`Faults::leave_out`] does.
    pub fn leave_out(&mut self, end: usize, rest: Fault) {
        let faults = match self {
            Self::Tree(it) => &mut it.faults,
            Self::Prose(it) => &mut it.faults,
            Self::Code(it) => &mut it.faults,
            Self::Instructions(it) => &mut it.faults,
            Self::Packages(it) => &mut it.faults,
            Self::Patterns(it) => &mut it.faults,
            Self::Text => return,
        };
        faults.leave_out(end, rest);
    }
}
