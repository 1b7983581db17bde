//! Facts from pipelines of every system: `workflow`, `step`, `pipeline-include`, `check-tool`, `image`, `environment-variable`, `secret`.
//!
//! Each system has a reader here that describes what it finds as a [`Plan`]. The facts come from the plan, in one place, so that
//! rules need not care which system it was.

mod approval;
pub mod argo;
mod artefact;
mod azure;
mod bitbucket;
mod circleci;
mod cloudbuild;
pub mod code;
mod codebuild;
mod container;
mod github;
mod gitlab;
mod jenkins;
mod kubeflow;
mod mlproject;
mod sagemaker;
#[cfg(test)]
mod tests;
mod work;

use super::Context;
use super::environment::{self, Given, Scope, Variable};
use super::image::{self, Reference};
use crate::catalogue::activities::Activities;
use crate::document::{Document, Node, PipelineSystem};
use crate::fact::{CheckTool, Choice, Facts, Field, PipelineInclude, Step as StepFact, Workflow};
use crate::shell;
use crate::source::{SourceFile, Span};
use std::borrow::Cow;
use work::Work;

/// Sees a pipeline.
pub fn extract(file: &SourceFile, system: PipelineSystem, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.roots.iter().find(|root| !root.entries().is_empty()) else { return };
    let plan = match system {
        PipelineSystem::GitHub => github::plan(file, root),
        PipelineSystem::GitLab => gitlab::plan(file, parsed.roots.last().unwrap_or(root)),
        PipelineSystem::Azure => azure::plan(file, root),
        PipelineSystem::CircleCi => circleci::plan(file, root),
        PipelineSystem::Jenkins => jenkins::plan(file, root),
        PipelineSystem::Bitbucket => bitbucket::plan(file, root),
        PipelineSystem::CodeBuild => codebuild::plan(file, root),
        PipelineSystem::CloudBuild => cloudbuild::plan(file, root),
        PipelineSystem::MlProject => mlproject::plan(file, root),
        PipelineSystem::Kubeflow => kubeflow::plan(file, root, &parsed.roots),
        PipelineSystem::SageMaker => sagemaker::plan(file, root),
    };
    add(plan, file, context, facts);
}

/// One pipeline, whatever the system that runs it.
struct Plan<'a> {
    /// Word of the facts for what runs it.
    system: &'static str,
    /// The file is a pipeline of its own, and not only a part that others include.
    whole: bool,
    name: &'a str,
    at: Span,
    /// Notebook cell, from 1.
    cell: Option<usize>,
    triggers: Field<Vec<String>>,
    permissions: Field<Choice>,
    /// A person agrees to, or starts, all of it; see [`approval`].
    approval: Field<bool>,
    /// Only models have pipelines of this kind.
    ai: bool,
    setting: Setting<'a>,
    includes: Vec<Include<'a>>,
    jobs: Vec<Job<'a>>,
}

/// What steps run in.
#[derive(Default)]
struct Setting<'a> {
    variables: Vec<Variable<'a>>,
    images: Vec<(&'a str, Span)>,
}

/// Something that is taken over from elsewhere.
struct Include<'a> {
    name: Cow<'a, str>,
    version: &'a str,
    /// `None` where the version is made of variables.
    pin: Option<&'static str>,
    at: Span,
}

/// One job: steps that run one after the other.
struct Job<'a> {
    name: &'a str,
    /// Names of the jobs that it waits for.
    needs: Vec<&'a str>,
    approval: Field<bool>,
    environment: Field<String>,
    blocking: Field<bool>,
    privileged: Field<bool>,
    setting: Setting<'a>,
    steps: Vec<Step<'a>>,
}

/// One step.
struct Step<'a> {
    /// Its name; without one it is called by what it uses or runs.
    name: &'a str,
    at: Span,
    /// Notebook cell, from 1.
    cell: Option<usize>,
    scripts: Vec<Script<'a>>,
    uses: Option<Uses<'a>>,
    /// Names that say what it does where nothing else does: of a task, a component, a called function.
    hints: Vec<&'a str>,
    /// What it does, known from its kind alone.
    purposes: Vec<&'static str>,
    blocking: Field<bool>,
    /// A person agrees here: to this step, and to all after it in the job.
    approval: Field<bool>,
    /// Files that it keeps or hands on.
    artefacts: Vec<(&'a str, Span)>,
    setting: Setting<'a>,
    untrusted_checkout: Field<bool>,
    untrusted_input: Field<bool>,
}

/// Commands, or code, that a step holds.
struct Script<'a> {
    text: Cow<'a, str>,
    at: Span,
    language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Shell,
    Python,
}

/// What others made and a step runs.
struct Uses<'a> {
    name: &'a str,
    version: &'a str,
    pin: Option<&'static str>,
    at: Span,
}

impl<'a> Plan<'a> {
    /// A pipeline without jobs. Whether somebody agrees to it is not known.
    fn new(system: &'static str, name: &'a str, at: Span) -> Self {
        Self {
            system,
            whole: true,
            name,
            at,
            cell: None,
            triggers: Field::default(),
            permissions: Field::default(),
            approval: Field::default(),
            ai: false,
            setting: Setting::default(),
            includes: Vec::new(),
            jobs: Vec::new(),
        }
    }
}

impl<'a> Job<'a> {
    /// A job without steps that runs by itself and whose failure counts.
    fn new(name: &'a str) -> Self {
        Self {
            name,
            needs: Vec::new(),
            approval: false.into(),
            environment: "".into(),
            blocking: true.into(),
            privileged: Field::default(),
            setting: Setting::default(),
            steps: Vec::new(),
        }
    }
}

impl<'a> From<Step<'a>> for Job<'a> {
    /// A job without a name, of one step: for systems that know no jobs, and whose steps are gated one by one.
    fn from(step: Step<'a>) -> Self {
        Self { steps: vec![step], ..Self::new("") }
    }
}

impl<'a> Step<'a> {
    /// A step that does nothing, and whose failure counts.
    fn new(name: &'a str, at: Span) -> Self {
        Self {
            name,
            at,
            cell: None,
            scripts: Vec::new(),
            uses: None,
            hints: Vec::new(),
            purposes: Vec::new(),
            blocking: true.into(),
            approval: false.into(),
            artefacts: Vec::new(),
            setting: Setting::default(),
            untrusted_checkout: Field::default(),
            untrusted_input: Field::default(),
        }
    }
}

impl<'a> Script<'a> {
    /// Shell commands that stand in a node; `None` where it is no text.
    fn of(node: &'a Node) -> Option<Self> {
        Some(Self { text: node.text()?.into(), at: node.span, language: Language::Shell })
    }

    /// Shell commands of a node: one text, or a list of texts that may nest.
    fn all_of(node: Option<&'a Node>) -> Vec<Self> {
        let mut scripts = Vec::new();
        if let Some(node) = node {
            node.walk(NODE_LIMIT, &mut |node, _| scripts.extend(Self::of(node)));
        }
        scripts
    }
}

/// How many nodes of one part of a pipeline are looked through.
const NODE_LIMIT: usize = 100_000;

impl<'a> Setting<'a> {
    /// Variables of a map.
    fn add_variables(&mut self, map: Option<&'a Node>) {
        for entry in map.map(Node::entries).unwrap_or_default() {
            // GitLab lets a variable be a map that describes it.
            let value = entry.node.get("value").unwrap_or(&entry.node);
            self.variables.push(Variable {
                name: &entry.key,
                value: value.scalar().map_or(Given::Elsewhere, Given::written),
                at: entry.key_span.cover(value.span),
                value_at: value.span,
            });
        }
    }

    /// Variables of a list of maps with `name` and `value`.
    fn add_named_variables(&mut self, list: Option<&'a Node>) {
        for item in list.map(Node::items).unwrap_or_default() {
            let Some(name) = item.get("name").and_then(Node::scalar) else { continue };
            let value = item.get("value");
            self.variables.push(Variable {
                name,
                value: value.and_then(Node::scalar).map_or(Given::Elsewhere, Given::written),
                at: item.span,
                value_at: value.map_or(item.span, |value| value.span),
            });
        }
    }

    /// Variables of a list of texts: `NAME=value`.
    fn add_assignments(&mut self, list: Option<&'a Node>) {
        for item in list.map(Node::items).unwrap_or_default() {
            let Some((name, value)) = item.text().and_then(|text| text.split_once('=')) else { continue };
            self.variables.push(Variable { name, value: Given::written(value), at: item.span, value_at: item.span });
        }
    }

    /// A variable that takes its value from a secret.
    fn add_reference(&mut self, name: Option<&'a Node>, at: Span) {
        if let Some(name) = name.and_then(Node::text) {
            self.variables.push(Variable { name, value: Given::Elsewhere, at, value_at: at });
        }
    }

    /// An image, written alone or as the `name` or `image` of a map.
    fn add_image(&mut self, node: Option<&'a Node>) {
        let Some(node) = node else { return };
        let node = node.get("name").or_else(|| node.get("image")).unwrap_or(node);
        self.images.extend(node.text().map(|text| (text, node.span)));
    }

    fn add(self, name: &str, around: &Around<'_>, facts: &mut Facts) {
        let scope = Scope { name, holder: "pipeline", secret_holder: "pipeline", ai: around.ai.into() };
        environment::add(&self.variables, &scope, facts);
        for (text, at) in self.images {
            Reference::of(&image::resolve(text, &|_| None), text).add(at, around.used_by, facts);
        }
    }
}

/// Adds the facts of a pipeline.
fn add(plan: Plan<'_>, file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    let work: Vec<Vec<Work<'_>>> =
        plan.jobs.iter().map(|job| job.steps.iter().map(|step| Work::of(step, file, context)).collect()).collect();
    let takes_over_ai =
        plan.includes.iter().any(|include| Activities::shipped().of_action(&include.name).any(|it| it.ai));
    let ai = plan.ai || takes_over_ai || work.iter().flatten().any(|work| work.ai);
    let approvals = approval::of_jobs(&plan.jobs, &plan.approval);
    let used_by = if plan.ai { "pipeline" } else { "workflow" };
    let around = Around { system: plan.system, file, ai, used_by };
    if plan.whole {
        facts.add_in_cell(
            file.name().to_owned(),
            plan.at,
            plan.cell,
            Workflow {
                name: plan.name.into(),
                system: plan.system.into(),
                triggers: plan.triggers,
                permissions: plan.permissions,
                ai: ai.into(),
            },
        );
    }
    plan.setting.add("", &around, facts);
    for include in plan.includes {
        around.add_include(include, facts);
    }
    for ((job, work), mut approval) in plan.jobs.into_iter().zip(work).zip(approvals) {
        let surroundings = Surroundings {
            job: job.name,
            environment: job.environment,
            blocking: job.blocking,
            privileged: job.privileged,
        };
        job.setting.add(job.name, &around, facts);
        for (step, work) in job.steps.into_iter().zip(work) {
            approval = approval::stronger(approval, &step.approval);
            around.add_step(step, work, &surroundings, &approval, facts);
        }
    }
}

/// What is around the steps of a pipeline.
struct Around<'a> {
    system: &'static str,
    file: &'a SourceFile,
    ai: bool,
    /// Word of `image` facts for what names them.
    used_by: &'static str,
}

/// What a step takes from its job.
struct Surroundings<'a> {
    job: &'a str,
    environment: Field<String>,
    blocking: Field<bool>,
    privileged: Field<bool>,
}

impl Around<'_> {
    fn add_include(&self, include: Include<'_>, facts: &mut Facts) {
        facts.add(
            include.name.to_string(),
            include.at,
            PipelineInclude {
                name: include.name.into_owned().into(),
                system: self.system.into(),
                version: include.version.into(),
                pin: Field { value: include.pin.map(Choice), at: Some(include.at) },
                ai: self.ai.into(),
            },
        );
    }

    fn add_step(
        &self,
        step: Step<'_>,
        work: Work<'_>,
        job: &Surroundings<'_>,
        approval: &Field<bool>,
        facts: &mut Facts,
    ) {
        let shown = shown_name(&step);
        if shown.is_empty() {
            return;
        }
        let subject = if job.job.is_empty() { shown.clone() } else { format!("{}/{shown}", job.job) };
        for (tool, at) in &work.tools {
            let purpose = Field::known(Choice(tool.purpose.name()));
            facts.add(
                tool.name.clone(),
                *at,
                CheckTool { name: tool.name.clone().into(), purpose, form: "step".into(), ..CheckTool::default() },
            );
        }
        let (uses, version, pin) = match &step.uses {
            Some(uses) => (Field::found(uses.name, uses.at), uses.version, uses.pin),
            None => ("".into(), "", Some("none")),
        };
        let pin = Field { value: pin.map(Choice), at: step.uses.as_ref().map(|uses| uses.at) };
        let model_files_at = work.model_files.first().map(|(_, at)| *at);
        let model_files: Vec<String> = work.model_files.iter().map(|(name, _)| name.clone()).collect();
        facts.add_in_cell(
            subject.clone(),
            step.at,
            step.cell,
            StepFact {
                name: shown.into(),
                system: self.system.into(),
                workflow: self.file.name().into(),
                job: job.job.into(),
                uses,
                pin,
                version: version.into(),
                blocking: blocking(&step.blocking, &job.blocking, &work),
                deploys_model: work.deploys_model(),
                purposes: work.purposes.into(),
                model_files: Field { value: Some(model_files), at: model_files_at },
                environment: job.environment.clone(),
                approval: approval.clone(),
                untrusted_checkout: step.untrusted_checkout,
                untrusted_input: step.untrusted_input,
                ai: self.ai.into(),
                privileged: job.privileged.clone(),
            },
        );
        for (opening, at) in work.openings {
            opening.add(at, facts);
        }
        for (fetched, at) in work.fetched {
            fetched.add(at, facts);
        }
        for (index, at) in work.indexes {
            index.add(at, facts);
        }
        step.setting.add(&subject, self, facts);
    }
}

/// The name of a step, or what it uses, or its first command.
fn shown_name(step: &Step<'_>) -> String {
    if !step.name.is_empty() {
        return step.name.to_owned();
    }
    if let Some(uses) = &step.uses {
        return uses.name.to_owned();
    }
    let commands = step.scripts.iter().flat_map(|script| shell::commands(&script.text)).next();
    commands.map(|command| command.program().iter().take(2).copied().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}

/// Whether a failure of the step stops the pipeline, as far as its commands that check something go.
fn blocking(step: &Field<bool>, job: &Field<bool>, work: &Work<'_>) -> Field<bool> {
    for field in [step, job] {
        if field.value != Some(true) {
            return field.clone();
        }
    }
    match work.ignored {
        Some(at) => Field::found(false, at),
        None => true.into(),
    }
}

/// Whether a failure counts, told by a setting that says that it does not: `continue-on-error`, `allow_failure`.
fn unless(setting: Option<&Node>) -> Field<bool> {
    match setting {
        Some(setting) => Field { value: setting.boolean().map(|tolerated| !tolerated), at: Some(setting.span) },
        None => true.into(),
    }
}

/// The value of a setting that names an environment: alone, or as `name` of a map.
fn environment_of(node: Option<&Node>) -> Field<String> {
    let Some(node) = node else { return "".into() };
    let name = node.get("name").unwrap_or(node);
    match name.scalar() {
        Some(text) => Field::found(text, name.span),
        None => Field::unresolved(node.span),
    }
}

/// The `name` of the pipeline and its place, or the file's name and the first key.
fn title<'a>(file: &'a SourceFile, root: &'a Node, name: Option<&'a Node>) -> (&'a str, Span) {
    let first_key = root.entries().first().map_or(root.span, |entry| entry.key_span);
    match name.and_then(|node| Some((node.scalar()?, node.span))) {
        Some(named) => named,
        None => (file.name(), first_key),
    }
}

/// How a git revision is fixed: a commit, what looks like a version tag, or else a branch.
fn pin_of_revision(revision: &str) -> &'static str {
    let is_commit = revision.len() >= 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let tag = revision.strip_prefix("refs/tags/");
    let number = tag.unwrap_or(revision).trim_start_matches(['v', 'V']);
    if is_commit {
        "commit"
    } else if tag.is_some() || number.starts_with(|first: char| first.is_ascii_digit()) {
        "tag"
    } else {
        "branch"
    }
}
