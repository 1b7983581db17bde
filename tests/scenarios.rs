//! Command-line scenarios: each file of `tests/scenarios` is a small tree, a command, and what it must print and return.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};
use toml::{Table, Value};

#[test]
fn every_scenario_goes_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut run = 0;
    for entry in fs::read_dir(root.join("tests/scenarios")).expect("scenarios") {
        let path = entry.expect("readable").path();
        let name = path.file_stem().expect("named").to_string_lossy().into_owned();
        let scenario: Table =
            fs::read_to_string(&path).expect("readable").parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        faults.extend(faults_of(root, &scenario).into_iter().map(|fault| format!("{name}: {fault}")));
        run += 1;
    }
    assert!(run > 10, "the scenarios are gone");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Keys of a scenario: `folder` (copied from the project) and `files` make the tree, `run` are the arguments, `env` the environment; `exit`,
/// `stdout`, `stderr` (each a list of texts that must be there), `not-stdout`, `stdout-is`, `stderr-is` and `written` (text by file)
/// say what comes of it. Each `[[then]]` holds the same keys for a further command in the same tree; an empty text takes a file away.
fn faults_of(root: &Path, scenario: &Table) -> Vec<String> {
    const KEYS: &[&str] = &[
        "about",
        "folder",
        "files",
        "run",
        "env",
        "exit",
        "stdout",
        "stderr",
        "not-stdout",
        "stdout-is",
        "stderr-is",
        "written",
        "then",
    ];
    let place = tempfile::tempdir().expect("temporary folder");
    // No git repository above may lend its settings.
    let tree = place.path().join("repository");
    fs::create_dir(&tree).expect("made");
    if let Some(folder) = scenario.get("folder").and_then(Value::as_str) {
        copy(&root.join(folder), &tree);
    }
    let then = scenario.get("then").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table);
    let mut faults = Vec::new();
    for (number, step) in [scenario].into_iter().chain(then).enumerate() {
        let unknown = step.keys().filter(|key| !KEYS.contains(&key.as_str())).map(|key| format!("unknown key {key}"));
        let found = unknown.chain(faults_of_step(&tree, step));
        faults.extend(found.map(|fault| format!("command {}: {fault}", number + 1)));
    }
    faults
}

fn faults_of_step(tree: &Path, scenario: &Table) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, text) in texts_by_name(scenario, "files") {
        let file = tree.join(name);
        if text.is_empty() {
            fs::remove_file(file).expect("was there");
            continue;
        }
        fs::create_dir_all(file.parent().expect("below the tree")).expect("made");
        fs::write(file, text).expect("written");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_aimslint"));
    command.current_dir(tree).args(texts(scenario, "run")).env_remove("GITHUB_ACTIONS").env_remove("NO_COLOR");
    command.envs(texts_by_name(scenario, "env"));
    let output = command.output().expect("runs");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();

    let exit = scenario.get("exit").and_then(Value::as_integer).unwrap_or(0);
    if output.status.code().map(i64::from) != Some(exit) {
        faults.push(format!("exit is {:?}, not {exit}\n{stdout}{stderr}", output.status.code()));
    }
    for (key, text) in [("stdout", &stdout), ("stderr", &stderr)] {
        for wanted in texts(scenario, key) {
            if !text.contains(&wanted) {
                faults.push(format!("{key} lacks {wanted:?}:\n{text}"));
            }
        }
        if let Some(wanted) = scenario.get(&format!("{key}-is")).and_then(Value::as_str)
            && wanted != text
        {
            faults.push(format!("{key} is not as written:\n{text}"));
        }
    }
    for unwanted in texts(scenario, "not-stdout") {
        if stdout.contains(&unwanted) {
            faults.push(format!("stdout has {unwanted:?}:\n{stdout}"));
        }
    }
    for (name, wanted) in texts_by_name(scenario, "written") {
        match fs::read_to_string(tree.join(&name)) {
            Ok(text) if text.contains(&wanted) => {}
            Ok(text) => faults.push(format!("{name} lacks {wanted:?}:\n{text}")),
            Err(error) => faults.push(format!("{name}: {error}")),
        }
    }
    faults
}

fn texts(scenario: &Table, key: &str) -> Vec<String> {
    let list = scenario.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn texts_by_name(scenario: &Table, key: &str) -> BTreeMap<String, String> {
    let table = scenario.get(key).and_then(Value::as_table).cloned().unwrap_or_default();
    table.into_iter().filter_map(|(name, text)| Some((name, text.as_str()?.to_owned()))).collect()
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).min_depth(1).into_iter().map(|entry| entry.expect("readable")) {
        let target = to.join(entry.path().strip_prefix(from).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).expect("made");
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}
