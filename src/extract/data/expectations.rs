//! Suites of Great Expectations: written checks of data.

use crate::document::Node;
use crate::fact::{CheckTool, Facts};
use crate::source::SourceFile;

/// Sees a suite that holds at least one expectation.
pub(super) fn extract(root: &Node, file: &SourceFile, facts: &mut Facts) {
    let Some(first) = root.get("expectations").and_then(|list| list.items().first()) else { return };
    // Version 1 of the tool shortened the key.
    let Some(kind) = ["expectation_type", "type"].iter().find_map(|key| first.get(key)) else { return };
    if kind.text().is_none_or(|kind| !kind.starts_with("expect_")) {
        return;
    }
    let named = ["expectation_suite_name", "name"].iter().find_map(|key| root.get(key));
    let at = named.map_or(kind.span, |name| name.span);
    let name = named.and_then(Node::text).unwrap_or_else(|| file.name());
    let check = CheckTool {
        name: "Great Expectations".into(),
        purpose: "data-quality".into(),
        form: "test".into(),
        ..CheckTool::default()
    };
    facts.add(format!("suite {name}"), at, check);
}
