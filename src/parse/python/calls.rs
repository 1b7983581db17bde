//! Gives calls and decorators their full names, once all names of the file are bound.

use super::bindings::ScopeId;
use super::names::{CHAIN_LIMIT, Names};
use super::span_of;
use crate::document::code::{Argument, Call, Decorator, Known};
use ruff_python_ast::{Expr, ExprCall, StmtFunctionDef};

/// The call with its full name and what is known of its arguments.
pub(super) fn named_call<'a>(call: &'a ExprCall, scope: ScopeId, names: &Names<'_, 'a>) -> Call {
    let mut forwards = false;
    let mut positional = Vec::with_capacity(call.arguments.args.len());
    for argument in &call.arguments.args {
        if argument.is_starred_expr() {
            forwards = true;
        } else {
            positional.push(Argument { value: names.value(argument, scope), at: span_of(argument) });
        }
    }
    let mut keywords: Vec<(String, Argument)> = Vec::with_capacity(call.arguments.keywords.len());
    let mut spread = Vec::new();
    for keyword in &call.arguments.keywords {
        if let Some(name) = &keyword.arg {
            let value = names.value(&keyword.value, scope);
            keywords.push((name.to_string(), Argument { value, at: span_of(&keyword.value) }));
            continue;
        }
        forwards = true;
        // `**options`, which the file writes out: still not all that may be handed on, options can be added to.
        if let Known::Map(entries) = names.value(&keyword.value, scope) {
            let at = span_of(&keyword.value);
            spread.extend(entries.into_iter().map(|(name, value)| (name, Argument { value, at })));
        }
    }
    spread.retain(|(name, _)| keywords.iter().all(|(given, _)| given != name));
    keywords.extend(spread);
    let name_at = match &*call.func {
        Expr::Attribute(attribute) if !is_dotted_name(&attribute.value) => span_of(&attribute.attr),
        function => span_of(function),
    };
    let arguments_at = span_of(&call.arguments);
    let function = names.function(&call.func, scope);
    Call {
        origins: names.origins(call, &function, scope),
        function,
        positional,
        named: keywords,
        forwards,
        within: names.scopes.path(scope),
        at: name_at.cover(arguments_at),
        name_at,
        arguments_at,
        cell: None,
    }
}

/// The decorator with its full name.
pub(super) fn named_decorator(
    (expression, function, scope): (&Expr, &StmtFunctionDef, ScopeId),
    names: &Names<'_, '_>,
) -> Decorator {
    let (decorating, keywords) = match expression {
        Expr::Call(call) => (&*call.func, &*call.arguments.keywords),
        _ => (expression, &[][..]),
    };
    Decorator {
        name: names.function(decorating, scope),
        named: keywords.iter().filter_map(|keyword| Some(keyword.arg.as_ref()?.to_string())).collect(),
        function: function.name.to_string(),
        at: span_of(&function.name),
        cell: None,
    }
}

/// True for `a` and `a.b.c`.
fn is_dotted_name(expression: &Expr) -> bool {
    let mut expression = expression;
    for _ in 0..CHAIN_LIMIT {
        match expression {
            Expr::Name(_) => return true,
            Expr::Attribute(attribute) => expression = &attribute.value,
            _ => return false,
        }
    }
    false
}
