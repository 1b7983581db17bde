//! Facts from Croissant dataset descriptions: `data-manifest`, `data-file`.

use super::Context;
use super::data::field::{self, Column, Table};
use crate::document::{Document, Node};
use crate::fact::{Choice, DataFile, DataManifest, Facts, Field};
use crate::source::{SourceFile, Span};

/// How many nodes of one file are looked through.
const NODE_LIMIT: usize = 100_000;
/// A statement of fewer words says too little.
const FEW_WORDS: usize = 4;

/// Sees a dataset description. Versions 0.8 to 1.1 spell the same keys with and without prefixes and in several cases, so keys are
/// compared without both.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(dataset) = parsed.root().and_then(find_dataset) else { return };
    let name = text(dataset, &["name"]);
    let subject = name.value.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| file.name().to_owned());
    let place = property(dataset, &["name"]).map_or_else(|| first_line(dataset.span, &file.text), |entry| entry.span);
    let personal = fields(dataset, &subject, context, facts);
    facts.add(subject, place, DataManifest { personal_fields: personal, ..manifest(dataset, name) });
    for listed in property(dataset, &["distribution"]).map(Node::one_or_many).unwrap_or_default() {
        if is_a(listed, "fileobject") {
            let name = first_text(listed, &["name", "@id", "contentUrl"]);
            facts.add(name.clone(), first_line(listed.span, &file.text), data_file(listed, name, file, context));
        }
    }
}

/// The dataset itself: the root, or the node of a `@graph` that says that it is one.
fn find_dataset(root: &Node) -> Option<&Node> {
    if is_a(root, "dataset") && conforms(root) {
        return Some(root);
    }
    let graph = property(root, &["@graph"]).map_or_else(|| root.items(), Node::one_or_many);
    graph.iter().find(|node| is_a(node, "dataset") && (conforms(node) || conforms(root)))
}

/// Says by its context or by `conformsTo` that it is Croissant, not any dataset of schema.org.
fn conforms(node: &Node) -> bool {
    const VOCABULARIES: [&str; 2] = ["mlcommons.org/croissant", "mlcommons.org/schema"];
    let mut found = false;
    let names_croissant =
        |value: &Node| value.text().is_some_and(|text| VOCABULARIES.iter().any(|vocabulary| text.contains(vocabulary)));
    for key in ["@context", "conformsTo"] {
        if let Some(value) = property(node, &[key]) {
            value.walk(NODE_LIMIT, &mut |inner, _| found |= names_croissant(inner));
        }
    }
    found
}

fn is_a(node: &Node, kind: &str) -> bool {
    let types = property(node, &["@type"]).map(Node::one_or_many).unwrap_or_default();
    types.iter().filter_map(Node::text).any(|text| local_name(text) == kind)
}

/// A key without its prefix, in lower case: `rai:dataBiases`, `cr:FileObject`, `https://schema.org/name`. Keywords of JSON-LD keep
/// their `@`.
fn local_name(key: &str) -> String {
    let local = key.rsplit(['/', '#', ':']).next().unwrap_or(key);
    local.to_lowercase()
}

/// The value under the first of these keys, however it is spelt.
fn property<'a>(node: &'a Node, keys: &[&str]) -> Option<&'a Node> {
    let wanted = |key: &str| keys.iter().any(|wanted| wanted.eq_ignore_ascii_case(key));
    node.entries().iter().find(|entry| wanted(&local_name(&entry.key))).map(|entry| &entry.node)
}

/// What a value says: text, a list of texts, or `{"@value": ...}`.
fn said(node: &Node) -> Vec<&str> {
    let one = |item: &'_ Node| property(item, &["@value", "@id", "name", "url"]).and_then(Node::scalar).is_some();
    let mut texts = Vec::new();
    for item in node.one_or_many() {
        let wrapped = if one(item) { property(item, &["@value", "@id", "name", "url"]) } else { None };
        texts.extend(wrapped.unwrap_or(item).scalar());
    }
    texts
}

fn first_text(node: &Node, keys: &[&str]) -> String {
    let values = keys.iter().filter_map(|key| property(node, &[key]));
    let texts = values.flat_map(said).find(|text| !text.trim().is_empty());
    texts.unwrap_or_default().to_owned()
}

/// The texts under a key; `''` when nothing is there.
fn text(node: &Node, keys: &[&str]) -> Field<String> {
    match property(node, keys) {
        Some(value) => Field::found(said(value).join(", "), value.span),
        None => Field::known(""),
    }
}

fn manifest(dataset: &Node, name: Field<String>) -> DataManifest {
    let live = property(dataset, &["isLiveDataset"]).and_then(Node::boolean).unwrap_or(false);
    let vocabulary = dataset.entries().iter().any(|entry| entry.key.starts_with("rai:"));
    let personal_data = statement(dataset, &["personalSensitiveInformation"], true);
    let biases = statement(dataset, &["dataBiases", "dataBias"], false);
    let limitations = statement(dataset, &["dataLimitations", "dataLimitation"], false);
    let purpose = statement(dataset, &["dataUseCases", "useCases", "usageInfo"], false);
    let retention = statement(dataset, &["dataReleaseMaintenancePlan", "dataReleaseMaintenance"], false);
    let any_stated = [&personal_data, &biases, &limitations, &purpose, &retention]
        .iter()
        .any(|field| field.value != Some(Choice("missing")));
    DataManifest {
        format: Field::known(Choice("croissant")),
        name,
        licence: text(dataset, &["license", "licence"]),
        version: text(dataset, &["version"]),
        live: Field::known(live),
        personal_data,
        biases,
        limitations,
        purpose,
        retention,
        responsible_ai: Field::known(vocabulary || any_stated),
        date: day(dataset),
        owner: text(dataset, &["creator", "publisher", "author"]),
        contact: contact(dataset),
        source: source(dataset),
        ..DataManifest::default()
    }
}

fn contact(dataset: &Node) -> Field<String> {
    let people =
        ["contactPoint", "maintainer", "creator", "publisher"].iter().filter_map(|key| property(dataset, &[key]));
    let mut addresses = people.flat_map(Node::one_or_many).map(|person| text(person, &["email"]));
    addresses.find(|address| address.value.as_deref() != Some("")).unwrap_or_else(|| Field::known(""))
}

/// What the data was taken from.
fn source(dataset: &Node) -> Field<Vec<String>> {
    let Some(value) = property(dataset, &["isBasedOn", "wasDerivedFrom"]) else { return Field::known(Vec::new()) };
    Field::found(said(value).into_iter().map(str::to_owned).collect::<Vec<_>>(), value.span)
}

/// The fields of all record sets; gives the names of those that hold personal data.
fn fields(dataset: &Node, manifest: &str, context: &Context<'_>, facts: &mut Facts) -> Field<Vec<String>> {
    let mut personal = Vec::new();
    for records in property(dataset, &["recordSet"]).map(Node::one_or_many).unwrap_or_default() {
        let name = first_text(records, &["name", "@id"]);
        let table = Table { name: &name, manifest, format: "croissant" };
        personal.extend(field::add(columns(records), table, context, facts));
    }
    field::listed(personal)
}

/// The fields of a record set, and those below them.
fn columns(records: &Node) -> Vec<Column> {
    field::gather(records, Field::default(), |holder, found| {
        for listed in property(holder.node, &["field", "subField"]).map(Node::one_or_many).unwrap_or_default() {
            let Some(named) = property(listed, &["name"]).or_else(|| property(listed, &["@id"])) else { continue };
            // Without a name the id tells it, with the record set before it: `default/text`.
            let Some(name) = named.scalar().map(|name| name.rsplit('/').next().unwrap_or(name)) else { continue };
            let data_type = text(listed, &["dataType"]);
            found.add(
                holder,
                Column { name: name.to_owned(), at: named.span, data_type, ..Column::default() },
                [listed],
            );
        }
    })
}

/// How much a statement says. `none_is_an_answer` where "none" says all there is.
fn statement(dataset: &Node, keys: &[&str], none_is_an_answer: bool) -> Field<Choice> {
    const PLACEHOLDERS: &[&str] =
        &["todo", "tbd", "n/a", "na", "more information needed", "unknown", "...", "placeholder", ""];
    const NONE: &[&str] = &["none", "no", "none known", "not applicable", "false"];
    let Some(value) = property(dataset, keys) else { return Field::known(Choice("missing")) };
    let whole = said(value).join(" ").trim().to_lowercase();
    let bare = whole.trim_matches(['[', ']', '(', ')', '.', ' ']);
    let is_none = NONE.contains(&bare);
    // Conditions of use may be given as terms of a vocabulary: a structure says more than a word.
    let is_structure =
        whole.is_empty() && value.one_or_many().iter().any(|item| !item.entries().is_empty() && !item.has("@value"));
    let quality = if is_structure || (is_none && none_is_an_answer) {
        "substantive"
    } else if PLACEHOLDERS.contains(&bare) || bare.starts_with("todo") || bare.starts_with("tbd") {
        "placeholder"
    } else if is_none || whole.split_whitespace().count() < FEW_WORDS {
        "thin"
    } else {
        "substantive"
    };
    Field::found(Choice(quality), value.span)
}

/// The day of the last change, or else of publication.
fn day(dataset: &Node) -> Field<String> {
    let Some(value) = ["dateModified", "datePublished", "dateCreated"].iter().find_map(|key| property(dataset, &[key]))
    else {
        return Field::known("");
    };
    let written = said(value).join(" ");
    let date = written.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    date.map_or_else(|| Field::unresolved(value.span), |date| Field::found(date.to_string(), value.span))
}

fn data_file(listed: &Node, name: String, manifest: &SourceFile, context: &Context<'_>) -> DataFile {
    let url = text(listed, &["contentUrl"]);
    // The hub describes a dataset's git repository as a "file": it is fixed by commits and cannot have a checksum.
    let is_repository = first_text(listed, &["encodingFormat"]).starts_with("git+");
    let scheme = url.value.as_deref().and_then(|url| url.split_once("://")).map(|(scheme, _)| scheme.to_lowercase());
    let scheme = if is_repository { "git".to_owned() } else { scheme.unwrap_or_default() };
    let contained = property(listed, &["containedIn"]).is_some_and(|inside| !inside.one_or_many().is_empty());
    let (place, present) = super::data::file_at(url.value.as_deref().unwrap_or_default(), &manifest.path, context);
    let checksum = checksum(listed);
    let digest = match checksum.value {
        Some(Choice(algorithm @ ("md5" | "sha256"))) => {
            format!("{algorithm}:{}", first_text(listed, &[algorithm]).to_lowercase())
        }
        _ => String::new(),
    };
    DataFile {
        file: place,
        // A file within an archive is no file of the repository.
        present: if contained { Field::default() } else { present },
        digest: digest.into(),
        name: Field::known(name),
        scheme: Field { value: Some(scheme), at: url.at },
        url,
        checksum,
        contained: Field::known(contained),
        ..DataFile::default()
    }
}

/// A `sha256` of another length than 64 hexadecimal digits is not one: examples of the specification itself hold md5 sums there.
fn checksum(listed: &Node) -> Field<Choice> {
    let hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let sha256 = property(listed, &["sha256"]);
    let md5 = property(listed, &["md5"]);
    match (sha256, md5) {
        (Some(sum), _) if sum.scalar().is_some_and(|sum| hex(sum, 64)) => Field::found(Choice("sha256"), sum.span),
        (_, Some(sum)) if sum.scalar().is_some_and(|sum| hex(sum, 32)) => Field::found(Choice("md5"), sum.span),
        (Some(sum), _) | (None, Some(sum)) => Field::found(Choice("malformed"), sum.span),
        (None, None) => Field::known(Choice("none")),
    }
}

fn first_line(span: Span, source: &str) -> Span {
    let line = span.text(source).lines().next().unwrap_or_default();
    Span::new(span.start, span.start + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::fact::Fact;
    use crate::interest::Interest;
    use crate::parse::json;
    use crate::tree::Tree;

    fn seen(text: &str) -> Vec<Fact> {
        let file = SourceFile::new("data/croissant.json", text);
        let (tree, interest) = (Tree::default(), Interest::default());
        let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
        let mut facts = Facts::of(&file.path);
        extract(&file, &json::parse(text), &context, &mut facts);
        facts.all
    }

    const MODERN: &str = r#"{
  "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/"},
  "@type": "sc:Dataset",
  "dct:conformsTo": "http://mlcommons.org/croissant/1.0",
  "name": "tiny",
  "license": ["https://creativecommons.org/licenses/by/4.0/"],
  "version": "1.0.0",
  "datePublished": "2024-05-01T00:00:00",
  "rai:personalSensitiveInformation": "None",
  "rai:dataBiases": ["The raters are young", {"@value": "and live in two countries only"}],
  "rai:dataLimitations": "TODO",
  "distribution": [
    {"@type": "cr:FileObject", "@id": "all.zip", "contentUrl": "http://example.com/all.zip", "sha256": "0123456789abcdef0123456789abcdef"},
    {"@type": "cr:FileObject", "@id": "a.csv", "contentUrl": "a.csv", "containedIn": {"@id": "all.zip"}},
    {"@type": "cr:FileSet", "@id": "rest", "containedIn": {"@id": "all.zip"}, "includes": "*.csv"}
  ]
}"#;

    #[test]
    fn a_modern_description_is_read_with_its_files() {
        let facts = seen(MODERN);
        let manifest = &facts[0];
        for (field, value) in [
            ("name", "tiny"),
            ("licence", "https://creativecommons.org/licenses/by/4.0/"),
            ("version", "1.0.0"),
            ("live", "no"),
            ("personal_data", "substantive"),
            ("biases", "substantive"),
            ("limitations", "placeholder"),
            ("purpose", "missing"),
            ("responsible_ai", "yes"),
            ("date", "2024-05-01"),
        ] {
            assert_eq!(manifest.text(field), value, "{field}");
        }
        assert_eq!(manifest.location_of("limitations").span().map(|span| span.text(MODERN)), Some("\"TODO\""));
        let files: Vec<_> = facts[1..]
            .iter()
            .map(|f| (f.text("name"), f.text("scheme"), f.text("checksum"), f.text("contained")))
            .collect();
        assert_eq!(files, [("all.zip", "http", "malformed", "no"), ("a.csv", "", "none", "yes")]);
    }

    #[test]
    fn early_versions_spell_keys_without_prefix() {
        let text = r#"{"@context": {"ml": "http://mlcommons.org/schema/"}, "@type": "Dataset",
            "name": "old", "dataBiases": "Only one hospital took part", "PersonalSensitiveInformation": "Ages were removed from all",
            "recordSet": [{"@type": "ml:RecordSet", "name": "passengers", "field": [{"name": "age", "dataType": "sc:Integer"},
              {"@id": "passengers/place", "subField": [{"name": "seat"}]}]}],
            "isLiveDataset": true, "distribution": {"@type": "ml:FileObject", "name": "x", "md5": "0123456789abcdef0123456789abcdef"}}"#;
        let facts = seen(text);
        assert_eq!(
            (facts[3].text("biases"), facts[3].text("personal_data"), facts[3].text("live")),
            ("substantive", "substantive", "yes")
        );
        let fields: Vec<_> = facts[..3].iter().map(|fact| (fact.text("name"), fact.text("personal"))).collect();
        assert_eq!(fields, [("age", "birth"), ("place", ""), ("place.seat", "")]);
        assert_eq!(facts[4].text("checksum"), "md5");
    }

    #[test]
    fn a_git_repository_is_not_a_file_with_a_checksum() {
        let text = r#"{"@context": {"cr": "http://mlcommons.org/croissant/", "dataBiases": "cr:dataBiases"}, "@type": "sc:Dataset",
            "name": "x", "distribution": [{"@type": "cr:FileObject", "@id": "repo", "contentUrl": "https://example.com/datasets/x",
            "encodingFormat": "git+https", "sha256": "https://github.com/mlcommons/croissant/issues/80"}]}"#;
        let facts = seen(text);
        assert_eq!((facts[0].text("biases"), facts[1].text("scheme")), ("missing", "git"));
    }

    #[test]
    fn other_json_is_left_alone() {
        for text in [
            r#"{"@type": "Dataset", "name": "any"}"#,
            r#"{"note": "see mlcommons.org/croissant"}"#,
            r#"{"@context": "http://mlcommons.org/croissant/1.0", "@type": "Person"}"#,
            "[]",
            "",
            "{\"@type\": [1, null, {}], \"conformsTo\": {\"@id\": \"http://mlcommons.org/croissant/1.0\"}}",
        ] {
            assert!(seen(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn wrong_types_are_survived() {
        let text = r#"{"@type": ["Dataset", 3], "conformsTo": {"@id": "http://mlcommons.org/croissant/1.1"}, "name": {"@value": 7},
            "version": null, "license": {"@id": "mit"}, "distribution": [1, null, {"@type": "FileObject", "sha256": {}}],
            "datePublished": "Üüüüüüüü", "dataLimitations": {"@value": ""}}"#;
        let facts = seen(text);
        assert_eq!((facts[0].text("name"), facts[0].text("version"), facts[0].text("licence")), ("7", "", "mit"));
        assert_eq!((facts[0].text("date"), facts[0].text("limitations")), ("unknown", "placeholder"));
        assert_eq!(facts[1].text("checksum"), "malformed");
    }
}
