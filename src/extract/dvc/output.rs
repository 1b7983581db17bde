//! Facts about what DVC keeps outside of git: `tracked-output`.

use super::pipeline;
use crate::document::Node;
use crate::document::weights::ModelFormat;
use crate::fact::{Facts, Field, TrackedOutput};
use crate::source::{SourceFile, folder};
use crate::tree::resolved;

/// Sees what the stages of a `dvc.lock` have made.
pub fn of_stages(file: &SourceFile, root: &Node, facts: &mut Facts) {
    for stage in root.get("stages").unwrap_or(root).entries() {
        let trains = pipeline::trains(&stage.key, "");
        for out in stage.node.get("outs").map_or(&[][..], Node::items) {
            output(file, out, &stage.key, trains, facts);
        }
    }
}

/// Sees what a `.dvc` file stands for.
pub fn of_file(file: &SourceFile, root: &Node, facts: &mut Facts) {
    for out in root.get("outs").map_or(&[][..], Node::items) {
        output(file, out, "", false, facts);
    }
}

fn output(file: &SourceFile, out: &Node, stage: &str, trained: bool, facts: &mut Facts) {
    let Some(path) = out.get("path") else { return };
    let Some(written) = path.scalar() else { return };
    let name = if written.contains("://") { written.to_owned() } else { resolved(folder(&file.path), written) };
    let hash = ["md5", "etag", "checksum", "version_id"].iter().find_map(|key| out.get(key));
    let hash = hash.and_then(|node| node.scalar().map(|hash| Field::found(hash, node.span))).unwrap_or_default();
    let role = role(written, trained);
    facts.add(
        name.clone(),
        path.span,
        TrackedOutput { name: name.into(), hash, role: role.into(), stage: stage.into() },
    );
}

/// Words of paths and what they say, the surest first: a `.pkl` in `data/` is data.
const ROLES: &[(&str, &[&str])] = &[
    (
        "evaluation",
        &[
            "metric",
            "metrics",
            "score",
            "scores",
            "eval",
            "evaluation",
            "report",
            "reports",
            "result",
            "results",
            "plots",
        ],
    ),
    ("data", &["data", "dataset", "datasets", "features", "raw", "processed", "splits"]),
    ("model", &["model", "models", "checkpoint", "checkpoints", "weights"]),
];

/// What an output is, told by the words of its path, and where they say nothing by its ending.
fn role(path: &str, trained: bool) -> &'static str {
    let lower = path.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let said = ROLES.iter().find(|(_, known)| words.iter().any(|word| known.contains(word)));
    match (said, ModelFormat::of_name(path)) {
        (Some((role, _)), _) => role,
        // These hold anything that Python has; after a training it is the model.
        (None, Some(ModelFormat::Pickle | ModelFormat::Joblib | ModelFormat::Hdf5)) if trained => "model",
        (None, Some(ModelFormat::Pickle | ModelFormat::Joblib | ModelFormat::Hdf5)) => "data",
        (None, Some(ModelFormat::Numpy | ModelFormat::NumpyArchive) | None) => "data",
        (None, Some(_)) => "model",
    }
}
