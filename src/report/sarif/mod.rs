//! The format `sarif`: SARIF 2.1.0 as GitHub code scanning, GitLab and viewers read it.

mod places;
mod rules;
mod taxonomies;

use super::Options;
use super::inert::write_json;
use crate::finding::{Finding, Level, NotAssessed, Place, Placed, Recorded, Report, State};
use places::{location, srcroot};
use rules::descriptors;
use serde_json::json;
use serde_sarif::sarif;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use taxonomies::Taxonomies;

/// How many results GitHub keeps of a run; it refuses more than 25,000.
const RESULTS: usize = 5_000;
/// How many notifications are written; past that, one counts the rest.
const NOTIFICATIONS: usize = 1_000;

/// Who is going to read the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Code scanning of GitHub, which opens an alert for every result, whatever its suppressions and its baseline state say: what
    /// is waived or gone is left out.
    CodeScanning,
    /// Whoever asks later what was known: what is waived is there with its justification, what is gone as absent.
    Archive,
}

/// Writes `report` as SARIF.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, audience: Audience, out: &mut dyn Write) -> io::Result<()> {
    let log = sarif::Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(json!("2.1.0"))
        .runs(vec![run(report, options, audience)])
        .build();
    write_json(out, &log)
}

fn run(report: &Report, options: &Options, audience: Audience) -> sarif::Run {
    let written =
        |placed: &&Placed| audience == Audience::Archive || !matches!(placed.finding.state, State::Waived { .. });
    let mut findings: Vec<&Placed> = report.findings.iter().filter(written).collect();
    // The worst first: readers that keep only a part keep the beginning. The sort is stable.
    findings.sort_by_key(|placed| Reverse(placed.finding.level));
    let room = if audience == Audience::Archive { findings.len() } else { RESULTS };
    let left_out = findings.len().saturating_sub(room);
    findings.truncate(room);
    let rule_index: BTreeMap<&str, i64> = report.rules.keys().map(String::as_str).zip(0..).collect();
    let mut results: Vec<_> = findings.into_iter().map(|placed| result(placed, report, &rule_index)).collect();
    if audience == Audience::Archive {
        let mended = report.baseline.iter().flat_map(|baseline| &baseline.mended);
        results.extend(mended.map(|entry| absent(entry, report, &rule_index)));
    }

    let taxonomies = Taxonomies::of(report);
    let mut run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver(report, options, &taxonomies)).build())
        .results(results)
        .invocations(vec![invocation(report, options, left_out)])
        .automation_details(sarif::RunAutomationDetails::builder().id(category(options.folder)).build())
        .original_uri_base_ids(BTreeMap::from([srcroot()]))
        .column_kind(json!("utf16CodeUnits"))
        .build();
    run.taxonomies = Some(taxonomies.components()).filter(|components| !components.is_empty());
    run.version_control_provenance = report.provenance.as_ref().and_then(|provenance| {
        let mut details = sarif::VersionControlDetails::builder()
            .repository_uri(provenance.repository.clone()?)
            .revision_id(provenance.revision.clone())
            .mapped_to(sarif::ArtifactLocation::builder().uri_base_id(places::SRCROOT).build())
            .build();
        details.branch.clone_from(&provenance.branch);
        Some(vec![details])
    });
    run
}

/// What stands before the last slash names the category under which GitHub keeps alerts apart from those of other uploads: those
/// of one folder must not close those of another.
fn category(folder: &str) -> String {
    match folder.trim_matches(|character| matches!(character, '.' | '/')) {
        "" => "aimslint/".to_owned(),
        folder => format!("aimslint-{}/", folder.replace('/', "-")),
    }
}

fn driver(report: &Report, options: &Options, taxonomies: &Taxonomies) -> sarif::ToolComponent {
    let mut driver = sarif::ToolComponent::builder()
        .name("aimslint")
        .full_name("aimslint: an AI security policy as a linter")
        .organization("aimslint")
        .short_description(plain("Holds an AI repository against an AI security policy."))
        .full_description(plain(
            "Holds an AI repository against an AI security policy. Offline; never runs what it reads.",
        ))
        .semantic_version(options.tool_version)
        .version(options.tool_version)
        .rules(descriptors(report, taxonomies))
        .notifications(notification_descriptors())
        .build();
    driver.information_uri = option_env!("CARGO_PKG_REPOSITORY").filter(|uri| !uri.is_empty()).map(str::to_owned);
    driver.supported_taxonomies = Some(taxonomies.references()).filter(|references| !references.is_empty());
    driver
}

fn level(level: Level) -> sarif::ResultLevel {
    match level {
        Level::Error => sarif::ResultLevel::Error,
        Level::Warning => sarif::ResultLevel::Warning,
        Level::Note => sarif::ResultLevel::Note,
    }
}

/// Key of our fingerprint; its number rises when fingerprints are made in another way.
const FINGERPRINT: &str = "aimslint/v1";

/// An entry of the baseline whose finding is gone.
fn absent(entry: &Recorded, report: &Report, rule_index: &BTreeMap<&str, i64>) -> sarif::Result {
    // A rule that is no more has no level that it could be told at.
    let known = report.rules.get(&entry.rule).map_or(Level::Note, |rule| rule.level);
    let mut result = sarif::Result::builder()
        .rule_id(entry.rule.clone())
        .kind(sarif::ResultKind::Fail)
        .level(level(known))
        .message(message(&format!("`{}` of the baseline is no longer found", entry.subject)))
        .locations(vec![places::line(&entry.path, Some(1))])
        .partial_fingerprints(BTreeMap::from([(FINGERPRINT.to_owned(), entry.fingerprint.clone())]))
        .baseline_state(json!("absent"))
        .build();
    result.rule_index = rule_index.get(entry.rule.as_str()).copied();
    result
}

fn result(placed: &Placed, report: &Report, rule_index: &BTreeMap<&str, i64>) -> sarif::Result {
    let (finding, region) = (&placed.finding, &placed.region);
    let mut fingerprints = BTreeMap::from([(FINGERPRINT.to_owned(), finding.fingerprint.clone())]);
    if let Some(hash) = &region.line_hash {
        fingerprints.insert("primaryLocationLineHash".to_owned(), hash.clone());
    }
    let mut result = sarif::Result::builder()
        .rule_id(finding.rule.clone())
        .kind(sarif::ResultKind::Fail)
        .level(level(finding.level))
        .message(sarif::Message::builder().text(sentence(&finding.message) + &links(finding)).build())
        .locations(vec![location(region)])
        .partial_fingerprints(fingerprints)
        .rank(rules::severity(finding.level) * 10.0)
        .build();
    result.rule_index = rule_index.get(finding.rule.as_str()).copied();
    if !placed.related.is_empty() {
        let related = placed.related.iter().zip(&finding.related).zip(1..).map(|((region, (_, what)), id)| {
            let mut place = location(region);
            place.id = Some(id);
            place.message = Some(message(what));
            place
        });
        result.related_locations = Some(related.collect());
    }
    if let (State::Waived { inline, .. }, Some(why)) = (&finding.state, finding.state.justification()) {
        let suppression = sarif::Suppression::builder()
            .kind(json!(if *inline { "inSource" } else { "external" }))
            .status(json!("accepted"))
            .justification(why)
            .build();
        result.suppressions = Some(vec![suppression]);
    }
    let mut properties = BTreeMap::new();
    if !finding.systems.is_empty() {
        properties.insert("systems".to_owned(), json!(finding.systems));
    }
    if !finding.level_reason.is_empty() {
        properties.insert("levelReason".to_owned(), json!(finding.level_reason));
    }
    if !properties.is_empty() {
        result.properties = Some(sarif::PropertyBag::builder().additional_properties(properties).build());
    }
    // Either every result of a run has a state or none.
    result.baseline_state = report.baseline.is_some().then(|| match finding.state {
        State::Baselined => json!("unchanged"),
        State::Open | State::Waived { .. } => json!("new"),
    });
    result
}

/// How many related places are named in the message.
const LINKS: usize = 5;

/// GitHub shows those related places that the message links to by their ids.
fn links(finding: &Finding) -> String {
    let link = |((_, what), id): (&(Place, String), usize)| {
        format!("[{}]({id})", what.trim().replace('[', "(").replace(']', ")").replace('\\', "/"))
    };
    let links: Vec<String> = finding.related.iter().zip(1..).take(LINKS).map(link).collect();
    if links.is_empty() { String::new() } else { format!(" See {}.", links.join(", ")) }
}

fn message(text: &str) -> sarif::Message {
    sarif::Message::builder().text(sentence(text)).build()
}

/// A text as a sentence, without anything that a viewer would take for a link: its words may come from the scanned files.
fn sentence(text: &str) -> String {
    let mut text = text.trim().replace("](", "] (");
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

fn plain(text: &str) -> sarif::MultiformatMessageString {
    sarif::MultiformatMessageString::builder().text(text).build()
}

const NOT_ASSESSED: (&str, i64) = ("not-assessed", 0);
const RESULTS_LEFT_OUT: (&str, i64) = ("results-left-out", 1);

fn notification_descriptors() -> Vec<sarif::ReportingDescriptor> {
    let descriptor = |id: &str, name: &str, short: &str, full: &str, help: &str| {
        sarif::ReportingDescriptor::builder()
            .id(id)
            .name(name)
            .short_description(plain(short))
            .full_description(plain(full))
            .help(plain(help))
            .build()
    };
    vec![
        descriptor(
            NOT_ASSESSED.0,
            "NotAssessed",
            "Something could not be judged.",
            "A file, or a part of it, could not be read, or a fact that a rule needs could not be learnt. No result about it is no \
             sign that it is well.",
            "Mend the file, or check out more of the history, so that it can be judged.",
        ),
        descriptor(
            RESULTS_LEFT_OUT.0,
            "ResultsLeftOut",
            "Results were left out.",
            "There were more results than code scanning keeps. The worst ones are in this file.",
            "Use the JSON format to see them all.",
        ),
    ]
}

/// Findings are not a failure of the tool: the run was successful, and its exit code says whether the gate is shut.
fn invocation(report: &Report, options: &Options, left_out: usize) -> sarif::Invocation {
    let mut notifications = Vec::new();
    if left_out > 0 {
        let text = format!("{left_out} results of lower or equal level are left out: code scanning keeps {RESULTS}.");
        notifications.push(notification(RESULTS_LEFT_OUT, &text));
    }
    notifications.extend(report.not_assessed.iter().take(NOTIFICATIONS).map(not_assessed));
    if report.not_assessed.len() > NOTIFICATIONS {
        let text = format!("{} more could not be assessed.", report.not_assessed.len() - NOTIFICATIONS);
        notifications.push(notification(NOT_ASSESSED, &text));
    }
    sarif::Invocation::builder()
        .execution_successful(true)
        .exit_code(i64::from(options.exit_code))
        .tool_execution_notifications(notifications)
        .build()
}

fn not_assessed(entry: &NotAssessed) -> sarif::Notification {
    let mut notification = notification(NOT_ASSESSED, &entry.reason);
    if !entry.path.is_empty() {
        notification.locations = Some(vec![places::line(&entry.path, entry.line)]);
    }
    notification
}

/// A level of `error` would mean that the run as a whole has failed.
fn notification((id, index): (&str, i64), text: &str) -> sarif::Notification {
    sarif::Notification::builder()
        .descriptor(sarif::ReportingDescriptorReference::builder().id(id).index(index).build())
        .level(json!("warning"))
        .message(message(text))
        .build()
}
