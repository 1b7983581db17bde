//! Facts from Croissant dataset descriptions: `data-manifest`, `data-file`.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees a dataset description.
pub fn extract(_file: &SourceFile, _parsed: &Document, _context: &Context<'_>, _facts: &mut Facts) {}
