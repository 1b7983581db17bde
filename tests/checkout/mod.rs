//! Small repositories that tests build with git, and runs of aimslint in them.

use serde_json::Value;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use tempfile::TempDir;

/// A repository in a temporary folder.
pub struct Checkout {
    place: Rc<TempDir>,
    folder: PathBuf,
}

/// What a run of aimslint said.
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    pub report: Value,
}

impl Checkout {
    /// A repository without commits; `None` where there is no git.
    pub fn new() -> Option<Self> {
        Self::init(&[])
    }

    pub fn init(options: &[&str]) -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: there is no git on this machine");
            return None;
        }
        let place = Rc::new(tempfile::tempdir().expect("temporary folder"));
        let folder = place.path().join("repository");
        fs::create_dir(&folder).expect("made");
        let repository = Self { place, folder };
        repository.git(&[&["init", "-q", "-b", "main"], options].concat());
        Some(repository)
    }

    /// A clone of it, made as from afar.
    pub fn clone_with(&self, options: &[&str]) -> Self {
        let folder = self.place.path().join("clone").join(options.join(" ").replace('/', "-"));
        let shown = folder.to_string_lossy().into_owned();
        self.git(&[&["clone", "-q"], options, &[&self.address(), &shown]].concat());
        Self { place: Rc::clone(&self.place), folder }
    }

    /// Another checkout, in a folder of this one.
    pub fn at(&self, folder: &str) -> Self {
        Self { place: Rc::clone(&self.place), folder: self.folder.join(folder) }
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    pub fn address(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().expect("below the folder")).expect("made");
        fs::write(file, text).expect("written");
    }

    pub fn remove(&self, path: &str) {
        let path = self.folder.join(path);
        let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        removed.expect("removed");
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    pub fn git(&self, arguments: &[&str]) {
        let output = self.run_git(arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn git_may_fail(&self, arguments: &[&str]) {
        self.run_git(arguments);
    }

    pub fn run_git(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).args(arguments);
        // Neither the user's settings nor a git hook that runs the tests may have a say.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        for (name, value) in [("NAME", "A Person"), ("EMAIL", "person@example.org"), ("DATE", "2026-01-31T12:00:00Z")] {
            command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        command.output().expect("git runs")
    }

    /// What aimslint prints with these arguments.
    #[allow(dead_code, reason = "not every test that builds repositories needs it")]
    pub fn told(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aimslint"));
        let output = command.current_dir(&self.folder).args(arguments).output().expect("runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// `aimslint check` with these arguments.
    pub fn check(&self, arguments: &[&str]) -> Run {
        let json = self.place.path().join("report.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_aimslint"));
        command.current_dir(&self.folder).arg("check").args(arguments).env_remove("GITHUB_ACTIONS");
        command.args(["--output", "human", "--output", &format!("json={}", json.display())]);
        let output = command.output().expect("runs");
        let report = fs::read_to_string(&json).map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"));
        // The next run may fail before it writes one.
        let _ = fs::remove_file(&json);
        Run {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            report,
        }
    }
}

impl Run {
    /// `path:line` of every finding of a rule.
    pub fn places(&self, rule: &str) -> Vec<String> {
        let findings = self.report["findings"].as_array().cloned().unwrap_or_default();
        let of_rule = findings.iter().filter(|finding| finding["rule"] == rule);
        of_rule.map(|finding| format!("{}:{}", finding["path"].as_str().unwrap_or_default(), finding["line"])).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "status {}\n{}{}", self.status, self.stdout, self.stderr)
    }
}
