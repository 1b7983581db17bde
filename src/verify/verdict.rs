//! What is said of a case: how what a rule found differs from what was expected.

use std::collections::BTreeSet;

/// One sentence for each difference between the places that are expected and those that were found (`path:line`).
pub(super) fn differences(expected: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let mut missing: Vec<&String> = expected.difference(found).collect();
    let mut noisy: Vec<&String> = found.difference(expected).collect();
    if found.is_empty() && !missing.is_empty() {
        return vec![format!("silent: the rule finds nothing, and should find {}", listed(&missing))];
    }
    if expected.is_empty() && !noisy.is_empty() {
        return vec![format!("fired: the rule should find nothing, and finds {}", listed(&noisy))];
    }
    let mut faults = Vec::new();
    // In one and the same file it is the same finding at another line.
    missing.retain(|wanted| {
        let Some(index) = noisy.iter().position(|other| file(other) == file(wanted)) else { return true };
        faults.push(format!("wrong place: found at {}, and should be at {wanted}", noisy.remove(index)));
        false
    });
    faults.extend(missing.iter().map(|place| format!("missing: {place} should be found too")));
    faults.extend(noisy.iter().map(|place| format!("noisy: {place} should not be found")));
    faults
}

fn file(place: &str) -> &str {
    place.rsplit_once(':').map_or(place, |(file, _)| file)
}

fn listed(places: &[&String]) -> String {
    places.iter().map(|place| place.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::differences;
    use std::collections::BTreeSet;

    fn said(expected: &[&str], found: &[&str]) -> String {
        let set = |places: &[&str]| places.iter().map(|place| (*place).to_owned()).collect::<BTreeSet<_>>();
        differences(&set(expected), &set(found)).join("\n")
    }

    #[test]
    fn each_difference_has_its_word() {
        assert_eq!(said(&["a.py:1"], &["a.py:1"]), "");
        assert_eq!(said(&["a.py:1", "b.py:2"], &[]), "silent: the rule finds nothing, and should find a.py:1, b.py:2");
        assert_eq!(said(&[], &["a.py:1"]), "fired: the rule should find nothing, and finds a.py:1");
        assert_eq!(said(&["a.py:1"], &["a.py:3"]), "wrong place: found at a.py:3, and should be at a.py:1");
        assert_eq!(said(&["a.py:1", "b.py:2"], &["a.py:1"]), "missing: b.py:2 should be found too");
        assert_eq!(said(&["a.py:1"], &["a.py:1", "b.py:2"]), "noisy: b.py:2 should not be found");
    }
}
