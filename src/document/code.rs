//! What is read from Python source and notebooks: imports, calls, assignments and texts, each with its place in the file.

use super::cells::WrittenFile;
use super::{Fault, Faults};
use crate::source::Span;
use std::cell::Cell;
use std::rc::Rc;

/// One Python file or notebook.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// Names bound by `import` statements.
    pub imports: Vec<Import>,
    /// Calls, with the called name resolved through imports and simple assignments.
    pub calls: Vec<Call>,
    /// Assignments of a known value to a name, attribute or item: `openai.api_key = "..."`, `os.environ["X"] = "..."`.
    pub assignments: Vec<Assignment>,
    /// Texts that count where something else is empty: `os.getenv("X") or "v"`, `process.env.X ?? "v"`.
    pub fallbacks: Vec<Fallback>,
    /// Names of the functions that the file defines, methods included, in order.
    pub functions: Vec<String>,
    /// Decorators of functions and methods, named like calls.
    pub decorators: Vec<Decorator>,
    /// Files that the cells of a notebook write whole, but for those in Python, which are read as code.
    pub written: Vec<WrittenFile>,
    /// What could not be read.
    pub faults: Faults,
}

impl Code {
    /// Rewrites every place, for text that was taken out of another file: where the bytes stand there, and in which cell.
    pub fn relocate(&mut self, place: impl Fn(Span) -> Span, cell: impl Fn(Span) -> Option<usize>) {
        for import in &mut self.imports {
            (import.at, import.cell) = (place(import.at), cell(import.at));
        }
        for call in &mut self.calls {
            (call.at, call.cell) = (place(call.at), cell(call.at));
            call.name_at = place(call.name_at);
            call.arguments_at = place(call.arguments_at);
            for argument in call.positional.iter_mut().chain(call.named.iter_mut().map(|(_, argument)| argument)) {
                argument.at = place(argument.at);
            }
        }
        for assignment in &mut self.assignments {
            (assignment.at, assignment.cell) = (place(assignment.at), cell(assignment.at));
            assignment.value.at = place(assignment.value.at);
        }
        for fallback in &mut self.fallbacks {
            fallback.cell = cell(fallback.text.at);
            fallback.text.at = place(fallback.text.at);
        }
        for decorator in &mut self.decorators {
            (decorator.at, decorator.cell) = (place(decorator.at), cell(decorator.at));
        }
        for fault in self.faults.iter_mut() {
            fault.at = place(fault.at);
        }
    }
}

impl Call {
    /// The argument of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Argument> {
        self.named.iter().find(|(key, _)| key == name).map(|(_, argument)| argument)
    }

    /// What the called name begins with: `torch` of `torch.load`.
    #[must_use]
    pub fn first_part(&self) -> &str {
        first_part(&self.function)
    }

    /// What the called name ends with: `load` of `torch.load`.
    #[must_use]
    pub fn last_part(&self) -> &str {
        last_part(&self.function)
    }

    /// The argument that is given by this name or at this place (from 0).
    #[must_use]
    pub fn argument(&self, name: &str, place: usize) -> Option<&Argument> {
        self.named(name).or_else(|| self.positional.get(place))
    }
}

/// What a dotted name begins with; the whole name where it has no dot.
#[must_use]
pub fn first_part(name: &str) -> &str {
    let end = name.bytes().position(|byte| byte == b'.');
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

/// What a dotted name ends with; the whole name where it has no dot.
#[must_use]
pub fn last_part(name: &str) -> &str {
    // Asked for every call by many: names are short, and a search made for long texts costs more than it saves.
    let dot = name.bytes().rposition(|byte| byte == b'.');
    dot.and_then(|dot| name.get(dot + 1..)).unwrap_or(name)
}

/// What a name ends with in Python or JavaScript: `create` of `openai#OpenAI.create`, `OpenAI` of `openai#OpenAI`.
#[must_use]
pub fn last_name(name: &str) -> &str {
    name.rsplit(['.', '#']).next().unwrap_or(name)
}

impl Known {
    /// How many bytes it takes, roughly. Goes as deep as lists and maps nest in it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let own = size_of::<Self>();
        match self {
            Self::Text(text) | Self::Number(text) | Self::Name(text) => own + text.len(),
            Self::Bool(_) | Self::None | Self::Path | Self::Other => own,
            Self::List(items) => own + items.iter().map(Self::bytes).sum::<usize>(),
            Self::Map(entries) => own + entries.iter().map(|(key, value)| key.len() + value.bytes()).sum::<usize>(),
        }
    }

    /// How many levels of lists and maps it has.
    #[must_use]
    pub fn height(&self) -> usize {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::height).max().unwrap_or(0),
            Self::Map(entries) => 1 + entries.iter().map(|(_, value)| value.height()).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The text of a text literal.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// How many bytes the names and values of one file may take: a name stands for its value wherever it is used, so that a long one that is used
/// often would take the square of the file's own room.
const ROOM: usize = 32 << 20;

/// What is left of the room that names and values of one file may take.
#[derive(Debug)]
pub struct Room {
    left: Cell<usize>,
    spent: Cell<bool>,
}

impl Default for Room {
    fn default() -> Self {
        Self { left: Cell::new(ROOM), spent: Cell::new(false) }
    }
}

impl Room {
    /// Takes so many bytes; false when they are not there.
    #[must_use]
    pub fn take(&self, bytes: usize) -> bool {
        match self.left.get().checked_sub(bytes) {
            Some(left) => self.left.set(left),
            None => self.spent.set(true),
        }
        !self.spent.get()
    }

    /// What is to be said where it was not enough.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let reason = "names and values that are used again would take more than 32 MiB; the rest is taken for unknown";
        self.spent.get().then(|| Fault::new(Span::empty(0), reason))
    }
}

/// One module or name bound by an import statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Full dotted name of what is imported: `torch`, `torch.load`, `torch.*`. A relative one starts with its dots: `..models.load`.
    pub name: String,
    /// Where the name stands.
    pub at: Span,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Full name: `torch.load`. What hangs on an object of a known class is named after the class
    /// (`openai.OpenAI.chat.completions.create`), on an object that an imported function made after that function
    /// (`boto3.client().invoke_model`), on any other object `*.name`. What the file defines itself starts with a dot.
    pub function: String,
    /// Arguments without a name, in order.
    pub positional: Vec<Argument>,
    /// Arguments with a name, in order.
    pub named: Vec<(String, Argument)>,
    /// `**kwargs` or `*args` are handed on, so that an argument that is not here may still be given.
    pub forwards: bool,
    /// Of a call that runs text as code or as a command: full names of the calls that the text was made from.
    pub origins: Vec<String>,
    /// Name of the function or class it stands in, such as `Trainer.load`; empty at the top level.
    pub within: Rc<str>,
    /// From the called name to the closing bracket.
    pub at: Span,
    /// The called name alone: `torch.load`, or `launch` where it hangs on another call.
    pub name_at: Span,
    /// The brackets and what stands in them.
    pub arguments_at: Span,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}

/// One decorator of a function: `@task`, `@dsl.component(...)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decorator {
    /// Its name, without arguments: `kfp.dsl.component`, `*.tool` where what it hangs on is not known.
    pub name: String,
    /// Names of the arguments that it is given by name.
    pub named: Vec<String>,
    /// The function that it decorates.
    pub function: String,
    /// Where the function's name stands.
    pub at: Span,
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
    /// A dictionary: its entries whose keys are text, in order.
    Map(Vec<(String, Known)>),
    /// The full dotted name of something imported: `os.environ`, `torch.float16`; of a function or class of the file with a dot before it.
    Name(String),
    /// A path of this machine that is put together when the code runs: `os.path.join(...)`, `f"./out/{name}"`.
    Path,
    /// Anything else.
    Other,
}

/// One assignment of a value to a named place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The target as a full dotted name where it is known, else as written; an item of a mapping is written `os.environ[NAME]`.
    pub target: String,
    /// The target belongs to something imported, so that its name is known in full.
    pub imported: bool,
    /// The value.
    pub value: Argument,
    /// The whole statement.
    pub at: Span,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}

/// A text that counts where something else is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// The last name of what may be empty: the variable of the environment, the attribute, the entry of a mapping.
    pub of: String,
    /// The text.
    pub text: Argument,
    /// Notebook cell, from 1.
    pub cell: Option<usize>,
}
