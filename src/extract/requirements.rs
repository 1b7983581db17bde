//! Facts from requirements files: `dependency`, `package-index`.

use super::Context;
use crate::document::packages::PackageList;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees `dependency` and `package-index` facts.
pub fn extract(_file: &SourceFile, _parsed: &PackageList, _context: &Context<'_>, _facts: &mut Facts) {}
