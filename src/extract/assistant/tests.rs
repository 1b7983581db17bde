use super::*;
use crate::catalogue::Catalogue;
use crate::document::{FileKind, Parsed, Syntax};
use crate::fact::{Fact, FieldValue};
use crate::interest::Interest;
use crate::parse;
use crate::tree::Tree;

fn seen(path: &str, text: &str) -> Vec<Fact> {
    let syntax = match path.rsplit('.').next() {
        Some("toml") => Syntax::Toml,
        Some("yml" | "yaml") => Syntax::Yaml,
        _ => Syntax::Json,
    };
    let file = SourceFile::new(path, text);
    let Parsed::Tree(tree) = parse::parse(FileKind::AssistantSettings(syntax), text) else { panic!("no tree") };
    let context = Context { tree: &Tree::default(), catalogue: Catalogue::shipped(), interest: &Interest::default() };
    let mut facts = Facts::of(&file.path);
    extract_settings(&file, &tree, &context, &mut facts);
    facts.all
}

fn of_kind<'a>(facts: &'a [Fact], kind: &str) -> Vec<&'a Fact> {
    facts.iter().filter(|fact| fact.kind.spec().name == kind).collect()
}

fn list(fact: &Fact, field: &str) -> Vec<String> {
    match fact.get(field) {
        Some(FieldValue::List(items)) => items.to_vec(),
        other => panic!("{field}: {other:?}"),
    }
}

#[test]
fn servers_of_every_assistant_are_told() {
    for (path, text, name, transport, package) in [
        (".mcp.json", r#"{"mcpServers": {"a": {"command": "npx", "args": ["-y", "b"]}}}"#, "a", "stdio", "b"),
        (
            ".vscode/mcp.json",
            r#"{"inputs": [], "servers": {"a": {"type": "http", "url": "https://h.io/mcp"}}}"#,
            "a",
            "http",
            "",
        ),
        (
            ".vscode/settings.json",
            r#"{"mcp": {"servers": {"a": {"command": "uvx", "args": ["b"]}}}}"#,
            "a",
            "stdio",
            "b",
        ),
        (
            ".zed/settings.json",
            r#"{"context_servers": {"a": {"command": {"path": "npx", "args": ["b"]}}}}"#,
            "a",
            "stdio",
            "b",
        ),
        ("opencode.json", r#"{"mcp": {"a": {"type": "local", "command": ["npx", "-y", "b"]}}}"#, "a", "stdio", "b"),
        (".gemini/settings.json", r#"{"mcpServers": {"a": {"httpUrl": "https://h.io/"}}}"#, "a", "http", ""),
        (".codex/config.toml", "[mcp_servers.a]\ncommand = \"npx\"\nargs = [\"-y\", \"b\"]\n", "a", "stdio", "b"),
        (".continue/config.yaml", "mcpServers:\n- name: a\n  command: npx\n  args: [-y, b]\n", "a", "stdio", "b"),
        (".cursor/mcp.json", r#"{"mcpServers": {"a": {"url": "https://h.io/sse"}}}"#, "a", "sse", ""),
    ] {
        let facts = seen(path, text);
        let servers = of_kind(&facts, "mcp-server");
        let [server] = servers.as_slice() else { panic!("{path}: {facts:?}") };
        let texts: Vec<&str> = ["name", "transport", "runs"].iter().map(|field| server.text(field)).collect();
        assert_eq!(texts, [name, transport, package], "{path}");
    }
}

#[test]
fn each_field_of_a_server_has_its_place() {
    let text = "\u{feff}{\r\n \"mcpServers\": {\"é\": {\r\n  \"command\": \"npx\",\r\n  \"args\": [\"-y\", \"b@latest\"]},\r\n  \"r\": {\"url\": \"http://user:pw@h.io:80/x?api_key=q3Vt9KzYb1LmW8xR\"}}}";
    let facts = seen(".mcp.json", text);
    let servers = of_kind(&facts, "mcp-server");
    assert_eq!((servers[0].text("pin"), servers[0].text("version")), ("none", "latest"));
    assert_eq!(servers[0].location_of("pin").span().map(|at| at.text(text)), Some("\"b@latest\""));
    assert_eq!(servers[0].at.span().map(|at| at.text(text)), Some("\"é\""));
    let remote: Vec<&str> =
        ["url", "scheme", "host", "internal", "secret"].iter().map(|it| servers[1].text(it)).collect();
    assert_eq!(remote, ["http://h.io:80/x", "http", "h.io", "no", "yes"]);
    assert_eq!(servers[1].text("pin"), "unknown");
}

#[test]
fn secrets_of_servers_are_seen_wherever_they_are_written() {
    let key = "q3Vt9KzYb1LmW8xR";
    for (server, found) in [
        (format!(r#"{{"command": "a", "env": {{"API_TOKEN": "{key}"}}}}"#), true),
        (format!(r#"{{"url": "https://h.io", "headers": {{"Authorization": "Bearer {key}"}}}}"#), true),
        (format!(r#"{{"url": "https://h.io", "headers": {{"X-Api-Key": "{key}"}}}}"#), true),
        (format!(r#"{{"url": "https://h.io?apiKey={key}"}}"#), true),
        (format!(r#"{{"command": "npx", "args": ["a", "--api-key={key}"]}}"#), true),
        (format!(r#"{{"command": "npx", "args": ["a", "--token", "{key}"]}}"#), true),
        (format!(r#"{{"command": "npx", "args": ["a", "--header", "Authorization: Bearer {key}"]}}"#), true),
        (format!(r#"{{"command": "npx", "args": ["a", "{key}"]}}"#), false),
        (r#"{"command": "a", "env": {"API_TOKEN": "${API_TOKEN}"}}"#.to_owned(), false),
        (r#"{"command": "a", "env": {"API_TOKEN": "<paste it here>"}}"#.to_owned(), false),
        (r#"{"command": "a", "env": {"LOG_LEVEL": "debugging-everything"}}"#.to_owned(), false),
        (r#"{"url": "https://h.io", "headers": {"Authorization": "Bearer ${input:key}"}}"#.to_owned(), false),
    ] {
        let facts = seen(".mcp.json", &format!(r#"{{"mcpServers": {{"a": {server}}}}}"#));
        let secrets = of_kind(&facts, "secret");
        assert_eq!(secrets.len(), usize::from(found), "{server}");
        assert_eq!(of_kind(&facts, "mcp-server")[0].text("secret"), if found { "yes" } else { "no" }, "{server}");
        assert!(!format!("{facts:?}").contains(key), "a secret is shown: {server}");
    }
}

#[test]
fn broad_roots_are_told_from_projects() {
    for (path, broad) in [
        ("/", true),
        ("~", true),
        ("~/", true),
        ("$HOME", true),
        ("${HOME}", true),
        ("/Users/anna", true),
        ("/home/anna/", true),
        ("C:\\\\", true),
        ("C:\\\\Users\\\\anna", true),
        ("/Users/anna/project", false),
        ("~/project", false),
        (".", false),
        ("${workspaceFolder}", false),
        ("/data", false),
    ] {
        let text =
            format!(r#"{{"mcpServers": {{"a": {{"command": "npx", "args": ["server-filesystem", "{path}"]}}}}}}"#);
        let facts = seen(".mcp.json", &text);
        assert_eq!(list(of_kind(&facts, "mcp-server")[0], "broad_roots").len(), usize::from(broad), "{path}");
    }
}

#[test]
fn permissions_are_told_with_their_places() {
    let text = r#"{"permissions": {"defaultMode": "plan", "allow": ["Read(x)", "Bash(*)", "Bash(python:*)", "Bash(A=1 uv run:*)", "Bash(python x.py:*)"]}, "enableAllProjectMcpServers": true}"#;
    let facts = seen(".claude/settings.json", text);
    let setting = of_kind(&facts, "assistant-setting")[0];
    assert_eq!(
        (setting.text("assistant"), setting.text("mode"), setting.text("bypass")),
        ("claude-code", "plan", "no")
    );
    assert_eq!(list(setting, "unrestricted"), ["Bash(*)"]);
    assert_eq!(list(setting, "interpreters"), ["Bash(python:*)", "Bash(A=1 uv run:*)"]);
    assert_eq!((list(setting, "allow").len(), setting.text("all_servers")), (5, "yes"));
    assert_eq!(setting.location_of("unrestricted").span().map(|at| at.text(text)), Some("\"Bash(*)\""));
    assert_eq!(of_kind(&facts, "vendor-use")[0].text("vendor"), "anthropic");
}

#[test]
fn what_says_nothing_of_permissions_or_servers_gives_nothing() {
    for (path, text) in [
        (".vscode/settings.json", r#"{"editor.tabSize": 2, "servers": {"a": 1}, "mcp": true}"#),
        (".claude/settings.json", r#"{"model": "opus", "hooks": {}}"#),
        (".aider.conf.yml", "model: x\nyes-always: false\n"),
        ("opencode.json", "{}"),
        (".mcp.json", ""),
    ] {
        assert_eq!(seen(path, text), [], "{path}");
    }
}

#[test]
fn wrong_types_in_every_key_end_without_harm() {
    for value in ["1", "null", "true", "[]", "{}", "\"x\"", "[1, [2], {\"a\": null}]", "{\"a\": [1], \"command\": 3}"] {
        for text in [
            format!(r#"{{"mcpServers": {value}, "permissions": {value}, "mcp": {value}}}"#),
            format!(
                r#"{{"mcpServers": {{"a": {value}}}, "permissions": {{"allow": {value}, "defaultMode": {value}}}}}"#
            ),
            format!(
                r#"{{"mcpServers": {{"a": {{"command": {value}, "args": {value}, "env": {value}, "url": {value}}}}}}}"#
            ),
            format!(
                r#"{{"mcpServers": {{"a": {{"command": "npx", "args": {value}, "headers": {value}, "trust": {value}}}}}}}"#
            ),
            r#"{"mcpServers": {"a": {"command": "npx", "args": ["#.to_owned(),
        ] {
            seen(".claude/settings.json", &text);
            seen("opencode.json", &text);
        }
    }
}

#[test]
fn instructions_are_told_with_their_assistant() {
    let context = Context { tree: &Tree::default(), catalogue: Catalogue::shipped(), interest: &Interest::default() };
    for (path, text, assistant, hidden) in [
        ("CLAUDE.md", "plain", "claude-code", "no"),
        ("AGENTS.md", "a\u{e0041}", "any", "yes"),
        (".github/copilot-instructions.md", "", "copilot", "no"),
        (".cursor/rules/a.mdc", "", "cursor", "no"),
    ] {
        let file = SourceFile::new(path, text);
        let mut facts = Facts::of(&file.path);
        extract_instructions(&file, &context, &mut facts);
        let fact = of_kind(&facts.all, "agent-instructions")[0];
        assert_eq!((fact.text("assistant"), fact.text("hidden")), (assistant, hidden), "{path}");
    }
}
