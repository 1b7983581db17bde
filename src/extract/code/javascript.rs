//! Facts from JavaScript and TypeScript: the same as from Python, told by the packages of npm.

mod glance;

pub(in crate::extract) use glance::may_hold_facts;

use super::addresses::{self, Parts};
use super::agents::Agents;
use super::{View, keys, models, seen, subject, text, uses};
use crate::document::code::{Argument, Call, Code, Import};
use crate::extract::Context;
use crate::fact::{AiImport, Facts, Field};
use crate::source::{SourceFile, folder};
use crate::tree::join;
use std::cell::LazyCell;
use std::collections::HashSet;

/// Clients that reach any server which speaks `OpenAI`'s interface: the address decides whose it is.
const SHARED_CLIENTS: &[&str] =
    &["openai#default", "openai#OpenAI", "@ai-sdk/openai#createOpenAI", "@langchain/openai#ChatOpenAI"];

/// Names under which clients are told an address.
const ADDRESS_OPTIONS: &[&str] = &[
    "baseURL",
    "baseUrl",
    "basePath",
    "apiBase",
    "apiUrl",
    "endpoint",
    "host",
    "serverUrl",
    "serverURL",
    "ollamaBaseUrl",
];

/// Packages whose functions ask a server over HTTP.
const HTTP_PACKAGES: &[&str] =
    &["axios", "got", "ky", "node-fetch", "undici", "cross-fetch", "superagent", "ofetch", "ws"];

/// What browsers and Node give to ask a server.
const HTTP_FUNCTIONS: &[&str] =
    &["#fetch", "#window#fetch", "#globalThis#fetch", "#WebSocket", "#EventSource", "#axios"];

/// Sees what rules ask of JavaScript.
pub(in crate::extract) fn extract(file: &SourceFile, parsed: &Code, context: &Context<'_>, facts: &mut Facts) {
    let view = View { file, code: parsed, context };
    let agents = LazyCell::new(|| Agents::of(parsed, file));
    for call in &parsed.calls {
        if context.interest.wants_call(&call.function) {
            facts.add(subject(call), view.place(call), seen(call, &agents));
        }
    }
    models::extract(view, facts);
    see_addresses(view, facts);
    keys::extract_from_javascript(view, facts);
    libraries(view, facts);
    clients(view, facts);
    imported_vendors(view, facts);
}

/// Addresses that code hands to clients of models and asks over HTTP.
fn see_addresses(view: View<'_>, facts: &mut Facts) {
    for call in &view.code.calls {
        let package = call.function.split('#').next().unwrap_or_default();
        let is_request = HTTP_FUNCTIONS.contains(&call.function.as_str()) || HTTP_PACKAGES.contains(&package);
        let is_for_models = || view.context.catalogue.is_ai_package("npm", package_of(package).unwrap_or_default());
        let named = call.named.iter().filter_map(|(name, argument)| {
            let is_address = ADDRESS_OPTIONS.contains(&name.as_str()) || (is_request && name == "url");
            Some((name.as_str(), text(Some(argument)).filter(|_| is_address)?))
        });
        let first = call.positional.first().filter(|_| is_request);
        for (name, (value, at)) in named.chain(text(first).map(|value| ("", value))) {
            let Some(address) = Parts::of(value) else { continue };
            let role = if view.context.catalogue.vendor_of_host(&address.host.to_ascii_lowercase()).is_some() {
                "vendor"
            } else if is_for_models() {
                "model"
            } else if is_request && address.names_a_file() {
                "data"
            } else if is_request {
                "client"
            } else {
                continue;
            };
            let setting = call.function.trim_start_matches('#');
            let setting = if name.is_empty() { setting.to_owned() } else { format!("{setting}({name})") };
            addresses::add(&address, role, &setting, at, None, facts);
        }
    }
    addresses::extract_settings(view, facts);
}

/// Packages of AI that the file imports; each once.
fn libraries(view: View<'_>, facts: &mut Facts) {
    let catalogue = view.context.catalogue;
    let trains_here =
        view.code.calls.iter().any(|call| call.function.ends_with("#fit") || call.function.ends_with("#fitDataset"));
    let mut met = HashSet::new();
    for import in &view.code.imports {
        let Some(package) = package_of(&import.name).filter(|package| catalogue.is_ai_package("npm", package)) else {
            continue;
        };
        if is_own(view, import) || !met.insert(package) {
            continue;
        }
        let trains = trains_here && package.contains("tensorflow");
        let fact = AiImport { name: Field::found(package, import.at), trains: trains.into(), ..AiImport::default() };
        facts.add(package, import.at, fact);
    }
}

/// Clients whose address names the vendor.
fn clients(view: View<'_>, facts: &mut Facts) {
    for call in view.code.calls.iter().filter(|call| SHARED_CLIENTS.contains(&call.function.as_str())) {
        let Some((address, at)) = text(address_of(call)) else { continue };
        let Some(address) = Parts::of(address) else { continue };
        let host = address.host.to_ascii_lowercase();
        if let Some(vendor) = view.context.catalogue.vendor_of_host(&host) {
            uses::add(vendor, &host, "client", at, None, facts);
        }
    }
}

/// The option that names the client's server.
fn address_of(call: &Call) -> Option<&Argument> {
    ADDRESS_OPTIONS.iter().find_map(|name| call.named(name))
}

/// Vendors whose package is imported; each once in a file.
fn imported_vendors(view: View<'_>, facts: &mut Facts) {
    let mut shared = view.code.calls.iter().filter(|call| SHARED_CLIENTS.contains(&call.function.as_str())).peekable();
    // When every client of the shared package is told an address, its import does not mean its maker's service.
    let goes_elsewhere = shared.peek().is_some() && shared.all(|call| address_of(call).is_some() || call.forwards);
    let mut met = HashSet::new();
    for import in &view.code.imports {
        let Some(package) = package_of(&import.name) else { continue };
        let Some(vendor) = view.context.catalogue.vendor_of_package("npm", package) else { continue };
        if is_own(view, import) || (goes_elsewhere && vendor.id == "openai") || !met.insert(vendor.id.as_str()) {
            continue;
        }
        uses::add(vendor, package, "import", import.at, None, facts);
    }
}

/// Sites that serve packages of npm to browsers.
const PACKAGE_SITES: &[&str] =
    &["esm.sh/", "cdn.jsdelivr.net/npm/", "unpkg.com/", "cdn.skypack.dev/", "esm.run/", "jspm.dev/npm:"];

/// The package of what is imported: `openai` of `openai/resources`, `npm:openai@4` and `https://esm.sh/openai@4`; `None` for files of
/// the project and what comes with the runtime.
fn package_of(module: &str) -> Option<&str> {
    let module = match module.split_once(':').and_then(|(_, after)| after.strip_prefix("//")) {
        Some(address) => PACKAGE_SITES.iter().find_map(|site| address.strip_prefix(site))?,
        None => module.strip_prefix("npm:").unwrap_or(module),
    };
    // `@/components` is an alias for a folder; a scope has a name.
    if module.starts_with(['.', '/', '#', '~']) || module.starts_with("@/") || module.contains(':') {
        return None;
    }
    let scope_end = if module.starts_with('@') { module.find('/')? + 1 } else { 0 };
    let rest = module.get(scope_end..)?;
    let end = rest.find(['/', '@']).unwrap_or(rest.len());
    module.get(..scope_end + end).filter(|package| !package.is_empty())
}

/// True for a file of the project itself: with a base folder set, `ai/prompts` may be one.
fn is_own(view: View<'_>, Import { name, .. }: &Import) -> bool {
    if name.starts_with('@') || !name.contains('/') {
        return false;
    }
    let mut here = folder(&view.file.path);
    loop {
        for base in [here.to_owned(), join(here, "src")] {
            let path = join(&base, name);
            let endings = [".ts", ".tsx", ".js", ".jsx", ".mjs", "/index.ts", "/index.tsx", "/index.js"];
            if endings.iter().any(|ending| view.context.tree.contains(&format!("{path}{ending}"))) {
                return true;
            }
        }
        if here.is_empty() {
            return false;
        }
        here = folder(here);
    }
}

#[cfg(test)]
mod tests;
