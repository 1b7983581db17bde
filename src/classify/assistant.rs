//! Names of the files by which coding assistants and agents are set up and told what to do.

use crate::document::{FileKind, Syntax};
use crate::source::file_name;

/// The kind of an assistant's file; `None` for any other file.
pub(super) fn kind(path: &str) -> Option<FileKind> {
    if let Some(syntax) = settings_syntax(path) {
        return Some(FileKind::AssistantSettings(syntax));
    }
    is_instructions(path).then_some(FileKind::AgentInstructions)
}

/// Names that only files with MCP servers have, whatever folder they are in.
const SERVER_LISTS: &[&str] = &[
    ".mcp.json",
    "mcp.json",
    "mcp_config.json",
    "mcp-config.json",
    "mcp_settings.json",
    "cline_mcp_settings.json",
    "claude_desktop_config.json",
    ".claude.json",
];

/// Settings by the folder of their assistant.
const SETTINGS: &[(&str, &[&str], Syntax)] = &[
    (".claude", &["settings.json", "settings.local.json"], Syntax::Json),
    (".codex", &["config.toml"], Syntax::Toml),
    (".gemini", &["settings.json"], Syntax::Json),
    (".cursor", &["cli.json", "cli-config.json"], Syntax::Json),
    (".vscode", &["settings.json"], Syntax::Json),
    (".zed", &["settings.json"], Syntax::Json),
    (".opencode", &["opencode.json", "opencode.jsonc"], Syntax::Json),
    (".continue", &["config.json"], Syntax::Json),
    (".continue", &["config.yaml", "config.yml"], Syntax::Yaml),
    (".amazonq", &["default.json"], Syntax::Json),
];

fn settings_syntax(path: &str) -> Option<Syntax> {
    let name = file_name(path);
    if SERVER_LISTS.contains(&name) || matches!(name, "opencode.json" | "opencode.jsonc") {
        return Some(Syntax::Json);
    }
    if matches!(name, ".aider.conf.yml" | ".aider.conf.yaml") {
        return Some(Syntax::Yaml);
    }
    let settings = SETTINGS.iter().find(|(folder, names, _)| names.contains(&name) && is_below(path, folder));
    settings.map(|(_, _, syntax)| *syntax)
}

/// Names that are read as instructions by some assistant. Their case is part of them: `agents.md` is a page about agents.
const INSTRUCTIONS: &[&str] = &[
    "CLAUDE.md",
    "CLAUDE.local.md",
    "AGENTS.md",
    "AGENTS.override.md",
    "AGENT.md",
    "GEMINI.md",
    "SKILL.md",
    "copilot-instructions.md",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules",
    ".roorules",
    ".goosehints",
];

/// Folders whose Markdown assistants read.
const INSTRUCTION_FOLDERS: &[&str] = &[
    ".claude/agents",
    ".claude/commands",
    ".claude/skills",
    ".cursor/rules",
    ".cursor/commands",
    ".windsurf/rules",
    ".clinerules",
    ".roo",
    ".junie",
    ".kiro/steering",
    ".amazonq/rules",
    ".continue/rules",
    ".opencode/agent",
    ".opencode/command",
    ".github/instructions",
    ".github/prompts",
    ".github/chatmodes",
    ".github/agents",
    ".agents/skills",
];

fn is_instructions(path: &str) -> bool {
    let is_prose = [".md", ".mdc", ".txt"].iter().any(|end| path.ends_with(end));
    INSTRUCTIONS.contains(&file_name(path))
        || (is_prose && INSTRUCTION_FOLDERS.iter().any(|folder| is_below(path, folder)))
}

/// True for a path in this folder, at whatever depth the folder is.
fn is_below(path: &str, folder: &str) -> bool {
    path.match_indices(folder).any(|(at, _)| {
        let starts = at == 0 || path.get(..at).is_some_and(|before| before.ends_with('/'));
        starts && path.get(at + folder.len()..).is_some_and(|after| after.starts_with('/'))
    })
}

/// True for JSON that lists MCP servers, whatever its name.
pub(super) fn lists_servers(text: &str) -> bool {
    text.contains("\"mcpServers\"")
}

/// True for the configuration of a `LiteLLM` gateway.
pub(super) fn is_gateway(text: &str) -> bool {
    super::has_line_key(text, "model_list") && text.contains("litellm_params")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_assistants_are_told_by_name_and_folder() {
        let settings = |syntax| Some(FileKind::AssistantSettings(syntax));
        let instructions = Some(FileKind::AgentInstructions);
        for (path, expected) in [
            (".mcp.json", settings(Syntax::Json)),
            ("apps/web/.cursor/mcp.json", settings(Syntax::Json)),
            ("a/.claude/settings.local.json", settings(Syntax::Json)),
            (".codex/config.toml", settings(Syntax::Toml)),
            (".aider.conf.yml", settings(Syntax::Yaml)),
            ("settings.json", None),
            ("x.claude/settings.json", None),
            ("config.toml", None),
            ("CLAUDE.md", instructions),
            ("docs/AGENTS.md", instructions),
            ("docs/agents.md", None),
            (".claude/commands/deep/review.md", instructions),
            (".claude/hooks/run.py", None),
            (".cursor/rules/style.mdc", instructions),
            (".cursorrules", instructions),
            (".github/prompts/fix.prompt.md", instructions),
            (".github/workflows/ci.yml", None),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
    }
}
