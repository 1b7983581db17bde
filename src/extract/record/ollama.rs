//! Facts from Modelfiles of Ollama: `model-record`, and `model-reference` for what comes from the hub.

use crate::document::instructions::{Instruction, Instructions};
use crate::extract::Context;
use crate::extract::image::{self, OPEN, Reference};
use crate::extract::reference::{Role, add_ollama};
use crate::fact::{Choice, Facts, Field, ModelRecord, ModelReference};
use crate::source::{SourceFile, folder};
use crate::tree::join;

/// Endings of files that hold weights.
const WEIGHT_ENDINGS: &[&str] = &[".gguf", ".ggml", ".bin", ".safetensors"];

/// Addresses under which Ollama fetches from the hub.
const HUB_HOSTS: &[&str] = &["hf.co/", "huggingface.co/"];

/// Sees what a model is built from.
pub(super) fn extract(file: &SourceFile, parsed: &Instructions, context: &Context<'_>, facts: &mut Facts) {
    for from in parsed.all.iter().filter(|instruction| instruction.keyword == "FROM" && !instruction.text.is_empty()) {
        let source = from.text.trim();
        let record = ModelRecord {
            form: "ollama".into(),
            role: "package".into(),
            source: Field::found(source, from.text_span),
            scheme: "".into(),
            ..if is_local(file, source, context) { local(source) } else { named(source, from) }
        };
        facts.add(format!("FROM {source}"), from.span, record);
        if let Some(id) = hub_id(source) {
            // Ollama cannot be told a revision: what stands behind the colon chooses a file.
            let reference = ModelReference {
                id: Field::found(id, from.text_span),
                kind: "model".into(),
                hub: "hugging-face".into(),
                role: "lineage".into(),
                loader: "Modelfile".into(),
                ..ModelReference::default()
            };
            facts.add(format!("{id} by Modelfile"), from.span, reference);
        } else if !is_local(file, source, context) {
            add_ollama(source, Role::Lineage, "Modelfile", from.text_span, None, facts);
        }
    }
}

/// A file or folder of weights beside the Modelfile, or elsewhere on the machine.
fn is_local(file: &SourceFile, source: &str, context: &Context<'_>) -> bool {
    let lower = source.to_ascii_lowercase();
    let within = join(folder(&file.path), source.trim_end_matches('/'));
    source.starts_with(['.', '/', '~'])
        || source.contains('\\')
        || WEIGHT_ENDINGS.iter().any(|ending| lower.ends_with(ending))
        || context.tree.has_folder(&within)
}

fn local(source: &str) -> ModelRecord {
    let name = source.rsplit(['/', '\\']).next().unwrap_or(source);
    let format = if name.to_ascii_lowercase().ends_with(".gguf") { "gguf" } else { "" };
    ModelRecord {
        name: name.into(),
        version: "".into(),
        pin: "local".into(),
        format: format.into(),
        ..ModelRecord::default()
    }
}

fn named(source: &str, from: &Instruction) -> ModelRecord {
    let reference = Reference::of(&image::resolve(source, &|_| None), source);
    let known = |text: &str| if text.contains(OPEN) { Field::default() } else { Field::known(text) };
    let pin = if hub_id(source).is_some() { None } else { reference.pin() };
    ModelRecord {
        name: known(&reference.name),
        version: known(&reference.tag),
        pin: Field { value: pin.map(Choice), at: Some(from.text_span) },
        ..ModelRecord::default()
    }
}

/// `org/name` of `hf.co/org/name:Q4_K_M`.
fn hub_id(source: &str) -> Option<&str> {
    let rest = HUB_HOSTS.iter().find_map(|host| source.strip_prefix(host))?;
    let id = rest.split([':', '@']).next()?;
    (id.split('/').count() == 2).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::interest::Interest;
    use crate::parse::modelfile::parse;
    use crate::tree::Tree;

    fn rows(text: &str, kind: &str, fields: &[&str]) -> Vec<String> {
        let mut tree = Tree::default();
        tree.files.insert("llm/weights/model.safetensors".into());
        let interest = Interest::default();
        let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
        let file = SourceFile::new("llm/Modelfile", text);
        let mut facts = Facts::of(&file.path);
        extract(&file, &parse(text), &context, &mut facts);
        let of_kind = facts.all.iter().filter(|fact| fact.kind.spec().name == kind);
        of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn names_tags_and_files() {
        for (from, row) in [
            ("llama3.2", "llama3.2||none"),
            ("llama3.2:latest", "llama3.2|latest|latest"),
            ("library/llama3.2:3b-instruct-q4_0", "library/llama3.2|3b-instruct-q4_0|version"),
            ("registry.example.com:5000/llama", "registry.example.com:5000/llama||none"),
            ("./tuned.gguf", "tuned.gguf||local"),
            ("weights", "weights||local"),
            ("C:\\models\\tuned.gguf", "tuned.gguf||local"),
            ("${BASE}", "unknown||unknown"),
            ("hf.co/org/name-GGUF:Q4_K_M", "hf.co/org/name-GGUF|Q4_K_M|unknown"),
        ] {
            assert_eq!(rows(&format!("FROM {from}\n"), "model-record", &["name", "version", "pin"]), [row], "{from}");
        }
        assert_eq!(
            rows("FROM hf.co/org/name-GGUF:Q4_K_M", "model-reference", &["id", "pin"]),
            ["org/name-GGUF|unknown"]
        );
        assert!(rows("FROM\nSYSTEM x\n", "model-record", &["name"]).is_empty());
    }
}
