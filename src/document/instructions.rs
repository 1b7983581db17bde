//! What is read from a Dockerfile: its instructions in order.

use super::Fault;
use crate::source::Span;

/// One Dockerfile.
#[derive(Debug, Default)]
pub struct Instructions {
    /// Instructions in order.
    pub all: Vec<Instruction>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Its keyword in upper case: `FROM`, `RUN`, `ENV`.
    pub keyword: String,
    /// Flags (`--platform=...`) with their values.
    pub flags: Vec<(String, String)>,
    /// Its arguments, continuation lines joined by a space and comments removed; here-documents included.
    pub text: String,
    /// Where the arguments stand.
    pub text_span: Span,
    /// The whole instruction.
    pub span: Span,
}
