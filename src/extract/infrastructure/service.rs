//! `ai-service` facts: which resource types are AI services, and what is asked of each provider's.

use super::aws;
use super::azure;
use super::azure_own;
use super::google;
use super::module::Resource;
use super::view::View;
use crate::fact::{AiService, Choice};

/// Prefixes of resource types that are AI services as a whole.
const AI_PREFIXES: &[&str] = &[
    "aws_sagemaker_",
    "aws_bedrock",
    "aws_kendra_",
    "aws_comprehend_",
    "aws_qbusiness_",
    "aws_lex",
    "aws_rekognition_",
    "google_vertex_ai_",
    "google_notebooks_",
    "google_workbench_",
    "google_colab_",
    "google_tpu_",
    "google_discovery_engine_",
    "google_dialogflow_",
    "google_document_ai_",
    "google_ml_engine_",
    "google_model_armor_",
    "azurerm_cognitive_",
    "azurerm_ai_",
    "azurerm_machine_learning_",
    "azurerm_search_service",
    "azurerm_databricks_workspace",
    "azurerm_bot_",
    "azurerm_video_indexer_",
    "microsoft.cognitiveservices/",
    "microsoft.machinelearningservices/",
    "microsoft.search/searchservices",
    "microsoft.databricks/workspaces",
    "microsoft.botservice/",
];

/// True for the types of AI services, by name.
pub fn is_ai(kind: &str) -> bool {
    AI_PREFIXES.iter().any(|prefix| kind.starts_with(prefix)) && !kind.contains("_iam_")
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
    if seen.service.value.is_none() {
        seen.service = Choice("other").0.into();
    }
    Some(seen)
}
