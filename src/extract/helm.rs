//! Facts from Helm: the values that charts are installed with (`image`, `workload`, `environment-variable`, `secret`), and the charts
//! that a chart takes over (`dependency`, `package-index`). Templates of charts are no YAML before Helm has filled them in.

mod chart;
mod entrance;
mod values;

pub use chart::extract as extract_chart;

use crate::catalogue::charts::Charts;
use crate::document::{Document, Node};
use crate::fact::Facts;
use crate::source::{SourceFile, file_name, folder};
use values::Values;

/// Sees what a file of values sets.
pub fn extract_values(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let name = release_name(&file.path);
    let has = |key: &str| root.has(key);
    let chart = Charts::shipped().named(&name).or_else(|| Charts::shipped().marked(has));
    Values { file, name: &name, facts }.add(root, chart);
}

/// Sees the values that an object of Kubernetes gives to a chart: a `HelmRelease` of Flux, an `Application` of Argo CD.
pub(super) fn extract_release(file: &SourceFile, object: &Node, facts: &mut Facts) {
    let text = |path: &str| object.at(path).and_then(Node::scalar);
    for (chart, values) in
        [("spec.chart.spec.chart", "spec.values"), ("spec.source.chart", "spec.source.helm.valuesObject")]
    {
        if let (Some(name), Some(values)) = (text(chart), object.at(values)) {
            Values { file, name, facts }.add(values, Charts::shipped().named(name));
        }
    }
}

/// What is installed, as the file or its folder is called: `qdrant-values.yaml`, `charts/qdrant/values.yaml`.
fn release_name(path: &str) -> String {
    let name = file_name(path).to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let rest = stem.replace("values", "");
    let rest = rest.trim_matches(['-', '_', '.']);
    let here = folder(path);
    // `values-prod.yaml` names a place where the chart of its folder is installed.
    if Charts::shipped().named(rest).is_some() || here.is_empty() && !rest.is_empty() {
        return rest.to_owned();
    }
    file_name(here).to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
