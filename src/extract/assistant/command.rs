//! The command that starts an MCP server: which package or image it runs, and whether its version is fixed.

use crate::extract::image::Reference;
use crate::shell;

/// What a command runs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Started {
    /// The package, image or program, without its version.
    pub(super) package: String,
    /// The version as written; empty when there is none.
    pub(super) version: String,
    /// How the version is fixed: a word of the fact, or empty for what is not known.
    pub(super) pin: &'static str,
    /// What follows the package.
    pub(super) arguments: Vec<String>,
}

/// How many shells and wrappers are looked through.
const WRAPPERS: usize = 4;

/// Takes a command apart; `None` when it cannot be told what it runs.
pub(super) fn read(command: &str, arguments: &[String]) -> Option<Started> {
    let mut words: Vec<String> = Vec::with_capacity(arguments.len() + 1);
    // Some write the whole line into `command`; a path of Windows keeps its backslashes.
    words.extend(shell::words(command, '\0').into_iter().map(|word| word.text));
    words.extend(arguments.iter().cloned());
    for _ in 0..WRAPPERS {
        let program = words.first().map(|first| program_name(first))?;
        let rest = words.get(1..).unwrap_or_default();
        let is = |at: usize, text: &str| rest.get(at).is_some_and(|word| word == text);
        match program.as_str() {
            "cmd" if is(0, "/c") || is(0, "/C") => words = rest.get(1..).unwrap_or_default().to_vec(),
            "env" => words = rest.iter().skip_while(|word| word.contains('=')).cloned().collect(),
            "sh" | "bash" | "zsh" => {
                let script = rest.iter().find(|word| !word.starts_with('-'))?;
                words = shell::words(script, '\\').into_iter().map(|word| word.text).collect();
            }
            "npx" | "bunx" | "pnpx" => return from_npm(rest),
            "npm" if is(0, "exec") || is(0, "x") => return from_npm(rest.get(1..)?),
            "pnpm" | "yarn" if is(0, "dlx") || is(0, "exec") => return from_npm(rest.get(1..)?),
            "bun" if is(0, "x") => return from_npm(rest.get(1..)?),
            "uvx" => return from_pypi(rest, &["--from"]),
            "uv" if is(0, "tool") && is(1, "run") => return from_pypi(rest.get(2..)?, &["--from"]),
            "pipx" if is(0, "run") => return from_pypi(rest.get(1..)?, &["--spec"]),
            "docker" | "podman" | "nerdctl" if is(0, "run") => return from_image(rest.get(1..)?),
            _ => {
                return Some(Started {
                    package: program,
                    pin: "local",
                    arguments: rest.to_vec(),
                    ..Started::default()
                });
            }
        }
    }
    None
}

/// `npx` of `/usr/bin/npx` and of `npx.cmd`.
fn program_name(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
    [".exe", ".cmd", ".bat"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name).to_owned()
}

/// The package behind the options of `npx`.
fn from_npm(words: &[String]) -> Option<Started> {
    let (mut index, mut named) = (0, None);
    while let Some(word) = words.get(index).filter(|word| word.starts_with('-')) {
        index += 1;
        match word.as_str() {
            "-p" | "--package" => {
                named = words.get(index);
                index += 1;
            }
            "-c" | "--call" | "--registry" | "--cache" => index += 1,
            "--" => break,
            _ => {
                if let Some(package) = word.strip_prefix("--package=") {
                    return Some(npm_package(package, rest(words, index)));
                }
            }
        }
    }
    let package = named.or(words.get(index))?;
    Some(npm_package(package, rest(words, if named.is_some() { index } else { index + 1 })))
}

fn rest(words: &[String], from: usize) -> Vec<String> {
    words.get(from..).unwrap_or_default().to_vec()
}

fn npm_package(text: &str, arguments: Vec<String>) -> Started {
    if text.starts_with(['.', '/', '$']) {
        return Started { package: text.to_owned(), pin: "local", arguments, ..Started::default() };
    }
    if text.contains("://") || text.starts_with("github:") || text.starts_with("git+") || is_github_shorthand(text) {
        return from_git(text, '#', arguments);
    }
    // The first letter of a scoped name is `@` as well.
    let (name, version) = match text.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => text.split_at_checked(at).unwrap_or((text, "")),
        None => (text, ""),
    };
    let version = version.trim_start_matches('@');
    Started { package: name.to_owned(), version: version.to_owned(), pin: npm_pin(version), arguments }
}

/// `owner/name` without a scope is a repository on GitHub.
fn is_github_shorthand(text: &str) -> bool {
    !text.starts_with('@') && text.contains('/')
}

/// The commit behind a sign in the address of a repository.
fn from_git(text: &str, sign: char, arguments: Vec<String>) -> Started {
    let (address, revision) = match text.rsplit_once(sign) {
        // The `@` of `git@host` says nothing of a revision.
        Some((address, revision)) if !revision.contains(['/', ':']) => (address, revision),
        _ => (text, ""),
    };
    let is_commit = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pin = if is_commit { "exact" } else { "none" };
    Started { package: address.to_owned(), version: revision.to_owned(), pin, arguments }
}

/// `1.2.3` is one version; `1`, `^1.2` and `~1.2.3` are ranges; `latest` and other words move.
fn npm_pin(version: &str) -> &'static str {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    let numbers = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    match version {
        "" => "none",
        version if version.contains("${") => "",
        _ if numbers && parts.len() == 3 => "exact",
        version if version.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*x".contains(c)) => "range",
        _ => "none",
    }
}

/// The package behind the options of `uvx`.
fn from_pypi(words: &[String], source: &[&str]) -> Option<Started> {
    const WITH_VALUE: &[&str] = &[
        "--with",
        "--python",
        "-p",
        "--index",
        "--index-url",
        "-i",
        "--extra-index-url",
        "--with-editable",
        "--directory",
    ];
    let (mut index, mut named) = (0, None);
    while let Some(word) = words.get(index).filter(|word| word.starts_with('-')) {
        index += 1;
        if source.contains(&word.as_str()) {
            named = words.get(index);
            index += 1;
        } else if let Some((_, package)) = word.split_once('=').filter(|(option, _)| source.contains(option)) {
            return Some(pypi_package(package, rest(words, index + 1)));
        } else if WITH_VALUE.contains(&word.as_str()) {
            index += 1;
        }
    }
    let package = named.or(words.get(index))?;
    Some(pypi_package(package, rest(words, index + 1)))
}

fn pypi_package(text: &str, arguments: Vec<String>) -> Started {
    if text.starts_with(['.', '/', '$', '~']) {
        return Started { package: text.to_owned(), pin: "local", arguments, ..Started::default() };
    }
    if text.contains("://") || text.starts_with("git+") {
        return from_git(text, '@', arguments);
    }
    let at = text.find(['=', '<', '>', '~', '!', '@']).unwrap_or(text.len());
    let (name, specifier) = text.split_at_checked(at).unwrap_or((text, ""));
    let version = specifier.trim_start_matches(['=', '@']);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('*');
    let exact = (specifier.starts_with("==") || specifier.starts_with('@')) && is_version;
    let pin = match specifier {
        "" | "@latest" => "none",
        _ if exact => "exact",
        _ => "range",
    };
    let name = name.split('[').next().unwrap_or(name).trim();
    Started { package: name.to_owned(), version: version.to_owned(), pin, arguments }
}

/// Options of `docker run` that stand alone.
const DOCKER_FLAGS: &[&str] = &[
    "-i",
    "-t",
    "-it",
    "-ti",
    "-d",
    "--rm",
    "--init",
    "--interactive",
    "--tty",
    "--detach",
    "--privileged",
    "--read-only",
    "-P",
    "--publish-all",
    "--no-healthcheck",
    "-q",
    "--quiet",
];

/// The image behind the options of `docker run`, which go to the arguments: volumes stand among them.
fn from_image(words: &[String]) -> Option<Started> {
    let mut index = 0;
    while let Some(word) = words.get(index).filter(|word| word.starts_with('-')) {
        index += if word.contains('=') || DOCKER_FLAGS.contains(&word.as_str()) { 1 } else { 2 };
    }
    let image = words.get(index)?;
    let reference = Reference::of(image, image);
    let pin = match reference.pin() {
        _ if image.contains('$') => "",
        Some("digest" | "version") => "exact",
        Some(_) => "none",
        None => "",
    };
    let version = if reference.digest.is_empty() { reference.tag } else { reference.digest };
    let mut arguments = words.get(..index).unwrap_or_default().to_vec();
    arguments.extend(rest(words, index + 1));
    Some(Started { package: reference.name, version, pin, arguments })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_runs_is_told_with_its_version() {
        for (line, package, version, pin) in [
            ("npx -y @modelcontextprotocol/server-github", "@modelcontextprotocol/server-github", "", "none"),
            (
                "npx -y @modelcontextprotocol/server-github@2025.4.8",
                "@modelcontextprotocol/server-github",
                "2025.4.8",
                "exact",
            ),
            ("npx --yes firecrawl-mcp@latest", "firecrawl-mcp", "latest", "none"),
            ("npx -y mcp-remote@^0.1", "mcp-remote", "^0.1", "range"),
            ("npx -y mcp-remote@1", "mcp-remote", "1", "range"),
            ("npx -p typescript-mcp@1.0.0 run", "typescript-mcp", "1.0.0", "exact"),
            ("npx --package=a@1.0.0 run", "a", "1.0.0", "exact"),
            ("cmd /c npx -y a", "a", "", "none"),
            ("C:\\node\\npx.cmd -y a@1.2.3-beta.1", "a", "1.2.3-beta.1", "exact"),
            ("npx -y github:owner/repo", "github:owner/repo", "", "none"),
            ("npx owner/repo#main", "owner/repo", "main", "none"),
            ("pnpm dlx a", "a", "", "none"),
            ("bash -c 'npx -y a@1.0.0'", "a", "1.0.0", "exact"),
            ("uvx mcp-server-git", "mcp-server-git", "", "none"),
            ("uvx mcp-server-git@2025.1.14 --repository .", "mcp-server-git", "2025.1.14", "exact"),
            ("uvx --python 3.12 --from awslabs.core[x]==1.0.2 core", "awslabs.core", "1.0.2", "exact"),
            ("uvx --from git+https://github.com/a/b serve", "git+https://github.com/a/b", "", "none"),
            (
                "uvx --from git+https://github.com/a/b@0123456789abcdef0123456789abcdef01234567 b",
                "git+https://github.com/a/b",
                "0123456789abcdef0123456789abcdef01234567",
                "exact",
            ),
            ("uv tool run a>=1", "a", ">=1", "range"),
            ("pipx run a", "a", "", "none"),
            (
                "docker run -i --rm -e TOKEN -v /:/data ghcr.io/github/github-mcp-server",
                "ghcr.io/github/github-mcp-server",
                "",
                "none",
            ),
            ("docker run -i mcp/fetch:1.2.0", "mcp/fetch", "1.2.0", "exact"),
            ("docker run mcp/fetch:latest", "mcp/fetch", "latest", "none"),
            ("docker run mcp/fetch@sha256:00", "mcp/fetch", "sha256:00", "exact"),
            ("node dist/index.js", "node", "", "local"),
            ("uv run server.py", "uv", "", "local"),
            ("npx ./server", "./server", "", "local"),
        ] {
            let words: Vec<String> = shell::words(line, '\0').into_iter().map(|word| word.text).collect();
            let (command, arguments) = words.split_first().unwrap();
            let started = read(command, arguments).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (started.package.as_str(), started.version.as_str(), started.pin),
                (package, version, pin),
                "{line}"
            );
        }
    }

    #[test]
    fn lines_that_name_nothing_give_nothing() {
        for (command, arguments) in [
            ("npx", vec!["-y"]),
            ("", vec![]),
            ("bash", vec!["-c"]),
            ("docker", vec!["run", "--rm"]),
            ("uvx", vec!["--from"]),
        ] {
            let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
            assert_eq!(read(command, &arguments), None, "{command}");
        }
    }
}
