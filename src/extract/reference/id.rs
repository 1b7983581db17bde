//! Ids of models and datasets: how they are told from paths, placeholders and everything else that is written `owner/name`.

use crate::source::folder;
use crate::tree::{Tree, join};

/// First parts of paths that look like `owner/name` and are folders of the project.
const FOLDER_NAMES: &[&str] = &[
    "artifacts",
    "assets",
    "cache",
    "checkpoint",
    "checkpoints",
    "ckpt",
    "ckpts",
    "data",
    "dataset",
    "datasets",
    "dist",
    "exp",
    "experiments",
    "files",
    "local",
    "logs",
    "model",
    "models",
    "output",
    "outputs",
    "path",
    "pretrained",
    "pretrained_models",
    "results",
    "runs",
    "saved_models",
    "saves",
    "tmp",
    "trained_models",
    "weights",
    "workspace",
];

/// Endings of files.
const FILE_ENDINGS: &[&str] = &[
    ".bin",
    ".ckpt",
    ".csv",
    ".gguf",
    ".gz",
    ".h5",
    ".json",
    ".jsonl",
    ".onnx",
    ".parquet",
    ".pkl",
    ".pt",
    ".pth",
    ".py",
    ".safetensors",
    ".tar",
    ".tgz",
    ".tsv",
    ".txt",
    ".yaml",
    ".zip",
];

/// Endings of names that are given to folders.
const FOLDER_ENDINGS: &[&str] =
    &["_dir", "-dir", "_path", "-path", "_folder", "_output", "-output", "_checkpoint", "_results"];

/// Ids that stand for one that the reader is to fill in.
const PLACEHOLDER_PARTS: &[&str] =
    &["your", "my-org", "my_org", "<", "{", "...", "xxx", "placeholder", "path/to", "path_to"];

/// Whose ids a gateway takes as `provider/model`: they name a hosted model, not a repository of the hub.
const PROVIDERS: &[&str] = &[
    "ai21",
    "amazon",
    "anthropic",
    "azure",
    "azure_ai",
    "azure_openai",
    "bedrock",
    "cerebras",
    "cohere",
    "cohere_chat",
    "databricks",
    "deepinfra",
    "deepseek",
    "fireworks",
    "fireworks_ai",
    "gemini",
    "github",
    "google_genai",
    "google_vertexai",
    "groq",
    "hosted_vllm",
    "huggingface",
    "litellm",
    "lm_studio",
    "meta",
    "mistral",
    "nvidia_nim",
    "ollama",
    "ollama_chat",
    "openai_like",
    "openrouter",
    "perplexity",
    "replicate",
    "sagemaker",
    "sambanova",
    "together",
    "together_ai",
    "vercel",
    "vertex_ai",
    "voyage",
    "watsonx",
    "x-ai",
    "xai",
];

/// First parts of media types, of names of cloud resources, and of folders that have nothing to do with models.
const OTHER_OWNERS: &[&str] = &[
    "app",
    "application",
    "apps",
    "audio",
    "bin",
    "build",
    "common",
    "conf",
    "config",
    "configs",
    "custom",
    "docker",
    "docs",
    "eval",
    "etc",
    "font",
    "home",
    "image",
    "images",
    "lib",
    "library",
    "mnt",
    "multipart",
    "opt",
    "processed",
    "projects",
    "publishers",
    "raw",
    "resources",
    "scripts",
    "src",
    "test",
    "tests",
    "text",
    "train",
    "usr",
    "var",
    "video",
];

/// What `OpenAI` has published on the hub; anything else behind its name is hosted.
const OPEN_OF_OPENAI: &[&str] =
    &["whisper", "clip", "gpt-oss", "privacy", "shap-e", "circuit", "gsm8k", "openai_humaneval"];

/// True for text that can be nothing but the id of a repository of the hub where a setting names a model or dataset: `owner/name`,
/// and neither a path, an image, a media type nor a model of a gateway.
pub(in crate::extract) fn is_repository_of_hub(id: &str) -> bool {
    let Some((owner, name)) = id.split_once('/') else { return false };
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && part.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let is_telling = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_');
    // Hosts of registries have dots. `res/partner` and `shop/product` are models of another kind; what is published on the hub has a
    // telling name. Most values of settings are told apart here already.
    if !is_part(owner) || owner.contains('.') || !is_part(name) || !id.bytes().any(is_telling) {
        return false;
    }
    let lower = owner.to_ascii_lowercase();
    let is_hosted = match lower.as_str() {
        "openai" => !OPEN_OF_OPENAI.iter().any(|open| name.starts_with(open)),
        "google" => name.starts_with("gemini"),
        // Vertex AI names the models that it hosts after their makers.
        owner => PROVIDERS.contains(&owner) || name.ends_with("-maas"),
    };
    !is_hosted && !OTHER_OWNERS.contains(&lower.as_str()) && is_written_like_an_id(id) && !is_path(id)
}

/// Names of parts of a dataset, as folders have them.
const PARTS: &[&str] = &["train", "test", "val", "valid", "validation", "dev"];

/// True for an id that is written like a path.
fn is_path(id: &str) -> bool {
    let first = id.split('/').next().unwrap_or(id);
    let last = id.rsplit('/').next().unwrap_or(id);
    id.starts_with(['/', '.', '~'])
        || id.contains('\\')
        || id.ends_with('/')
        || id.matches('/').count() > 1
        || id.contains("/checkpoint-")
        || FILE_ENDINGS.iter().chain(FOLDER_ENDINGS).any(|ending| id.ends_with(ending))
        || (id != first && (FOLDER_NAMES.contains(&first.to_ascii_lowercase().as_str()) || PARTS.contains(&last)))
}

/// How a revision fixes what is loaded: a commit is seven or more hexadecimal digits.
pub(in crate::extract) fn pin_of(revision: &str) -> &'static str {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if revision.is_empty() {
        "none"
    } else if revision.len() >= 7 && revision.bytes().all(hexadecimal) {
        "commit"
    } else {
        "name"
    }
}

/// True for text that is an id or a path, and not a placeholder or a sentence.
pub(in crate::extract) fn is_written_like_an_id(id: &str) -> bool {
    let lower = id.to_ascii_lowercase();
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:~\\".contains(character);
    !id.is_empty()
        && id.len() <= 200
        && id.chars().all(plain)
        && !PLACEHOLDER_PARTS.iter().any(|part| lower.contains(part))
}

/// True for a path of this machine or repository.
pub(in crate::extract) fn is_local(id: &str, path: &str, tree: &Tree) -> bool {
    is_path(id) || tree.has_folder(id) || tree.has_folder(&join(folder(path), id))
}
