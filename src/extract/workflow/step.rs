//! One step of a job: what it does, how its action is fixed, and whether its failure counts.

use super::super::Context;
use super::trust::{self, Outsiders};
use super::{Job, place_of};
use crate::activities::Activities;
use crate::catalogue::{Purpose, Tool};
use crate::document::Node;
use crate::fact::{CheckTool, Choice, Facts, Field, Step};
use crate::shell;
use crate::source::{SourceFile, Span};

/// What is around a step.
pub(super) struct Around<'a> {
    pub file: &'a SourceFile,
    pub job: &'a Job<'a>,
    /// The workflow is about models.
    pub ai: bool,
    /// The job can do harm.
    pub power: Option<bool>,
    pub outsiders: Outsiders,
}

/// What a step does.
#[derive(Default)]
pub(super) struct Work<'a> {
    /// Purposes, each once, in the order of the commands.
    purposes: Vec<String>,
    /// Tools that check something.
    tools: Vec<(&'a Tool, Span)>,
    /// The first check whose failure the script throws away.
    ignored: Option<Span>,
    /// It shows by itself that the workflow is about models.
    pub ai: bool,
}

/// How many nodes of a step are looked through for the outcome of another.
const STEP_NODE_LIMIT: usize = 1_000;

/// How many later steps are looked through for it.
const LATER_LIMIT: usize = 100;

/// Purposes of checks: a step that has one of them is there to stop what is bad.
const CHECKS: &[&str] = &["evaluate", "bias", "red-team", "model-scan", "audit", "secrets", "sign"];

impl<'a> Work<'a> {
    /// What the commands or the action of a step do.
    pub fn of(step: &Node, file: &SourceFile, context: &Context<'a>) -> Self {
        let mut work = Self::default();
        if let Some(uses) = step.get("uses")
            && let Some(text) = uses.text()
        {
            let name = text.split('@').next().unwrap_or(text);
            if let Some(tool) = context.catalogue.tool_of_action(text) {
                work.add_tool(tool, uses.span);
            }
            for activity in Activities::shipped().of_action(name) {
                work.add(activity.purpose.as_deref(), activity.ai);
            }
        }
        let Some((run, script)) = step.get("run").and_then(|run| Some((run, run.text()?))) else { return work };
        for command in shell::commands(script) {
            let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else { continue };
            let text = Span::new(first.start, last.end).text(script);
            let first_line = text.lines().next().unwrap_or_default().trim_end_matches('\\').trim_end();
            let before = work.purposes.len();
            let mut check = false;
            let at = || place_of(file, run.span, first_line);
            for tool in context.catalogue.tool_in_command(text) {
                work.add_tool(tool, at());
                check = true;
            }
            let program = command.program();
            for activity in Activities::shipped().of_program(&program) {
                work.add(activity.purpose.as_deref(), activity.ai);
            }
            let added = work.purposes.get(before..).unwrap_or_default();
            check |= added.iter().any(|purpose| CHECKS.contains(&purpose.as_str()));
            if check && command.failure_ignored && work.ignored.is_none() {
                work.ignored = Some(at());
            }
        }
        work
    }

    fn add(&mut self, purpose: Option<&str>, ai: bool) {
        self.ai |= ai;
        let Some(purpose) = purpose else { return };
        if !self.purposes.iter().any(|known| known == purpose) {
            self.purposes.push(purpose.to_owned());
        }
    }

    fn add_tool(&mut self, tool: &'a Tool, at: Span) {
        let (purpose, ai) = match tool.purpose {
            Purpose::Evaluation => ("evaluate", true),
            Purpose::Monitoring => ("monitor", true),
            Purpose::Signing => ("sign", false),
            purpose @ (Purpose::Secrets | Purpose::DataQuality | Purpose::Privacy) => (purpose.name(), false),
            purpose => (purpose.name(), true),
        };
        self.add(Some(purpose), ai);
        self.tools.push((tool, at));
    }
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
    let is_commit = version.len() >= 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = version.strip_prefix(['v', 'V']).unwrap_or(version);
    if is_commit {
        "commit"
    } else if number.starts_with(|first: char| first.is_ascii_digit()) {
        "tag"
    } else {
        "branch"
    }
}

/// Adds the facts of a step and gives its lasting name. `later` are the steps that follow it.
pub(super) fn add(around: &Around<'_>, node: &Node, work: &Work<'_>, later: &[Node], facts: &mut Facts) -> String {
    let uses = node.get("uses").filter(|uses| uses.text().is_some());
    let run = node.get("run");
    let name = node.get("name").or_else(|| node.get("id"));
    let shown = match (name.and_then(Node::scalar), uses.and_then(Node::text), run.and_then(Node::text)) {
        (Some(name), _, _) => name.to_owned(),
        (None, Some(uses), _) => uses.split('@').next().unwrap_or(uses).to_owned(),
        (None, None, Some(run)) => first_command(run),
        (None, None, None) => return String::new(),
    };
    let subject = if around.job.name.is_empty() { shown.clone() } else { format!("{}/{shown}", around.job.name) };
    let at = uses.or(name).or(run).map_or(node.span, |node| node.span);
    for (tool, at) in &work.tools {
        add_check_tool(tool, *at, facts);
    }
    let job = around.job.node;
    facts.add(
        subject.clone(),
        at,
        Step {
            name: shown.into(),
            purposes: work.purposes.clone().into(),
            blocking: blocking(job, node, work, later),
            untrusted_checkout: trust::checkout(around.file, around.outsiders, job, node, later),
            untrusted_input: trust::input(around.file, around.outsiders, job, node),
            ..action(around, uses)
        },
    );
    subject
}

/// Adds the step that a job consists of when it calls another workflow.
pub(super) fn add_reusable(around: &Around<'_>, work: &Work<'_>, facts: &mut Facts) {
    let Some(uses) = around.job.node.get("uses").filter(|uses| uses.text().is_some()) else { return };
    let step = Step {
        name: around.job.name.into(),
        purposes: work.purposes.clone().into(),
        blocking: blocking(around.job.node, around.job.node, work, &[]),
        untrusted_checkout: false.into(),
        untrusted_input: false.into(),
        ..action(around, Some(uses))
    };
    facts.add(around.job.name.to_owned(), uses.span, step);
}

/// The fields that say what action a step uses, and where it stands.
fn action(around: &Around<'_>, uses: Option<&Node>) -> Step {
    let text = uses.and_then(Node::text).unwrap_or_default();
    let (name, version) = text.split_once('@').unwrap_or((text, ""));
    let pin = if text.contains("${{") {
        Field::default()
    } else if text.is_empty() {
        "none".into()
    } else {
        Field { value: Some(Choice(pin(text))), at: uses.map(|uses| uses.span) }
    };
    Step {
        workflow: around.file.name().into(),
        job: around.job.name.into(),
        uses: Field { value: Some(name.to_owned()), at: uses.map(|uses| uses.span) },
        pin,
        version: version.into(),
        ai: around.ai.into(),
        privileged: Field { value: around.power, at: None },
        ..Step::default()
    }
}

fn first_command(script: &str) -> String {
    let commands = shell::commands(script);
    let program =
        commands.first().map(|command| command.program().iter().take(2).copied().collect::<Vec<_>>().join(" "));
    program.unwrap_or_default()
}

/// Whether a failure of the step stops the job, as far as its commands that check something go.
fn blocking(job: &Node, step: &Node, work: &Work<'_>, later: &[Node]) -> Field<bool> {
    if let Some(condition) = step.get("if").or_else(|| job.get("if"))
        && matches!(condition.scalar().map(str::trim), Some("false" | "${{ false }}"))
    {
        return Field::found(false, condition.span);
    }
    for node in [step, job] {
        let Some(setting) = node.get("continue-on-error") else { continue };
        match setting.boolean() {
            // A later step may look at the outcome and fail in its place.
            Some(true) if asks_for_outcome(step, later) => return Field::unresolved(setting.span),
            Some(true) => return Field::found(false, setting.span),
            Some(false) => {}
            None => return Field::unresolved(setting.span),
        }
    }
    match work.ignored {
        Some(at) => Field::found(false, at),
        None => true.into(),
    }
}

fn asks_for_outcome(step: &Node, later: &[Node]) -> bool {
    let Some(id) = step.get("id").and_then(Node::scalar) else { return false };
    let outcome = format!("steps.{id}.outcome");
    later.iter().take(LATER_LIMIT).any(|step| {
        let mut found = false;
        step.walk(STEP_NODE_LIMIT, &mut |node, _| found |= node.text().is_some_and(|text| text.contains(&outcome)));
        found
    })
}

fn add_check_tool(tool: &Tool, at: Span, facts: &mut Facts) {
    facts.add(
        tool.name.clone(),
        at,
        CheckTool {
            name: tool.name.clone().into(),
            purpose: Field::known(Choice(tool.purpose.name())),
            form: "step".into(),
        },
    );
}
