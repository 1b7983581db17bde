//! What a run is asked for: which folder, which part of it, and by which settings.

use crate::git::Range;
use crate::settings::Profile;
use crate::timings::Timings;
use crate::tree::is_at_or_below;
use std::path::PathBuf;

/// Where the settings of a run stand.
#[derive(Debug, Default)]
pub enum SettingsFile {
    /// `aimslint.toml` in the root, or above it in the same git repository.
    #[default]
    Nearest,
    /// This file.
    At(PathBuf),
    /// Nowhere.
    None,
}

/// Where the baseline of a run stands.
#[derive(Debug, Default)]
pub enum BaselineFile {
    /// `aimslint-baseline.json` in the root, if it is there.
    #[default]
    InRoot,
    /// This file.
    At(PathBuf),
    /// Nowhere.
    None,
}

/// Which part of the policy and of the repository a run is about.
#[derive(Debug, Default)]
pub struct Request {
    /// The folder that is scanned; every path is told from here.
    pub root: PathBuf,
    /// Only these files and folders, told from the root; `None` for all.
    pub paths: Option<Vec<String>>,
    /// Report only what this change brought; `None` reports everything.
    pub range: Option<Range>,
    /// Settings, register, waivers, baseline and what is left out are taken from this commit, so that what is judged has no say in it.
    pub policy_from: Option<String>,
    /// The settings file.
    pub settings: SettingsFile,
    /// The baseline.
    pub baseline: BaselineFile,
    /// Overrides the profile of the settings.
    pub profile: Option<Profile>,
    /// Only rules of these ids or families (`family/*`); empty for all.
    pub only: Vec<String>,
    /// How many threads; `None` for one for each processor.
    pub threads: Option<usize>,
    /// Tell the lines of what is as it should be too, not only of findings.
    pub evidence: bool,
    /// Learn nothing from git's history: for rules under test, whose cases lie in the repository of somebody else.
    pub without_history: bool,
    /// Judge also when nothing shows that the repository has to do with AI: for rules under test.
    pub judge_without_ai: bool,
    /// Collects where the time goes.
    pub timings: Timings,
}

impl Request {
    /// True when findings at this path are asked for.
    pub(crate) fn is_about(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.iter().any(|wanted| is_at_or_below(path, wanted)))
    }
}
