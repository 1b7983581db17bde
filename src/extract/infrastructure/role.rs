//! What a store keeps, told from the words of its names.

use crate::fact::Choice;

const LOG_WORDS: &[&str] = &["log", "logs", "logging", "audit", "trail", "cloudtrail"];

const MODEL_WORDS: &[&str] =
    &["model", "models", "checkpoint", "checkpoints", "weights", "mlflow", "experiment", "experiments", "lora"];

const TRAINING_WORDS: &[&str] = &[
    "train",
    "training",
    "dataset",
    "datasets",
    "feature",
    "features",
    "featurestore",
    "embedding",
    "embeddings",
    "vector",
    "vectors",
    "vectorstore",
    "vectordb",
    "pgvector",
    "corpus",
    "labeling",
    "labelling",
    "labels",
    "annotation",
    "annotations",
    "groundtruth",
    "finetune",
    "finetuning",
    "rag",
    "mldata",
];

/// Words that say so only where AI is seen besides: `data` alone can be anything.
const DATA_WORDS: &[&str] =
    &["data", "datalake", "lake", "raw", "curated", "ingest", "ingestion", "knowledge", "documents", "kb"];

/// Like these, for models: `artifacts` are as often those of a build, so that only the name of an AI product tells.
const ARTIFACT_WORDS: &[&str] = &["artifact", "artifacts", "output", "outputs", "results", "registry"];

/// Words that say that something is for AI.
const AI_WORDS: &[&str] = &[
    "ai",
    "ml",
    "mlops",
    "llm",
    "llmops",
    "genai",
    "sagemaker",
    "bedrock",
    "vertex",
    "vertexai",
    "aiplatform",
    "openai",
    "azureml",
    "aml",
    "mlw",
    "kubeflow",
    "inference",
    "finetune",
    "finetuning",
    "rag",
    "chatbot",
    "copilot",
    "huggingface",
    "ollama",
    "vllm",
    "mlflow",
];

/// Products whose artifacts are models.
const PRODUCT_WORDS: &[&str] = &["sagemaker", "mlflow", "vertex", "kubeflow", "azureml", "huggingface"];

/// Words in the name of a service that hands out what a model says.
const SERVING_WORDS: &[&str] = &[
    "model",
    "models",
    "llm",
    "inference",
    "predict",
    "prediction",
    "predictions",
    "predictor",
    "vllm",
    "ollama",
    "tgi",
    "triton",
    "gemma",
    "llama",
    "mistral",
    "mlflow",
    "embedding",
    "embeddings",
    "rag",
];

/// Words in the name of what people look at: pages are for everybody, and sign their users in by themselves.
const PAGE_WORDS: &[&str] =
    &["frontend", "front", "ui", "web", "webapp", "site", "website", "demo", "dashboard", "docs"];

/// What names say, in lower-case words: `MyTrain-data_2` is `my`, `train`, `data`, `2`.
#[derive(Debug, Default)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of these names.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = vec![String::new()];
        for name in names {
            let mut after_lower = false;
            for letter in name.chars() {
                let starts = !letter.is_alphanumeric() || (after_lower && letter.is_uppercase());
                if starts && words.last().is_some_and(|word| !word.is_empty()) {
                    words.push(String::new());
                }
                if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
                    word.extend(letter.to_lowercase());
                }
                after_lower = letter.is_lowercase();
            }
            words.push(String::new());
        }
        words.retain(|word| !word.is_empty());
        Self(words)
    }

    /// The same without these words: those that the type of a resource puts into every name.
    pub fn without(mut self, words: &[&str]) -> Self {
        self.0.retain(|word| !words.contains(&word.as_str()));
        self
    }

    /// Each of them.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// True when one of these words is there.
    pub fn any(&self, of: &[&str]) -> bool {
        self.0.iter().any(|word| of.contains(&word.as_str()))
    }

    /// True when they say that the thing is for AI.
    pub fn speak_of_ai(&self) -> bool {
        self.any(AI_WORDS)
    }

    /// True when they call it a store of models themselves, rather than of what an AI product leaves.
    pub fn speak_of_models(&self) -> bool {
        self.any(MODEL_WORDS)
    }

    /// True when they name a service that hands out what a model says, and no page for people.
    pub fn speak_of_serving(&self) -> bool {
        self.any(SERVING_WORDS) && !self.any(PAGE_WORDS)
    }

    /// What a store so named keeps. `near_ai`: AI is seen in its module.
    pub fn role(&self, near_ai: bool) -> Choice {
        let near_ai = near_ai || self.speak_of_ai();
        // State and source code of the infrastructure are often called data too, and switches of a product features.
        if self.any(&["tfstate", "terraform", "state", "cloudformation", "lambda", "source", "code", "flag", "flags"]) {
            return Choice("other");
        }
        // Pages are there to be read by everybody, whatever they show.
        if self.any(&["website", "site", "frontend", "webapp", "static", "assets", "cdn"]) {
            return Choice("other");
        }
        if self.any(LOG_WORDS) {
            Choice("log")
        } else if self.any(TRAINING_WORDS) {
            Choice("training-data")
        } else if self.any(MODEL_WORDS) || (self.any(PRODUCT_WORDS) && self.any(ARTIFACT_WORDS)) {
            Choice("model")
        } else if near_ai && self.any(DATA_WORDS) {
            Choice("training-data")
        } else {
            Choice("other")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_kept() {
        let role = |name: &str| Words::of([name]).role(false).0;
        assert_eq!(role("acme-TrainingData"), "training-data");
        assert_eq!(role("model_access_logs"), "log");
        assert_eq!(role("fraud-models"), "model");
        assert_eq!(role("customer-data"), "other");
        assert_eq!(role("ml-data"), "training-data");
        assert_eq!(role("terraform_data_source_s3"), "other");
        assert_eq!(role("artifacts"), "other");
        assert_eq!(role("sagemaker-artifacts"), "model");
        assert_eq!(Words::of(["raw"]).role(true).0, "training-data");
        assert_eq!(role("feature-flags"), "other");
        assert_eq!(role("model-demo-site"), "other");
        assert_eq!(role("mail"), "other");
        assert_eq!(role(""), "other");
    }
}
