//! Reads Python with the ruff parser; the only file that knows that crate.

use crate::document::code::Code;

/// Reads one Python file.
#[must_use]
pub fn parse(_text: &str) -> Code {
    Code::default()
}
