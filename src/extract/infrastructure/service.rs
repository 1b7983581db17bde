//! `ai-service` facts: which resource types are AI services, and what is asked of each provider's.

use super::aws;
use super::azure;
use super::azure_own;
use super::google;
use super::module::Resource;
use super::setting::Setting;
use super::view::View;
use crate::fact::{AiService, Choice};

/// Prefixes of resource types that are AI services as a whole, and the vendor in the catalogue whose service it is; none where the
/// provider only lends the machines.
const AI_TYPES: &[(&str, &str)] = &[
    ("aws_sagemaker_", "aws-sagemaker"),
    ("aws_bedrock", "aws-bedrock"),
    ("aws_kendra_", "aws-ai-services"),
    ("aws_comprehend_", "aws-ai-services"),
    ("aws_qbusiness_", "aws-ai-services"),
    ("aws_lex", "aws-ai-services"),
    ("aws_rekognition_", "aws-ai-services"),
    ("google_vertex_ai_", "google-vertex"),
    ("google_notebooks_", "google-vertex"),
    ("google_workbench_", "google-vertex"),
    ("google_colab_", "google-vertex"),
    ("google_tpu_", ""),
    ("google_discovery_engine_", "google-vertex"),
    ("google_dialogflow_", "google-cloud-ai"),
    ("google_document_ai_", "google-cloud-ai"),
    ("google_ml_engine_", "google-vertex"),
    ("google_model_armor_", "google-cloud-ai"),
    ("azurerm_cognitive_", ""),
    ("azurerm_ai_", "azure-ai-services"),
    ("azurerm_machine_learning_", "azure-ml"),
    ("azurerm_search_service", "azure-ai-services"),
    ("azurerm_databricks_workspace", "databricks"),
    ("azurerm_bot_", ""),
    ("azurerm_video_indexer_", "azure-ai-services"),
    ("microsoft.cognitiveservices/", ""),
    ("microsoft.machinelearningservices/", "azure-ml"),
    ("microsoft.search/searchservices", "azure-ai-services"),
    ("microsoft.databricks/workspaces", "databricks"),
    ("microsoft.botservice/", ""),
];

/// True for the types of AI services, by name.
pub fn is_ai(kind: &str) -> bool {
    AI_TYPES.iter().any(|(prefix, _)| kind.starts_with(prefix)) && !kind.contains("_iam_")
}

/// Whose service it is, by its id in the catalogue. An account of Azure says itself what it is for.
fn vendor(view: View<'_>) -> &'static str {
    match view.kind() {
        "azurerm_cognitive_account" | "microsoft.cognitiveservices/accounts" => match view.text("kind") {
            Setting::Set("OpenAI", _) => "azure-openai",
            Setting::Set(..) => "azure-ai-services",
            _ => "",
        },
        kind => AI_TYPES.iter().find(|(prefix, _)| kind.starts_with(prefix)).map_or("", |(_, vendor)| vendor),
    }
}

/// Words in the names of published modules that create AI services.
const PUBLISHED: &[&str] = &[
    "sagemaker",
    "bedrock",
    "kendra",
    "vertex",
    "vertexai",
    "openai",
    "cognitiveservices",
    "machinelearning",
    "machinelearningservices",
    "azureml",
    "aiservices",
    "databricks",
];

/// What is seen of the call of a published module: that it creates an AI service. What it sets is up to the module.
pub fn published(call: &Resource) -> Option<AiService> {
    let mut parts = call.kind.split('/').skip(1);
    let (name, provider) = (parts.next()?, parts.next()?);
    let provider = match provider {
        "aws" | "awscc" => "aws",
        "google" | "google-beta" => "google",
        "azurerm" | "azure" | "azapi" => "azure",
        _ => return None,
    };
    let mut words = name.split(['-', '_']);
    words.any(|word| PUBLISHED.contains(&word)).then(|| AiService {
        name: call.name.to_string().into(),
        provider: provider.into(),
        resource: call.written_kind.to_string().into(),
        service: "other".into(),
        ..AiService::default()
    })
}

/// What is seen of an AI service; `None` for any other resource.
pub fn see(view: View<'_>) -> Option<AiService> {
    let kind = view.kind();
    let mut seen = if kind.starts_with("microsoft.") {
        AiService { provider: "azure".into(), ..azure_own::service(view)? }
    } else if !is_ai(kind) {
        return None;
    } else if kind.starts_with("aws_") {
        AiService { provider: "aws".into(), ..aws::service(view) }
    } else if kind.starts_with("google_") {
        AiService { provider: "google".into(), ..google::service(view) }
    } else {
        AiService { provider: "azure".into(), ..azure::service(view) }
    };
    seen.name = view.resource.name.to_string().into();
    seen.resource = view.resource.written_kind.to_string().into();
    seen.vendor = vendor(view).into();
    if seen.service.value.is_none() {
        seen.service = Choice("other").0.into();
    }
    Some(seen)
}
