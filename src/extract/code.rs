//! Facts from Python and notebooks: `call`, `model-reference`, `address`, `environment-variable`, and uses of vendors and tools.

use super::Context;
use crate::document::code::Code;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what rules ask of code.
pub fn extract(_file: &SourceFile, _parsed: &Code, _context: &Context<'_>, _facts: &mut Facts) {}
