// The table of facts. Included by fact.rs, which says what the types mean; kept apart so that it can be read as a list. `from` says where
// facts of a kind come from, `as` what one is called by people who do not write rules.

facts! {
    /// The repository as a whole: what of AI was seen in it. There is one such fact in every run.
    "repository" Repository from Run as "repository" {
        /// Any sign of AI was seen. Without one nothing is reported.
        ai: Flag,
        /// Code or a pipeline trains a model.
        trains: Flag,
        /// A model server, a model deployment or a hosted AI service is configured.
        serves: Flag,
        /// An outside AI vendor receives data.
        calls_vendor: Flag,
        /// A register of AI vendors is declared in the settings.
        has_vendor_register: Flag,
        /// AI systems are declared in the settings.
        has_system_register: Flag,
        /// Some file shows that a second factor has to be shown, for whatever it is.
        second_factor: Flag,
        /// Roles of the policy that no `[[role]]` of the settings fills today: `ciso`, `ai-security`, `ai-development`, and `data-protection`
        /// where a system handles personal data.
        unfilled_roles: List,
    }

    /// A model card, dataset card or system card in Markdown or JSON, with the quality of each section that policies ask for.
    "card" Card from Documents as "card of a model or dataset" {
        /// What the card describes.
        kind: Choice("model", "dataset", "space", "system"),
        /// How it is written: hub front matter, plain Markdown, a table of questions and answers, or a record for machines (Model Card
        /// Toolkit, CycloneDX, SPDX).
        style: Choice("hub", "plain", "table", "record"),
        /// Name of the model or dataset.
        name: Text,
        /// Licence id as written, in lower case.
        licence: Text,
        /// `license_name` of the front matter.
        licence_name: Text,
        /// `license_link` of the front matter.
        licence_link: Text,
        /// Models that it was made from.
        base_models: List,
        /// Front matter or text say that it was made from another model (fine-tuned, adapter, quantised, merged).
        derived: Flag,
        /// Datasets that it names.
        datasets: List,
        /// Tags of the front matter.
        tags: List,
        /// `library_name` of the front matter.
        library: Text,
        /// `pipeline_tag` of the front matter.
        pipeline: Text,
        /// Its task speaks to people or judges them (text generation, classification of text or images, speech, faces).
        human_facing: Flag,
        /// What it is meant for.
        intended_use: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// What it must not be used for.
        out_of_scope: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Limitations and risks.
        limitations: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Bias and fairness.
        bias: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Training data, or for a dataset how it was collected.
        training_data: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Evaluation and results.
        evaluation: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Personal data and privacy.
        privacy: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Human oversight.
        oversight: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Who made or keeps it.
        owner: Text,
        /// Where to write to.
        contact: Text,
        /// Version of the model or dataset.
        version: Text,
        /// Date of release or of the last review.
        date: Date,
        /// It makes or fills in text, told from its task or description.
        language_model: Flag,
        /// How many metric values are given, in front matter or tables.
        metrics: Number,
        /// Results are given for groups apart (a slice, a subgroup, a demographic column).
        results_by_group: Flag,
        /// Bias benchmarks that are named (BBQ, `CrowS-Pairs`, `WinoGender`, ...).
        bias_benchmarks: List,
    }

    /// One section of a card that is there, in whatever shape its title takes.
    "card-section" CardSection from Documents as "card of a model or dataset" {
        /// What the section is about.
        area: Choice("intended-use", "out-of-scope", "limitations", "bias", "training-data", "evaluation", "privacy", "oversight"),
        /// How much it says.
        quality: Choice("placeholder", "template", "thin", "substantive"),
        /// Its title.
        title: Text,
        /// Name of the model or dataset that the card describes.
        name: Text,
        /// What the card describes.
        kind: Choice("model", "dataset", "space", "system"),
    }

    /// One evaluation result in a card's front matter, in a card for machines or in `.eval_results` of the hub.
    "metric" Metric from Documents as "result in a card" {
        /// Name or type of the metric.
        name: Text,
        /// Its value as written.
        value: Text,
        /// Dataset it was measured on.
        dataset: Text,
        /// Group that it was measured for; empty for all together.
        slice: Text,
        /// Revision of that dataset; empty when not given.
        revision: Text,
        /// How the revision is fixed.
        pin: Choice("commit", "name", "none"),
        /// Its name as all tools would write it: `accuracy` for `Acc`, `f1` for `F1 score`.
        common_name: Text,
        /// The file gives no other metric of that name.
        alone: Flag,
    }

    /// One figure in a file that an evaluation writes: `metrics.json`, `eval_results.json`, `all_results.json`.
    "measured-metric" MeasuredMetric from Documents as "file of results" {
        /// Name as written.
        name: Text,
        /// Its value as written.
        value: Text,
        /// Its name as all tools would write it: `accuracy` for `eval_accuracy`.
        common_name: Text,
        /// No other file or place of the repository gives a figure of that name.
        alone: Flag,
    }

    /// `config.json` or `adapter_config.json` of a model of the hub.
    "model-configuration" ModelConfiguration from Code as "model configuration" {
        /// The class that the weights are loaded into: `BertForSequenceClassification`.
        architecture: Text,
        /// What such a class does, as the hub names it: `text-classification`.
        task: Text,
    }

    /// A file that holds the text of a licence.
    "licence-file" LicenceFile from Documents as "licence" {
        /// Id of the licence as the hub writes it: `apache-2.0`.
        licence: Text,
    }

    /// A model as a file registers, packages or serves it: an `MLmodel`, a component of a bill of materials, a Modelfile, a bento, an
    /// asset or a deployment of Azure ML, a serving manifest of Kubernetes.
    "model-record" ModelRecord from Documents as "record of a model" {
        /// What form the record has.
        form: Choice("mlflow", "bentoml", "ollama", "kserve", "seldon", "azure-ml", "cyclonedx", "spdx"),
        /// What it does with the model: lists it, keeps it with its environment, enters it into a registry, or answers requests with it.
        role: Choice("inventory", "package", "registration", "serving"),
        /// Name of the model, or of the service that runs it.
        name: Text,
        /// Its version as the record gives it; empty when it gives none.
        version: Text,
        /// Where the model comes from, as written: an address, a tag, a registered name, a path; empty when not said.
        source: Text,
        /// Scheme of that source, in lower case; empty for a name or path.
        scheme: Text,
        /// The source lies on this machine or inside the cluster.
        internal: Flag,
        /// How the record fixes which model it means: `latest` is a word that moves (`latest`, `main`), `local` a path beside it.
        pin: Choice("digest", "version", "latest", "none", "local"),
        /// Its format or framework: `sklearn`, `onnx`, `huggingface`; empty when not said.
        format: Text,
        /// How its Python objects were written, as the record says it: `cloudpickle`, `skops`; empty when not said.
        serialisation: Text,
        /// Names and types of inputs and outputs are declared (the `signature` of MLflow).
        inputs_declared: Flag,
        /// Id of the run that made it; empty when not said.
        run: Text,
        /// A checksum of the model stands in the record.
        hashed: Flag,
        /// A signature of the model stands in the record.
        signed: Flag,
        /// Requests and answers of the service are logged.
        logged: Flag,
        /// Account that the service runs as; empty when not set.
        service_account: Text,
        /// Assessments of fairness that the record holds (`fairnessAssessments` of CycloneDX).
        fairness: Choice("missing", "placeholder", "template", "thin", "substantive"),
    }

    /// A machine-readable description of a dataset or table: Croissant, a Frictionless package, a data contract, a model of dbt. What its
    /// format has no place for is unknown, never missing.
    "data-manifest" DataManifest from Documents as "description of a dataset" {
        /// Its format.
        format: Choice("croissant", "frictionless", "open-data-contract", "data-contract", "dataset-infos", "dbt"),
        /// Name of the dataset.
        name: Text,
        /// Licence as written.
        licence: Text,
        /// Version as written.
        version: Text,
        /// It says that the data changes all the time, so that a version cannot be given.
        live: Flag,
        /// Where it is in its life, as written: `active`, `draft`, `retired`.
        status: Text,
        /// Who answers for the data.
        owner: Text,
        /// Where to write to.
        contact: Text,
        /// Where the data comes from.
        source: List,
        /// Statement on personal and sensitive data.
        personal_data: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Fields that it declares as personal, or whose names suggest it.
        personal_fields: List,
        /// The law or the consent that the data is held by.
        legal_basis: Text,
        /// Known biases.
        biases: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// Known limitations.
        limitations: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// What the data is for.
        purpose: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// How long it is kept and maintained.
        retention: Choice("missing", "placeholder", "template", "thin", "substantive"),
        /// The time that it is kept, as written: `3 y`, `P1Y`.
        retention_period: Text,
        /// It says that the data is kept for ever.
        unlimited: Flag,
        /// Who has to approve that somebody gets access.
        approvers: List,
        /// It uses the responsible-AI vocabulary at all.
        responsible_ai: Flag,
        /// Day it was published or last changed.
        date: Date,
    }

    /// One field of a table or record that a data manifest, a data contract, a dataset card or a model of dbt lists.
    "data-field" DataField from Documents as "list of a dataset's fields" {
        /// Its name; the fields around it stand before it: `customer.email`.
        name: Text,
        /// The table, model or record set that it belongs to.
        table: Text,
        /// The manifest that lists it.
        manifest: Text,
        /// The format of that manifest.
        format: Choice("croissant", "frictionless", "open-data-contract", "data-contract", "dataset-infos", "dbt", "dataset-card"),
        /// Its type as written.
        data_type: Text,
        /// The kind of personal data that its name suggests (`contact`, `health`, ... as in the catalogue); empty for none.
        personal: Text,
        /// It is declared to be personal data, or not to be.
        declared_personal: Flag,
        /// Its classification as written; empty where the format asks for one and none is given.
        classification: Text,
        /// The field that holds it encrypted; empty where the format has a place for that and none is given.
        encrypted_name: Text,
    }

    /// A use of data that is declared apart from the data: an exposure of dbt.
    "data-use" DataUse from Documents as "declared use of data" {
        /// Its name.
        name: Text,
        /// What uses the data, as written: `ml`, `dashboard`, `notebook`, `analysis`, `application`.
        form: Text,
        /// Who answers for it.
        owner: Text,
        /// Where to write to.
        contact: Text,
        /// The tables that it uses.
        uses: List,
        /// What it is for.
        purpose: Choice("missing", "placeholder", "template", "thin", "substantive"),
    }

    /// One file that a data manifest or a DVC file names.
    "data-file" DataFile from Documents as "list of a dataset's files" {
        /// Name or path.
        name: Text,
        /// Where it comes from; empty for a file that the manifest only lists.
        url: Text,
        /// The scheme of `url`, in lower case; `git` for a whole repository.
        scheme: Text,
        /// The checksum it is listed with; `other` is one of another algorithm.
        checksum: Choice("sha256", "md5", "other", "malformed", "none"),
        /// It lies in another listed file (an archive), which carries the checksum.
        contained: Flag,
        /// Path in the repository; empty for what is fetched from elsewhere.
        file: Text,
        /// A file is at that path, or a pointer to it.
        present: Flag,
        /// The checksum itself, as `sha256:…` or `md5:…`; empty when there is none, or none that could be compared.
        digest: Text,
        /// The checksum of the file at `file`, by the algorithm of `digest`; `unknown` when it was not computed, as for a file that
        /// is not there, is only a pointer without such a checksum, or is larger than what is read.
        actual: Text,
    }

    /// A document that governs AI systems or the repository, told by its title and by what it says.
    "governance-document" GovernanceDocument from Documents as "policy or plan" {
        /// What it is.
        kind: Choice("security-policy", "incident-response", "post-incident-review", "threat-model", "privacy-assessment", "privacy-policy", "impact-assessment", "retention", "risk-register", "risk-assessment", "model-inventory", "ai-policy", "use-policy", "contribution-policy", "human-oversight", "vendor-register", "transparency-note", "compliance", "ownership", "licence"),
        /// Its title.
        title: Text,
        /// It holds only placeholders, or a template's own words.
        placeholder: Flag,
        /// How much the parts say that such a document should have, by name (`containment`, `legal-basis`, ...): `placeholder`,
        /// `template`, `thin` or `substantive`. A part that is not there is not listed.
        sections: Map,
        /// It speaks of AI: of models, prompts, training data.
        ai: Flag,
        /// What happens to AI systems only and is spoken of: `prompt injection`, `model theft`, ...
        ai_threats: List,
        /// Who answers for the document.
        owner: Text,
        /// A way to reach somebody: an address, a form, a private report.
        contact: Text,
        /// Day it was last reviewed or changed, as it says itself.
        date: Date,
        /// Day by which it must be reviewed again.
        next_review: Date,
        /// How many words it has.
        words: Number,
    }

    /// One line of a CODEOWNERS file, or an OWNERS file for its folder.
    "code-owner" CodeOwner from Documents as "list of code owners" {
        /// Pattern of the paths, as written; for an OWNERS file its folder.
        pattern: Text,
        /// Users, teams and addresses; empty for paths that are taken out again.
        owners: List,
        /// The file is the one that the forge reads; others of its name have no effect.
        effective: Flag,
    }

    /// The CODEOWNERS file that the forge reads, and what of AI it gives an owner.
    "ownership-file" OwnershipFile from Documents as "list of code owners" {
        /// How many patterns have owners.
        patterns: Number,
        /// Parts of the repository that have an owner: `models`, `data`, `pipelines`, `infrastructure`, `workflows`, told from their paths.
        owned: List,
        /// Parts that are there and of which no file has an owner.
        unowned: List,
    }

    /// A bot that proposes updates of what the repository depends on.
    "update-bot" UpdateBot from Documents as "bot that proposes updates" {
        /// Which bot.
        name: Choice("dependabot", "renovate"),
        /// The ecosystem that it watches, as it calls it (`pip`, `github-actions`, ...); `*` for every one that it finds.
        ecosystem: Text,
        /// Folder that it looks into, as written.
        directory: Text,
        /// How often, as written; empty when not said.
        interval: Text,
    }

    /// A rule of the forge about a branch, kept as a file: `.github/settings.yml`, `.github/rulesets/*.json`.
    "branch-rule" BranchRule from Documents as "rule about branches" {
        /// The branch, or the pattern of branches.
        branch: Text,
        /// Changes come by pull request only.
        pull_request: Flag,
        /// How many must approve.
        approvals: Number,
        /// Owners of the code must approve.
        owner_review: Flag,
        /// Checks that must pass.
        checks: List,
        /// It binds administrators too.
        admins: Flag,
    }

    /// A pattern of files that git keeps in large-file storage (`.gitattributes`).
    "large-file-pattern" LargeFilePattern from Code as "large file pattern" {
        /// The pattern.
        pattern: Text,
    }

    /// One package that a dependency list asks for, or that a lock file fixes. Of locks only packages for AI are kept.
    "dependency" Dependency from Code as "dependency" {
        /// Whose packages.
        ecosystem: Choice("pypi", "npm", "conda", "crates", "go", "maven", "nuget", "helm"),
        /// Where it stands: in a list that asks for packages, or in the lock that fixes them.
        form: Choice("list", "lock"),
        /// Name, normalised as its ecosystem does; on Maven `group:artifact`.
        name: Text,
        /// Version specifier as written; empty when there is none, as in a lock.
        specifier: Text,
        /// The version that is installed: a lock's, or that of an exact specifier. Unknown where the list leaves it open.
        resolved: Text,
        /// How exactly the version is fixed by the specifier: `location` is an address without a commit, a version or a
        /// checksum; an address that has one is `exact`.
        pin: Choice("exact", "range", "none", "location"),
        /// A checksum stands beside it.
        hashed: Flag,
        /// A lock file fixes it: one that lies beside the list or above it and holds the package, as far as it could be read.
        locked: Flag,
        /// Paths of the lock files that were found for the list.
        locks: List,
        /// The project asks for it by itself; `no` for what only its packages need in turn.
        direct: Flag,
        /// The list belongs to a package that others install, whose ranges are right as they are; or it is a requirements file beside a build
        /// file that makes such a package of it.
        published: Flag,
        /// What it is needed for.
        group: Choice("runtime", "development", "build", "optional"),
        /// It is a library for AI: a framework, a vendor's SDK, an evaluation tool.
        ai: Flag,
        /// Id of the AI vendor whose package it is; empty for none.
        vendor: Text,
        /// What an AI tool of this name is for: `bias`, `red-team`, `monitoring`, ...; empty for none.
        purpose: Text,
    }

    /// A lock file: which version of each package is installed.
    "lock-file" LockFile from Code as "lock file" {
        /// Its name.
        name: Text,
        /// How many versions of packages it fixes.
        packages: Number,
        /// It was read to its end.
        whole: Flag,
    }

    /// The file that makes a package of the code around it: `pyproject.toml` with a name or a build system.
    "package-manifest" PackageManifest from Code as "package manifest" {
        /// Name of the package; empty when it has none.
        name: Text,
        /// Others install it: it has a name and a build system, and does not say that it stays at home.
        published: Flag,
        /// It takes its dependencies from requirements files instead of listing them.
        reads_lists: Flag,
    }

    /// A place that packages are fetched from.
    "package-index" PackageIndex from Code as "package index" {
        /// The address or host.
        url: Text,
        /// What it is.
        kind: Choice("index", "extra-index", "trusted-host", "find-links"),
        /// Its scheme, in lower case; empty for a host.
        scheme: Text,
    }

    /// One use of an outside AI vendor, whatever its form.
    "vendor-use" VendorUse from Code as "use of an AI vendor" {
        /// The vendor's id in the catalogue.
        vendor: Text,
        /// The vendor's name.
        vendor_name: Text,
        /// Its category in the catalogue, such as `llm-api` or `framework`.
        category: Text,
        /// What shows the use: the package, module, host, variable or model.
        name: Text,
        /// How it is used.
        form: Choice("package", "import", "client", "host", "environment", "model", "resource", "mcp-server", "assistant"),
        /// Data can leave to the vendor: not so for frameworks and local runtimes.
        receives_data: Flag,
        /// It is one of several that users of the code may choose: an optional extra of a package that others install, or a file beside
        /// those of other vendors that are called after them.
        offered: Flag,
    }

    /// A library for AI that a file of code imports: a framework, a model hub, a vendor's SDK.
    "ai-import" AiImport from Code as "ai import" {
        /// Its top-level module; in JavaScript its package.
        name: Text,
        /// The file also trains a model (`fit`, a trainer's `train`, a backward pass).
        trains: Flag,
        /// The file fixes the seed of a random generator (`manual_seed`, `set_seed`, `random_state=0`).
        seeds: Flag,
        /// The file records runs with an experiment tracker (`MLflow`, Weights & Biases, `TensorBoard`, ...), or describes a pipeline whose
        /// system records them (Kubeflow, `SageMaker`).
        tracks: Flag,
        /// The file also keeps a model (`torch.save`, `joblib.dump`, `save_pretrained`, ...), from no made-up data, in no temporary place and as no step of a
        /// pipeline whose system records what it keeps (Metaflow, `ZenML`, Flyte).
        saves: Flag,
    }

    /// An AI vendor that the settings declare (`[[vendor]]`).
    "registered-vendor" RegisteredVendor from Register as "AI vendor" {
        /// The vendor's id in the catalogue, or the organisation's own name for it.
        id: Text,
        /// Whether it is approved.
        status: Choice("approved", "pending", "rejected", "retired"),
        /// Who approved it; empty when not said.
        approved_by: Text,
        /// Day of the approval.
        approved_on: Date,
        /// Day by which it must be reviewed again.
        review_by: Date,
        /// Link to the security assessment; empty when not said.
        security_assessment: Text,
        /// Link to the privacy assessment; empty when not said.
        privacy_assessment: Text,
        /// Reference of the contract; empty when not said.
        contract: Text,
        /// What the vendor does with prompts; empty when not said.
        prompt_data: Text,
        /// The vendor trains on our data.
        trains_on_our_data: Flag,
        /// The organisation cannot do without it.
        critical: Flag,
        /// A right to audit is agreed.
        right_to_audit: Flag,
        /// Licence or terms that its service is used under, and their day or version; empty when not said.
        terms: Text,
        /// Ids of the AI vendors that it relies on in turn; `none` where it said that there are none.
        relies_on: List,
        /// How it is watched between two reviews: a status page, a feed of incidents, who reads it; empty when not said.
        monitored_by: Text,
    }

    /// An AI system that the settings declare (`[[system]]`).
    "system" System from Register as "AI system" {
        /// Its name.
        name: Text,
        /// Who answers for it.
        owner: Text,
        /// What it is for.
        purpose: Text,
        /// Where it is in its life.
        status: Choice("planned", "development", "production", "retired"),
        /// Its risk tier.
        risk: Choice("minimal", "limited", "high", "unacceptable"),
        /// Globs of the paths that belong to it.
        paths: List,
        /// Those of them that no file of the repository has.
        unmatched: List,
        /// Classes of the data that it handles: `public`, `internal`, `confidential`, `personal`, ...
        data_classes: List,
        /// It handles personal data.
        personal_data: Flag,
        /// It decides about people, or proposes such decisions.
        decides_on_people: Flag,
        /// Laws and standards that apply to it.
        regimes: List,
        /// Who approved it; empty when not said.
        approved_by: Text,
        /// Day of the approval.
        approved_on: Date,
        /// Where the approval of the ethics board is recorded; empty when not said.
        ethics_approval: Text,
        /// Where its risk assessment is: a path, an address, a number; empty when not said.
        risk_assessment: Text,
        /// Where the assessment of its effects on people and society is; empty when not said.
        impact_assessment: Text,
        /// Where its privacy impact assessment is; empty when not said.
        privacy_assessment: Text,
        /// How people oversee it, or where that is written; empty when not said.
        oversight: Text,
        /// How its decisions are explained, or where that is written; empty when not said.
        explanation: Text,
        /// How anomalies in its use are detected; empty when not said.
        anomaly_detection: Text,
        /// What it is measured by, with thresholds: `recall of urgent complaints >= 0.9`.
        metrics: List,
        /// Day on which its model was last trained.
        last_trained: Date,
        /// After how many days its model is to be trained again.
        retrain_days: Number,
        /// Day by which its risks and its place in the register must be looked at again.
        review_by: Date,
        /// Day of its first impact assessment of any kind (`[[impact-assessment]]`).
        first_assessed: Date,
        /// Aspects, of security and privacy, whose analysis of the use case is missing (`[[use-case-analysis]]`).
        unanalysed: List,
    }

    /// A risk that the settings list (`[[risk]]`).
    "risk" Risk from Register as "risk" {
        /// Its name, or its number in the organisation's own list.
        name: Text,
        /// The `[[system]]` that has it; empty for one of the whole organisation.
        system: Text,
        /// Who answers for it; empty when not said.
        owner: Text,
        /// Whether it is still there.
        status: Choice("open", "closed"),
        /// How likely it is, before anything is done.
        likelihood: Choice("low", "medium", "high"),
        /// How bad it would be, before anything is done.
        impact: Choice("low", "medium", "high"),
        /// How high it is, of likelihood and impact: high when one is high and the other at least medium, low when one is low and the
        /// other at most medium.
        level: Choice("low", "medium", "high"),
        /// What is decided to do about it.
        treatment: Choice("mitigate", "avoid", "transfer", "accept"),
        /// What is done: the measures, or where they are written; empty when not said.
        measures: Text,
        /// How high it is when that is done.
        residual: Choice("low", "medium", "high"),
        /// What is left is said to be lower than the risk was.
        lowered: Flag,
        /// Who accepted what is left; empty when not said.
        accepted_by: Text,
        /// Day on which it was accepted.
        accepted_on: Date,
        /// Day by which it must be looked at again.
        review_by: Date,
        /// Where more is written: a path, an address, a number; empty when not said.
        reference: Text,
        /// Where its system is in its life.
        system_status: Choice("planned", "development", "production", "retired"),
        /// The risk tier of its system.
        system_risk: Choice("minimal", "limited", "high", "unacceptable"),
    }

    /// An assessment of what an AI system does to people and society (`[[impact-assessment]]`).
    "impact-assessment" ImpactAssessment from Register as "impact assessment" {
        /// The `[[system]]` that it is about.
        system: Text,
        /// What it looks at.
        kind: Choice("impact", "privacy", "fundamental-rights"),
        /// Who assessed; empty when not said.
        by: Text,
        /// Day on which it was finished.
        on: Date,
        /// What came of it.
        outcome: Choice("approved", "conditional", "refused"),
        /// On what conditions; empty when not said.
        conditions: Text,
        /// Where it is written: a path, an address, a number; empty when not said.
        document: Text,
        /// Day by which it must be looked at again.
        review_by: Date,
        /// That day, or where it is not said a year after it was finished.
        due: Date,
        /// What is not said of it: `by`, `on`, `outcome`, `document`, and `conditions` where the outcome is `conditional`.
        lacking: List,
        /// A later one of the same kind and system stands in the register.
        superseded: Flag,
        /// Where its system is in its life.
        system_status: Choice("planned", "development", "production", "retired"),
    }

    /// The analysis of one use case by ISO/IEC TR 27563: of its security, or apart from that of its privacy (`[[use-case-analysis]]`).
    "use-case-analysis" UseCaseAnalysis from Register as "analysis of a use case" {
        /// The `[[system]]` whose use it is.
        system: Text,
        /// What is analysed.
        aspect: Choice("security", "privacy"),
        /// Who takes part: makers, users, people concerned, other systems, and what flows between them.
        ecosystem: Text,
        /// What was looked at of the system itself, and how.
        assessment: Text,
        /// What could go wrong for whom.
        concerns: Text,
        /// The risks that follow, or the names of their `[[risk]]` entries.
        risks: Text,
        /// What is done against them.
        controls: Text,
        /// How it is known that this works: tests, audits, certificates.
        assurance: Text,
        /// What is still to be done, by whom and by when.
        plan: Text,
        /// Who made it; empty when not said.
        by: Text,
        /// Day on which it was made.
        on: Date,
        /// Day by which it must be looked at again.
        review_by: Date,
        /// Parts that say nothing, or too little to be an answer.
        lacking: List,
        /// Parts whose words stand in another part or in another analysis of the register, too.
        copied: List,
    }

    /// An AI tool or coding assistant that the settings list (`[[tool]]`).
    "listed-tool" ListedTool from Register as "AI tool" {
        /// Its id: the name of an assistant (`claude-code`, `copilot`, `cursor`, ...), the package or host of an MCP server, any name of another.
        id: Text,
        /// What it is.
        kind: Choice("assistant", "mcp-server", "service", "library"),
        /// Whether it may be used.
        status: Choice("approved", "pending", "rejected", "retired"),
        /// Who approved it; empty when not said.
        approved_by: Text,
        /// Day of the approval.
        approved_on: Date,
        /// Day by which it must be reviewed again.
        review_by: Date,
        /// Licence or terms that it is used under; empty when not said.
        licence: Text,
        /// What it may be used for; empty when not said.
        purpose: Text,
        /// What may be put into it, and what not; empty when not said.
        allowed_input: Text,
        /// Where its maker keeps what is put into it, and for how long; empty when not said.
        prompt_data: Text,
    }

    /// A coding assistant that a file of the repository sets up or instructs.
    "assistant-use" AssistantUse from Code as "coding assistant" {
        /// The assistant: `claude-code`, `copilot`, `cursor`, ...
        assistant: Text,
        /// What the file does.
        form: Choice("settings", "instructions"),
    }

    /// A place where prompts or conversations are kept, as the settings list it (`[[prompt-store]]`).
    "prompt-store" PromptStore from Register as "prompt store" {
        /// Its name.
        name: Text,
        /// The `[[system]]` that uses it; empty when not said.
        system: Text,
        /// Who answers for it; empty when not said.
        owner: Text,
        /// Globs of its paths in the repository.
        paths: List,
        /// Those of them that no file of the repository has.
        unmatched: List,
        /// Where it is when it is not in the repository: an address, a bucket, a table; empty when not said.
        place: Text,
        /// Its versions are kept.
        versioned: Flag,
        /// It holds, or may hold, personal data.
        personal_data: Flag,
        /// For how long what is in it is kept; empty when not said.
        retention: Text,
        /// Who may read it; empty when not said.
        access: Text,
        /// Day by which it must be reviewed again.
        review_by: Date,
    }

    /// Who holds a role of the policy, as the settings say it (`[[role]]`).
    "role-holder" RoleHolder from Register as "role holder" {
        /// The role.
        role: Choice("ciso", "ai-security", "ai-development", "data-protection", "ai-committee", "ethics", "other"),
        /// Who holds it.
        holder: Text,
        /// How the organisation itself calls the role; empty when not said.
        title: Text,
        /// How to reach the holder; empty when not said.
        contact: Text,
        /// The `[[system]]` that it is for; empty for all.
        system: Text,
        /// First day.
        since: Date,
        /// Last day; empty where none is set.
        until: Date,
    }

    /// A record that the register names by a path: an assessment, an approval, a contract.
    "register-record" RegisterRecord from Register as "linked record" {
        /// The section of the entry that names it: `system`, `vendor`, `risk`, ...
        section: Text,
        /// The entry's name.
        name: Text,
        /// The key that names it: `risk-assessment`.
        key: Text,
        /// Its path.
        record: Text,
        /// A file is at that path.
        present: Flag,
        /// How much is in it; unknown for what is not plain text.
        content: Choice("empty", "placeholder", "thin", "substantive"),
    }

    /// One entry of the settings that is written `[[section]]`, with what of it nobody has filled in.
    "register-entry" RegisterEntry from Register as "entry" {
        /// The section: `system`, `vendor`, `waiver`, ...
        section: Text,
        /// The entry's name or id; empty when it has none.
        name: Text,
        /// Keys whose value is only a marker, such as `TODO: who answers for it`.
        unfinished: List,
        /// The `[[system]]` that it is about, or is itself; empty for none.
        system: Text,
        /// Day by which it must be reviewed again; empty when it does not say one.
        review_by: Date,
        /// Its status as written; empty when it has none.
        status: Text,
    }

    /// What the organisation states about a clause in the settings (`[[statement]]`), because no file can show it.
    "statement" Statement from Register as "statement" {
        /// The clause that it is about.
        clause: Text,
        /// The clause applies; with `no` the text says why it does not.
        applies: Flag,
        /// What is stated.
        text: Text,
        /// Who says so: name and role.
        by: Text,
        /// Day on which it was made.
        on: Date,
        /// Last day that it counts.
        until: Date,
        /// Days from today to its last day; below zero when it is past.
        days_left: Number,
        /// Days from when it was made to its last day.
        life: Number,
        /// Whether it counts today: a placeholder, and one whose time is past or yet to come, do not.
        state: Choice("valid", "placeholder", "ahead", "past"),
        /// Minutes, a record, an address: where more is to be read; empty when not said.
        reference: Text,
    }

    /// A call in code, its name resolved through imports.
    "call" Call from Code as "call in code" {
        /// Full name of the function: `torch.load`; for a method whose object is not known, `*.name`. In JavaScript package and names
        /// are parted by `#`: `openai#OpenAI`, `openai#default`, `#fetch`, `*#name`.
        name: Text,
        /// Named arguments: literals as text (`True`, `False`, `None`, numbers and strings as their value), lists as `[a, b]`, dictionaries
        /// as `{key: value}`, imported things by their full name (`ssl.CERT_NONE`), paths of this machine that are put together when the
        /// code runs as `./…`, anything else `unknown`.
        arguments: Map,
        /// Arguments without a name, written the same way.
        positional: List,
        /// `*args` or `**kwargs` are handed on: an argument that is not here may still be given.
        forwards: Flag,
        /// The function or class it stands in; empty at the top level.
        within: Text,
        /// It stands in a function that is offered to a model as a tool, and that asks no person before it acts.
        offered: Flag,
        /// It runs text as code or as a command, and the text was made from what a model answered.
        answered: Flag,
        /// It runs text as code, or hands it to a shell or an interpreter (`["bash", "-c", command]`), and only running tells what the text is.
        runs_text: Flag,
    }

    /// An assignment in Python code of a known value to something that a library keeps: `session.verify = False`.
    "library-setting" LibrarySetting from Code as "setting of a library" {
        /// Full name of what is set: `requests.Session.verify`.
        name: Text,
        /// The value, written as in the arguments of a call.
        value: Text,
    }

    /// A model or dataset that is named by its id on a hub: in code, in settings, in a command, in an address.
    "model-reference" ModelReference from Code as "model or dataset named by its id" {
        /// The id as written, such as `org/name`, without tag and revision.
        id: Text,
        /// What is named.
        kind: Choice("model", "dataset", "repository"),
        /// Where it is fetched from.
        hub: Choice("hugging-face", "ollama", "github"),
        /// What is done with it: code loads it, a server answers with it, a command fetches it, a setting names it, or something was
        /// made from it.
        role: Choice("load", "serve", "download", "configure", "lineage"),
        /// Revision or tag as written; empty when not given.
        revision: Text,
        /// How the revision is fixed.
        pin: Choice("commit", "name", "none", "local"),
        /// The function, command or setting that names it.
        loader: Text,
        /// A switch beside it lets Python of that repository run (`trust_remote_code: true`); unknown where code loads it, as the call
        /// tells.
        foreign_code: Flag,
    }

    /// An address of a service or of data in code or configuration. Namespaces, schemas and links in prose are left out.
    "address" Address from Code as "address" {
        /// The address, without credentials.
        url: Text,
        /// Its scheme, in lower case.
        scheme: Text,
        /// Its host, in lower case, without port.
        host: Text,
        /// What it is used for.
        role: Choice("vendor", "tracking", "model", "data", "client", "other"),
        /// The host is this machine or inside the cluster.
        internal: Flag,
        /// The setting, argument or variable that holds it.
        setting: Text,
    }

    /// A command of a script, Dockerfile or pipeline that fetches from an `https` address or sends to it.
    "transfer" Transfer from Code as "transfer" {
        /// What does it: `curl`, `wget`.
        program: Text,
        /// The host of the address.
        host: Text,
        /// The host is this machine or inside a private network.
        internal: Flag,
        /// The certificate of the host is checked.
        checked: Flag,
    }

    /// A secret written in a file. The secret itself is never kept: only a masked form.
    "secret" Secret from Code as "written key or password" {
        /// What it is: `OpenAI key`, `AWS access key`, `private key`, `password`.
        form: Text,
        /// What it opens: the service of an AI vendor, a cloud account, a service for developers, whatever trusts a key pair, a database.
        group: Choice("vendor", "cloud", "service", "private-key", "password"),
        /// Id of the AI vendor whose key it is; empty for none.
        vendor: Text,
        /// Its first characters and its last two.
        shown: Text,
        /// Where it stands.
        holder: Choice("code", "notebook-output", "environment-file", "container", "pipeline", "data-remote", "assistant", "configuration", "text"),
        /// The variable, key or argument that holds it.
        setting: Text,
        /// The value has the full form of a real key, rather than only a telling name.
        certain: Flag,
        /// Of what code assigns to the name of a password or API key: the value is so long and so disordered that only a machine makes it.
        machine_made: Flag,
    }

    /// A file that by its name holds secrets: `.env`, `.dvc/config.local`, a private key.
    "secret-file" SecretFile from Code as "file for secrets" {
        /// What it is.
        form: Choice("environment", "dvc-local-configuration", "private-key", "service-account"),
        /// It is tracked by git; unknown without a git repository.
        tracked: Flag,
        /// It holds at least one secret, not only names, placeholders and harmless settings.
        has_values: Flag,
    }

    /// An environment variable that is set in a container, compose file, workflow, manifest or in code; in manifests also the entries
    /// of secrets and configuration maps, in values of Helm those that are named like secrets; settings of Airflow under the
    /// names of their variables.
    "environment-variable" EnvironmentVariable from Code as "environment variable" {
        /// Its name.
        name: Text,
        /// Its value; masked when the name or value is a secret's, empty when it is set to nothing.
        value: Text,
        /// Where it is set.
        holder: Choice("code", "environment-file", "container", "compose", "kubernetes", "pipeline", "configuration"),
        /// The value is written out here, not taken from a secret store or another variable.
        literal: Flag,
        /// The name says that it is a secret.
        secret: Flag,
        /// It is a password that comes with a product, that everybody tries first, or that is its user's name (`postgres`, `minioadmin`).
        guessable: Flag,
        /// What it is set for is AI: the workload or the workflow.
        ai: Flag,
    }

    /// A place that keeps data: a bucket, a volume, a database, a DVC remote.
    "store" Store from Code as "data store" {
        /// Its name or resource address.
        name: Text,
        /// Whose service: aws, google, azure, dvc.
        provider: Text,
        /// Type as the file names it, such as `aws_s3_bucket`.
        resource: Text,
        /// What it keeps, told from its name and from what refers to it.
        role: Choice("training-data", "model", "log", "other"),
        /// Encryption at rest: with a key of one's own, with the provider's, turned off or not set where the provider does not do it by itself.
        encryption: Choice("own-key", "provider-key", "none"),
        /// Versions of objects are kept.
        versioned: Flag,
        /// Anybody may read it.
        public: Flag,
        /// It has an address on the internet, and no rule of a firewall that is seen here keeps anybody from trying it.
        internet: Flag,
        /// It is reached without encryption, or without checking the certificate.
        insecure_transport: Flag,
        /// Anybody may read it without signing in (DVC `allow_anonymous_login`).
        anonymous: Flag,
        /// Objects are deleted or moved after a time that is set.
        retention: Flag,
        /// Access is logged.
        access_logged: Flag,
    }

    /// A cloud service for AI that infrastructure code creates: an endpoint, a notebook, a workspace, an account.
    "ai-service" AiService from Documents as "cloud service for AI" {
        /// Its resource address.
        name: Text,
        /// Whose service.
        provider: Choice("aws", "google", "azure"),
        /// Type as the file names it, such as `aws_sagemaker_domain`.
        resource: Text,
        /// Id of the AI vendor in the catalogue whose service it is; empty for none.
        vendor: Text,
        /// What it is.
        service: Choice("endpoint", "notebook", "workspace", "model", "training", "account", "deployment", "agent", "search", "monitor", "logging", "guardrail", "registry", "other"),
        /// Encryption at rest.
        encryption: Choice("own-key", "provider-key", "none"),
        /// Traffic between the machines of a job is encrypted.
        traffic_encrypted: Flag,
        /// It can be reached from the internet.
        public: Flag,
        /// It can reach the internet by itself.
        internet: Flag,
        /// Its users work as root.
        root: Flag,
        /// Keys open it besides identities.
        local_keys: Flag,
        /// Its containers run without network.
        isolated: Flag,
        /// Requests and answers are captured or logged.
        captured: Flag,
        /// A guardrail is attached.
        guarded: Flag,
        /// Version of the model that it runs; empty when not set.
        model_version: Text,
        /// The provider may replace the model's version by itself.
        auto_upgrade: Flag,
    }

    /// An encryption key that infrastructure code creates.
    "key" Key from Code as "encryption key" {
        /// Its resource address.
        name: Text,
        /// Whose service.
        provider: Choice("aws", "google", "azure"),
        /// It is rotated by itself.
        rotated: Flag,
        /// An AI service or a store of AI data in the same module uses it.
        ai: Flag,
    }

    /// What takes calls from outside and hands them on: an API of an API gateway, the address of a function, an ingress of a cluster.
    "gateway" Gateway from Code as "API gateway" {
        /// Its resource address.
        name: Text,
        /// Whose service.
        provider: Choice("aws", "google", "azure", "kubernetes"),
        /// Type as the file names it, such as `aws_apigatewayv2_api`.
        resource: Text,
        /// It hands calls on to an AI service, or to a function that may use one.
        ai: Flag,
        /// Whoever calls it has to say who they are, by a key at least.
        authenticated: Flag,
        /// How often one may call is limited here, besides the limits that the provider has for everybody.
        throttled: Flag,
        /// Calls are written to a log.
        access_logged: Flag,
        /// It takes calls over TLS. Known of Kubernetes and Helm only.
        encrypted: Flag,
    }

    /// A rule of a firewall that lets addresses in to the port that an AI server is known by (8888 of Jupyter, 11434 of Ollama).
    "opened-port" OpenedPort from Code as "opened port" {
        /// The resource address or name of the rule, or of the group that holds it.
        name: Text,
        /// Whose service.
        provider: Choice("aws", "google", "azure"),
        /// Type as the file names it, such as `aws_security_group`; of a command its first words.
        resource: Text,
        /// The port.
        port: Text,
        /// The server that is known by it.
        server: Text,
        /// Every address is let in.
        everywhere: Flag,
    }

    /// Rights that infrastructure code or a manifest gives to somebody.
    "grant" Grant from Code as "grant of rights" {
        /// Its resource address or name.
        name: Text,
        /// Whose rights: aws, google, azure, kubernetes.
        provider: Text,
        /// Actions, roles or verbs.
        actions: List,
        /// What they apply to.
        resources: List,
        /// Every action, or every action of a service.
        any_action: Flag,
        /// Every resource.
        any_resource: Flag,
        /// The actions or role concern an AI service or its data.
        ai: Flag,
        /// It gives all rights of an AI service by a ready-made role (`AmazonSageMakerFullAccess`).
        full_access_role: Text,
    }

    /// Something that infrastructure code sets up to notice what is out of the ordinary.
    "detector" Detector from Documents as "detector of what is out of the ordinary" {
        /// Its resource address.
        name: Text,
        /// Whose service: aws, google, azure, databricks, datadog.
        provider: Text,
        /// Type as the file names it, such as `aws_guardduty_detector`.
        resource: Text,
        /// What it watches: all that happens in an account, stored data, a model and its data, requests, logs, metrics, cost.
        watches: Choice("account", "data", "model", "requests", "logs", "metrics", "cost"),
        /// It is switched on.
        on: Flag,
    }

    /// A place where infrastructure code or a policy of rights says whether a second factor (MFA) has to be shown.
    "second-factor" SecondFactor from Code as "rule about a second factor" {
        /// Its resource address; the file's name where a policy stands alone.
        name: Text,
        /// Type as the file names it, such as `aws_cognito_user_pool`; `aws_iam_policy` where a policy stands alone.
        resource: Text,
        /// What it guards: signing in to an application, signing in of an organisation's people, a role that somebody takes on, other
        /// rights, deleting for good.
        guards: Choice("application", "organisation", "role", "rights", "deletion"),
        /// Of whom it is asked: of everybody; of nobody who comes with an access key, which the author has overlooked; of those who like
        /// to; of nobody.
        asked: Choice("everybody", "sessions", "volunteers", "nobody"),
        /// What it guards leads to AI: a gateway to a model hands it on, an AI service names it.
        ai: Flag,
    }

    /// A container image that something runs or builds on.
    "image" Image from Code as "container image" {
        /// Reference as written.
        reference: Text,
        /// Name without tag and digest.
        name: Text,
        /// Tag; empty when not given.
        tag: Text,
        /// How it is fixed.
        pin: Choice("digest", "version", "latest", "none"),
        /// What names it.
        used_by: Choice("dockerfile", "compose", "kubernetes", "helm", "workflow", "pipeline", "infrastructure", "script"),
        /// It serves or trains models, or keeps their data, told from its name; or a Dockerfile of AI builds on it.
        ai: Flag,
    }

    /// A container that a Dockerfile, compose file or manifest describes or a script starts, or an AI server that a script starts on its machine.
    "workload" Workload from Code as "container" {
        /// Service or container name.
        name: Text,
        /// What describes it; `helm` for the values that a chart is installed with, `docker-run` for a container that a script starts.
        form: Choice("dockerfile", "compose", "kubernetes", "helm", "docker-run", "script"),
        /// The AI server that it runs, told from image and command: vllm, ollama, mlflow, jupyter, ...; empty for none.
        server: Text,
        /// What that server is for.
        role: Choice("model", "notebook", "vector-store", "search", "tracking", "compute", "gateway", "interface", "none"),
        /// It serves or trains models or keeps their data, told from its server, its image, its kind and the packages it installs.
        ai: Flag,
        /// Path of the Dockerfile that its image is built from; empty where it is fetched.
        builds: Text,
        /// It runs with all rights on its host.
        privileged: Flag,
        /// It runs as root.
        root: Flag,
        /// It shares its host's network.
        host_network: Flag,
        /// Folders of its host that it sees, where they give power over the host (the root, the docker socket).
        host_mounts: List,
        /// From where its ports can be reached; of a server on the machine itself, by the address that it listens at.
        published: Choice("everywhere", "host", "cluster", "none"),
        /// Its server asks who is there.
        authenticated: Flag,
        /// Why `authenticated` is what it is, or what was looked at.
        reason: Text,
        /// Code of the model's repository that its server is told to run (`--trust-remote-code`): none, that of a commit or folder that is
        /// named, or whatever stands there.
        foreign_code: Choice("none", "fixed", "floating"),
    }

    /// A pipeline: a workflow of GitHub Actions, the pipeline of another CI system, or one that makes a model (Kubeflow, Airflow, `SageMaker`, ...).
    "workflow" Workflow from Documents as "pipeline" {
        /// Its name.
        name: Text,
        /// What runs it.
        system: Choice("github", "gitlab", "azure", "circleci", "jenkins", "bitbucket", "codebuild", "cloudbuild", "mlflow", "kubeflow", "argo", "sagemaker", "airflow", "prefect", "metaflow", "zenml", "dagster", "flyte"),
        /// What starts it; unknown where the file does not say so.
        triggers: List,
        /// The token's rights at the top of the file; only GitHub Actions has them.
        permissions: Choice("none-set", "read", "scoped", "write-all"),
        /// It trains, evaluates, scans or deploys models, told from its steps.
        ai: Flag,
    }

    /// One step of a pipeline.
    "step" Step from Documents as "pipeline step" {
        /// Name, or the action or first command.
        name: Text,
        /// What runs it.
        system: Choice("github", "gitlab", "azure", "circleci", "jenkins", "bitbucket", "codebuild", "cloudbuild", "mlflow", "kubeflow", "argo", "sagemaker", "airflow", "prefect", "metaflow", "zenml", "dagster", "flyte"),
        /// File name of its workflow.
        workflow: Text,
        /// Its job or stage; empty where the system has none.
        job: Text,
        /// What others made and it runs, without version: an action, task, template, orb command or pipe; empty for a command.
        uses: Text,
        /// How that is fixed.
        pin: Choice("commit", "version", "tag", "branch", "none", "local"),
        /// Its version as written.
        version: Text,
        /// What it does, told from its commands, from what it uses, and where a pipeline gives nothing else from its name: train, evaluate, bias, red-team, model-scan, sign, monitor, register, deploy, audit, policy, secrets, guardrail, ...
        purposes: List,
        /// It deploys or publishes a model by the look of its commands; unknown for what may be a model as well as anything else.
        deploys_model: Flag,
        /// Model files in a form that can hold code (pickle, joblib, torch) that it hands on: uploads, releases, or keeps as artefact.
        model_files: List,
        /// Its failure stops the job; not so with `continue-on-error`, `allow_failure`, `if: false`, or `|| true` behind a command that checks something.
        blocking: Flag,
        /// The environment that it deploys to; empty when none is named.
        environment: Text,
        /// A person must agree before it runs (or before the model that it registers may be used), or starts it by hand; unknown where that is a setting outside of the file.
        approval: Flag,
        /// It checks out the code of a pull request from outside while holding the repository's rights. Known of GitHub Actions only.
        untrusted_checkout: Flag,
        /// It runs text that an outsider can write (`${{ github.event.issue.title }}`). Known of GitHub Actions only.
        untrusted_input: Flag,
        /// Its workflow trains, evaluates, scans or deploys models.
        ai: Flag,
        /// Its job can do harm: it holds write rights, secrets, or an identity in a cloud.
        privileged: Flag,
    }

    /// Something that a pipeline takes over from elsewhere as a whole: an included file, a template repository, an orb, a shared library.
    "pipeline-include" PipelineInclude from Code as "part that a pipeline takes over" {
        /// What is taken, without version.
        name: Text,
        /// What runs the pipeline.
        system: Choice("github", "gitlab", "azure", "circleci", "jenkins", "bitbucket", "codebuild", "cloudbuild", "mlflow", "kubeflow", "argo", "sagemaker", "airflow", "prefect", "metaflow", "zenml", "dagster", "flyte"),
        /// Its version as written; empty when none is given.
        version: Text,
        /// How it is fixed. `version` is a published one that cannot change; a `tag` can be moved; `branch` is a name that moves as a matter
        /// of course, parts of versions (`4.1`, `volatile`) included.
        pin: Choice("commit", "version", "tag", "branch", "none", "local"),
        /// The pipeline trains, evaluates, scans or deploys models.
        ai: Flag,
    }

    /// A stage of a DVC pipeline.
    "pipeline-stage" PipelineStage from Documents as "stage of a DVC pipeline" {
        /// Its name.
        name: Text,
        /// Its command, on one line; unknown when it is made from parameters.
        command: Text,
        /// It trains a model, told from name and command.
        trains: Flag,
        /// It names parameters that are tracked.
        parameters: Flag,
        /// It runs always, changed or not.
        always_runs: Flag,
    }

    /// A stage that a DVC lock file has recorded.
    "locked-stage" LockedStage from Documents as "stage of a DVC pipeline" {
        /// Its name, without the part after `@` that a matrix or loop adds.
        name: Text,
        /// The command that it was recorded with, on one line; unknown for a part of a matrix or loop.
        command: Text,
    }

    /// A file or folder that DVC keeps outside of git, with the checksum by which git knows it: an output of `dvc.lock`, the content of a
    /// `.dvc` file.
    "tracked-output" TrackedOutput from Code as "tracked output" {
        /// Its path from the root.
        name: Text,
        /// Its checksum as written; unknown where DVC knows only the store's own mark.
        hash: Text,
        /// What it is, told from its path and its stage.
        role: Choice("model", "data", "evaluation"),
        /// The stage that makes it; empty for a `.dvc` file.
        stage: Text,
    }

    /// A value that steers a training, in a file of parameters: `params.yaml`, `hyperparameters.json`, `training_args.toml`.
    "hyperparameter" Hyperparameter from Code as "hyperparameter" {
        /// Its name, with those around it before: `train.learning_rate`.
        name: Text,
        /// Its value as written; lists as `[a, b]`.
        value: Text,
    }

    /// A file that holds a prompt for a model, told from its path.
    "prompt" Prompt from Documents as "prompt" {
        /// Digest of its text without white space.
        digest: Text,
    }

    /// A file with results or cases of an evaluation, told from its path.
    "evaluation" Evaluation from Documents as "result of an evaluation" {
        /// What is evaluated: how well a model does, whether it treats groups alike, what prompts bring.
        kind: Choice("performance", "bias", "prompt"),
        /// Digest of its text without white space.
        digest: Text,
    }

    /// Data that is imported from another repository with DVC.
    "data-import" DataImport from Code as "data import" {
        /// Path of the imported data.
        name: Text,
        /// Address of the other repository.
        url: Text,
        /// Revision as written; empty when not given.
        revision: Text,
        /// The exact commit is recorded.
        locked: Flag,
    }

    /// A tool that checks models or data, and how far it is really used.
    "check-tool" CheckTool from Documents as "tool that checks models or data" {
        /// Its name.
        name: Text,
        /// What it checks.
        purpose: Choice("bias", "red-team", "evaluation", "monitoring", "data-quality", "privacy", "explainability", "guardrail", "model-scan", "signing", "secrets"),
        /// How it was seen, from weak to strong.
        form: Choice("dependency", "import", "hook", "test", "step"),
        /// It is imported, and no test, hook or step of a pipeline runs it.
        only_imported: Flag,
    }

    /// A model file, a pointer that stands for one, or an archive that holds some: told from its content, never loaded.
    "model-file" ModelFile from Code as "model file" {
        /// Its path; of a DVC pointer the path of what it tracks.
        name: Text,
        /// How it is written: `pickle` is also the old format of `PyTorch`, and an array of objects; `torch` its zip archive.
        format: Choice("pickle", "joblib", "torch", "safetensors", "gguf", "onnx", "hdf5", "keras", "tflite", "saved-model", "numpy", "numpy-archive", "skops", "archive"),
        /// Whether loading it runs code that stands in it: `code` for everything that holds a pickle or a `Lambda` layer.
        serialisation: Choice("safe", "code"),
        /// It is tracked by git; unknown without a git repository.
        tracked: Flag,
        /// Its size in bytes; of a pointer the size of what it points at.
        bytes: Number,
        /// Its size in words: `2.1 MB`.
        size: Text,
        /// Only a pointer is here, and the file is kept elsewhere.
        pointer: Choice("lfs", "dvc", "none"),
        /// The checksum in the pointer: `sha256:…`, `md5:…`; empty for none.
        hash: Text,
        /// It holds nothing but arrays of numbers, which may be data as well as weights.
        arrays: Flag,
        /// Layers of Keras that hold Python code.
        lambda_layers: List,
        /// Operations of its graph that read or write files, or run Python.
        file_operations: List,
        /// Paths outside of its folder that using it opens.
        outside_paths: List,
        /// It could be read to its end; what could not is reported as not assessed.
        whole: Flag,
    }

    /// A Python name that loading a model file would import.
    "pickle-import" PickleImport from Code as "pickle import" {
        /// The model file, with the member of an archive behind `!`.
        file: Text,
        /// The name with its module: `os.system`; `a computed name` when it is put together while the file is loaded.
        name: Text,
        /// The module; empty for a computed name.
        module: Text,
        /// What the catalogue says: harmless, able to run code or to reach files or the network, unknown, or computed, which no tool writes.
        verdict: Choice("allowed", "unknown", "dangerous", "computed"),
        /// Byte of the pickle at which it is imported.
        offset: Number,
    }

    /// A chat template, which is a program that runs with every request to the model.
    "chat-template" ChatTemplate from Code as "chat template" {
        /// Its name where there are several; empty for the only one.
        name: Text,
        /// What holds it.
        holder: Choice("gguf", "tokenizer", "template"),
        /// It reaches for the insides of Python, as no template has to.
        dangerous: Flag,
        /// What it reaches for: `__class__`, `|attr`, ...
        reaches: List,
    }

    /// A server of tools and data that an assistant or agent may use (Model Context Protocol).
    "mcp-server" McpServer from Code as "MCP server" {
        /// Its name in the file.
        name: Text,
        /// The assistant that reads the file; `any` where many do.
        assistant: Text,
        /// How it is reached: as a program that the assistant starts, or over the network.
        transport: Choice("stdio", "http", "sse"),
        /// The program that starts it; empty for one that is reached over the network.
        command: Text,
        /// The package or image that is run, without its version; the program itself where it runs neither.
        runs: Text,
        /// The version as written; empty for none.
        version: Text,
        /// How the version is fixed: `exact` is a version, a digest or a commit, `local` a program that is there already, `none` whatever is newest.
        pin: Choice("exact", "range", "none", "local"),
        /// Its address, without what may be secret; empty for a program.
        url: Text,
        /// The scheme of its address.
        scheme: Text,
        /// The host of its address.
        host: Text,
        /// The host is this machine or inside of a network.
        internal: Flag,
        /// Roots of whole disks or homes that it is given.
        broad_roots: List,
        /// A secret is written out in its environment, headers, arguments or address.
        secret: Flag,
        /// All of its tools run without asking.
        trusted: Flag,
    }

    /// What the settings of a coding assistant let it do without asking.
    "assistant-setting" AssistantSetting from Code as "settings of a coding assistant" {
        /// The assistant.
        assistant: Text,
        /// How much it asks, as written; empty when not set.
        mode: Text,
        /// It asks nothing at all.
        bypass: Flag,
        /// The setting by which it asks nothing; empty for none.
        bypass_setting: Text,
        /// What it may do without asking, as written.
        allow: List,
        /// Rules of these that let every command pass.
        unrestricted: List,
        /// Rules of these that let a program pass which runs any code: `Bash(python:*)`.
        interpreters: List,
        /// It starts every MCP server that the repository names.
        all_servers: Flag,
    }

    /// A file that tells a coding assistant or agent what to do: `CLAUDE.md`, `AGENTS.md`, rules, commands, skills.
    "agent-instructions" AgentInstructions from Code as "agent instructions" {
        /// The assistant that reads it; `any` where many do.
        assistant: Text,
        /// It holds text that people do not see.
        hidden: Flag,
    }

    /// Text in instructions that people do not see and models read.
    "hidden-text" HiddenText from Code as "hidden text" {
        /// The assistant that reads it; `any` where many do.
        assistant: Text,
        /// What hides it: tag characters, which spell out letters; controls of direction, which show text in another order; a run of invisible characters.
        form: Choice("tags", "direction", "invisible"),
        /// The characters, as `U+200B`.
        characters: List,
        /// How many there are in a row.
        length: Number,
    }

    /// A gateway through which programs ask models: the configuration of `LiteLLM`.
    "model-gateway" ModelGateway from Code as "gateway to models" {
        /// The product.
        name: Text,
        /// Names of the models that it gives.
        models: List,
        /// The key without which nobody may ask: none, the one of every example, or another.
        master_key: Choice("set", "example", "none"),
        /// Prompts and answers are kept in its database.
        prompts_stored: Flag,
    }

    /// A document or result that shows something for a time only, with its age: see also `documented-change`.
    "evidence" Evidence from Documents as "dated document or result" {
        /// What it is.
        kind: Choice("model-card", "dataset-card", "data-manifest", "evaluation", "bias-evaluation", "prompt-evaluation", "privacy-assessment", "impact-assessment", "risk-assessment", "risk-register", "threat-model", "incident-response", "model-inventory", "vendor-register", "ai-policy", "human-oversight", "retention", "ownership"),
        /// Its title.
        title: Text,
        /// The day up to which it is known to be kept: the later one of the day that it states itself and of its last edit in substance. An
        /// edit in substance changes more than white space, and is not one of a commit that modifies more than a hundred files.
        date: Date,
    }

    /// A thing that a document describes or assesses, and which of the two changed last. A document describes what lies in its folder and below,
    /// where no other of its kind is nearer; one that lies apart describes everything, when all of its kind lie there.
    "documented-change" DocumentedChange from Documents as "document beside what it describes" {
        /// What the document is.
        document: Choice("model-card", "dataset-card", "data-manifest", "evaluation", "bias-evaluation", "prompt-evaluation", "privacy-assessment", "impact-assessment", "risk-assessment", "risk-register", "threat-model", "incident-response", "model-inventory", "vendor-register", "ai-policy", "human-oversight", "retention", "ownership"),
        /// What it describes.
        thing: Choice("weights", "data", "data-manifest", "parameters", "prompt", "deployment", "dataset", "base-model"),
        /// Name or path of that thing.
        name: Text,
        /// The day up to which the document is known to be kept, as in `evidence`.
        documented: Date,
        /// The day on which the thing last changed in substance: its checksum, its values, its words.
        changed: Date,
        /// First digits of the commit that changed it; `uncommitted` for a change that is not in git yet.
        commit: Text,
        /// How many days after the document the thing changed; below zero when the document is the newer one.
        days: Number,
        /// For how many days the thing was there before the document was first written; below zero when the document came first. Only known
        /// of risk and impact assessments of deployments.
        ahead: Number,
        /// Which of the two the judged change has altered; unknown without `--changed` or `--staged`.
        range: Choice("thing", "document", "both", "none"),
    }

    /// A waiver: of the register, or written beside what it covers. Judged last, when it is known what each covers.
    "waiver" Waiver from Register as "waiver" {
        /// Where it is written: `[[waiver]]` of the settings, or a comment beside what it covers.
        form: Choice("register", "inline"),
        /// Id of the rule, or `family/*`.
        rule: Text,
        /// Pattern of the files that it covers; empty for an inline waiver, and for one that names a thing in any file.
        pattern: Text,
        /// The lasting name of the thing that it covers; empty for any.
        subject: Text,
        /// How many files of the repository it can reach.
        files: Number,
        /// It can reach every file.
        every_file: Flag,
        /// The highest level of the rules that it names.
        level: Choice("error", "warning", "note"),
        /// Why; empty when not said.
        reason: Text,
        /// Who decided; empty when not said.
        approver: Text,
        /// Where it was decided; empty when not said.
        ticket: Text,
        /// Last day that it counts; empty when not said.
        until: Date,
        /// Days from today to its last day; below zero when it is past.
        days_left: Number,
        /// Days from when its line was written, where history tells, else from today, to its last day.
        life: Number,
        /// The longest life that the settings allow a waiver of this level.
        longest_life: Number,
        /// How many findings it covers.
        findings: Number,
        /// It covers a finding. Unknown when this run has not judged all that it could cover, and when it is past.
        used: Flag,
        /// Who wrote its line, by git blame: `Name <email>`.
        author: Text,
        /// Its approver wrote its line.
        approver_is_author: Flag,
        /// Its approver owns every file in which it covers a finding, by CODEOWNERS.
        approver_owns: Flag,
        /// What is wrong with how it is written; empty when nothing is.
        fault: Text,
    }

    /// A thing that a change added, removed or altered, whatever file it stands in; only known with `--changed` or `--staged`. There is one
    /// for each field that is another now. A thing that only moved did not change.
    "change" Change from Run as "change" {
        /// The kind of fact that tells of the thing: `model-reference`, `metric`, `registered-vendor`, ...; `file` for a file as a whole.
        of: Text,
        /// The thing's lasting name; of a file its path.
        name: Text,
        /// What happened to it.
        how: Choice("added", "removed", "altered"),
        /// The field that is another now, `content` for a file; empty for what was added or removed.
        what: Text,
        /// What that field said before.
        before: Text,
        /// What it says now.
        after: Text,
        /// More than white space is another.
        substantive: Flag,
    }

    /// A file that sets this gate and that the judged files change; only known with `--policy-from`, by which the gate is held against the
    /// version of another commit.
    "policy-change" PolicyChange from Run as "policy change" {
        /// What it sets: levels, limits, register and waivers; the rules of an own pack; the text of the policy, and what
        /// is recorded of it; old findings; what is left out; waivers within the
        /// file, at their place.
        file: Choice("settings", "rules", "clauses", "baseline", "exclusions", "waivers"),
        /// What happens to it.
        how: Choice("added", "removed", "altered"),
        /// Who owns it by the CODEOWNERS file of that commit; empty when nobody is named.
        owners: List,
        /// Whose approval it needs, in words: the owners, or that nobody is named.
        approval: Text,
    }
}
