//! Who owns which paths: CODEOWNERS of GitHub and GitLab, OWNERS of Kubernetes projects.

use super::super::Context;
use crate::document::Node;
use crate::document::patterns::{PatternLine, PatternList};
use crate::fact::{CodeOwner, Facts, Field, OwnershipFile};
use crate::ownership;
use crate::source::{SourceFile, Span, file_name, folder};

/// Sees who owns what, and which parts of the repository have no owner.
pub(super) fn code_owners(file: &SourceFile, parsed: &PatternList, context: &Context<'_>, facts: &mut Facts) {
    let read_by_forge = ownership::PLACES.iter().find(|place| context.tree.contains(place));
    let effective = read_by_forge.is_some_and(|place| **place == *file.path);
    for line in &parsed.lines {
        let seen = CodeOwner {
            pattern: line.pattern.clone().into(),
            owners: Field::known(line.words.clone()),
            effective: effective.into(),
        };
        facts.add(line.pattern.clone(), line.span, seen);
    }
    let owning = parsed.lines.iter().filter(|line| !line.words.is_empty()).count();
    if !effective || owning == 0 {
        return;
    }
    let seen = OwnershipFile {
        patterns: Field::known(i64::try_from(owning).unwrap_or(i64::MAX)),
        ..parts(&parsed.lines, context).unwrap_or_default()
    };
    let first = parsed.lines.first().map_or_else(Span::default, |line| line.span);
    facts.add("code owners", first, seen);
}

/// The parts of the tree that have an owner, and those that have none.
fn parts(lines: &[PatternLine], context: &Context<'_>) -> Option<OwnershipFile> {
    let globs = ownership::globs(lines.iter().map(|line| line.pattern.as_str()))?;
    let (mut owned, mut there) = (Vec::new(), Vec::new());
    for path in &context.tree.files {
        let Some(part) = part_of(path) else { continue };
        if owned.contains(&part) {
            continue;
        }
        there.push(part);
        // The last line that fits decides; without owners it takes the path out again.
        let decides = globs.matches(&**path).into_iter().max().and_then(|index| lines.get(index));
        if decides.is_some_and(|line| !line.words.is_empty()) {
            owned.push(part);
        }
    }
    there.sort_unstable();
    there.dedup();
    owned.sort_unstable();
    let unowned = there.into_iter().filter(|part| !owned.contains(part)).map(str::to_owned).collect::<Vec<_>>();
    let owned = owned.into_iter().map(str::to_owned).collect::<Vec<_>>();
    Some(OwnershipFile { owned: owned.into(), unowned: unowned.into(), ..OwnershipFile::default() })
}

/// Which part of an AI repository a path belongs to, where its folders or its name tell.
fn part_of(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let name = file_name(&lower);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if lower.starts_with(".github/workflows/") || name == ".gitlab-ci.yml" {
        return Some("workflows");
    }
    if matches!(extension, "tf" | "bicep") {
        return Some("infrastructure");
    }
    if matches!(name, "dvc.yaml" | "mlproject") {
        return Some("pipelines");
    }
    if extension == "dvc" || matches!(name, "croissant.json" | "datapackage.json" | "datacontract.yaml") {
        return Some("data");
    }
    if matches!(extension, "safetensors" | "onnx" | "gguf" | "pt" | "pth" | "joblib" | "keras" | "h5")
        || name.starts_with("train")
    {
        return Some("models");
    }
    folder(&lower).split('/').find_map(|part| match part {
        "test" | "tests" | "docs" | "third_party" | "vendor" | "node_modules" => Some(None),
        "models" | "model" | "training" | "train" | "modeling" | "modelling" | "checkpoints" => Some(Some("models")),
        "data" | "datasets" | "dataset" => Some(Some("data")),
        "pipelines" | "pipeline" => Some(Some("pipelines")),
        _ => None,
    })?
}

/// Sees the approvers that an OWNERS file gives its folder.
pub(super) fn of_folder(file: &SourceFile, root: &Node, facts: &mut Facts) {
    let Some(approvers) = root.entry("approvers") else { return };
    let names: Vec<String> = approvers.node.one_or_many().iter().filter_map(Node::scalar).map(str::to_owned).collect();
    if names.is_empty() {
        return;
    }
    let here = folder(&file.path);
    let pattern = if here.is_empty() { "*".to_owned() } else { format!("/{here}/") };
    let seen = CodeOwner {
        pattern: pattern.clone().into(),
        owners: Field { value: Some(names), at: Some(approvers.node.span) },
        effective: true.into(),
    };
    facts.add(pattern, approvers.key_span, seen);
}
