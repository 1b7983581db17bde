//! Facts from lists of packages that are trees: `pyproject.toml`, `package.json`, conda environments.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees `dependency` and `package-index` facts.
pub fn extract(_file: &SourceFile, _parsed: &Document, _context: &Context<'_>, _facts: &mut Facts) {}
