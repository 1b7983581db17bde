//! Outside vendors that code talks to, and tools that check models.

use super::{View, text};
use crate::catalogue::{Purpose, Vendor};
use crate::document::code::{Argument, Call, Import, Known, first_part, last_part};
use crate::fact::{AiImport, CheckTool, Choice, Facts, Field, VendorUse};
use crate::source::{Span, folder};
use std::collections::HashSet;

/// Libraries whose clients reach any server that speaks `OpenAI`'s interface: the address decides whose it is.
const SHARED_CLIENTS: &[&str] = &[
    "openai.OpenAI",
    "openai.AsyncOpenAI",
    "openai.Client",
    "openai.AsyncClient",
    "langchain_openai.ChatOpenAI",
    "langchain_openai.OpenAI",
    "langchain_openai.OpenAIEmbeddings",
    "langchain_openai.chat_models.ChatOpenAI",
    "llama_index.llms.openai.OpenAI",
    "llama_index.llms.openai_like.OpenAILike",
];

/// Names under which those clients are told an address.
const ADDRESS_ARGUMENTS: &[&str] = &["base_url", "api_base", "openai_api_base"];

/// Services of Amazon that `boto3.client` names.
const AMAZON_SERVICES: &[(&str, &str)] = &[
    ("bedrock", "aws-bedrock"),
    ("bedrock-runtime", "aws-bedrock"),
    ("bedrock-agent", "aws-bedrock"),
    ("bedrock-agent-runtime", "aws-bedrock"),
    ("sagemaker", "aws-sagemaker"),
    ("sagemaker-runtime", "aws-sagemaker"),
];

pub(super) fn extract(view: View<'_>, facts: &mut Facts) {
    libraries(view, facts);
    clients(view, facts);
    imported_vendors(view, facts);
    models(view, facts);
    tools(view, facts);
}

/// Libraries of AI that the file imports; each once.
fn libraries(view: View<'_>, facts: &mut Facts) {
    let is_met = |import: &&Import| view.context.catalogue.is_ai_import(&import.name) && !is_own(view, top(import));
    let mut seen = HashSet::new();
    let mut imports: Vec<&Import> = view.code.imports.iter().filter(is_met).collect();
    imports.retain(|import| seen.insert(top(import)));
    // Most files import none: then nobody asks what their calls do.
    if imports.is_empty() {
        return;
    }
    let calls = &view.code.calls;
    let training = calls.iter().find(|call| is_training(&call.function));
    let seeds = calls.iter().any(is_seeding);
    let tracks = view.code.imports.iter().any(|import| is_tracker(&import.name))
        || calls.iter().any(|call| call.function.ends_with("callbacks.TensorBoard") || records_by_itself(call));
    let saves = keeps_a_model(view);
    for import in imports {
        let library = top(import);
        let fact = AiImport {
            name: Field::found(library, import.at),
            trains: training.is_some().into(),
            seeds: seeds.into(),
            tracks: tracks.into(),
            saves: saves.into(),
        };
        // Where a model is trained says more than where the library is imported.
        let (at, cell) = training.map_or((import.at, import.cell), |call| (call.name_at, call.cell));
        facts.add_in_cell(library, at, cell, fact);
    }
}

/// True for a file that keeps a model, of which nothing else has a record.
fn keeps_a_model(view: View<'_>) -> bool {
    // What is written to a temporary place is not kept, and what a step of these systems keeps, they record.
    let elsewhere = ["tempfile", "metaflow", "zenml", "flytekit"];
    let kept_elsewhere = view.code.imports.iter().any(|import| elsewhere.contains(&top(import)));
    // What was learnt from made-up rows is a sample itself.
    let on_samples = view.code.calls.iter().any(|call| call.function.starts_with("sklearn.datasets.make_"));
    !kept_elsewhere && !on_samples && view.code.calls.iter().any(is_saving)
}

/// True for a call that makes a model learn. `model.train()` only turns a mode on.
fn is_training(function: &str) -> bool {
    match last_part(function) {
        "fit" | "partial_fit" | "fit_generator" | "fit_one_cycle" | "fine_tune" | "backward" | "train_on_batch" => true,
        "train" => function.contains("Trainer") || matches!(function, "xgboost.train" | "lightgbm.train"),
        _ => false,
    }
}

/// True for a call that fixes the seed of a random generator.
fn is_seeding(call: &Call) -> bool {
    const FUNCTIONS: &[&str] = &[
        "manual_seed",
        "manual_seed_all",
        "set_seed",
        "set_random_seed",
        "seed_everything",
        "seed",
        "seed_all",
        "PRNGKey",
        "key_from_seed",
        "set_global_seed",
        "init_seed",
        "fix_seed",
        "setup_seed",
    ];
    const ARGUMENTS: &[&str] = &["random_state", "seed", "random_seed", "data_seed"];
    let last = call.last_part();
    FUNCTIONS.contains(&last)
        || (last == "default_rng" && !call.positional.is_empty())
        || ARGUMENTS.iter().any(|name| call.named(name).is_some_and(|argument| argument.value != Known::None))
}

/// True for a call that keeps a model: one that is thrown away at the end of a script is nobody's.
fn is_saving(call: &Call) -> bool {
    const FUNCTIONS: &[&str] =
        &["torch.save", "joblib.dump", "pickle.dump", "cloudpickle.dump", "dill.dump", "skops.io.dump", "onnx.save"];
    const METHODS: &[&str] =
        &["save_pretrained", "save_model", "save_weights", "save_checkpoint", "push_to_hub", "export_model"];
    let last = call.last_part();
    let is_model = || {
        let receiver = call.function.rsplit_once('.').map_or("", |(receiver, _)| receiver).to_ascii_lowercase();
        ["model", "classifier", "regressor", "net", "estimator", "pipeline", "clf"]
            .iter()
            .any(|word| receiver.ends_with(word))
    };
    FUNCTIONS.contains(&call.function.as_str()) || METHODS.contains(&last) || (last == "save" && is_model())
}

/// True for the call of a trainer that records its runs unless it is told not to.
fn records_by_itself(call: &Call) -> bool {
    let is_lightning = ["lightning.", "pytorch_lightning."].iter().any(|library| call.function.starts_with(library));
    let names_off = |argument: &Argument| matches!(&argument.value, Known::Text(text) if text == "none");
    let is_off = |argument: &Argument| matches!(argument.value, Known::Bool(false));
    if is_lightning && call.function.ends_with(".Trainer") {
        return !call.named("logger").is_some_and(is_off);
    }
    // `TrainingArguments`, and the settings of TRL's trainers.
    let sets_trainer = call.function.ends_with("TrainingArguments")
        || (call.function.starts_with("trl.") && call.function.ends_with("Config"));
    sets_trainer && call.named("report_to").is_some_and(|to| !names_off(to))
}

/// True for a module that records runs, or in whose pipelines every run is recorded.
fn is_tracker(module: &str) -> bool {
    const TRACKERS: &[&str] = &[
        "mlflow",
        "wandb",
        "comet_ml",
        "neptune",
        "clearml",
        "aim",
        "dvclive",
        "tensorboard",
        "tensorboardX",
        "tensorboardx",
        "sacred",
        "swanlab",
        "trackio",
        "torch.utils.tensorboard",
        "sagemaker.experiments",
        "smexperiments",
        "azureml.core",
        "guildai",
        "polyaxon",
        // The form in which `TensorBoard` reads runs.
        "tensorflow.core.util.event_pb2",
        "kfp",
        "sagemaker.workflow",
    ];
    let is_of =
        |tracker: &&str| module.strip_prefix(*tracker).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    TRACKERS.iter().any(is_of)
}

/// Clients: their address or service names the vendor, or else the library that they are of.
fn clients(view: View<'_>, facts: &mut Facts) {
    let catalogue = view.context.catalogue;
    let mut seen = HashSet::new();
    for call in &view.code.calls {
        let address = address_of(call);
        if address.is_none() && !call.forwards && is_client(&call.function) {
            let library = call.first_part();
            let vendor = catalogue.vendor_of_import(&call.function).filter(|vendor| vendor.receives_data());
            let vendor = vendor.filter(|_| !is_own(view, library));
            if let Some(vendor) = vendor.filter(|_| seen.insert(call.function.as_str())) {
                add(vendor, &call.function, "client", call.at, call.cell, facts);
            }
        } else if SHARED_CLIENTS.contains(&call.function.as_str()) {
            let Some((address, at)) = text(address) else { continue };
            let host = host(address).to_ascii_lowercase();
            if let Some(vendor) = catalogue.vendor_of_host(&host) {
                add(vendor, &host, "client", at, call.cell, facts);
            }
        } else if matches!(
            call.function.as_str(),
            "boto3.client" | "boto3.Session.client" | "boto3.session.Session.client"
        ) {
            let Some((service, at)) = text(call.argument("service_name", 0)) else { continue };
            let vendor = AMAZON_SERVICES.iter().find(|(name, _)| *name == service);
            if let Some(vendor) = vendor.and_then(|(_, id)| catalogue.vendor(id)) {
                add(vendor, service, "client", at, call.cell, facts);
            }
        }
    }
}

/// True for what is called as clients are: `Client`, `InferenceClient`, or as their library (`anthropic.AsyncAnthropic`).
fn is_client(function: &str) -> bool {
    let class = last_part(function);
    let library = first_part(function);
    let class = class.strip_prefix("Async").unwrap_or(class);
    let is_class = class.starts_with(|first: char| first.is_ascii_uppercase());
    // What carries the requests is handed to a client.
    is_class
        && function.contains('.')
        && !class.contains("Http")
        && (class.starts_with("Client")
            || class.ends_with("Client")
            || library.starts_with(&class.to_ascii_lowercase()))
}

/// The argument that names the client's server.
fn address_of(call: &Call) -> Option<&Argument> {
    ADDRESS_ARGUMENTS.iter().find_map(|name| call.named(name))
}

/// The host that an address names, with or without its scheme.
pub(in crate::extract) fn host(address: &str) -> &str {
    let after = address.split_once("://").map_or(address, |(_, after)| after);
    let authority = after.split(['/', '?', '#']).next().unwrap_or(after);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.split(':').next().unwrap_or(host)
}

/// Vendors whose module is imported; each once in a file.
fn imported_vendors(view: View<'_>, facts: &mut Facts) {
    let elsewhere = shared_client_goes_elsewhere(view);
    let mut seen = HashSet::new();
    for import in &view.code.imports {
        let Some(vendor) = view.context.catalogue.vendor_of_import(&import.name) else { continue };
        let library = top(import);
        if is_own(view, library) || (elsewhere && vendor.id == "openai") || !seen.insert(vendor.id.as_str()) {
            continue;
        }
        add(vendor, module(import), "import", import.at, import.cell, facts);
    }
}

/// True when every client of the shared library is told an address: then its import does not mean its maker's service.
fn shared_client_goes_elsewhere(view: View<'_>) -> bool {
    let mut clients = view.code.calls.iter().filter(|call| SHARED_CLIENTS.contains(&call.function.as_str())).peekable();
    clients.peek().is_some() && clients.all(|call| address_of(call).is_some() || call.forwards)
}

/// Vendors whose model is asked for by id, through a library that serves many vendors.
fn models(view: View<'_>, facts: &mut Facts) {
    let catalogue = view.context.catalogue;
    let mut seen = HashSet::new();
    for call in &view.code.calls {
        let is_of_library = || {
            !catalogue.vendor_of_import(&call.function).is_some_and(Vendor::receives_data)
                && catalogue.is_ai_import(call.first_part())
        };
        for name in ["model", "model_name", "model_id", "llm"] {
            let Some((id, at)) = text(call.named(name)) else { continue };
            if let Some(vendor) = catalogue.vendor_of_model(id)
                && is_of_library()
                && seen.insert((vendor.id.as_str(), id))
            {
                add(vendor, id, "model", at, call.cell, facts);
            }
        }
    }
}

pub(super) fn add(vendor: &Vendor, name: &str, form: &'static str, at: Span, cell: Option<usize>, facts: &mut Facts) {
    let fact = VendorUse {
        vendor: vendor.id.as_str().into(),
        vendor_name: vendor.name.as_str().into(),
        category: vendor.category.as_str().into(),
        name: Field::found(name, at),
        form: form.into(),
        receives_data: vendor.receives_data().into(),
        ..VendorUse::default()
    };
    facts.add_in_cell(format!("{} {form}", vendor.id), at, cell, fact);
}

/// Tools that the file imports; each once.
fn tools(view: View<'_>, facts: &mut Facts) {
    let mut seen = HashSet::new();
    for import in &view.code.imports {
        let Some(tool) = view.context.catalogue.tool_of_import(&import.name) else { continue };
        if is_own(view, top(import)) || !seen.insert(tool.name.as_str()) {
            continue;
        }
        let tested = is_test(view) && (tool.purpose != Purpose::Bias || speaks_of_bias(view));
        let fact = CheckTool {
            name: Field::found(tool.name.as_str(), import.at),
            purpose: Field::known(Choice(tool.purpose.name())),
            form: if tested { "test" } else { "import" }.into(),
            ..CheckTool::default()
        };
        facts.add_in_cell(tool.name.as_str(), import.at, import.cell, fact);
    }
}

/// True for a file that a test runner collects, with a test in it.
fn is_test(view: View<'_>) -> bool {
    let name = view.file.name();
    let collected = name.starts_with("test_") || name.ends_with("_test.py");
    collected && view.code.functions.iter().any(|function| function.starts_with("test"))
}

/// A test of fairness says so in the name of its file or of a test.
fn speaks_of_bias(view: View<'_>) -> bool {
    let speaks = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["fair", "bias", "parity", "disparate", "equalized", "demographic"].iter().any(|word| lower.contains(word))
    };
    speaks(view.file.name())
        || view.code.functions.iter().any(|function| function.starts_with("test") && speaks(function))
}

/// The first part of an imported name; empty for a relative import.
fn top(import: &Import) -> &str {
    first_part(&import.name)
}

/// The module that is imported, without what is taken from it: classes begin with a capital.
fn module(import: &Import) -> &str {
    match import.name.rsplit_once('.') {
        Some((module, last)) if last == "*" || last.starts_with(|first: char| first.is_ascii_uppercase()) => module,
        _ => &import.name,
    }
}

/// True for a module of the repository itself: beside the file, in a folder above it, or in a source folder there.
fn is_own(view: View<'_>, module: &str) -> bool {
    module.is_empty() || view.context.tree.has_module(folder(&view.file.path), module)
}
