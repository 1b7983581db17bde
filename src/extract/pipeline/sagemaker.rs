//! Definitions of `SageMaker` pipelines, as the service takes them.

use super::{Plan, Step, title};
use crate::document::Node;
use crate::fact::Field;
use crate::source::{SourceFile, Span};

/// How deep conditions may nest.
const CONDITION_LIMIT: usize = 16;

/// Reads a definition. Who runs the pipeline is not said in it; who approves the model is.
pub(super) fn plan<'a>(file: &'a SourceFile, root: &'a Node) -> Plan<'a> {
    let (name, at) = title(file, root, root.get("Name"));
    let mut plan = Plan::new("sagemaker", name, at);
    plan.ai = true;
    plan.approval = false.into();
    let mut ahead: Vec<(&Node, usize)> = vec![(root, 0)];
    while let Some((holder, depth)) = ahead.pop() {
        let lists = ["Steps", "IfSteps", "ElseSteps"].into_iter().filter_map(|key| holder.get(key));
        for node in lists.flat_map(Node::items) {
            plan.jobs.push(step(node, root).into());
            if depth < CONDITION_LIMIT {
                ahead.extend(node.get("Arguments").map(|arguments| (arguments, depth + 1)));
            }
        }
    }
    plan
}

fn step<'a>(node: &'a Node, root: &'a Node) -> Step<'a> {
    let named = node.get("Name");
    let name = named.and_then(Node::text).unwrap_or_default();
    let mut step = Step::new(name, named.unwrap_or(node).span);
    step.approval = Field::default();
    let kind = node.get("Type").and_then(Node::text).unwrap_or_default();
    let setting = |key: &str| node.get(key).or_else(|| node.at("Arguments").and_then(|arguments| arguments.get(key)));
    match kind {
        "Training" | "Tuning" | "AutoML" => step.purposes.push("train"),
        "QualityCheck" => step.purposes.push("monitor"),
        "ClarifyCheck" => {
            let of_explanations =
                setting("CheckType").and_then(Node::text).is_some_and(|kind| kind.contains("EXPLAINABILITY"));
            step.purposes.push(if of_explanations { "explainability" } else { "bias" });
        }
        "RegisterModel" => {
            step.purposes.push("register");
            step.approval = approval(setting("ModelApprovalStatus"), root);
        }
        _ => step.hints.push(name),
    }
    step.blocking = blocking(setting("SkipCheck"), setting("FailOnViolation"), setting("RegisterNewBaseline"));
    let images = ["AlgorithmSpecification.TrainingImage", "AppSpecification.ImageUri", "PrimaryContainer.Image"];
    for image in images.iter().filter_map(|path| node.at("Arguments")?.at(path)) {
        step.setting.add_image(Some(image));
    }
    step.setting.add_variables(node.at("Arguments.Environment"));
    step
}

/// Whether a person has to approve the model before it is deployed. A parameter counts by its default.
fn approval(status: Option<&Node>, root: &Node) -> Field<bool> {
    // Without a status the model waits for approval.
    let Some(status) = status else { return true.into() };
    let parameter = status.get("Get").and_then(Node::text).and_then(|text| text.strip_prefix("Parameters."));
    let Some(name) = parameter else { return of_status(status.text(), status.span) };
    let parameters = root.get("Parameters").map(Node::items).unwrap_or_default();
    let declared = parameters.iter().find(|parameter| parameter.get("Name").and_then(Node::text) == Some(name));
    match declared.and_then(|parameter| parameter.get("DefaultValue")) {
        Some(default) => of_status(default.text(), default.span),
        None => Field::unresolved(status.span),
    }
}

/// What a model's approval status says.
pub(super) fn of_status(status: Option<&str>, at: Span) -> Field<bool> {
    match status {
        Some("Approved") => Field::found(false, at),
        Some("PendingManualApproval" | "Rejected") => Field::found(true, at),
        _ => Field::unresolved(at),
    }
}

/// A check that is skipped, or whose violations are only recorded, stops nothing. One that sets a new baseline has nothing to
/// check against yet.
fn blocking(skip: Option<&Node>, fail: Option<&Node>, baseline: Option<&Node>) -> Field<bool> {
    let harmless = |node: &Node, value: bool| (node.boolean() == Some(value)).then_some(node.span);
    let at = skip.and_then(|skip| harmless(skip, true)).or_else(|| fail.and_then(|fail| harmless(fail, false)));
    if let Some(at) = at {
        let sets_baseline = baseline.is_some_and(|baseline| baseline.boolean() != Some(false));
        return Field { value: (!sets_baseline).then_some(false), at: Some(at) };
    }
    match [skip, fail].into_iter().flatten().find(|node| node.boolean().is_none()) {
        Some(open) => Field::unresolved(open.span),
        None => true.into(),
    }
}
