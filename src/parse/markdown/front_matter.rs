//! Tells the YAML at the very start of a Markdown file from a mere horizontal rule.

use crate::source::Span;

/// The front matter of a Markdown file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// The YAML between the two lines of dashes.
    pub yaml: Span,
    /// Where the Markdown begins.
    pub end: usize,
}

/// Finds the front matter. Only a file that starts with `---`, closes it, and looks like keys in between has one: many files
/// start with a horizontal rule.
pub(super) fn find(text: &str) -> Option<FrontMatter> {
    let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let (_, body) = text.split_at_checked(start)?;
    let mut lines = body.split_inclusive('\n');
    let opening = lines.next()?;
    if opening.trim_end() != "---" {
        return None;
    }
    let yaml_start = start + opening.len();
    let mut offset = yaml_start;
    let mut has_keys = None;
    for line in lines {
        if line.trim_end() == "---" {
            let found = FrontMatter { yaml: Span::new(yaml_start, offset), end: offset + line.len() };
            return has_keys.unwrap_or(true).then_some(found);
        }
        if has_keys.is_none() && !line.trim().is_empty() && !line.starts_with('#') {
            has_keys = Some(starts_with_key(line));
        }
        offset += line.len();
    }
    None
}

/// True for a line that begins with a key, or with a template's placeholder for all the keys.
fn starts_with_key(line: &str) -> bool {
    let line = line.trim_end();
    if line.starts_with(['{', '[']) {
        return true;
    }
    let Some((key, value)) = line.split_once(':') else { return false };
    let key = key.trim_matches(['"', '\'']);
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    !key.is_empty() && key.chars().all(is_name) && (value.is_empty() || value.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Option<&str> {
        find(text).map(|found| found.yaml.text(text))
    }

    #[test]
    fn front_matter_stands_at_the_very_start_only() {
        assert_eq!(yaml("---\nlicense: mit\n---\n# A\n"), Some("license: mit\n"));
        assert_eq!(yaml("\u{feff}---\r\nlicense: mit\r\n---\r\n# A\r\n"), Some("license: mit\r\n"));
        assert_eq!(yaml("---\n# a comment\n{{ card_data }}\n---\n"), Some("# a comment\n{{ card_data }}\n"));
        assert_eq!(yaml("---\n---\n# A\n"), Some(""));
        assert_eq!(yaml("\n---\nlicense: mit\n---\n"), None);
    }

    #[test]
    fn a_horizontal_rule_is_not_front_matter() {
        assert_eq!(yaml("---\n\n## seldon model\n\nLists models: all of them.\n\n---\n"), None);
        assert_eq!(yaml("---\nSome words: and more\n---\n"), None);
        assert_eq!(yaml("---\nlicense: mit\n"), None);
        assert_eq!(yaml("----\nlicense: mit\n---\n"), None);
    }
}
