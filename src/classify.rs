//! Tells from a file's name, and for a few syntaxes from its text, what it is for.

mod assistant;
mod data;
mod packages;
mod parameters;
mod pipeline;
mod settings;
mod upkeep;

use crate::baseline;
use crate::document::{FileKind, Syntax};
use crate::source::file_name;

/// Extensions of text that is looked through for keys, hosts and variable names, lower case.
const TEXT_EXTENSIONS: &[&str] = &[
    "go",
    "rs",
    "java",
    "kt",
    "scala",
    "cs",
    "rb",
    "php",
    "swift",
    "r",
    "sh",
    "bash",
    "zsh",
    "ps1",
    "bat",
    "yaml",
    "yml",
    "json",
    "jsonl",
    "jsonld",
    "toml",
    "ini",
    "cfg",
    "config",
    "conf",
    "properties",
    "plist",
    "env",
    "xml",
    "txt",
    "rst",
    "html",
    "htm",
    "vue",
    "svelte",
    "astro",
    "ino",
    "dart",
    "lua",
    "jl",
    "ex",
    "exs",
    "groovy",
    "fish",
    "slurm",
    "sbatch",
    "sql",
    "tf",
    "tfvars",
    "hcl",
    "j2",
    "tpl",
    "template",
    "prompt",
    "prompty",
    "pem",
    "key",
];

/// Names without a telling extension that are looked through as text.
const TEXT_NAMES: &[&str] = &[
    "makefile",
    "justfile",
    "procfile",
    ".npmrc",
    ".pypirc",
    ".netrc",
    ".envrc",
    ".bashrc",
    ".bash_profile",
    ".zshrc",
    ".profile",
    // What AutoGen reads its models and their keys from.
    "oai_config_list",
    // What the tools of AWS, Google and others keep keys in.
    "credentials",
];

/// What the file at `path` can be, judged by its name alone; `None` where the name says nothing: such files are read
/// only as far as it takes to tell whether they are model files. Files of some syntaxes
/// need [`settle`] once their text is known.
#[must_use]
pub fn classify(path: &str) -> Option<FileKind> {
    let name = file_name(path);
    let lower = name.to_ascii_lowercase();
    let in_folder = |folder: &str| path.starts_with(&format!("{folder}/")) || path.contains(&format!("/{folder}/"));
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    let stem = lower.rsplit_once('.').map_or(lower.as_str(), |(stem, _)| stem);
    let is_yaml = matches!(extension, "yaml" | "yml");
    // `Dockerfile.gpu` is one, `dockerfile.rs` reads some.
    let is_variant = |of: &str| {
        lower.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'))
            && !matches!(extension, "rs" | "go" | "py" | "js" | "ts" | "java" | "rb" | "md" | "html")
    };
    if let Some(syntax) = packages::syntax(&lower) {
        return Some(FileKind::Packages(syntax));
    }
    if let Some(kind) = assistant::kind(path) {
        return Some(kind);
    }
    let kind = match lower.as_str() {
        // It names what was found elsewhere, and nothing in it is in use.
        baseline::FILE_NAME => return None,
        "pyproject.toml" => FileKind::Pyproject,
        "package.json" => FileKind::PackageJson,
        "dvc.yaml" => FileKind::DvcPipeline,
        "dvc.lock" => FileKind::DvcLock,
        "config" | "config.local" if in_folder(".dvc") => FileKind::DvcConfig,
        "mlmodel" => FileKind::MlflowModel,
        "airflow.cfg" => FileKind::AirflowSettings,
        "bentofile.yaml" | "bentofile.yml" => FileKind::Bentofile,
        _ if lower == "modelfile" || is_variant("modelfile") || extension == "modelfile" => FileKind::Modelfile,
        _ if is_yaml && in_folder(".eval_results") => FileKind::EvaluationResults,
        "tokenizer_config.json" | "chat_template.json" | "processor_config.json" => FileKind::TokenizerConfiguration,
        _ if matches!(extension, "jinja" | "jinja2") && stem.contains("template") => FileKind::ChatTemplate,
        _ if lower == "dockerfile"
            || lower == "containerfile"
            || is_variant("dockerfile")
            || extension == "dockerfile" =>
        {
            FileKind::Dockerfile
        }
        _ if lower == ".env" || lower.starts_with(".env.") || extension == "env" => FileKind::EnvironmentFile,
        _ if let Some(system) = pipeline::by_name(path) => FileKind::Pipeline(system),
        _ if is_yaml && stem.contains("compose") => FileKind::Compose,
        "chart.yaml" | "chart.yml" => FileKind::HelmChart,
        _ if is_yaml && stem.split(['-', '_', '.']).any(|word| word == "values") => FileKind::HelmValues,
        _ if is_yaml && (stem.starts_with("environment") || stem.contains("conda")) => FileKind::CondaEnvironment,
        _ if extension == "txt"
            && (stem.contains("requirements") || stem.contains("constraints") || in_folder("requirements")) =>
        {
            FileKind::Requirements
        }
        _ if extension == "in" && stem.contains("requirements") => FileKind::Requirements,
        _ if let Some(syntax) = parameters::syntax(stem, extension) => FileKind::Parameters(syntax),
        _ if let Some(kind) = upkeep::named(path, &lower) => kind,
        _ if extension == "json" && is_measured(stem) => FileKind::MeasuredMetrics,
        _ if is_licence(&lower) => FileKind::LicenceText,
        _ if TEXT_NAMES.contains(&lower.as_str()) => FileKind::Text,
        _ => match extension {
            "py" | "pyi" => FileKind::Python,
            // What a tool has put together holds the code of all packages.
            "js" if stem.rsplit('.').next() == Some("min") => FileKind::Text,
            "js" | "jsx" | "ts" | "tsx" | "mjs" | "cjs" | "mts" | "cts" => FileKind::JavaScript,
            "ipynb" => FileKind::Notebook,
            "md" | "markdown" | "mdx" | "rmd" | "qmd" => FileKind::Markdown,
            "dvc" => FileKind::DvcFile,
            "tf" | "tofu" | "tfvars" => FileKind::Terraform,
            "bicep" => FileKind::Bicep,
            extension if TEXT_EXTENSIONS.contains(&extension) => FileKind::Text,
            _ => return None,
        },
    };
    Some(kind)
}

/// What the file is, now that its text is known: YAML and JSON that only their content tells apart.
#[must_use]
pub fn settle(kind: FileKind, path: &str, text: &str) -> FileKind {
    let extension = path.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
    let is_yaml = matches!(extension.as_str(), "yaml" | "yml");
    let is_json = matches!(extension.as_str(), "json" | "jsonld");
    let is_missing = |key: &str| !has_line_key(text, key);
    match kind {
        // Yarn writes YAML from its second version on.
        FileKind::Packages(Syntax::Yarn) if !is_missing("__metadata") => FileKind::Packages(Syntax::Yaml),
        FileKind::Compose if is_missing("services") => settle(FileKind::Text, path, text),
        FileKind::HelmValues if !is_missing("apiVersion") && !is_missing("kind") => settle(FileKind::Text, path, text),
        FileKind::HelmChart if is_missing("name") || !is_missing("kind") => settle(FileKind::Text, path, text),
        FileKind::CondaEnvironment if is_missing("dependencies") => settle(FileKind::Text, path, text),
        FileKind::Pipeline(system) if !pipeline::is_confirmed(system, path, text) => settle(FileKind::Text, path, text),
        FileKind::Text if is_json && assistant::lists_servers(text) => FileKind::AssistantSettings(Syntax::Json),
        FileKind::Text if is_yaml && assistant::is_gateway(text) => FileKind::ModelGateway,
        FileKind::Text if is_yaml && data::is_yaml_description(path, text) => FileKind::DataYaml,
        FileKind::Text if is_json && data::is_json_description(path, text) => FileKind::DataJson,
        FileKind::Text if is_yaml && !is_missing("apiVersion") && !is_missing("kind") => FileKind::Kubernetes,
        FileKind::Text if is_yaml && !is_missing("$schema") && names_azure_ml(text) => FileKind::AzureMl,
        FileKind::Text if is_json && data::is_croissant(text) => FileKind::Croissant,
        FileKind::Text
            if (is_yaml || is_json || extension == "template")
                && (is_cloudformation(text) || is_serverless(path, text)) =>
        {
            FileKind::CloudFormation
        }
        FileKind::Text if is_json && is_arm_template(text) => FileKind::Arm,
        FileKind::Text if is_json && is_access_policy(text) => FileKind::AccessPolicy,
        FileKind::Text if is_json && let Some(record) = model_record(text) => record,
        FileKind::Text
            if (is_yaml || is_json)
                && let Some(system) = pipeline::by_text(path, text, is_json) =>
        {
            FileKind::Pipeline(system)
        }
        FileKind::Text if is_json && is_model_configuration(path, text) => FileKind::ModelConfiguration,
        FileKind::Text if let Some(syntax) = settings::syntax(&extension, text) => FileKind::Configuration(syntax),
        other => other,
    }
}

/// Names under which evaluations write their figures.
fn is_measured(stem: &str) -> bool {
    const STEMS: &[&str] =
        &["metrics", "eval_results", "all_results", "test_results", "eval_metrics", "test_metrics", "scores"];
    STEMS.contains(&stem)
}

/// True for the name of a licence's text; in Markdown it is read as prose first.
fn is_licence(name: &str) -> bool {
    matches!(name, "license" | "licence" | "license.txt" | "licence.txt" | "copying" | "license.rst")
}

/// True for the configuration of a model of transformers, or of an adapter of peft.
fn is_model_configuration(path: &str, text: &str) -> bool {
    matches!(file_name(path), "config.json" | "adapter_config.json")
        && ["\"architectures\"", "\"base_model_name_or_path\"", "\"_name_or_path\""]
            .iter()
            .any(|key| text.contains(key))
}

/// True for a schema of Azure Machine Learning, under its own address or as its SDK writes it.
fn names_azure_ml(text: &str) -> bool {
    text.contains("azuremlschemas") || text.contains("://azureml/sdk-2-0/")
}

/// The record of a model that JSON holds, told from keys that stand together in no other JSON.
fn model_record(text: &str) -> Option<FileKind> {
    let has = |key: &str| text.contains(key);
    if has("\"bomFormat\"") && has("CycloneDX") && (has("\"machine-learning-model\"") || has("\"modelCard\"")) {
        Some(FileKind::CycloneDx)
    } else if has("spdx.org/rdf/3") && (has("ai_AIPackage") || has("dataset_DatasetPackage")) {
        Some(FileKind::Spdx)
    } else if has("\"model_details\"")
        && (has("\"considerations\"") || has("\"model_parameters\"") || has("\"quantitative_analysis\""))
    {
        Some(FileKind::ModelCardToolkit)
    } else {
        None
    }
}

/// True for a template of Azure Resource Manager: `deploymentTemplate.json`, `subscriptionDeploymentTemplate.json` and its like.
fn is_arm_template(text: &str) -> bool {
    text.contains("//schema.management.azure.com/schemas/") && text.contains("eploymentTemplate.json")
}

/// True for a policy of AWS: keys that stand together in no other JSON but templates, which come first.
fn is_access_policy(text: &str) -> bool {
    ["\"Statement\"", "\"Effect\"", "\"Action\""].iter().all(|key| text.contains(key))
}

/// True for a `CloudFormation` or SAM template. The line with the format's version is optional, resources are not.
fn is_cloudformation(text: &str) -> bool {
    text.contains("AWS::") && (has_line_key(text, "Resources") || text.contains("\"Resources\""))
}

/// True for the settings of the Serverless Framework, of which it makes a `CloudFormation` template.
fn is_serverless(path: &str, text: &str) -> bool {
    file_name(path).starts_with("serverless") && has_line_key(text, "service") && has_line_key(text, "provider")
}

/// True when some line of the text starts with `key:`.
fn has_line_key(text: &str, key: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        || memchr::memmem::find(text.as_bytes(), format!("\n{key}:").as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::PipelineSystem;

    #[test]
    fn names_tell() {
        for (path, kind) in [
            ("train.py", Some(FileKind::Python)),
            ("requirements/dev.txt", Some(FileKind::Requirements)),
            ("requirements-dev.txt", Some(FileKind::Requirements)),
            (".dvc/config", Some(FileKind::DvcConfig)),
            ("config", None),
            (".github/workflows/ci.yml", Some(FileKind::Pipeline(PipelineSystem::GitHub))),
            ("workflows/ci.yml", Some(FileKind::Text)),
            ("docker/Dockerfile.gpu", Some(FileKind::Dockerfile)),
            ("app.Dockerfile", Some(FileKind::Dockerfile)),
            ("src/parse/dockerfile.rs", Some(FileKind::Text)),
            ("modelfile.py", Some(FileKind::Python)),
            ("docker-compose.prod.yaml", Some(FileKind::Compose)),
            (".env.local", Some(FileKind::EnvironmentFile)),
            ("models/churn/MLmodel", Some(FileKind::MlflowModel)),
            ("bentofile.yml", Some(FileKind::Bentofile)),
            ("Modelfile.travel", Some(FileKind::Modelfile)),
            ("travel.modelfile", Some(FileKind::Modelfile)),
            (".eval_results/gpqa.yaml", Some(FileKind::EvaluationResults)),
            ("web/package-lock.json", Some(FileKind::Packages(Syntax::Json))),
            ("src/App.csproj", Some(FileKind::Packages(Syntax::Xml))),
            ("gradle/libs.versions.toml", Some(FileKind::Packages(Syntax::Toml))),
            ("pylock.dev.toml", Some(FileKind::Packages(Syntax::Toml))),
            ("weights.safetensors", None),
            ("data.csv", None),
            ("aimslint-baseline.json", None),
        ] {
            assert_eq!(classify(path), kind, "{path}");
        }
    }

    #[test]
    fn content_settles_what_names_leave_open() {
        let pod = "apiVersion: v1\nkind: Pod\n";
        assert_eq!(settle(FileKind::Text, "a.yaml", pod), FileKind::Kubernetes);
        assert_eq!(settle(FileKind::Compose, "compose-notes.yaml", pod), FileKind::Kubernetes);
        assert_eq!(settle(FileKind::Compose, "compose.yaml", "services:\n  a: {}\n"), FileKind::Compose);
        let yarn = FileKind::Packages(Syntax::Yarn);
        assert_eq!(settle(yarn, "yarn.lock", "__metadata:\n  version: 8\n"), FileKind::Packages(Syntax::Yaml));
        assert_eq!(settle(yarn, "yarn.lock", "# yarn lockfile v1\n"), yarn);
        assert_eq!(settle(FileKind::Text, "a.json", "{}"), FileKind::Text);
        for (path, text, kind) in [
            (
                "model.yml",
                "$schema: https://azuremlschemas.azureedge.net/latest/model.schema.json\nname: a\n",
                FileKind::AzureMl,
            ),
            ("openapi.yml", "$schema: https://example.com\n", FileKind::Text),
            (
                "bom.json",
                r#"{"bomFormat": "CycloneDX", "components": [{"type": "machine-learning-model"}]}"#,
                FileKind::CycloneDx,
            ),
            ("bom.json", r#"{"bomFormat": "CycloneDX", "components": [{"type": "library"}]}"#, FileKind::Text),
            (
                "a.jsonld",
                r#"{"@context": "https://spdx.org/rdf/3.0.1/x", "@graph": [{"type": "ai_AIPackage"}]}"#,
                FileKind::Spdx,
            ),
            ("card.json", r#"{"model_details": {}, "considerations": {}}"#, FileKind::ModelCardToolkit),
            ("card.json", r#"{"model_details": {}}"#, FileKind::Text),
        ] {
            assert_eq!(settle(FileKind::Text, path, text), kind, "{text}");
        }
    }
}
