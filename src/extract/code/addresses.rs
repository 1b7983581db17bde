//! Addresses that code hands to clients and downloads.

use super::{View, text};
use crate::document::code::Call;
use crate::fact::{Address, Facts, Field};
use crate::source::Span;

/// Names of arguments that hold the address of a model's interface, whatever the function.
const MODEL_ARGUMENTS: &[&str] = &[
    "openai_api_base",
    "openai_proxy",
    "azure_endpoint",
    "inference_server_url",
    "ollama_base_url",
    "openai_api_endpoint",
    "llm_base_url",
];

/// Names of arguments that hold the address of a model's interface in libraries for models.
const LIBRARY_ARGUMENTS: &[&str] =
    &["api_base", "base_url", "endpoint", "endpoint_url", "api_url", "server_url", "host", "url"];

/// Libraries whose addresses are those of models.
const MODEL_LIBRARIES: &[&str] = &[
    "openai",
    "anthropic",
    "ollama",
    "litellm",
    "cohere",
    "mistralai",
    "groq",
    "together",
    "huggingface_hub",
    "langchain",
    "langchain_openai",
    "langchain_ollama",
    "langchain_community",
    "langchain_anthropic",
    "llama_index",
    "vllm",
    "xinference",
    "instructor",
    "dspy",
    "autogen",
    "crewai",
    "agents",
    "smolagents",
    "replicate",
    "text_generation",
    "tritonclient",
];

/// Functions that fetch files.
const DOWNLOADS: &[&str] = &[
    "urllib.request.urlretrieve",
    "wget.download",
    "gdown.download",
    "gdown.cached_download",
    "pooch.retrieve",
    "torch.hub.load_state_dict_from_url",
    "torch.hub.download_url_to_file",
    "torch.utils.model_zoo.load_url",
    "torchvision.datasets.utils.download_url",
    "torchvision.datasets.utils.download_and_extract_archive",
    "tensorflow.keras.utils.get_file",
    "keras.utils.get_file",
    "keras.src.utils.get_file",
    "tensorflow.python.keras.utils.get_file",
    "pandas.read_csv",
    "pandas.read_json",
    "pandas.read_parquet",
    "pandas.read_table",
    "pandas.read_excel",
    "pandas.read_pickle",
    "numpy.loadtxt",
    "numpy.genfromtxt",
    "datasets.load_dataset",
];

/// Functions that ask a server over HTTP.
const REQUESTS: &[&str] =
    &["get", "post", "put", "patch", "delete", "request", "stream", "head", "urlopen", "ws_connect", "connect"];

/// Libraries that ask servers over HTTP.
const HTTP_LIBRARIES: &[&str] =
    &["requests", "httpx", "aiohttp", "urllib", "urllib3", "websockets", "websocket", "httplib2"];

/// Libraries that keep data.
const DATA_LIBRARIES: &[&str] = &[
    "boto3",
    "chromadb",
    "elasticsearch",
    "minio",
    "motor",
    "neo4j",
    "opensearchpy",
    "psycopg",
    "psycopg2",
    "pymilvus",
    "pymongo",
    "qdrant_client",
    "redis",
    "s3fs",
    "sqlalchemy",
    "weaviate",
    "clickhouse_connect",
    "mysql",
    "pymysql",
];

/// Endings of files that hold data or models.
const DATA_ENDINGS: &[&str] = &[
    ".bin",
    ".bz2",
    ".ckpt",
    ".csv",
    ".gguf",
    ".gz",
    ".h5",
    ".jsonl",
    ".npy",
    ".npz",
    ".onnx",
    ".parquet",
    ".pkl",
    ".pt",
    ".pth",
    ".safetensors",
    ".tar",
    ".tgz",
    ".tsv",
    ".xz",
    ".zip",
];

/// Hosts of names of things: no traffic goes there. And hosts that documentation is allowed to make up.
const NO_TRAFFIC: &[&str] = &[
    "www.w3.org",
    "w3.org",
    "schema.org",
    "schemas.xmlsoap.org",
    "schemas.microsoft.com",
    "schemas.openxmlformats.org",
    "json-schema.org",
    "purl.org",
    "xmlns.com",
    "mlcommons.org",
    "example.com",
    "example.org",
    "example.net",
    "www.example.com",
];

/// Schemes of traffic.
const SCHEMES: &[&str] = &[
    "http",
    "https",
    "ftp",
    "ftps",
    "ws",
    "wss",
    "redis",
    "rediss",
    "mongodb",
    "mongodb+srv",
    "postgres",
    "postgresql",
    "mysql",
    "amqp",
    "amqps",
    "grpc",
    "neo4j",
    "bolt",
];

pub(super) fn extract(view: View<'_>, facts: &mut Facts) {
    for call in &view.code.calls {
        let named = call.named.iter().filter_map(|(name, argument)| Some((name.as_str(), text(Some(argument))?)));
        let positional = call.positional.iter().filter_map(|argument| Some(("", text(Some(argument))?)));
        for (name, (value, at)) in named.chain(positional) {
            let Some(address) = Parts::of(value) else { continue };
            let Some(role) = role(call, name, &address, view) else { continue };
            add(&address, role, &setting(call, name), at, call.cell, facts);
        }
    }
    extract_settings(view, facts);
}

/// Addresses that are assigned to a setting whose name says what they are for.
pub(super) fn extract_settings(view: View<'_>, facts: &mut Facts) {
    for assignment in &view.code.assignments {
        let Some((value, at)) = text(Some(&assignment.value)) else { continue };
        let Some(address) = Parts::of(value) else { continue };
        let Some(role) = role_of_setting(&assignment.target) else { continue };
        add(&address, role, &assignment.target, at, assignment.cell, facts);
    }
}

/// The address that an environment variable is set to, where its name says what it is for.
pub(in crate::extract) fn of_variable(name: &str, value: &str, at: Span, facts: &mut Facts) {
    if let Some(role) = role_of_setting(name)
        && let Some(address) = Parts::of(value)
    {
        add(&address, role, name, at, None, facts);
    }
}

/// The data or model that a command fetches. Commands fetch programs as well, mostly as archives: of those only what is called data.
pub(in crate::extract) fn of_download(program: &str, url: &str, at: Span, facts: &mut Facts) {
    const ARCHIVES: &[&str] = &[".bz2", ".gz", ".tar", ".tgz", ".xz", ".zip"];
    const WORDS: &[&str] =
        &["data", "train", "val", "model", "image", "annotation", "weight", "checkpoint", "corpus", "embedding"];
    let lower = url.to_ascii_lowercase();
    let is_archive = ARCHIVES.iter().any(|ending| lower.ends_with(ending));
    if is_archive && !WORDS.iter().any(|word| lower.contains(word)) {
        return;
    }
    if let Some(address) = Parts::of(url).filter(Parts::names_a_file) {
        add(&address, "data", program, at, None, facts);
    }
}

fn setting(call: &Call, name: &str) -> String {
    if name.is_empty() { call.function.clone() } else { format!("{}({name})", call.function) }
}

pub(super) fn add(
    address: &Parts<'_>,
    role: &'static str,
    setting: &str,
    at: Span,
    cell: Option<usize>,
    facts: &mut Facts,
) {
    let fact = Address {
        url: Field::found(address.shown(), at),
        scheme: address.scheme.to_ascii_lowercase().into(),
        host: address.host.to_ascii_lowercase().into(),
        role: role.into(),
        internal: is_internal(address.host).into(),
        setting: setting.into(),
    };
    facts.add_in_cell(setting, at, cell, fact);
}

/// What an address is used for in a call; `None` where nothing says that it is used at all.
fn role(call: &Call, name: &str, address: &Parts<'_>, view: View<'_>) -> Option<&'static str> {
    let function = call.function.as_str();
    let first = call.first_part();
    let last = call.last_part();
    let is_request = HTTP_LIBRARIES.contains(&first) && (REQUESTS.contains(&last) || name == "base_url");
    let used = if function.starts_with("mlflow.") || matches!(name, "tracking_uri" | "registry_uri") {
        "tracking"
    } else if DOWNLOADS.contains(&function) || (is_request && address.names_a_file()) {
        "data"
    } else if is_request || DATA_LIBRARIES.contains(&first) {
        "client"
    } else if MODEL_ARGUMENTS.contains(&name) || (MODEL_LIBRARIES.contains(&first) && LIBRARY_ARGUMENTS.contains(&name))
    {
        "model"
    } else {
        return None;
    };
    let is_vendor = view.context.catalogue.vendor_of_host(&address.host.to_ascii_lowercase()).is_some();
    Some(if is_vendor { "vendor" } else { used })
}

/// What the address in a setting is used for.
fn role_of_setting(target: &str) -> Option<&'static str> {
    let name = target.trim_end_matches(']').rsplit(['.', '[']).next().unwrap_or(target).to_ascii_lowercase();
    match name.as_str() {
        "mlflow_tracking_uri"
        | "tracking_uri"
        | "mlflow_registry_uri"
        | "wandb_base_url"
        | "langfuse_host"
        | "langfuse_base_url" => Some("tracking"),
        "openai_api_base"
        | "openai_base_url"
        | "anthropic_base_url"
        | "azure_openai_endpoint"
        | "ollama_host"
        | "ollama_base_url"
        | "llm_base_url"
        | "vllm_base_url"
        | "hf_endpoint"
        | "litellm_base_url"
        | "openai_proxy" => Some("model"),
        _ => None,
    }
}

/// The parts of an address.
pub(super) struct Parts<'a> {
    scheme: &'a str,
    pub(super) host: &'a str,
    /// Everything behind the host and its port.
    rest: &'a str,
    /// Host and port, without user and password.
    authority: &'a str,
}

impl<'a> Parts<'a> {
    /// `None` for text that is no address, that goes nowhere, or whose host is a placeholder.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (scheme, after) = text.split_once("://")?;
        if !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) || text.contains(char::is_whitespace) {
            return None;
        }
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (full, rest) = after.split_at_checked(end)?;
        let authority = full.rsplit('@').next().unwrap_or(full);
        let host = match authority.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or(address),
            None => authority.split(':').next().unwrap_or(authority),
        };
        let plain = |character: char| character.is_ascii_alphanumeric() || ".-_:".contains(character);
        let lower = host.to_ascii_lowercase();
        let placeholder = lower.contains("your")
            || lower.contains("mycompany")
            || lower.starts_with("my-")
            || lower.contains("xxx")
            || lower.ends_with(".x.x")
            || lower.ends_with(".example");
        if host.is_empty() || placeholder || !host.chars().all(plain) || NO_TRAFFIC.contains(&lower.as_str()) {
            return None;
        }
        Some(Self { scheme, host, rest, authority })
    }

    /// The address without user, password and query, in which keys are often handed over.
    fn shown(&self) -> String {
        let path = self.rest.split(['?', '#']).next().unwrap_or_default();
        format!("{}://{}{path}", self.scheme, self.authority)
    }

    pub(super) fn names_a_file(&self) -> bool {
        let path = self.rest.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        DATA_ENDINGS.iter().any(|ending| path.ends_with(ending))
    }
}

/// Endings of names that only a cluster, an office or a home knows.
const INTERNAL: &[&str] =
    &[".local", ".svc", ".internal", ".localhost", ".lan", ".intranet", ".corp", ".home", ".test"];

/// True for this machine, a private network, or a name that only a cluster or office knows.
pub(in crate::extract) fn is_internal(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        // From 100.64.0.0/10 networks of providers and of Tailscale take theirs.
        let is_shared = matches!(address.octets(), [100, 64..=127, ..]);
        return address.is_loopback()
            || address.is_private()
            || address.is_link_local()
            || address.is_unspecified()
            || is_shared;
    }
    if let Ok(address) = host.parse::<std::net::Ipv6Addr>() {
        return address.is_loopback()
            || address.is_unspecified()
            || address.is_unique_local()
            || address.is_unicast_link_local();
    }
    !host.contains('.') || host.contains(".svc.") || INTERNAL.iter().any(|ending| host.ends_with(ending))
}
