//! What reading alone can know of a value: literals, joined literals, and names assigned once to a literal.

use super::bindings::ScopeId;
use super::bindings::{Bound, is_self};
use super::names::{Names, STEP_LIMIT};
use super::paths;
use super::span;
use crate::document::code::Known;
use ruff_python_ast::{
    Expr, ExprBinOp, ExprCall, ExprFString, ExprStringLiteral, FStringPart, InterpolatedStringElement, Operator,
    UnaryOp,
};
use ruff_text_size::Ranged;

/// How many elements of a list or dictionary are kept; one with more is data, not settings.
const ELEMENT_LIMIT: usize = 64;

/// How many parts one value may have in all: lists that name lists that name lists multiply.
const VALUE_LIMIT: usize = 512;

/// How many texts are joined with `+`.
const JOIN_LIMIT: usize = 64;

/// How long a text may be that is kept: longer ones are data or prose.
const TEXT_LIMIT: usize = 4_096;

impl Names<'_, '_> {
    /// What is known of an expression.
    pub(super) fn value(&self, expression: &Expr, scope: ScopeId) -> Known {
        self.budget.set(VALUE_LIMIT);
        let value = self.value_within(expression, scope, STEP_LIMIT);
        if self.room.take(value.bytes()) { value } else { Known::Other }
    }

    pub(super) fn value_within(&self, expression: &Expr, scope: ScopeId, steps: usize) -> Known {
        let (Some(steps), Some(budget)) = (steps.checked_sub(1), self.budget.get().checked_sub(1)) else {
            return Known::Other;
        };
        self.budget.set(budget);
        match expression {
            Expr::StringLiteral(text) => literal(text),
            Expr::FString(text) if paths::begins_as_path(text) => {
                without_placeholders(text).map_or(Known::Path, Known::Text)
            }
            Expr::FString(text) => without_placeholders(text).map_or(Known::Other, Known::Text),
            Expr::BooleanLiteral(literal) => Known::Bool(literal.value),
            Expr::NoneLiteral(_) => Known::None,
            Expr::NumberLiteral(_) => Known::Number(span(expression.range()).text(self.text).to_owned()),
            Expr::UnaryOp(minus) if minus.op == UnaryOp::USub && minus.operand.is_number_literal_expr() => {
                Known::Number(span(expression.range()).text(self.text).to_owned())
            }
            Expr::BinOp(sum) if sum.op == Operator::Add => self.joined_text(sum, scope, steps),
            Expr::List(list) => self.list(&list.elts, scope, steps),
            Expr::Tuple(tuple) => self.list(&tuple.elts, scope, steps),
            Expr::Set(set) => self.list(&set.elts, scope, steps),
            Expr::Dict(map) if map.items.len() <= ELEMENT_LIMIT => {
                let entries = map.items.iter().filter_map(|item| {
                    let Expr::StringLiteral(key) = item.key.as_ref()? else { return None };
                    Some((key.value.to_str().to_owned(), self.value_within(&item.value, scope, steps)))
                });
                Known::Map(entries.collect())
            }
            Expr::Call(call) if self.is_dict(call, scope) => {
                let entries = call.arguments.keywords.iter().filter_map(|keyword| {
                    let key = keyword.arg.as_ref()?.to_string();
                    Some((key, self.value_within(&keyword.value, scope, steps)))
                });
                Known::Map(entries.collect())
            }
            _ if self.makes_path(expression, scope, steps) => Known::Path,
            Expr::Name(name) => match self.scopes.look_up(scope, name.id.as_str()) {
                Some((Bound::Once(value), holder)) => self.value_within(value, holder, steps),
                Some((Bound::Import(full), _)) => Known::Name(full.clone()),
                Some((Bound::Unknown | Bound::Items(_) | Bound::Typed(_), _))
                    if paths::names_folder(name.id.as_str()) =>
                {
                    Known::Path
                }
                Some((Bound::Definition, _)) => Known::Name(format!(".{}", name.id)),
                _ => Known::Other,
            },
            Expr::Attribute(attribute) if is_self(&attribute.value) => {
                match self.scopes.attribute(scope, attribute.attr.as_str()) {
                    Some((Bound::Once(value), holder)) => self.value_within(value, holder, steps),
                    _ => Known::Other,
                }
            }
            Expr::Attribute(_) => {
                let name = self.full_name(expression, scope, steps);
                if name.starts_with("pathlib.Path.") || paths::names_folder(&name) {
                    Known::Path
                } else if name.starts_with(['*', '.']) || name.contains("()") {
                    Known::Other
                } else {
                    Known::Name(name)
                }
            }
            _ => Known::Other,
        }
    }

    /// `dict(name=value)`.
    fn is_dict(&self, call: &ExprCall, scope: ScopeId) -> bool {
        matches!(&*call.func, Expr::Name(name) if name.id == "dict" && self.scopes.look_up(scope, "dict").is_none())
            && call.arguments.args.is_empty()
            && call.arguments.keywords.len() <= ELEMENT_LIMIT
    }

    fn list(&self, elements: &[Expr], scope: ScopeId, steps: usize) -> Known {
        if elements.len() > ELEMENT_LIMIT {
            return Known::Other;
        }
        Known::List(elements.iter().map(|element| self.value_within(element, scope, steps)).collect())
    }

    /// `"a" + "b" + c`, which the parser nests to the left.
    fn joined_text(&self, sum: &ExprBinOp, scope: ScopeId, steps: usize) -> Known {
        let mut parts = vec![&*sum.right];
        let mut rest = &*sum.left;
        while let Expr::BinOp(inner) = rest
            && inner.op == Operator::Add
        {
            if parts.len() >= JOIN_LIMIT {
                return Known::Other;
            }
            parts.push(&inner.right);
            rest = &inner.left;
        }
        parts.push(rest);
        let mut joined = String::new();
        for part in parts.iter().rev() {
            let Known::Text(text) = self.value_within(part, scope, steps) else { return Known::Other };
            joined.push_str(&text);
            if joined.len() > TEXT_LIMIT {
                return Known::Other;
            }
        }
        Known::Text(joined)
    }
}

fn literal(text: &ExprStringLiteral) -> Known {
    if text.range().len().to_usize() > TEXT_LIMIT {
        return Known::Other;
    }
    Known::Text(text.value.to_str().to_owned())
}

/// The text of an f-string that holds no placeholder.
fn without_placeholders(text: &ExprFString) -> Option<String> {
    if text.range().len().to_usize() > TEXT_LIMIT {
        return None;
    }
    let mut joined = String::new();
    for part in &text.value {
        match part {
            FStringPart::Literal(literal) => joined.push_str(literal),
            FStringPart::FString(part) => {
                for element in &part.elements {
                    let InterpolatedStringElement::Literal(literal) = element else { return None };
                    joined.push_str(&literal.value);
                }
            }
        }
    }
    Some(joined)
}
