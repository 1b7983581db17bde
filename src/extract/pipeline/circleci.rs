//! Configuration of `CircleCI`: jobs, reusable commands, and the workflows that run them.

use super::{Include, Job, Plan, Script, Setting, Step, Uses, approval, title};
use crate::document::{Entry, Node};
use crate::fact::Field;
use crate::source::{SourceFile, Span};
use std::collections::HashMap;

/// How deep `when` and `unless` may nest in a list of steps.
const CONDITION_LIMIT: usize = 32;

/// Reads a configuration.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, None);
    let mut plan = Plan::new("circleci", name, at);
    // Every push starts it; what runs only for tags or parameters says so in its workflow.
    plan.approval = false.into();
    let orbs = Orbs::of(root);
    plan.includes = orbs.includes();
    for executor in root.get("executors").map(Node::entries).unwrap_or_default() {
        add_machine(&executor.node, &mut plan.setting);
    }
    let runs = Runs::of(root, &orbs);
    for entry in root.get("jobs").map(Node::entries).unwrap_or_default() {
        let mut job = orbs.job(entry);
        job.approval = runs.approval(&entry.key);
        job.privileged = runs.privileged(&entry.key);
        plan.jobs.push(job);
    }
    for entry in root.get("commands").map(Node::entries).unwrap_or_default() {
        let mut command = orbs.job(entry);
        // The job that runs the command decides.
        command.approval = Field::default();
        plan.jobs.push(command);
    }
    plan.jobs.extend(runs.of_orbs);
    plan
}

/// How the workflows run the jobs.
#[derive(Default)]
struct Runs<'a> {
    /// By job: whether somebody agrees, and whether it holds secrets of a context, once for each time that a workflow runs it.
    named: HashMap<&'a str, Vec<(Field<bool>, bool)>>,
    /// Jobs that an orb brings.
    of_orbs: Vec<Job<'a>>,
}

impl<'a> Runs<'a> {
    fn of(root: &'a Node, orbs: &Orbs<'a>) -> Self {
        let mut runs = Self::default();
        for workflow in root.get("workflows").map(Node::entries).unwrap_or_default() {
            runs.add_workflow(&workflow.node, orbs);
        }
        runs
    }

    fn add_workflow(&mut self, workflow: &'a Node, orbs: &Orbs<'a>) {
        let conditional = workflow.get("when").or_else(|| workflow.get("unless"));
        let whole = conditional.map_or(false.into(), |condition| Field::unresolved(condition.span));
        let entries: Vec<RunEntry<'a>> =
            workflow.get("jobs").map(Node::items).unwrap_or_default().iter().filter_map(RunEntry::of).collect();
        let graph: Vec<Job<'a>> = entries.iter().map(RunEntry::waiting).collect();
        for (entry, approval) in entries.iter().zip(approval::of_jobs(&graph, &whole)) {
            if let Some(uses) = orbs.uses(entry.job, entry.at) {
                let mut job = Job::new(entry.job);
                job.approval = approval.clone();
                let mut step = Step::new(entry.job, entry.at);
                step.uses = Some(uses);
                job.steps.push(step);
                self.of_orbs.push(job);
            }
            let has_context = entry.setting("context").is_some();
            self.named.entry(entry.job).or_default().push((approval, has_context));
        }
    }

    /// Somebody agrees when that is so however the job is run; where it differs, or no workflow runs it, it is not known.
    fn approval(&self, job: &str) -> Field<bool> {
        let Some(((first, _), rest)) = self.named.get(job).and_then(|runs| runs.split_first()) else {
            return Field::default();
        };
        if rest.iter().all(|(other, _)| other.value == first.value) { first.clone() } else { Field::default() }
    }

    fn privileged(&self, job: &str) -> Field<bool> {
        let has_context = self.named.get(job).is_some_and(|runs| runs.iter().any(|(_, has_context)| *has_context));
        if has_context { true.into() } else { Field::default() }
    }
}

/// One entry of a workflow's jobs: a name, or a name with settings.
struct RunEntry<'a> {
    job: &'a str,
    at: Span,
    settings: Option<&'a Node>,
}

impl<'a> RunEntry<'a> {
    fn of(node: &'a Node) -> Option<Self> {
        match node.entries() {
            [] => Some(Self { job: node.text()?, at: node.span, settings: None }),
            [entry, ..] => Some(Self { job: &entry.key, at: entry.key_span, settings: Some(&entry.node) }),
        }
    }

    fn setting(&self, key: &str) -> Option<&'a Node> {
        self.settings?.get(key)
    }

    /// The entry as a job that waits for others.
    fn waiting(&self) -> Job<'a> {
        let mut job = Job::new(self.setting("name").and_then(Node::text).unwrap_or(self.job));
        let requires = self.setting("requires").map(Node::one_or_many).unwrap_or_default();
        // A requirement may be a map from a job to the results that satisfy it.
        let name_of = |node: &'a Node| node.text().or_else(|| node.entries().first().map(|entry| &*entry.key));
        job.needs = requires.iter().filter_map(name_of).collect();
        if let Some(kind) = self.setting("type").filter(|kind| kind.text() == Some("approval")) {
            job.approval = Field::found(true, kind.span);
        } else if let Some(filters) = self.setting("filters").filter(|filters| filters.has("tags")) {
            // Who pushes a tag means to release.
            job.approval = Field::unresolved(filters.span);
        }
        job
    }
}

/// Orbs by the name that the file gives them.
struct Orbs<'a> {
    named: HashMap<&'a str, Orb<'a>>,
    order: Vec<&'a str>,
}

#[derive(Clone, Copy)]
struct Orb<'a> {
    node: &'a Node,
    name: &'a str,
    version: &'a str,
}

impl<'a> Orbs<'a> {
    fn of(root: &'a Node) -> Self {
        let mut orbs = Self { named: HashMap::new(), order: Vec::new() };
        for entry in root.get("orbs").map(Node::entries).unwrap_or_default() {
            // An orb that is written out in the file is a map.
            let Some(text) = entry.node.text() else { continue };
            let (name, version) = text.split_once('@').unwrap_or((text, ""));
            orbs.named.insert(&entry.key, Orb { node: &entry.node, name, version });
            orbs.order.push(&entry.key);
        }
        orbs
    }

    fn includes(&self) -> Vec<Include<'a>> {
        let orbs = self.order.iter().filter_map(|key| self.named.get(key));
        let include = |orb: &Orb<'a>| Include {
            name: orb.name.into(),
            version: orb.version,
            pin: pin(orb.version),
            at: orb.node.span,
        };
        orbs.map(include).collect()
    }

    /// The orb whose command or job this is: `aws-cli/setup`.
    fn uses(&self, command: &'a str, at: Span) -> Option<Uses<'a>> {
        let orb = self.named.get(command.split_once('/')?.0)?;
        Some(Uses { name: command, version: orb.version, pin: pin(orb.version), at })
    }

    fn job(&self, entry: &'a Entry) -> Job<'a> {
        let mut job = Job::new(&entry.key);
        add_machine(&entry.node, &mut job.setting);
        job.setting.add_variables(entry.node.get("environment"));
        let mut ahead: Vec<(&Node, usize)> =
            entry.node.get("steps").map(Node::items).unwrap_or_default().iter().rev().map(|step| (step, 0)).collect();
        while let Some((node, depth)) = ahead.pop() {
            let condition = node.get("when").or_else(|| node.get("unless"));
            if let Some(steps) = condition.and_then(|condition| condition.get("steps")) {
                if depth < CONDITION_LIMIT {
                    ahead.extend(steps.items().iter().rev().map(|step| (step, depth + 1)));
                }
            } else {
                job.steps.extend(self.step(node));
            }
        }
        job
    }

    fn step(&self, node: &'a Node) -> Option<Step<'a>> {
        let Some(entry) = node.entries().first() else {
            let mut step = Step::new("", node.span);
            // `checkout` and other steps without settings do nothing of note.
            step.uses = Some(self.uses(node.text()?, node.span)?);
            return Some(step);
        };
        let mut step = Step::new("", entry.key_span);
        match &*entry.key {
            "run" => {
                let run = &entry.node;
                let name = run.get("name");
                step.name = name.and_then(Node::scalar).unwrap_or_default();
                step.at = name.unwrap_or(run).span;
                step.scripts.extend(Script::of(run.get("command").unwrap_or(run)));
                step.setting.add_variables(run.get("environment"));
            }
            "store_artifacts" | "persist_to_workspace" => {
                step.name = &entry.key;
                let paths = entry.node.get("path").or_else(|| entry.node.get("paths"));
                let paths = paths.map(Node::one_or_many).unwrap_or_default();
                step.artefacts = paths.iter().filter_map(|path| Some((path.text()?, path.span))).collect();
            }
            command => step.uses = Some(self.uses(command, entry.key_span)?),
        }
        Some(step)
    }
}

/// Images of a job or executor, and what is set in them. What belongs to services beside the first lasts only as long as the job.
fn add_machine<'a>(node: &'a Node, setting: &mut Setting<'a>) {
    for (index, container) in node.get("docker").map(Node::items).unwrap_or_default().iter().enumerate() {
        setting.add_image(container.get("image"));
        if index == 0 {
            setting.add_variables(container.get("environment"));
        }
    }
}

/// A whole version of an orb cannot change; a part of one (`4`, `4.1`), `volatile` and `dev:` move.
fn pin(version: &str) -> Option<&'static str> {
    if version.contains("<<") {
        return None;
    }
    let numbers = version.split('.').filter(|part| part.parse::<u64>().is_ok()).count();
    Some(match version {
        "" => "none",
        _ if numbers == 3 => "version",
        _ => "branch",
    })
}
