//! Facts from `bentofile.yaml`: `model-record`, `image`, `environment-variable`, `package-index`.

use crate::document::{Document, Node};
use crate::extract::environment::{self, Given, Scope, Variable};
use crate::extract::image::{self, Reference};
use crate::extract::package;
use crate::fact::{Choice, Facts, Field, ModelRecord};
use crate::source::{SourceFile, Span};

/// Sees what a bento is made of.
pub(super) fn extract(file: &SourceFile, parsed: &Document, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    for model in root.get("models").map(Node::items).unwrap_or_default() {
        // An entry is a tag, or a map that holds one.
        let tag = model.get("tag").unwrap_or(model);
        if let Some(written) = tag.scalar().filter(|written| !written.is_empty()) {
            facts.add(format!("model {written}"), tag.span, record(written, tag.span));
        }
    }
    if let Some(base) = root.at("docker.base_image")
        && let Some(text) = base.scalar()
    {
        Reference::of(&image::resolve(text, &|_| None), text).add(base.span, "dockerfile", facts);
    }
    variables(file, root, facts);
    indexes(root, facts);
}

fn record(written: &str, at: Span) -> ModelRecord {
    let (name, version) = written.split_once(':').unwrap_or((written, ""));
    let open = image::resolve(written, &|_| None).contains(image::OPEN);
    let pin = match version {
        "" => "none",
        "latest" => "latest",
        _ => "version",
    };
    ModelRecord {
        form: "bentoml".into(),
        role: "package".into(),
        name: if open { Field::unresolved(at) } else { Field::known(name) },
        version: if open { Field::unresolved(at) } else { Field::found(version, at) },
        source: Field::found(written, at),
        scheme: "".into(),
        pin: Field { value: (!open).then_some(Choice(pin)), at: Some(at) },
        ..ModelRecord::default()
    }
}

fn variables(file: &SourceFile, root: &Node, facts: &mut Facts) {
    let pair = |name: &'_ str, value: Option<&'_ Node>, at: Span| {
        (name.to_owned(), value.and_then(Node::scalar).map(str::to_owned), at, value.map_or(at, |value| value.span))
    };
    let mut found = Vec::new();
    for item in root.get("envs").map(Node::items).unwrap_or_default() {
        let name = item.get("name").and_then(Node::scalar).unwrap_or_default();
        found.push(pair(name, item.get("value"), item.span));
    }
    for entry in root.at("docker.env").map(Node::entries).unwrap_or_default() {
        found.push(pair(&entry.key, Some(&entry.node), entry.key_span.cover(entry.node.span)));
    }
    for item in root.at("docker.env").map(Node::items).unwrap_or_default() {
        let (name, value) = item.scalar().and_then(|text| text.split_once('=')).unwrap_or_default();
        found.push((name.to_owned(), Some(value.to_owned()), item.span, item.span));
    }
    let variables: Vec<Variable<'_>> = found
        .iter()
        .filter(|(name, ..)| !name.is_empty())
        .map(|(name, value, at, value_at)| Variable {
            name,
            value: value.as_deref().map_or(Given::Elsewhere, Given::written),
            at: *at,
            value_at: *value_at,
        })
        .collect();
    let scope = Scope { name: file.name(), holder: "container", secret_holder: "container", ai: true.into() };
    environment::add(&variables, &scope, facts);
}

/// Where packages of the bento are fetched from.
fn indexes(root: &Node, facts: &mut Facts) {
    let Some(python) = root.get("python") else { return };
    let kinds = [
        ("index_url", "index"),
        ("extra_index_url", "extra-index"),
        ("trusted_host", "trusted-host"),
        ("find_links", "find-links"),
    ];
    for (key, kind) in kinds {
        for node in python.get(key).map(Node::one_or_many).unwrap_or_default() {
            if let Some(url) = node.scalar() {
                package::add_index(url, kind, node.span, facts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Fact;
    use crate::parse::yaml::parse;

    fn seen(text: &str) -> Vec<Fact> {
        let file = SourceFile::new("bentofile.yaml", text);
        let mut facts = Facts::of(&file.path);
        extract(&file, &parse(text), &mut facts);
        facts.all
    }

    fn rows(text: &str, kind: &str, fields: &[&str]) -> Vec<String> {
        let facts = seen(text);
        let of_kind = facts.iter().filter(|fact| fact.kind.spec().name == kind);
        of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join("|")).collect()
    }

    const BENTO: &str = "\u{feff}service: 'service:Iris'\r\nlabels: {owner: équipe}\r\nmodels:\r\n  - iris_clf:latest\r\n  - tag: \"scaler:v1.2\"\r\n    \
        alias: scaler\r\n  - plain\r\n  - tag: ${M}\r\npython:\r\n  index_url: http://user:pw@pypi.example.com/simple\r\n  trusted_host: [pypi.example.com]\r\n\
        docker:\r\n  base_image: nvcr.io/nvidia/pytorch\r\n  env: {HF_TOKEN: not-a-real-token, LEVEL: info}\r\nenvs:\r\n  - name: OPENAI_API_KEY\r\n  \
        - name: REGION\r\n    value: eu\r\n";

    #[test]
    fn a_bento_names_models_images_variables_and_indexes() {
        assert_eq!(
            rows(BENTO, "model-record", &["name", "version", "pin"]),
            ["iris_clf|latest|latest", "scaler|v1.2|version", "plain||none", "unknown|unknown|unknown"]
        );
        assert_eq!(rows(BENTO, "image", &["name", "pin"]), ["nvcr.io/nvidia/pytorch|none"]);
        assert_eq!(
            rows(BENTO, "environment-variable", &["name", "literal"]),
            ["OPENAI_API_KEY|no", "REGION|yes", "HF_TOKEN|yes", "LEVEL|yes"]
        );
        assert_eq!(
            rows(BENTO, "package-index", &["url", "kind", "scheme"]),
            ["http://pypi.example.com/simple|index|http", "pypi.example.com|trusted-host|"]
        );
        let place = seen(BENTO)[1].at.span().unwrap();
        assert_eq!(place.text(BENTO), "\"scaler:v1.2\"");
    }

    #[test]
    fn every_key_may_have_any_type() {
        for value in ["1", "x", "[]", "{}", "[[1], {tag: []}, null]", "null", "{env: [A=b, 3], base_image: {}}"] {
            for key in ["models", "docker", "envs", "python", "docker: {env: x}\nmodels"] {
                seen(&format!("service: a\n{key}: {value}\n{key}: {value}\n"));
            }
        }
    }
}
