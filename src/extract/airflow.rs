//! Settings of Airflow in `airflow.cfg`, as the environment variables that mean the same: `environment-variable`, `secret`.

use super::environment::{self, Given, Scope, Variable};
use crate::document::{Document, Node};
use crate::fact::{Facts, Field};
use crate::source::Span;

/// Sees each setting: `[core] fernet_key` is `AIRFLOW__CORE__FERNET_KEY`, so that rules know one name for it wherever it is set.
pub fn extract(parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    let mut settings: Vec<(String, Span, &Node)> = Vec::new();
    for section in root.entries() {
        for entry in section.node.entries() {
            let name = format!("AIRFLOW__{}__{}", section.key, entry.key).replace(['.', '-'], "_").to_ascii_uppercase();
            settings.push((name, entry.key_span.cover(entry.node.span), &entry.node));
        }
    }
    let variables: Vec<Variable<'_>> = settings
        .iter()
        .map(|(name, at, node)| Variable {
            name,
            // Each value is a list of its lines.
            value: match node.one_or_many() {
                [] => Given::Literal(""),
                [line] => line.scalar().map_or(Given::Elsewhere, |text| Given::written(text.trim())),
                _ => Given::Elsewhere,
            },
            at: *at,
            value_at: node.span,
        })
        .collect();
    let scope = Scope { name: "", holder: "configuration", secret_holder: "configuration", ai: Field::default() };
    environment::add(&variables, &scope, facts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::setup_config::parse;
    use crate::source::SourceFile;

    #[test]
    fn settings_bear_the_names_of_their_variables() {
        let text = "\u{feff}# comment\r\n[core]\r\nfernet_key =\r\ndags_folder = /opt/dags\r\n[database]\r\nsql_alchemy_conn = ${CONN}\r\n[api]\r\nsecret_key = f3k29d0x81jq\r\n";
        let mut facts = Facts::of(&SourceFile::new("airflow.cfg", text).path);
        extract(&parse(text), &mut facts);
        let of = |kind: &str| -> Vec<String> {
            let of_kind = facts.all.iter().filter(|fact| fact.kind.spec().name == kind);
            of_kind.map(|fact| format!("{} {}", fact.subject, fact.text("literal"))).collect()
        };
        assert_eq!(
            of("environment-variable"),
            [
                "AIRFLOW__CORE__FERNET_KEY yes",
                "AIRFLOW__CORE__DAGS_FOLDER yes",
                "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN no",
                "AIRFLOW__API__SECRET_KEY yes"
            ]
        );
        assert_eq!(of("secret").len(), 1);
        let key = facts.all.first().and_then(|fact| fact.at.span()).map(|at| at.text(text));
        assert_eq!(key.map(str::trim_end), Some("fernet_key"));
    }
}
