//! Facts from the files of coding assistants and agents: `assistant-use`, `mcp-server`, `assistant-setting`, `agent-instructions`,
//! `hidden-text`.

mod command;
mod hidden;
mod permissions;
mod server;

use super::Context;
use crate::document::{Document, Node};
use crate::fact::{AgentInstructions, AssistantUse, Facts, Field, McpServer, Seen, VendorUse};
use crate::source::{SourceFile, Span, file_name};

/// Sees servers, permissions and secrets in the settings of an assistant.
pub fn extract_settings(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let assistant = assistant_of(&file.path);
    let servers = facts.all.len();
    server::add_all(root, assistant, facts);
    let has_servers = facts.all.len() > servers;
    add_vendors_of_servers(servers, context, facts);
    permissions::add(root, assistant, facts);
    let set_up = has_servers || facts.all.iter().any(|fact| fact.kind.spec().name == "assistant-setting");
    if set_up {
        add_use(assistant, "settings", facts);
        add_vendor(assistant, file, context, facts);
    }
}

/// Sees what an assistant is told, as far as it is not meant to be seen.
pub fn extract_instructions(file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let assistant = assistant_of(&file.path);
    let found = hidden::find(&file.text);
    let first = found.first().map(|run| run.at);
    let hidden = Field { value: Some(!found.is_empty()), at: first };
    facts.add_whole(file.name(), AgentInstructions { assistant: word(assistant), hidden });
    for run in found {
        hidden::add(&run, assistant, facts);
    }
    add_use(assistant, "instructions", facts);
    add_vendor(assistant, file, context, facts);
}

/// Assistants by what stands in the paths of their files.
const ASSISTANTS: &[(&str, &str)] = &[
    (".claude/", "claude-code"),
    ("CLAUDE", "claude-code"),
    (".mcp.json", "claude-code"),
    (".claude.json", "claude-code"),
    ("claude_desktop_config", "claude-desktop"),
    (".cursor/", "cursor"),
    (".cursorrules", "cursor"),
    (".vscode/", "copilot"),
    ("copilot-instructions", "copilot"),
    (".github/", "copilot"),
    (".codex/", "codex"),
    (".gemini/", "gemini-cli"),
    ("GEMINI.md", "gemini-cli"),
    ("opencode", "opencode"),
    (".continue/", "continue"),
    (".aider", "aider"),
    (".windsurf", "windsurf"),
    (".cline", "cline"),
    ("cline_", "cline"),
    (".roo", "roo-code"),
    (".junie/", "junie"),
    (".kiro/", "kiro"),
    (".amazonq/", "amazon-q"),
    (".zed/", "zed"),
    (".goosehints", "goose"),
];

/// Whose file it is that many assistants read.
const ANY: &str = "any";

/// Whose file this is; `any` for files that many read, such as `AGENTS.md`.
fn assistant_of(path: &str) -> &'static str {
    // The innermost folder decides: a skill of one assistant can lie in the repository of another.
    let found = ASSISTANTS.iter().filter_map(|(part, assistant)| Some((path.rfind(part)?, *assistant)));
    found.max_by_key(|(at, _)| *at).map_or(ANY, |(_, assistant)| assistant)
}

/// Says that the file is for this assistant, where it is for one alone.
fn add_use(assistant: &'static str, form: &'static str, facts: &mut Facts) {
    if assistant != ANY {
        facts.add_whole(assistant, AssistantUse { assistant: assistant.into(), form: form.into() });
    }
}

fn word(assistant: &str) -> Field<String> {
    assistant.into()
}

/// Assistants that send what they read to one vendor alone.
const VENDORS: &[(&str, &str)] = &[
    ("claude-code", "anthropic"),
    ("claude-desktop", "anthropic"),
    ("codex", "openai"),
    ("gemini-cli", "google-gemini"),
    ("cursor", "cursor"),
];

/// A server that is a vendor's package sends to that vendor. One that is reached at a vendor's host is seen by its address.
fn add_vendors_of_servers(from: usize, context: &Context<'_>, facts: &mut Facts) {
    let catalogue = context.catalogue;
    let servers = facts.all.get(from..).unwrap_or_default().iter().filter(|fact| fact.kind == McpServer::kind());
    let used: Vec<_> = servers
        .filter_map(|server| {
            let package = server.text("runs");
            let mut vendors = ["npm", "pypi"].iter().filter_map(|it| catalogue.vendor_of_package(it, package));
            Some((vendors.next()?, package.to_owned(), server.location_of("runs").span()?))
        })
        .collect();
    for (vendor, package, at) in used {
        let seen = VendorUse {
            vendor: vendor.id.as_str().into(),
            vendor_name: vendor.name.as_str().into(),
            category: vendor.category.as_str().into(),
            name: package.as_str().into(),
            form: "mcp-server".into(),
            receives_data: vendor.receives_data().into(),
            ..VendorUse::default()
        };
        facts.add(package, at, seen);
    }
}

/// Using an assistant is using its vendor, who is sent the code.
fn add_vendor(assistant: &'static str, file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let vendor = VENDORS.iter().find(|(name, _)| *name == assistant);
    let Some(vendor) = vendor.and_then(|(_, vendor)| context.catalogue.vendor(vendor)) else { return };
    facts.add_whole(
        assistant,
        VendorUse {
            vendor: vendor.id.as_str().into(),
            vendor_name: vendor.name.as_str().into(),
            category: "coding-assistant".into(),
            name: file_name(&file.path).into(),
            form: "assistant".into(),
            receives_data: true.into(),
            ..VendorUse::default()
        },
    );
}

/// A flag with its place.
fn flag_at(node: &Node, value: bool) -> Field<bool> {
    Field::found(value, node.span)
}

/// The first of several places, for a field that gathers them.
fn first_place<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Option<Span> {
    nodes.into_iter().next().map(|node| node.span)
}

#[cfg(test)]
mod tests;
