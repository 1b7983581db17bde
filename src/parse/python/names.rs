//! Gives expressions their full names: through imports, aliases, constructors and annotations.

use super::bindings::{Bound, ScopeId, Scopes, is_self};
use super::callers::Callers;
use crate::document::code::{Room, last_part};
use ruff_python_ast::Expr;
use ruff_text_size::Ranged;
use std::cell::Cell;

/// How many attributes of one chain are read: `a.b.c` has two.
pub(super) const CHAIN_LIMIT: usize = 16;

/// How many steps are taken from a name to what it is bound to and on from there.
pub(super) const STEP_LIMIT: usize = 8;

/// How long a target may be to be shown as it is written.
const WRITTEN_LIMIT: usize = 100;

/// The name of a thing that is not known.
const ANYTHING: &str = "*";

/// Names of one file, all bound.
pub(super) struct Names<'s, 'a> {
    pub(super) scopes: &'s Scopes<'a>,
    pub(super) text: &'s str,
    /// How many more parts of the value at hand are read.
    pub(super) budget: Cell<usize>,
    /// For what they stand for, wherever they are used.
    pub(super) room: &'s Room,
    /// Who calls the functions of the file.
    pub(super) callers: Callers<'s, 'a>,
}

impl Names<'_, '_> {
    /// The full name of a called expression.
    pub(super) fn function(&self, expression: &Expr, scope: ScopeId) -> String {
        match expression {
            // A name that nothing binds is a builtin, such as `eval`.
            Expr::Name(name) if self.scopes.look_up(scope, name.id.as_str()).is_none() => name.id.to_string(),
            Expr::Name(_) | Expr::Attribute(_) => {
                let name = self.full_name(expression, scope, STEP_LIMIT);
                if self.room.take(name.len()) { name } else { ANYTHING.to_owned() }
            }
            _ => ANYTHING.to_owned(),
        }
    }

    /// The full name of what is assigned to and true, or what is written there where its name is not known.
    pub(super) fn target(&self, expression: &Expr, scope: ScopeId) -> (String, bool) {
        match expression {
            Expr::Name(name) => (name.id.to_string(), false),
            Expr::Subscript(item) => {
                let (mapping, known) = match &*item.value {
                    mapping @ (Expr::Name(_) | Expr::Attribute(_)) => self.known_or_written(mapping, scope),
                    _ => (ANYTHING.to_owned(), false),
                };
                match self.value(&item.slice, scope).text() {
                    Some(key) => (format!("{mapping}[{key}]"), known),
                    None => (format!("{mapping}[*]"), known),
                }
            }
            _ => self.known_or_written(expression, scope),
        }
    }

    fn known_or_written(&self, expression: &Expr, scope: ScopeId) -> (String, bool) {
        let name = self.full_name(expression, scope, STEP_LIMIT);
        if !name.starts_with(ANYTHING) && !name.starts_with('.') && self.room.take(name.len()) {
            return (name, true);
        }
        let written = super::span(expression.range()).text(self.text);
        let short = written.len() <= WRITTEN_LIMIT;
        (if short { written.split_whitespace().collect() } else { name }, false)
    }

    /// The full dotted name of an expression; `*` or `*.attribute` where what it hangs on is not known.
    pub(super) fn full_name(&self, expression: &Expr, scope: ScopeId, steps: usize) -> String {
        let mut attributes: Vec<&str> = Vec::new();
        let mut base = expression;
        while let Expr::Attribute(attribute) = base {
            if attributes.len() == CHAIN_LIMIT {
                break;
            }
            // What hangs on `self` is known by what was assigned to it.
            if is_self(&attribute.value) {
                let found = self.of_self(attribute.attr.as_str(), scope, steps);
                if let Some(found) = found {
                    return joined(found, &attributes);
                }
            }
            attributes.push(attribute.attr.as_str());
            base = &attribute.value;
        }
        joined(self.base_name(base, scope, steps), &attributes)
    }

    fn of_self(&self, attribute: &str, scope: ScopeId, steps: usize) -> Option<String> {
        let steps = steps.checked_sub(1)?;
        let (bound, class) = self.scopes.attribute(scope, attribute)?;
        // Each method may assign in turn, in an order that only running it would tell.
        let name = self.bound_name(attribute, bound, class, None, steps);
        (name != ANYTHING).then_some(name)
    }

    /// The name of what a chain of attributes hangs on.
    fn base_name(&self, base: &Expr, scope: ScopeId, steps: usize) -> String {
        let Some(steps) = steps.checked_sub(1) else { return ANYTHING.to_owned() };
        match base {
            Expr::Name(name) => match self.scopes.look_up(scope, name.id.as_str()) {
                Some((bound, holder)) => {
                    let before = (holder == scope).then(|| name.range.start().to_usize());
                    self.bound_name(name.id.as_str(), bound, holder, before, steps)
                }
                None => ANYTHING.to_owned(),
            },
            Expr::Call(call) => made_by(self.full_name(&call.func, scope, steps)),
            Expr::Await(awaited) => self.full_name(&awaited.value, scope, steps),
            Expr::Named(named) => self.full_name(&named.value, scope, steps),
            _ => ANYTHING.to_owned(),
        }
    }
}

impl<'a> Names<'_, 'a> {
    /// The name of what `name` is bound to in `holder`. `before` is where it is used, if that is in the same scope.
    fn bound_name(
        &self,
        name: &str,
        bound: &Bound<'a>,
        holder: ScopeId,
        before: Option<usize>,
        steps: usize,
    ) -> String {
        match (bound, before) {
            (Bound::Import(full), _) => full.clone(),
            (Bound::Definition, _) => format!(".{name}"),
            (Bound::Once(value), _) => self.full_name(value, holder, steps),
            // Cell after cell of a notebook makes its own `client`: the last one before the use is meant.
            (Bound::Often(values), Some(before)) => {
                let later = values.partition_point(|value| value.range().end().to_usize() <= before);
                let last = later.checked_sub(1).and_then(|index| values.get(index));
                last.map_or_else(|| ANYTHING.to_owned(), |value| self.full_name(value, holder, steps))
            }
            (Bound::Often(values), None) => self.common_name(values, holder, steps),
            (Bound::Typed(annotation), _) => self.type_name(annotation, holder, steps),
            (Bound::Items(_) | Bound::Parameter | Bound::Unknown, _) => ANYTHING.to_owned(),
        }
    }

    /// The name that all values share. Every branch costs steps, so that the work stays bounded.
    fn common_name(&self, values: &[&'a Expr], scope: ScopeId, steps: usize) -> String {
        const BRANCHES: usize = 4;
        let steps = steps.saturating_sub(BRANCHES);
        let mut names = values.iter().take(BRANCHES + 1).map(|value| self.full_name(value, scope, steps));
        let first = names.next().unwrap_or_default();
        let common = values.len() <= BRANCHES && names.all(|name| name == first);
        if common { first } else { ANYTHING.to_owned() }
    }

    /// The class that an annotation names: `X`, `Optional[X]` or `X | None`.
    fn type_name(&self, annotation: &'a Expr, scope: ScopeId, steps: usize) -> String {
        let inner = match annotation {
            Expr::Subscript(of) if matches!(&*of.value, Expr::Name(name) if name.id == "Optional") => &of.slice,
            Expr::BinOp(either) if either.right.is_none_literal_expr() => &either.left,
            _ => annotation,
        };
        match inner {
            Expr::Name(_) | Expr::Attribute(_) => self.full_name(inner, scope, steps),
            _ => ANYTHING.to_owned(),
        }
    }
}

/// The name of an object by the function that made it: an object of a class has the class's name, what an imported
/// function gives is `function()`, anything else is not known.
fn made_by(function: String) -> String {
    let last = last_part(&function);
    let (maker, _) = function.split_at(function.len() - last.len());
    let maker = maker.trim_end_matches('.');
    let is_class = |name: &str| name.starts_with(|first: char| first.is_ascii_uppercase());
    let of_class = is_class(last_part(maker));
    if function.starts_with(ANYTHING) || function.contains("()") {
        ANYTHING.to_owned()
    } else if is_class(last) {
        function
    } else if of_class && last.starts_with("from_") {
        maker.to_owned()
    } else if of_class || maker.is_empty() || function.starts_with('.') {
        ANYTHING.to_owned()
    } else {
        format!("{function}()")
    }
}

fn joined(base: String, reversed_attributes: &[&str]) -> String {
    let mut name = base;
    for attribute in reversed_attributes.iter().rev() {
        name.push('.');
        name.push_str(attribute);
    }
    name
}
