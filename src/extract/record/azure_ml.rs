//! Facts from YAML of Azure Machine Learning: `ai-service`, `model-record`, `image`, `environment-variable`, `address`, `data-file`,
//! `detector`.

mod resource;

use super::source::Remote;
use crate::document::{Document, Node};
use crate::extract::code::is_internal;
use crate::extract::environment::{self, Given, Scope, Variable};
use crate::extract::image::{self, OPEN, Reference};
use crate::fact::{Address, Choice, DataFile, Detector, Facts, Field, ModelRecord};
use crate::source::{SourceFile, Span};
use std::collections::HashSet;

/// How many nodes of one file are looked through for environments.
const NODE_LIMIT: usize = 20_000;

/// Sees what one file creates; its schema says what that is.
pub(super) fn extract(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let Some(schema) = root.get("$schema").and_then(Node::text).map(schema_name) else { return };
    let asset = Asset { file, root, schema };
    resource::add(&asset, facts);
    match schema {
        "model" => registered_model(&asset, facts),
        "data" => data(&asset, facts),
        "environment" => image(root.get("image"), facts),
        _ if schema.ends_with("Deployment") => deployed_model(&asset, facts),
        _ => {}
    }
    if let Some(monitor) = root.entry("create_monitor") {
        let watches = Detector {
            name: asset.own_name().into(),
            provider: "azure".into(),
            resource: schema.into(),
            watches: "model".into(),
            on: true.into(),
        };
        facts.add(asset.subject(), monitor.key_span, watches);
    }
    environments(&asset, facts);
    if schema.ends_with("Job") {
        inputs(root, facts);
    }
}

/// One file of Azure Machine Learning.
struct Asset<'a> {
    file: &'a SourceFile,
    root: &'a Node,
    /// What it is: `managedOnlineEndpoint`.
    schema: &'a str,
}

impl Asset<'_> {
    /// The name that it gives itself, behind that of its endpoint for a deployment, or that of its file.
    fn name(&self) -> String {
        let endpoint = self.root.get("endpoint_name").and_then(Node::scalar);
        endpoint.map_or_else(|| self.own_name(), |endpoint| format!("{endpoint}/{}", self.own_name()))
    }

    fn own_name(&self) -> String {
        let given = ["name", "display_name", "experiment_name"].iter().find_map(|key| self.root.get(key)?.scalar());
        let stem = self.file.name().rsplit_once('.').map_or(self.file.name(), |(stem, _)| stem);
        given.filter(|name| !name.is_empty()).unwrap_or(stem).to_owned()
    }

    /// What it is and how it is called.
    fn subject(&self) -> String {
        format!("{}/{}", self.schema, self.name())
    }

    /// Where it is named, or what it is.
    fn place(&self) -> Span {
        let entry = self.root.entry("name").or_else(|| self.root.entry("$schema"));
        entry.map_or(self.root.span, |entry| entry.key_span.cover(entry.node.span))
    }
}

/// `managedOnlineEndpoint` of `https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json`.
fn schema_name(address: &str) -> &str {
    let last = address.rsplit('/').next().unwrap_or(address);
    last.split('.').next().unwrap_or(last)
}

fn text(node: Option<&Node>) -> Field<String> {
    match node.and_then(|node| Some((node.scalar()?, node.span))) {
        Some((text, at)) if is_open(text) => Field::unresolved(at),
        Some((text, at)) => Field::found(text, at),
        None => Field::known(""),
    }
}

/// True for text that only running a pipeline would complete.
fn is_open(text: &str) -> bool {
    image::resolve(text, &|_| None).contains(OPEN)
}

fn record(asset: &Asset<'_>, role: &'static str) -> ModelRecord {
    ModelRecord {
        form: "azure-ml".into(),
        role: role.into(),
        name: Field { value: Some(asset.name()), at: asset.root.get("name").map(|name| name.span) },
        version: "".into(),
        source: "".into(),
        scheme: "".into(),
        ..ModelRecord::default()
    }
}

fn registered_model(asset: &Asset<'_>, facts: &mut Facts) {
    let path = text(asset.root.get("path"));
    let run = path.value.as_deref().and_then(run_of).unwrap_or_default().to_owned();
    let version = text(asset.root.get("version"));
    let seen = ModelRecord {
        pin: match version.value.as_deref() {
            Some("") => "none".into(),
            Some(_) => "version".into(),
            None => Field::default(),
        },
        version,
        format: text(asset.root.get("type")),
        run: Field { value: Some(run), at: path.at },
        scheme: scheme_of(&path),
        source: path,
        ..record(asset, "registration")
    };
    facts.add(asset.subject(), asset.place(), seen);
}

/// The job of `azureml://jobs/NAME/outputs/...` or `runs:/ID/...`.
fn run_of(path: &str) -> Option<&str> {
    let after = path.strip_prefix("azureml://jobs/").or_else(|| path.strip_prefix("runs:/"))?;
    after.split('/').next()
}

fn scheme_of(address: &Field<String>) -> Field<String> {
    let scheme = address.value.as_deref().map(|text| text.split_once("://").map_or("", |(scheme, _)| scheme));
    Field { value: scheme.map(str::to_ascii_lowercase), at: address.at }
}

fn deployed_model(asset: &Asset<'_>, facts: &mut Facts) {
    let Some(entry) = asset.root.entry("model") else { return };
    let seen = if entry.node.entries().is_empty() {
        let Some(written) = entry.node.scalar().filter(|written| !written.is_empty()) else { return };
        let source = text(Some(&entry.node));
        let (version, pin) = if is_open(written) { (None, None) } else { version_of(written) };
        ModelRecord {
            version: Field { value: version.map(str::to_owned), at: Some(entry.node.span) },
            pin: Field { value: pin.map(Choice), at: Some(entry.node.span) },
            scheme: scheme_of(&source),
            source,
            ..record(asset, "serving")
        }
    } else {
        // Written out here: it is registered when the deployment is created.
        let path = text(entry.node.get("path"));
        ModelRecord {
            version: text(entry.node.get("version")),
            format: text(entry.node.get("type")),
            pin: "local".into(),
            scheme: scheme_of(&path),
            source: path,
            ..record(asset, "serving")
        }
    };
    facts.add(asset.subject(), entry.key_span, seen);
}

/// The version in a reference to a model, and how it fixes the model: `azureml:name:3`, `azureml:name@latest`, `azureml://registries/...`,
/// or a path.
fn version_of(reference: &str) -> (Option<&str>, Option<&'static str>) {
    if let Some(path) = reference.strip_prefix("azureml://") {
        let after = |part: &str| path.split_once(part).and_then(|(_, rest)| rest.split('/').next());
        return match (after("/versions/"), after("/labels/")) {
            (Some(version), _) => (Some(version), Some("version")),
            (_, Some(label)) => (Some(label), Some("latest")),
            _ => (None, None),
        };
    }
    let Some(name) = reference.strip_prefix("azureml:") else { return (Some(""), Some("local")) };
    match (name.split_once('@'), name.split_once(':')) {
        (Some((_, label)), _) => (Some(label), Some("latest")),
        (_, Some((_, version))) => (Some(version), Some("version")),
        _ => (Some(""), Some("none")),
    }
}

fn data(asset: &Asset<'_>, facts: &mut Facts) {
    let path = text(asset.root.get("path"));
    if path.value.as_deref().is_none_or(|path| !path.contains("://")) {
        return;
    }
    let file = DataFile {
        name: asset.name().into(),
        scheme: scheme_of(&path),
        url: path,
        contained: false.into(),
        ..DataFile::default()
    };
    facts.add(asset.subject(), asset.place(), file);
}

fn image(node: Option<&Node>, facts: &mut Facts) {
    if let Some(node) = node
        && let Some(text) = node.scalar()
    {
        Reference::of(&image::resolve(text, &|_| None), text).add(node.span, "pipeline", facts);
    }
}

/// Environments that are written out where they are used, and the variables of jobs and deployments.
fn environments(asset: &Asset<'_>, facts: &mut Facts) {
    let subject = asset.subject();
    // Aliases can repeat one part of a small file without end.
    let mut seen = HashSet::new();
    asset.root.walk(NODE_LIMIT, &mut |node, _| {
        image(node.get("environment").and_then(|environment| environment.get("image")), facts);
        let variables = node.get("environment_variables").filter(|variables| seen.insert(variables.span));
        let entries = variables.map(Node::entries).unwrap_or_default();
        let variables: Vec<Variable<'_>> = entries
            .iter()
            .map(|entry| Variable {
                name: &entry.key,
                value: entry.node.scalar().map_or(Given::Elsewhere, Given::written),
                at: entry.key_span.cover(entry.node.span),
                value_at: entry.node.span,
            })
            .collect();
        let scope = Scope { name: &subject, holder: "pipeline", secret_holder: "configuration", ai: true.into() };
        environment::add(&variables, &scope, facts);
    });
}

/// Data that a job fetches from an address.
fn inputs(root: &Node, facts: &mut Facts) {
    let mut seen = HashSet::new();
    root.walk(NODE_LIMIT, &mut |node, _| {
        for input in node.get("inputs").filter(|inputs| seen.insert(inputs.span)).map(Node::entries).unwrap_or_default()
        {
            let Some(path) = input.node.get("path") else { continue };
            let Some(remote) = path.text().and_then(Remote::of).filter(Remote::is_fetched) else { continue };
            let setting = format!("inputs.{}.path", input.key);
            let address = Address {
                url: Field::found(remote.shown(), path.span),
                internal: is_internal(&remote.host).into(),
                scheme: remote.scheme.into(),
                host: remote.host.into(),
                role: "data".into(),
                setting: setting.as_str().into(),
            };
            facts.add(setting, path.span, address);
        }
    });
}

#[cfg(test)]
mod tests;
