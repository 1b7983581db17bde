//! What the loaded rules ask about: extractors leave out what nobody wants.

use crate::fact::Kind;
use crate::globs::Names;
use std::collections::BTreeSet;

/// Fact kinds and names that at least one loaded rule asks about.
#[derive(Debug, Default)]
pub struct Interest {
    /// Kinds of facts.
    pub kinds: BTreeSet<Kind>,
    /// Full function names that rules on `call` facts list: `torch.load`, `*.from_pretrained`.
    pub functions: Names,
    /// Some of them may stand in JavaScript that imports no package of AI.
    pub all_javascript: bool,
}

impl Interest {
    /// True when a rule asks for this kind of fact.
    #[must_use]
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// True when a rule on calls lists this function, by name or glob.
    #[must_use]
    pub fn wants_call(&self, function: &str) -> bool {
        self.functions.mean(function)
    }
}
