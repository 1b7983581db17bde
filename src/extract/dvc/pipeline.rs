//! Facts from `dvc.yaml` and `dvc.lock`: the stages of a pipeline, and those that were recorded.

use crate::document::{Entry, Node};
use crate::fact::{Facts, Field, LockedStage, PipelineStage};
use std::collections::BTreeSet;

/// Sees the stages of a `dvc.yaml`.
pub fn stages(root: &Node, facts: &mut Facts) {
    for stage in root.get("stages").map_or(&[][..], Node::entries) {
        // A loop keeps the stage under `do`; a matrix keeps it where it is.
        let body = stage.node.get("do").unwrap_or(&stage.node);
        let Some(command) = body.get("cmd").and_then(command_of) else { continue };
        let is_repeated = stage.node.has("foreach") || stage.node.has("matrix");
        let is_resolved = !is_repeated && !command.contains("${");
        facts.add(
            &*stage.key,
            stage.key_span,
            PipelineStage {
                name: (&*stage.key).into(),
                trains: trains(&stage.key, &command).into(),
                parameters: has_parameters(body, &command).into(),
                always_runs: body.get("always_changed").and_then(Node::boolean).unwrap_or(false).into(),
                command: if is_resolved { command.into() } else { Field::default() },
            },
        );
    }
}

/// Sees the stages that a `dvc.lock` has recorded.
pub fn locked_stages(root: &Node, facts: &mut Facts) {
    // The first form of the file had the stages at its root.
    let stages = root.get("stages").unwrap_or(root);
    let mut seen = BTreeSet::new();
    for Entry { key, key_span, node } in stages.entries() {
        let name = key.split('@').next().unwrap_or_default();
        let Some(command) = node.get("cmd").and_then(command_of) else { continue };
        if seen.insert(name) {
            let is_repeated = name != &**key;
            let command = if is_repeated { Field::default() } else { command.into() };
            facts.add(name, *key_span, LockedStage { name: name.into(), command });
        }
    }
}

/// The command, on one line; several are joined as a shell would.
fn command_of(node: &Node) -> Option<String> {
    let lines: Option<Vec<String>> = node
        .one_or_many()
        .iter()
        .map(|line| line.scalar().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();
    lines.filter(|lines| !lines.is_empty()).map(|lines| lines.join(" && "))
}

/// Words that say that a model is trained.
const TRAINING: &[&str] =
    &["train", "training", "trainer", "fit", "finetune", "finetuning", "tune", "retrain", "pretrain", "pretraining"];
/// Words beside them that say that it is something else: data for the training, a trained model that is used.
const NOT_TRAINING: &[&str] = &[
    "split",
    "data",
    "dataset",
    "datasets",
    "test",
    "valid",
    "validation",
    "prepare",
    "preprocess",
    "preprocessing",
    "process",
    "download",
    "fetch",
    "get",
    "load",
    "feature",
    "features",
    "featurize",
    "evaluate",
    "evaluation",
    "eval",
    "predict",
    "export",
    "deploy",
    "upload",
    "publish",
    "report",
    "plot",
    "plots",
];

/// A stage trains when its name says so, or the script or subcommand that it runs.
pub(super) fn trains(name: &str, command: &str) -> bool {
    says_training(name) || command.split(['&', ';', '|']).any(|part| says_training(&programs(part).join(" ")))
}

fn says_training(name: &str) -> bool {
    let name = name.to_lowercase().replace("fine-tun", "finetun").replace("fine_tun", "finetun");
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|word| TRAINING.contains(word)) && !words.iter().any(|word| NOT_TRAINING.contains(word))
}

/// The scripts, modules and subcommands that a command runs; options and paths of data are left out.
fn programs(command: &str) -> Vec<&str> {
    let mut follows_module = false;
    let words = command.split_whitespace().filter_map(|word| {
        let is_module = std::mem::replace(&mut follows_module, word == "-m");
        let file = word.rsplit('/').next().unwrap_or(word);
        let stem = [".py", ".sh", ".ipynb", ".R", ".r", ".jl"].iter().find_map(|ending| file.strip_suffix(ending));
        let is_bare = !word.starts_with('-') && !word.contains(['/', '.', '=', '$']);
        if is_module { word.rsplit('.').next() } else { stem.or(is_bare.then_some(word)) }
    });
    words.collect()
}

/// Hyperparameters are tracked when the stage names them, takes them from the parameters file, depends on a configuration
/// file, or has them written in its command: DVC notices a change of each of these.
fn has_parameters(body: &Node, command: &str) -> bool {
    let holds_something = |key: &str| body.get(key).is_some_and(|node| !node.one_or_many().is_empty());
    holds_something("params")
        || holds_something("vars")
        || command.contains("${")
        || body.get("deps").map_or(&[][..], Node::items).iter().filter_map(Node::scalar).any(is_configuration)
        || command.split_whitespace().any(is_hyperparameter)
}

fn is_configuration(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let by_ending = [".yaml", ".yml", ".toml", ".ini", ".cfg"].iter().any(|ending| name.ends_with(ending));
    by_ending || ["param", "config", "hyper"].iter().any(|word| name.contains(word))
}

fn is_hyperparameter(option: &str) -> bool {
    const NAMES: &[&str] = &[
        "lr",
        "learning-rate",
        "epochs",
        "epoch",
        "num-epochs",
        "num-train-epochs",
        "max-steps",
        "batch-size",
        "seed",
        "random-state",
        "n-estimators",
        "max-depth",
        "alpha",
        "dropout",
        "weight-decay",
        "config",
        "config-file",
        "params",
        "hparams",
    ];
    let name = option.trim_start_matches('-').split('=').next().unwrap_or_default().replace('_', "-").to_lowercase();
    option.starts_with('-') && NAMES.contains(&name.as_str())
        || NAMES.iter().any(|known| option.starts_with(&format!("{known}=")))
}
