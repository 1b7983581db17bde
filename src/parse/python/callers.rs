//! Who calls a function of the file, and what each caller hands to one of its parameters.

use super::bindings::{ScopeId, is_self};
use foldhash::{HashMap, HashMapExt as _};
use ruff_python_ast::{Expr, ExprCall, StmtFunctionDef};
use std::cell::OnceCell;

/// How many calls of one function are looked at.
const CALLER_LIMIT: usize = 64;

/// The calls of a file, found by the name of the function that they call once somebody asks.
pub(super) struct Callers<'s, 'a> {
    calls: &'s [(&'a ExprCall, ScopeId)],
    by_name: OnceCell<HashMap<&'a str, Vec<(&'a ExprCall, ScopeId)>>>,
}

impl<'s, 'a> Callers<'s, 'a> {
    pub(super) fn of(calls: &'s [(&'a ExprCall, ScopeId)]) -> Self {
        Self { calls, by_name: OnceCell::new() }
    }

    /// What callers hand to the parameter of this name, each with the scope that it is written in.
    pub(super) fn handed(&self, function: &'a StmtFunctionDef, parameter: &str) -> Vec<(&'a Expr, ScopeId)> {
        let names = function.parameters.iter().map(|each| each.name().as_str());
        let Some(place) = names.filter(|name| !matches!(*name, "self" | "cls")).position(|name| name == parameter)
        else {
            return Vec::new();
        };
        let calls = self.by_name.get_or_init(|| by_name(self.calls)).get(function.name.as_str());
        calls
            .into_iter()
            .flatten()
            .filter_map(|(call, scope)| Some((argument(call, parameter, place)?, *scope)))
            .collect()
    }
}

/// Calls of `name(...)` and `self.name(...)`: of other objects nobody knows here whose method it is.
fn by_name<'a>(calls: &[(&'a ExprCall, ScopeId)]) -> HashMap<&'a str, Vec<(&'a ExprCall, ScopeId)>> {
    let mut found: HashMap<&str, Vec<(&ExprCall, ScopeId)>> = HashMap::new();
    for (call, scope) in calls {
        let name = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) if is_self(&attribute.value) => attribute.attr.as_str(),
            _ => continue,
        };
        let of_name = found.entry(name).or_default();
        if of_name.len() < CALLER_LIMIT {
            of_name.push((call, *scope));
        }
    }
    found
}

/// The argument of this name or at this place, or what `**arguments` spreads.
fn argument<'a>(call: &'a ExprCall, name: &str, place: usize) -> Option<&'a Expr> {
    let keywords = &call.arguments.keywords;
    let named = keywords.iter().find(|keyword| keyword.arg.as_ref().is_some_and(|given| given.as_str() == name));
    let spread = || keywords.iter().find(|keyword| keyword.arg.is_none()).map(|keyword| &keyword.value);
    let in_order = call.arguments.args.get(..=place);
    let in_order = in_order.filter(|arguments| !arguments.iter().any(Expr::is_starred_expr));
    named.map(|keyword| &keyword.value).or_else(|| in_order.and_then(<[Expr]>::last)).or_else(spread)
}
