//! Files that hold the parameters of a training, told by their names.

use crate::document::Syntax;

/// Names without extension that files of parameters have.
const STEMS: &[&str] = &[
    "params",
    "parameters",
    "hparams",
    "hyperparams",
    "hyperparameters",
    "hyper_parameters",
    "train_params",
    "training_params",
    "training_args",
    "training_arguments",
    "train_args",
    "train_config",
    "training_config",
    "finetune_config",
    "finetuning_config",
    "adapter_config",
];

/// How such a file is written; `None` for any other.
pub(super) fn syntax(stem: &str, extension: &str) -> Option<Syntax> {
    if !STEMS.contains(&stem.replace('-', "_").as_str()) {
        return None;
    }
    match extension {
        "yaml" | "yml" => Some(Syntax::Yaml),
        "json" => Some(Syntax::Json),
        "toml" => Some(Syntax::Toml),
        _ => None,
    }
}
