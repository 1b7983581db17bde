//! Actions of lakeFS: checks that run before data is committed or merged.

use crate::document::Node;
use crate::fact::{CheckTool, Facts};
use crate::source::SourceFile;

/// Sees an action that has at least one hook on an event that it can stop.
pub(super) fn extract(root: &Node, file: &SourceFile, facts: &mut Facts) {
    let stops = |node: &Node| {
        let keys = node.entries().iter().map(|entry| &*entry.key);
        keys.chain(node.one_or_many().iter().filter_map(Node::scalar)).any(|event| event.starts_with("pre-"))
    };
    // YAML 1.1 takes the key `on` for a truth.
    let events = ["on", "true"].iter().find_map(|key| root.get(key));
    let hook = root.get("hooks").and_then(|hooks| hooks.items().first());
    let (Some(hook), true) = (hook, events.is_some_and(stops)) else { return };
    let id = hook.get("id");
    let at = id.map_or(hook.span, |id| id.span);
    let name = root.get("name").and_then(Node::scalar).unwrap_or_else(|| file.name());
    let check = CheckTool {
        name: "lakefs".into(),
        purpose: "data-quality".into(),
        form: "step".into(),
        ..CheckTool::default()
    };
    facts.add(format!("action {name}"), at, check);
}
