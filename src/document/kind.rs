//! What files are for, and how they are written.

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
