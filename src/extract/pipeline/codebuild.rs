//! Build specifications of AWS `CodeBuild`.

use super::{Job, Plan, Script, Step, title};
use crate::document::Node;
use crate::fact::Field;
use crate::source::SourceFile;

/// Reads a build specification. Who starts it, and who agrees, is said where the project is made.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, None);
    let mut plan = Plan::new("codebuild", name, at);
    plan.setting.add_variables(root.at("env.variables"));
    let mut job = Job::new("");
    let holds_secrets = root.at("env.secrets-manager").or_else(|| root.at("env.parameter-store")).is_some();
    job.privileged = if holds_secrets { true.into() } else { Field::default() };
    for phase in root.get("phases").map(Node::entries).unwrap_or_default() {
        let mut step = Step::new(&phase.key, phase.key_span);
        for key in ["commands", "finally"] {
            step.scripts.extend(Script::all_of(phase.node.get(key)));
        }
        let on_failure = phase.node.get("on-failure");
        if let Some(tolerant) =
            on_failure.filter(|it| it.text().is_some_and(|text| text.eq_ignore_ascii_case("continue")))
        {
            step.blocking = Field::found(false, tolerant.span);
        }
        job.steps.push(step);
    }
    if let Some(last) = job.steps.last_mut() {
        let kept = root.at("artifacts.files").map(Node::one_or_many).unwrap_or_default();
        last.artefacts = kept.iter().filter_map(|path| Some((path.text()?, path.span))).collect();
    }
    plan.jobs.push(job);
    plan
}
