//! Compiled Kubeflow pipelines (the intermediate representation of KFP 2), also inside of a Vertex AI pipeline job.

use super::{Job, Plan, Step, container, title};
use crate::document::{Entry, Node};
use crate::fact::Field;
use crate::source::SourceFile;

/// Reads a pipeline. What Kubernetes adds to it stands in a second document. Who runs it is not said in it.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node, documents: &'a [Node]) -> Plan<'a> {
    let root = root.get("pipelineSpec").unwrap_or(root);
    let (name, at) = title(file, root, root.at("pipelineInfo.name"));
    let mut plan = Plan::new("kubeflow", name, at);
    plan.ai = true;
    for executor in root.at("deploymentSpec.executors").map(Node::entries).unwrap_or_default() {
        // Importers and resolvers run nothing.
        let Some(run) = executor.node.get("container").or_else(|| executor.node.get("customJob")) else { continue };
        plan.jobs.push(job(executor, run, documents));
    }
    plan
}

fn job<'a>(executor: &'a Entry, run: &'a Node, documents: &'a [Node]) -> Job<'a> {
    let name = executor.key.strip_prefix("exec-").unwrap_or(&executor.key);
    let mut step = Step::new(name, executor.key_span);
    step.scripts = container::scripts(None, run.get("command"), run.get("args"));
    step.hints.push(name);
    step.setting.add_image(run.get("image"));
    step.setting.add_named_variables(run.get("env"));
    let mut job = Job::new("");
    let platforms =
        documents.iter().filter_map(|document| document.at("platforms.kubernetes.deploymentSpec.executors"));
    for secrets in platforms.filter_map(|executors| executors.get(&executor.key)?.get("secretAsEnv")) {
        job.privileged = Field::found(true, secrets.span);
        for item in
            secrets.items().iter().flat_map(|secret| secret.get("keyToEnv").map(Node::items).unwrap_or_default())
        {
            step.setting.add_reference(item.get("envVar"), item.span);
        }
    }
    job.steps.push(step);
    job
}
