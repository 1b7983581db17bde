//! Texts that count where something else is empty: `os.getenv("X") or "v"`.

use super::span_of;
use crate::document::code::{Argument, Fallback, Known};
use ruff_python_ast::{BoolOp, Expr, ExprBoolOp};

/// How long the text may be that is kept: longer ones are data or prose.
const TEXT_LIMIT: usize = 4_096;

/// The text at the end of `a or b or "v"`, and the last name of the first.
pub(super) fn of(either: &ExprBoolOp) -> Option<Fallback> {
    let (first, last) = (either.values.first()?, either.values.last()?);
    let text = last.as_string_literal_expr().filter(|_| either.op == BoolOp::Or)?;
    if text.value.len() > TEXT_LIMIT {
        return None;
    }
    let of = match first {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Subscript(item) => item.slice.as_string_literal_expr()?.value.to_str(),
        Expr::Call(call) => call.arguments.args.first()?.as_string_literal_expr()?.value.to_str(),
        _ => return None,
    };
    let text = Argument { value: Known::Text(text.value.to_str().to_owned()), at: span_of(last) };
    Some(Fallback { of: of.to_owned(), text, cell: None })
}
