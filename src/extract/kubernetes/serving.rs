//! Models that custom resources serve: `model-record`, and `model-reference` for those of the hub.

use super::{kind, name};
use crate::document::Node;
use crate::extract::container::words_of;
use crate::extract::record::source::Source;
use crate::fact::{Facts, Field, ModelRecord};
use crate::source::Span;
use std::collections::HashSet;

/// Keys of a KServe predictor that hold a model, named after its framework; `model` says the framework itself.
const FRAMEWORKS: &[&str] = &[
    "model",
    "sklearn",
    "xgboost",
    "tensorflow",
    "pytorch",
    "onnx",
    "triton",
    "lightgbm",
    "pmml",
    "paddle",
    "huggingface",
];

/// Adds the models that an object serves. `seen` holds the places that were met before in the file: aliases can repeat one part of it
/// without end.
pub(super) fn add(object: &Node, seen: &mut HashSet<Span>, facts: &mut Facts) {
    let mut served = Served { object, seen, facts };
    let group = object.get("apiVersion").and_then(Node::scalar).and_then(|version| version.split('/').next());
    match (group.unwrap_or_default(), kind(object)) {
        ("serving.kserve.io" | "serving.kubeflow.org", "InferenceService") => served.inference_service(),
        ("serving.kserve.io", "LLMInferenceService") => served.language_model_service(),
        ("serving.kserve.io" | "serving.kubeflow.org", "TrainedModel") => served.trained_model(),
        ("machinelearning.seldon.io", "SeldonDeployment") => served.seldon_deployment(),
        ("mlops.seldon.io", "Model" | "Explainer") => served.seldon_model(),
        _ => {}
    }
}

/// The model of a predictor and the key that holds it.
pub(super) fn model_of(predictor: &Node) -> Option<(&'static str, &Node)> {
    FRAMEWORKS.iter().find_map(|key| Some((*key, predictor.get(key).filter(|model| !model.entries().is_empty())?)))
}

/// What one object serves.
struct Served<'a, 'b> {
    object: &'a Node,
    seen: &'b mut HashSet<Span>,
    facts: &'b mut Facts,
}

impl<'a> Served<'a, '_> {
    fn record(&self, form: &'static str) -> ModelRecord {
        let named = self.object.at("metadata.name").or_else(|| self.object.at("metadata.generateName"));
        ModelRecord {
            form: form.into(),
            role: "serving".into(),
            name: named.map_or_else(|| "".into(), text_field),
            version: "".into(),
            source: "".into(),
            scheme: "".into(),
            ..ModelRecord::default()
        }
    }

    fn push(&mut self, at: Span, mut record: ModelRecord, source: Option<Source>) {
        let subject = format!("{}/{}", kind(self.object), name(self.object));
        if let Some(source) = source {
            source.add_reference(&subject, kind(self.object), self.facts);
            source.fill(&mut record);
        }
        self.facts.add(subject, at, record);
    }

    /// The items of a list, unless they were met before.
    fn items(&mut self, list: Option<&'a Node>) -> &'a [Node] {
        list.filter(|list| self.seen.insert(list.span)).map(Node::items).unwrap_or_default()
    }

    fn inference_service(&mut self) {
        let Some(entry) = self.object.get("spec").and_then(|spec| spec.entry("predictor")) else { return };
        let predictor = &entry.node;
        let (framework, model) = model_of(predictor).unwrap_or(("", predictor));
        let mut seen = self.record("kserve");
        seen.format = match model.at("modelFormat.name") {
            Some(format) => text_field(format),
            None if framework == "model" => "".into(),
            None => framework.into(),
        };
        seen.logged = if is_model_mesh(self.object) {
            // Its controller passes the logger over.
            Field::default()
        } else {
            let logger = predictor.entry("logger");
            logger.map_or_else(|| false.into(), |logger| Field::found(true, logger.key_span))
        };
        seen.service_account = service_account(predictor);
        let several = self.items(model.get("storageUris").or_else(|| predictor.get("storageUris")));
        let mut sources: Vec<Source> = several.iter().filter_map(|one| Source::of(one.get("uri")?)).collect();
        sources.extend(model.get("storageUri").and_then(Source::of));
        if sources.is_empty() {
            let source = repository_argument(model);
            self.push(entry.key_span, seen, source);
            return;
        }
        for source in sources {
            self.push(entry.key_span, seen.clone(), Some(source));
        }
    }

    fn language_model_service(&mut self) {
        let Some(entry) = self.object.get("spec").and_then(|spec| spec.entry("model")) else { return };
        let mut seen = self.record("kserve");
        if let Some(pod) = self.object.at("spec.template").filter(|pod| pod.has("serviceAccountName")) {
            seen.service_account = service_account(pod);
        }
        for adapter in self.items(entry.node.at("lora.adapters")) {
            let source = adapter.get("uri").and_then(Source::of);
            self.push(adapter.span, seen.clone(), source);
        }
        self.push(entry.key_span, seen, entry.node.get("uri").and_then(Source::of));
    }

    fn trained_model(&mut self) {
        let Some(entry) = self.object.get("spec").and_then(|spec| spec.entry("model")) else { return };
        let mut seen = self.record("kserve");
        seen.format = entry.node.get("framework").map_or_else(|| "".into(), text_field);
        self.push(entry.key_span, seen, entry.node.get("storageUri").and_then(Source::of));
    }

    fn seldon_deployment(&mut self) {
        let predictors = self.items(self.object.at("spec.predictors"));
        let mut ahead: Vec<&Node> = predictors.iter().filter_map(|predictor| predictor.get("graph")).collect();
        while let Some(graph) = ahead.pop() {
            ahead.extend(self.items(graph.get("children")));
            let Some(source) = graph.get("modelUri").and_then(Source::of) else { continue };
            let mut seen = self.record("seldon");
            seen.format = graph.get("implementation").map_or_else(|| "".into(), text_field);
            let logger = graph.entry("logger");
            seen.logged = logger.map_or_else(|| false.into(), |logger| Field::found(true, logger.key_span));
            let at = graph.entry("name").map_or(graph.span, |name| name.key_span);
            self.push(at, seen, Some(source));
        }
    }

    fn seldon_model(&mut self) {
        let Some(spec) = self.object.get("spec") else { return };
        let mut seen = self.record("seldon");
        seen.version = spec.get("artifactVersion").map_or_else(|| "".into(), text_field);
        // What the model needs of its server begins with its framework.
        let needs = spec.get("requirements").and_then(|all| all.items().first());
        seen.format = spec.get("modelType").or(needs).map_or_else(|| "".into(), text_field);
        if let Some(logger) = spec.entry("logger") {
            seen.logged = Field::found(true, logger.key_span);
        }
        let Some(entry) = spec.entry("storageUri") else { return };
        self.push(entry.key_span, seen, Source::of(&entry.node));
    }
}

fn text_field(node: &Node) -> Field<String> {
    match node.scalar() {
        Some(text) if !text.contains("{{") => Field::found(text, node.span),
        Some(_) => Field::unresolved(node.span),
        None => Field::known(""),
    }
}

fn is_model_mesh(object: &Node) -> bool {
    let annotations = object.at("metadata.annotations");
    let mode = annotations.and_then(|all| all.get("serving.kserve.io/deploymentMode")).and_then(Node::scalar);
    mode.is_some_and(|mode| mode.eq_ignore_ascii_case("ModelMesh"))
}

/// The account of a pod; unknown where its token is not handed to the pod, so that nothing can be done with it.
fn service_account(pod: &Node) -> Field<String> {
    if pod.get("automountServiceAccountToken").and_then(Node::boolean) == Some(false) {
        return Field::default();
    }
    pod.get("serviceAccountName").map_or_else(|| "".into(), text_field)
}

/// The repository that the server of Hugging Face is told by its arguments.
fn repository_argument(model: &Node) -> Option<Source> {
    let words = words_of(model.get("args"));
    let value = |names: [&str; 2]| {
        words.iter().enumerate().find_map(|(index, word)| {
            let (name, attached) = match word.text.split_once('=') {
                Some((name, value)) => (name, Some((value.to_owned(), word.span))),
                None => (word.text.as_str(), None),
            };
            let is_it = name.strip_prefix("--").is_some_and(|name| names.contains(&name));
            let next = || words.get(index + 1).map(|word| (word.text.clone(), word.span));
            if is_it { attached.or_else(next) } else { None }
        })
    };
    let (id, at) = value(["model_id", "model-id"])?;
    let (revision, _) = value(["model_revision", "model-revision"]).unwrap_or_default();
    Some(Source::of_repository(&id, &revision, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::yaml::parse;

    fn rows(text: &str, fields: &[&str]) -> Vec<String> {
        let mut facts = Facts::of(&"a.yaml".into());
        for root in &parse(text).roots {
            add(root, &mut HashSet::new(), &mut facts);
        }
        let records = facts.all.iter().filter(|fact| fact.kind.spec().name == "model-record");
        records.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join("|")).collect()
    }

    const SERVICE: &str = "\u{feff}apiVersion: serving.kserve.io/v1beta1\r\nkind: InferenceService\r\nmetadata:\r\n  name: añejo\r\nspec:\r\n  predictor:\r\n    \
        logger: {mode: all, url: 'http://sink'}\r\n    serviceAccountName: reader\r\n    model:\r\n      modelFormat: {name: sklearn}\r\n      \
        storageUri: http://models.example.com/m\r\n";

    const FIELDS: &[&str] =
        &["form", "name", "source", "scheme", "pin", "format", "logged", "service_account", "internal"];

    #[test]
    fn inference_services_say_what_they_serve_and_how() {
        assert_eq!(
            rows(SERVICE, FIELDS),
            ["kserve|añejo|http://models.example.com/m|http|unknown|sklearn|yes|reader|no"]
        );
        let older = "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: old}\nspec:\n  predictor:\n    \
            sklearn: {storageUri: 'oci://r.io/m:latest'}\n";
        assert_eq!(rows(older, FIELDS), ["kserve|old|oci://r.io/m:latest|oci|latest|sklearn|no||unknown"]);
        let custom = "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: own}\nspec:\n  predictor:\n    \
            containers: [{name: c, image: i}]\n";
        assert_eq!(rows(custom, FIELDS), ["kserve|own|||unknown||no||unknown"]);
    }

    #[test]
    fn every_place_is_the_one_that_it_belongs_to() {
        let mut facts = Facts::of(&"a.yaml".into());
        add(parse(SERVICE).root().unwrap(), &mut HashSet::new(), &mut facts);
        let record = &facts.all[0];
        let shown = |field: &str| record.location_of(field).span().unwrap().text(SERVICE).to_owned();
        assert_eq!(shown("source"), "http://models.example.com/m");
        assert_eq!(shown("logged"), "logger");
        assert_eq!(record.at.span().unwrap().text(SERVICE), "predictor");
    }

    #[test]
    fn repositories_of_the_hub_become_references_too() {
        let text = "apiVersion: serving.kserve.io/v1alpha1\nkind: LLMInferenceService\nmetadata: {name: llm}\nspec:\n  model:\n    uri: hf://org/name\n    \
            lora: {adapters: [{name: a, uri: 'hf://org/lora:607a30d783dfa663caf39e06633721c8d4cfcd7e'}]}\n---\n\
            apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: hf}\nspec:\n  predictor:\n    model:\n      \
            modelFormat: {name: huggingface}\n      args: [--model_name=x, --model_id=org/other, --model_revision, v2]\n";
        let mut facts = Facts::of(&"a.yaml".into());
        for root in &parse(text).roots {
            add(root, &mut HashSet::new(), &mut facts);
        }
        let references = facts.all.iter().filter(|fact| fact.kind.spec().name == "model-reference");
        let seen: Vec<_> = references
            .map(|fact| ["id", "revision", "pin", "loader"].map(|field| fact.text(field)).join("|"))
            .collect();
        assert_eq!(
            seen,
            [
                "org/lora|607a30d783dfa663caf39e06633721c8d4cfcd7e|commit|LLMInferenceService",
                "org/name||none|LLMInferenceService",
                "org/other|v2|name|InferenceService"
            ]
        );
        assert_eq!(rows(text, &["name", "scheme", "pin"]), ["llm|hf|digest", "llm|hf|none", "hf|hf|version"]);
    }

    #[test]
    fn seldons_models_are_found_in_both_versions() {
        let text = "apiVersion: machinelearning.seldon.io/v1\nkind: SeldonDeployment\nmetadata: {name: income}\nspec:\n  predictors:\n  - graph:\n      \
            name: combine\n      children:\n      - {name: a, implementation: SKLEARN_SERVER, modelUri: 'gs://b/a', logger: {mode: all}}\n      \
            - {name: b, implementation: XGBOOST_SERVER, modelUri: 's3://b/b'}\n---\n\
            apiVersion: mlops.seldon.io/v1alpha1\nkind: Model\nmetadata: {name: iris}\nspec:\n  storageUri: \"gs://b/iris\"\n  \
            requirements:\n  - sklearn\n  artifactVersion: 2\n";
        assert_eq!(
            rows(text, &["form", "name", "version", "source", "format", "logged"]),
            [
                "seldon|income||s3://b/b|XGBOOST_SERVER|no",
                "seldon|income||gs://b/a|SKLEARN_SERVER|yes",
                "seldon|iris|2|gs://b/iris|sklearn|unknown"
            ]
        );
    }

    #[test]
    fn aliases_do_not_multiply_what_is_seen() {
        let uris = "{uri: 's3://b/m'}, ".repeat(1_000);
        let object = "{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, spec: {predictor: {<<: *p}}}";
        let text =
            format!("p: &p {{model: {{storageUris: [{uris}]}}}}\nitems: [{}]", format!("{object}, ").repeat(1_000));
        let mut facts = Facts::of(&"a.yaml".into());
        let document = parse(&text);
        let mut seen = HashSet::new();
        for object in document.root().unwrap().get("items").unwrap().items() {
            add(object, &mut seen, &mut facts);
        }
        assert_eq!(facts.all.len(), 1_999);
    }

    #[test]
    fn what_holds_a_model_may_have_any_type() {
        for value in ["1", "x", "[]", "{}", "[[1]]", "null", "{name: []}", "'{{ .Values.x }}'"] {
            for group in ["serving.kserve.io/v1beta1", "machinelearning.seldon.io/v1", "mlops.seldon.io/v1alpha1"] {
                for kind in ["InferenceService", "LLMInferenceService", "TrainedModel", "SeldonDeployment", "Model"] {
                    for spec in [
                        format!("spec: {value}"),
                        format!(
                            "spec: {{predictor: {value}, model: {value}, predictors: {value}, storageUri: {value}}}"
                        ),
                        format!(
                            "spec: {{predictor: {{model: {value}, logger: {value}}}, predictors: [{{graph: {value}}}]}}"
                        ),
                        format!(
                            "spec: {{predictor: {{model: {{storageUri: {value}, storageUris: {value}, args: {value}, env: {value}}}}}}}"
                        ),
                        format!("spec: {{model: {{uri: {value}, lora: {value}}}}}\nspec: {{model: {{uri: {value}}}}}"),
                    ] {
                        let _ =
                            rows(&format!("apiVersion: {group}\nkind: {kind}\nmetadata: {value}\n{spec}\n"), FIELDS);
                    }
                }
            }
        }
    }
}
