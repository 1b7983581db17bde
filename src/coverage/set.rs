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
    /// What was kept, and which rules have to be looked at again, with the place of the clause that reads otherwise.
    pub(super) fn who_needs_review(&self) -> String {
        let due: Vec<&Looking<'_>> = self.rules.iter().filter(|looking| !looking.reviews.is_empty()).collect();
        let named: Vec<&str> = due.iter().take(super::NAMED).map(|looking| looking.rule.id()).collect();
        let named = format!("{}{}", named.join(", "), super::more(due.len()));
        let review = due.iter().flat_map(|looking| &looking.reviews).next();
        let reason = review.map_or_else(String::new, |review| {
            let at = if review.at.is_empty() { String::new() } else { format!(" ({})", review.at) };
            review.reason(&named) + &at
        });
        format!("{reason}; {}", self.who_looked())
    }

    /// What the organisation set of its rules, with a `; ` before each.
    pub(super) fn set(&self) -> String {
        let of_rule = |looking: &Looking<'_>| {
            let set = looking.set();
            (!set.is_empty()).then(|| format!("; {}: {}", looking.rule.id(), set.join(", ")))
        };
        self.rules.iter().filter_map(of_rule).collect()
    }
}
