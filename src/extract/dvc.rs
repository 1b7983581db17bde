//! Facts from DVC: `store` for remotes, `secret`, `pipeline-stage`, `locked-stage`, `data-file`, `data-import`.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what DVC files say.
pub fn extract(_file: &SourceFile, _parsed: &Document, _context: &Context<'_>, _facts: &mut Facts) {}
