//! What Azure Machine Learning creates besides assets: endpoints, deployments, workspaces, computers, jobs.

use super::Asset;
use crate::document::Node;
use crate::fact::{AiService, Facts, Field};

/// Adds the `ai-service` that a file creates; assets (models, data, environments, components) are none.
pub(super) fn add(asset: &Asset<'_>, facts: &mut Facts) {
    let root = asset.root;
    let seen = match asset.schema {
        "managedOnlineEndpoint" => AiService {
            service: "endpoint".into(),
            local_keys: keys(root, true),
            public: switch(root, "public_network_access", Some(true)),
            ..AiService::default()
        },
        "kubernetesOnlineEndpoint" => {
            AiService { service: "endpoint".into(), local_keys: keys(root, true), ..AiService::default() }
        }
        "batchEndpoint" => {
            AiService { service: "endpoint".into(), local_keys: keys(root, false), ..AiService::default() }
        }
        "managedOnlineDeployment" | "kubernetesOnlineDeployment" => AiService {
            service: "deployment".into(),
            captured: captured(root),
            internet: switch(root, "egress_public_network_access", None),
            ..AiService::default()
        },
        schema if schema.ends_with("Deployment") => AiService { service: "deployment".into(), ..AiService::default() },
        "workspace" | "workspaceHub" | "hub" | "project" => AiService {
            service: "workspace".into(),
            public: switch(root, "public_network_access", None),
            encryption: root
                .entry("customer_managed_key")
                .map_or_else(|| "provider-key".into(), |entry| Field::found("own-key", entry.key_span)),
            ..AiService::default()
        },
        "computeInstance" => AiService {
            service: "notebook".into(),
            public: switch(root, "enable_node_public_ip", None),
            ..AiService::default()
        },
        "amlCompute" => AiService { service: "training".into(), ..AiService::default() },
        "registry" => AiService { service: "registry".into(), ..AiService::default() },
        "schedule" | "Schedule" if root.has("create_monitor") => {
            AiService { service: "monitor".into(), ..AiService::default() }
        }
        schema if schema.ends_with("Job") => AiService { service: "training".into(), ..AiService::default() },
        _ => return,
    };
    let seen = AiService { name: asset.name().into(), provider: "azure".into(), resource: asset.schema.into(), ..seen };
    facts.add(asset.subject(), asset.place(), seen);
}

/// Whether keys open an endpoint; `by_default` where nothing is written.
fn keys(root: &Node, by_default: bool) -> Field<bool> {
    let Some(mode) = root.get("auth_mode") else { return by_default.into() };
    match mode.scalar().map(str::to_ascii_lowercase).as_deref() {
        Some("key") => Field::found(true, mode.span),
        Some("aml_token" | "aad_token") => Field::found(false, mode.span),
        _ => Field::unresolved(mode.span),
    }
}

/// A setting that is `enabled` or `disabled`, or a flag.
fn switch(root: &Node, key: &str, by_default: Option<bool>) -> Field<bool> {
    let Some(node) = root.get(key) else { return Field { value: by_default, at: None } };
    let value = match node.scalar().map(str::to_ascii_lowercase).as_deref() {
        Some("enabled" | "true") => Some(true),
        Some("disabled" | "false") => Some(false),
        _ => None,
    };
    Field { value, at: Some(node.span) }
}

/// Whether requests and answers are collected: some collection is on.
fn captured(root: &Node) -> Field<bool> {
    let Some(entry) = root.entry("data_collector") else { return false.into() };
    let collections = entry.node.get("collections").map(Node::entries).unwrap_or_default();
    let is_on = |collection: &Node| collection.get("enabled").and_then(Node::boolean);
    if collections.iter().any(|collection| is_on(&collection.node) == Some(true)) {
        Field::found(true, entry.key_span)
    } else if collections.iter().all(|collection| is_on(&collection.node) == Some(false)) {
        Field::found(false, entry.key_span)
    } else {
        Field::unresolved(entry.key_span)
    }
}
