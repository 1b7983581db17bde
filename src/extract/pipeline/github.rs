//! Workflows and composite actions of GitHub Actions.

mod trust;

use super::{Job, Plan, Script, Setting, Step, Uses, environment_of, title, unless};
use crate::document::Node;
use crate::fact::{Choice, Field};
use crate::source::{SourceFile, Span};
use std::collections::{HashMap, HashSet};
use trust::Outsiders;

/// How many nodes of a job are looked through for secrets.
const NODE_LIMIT: usize = 100_000;

/// Reads a workflow or an action.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let triggers = triggers(root);
    let outsiders = trust::outsiders(&triggers);
    let jobs = jobs(root);
    let (name, at) = title(file, root, root.get("name"));
    let mut plan = Plan::new("github", name, at);
    plan.whole = root.has("jobs");
    plan.permissions = permissions(root, &jobs);
    plan.approval = approval_of_triggers(root, &triggers);
    plan.triggers = triggers.into();
    plan.setting.add_variables(root.get("env"));
    plan.jobs = jobs.iter().map(|named| job(file, root, named, &gates(named, &jobs), outsiders)).collect();
    plan
}

/// One job of a workflow, or the steps of a composite action.
struct NamedJob<'a> {
    name: &'a str,
    node: &'a Node,
}

fn jobs(root: &Node) -> Vec<NamedJob<'_>> {
    if let Some(runs) = root.get("runs").filter(|runs| runs.has("steps")) {
        return vec![NamedJob { name: "", node: runs }];
    }
    let entries = root.get("jobs").map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| NamedJob { name: &entry.key, node: &entry.node }).collect()
}

/// The names of the jobs that a job waits for.
fn needs(job: &Node) -> Vec<&str> {
    job.get("needs").map(Node::one_or_many).unwrap_or_default().iter().filter_map(Node::scalar).collect()
}

/// A job, and all that it waits for: where one of them does not run, it does not run either.
fn gates<'a>(named: &NamedJob<'a>, jobs: &[NamedJob<'a>]) -> Vec<&'a Node> {
    let by_name: HashMap<&str, &'a Node> = jobs.iter().map(|job| (job.name, job.node)).collect();
    let mut met = HashSet::from([named.name]);
    let mut gates = vec![named.node];
    let mut next = 0;
    while let Some(gate) = gates.get(next).copied() {
        next += 1;
        let further = needs(gate).into_iter().filter(|name| met.insert(name));
        gates.extend(further.filter_map(|name| by_name.get(name)));
    }
    gates
}

fn job<'a>(file: &SourceFile, root: &Node, named: &NamedJob<'a>, gates: &[&Node], outsiders: Outsiders) -> Job<'a> {
    let node = named.node;
    let mut job = Job::new(named.name);
    job.needs = needs(node);
    job.environment = environment_of(node.get("environment"));
    job.approval = approval_of_job(node);
    job.blocking = blocking(node);
    job.privileged = Field { value: power(root, node), at: None };
    job.setting = setting(node);
    let steps = node.get("steps").map(Node::items).unwrap_or_default();
    // A job that calls another workflow consists of that call.
    if let Some(uses) = uses(node) {
        let mut step = Step::new(named.name, uses.at);
        step.uses = Some(uses);
        step.untrusted_checkout = false.into();
        step.untrusted_input = false.into();
        job.steps.push(step);
    }
    for (index, step) in steps.iter().enumerate() {
        let later = steps.get(index + 1..).unwrap_or_default();
        job.steps.push(Step {
            blocking: blocking_before(step, later),
            untrusted_checkout: trust::checkout(file, outsiders, gates, step, later),
            untrusted_input: trust::input(file, outsiders, gates, step),
            ..self::step(step)
        });
    }
    job
}

fn step(node: &Node) -> Step<'_> {
    let named = node.get("name").or_else(|| node.get("id"));
    let name = named.and_then(Node::scalar).unwrap_or_default();
    let run = node.get("run");
    let uses = uses(node);
    let at = uses.as_ref().map(|uses| uses.at).or(named.or(run).map(|node| node.span)).unwrap_or(node.span);
    let mut step = Step::new(name, at);
    step.scripts.extend(run.and_then(Script::of));
    step.setting.add_variables(node.get("env"));
    if let Some(uses) = &uses {
        if let Some(image) = uses.name.strip_prefix("docker://") {
            step.setting.images.push((image, uses.at));
        }
        if APPROVERS.contains(&uses.name) {
            step.approval = Field::found(true, uses.at);
        }
        for key in ["path", "files", "artifacts", "filename"] {
            let given = node.at("with").and_then(|with| with.get(key));
            let keeps = uses.name.contains("upload") || uses.name.contains("release");
            step.artefacts.extend(given.filter(|_| keeps).and_then(|node| Some((node.text()?, node.span))));
        }
    }
    step.uses = uses;
    step
}

/// Actions that wait for a person.
const APPROVERS: &[&str] = &["trstringer/manual-approval", "tlabs-data/approval-action"];

fn uses(node: &Node) -> Option<Uses<'_>> {
    let uses = node.get("uses")?;
    let text = uses.text()?;
    let pin = (!text.contains("${{")).then(|| pin(text));
    if text.starts_with("docker://") {
        return Some(Uses { name: text, version: "", pin, at: uses.span });
    }
    let (name, version) = text.split_once('@').unwrap_or((text, ""));
    Some(Uses { name, version, pin, at: uses.span })
}

/// How an action's version is fixed.
fn pin(uses: &str) -> &'static str {
    if uses.starts_with("./") || uses.starts_with("../") {
        return "local";
    }
    if let Some(image) = uses.strip_prefix("docker://") {
        let tagged = image.rsplit('/').next().is_some_and(|last| last.contains(':'));
        return if image.contains("@sha256:") {
            "commit"
        } else if tagged {
            "tag"
        } else {
            "none"
        };
    }
    let Some((_, version)) = uses.split_once('@') else { return "none" };
    super::pin_of_revision(version)
}

/// The events that start the workflow: a name, a list of names, or a map by name.
fn triggers(root: &Node) -> Vec<String> {
    let Some(on) = on(root) else { return Vec::new() };
    let names = on.entries().iter().map(|entry| entry.key.to_string());
    names.chain(on.one_or_many().iter().filter_map(|item| item.scalar().map(str::to_owned))).collect()
}

/// YAML 1.1 reads the key `on` as a boolean; a reader that keeps keys as written gives `on`, others give `true`.
fn on(root: &Node) -> Option<&Node> {
    root.get("on").or_else(|| root.get("true"))
}

/// Events that happen by themselves, or as a matter of course when code changes.
const AUTOMATIC_EVENTS: &[&str] = &["push", "schedule", "pull_request", "pull_request_target", "merge_group"];

/// Whether a person starts the workflow. Others (a release, a comment, another workflow) may be or not be the act of one.
fn approval_of_triggers(root: &Node, triggers: &[String]) -> Field<bool> {
    let at = on(root).map(|on| on.span);
    if !triggers.is_empty() && triggers.iter().all(|trigger| trigger == "workflow_dispatch") {
        return Field { value: Some(true), at };
    }
    // Who pushes a tag means to release.
    let only_tags = |trigger: &str| {
        let push = on(root).and_then(|on| on.get(trigger));
        trigger == "push" && push.is_some_and(|push| push.has("tags") && !push.has("branches"))
    };
    let automatic = triggers.iter().any(|trigger| AUTOMATIC_EVENTS.contains(&trigger.as_str()) && !only_tags(trigger));
    Field { value: automatic.then_some(false), at }
}

/// Parts of conditions that hold only when a person did something.
const MANUAL_CONDITIONS: &[&str] = &[
    "workflow_dispatch",
    "refs/tags",
    "ref_type",
    "inputs",
    "release",
    "label",
    "actor",
    "comment",
    "vars.",
    "env.",
    "secrets.",
    "commit.message",
    "head_commit",
];

/// Whether somebody agrees to the job: the reviewers of its environment are a setting of the repository.
fn approval_of_job(job: &Node) -> Field<bool> {
    if let Some(environment) = job.get("environment") {
        return Field::unresolved(environment.span);
    }
    let condition = job.get("if").and_then(|condition| Some((condition.scalar()?, condition.span)));
    match condition {
        Some((text, at)) if MANUAL_CONDITIONS.iter().any(|part| text.contains(part)) => Field::unresolved(at),
        _ => false.into(),
    }
}

/// Whether a failure of the job or step counts.
fn blocking(node: &Node) -> Field<bool> {
    if let Some(condition) = node.get("if")
        && matches!(condition.scalar().map(str::trim), Some("false" | "${{ false }}"))
    {
        return Field::found(false, condition.span);
    }
    unless(node.get("continue-on-error"))
}

/// Whether a failure of the step counts: where it does not, a later step may look at the outcome and fail in its place.
fn blocking_before(step: &Node, later: &[Node]) -> Field<bool> {
    let own = blocking(step);
    if own.value == Some(false) && asks_for_outcome(step, later) {
        return Field { value: None, at: own.at };
    }
    own
}

/// How many nodes of a step are looked through for the outcome of another.
const STEP_NODE_LIMIT: usize = 1_000;

/// How many later steps are looked through for it.
const LATER_LIMIT: usize = 100;

fn asks_for_outcome(step: &Node, later: &[Node]) -> bool {
    let Some(id) = step.get("id").and_then(Node::scalar) else { return false };
    let outcome = format!("steps.{id}.outcome");
    later.iter().take(LATER_LIMIT).any(|step| {
        let mut found = false;
        step.walk(STEP_NODE_LIMIT, &mut |node, _| found |= node.text().is_some_and(|text| text.contains(&outcome)));
        found
    })
}

/// What a `permissions` key grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rights {
    Read,
    Scoped,
    WriteAll,
}

impl Rights {
    fn of(node: &Node) -> Option<Self> {
        match node.scalar() {
            Some("write-all") => return Some(Self::WriteAll),
            Some("read-all") => return Some(Self::Read),
            Some(_) => return None,
            None => {}
        }
        let writes = node.entries().iter().any(|entry| entry.node.scalar() == Some("write"));
        Some(if writes { Self::Scoped } else { Self::Read })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Scoped => "scoped",
            Self::WriteAll => "write-all",
        }
    }
}

/// The rights of the token: those at the top of the file, or of its jobs when each of them sets its own. Rights to write
/// everything count wherever they are given.
fn permissions(root: &Node, jobs: &[NamedJob<'_>]) -> Field<Choice> {
    let own: Vec<Option<&Node>> = jobs.iter().map(|job| job.node.get("permissions")).collect();
    let top = root.get("permissions");
    let all_rights = || top.into_iter().chain(own.iter().copied().flatten());
    if let Some(node) = all_rights().find(|node| Rights::of(node) == Some(Rights::WriteAll)) {
        return Field::found("write-all", node.span);
    }
    let choice = |node: &Node| match Rights::of(node) {
        Some(rights) => Field::found(rights.name(), node.span),
        None => Field::unresolved(node.span),
    };
    if let Some(top) = top {
        return choice(top);
    }
    let widest = own.iter().copied().flatten().max_by_key(|node| Rights::of(node));
    match widest {
        Some(node) if own.iter().all(Option::is_some) => choice(node),
        _ => "none-set".into(),
    }
}

/// Whether a job can do harm: it may write, hold secrets, or speak to a cloud in its own name.
fn power(root: &Node, job: &Node) -> Option<bool> {
    let permissions = job.get("permissions").or_else(|| root.get("permissions"));
    let rights = permissions.and_then(Rights::of);
    if matches!(rights, Some(Rights::Scoped | Rights::WriteAll)) || holds_secrets(job) {
        return Some(true);
    }
    // Without any setting the repository's own default counts, which cannot be seen.
    rights.map(|_| false)
}

fn holds_secrets(job: &Node) -> bool {
    let mut found = false;
    job.walk(NODE_LIMIT, &mut |node, entry| {
        let text = node.text().unwrap_or_default();
        let inherits = entry.is_some_and(|entry| &*entry.key == "secrets") && text == "inherit";
        let mut named = text.match_indices("secrets.");
        found |=
            inherits || named.any(|(at, _)| !text.get(at..).unwrap_or_default().starts_with("secrets.GITHUB_TOKEN"));
    });
    found
}

/// Variables and images of a job. What the `env` of its services sets lasts only as long as the job: it is no secret.
fn setting(job: &Node) -> Setting<'_> {
    let mut setting = Setting::default();
    setting.add_variables(job.get("env"));
    let container = job.get("container").map(|container| container.get("image").unwrap_or(container));
    let services = job.get("services").map(Node::entries).unwrap_or_default();
    for image in container.into_iter().chain(services.iter().filter_map(|entry| entry.node.get("image"))) {
        let Some(text) = image.text() else { continue };
        setting.images.push((text.strip_prefix("docker://").unwrap_or(text), image.span));
    }
    setting
}

/// Where `needle` first stands within `span`; the whole span when it is not written so.
fn place_of(file: &SourceFile, span: Span, needle: &str) -> Span {
    match span.text(&file.text).find(needle) {
        Some(at) if !needle.is_empty() => Span::new(span.start + at, span.start + at + needle.len()),
        _ => span,
    }
}

#[cfg(test)]
mod tests;
