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
    /// The policy's own text, in Markdown.
    pub text: Option<Written<String>>,
}

impl PartialEq for Sources {
    /// The same policy, wherever it is written.
    fn eq(&self, other: &Self) -> bool {
        fn values(sources: &Sources) -> impl Iterator<Item = (bool, &str)> {
            let packs = sources.packs.iter().map(|pack| (false, pack.value.as_str()));
            packs.chain(sources.text.iter().map(|text| (true, text.value.as_str())))
        }
        values(self).eq(values(other))
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
        let text = table.text("text", problems);
        table.finish(problems);
        Self { packs, text }
    }
}
