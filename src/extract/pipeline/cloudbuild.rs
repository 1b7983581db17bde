//! Build configurations of Google Cloud Build.

use super::{Job, Plan, Script, Step, container, title, unless};
use crate::document::Node;
use crate::fact::Field;
use crate::source::SourceFile;

/// Programs of the official builder images, which are named after them: `gcr.io/cloud-builders/docker`.
const BUILDERS: &[&str] = &["docker", "gcloud", "kubectl", "gsutil", "npm", "yarn", "git", "bazel", "mvn", "gradle"];

/// Reads a build configuration. Who starts it, and who agrees, is said where the trigger is made.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, None);
    let mut plan = Plan::new("cloudbuild", name, at);
    let mut job = Job::new("");
    job.setting.add_assignments(root.at("options.env"));
    job.privileged = if root.has("availableSecrets") || root.has("secrets") { true.into() } else { Field::default() };
    for node in root.get("steps").map(Node::items).unwrap_or_default() {
        let image = node.get("name");
        let id = node.get("id");
        let mut step = Step::new(id.and_then(Node::scalar).unwrap_or_default(), id.or(image).unwrap_or(node).span);
        step.setting.add_image(image);
        step.setting.add_assignments(node.get("env"));
        step.blocking = unless(node.get("allowFailure"));
        let builder = image.and_then(Node::text).and_then(|image| image.split([':', '@']).next()?.rsplit('/').next());
        let entrypoint = node.get("entrypoint").and_then(Node::text);
        let program = entrypoint.or(builder.filter(|builder| BUILDERS.contains(builder)));
        step.scripts = container::scripts(program, None, node.get("args"));
        step.scripts.extend(node.get("script").and_then(Script::of));
        if step.name.is_empty() && step.scripts.is_empty() {
            step.name = builder.unwrap_or_default();
        }
        job.steps.push(step);
    }
    plan.jobs.push(job);
    plan
}
