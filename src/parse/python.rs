//! Reads Python with the ruff parser; this file and those under `python/` are the only ones that know that crate.
//!
//! One walk over the tree collects what each name is bound to, and remembers calls and assignments; when everything is
//! bound, they are given their full names. Nothing is executed and no other file is looked at.

mod bindings;
mod callers;
mod calls;
mod dismantle;
mod fallback;
mod names;
mod origins;
mod paths;
#[cfg(test)]
mod tests;
mod values;
mod walk;

use crate::document::code::Code;
use crate::document::{Fault, Faults};
use crate::source::Span;
use ruff_python_ast::{Mod, Stmt};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_cells_unchecked, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::ops::Range;
use walk::Walk;

/// How deep code may nest, brackets and chains of operators counted. Python itself refuses 200 brackets; machine-written
/// sums of some hundred terms exist.
const NESTING_LIMIT: usize = 3_000;

/// Parsing and dropping a tree recurse: this much stack is there at least, enough for [`NESTING_LIMIT`].
const STACK: usize = 4 << 20;

/// Source beyond this size is not read: ruff counts bytes in 32 bits.
const SIZE_LIMIT: usize = 1 << 30;

/// Reads one Python file.
#[must_use]
pub fn parse(text: &str) -> Code {
    if text.len() > SIZE_LIMIT {
        return too_large();
    }
    stacker::maybe_grow(STACK, STACK * 2, || {
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let mut faults = Faults::default();
        add_first_error(&parsed, Span::new(0, text.len()), &mut faults);
        let Mod::Module(module) = parsed.into_syntax() else { return Code { faults, ..Code::default() } };
        read(text, module.body, faults)
    })
}

/// Reads the cells of a notebook, which stand at `cells` of `text`, in order and each ended by one `\n` that is not
/// part of it. Names go from cell to cell, syntax errors do not.
#[must_use]
pub fn parse_cells(text: &str, cells: &[Range<usize>]) -> Code {
    if text.len() > SIZE_LIMIT {
        return too_large();
    }
    stacker::maybe_grow(STACK, STACK * 2, || {
        let parsed = parse_cells_unchecked(text, cells.iter().map(range), &ParseOptions::from(Mode::Ipython));
        let mut faults = Faults::default();
        for cell in cells {
            add_first_error(&parsed, Span::new(cell.start, cell.end), &mut faults);
        }
        read(text, parsed.into_suite(), faults)
    })
}

/// The first syntax error of a text.
#[must_use]
pub fn first_error(text: &str) -> Option<Fault> {
    if text.len() > SIZE_LIMIT {
        return too_large().faults.into_iter().next();
    }
    stacker::maybe_grow(STACK, STACK * 2, || {
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let mut faults = Faults::default();
        add_first_error(&parsed, Span::new(0, text.len()), &mut faults);
        if let Mod::Module(module) = parsed.into_syntax() {
            dismantle::dismantle(&mut module.body.into_iter().collect());
        }
        faults.into_iter().next()
    })
}

/// Walks what was parsed, and takes it apart safely.
fn read(text: &str, body: impl IntoIterator<Item = Stmt>, mut faults: Faults) -> Code {
    let mut body: Vec<Stmt> = body.into_iter().collect();
    let mut walk = Walk::new();
    walk.statements(&body);
    let too_deep = walk.too_deep;
    faults.extend(too_deep.map(|at| Fault::new(at, format!("nested more than {NESTING_LIMIT} levels deep"))));
    let mut code = walk.finish(text);
    code.faults.extend(faults);
    if too_deep.is_some() {
        dismantle::dismantle(&mut body);
    }
    code
}

/// Reports the first syntax error that lies in `within`; those after it are mostly its echo.
fn add_first_error<T>(parsed: &Parsed<T>, within: Span, faults: &mut Faults) {
    let errors = parsed.errors();
    let first = errors.partition_point(|error| error.location.start().to_usize() < within.start);
    if let Some(error) = errors.get(first)
        && error.location.start().to_usize() <= within.end
    {
        faults.push(Fault::new(span(error.location), format!("not valid Python: {}", error.error)));
    }
}

fn too_large() -> Code {
    let fault = Fault::new(Span::empty(0), "larger than 1 GiB");
    Code { faults: fault.into(), ..Code::default() }
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_usize(), range.end().to_usize())
}

fn span_of(node: &impl Ranged) -> Span {
    span(node.range())
}

fn range(bytes: &Range<usize>) -> TextRange {
    let offset = |byte: usize| TextSize::new(u32::try_from(byte).unwrap_or(u32::MAX));
    TextRange::new(offset(bytes.start), offset(bytes.end.max(bytes.start)))
}
