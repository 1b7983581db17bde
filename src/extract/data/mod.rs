//! Facts from descriptions of data other than Croissant: `data-manifest`, `data-field`, `data-file`, `data-use`, `check-tool`.

mod contract;
mod dataset_infos;
mod dbt;
mod expectations;
pub(super) mod features;
pub(super) mod field;
mod frictionless;
mod lakefs;
mod open_contract;
mod stated;

use super::Context;
use crate::document::{Document, Node};
use crate::fact::{Facts, Field};
use crate::source::{SourceFile, Span, file_name, folder};
use crate::tree::join;

/// Sees what one file describes; what it holds tells its format.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    for root in &parsed.roots {
        if root.has("dataContractSpecification") {
            contract::extract(root, file, context, facts);
        } else if root.get("kind").and_then(Node::text) == Some("DataContract") {
            open_contract::extract(root, file, context, facts);
        } else if file_name(folder(&file.path)) == "_lakefs_actions" {
            lakefs::extract(root, file, facts);
        } else if file.name() == "dataset_infos.json" {
            dataset_infos::extract(root, file, context, facts);
        } else if file.name().starts_with("datapackage.") || file.name() == "dataresource.json" {
            frictionless::extract(root, file, context, facts);
        } else if root.has("expectations") {
            expectations::extract(root, file, facts);
        } else if root.has("version") {
            dbt::extract(root, context, facts);
        }
    }
}

/// Where a path that a manifest names lies in the repository, and whether a file, a folder or a pointer of DVC is there.
pub(super) fn file_at(listed: &str, manifest: &str, context: &Context<'_>) -> (Field<String>, Field<bool>) {
    let path = listed.trim_start_matches("./");
    if path.is_empty()
        || path.contains("://")
        || path.contains(['*', '{', '$', '#', '\\'])
        || path.starts_with(['/', '~'])
        || path.contains("..")
    {
        return (Field::known(""), Field::default());
    }
    let path = join(folder(manifest), path);
    let tree = context.tree;
    let present = tree.contains(&path) || tree.has_folder(&path) || tree.contains(&format!("{path}.dvc"));
    (Field::known(path), Field::known(present))
}

/// Where a manifest is shown that is missing something: its name, or else its first line.
fn place(root: &Node, name: Option<Span>, source: &str) -> Span {
    let first_line = root.span.text(source).lines().next().unwrap_or_default();
    name.unwrap_or_else(|| Span::new(root.span.start, root.span.start + first_line.len()))
}

#[cfg(test)]
mod tests;
