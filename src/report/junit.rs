//! The format `junit`: JUnit XML, which the test page of any build server shows. A rule is a suite, a finding is a failed test,
//! and a rule that looked and found nothing is a passed one. It shows only what counts. Files and lines stand in names and
//! texts: Jenkins refuses attributes for them.

use super::inert::visible;
use super::summary::summary;
use super::{first_line, path_or_root};
use crate::finding::{NotAssessed, Placed, Report, RuleText};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes `report` as JUnit XML.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut of_rule: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
    for placed in report.open() {
        of_rule.entry(&placed.finding.rule).or_default().push(placed);
    }
    let failures: usize = of_rule.values().map(Vec::len).sum();
    let passed = report.rules.values().filter(|rule| report.looked_at.contains_key(&rule.id));
    let passed: Vec<&RuleText> = passed.filter(|rule| !of_rule.contains_key(&*rule.id)).collect();
    let tests = 1 + report.not_assessed.len() + failures + passed.len();

    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"aimslint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
    scan(report, out)?;
    for (rule, findings) in of_rule {
        let text = report.rules.get(rule);
        suite(rule, &findings, text, out)?;
    }
    for rule in passed {
        let name = xml(&rule.id);
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">")?;
        writeln!(out, "    <testcase classname=\"{name}\" name=\"{}\"/>", xml(&rule.title))?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// The scan itself as a suite: some readers refuse a report without any test. What could not be assessed is skipped.
fn scan(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let skipped = report.not_assessed.len();
    let tests = skipped + 1;
    writeln!(
        out,
        "  <testsuite name=\"aimslint\" tests=\"{tests}\" failures=\"0\" errors=\"0\" skipped=\"{skipped}\">"
    )?;
    writeln!(out, "    <testcase classname=\"aimslint\" name=\"scan\">")?;
    writeln!(out, "      <system-out>{}</system-out>", xml(&summary(report)))?;
    writeln!(out, "    </testcase>")?;
    let name = |entry: &NotAssessed| format!("{}: not assessed", path_or_root(entry));
    for (entry, name) in report.not_assessed.iter().zip(distinct(report.not_assessed.iter().map(name))) {
        writeln!(out, "    <testcase classname=\"aimslint\" name=\"{}\">", xml(&name))?;
        writeln!(out, "      <skipped message=\"{}\"/>", xml(&entry.reason))?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn suite(rule: &str, findings: &[&Placed], text: Option<&RuleText>, out: &mut dyn Write) -> io::Result<()> {
    let (id, count) = (xml(rule), findings.len());
    writeln!(out, "  <testsuite name=\"{id}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\" skipped=\"0\">")?;
    let name = |placed: &&Placed| format!("{}: {}", placed.region.path, placed.finding.message);
    for (placed, name) in findings.iter().zip(distinct(findings.iter().map(name))) {
        let (finding, region) = (&placed.finding, &placed.region);
        writeln!(out, "    <testcase classname=\"{id}\" name=\"{}\">", xml(&name))?;
        let message = xml(&finding.message);
        writeln!(out, "      <failure type=\"{}\" message=\"{message}\">", finding.level.name())?;
        writeln!(out, "at {}:{}:{}", xml(&region.path), region.line, region.column)?;
        if let Some(text) = text {
            writeln!(out, "policy: {}", xml(&text.clauses.join(", ")))?;
            writeln!(out, "fix: {}", xml(first_line(&text.fix)))?;
        }
        writeln!(out, "</failure>")?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// The names with a number where one comes again: readers take two tests of one name for one. Lines are not part of a name, so
/// that a test stays the same when they move.
fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let number = |name: String| {
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 { name } else { format!("{name} ({times})") }
    };
    names.map(number).collect()
}

/// The text on one line, with everything escaped that XML gives a meaning to or does not allow, and with the command form that
/// build logs obey anywhere in a line broken up.
fn xml(text: &str) -> String {
    let escape = |character: char| match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&apos;".to_owned(),
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER.to_string(),
        other => other.to_string(),
    };
    let escaped: String = visible(text).chars().map(escape).collect();
    escaped.replace("##[", "##&#91;").replace("##vso[", "##vso&#91;")
}
