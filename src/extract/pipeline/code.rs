//! Pipelines that are declared in Python: `SageMaker`, Airflow, Kubeflow, Prefect, Metaflow, `ZenML`, Dagster and Flyte.

use super::sagemaker::of_status;
use super::{Job, Plan, Script, Step, Uses};
use crate::document::code::{Argument, Call, Code, Known, last_part};
use crate::extract::Context;
use crate::extract::image::{self, Reference};
use crate::fact::{Facts, Field};
use crate::source::{SourceFile, Span};

/// Sees the pipelines that a file declares, one for each system.
pub fn extract(file: &SourceFile, code: &Code, context: &Context<'_>, facts: &mut Facts) {
    for plan in [sagemaker(file, code), airflow(file, code)].into_iter().flatten() {
        super::add(plan, file, context, facts);
    }
    images(code, facts);
    for system in DECORATED {
        if let Some(plan) = decorated(file, code, system) {
            super::add(plan, file, context, facts);
        }
    }
}

/// What steps of pipelines run in: the start of the called name, its end, and the argument that names the image.
const IMAGES: &[(&str, &str, &str)] = &[
    ("kfp.", "component", "base_image"),
    ("kfp.", "create_component_from_func", "base_image"),
    ("kfp.", "func_to_container_op", "base_image"),
    ("kfp.", "ContainerSpec", "image"),
    ("kfp.", "ContainerOp", "image"),
    ("metaflow.", "kubernetes", "image"),
    ("metaflow.", "batch", "image"),
    ("zenml.", "DockerSettings", "parent_image"),
    ("azure.ai.ml.", "Environment", "image"),
    ("sagemaker.", "", "image_uri"),
];

/// Sees the images that the steps of a model's pipeline run in.
fn images(code: &Code, facts: &mut Facts) {
    for call in &code.calls {
        for (name, argument) in call.named.iter().filter(|(name, _)| name.contains("image")) {
            let is_image = |(start, end, image): &(&str, &str, &str)| {
                name == image && call.function.starts_with(start) && (end.is_empty() || call.last_part() == *end)
            };
            if let Some(text) = argument.value.text().filter(|_| IMAGES.iter().any(is_image)) {
                let reference = Reference::of(&image::resolve(text, &|_| None), text);
                reference.add_in_cell(argument.at, call.cell, "pipeline", facts);
            }
        }
    }
}

/// A system whose pipelines and steps are functions with decorators.
struct Decorated {
    system: &'static str,
    /// Only models have pipelines of this kind.
    ai: bool,
    /// What the full name of a decorator starts with.
    package: &'static str,
    pipelines: &'static [&'static str],
    steps: &'static [&'static str],
}

const DECORATED: &[Decorated] = &[
    Decorated {
        system: "kubeflow",
        ai: true,
        package: "kfp",
        pipelines: &["pipeline"],
        steps: &["component", "container_component"],
    },
    Decorated { system: "prefect", ai: false, package: "prefect", pipelines: &["flow"], steps: &["task"] },
    Decorated { system: "metaflow", ai: true, package: "metaflow", pipelines: &[], steps: &["step"] },
    Decorated { system: "zenml", ai: true, package: "zenml", pipelines: &["pipeline"], steps: &["step"] },
    Decorated { system: "dagster", ai: false, package: "dagster", pipelines: &["job"], steps: &["op", "asset"] },
    Decorated { system: "flyte", ai: false, package: "flytekit", pipelines: &["workflow"], steps: &["task"] },
];

fn decorated<'a>(file: &'a SourceFile, code: &'a Code, system: &Decorated) -> Option<Plan<'a>> {
    let is_of = |name: &str, kinds: &[&str]| {
        let (package, rest) = name.split_once('.').unwrap_or((name, ""));
        package == system.package && kinds.contains(&last_part(rest))
    };
    let mut steps = code.decorators.iter().filter(|decorator| is_of(&decorator.name, system.steps)).peekable();
    let pipeline = code.decorators.iter().find(|decorator| is_of(&decorator.name, system.pipelines));
    let first = pipeline.or(steps.peek().copied())?;
    let mut plan = Plan::new(system.system, file.name(), first.at);
    plan.ai = system.ai;
    plan.cell = first.cell;
    plan.whole = pipeline.is_some();
    if let Some(pipeline) = pipeline {
        plan.name = &pipeline.function;
    }
    let mut job = Job::new("");
    for decorator in steps {
        let mut step = Step::new(&decorator.function, decorator.at);
        step.cell = decorator.cell;
        step.hints.push(&decorator.function);
        job.steps.push(step);
    }
    plan.jobs.push(job);
    Some(plan)
}

fn text(argument: Option<&Argument>) -> Option<&str> {
    argument.and_then(|argument| argument.value.text())
}

/// A plan of Python code without jobs; a file without the pipeline itself holds steps for others.
fn started<'a>(system: &'static str, file: &'a SourceFile, pipeline: Option<&'a Call>) -> Plan<'a> {
    let at = pipeline.map_or_else(Span::default, |call| call.name_at);
    let mut plan = Plan::new(system, file.name(), at);
    plan.whole = pipeline.is_some();
    plan.cell = pipeline.and_then(|call| call.cell);
    plan
}

/// Steps of `SageMaker` pipelines. Who runs the pipeline is not said; who approves the model that it registers is.
fn sagemaker<'a>(file: &'a SourceFile, code: &'a Code) -> Option<Plan<'a>> {
    let is_of_workflow = |call: &&Call| {
        call.function.starts_with("sagemaker.workflow.") || call.function.starts_with("sagemaker.mlops.")
    };
    let calls = || code.calls.iter().filter(is_of_workflow);
    let pipeline = calls().find(|call| call.last_part() == "Pipeline");
    let mut plan = started("sagemaker", file, pipeline);
    plan.name = pipeline.and_then(|call| text(call.argument("name", 0))).unwrap_or(plan.name);
    plan.ai = true;
    plan.approval = false.into();
    let checks_bias =
        code.calls.iter().any(|call| matches!(call.last_part(), "DataBiasCheckConfig" | "ModelBiasCheckConfig"));
    for call in calls() {
        let kind = call.last_part();
        if !(kind.ends_with("Step") || kind == "RegisterModel") || kind == "ConditionStep" {
            continue;
        }
        let mut step = step(call, text(call.argument("name", 0)).unwrap_or(kind));
        step.approval = Field::default();
        match kind {
            "TrainingStep" | "TuningStep" | "AutoMLStep" => step.purposes.push("train"),
            "QualityCheckStep" => step.purposes.push("monitor"),
            "ClarifyCheckStep" if checks_bias && !explains(call, file) => step.purposes.push("bias"),
            "ClarifyCheckStep" => step.purposes.push("explainability"),
            "RegisterModel" => {
                step.purposes.push("register");
                step.approval = approval(call, code);
            }
            _ => step.hints.extend(text(call.argument("name", 0))),
        }
        step.blocking = blocking(call);
        plan.jobs.push(step.into());
    }
    // `ModelStep(step_args=model.register(...))`: the status is given where the model is registered. Without a pipeline in the file
    // it is a person who registers.
    let has_pipeline = code.imports.iter().any(|import| import.name.starts_with("sagemaker.workflow."));
    let registers = |call: &&Call| call.last_part() == "register" && call.named("approval_status").is_some();
    for call in code.calls.iter().filter(registers).filter(|_| has_pipeline) {
        let mut step = step(call, "register");
        step.purposes.push("register");
        step.approval = approval(call, code);
        plan.jobs.push(step.into());
    }
    (plan.whole || !plan.jobs.is_empty()).then_some(plan)
}

/// The check is about explanations, by its name or that of its settings; a file can hold checks of either kind.
fn explains(call: &Call, file: &SourceFile) -> bool {
    let settings = call.named("clarify_check_config").map(|argument| argument.at.text(&file.text));
    [text(call.argument("name", 0)), settings].into_iter().flatten().any(is_of_explanations)
}

fn is_of_explanations(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("explain") && !name.contains("bias")
}

fn step<'a>(call: &'a Call, name: &'a str) -> Step<'a> {
    let mut step = Step::new(name, call.name_at);
    step.cell = call.cell;
    step
}

/// Whether a person approves a model that is registered: by its status, or the default of the parameter that gives it.
fn approval(call: &Call, code: &Code) -> Field<bool> {
    // Without a status the model waits for approval.
    let Some(status) = call.named("approval_status") else {
        return if call.forwards { Field::default() } else { true.into() };
    };
    if let Some(text) = status.value.text() {
        return of_status(Some(text), status.at);
    }
    let mut parameters = code.calls.iter().filter(|call| {
        call.last_part() == "ParameterString"
            && text(call.argument("name", 0)).is_some_and(|name| name.to_ascii_lowercase().contains("approvalstatus"))
    });
    match (parameters.next(), parameters.next()) {
        (Some(parameter), None) => match parameter.named("default_value") {
            Some(default) => of_status(default.value.text(), default.at),
            None => Field::unresolved(status.at),
        },
        _ => Field::unresolved(status.at),
    }
}

/// A check that is skipped, or whose violations are only recorded, stops nothing. One that sets a new baseline has nothing to
/// check against yet.
fn blocking(call: &Call) -> Field<bool> {
    let baseline = call.named("register_new_baseline");
    let sets_baseline = baseline.is_some_and(|baseline| baseline.value != Known::Bool(false));
    for (name, harmless) in [("skip_check", true), ("fail_on_violation", false)] {
        match call.named(name) {
            Some(Argument { value: Known::Bool(value), at }) if *value == harmless => {
                return Field { value: (!sets_baseline).then_some(false), at: Some(*at) };
            }
            Some(Argument { value: Known::Bool(_), .. }) | None => {}
            Some(open) => return Field::unresolved(open.at),
        }
    }
    true.into()
}

/// Operators of an Airflow DAG.
fn airflow<'a>(file: &'a SourceFile, code: &'a Code) -> Option<Plan<'a>> {
    let calls = || code.calls.iter().filter(|call| call.function.starts_with("airflow."));
    let dag = calls().find(|call| matches!(call.last_part(), "DAG" | "dag"));
    let mut plan = started("airflow", file, dag);
    if let Some(dag) = dag {
        plan.name = text(dag.argument("dag_id", 0)).unwrap_or(plan.name);
        let schedule = ["schedule", "schedule_interval", "timetable"].iter().find_map(|name| dag.named(name));
        // Without a schedule somebody, or another program, starts it.
        if let Some(schedule) = schedule.filter(|schedule| matches!(schedule.value, Known::Text(_))) {
            plan.approval = Field::found(false, schedule.at);
        }
    }
    let mut job = Job::new("");
    // The order of tasks is not followed: with a task that asks a person anywhere, who agrees to what is not known.
    if calls().any(|call| matches!(call.last_part(), "ApprovalOperator" | "HITLOperator" | "HITLEntryOperator")) {
        job.approval = Field::default();
    }
    for call in calls().filter(|call| call.last_part().ends_with("Operator")) {
        let name = text(call.named("task_id")).unwrap_or_default();
        let mut step = step(call, name);
        step.uses = Some(Uses { name: call.last_part(), version: "", pin: Some("none"), at: call.name_at });
        step.hints.push(name);
        if let Some(callable) = call.named("python_callable") {
            step.hints.push(callable.at.text(&file.text));
        }
        for key in ["bash_command", "command"] {
            if let Some((argument, command)) =
                call.named(key).and_then(|argument| Some((argument, argument.value.text()?)))
            {
                step.scripts.push(Script { text: command.into(), at: argument.at, language: super::Language::Shell });
            }
        }
        if let Some((argument, image)) =
            call.named("image").and_then(|argument| Some((argument, argument.value.text()?)))
        {
            step.setting.images.push((image, argument.at));
        }
        job.steps.push(step);
    }
    for decorator in &code.decorators {
        if decorator.name.starts_with("airflow.") && last_part(&decorator.name) == "task" {
            let mut step = Step::new(&decorator.function, decorator.at);
            step.cell = decorator.cell;
            step.hints.push(&decorator.function);
            job.steps.push(step);
        }
    }
    let has_steps = !job.steps.is_empty();
    plan.jobs.push(job);
    (has_steps || plan.whole).then_some(plan)
}
