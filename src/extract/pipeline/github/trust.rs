//! What outsiders can do to a workflow: whose code it checks out, and whose text it runs.

use super::place_of;
use crate::document::Node;
use crate::fact::Field;
use crate::source::{SourceFile, Span};

/// Events that an outsider can cause and that run with the repository's own rights and secrets.
const PRIVILEGED_EVENTS: &[&str] = &[
    "pull_request_target",
    "workflow_run",
    "issues",
    "issue_comment",
    "discussion",
    "discussion_comment",
    "fork",
    "watch",
    "gollum",
];

/// How outsiders can reach a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outsiders {
    /// They can start it, and it runs with the repository's rights.
    pub start: bool,
    /// It runs for their pull requests with the repository's rights.
    pub propose_code: bool,
}

/// How outsiders can reach a workflow with these triggers.
pub(super) fn outsiders(triggers: &[String]) -> Outsiders {
    let has = |event: &str| triggers.iter().any(|trigger| trigger == event);
    Outsiders {
        start: PRIVILEGED_EVENTS.iter().any(|event| has(event)),
        propose_code: has("pull_request_target") || has("workflow_run") || has("issue_comment"),
    }
}

/// Expressions that give the code of somebody else's pull request.
const FOREIGN_REFS: &[&str] =
    &["github.event.pull_request.head.", "github.head_ref", "github.event.workflow_run.head_", "refs/pull/"];

/// Commands that do the same.
const FOREIGN_CHECKOUTS: &[&str] = &["gh pr checkout", "pull/${{", "git checkout ${{ github.event.pull_request.head."];

/// Conditions that keep outsiders away; whether they suffice cannot be told by reading.
const GUARDS: &[&str] = &[
    "head.repo.full_name",
    "head.repo.fork",
    "head_repository.full_name",
    "author_association",
    "github.actor",
    "github.triggering_actor",
    "pull_request.user.login",
    "comment.user.login",
    "label",
    "workflow_run.event",
    "merged",
    // What another job or step found out, of which this cannot be known.
    "needs.",
    "steps.",
];

/// Whether a condition or an environment with reviewers keeps outsiders from a job, from one that it waits for, or from a step.
fn is_guarded(gates: &[&Node], step: &Node) -> bool {
    gates.iter().copied().chain([step]).any(|node| {
        let condition = node.get("if").and_then(Node::scalar).unwrap_or_default();
        node.has("environment") || GUARDS.iter().any(|guard| condition.contains(guard))
    })
}

/// The step brings code from outside into a job that holds the repository's rights, and a later step runs something.
pub(super) fn checkout(
    file: &SourceFile,
    outsiders: Outsiders,
    gates: &[&Node],
    step: &Node,
    later: &[Node],
) -> Field<bool> {
    if !outsiders.propose_code {
        return false.into();
    }
    let Some(at) = foreign_checkout(file, step) else { return false.into() };
    let runs_code = |step: &Node| {
        step.has("run") || step.get("uses").and_then(Node::text).is_some_and(|uses| uses.starts_with("./"))
    };
    // A command that checks out is followed by further commands in the same step.
    if !later.iter().any(runs_code) && !step.has("run") {
        return false.into();
    }
    if is_guarded(gates, step) { Field::unresolved(at) } else { Field::found(true, at) }
}

fn foreign_checkout(file: &SourceFile, step: &Node) -> Option<Span> {
    let uses = step.get("uses").and_then(Node::text).unwrap_or_default();
    if uses.starts_with("actions/checkout@") {
        let inputs = ["with.ref", "with.repository"].into_iter().filter_map(|path| step.at(path));
        let foreign = |node: &&Node| {
            node.text().is_some_and(|text| FOREIGN_REFS.iter().any(|expression| text.contains(expression)))
        };
        return inputs.into_iter().find(foreign).map(|node| node.span);
    }
    let run = step.get("run")?;
    let text = run.text()?;
    let command = FOREIGN_CHECKOUTS.iter().find(|command| text.contains(**command))?;
    Some(place_of(file, run.span, command))
}

/// Parts of an event whose text an outsider writes.
const OUTSIDE_TEXT: &[&str] = &[
    "github.event.issue.title",
    "github.event.issue.body",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.pages",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit.message",
    "github.event.workflow_run.head_commit.author.name",
    "github.event.workflow_run.head_commit.author.email",
    "github.event.workflow_run.display_title",
    "github.head_ref",
];

/// The step pastes text that an outsider writes into a script. Through `env` the same text does no harm.
pub(super) fn input(file: &SourceFile, outsiders: Outsiders, gates: &[&Node], step: &Node) -> Field<bool> {
    if !outsiders.start {
        return false.into();
    }
    let is_script =
        step.get("uses").and_then(Node::text).is_some_and(|uses| uses.starts_with("actions/github-script@"));
    let script = step.get("run").or_else(|| step.at("with.script").filter(|_| is_script));
    let Some((node, text)) = script.and_then(|node| Some((node, node.text()?))) else { return false.into() };
    match pasted(text) {
        Some(expression) => {
            let at = place_of(file, node.span, expression);
            if is_guarded(gates, step) { Field::unresolved(at) } else { Field::found(true, at) }
        }
        None => false.into(),
    }
}

/// The first expression of a script that holds text from outside.
fn pasted(script: &str) -> Option<&str> {
    let mut rest = script;
    while let Some(open) = rest.find("${{") {
        let from = rest.get(open..)?;
        let close = from.find("}}")?;
        let expression = from.get(..close + 2)?;
        // `contains(github.head_ref, 'x')` and comparisons give true or false, not the text.
        let gives_text =
            !expression.contains("contains(") && !expression.contains("==") && !expression.contains("startsWith(");
        if gives_text && OUTSIDE_TEXT.iter().any(|text| expression.contains(text)) {
            return Some(expression);
        }
        rest = from.get(close + 2..)?;
    }
    None
}
