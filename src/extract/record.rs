//! Facts from records of models: cards for machines, bills of materials, packages and registries.

mod azure_ml;
mod bentoml;
mod bom;
mod described;
mod mlflow;
mod ollama;
mod results;
pub(super) mod source;
mod spdx;
mod toolkit;

use super::Context;
use crate::document::instructions::Instructions;
use crate::document::{Document, FileKind};
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what a record in a structured syntax says of models.
pub fn extract(file: &SourceFile, kind: FileKind, parsed: &Document, facts: &mut Facts) {
    match kind {
        FileKind::AzureMl => azure_ml::extract(file, parsed, facts),
        FileKind::Bentofile => bentoml::extract(file, parsed, facts),
        FileKind::ModelCardToolkit => toolkit::extract(file, parsed, facts),
        FileKind::CycloneDx => bom::extract(parsed, facts),
        FileKind::Spdx => spdx::extract(parsed, facts),
        FileKind::MlflowModel => mlflow::extract(file, parsed, facts),
        FileKind::EvaluationResults => results::extract(parsed, facts),
        _ => {}
    }
}

/// Sees what a Modelfile builds on.
pub fn modelfile(file: &SourceFile, parsed: &Instructions, context: &Context<'_>, facts: &mut Facts) {
    ollama::extract(file, parsed, context, facts);
}
