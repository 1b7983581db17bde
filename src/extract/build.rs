//! Joins the containers that are built here with what they are built from, when all files are read: a Dockerfile with the lists that it
//! installs, a service of compose with its Dockerfile.

use crate::catalogue::servers::Servers;
use crate::fact::{Dependency, Fact, FieldValue, Image, Seen, Workload};
use crate::source::folder;
use std::collections::BTreeSet;

/// Says of Dockerfiles that install a list of AI packages that they are of AI, and so of the services that are built from one of AI and the
/// images that it builds on. It is never said that they are not: what a list leaves out, another file may bring.
pub fn join(facts: &mut [Fact]) {
    let mut lists = BTreeSet::new();
    for fact in facts.iter() {
        if fact.kind == Dependency::kind() && fact.text("ai") == "yes" && fact.text("form") == "list" {
            lists.insert(folder(&fact.path).to_owned());
        }
    }
    let mut of_ai = BTreeSet::new();
    for fact in facts.iter_mut().filter(|fact| fact.kind == Workload::kind() && fact.text("form") == "dockerfile") {
        // What a notebook writes lies in a folder that is not the notebook's own.
        let is_file = !fact.path.ends_with(".ipynb");
        if is_file && fact.text("ai") == "unknown" && lists.contains(folder(&fact.path)) {
            say_ai(fact);
        }
        if fact.text("ai") == "yes" {
            of_ai.insert(fact.path.to_string());
        }
    }
    for fact in facts.iter_mut() {
        let built = fact.kind == Workload::kind() && of_ai.contains(fact.text("builds"));
        let base = fact.kind == Image::kind() && of_ai.contains(&*fact.path) && is_fetched_base(fact);
        if (built && fact.text("ai") == "unknown") || base {
            say_ai(fact);
        }
    }
}

/// The image of a `FROM`, unless its bare name may be one that is built here as well.
fn is_fetched_base(image: &Fact) -> bool {
    let name = image.text("name");
    image.text("used_by") == "dockerfile" && (name.contains('/') || Servers::shipped().runs_as_root(name))
}

fn say_ai(fact: &mut Fact) {
    if let Some(old) = fact.kind.field("ai").and_then(|index| fact.fields.get_mut(index)) {
        *old = FieldValue::Text("yes".into());
    }
}
