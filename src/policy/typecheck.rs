//! Checks a condition against the table of facts before anything is read: names, types and the words of choices.
//!
//! The cel crate finds these faults only when a condition runs, and then only on the path that runs; a typo in a policy would
//! look like a clean repository.

use super::functions::{self, Signature};
use super::value_type::Type;
use crate::fact::{COMMON_FIELDS, Kind, UNKNOWN};
use crate::finding::Parameter;
use crate::problem::unknown;
use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SourceInfo, operators};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How deep `all`, `exists`, `filter` and `map` may nest: each level multiplies the work.
const NESTING_LIMIT: u32 = 3;

/// Which fields of which facts a condition names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Fields of the fact itself.
    pub own: BTreeSet<String>,
    /// Fields of the judged fact, `this.field`.
    pub this: BTreeSet<String>,
    /// Parameters of the rule.
    pub parameters: BTreeSet<String>,
    /// How deep `all`, `exists` and their like nest.
    pub nesting: u32,
    /// How many elements the longest list has that is written out.
    pub longest_literal: usize,
}

/// A fault in a condition: byte offset in its source, and what is wrong.
pub(super) type Fault = (usize, String);

/// What a condition may name.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The kind of fact whose fields are plain names.
    pub kind: Kind,
    /// The kind of fact behind `this`, in the condition of another fact.
    pub this: Option<Kind>,
    /// The parameters of the rule.
    pub parameters: Arc<[Parameter]>,
}

/// Checks `expression`; gives the names that it uses, or every fault.
pub(super) fn check(expression: &IdedExpr, info: &SourceInfo, scope: &Scope) -> Result<Names, Vec<Fault>> {
    let mut checker =
        Checker { info, scope, bound: Vec::new(), nesting: 0, names: Names::default(), faults: Vec::new() };
    let found = checker.type_of(expression);
    if !found.fits(Type::Truth) {
        checker.fault(expression, format!("a condition must be true or false, this is {}", found.name()));
    }
    if checker.faults.is_empty() { Ok(checker.names) } else { Err(checker.faults) }
}

struct Checker<'a> {
    info: &'a SourceInfo,
    scope: &'a Scope,
    /// Names bound by `all`, `exists` and their like, innermost last.
    bound: Vec<(String, Type)>,
    nesting: u32,
    names: Names,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn fault(&mut self, at: &IdedExpr, message: String) {
        let offset = self.info.offset_for(at.id).map_or(0, |(start, _)| start as usize);
        self.faults.push((offset, message));
    }

    // Recursion is bounded: the parser limits parentheses and the source's length is limited before it.
    fn type_of(&mut self, expression: &IdedExpr) -> Type {
        match &expression.expr {
            Expr::Literal(literal) => match literal {
                LiteralValue::Boolean(_) => Type::Truth,
                LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_) => Type::Number,
                LiteralValue::String(_) => Type::Text(&[]),
                LiteralValue::Null => Type::Null,
                LiteralValue::Bytes(_) => Type::Any,
            },
            Expr::Ident(name) => self.ident(expression, name),
            Expr::List(list) => {
                self.names.longest_literal = self.names.longest_literal.max(list.elements.len());
                for element in &list.elements {
                    self.type_of(element);
                }
                Type::List
            }
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(name) if name == "this" => self.this_field(expression, &select.field),
                _ => {
                    self.type_of(&select.operand);
                    self.fault(
                        expression,
                        format!("`.{}`: only `this` has fields; use .get('…') on a map", select.field),
                    );
                    Type::Any
                }
            },
            Expr::Call(call) => self.call(expression, call),
            Expr::Comprehension(comprehension) => self.comprehension(expression, comprehension),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                self.fault(expression, "conditions have no maps or objects of their own".to_owned());
                Type::Any
            }
        }
    }

    fn ident(&mut self, at: &IdedExpr, name: &str) -> Type {
        if let Some((_, found)) = self.bound.iter().rev().find(|(bound, _)| bound == name) {
            return *found;
        }
        if name == "this" {
            self.fault(at, "`this` is used as `this.field`".to_owned());
            return Type::Any;
        }
        if let Some(field) = self.scope.kind.field_type(name) {
            self.names.own.insert(name.to_owned());
            return Type::of(field);
        }
        if self.scope.parameters.iter().any(|parameter| parameter.name == name) {
            self.names.parameters.insert(name.to_owned());
            return Type::Number;
        }
        let what = format!("field of `{}`", self.scope.kind.spec().name);
        let parameters = self.scope.parameters.iter().map(|parameter| parameter.name.as_str());
        self.fault(at, unknown(&what, name, field_names(self.scope.kind).chain(parameters)));
        Type::Any
    }

    fn this_field(&mut self, at: &IdedExpr, name: &str) -> Type {
        let Some(kind) = self.scope.this else {
            self.fault(at, "`this` is known only in the `where` of [must.exist] and [must.not-exist]".to_owned());
            return Type::Any;
        };
        if let Some(field) = kind.field_type(name) {
            self.names.this.insert(name.to_owned());
            return Type::of(field);
        }
        self.fault(at, unknown(&format!("field of `{}`", kind.spec().name), name, field_names(kind)));
        Type::Any
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Type {
        let mut arguments: Vec<&IdedExpr> = Vec::new();
        arguments.extend(call.target.as_deref());
        arguments.extend(&call.args);
        let types: Vec<Type> = arguments.iter().map(|argument| self.type_of(argument)).collect();
        let both = |wanted: Type| types.iter().all(|found| found.fits(wanted));
        match (call.func_name.as_str(), types.as_slice(), arguments.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, _, _) => {
                self.want_all(&arguments, &types, Type::Truth);
                Type::Truth
            }
            // What macros such as `all` wrap around their condition.
            (operators::NOT_STRICTLY_FALSE, _, _) => Type::Truth,
            (operators::EQUALS | operators::NOT_EQUALS, &[left, right], &[left_at, right_at]) => {
                if left.fits(right) {
                    self.words(left, right_at);
                    self.words(right, left_at);
                } else {
                    self.fault(at, format!("{} is compared with {}: never equal", left.name(), right.name()));
                }
                Type::Truth
            }
            (operators::IN, &[left, right], &[_, right_at]) => {
                if !right.fits(Type::List) {
                    self.fault(right_at, format!("`in` needs a list, this is {}", right.name()));
                }
                if let Expr::List(list) = &right_at.expr {
                    for element in &list.elements {
                        self.words(left, element);
                    }
                }
                Type::Truth
            }
            (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, _, _) => {
                self.want_all(&arguments, &types, Type::Number);
                Type::Truth
            }
            (operators::ADD, _, _) if both(Type::Text(&[])) => Type::Text(&[]),
            (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::NEGATE, _, _) => {
                self.want_all(&arguments, &types, Type::Number);
                Type::Number
            }
            (operators::CONDITIONAL, &[test, then, otherwise], &[test_at, _, _]) => {
                self.want_all(&[test_at], &[test], Type::Truth);
                if then == otherwise { then } else { Type::Any }
            }
            (operators::INDEX, &[list, _], _) if list.fits(Type::List) => Type::Any,
            (name, _, _) => {
                if let Some(signature) = functions::signature(name, call.target.is_some()) {
                    self.function(at, call, signature, &arguments, &types)
                } else {
                    let message = unknown("function", name, functions::names(call.target.is_some()));
                    self.fault(at, message);
                    Type::Any
                }
            }
        }
    }

    fn function(
        &mut self,
        at: &IdedExpr,
        call: &CallExpr,
        signature: &Signature,
        arguments: &[&IdedExpr],
        types: &[Type],
    ) -> Type {
        if types.len() != signature.arguments.len() {
            self.fault(at, format!("`{}` is used as `{}`", call.func_name, signature.usage));
            return signature.result;
        }
        for ((argument, found), wanted) in arguments.iter().zip(types).zip(signature.arguments) {
            if !wanted.iter().any(|wanted| found.fits(*wanted)) {
                self.fault(
                    argument,
                    format!("`{}` cannot take {}: it is used as `{}`", call.func_name, found.name(), signature.usage),
                );
            }
        }
        if let (Some(check), Some(last)) = (signature.check_literal, arguments.last())
            && let Expr::Literal(LiteralValue::String(text)) = &last.expr
            && let Err(message) = check(text.inner())
        {
            self.fault(last, message);
        }
        signature.result
    }

    fn comprehension(&mut self, at: &IdedExpr, comprehension: &ComprehensionExpr) -> Type {
        self.nesting += 1;
        if self.nesting > NESTING_LIMIT {
            self.fault(at, format!("`all`, `exists` and their like nest more than {NESTING_LIMIT} deep"));
            self.nesting -= 1;
            return Type::Any;
        }
        self.names.nesting = self.names.nesting.max(self.nesting);
        let range = self.type_of(&comprehension.iter_range);
        if !range.fits(Type::List) && !range.fits(Type::Map) {
            self.fault(&comprehension.iter_range, format!("this is {}, not a list", range.name()));
        }
        let result = self.type_of(&comprehension.accu_init);
        self.bound.push((comprehension.iter_var.clone(), Type::Text(&[])));
        self.bound.push((comprehension.accu_var.clone(), Type::Any));
        self.type_of(&comprehension.loop_cond);
        self.type_of(&comprehension.loop_step);
        self.type_of(&comprehension.result);
        self.bound.truncate(self.bound.len().saturating_sub(2));
        self.nesting -= 1;
        // `exists_one` counts and then compares.
        if result == Type::Number { Type::Truth } else { result }
    }

    /// When one side is a choice, a text literal on the other side must be one of its words.
    fn words(&mut self, choice: Type, literal: &IdedExpr) {
        let Type::Text(words) = choice else { return };
        if words.is_empty() {
            return;
        }
        if let Expr::Literal(LiteralValue::String(text)) = &literal.expr
            && text.inner() != UNKNOWN
            && !words.contains(&text.inner())
        {
            self.fault(literal, unknown("value", text.inner(), words.iter().copied()));
        }
    }

    fn want_all(&mut self, arguments: &[&IdedExpr], types: &[Type], wanted: Type) {
        for (argument, found) in arguments.iter().zip(types) {
            if !found.fits(wanted) {
                self.fault(argument, format!("this must be {}, it is {}", wanted.name(), found.name()));
            }
        }
    }
}

/// The names of a kind's fields, common ones included.
pub(super) fn field_names<'n>(kind: Kind) -> impl Iterator<Item = &'n str> {
    kind.spec().fields.iter().chain(COMMON_FIELDS).map(|field| field.name)
}
