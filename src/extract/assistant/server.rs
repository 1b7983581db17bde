//! `mcp-server` facts: which program or address each server is, and what it is given.

use super::command::{self, Started};
use super::{first_place, flag_at};
use crate::document::{Entry, Node};
use crate::extract::code::is_internal;
use crate::extract::environment::Given;
use crate::extract::secret::{self, is_secret_name};
use crate::fact::{Choice, Facts, Field, McpServer};
use crate::source::Span;

/// Where assistants keep their servers: `mcp` is `OpenCode`'s, `context_servers` Zed's, `mcp_servers` that of Codex.
const MAPS: &[&str] = &["mcpServers", "mcp_servers", "context_servers", "mcp.servers", "servers", "mcp"];

/// Adds the servers of a file.
pub(super) fn add_all(root: &Node, assistant: &str, facts: &mut Facts) {
    for node in MAPS.iter().filter_map(|path| root.at(path)) {
        for entry in node.entries() {
            add(&entry.key, entry.key_span, &entry.node, assistant, facts);
        }
        // Continue lists them.
        for item in node.items() {
            if let Some((name, at)) = item.get("name").and_then(|name| Some((name.scalar()?, name.span))) {
                add(name, at, item, assistant, facts);
            }
        }
    }
}

/// Keys that hold a server's address.
const ADDRESS_KEYS: &[&str] = &["url", "serverUrl", "httpUrl", "uri"];

fn add(name: &str, at: Span, node: &Node, assistant: &str, facts: &mut Facts) {
    let command = node.get("command");
    let url = ADDRESS_KEYS.iter().find_map(|key| node.get(key)).filter(|url| url.text().is_some());
    // `mcp` and `servers` hold other things elsewhere.
    if command.is_none() && url.is_none() {
        return;
    }
    let words = Words::of(node);
    let started = words.as_ref().and_then(|words| command::read(&words.program, &words.arguments));
    let package_at = started.as_ref().and_then(|started| words.as_ref()?.place_of(started));
    let address = url.map(Address::of);
    let roots = broad_roots(words.as_ref(), started.as_ref());
    let secret_at = add_secrets(name, node, words.as_ref(), url, facts);
    let fact = McpServer {
        name: name.into(),
        assistant: assistant.into(),
        transport: transport(node, command.is_some(), url),
        command: words.as_ref().map_or("", |words| &words.program).into(),
        runs: placed(started.as_ref().map_or("", |started| &started.package), package_at),
        version: placed(started.as_ref().map_or("", |started| &started.version), package_at),
        pin: Field {
            value: started.as_ref().map(|started| started.pin).filter(|pin| !pin.is_empty()).map(Choice),
            at: package_at,
        },
        url: address.as_ref().map_or_else(|| "".into(), |address| placed(&address.shown, Some(address.at))),
        scheme: address.as_ref().map_or_else(|| "".into(), |address| placed(&address.scheme, Some(address.at))),
        host: address.as_ref().map_or("", |address| &address.host).into(),
        internal: match &address {
            Some(address) if address.host.is_empty() => Field::default(),
            Some(address) => is_internal(&address.host).into(),
            None => Field::default(),
        },
        broad_roots: Field {
            at: first_place(roots.iter().map(|(_, node)| *node)),
            value: Some(roots.into_iter().map(|(root, _)| root).collect()),
        },
        secret: Field { value: Some(secret_at.is_some()), at: secret_at },
        trusted: trusted(node),
    };
    facts.add(name, at, fact);
}

fn placed(text: &str, at: Option<Span>) -> Field<String> {
    Field { value: Some(text.to_owned()), at }
}

/// The command and its arguments, each with its node.
struct Words<'a> {
    program: String,
    arguments: Vec<String>,
    nodes: Vec<&'a Node>,
}

impl<'a> Words<'a> {
    fn of(server: &'a Node) -> Option<Self> {
        let command = server.get("command")?;
        // OpenCode keeps the whole line in `command`, Zed a map.
        let (program, listed) = match command.get("path") {
            Some(path) => (path, command.get("args")),
            None if command.items().is_empty() => (command, server.get("args")),
            None => (command.items().first()?, Some(command)),
        };
        let skipped = usize::from(!command.items().is_empty());
        let nodes: Vec<&Node> = listed.map_or(&[][..], Node::items).iter().skip(skipped).collect();
        let arguments = nodes.iter().map(|node| node.scalar().unwrap_or_default().to_owned()).collect();
        Some(Self { program: program.scalar()?.to_owned(), arguments, nodes })
    }

    /// Where the package is written.
    fn place_of(&self, started: &Started) -> Option<Span> {
        let names_it = |node: &&&Node| node.scalar().is_some_and(|text| text.contains(&started.package));
        self.nodes.iter().find(names_it).map(|node| node.span)
    }
}

fn transport(node: &Node, is_command: bool, url: Option<&Node>) -> Field<Choice> {
    let declared = ["type", "transport"].iter().find_map(|key| node.get(key)).and_then(Node::text).unwrap_or_default();
    let url = url.and_then(Node::text).unwrap_or_default();
    let is_events = declared == "sse" || (declared.is_empty() && url.trim_end_matches('/').ends_with("/sse"));
    match () {
        () if is_command => "stdio".into(),
        () if is_events => "sse".into(),
        () => "http".into(),
    }
}

/// The address of a server, without what may be secret in it.
struct Address {
    shown: String,
    scheme: String,
    host: String,
    at: Span,
}

impl Address {
    fn of(node: &Node) -> Self {
        let text = node.text().unwrap_or_default();
        let (scheme, after) = text.split_once("://").unwrap_or(("", text));
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, path) = after.split_at_checked(end).unwrap_or((after, ""));
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or(address),
            None => authority.split(':').next().unwrap_or(authority),
        };
        // A host that comes from a variable is not known.
        let host = if host.contains(['$', '{', '<']) { "" } else { host };
        let shown = if scheme.is_empty() { String::new() } else { format!("{scheme}://{authority}{path}") };
        Self { shown, scheme: scheme.to_ascii_lowercase(), host: host.to_ascii_lowercase(), at: node.span }
    }
}

/// Roots of a whole disk or of somebody's home that a server is given: as an argument of a file server, or as a volume.
fn broad_roots<'a>(words: Option<&Words<'a>>, started: Option<&Started>) -> Vec<(String, &'a Node)> {
    let (Some(words), Some(started)) = (words, started) else { return Vec::new() };
    let serves_files = started.package.contains("filesystem") || started.package.contains("file-system");
    let arguments = || words.arguments.iter().zip(&words.nodes);
    let given =
        arguments().filter(|(text, _)| serves_files && is_broad(text)).map(|(text, node)| (text.clone(), *node));
    let mounted = arguments().filter_map(|(text, node)| {
        let source = text.split(',').find_map(|part| part.strip_prefix("src=").or(part.strip_prefix("source=")));
        let source = source.or_else(|| mounted_source(text))?;
        is_broad(source).then(|| (source.to_owned(), *node))
    });
    given.chain(mounted).collect()
}

/// What stands before the colon of `-v source:target`.
fn mounted_source(text: &str) -> Option<&str> {
    let text = text.strip_prefix("--volume=").or(text.strip_prefix("-v=")).unwrap_or(text);
    let (source, target) = text.split_once(":/")?;
    (!target.starts_with('/')).then_some(source)
}

/// True for the root of a disk, or a whole home.
fn is_broad(path: &str) -> bool {
    let path = path.trim_end_matches(['/', '\\', '*']);
    let lower = path.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => true,
        [one] => {
            matches!(
                *one,
                "~" | "$home" | "${home}" | "%userprofile%" | "${userhome}" | "${env:home}" | "root" | "home" | "users"
            ) || (one.len() == 2 && one.ends_with(':'))
        }
        ["home" | "users", _] => true,
        [drive, "users"] | [drive, "users", _] => drive.len() == 2 && drive.ends_with(':'),
        _ => false,
    }
}

/// All its tools run without asking.
fn trusted(node: &Node) -> Field<bool> {
    if let Some(trust) = node.get("trust") {
        return flag_at(trust, trust.boolean() == Some(true));
    }
    let lists = ["alwaysAllow", "autoApprove"].iter().filter_map(|key| node.get(key));
    let all =
        lists.flat_map(Node::one_or_many).find(|item| item.scalar().is_some_and(|text| text == "*" || text == "true"));
    all.map_or_else(|| false.into(), |item| flag_at(item, true))
}

/// Adds the secrets that are written out for a server; gives the place of the first.
fn add_secrets(
    server: &str,
    node: &Node,
    words: Option<&Words<'_>>,
    url: Option<&Node>,
    facts: &mut Facts,
) -> Option<Span> {
    let mut first: Option<Span> = None;
    let mut add_one = |name: &str, value: &str, at: Span| {
        if let Given::Literal(value) = Given::written(bare(value))
            && secret::add(&format!("{server}/{name}"), name, value, at, "assistant", facts)
        {
            first = first.or(Some(at));
        }
    };
    let maps = [
        "env",
        "environment",
        "headers",
        "http_headers",
        "requestInit.headers",
        "requestOptions.headers",
        "command.env",
    ];
    let named = maps.iter().filter_map(|path| node.at(path)).flat_map(Node::entries);
    for Entry { key, node, .. } in named.filter(|entry| is_secret_key(&entry.key)) {
        if let Some(value) = node.text() {
            add_one(key, value, node.span);
        }
    }
    let mut option: Option<&str> = None;
    for (text, node) in words.iter().flat_map(|words| words.arguments.iter().zip(&words.nodes)) {
        let named = match text.split_once('=').or_else(|| text.split_once(": ")) {
            Some((name, value)) => Some((name.trim_start_matches('-'), value)),
            None => option.map(|option| (option, text.as_str())),
        };
        option = text.strip_prefix("--").filter(|name| !name.contains('='));
        if let Some((name, value)) = named.filter(|(name, value)| is_secret_key(name) && !value.starts_with('-')) {
            add_one(name, value, node.span);
        }
    }
    let query = url.and_then(|node| Some((node.text()?.split_once('?')?.1, node.span)));
    for (name, value) in query.iter().flat_map(|(query, _)| query.split('&')).filter_map(|pair| pair.split_once('=')) {
        if let Some((_, at)) = query.filter(|_| is_secret_key(name) || matches!(name, "key" | "token")) {
            add_one(name, value, at);
        }
    }
    first
}

/// The value of a header without the word that says what it is.
fn bare(value: &str) -> &str {
    ["Bearer ", "bearer ", "Basic ", "Token ", "token "]
        .iter()
        .find_map(|word| value.strip_prefix(word))
        .unwrap_or(value)
}

/// True for the name of a variable, header or option that holds a secret.
fn is_secret_key(name: &str) -> bool {
    // `apiKey` has the words of `api_key`.
    let mut words = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && words.ends_with(|last: char| last.is_ascii_lowercase()) {
            words.push('_');
        }
        words.push(character);
    }
    is_secret_name(&words)
        || words.eq_ignore_ascii_case("authorization")
        || words.to_ascii_lowercase().ends_with("api_key")
}
