//! Parsers: from the text of one file to what can be asked of it. One file here for each syntax.

pub mod bicep;
pub mod built;
pub mod dockerfile;
pub mod extent;
pub mod go_module;
pub mod gradle;
pub mod groovy;
pub mod hcl;
pub mod ini;
pub mod javascript;
pub mod json;
pub mod json_or_yaml;
pub mod markdown;
pub mod modelfile;
pub mod notebook;
pub mod patterns;
pub mod python;
pub mod requirements;
pub mod setup_config;
pub mod toml;
pub mod weights;
pub mod xml;
pub mod yaml;
pub mod yarn;

use crate::document::{Document, FileKind, Parsed, PipelineSystem, Syntax};
use extent::Extent;

/// Parses `text` as the syntax of its kind.
#[must_use]
pub fn parse(kind: FileKind, text: &str) -> Parsed {
    let Extent { read, rest } = extent(kind, text);
    let mut parsed = parse_whole(kind, read);
    if let Some(rest) = rest {
        parsed.leave_out(read.len(), rest);
    }
    parsed
}

/// How much is read of a file whose parser does not keep a limit of its own.
fn extent(kind: FileKind, text: &str) -> Extent<'_> {
    match kind {
        FileKind::Python
        | FileKind::Markdown
        | FileKind::Terraform
        | FileKind::Bicep
        | FileKind::Pipeline(_)
        | FileKind::Compose
        | FileKind::Kubernetes
        | FileKind::AssistantSettings(_)
        | FileKind::Packages(Syntax::Gradle) => Extent::of_language(text),
        FileKind::Requirements
        | FileKind::Dockerfile
        | FileKind::Modelfile
        | FileKind::PatternList
        | FileKind::DvcConfig
        | FileKind::AirflowSettings
        | FileKind::Packages(Syntax::SetupConfig | Syntax::Ini | Syntax::Yarn | Syntax::GoModule)
        | FileKind::Configuration(Syntax::SetupConfig | Syntax::Ini)
        | FileKind::Parameters(Syntax::SetupConfig | Syntax::Ini) => Extent::of_lines(text),
        _ => Extent::whole(text),
    }
}

fn parse_whole(kind: FileKind, text: &str) -> Parsed {
    match kind {
        FileKind::Python => Parsed::Code(python::parse(text)),
        FileKind::JavaScript => Parsed::Code(javascript::parse(text)),
        FileKind::Notebook => Parsed::Code(notebook::parse(text)),
        FileKind::Markdown => Parsed::Prose(markdown::parse(text)),
        FileKind::Requirements => Parsed::Packages(requirements::parse(text)),
        FileKind::Dockerfile => Parsed::Instructions(dockerfile::parse(text)),
        FileKind::Pyproject => Parsed::Tree(toml::parse(text)),
        FileKind::Modelfile => Parsed::Instructions(modelfile::parse(text)),
        FileKind::PackageJson
        | FileKind::Croissant
        | FileKind::ModelCardToolkit
        | FileKind::CycloneDx
        | FileKind::Spdx
        | FileKind::DataJson
        | FileKind::UpkeepJson
        | FileKind::TokenizerConfiguration
        | FileKind::ModelConfiguration => Parsed::Tree(json::parse(text)),
        FileKind::Packages(syntax)
        | FileKind::AssistantSettings(syntax)
        | FileKind::Configuration(syntax)
        | FileKind::Parameters(syntax) => Parsed::Tree(parse_as(syntax, text)),
        FileKind::DvcConfig => Parsed::Tree(ini::parse(text)),
        FileKind::AirflowSettings => Parsed::Tree(setup_config::parse(text)),
        FileKind::Bicep => Parsed::Tree(bicep::parse(text)),
        FileKind::Arm | FileKind::AccessPolicy => Parsed::Tree(json::parse(text)),
        FileKind::CloudFormation | FileKind::MeasuredMetrics => Parsed::Tree(json_or_yaml::parse(text)),
        FileKind::Terraform => Parsed::Tree(hcl::parse(text)),
        FileKind::CondaEnvironment
        | FileKind::DvcFile
        | FileKind::DvcPipeline
        | FileKind::DvcLock
        | FileKind::MlflowModel
        | FileKind::Bentofile
        | FileKind::AzureMl
        | FileKind::EvaluationResults
        | FileKind::DataYaml
        | FileKind::UpkeepYaml
        | FileKind::ModelGateway
        | FileKind::Compose
        | FileKind::HelmValues
        | FileKind::HelmChart
        | FileKind::Kubernetes => Parsed::Tree(yaml::parse(text)),
        FileKind::Pipeline(PipelineSystem::Jenkins) => Parsed::Tree(groovy::parse(text)),
        // Definitions of pipelines are sent as JSON and kept as either.
        FileKind::Pipeline(_) => Parsed::Tree(json_or_yaml::parse(text)),
        FileKind::PatternList => Parsed::Patterns(patterns::parse(text)),
        FileKind::EnvironmentFile
        | FileKind::SecurityText
        | FileKind::AgentInstructions
        | FileKind::ChatTemplate
        | FileKind::LicenceText
        | FileKind::Text
        | FileKind::Opaque => Parsed::Text,
    }
}

fn parse_as(syntax: Syntax, text: &str) -> Document {
    match syntax {
        Syntax::Toml => toml::parse(text),
        Syntax::Json => json::parse(text),
        Syntax::Yaml => yaml::parse(text),
        Syntax::SetupConfig => setup_config::parse(text),
        Syntax::Ini => ini::parse(text),
        Syntax::Xml => xml::parse(text),
        Syntax::Yarn => yarn::parse(text),
        Syntax::GoModule => go_module::parse(text),
        Syntax::Gradle => gradle::parse(text),
    }
}
