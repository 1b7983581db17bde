//! Models that custom resources serve: `model-record`, and `model-reference` for those of the hub.

use super::{kind, name, variables};
use crate::document::Node;
use crate::extract::container::words_of;
use crate::extract::environment::{self, Scope};
use crate::extract::record::source::Source;
use crate::fact::{Facts, Field, ModelRecord};
use crate::source::Span;

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

/// How many nodes of an inference graph are looked at.
const GRAPH_LIMIT: usize = 1_000;

/// Adds the models that an object serves.
pub(super) fn add(object: &Node, facts: &mut Facts) {
    let group = object.get("apiVersion").and_then(Node::scalar).and_then(|version| version.split('/').next());
    match (group.unwrap_or_default(), kind(object)) {
        ("serving.kserve.io" | "serving.kubeflow.org", "InferenceService") => inference_service(object, facts),
        ("serving.kserve.io", "LLMInferenceService") => language_model_service(object, facts),
        ("serving.kserve.io" | "serving.kubeflow.org", "TrainedModel") => trained_model(object, facts),
        ("machinelearning.seldon.io", "SeldonDeployment") => seldon_deployment(object, facts),
        ("mlops.seldon.io", "Model" | "Explainer") => seldon_model(object, facts),
        _ => {}
    }
}

fn record(object: &Node, form: &'static str) -> ModelRecord {
    let named = object.at("metadata.name").or_else(|| object.at("metadata.generateName"));
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

fn text_field(node: &Node) -> Field<String> {
    match node.scalar() {
        Some(text) if !text.contains("{{") => Field::found(text, node.span),
        Some(_) => Field::unresolved(node.span),
        None => Field::known(""),
    }
}

fn push(object: &Node, at: Span, mut record: ModelRecord, source: Option<Source>, facts: &mut Facts) {
    let subject = format!("{}/{}", kind(object), name(object));
    if let Some(source) = source {
        source.add_reference(&subject, kind(object), facts);
        source.fill(&mut record);
    }
    facts.add(subject, at, record);
}

fn inference_service(object: &Node, facts: &mut Facts) {
    let Some(entry) = object.get("spec").and_then(|spec| spec.entry("predictor")) else { return };
    let predictor = &entry.node;
    let (framework, model) =
        FRAMEWORKS.iter().find_map(|key| Some((*key, predictor.get(key)?))).unwrap_or(("", predictor));
    let mut seen = record(object, "kserve");
    seen.format = match model.at("modelFormat.name") {
        Some(format) => text_field(format),
        None if framework == "model" => "".into(),
        None => framework.into(),
    };
    seen.logged = if is_model_mesh(object) {
        // Its controller passes the logger over.
        Field::default()
    } else {
        let logger = predictor.entry("logger");
        logger.map_or_else(|| false.into(), |logger| Field::found(true, logger.key_span))
    };
    seen.service_account = service_account(predictor);
    if let Some(env) = model.get("env") {
        let subject = format!("{}/{}/{framework}", kind(object), name(object));
        let scope = Scope { name: &subject, holder: "kubernetes", secret_holder: "configuration", ai: true.into() };
        environment::add(&variables(Some(env)), &scope, facts);
    }
    let several = model.get("storageUris").or_else(|| predictor.get("storageUris")).map(Node::items);
    let mut sources: Vec<Source> =
        several.unwrap_or_default().iter().filter_map(|one| Source::of(one.get("uri")?)).collect();
    sources.extend(model.get("storageUri").and_then(Source::of));
    if sources.is_empty() {
        let source = repository_argument(model);
        push(object, entry.key_span, seen, source, facts);
        return;
    }
    for source in sources {
        push(object, entry.key_span, seen.clone(), Some(source), facts);
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

fn language_model_service(object: &Node, facts: &mut Facts) {
    let Some(entry) = object.get("spec").and_then(|spec| spec.entry("model")) else { return };
    let mut seen = record(object, "kserve");
    if let Some(pod) = object.at("spec.template").filter(|pod| pod.has("serviceAccountName")) {
        seen.service_account = service_account(pod);
    }
    let adapters = entry.node.at("lora.adapters").map(Node::items).unwrap_or_default();
    for adapter in adapters {
        let source = adapter.get("uri").and_then(Source::of);
        push(object, adapter.span, seen.clone(), source, facts);
    }
    push(object, entry.key_span, seen, entry.node.get("uri").and_then(Source::of), facts);
}

fn trained_model(object: &Node, facts: &mut Facts) {
    let Some(entry) = object.get("spec").and_then(|spec| spec.entry("model")) else { return };
    let mut seen = record(object, "kserve");
    seen.format = entry.node.get("framework").map_or_else(|| "".into(), text_field);
    push(object, entry.key_span, seen, entry.node.get("storageUri").and_then(Source::of), facts);
}

fn seldon_deployment(object: &Node, facts: &mut Facts) {
    let predictors = object.at("spec.predictors").map(Node::items).unwrap_or_default();
    let mut ahead: Vec<&Node> = predictors.iter().filter_map(|predictor| predictor.get("graph")).collect();
    let mut left = GRAPH_LIMIT;
    while let Some(graph) = ahead.pop() {
        let Some(fewer) = left.checked_sub(1) else { return };
        left = fewer;
        ahead.extend(graph.get("children").map(Node::items).unwrap_or_default());
        let Some(source) = graph.get("modelUri").and_then(Source::of) else { continue };
        let mut seen = record(object, "seldon");
        seen.format = graph.get("implementation").map_or_else(|| "".into(), text_field);
        let logger = graph.entry("logger");
        seen.logged = logger.map_or_else(|| false.into(), |logger| Field::found(true, logger.key_span));
        let at = graph.entry("name").map_or(graph.span, |name| name.key_span);
        push(object, at, seen, Some(source), facts);
    }
}

fn seldon_model(object: &Node, facts: &mut Facts) {
    let Some(spec) = object.get("spec") else { return };
    let mut seen = record(object, "seldon");
    seen.version = spec.get("artifactVersion").map_or_else(|| "".into(), text_field);
    // What the model needs of its server begins with its framework.
    let needs = spec.get("requirements").and_then(|all| all.items().first());
    seen.format = spec.get("modelType").or(needs).map_or_else(|| "".into(), text_field);
    if let Some(logger) = spec.entry("logger") {
        seen.logged = Field::found(true, logger.key_span);
    }
    let Some(entry) = spec.entry("storageUri") else { return };
    push(object, entry.key_span, seen, Source::of(&entry.node), facts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::yaml::parse;

    fn rows(text: &str, fields: &[&str]) -> Vec<String> {
        let mut facts = Facts::of(&"a.yaml".into());
        for root in &parse(text).roots {
            add(root, &mut facts);
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
        add(parse(SERVICE).root().unwrap(), &mut facts);
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
            add(root, &mut facts);
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
