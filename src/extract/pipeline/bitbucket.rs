//! Bitbucket Pipelines.

use super::{Job, Plan, Script, Step, Uses, environment_of, title};
use crate::document::Node;
use crate::fact::Field;
use crate::source::SourceFile;

/// How deep stages and parallel groups may nest.
const GROUP_LIMIT: usize = 8;

/// Reads a pipeline.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, None);
    let mut plan = Plan::new("bitbucket", name, at);
    plan.approval = false.into();
    plan.setting.add_image(root.get("image"));
    for start in root.get("pipelines").map(Node::entries).unwrap_or_default() {
        if let "default" = &*start.key {
            add_steps(&start.node, &Field::from(false), &mut plan);
            continue;
        }
        // Who pushes a tag, or starts a pipeline of one's own, means to; a schedule can start those as well.
        let approval = match &*start.key {
            "tags" | "custom" => Field::unresolved(start.key_span),
            _ => false.into(),
        };
        for named in start.node.entries() {
            add_steps(&named.node, &approval, &mut plan);
        }
    }
    plan
}

/// Adds the steps of one pipeline, each as a job. A step that somebody has to start holds up those behind it.
fn add_steps<'a>(list: &'a Node, approval: &Field<bool>, plan: &mut Plan<'a>) {
    let mut approval = approval.clone();
    let mut ahead: Vec<(&Node, Option<&Node>, usize)> = list.items().iter().rev().map(|item| (item, None, 0)).collect();
    while let Some((item, stage, depth)) = ahead.pop() {
        let group = item.get("parallel").or_else(|| item.get("stage"));
        if let Some(group) = group {
            let steps = group.get("steps").unwrap_or(group).items();
            let stage = item.get("stage").or(stage);
            if depth < GROUP_LIMIT {
                ahead.extend(steps.iter().rev().map(|step| (step, stage, depth + 1)));
            }
            continue;
        }
        // `parallel:` with nothing behind it is followed by its steps as further entries of the list.
        let Some(step) = item.get("step") else { continue };
        let of_stage = |key: &str| stage.and_then(|stage| stage.get(key));
        let trigger = step.get("trigger").or_else(|| of_stage("trigger"));
        if let Some(trigger) = trigger.filter(|trigger| trigger.text() == Some("manual")) {
            approval = Field::found(true, trigger.span);
        }
        let mut job = job(step);
        if let Some(deployment) = step.get("deployment").or_else(|| of_stage("deployment")) {
            job.environment = environment_of(Some(deployment));
            // Who may deploy to it is a setting of the repository.
            job.approval = Field::unresolved(deployment.span);
        }
        job.approval = super::approval::stronger(job.approval, &approval);
        plan.jobs.push(job);
    }
}

fn job(node: &Node) -> Job<'_> {
    let name = node.get("name");
    let shown = name.and_then(Node::scalar).unwrap_or_default();
    let mut job = Job::new(shown);
    job.setting.add_image(node.get("image"));
    let mut step = Step::new(shown, name.map_or(node.span, |name| name.span));
    let kept = node.get("artifacts").map(|kept| kept.get("paths").unwrap_or(kept));
    let kept = kept.map(Node::items).unwrap_or_default();
    step.artefacts = kept.iter().filter_map(|path| Some((path.text()?, path.span))).collect();
    let mut pipes = Vec::new();
    for item in node.get("script").map(Node::items).unwrap_or_default() {
        let Some(pipe) = item.get("pipe").and_then(|pipe| Some((pipe.text()?, pipe.span))) else {
            step.scripts.extend(Script::of(item));
            continue;
        };
        let (name, version) = pipe.0.rsplit_once(':').unwrap_or((pipe.0, ""));
        let mut used = Step::new("", pipe.1);
        let numbers = version.split('.').filter(|part| part.parse::<u64>().is_ok()).count();
        let pin = if version.is_empty() {
            "none"
        } else if numbers == 3 {
            "tag"
        } else {
            "branch"
        };
        used.uses = Some(Uses { name, version, pin: Some(pin), at: pipe.1 });
        used.setting.add_variables(item.get("variables"));
        pipes.push(used);
    }
    job.steps.push(step);
    job.steps.extend(pipes);
    job
}
