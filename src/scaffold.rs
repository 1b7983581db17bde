//! The files that a new rule starts from: they load, and fail their test until the author has written them.

use crate::PolicyBook;
use crate::policy::FAMILIES;
use crate::problem::unknown;
use crate::verify::{EXPECTATION, UNWRITTEN};

/// Where a new rule is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// In the folder `policies`, beside `fixtures`.
    Policies,
    /// In a pack, which holds its fixtures itself.
    Pack,
}

/// The files of a new rule `family/name`: path and text of each, told from the pack or from the folder that holds `policies` and `fixtures`.
///
/// # Errors
///
/// One sentence when there cannot be a rule of this id.
pub fn scaffold(id: &str, book: &PolicyBook, home: Home) -> Result<Vec<(String, String)>, String> {
    let Some((family, name)) = id.split_once('/') else {
        return Err(format!("`{id}` is no id of a rule; write family/name, such as vendor/unread-terms"));
    };
    if !FAMILIES.contains(&family) {
        return Err(unknown("family", family, FAMILIES.iter().copied()));
    }
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !name.split('-').all(is_word) {
        return Err(format!("`{name}` is no name of a rule; write small letters and digits, with - between words"));
    }
    if book.rules.contains_key(id) {
        return Err(format!("there is a rule `{id}` already; `aimslint explain {id}` prints it"));
    }
    let rule = format!(
        r#"title      = "{UNWRITTEN} the bad thing, in a few words of the reader"
message    = "`{{id}}` ..."
level      = "warning"          # error | warning | note
confidence = "medium"           # high: in the gate profile; medium, low: only with --profile audit
clauses    = []                 # {UNWRITTEN} of the policy, such as "3.2.a": at least one
controls   = []                 # {UNWRITTEN} such as "iso42001:A.7.2": at least one
why        = """
{UNWRITTEN} why it matters to the reader's own system."""
fix        = """
{UNWRITTEN} what to write instead; the first line is shown with every finding."""
blind      = "{UNWRITTEN} what this rule cannot see."
references = []

[each]                          # what is judged: `aimslint facts` lists the kinds of fact and their fields
fact  = "model-reference"
where = 'context == "product"'

[must]                          # what keeps the rule; exactly one of hold, exist, not-exist
hold  = 'pin != "none"'
at    = "id"
"#
    );
    let fixtures = format!("fixtures/{id}");
    let place = match home {
        Home::Policies => format!("policies/{id}.toml"),
        Home::Pack => format!("{id}.toml"),
    };
    Ok(vec![
        (place, rule),
        (
            format!("{fixtures}/fail-example/{EXPECTATION}"),
            format!(
                "# {UNWRITTEN} path:line of every finding in this folder, no more and no less.\nfindings = [\"src/train.py:2\"]\n"
            ),
        ),
        (
            format!("{fixtures}/fail-example/src/train.py"),
            format!("# {UNWRITTEN} the smallest repository that breaks the rule.\n"),
        ),
        (
            format!("{fixtures}/pass-example/src/train.py"),
            format!("# {UNWRITTEN} the same repository, mended: the rule must look at it and find nothing.\n"),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::{Home, scaffold};
    use crate::PolicyBook;
    use crate::source::SourceFile;

    #[test]
    fn the_scaffold_of_a_rule_loads() {
        let files = scaffold("vendor/unread-terms", &PolicyBook::default(), Home::Policies).unwrap();
        let rules = files.into_iter().filter(|(path, _)| path.starts_with("policies/"));
        let book = PolicyBook::load(rules.map(|(path, text)| SourceFile::new(path, text))).unwrap();
        assert!(book.rules.contains_key("vendor/unread-terms"));
        assert_eq!(
            scaffold("vendor/unread-terms", &book, Home::Pack).unwrap_err(),
            "there is a rule `vendor/unread-terms` already; `aimslint explain vendor/unread-terms` prints it"
        );
    }

    #[test]
    fn ids_that_cannot_be_are_refused() {
        for (id, sentence) in [
            ("terms", "`terms` is no id"),
            ("vendors/unread-terms", "unknown family `vendors`; did you mean `vendor`?"),
            ("vendor/../../x", "no name of a rule"),
            ("vendor/Unread", "no name of a rule"),
        ] {
            let said = scaffold(id, &PolicyBook::default(), Home::Pack).unwrap_err();
            assert!(said.contains(sentence), "{said}");
        }
    }
}
