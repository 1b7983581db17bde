//! What outsiders can do to a workflow: whose code it checks out, and whose text it runs.

use super::place_of;
use crate::document::Node;
use crate::fact::Field;
use crate::shell;
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

/// Programs of a shell that run nothing of the folder that they work in: what has been checked out is only looked at, sent or moved.
const READERS: &[&str] = &[
    ":",
    "[",
    "[[",
    "awk",
    "base64",
    "basename",
    "cat",
    "cd",
    "cp",
    "curl",
    "cut",
    "date",
    "diff",
    "dirname",
    "done",
    "echo",
    "env",
    "esac",
    "exit",
    "export",
    "false",
    "fi",
    "gh",
    "git",
    "grep",
    "head",
    "jq",
    "ls",
    "mkdir",
    "mv",
    "printf",
    "pwd",
    "read",
    "rm",
    "sed",
    "set",
    "sha256sum",
    "shift",
    "sleep",
    "sort",
    "tail",
    "tar",
    "tee",
    "test",
    "touch",
    "tr",
    "true",
    "uniq",
    "unzip",
    "wc",
    "wget",
    "zip",
    "}",
    ")",
];

/// Actions that run what the checked-out repository says: hooks that it names, or an agent that follows its instructions and settings.
const RUNNERS: &[&str] = &[
    "anthropics/claude-code-action",
    "anthropics/claude-code-base-action",
    "openai/codex-action",
    "google-github-actions/run-gemini-cli",
    "pre-commit/action",
];

/// The step runs, or may run, code of the folder that it works in.
fn runs_code(step: &Node) -> bool {
    if let Some(uses) = step.get("uses").and_then(Node::text) {
        let name = uses.split('@').next().unwrap_or(uses);
        return name.starts_with("./") || RUNNERS.contains(&name);
    }
    let Some(script) = step.get("run") else { return false };
    // What is no text comes from elsewhere.
    let Some(script) = script.text() else { return true };
    shell::commands(script).iter().any(|command| {
        let heads_block = command.words.first().is_some_and(|word| matches!(word.text.as_str(), "for" | "case"));
        // Of assignments alone no program is left.
        !heads_block && command.program().first().is_some_and(|first| !READERS.contains(first))
    })
}

/// The step works in this folder of the workspace, or its script goes there.
fn works_in(step: &Node, folder: &str) -> bool {
    let within = |path: &str| path.trim_start_matches("./").trim_end_matches('/').starts_with(folder);
    let enters = |script: &str| {
        shell::commands(script).iter().any(|command| {
            let program = command.program();
            let first = command.words.first().map(|word| word.text.as_str()).unwrap_or_default();
            within(first)
                || (program.first() == Some(&"cd") && program.get(1).is_some_and(|path| within(path)))
                || (program.contains(&"install") && program.iter().skip(2).any(|word| within(word)))
        })
    };
    step.get("working-directory").and_then(Node::text).is_some_and(within)
        || step.get("run").and_then(Node::text).is_some_and(enters)
}

/// The step brings code from outside into a job that holds the repository's rights, and a later step runs it.
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
    // A command that checks out is followed by further commands in the same step.
    if !later.iter().chain([step]).any(runs_code) {
        return false.into();
    }
    let folder = step.at("with.path").and_then(Node::text).map(|path| path.trim_start_matches("./"));
    let apart = folder.filter(|folder| !folder.is_empty() && *folder != ".");
    // Beside the repository's own code it may only be read by it.
    let only_read = apart.is_some_and(|folder| !later.iter().any(|step| works_in(step, folder)));
    if only_read || is_guarded(gates, step) { Field::unresolved(at) } else { Field::found(true, at) }
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
