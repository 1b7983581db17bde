//! Facts from infrastructure code: `store`, `ai-service`, `gateway`, `key`, `grant`, `second-factor`,
//! `detector`. What it is written in is read into one form
//! (see [`module`]), so that everything else is said once.

mod aws;
mod azure;
mod azure_own;
mod azure_template;
mod calls;
mod cloudformation;
mod completion;
mod detector;
mod gateway;
mod google;
mod grant;
mod image;
mod internet;
mod key;
mod module;
mod role;
mod second_factor;
mod secret;
mod service;
mod setting;
mod store;
mod terraform;
#[cfg(test)]
mod tests;
mod trust;
mod view;

use super::Context;
use crate::document::{Document, Entry, FileKind, Node, Value};
use crate::fact::Facts;
use crate::source::{SourceFile, folder};
use azure_template::{arm, bicep};
use completion::Completion;
use module::{Declarations, Module, Resource};
pub(super) use role::Words;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// Sees what the Terraform and Bicep files of a repository create, which give values to each other. `facts` has one collection for each
/// file, in the same order.
pub fn extract(files: &[(SourceFile, FileKind, Document)], facts: &mut [Facts]) {
    // Terraform reads a folder as one module, Bicep each file.
    let mut modules: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, (file, kind, _)) in files.iter().enumerate() {
        let place = if *kind == FileKind::Bicep { &*file.path } else { folder(&file.path) };
        modules.entry(place).or_default().push(index);
    }
    let of_module = |indices: &[usize]| indices.iter().filter_map(|index| files.get(*index)).collect::<Vec<_>>();
    let mut declared: Vec<_> = modules
        .values()
        .map(|indices| match of_module(indices).as_slice() {
            [(file, FileKind::Bicep, document)] => bicep::read(file, document),
            files => terraform::read(files),
        })
        .collect();
    calls::link(&mut declared);
    for (declared, indices) in declared.into_iter().zip(modules.values()) {
        see(declared, |file, add| {
            if let Some(facts) = indices.get(file).and_then(|index| facts.get_mut(*index)) {
                add(facts);
            }
        });
    }
}

/// Sees the secrets that a file of Terraform or Bicep writes out.
pub fn secrets(document: &Document, facts: &mut Facts) {
    secret::see(document, facts);
}

/// Sees what a `CloudFormation` or SAM template creates.
pub fn cloudformation(file: &SourceFile, document: &Document, facts: &mut Facts) {
    secret::see(document, facts);
    see(cloudformation::read(&file.path, document), |_, add| add(facts));
}

/// Sees what a policy of AWS gives that stands alone: read as the module that creates it.
pub fn access_policy(file: &SourceFile, document: &Document, facts: &mut Facts) {
    let Some(root) = document.root() else { return };
    let policy = Entry { key: "policy".into(), key_span: root.span, node: root.clone() };
    let (kind, name): (Rc<str>, Rc<str>) = ("aws_iam_policy".into(), file.name().into());
    let resource = Resource {
        file: 0,
        written_kind: Rc::clone(&kind),
        kind,
        label: Rc::clone(&name),
        address: Rc::clone(&name),
        name,
        at: root.span,
        body: Node::new(root.span, Value::Map([policy].into())),
    };
    let place = file.path.to_string();
    let declared = Declarations { place, resources: vec![resource], ..Declarations::default() };
    see(declared, |_, add| add(facts));
}

/// Sees what an Azure Resource Manager template creates, unless it was made from a Bicep file beside it.
pub fn arm(file: &SourceFile, document: &Document, context: &Context<'_>, facts: &mut Facts) {
    let source = file.name().replace(".json", ".bicep");
    if arm::is_compiled(document) && context.tree.beside(&file.path, &source).is_some() {
        return;
    }
    secret::see(document, facts);
    let mut declared = arm::read(&file.path, document);
    calls::link(&mut declared);
    for declared in declared {
        see(declared, |_, add| add(facts));
    }
}

/// Sees what a module creates. `to` adds to the facts of one of its files.
fn see(declared: Declarations, mut to: impl FnMut(usize, &mut dyn FnMut(&mut Facts))) {
    let place = Words::of([declared.place.as_str()]);
    let mut near_ai = place.speak_of_ai();
    for published in &declared.published {
        if let Some(seen) = service::published(published) {
            near_ai = true;
            to(published.file, &mut |facts| facts.add(&*published.name, published.at, seen.clone()));
        }
    }
    let module = Module::of(declared);
    near_ai |= module.resources.iter().any(|it| service::is_ai(&it.kind));
    let completion = Completion::of_module(&module);
    let mut for_ai: HashSet<Rc<str>> = HashSet::new();
    for resource in &module.resources {
        let view = module.view(resource);
        if let Some(seen) = service::see(view) {
            for_ai.insert(Rc::clone(&resource.address));
            to(resource.file, &mut |facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
        if let Some(seen) = store::see(view, &completion, near_ai) {
            if matches!(seen.role.value.map(|role| role.0), Some("training-data" | "model")) {
                for_ai.insert(Rc::clone(&resource.address));
            }
            to(resource.file, &mut |facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
    }
    for resource in &module.resources {
        if let Some(seen) = gateway::see(module.view(resource)) {
            to(resource.file, &mut |facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
        image::see(module.view(resource), |reference, at| {
            to(resource.file, &mut |facts| reference.add(at, "infrastructure", facts));
        });
        if let Some(seen) = detector::see(module.view(resource)) {
            to(resource.file, &mut |facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
    }
    // The key of a bucket is often named by the resource that sets the bucket's encryption.
    let uses_for_ai = |address: &str| {
        for_ai.contains(address) || completion.completes(address).is_some_and(|store| for_ai.contains(store))
    };
    for resource in &module.resources {
        if let Some(seen) = key::see(module.view(resource), uses_for_ai) {
            to(resource.file, &mut |facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
    }
    let pools = second_factor::pools_for_ai(&module);
    let has_services = module.resources.iter().any(|it| service::is_ai(&it.kind));
    for resource in module.resources.iter().chain(&module.data) {
        for asked in second_factor::see(module.view(resource), &pools, has_services) {
            let subject = subject(&resource.name, &asked.part);
            to(resource.file, &mut |facts| facts.add(subject.clone(), asked.at, asked.seen.clone()));
        }
        for given in grant::see(module.view(resource), near_ai) {
            let subject = subject(&resource.name, &given.part);
            to(resource.file, &mut |facts| facts.add(subject.clone(), given.at, given.grant.clone()));
        }
    }
}

/// The lasting name of one part of a resource.
fn subject(name: &str, part: &str) -> String {
    if part.is_empty() { name.to_owned() } else { format!("{name}[{part}]") }
}
