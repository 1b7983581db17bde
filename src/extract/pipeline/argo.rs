//! Argo Workflows. Their containers, images and variables are those of any Kubernetes object; here are the steps.

use super::{Job, Plan, Script, Step, approval, container, title};
use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::fact::{Facts, Field};
use crate::source::SourceFile;
use std::collections::HashMap;

/// Kinds of objects that hold a workflow.
pub(in crate::extract) const KINDS: &[&str] =
    &["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"];

/// Sees the steps of a workflow.
pub fn extract(file: &SourceFile, object: &Node, context: &Context<'_>, facts: &mut Facts) {
    let is_argo =
        object.get("apiVersion").and_then(Node::text).is_some_and(|version| version.starts_with("argoproj.io/"));
    if is_argo {
        super::add(plan(file, object), file, context, facts);
    }
}

fn plan<'a>(file: &'a SourceFile, object: &'a Node) -> Plan<'a> {
    let name = object.at("metadata.name").or_else(|| object.at("metadata.generateName"));
    let (name, at) = title(file, object, name);
    let mut plan = Plan::new("argo", name, at);
    plan.ai = is_of_kubeflow(object);
    let spec = object.at("spec.workflowSpec").or_else(|| object.get("spec"));
    let templates = spec.and_then(|spec| spec.get("templates")).map(Node::items).unwrap_or_default();
    // Only the clock starts a CronWorkflow; who starts the others is not said.
    let scheduled = object.get("kind").and_then(Node::text) == Some("CronWorkflow");
    plan.approval = if scheduled { false.into() } else { Field::default() };
    let uses = Uses::of(templates);
    for template in templates {
        let Some((run, is_script)) =
            template.get("container").map(|run| (run, false)).or_else(|| template.get("script").map(|run| (run, true)))
        else {
            continue;
        };
        let named = template.get("name");
        let name = named.and_then(Node::text).unwrap_or_default();
        let mut step = Step::new(name, named.unwrap_or(template).span);
        step.hints.push(name);
        step.blocking = uses.blocking(name);
        step.scripts = if is_script {
            Script::all_of(run.get("source"))
        } else {
            container::scripts(None, run.get("command"), run.get("args"))
        };
        let mut job = Job::new("");
        job.approval = uses.approval(name);
        job.steps.push(step);
        plan.jobs.push(job);
    }
    plan
}

/// Pipelines of KFP 1 are compiled to workflows of Argo.
fn is_of_kubeflow(object: &Node) -> bool {
    let of = |path: &str| object.at(path).map(Node::entries).unwrap_or_default().iter();
    let is_mark = |entry: &Entry| entry.key.starts_with("pipelines.kubeflow.org/");
    of("metadata.annotations").chain(of("metadata.labels")).any(is_mark)
}

/// How the templates of a workflow are used by its graphs and lists of steps.
struct Uses<'a> {
    /// Somebody has to resume the workflow somewhere.
    has_gate: bool,
    approvals: HashMap<&'a str, Vec<Field<bool>>>,
    tolerated: HashMap<&'a str, Field<bool>>,
}

impl<'a> Uses<'a> {
    fn of(templates: &'a [Node]) -> Self {
        // With a duration it goes on by itself.
        let gates: HashMap<&str, Field<bool>> = templates
            .iter()
            .filter(|template| template.get("suspend").is_some_and(|suspend| !suspend.has("duration")))
            .filter_map(|template| {
                let name = template.get("name")?;
                Some((name.text()?, Field::found(true, name.span)))
            })
            .collect();
        let mut uses = Self { has_gate: !gates.is_empty(), approvals: HashMap::new(), tolerated: HashMap::new() };
        for template in templates {
            let tasks = tasks(template);
            let jobs: Vec<Job<'_>> = tasks
                .iter()
                .map(|task| Job {
                    needs: task.needs.clone(),
                    approval: gates.get(task.template).cloned().unwrap_or_else(|| false.into()),
                    ..Job::new(task.name)
                })
                .collect();
            for (task, approval) in tasks.iter().zip(approval::of_jobs(&jobs, &false.into())) {
                uses.approvals.entry(task.template).or_default().push(approval);
                if let Some(tolerated) = task.node.get("continueOn") {
                    let goes_on =
                        ["failed", "error"].iter().any(|key| tolerated.get(key).and_then(Node::boolean) == Some(true));
                    if goes_on {
                        uses.tolerated.insert(task.template, Field::found(false, tolerated.span));
                    }
                }
            }
        }
        uses
    }

    /// Somebody agrees when the template is used behind a gate only. A graph may stand inside of another that has the gate.
    fn approval(&self, template: &str) -> Field<bool> {
        let uses = self.approvals.get(template).map(Vec::as_slice).unwrap_or_default();
        match uses.first() {
            Some(first) if uses.iter().all(|approval| approval.value == Some(true)) => first.clone(),
            _ if self.has_gate => Field::default(),
            _ => false.into(),
        }
    }

    fn blocking(&self, template: &str) -> Field<bool> {
        self.tolerated.get(template).cloned().unwrap_or_else(|| true.into())
    }
}

/// One use of a template.
struct Task<'a> {
    name: &'a str,
    template: &'a str,
    needs: Vec<&'a str>,
    node: &'a Node,
}

/// The tasks of a graph, or of a list of groups of steps, each of which waits for the one before it.
fn tasks(template: &Node) -> Vec<Task<'_>> {
    let mut tasks = Vec::new();
    for node in template.at("dag.tasks").map(Node::items).unwrap_or_default() {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let listed = node.get("dependencies").map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
        // `depends` is an expression over names: `(a.Succeeded || b) && c`.
        let is_of_name = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
        let expressed = text("depends").unwrap_or_default().split(move |character| !is_of_name(character));
        let expressed = expressed.map(|word| word.split('.').next().unwrap_or(word)).filter(|word| !word.is_empty());
        let needs = listed.chain(expressed).collect();
        tasks.push(Task {
            name: text("name").unwrap_or_default(),
            template: text("template").unwrap_or_default(),
            needs,
            node,
        });
    }
    let mut before: Option<&str> = None;
    for group in template.get("steps").map(Node::items).unwrap_or_default() {
        let last = before;
        for node in group.one_or_many() {
            let text = |key: &str| node.get(key).and_then(Node::text);
            let name = text("name").unwrap_or_default();
            tasks.push(Task {
                name,
                template: text("template").unwrap_or_default(),
                needs: last.into_iter().collect(),
                node,
            });
            before = Some(name);
        }
    }
    tasks
}
