//! Pipelines of GitLab CI, and files that they include.

use super::{Include, Job, Plan, Script, Setting, Step, environment_of, pin_of_revision, title};
use crate::document::{Entry, Node};
use crate::fact::Field;
use crate::source::{SourceFile, Span};
use std::collections::{HashMap, HashSet};

/// Keys at the top that are no jobs.
const GLOBAL_KEYS: &[&str] = &[
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec",
];

/// How many jobs a job is looked up in through `extends`.
const EXTENDS_LIMIT: usize = 32;

/// Reads a pipeline.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, root.at("workflow.name"));
    let mut plan = Plan::new("gitlab", name, at);
    plan.approval = approval_of_start(root);
    plan.setting.add_variables(root.get("variables"));
    plan.includes = root.get("include").map(Node::one_or_many).unwrap_or_default().iter().flat_map(includes).collect();
    for defaults in [Some(root), root.get("default")].into_iter().flatten() {
        add_images(defaults, &mut plan.setting);
    }
    let jobs = Jobs::of(root);
    let gate = jobs.gate();
    plan.jobs = jobs.own.iter().map(|entry| jobs.job(entry, gate.as_ref())).collect();
    plan
}

/// All jobs of a file, and how they build on each other.
struct Jobs<'a> {
    root: &'a Node,
    named: HashMap<&'a str, &'a Node>,
    /// Those that run: hidden ones (`.name`) only where no job of this file builds on them.
    own: Vec<&'a Entry>,
    stages: Vec<&'a str>,
}

/// From which stage on everything waits for a person.
struct Gate {
    stage: usize,
    at: Span,
}

impl<'a> Jobs<'a> {
    fn of(root: &'a Node) -> Self {
        let is_job = |entry: &&Entry| !GLOBAL_KEYS.contains(&&*entry.key) && !entry.node.entries().is_empty();
        let all: Vec<&Entry> = root.entries().iter().filter(is_job).collect();
        let extended: HashSet<&str> = all
            .iter()
            .filter_map(|entry| entry.node.get("extends"))
            .flat_map(Node::one_or_many)
            .filter_map(Node::text)
            .collect();
        let own = all.iter().copied().filter(|entry| !(entry.key.starts_with('.') && extended.contains(&*entry.key)));
        let stages = root.get("stages").map(Node::items).unwrap_or_default().iter().filter_map(Node::scalar).collect();
        Self { root, named: all.iter().map(|entry| (&*entry.key, &entry.node)).collect(), own: own.collect(), stages }
    }

    /// A setting of a job: its own, or of what it extends, the last first.
    fn setting(&self, job: &'a Node, key: &str) -> Option<&'a Node> {
        let mut ahead = vec![job];
        for _ in 0..EXTENDS_LIMIT {
            let job = ahead.pop()?;
            if let Some(found) = job.get(key) {
                return Some(self.referred(found));
            }
            let parents = job.get("extends").map(Node::one_or_many).unwrap_or_default();
            ahead.extend(parents.iter().take(EXTENDS_LIMIT).filter_map(|name| self.named.get(name.text()?)));
        }
        None
    }

    /// A setting of a job, of the defaults of the file, or at its top.
    fn setting_or_default(&self, job: &'a Node, key: &str) -> Option<&'a Node> {
        let inherited =
            || self.root.at("default").and_then(|defaults| defaults.get(key)).or_else(|| self.root.get(key));
        self.setting(job, key).or_else(inherited)
    }

    fn stage(&self, job: &'a Node) -> Option<usize> {
        let name = self.setting(job, "stage").and_then(Node::scalar).unwrap_or("test");
        self.stages.iter().position(|stage| *stage == name)
    }

    /// The first stage with a job that a person has to start, and for which the pipeline waits.
    fn gate(&self) -> Option<Gate> {
        let gates = self.own.iter().filter_map(|entry| {
            let approval = self.approval(&entry.node);
            let holds = approval.value == Some(true) && self.blocking(&entry.node).value == Some(true);
            Some(Gate { stage: self.stage(&entry.node)?, at: approval.at.filter(|_| holds)? })
        });
        gates.min_by_key(|gate| gate.stage)
    }

    fn job(&self, entry: &'a Entry, gate: Option<&Gate>) -> Job<'a> {
        let node = &entry.node;
        let mut job = Job::new(&entry.key);
        let needs = self.setting(node, "needs");
        let is_need = |item: &'a Node| item.get("job").unwrap_or(item).text();
        job.needs = needs.map(Node::one_or_many).unwrap_or_default().iter().filter_map(is_need).collect();
        job.environment = environment_of(self.setting(node, "environment"));
        job.approval = self.approval(node);
        if needs.is_none()
            && let Some(gate) = gate
            && self.stage(node).is_some_and(|stage| stage > gate.stage)
        {
            job.approval = Field::found(true, gate.at);
        }
        job.setting.add_variables(self.setting(node, "variables"));
        for part in [self.setting(node, "image"), self.setting(node, "services")].into_iter().flatten() {
            part.one_or_many().iter().for_each(|image| job.setting.add_image(Some(image)));
        }
        let mut step = Step::new(&entry.key, entry.key_span);
        step.blocking = self.blocking(node);
        for key in ["before_script", "script", "after_script"] {
            let scripts = self.setting_or_default(node, key);
            step.scripts.extend(scripts.map(|scripts| self.scripts(scripts)).unwrap_or_default());
        }
        let kept = node.at("artifacts.paths").map(Node::items).unwrap_or_default();
        step.artefacts = kept.iter().filter_map(|path| Some((path.text()?, path.span))).collect();
        // Stopping an environment deploys nothing.
        let stops = self.setting(node, "environment").and_then(|it| it.get("action")?.text()) == Some("stop");
        if !stops {
            job.steps.push(step);
        }
        job
    }

    /// Commands of a job, those that it takes from others included.
    fn scripts(&self, node: &'a Node) -> Vec<Script<'a>> {
        let items = self.referred(node).one_or_many().iter();
        items.flat_map(|item| Script::all_of(Some(self.referred(item)))).collect()
    }

    /// What `!reference [.job, script]` stands for, or the node itself where it is none or names nothing of this file.
    fn referred(&self, node: &'a Node) -> &'a Node {
        let mut path = node.get("!reference").map(Node::items).unwrap_or_default().iter();
        let job = path.next().and_then(Node::text).and_then(|name| self.named.get(name).copied());
        let found = job.and_then(|job| path.try_fold(job, |node, key| node.get(key.text()?)));
        found.unwrap_or(node)
    }

    /// Whether somebody starts the job by hand.
    fn approval(&self, job: &'a Node) -> Field<bool> {
        let when = self.setting(job, "when");
        if let Some(when) = when.filter(|when| when.text() == Some("manual")) {
            return Field::found(true, when.span);
        }
        let rules = self.setting(job, "rules").map(Node::items).unwrap_or_default();
        let runs = || rules.iter().filter(|rule| rule.get("when").and_then(Node::text) != Some("never"));
        let manual = |rule: &Node| rule.get("when").filter(|when| when.text() == Some("manual")).map(|when| when.span);
        if let Some(at) = runs().find_map(&manual) {
            let always = runs().all(|rule| manual(rule).is_some());
            return Field { value: always.then_some(true), at: Some(at) };
        }
        if let Some(environment) = self.setting(job, "environment") {
            // Whether the environment is protected is a setting of the project.
            return Field::unresolved(environment.span);
        }
        if let Some(at) = runs().find(|rule| depends_on_people(rule)).map(|rule| rule.span) {
            return Field::unresolved(at);
        }
        // A rule that is taken from another file may say anything, and so may a job that this one extends.
        if let Some(rule) = runs().find(|rule| rule.entries().is_empty() || rule.has("!reference")) {
            return Field::unresolved(rule.span);
        }
        let elsewhere =
            self.setting(job, "rules").filter(|rules| rules.has("!reference")).or_else(|| self.foreign(job));
        if let Some(elsewhere) = elsewhere {
            return Field::unresolved(elsewhere.span);
        }
        match self.setting(job, "only") {
            Some(only) if only_by_people(only) => Field::unresolved(only.span),
            _ => false.into(),
        }
    }

    /// The name of a job of another file that the job extends.
    fn foreign(&self, job: &'a Node) -> Option<&'a Node> {
        let parents = job.get("extends").map(Node::one_or_many).unwrap_or_default();
        parents.iter().find(|parent| parent.text().is_some_and(|name| !self.named.contains_key(name)))
    }

    /// Whether a failure of the job stops the pipeline. Jobs started by hand are optional unless the file says otherwise.
    fn blocking(&self, job: &'a Node) -> Field<bool> {
        if let Some(setting) = self.setting(job, "allow_failure") {
            // `exit_codes` allows some failures.
            return Field { value: setting.boolean().map(|allowed| !allowed), at: Some(setting.span) };
        }
        match self.setting(job, "when") {
            Some(when) if when.text() == Some("manual") => Field::found(false, when.span),
            _ => true.into(),
        }
    }
}

/// Whether only a person can start the pipeline, by a tag or a variable. A push does where nothing is said, and so do included
/// files, whose jobs have rules of their own.
fn approval_of_start(root: &Node) -> Field<bool> {
    let rules = root.at("workflow.rules").map(Node::items).unwrap_or_default().iter();
    let mut rules = rules.filter(|rule| rule.get("when").and_then(Node::text) != Some("never")).peekable();
    match rules.peek().map(|rule| rule.span) {
        Some(first) if rules.all(depends_on_people) => Field::unresolved(first),
        _ => false.into(),
    }
}

/// Variables of rules that are set for every pipeline, however it was started.
const AUTOMATIC_VARIABLES: &[&str] =
    &["CI_COMMIT_BRANCH", "CI_DEFAULT_BRANCH", "CI_COMMIT_REF_NAME", "CI_PIPELINE_SOURCE"];

/// True for a rule that holds only when a person set a variable, pushed a tag or started the pipeline by hand.
fn depends_on_people(rule: &Node) -> bool {
    let Some(condition) = rule.get("if").and_then(Node::text) else { return false };
    let by_hand = ["\"web\"", "'web'", "\"api\"", "'api'", "\"trigger\"", "'trigger'"];
    let variables = condition.split('$').skip(1).map(|rest| {
        let end = rest.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    });
    by_hand.iter().any(|source| condition.contains(source))
        || variables
            .into_iter()
            .any(|name| !AUTOMATIC_VARIABLES.contains(&name) && !name.starts_with("CI_MERGE_REQUEST_"))
}

/// True for a job that runs only for tags or pipelines that somebody started.
fn only_by_people(only: &Node) -> bool {
    let refs = only.get("refs").unwrap_or(only);
    let names: Vec<&str> = refs.one_or_many().iter().filter_map(Node::text).collect();
    only.has("variables")
        || (!names.is_empty() && names.iter().all(|name| matches!(*name, "tags" | "web" | "api" | "triggers")))
}

fn add_images<'a>(node: &'a Node, setting: &mut Setting<'a>) {
    setting.add_image(node.get("image"));
    let services = node.get("services").map(Node::items).unwrap_or_default();
    for service in services {
        setting.add_image(Some(service));
    }
}

/// What one entry of `include` takes over.
fn includes(node: &Node) -> Vec<Include<'_>> {
    if let Some(text) = node.text() {
        // A plain text is a file of this repository, or an address.
        return vec![if text.contains("://") { remote(text, node.span) } else { local(text, node.span) }];
    }
    if let Some(remote_at) = node.get("remote").and_then(|it| Some((it.text()?, it.span))) {
        let checked = node.has("integrity");
        let include = remote(remote_at.0, remote_at.1);
        return vec![if checked { Include { pin: Some("commit"), ..include } } else { include }];
    }
    if let Some((path, at)) = node.get("local").and_then(|it| Some((it.text()?, it.span))) {
        return vec![local(path, at)];
    }
    if let Some((text, at)) = node.get("component").and_then(|it| Some((it.text()?, it.span))) {
        let (name, version) = text.rsplit_once('@').unwrap_or((text, ""));
        return vec![Include { name: name.into(), version, pin: pin_of_component(version), at }];
    }
    if let Some((project, at)) = node.get("project").and_then(|it| Some((it.text()?, it.span))) {
        let revision = node.get("ref");
        let version = revision.and_then(Node::scalar).unwrap_or_default();
        let pin = match revision {
            None => Some("none"),
            Some(_) if version.contains('$') || version.is_empty() => None,
            Some(_) => Some(pin_of_revision(version)),
        };
        return vec![Include { name: project.into(), version, pin, at }];
    }
    // `template` comes with the GitLab server itself.
    Vec::new()
}

fn local(path: &str, at: Span) -> Include<'_> {
    Include { name: path.into(), version: "", pin: Some("local"), at }
}

/// A file at an address: fixed only where a commit or tag is part of the path.
fn remote(address: &str, at: Span) -> Include<'_> {
    let parts = || address.split('/');
    let is_commit = |part: &str| part.len() >= 40 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pin = if address.contains('$') {
        None
    } else if parts().any(is_commit) {
        Some("commit")
    } else if parts()
        .any(|part| part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
    {
        Some("tag")
    } else {
        Some("branch")
    };
    Include { name: address.into(), version: "", pin, at }
}

/// Versions of the catalogue cannot change; parts of one (`1`, `1.2`) and `~latest` move.
fn pin_of_component(version: &str) -> Option<&'static str> {
    if version.contains('$') {
        return None;
    }
    let is_whole = version.split('.').count() >= 3;
    Some(match pin_of_revision(version) {
        "tag" if is_whole => "version",
        "commit" => "commit",
        _ if version.is_empty() => "none",
        _ => "branch",
    })
}
