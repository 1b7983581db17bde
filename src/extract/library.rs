//! Facts about the libraries for AI that code imports: `ai-import`, the plainest sign that a repository is about AI.

use super::Context;
use crate::document::code::{Call, Code};
use crate::fact::{AiImport, Facts};
use std::collections::BTreeSet;

/// Sees each AI library that the file imports, once, at its first import.
pub fn extract(code: &Code, context: &Context<'_>, facts: &mut Facts) {
    let trains = code.calls.iter().any(trains);
    let mut seen = BTreeSet::new();
    for import in code.imports.iter().filter(|import| context.catalogue.is_ai_import(&import.name)) {
        let library = import.name.split('.').next().unwrap_or_default();
        if seen.insert(library) {
            let fact = AiImport { name: library.into(), trains: trains.into() };
            facts.add_in_cell(library, import.at, import.cell, fact);
        }
    }
}

/// True for calls that change a model's weights in every framework: `fit`, `train` of a trainer, a backward pass.
fn trains(call: &Call) -> bool {
    let (object, method) = call.function.rsplit_once('.').unwrap_or(("", &call.function));
    match method {
        "fit" | "fit_generator" | "backward" | "train_on_batch" | "partial_fit" => true,
        // `model.train()` also switches a mode; a trainer's `train()` trains.
        "train" => object.ends_with("Trainer") || matches!(object, "xgboost" | "lightgbm"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::interest::Interest;
    use crate::source::Span;
    use crate::tree::Tree;

    #[test]
    fn a_library_is_seen_once_and_plain_ones_are_not() {
        let import =
            |name: &str| crate::document::code::Import { name: name.to_owned(), at: Span::empty(0), cell: None };
        let code = Code { imports: ["os", "torch", "torch.nn", "numpy"].map(import).into(), ..Code::default() };
        let (tree, interest) = (Tree::default(), Interest::default());
        let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
        let mut facts = Facts::of(&"a.py".into());
        extract(&code, &context, &mut facts);
        let names: Vec<&str> = facts.all.iter().map(|fact| fact.text("name")).collect();
        assert_eq!(names, ["torch"]);
        assert_eq!(facts.all[0].text("trains"), "no");
    }
}
