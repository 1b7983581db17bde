//! Files whose lines are a pattern of paths and words about them: CODEOWNERS, `.gitattributes`.

use super::Faults;
use crate::source::Span;

/// The lines of one file that say something.
#[derive(Debug, Default)]
pub struct PatternList {
    /// Lines in order, without comments.
    pub lines: Vec<PatternLine>,
    /// What could not be read.
    pub faults: Faults,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternLine {
    /// The pattern, its escaped blanks plain.
    pub pattern: String,
    /// What stands behind it, in order.
    pub words: Vec<String>,
    /// The line without the blanks around it and without a comment at its end.
    pub span: Span,
}
