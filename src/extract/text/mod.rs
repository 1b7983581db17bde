//! Facts from the plain text of any file: `secret` by the form of keys, `vendor-use` by hosts, variables and model ids, `secret-file`.

mod environment;
mod place;
mod placeholder;
mod secret;
mod settings;
mod vendor;

use super::Context;
use crate::document::FileKind;
use crate::fact::{EnvironmentVariable, Facts, Secret, SecretFile, Seen, VendorUse};
use crate::source::SourceFile;
use place::Places;

pub(super) use secret::keep_the_surest;

/// Sees keys, hosts of vendors and names of their variables, whatever the syntax around them.
pub fn extract(file: &SourceFile, kind: FileKind, context: &Context<'_>, facts: &mut Facts) {
    // Secrets are looked for whether or not a rule asks: reports hide them wherever they stand. The configuration of DVC is
    // read by those who know which of its settings are secret.
    let wants_secrets = kind != FileKind::DvcConfig;
    let wants_vendors = context.interest.wants(VendorUse::kind()) && vendor::can_show_use(kind);
    if wants_secrets || wants_vendors {
        let places = Places::of(file, kind);
        let mut secrets = secret::Search::new(&places, context);
        let mut vendors = vendor::Search::new(&places, context);
        let written = places.written();
        for clue in written.iter().flat_map(|stretch| context.catalogue.clues(&file.text, *stretch)) {
            if wants_secrets {
                secrets.follow(clue);
            }
            if wants_vendors {
                vendors.follow(clue, facts);
            }
        }
        secrets.finish(facts);
    }
    if settings::holds_settings(file, kind) {
        settings::extract(file, facts);
    }
    if context.interest.wants(SecretFile::kind()) {
        environment::see_secret_file(file, kind, context, facts);
    }
    let wants_variables = context.interest.wants(EnvironmentVariable::kind()) || context.interest.wants(Secret::kind());
    if kind == FileKind::EnvironmentFile && wants_variables {
        environment::see_variables(file, facts);
    }
}

#[cfg(test)]
mod tests;
