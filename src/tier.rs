//! Risk tiers: which systems of the register hold a file, and how their risk moves the level of a finding there.

use crate::fact::{Fact, Seen, System};
use crate::finding::Level;
use crate::globs::Globs;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The systems that the register declares and that are in use or coming into use.
#[derive(Debug, Default)]
pub struct Tiers {
    systems: Vec<Tiered>,
    /// Levels follow them.
    moving: bool,
}

#[derive(Debug)]
struct Tiered {
    name: String,
    risk: String,
    paths: Globs,
}

/// The level of a finding, and why it is what it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Weighed {
    /// The level.
    pub level: Level,
    /// Why it is not that of the rule; empty where it is.
    pub reason: String,
}

impl Weighed {
    /// The level that a rule has by itself.
    #[must_use]
    pub fn unmoved(level: Level) -> Self {
        Self { level, reason: String::new() }
    }
}

impl Tiers {
    /// The systems among these facts; with `moving` levels follow their risk. `below` is the scanned folder, told from where their paths are.
    #[must_use]
    pub fn of(facts: &[Fact], below: &Arc<str>, moving: bool) -> Self {
        let systems = facts.iter().filter(|fact| fact.kind == System::kind() && fact.text("status") != "retired");
        let tiered = systems.map(|system| Tiered {
            name: system.text("name").to_owned(),
            risk: system.text("risk").to_owned(),
            paths: Globs::with_all_below(system.list("paths"), below),
        });
        Self { systems: tiered.collect(), moving }
    }

    /// The names of the systems that hold one of these facts: by the path of its file, or, of an entry of the register, by the system that
    /// it is about.
    #[must_use]
    pub fn holding(&self, facts: &[&Fact]) -> BTreeSet<String> {
        let is_held = |tiered: &&Tiered| {
            facts.iter().any(|fact| {
                let about = if fact.kind == System::kind() { fact.text("name") } else { fact.text("system") };
                about == tiered.name || tiered.paths.is_match(&fact.path)
            })
        };
        self.systems.iter().filter(is_held).map(|tiered| tiered.name.clone()).collect()
    }

    /// The level of a finding in these systems. The highest tier counts: from high risk on it is one level more, up to `highest`; where all
    /// are of minimal risk a warning is a note. An error stays an error: a leaked key is one in any system.
    #[must_use]
    pub fn weigh(&self, level: Level, highest: Level, systems: &BTreeSet<String>) -> Weighed {
        let holding = || self.systems.iter().filter(|tiered| systems.contains(&tiered.name));
        if !self.moving {
            return Weighed::unmoved(level);
        }
        if let Some(tiered) = holding().find(|tiered| matches!(tiered.risk.as_str(), "high" | "unacceptable")) {
            let raised = level.higher().min(highest.max(level));
            if raised > level {
                let reason = format!("level raised: system `{}` is of {} risk", tiered.name, tiered.risk);
                return Weighed { level: raised, reason };
            }
            return Weighed::unmoved(level);
        }
        match holding().next() {
            Some(tiered) if level == Level::Warning && holding().all(|tiered| tiered.risk == "minimal") => Weighed {
                level: Level::Note,
                reason: format!("level lowered: system `{}` is of minimal risk", tiered.name),
            },
            _ => Weighed::unmoved(level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Choice, Facts, Field};

    fn tiers() -> Tiers {
        let mut facts = Facts::of(&"aimslint.toml".into());
        for (name, risk, path) in
            [("a", "high", "a/"), ("b", "minimal", "b/**"), ("c", "limited", "c/*.py"), ("d", "minimal", "[")]
        {
            let paths = vec![path.to_owned()].into();
            facts.add_whole(
                name,
                System { name: name.into(), risk: Field::known(Choice(risk)), paths, ..System::default() },
            );
        }
        Tiers::of(&facts.all, &"".into(), true)
    }

    fn seen_in(path: &str) -> Fact {
        let mut facts = Facts::of(&path.into());
        facts.add_whole("train", crate::fact::AiImport::default());
        facts.all.remove(0)
    }

    #[test]
    fn the_highest_tier_that_holds_a_place_moves_the_level() {
        for (paths, level, highest, expected) in [
            (&["a/x.py"][..], Level::Warning, Level::Error, Level::Error),
            (&["a/x.py"], Level::Note, Level::Error, Level::Warning),
            (&["a/x.py"], Level::Warning, Level::Warning, Level::Warning),
            (&["a/x.py"], Level::Error, Level::Warning, Level::Error),
            (&["b/x.py"], Level::Warning, Level::Error, Level::Note),
            (&["b/x.py"], Level::Error, Level::Error, Level::Error),
            (&["b/x.py", "a/x.py"], Level::Warning, Level::Error, Level::Error),
            (&["b/x.py", "c/x.py"], Level::Warning, Level::Error, Level::Warning),
            (&["elsewhere.py", "["], Level::Warning, Level::Error, Level::Warning),
        ] {
            let tiers = tiers();
            let facts: Vec<Fact> = paths.iter().map(|path| seen_in(path)).collect();
            let systems = tiers.holding(&facts.iter().collect::<Vec<_>>());
            let weighed = tiers.weigh(level, highest, &systems);
            assert_eq!(weighed.level, expected, "{paths:?} {level:?}");
            assert_eq!(weighed.reason.is_empty(), weighed.level == level, "{paths:?} {level:?}");
        }
    }
}
