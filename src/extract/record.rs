//! Facts from records of models: cards for machines, bills of materials, packages and registries.

mod azure_ml;
mod bentoml;
mod ollama;
pub(super) mod source;

use super::Context;
use crate::document::instructions::Instructions;
use crate::document::{Document, FileKind};
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what a record in a structured syntax says of models.
pub fn extract(file: &SourceFile, kind: FileKind, parsed: &Document, _context: &Context<'_>, facts: &mut Facts) {
    match kind {
        FileKind::AzureMl => azure_ml::extract(file, parsed, facts),
        FileKind::Bentofile => bentoml::extract(file, parsed, facts),
        _ => {}
    }
}

/// Sees what a Modelfile builds on.
pub fn modelfile(file: &SourceFile, parsed: &Instructions, context: &Context<'_>, facts: &mut Facts) {
    ollama::extract(file, parsed, context, facts);
}
