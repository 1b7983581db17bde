//! What each name of a file is bound to, scope by scope.

use foldhash::{HashMap, HashMapExt as _};
use ruff_python_ast::{Expr, StmtFunctionDef};
use std::collections::hash_map::Entry;
use std::rc::Rc;

/// The place of a scope in [`Scopes`].
pub(super) type ScopeId = usize;

/// The scope of the file itself.
pub(super) const FILE: ScopeId = 0;

/// What a name is bound to.
#[derive(Debug)]
pub(super) enum Bound<'a> {
    /// Something imported, by its full name.
    Import(String),
    /// A function or class that the file defines.
    Definition,
    /// The value of the only assignment.
    Once(&'a Expr),
    /// The values of several assignments, in the order of the source.
    Often(Vec<&'a Expr>),
    /// A parameter or name whose type is written beside it.
    Typed(&'a Expr),
    /// One of the items of these, in turn: the variable of a loop.
    Items(Vec<&'a Expr>),
    /// A parameter.
    Parameter,
    /// Anything else.
    Unknown,
}

/// True for `self` and `cls`.
pub(super) fn is_self(expression: &Expr) -> bool {
    matches!(expression, Expr::Name(name) if matches!(name.id.as_str(), "self" | "cls"))
}

/// How many assignments to one name are kept: a name assigned more often is unknown.
const ASSIGNMENT_LIMIT: usize = 64;

/// How long the path of a scope may be: that of a scope within many would grow with each.
const PATH_LIMIT: usize = 1_000;

/// Names and what they are bound to.
type Bindings<'a> = HashMap<&'a str, Bound<'a>>;

/// What opens a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    /// The file.
    File,
    /// A function or lambda.
    Function,
    /// A class: its names are not seen from its methods.
    Class,
}

/// One scope.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) kind: ScopeKind,
    pub(super) parent: ScopeId,
    /// Names of the functions and classes around, joined by dots; empty for the file.
    pub(super) path: Rc<str>,
    names: Bindings<'a>,
    /// Of a class: what is assigned to `self.name` in its methods.
    attributes: Bindings<'a>,
    /// Of a function that is not a lambda: its definition.
    definition: Option<&'a StmtFunctionDef>,
}

/// All scopes of a file.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    all: Vec<Scope<'a>>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new() -> Self {
        Self { all: vec![Scope::new(ScopeKind::File, FILE, Rc::from(""))] }
    }

    /// Opens a scope inside `parent` and gives its id.
    pub(super) fn open(&mut self, kind: ScopeKind, parent: ScopeId, name: &str) -> ScopeId {
        let outer = self.path(parent);
        let path = match (outer.is_empty(), name.is_empty()) {
            _ if outer.len() + name.len() > PATH_LIMIT => outer,
            (_, true) => outer,
            (true, false) => Rc::from(name),
            (false, false) => Rc::from(format!("{outer}.{name}")),
        };
        self.all.push(Scope::new(kind, parent, path));
        self.all.len() - 1
    }

    /// Says which function the scope belongs to.
    pub(super) fn define(&mut self, scope: ScopeId, definition: &'a StmtFunctionDef) {
        if let Some(scope) = self.all.get_mut(scope) {
            scope.definition = Some(definition);
        }
    }

    /// The function that the scope belongs to.
    pub(super) fn definition(&self, scope: ScopeId) -> Option<&'a StmtFunctionDef> {
        self.all.get(scope)?.definition
    }

    pub(super) fn path(&self, scope: ScopeId) -> Rc<str> {
        self.all.get(scope).map_or_else(|| Rc::from(""), |scope| Rc::clone(&scope.path))
    }

    /// Binds a name in a scope.
    pub(super) fn bind(&mut self, scope: ScopeId, name: &'a str, bound: Bound<'a>) {
        if let Some(scope) = self.all.get_mut(scope) {
            add(&mut scope.names, name, bound);
        }
    }

    /// Binds `self.name` in the class around `scope`, if there is one.
    pub(super) fn bind_attribute(&mut self, scope: ScopeId, name: &'a str, bound: Bound<'a>) {
        if let Some(class) = self.class_around(scope)
            && let Some(scope) = self.all.get_mut(class)
        {
            add(&mut scope.attributes, name, bound);
        }
    }

    /// What `name` means when used in `scope`, and the scope that binds it.
    pub(super) fn look_up(&self, scope: ScopeId, name: &str) -> Option<(&Bound<'a>, ScopeId)> {
        let mut id = scope;
        loop {
            let here = self.all.get(id)?;
            let seen = id == scope || here.kind != ScopeKind::Class;
            if seen && let Some(bound) = here.names.get(name) {
                return Some((bound, id));
            }
            if id == FILE {
                return None;
            }
            id = here.parent;
        }
    }

    /// What `self.name` means in a method, and the scope of its class.
    pub(super) fn attribute(&self, scope: ScopeId, name: &str) -> Option<(&Bound<'a>, ScopeId)> {
        let class = self.class_around(scope)?;
        let here = self.all.get(class)?;
        let bound = here.attributes.get(name).or_else(|| here.names.get(name))?;
        Some((bound, class))
    }

    fn class_around(&self, scope: ScopeId) -> Option<ScopeId> {
        let mut id = scope;
        while id != FILE {
            let here = self.all.get(id)?;
            if here.kind == ScopeKind::Class {
                return Some(id);
            }
            id = here.parent;
        }
        None
    }
}

impl Scope<'_> {
    fn new(kind: ScopeKind, parent: ScopeId, path: Rc<str>) -> Self {
        Self { kind, parent, path, names: HashMap::new(), attributes: HashMap::new(), definition: None }
    }
}

fn add<'a>(bindings: &mut Bindings<'a>, name: &'a str, bound: Bound<'a>) {
    match bindings.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(bound);
        }
        Entry::Occupied(mut entry) => {
            let before = std::mem::replace(entry.get_mut(), Bound::Unknown);
            *entry.get_mut() = joined(before, bound);
        }
    }
}

/// What a name is bound to that was bound before.
fn joined<'a>(before: Bound<'a>, bound: Bound<'a>) -> Bound<'a> {
    match (before, bound) {
        // `try: import torch` with `except ImportError: torch = None` still means torch.
        (Bound::Import(name), _) | (_, Bound::Import(name)) => Bound::Import(name),
        (Bound::Definition, Bound::Definition) => Bound::Definition,
        (Bound::Once(first), Bound::Once(second)) => Bound::Often(vec![first, second]),
        (Bound::Often(mut values), Bound::Once(value)) if values.len() < ASSIGNMENT_LIMIT => {
            values.push(value);
            Bound::Often(values)
        }
        (Bound::Items(mut values), Bound::Items(others)) if values.len() < ASSIGNMENT_LIMIT => {
            values.extend(others);
            Bound::Items(values)
        }
        _ => Bound::Unknown,
    }
}
