//! Reads the files of one Terraform folder into what they declare.
//!
//! A variable counts as what its callers in the repository give, as what `terraform.tfvars` or `*.auto.tfvars` beside it give, or
//! else as its default: that is what the repository itself says. It is unknown without a default, with a default of `null` or `""`
//! (they ask the caller), or when other `*.tfvars` files set it. So is a conditional, or anything in a `dynamic` block.

use super::module::{Call, Declarations, Resource, Variable};
use crate::document::{Document, Entry, FileKind, Node, Value};
use crate::source::{SourceFile, folder};
use std::rc::Rc;

/// What a call of a module says besides the values of its variables.
const META_ARGUMENTS: &[&str] = &["source", "version", "providers", "count", "for_each", "depends_on"];

/// Gathers what the files declare.
pub fn read(files: &[&(SourceFile, FileKind, Document)]) -> Declarations {
    let mut declared = Declarations {
        place: files.first().map(|(file, ..)| folder(&file.path).to_owned()).unwrap_or_default(),
        in_part: files.iter().any(|(.., document)| !document.faults.is_empty()),
        ..Declarations::default()
    };
    for (file, (.., document)) in files.iter().enumerate() {
        for entry in document.roots.iter().flat_map(Node::entries) {
            match &*entry.key {
                "resource" => declared.resources.extend(blocks(file, entry)),
                "data" => declared.data.extend(blocks(file, entry)),
                "variable" => declared.values.variables.extend(entry.node.entries().iter().map(|it| {
                    let default = it.node.get("default").cloned();
                    (it.key.clone(), default.map_or(Variable::Required, Variable::Known))
                })),
                "locals" => {
                    let locals = entry.node.entries().iter();
                    declared.values.locals.extend(locals.map(|it| (it.key.clone(), it.node.clone())));
                }
                "module" => {
                    let calls = entry.node.entries().iter().filter_map(|it| call(&declared.place, &it.node));
                    declared.calls.extend(calls);
                    for published in entry.node.entries().iter().filter_map(|it| published(file, entry, it)) {
                        let is_resource = WRAPPERS.iter().any(|(_, kind)| *kind == &*published.kind);
                        let kept = if is_resource { &mut declared.resources } else { &mut declared.published };
                        kept.push(published);
                    }
                }
                _ => {}
            }
        }
    }
    read_values(files, &mut declared);
    declared
}

/// Takes over what the files of values (`*.tfvars`) set.
fn read_values(files: &[&(SourceFile, FileKind, Document)], declared: &mut Declarations) {
    for (file, _, document) in files {
        let Some(stem) = file.name().strip_suffix(".tfvars") else { continue };
        let always_loaded = stem == "terraform" || stem.rsplit('.').next() == Some("auto");
        for entry in document.roots.iter().flat_map(Node::entries) {
            if let Some(variable) = declared.values.variables.get_mut(&*entry.key) {
                *variable = if always_loaded { Variable::Known(entry.node.clone()) } else { Variable::Varies };
            }
        }
    }
}

/// The call of a module of the same repository.
fn call(place: &str, body: &Node) -> Option<Call> {
    let source = body.get("source")?.text()?;
    let is_local = source.starts_with("./") || source.starts_with("../");
    if !is_local || body.get("count").and_then(Node::scalar) == Some("0") {
        return None;
    }
    let arguments = body.entries().iter().filter(|entry| !META_ARGUMENTS.contains(&&*entry.key));
    Some(Call {
        target: crate::tree::resolved(place, source),
        arguments: arguments.map(|entry| (Rc::clone(&entry.key), entry.node.clone())).collect(),
    })
}

/// Modules of a registry whose inputs are the settings of one resource, and that resource's type.
const WRAPPERS: &[(&str, &str)] = &[
    ("terraform-aws-modules/s3-bucket/aws", "aws_s3_bucket"),
    ("terraform-aws-modules/rds/aws", "aws_db_instance"),
    ("terraform-aws-modules/rds-aurora/aws", "aws_rds_cluster"),
];

/// Settings that such modules turn on where the resource itself leaves them off.
const TURNED_ON: &[(&str, &str)] =
    &[("aws_db_instance", "storage_encrypted"), ("aws_rds_cluster", "storage_encrypted")];

/// The call of a module that a registry publishes, `NAMESPACE/NAME/PROVIDER`, as a resource of that type.
fn published(file: usize, block: &Entry, call: &Entry) -> Option<Resource> {
    let source: Rc<str> = call.node.get("source")?.text()?.into();
    // A part of a published module is named behind `//`.
    let whole = source.split_once("//").map_or(&*source, |(whole, _)| whole);
    let is_published = whole.split('/').count() >= 3 && !whole.contains([':', '?']) && !whole.starts_with(['.', '/']);
    let is_off = |key: &str| {
        let value = call.node.get(key);
        value.is_some_and(|value| value.boolean() == Some(false) || value.scalar() == Some("0"))
    };
    if !is_published || ["count", "create", "create_bucket", "create_db_instance"].into_iter().any(is_off) {
        return None;
    }
    let address: Rc<str> = format!("module.{}", call.key).into();
    let kind = WRAPPERS.iter().find(|(module, _)| *module == whole).map_or(whole, |(_, kind)| kind);
    let missing = TURNED_ON.iter().filter(|(of, key)| *of == kind && !call.node.has(key)).map(|(_, key)| Entry {
        key: (*key).into(),
        key_span: call.key_span,
        node: Node::new(call.key_span, Value::Bool(true)),
    });
    let body = Node::new(call.node.span, Value::Map(call.node.entries().iter().cloned().chain(missing).collect()));
    Some(Resource {
        file,
        kind: kind.into(),
        written_kind: Rc::clone(&source),
        label: call.key.clone(),
        name: Rc::clone(&address),
        address,
        at: block.key_span.cover(call.key_span),
        body,
    })
}

/// The `TYPE "NAME" { … }` blocks under one `resource` or `data` entry.
fn blocks(file: usize, entry: &Entry) -> impl Iterator<Item = Resource> {
    let data = if &*entry.key == "data" { "data." } else { "" };
    entry.node.entries().iter().flat_map(move |kind| {
        kind.node.entries().iter().map(move |name| {
            let address = format!("{data}{}.{}", kind.key, name.key).into();
            let at = entry.key_span.cover(name.key_span);
            let (known_kind, body) = match azure_type(&name.node) {
                Some(azure_type) if kind.key.starts_with("azapi_") => (azure_type, azure_body(&name.node)),
                _ => (kind.key.clone(), name.node.clone()),
            };
            Resource {
                file,
                kind: known_kind,
                written_kind: kind.key.clone(),
                label: name.key.clone(),
                name: Rc::clone(&address),
                address,
                at,
                body,
            }
        })
    })
}

/// Azure's own type that an `azapi_resource` names, without its version.
fn azure_type(body: &Node) -> Option<Rc<str>> {
    let (kind, _version) = body.get("type")?.text()?.split_once('@')?;
    Some(kind.to_ascii_lowercase().into())
}

/// The settings of an `azapi_resource` in Azure's own form: what stands in `body` beside what stands around it.
fn azure_body(block: &Node) -> Node {
    let own = block.get("body").map(Node::entries).unwrap_or_default();
    let entries = block.entries().iter().chain(own).cloned().collect();
    Node::new(block.span, Value::Map(entries))
}
