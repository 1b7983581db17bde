//! Facts from compose files: `workload`, `image`, `environment-variable`.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees the services of a compose file.
pub fn extract(_file: &SourceFile, _parsed: &Document, _context: &Context<'_>, _facts: &mut Facts) {}
