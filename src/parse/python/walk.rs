//! The one walk over the tree: binds names and remembers what is to be named afterwards.

use super::bindings::{Bound, FILE, ScopeId, ScopeKind, Scopes, is_self};
use super::callers::Callers;
use super::names::Names;
use super::{NESTING_LIMIT, calls, fallback, span, span_of};
use crate::document::code::{Argument, Assignment, Code, Fallback, Import, Known, Room};
use crate::source::Span;
use ruff_python_ast::visitor::{
    Visitor, walk_comprehension, walk_except_handler, walk_expr, walk_parameters, walk_pattern, walk_stmt,
};
use ruff_python_ast::{
    Alias, Comprehension, ExceptHandler, Expr, ExprCall, ExprLambda, IpyEscapeKind, Parameters, Pattern, Stmt,
    StmtClassDef, StmtFunctionDef, StmtImportFrom,
};
use ruff_text_size::{Ranged, TextRange};
use std::cell::Cell;

/// The visitor recurses with the code's nesting: it takes new stack in pieces of this size, when less than the first is left.
const STACK_LEFT: usize = 128 << 10;
const STACK_PIECE: usize = 2 << 20;

/// What the walk has seen so far.
pub(super) struct Walk<'a> {
    scopes: Scopes<'a>,
    scope: ScopeId,
    depth: usize,
    /// For names and values that are used again.
    room: Room,
    /// Where the code is nested too deep to be read on.
    pub(super) too_deep: Option<Span>,
    imports: Vec<Import>,
    functions: Vec<String>,
    calls: Vec<(&'a ExprCall, ScopeId)>,
    decorators: Vec<(&'a Expr, &'a StmtFunctionDef, ScopeId)>,
    assignments: Vec<Assigned<'a>>,
    fallbacks: Vec<Fallback>,
    /// `%env NAME=value` of a notebook.
    environment: Vec<Assignment>,
}

/// One target of an assignment statement.
struct Assigned<'a> {
    target: &'a Expr,
    value: &'a Expr,
    at: TextRange,
    scope: ScopeId,
}

impl<'a> Walk<'a> {
    pub(super) fn new() -> Self {
        Self {
            scopes: Scopes::new(),
            scope: FILE,
            depth: 0,
            room: Room::default(),
            too_deep: None,
            imports: Vec::new(),
            functions: Vec::new(),
            calls: Vec::new(),
            decorators: Vec::new(),
            assignments: Vec::new(),
            fallbacks: Vec::new(),
            environment: Vec::new(),
        }
    }

    pub(super) fn statements(&mut self, body: &'a [Stmt]) {
        self.visit_body(body);
    }

    /// Gives everything that was remembered its full name, now that all names of the file are bound.
    pub(super) fn finish(self, text: &str) -> Code {
        let names = Names {
            scopes: &self.scopes,
            text,
            budget: Cell::new(0),
            room: &self.room,
            callers: Callers::of(&self.calls),
        };
        let calls = self.calls.iter().map(|(call, scope)| calls::named_call(call, *scope, &names)).collect();
        let mut assignments: Vec<Assignment> = Vec::new();
        for assigned in &self.assignments {
            let value = names.value(assigned.value, assigned.scope);
            if value == Known::Other {
                continue;
            }
            let (target, imported) = names.target(assigned.target, assigned.scope);
            assignments.push(Assignment {
                target,
                imported,
                value: Argument { value, at: span_of(assigned.value) },
                at: span(assigned.at),
                cell: None,
            });
        }
        assignments.extend(self.environment);
        let decorators = self.decorators.iter().map(|decorator| calls::named_decorator(*decorator, &names)).collect();
        let (imports, functions, fallbacks) = (self.imports, self.functions, self.fallbacks);
        let faults = self.room.fault().into_iter().collect();
        Code { imports, calls, assignments, fallbacks, functions, decorators, faults, ..Code::default() }
    }

    fn nested(&mut self, at: TextRange, walk: impl FnOnce(&mut Self)) {
        if self.depth >= NESTING_LIMIT {
            self.too_deep.get_or_insert(span(at));
            return;
        }
        self.depth += 1;
        stacker::maybe_grow(STACK_LEFT, STACK_PIECE, || walk(self));
        self.depth -= 1;
    }

    fn within(&mut self, kind: ScopeKind, name: &str, walk: impl FnOnce(&mut Self)) {
        let outer = self.scope;
        self.scope = self.scopes.open(kind, outer, name);
        walk(self);
        self.scope = outer;
    }

    fn bind(&mut self, name: &'a str, bound: Bound<'a>) {
        self.scopes.bind(self.scope, name, bound);
    }

    /// Binds the names of a target; `value` is what is assigned, where it is known.
    fn bind_target(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        let mut left = vec![(target, value)];
        while let Some((target, value)) = left.pop() {
            let bound = value.map_or(Bound::Unknown, Bound::Once);
            match target {
                Expr::Name(name) => self.bind(name.id.as_str(), bound),
                Expr::Attribute(attribute) if is_self(&attribute.value) => {
                    self.scopes.bind_attribute(self.scope, attribute.attr.as_str(), bound);
                }
                Expr::Starred(starred) => left.push((&starred.value, None)),
                Expr::Tuple(_) | Expr::List(_) => {
                    let values = value.map(elements).unwrap_or_default();
                    let targets = elements(target);
                    let paired = values.len() == targets.len();
                    for (index, target) in targets.iter().enumerate() {
                        left.push((target, values.get(index).filter(|_| paired)));
                    }
                }
                _ => {}
            }
        }
    }

    /// Binds the variable of a loop, also beside the number that `enumerate` gives.
    fn bind_items(&mut self, target: &'a Expr, of: &'a Expr) {
        let (counter, item, items) = match (elements(target), of) {
            ([counter, item], Expr::Call(call)) if is_enumerate(call) => {
                (Some(counter), item, call.arguments.args.first().unwrap_or(of))
            }
            _ => (None, target, of),
        };
        if let Some(counter) = counter {
            self.bind_target(counter, None);
        }
        match item {
            Expr::Name(name) => self.bind(name.id.as_str(), Bound::Items(vec![items])),
            _ => self.bind_target(item, None),
        }
    }

    fn assign(&mut self, targets: &'a [Expr], value: &'a Expr, at: TextRange) {
        for target in targets {
            self.bind_target(target, Some(value));
            if matches!(target, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_)) {
                self.assignments.push(Assigned { target, value, at, scope: self.scope });
            }
        }
    }

    fn import(&mut self, alias: &'a Alias) {
        let name = alias.name.as_str();
        if let Some(bound) = &alias.asname {
            self.bind(bound.as_str(), Bound::Import(name.to_owned()));
        } else {
            // `import torch.nn` binds `torch`.
            let first = name.split('.').next().unwrap_or(name);
            self.bind(first, Bound::Import(first.to_owned()));
        }
        self.imports.push(Import { name: name.to_owned(), at: span_of(&alias.name), cell: None });
    }

    fn import_from(&mut self, statement: &'a StmtImportFrom) {
        let dots = ".".repeat(statement.level.min(64) as usize);
        let module = statement.module.as_ref().map_or("", |module| module.as_str());
        let separator = if module.is_empty() { "" } else { "." };
        for alias in &statement.names {
            let full = format!("{dots}{module}{separator}{}", alias.name.as_str());
            if !self.room.take(full.len()) {
                continue;
            }
            if alias.name.as_str() != "*" {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                self.bind(bound.as_str(), Bound::Import(full.clone()));
            }
            self.imports.push(Import { name: full, at: span_of(&alias.name), cell: None });
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        self.bind(function.name.as_str(), Bound::Definition);
        self.functions.push(function.name.to_string());
        for decorator in &function.decorator_list {
            self.decorators.push((&decorator.expression, function, self.scope));
            self.visit_decorator(decorator);
        }
        // Defaults and annotations are read outside, the names of parameters are bound inside.
        walk_parameters(self, &function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_annotation(returns);
        }
        self.within(ScopeKind::Function, function.name.as_str(), |walk| {
            walk.scopes.define(walk.scope, function);
            walk.bind_parameters(&function.parameters);
            walk.visit_body(&function.body);
        });
    }

    fn class(&mut self, class: &'a StmtClassDef) {
        self.bind(class.name.as_str(), Bound::Definition);
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(arguments) = &class.arguments {
            self.visit_arguments(arguments);
        }
        self.within(ScopeKind::Class, class.name.as_str(), |walk| walk.visit_body(&class.body));
    }

    fn lambda(&mut self, lambda: &'a ExprLambda) {
        if let Some(parameters) = &lambda.parameters {
            walk_parameters(self, parameters);
        }
        self.within(ScopeKind::Function, "", |walk| {
            if let Some(parameters) = &lambda.parameters {
                walk.bind_parameters(parameters);
            }
            walk.visit_expr(&lambda.body);
        });
    }

    fn bind_parameters(&mut self, parameters: &'a Parameters) {
        for parameter in parameters {
            let parameter = parameter.as_parameter();
            let bound = parameter.annotation.as_deref().map_or(Bound::Parameter, Bound::Typed);
            self.bind(parameter.name.as_str(), bound);
        }
    }

    /// `%env NAME=value` and `%env NAME value` set a variable of the environment.
    fn magic(&mut self, kind: IpyEscapeKind, line: &str, at: TextRange) {
        let Some(setting) = line.strip_prefix("env ").filter(|_| kind == IpyEscapeKind::Magic) else { return };
        let setting = setting.trim();
        let Some((name, value)) = setting.split_once(['=', ' ']) else { return };
        let value = value.trim();
        // `{name}` and `$name` stand for variables.
        let value = if value.contains(['{', '$']) { Known::Other } else { Known::Text(value.to_owned()) };
        self.environment.push(Assignment {
            target: format!("os.environ[{}]", name.trim()),
            imported: true,
            value: Argument { value, at: span(at) },
            at: span(at),
            cell: None,
        });
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.nested(statement.range(), |walk| {
            match statement {
                Stmt::Import(import) => import.names.iter().for_each(|alias| walk.import(alias)),
                Stmt::ImportFrom(import) => walk.import_from(import),
                Stmt::FunctionDef(function) => return walk.function(function),
                Stmt::ClassDef(class) => return walk.class(class),
                Stmt::Assign(assign) => walk.assign(&assign.targets, &assign.value, assign.range),
                Stmt::AnnAssign(assign) => match (&assign.value, &*assign.target) {
                    (Some(value), target) => walk.assign(std::slice::from_ref(target), value, assign.range),
                    (None, Expr::Name(name)) => walk.bind(name.id.as_str(), Bound::Typed(&assign.annotation)),
                    (None, _) => {}
                },
                Stmt::AugAssign(assign) => walk.bind_target(&assign.target, None),
                Stmt::For(each) => walk.bind_items(&each.target, &each.iter),
                Stmt::With(with) => {
                    for item in &with.items {
                        if let Some(target) = item.optional_vars.as_deref() {
                            // A client or page in a `with` gives itself: `with httpx.Client() as client`.
                            walk.bind_target(target, Some(&item.context_expr));
                        }
                    }
                }
                Stmt::Global(global) => {
                    for name in &global.names {
                        walk.scopes.bind(FILE, name.as_str(), Bound::Unknown);
                        walk.bind(name.as_str(), Bound::Unknown);
                    }
                }
                Stmt::Nonlocal(nonlocal) => {
                    nonlocal.names.iter().for_each(|name| walk.bind(name.as_str(), Bound::Unknown));
                }
                Stmt::IpyEscapeCommand(command) => walk.magic(command.kind, &command.value, command.range),
                _ => {}
            }
            walk_stmt(walk, statement);
        });
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            // The leaves, which are most of the tree, need no place on the stack.
            Expr::Name(_)
            | Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => return,
            _ => {}
        }
        self.nested(expression.range(), |walk| {
            match expression {
                Expr::Call(call) => walk.calls.push((call, walk.scope)),
                Expr::BoolOp(either) => walk.fallbacks.extend(fallback::of(either)),
                Expr::Named(named) => walk.bind_target(&named.target, Some(&named.value)),
                Expr::Lambda(lambda) => return walk.lambda(lambda),
                _ => {}
            }
            walk_expr(walk, expression);
        });
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.bind_items(&comprehension.target, &comprehension.iter);
        walk_comprehension(self, comprehension);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(except) = handler;
        if let Some(name) = &except.name {
            self.bind(name.as_str(), Bound::Unknown);
        }
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name.as_str(), Bound::Unknown);
        }
        self.nested(pattern.range(), |walk| walk_pattern(walk, pattern));
    }

    // Types hold no calls that run: what is in them is not read.
    fn visit_annotation(&mut self, _annotation: &'a Expr) {}
}

fn is_enumerate(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Name(name) if name.id == "enumerate")
}

/// The elements of a tuple or list.
fn elements(expression: &Expr) -> &[Expr] {
    match expression {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => &[],
    }
}
