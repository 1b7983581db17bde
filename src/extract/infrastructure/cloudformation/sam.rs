//! What SAM adds to a template by itself: settings for all resources of a type, and APIs that functions only name as events.

use super::super::module::Resource;
use crate::document::{Entry, Node, Value};
use std::rc::Rc;

/// An API that SAM makes where a function has an event of this type and names no API for it.
pub struct ImplicitApi {
    /// The logical id that SAM gives it.
    pub name: &'static str,
    event: &'static str,
    reference: &'static str,
    kind: &'static str,
    written_kind: &'static str,
    global: &'static str,
}

/// One for each form of API.
pub const IMPLICIT_APIS: &[ImplicitApi] = &[
    ImplicitApi {
        name: "ServerlessRestApi",
        event: "Api",
        reference: "rest_api_id",
        kind: "aws_serverless_api",
        written_kind: "AWS::Serverless::Api",
        global: "api",
    },
    ImplicitApi {
        name: "ServerlessHttpApi",
        event: "HttpApi",
        reference: "api_id",
        kind: "aws_serverless_http_api",
        written_kind: "AWS::Serverless::HttpApi",
        global: "http_api",
    },
];

/// Sets what `Globals` (its properties already named as in Terraform) say for all resources of a type, and adds the APIs that
/// are made by themselves.
pub fn complete(resources: &mut Vec<Resource>, globals: &Node) {
    for resource in resources.iter_mut() {
        let Some(kind) = resource.kind.strip_prefix("aws_serverless_") else { continue };
        let Some(shared) = globals.get(kind).filter(|shared| !shared.entries().is_empty()) else { continue };
        // Of two entries of one name the last counts: the resource's own.
        let entries = shared.entries().iter().chain(resource.body.entries()).cloned().collect();
        resource.body = Node::new(resource.body.span, Value::Map(entries));
    }
    for api in IMPLICIT_APIS {
        let calling = resources.iter().filter(|it| &*it.kind == "aws_serverless_function");
        let events = calling.filter_map(|it| it.body.get("events")).flat_map(Node::entries);
        let Some(event) = events.into_iter().find(|event| calls(api, event)) else { continue };
        let body =
            globals.get(api.global).cloned().unwrap_or_else(|| Node::new(event.node.span, Value::Map([].into())));
        let name: Rc<str> = api.name.into();
        let implicit = Resource {
            file: 0,
            kind: api.kind.into(),
            written_kind: api.written_kind.into(),
            label: Rc::clone(&name),
            address: format!("{}.{name}", api.kind).into(),
            name,
            at: event.key_span,
            body,
        };
        resources.push(implicit);
    }
}

fn calls(api: &ImplicitApi, event: &Entry) -> bool {
    event.node.get("type").and_then(Node::text) == Some(api.event)
        && event.node.get("properties").is_none_or(|properties| !properties.has(api.reference))
}
