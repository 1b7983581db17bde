//! A waiver: a breach that somebody has decided to bear for a while.

use crate::finding::Finding;
use crate::globs::Globs;
use crate::source::Span;
use jiff::civil::Date;
use std::sync::Arc;

/// One waiver, of the register or written beside what it covers.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The file in which it is written.
    pub path: Arc<str>,
    /// Where.
    pub at: Span,
    /// Id of a rule, or `family/*`.
    pub rule: String,
    /// What it covers.
    pub scope: Scope,
    /// Why; empty when not said.
    pub reason: String,
    /// Who decided; empty when not said.
    pub approver: String,
    /// Where it was decided; empty when not said.
    pub ticket: String,
    /// Last day that it counts; `None` when not said.
    pub until: Option<Date>,
    /// What is wrong with it; one that has faults covers nothing.
    pub faults: Vec<String>,
}

/// What a waiver covers.
#[derive(Debug, Clone)]
pub enum Scope {
    /// Files, things, or both: that of the register.
    Register {
        /// Which files, as it is written and as it is held against them; `None` for all.
        files: Option<(String, Globs)>,
        /// The lasting name of the thing that is wrong; `None` for all.
        subject: Option<String>,
    },
    /// What starts in these bytes of the file that the waiver is written in.
    Line(Span),
}

/// True for the id of one of the `rules`, and for `family/*` when one of them is of that family.
#[must_use]
pub fn is_known(name: &str, rules: &[&str]) -> bool {
    match name.strip_suffix('*') {
        Some(family) => family.ends_with('/') && rules.iter().any(|rule| rule.starts_with(family)),
        None => rules.contains(&name),
    }
}

impl Waiver {
    /// True when it names this rule.
    #[must_use]
    pub fn names(&self, rule: &str) -> bool {
        match self.rule.strip_suffix("/*") {
            Some(family) => rule.split_once('/').is_some_and(|(of, _)| of == family),
            None => self.rule == rule,
        }
    }

    /// True when it counts on this day.
    #[must_use]
    pub fn counts(&self, today: Date) -> bool {
        self.faults.is_empty() && self.until.is_none_or(|until| until >= today)
    }

    /// True when the file can hold what it covers.
    #[must_use]
    pub fn reaches(&self, path: &str) -> bool {
        match &self.scope {
            Scope::Register { files, .. } => files.as_ref().is_none_or(|(_, files)| files.is_match(path)),
            Scope::Line(_) => *self.path == *path,
        }
    }

    /// True when the finding is of its rule and scope.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        let in_scope = match &self.scope {
            Scope::Register { subject, .. } => subject.as_ref().is_none_or(|subject| *subject == finding.subject),
            Scope::Line(line) => {
                let starts = finding.primary.location.span().map(|span| span.start);
                starts.is_some_and(|start| (line.start..line.end.max(line.start + 1)).contains(&start))
            }
        };
        in_scope && self.names(&finding.rule) && self.reaches(&finding.primary.path)
    }
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn a_rule_is_known_by_its_id_and_a_family_by_its_rules() {
        let rules = ["access/open-bucket", "bias/missing-test"];
        for (name, known) in [
            ("access/open-bucket", true),
            ("access/*", true),
            ("access/open", false),
            ("privacy/*", false),
            ("acc*", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(is_known(name, &rules), known, "{name}");
        }
    }
}
