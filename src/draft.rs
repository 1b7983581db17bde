//! A first register, drafted from what a scan found. What only people can know is marked, and every marker keeps a finding open.

use crate::fact::{
    AiImport, AssistantUse, Card, DataManifest, Fact, Kind, McpServer, ModelRecord, ModelReference, PackageManifest,
    PipelineStage, Prompt, Repository, Seen, TrackedOutput, VendorUse,
};
use crate::source::{context_of, file_name, folder};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A drafted settings file.
#[derive(Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its text.
    pub text: String,
    /// How many systems it declares.
    pub systems: usize,
    /// How many vendors it declares.
    pub vendors: usize,
    /// How many tools it declares: coding assistants and MCP servers.
    pub tools: usize,
    /// How many datasets it names.
    pub datasets: usize,
}

/// How many systems are drafted: a collection of more models than these is better registered as few systems, by a person.
const SYSTEM_LIMIT: usize = 40;

/// How many folders of prompts are drafted.
const PROMPT_FOLDER_LIMIT: usize = 10;

/// How many places are told of each vendor or dataset.
const PLACE_LIMIT: usize = 5;

/// How many datasets are told.
const DATASET_LIMIT: usize = 100;

/// How much of a name that was found is told, in characters.
const NAME_LIMIT: usize = 100;

/// Folders that hold a part of a system and never name one.
const PARTS: &[&str] = &[
    ".azure",
    ".circleci",
    ".dvc",
    ".github",
    ".gitlab",
    ".sagemaker",
    "aml",
    "api",
    "app",
    "apps",
    "azure-ml",
    "azureml",
    "backend",
    "bin",
    "charts",
    "ci",
    "cmd",
    "code",
    "conf",
    "config",
    "configs",
    "containers",
    "data",
    "data-science",
    "datascience",
    "deploy",
    "deployment",
    "deployments",
    "devops",
    "docker",
    "docs",
    "endpoint",
    "endpoints",
    "environments",
    "helm",
    "iac",
    "infra",
    "infrastructure",
    "k8s",
    "kubernetes",
    "lib",
    "mlops",
    "model",
    "models",
    "notebook",
    "notebooks",
    "pipeline",
    "pipelines",
    "preprocessing",
    "processing",
    "sagemaker",
    "scripts",
    "serve",
    "server",
    "serving",
    "source",
    "src",
    "terraform",
    "tools",
    "train",
    "training",
    "vertex",
    "vertexai",
];

const HEADING: &str = "\
# Drafted by `aimslint init` from what it found. It approves nothing: every TODO keeps a finding open until a person has
# replaced it by what is true. Take out what is no AI system, vendor or tool of yours, and join entries that are one system.
# `aimslint facts` prints what is seen, `aimslint explain RULE` says why a rule asks.
";

/// Drafts a register from the facts of a repository whose own name is `repository`. `line` gives the line that a fact stands at.
/// `None` when nothing shows that the repository has to do with AI.
pub fn draft(facts: &[Fact], repository: &str, line: impl Fn(&Fact) -> usize) -> Option<Draft> {
    let has_ai = of(facts, Repository::kind()).any(|fact| fact.text("ai") == "yes");
    if !has_ai {
        return None;
    }
    let place = |fact: &Fact| format!("{}:{}", told(&fact.path), line(fact));
    let mut text = HEADING.to_owned();
    let systems = systems(facts, repository);
    for (folder, name) in systems.iter().take(SYSTEM_LIMIT) {
        write_system(folder, name, &mut text);
    }
    if systems.len() > SYSTEM_LIMIT {
        let _ = writeln!(
            text,
            "\n# {} more folders hold a model or train one: add the systems that they are.",
            systems.len() - SYSTEM_LIMIT
        );
    }
    let vendors = vendors(facts);
    for (id, uses) in &vendors {
        write_vendor(id, uses, &place, &mut text);
    }
    let tools = tools(facts);
    for ((kind, id), uses) in &tools {
        write_tool(kind, id, uses, &place, &mut text);
    }
    let prompts = prompt_folders(facts);
    for (folder, uses) in prompts.iter().take(PROMPT_FOLDER_LIMIT) {
        write_prompt_store(folder, uses, &place, &mut text);
    }
    if prompts.len() > PROMPT_FOLDER_LIMIT {
        let more = prompts.len() - PROMPT_FOLDER_LIMIT;
        let _ = writeln!(text, "\n# {more} more folders hold prompts: enter the places that they are kept in.");
    }
    let datasets = datasets(facts);
    if !datasets.is_empty() {
        text.push_str(
            "\n# Data that was seen. Each set should belong to a system above, and be described beside the data.\n",
        );
    }
    for (name, uses) in datasets.iter().take(DATASET_LIMIT) {
        let _ = writeln!(text, "#   {}: {}", told(name), places(uses, &place));
    }
    if datasets.len() > DATASET_LIMIT {
        let _ = writeln!(text, "#   and {} more", datasets.len() - DATASET_LIMIT);
    }
    Some(Draft {
        text,
        systems: systems.len().min(SYSTEM_LIMIT),
        vendors: vendors.len(),
        tools: tools.len(),
        datasets: datasets.len(),
    })
}

fn of(facts: &[Fact], kind: Kind) -> impl Iterator<Item = &Fact> {
    facts.iter().filter(move |fact| fact.kind == kind)
}

/// Facts that speak of what the repository runs, and not of its tests and examples.
fn of_product(facts: &[Fact], kind: Kind) -> impl Iterator<Item = &Fact> {
    of(facts, kind).filter(|fact| matches!(context_of(&fact.path), "product" | "template"))
}

/// Folders that are systems, with their names: those with a model's card, and those that train or serve a model outside of them.
fn systems(facts: &[Fact], repository: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let cards = of(facts, Card::kind()).filter(|card| matches!(context_of(&card.path), "product" | "documentation"));
    for card in cards.filter(|card| card.text("kind") != "dataset") {
        let name = found.entry(above_parts(folder(&card.path)).to_owned()).or_default();
        // A card without a title goes by the name of its file, which names no system.
        if name.is_empty() && card.text("name") != file_name(&card.path) {
            card.text("name").clone_into(name);
        }
    }
    let records = of_product(facts, ModelRecord::kind()).filter(|record| record.text("role") == "serving");
    let trains = |fact: &&Fact| fact.text("trains") == "yes";
    let imports = of_product(facts, AiImport::kind()).filter(trains);
    let stages = of_product(facts, PipelineStage::kind()).filter(trains);
    // The outermost folders first: what lies in a system's folder belongs to it.
    let outside: BTreeSet<&str> =
        records.chain(imports).chain(stages).map(|fact| before_parts(folder(&fact.path))).collect();
    for place in outside {
        if !found.keys().any(|system| lies_in(place, system)) {
            found.insert(place.to_owned(), String::new());
        }
    }
    // A repository that has to do with AI is a system at the least.
    if found.is_empty() {
        found.insert(String::new(), String::new());
    }
    let packages: BTreeMap<&str, &str> = of_product(facts, PackageManifest::kind())
        .map(|package| (folder(&package.path), package.text("name")))
        .collect();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for (place, name) in &mut found {
        let package = packages.get(place.as_str()).copied().unwrap_or_default();
        match (name.is_empty(), package.is_empty()) {
            (true, true) => (if place.is_empty() { repository } else { file_name(place) }).clone_into(name),
            (true, false) => package.clone_into(name),
            (false, _) => {}
        }
        *taken.entry(name.clone()).or_default() += 1;
    }
    for (place, name) in &mut found {
        if taken.get(name.as_str()).is_some_and(|count| *count > 1) && !place.is_empty() {
            *name = if name == file_name(place) { place.clone() } else { format!("{name} ({place})") };
        }
    }
    found
}

/// The folder without those at its end that only hold parts: `scorer/docs` is `scorer`.
fn above_parts(path: &str) -> &str {
    let mut path = path;
    while PARTS.contains(&file_name(path)) {
        path = folder(path);
    }
    path
}

/// The folder up to the first that only holds parts: `services/scorer/src/features` is `services/scorer`.
fn before_parts(path: &str) -> &str {
    let mut end = 0;
    for name in path.split('/').take_while(|name| !PARTS.contains(name)) {
        end += name.len() + usize::from(end > 0);
    }
    path.split_at_checked(end).map_or(path, |(before, _)| before)
}

fn lies_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Vendors that data can leave to, each with its uses.
fn vendors(facts: &[Fact]) -> BTreeMap<&str, Vec<&Fact>> {
    let mut vendors: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for found in of_product(facts, VendorUse::kind()).filter(|found| found.text("receives_data") == "yes") {
        vendors.entry(found.text("vendor")).or_default().push(found);
    }
    vendors
}

/// Coding assistants that files set up or instruct, and MCP servers of others, by kind and by the id that the register knows them by.
fn tools(facts: &[Fact]) -> BTreeMap<(&'static str, &str), Vec<&Fact>> {
    let assistants = of_product(facts, AssistantUse::kind()).map(|fact| ("assistant", fact.text("assistant"), fact));
    let servers = of_product(facts, McpServer::kind()).filter(|fact| fact.text("internal") != "yes");
    let servers = servers.map(|fact| {
        let id = [fact.text("runs"), fact.text("host")].into_iter().find(|id| !matches!(*id, "" | "unknown"));
        ("mcp-server", id.unwrap_or_default(), fact)
    });
    let mut tools: BTreeMap<(&'static str, &str), Vec<&Fact>> = BTreeMap::new();
    for (kind, id, fact) in assistants.chain(servers).filter(|(_, id, _)| !id.is_empty()) {
        tools.entry((kind, id)).or_default().push(fact);
    }
    tools
}

/// Folders that by their names hold prompts of the product. A prompt among code makes no store of the code.
fn prompt_folders(facts: &[Fact]) -> BTreeMap<&str, Vec<&Fact>> {
    let mut folders: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for prompt in of(facts, Prompt::kind()).filter(|prompt| context_of(&prompt.path) == "product") {
        let place = folder(&prompt.path);
        if file_name(place).to_lowercase().contains("prompt") {
            folders.entry(place).or_default().push(prompt);
        }
    }
    folders
}

/// Datasets that are described, loaded or kept by DVC, by name; what DVC keeps has the name of its path.
fn datasets(facts: &[Fact]) -> BTreeMap<String, Vec<&Fact>> {
    let described = of_product(facts, DataManifest::kind());
    let is_dataset = |fact: &&Fact| fact.text("kind") == "dataset";
    let cards = of(facts, Card::kind()).filter(is_dataset).filter(|card| context_of(&card.path) != "vendored");
    let loaded = of_product(facts, ModelReference::kind()).filter(is_dataset);
    let mut datasets: BTreeMap<String, Vec<&Fact>> = BTreeMap::new();
    for fact in described.chain(cards).chain(loaded) {
        let name = if fact.kind == ModelReference::kind() { fact.text("id") } else { fact.text("name") };
        let name = if name.is_empty() { &*fact.path } else { name };
        datasets.entry(name.to_owned()).or_default().push(fact);
    }
    for kept in of_product(facts, TrackedOutput::kind()).filter(|kept| kept.text("role") == "data") {
        datasets.entry(kept.text("name").to_owned()).or_default().push(kept);
    }
    datasets
}

fn write_system(folder: &str, name: &str, text: &mut String) {
    let everything = if folder.is_empty() { "**".to_owned() } else { format!("{}/**", globset::escape(folder)) };
    let _ = write!(
        text,
        "\n[[system]]\nname    = {}\nowner   = \"TODO: who answers for it, and how to reach them\"\n\
         purpose = \"TODO: what it is for, and about whom it decides\"\n\
         # status = \"planned\", \"development\", \"production\" or \"retired\"\n\
         # risk   = \"minimal\", \"limited\", \"high\" or \"unacceptable\"\npaths   = [{}]\n",
        quoted(&told(name)),
        quoted(&everything)
    );
}

fn write_vendor(id: &str, uses: &[&Fact], place: &impl Fn(&Fact) -> String, text: &mut String) {
    let _ = write!(
        text,
        "\n# {}\n[[vendor]]\nid                  = {}\nstatus              = \"pending\"\n\
         approved-by         = \"TODO: who approves it, before its status becomes \\\"approved\\\"\"\n\
         security-assessment = \"TODO: link\"\nprivacy-assessment  = \"TODO: link\"\n\
         contract            = \"TODO: its reference\"\n\
         prompt-data         = \"TODO: what the vendor keeps of prompts, and for how long\"\n\
         # approved-on = 2026-01-31, review-by = 2027-01-31, trains-on-our-data = false, critical = false, right-to-audit = true\n",
        places(uses, place),
        quoted(id)
    );
}

fn write_tool(kind: &str, id: &str, uses: &[&Fact], place: &impl Fn(&Fact) -> String, text: &mut String) {
    let _ = write!(
        text,
        "\n# {}\n[[tool]]\nid            = {}\nkind          = \"{kind}\"\nstatus        = \"pending\"\n\
         approved-by   = \"TODO: who approves it, before its status becomes \\\"approved\\\"\"\n\
         allowed-input = \"TODO: what may be put into it, and what not\"\n\
         # approved-on = 2026-01-31, review-by = 2027-01-31\n",
        places(uses, place),
        quoted(&told(id))
    );
}

fn write_prompt_store(folder: &str, uses: &[&Fact], place: &impl Fn(&Fact) -> String, text: &mut String) {
    let everything = format!("{}/**", globset::escape(folder));
    let _ = write!(
        text,
        "\n# {}\n[[prompt-store]]\nname  = {}\nowner = \"TODO: who answers for what stands there\"\npaths = [{}]\n",
        places(uses, place),
        quoted(&told(folder)),
        quoted(&everything)
    );
}

/// The first place in each of the first few files, and how many files there are besides.
fn places(facts: &[&Fact], place: &impl Fn(&Fact) -> String) -> String {
    let mut files = facts.to_vec();
    files.dedup_by_key(|fact| &fact.path);
    let shown: Vec<String> = files.iter().take(PLACE_LIMIT).map(|fact| place(fact)).collect();
    let more = files.len() - shown.len();
    if more > 0 { format!("{} and {more} more files", shown.join(", ")) } else { shown.join(", ") }
}

/// What a repository gives as a name, on one line and of bearable length: it must not end a comment.
fn told(name: &str) -> String {
    let mut shown = name.chars();
    let mut text: String = shown.by_ref().take(NAME_LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.next().is_some() {
        text.push('…');
    }
    text
}

/// The text as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
