//! The guides: every command in them does what they say, and every path in them leads somewhere.
//!
//! What stands in a block of code is told by its language. `console` holds commands behind `$` and, below each, lines of what it prints, in
//! order (`...` for what is left out); one that fails is followed by `$ echo $?` and its status. `toml title="FILE"` is appended
//! to that file. Of `sh` the commands of aimslint are run, and must be able to do their job. All blocks of a guide share one tree.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

#[allow(dead_code, reason = "guides need a part of it")]
mod checkout;

use checkout::Checkout;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};
use walkdir::WalkDir;

/// Commands that need what the sample has not: other repositories, and no settings yet.
const NEEDS_MORE: &[&str] = &["aimslint score", "aimslint init"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every guide that users read, with its text.
fn guides() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(root().join("docs")).expect("docs").map(|entry| entry.expect("readable").path());
    let mut paths: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    paths.extend(
        ["README.md", "policies/README.md", "truth/README.md", "action/README.md"].map(|path| root().join(path)),
    );
    paths.retain(|path| path.is_file());
    paths.sort();
    assert!(paths.len() >= 7, "the guides are gone");
    paths
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).expect("text").replace("\r\n", "\n")))
        .collect()
}

/// Every block of code: what stands behind its fence, and its lines.
fn blocks(text: &str) -> Vec<(String, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, Vec<String>)> = None;
    for line in text.lines() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => open = Some((language.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    blocks
}

#[test]
fn every_command_does_what_its_guide_says() {
    let mut faults = Vec::new();
    let mut run = 0;
    for (path, text) in guides() {
        let Some(tree) = sample() else { return };
        for (language, lines) in blocks(&text) {
            let found = match language.as_str() {
                "console" => in_console(&tree, &lines, &mut run),
                "sh" => in_script(&tree, &lines, &mut run),
                titled => {
                    if let Some(file) = titled.strip_prefix("toml title=\"").and_then(|rest| rest.strip_suffix('"')) {
                        let file = tree.path().join(file);
                        let before = fs::read_to_string(&file).unwrap_or_default();
                        fs::write(file, format!("{before}{}\n", lines.join("\n"))).expect("written");
                    }
                    Vec::new()
                }
            };
            let guide = path.strip_prefix(root()).expect("below").display().to_string();
            faults.extend(found.into_iter().map(|fault| format!("{guide}: {fault}")));
        }
    }
    assert!(run > 30, "only {run} commands were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The sample repository as the guides take it, committed, with a branch to compare with; beside it the sample pack.
fn sample() -> Option<Checkout> {
    let tree = Checkout::new()?;
    copy(&root().join("fixtures/whole/credit-scoring"), tree.path());
    copy(&root().join("fixtures/packs/acme"), &tree.path().with_file_name("org-policy"));
    tree.commit("the sample");
    tree.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    Some(tree)
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from).into_iter().map(|entry| entry.expect("readable")) {
        if entry.file_type().is_file() {
            let to = to.join(entry.path().strip_prefix(from).expect("below"));
            fs::create_dir_all(to.parent().expect("below")).expect("made");
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// Runs a line as a user would; gives what it printed and its status.
fn shell(tree: &Checkout, line: &str) -> (String, i32) {
    let tool = Path::new(env!("CARGO_BIN_EXE_aimslint")).parent().expect("in a folder");
    let path = format!("{}:{}", tool.display(), env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.current_dir(tree.path()).args(["-c", line]).env("PATH", path).env_remove("GITHUB_ACTIONS");
    let output = command.output().expect("sh runs");
    let printed = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&printed).into_owned(), output.status.code().unwrap_or(-1))
}

fn in_console(tree: &Checkout, lines: &[String], run: &mut usize) -> Vec<String> {
    let mut faults = Vec::new();
    let mut rest = lines.iter().peekable();
    while let Some(line) = rest.next() {
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let (printed, status) = shell(tree, command);
        *run += 1;
        let mut left = printed.lines();
        while let Some(expected) = rest.next_if(|line| !line.starts_with("$ ")) {
            let expected = expected.trim();
            if expected != "..." && !left.any(|line| line.contains(expected)) {
                faults.push(format!("`{command}` does not print, from there on, `{expected}`; it prints\n{printed}"));
            }
        }
        let said = match rest.next_if(|line| *line == "$ echo $?") {
            Some(_) => rest.next().and_then(|status| status.parse().ok()).unwrap_or(-1),
            None => 0,
        };
        if status != said {
            faults.push(format!("`{command}` ends with status {status}, not {said}; it prints\n{printed}"));
        }
    }
    faults
}

fn in_script(tree: &Checkout, lines: &[String], run: &mut usize) -> Vec<String> {
    let mut faults = Vec::new();
    for line in lines.iter().filter(|line| line.starts_with("aimslint ")) {
        let command = line.split(" #").next().unwrap_or_default().split(" |").next().unwrap_or_default().trim();
        if NEEDS_MORE.iter().any(|start| command.starts_with(start)) {
            continue;
        }
        let (printed, status) = shell(tree, command);
        *run += 1;
        if !matches!(status, 0 | 1) {
            faults.push(format!("`{command}` ends with status {status}:\n{printed}"));
        }
    }
    faults
}

#[test]
fn every_path_leads_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)\s#]+)").expect("a pattern");
    let path_in_code =
        regex::Regex::new(r"`((?:\.ci|docs|fixtures|policies|src|tests|truth|action)/[\w./-]*)`").expect("a pattern");
    let mut dead = Vec::new();
    for (guide, text) in guides() {
        let folder = guide.parent().expect("in a folder");
        let outside_of_blocks: String = text.split("```").step_by(2).collect();
        let links = link.captures_iter(&outside_of_blocks).map(|found| (folder, found[1].to_owned()));
        let paths = path_in_code.captures_iter(&outside_of_blocks).map(|found| (root(), found[1].to_owned()));
        for (from, path) in links.filter(|(_, path)| !path.contains("://")).chain(paths) {
            if !from.join(&path).exists() {
                dead.push(format!("{}: {path}", guide.strip_prefix(root()).expect("below").display()));
            }
        }
    }
    assert!(dead.is_empty(), "these lead nowhere:\n{}", dead.join("\n"));
}
