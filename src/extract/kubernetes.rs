//! Facts from Kubernetes manifests, custom resources included: `image`, `workload`, `environment-variable`, `secret`, `grant`,
//! `model-record`.

mod grant;
mod ray;
mod serving;
mod settings;

use super::Context;
use super::container::{self, Container};
use super::environment::{self, Given, Scope, Variable};
use super::helm;
use super::image::{self, OPEN, Reference};
use super::pipeline;
use crate::document::{Document, Entry, Node};
use crate::fact::{Choice, Facts, Field, Workload};
use crate::source::{SourceFile, Span};
use std::collections::HashSet;

/// How many nodes of a file are looked at, shared parts counted each time, and how many of one object at the least.
const NODE_LIMIT: usize = 2_000_000;
const NODES_AT_LEAST: usize = 10_000;

/// How many services of a file are held against each of its containers.
const SERVICE_LIMIT: usize = 500;

/// Kinds whose every container works on models.
const AI_KINDS: &[&str] = &[
    "InferenceService",
    "InferenceGraph",
    "ServingRuntime",
    "ClusterServingRuntime",
    "SeldonDeployment",
    "RayCluster",
    "RayJob",
    "RayService",
    "PyTorchJob",
    "TFJob",
    "MPIJob",
    "XGBoostJob",
    "PaddleJob",
    "JAXJob",
    "TrainJob",
    "ClusterTrainingRuntime",
    "TrainingRuntime",
    "Notebook",
    "Experiment",
    "Trial",
    "LLMInferenceService",
];

/// Kinds that describe other things than what runs.
const SCHEMA_KINDS: &[&str] =
    &["CustomResourceDefinition", "ConstraintTemplate", "Composition", "CompositeResourceDefinition"];

/// Sees the workloads and rights of a manifest.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let objects: Vec<&Node> = parsed.roots.iter().flat_map(members).collect();
    let is_service = |object: &&Node| kind(object) == "Service";
    let services: Vec<&Node> = objects.iter().copied().filter(is_service).take(SERVICE_LIMIT).collect();
    let nodes_of_each = NODE_LIMIT / objects.len().max(1);
    let kustomized = ["kustomization.yaml", "kustomization.yml", "Kustomization"]
        .iter()
        .any(|name| context.tree.beside(&file.path, name).is_some());
    let mut served = HashSet::new();
    for object in objects {
        let kind = kind(object);
        if SCHEMA_KINDS.contains(&kind) {
            continue;
        }
        grant::add(object, facts);
        settings::add(object, facts);
        serving::add(object, &mut served, facts);
        if matches!(kind, "HelmRelease" | "Application") {
            helm::extract_release(file, object, facts);
        }
        if pipeline::argo::KINDS.contains(&kind) {
            pipeline::argo::extract(file, object, context, facts);
        }
        let mut reader = Reader { file, object, services: &services, kustomized, seen: HashSet::new(), facts };
        // The model of a KServe predictor is a container whose image the runtime chooses.
        if let Some(predictor) = object.at("spec.predictor").filter(|_| kind == "InferenceService")
            && let Some((_, model)) = serving::model_of(predictor)
        {
            reader.container(Pod { spec: predictor, labels: None }, model);
        }
        object.walk(nodes_of_each.max(NODES_AT_LEAST), &mut |node, _| reader.visit(node));
    }
}

/// The object, or the members of a `List`.
fn members(root: &Node) -> Vec<&Node> {
    match root.get("items") {
        Some(items) if kind(root).ends_with("List") => items.items().iter().collect(),
        _ => vec![root],
    }
}

fn kind(object: &Node) -> &str {
    object.get("kind").and_then(Node::scalar).unwrap_or_default()
}

fn name(object: &Node) -> &str {
    let name = object.at("metadata.name").or_else(|| object.at("metadata.generateName"));
    name.and_then(Node::scalar).unwrap_or_default()
}

struct Reader<'a> {
    file: &'a SourceFile,
    object: &'a Node,
    services: &'a [&'a Node],
    /// A kustomization beside the file may replace tags.
    kustomized: bool,
    /// Containers that were seen: a pod is met twice, once through its template and once by itself.
    seen: HashSet<Span>,
    facts: &'a mut Facts,
}

/// What a container takes from the pod around it.
#[derive(Clone, Copy)]
struct Pod<'a> {
    spec: &'a Node,
    /// Labels that services select by.
    labels: Option<&'a Node>,
}

impl<'a> Reader<'a> {
    fn visit(&mut self, node: &'a Node) {
        if node.entries().is_empty() {
            return;
        }
        if let Some(spec) = node.get("spec").filter(|spec| is_pod(spec)) {
            self.pod(Pod { spec, labels: node.at("metadata.labels") });
        } else if is_pod(node) {
            self.pod(Pod { spec: node, labels: None });
        }
        // Templates of Argo and executors of Kubeflow pipelines hold one container each.
        for key in ["container", "script"] {
            if let Some(container) = node.get(key).filter(|container| container.has("image")) {
                self.container(Pod { spec: node, labels: None }, container);
            }
        }
        for key in ["initContainers", "sidecars"] {
            for container in node.get(key).map(Node::items).unwrap_or_default() {
                self.container(Pod { spec: node, labels: None }, container);
            }
        }
    }

    fn pod(&mut self, pod: Pod<'a>) {
        for key in ["containers", "initContainers", "ephemeralContainers"] {
            for container in pod.spec.get(key).map(Node::items).unwrap_or_default() {
                self.container(pod, container);
            }
        }
    }

    fn container(&mut self, pod: Pod<'a>, container: &'a Node) {
        // A patch that only names a container says nothing of what it runs.
        if container.entries().is_empty() || !self.seen.insert(container.span) {
            return;
        }
        let image = container.get("image");
        let reference = image.and_then(Node::scalar).map(|text| Reference::of(&image::resolve(text, &|_| None), text));
        if let (Some(image), Some(reference)) = (image, &reference) {
            self.add_image(image.span, reference);
        }
        let variables = variables(container.get("env"));
        let described = Container {
            image: reference.as_ref(),
            entrypoint: container::words_of(container.get("command")),
            arguments: container::words_of(container.get("args")),
            variables: &variables,
            more_variables: container.has("envFrom"),
            more_arguments: false,
            mounted: mounts(container)
                .filter_map(|mount| mount.get("mountPath")?.scalar().map(str::to_owned))
                .collect(),
            written: Vec::new(),
        };
        let mut recognised = container::recognise(&described, &self.file.text);
        if let Some(at) = ray::token_mode(self.object) {
            recognised.authenticated = Field::found(true, at);
            "`authOptions.mode` turns authentication on".clone_into(&mut recognised.reason);
        }
        let ai = recognised.is_ai()
            || reference.as_ref().is_some_and(Reference::is_ai)
            || AI_KINDS.contains(&kind(self.object))
            || wants_gpu(container);
        let known = ai || reference.as_ref().is_some_and(|reference| !reference.name.contains(OPEN));
        let ai: Field<bool> = if known { ai.into() } else { Field::default() };

        let own = container.get("name").and_then(Node::scalar).unwrap_or_default();
        let (kind, name) = (kind(self.object), name(self.object));
        let subject = [kind, name, own].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let shown = if own.is_empty() { name } else { own };
        let (host_mounts, mounts_at) = host_mounts(pod.spec, container);
        let at = container.get("name").or(image).map_or(container.span, |node| node.span);
        self.facts.add(
            subject.clone(),
            at,
            Workload {
                name: shown.into(),
                form: "kubernetes".into(),
                server: recognised.name(),
                role: recognised.role(),
                ai: ai.clone(),
                builds: "".into(),
                privileged: privileged(container),
                root: root(pod.spec, container),
                host_network: flag(pod.spec.get("hostNetwork")),
                host_mounts: Field { value: Some(host_mounts), at: mounts_at },
                published: self.published(pod, container),
                authenticated: recognised.authenticated,
                reason: recognised.reason.into(),
                foreign_code: recognised.foreign_code,
            },
        );
        let scope = Scope { name: &subject, holder: "kubernetes", secret_holder: "configuration", ai };
        environment::add(&variables, &scope, self.facts);
    }

    fn add_image(&mut self, at: Span, reference: &Reference) {
        // Kubeflow pipelines write this name where the image is chosen only when the pipeline runs.
        if reference.name.ends_with("should-be-overridden-during-runtime") {
            return;
        }
        let used_by = if pipeline::argo::KINDS.contains(&kind(self.object)) { "pipeline" } else { "kubernetes" };
        let fixed = matches!(reference.pin(), Some("digest"));
        if self.kustomized && !fixed {
            let mut reference = reference.clone();
            reference.tag = OPEN.to_string();
            reference.add(at, used_by, self.facts);
        } else {
            reference.add(at, used_by, self.facts);
        }
    }

    /// From where the container can be reached, as far as this file tells.
    fn published(&self, pod: Pod<'a>, container: &Node) -> Field<Choice> {
        if let Some(node) = pod.spec.get("hostNetwork").filter(|node| node.boolean() == Some(true)) {
            return Field::found("everywhere", node.span);
        }
        let ports = container.get("ports").map(Node::items).unwrap_or_default();
        let host_port = |port: &Node| {
            let loopback = port.get("hostIP").and_then(Node::scalar).is_some_and(|ip| ip.starts_with("127."));
            port.get("hostPort").filter(|_| !loopback).map(|node| node.span)
        };
        if let Some(at) = ports.iter().find_map(host_port) {
            return Field::found("everywhere", at);
        }
        if let Some(at) = ray::published_head(self.object, pod.spec) {
            return Field::found("everywhere", at);
        }
        let selecting = self.services.iter().filter(|service| selects(service, pod.labels));
        let open = selecting
            .filter_map(|service| service.at("spec.type"))
            .find(|service_type| matches!(service_type.scalar(), Some("LoadBalancer" | "NodePort")));
        match open {
            Some(service_type) => Field::found("everywhere", service_type.span),
            None => "cluster".into(),
        }
    }
}

fn is_pod(spec: &Node) -> bool {
    spec.get("containers").is_some_and(|containers| containers.items().iter().any(|item| !item.entries().is_empty()))
}

fn mounts(container: &Node) -> impl Iterator<Item = &Node> {
    container.get("volumeMounts").map(Node::items).unwrap_or_default().iter()
}

/// True when a service that is not kept inside the cluster's own network selects these labels.
fn selects(service: &Node, labels: Option<&Node>) -> bool {
    // A load balancer can be told to stay inside the private network.
    let annotations = service.at("metadata.annotations").map(Node::entries).unwrap_or_default();
    let internal = annotations.iter().any(|entry| {
        entry.key.contains("internal") && !matches!(entry.node.scalar(), Some("false" | "internet-facing"))
            || (entry.key.contains("load-balancer")
                && entry.node.scalar().is_some_and(|value| value.eq_ignore_ascii_case("internal")))
    });
    let selector = service.at("spec.selector").map(Node::entries).unwrap_or_default();
    let matched = |entry: &Entry| {
        let label = labels.and_then(|labels| labels.get(&entry.key)).and_then(Node::scalar);
        label.is_some() && label == entry.node.scalar()
    };
    !internal && !selector.is_empty() && selector.iter().all(matched)
}

/// A flag that is off when it is not there.
fn flag(node: Option<&Node>) -> Field<bool> {
    match node {
        Some(node) => Field { value: node.boolean(), at: Some(node.span) },
        None => false.into(),
    }
}

fn privileged(container: &Node) -> Field<bool> {
    flag(container.at("securityContext.privileged"))
}

/// The container's own settings count before those of its pod; without any the image decides.
fn root(pod: &Node, container: &Node) -> Field<bool> {
    let setting = |path: &str| container.at(path).or_else(|| pod.at(path));
    if let Some(user) = setting("securityContext.runAsUser") {
        return match user.scalar().and_then(|text| text.parse::<u64>().ok()) {
            Some(id) => Field::found(id == 0, user.span),
            None => Field::unresolved(user.span),
        };
    }
    match setting("securityContext.runAsNonRoot") {
        Some(node) if node.boolean() == Some(true) => Field::found(false, node.span),
        _ => Field::default(),
    }
}

/// Powerful folders of the host that the container mounts, and where the first is declared.
fn host_mounts(pod: &Node, container: &Node) -> (Vec<String>, Option<Span>) {
    let mounted: HashSet<&str> = mounts(container).filter_map(|mount| mount.get("name")?.scalar()).collect();
    let volumes = pod.get("volumes").map(Node::items).unwrap_or_default();
    let mut paths = Vec::new();
    let mut first = None;
    for volume in volumes {
        let name = volume.get("name").and_then(Node::scalar).unwrap_or_default();
        let Some(path) = volume.at("hostPath.path") else { continue };
        let Some(text) = path.scalar().filter(|text| container::is_powerful_path(text)) else { continue };
        if mounted.contains(name) {
            first.get_or_insert(path.span);
            paths.push(text.to_owned());
        }
    }
    (paths, first)
}

fn wants_gpu(container: &Node) -> bool {
    ["resources.limits", "resources.requests"].iter().any(|path| {
        let entries = container.at(path).map(Node::entries).unwrap_or_default();
        // `nvidia.com/gpu`, `amd.com/gpu`, `google.com/tpu`: zero of them is none.
        entries.iter().any(|entry| {
            (entry.key.ends_with("/gpu") || entry.key.ends_with("/tpu")) && entry.node.scalar() != Some("0")
        })
    })
}

/// Variables of a container's `env`.
fn variables(env: Option<&Node>) -> Vec<Variable<'_>> {
    let items = env.map(Node::items).unwrap_or_default();
    let variables = items.iter().filter_map(|item| {
        let name = item.get("name")?.scalar()?;
        let value = item.get("value");
        let given = value.and_then(Node::scalar).map_or(Given::Elsewhere, Given::written);
        Some(Variable { name, value: given, at: item.span, value_at: value.map_or(item.span, |value| value.span) })
    });
    variables.collect()
}

#[cfg(test)]
mod tests;
