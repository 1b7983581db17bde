//! Tells the pipelines of CI and of training apart, by name or by text.

use super::has_line_key;
use crate::document::PipelineSystem;
use crate::source::file_name;

/// The system whose pipeline a file of this name is. Some names need [`is_confirmed`].
pub(super) fn by_name(path: &str) -> Option<PipelineSystem> {
    let name = file_name(path).to_ascii_lowercase();
    let in_folder = |folder: &str| path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    if name == "jenkinsfile" || name.starts_with("jenkinsfile.") || extension == "jenkinsfile" {
        return Some(PipelineSystem::Jenkins);
    }
    if name == "mlproject" {
        return Some(PipelineSystem::MlProject);
    }
    if !matches!(extension, "yml" | "yaml") {
        return None;
    }
    match stem {
        "action" => Some(PipelineSystem::GitHub),
        "bitbucket-pipelines" => Some(PipelineSystem::Bitbucket),
        _ if in_folder(".github/workflows") => Some(PipelineSystem::GitHub),
        _ if in_folder(".circleci") => Some(PipelineSystem::CircleCi),
        _ if stem.ends_with(".gitlab-ci") || in_folder(".gitlab/ci") => Some(PipelineSystem::GitLab),
        _ if stem.contains("buildspec") => Some(PipelineSystem::CodeBuild),
        _ if stem.contains("cloudbuild") || in_folder("cloudbuild") => Some(PipelineSystem::CloudBuild),
        _ => None,
    }
}

/// False when the text shows that the file only bears the name.
pub(super) fn is_confirmed(system: PipelineSystem, path: &str, text: &str) -> bool {
    match system {
        PipelineSystem::GitHub => path.contains(".github/") || has_line_key(text, "runs"),
        PipelineSystem::CodeBuild => has_line_key(text, "phases"),
        PipelineSystem::CloudBuild => has_line_key(text, "steps"),
        _ => true,
    }
}

/// The system whose pipeline YAML or JSON of any other name holds.
pub(super) fn by_text(path: &str, text: &str, is_json: bool) -> Option<PipelineSystem> {
    let has = |key: &str| if is_json { text.contains(&format!("\"{key}\"")) } else { has_line_key(text, key) };
    if has("pipelineInfo") && has("deploymentSpec") {
        Some(PipelineSystem::Kubeflow)
    } else if is_json && has("2020-12-01") && has("Steps") && !has("$schema") {
        // That date is the only version of the definition that there is.
        Some(PipelineSystem::SageMaker)
    } else if !is_json && is_azure(path, text) {
        Some(PipelineSystem::Azure)
    } else {
        None
    }
}

/// Keys of an Azure pipeline or template that hold what is run.
const AZURE_LISTS: &[&str] = &["stages", "jobs", "steps"];

/// How the items of those lists begin.
const AZURE_ITEMS: &[&str] =
    &["- stage:", "- job:", "- deployment:", "- template:", "- script:", "- bash:", "- checkout:"];

/// True for a pipeline or template of Azure Pipelines, whatever its name. `- task: Name@1` is written nowhere else.
fn is_azure(path: &str, text: &str) -> bool {
    let by_name = ["azure-pipelines", ".azuredevops/"].iter().any(|part| path.contains(part));
    let has_item = |items: &[&str]| {
        let mut lines = text.lines().map(str::trim_start);
        lines.any(|line| items.iter().any(|item| line.starts_with(item)))
    };
    let has_task = || text.lines().map(str::trim_start).any(|line| line.starts_with("- task:") && line.contains('@'));
    let is_started = || by_name || has_line_key(text, "pool") || has_line_key(text, "trigger");
    AZURE_LISTS.iter().any(|key| has_line_key(text, key)) && (has_task() || (is_started() && has_item(AZURE_ITEMS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        for (path, system) in [
            (".gitlab-ci.yml", Some(PipelineSystem::GitLab)),
            ("ci/train.gitlab-ci.yml", Some(PipelineSystem::GitLab)),
            (".circleci/config.yml", Some(PipelineSystem::CircleCi)),
            ("ops/Jenkinsfile.deploy", Some(PipelineSystem::Jenkins)),
            ("MLproject", Some(PipelineSystem::MlProject)),
            ("seed/buildspec_train.yaml", Some(PipelineSystem::CodeBuild)),
            ("buildspec.sh", None),
            ("action.py", None),
        ] {
            assert_eq!(by_name(path), system, "{path}");
        }
    }

    #[test]
    fn texts_tell() {
        let azure = Some(PipelineSystem::Azure);
        assert_eq!(by_text("deploy.yml", "steps:\r\n  - task: Bash@3\r\n", false), azure);
        assert_eq!(by_text("deploy.yml", "\u{feff}trigger: none\nstages:\n- stage: A\n", false), azure);
        assert_eq!(by_text("playbook.yml", "steps:\n  - script: x\n", false), None);
        let kubeflow = Some(PipelineSystem::Kubeflow);
        assert_eq!(by_text("p.yaml", "deploymentSpec: {}\npipelineInfo: {}\n", false), kubeflow);
        assert_eq!(by_text("p.json", "{\"pipelineInfo\": {}, \"deploymentSpec\": {}}", true), kubeflow);
        let definition = "{\"Version\": \"2020-12-01\", \"Steps\": []}";
        assert_eq!(by_text("p.json", definition, true), Some(PipelineSystem::SageMaker));
        assert!(!is_confirmed(PipelineSystem::CloudBuild, "cloudbuild/trigger.yaml", "name: x\n"));
        assert!(!is_confirmed(PipelineSystem::GitHub, "tools/action.yml", "name: x\n"));
    }
}
