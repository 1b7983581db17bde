//! Facts from Dockerfiles: `image`, `workload`, `environment-variable`, `package-index`.

use super::Context;
use crate::document::instructions::Instructions;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what a Dockerfile builds.
pub fn extract(_file: &SourceFile, _parsed: &Instructions, _context: &Context<'_>, _facts: &mut Facts) {}
