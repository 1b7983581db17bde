//! The command in hostile surroundings: nothing it writes is half written or lands where it should not, and its exit status says so.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "not every test needs all of it")]
mod hostile_tree;

use hostile_tree::{KNOWN, tree};
use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const FORMATS: &[&str] = &["human", "concise", "github", "json", "sarif", "gitlab", "junit", "rdjson", "markdown"];

fn check(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aimslint"));
    command.arg("check").arg(".").args(arguments).current_dir(root);
    command.env_remove("GITHUB_ACTIONS").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_fails_the_run_in_every_format() {
    let folder = tree();
    for format in FORMATS {
        let full = File::options().write(true).open("/dev/full").expect("opened");
        let output = check(folder.path(), &["-o", format]).stdout(full).output().expect("runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{format}: {told}");
        assert!(told.contains("cannot write the result"), "{format}: {told}");
    }
}

#[test]
fn a_reader_who_has_enough_is_no_error() {
    let folder = tree();
    for format in FORMATS {
        let mut run = check(folder.path(), &["-o", format]).spawn().expect("runs");
        drop(run.stdout.take());
        let mut told = String::new();
        run.stderr.take().expect("piped").read_to_string(&mut told).expect("text");
        let status = run.wait().expect("ends");
        // What is short enough may have been written before the pipe was closed.
        assert!(matches!(status.code(), Some(0 | 1)) && told.is_empty(), "{format}: {status} {told}");
    }
}

#[test]
fn a_result_goes_to_a_device_or_a_pipe_and_does_not_take_its_place() {
    let folder = tree();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("runs").success());
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).expect("read")
    });
    let output = check(folder.path(), &["-o", "json=pipe", "-o", "concise=/dev/stderr"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(reader.join().expect("ends").contains("unsafe"), "the reader of the pipe got nothing");
    assert!(String::from_utf8_lossy(&output.stderr).contains("known.py:2:"));
    assert!(fs::symlink_metadata(&pipe).expect("there").file_type().is_fifo(), "the pipe was replaced");
    assert_eq!(names(folder.path()), ["known.py", "pipe"]);
}

#[test]
fn a_result_does_not_follow_a_link_out_of_the_tree() {
    let outside = tree();
    let victim = outside.path().join("known.py");
    let folder = tree();
    symlink(&victim, folder.path().join("out.sarif")).expect("linked");
    let output = check(folder.path(), &["-o", "sarif=out.sarif"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_to_string(victim).expect("there"), KNOWN);
    assert!(fs::read_to_string(folder.path().join("out.sarif")).expect("there").starts_with('{'));
}

#[test]
fn a_result_that_cannot_be_written_leaves_what_was_there() {
    let folder = tree();
    fs::create_dir(folder.path().join("folder")).expect("made");
    for target in ["json=folder", "json=not/there.json", "json=known.py/x.json"] {
        let output = check(folder.path(), &["-o", target]).output().expect("runs");
        assert_eq!(output.status.code(), Some(2), "{target}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(names(folder.path()), ["folder", "known.py"], "{target}");
    }
}

/// Enough work that a run is still under way when it is stopped.
fn much(folder: &Path) {
    for number in 0..150 {
        fs::write(folder.join(format!("f{number}.py")), KNOWN.repeat(4)).expect("written");
    }
}

#[test]
fn a_run_that_is_stopped_leaves_the_old_result_whole() {
    let folder = tree();
    much(folder.path());
    let result = folder.path().join("out.json");
    for wait in [20, 100, 250] {
        fs::write(&result, "old").expect("written");
        let mut run = check(folder.path(), &["-o", "json=out.json"]).spawn().expect("runs");
        thread::sleep(Duration::from_millis(wait));
        let stopped = Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("runs");
        run.wait().expect("ends");
        let text = fs::read_to_string(&result).expect("there");
        assert!(text == "old" || text.trim_end().ends_with('}'), "{stopped}: half a result after {wait} ms");
    }
}

#[test]
fn files_that_change_and_vanish_while_they_are_read_stop_nothing() {
    let folder = tree();
    much(folder.path());
    let mut run = check(folder.path(), &["-o", "json=/dev/null", "--threads", "2"]).spawn().expect("runs");
    let started = Instant::now();
    let mut turn = 0;
    while run.try_wait().expect("asked").is_none() {
        assert!(started.elapsed() < Duration::from_mins(1), "the run does not end");
        let file = folder.path().join(format!("f{}.py", turn % 150));
        let _ = match turn % 3 {
            0 => fs::remove_file(file),
            1 => File::create(file).and_then(|file| file.set_len(turn % 50 * 100)),
            _ => fs::write(file, "é".repeat(5_000)),
        };
        turn += 7;
        thread::sleep(Duration::from_micros(200));
    }
    let output = run.wait_with_output().expect("ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*told), (Some(1), ""), "after {turn} changes");
}

/// What somebody who is not root is refused: root runs as `nobody` here.
#[test]
fn what_may_not_be_read_is_told_and_the_rest_is_judged() {
    let folder = tree();
    let set_mode = |path: &str, mode| {
        fs::set_permissions(folder.path().join(path), Permissions::from_mode(mode)).expect("set");
    };
    for inside in ["closed", "listed"] {
        fs::create_dir(folder.path().join(inside)).expect("made");
        fs::write(folder.path().join(inside).join("inside.py"), KNOWN).expect("written");
    }
    for file in ["closed.py", "closed.pt", ".aimslintignore", ".gitignore"] {
        fs::write(folder.path().join(file), "known.py\n").expect("written");
        set_mode(file, 0o000);
    }
    // One may be entered by nobody, of the other the names may be read.
    set_mode("closed", 0o000);
    set_mode("listed", 0o444);
    set_mode(".", 0o755);
    let run = || {
        let output = as_nobody(&check(folder.path(), &["-o", "json"])).output().expect("runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), told)
    };
    let (status, report, told) = run();
    if told.contains("setpriv") {
        println!("skipped: {told}");
        return;
    }
    let report: serde_json::Value = serde_json::from_str(&report).unwrap_or_else(|_| panic!("{told}"));
    let paths = |key: &str| -> Vec<String> {
        let all = report[key].as_array().expect("a list").iter();
        let mut paths: Vec<_> = all.filter_map(|entry| entry["path"].as_str().map(str::to_owned)).collect();
        paths.dedup();
        paths
    };
    assert_eq!(status, Some(1), "{told}");
    assert_eq!(paths("findings"), ["known.py"]);
    let untold: Vec<&str> = [".aimslintignore", ".gitignore", "closed", "closed.pt", "closed.py", "listed/inside.py"]
        .into_iter()
        .filter(|path| !paths("not_assessed").iter().any(|told| told == path))
        .collect();
    assert!(untold.is_empty(), "{untold:?} of {:?}", paths("not_assessed"));

    // Settings that are there and cannot be read stop the run: what they set is not known.
    fs::write(folder.path().join("aimslint.toml"), "profile = 'audit'\n").expect("written");
    set_mode("aimslint.toml", 0o000);
    let (status, _, told) = run();
    assert!(status == Some(2) && told.contains("aimslint.toml: Permission denied"), "{told}");
    set_mode("closed", 0o755);
    set_mode("listed", 0o755);
}

/// Matching such a list takes gigabytes.
#[test]
fn a_list_of_what_is_ignored_that_is_too_large_is_not_matched() {
    for list in [".gitignore", ".aimslintignore"] {
        let folder = tree();
        for inside in ["", "inner/"] {
            fs::create_dir_all(folder.path().join("inner/deeper")).expect("made");
            fs::write(folder.path().join("inner/deeper/inside.py"), KNOWN).expect("written");
            fs::write(folder.path().join(inside).join(list), "a\n".repeat(200_000)).expect("written");
            let output = check(folder.path(), &["-o", "json"]).output().expect("runs");
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
            let told = &report["not_assessed"][0];
            assert_eq!(told["path"], format!("{inside}{list}"));
            assert!(told["reason"].as_str().is_some_and(|reason| reason.starts_with("larger than 256 KiB")), "{told}");
            // Of the scanned folder nothing is known then; of the others everything.
            let found = report["findings"].as_array().expect("findings").len();
            assert_eq!(found, usize::from(!inside.is_empty()), "{inside}{list}");
            fs::remove_file(folder.path().join(inside).join(list)).expect("removed");
        }
    }
}

/// The same command as somebody who owns nothing, where it runs as root.
fn as_nobody(command: &Command) -> Command {
    let mut other = Command::new(command.get_program());
    let user = Command::new("id").arg("-u").output().expect("runs");
    if user.stdout.starts_with(b"0\n") {
        other = Command::new("setpriv");
        other.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(command.get_program());
    }
    other.args(command.get_args()).current_dir(command.get_current_dir().expect("set"));
    other.env_remove("GITHUB_ACTIONS").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    other
}
