//! How high the risks of the register are, and whose they are.

use super::Systems;
use crate::fact::{Fact, Risk, Seen};

/// Fills in the level of each risk, whether what is left is lower, and what is known of its system.
pub(super) fn join(facts: &mut [Fact], systems: &Systems) {
    for risk in facts.iter_mut().filter(|fact| fact.kind == Risk::kind()) {
        let level = level(rank(risk.text("likelihood")), rank(risk.text("impact")));
        if let Some(level) = level {
            risk.set("level", WORDS.get(level).copied().unwrap_or_default().into());
        }
        if let (Some(level), Some(residual)) = (level, rank(risk.text("residual"))) {
            risk.set("lowered", (residual < level).into());
        }
        let (status, tier) = systems.of_name(risk.text("system"));
        risk.set("system_status", status);
        risk.set("system_risk", tier);
    }
}

const WORDS: [&str; 3] = ["low", "medium", "high"];

/// 0 for low, 2 for high.
fn rank(word: &str) -> Option<usize> {
    WORDS.iter().position(|known| *known == word)
}

/// How high a risk is of this likelihood and impact.
fn level(likelihood: Option<usize>, impact: Option<usize>) -> Option<usize> {
    // low and low: 0; low and medium: 1; medium and medium, or low and high: 2; then 3 and 4.
    Some(match likelihood? + impact? {
        0 | 1 => 0,
        2 => 1,
        _ => 2,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_risk_is_as_high_as_likelihood_and_impact_together() {
        for (likelihood, impact, expected) in [
            ("low", "low", Some("low")),
            ("low", "medium", Some("low")),
            ("low", "high", Some("medium")),
            ("medium", "medium", Some("medium")),
            ("high", "medium", Some("high")),
            ("high", "high", Some("high")),
            ("high", "unknown", None),
        ] {
            let found = level(rank(likelihood), rank(impact)).and_then(|level| WORDS.get(level).copied());
            assert_eq!(found, expected, "{likelihood} {impact}");
        }
    }
}
