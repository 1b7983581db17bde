//! Descriptions of data in every format, as published ones look, and broken ones.

use super::*;
use crate::catalogue::Catalogue;
use crate::document::FileKind;
use crate::fact::{Fact, FieldValue};
use crate::interest::Interest;
use crate::parse::{json, yaml};
use crate::tree::Tree;

fn seen(path: &str, text: &str) -> Vec<Fact> {
    let file = SourceFile::new(path, text);
    let (tree, interest) = (Tree::default(), Interest::default());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let mut facts = Facts::of(&file.path);
    let kind = crate::classify::settle(FileKind::Text, path, text);
    let parsed = if kind == FileKind::DataJson { json::parse(text) } else { yaml::parse(text) };
    extract(&file, &parsed, &context, &mut facts);
    facts.all
}

fn of_kind<'a>(facts: &'a [Fact], kind: &str) -> Vec<&'a Fact> {
    facts.iter().filter(|fact| fact.kind.spec().name == kind).collect()
}

fn assert_fields(fact: &Fact, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(fact.get(field).map(FieldValue::display).as_deref(), Some(*value), "{field} of {}", fact.subject);
    }
}

/// The text that a field's place covers.
fn shown<'a>(fact: &Fact, field: &str, text: &'a str) -> &'a str {
    fact.location_of(field).span().map_or("", |span| span.text(text))
}

const OPEN_CONTRACT: &str = "\u{feff}# Größen\r
apiVersion: v3.1.0\r
kind: DataContract\r
id: 53581432\r
name: seller payments\r
version: 1.1.0\r
status: active\r
description:\r
  purpose: Views built on top of the seller tables, to predict the sales of the next quarter.\r
  limitations: None\r
schema:\r
  - name: sellers\r
    properties:\r
      - name: id\r
        logicalType: string\r
        classification: restricted\r
      - name: email\r
        logicalType: string\r
        encryptedName: email_encrypted\r
      - name: name\r
        customProperties:\r
          - property: containsPII\r
            value: true\r
      - name: shop\r
        properties:\r
          - name: logo\r
            tags: [public]\r
team:\r
  - {username: ceastwood, role: Owner, dateOut: '2022-10-01'}\r
  - {username: mhopper, role: Data Scientist}\r
  - {username: daustin, role: Product Owner}\r
roles:\r
  - {role: reader, firstLevelApprovers: Reporting Manager, secondLevelApprovers: na}\r
  - {role: writer, firstLevelApprovers: [Reporting Manager, Steward]}\r
support:\r
  - channel: '#product-help'\r
slaProperties:\r
  - {property: latency, value: 4, unit: d}\r
  - {property: retention, value: 3, unit: y}\r
customProperties:\r
  - {property: lawfulBasis, value: contract}\r
";

#[test]
fn an_open_data_contract_is_read_with_its_fields() {
    let facts = seen("contracts/sellers.odcs.yaml", OPEN_CONTRACT);
    let manifest = of_kind(&facts, "data-manifest")[0];
    assert_fields(
        manifest,
        &[
            ("format", "open-data-contract"),
            ("name", "seller payments"),
            ("version", "1.1.0"),
            ("status", "active"),
            ("owner", "daustin"),
            ("contact", "#product-help"),
            ("purpose", "substantive"),
            ("limitations", "thin"),
            ("retention", "substantive"),
            ("retention_period", "3 y"),
            ("unlimited", "no"),
            ("approvers", "Reporting Manager, Steward"),
            ("legal_basis", "contract"),
            ("personal_fields", "email, name"),
            ("licence", "unknown"),
            ("personal_data", "unknown"),
        ],
    );
    assert_eq!(shown(manifest, "retention_period", OPEN_CONTRACT), "3");
    assert_eq!(shown(manifest, "personal_fields", OPEN_CONTRACT), "email");
    let fields = of_kind(&facts, "data-field");
    let names: Vec<&str> = fields.iter().map(|fact| fact.text("name")).collect();
    assert_eq!(names, ["id", "email", "name", "shop", "shop.logo"]);
    assert_fields(fields[0], &[("classification", "restricted"), ("personal", ""), ("data_type", "string")]);
    assert_fields(fields[1], &[("classification", ""), ("personal", "contact"), ("encrypted_name", "email_encrypted")]);
    assert_fields(fields[2], &[("declared_personal", "yes"), ("personal", "name"), ("table", "sellers")]);
}

#[test]
fn early_open_contracts_name_tables_and_columns_otherwise() {
    let text = "kind: DataContract\napiVersion: v2.2.2\nuuid: 1\ndatasetName: my quantum\ndescription: one text\ndataset:\n  - table: tbl\n    columns:\n      - {column: passport_no, classification: restricted}\nslaProperties:\n  - {property: retention, value: unlimited}\n";
    let facts = seen("datacontract.yaml", text);
    assert_fields(
        of_kind(&facts, "data-manifest")[0],
        &[("name", "my quantum"), ("purpose", "unknown"), ("unlimited", "yes"), ("owner", "")],
    );
    assert_fields(of_kind(&facts, "data-field")[0], &[("personal", "identity-number"), ("table", "tbl")]);
}

const CONTRACT: &str = "dataContractSpecification: 1.2.1
id: urn:datacontract:checkout:orders-latest
info:
  title: Orders Latest
  version: 1.0.0
  owner: Checkout Team
  contact: {name: Jane, url: https://example.com/checkout}
terms:
  usage: Data can be used for reports, analytics and machine learning use cases.
  policies:
    - {name: privacy-policy, url: https://example.com/privacy}
models:
  orders:
    fields:
      order_id: {$ref: '#/definitions/order_id', required: true}
      customer_email_address: {type: text, format: email}
      note: {$ref: 'other.yaml#/x'}
      address:
        type: record
        fields:
          street: {type: text, pii: false}
definitions:
  order_id: {type: text, pii: true, classification: restricted}
serviceLevels:
  retention: {description: One year, period: P1Y, unlimited: false}
";

#[test]
fn a_data_contract_is_read_with_its_definitions() {
    let facts = seen("datacontract.yaml", CONTRACT);
    let manifest = of_kind(&facts, "data-manifest")[0];
    assert_fields(
        manifest,
        &[
            ("format", "data-contract"),
            ("name", "Orders Latest"),
            ("owner", "Checkout Team"),
            ("contact", "https://example.com/checkout"),
            ("purpose", "substantive"),
            ("limitations", "missing"),
            ("retention_period", "P1Y"),
            ("unlimited", "no"),
            ("legal_basis", "privacy-policy"),
            ("personal_fields", "order_id, customer_email_address"),
        ],
    );
    let fields = of_kind(&facts, "data-field");
    assert_fields(fields[0], &[("classification", "restricted"), ("declared_personal", "yes"), ("data_type", "text")]);
    assert_fields(fields[1], &[("classification", ""), ("personal", "contact"), ("declared_personal", "unknown")]);
    assert_fields(fields[2], &[("classification", "unknown")]);
    assert_fields(fields[4], &[("name", "address.street"), ("declared_personal", "no"), ("personal", "contact")]);
}

#[test]
fn retention_of_a_data_contract_is_told_in_several_ways() {
    for (level, retention, period, unlimited) in [
        ("servicelevels: {retention: {period: 30d}}", "substantive", "30d", "no"),
        ("servicelevels: {retention: {unlimited: true}}", "substantive", "", "yes"),
        ("servicelevels: {retention: {period: unlimited, unlimited: false}}", "substantive", "unlimited", "yes"),
        ("servicelevels: {retention: {description: as needed}}", "thin", "", "no"),
        ("servicelevels: {retention: {period: '${RETENTION}'}}", "unknown", "unknown", "unknown"),
        ("servicelevels: {backup: {}}", "missing", "", "no"),
        ("servicelevels: {retention: P1Y}", "substantive", "P1Y", "no"),
        ("servicelevels: [1]", "missing", "", "no"),
    ] {
        let facts = seen("c.yaml", &format!("dataContractSpecification: 1.1.0\nid: x\n{level}\n"));
        assert_fields(&facts[0], &[("retention", retention), ("retention_period", period), ("unlimited", unlimited)]);
    }
}

const PACKAGE: &str = r#"{
  "name": "flights",
  "version": "2.0",
  "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
  "sources": [{"title": "Aviation office", "path": "https://example.com/raw"}, "a plain one"],
  "contributors": [{"title": "Ada", "email": "ada@example.com", "role": "author"}],
  "resources": [
    {"name": "passengers", "path": "http://example.com/p.csv", "hash": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
     "schema": {"fields": [{"name": "full_name", "type": "string"}, {"name": "seat"}, {"name": "age", "type": "integer"}]}},
    {"name": "parts", "path": ["a.csv", "https://example.com/b.csv"]},
    {"name": "old", "path": "https://example.com/old.csv", "hash": "0123456789abcdef0123456789abcdef", "schema": "schema.json"},
    {"name": "short", "path": "https://example.com/short.csv", "hash": "sha256:0123"},
    {"name": "inline", "data": [{"a": 1}]}
  ]
}"#;

#[test]
fn a_package_is_read_with_its_files() {
    let facts = seen("data/datapackage.json", PACKAGE);
    assert_fields(
        of_kind(&facts, "data-manifest")[0],
        &[
            ("name", "flights"),
            ("licence", "CC-BY-4.0"),
            ("version", "2.0"),
            ("owner", "Ada"),
            ("contact", "ada@example.com"),
            ("source", "https://example.com/raw, a plain one"),
            ("personal_fields", "full_name, age"),
            ("purpose", "unknown"),
        ],
    );
    let files: Vec<_> =
        of_kind(&facts, "data-file").iter().map(|f| (f.text("name"), f.text("scheme"), f.text("checksum"))).collect();
    assert_eq!(
        files,
        [
            ("passengers", "http", "sha256"),
            ("parts", "", "unknown"),
            ("parts", "https", "unknown"),
            ("old", "https", "md5"),
            ("short", "https", "malformed"),
        ]
    );
    let resource = seen("dataresource.json", r#"{"name": "x", "path": "https://example.com/x.csv"}"#);
    assert_eq!((resource.len(), resource[0].text("checksum")), (1, "none"));
}

#[test]
fn old_descriptions_of_the_hub_are_read() {
    let text = r#"{"plain": {"license": "mit", "homepage": "https://example.com", "builder_name": "tiny", "version": {"version_str": "1.0.0"},
        "features": {"text": {"dtype": "string", "_type": "Value"},
          "author": {"email": {"dtype": "string", "_type": "Value"}, "age": {"dtype": "int32", "_type": "Value"}},
          "turns": [{"speaker": {"dtype": "string", "_type": "Value"}}],
          "spans": {"feature": {"start": {"dtype": "int32", "_type": "Value"}}, "_type": "Sequence"},
          "label": {"names": ["no", "yes"], "_type": "ClassLabel"}},
        "download_checksums": {"http://example.com/a.zip": {"num_bytes": 3, "checksum": null},
          "https://example.com/b.zip": {"checksum": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}}, "note": 3}"#;
    let facts = seen("dataset_infos.json", text);
    let manifest = of_kind(&facts, "data-manifest");
    assert_eq!(manifest.len(), 1);
    assert_fields(
        manifest[0],
        &[
            ("name", "tiny"),
            ("licence", "mit"),
            ("version", "1.0.0"),
            ("source", "https://example.com"),
            ("personal_fields", "author.email, author.age"),
        ],
    );
    let mut names: Vec<&str> = of_kind(&facts, "data-field").iter().map(|fact| fact.text("name")).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["author", "author.age", "author.email", "label", "spans", "spans.start", "text", "turns", "turns.speaker"]
    );
    let sums: Vec<&str> = of_kind(&facts, "data-file").iter().map(|fact| fact.text("checksum")).collect();
    assert_eq!(sums, ["none", "sha256"]);
}

const DBT: &str = "version: 2
models:
  - name: dim_customers
    config: {meta: {owner: crm-team, retention: 2 years}}
    columns:
      - name: email
        data_tests: [unique, not_null]
        meta: {contains_pii: true, classification: confidential}
      - name: name
        tags: [PII]
      - name: city
sources:
  - name: shop
    meta: {owner: platform}
    tables:
      - name: orders
        description: \"{{ doc('orders') }}\"
        columns: [{name: ip_address, policy_tags: [taxonomy/pii]}]
exposures:
  - name: churn_model
    type: ml
    description: Predicts which customers leave within the next quarter, for the retention team.
    owner: {name: Ada, email: ada@example.com}
    depends_on: [ref('dim_customers'), \"source('shop', 'orders')\"]
";

#[test]
fn files_of_dbt_hold_tables_uses_and_tests() {
    let facts = seen("models/schema.yml", DBT);
    let tables = of_kind(&facts, "data-manifest");
    assert_fields(
        tables[0],
        &[
            ("name", "dim_customers"),
            ("owner", "crm-team"),
            ("retention_period", "2 years"),
            ("unlimited", "no"),
            ("personal_fields", "email, name"),
            ("purpose", "unknown"),
        ],
    );
    assert_fields(tables[1], &[("name", "orders"), ("owner", "platform"), ("personal_fields", "ip_address")]);
    let fields = of_kind(&facts, "data-field");
    assert_fields(fields[0], &[("declared_personal", "yes"), ("classification", "confidential")]);
    assert_fields(fields[1], &[("declared_personal", "yes"), ("classification", ""), ("personal", "name")]);
    assert_fields(fields[3], &[("classification", "taxonomy/pii"), ("personal", "online")]);
    let uses = of_kind(&facts, "data-use");
    assert_fields(
        uses[0],
        &[
            ("form", "ml"),
            ("owner", "Ada"),
            ("contact", "ada@example.com"),
            ("uses", "dim_customers, shop.orders"),
            ("purpose", "substantive"),
        ],
    );
    assert_eq!(of_kind(&facts, "check-tool").len(), 1);
}

#[test]
fn checks_of_data_are_seen() {
    let old = r#"{"expectation_suite_name": "orders", "expectations": [{"expectation_type": "expect_column_to_exist", "kwargs": {}}]}"#;
    let new = r#"{"name": "orders", "expectations": [{"type": "expect_column_to_exist"}]}"#;
    for text in [old, new] {
        let facts = seen("gx/expectations/orders.json", text);
        assert_eq!((facts.len(), facts[0].text("name"), facts[0].text("form")), (1, "Great Expectations", "test"));
    }
    let gate = "name: check\non:\n  pre-merge:\n    branches: [main]\nhooks:\n  - id: format\n    type: webhook\n";
    assert_eq!(seen("_lakefs_actions/check.yaml", gate)[0].text("name"), "lakefs");
    for text in ["on: [post-commit]\nhooks:\n  - id: x\n", "on: {pre-commit: }\nhooks: []\n", "hooks: 3\n"] {
        assert!(seen("_lakefs_actions/check.yaml", text).is_empty(), "{text}");
    }
    assert!(seen("x.json", r#"{"expectations": [{"type": "expected"}], "expect_": 1, "x": "expect_"}"#).is_empty());
}

#[test]
fn broken_and_hostile_descriptions_are_survived() {
    let wrong = ["null", "7", "true", "[]", "[1, null, {}]", "{}", "{a: [{b: {}}]}", "'{{ x }}'", "'…'"];
    for value in wrong {
        let keys = "schema dataset team stakeholders roles support slaProperties customProperties description id name info models terms \
                    definitions servicelevels resources licenses sources contributors expectations seeds exposures hooks on";
        let body: String = keys.split_whitespace().map(|key| format!("{key}: {value}\n{key}: {value}\n")).collect();
        for head in ["dataContractSpecification: 1\n", "kind: DataContract\napiVersion: v3\n", "version: 2\n"] {
            seen("c.yaml", &format!("{head}{body}"));
        }
        seen("datapackage.yaml", &body);
        seen("_lakefs_actions/x.yaml", &body);
    }
    for whole in [OPEN_CONTRACT, CONTRACT, DBT] {
        for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            seen("c.yaml", whole.get(..end).unwrap());
        }
    }
    for end in 0..PACKAGE.len() {
        seen("datapackage.json", PACKAGE.get(..end).unwrap());
    }
    let line = format!(
        "{{\"resources\": [{}]}}",
        "{\"path\": \"a\", \"schema\": {\"fields\": [{\"name\": \"é\"}]}},".repeat(20_000)
    );
    assert!(seen("datapackage.json", &line).len() >= 20_000);
    let mut bomb = "version: 1\nlevel0: &level0 {fields: {a: {type: text}}}\n".to_owned();
    for level in 1..60 {
        let below = level - 1;
        bomb.push_str(&format!("level{level}: &level{level} {{fields: {{a: *level{below}, b: *level{below}}}}}\n"));
    }
    bomb.push_str("dataContractSpecification: 1\nmodels: {m: *level59}\n");
    assert!(seen("c.yaml", &bomb).len() > 1000);
    let nested = format!("dataContractSpecification: 1\nmodels: {{m: {}", "{fields: {a: ".repeat(100));
    seen("c.yaml", &nested);
}
