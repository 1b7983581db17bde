//! Jenkinsfiles, as far as they can be read without running them.

use super::{Include, Job, Plan, Script, Step, pin_of_revision, title};
use crate::document::{Entry, Node};
use crate::fact::Field;
use crate::source::SourceFile;

/// Reads a pipeline, declarative or scripted.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let pipeline = root.entry("pipeline");
    let (name, _) = title(file, root, None);
    let at = pipeline.or_else(|| root.entries().first()).map_or(root.span, |entry| entry.key_span);
    let mut plan = Plan::new("jenkins", name, at);
    let body = pipeline.map_or(root, |entry| &entry.node);
    // How a job is started is mostly set in Jenkins itself.
    let by_itself =
        ["cron", "pollSCM", "githubPush", "upstream"].iter().find_map(|key| body.at("triggers")?.entry(key));
    plan.approval = match by_itself {
        Some(trigger) if !body.has("parameters") => Field::found(false, trigger.key_span),
        _ => Field::default(),
    };
    let mut walk = Walk { plan, gate: false.into() };
    walk.start_job("");
    walk.block(root, &Around::default(), 0);
    walk.plan.jobs.retain(|job| !job.steps.is_empty() || !job.setting.variables.is_empty());
    walk.plan
}

/// What encloses a statement.
#[derive(Clone, Default)]
struct Around {
    /// Why the failure of a step does not count, or may not.
    tolerated: Option<Field<bool>>,
    /// It holds secrets.
    privileged: bool,
}

struct Walk<'a> {
    plan: Plan<'a>,
    /// Whether somebody had to agree to get here: what follows an `input` waits for it.
    gate: Field<bool>,
}

/// Steps that run commands.
const SHELLS: &[&str] = &["sh", "bat", "powershell", "pwsh"];

impl<'a> Walk<'a> {
    fn start_job(&mut self, name: &'a str) {
        self.plan.jobs.push(Job::new(name));
    }

    fn job(&mut self) -> Option<&mut Job<'a>> {
        self.plan.jobs.last_mut()
    }

    /// Follows the statements of a block in order. The parser has seen to it that blocks do not nest too deep.
    fn block(&mut self, node: &'a Node, around: &Around, depth: usize) {
        if depth > crate::document::DEPTH_LIMIT {
            return;
        }
        for entry in node.entries() {
            self.statement(entry, around, depth);
        }
    }

    fn statement(&mut self, entry: &'a Entry, around: &Around, depth: usize) {
        let node = &entry.node;
        let mut inner = around.clone();
        match &*entry.key {
            "Library" | "library" => self.include(node),
            "stage" => return self.stage(node, around, depth),
            "input" => self.gate = Field::found(true, entry.key_span),
            // With arguments it is a condition of `when`.
            "environment" if !(node.has("name") && node.has("value")) => {
                if let Some(job) = self.job() {
                    job.setting.add_variables(Some(node));
                }
            }
            "withEnv" => {
                if let Some(job) = self.job() {
                    job.setting.add_assignments(node.get("0"));
                }
            }
            "docker" | "docker.image" => self.image(node),
            "withCredentials" | "withAWS" | "sshagent" => inner.privileged = true,
            "warnError" => inner.tolerated = Some(Field::found(false, entry.key_span)),
            "catchError" => inner.tolerated = Some(caught(entry)),
            // Whether what is caught is thrown again cannot be told.
            "try" => inner.tolerated = Some(Field::unresolved(entry.key_span)),
            "archiveArtifacts" => self.archive(entry),
            "build" => {
                let mut step = Step::new("build", entry.key_span);
                step.hints.extend(node.get("job").or_else(|| node.get("0")).and_then(Node::text));
                self.push(step, around);
            }
            shell if SHELLS.contains(&shell) => return self.shell(entry, around),
            _ => {}
        }
        self.block(node, &inner, depth + 1);
    }

    fn stage(&mut self, node: &'a Node, around: &Around, depth: usize) {
        let name = node.get("0").or_else(|| node.get("name")).and_then(Node::text).unwrap_or_default();
        self.start_job(name);
        // The question of a stage is asked before its steps, wherever it stands.
        if let Some(input) = node.entry("input") {
            self.gate = Field::found(true, input.key_span);
        }
        if let Some(condition) = node.entry("when").filter(|condition| is_manual(&condition.node))
            && let Some(job) = self.job()
        {
            job.approval = Field::unresolved(condition.key_span);
        }
        self.block(node, around, depth + 1);
        // What stands behind the stage belongs to no stage.
        self.start_job("");
    }

    fn shell(&mut self, entry: &'a Entry, around: &Around) {
        let script = entry.node.get("0").or_else(|| entry.node.get("script"));
        let mut step = Step::new("", entry.key_span);
        step.name = &entry.key;
        if let Some(text) = script.and_then(Script::of) {
            step.name = "";
            // A script of several lines is shown by its first word.
            if let Some(script) = script.filter(|_| !text.text.contains('\n')) {
                step.at = entry.key_span.cover(script.span);
            }
            step.scripts.push(text);
        }
        // The status is handed to the script instead of failing.
        if let Some(status) = entry.node.get("returnStatus").filter(|status| status.boolean() != Some(false)) {
            step.blocking = Field::unresolved(status.span);
        }
        self.push(step, around);
    }

    fn push(&mut self, mut step: Step<'a>, around: &Around) {
        if let Some(tolerated) = &around.tolerated {
            step.blocking = tolerated.clone();
        }
        step.approval = self.gate.clone();
        let Some(job) = self.job() else { return };
        if around.privileged {
            job.privileged = true.into();
        }
        job.steps.push(step);
    }

    fn image(&mut self, node: &'a Node) {
        let image = node.get("0").or_else(|| node.at("image.0")).or_else(|| node.get("image"));
        if let Some(job) = self.job() {
            job.setting.add_image(image);
        }
    }

    fn archive(&mut self, entry: &'a Entry) {
        let files = entry.node.get("artifacts").or_else(|| entry.node.get("0"));
        let mut step = Step::new(&entry.key, entry.key_span);
        step.artefacts.extend(files.and_then(|files| Some((files.text()?, files.span))));
        self.push(step, &Around::default());
    }

    fn include(&mut self, node: &'a Node) {
        let names = node.get("0").or_else(|| node.get("identifier")).map(Node::one_or_many).unwrap_or_default();
        for named in names {
            let Some(text) = named.text() else { continue };
            let (name, version) = text.split_once('@').unwrap_or((text, ""));
            // Without a version Jenkins takes the one that is set for the library there.
            let pin = (!version.is_empty() && !version.contains('$')).then(|| pin_of_revision(version));
            self.plan.includes.push(Include { name: name.into(), version, pin, at: named.span });
        }
    }
}

/// The build goes on behind `catchError`; whether it fails in the end is said by `buildResult`.
fn caught(entry: &Entry) -> Field<bool> {
    match entry.node.get("buildResult") {
        Some(result) if matches!(result.text(), Some("SUCCESS" | "UNSTABLE")) => Field::found(false, result.span),
        Some(result) => Field::unresolved(result.span),
        None => Field::unresolved(entry.key_span),
    }
}

/// True for a condition that asks for a tag, a parameter or a person.
fn is_manual(condition: &Node) -> bool {
    let mut found = false;
    condition.walk(super::NODE_LIMIT, &mut |node, entry| {
        let named = entry.is_some_and(|entry| matches!(&*entry.key, "tag" | "buildingTag" | "triggeredBy" | "input"));
        let text = match &node.value {
            crate::document::Value::Expression(text) => text,
            _ => node.text().unwrap_or_default(),
        };
        found |= named || text.contains("params.") || text.contains("TAG_NAME");
    });
    found
}
