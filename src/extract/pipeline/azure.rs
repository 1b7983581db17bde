//! Azure Pipelines, and templates of stages, jobs, steps and variables.

use super::{Include, Job, Language, Plan, Script, Step, Uses, environment_of, pin_of_revision, title, unless};
use crate::document::{Entry, Node};
use crate::fact::Field;
use crate::source::SourceFile;
use std::collections::HashMap;

/// How deep `${{ if }}` and `${{ each }}` may nest in a list.
const CONDITION_LIMIT: usize = 32;

/// Reads a pipeline or a template.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, None);
    let mut plan = Plan::new("azure", name, at);
    plan.approval = approval(file, root);
    plan.setting.add_variables(root.get("variables"));
    plan.setting.add_named_variables(root.get("variables"));
    for container in root.at("resources.containers").map(Node::items).unwrap_or_default() {
        plan.setting.add_image(container.get("image"));
    }
    let repositories = Repositories::of(root);
    plan.includes = repositories.includes();
    let reader = Reader { repositories };
    for stage in items(root.get("stages")) {
        reader.add_stage(stage, &mut plan);
    }
    reader.add_jobs(root, None, &mut plan);
    plan
}

/// Whether a person starts it: a pipeline without triggers may be started by another one as well.
fn approval(file: &SourceFile, root: &Node) -> Field<bool> {
    let trigger = root.get("trigger");
    if root.has("schedules") {
        return false.into();
    }
    match trigger {
        Some(trigger) if trigger.text() == Some("none") => Field::unresolved(trigger.span),
        Some(trigger) if trigger.has("tags") && !trigger.has("branches") => Field::unresolved(trigger.span),
        Some(trigger) => Field::found(false, trigger.span),
        // Every push starts a pipeline that says nothing; but a template says nothing either.
        None if file.name().starts_with("azure-pipelines") => false.into(),
        None => Field::default(),
    }
}

/// The items of a list, with those that stand under conditions and loops (`${{ if ... }}:`) in their place.
fn items(list: Option<&Node>) -> Vec<&Node> {
    let mut found = Vec::new();
    let mut ahead: Vec<(&Node, usize)> =
        list.map(Node::items).unwrap_or_default().iter().rev().map(|it| (it, 0)).collect();
    while let Some((item, depth)) = ahead.pop() {
        let condition = |entry: &&Entry| entry.key.starts_with("${{");
        if !item.entries().iter().any(|entry| condition(&entry)) {
            found.push(item);
        } else if depth < CONDITION_LIMIT {
            let inner = item.entries().iter().filter(condition).flat_map(|entry| entry.node.items());
            let inner: Vec<&Node> = inner.collect();
            ahead.extend(inner.into_iter().rev().map(|it| (it, depth + 1)));
        }
    }
    found
}

/// Repositories that templates are taken from.
struct Repositories<'a> {
    named: HashMap<&'a str, Repository<'a>>,
    order: Vec<&'a str>,
}

#[derive(Clone, Copy)]
struct Repository<'a> {
    node: &'a Node,
    version: &'a str,
    pin: Option<&'static str>,
}

impl<'a> Repositories<'a> {
    fn of(root: &'a Node) -> Self {
        let mut repositories = Self { named: HashMap::new(), order: Vec::new() };
        for node in root.at("resources.repositories").map(Node::items).unwrap_or_default() {
            let Some(alias) = node.get("repository").and_then(Node::text) else { continue };
            let version = node.get("ref").and_then(Node::scalar).unwrap_or_default();
            let pin = match version {
                "" if node.has("ref") => None,
                "" => Some("none"),
                version if version.contains('$') => None,
                version => Some(pin_of_revision(version)),
            };
            repositories.named.insert(alias, Repository { node, version, pin });
            repositories.order.push(alias);
        }
        repositories
    }

    fn includes(&self) -> Vec<Include<'a>> {
        let repositories = self.order.iter().filter_map(|alias| Some((*alias, self.named.get(alias)?)));
        let includes = repositories.map(|(alias, repository)| {
            let name = repository.node.get("name").and_then(Node::text).unwrap_or(alias);
            let at = repository.node.get("ref").or_else(|| repository.node.get("repository")).map(|node| node.span);
            let at = at.unwrap_or(repository.node.span);
            Include { name: name.into(), version: repository.version, pin: repository.pin, at }
        });
        includes.collect()
    }

    fn uses(&self, node: &'a Node) -> Option<Uses<'a>> {
        let text = node.text()?;
        let (name, alias) = text.rsplit_once('@').unwrap_or((text, ""));
        let (version, pin) = match self.named.get(alias) {
            _ if alias.is_empty() || alias == "self" => ("", Some("local")),
            Some(repository) => (repository.version, repository.pin),
            None => ("", None),
        };
        Some(Uses { name, version, pin, at: node.span })
    }
}

struct Reader<'a> {
    repositories: Repositories<'a>,
}

impl<'a> Reader<'a> {
    fn add_stage(&self, stage: &'a Node, plan: &mut Plan<'a>) {
        if let Some(template) = stage.get("template") {
            plan.jobs.push(self.template(stage, template));
            return;
        }
        plan.setting.add_variables(stage.get("variables"));
        plan.setting.add_named_variables(stage.get("variables"));
        self.add_jobs(stage, Some(stage), plan);
    }

    /// Jobs of a stage or of the whole pipeline, or its steps where it has no jobs.
    fn add_jobs(&self, node: &'a Node, stage: Option<&'a Node>, plan: &mut Plan<'a>) {
        let stage_name = stage.and_then(|stage| stage.get("stage")?.scalar()).unwrap_or_default();
        let first = plan.jobs.len();
        for job in items(node.get("jobs")) {
            plan.jobs.push(match job.get("template") {
                Some(template) => self.template(job, template),
                None => self.job(job),
            });
        }
        if node.has("steps") {
            let mut job = Job::new(stage_name);
            job.steps = self.steps(node);
            plan.jobs.push(job);
        }
        let Some(stage) = stage else { return };
        // What a stage waits for, all of its jobs wait for. Stages run in their order unless they say otherwise.
        let depends_on = stage.get("dependsOn").map(names);
        let before = depends_on.unwrap_or_else(|| {
            let last = plan.jobs.get(..first).and_then(<[_]>::last);
            last.map(|job| vec![job.name]).unwrap_or_default()
        });
        let waits_for_person = condition_is_manual(stage);
        for job in plan.jobs.iter_mut().skip(first) {
            job.needs.extend(&before);
            if waits_for_person && job.approval.value == Some(false) {
                job.approval = Field::default();
            }
        }
        if !stage_name.is_empty() {
            plan.jobs.push(end_of_stage(stage_name, plan.jobs.get(first..).unwrap_or_default()));
        }
    }

    fn job(&self, node: &'a Node) -> Job<'a> {
        let name = node.get("job").or_else(|| node.get("deployment")).and_then(Node::scalar).unwrap_or_default();
        let mut job = Job::new(name);
        job.needs = node.get("dependsOn").map(names).unwrap_or_default();
        job.environment = environment_of(node.get("environment"));
        job.approval = match node.get("environment") {
            // Who has to agree is a setting of the environment.
            Some(environment) => Field::unresolved(environment.span),
            None if condition_is_manual(node) => Field::default(),
            None => false.into(),
        };
        job.blocking = blocking(node);
        job.setting.add_variables(node.get("variables"));
        job.setting.add_named_variables(node.get("variables"));
        job.setting.add_image(node.get("container"));
        job.steps = self.steps(node);
        for strategy in node.get("strategy").map(Node::entries).unwrap_or_default() {
            for phase in ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"] {
                job.steps.extend(strategy.node.get(phase).map(|phase| self.steps(phase)).unwrap_or_default());
            }
        }
        job
    }

    /// A job or stage that another file describes.
    fn template(&self, node: &'a Node, template: &'a Node) -> Job<'a> {
        let mut job = Job::new("");
        // What is in the template is not known, gates included.
        job.approval = Field::unresolved(template.span);
        job.steps.push(self.step(node));
        job
    }

    fn steps(&self, node: &'a Node) -> Vec<Step<'a>> {
        items(node.get("steps")).into_iter().map(|step| self.step(step)).collect()
    }

    fn step(&self, node: &'a Node) -> Step<'a> {
        let name = node.get("displayName").or_else(|| node.get("name"));
        let mut step = Step::new(name.and_then(Node::scalar).unwrap_or_default(), node.span);
        step.blocking = blocking(node);
        step.setting.add_variables(node.get("env"));
        let command = ["script", "bash", "pwsh", "powershell"].into_iter().find_map(|key| node.get(key));
        if let Some(command) = command {
            step.at = name.unwrap_or(command).span;
            step.scripts.extend(Script::of(command));
        } else if let Some(template) = node.get("template") {
            step.at = template.span;
            step.uses = self.repositories.uses(template);
            // All that is known of a template is its name, and what it is given.
            step.hints = template.text().map(|text| text.rsplit('/').next().unwrap_or(text)).into_iter().collect();
        } else if let Some(task) = node.get("task") {
            step.at = task.span;
            add_task(&mut step, task, node.get("inputs"));
        } else if let Some(published) = node.get("publish") {
            step.at = published.span;
            step.artefacts.extend(published.text().map(|path| (path, published.span)));
        }
        step
    }
}

/// The point where all jobs of a stage are done: what waits for the stage waits for it.
fn end_of_stage<'a>(name: &'a str, jobs: &[Job<'a>]) -> Job<'a> {
    let mut end = Job::new(name);
    end.needs = jobs.iter().map(|job| job.name).filter(|job| *job != name && !job.is_empty()).collect();
    end
}

fn names(node: &Node) -> Vec<&str> {
    node.one_or_many().iter().filter_map(Node::scalar).collect()
}

/// A task, and the commands that its inputs hold.
fn add_task<'a>(step: &mut Step<'a>, task: &'a Node, inputs: Option<&'a Node>) {
    let Some(text) = task.text() else { return };
    let (name, version) = text.split_once('@').unwrap_or((text, ""));
    let pin = if version.contains('.') { "version" } else { "tag" };
    step.uses = Some(Uses { name, version, pin: Some(pin), at: task.span });
    if name.eq_ignore_ascii_case("ManualValidation") || name.eq_ignore_ascii_case("ManualIntervention") {
        step.approval = Field::found(true, task.span);
    }
    let input = |key: &str| inputs.and_then(|inputs| inputs.get(key));
    let is_python = name.eq_ignore_ascii_case("PythonScript");
    for key in ["script", "inlineScript", "InlineScript", "Inline"] {
        if let Some(mut script) = input(key).and_then(Script::of) {
            script.language = if is_python { Language::Python } else { Language::Shell };
            step.scripts.push(script);
        }
    }
    let path = ["scriptPath", "filePath", "ScriptPath"].into_iter().find_map(input);
    if let Some((path, text)) = path.and_then(|path| Some((path, path.text()?))) {
        let arguments = input("arguments").and_then(Node::text).unwrap_or_default();
        let script = Script { text: format!("{text} {arguments}").into(), at: path.span, language: Language::Shell };
        step.scripts.push(script);
    }
    // `Docker@2` with `command: push`, `TerraformTaskV4@4` with `command: apply`, `HelmDeploy@0` with `command: upgrade`.
    let task = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    let program = ["docker", "terraform", "helm", "kubernetes"].into_iter().find(|program| task.starts_with(program));
    if let Some((program, command)) = program.zip(input("command").and_then(|node| Some((node.text()?, node.span)))) {
        let program = if program == "kubernetes" { "kubectl" } else { program };
        let verb = if command.0 == "buildAndPush" { "push" } else { command.0 };
        let text = format!("{program} {verb}").into();
        step.scripts.push(Script { text, at: command.1, language: Language::Shell });
    }
    for key in ["PathtoPublish", "targetPath", "pathToPublish"] {
        step.artefacts.extend(input(key).and_then(|path| Some((path.text()?, path.span))));
    }
}

/// True for a condition that asks why the pipeline was started, or for a parameter that a person sets.
fn condition_is_manual(node: &Node) -> bool {
    let condition = node.get("condition").and_then(Node::scalar).unwrap_or_default();
    ["Build.Reason", "parameters.", "refs/tags"].iter().any(|part| condition.contains(part))
}

/// Whether a failure of the job or step counts.
fn blocking(node: &Node) -> Field<bool> {
    if let Some(off) = node.get("enabled").filter(|enabled| enabled.boolean() == Some(false)) {
        return Field::found(false, off.span);
    }
    if let Some(never) =
        node.get("condition").filter(|condition| condition.scalar().is_some_and(|it| it.trim() == "false"))
    {
        return Field::found(false, never.span);
    }
    unless(node.get("continueOnError"))
}
