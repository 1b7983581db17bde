//! Who owns a path by CODEOWNERS, as far as names can be compared.

use crate::fact::{CodeOwner, Fact, FieldValue, Seen};
use crate::source::file_name;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Where forges look for the file, first place first; of several files only the first has effect.
pub const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];
/// A longer list is not held against paths.
const LIMIT: usize = 2_000;

/// The patterns of the CODEOWNERS file that the forge reads.
#[derive(Debug, Default)]
pub struct Ownership {
    globs: GlobSet,
    owners: Vec<Vec<String>>,
}

/// Somebody as a file or a commit names them. Different forms cannot be compared with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// `a@example.org`, in lower case.
    Email(String),
    /// `@handle` without its sign, in lower case.
    Handle(String),
    /// `@organisation/team`: people who are not named.
    Team(String),
    /// Anything else: a full name, a role.
    Words(String),
}

impl Name {
    /// Reads a name: an email address, also behind a full name, a handle, a team, or words.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let lower = text.trim().to_lowercase();
        let bare = lower.rsplit_once('<').map_or(lower.as_str(), |(_, inside)| inside.trim_end_matches('>'));
        match bare.strip_prefix('@') {
            Some(name) if name.contains('/') => Self::Team(name.to_owned()),
            Some(name) => Self::Handle(name.to_owned()),
            None if bare.contains('@') => Self::Email(bare.to_owned()),
            None => Self::Words(lower.clone()),
        }
    }

    /// True when both are the same person; `None` when that cannot be told.
    #[must_use]
    pub fn is(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Email(a), Self::Email(b)) | (Self::Handle(a), Self::Handle(b)) => Some(a == b),
            // Names and roles are written in many ways: only agreement tells something.
            (Self::Words(a), Self::Words(b)) | (Self::Team(a), Self::Team(b)) => (a == b).then_some(true),
            _ => None,
        }
    }
}

impl Ownership {
    /// What the seen lines of CODEOWNERS say.
    #[must_use]
    pub fn of(facts: &[Fact]) -> Self {
        let is_line = |fact: &&Fact| {
            fact.kind == CodeOwner::kind()
                && fact.text("effective") == "yes"
                && file_name(&fact.path).eq_ignore_ascii_case("codeowners")
        };
        let mut lines: Vec<&Fact> = facts.iter().filter(is_line).collect();
        lines.sort_by_key(|fact| fact.at);
        let globs = globs(lines.iter().map(|fact| fact.text("pattern")));
        let owners = lines.iter().map(|fact| match fact.get("owners") {
            Some(FieldValue::List(owners)) => owners.to_vec(),
            _ => Vec::new(),
        });
        globs.map_or_else(Self::default, |globs| Self { globs, owners: owners.collect() })
    }

    /// Who owns the path; empty when nobody is named.
    #[must_use]
    pub fn owners(&self, path: &str) -> &[String] {
        // The last line that fits decides.
        let line = self.globs.matches(path).into_iter().max();
        line.and_then(|line| self.owners.get(line)).map_or(&[], Vec::as_slice)
    }

    /// True when `name` owns the path; `None` where nobody is named, or in another form than `name`.
    #[must_use]
    pub fn owns(&self, name: &Name, path: &str) -> Option<bool> {
        let same: Vec<Option<bool>> = self.owners(path).iter().map(|owner| Name::read(owner).is(name)).collect();
        if same.contains(&Some(true)) {
            Some(true)
        } else if same.is_empty() || same.contains(&None) {
            None
        } else {
            Some(false)
        }
    }
}

/// One glob for each pattern, in order; `None` for a list that is too long or holds what is no pattern.
pub fn globs<'a>(patterns: impl ExactSizeIterator<Item = &'a str>) -> Option<GlobSet> {
    if patterns.len() > LIMIT {
        return None;
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(GlobBuilder::new(&as_glob(pattern)).literal_separator(true).empty_alternates(true).build().ok()?);
    }
    set.build().ok()
}

/// `*` is every file; a pattern with a `/` inside is told from the root, any other from everywhere; a folder stands for all that is in it.
fn as_glob(pattern: &str) -> String {
    let bare = pattern.trim_start_matches('/');
    let is_rooted = pattern.trim_end_matches('/').contains('/');
    let start = if is_rooted || bare.starts_with("**/") { "" } else { "**/" };
    if let Some(folder) = bare.strip_suffix('/') {
        return format!("{start}{folder}/**");
    }
    // `docs/*` are the files in the folder itself, `docs` is a file or all that is in a folder.
    let last = file_name(bare);
    if last.contains('*') { format!("{start}{bare}") } else { format!("{start}{bare}{{,/**}}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Facts, Field};
    use crate::source::Span;

    fn ownership(lines: &[(&str, &[&str])]) -> Ownership {
        let mut facts = Facts::of(&".github/CODEOWNERS".into());
        for (number, (pattern, owners)) in lines.iter().enumerate() {
            let owners = owners.iter().map(|owner| (*owner).to_owned()).collect::<Vec<_>>();
            let line = CodeOwner { pattern: (*pattern).into(), owners: Field::known(owners), effective: true.into() };
            facts.add(*pattern, Span::new(number, number + 1), line);
        }
        Ownership::of(&facts.all)
    }

    #[test]
    fn the_last_line_that_fits_decides() {
        let owned = ownership(&[("*", &["@lead"]), ("/models/", &["@ml", "ciso@example.org"]), ("/models/free", &[])]);
        let owns = |name: &str, path: &str| owned.owns(&Name::read(name), path);
        assert_eq!(owns("@Lead", "src/a.py"), Some(true));
        assert_eq!(owns("@lead", "models/a.py"), None, "an email address among the owners may be the same person's");
        assert_eq!(owns("@other", "src/a.py"), Some(false));
        assert_eq!(owns("Jane Doe <ciso@example.org>", "models/a.py"), Some(true));
        assert_eq!(owns("@lead", "models/free"), None);
        assert_eq!(ownership(&[]).owns(&Name::read("@lead"), "a"), None);
        let of_file = ownership(&[("*", &["@lead"]), ("/aimslint.toml", &["@ciso"])]);
        assert_eq!(of_file.owners("aimslint.toml"), ["@ciso"]);
        assert_eq!(of_file.owners("a/aimslint.toml"), ["@lead"]);
    }

    #[test]
    fn teams_and_roles_stay_unknown() {
        let owned = ownership(&[("*", &["@org/ai-board"])]);
        assert_eq!(owned.owns(&Name::read("@jane"), "a"), None);
        assert_eq!(owned.owns(&Name::read("@org/ai-board"), "a"), Some(true));
        assert_eq!(Name::read("CISO").is(&Name::read("Jane Doe")), None);
    }
}
