//! Trees for hostile tests: one file with a finding that must survive whatever lies beside it.

use aimslint::finding::Report;
use aimslint::settings::Settings;
use aimslint::{PolicyBook, Request, SettingsFile, check};
use jiff::civil::Date;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub static BOOK: LazyLock<PolicyBook> =
    LazyLock::new(|| PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}")));

/// A finding at error level.
pub const KNOWN: &str =
    "from transformers import AutoModel\nAutoModel.from_pretrained('org/name', trust_remote_code=True)\n";

pub fn tree() -> TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("known.py"), KNOWN).expect("written");
    folder
}

/// Scans the tree: the run ends, and has the finding.
pub fn scan(root: &Path) -> Report {
    let request = Request { root: root.to_path_buf(), settings: SettingsFile::None, ..Request::default() };
    let started = Instant::now();
    let (report, _) =
        check(&request, &BOOK, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}).expect("the run ends");
    assert!(started.elapsed() < Duration::from_mins(1), "took {:?}", started.elapsed());
    let known = report.open().any(|placed| &*placed.region.path == "known.py" && placed.region.line == 2);
    assert!(known, "the finding beside the hostile file is lost");
    report
}

/// True when the report tells that this file was not assessed, by no fault of ours.
pub fn says(report: &Report, path: &str) -> bool {
    report.not_assessed.iter().any(|entry| &*entry.path == path && !entry.reason.contains("report it"))
}
