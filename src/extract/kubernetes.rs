//! Facts from Kubernetes manifests: `workload`, `image`, `environment-variable`, `grant`.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees the containers and rights of a manifest.
pub fn extract(_file: &SourceFile, _parsed: &Document, _context: &Context<'_>, _facts: &mut Facts) {}
