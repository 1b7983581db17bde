//! One pass over the tokens of a file: remembers calls and assignments, and names them when everything is bound.

use super::bindings::Bindings;
use super::brackets::Source;
use super::names::{Chain, chain_at};
use super::tokens::Token;
use super::values;
use crate::document::code::{Argument, Assignment, Call, Code, Fallback, Known};
use std::rc::Rc;

/// Reads a file.
pub(super) fn read(source: &Source<'_>) -> Code {
    let bindings = Bindings::read(source);
    let mut walk = Walk { source, bindings: &bindings, code: Code::default(), within: Within::default() };
    walk.code.imports.clone_from(&bindings.imports);
    let mut index = 0;
    while index < source.tokens.len() {
        walk.within.step(source, index);
        index = walk.step(index);
    }
    let mut code = walk.code;
    code.faults.extend(bindings.room.fault());
    code
}

struct Walk<'s, 'a> {
    source: &'s Source<'a>,
    bindings: &'s Bindings,
    code: Code,
    within: Within,
}

/// How far before `||` the name of what may be empty is looked for: `a["b"]!`.
const NAME_BEFORE: usize = 3;

/// Words that look like calls and are none.
const NO_CALLS: &[&str] = &[
    "if",
    "for",
    "while",
    "switch",
    "catch",
    "function",
    "return",
    "typeof",
    "with",
    "super",
    "constructor",
    "import",
];

impl Walk<'_, '_> {
    /// Looks at one token; gives the one to look at next.
    fn step(&mut self, index: usize) -> usize {
        let source = self.source;
        let Some(word) = source.word(index) else {
            self.code.fallbacks.extend(fallback(source, index));
            return index + 1;
        };
        // What hangs on something is read with it.
        let hangs = index.checked_sub(1).is_some_and(|before| source.is(before, b'.'));
        let is_declared =
            index.checked_sub(1).and_then(|before| source.word(before)).is_some_and(|word| word == "function");
        if NO_CALLS.contains(&word) || is_declared {
            return index + 1;
        }
        let Some(chain) = chain_at(source, index) else { return index + 1 };
        if source.is(chain.end, b'(') {
            self.call(&chain, hangs, index);
            return chain.end + 1;
        }
        if source.is(chain.end, b'=') && !source.is(chain.end + 1, b'=') && !source.is(chain.end + 1, b'>') {
            self.assignment(&chain, index);
        }
        chain.end.max(index + 1)
    }

    fn call(&mut self, chain: &Chain<'_>, hangs: bool, index: usize) {
        let source = self.source;
        let close = source.closing(chain.end);
        let (Some(first), Some(open), Some(last)) = (source.token(index), source.token(chain.end), source.token(close))
        else {
            return;
        };
        let function = if hangs { chain.on_anything() } else { self.bindings.full_name(chain) };
        let name_at = chain.span(source);
        let mut call = Call {
            function,
            positional: Vec::new(),
            named: Vec::new(),
            forwards: false,
            origins: Vec::new(),
            within: Rc::clone(&self.within.name),
            at: first.span().cover(last.span()),
            name_at,
            arguments_at: open.span().cover(last.span()),
            cell: None,
        };
        self.arguments(chain.end + 1, close, &mut call);
        self.code.calls.push(call);
    }

    /// Arguments in order; the entries of an object among them are taken for arguments with a name.
    fn arguments(&self, start: usize, close: usize, call: &mut Call) {
        let source = self.source;
        let mut index = start;
        while index < close && call.positional.len() < values::ELEMENT_LIMIT {
            let end = source.end_of_element(index, close);
            if source.is(index, b'{') && source.behind(index) == end {
                let object = values::object(source, index, self.bindings);
                call.named.extend(object.entries);
                call.forwards |= object.spreads;
            } else {
                let value = values::value(source, index, end, self.bindings);
                let is_spread = source.is(index, b'.');
                // Options that stand elsewhere may hold anything.
                let may_hold_options = matches!(value, Known::Other | Known::Name(_)) && call.named.is_empty();
                call.forwards |= is_spread || may_hold_options && source.word(index).is_some();
                if let Known::Map(entries) = value {
                    let at = source.span(index, end);
                    call.named.extend(entries.into_iter().map(|(key, value)| (key, Argument { value, at })));
                } else if !is_spread {
                    call.positional.push(Argument { value, at: source.span(index, end) });
                }
            }
            index = end + 1;
        }
    }

    /// `a = { b: "text" }`, also of a name that is declared there.
    fn object(&mut self, chain: &Chain<'_>, index: usize, start: usize) {
        let source = self.source;
        let (Some(first), Some(last)) = (source.token(index), source.token(source.closing(start))) else { return };
        let value = values::value(source, start, source.behind(start), self.bindings);
        let value_at = source.span(start, source.behind(start));
        self.code.assignments.push(Assignment {
            target: chain.written(),
            imported: false,
            value: Argument { value, at: value_at },
            at: first.span().cover(last.span()),
            cell: None,
        });
    }

    /// `a.b = "text"`, also of a name that is declared there.
    fn assignment(&mut self, chain: &Chain<'_>, index: usize) {
        let source = self.source;
        let start = chain.end + 1;
        if source.is(start, b'{') {
            return self.object(chain, index, start);
        }
        let Some((text, value_at)) = source.string(start) else { return };
        // `"a" + b` is not known.
        let goes_on = matches!(source.token(start + 1), Some(Token::Sign(b'+' | b'?' | b'.' | b'[' | b'|' | b'&', _)));
        if goes_on || text.len() > values::TEXT_LIMIT {
            return;
        }
        let Some(first) = source.token(index) else { return };
        self.code.assignments.push(Assignment {
            target: chain.written(),
            imported: false,
            value: Argument { value: Known::Text(text), at: value_at },
            at: first.span().cover(value_at),
            cell: None,
        });
    }
}

/// The text of `a.b || "text"` and `a["b"] ?? "text"`, and the last name before it.
fn fallback(source: &Source<'_>, index: usize) -> Option<Fallback> {
    let operator = index.checked_sub(2)?;
    if !b"|?".iter().any(|sign| source.is(operator, *sign) && source.is(operator + 1, *sign)) {
        return None;
    }
    let (text, at) = source.string(index).filter(|(text, _)| text.len() <= values::TEXT_LIMIT)?;
    // Brackets and what TypeScript asserts stand between the name and the operator.
    let name = (0..NAME_BEFORE).find_map(|steps| {
        let before = operator.checked_sub(steps + 1)?;
        source.word(before).map(str::to_owned).or_else(|| source.string(before).map(|(text, _)| text))
    })?;
    Some(Fallback { of: name, text: Argument { value: Known::Text(text), at }, cell: None })
}

/// The function or class that the walk is in.
struct Within {
    name: Rc<str>,
    /// Names outside of each brace that is open.
    outer: Vec<Rc<str>>,
    /// The name that the next block is given, and how many round brackets are open around it.
    next: Option<(String, usize)>,
    round: usize,
}

impl Default for Within {
    fn default() -> Self {
        Self { name: "".into(), outer: Vec::new(), next: None, round: 0 }
    }
}

impl Within {
    fn step(&mut self, source: &Source<'_>, index: usize) {
        match source.token(index) {
            Some(Token::Sign(b'(', _)) => self.round += 1,
            Some(Token::Sign(b')', _)) => self.round = self.round.saturating_sub(1),
            Some(Token::Sign(b'{', _)) => {
                let name = self.next.take_if(|(_, round)| *round == self.round).map(|(name, _)| name);
                let inner = name.map_or_else(|| Rc::clone(&self.name), |name| self.inner(&name));
                self.outer.push(std::mem::replace(&mut self.name, inner));
            }
            Some(Token::Sign(b'}', _)) => self.name = self.outer.pop().unwrap_or_else(|| "".into()),
            Some(Token::Sign(b';', _)) => self.next = None,
            Some(Token::Word(_)) => {
                let name = match source.word(index) {
                    Some("function" | "class") => source.word(index + 1),
                    Some("const" | "let" | "var") if source.is(index + 2, b'=') => source.word(index + 1),
                    _ => None,
                };
                if let Some(name) = name {
                    self.next = Some((name.to_owned(), self.round));
                }
            }
            _ => {}
        }
    }

    /// Class and method, or the two innermost functions: deeper names would grow with each level.
    fn inner(&self, name: &str) -> Rc<str> {
        match self.name.rsplit('.').next() {
            Some(outer) if !outer.is_empty() => format!("{outer}.{name}").into(),
            _ => name.into(),
        }
    }
}
