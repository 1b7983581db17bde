//! Facts from GitHub Actions workflows: `workflow`, `step`, `image`, `environment-variable`, `check-tool`.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees a workflow and its steps.
pub fn extract(_file: &SourceFile, _parsed: &Document, _context: &Context<'_>, _facts: &mut Facts) {}
