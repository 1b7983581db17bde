//! Where an organisation's own policy stands: the `[policy]` table of the settings.

use crate::problem::Problems;
use crate::table::{Table, Written};

/// How many packs the settings may name.
const PACK_LIMIT: usize = 20;

/// Where an organisation's own policy stands, told from the settings file.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Folders of rules.
    pub packs: Vec<Written<String>>,
}

impl PartialEq for Sources {
    /// The same policy, wherever it is written.
    fn eq(&self, other: &Self) -> bool {
        self.packs.iter().map(|pack| &pack.value).eq(other.packs.iter().map(|pack| &pack.value))
    }
}

impl Sources {
    /// Reads `[policy]` of the settings file.
    #[must_use]
    pub fn read(root: &Table<'_>, problems: &mut Problems<'_>) -> Self {
        let Some(table) = root.table("policy", problems) else { return Self::default() };
        let packs = table.texts("packs", problems);
        if let Some(pack) = packs.get(PACK_LIMIT) {
            problems.add(pack.at, format!("there may be at most {PACK_LIMIT} packs"));
        }
        table.finish(problems);
        Self { packs }
    }
}
