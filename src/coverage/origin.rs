//! Where facts come from, and what they are called by people who do not write rules.

use crate::fact::Kind;

/// Where facts of a kind come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The settings declare it.
    Register,
    /// A document, a record, a result or a step says or does it.
    Documents,
    /// Code or configuration does it.
    Code,
    /// It is about the run as a whole.
    Run,
}

/// Where facts of this kind come from.
pub(super) fn of(kind: Kind) -> Origin {
    listed(kind).map_or(Origin::Code, |(_, origin, _)| *origin)
}

/// What one of them is called.
pub(super) fn word(kind: Kind) -> String {
    listed(kind).map_or_else(|| kind.spec().name.replace('-', " "), |(.., word)| (*word).to_owned())
}

fn listed(kind: Kind) -> Option<&'static (&'static str, Origin, &'static str)> {
    KINDS.iter().find(|(name, ..)| *name == kind.spec().name)
}

/// Kinds by name. One that is not here comes from code and is called by its name.
const KINDS: &[(&str, Origin, &str)] = &[
    ("ai-service", Origin::Documents, "cloud service for AI"),
    ("assistant-setting", Origin::Code, "settings of a coding assistant"),
    ("assistant-use", Origin::Code, "coding assistant"),
    ("branch-rule", Origin::Documents, "rule about branches"),
    ("call", Origin::Code, "call in code"),
    ("card", Origin::Documents, "card of a model or dataset"),
    ("card-section", Origin::Documents, "card of a model or dataset"),
    ("change", Origin::Run, ""),
    ("check-tool", Origin::Documents, "tool that checks models or data"),
    ("code-owner", Origin::Documents, "list of code owners"),
    ("data-field", Origin::Documents, "list of a dataset's fields"),
    ("data-file", Origin::Documents, "list of a dataset's files"),
    ("data-manifest", Origin::Documents, "description of a dataset"),
    ("data-use", Origin::Documents, "declared use of data"),
    ("detector", Origin::Documents, "detector of what is out of the ordinary"),
    ("documented-change", Origin::Documents, "document beside what it describes"),
    ("evaluation", Origin::Documents, "result of an evaluation"),
    ("evidence", Origin::Documents, "dated document or result"),
    ("gateway", Origin::Code, "API gateway"),
    ("governance-document", Origin::Documents, "policy or plan"),
    ("grant", Origin::Code, "grant of rights"),
    ("image", Origin::Code, "container image"),
    ("impact-assessment", Origin::Register, "impact assessment"),
    ("key", Origin::Code, "encryption key"),
    ("library-setting", Origin::Code, "setting of a library"),
    ("licence-file", Origin::Documents, "licence"),
    ("listed-tool", Origin::Register, "AI tool"),
    ("locked-stage", Origin::Documents, "stage of a DVC pipeline"),
    ("mcp-server", Origin::Code, "MCP server"),
    ("measured-metric", Origin::Documents, "file of results"),
    ("metric", Origin::Documents, "result in a card"),
    ("model-gateway", Origin::Code, "gateway to models"),
    ("model-record", Origin::Documents, "record of a model"),
    ("model-reference", Origin::Code, "model or dataset named by its id"),
    ("ownership-file", Origin::Documents, "list of code owners"),
    ("pipeline-include", Origin::Code, "part that a pipeline takes over"),
    ("pipeline-stage", Origin::Documents, "stage of a DVC pipeline"),
    ("policy-change", Origin::Run, ""),
    ("prompt", Origin::Documents, "prompt"),
    ("prompt-store", Origin::Register, "prompt store"),
    ("register-entry", Origin::Register, "entry"),
    ("register-record", Origin::Register, "linked record"),
    ("registered-vendor", Origin::Register, "AI vendor"),
    ("repository", Origin::Run, ""),
    ("risk", Origin::Register, "risk"),
    ("role-holder", Origin::Register, "role holder"),
    ("second-factor", Origin::Code, "rule about a second factor"),
    ("secret", Origin::Code, "written key or password"),
    ("secret-file", Origin::Code, "file for secrets"),
    ("statement", Origin::Register, "statement"),
    ("step", Origin::Documents, "pipeline step"),
    ("store", Origin::Code, "data store"),
    ("system", Origin::Register, "AI system"),
    ("update-bot", Origin::Documents, "bot that proposes updates"),
    ("use-case-analysis", Origin::Register, "analysis of a use case"),
    ("vendor-use", Origin::Code, "use of an AI vendor"),
    ("waiver", Origin::Register, "waiver"),
    ("workflow", Origin::Documents, "pipeline"),
    ("workload", Origin::Code, "container"),
];

#[cfg(test)]
mod tests {
    use super::KINDS;
    use crate::fact;

    #[test]
    fn every_name_is_that_of_a_kind() {
        for (name, ..) in KINDS {
            assert!(fact::KINDS.iter().any(|kind| kind.name == *name), "{name}");
        }
    }
}
