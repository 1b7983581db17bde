//! Paths of this machine that code puts together: what stands there is not known, but that it is a path is.

use super::bindings::ScopeId;
use super::names::Names;
use crate::document::code::Known;
use ruff_python_ast::{Expr, ExprFString, FStringPart, InterpolatedStringElement, Operator};

/// Functions that give a path.
const MAKERS: &[&str] = &[
    "os.path.join",
    "os.path.abspath",
    "os.path.realpath",
    "os.path.expanduser",
    "os.path.dirname",
    "os.getcwd",
    "pathlib.Path",
    "tempfile.mkdtemp",
];

/// How paths begin.
const BEGINNINGS: &[&str] = &["/", "./", "../", "~/"];

impl Names<'_, '_> {
    /// `os.path.join(...)`, `Path(...) / "name"`, `str(path)`.
    pub(super) fn makes_path(&self, expression: &Expr, scope: ScopeId, steps: usize) -> bool {
        let is_path = |expression: &Expr| self.value_within(expression, scope, steps) == Known::Path;
        match expression {
            Expr::Call(call) => {
                let function = self.full_name(&call.func, scope, steps);
                let is_text = matches!(&*call.func, Expr::Name(name) if name.id == "str");
                MAKERS.contains(&function.as_str())
                    || function.starts_with("pathlib.Path.")
                    || (is_text && matches!(&*call.arguments.args, [only] if is_path(only)))
            }
            Expr::BinOp(joined) => joined.op == Operator::Div && is_path(&joined.left),
            _ => false,
        }
    }
}

/// True for a text with placeholders that begins as a path does.
pub(super) fn begins_as_path(text: &ExprFString) -> bool {
    let first = match text.value.iter().next() {
        Some(FStringPart::Literal(literal)) => &*literal.value,
        Some(FStringPart::FString(part)) => match part.elements.first() {
            Some(InterpolatedStringElement::Literal(literal)) => &*literal.value,
            _ => "",
        },
        None => "",
    };
    BEGINNINGS.iter().any(|beginning| first.starts_with(beginning))
}

/// True for the name of a parameter or setting that holds a folder: `output_dir`.
pub(super) fn names_folder(name: &str) -> bool {
    name.ends_with("_dir") || name.ends_with("_DIR")
}
