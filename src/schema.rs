//! JSON Schema of the settings file, for editors. It is printed from the reader itself: the settings and the register are read from an
//! empty file, and what they ask for is noted. So the schema has every key that is understood, and no other.

use crate::PolicyBook;
use crate::document::{Node, Value};
use crate::fact::{Seen as _, Statement, Waiver};
use crate::problem::Problems;
use crate::register::section::SECTIONS;
use crate::register::{Known, Register};
use crate::settings::{FILE_NAME, Settings};
use crate::source::{SourceFile, Span};
use crate::table::{Asked, Form, Shape, Table};
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

/// The draft that editors for TOML know.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// What keys say that no fact documents: by their path.
const SETTINGS: &[(&str, &str)] = &[
    ("exclude", "Globs of paths that are left out, besides those of .gitignore and .aimslintignore."),
    ("fail-on", "From which level on findings make the run fail."),
    (
        "profile",
        "How much of the policy is held against the repository: `gate` has the rules that are nearly always right, `audit` has all.",
    ),
    ("policy", "Where the organisation's own policy stands."),
    ("policy.packs", "Folders of rules, told from this file."),
    (
        "policy.text",
        "The organisation's own policy text in Markdown, told from this file: clauses are read from its headings.",
    ),
    ("rules", "Rules that are off, or run at another level or with other parameters, by their ids."),
    ("limits", "How much is read: reaching a limit is reported."),
    ("limits.file-bytes", "Bytes of one file; larger ones are reported as not assessed."),
    ("limits.files", "Files of the whole tree."),
    ("limits.history-commits", "Commits that are walked to learn how old documents are."),
    ("limits.history-contents", "Versions of files that are compared on the way."),
    (
        "limits.fact-pairs",
        "Pairs of facts that one rule looks at; a rule that would need more is reported as not judged.",
    ),
    ("waivers", "What is demanded of waivers."),
    ("waivers.longest-days", "For how many days a breach of each level may be waived."),
    ("waivers.longest-days.error", "For how many days a breach of the level `error` may be waived."),
    ("waivers.longest-days.warning", "For how many days a breach of the level `warning` may be waived."),
    ("waivers.longest-days.note", "For how many days a breach of the level `note` may be waived."),
    ("waivers.inline", "Waivers may stand in comments beside what they cover."),
    ("waivers.inline-needs", "What a waiver in a comment must say: `until`, `reason`, `approver`, `ticket`."),
    ("waiver.path", "Glob of the files that it covers; of path and subject one is needed."),
    ("register", "How the register is kept."),
    (
        "register.include",
        "Further files of the register, told from this file; the last part of a path may be a pattern.",
    ),
    (
        "register.levels-by-risk",
        "Whether the level of a finding follows the risk of the system that it is in; it does unless this says `false`.",
    ),
    ("statement.clause", "Number of the clause that it is about, such as `9.1.a`."),
    ("waiver.rule", "Id of the rule, or `family/*`."),
];

/// The schema of the settings file, with the register in it.
#[must_use]
pub fn schema(book: &PolicyBook) -> Json {
    let mut root = object(&shape(book), "");
    let about = [
        ("$schema", json!(DRAFT)),
        ("title", json!(FILE_NAME)),
        ("description", json!("Settings of aimslint, and the register of AI systems. Printed by `aimslint schema`.")),
    ];
    if let Json::Object(root) = &mut root {
        root.extend(about.map(|(key, value)| (key.to_owned(), value)));
        root.insert("definitions".to_owned(), json!({ "rule": rule_setting() }));
        if let Some(Json::Object(rules)) = root.get_mut("properties").and_then(|keys| keys.get_mut("rules")) {
            rules.extend(rule_settings(book));
        }
    }
    root
}

/// What the settings and the register ask of a file.
fn shape(book: &PolicyBook) -> Shape {
    let nothing = Node { span: Span::empty(0), value: Value::Map([].into()) };
    let table = Table::asking(&nothing);
    let file = SourceFile::new(FILE_NAME, "");
    // An empty file lacks all that is required: what is wrong with it is of no interest.
    let mut problems = Problems::of(&file);
    Settings::new(Date::default()).read(&table, &book.rules, &mut problems);
    let known = Known { rules: &[], clauses: &[], vendors: &[], below: &"".into(), today: Date::default() };
    Register::empty(&file.path).read(&file.path, &table, &known, &mut problems);
    table.shape()
}

/// A table with the keys that were asked for, and no other.
fn object(shape: &Shape, path: &str) -> Json {
    let mut properties = Map::new();
    for asked in &shape.asked {
        let path = if path.is_empty() { asked.key.clone() } else { format!("{path}.{}", asked.key) };
        let mut value = value(asked, &path);
        if let (Json::Object(value), Some(description)) = (&mut value, description(&path)) {
            value.insert("description".to_owned(), json!(description));
        }
        properties.entry(asked.key.clone()).or_insert(value);
    }
    let mut object = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if let (Json::Object(object), false) = (&mut object, shape.required.is_empty()) {
        object.insert("required".to_owned(), json!(shape.required));
    }
    object
}

fn value(asked: &Asked, path: &str) -> Json {
    match &asked.form {
        Form::Text => json!({ "type": "string" }),
        Form::Choice(words) => json!({ "enum": words }),
        Form::Flag => json!({ "type": "boolean" }),
        Form::Number => json!({ "type": "integer", "minimum": 0 }),
        Form::Date => json!({ "type": "string", "format": "date" }),
        Form::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Form::Table(shape) => object(&shape.borrow(), path),
        Form::Tables(shape) => json!({ "type": "array", "items": object(&shape.borrow(), path) }),
    }
}

/// What a key says: as the settings have it, or as the fact documents it that an entry is.
fn description(path: &str) -> Option<String> {
    if let Some((_, text)) = SETTINGS.iter().find(|(known, _)| *known == path) {
        return Some((*text).to_owned());
    }
    let (section, key) = path.split_once('.').unwrap_or((path, ""));
    let kind = match section {
        "statement" => Statement::kind(),
        "waiver" => Waiver::kind(),
        _ => (SECTIONS.iter().find(|known| known.name == section)?.kind)(),
    };
    let spec = kind.spec();
    if key.is_empty() {
        return Some(spec.doc.trim().to_owned());
    }
    spec.fields.iter().find(|field| field.name.replace('_', "-") == key).map(|field| as_key(field.doc))
}

/// The documentation of a field as that of a key: a key that says nothing is left out.
fn as_key(doc: &str) -> String {
    let doc = doc.trim();
    doc.split_once("; empty").map_or_else(|| doc.to_owned(), |(says, _)| format!("{says}."))
}

/// What a rule can be set to.
fn rule_setting() -> Json {
    let level = json!({ "enum": ["off", "note", "warning", "error"] });
    json!({
        "anyOf": [level, {
            "type": "object",
            "properties": {
                "level": level,
                "from": { "type": "string", "format": "date", "description": "From this day on; before it one level lower." },
                "parameters": { "type": "object", "additionalProperties": { "type": "integer" } },
                "locked": { "type": "boolean", "description": "In a pack: the repository cannot set it." },
            },
            "additionalProperties": false,
        }],
    })
}

/// What `[rules]` takes: the shipped rules by their ids, and those of packs.
fn rule_settings(book: &PolicyBook) -> Map<String, Json> {
    let refer = json!([{ "$ref": "#/definitions/rule" }]);
    let rules = book.rules.values();
    let rules = rules.map(|rule| (rule.text.id.clone(), json!({ "allOf": refer, "description": rule.text.title })));
    let rules: Map<String, Json> = rules.collect();
    let of_packs = json!({ "^[a-z0-9-]+/[a-z0-9-]+$": { "allOf": refer } });
    let keys =
        [("properties", Json::Object(rules)), ("patternProperties", of_packs), ("additionalProperties", json!(false))];
    keys.map(|(key, value)| (key.to_owned(), value)).into_iter().collect()
}
