//! `MLproject` files of `MLflow`: entry points that others run by name.

use super::{Job, Plan, Script, Step, title};
use crate::document::Node;
use crate::fact::Field;
use crate::source::SourceFile;

/// Reads a project. Who runs its entry points is not said in it.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, root.get("name"));
    let mut plan = Plan::new("mlflow", name, at);
    plan.ai = true;
    plan.setting.add_image(root.at("docker_env.image"));
    for entry in root.get("entry_points").map(Node::entries).unwrap_or_default() {
        let mut job = Job::new("");
        job.approval = Field::default();
        let mut step = Step::new(&entry.key, entry.key_span);
        step.scripts.extend(entry.node.get("command").and_then(Script::of));
        step.hints.push(&entry.key);
        job.steps.push(step);
        plan.jobs.push(job);
    }
    plan
}
