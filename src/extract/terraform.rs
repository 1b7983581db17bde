//! Facts from Terraform modules: `store`, `ai-service`, `key`, `grant`. A module is all files of one folder.

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what the files of one module (one folder) create. `facts` has one collection for each file, in the same order.
pub fn extract(_module: &[(SourceFile, Document)], _context: &Context<'_>, _facts: &mut [Facts]) {}
