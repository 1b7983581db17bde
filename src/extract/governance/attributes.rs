//! Patterns of files that git keeps in large-file storage.

use crate::document::patterns::PatternList;
use crate::fact::{Facts, LargeFilePattern};

/// Sees the patterns of a `.gitattributes` file that are filtered through LFS.
pub(super) fn extract(parsed: &PatternList, facts: &mut Facts) {
    for line in parsed.lines.iter().filter(|line| line.words.iter().any(|word| word == "filter=lfs")) {
        facts.add(line.pattern.clone(), line.span, LargeFilePattern { pattern: line.pattern.clone().into() });
    }
}
