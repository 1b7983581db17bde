//! Which uses of vendors are a choice that the code offers to its users, told when all files are read.

use crate::fact::{Fact, Seen, VendorUse};
use crate::source::folder;
use std::collections::{BTreeMap, BTreeSet};

/// From how many vendors on, each with a file or folder called after it, the folder around them is a choice.
const CHOICE: usize = 4;

/// Marks the uses in folders whose files or folders are called after vendors: `providers/groq.py` beside `providers/cohere.py`.
pub fn join(facts: &mut [Fact]) {
    let mut called: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| is_in_code(fact)) {
        for around in folders_around_name(&fact.path, fact.text("vendor")) {
            called.entry(around.to_owned()).or_default().insert(fact.text("vendor").to_owned());
        }
    }
    called.retain(|_, vendors| vendors.len() >= CHOICE);
    for fact in facts.iter_mut().filter(|fact| is_in_code(fact)) {
        let around = folders_around_name(&fact.path, fact.text("vendor"));
        if around.into_iter().chain([folder(&fact.path)]).any(|choice| called.contains_key(choice)) {
            fact.set("offered", true.into());
        }
    }
}

/// The folders that hold a file or folder of the path which is called after the vendor; never the root, where all sorts of things lie.
fn folders_around_name<'p>(path: &'p str, vendor: &str) -> Vec<&'p str> {
    let mut around = Vec::new();
    let mut rest = path;
    while let Some((before, name)) = rest.rsplit_once('/') {
        let name = name.to_ascii_lowercase();
        let mut words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
        if words.any(|word| vendor.split('-').any(|of_vendor| of_vendor == word)) {
            around.push(before);
        }
        rest = before;
    }
    around
}

/// True for a use in the source of a program. A notebook that is called after a vendor calls it.
fn is_in_code(fact: &Fact) -> bool {
    let in_code = matches!(fact.text("form"), "host" | "environment" | "import" | "client" | "model");
    fact.kind == VendorUse::kind() && in_code && !fact.path.ends_with(".ipynb")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Facts;
    use crate::source::Span;

    #[test]
    fn a_folder_of_files_called_after_vendors_is_a_choice() {
        let uses = |count: usize, extension: &str| {
            let vendors = ["groq", "cohere", "mistral", "google-gemini"];
            let of = |vendor: &&str| {
                let name = vendor.split('-').next().unwrap();
                let mut facts = Facts::of(&format!("src/providers/{name}_chat.{extension}").into());
                let seen = VendorUse { vendor: (*vendor).into(), form: "host".into(), ..VendorUse::default() };
                facts.add(*vendor, Span::new(0, 1), seen);
                facts.all.remove(0)
            };
            let mut facts: Vec<Fact> = vendors.iter().take(count).map(of).collect();
            join(&mut facts);
            facts.iter().filter(|fact| fact.text("offered") == "yes").count()
        };
        assert_eq!(uses(4, "py"), 4);
        assert_eq!(uses(3, "py"), 0);
        assert_eq!(uses(4, "ipynb"), 0);
    }
}
