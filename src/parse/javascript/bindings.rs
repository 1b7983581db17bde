//! What names of a file are bound to: what imports give, literals, and what a constructor made.

use super::brackets::Source;
use super::names::{Chain, chain_at};
use super::tokens::Token;
use super::values;
use crate::document::code::{Import, Known, Room};
use crate::source::Span;
use foldhash::{HashMap, HashMapExt as _};
use std::collections::hash_map::Entry;

/// How many tokens a list of imported names, or of a pattern, may have.
const LIST_LIMIT: usize = 512;

/// How many tokens the type of a declared name may have.
const TYPE_LIMIT: usize = 32;

/// How many levels of lists and objects the value of a name may have: each name may add some to those of another.
const HEIGHT_LIMIT: usize = 8;

/// What a name is bound to.
enum Bound {
    /// A thing that is known by its full name.
    Full(String),
    /// A literal.
    Value(Known),
    /// Several things, or one that is not known.
    Anything,
}

/// The names of one file. Scopes are not told apart: a name that is bound twice is not known.
pub(super) struct Bindings {
    bound: HashMap<String, Bound>,
    /// For what they stand for, wherever they are used.
    pub(super) room: Room,
    /// Packages and modules that the file imports, as written.
    pub(super) imports: Vec<Import>,
}

impl Bindings {
    pub(super) fn read(source: &Source<'_>) -> Self {
        let mut bindings = Self { bound: HashMap::new(), room: Room::default(), imports: Vec::new() };
        for index in 0..source.tokens.len() {
            if index > 0 && source.is(index - 1, b'.') {
                continue;
            }
            match source.word(index) {
                Some("import") => bindings.import(source, index),
                Some("export") => bindings.exported_from(source, index),
                Some("require") => bindings.dynamic(source, index),
                Some("const" | "let" | "var") => bindings.declaration(source, index),
                // What a function is handed hides what its name is bound to outside.
                Some("function") => bindings.hide(source.word(index + 1)),
                _ => {}
            }
        }
        bindings
    }

    /// The full name of what a chain stands for.
    pub(super) fn full_name(&self, chain: &Chain<'_>) -> String {
        let [first, rest @ ..] = chain.names.as_slice() else { return String::new() };
        let rest = || rest.iter().map(|name| format!("#{name}")).collect::<String>();
        match self.bound.get(*first) {
            Some(Bound::Full(full)) if !self.room.take(full.len()) => chain.on_anything(),
            // A package that is called, or made an object of, is its default export.
            Some(Bound::Full(full)) if !full.contains('#') && rest().is_empty() => format!("{full}#default"),
            Some(Bound::Full(full)) => format!("{full}{}", rest()),
            Some(_) => chain.on_anything(),
            None if *first == "this" => chain.on_anything(),
            None => format!("#{}", chain.names.join("#")),
        }
    }

    /// What is known of a name or chain that stands as a value.
    pub(super) fn value(&self, chain: &Chain<'_>) -> Known {
        match (chain.names.as_slice(), self.bound.get(chain.names.first().copied().unwrap_or_default())) {
            ([_], Some(Bound::Value(value))) if self.room.take(value.bytes()) => value.clone(),
            (_, Some(Bound::Full(_))) => Known::Name(self.full_name(chain)),
            (["process", "env", _] | ["import", "meta", "env", _], None) => Known::Name(chain.written()),
            _ => Known::Other,
        }
    }

    fn bind(&mut self, name: &str, bound: Bound) {
        let bound = match bound {
            Bound::Full(full) if !self.room.take(full.len()) => Bound::Anything,
            bound => bound,
        };
        match self.bound.entry(name.to_owned()) {
            Entry::Vacant(entry) => {
                entry.insert(bound);
            }
            Entry::Occupied(mut entry) => {
                let same = matches!((entry.get(), &bound), (Bound::Full(old), Bound::Full(new)) if old == new);
                if !same {
                    entry.insert(Bound::Anything);
                }
            }
        }
    }

    fn hide(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.bind(name, Bound::Anything);
        }
    }

    fn add_import(&mut self, name: &str, at: Span) {
        self.imports.push(Import { name: name.to_owned(), at, cell: None });
    }

    /// `import x, { a as b } from "m"`, `import * as x from "m"`, `import "m"`, `import x = require("m")`, `import("m")`.
    fn import(&mut self, source: &Source<'_>, index: usize) {
        let mut from = index + 1;
        if source.is(from, b'(') {
            return self.dynamic(source, index);
        }
        if source.is(from, b'.') {
            return;
        }
        let end = (from + LIST_LIMIT).min(source.tokens.len());
        while from < end && source.word(from) != Some("from") && source.string(from).is_none() {
            // Another statement begins: this was no import.
            if from > index + 1 && matches!(source.word(from), Some("import" | "require")) || source.is(from, b';') {
                return;
            }
            from = if source.is(from, b'{') { source.behind(from) } else { from + 1 };
        }
        let at = if source.word(from) == Some("from") { from + 1 } else { from };
        let Some((module, module_at)) = source.string(at) else { return };
        self.add_import(&module, module_at);
        let mut name = index + 1;
        while name < from {
            if source.is(name, b'{') {
                let close = source.closing(name);
                self.imported_names(source, name + 1, close, &module);
                name = close;
            } else if source.is(name, b'*') {
                self.bind_module(source.word(name + 2), &module);
                name += 2;
            } else if let Some(word) =
                source.word(name).filter(|word| *word != "type" || source.word(name + 1) == Some("from"))
            {
                self.bind(word, Bound::Full(format!("{module}#default")));
            }
            name += 1;
        }
    }

    fn bind_module(&mut self, name: Option<&str>, module: &str) {
        if let Some(name) = name {
            self.bind(name, Bound::Full(module.to_owned()));
        }
    }

    /// `a, b as c, type d, default as e` or, in a pattern, `a, b: c, d = 1`.
    fn imported_names(&mut self, source: &Source<'_>, start: usize, close: usize, module: &str) {
        let mut index = start;
        while index < close.min(start + LIST_LIMIT) {
            let end = source.end_of_element(index, close);
            let first =
                if source.word(index) == Some("type") && source.word(index + 1).is_some() { index + 1 } else { index };
            if let Some(name) = source.word(first) {
                let renamed = source.word(first + 1) == Some("as") || source.is(first + 1, b':');
                let local = if renamed { source.word(first + 2) } else { Some(name) };
                if let Some(local) = local {
                    self.bind(local, Bound::Full(format!("{module}#{name}")));
                }
            }
            index = end + 1;
        }
    }

    /// `export { a } from "m"`, `export * from "m"`.
    fn exported_from(&mut self, source: &Source<'_>, index: usize) {
        let list = index + 1;
        let from = if source.is(list, b'{') {
            source.behind(list)
        } else if source.is(list, b'*') {
            // `export * as x from "m"`
            if source.word(list + 1) == Some("as") { list + 3 } else { list + 1 }
        } else {
            return;
        };
        if source.word(from) == Some("from")
            && let Some((module, at)) = source.string(from + 1)
        {
            self.add_import(&module, at);
        }
    }

    /// `require("m")` and `import("m")`, wherever they stand.
    fn dynamic(&mut self, source: &Source<'_>, index: usize) {
        if let Some((module, at)) = called_module(source, index) {
            self.add_import(&module, at);
        }
    }

    /// `const x = ...`, `const { a, b: c } = ...`.
    fn declaration(&mut self, source: &Source<'_>, index: usize) {
        let name = index + 1;
        let is_pattern = source.is(name, b'{') || source.is(name, b'[');
        let Some(equals) = equals_behind(source, source.behind(name)) else { return self.hide(source.word(name)) };
        let mut start = equals + 1;
        while matches!(source.word(start), Some("await" | "new")) {
            start += 1;
        }
        let module = called_module(source, start).map(|(module, _)| module);
        if is_pattern {
            if let Some(module) = module.filter(|_| source.is(name, b'{')) {
                self.imported_names(source, name + 1, source.closing(name), &module);
            }
            return;
        }
        let Some(local) = source.word(name) else { return };
        let bound = match module {
            Some(module) => {
                // `require("m").default`, `require("m").OpenAI`
                let export = source.behind(start + 1);
                match source.word(export + 1).filter(|_| source.is(export, b'.')) {
                    Some(export) => Bound::Full(format!("{module}#{export}")),
                    None => Bound::Full(module),
                }
            }
            None => self.declared(source, equals + 1, start),
        };
        self.bind(local, bound);
    }

    /// What a name is declared to be: a literal, an object that a constructor or function made, or another thing.
    fn declared(&self, source: &Source<'_>, value: usize, start: usize) -> Bound {
        if let Some(chain) = chain_at(source, start) {
            let is_literal = matches!(chain.names.as_slice(), ["true" | "false" | "null" | "undefined"]);
            // `promisify(exec)` is called like `exec`.
            let full = match chain_at(source, chain.end + 1) {
                Some(inner) if chain.names.last() == Some(&"promisify") && source.is(chain.end, b'(') => {
                    self.full_name(&inner)
                }
                _ => self.full_name(&chain),
            };
            if !is_literal && !full.starts_with(['*', '#']) {
                return Bound::Full(full);
            }
        }
        let end = source.end_of_statement(value);
        match values::value(source, value, end, self) {
            Known::Other | Known::Name(_) => Bound::Anything,
            known if known.height() > HEIGHT_LIMIT => Bound::Anything,
            known => Bound::Value(known),
        }
    }
}

/// The module of `require("m")` or `import("m")` at this token.
fn called_module(source: &Source<'_>, index: usize) -> Option<(String, Span)> {
    let is_loader = matches!(source.word(index), Some("require" | "import"));
    let closes = source.is(index + 3, b')') || source.is(index + 3, b',');
    if is_loader && source.is(index + 1, b'(') && closes { source.string(index + 2) } else { None }
}

/// The `=` behind a declared name, whose type may stand between them.
fn equals_behind(source: &Source<'_>, start: usize) -> Option<usize> {
    if source.is(start, b'=') {
        return Some(start);
    }
    if !source.is(start, b':') {
        return None;
    }
    let mut index = start + 1;
    for _ in 0..TYPE_LIMIT {
        match source.token(index)? {
            Token::Sign(b'=', _) if !source.is(index + 1, b'>') => return Some(index),
            Token::Sign(b';', _) => return None,
            _ => index = source.behind(index),
        }
    }
    None
}
