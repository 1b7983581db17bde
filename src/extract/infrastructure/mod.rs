//! Facts from infrastructure code: `store`, `ai-service`, `key`, `grant`. What it is written in is read into one form
//! (see [`module`]), so that everything else is said once.

mod aws;
mod azure;
mod azure_own;
mod cloudformation;
mod google;
mod grant;
mod key;
mod module;
mod role;
mod service;
mod setting;
mod store;
mod terraform;
#[cfg(test)]
mod tests;
mod view;

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;
use module::{Module, Resource};
use role::Words;
use std::collections::HashSet;
use std::rc::Rc;
use store::Completion;

/// Sees what the Terraform files of one folder create. `facts` has one collection for each file, in the same order.
pub fn extract(files: &[(SourceFile, Document)], _context: &Context<'_>, facts: &mut [Facts]) {
    let Some((first, _)) = files.first() else { return };
    see(&Module::of(terraform::read(files)), crate::source::folder(&first.path), facts);
}

/// Sees what a `CloudFormation` or SAM template creates.
pub fn template(file: &SourceFile, document: &Document, facts: &mut Facts) {
    see(&Module::of(cloudformation::read(document)), &file.path, std::slice::from_mut(facts));
}

/// Sees what a module creates. `place` is the path of its folder or file, whose words may speak of AI.
fn see(module: &Module, place: &str, facts: &mut [Facts]) {
    let near_ai = module.resources.iter().any(|it| service::is_ai(&it.kind)) || Words::of([place]).speak_of_ai();
    let completion = Completion::of_module(module);
    let mut to = |resource: &Resource, add: &dyn Fn(&mut Facts)| {
        if let Some(facts) = facts.get_mut(resource.file) {
            add(facts);
        }
    };
    let mut for_ai: HashSet<Rc<str>> = HashSet::new();
    for resource in &module.resources {
        let view = module.view(resource);
        if let Some(seen) = service::see(view) {
            for_ai.insert(Rc::clone(&resource.address));
            to(resource, &|facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
        if let Some(seen) = store::see(view, &completion, near_ai) {
            if matches!(seen.role.value.map(|role| role.0), Some("training-data" | "model")) {
                for_ai.insert(Rc::clone(&resource.address));
            }
            to(resource, &|facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
    }
    // The key of a bucket is often named by the resource that sets the bucket's encryption.
    let uses_for_ai = |address: &str| {
        for_ai.contains(address) || completion.completes(address).is_some_and(|store| for_ai.contains(store))
    };
    for resource in &module.resources {
        if let Some(seen) = key::see(module.view(resource), uses_for_ai) {
            to(resource, &|facts| facts.add(&*resource.name, resource.at, seen.clone()));
        }
    }
    for resource in module.resources.iter().chain(&module.data) {
        for given in grant::see(module.view(resource), near_ai) {
            let subject = match given.part.as_str() {
                "" => resource.name.to_string(),
                part => format!("{}[{part}]", resource.name),
            };
            to(resource, &|facts| facts.add(subject.clone(), given.at, given.grant.clone()));
        }
    }
}
