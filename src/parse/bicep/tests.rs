//! What is read of files that are written as real ones are, and of broken ones.

use super::*;

fn root(text: &str) -> Node {
    let document = parse(text);
    assert_eq!(document.faults, [], "{text}");
    document.roots.into_iter().next().expect("a root")
}

const STORAGE: &str = "\u{feff}// é\r\ntargetScope = 'resourceGroup'\r\n@description('Where')\r\nparam location string = resourceGroup().location\r\nparam name string\r\nparam tier 'a' | 'b' = 'a' // why\r\nvar base = 'x${name}'\r\nresource data 'Microsoft.Storage/storageAccounts@2023-01-01' = if (tier == 'a') {\r\n  name: 'é${base}'\r\n  kind: 'StorageV2', 'a b': 1\r\n  properties: {\r\n    minimumTlsVersion: 'TLS1_0' /* old */\r\n    list: [true, null\r\n      -3\r\n    ]\r\n    supportsHttpsTrafficOnly: !empty(name)\r\n      ? true\r\n      : false\r\n  }\r\n\r\n  resource blobs 'blobServices' = {\r\n    name: 'default'\r\n  }\r\n}\r\nmodule keys './keys.bicep' = [for i in range(0, 2): {\r\n  params: { days: 30 }\r\n}]\r\noutput id string = data.id\r\n";

#[test]
fn declarations_become_entries_with_exact_places() {
    let root = root(STORAGE);
    let keys: Vec<&str> = root.entries().iter().map(|entry| &*entry.key).collect();
    assert_eq!(keys, ["param", "param", "param", "var", "resource", "module"]);
    assert!(root.entries()[0].node.at("location.default").unwrap().is_expression());
    assert!(!root.entries()[1].node.at("name").unwrap().has("default"));
    assert_eq!(root.entries()[2].node.at("tier.default").unwrap().text(), Some("a"));
    let resource = &root.entries()[4].node.entries()[0];
    assert_eq!((&*resource.key, resource.key_span.text(STORAGE)), ("data", "data"));
    assert_eq!(resource.node.get("type").unwrap().text(), Some("Microsoft.Storage/storageAccounts@2023-01-01"));
    let body = resource.node.get("body").unwrap();
    assert!(body.span.text(STORAGE).starts_with('{') && body.span.text(STORAGE).ends_with('}'));
    assert_eq!(body.get("a b").unwrap().scalar(), Some("1"));
    let version = body.at("properties.minimumTlsVersion").unwrap();
    assert_eq!((version.text(), version.span.text(STORAGE)), (Some("TLS1_0"), "'TLS1_0'"));
    assert_eq!(body.at("properties.list").unwrap().items().len(), 3);
    let computed = body.at("properties.supportsHttpsTrafficOnly").unwrap();
    assert!(matches!(&computed.value, Value::Expression(it) if it.starts_with("!empty") && it.ends_with(": false")));
    assert_eq!(body.at("resource.blobs.type").unwrap().text(), Some("blobServices"));
    assert_eq!(root.at("module.keys.source").unwrap().text(), Some("./keys.bicep"));
    assert_eq!(root.at("module.keys.body.params.days").unwrap().scalar(), Some("30"));
}

#[test]
fn texts_are_unescaped_and_those_with_holes_are_expressions() {
    let root = root(
        "var a = 'it\\'s \\u{e9} \\${x}'\nvar b = '${'${x}'}}'\nvar c = '''\n{'a': 1}'''\nvar d = 'x' == 'y' ? 1 : 2\nvar e = [for x in y: {\n  a: x\n}]\nvar f = a.b[0]!.c\nvar g = {}\nvar h = ''\nvar i = union({ a: 1 }, x)\n",
    );
    let value = |name: &str| root.entries().iter().find_map(|entry| entry.node.get(name)).expect(name).value.clone();
    let text = |name: &str| matches!(value(name), Value::Text(_));
    assert!(matches!(value("a"), Value::Text(it) if &*it == "it's é ${x}"));
    assert!(matches!(value("b"), Value::Expression(it) if &*it == "'${'${x}'}}'"));
    assert!(matches!(value("c"), Value::Text(it) if &*it == "{'a': 1}"));
    for name in ["d", "e", "f", "i"] {
        assert!(matches!(value(name), Value::Expression(_)), "{name}");
    }
    assert!(text("h") && matches!(value("g"), Value::Map(_)));
}

#[test]
fn a_broken_declaration_is_left_out_and_the_others_are_kept() {
    let text = "param a string = 'x'\nresource b = {\n  c: 1\n}\nvar c = {\n  d: [1\n}\n\nresource e 'T@1' = {\n  name: 'é'\n}\nbanana split\nvar f = 'open\nvar g = 1\n";
    let document = parse(text);
    let lines: Vec<usize> = document
        .faults
        .iter()
        .map(|fault| text.bytes().take(fault.at.start).filter(|byte| *byte == b'\n').count() + 1)
        .collect();
    assert_eq!(lines, [2, 7, 12, 13], "{:?}", document.faults);
    let keys: Vec<&str> = document.roots[0].entries().iter().map(|entry| &*entry.node.entries()[0].key).collect();
    assert_eq!(keys, ["a", "e", "g"]);
}

#[test]
fn hostile_inputs_end_with_a_fault() {
    let levels = 10_000;
    for text in [
        format!("var a = {}", "[".repeat(levels)),
        format!("var a = {}", "{b: ".repeat(levels)),
        format!("var a = {}", "'${".repeat(levels)),
        "var = \n".repeat(levels),
        "resource a 'b' = if (\n".repeat(levels),
        "é\n".repeat(levels),
        "var a = '''\nnever ends".to_owned(),
        "var a = {\n\u{feff}: 1\n}".to_owned(),
    ] {
        assert!(!parse(&text).faults.is_empty(), "{:?}", text.get(..9));
    }
    for text in ["", "\0", "@", "/*", "//", "'", "var", "param", "}", "resource", "var a = \\", "\u{feff}\u{feff}"] {
        let _ = parse(text);
    }
}
