//! Hostile files: sizes, kinds and names that no repository should have.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "not every test needs all of it")]
mod hostile_tree;

use aimslint::settings::Settings;
use aimslint::{Request, check};
use hostile_tree::{BOOK, KNOWN, says, scan, tree};
use jiff::civil::Date;
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn bytes_that_are_no_text() {
    let folder = tree();
    for name in ["latin.py", "binary.yaml", "cut.json", "utf16.toml"] {
        fs::write(folder.path().join(name), b"a\xff\xfe\x00\xe9").expect("written");
    }
    let report = scan(folder.path());
    for name in ["latin.py", "binary.yaml", "cut.json", "utf16.toml"] {
        assert!(says(&report, name), "{name}: {:?}", report.not_assessed);
    }
}

#[test]
fn text_in_utf16_has_its_own_lines() {
    let folder = tree();
    let list = "\u{feff}numpy==1.26.4\r\ntorch\r\n";
    let bytes: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("requirements.txt"), bytes).expect("written");
    let report = scan(folder.path());
    let places: Vec<usize> = report
        .open()
        .filter(|placed| &*placed.region.path == "requirements.txt")
        .map(|placed| placed.region.line)
        .collect();
    assert_eq!(places, [2], "{:?}", report.not_assessed);
}

/// Names of every kind that is recognised, and of model files.
const RECOGNISED: &[&str] = &[
    "code.py",
    "code.ts",
    "notes.ipynb",
    "README.md",
    "requirements.txt",
    "Dockerfile",
    "Modelfile",
    "package.json",
    "pyproject.toml",
    "environment.yml",
    "setup.cfg",
    "pom.xml",
    "yarn.lock",
    "go.mod",
    "build.gradle",
    "Jenkinsfile",
    "main.tf",
    "main.bicep",
    "azuredeploy.json",
    "template.yaml",
    "compose.yaml",
    "chart/values.yaml",
    "chart/Chart.yaml",
    "k8s/pod.yaml",
    "dvc.yaml",
    "dvc.lock",
    "data.dvc",
    ".dvc/config",
    "airflow.cfg",
    "MLmodel",
    "bentofile.yaml",
    "params.yaml",
    "config.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "croissant.json",
    "bom.json",
    ".github/workflows/test.yml",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    "CODEOWNERS",
    "SECURITY.md",
    "LICENSE",
    ".env",
    "run.sh",
    "AGENTS.md",
    ".mcp.json",
    ".cursor/rules/x.mdc",
    "litellm_config.yaml",
    "metrics.json",
    "dbt_project.yml",
    ".pre-commit-config.yaml",
    "renovate.json",
    ".github/dependabot.yml",
    "serving.properties",
    "app.js",
    "a.pt",
    "a.pth",
    "a.bin",
    "a.ckpt",
    "a.pkl",
    "a.joblib",
    "a.npy",
    "a.npz",
    "a.h5",
    "a.keras",
    "a.onnx",
    "a.gguf",
    "a.safetensors",
    "a.pb",
    "a.tflite",
    "a.parquet",
    "a.zip",
    "a.tar.gz",
    "a.unknown",
];

#[test]
fn a_gigabyte_of_every_kind_is_not_read_whole() {
    let folder = tree();
    for name in RECOGNISED {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        // Sparse: it takes no room on the disk.
        fs::File::create(path).and_then(|file| file.set_len(1 << 30)).expect("sized");
    }
    let report = scan(folder.path());
    for name in [
        "code.py",
        "notes.ipynb",
        "README.md",
        "requirements.txt",
        "dvc.yaml",
        "main.tf",
        "Dockerfile",
        "a.pt",
        "a.safetensors",
    ] {
        assert!(says(&report, name), "{name}: {:?}", report.not_assessed);
    }
}

#[test]
fn a_hundred_thousand_files() {
    let folder = tree();
    for number in 0..1_000 {
        let inside = folder.path().join(format!("folder{number}"));
        fs::create_dir(&inside).expect("made");
        for number in 0..100 {
            fs::write(inside.join(format!("{number}.py")), "").expect("written");
        }
    }
    assert_eq!(scan(folder.path()).files_seen, 100_001);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_unreadable_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let outside = tempfile::tempdir().expect("temporary folder");
    fs::write(outside.path().join("secret.py"), KNOWN).expect("written");
    let folder = tree();
    symlink(outside.path(), folder.path().join("escape")).expect("linked");
    symlink(outside.path().join("secret.py"), folder.path().join("escape.py")).expect("linked");
    symlink(folder.path(), folder.path().join("loop")).expect("linked");
    let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.py")).status();
    assert!(pipe.is_ok_and(|status| status.success()), "mkfifo works");
    let closed = folder.path().join("closed.py");
    fs::write(&closed, KNOWN).expect("written");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("closed");
    let report = scan(folder.path());
    assert!(report.findings.iter().all(|placed| !placed.region.path.contains("escape")), "a link led out of the root");
    // Root may read everything.
    assert!(fs::read(&closed).is_ok() || says(&report, "closed.py"), "{:?}", report.not_assessed);
}

#[cfg(unix)]
#[test]
fn devices_in_the_tree_are_not_opened() {
    let folder = tree();
    for (name, kind, major, minor) in [
        ("zero.py", "c", "1", "5"),
        ("random.pkl", "c", "1", "8"),
        ("full.yaml", "c", "1", "7"),
        ("loop.pt", "b", "7", "0"),
    ] {
        let path = folder.path().join(name);
        let made = std::process::Command::new("mknod").arg(path).args([kind, major, minor]).output();
        if !made.is_ok_and(|made| made.status.success()) {
            eprintln!("skipped: only root may make devices");
            return;
        }
    }
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket.py")).expect("made");
    let started = Instant::now();
    let report = scan(folder.path());
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
    assert_eq!((report.open().filter(|placed| &*placed.region.path != "known.py").count(), report.files_read), (0, 1));
}

#[cfg(unix)]
#[test]
fn settings_behind_a_link_or_in_a_pipe_are_not_read() {
    for make in ["ln -s /dev/zero aimslint.toml", "mkfifo aimslint.toml"] {
        let folder = tree();
        let made = std::process::Command::new("sh").args(["-c", make]).current_dir(folder.path()).status();
        assert!(made.is_ok_and(|status| status.success()), "{make}");
        let request = Request { root: folder.path().to_path_buf(), ..Request::default() };
        let (report, _) =
            check(&request, &BOOK, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}).expect("the run ends");
        assert!(report.open().count() > 0, "{make}");
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_hostile_or_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tree();
    for name in ["new\nline.py", "esc\u{1b}[31m.py", "::error::x.py", "a b%20c.py", "{{ x }}.py", " leading.py"] {
        fs::write(folder.path().join(name), KNOWN).expect("written");
    }
    fs::write(folder.path().join(OsStr::from_bytes(b"not-\xff-text.py")), KNOWN).expect("written");
    let report = scan(folder.path());
    let wrong =
        report.not_assessed.iter().any(|entry| entry.reason.contains("UTF-8") && entry.path.contains("text.py"));
    assert!(wrong, "{:?}", report.not_assessed);
    let mut out = Vec::new();
    let options = aimslint::report::Options { github_actions: true, ..Default::default() };
    for format in [aimslint::report::Format::Human, aimslint::report::Format::Concise, aimslint::report::Format::Github]
    {
        aimslint::report::write(format, &report, &options, &mut out).expect("written");
    }
    let shown = String::from_utf8(out).expect("text");
    assert!(!shown.contains('\u{1b}'), "a file's name reached the terminal as a command");
    assert!(!shown.lines().any(|line| line.starts_with("line.py") || line.starts_with("::error::x.py")), "{shown}");
}
