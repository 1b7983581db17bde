//! Facts from model, dataset and system cards: `card`, `metric`.

use super::Context;
use crate::document::prose::Prose;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees a card, or nothing when the Markdown is not one.
pub fn extract(_file: &SourceFile, _parsed: &Prose, _context: &Context<'_>, _facts: &mut Facts) {}
