//! What is read from Python source and notebooks: imports, calls, assignments and texts, each with its place in the file.

use super::Fault;
use crate::source::Span;

/// One Python file or notebook.
#[derive(Debug, Default)]
pub struct Code {
    /// Names bound by `import` statements.
    pub imports: Vec<Import>,
    /// Calls, with the called name resolved through imports and simple assignments.
    pub calls: Vec<Call>,
    /// Assignments of a value to a name, attribute or item: `openai.api_key = "..."`, `os.environ["X"] = "..."`.
    pub assignments: Vec<Assignment>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// One module or name bound by an import statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Full dotted name of what is imported: `torch`, `torch.load`.
    pub name: String,
    /// Where the name stands.
    pub at: Span,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Full name: `torch.load`. For a method of an object whose type is not known: `*.name`.
    pub function: String,
    /// Arguments without a name, in order.
    pub positional: Vec<Argument>,
    /// Arguments with a name, in order.
    pub named: Vec<(String, Argument)>,
    /// `**kwargs` or `*args` are handed on, so that an argument that is not here may still be given.
    pub forwards: bool,
    /// Name of the function or class it stands in, such as `Trainer.load`; empty at the top level.
    pub within: String,
    /// The whole call.
    pub at: Span,
    /// The called name alone.
    pub name_at: Span,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}

/// An argument or an assigned value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// What is known of it.
    pub value: Known,
    /// Where it stands.
    pub at: Span,
}

/// What reading alone can know of a Python value. Names assigned exactly once in the file to a literal are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// A text literal (also joined from adjacent parts), unescaped.
    Text(String),
    /// `True` or `False`.
    Bool(bool),
    /// `None`.
    None,
    /// A number as written.
    Number(String),
    /// A list, tuple or set of values.
    List(Vec<Known>),
    /// The full dotted name of something imported or otherwise not a literal: `os.environ`, `torch.float16`.
    Name(String),
    /// Anything else.
    Other,
}

/// One assignment of a value to a named place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The target as a full dotted name; an item of a mapping is written `os.environ[NAME]`.
    pub target: String,
    /// The value.
    pub value: Argument,
    /// The whole statement.
    pub at: Span,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}
