//! Facts from GitHub Actions workflows and composite actions: `workflow`, `step`, `check-tool`, `image`, `environment-variable`, `secret`.

mod step;
mod trust;

use super::Context;
use super::environment::{self, Given, Scope, Variable};
use super::image::{self, Reference};
use crate::document::{Document, Node};
use crate::fact::{Choice, Facts, Field, Workflow};
use crate::source::{SourceFile, Span};
use step::Work;

/// How many nodes of a job are looked through for secrets.
const NODE_LIMIT: usize = 100_000;

/// Sees a workflow.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let jobs = jobs(root);
    let called: Vec<Work<'_>> = jobs.iter().map(|job| Work::of(job.node, file, context)).collect();
    let work: Vec<Vec<Work<'_>>> =
        jobs.iter().map(|job| job.steps.iter().map(|step| Work::of(step, file, context)).collect()).collect();
    let ai = work.iter().flatten().chain(&called).any(|work| work.ai);
    let triggers = triggers(root);
    if root.has("jobs") {
        add_workflow(file, root, &jobs, &triggers, ai, facts);
    }
    let variables_of = |node: &'_ Node, name: &str, facts: &mut Facts| {
        let scope = Scope { name, holder: "pipeline", secret_holder: "pipeline", ai: ai.into() };
        environment::add(&variables(node.get("env")), &scope, facts);
    };
    variables_of(root, "", facts);
    for ((job, work), called) in jobs.iter().zip(work).zip(called) {
        variables_of(job.node, job.name, facts);
        add_images(job.node, facts);
        let around =
            step::Around { file, job, ai, power: power(root, job.node), outsiders: trust::outsiders(&triggers) };
        step::add_reusable(&around, &called, facts);
        for (index, (node, found)) in job.steps.iter().zip(&work).enumerate() {
            let later = job.steps.get(index + 1..).unwrap_or_default();
            let name = step::add(&around, node, found, later, facts);
            variables_of(node, &name, facts);
            if let Some(image) =
                node.get("uses").filter(|uses| uses.text().is_some_and(|text| text.starts_with("docker://")))
            {
                add_image(image, facts);
            }
        }
    }
}

/// One job of a workflow, or the steps of a composite action.
struct Job<'a> {
    name: &'a str,
    node: &'a Node,
    steps: &'a [Node],
}

fn jobs(root: &Node) -> Vec<Job<'_>> {
    if let Some(runs) = root.get("runs").filter(|runs| runs.has("steps")) {
        return vec![Job { name: "", node: runs, steps: runs.get("steps").map(Node::items).unwrap_or_default() }];
    }
    let entries = root.get("jobs").map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .map(|entry| Job {
            name: &entry.key,
            node: &entry.node,
            steps: entry.node.get("steps").map(Node::items).unwrap_or_default(),
        })
        .collect()
}

/// The events that start the workflow: a name, a list of names, or a map by name.
fn triggers(root: &Node) -> Vec<String> {
    // YAML 1.1 reads the key `on` as a boolean; a reader that keeps keys as written gives `on`, others give `true`.
    let Some(on) = root.get("on").or_else(|| root.get("true")) else { return Vec::new() };
    let names = on.entries().iter().map(|entry| entry.key.to_string());
    names.chain(on.one_or_many().iter().filter_map(|item| item.scalar().map(str::to_owned))).collect()
}

fn add_workflow(file: &SourceFile, root: &Node, jobs: &[Job<'_>], triggers: &[String], ai: bool, facts: &mut Facts) {
    let name = root.get("name");
    let at = name.map_or_else(|| root.entries().first().map_or(root.span, |entry| entry.key_span), |name| name.span);
    facts.add(
        file.name().to_owned(),
        at,
        Workflow {
            name: name.and_then(Node::scalar).unwrap_or_else(|| file.name()).into(),
            triggers: triggers.to_vec().into(),
            permissions: permissions(root, jobs),
            ai: ai.into(),
        },
    );
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
fn permissions(root: &Node, jobs: &[Job<'_>]) -> Field<Choice> {
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

/// Variables of an `env` map.
fn variables(env: Option<&Node>) -> Vec<Variable<'_>> {
    let entries = env.map(Node::entries).unwrap_or_default().iter();
    let variables = entries.map(|entry| Variable {
        name: &entry.key,
        value: entry.node.scalar().map_or(Given::Elsewhere, Given::written),
        at: entry.key_span.cover(entry.node.span),
        value_at: entry.node.span,
    });
    variables.collect()
}

/// Images of a job's `container` and `services`. What their `env` sets lasts only as long as the job: it is no secret.
fn add_images(job: &Node, facts: &mut Facts) {
    let container = job.get("container").map(|container| container.get("image").unwrap_or(container));
    let services = job.get("services").map(Node::entries).unwrap_or_default();
    for image in container.into_iter().chain(services.iter().filter_map(|entry| entry.node.get("image"))) {
        add_image(image, facts);
    }
}

fn add_image(node: &Node, facts: &mut Facts) {
    let Some(text) = node.text() else { return };
    let text = text.strip_prefix("docker://").unwrap_or(text);
    let reference = Reference::of(&image::resolve(text, &|_| None), text);
    reference.add(node.span, "workflow", facts);
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
