//! `assistant-setting` facts: what an assistant may do without asking.

use super::{first_place, flag_at};
use crate::document::{Node, Value};
use crate::fact::{AssistantSetting, Facts, Field};

/// Settings with which nobody is asked any more, by assistant. Keys with dots are written so, or stand in one another.
const BYPASSES: &[(&str, &str, &str)] = &[
    ("claude-code", "permissions.defaultMode", "bypassPermissions"),
    ("claude-code", "skipDangerousModePermissionPrompt", "true"),
    ("codex", "sandbox_mode", "danger-full-access"),
    ("gemini-cli", "general.defaultApprovalMode", "yolo"),
    ("gemini-cli", "approvalMode", "yolo"),
    ("gemini-cli", "tools.approvalMode", "yolo"),
    ("copilot", "chat.tools.autoApprove", "true"),
    ("copilot", "chat.tools.global.autoApprove", "true"),
    ("zed", "agent.always_allow_tool_actions", "true"),
    ("opencode", "permission", "allow"),
    ("opencode", "permission.*", "allow"),
    ("aider", "yes-always", "true"),
    ("aider", "yes", "true"),
];

/// Settings that say how much is asked.
const MODES: &[(&str, &str)] = &[
    ("claude-code", "permissions.defaultMode"),
    ("codex", "approval_policy"),
    ("gemini-cli", "general.defaultApprovalMode"),
    ("opencode", "permission"),
];

/// Lists of what is allowed without asking.
const ALLOWED: &[&str] = &[
    "permissions.allow",
    "tools.allowed",
    "tools.core",
    "allowedTools",
    "roo-cline.allowedCommands",
    "cline.allowedCommands",
];

/// Adds the fact of a file, if it says anything of permissions.
pub(super) fn add(root: &Node, assistant: &'static str, facts: &mut Facts) {
    let of_assistant = |name: &str| name == assistant;
    let profiles = root.get("profiles").into_iter().flat_map(Node::entries).map(|entry| &entry.node);
    let scopes: Vec<&Node> = std::iter::once(root).chain(profiles).collect();
    let bypass = BYPASSES.iter().filter(|(name, _, _)| of_assistant(name)).find_map(|(_, key, value)| {
        let node = scopes.iter().find_map(|scope| look_up(scope, key).filter(|node| node.scalar() == Some(value)))?;
        Some((format!("{key}: {value}"), node))
    });
    let mode = MODES.iter().find(|(name, _)| of_assistant(name)).and_then(|(_, key)| look_up(root, key));
    let allowed: Vec<&Node> = allowed(root, assistant);
    let servers = root.get("enableAllProjectMcpServers");
    if bypass.is_none() && mode.is_none() && allowed.is_empty() && servers.is_none() && !root.has("permissions") {
        return;
    }
    let rules = |test: &dyn Fn(&str) -> bool| {
        let nodes: Vec<&Node> =
            allowed.iter().copied().filter(|node| rule_text(node).is_some_and(|rule| test(&rule))).collect();
        Field { at: first_place(nodes.iter().copied()), value: Some(nodes.into_iter().filter_map(rule_text).collect()) }
    };
    let mode = mode.and_then(|node| Some(Field::found(node.scalar()?, node.span)));
    let at = root.span;
    facts.add(
        assistant,
        at,
        AssistantSetting {
            assistant: assistant.into(),
            mode: mode.unwrap_or_else(|| "".into()),
            bypass: bypass.as_ref().map_or_else(|| false.into(), |(_, node)| flag_at(node, true)),
            bypass_setting: bypass.map_or_else(|| "".into(), |(setting, node)| Field::found(setting, node.span)),
            allow: rules(&|_| true),
            unrestricted: rules(&allows_every_command),
            interpreters: rules(&allows_interpreter),
            all_servers: servers.map_or_else(|| false.into(), |node| flag_at(node, node.boolean() == Some(true))),
        },
    );
}

/// The value of a key that is written with its dots, or in maps within one another.
fn look_up<'a>(root: &'a Node, key: &str) -> Option<&'a Node> {
    root.get(key).or_else(|| root.at(key))
}

/// What is allowed: texts of a list, or keys with a value that allows.
fn allowed<'a>(root: &'a Node, assistant: &str) -> Vec<&'a Node> {
    let listed = ALLOWED.iter().filter_map(|key| look_up(root, key)).flat_map(Node::items);
    let commands = (assistant == "opencode").then(|| root.at("permission.bash")).flatten();
    // `"bash": "allow"` allows every command.
    let all = commands.filter(|node| node.scalar() == Some("allow"));
    let of_commands = commands.into_iter().flat_map(Node::entries).filter(|entry| &*entry.key == "*");
    let every = of_commands.map(|entry| &entry.node).filter(|node| node.scalar() == Some("allow"));
    listed.filter(|node| node.text().is_some()).chain(all).chain(every).collect()
}

fn rule_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) if &**text == "allow" => Some("bash: allow".to_owned()),
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// True for a rule that lets every command pass.
fn allows_every_command(rule: &str) -> bool {
    if matches!(rule, "*" | "bash: allow" | "run_shell_command" | "ShellTool" | "execute_bash" | "Bash" | "Shell") {
        return true;
    }
    command_of(rule).is_some_and(|command| matches!(command, "*" | ":*" | "**" | "*:*"))
}

/// What stands in the brackets of `Bash(…)`.
fn command_of(rule: &str) -> Option<&str> {
    let tools = ["Bash(", "Shell(", "run_shell_command(", "ShellTool("];
    tools.iter().find_map(|tool| rule.strip_prefix(tool)?.strip_suffix(')')).map(str::trim)
}

/// Programs that run whatever they are given, with the words that come with them.
const INTERPRETERS: &[&str] = &[
    "python",
    "python3",
    "uv run",
    "uv run python",
    "poetry run",
    "poetry run python",
    "node",
    "deno",
    "deno run",
    "bun",
    "bun run",
    "npx",
    "uvx",
    "bash",
    "sh",
    "zsh",
    "bash -c",
    "sh -c",
    "eval",
    "exec",
    "sudo",
    "perl",
    "ruby",
    "php",
    "env",
    "xargs",
    "ssh",
    "python -c",
    "python3 -c",
    "node -e",
];

/// True for a rule that lets a program pass which runs any code.
fn allows_interpreter(rule: &str) -> bool {
    let Some(command) = command_of(rule) else { return false };
    let open = [":*", " *", "*"].iter().find_map(|end| command.strip_suffix(end));
    // Variables may be set in front: `DEBUG=1 uv run`.
    let program = open.map(|open| open.split(' ').skip_while(|word| word.contains('=')).collect::<Vec<_>>().join(" "));
    program.is_some_and(|program| INTERPRETERS.contains(&program.trim()))
}
