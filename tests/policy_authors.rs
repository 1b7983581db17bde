//! The guide for policy authors: every command in it prints what it says, and every path in it leads somewhere.
//!
//! `shell-session` blocks hold commands behind `$` and, below each, parts of lines that it prints, in order (`...` for what is left out); one
//! that fails is followed by `$ echo $?` and its status. `toml file="FILE"` is appended to that file.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};
use walkdir::WalkDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn guide() -> String {
    fs::read_to_string(root().join("docs/policy-authors.md")).expect("the guide")
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from).into_iter().map(|entry| entry.expect("readable")) {
        let to = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("made");
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// Runs a line as a user would; gives what it printed and its status.
fn shell(folder: &Path, line: &str) -> (String, i32) {
    let tool = Path::new(env!("CARGO_BIN_EXE_aimslint")).parent().expect("in a folder");
    let path = format!("{}:{}", tool.display(), env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    let output = command.current_dir(folder).args(["-c", line]).env("PATH", path).output().expect("sh runs");
    let printed = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&printed).into_owned(), output.status.code().unwrap_or(-1))
}

#[test]
fn every_command_does_what_the_guide_says() {
    let place = tempfile::tempdir().expect("temporary folder");
    let repository = place.path().join("credit-scoring");
    copy(&root().join("fixtures/whole/credit-scoring"), &repository);
    copy(&root().join("fixtures/packs/acme"), &place.path().join("org-policy"));
    let (mut faults, mut run) = (Vec::new(), 0);
    for block in guide().split("```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').expect("a block has lines");
        if let Some(file) = language.strip_prefix("toml file=\"").and_then(|rest| rest.strip_suffix('"')) {
            let before = fs::read_to_string(repository.join(file)).unwrap_or_default();
            fs::write(repository.join(file), format!("{before}\n{text}").trim_start()).expect("written");
        }
        if language != "shell-session" {
            continue;
        }
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {line}"));
            let (printed, status) = shell(&repository, command);
            run += 1;
            let mut left = printed.lines();
            while let Some(expected) = lines.next_if(|line| !line.starts_with("$ ")) {
                if expected != "..." && !left.any(|line| line.contains(expected)) {
                    faults
                        .push(format!("`{command}` does not print, from there on, `{expected}`; it prints\n{printed}"));
                }
            }
            let said = lines.next_if(|line| *line == "$ echo $?").and_then(|_| lines.next());
            if status != said.map_or(0, |status| status.parse().expect("a status")) {
                faults.push(format!("`{command}` ends with status {status}; it prints\n{printed}"));
            }
        }
    }
    assert!(run > 10, "only {run} commands were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_path_leads_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)\s#]+)\)").expect("a pattern");
    let guide = guide();
    let dead: Vec<&str> = link
        .captures_iter(&guide)
        .filter_map(|found| found.get(1))
        .map(|found| found.as_str())
        .filter(|path| !path.contains("://") && !root().join("docs").join(path).exists())
        .collect();
    assert!(dead.is_empty(), "these lead nowhere: {dead:?}");
}
