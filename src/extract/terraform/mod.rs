//! Facts from Terraform modules: `store`, `ai-service`, `key`, `grant`. A module is all files of one folder.

mod aws;
mod azure;
mod google;
mod grant;
mod key;
mod module;
mod role;
mod service;
mod store;
#[cfg(test)]
mod tests;

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;
use module::{Module, Resource};
use role::Words;
use std::collections::HashSet;
use store::Completion;

/// Sees what the files of one module (one folder) create. `facts` has one collection for each file, in the same order.
pub fn extract(module: &[(SourceFile, Document)], _context: &Context<'_>, facts: &mut [Facts]) {
    let Some((first, _)) = module.first() else { return };
    let folder = crate::source::folder(&first.path);
    let in_part = module.iter().any(|(_, document)| !document.faults.is_empty());
    let module = Module::of(module);
    let near_ai = module.resources.iter().any(|it| service::is_ai(it.kind)) || Words::of([folder]).speak_of_ai();
    let completion = Completion::of_module(&module, in_part);
    let mut to = |resource: &Resource<'_>, add: &dyn Fn(&mut Facts)| {
        if let Some(facts) = facts.get_mut(resource.file) {
            add(facts);
        }
    };
    let mut for_ai: HashSet<String> = HashSet::new();
    for resource in &module.resources {
        let view = module.view(resource);
        let address = resource.address();
        if let Some(seen) = service::see(view) {
            for_ai.insert(address.clone());
            to(resource, &|facts| facts.add(address.clone(), resource.at, seen.clone()));
        }
        if let Some(seen) = store::see(view, &completion, near_ai) {
            if matches!(seen.role.value.map(|role| role.0), Some("training-data" | "model")) {
                for_ai.insert(address.clone());
            }
            to(resource, &|facts| facts.add(address.clone(), resource.at, seen.clone()));
        }
    }
    // The key of a bucket is often named by the resource that sets the bucket's encryption.
    let uses_for_ai = |address: &str| {
        for_ai.contains(address) || completion.completes(address).is_some_and(|store| for_ai.contains(store))
    };
    for resource in &module.resources {
        if let Some(seen) = key::see(module.view(resource), uses_for_ai) {
            to(resource, &|facts| facts.add(resource.address(), resource.at, seen.clone()));
        }
    }
    for resource in module.resources.iter().chain(&module.data) {
        for given in grant::see(module.view(resource), near_ai) {
            let subject = match given.part.as_str() {
                "" => resource.address(),
                part => format!("{}[{part}]", resource.address()),
            };
            to(resource, &|facts| facts.add(subject.clone(), given.at, given.grant.clone()));
        }
    }
}
