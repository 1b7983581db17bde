//! Where the time of a run goes, by stage and by what each stage worked on: measured only when somebody asks.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A part of a run, in the order in which they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The list of files is made, from the folder and from git's index.
    Discover,
    /// Files are read, by their kind.
    Read,
    /// Files are parsed, by their kind.
    Parse,
    /// Facts are taken from files, by their kind.
    Extract,
    /// Facts of the whole repository are put together.
    Join,
    /// git's history is asked.
    History,
    /// Facts are held against rules, by rule.
    Judge,
    /// Findings are held against waivers and the baseline.
    Waive,
    /// Places become lines.
    Locate,
    /// Findings are held against those of the base.
    Narrow,
}

impl Stage {
    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Extract => "extract",
            Self::Join => "join",
            Self::History => "history",
            Self::Judge => "judge",
            Self::Waive => "waive",
            Self::Locate => "locate",
            Self::Narrow => "narrow",
        }
    }
}

/// What was spent on one thing in one stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// How often it was worked on: files, or runs of a rule.
    pub times: usize,
    /// How many bytes it had, where it was a file.
    pub bytes: usize,
    /// How long it took, summed over all threads.
    pub time: Duration,
}

impl Spent {
    fn add(&mut self, more: Self) {
        self.times += more.times;
        self.bytes += more.bytes;
        self.time += more.time;
    }
}

/// Collects what is spent. [`Timings::default`] collects nothing and costs nothing.
#[derive(Debug, Default)]
pub struct Timings {
    spent: Option<Mutex<BTreeMap<(Stage, String), Spent>>>,
}

impl Timings {
    /// Timings that are collected.
    #[must_use]
    pub fn on() -> Self {
        Self { spent: Some(Mutex::default()) }
    }

    /// Does `work` as a part of `stage`, and keeps how long it took; `what` names what it works on, and may be empty.
    pub fn measure<T>(&self, stage: Stage, what: impl FnOnce() -> String, work: impl FnOnce() -> T) -> T {
        self.measure_bytes(stage, what, 0, work)
    }

    /// The same for work on so many bytes.
    pub fn measure_bytes<T>(
        &self,
        stage: Stage,
        what: impl FnOnce() -> String,
        bytes: usize,
        work: impl FnOnce() -> T,
    ) -> T {
        let Some(spent) = &self.spent else { return work() };
        let start = Instant::now();
        let done = work();
        let more = Spent { times: 1, bytes, time: start.elapsed() };
        let mut spent = spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.entry((stage, what())).or_default().add(more);
        done
    }

    /// What was spent on each stage as a whole, in the order of the run.
    #[must_use]
    pub fn by_stage(&self) -> Vec<(Stage, Spent)> {
        let mut stages: BTreeMap<Stage, Spent> = BTreeMap::new();
        for (stage, _, spent) in self.all() {
            stages.entry(stage).or_default().add(spent);
        }
        stages.into_iter().collect()
    }

    /// What was spent on each thing in one stage, the longest first.
    #[must_use]
    pub fn of(&self, stage: Stage) -> Vec<(String, Spent)> {
        let mut of: Vec<(String, Spent)> =
            self.all().into_iter().filter(|(its, ..)| *its == stage).map(|(_, what, spent)| (what, spent)).collect();
        of.sort_by(|(a, one), (b, other)| other.time.cmp(&one.time).then_with(|| a.cmp(b)));
        of
    }

    fn all(&self) -> Vec<(Stage, String, Spent)> {
        let Some(spent) = &self.spent else { return Vec::new() };
        let spent = spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.iter().map(|((stage, what), spent)| (*stage, what.clone(), *spent)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_summed() {
        let timings = Timings::on();
        for bytes in [10, 20] {
            timings.measure_bytes(Stage::Parse, || "Python".into(), bytes, || ());
        }
        timings.measure(Stage::Judge, || "bias/a".into(), || std::thread::sleep(Duration::from_millis(2)));
        timings.measure(Stage::Judge, || "bias/b".into(), || ());
        let [(Stage::Parse, parse), (Stage::Judge, judge)] = timings.by_stage()[..] else {
            panic!("{:?}", timings.by_stage());
        };
        assert_eq!((parse.times, parse.bytes, judge.times), (2, 30, 2));
        let rules: Vec<String> = timings.of(Stage::Judge).into_iter().map(|(what, _)| what).collect();
        assert_eq!(rules, ["bias/a", "bias/b"], "the longest first");
    }

    #[test]
    fn nothing_is_kept_unless_asked() {
        let timings = Timings::default();
        assert_eq!(timings.measure(Stage::Read, || unreachable!(), || 3), 3);
        assert_eq!(timings.by_stage(), []);
    }
}
