//! What is to be said of each waiver once it is known what it covers: facts, for rules to judge.

use crate::blame::Author;
use crate::evaluate::Active;
use crate::fact::{self, Choice, Fact, Facts, Field};
use crate::finding::Level;
use crate::ownership::{Name, Ownership};
use crate::settings::WaiverTerms;
use crate::source::Span;
use crate::tree::Tree;
use crate::waive::Use;
use crate::waiver::{Scope, Waiver};
use jiff::civil::Date;
use std::collections::HashSet;

/// What is to be said of each waiver, given what it covers and who wrote its line.
pub(crate) fn facts(
    waivers: &[Waiver],
    uses: &[Use],
    authors: &[Option<Author>],
    circumstances: &Circumstances<'_>,
) -> Vec<Fact> {
    let known = waivers.iter().zip(uses).zip(authors);
    known.filter_map(|((waiver, used), author)| circumstances.fact(waiver, used, author.as_ref())).collect()
}

/// What a waiver is held against.
pub(crate) struct Circumstances<'a> {
    /// The day that counts as today.
    pub today: Date,
    /// What the settings demand of waivers.
    pub terms: &'a WaiverTerms,
    /// The files of the repository.
    pub tree: &'a Tree,
    /// Who owns them.
    pub ownership: &'a Ownership,
    /// The scanned folder lies below the one from which the register tells paths.
    pub below_settings: bool,
    /// The rules that ran on the repository.
    pub rules: &'a [Active<'a>],
    /// The files of which a part could not be judged; `None` when only a part of the repository was to be judged.
    pub unread: Option<&'a HashSet<&'a str>>,
}

/// Where waivers are written whose author matters: those that name an approver.
pub(crate) fn approved(waivers: &[Waiver]) -> Vec<Option<(&str, Span)>> {
    waivers.iter().map(|waiver| (!waiver.approver.is_empty()).then_some((&*waiver.path, waiver.at))).collect()
}

impl Circumstances<'_> {
    /// The fact that the waiver is.
    fn fact(&self, waiver: &Waiver, used: &Use, author: Option<&Author>) -> Option<Fact> {
        let named = || self.rules.iter().filter(|active| waiver.names(&active.rule.text.id));
        // A rule that does not run has no level: the strictest terms are for it.
        let level = named().map(|active| active.level).max().unwrap_or(Level::Error);
        let files = match waiver.scope {
            Scope::Register { .. } => self.tree.files.iter().filter(|path| waiver.reaches(path)).count(),
            // A file can hold very many of them.
            Scope::Line(_) => usize::from(self.tree.contains(&waiver.path)),
        };
        let days_to = |until: Date, from: Date| from.until(until).ok().map(|span| i64::from(span.get_days()));
        let days_left = waiver.until.and_then(|until| days_to(until, self.today));
        let written = author.map_or(self.today, |author| author.day);
        let (form, pattern, subject) = match &waiver.scope {
            Scope::Register { files, subject } => {
                ("register", files.as_ref().map(|(written, _)| written.as_str()), subject.as_deref())
            }
            Scope::Line(_) => ("inline", None, None),
        };
        let covers_all = subject.is_none() && form == "register" && files == self.tree.files.len();
        // Of files beside the scanned folder nobody knows.
        let every_file = (!covers_all || !self.reaches_further(waiver)).then_some(covers_all);
        let is_past = days_left.is_some_and(|days| days < 0);
        let is_used = if used.findings > 0 {
            Some(true)
        } else {
            (!is_past && waiver.faults.is_empty() && named().next().is_some() && self.has_judged(waiver))
                .then_some(false)
        };
        let approver = Name::read(&waiver.approver);
        let has_approver = !waiver.approver.is_empty();
        let seen = fact::Waiver {
            form: form.into(),
            rule: waiver.rule.as_str().into(),
            pattern: pattern.unwrap_or_default().into(),
            subject: subject.unwrap_or_default().into(),
            files: number(files),
            every_file: Field { value: every_file, at: None },
            level: Field::known(Choice(level.name())),
            reason: waiver.reason.as_str().into(),
            approver: waiver.approver.as_str().into(),
            ticket: waiver.ticket.as_str().into(),
            until: waiver.until.map(|until| until.to_string()).unwrap_or_default().into(),
            days_left: Field { value: days_left, at: None },
            life: Field { value: waiver.until.and_then(|until| days_to(until, written)), at: None },
            longest_life: self.terms.longest(level).into(),
            findings: number(used.findings),
            used: Field { value: is_used, at: None },
            author: Field { value: author.map(|author| format!("{} <{}>", author.name, author.email)), at: None },
            approver_is_author: Field { value: author.and_then(|author| is_author(&approver, author)), at: None },
            approver_owns: Field { value: has_approver.then(|| self.owns(&approver, used)).flatten(), at: None },
            fault: waiver.faults.join("; ").into(),
        };
        // The name that lasts is what it waives where: two of the same are told apart by their order.
        let name = match form {
            "inline" => waiver.rule.clone(),
            _ => format!("{} {} {}", waiver.rule, pattern.unwrap_or_default(), subject.unwrap_or_default()),
        };
        let mut facts = Facts::of(&waiver.path);
        facts.add(name.trim_end(), waiver.at, seen);
        facts.all.pop()
    }

    /// True for a waiver of a register that stands above the scanned folder: it may be meant for what lies beside that.
    fn reaches_further(&self, waiver: &Waiver) -> bool {
        self.below_settings && matches!(waiver.scope, Scope::Register { .. })
    }

    /// True when every file that the waiver reaches was judged in full.
    fn has_judged(&self, waiver: &Waiver) -> bool {
        let is_unread = |unread: &HashSet<&str>| match waiver.scope {
            Scope::Register { .. } => unread.iter().any(|path| waiver.reaches(path)),
            Scope::Line(_) => unread.contains(&*waiver.path),
        };
        !self.reaches_further(waiver) && self.unread.is_some_and(|unread| !is_unread(unread))
    }

    /// True when the approver owns all of the files, false when not of one; `None` when that cannot be told.
    fn owns(&self, approver: &Name, used: &Use) -> Option<bool> {
        let owned: Vec<Option<bool>> = used.paths.iter().map(|path| self.ownership.owns(approver, path)).collect();
        match owned.as_slice() {
            [] => None,
            each if each.contains(&Some(false)) => Some(false),
            each if each.contains(&None) => None,
            _ => Some(true),
        }
    }
}

fn number(count: usize) -> Field<i64> {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

/// The part of GitHub's private addresses behind the sign: `12345+handle@users.noreply.github.com`.
const PRIVATE_HOST: &str = "users.noreply.github.com";

/// True when the approver is the author; `None` when the two are named in different forms.
fn is_author(approver: &Name, author: &Author) -> Option<bool> {
    let email = author.email.to_lowercase();
    let handle = email
        .strip_suffix(PRIVATE_HOST)
        .and_then(|rest| rest.strip_suffix('@'))
        .map(|handle| Name::Handle(handle.rsplit('+').next().unwrap_or(handle).to_owned()));
    // A private address says nothing about the person's others.
    let known = handle.unwrap_or(Name::Email(email));
    match (approver.is(&known), approver.is(&Name::Words(author.name.to_lowercase()))) {
        (_, Some(true)) => Some(true),
        (told, _) => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approver_and_author_are_compared_where_they_can_be() {
        let author = |name: &str, email: &str| Author {
            name: name.to_owned(),
            email: email.to_owned(),
            day: Date::constant(2026, 1, 1),
        };
        let jane = author("Jane Doe", "Jane@example.org");
        let private = author("jd", "123+jane-d@users.noreply.github.com");
        for (approver, author, same) in [
            ("jane@example.org", &jane, Some(true)),
            ("ciso@example.org", &jane, Some(false)),
            ("Jane Doe", &jane, Some(true)),
            ("CISO", &jane, None),
            ("@jane-d", &jane, None),
            ("@jane-d", &private, Some(true)),
            ("@ciso", &private, Some(false)),
            ("jane@example.org", &private, None),
            ("@org/ai-board", &private, None),
        ] {
            assert_eq!(is_author(&Name::read(approver), author), same, "{approver}");
        }
    }
}
