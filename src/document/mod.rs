//! One tree with places for every structured syntax: YAML, JSON, TOML, HCL, INI and front matter.

pub mod builder;
pub mod cells;
pub mod code;
mod faults;
pub mod instructions;
pub mod packages;
pub mod patterns;
pub mod prose;
pub mod weights;

pub use faults::{Fault, Faults};

use crate::source::Span;
use std::rc::Rc;

/// What a file is for, told by its path and first lines; decides how it is parsed and who extracts from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Python source.
    Python,
    /// JavaScript or TypeScript, with or without JSX.
    JavaScript,
    /// Jupyter notebook.
    Notebook,
    /// Markdown: a card if its front matter or headings say so.
    Markdown,
    /// `requirements*.txt`, `constraints*.txt`.
    Requirements,
    /// `pyproject.toml`.
    Pyproject,
    /// `environment.yml` of conda.
    CondaEnvironment,
    /// `package.json`.
    PackageJson,
    /// Any other list or lock of packages, told apart by its name: `Cargo.toml`, `uv.lock`, `go.mod`, `pom.xml`.
    Packages(Syntax),
    /// `.dvc/config` and `.dvc/config.local`.
    DvcConfig,
    /// `*.dvc`.
    DvcFile,
    /// `dvc.yaml`.
    DvcPipeline,
    /// `dvc.lock`.
    DvcLock,
    /// JSON-LD of a Croissant dataset.
    Croissant,
    /// JSON of the Model Card Toolkit.
    ModelCardToolkit,
    /// CycloneDX bill of materials that holds a model.
    CycloneDx,
    /// SPDX 3 document that holds a model or dataset.
    Spdx,
    /// `MLmodel` of MLflow.
    MlflowModel,
    /// `bentofile.yaml`.
    Bentofile,
    /// YAML of Azure Machine Learning.
    AzureMl,
    /// Results of evaluations beside a model of the hub: `.eval_results/*.yaml`.
    EvaluationResults,
    /// Modelfile of Ollama.
    Modelfile,
    /// Description of data, or of checks on data, in JSON: Frictionless, `dataset_infos.json`, Great Expectations.
    DataJson,
    /// The same in YAML: data contracts, dbt, lakeFS, Frictionless.
    DataYaml,
    /// Pipeline of CI, or one that makes a model.
    Pipeline(PipelineSystem),
    /// Lines of a pattern and words: CODEOWNERS, `.gitattributes`.
    PatternList,
    /// Upkeep of the repository in YAML: Dependabot, pre-commit, OWNERS, `.github/settings.yml`.
    UpkeepYaml,
    /// The same in JSON: Renovate, rule sets of GitHub.
    UpkeepJson,
    /// `security.txt`.
    SecurityText,
    /// Dockerfile or Containerfile.
    Dockerfile,
    /// Docker compose file.
    Compose,
    /// Kubernetes manifest, custom resources included.
    Kubernetes,
    /// `airflow.cfg`.
    AirflowSettings,
    /// Values that a chart of Helm is installed with.
    HelmValues,
    /// `Chart.yaml` of Helm.
    HelmChart,
    /// Terraform source, read together with the other files of its folder.
    Terraform,
    /// Bicep source, which other files of the repository may call.
    Bicep,
    /// Azure Resource Manager template.
    Arm,
    /// A policy of AWS in JSON that says who may do what.
    AccessPolicy,
    /// `CloudFormation` or SAM template, in YAML or JSON.
    CloudFormation,
    /// `.env` and its relatives.
    EnvironmentFile,
    /// `tokenizer_config.json` and its relatives, in which chat templates stand.
    TokenizerConfiguration,
    /// A chat template that is a file of its own.
    ChatTemplate,
    /// Settings of a coding assistant, its MCP servers and permissions.
    AssistantSettings(Syntax),
    /// What a coding assistant or agent is told: `CLAUDE.md`, `AGENTS.md`, rules, skills.
    AgentInstructions,
    /// The configuration of a gateway to models: `LiteLLM`.
    ModelGateway,
    /// Figures that an evaluation has written: `metrics.json`.
    MeasuredMetrics,
    /// The text of a licence.
    LicenceText,
    /// `config.json` of a model of the hub, or `adapter_config.json`.
    ModelConfiguration,
    /// Settings of any program that name a model or dataset.
    Configuration(Syntax),
    /// Parameters of a training: `params.yaml`.
    Parameters(Syntax),
    /// Any other text: looked through for keys, hosts and variable names only.
    Text,
    /// Anything else: read only as far as it takes to tell whether it is a model file.
    Opaque,
}

/// How a list or lock of packages, or the settings of an assistant, are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// TOML.
    Toml,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// The dialect of Python's configparser: `setup.cfg`.
    SetupConfig,
    /// `key=value` lines: `gradle.lockfile`.
    Ini,
    /// XML.
    Xml,
    /// `yarn.lock` as the first Yarn writes it.
    Yarn,
    /// `go.mod`.
    GoModule,
    /// A build script of Gradle, in Groovy or Kotlin.
    Gradle,
}

/// The systems whose pipelines stand in files of their own. Argo Workflows are Kubernetes manifests, DVC has its own kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PipelineSystem {
    /// Workflow or composite action of GitHub Actions.
    GitHub,
    /// `.gitlab-ci.yml` and files that it includes.
    GitLab,
    /// `azure-pipelines.yml` and templates.
    Azure,
    /// `.circleci/config.yml`.
    CircleCi,
    /// `Jenkinsfile`.
    Jenkins,
    /// `bitbucket-pipelines.yml`.
    Bitbucket,
    /// `buildspec.yml` of AWS `CodeBuild`.
    CodeBuild,
    /// `cloudbuild.yaml` of Google Cloud Build.
    CloudBuild,
    /// `MLproject` of `MLflow`.
    MlProject,
    /// Compiled Kubeflow pipeline.
    Kubeflow,
    /// Definition of a `SageMaker` pipeline.
    SageMaker,
}

impl FileKind {
    /// True for files that give values to each other: they are read together before any fact is taken from them.
    #[must_use]
    pub fn is_linked(self) -> bool {
        matches!(self, Self::Terraform | Self::Bicep)
    }
}

/// What a parser made of a file.
#[derive(Debug)]
pub enum Parsed {
    /// A tree: every structured syntax.
    Tree(Document),
    /// Markdown.
    Prose(prose::Prose),
    /// Python source or notebook.
    Code(code::Code),
    /// Dockerfile or Modelfile.
    Instructions(instructions::Instructions),
    /// Requirements file.
    Packages(packages::PackageList),
    /// Lines of a pattern and words.
    Patterns(patterns::PatternList),
    /// Nothing but its text is of use.
    Text,
}

impl Parsed {
    /// What could not be read.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        match self {
            Self::Tree(it) => &it.faults,
            Self::Prose(it) => &it.faults,
            Self::Code(it) => &it.faults,
            Self::Instructions(it) => &it.faults,
            Self::Packages(it) => &it.faults,
            Self::Patterns(it) => &it.faults,
            Self::Text => &faults::NONE,
        }
    }

    /// Says that the file was read up to byte `end` only, as [`Faults::leave_out`] does.
    pub fn leave_out(&mut self, end: usize, rest: Fault) {
        let faults = match self {
            Self::Tree(it) => &mut it.faults,
            Self::Prose(it) => &mut it.faults,
            Self::Code(it) => &mut it.faults,
            Self::Instructions(it) => &mut it.faults,
            Self::Packages(it) => &mut it.faults,
            Self::Patterns(it) => &mut it.faults,
            Self::Text => return,
        };
        faults.leave_out(end, rest);
    }
}

/// How deep a tree may nest before the rest is left out and reported.
pub const DEPTH_LIMIT: usize = 128;

/// How many values a tree may hold before the rest is left out and reported: each takes the room of some dozen letters, and a file can be made
/// of nothing but values of two letters. What people keep has lines of thirty letters and more, with one value each: half a million of them
/// fill the largest file that is read.
pub const VALUE_LIMIT: usize = 500_000;

/// What a parser made of one file: its documents (YAML files can hold several) and what it could not read.
#[derive(Debug, Default)]
pub struct Document {
    /// The root of each document of the file, in order. What could be read before a fault is here too.
    pub roots: Vec<Node>,
    /// What could not be read, with its place.
    pub faults: Faults,
}

impl Document {
    /// The first root, the only one in every syntax but YAML.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.roots.first()
    }
}

/// A value and its place. Cloning is cheap: lists and maps are shared, which is also how YAML aliases are kept without expanding them.
#[derive(Debug, Clone)]
pub struct Node {
    /// The bytes of the value.
    pub span: Span,
    /// What stands there.
    pub value: Value,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing: `null`, `~`, or a key without a value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept as it is written (`1.10` is not `1.1`).
    Number(Rc<str>),
    /// Text, unescaped.
    Text(Rc<str>),
    /// An expression that only running the program would resolve: a Terraform reference, a template. Kept as written.
    Expression(Rc<str>),
    /// Items in order.
    List(Rc<[Node]>),
    /// Entries in order; a key may appear more than once.
    Map(Rc<[Entry]>),
}

/// One entry of a map.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, unescaped. Keys that are not text are given as they are written.
    pub key: Rc<str>,
    /// The bytes of the key.
    pub key_span: Span,
    /// What the key holds.
    pub node: Node,
}

/// How many maps are looked into through `<<` merge keys before looking further is given up.
const MERGE_LIMIT: usize = 64;

impl Node {
    /// A node at this place.
    #[must_use]
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, value }
    }

    /// The value under `key` of a map, YAML merge keys (`<<`) followed; of repeated keys the last one, as every reader does.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry under `key` of a map, as [`Node::get`] finds it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        // Breadth does not matter here, number does: each map may merge many that merge many again.
        let mut ahead = Vec::new();
        let mut node = self;
        for _ in 0..MERGE_LIMIT {
            if let Some(entry) = node.own_entry(key) {
                return Some(entry);
            }
            if let Some(merged) = node.own_entry("<<") {
                // The first of several wins, and what it merges itself goes before the second.
                ahead.extend(merged.node.one_or_many().iter().take(MERGE_LIMIT).rev());
            }
            node = ahead.pop()?;
        }
        None
    }

    /// The last entry of this name that the map itself has.
    fn own_entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| &*entry.key == key)
    }

    /// The value at a path of keys separated by `.`: `spec.template.spec`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map, in order; empty for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list, in order; empty for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => &[],
        }
    }

    /// The items of a list, or the node itself where a single value stands for a list of one (`language: en`).
    #[must_use]
    pub fn one_or_many(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a text node; not of numbers or booleans.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text: text, number or boolean as written; `None` for expressions, lists, maps and null.
    #[must_use]
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }

    /// The same tree with every value that holds no others changed. How deep it goes is limited where it is parsed.
    #[must_use]
    pub fn with_leaves(&self, change: &dyn Fn(&Value) -> Value) -> Self {
        let value = match &self.value {
            Value::List(items) => Value::List(items.iter().map(|item| item.with_leaves(change)).collect()),
            Value::Map(entries) => {
                let changed = |entry: &Entry| Entry { node: entry.node.with_leaves(change), ..entry.clone() };
                Value::Map(entries.iter().map(changed).collect())
            }
            leaf => change(leaf),
        };
        Self::new(self.span, value)
    }

    /// A boolean, also where it is written as text (`"true"`, `yes`, `on`), as YAML authors and Terraform do.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// True for a value that only running the program would resolve.
    #[must_use]
    pub fn is_expression(&self) -> bool {
        matches!(self.value, Value::Expression(_))
    }

    /// True for a map that has this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Calls `visit` for this node and everything below it, parents first, until `limit` nodes were visited (shared
    /// parts count each time they are met, so an alias bomb ends too). Returns false when the limit was reached.
    pub fn walk<'a>(&'a self, limit: usize, visit: &mut impl FnMut(&'a Node, Option<&'a Entry>)) -> bool {
        let mut left = limit;
        let mut stack: Vec<(&Node, Option<&Entry>)> = vec![(self, None)];
        while let Some((node, entry)) = stack.pop() {
            let Some(fewer) = left.checked_sub(1) else { return false };
            left = fewer;
            visit(node, entry);
            match &node.value {
                Value::List(nodes) => stack.extend(nodes.iter().rev().map(|node| (node, None))),
                Value::Map(entries) => stack.extend(entries.iter().rev().map(|entry| (&entry.node, Some(entry)))),
                _ => {}
            }
        }
        true
    }
}
