//! What the organisation has set of the rules behind a row: told with the row, so that nothing is switched off or softened out of sight.

use super::{Looking, Row};

impl Looking<'_> {
    /// Why it did not run, in words.
    #[must_use]
    pub fn why_not(&self) -> String {
        match self.off {
            Some(at) => format!("switched off by the organisation ({at})"),
            None => "not among the rules of this run".to_owned(),
        }
    }

    /// What the organisation set of it, in words: another level, other parameters, nothing at all.
    #[must_use]
    pub fn set(&self) -> Vec<String> {
        if self.off.is_some() {
            return vec![self.why_not()];
        }
        let Some(text) = self.in_force else { return Vec::new() };
        let own = self.rule.text.level;
        let level = (text.level != own && !text.level_set_at.is_empty())
            .then(|| format!("{} instead of {} ({})", text.level.name(), own.name(), text.level_set_at));
        let parameters = text.parameters.iter().filter(|parameter| !parameter.set_at.is_empty());
        level
            .into_iter()
            .chain(parameters.map(|it| format!("{} = {} instead of {} ({})", it.name, it.value, it.default, it.set_at)))
            .collect()
    }
}

impl Row<'_> {
    /// What the organisation set of its rules, with a `; ` before each.
    pub(super) fn set(&self) -> String {
        let of_rule = |looking: &Looking<'_>| {
            let set = looking.set();
            (!set.is_empty()).then(|| format!("; {}: {}", looking.rule.id(), set.join(", ")))
        };
        self.rules.iter().filter_map(of_rule).collect()
    }
}
