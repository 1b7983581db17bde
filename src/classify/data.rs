//! Recognises descriptions of data, and of checks on data, by names that nobody else uses or by what stands in them.

use super::has_line_key;
use crate::source::{file_name, folder};

/// A data contract, a file of dbt, an action of lakeFS, a Frictionless package.
pub(super) fn is_yaml_description(path: &str, text: &str) -> bool {
    let is_frictionless = file_name(path).starts_with("datapackage.") && has_line_key(text, "resources");
    let is_open_contract = has_line_key(text, "apiVersion") && text.lines().any(is_kind_of_open_contract);
    let is_contract = text.contains("dataContractSpecification") && has_line_key(text, "dataContractSpecification");
    let is_lakefs = file_name(folder(path)) == "_lakefs_actions" && has_line_key(text, "hooks");
    is_frictionless || is_open_contract || is_contract || is_lakefs || is_dbt(text)
}

/// `kind: DataContract`, not one of the kinds of Kubernetes.
fn is_kind_of_open_contract(line: &str) -> bool {
    let value =
        line.trim_start_matches('\u{feff}').strip_prefix("kind:").map(|value| value.split('#').next().unwrap_or(value));
    value.is_some_and(|value| value.trim().trim_matches(['"', '\'']) == "DataContract")
}

/// Property files of dbt have any name. The number of their format and one of their lists give them away.
fn is_dbt(text: &str) -> bool {
    const LISTS: &[&str] = &["models", "sources", "seeds", "snapshots", "exposures"];
    let numbered = text.contains("version: 2") && has_line_key(text, "version");
    numbered && LISTS.iter().any(|list| has_line_key(text, list))
}

/// Croissant of any version: version 0.8 named its words after a schema of no version.
pub(super) fn is_croissant(text: &str) -> bool {
    text.contains("mlcommons.org/croissant")
        || (text.contains("mlcommons.org/schema") && text.contains("\"recordSet\""))
}

/// A Frictionless package or resource, a hub dataset's old description, a suite of Great Expectations.
pub(super) fn is_json_description(path: &str, text: &str) -> bool {
    let is_named = matches!(file_name(path), "datapackage.json" | "dataresource.json" | "dataset_infos.json");
    let is_suite = text.contains("\"expectations\"")
        && (text.contains("\"expectation_type\"")
            || text.contains("\"expectation_suite_name\"")
            || text.contains("\"expect_"));
    is_named || is_suite
}

#[cfg(test)]
mod tests {
    use crate::classify::{classify, settle};
    use crate::document::FileKind;

    #[test]
    fn descriptions_of_data_are_told_from_other_yaml_and_json() {
        for (path, text, kind) in [
            ("c.yaml", "apiVersion: v3.1.0\r\nkind: DataContract\r\n", FileKind::DataYaml),
            ("c.yml", "\u{feff}dataContractSpecification: 1.2.1\n", FileKind::DataYaml),
            ("models/schema.yml", "version: 2\nmodels:\n  - name: orders\n", FileKind::DataYaml),
            ("_lakefs_actions/check.yaml", "on:\n  pre-merge:\nhooks: []\n", FileKind::DataYaml),
            ("data/datapackage.yaml", "name: x\nresources: []\n", FileKind::DataYaml),
            ("data/datapackage.json", "{}", FileKind::DataJson),
            ("dataset_infos.json", "{}", FileKind::DataJson),
            ("gx/expectations/orders.json", "{\"expectations\": [{\"expectation_type\": \"x\"}]}", FileKind::DataJson),
            // Dependabot has the same number, Kubernetes the same keys.
            ("bot.yml", "version: 2\nupdates: []\n", FileKind::Text),
            ("crd.yaml", "apiVersion: v1\nkind: DataContractor\n", FileKind::Kubernetes),
            ("pod.yaml", "apiVersion: v1\nkind: Pod\n", FileKind::Kubernetes),
            (
                "metadata.json",
                "{\"@context\": {\"ml\": \"http://mlcommons.org/schema/\", \"recordSet\": \"ml:recordSet\"}}",
                FileKind::Croissant,
            ),
            ("notes.json", "{\"expectations\": \"great\"}", FileKind::Text),
            ("a.yaml", "# version: 2\nmodels: []\n", FileKind::Text),
        ] {
            let named = classify(path).expect(path);
            assert_eq!(settle(named, path, text), kind, "{path}");
        }
    }
}
