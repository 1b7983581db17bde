//! What a text that is run as code was made from: the calls that are met on the way back through names, loops, parameters and other calls.

use super::bindings::{Bound, ScopeId, is_self};
use super::names::Names;
use ruff_python_ast::{Expr, ExprCall, FStringPart, InterpolatedStringElement};
use std::collections::HashSet;

/// Functions that run text. Of other calls nobody asks where their arguments come from.
const RUNNERS: &[&str] = &["eval", "exec", "os.system", "os.popen"];

/// Modules whose functions run commands.
const RUNNING_MODULES: &[&str] = &["subprocess.", "asyncio.create_subprocess_"];

/// Functions that give a number, or text that a shell takes for one word: what they are handed does not choose what runs.
const HARMLESS: &[&str] =
    &["len", "range", "int", "float", "bool", "round", "sum", "hash", "id", "isinstance", "shlex.quote"];

/// Fields of an answer that are none of the model's own words.
const FIELDS: &[&str] =
    &["name", "id", "type", "role", "model", "index", "created", "usage", "stop_reason", "finish_reason"];

/// How many expressions are looked at on the way back, and how many parts of one: a thousand calls may run the same long list.
const STEP_LIMIT: usize = 64;

impl<'a> Names<'_, 'a> {
    /// Full names of the calls that the text was made from; empty for calls that run no text.
    pub(super) fn origins(&self, call: &'a ExprCall, function: &str, scope: ScopeId) -> Vec<String> {
        let runs = RUNNERS.contains(&function) || RUNNING_MODULES.iter().any(|module| function.starts_with(module));
        if !runs {
            return Vec::new();
        }
        // `create_subprocess_exec` takes the program and its arguments one by one.
        let texts = if function.ends_with("_exec") { STEP_LIMIT } else { 1 };
        let mut found: Vec<String> = Vec::new();
        let mut left: Vec<(&'a Expr, ScopeId)> =
            call.arguments.args.iter().take(texts).map(|text| (text, scope)).collect();
        // `code = code.strip()` leads back to itself.
        let mut names: HashSet<(&str, ScopeId)> = HashSet::new();
        for _ in 0..STEP_LIMIT {
            let Some((expression, scope)) = left.pop() else { break };
            match expression {
                Expr::Name(name) if !names.insert((name.id.as_str(), scope)) => {}
                Expr::Name(name) => match self.scopes.look_up(scope, name.id.as_str()) {
                    Some((Bound::Once(value), holder)) => left.push((value, holder)),
                    Some((Bound::Often(values) | Bound::Items(values), holder)) => {
                        left.extend(values.iter().map(|value| (*value, holder)));
                    }
                    Some((Bound::Parameter | Bound::Typed(_), holder)) => {
                        let handed = |function| self.callers.handed(function, name.id.as_str());
                        left.extend(self.scopes.definition(holder).map(handed).unwrap_or_default());
                    }
                    _ => {}
                },
                Expr::Attribute(attribute) if is_self(&attribute.value) => {
                    if let Some((Bound::Once(value), holder)) = self.scopes.attribute(scope, attribute.attr.as_str()) {
                        left.push((value, holder));
                    }
                }
                Expr::Attribute(field) if FIELDS.contains(&field.attr.as_str()) => {}
                Expr::Attribute(attribute) => left.push((&attribute.value, scope)),
                Expr::Subscript(item) => left.push((&item.value, scope)),
                Expr::Await(awaited) => left.push((&awaited.value, scope)),
                Expr::BinOp(sum) => left.extend([(&*sum.left, scope), (&*sum.right, scope)]),
                Expr::BoolOp(either) => left.extend(either.values.iter().take(STEP_LIMIT).map(|value| (value, scope))),
                Expr::If(either) => left.extend([(&*either.body, scope), (&*either.orelse, scope)]),
                Expr::Generator(each) => left.push((&each.elt, scope)),
                Expr::ListComp(each) => left.push((&each.elt, scope)),
                Expr::List(list) => left.extend(list.elts.iter().take(STEP_LIMIT).map(|part| (part, scope))),
                Expr::FString(text) => {
                    left.extend(placeholders(&text.value).take(STEP_LIMIT).map(|value| (value, scope)));
                }
                Expr::Call(call) => {
                    let function = self.function(&call.func, scope);
                    if HARMLESS.contains(&function.as_str()) || keeps_only_some(call, &function) {
                        continue;
                    }
                    found.push(function);
                    if let Expr::Attribute(method) = &*call.func {
                        left.push((&method.value, scope));
                    }
                    left.extend(call.arguments.args.iter().take(STEP_LIMIT).map(|argument| (argument, scope)));
                }
                _ => {}
            }
        }
        found
    }
}

/// `re.sub("[^0-9+*/-]", "", text)` lets nothing through but these.
fn keeps_only_some(call: &ExprCall, function: &str) -> bool {
    let pattern = call.arguments.args.first();
    let is_negated = |it: &Expr| it.as_string_literal_expr().is_some_and(|text| text.value.to_str().starts_with("[^"));
    function == "re.sub" && pattern.is_some_and(is_negated)
}

/// What stands between the braces of an f-string.
fn placeholders<'a>(text: impl IntoIterator<Item = &'a FStringPart>) -> impl Iterator<Item = &'a Expr> {
    text.into_iter()
        .filter_map(FStringPart::as_f_string)
        .flat_map(|part| &part.elements)
        .filter_map(InterpolatedStringElement::as_interpolation)
        .map(|placeholder| &*placeholder.expression)
}
