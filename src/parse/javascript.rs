//! Reads JavaScript and TypeScript lightly: imports, calls with literal options, assignments of literals. No grammar is checked, so that
//! JSX, types and syntax to come pass; what is not understood is passed over.
//!
//! Names are written so that no rule on Python means them: package and export are parted by `#`, and so is what hangs on them
//! (`openai#OpenAI`, `openai#OpenAI#chat#completions#create`). The default export, and the package itself where it is called, is
//! `openai#default`; what the language or the browser gives is `#fetch`; what hangs on an unknown thing is `*#create`.

mod bindings;
mod brackets;
mod names;
mod tokens;
mod values;
mod walk;

#[cfg(test)]
mod tests;

use super::extent::Extent;
use crate::document::Fault;
use crate::document::code::Code;
use crate::source::Span;

/// Source beyond this size is not what people write: it was put together by a tool, with all packages in it.
const SIZE_LIMIT: usize = 4 << 20;

/// Reads one file.
#[must_use]
pub fn parse(text: &str) -> Code {
    if text.len() > SIZE_LIMIT {
        let fault = Fault::new(Span::empty(0), "larger than 4 MiB: looked through for keys, hosts and names only");
        return Code { faults: fault.into(), ..Code::default() };
    }
    let Extent { read, rest } = Extent::of_language(text);
    let (tokens, faults) = tokens::tokens(read);
    let source = brackets::Source::new(read, &tokens);
    let mut code = walk::read(&source);
    code.faults.extend(faults);
    if let Some(rest) = rest {
        code.faults.leave_out(read.len(), rest);
    }
    code
}
