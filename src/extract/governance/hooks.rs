//! Hooks of pre-commit that check models, data or secrets.

use super::super::Context;
use super::scalar;
use crate::catalogue::Tool;
use crate::document::Node;
use crate::fact::{CheckTool, Choice, Facts, Field};

/// Sees the hooks whose tool the catalogue knows: by the hook's id, by the repository that it comes from, or by what it runs.
pub(super) fn extract(root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let catalogue = context.catalogue;
    for repository in root.get("repos").map(Node::items).unwrap_or_default() {
        let address = scalar(repository, "repo").map_or("", |(address, _)| address);
        let source = address.trim_end_matches('/').trim_end_matches(".git").rsplit('/').next().unwrap_or_default();
        for hook in repository.get("hooks").map(Node::items).unwrap_or_default() {
            let Some((id, at)) = scalar(hook, "id") else { continue };
            let entry = scalar(hook, "entry").map_or("", |(entry, _)| entry);
            let named = |name: &str| -> Option<&Tool> {
                let by_name = || catalogue.tools.iter().find(|tool| tool.name.eq_ignore_ascii_case(name));
                catalogue
                    .tool_of_package("pypi", name)
                    .or_else(by_name)
                    .or_else(|| catalogue.tool_in_command(name).next())
            };
            // `gitleaks-docker`, `detect-secrets-hook`: what stands behind the tool's name says how it is run.
            let begins = id.rsplit_once('-').map_or(id, |(begin, _)| begin);
            let tool = named(id).or_else(|| named(begins)).or_else(|| named(source)).or_else(|| named(entry));
            let Some(tool) = tool else { continue };
            let seen = CheckTool {
                name: Field::found(tool.name.clone(), at),
                purpose: Field::known(Choice(tool.purpose.name())),
                form: "hook".into(),
                ..CheckTool::default()
            };
            facts.add(format!("hook {id}"), at, seen);
        }
    }
}
