//! Extractors: from what was read to facts. They see; they never judge.

pub mod agreement;
pub mod airflow;
pub mod assistant;
pub mod build;
pub mod card;
pub mod chat_template;
pub mod code;
pub mod compose;
mod container;
pub mod croissant;
pub mod data;
pub mod dependency;
pub mod dockerfile;
pub mod dvc;
mod environment;
pub mod evaluation;
pub mod gateway;
pub mod governance;
pub mod helm;
mod image;
mod index_option;
pub mod infrastructure;
pub mod inline;
pub mod kubernetes;
pub mod licence_file;
mod machine_made;
pub mod measured;
pub mod model_configuration;
mod opening;
pub mod package;
pub mod parameters;
pub mod pipeline;
pub mod prompt;
pub mod record;
pub mod reference;
pub mod register;
pub mod repository;
pub mod requirements;
mod script;
mod secret;
pub mod text;
mod transfer;
pub mod vendor_choice;
pub mod vendor_resource;
pub mod weights;

use crate::catalogue::Catalogue;
use crate::document::{FileKind, Parsed};
use crate::fact::Facts;
use crate::interest::Interest;
use crate::source::SourceFile;
use crate::tree::Tree;

/// What an extractor may know besides its own file.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Which other files there are.
    pub tree: &'a Tree,
    /// Vendors, packages, tools and servers by name.
    pub catalogue: &'a Catalogue,
    /// What rules ask about.
    pub interest: &'a Interest,
}

/// How many facts are kept of one file; the largest lists of dependencies that people keep have some thousands.
pub const FACT_LIMIT: usize = 20_000;

/// False for a file of which [`extract`] would see nothing but what stands in its text, parsed or not: it need not be parsed.
#[must_use]
pub fn may_hold_facts(kind: FileKind, text: &str, context: &Context<'_>) -> bool {
    kind != FileKind::JavaScript || code::javascript::may_hold_facts(text, context)
}

/// Sees everything in one file but what files give to each other in Terraform and Bicep: see [`infrastructure::extract`].
#[must_use]
pub fn extract(file: &SourceFile, kind: FileKind, parsed: &Parsed, context: &Context<'_>) -> Facts {
    let mut facts = Facts::at_most(FACT_LIMIT, &file.path);
    text::extract(file, kind, context, &mut facts);
    prompt::extract(file, context, &mut facts);
    evaluation::extract(file, context, &mut facts);
    reference::extract(file, kind, parsed, context, &mut facts);
    let to = &mut facts;
    // The configuration of an adapter holds its hyperparameters too.
    if let (FileKind::Parameters(_), Parsed::Tree(it), "adapter_config.json") = (kind, parsed, file.name()) {
        model_configuration::extract(file, it, context, to);
    }
    match (kind, parsed) {
        (FileKind::Dockerfile, Parsed::Instructions(it)) => dockerfile::extract(file, it, context, to),
        (FileKind::Requirements, Parsed::Packages(it)) => requirements::extract(file, it, context, to),
        (_, Parsed::Prose(it)) => {
            card::extract(file, it, context, to);
            governance::prose(file, it, context, to);
            if matches!(file.name().to_ascii_lowercase().as_str(), "license.md" | "licence.md") {
                licence_file::extract(file, to);
            }
        }
        (FileKind::JavaScript, Parsed::Code(it)) => code::javascript::extract(file, it, context, to),
        (_, Parsed::Code(it)) => {
            code::extract(file, it, context, to);
            if file.name() == "setup.py" {
                dependency::extract_setup_script(file, it, context, to);
            }
            pipeline::code::extract(file, it, context, to);
        }
        (
            FileKind::Pyproject | FileKind::PackageJson | FileKind::CondaEnvironment | FileKind::Packages(_),
            Parsed::Tree(it),
        ) => dependency::extract(file, it, context, to),
        (FileKind::DvcConfig | FileKind::DvcFile | FileKind::DvcPipeline | FileKind::DvcLock, Parsed::Tree(it)) => {
            dvc::extract(file, it, context, to);
            if kind == FileKind::DvcFile {
                weights::extract_tracked(file, it, to);
            }
        }
        (FileKind::TokenizerConfiguration, Parsed::Tree(it)) => chat_template::extract_configuration(it, to),
        (FileKind::ChatTemplate, _) => chat_template::extract_template(file, to),
        (FileKind::AssistantSettings(_), Parsed::Tree(it)) => assistant::extract_settings(file, it, context, to),
        (FileKind::AgentInstructions, _) => assistant::extract_instructions(file, context, to),
        (FileKind::ModelGateway, Parsed::Tree(it)) => gateway::extract(it, to),
        (FileKind::Croissant, Parsed::Tree(it)) => croissant::extract(file, it, context, to),
        (FileKind::Modelfile, Parsed::Instructions(it)) => record::modelfile(file, it, context, to),
        (
            FileKind::ModelCardToolkit
            | FileKind::CycloneDx
            | FileKind::Spdx
            | FileKind::MlflowModel
            | FileKind::Bentofile
            | FileKind::AzureMl
            | FileKind::EvaluationResults,
            Parsed::Tree(it),
        ) => record::extract(file, kind, it, to),
        (FileKind::MeasuredMetrics, Parsed::Tree(it)) => measured::extract(it, to),
        (FileKind::LicenceText, _) => licence_file::extract(file, to),
        (FileKind::ModelConfiguration, Parsed::Tree(it)) => model_configuration::extract(file, it, context, to),
        (FileKind::PatternList, Parsed::Patterns(it)) => governance::patterns(file, it, context, to),
        (FileKind::UpkeepYaml | FileKind::UpkeepJson, Parsed::Tree(it)) => governance::upkeep(file, it, context, to),
        (FileKind::SecurityText, Parsed::Text) => governance::security_text(file, to),
        (FileKind::Text, Parsed::Text) if reference::is_script(file) => script::extract(file, context, to),
        (FileKind::Parameters(_), Parsed::Tree(it)) => parameters::extract(it, to),
        (FileKind::DataJson | FileKind::DataYaml, Parsed::Tree(it)) => data::extract(file, it, context, to),
        (FileKind::Pipeline(system), Parsed::Tree(it)) => pipeline::extract(file, system, it, context, to),
        (FileKind::Terraform | FileKind::Bicep, Parsed::Tree(it)) => infrastructure::secrets(it, to),
        (FileKind::CloudFormation, Parsed::Tree(it)) => infrastructure::cloudformation(file, it, to),
        (FileKind::AccessPolicy, Parsed::Tree(it)) => infrastructure::access_policy(file, it, to),
        (FileKind::Arm, Parsed::Tree(it)) => infrastructure::arm(file, it, context, to),
        (FileKind::AirflowSettings, Parsed::Tree(it)) => airflow::extract(it, to),
        (FileKind::HelmValues, Parsed::Tree(it)) => helm::extract_values(file, it, to),
        (FileKind::HelmChart, Parsed::Tree(it)) => helm::extract_chart(file, it, context, to),
        (FileKind::Compose, Parsed::Tree(it)) => compose::extract(file, it, context, to),
        (FileKind::Kubernetes, Parsed::Tree(it)) => kubernetes::extract(file, it, context, to),
        _ => {}
    }
    text::keep_the_surest(&mut facts);
    facts
}
