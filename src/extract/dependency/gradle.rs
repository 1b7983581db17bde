//! Build scripts of Gradle, and the catalogue of versions beside them.

use crate::document::{Node, Value};
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::{SourceFile, Span};

/// Plugins whose projects are programs.
const PROGRAMS: &[&str] =
    &["application", "org.springframework.boot", "com.android.application", "io.quarkus", "war", "com.gradleup.shadow"];

/// Sees what one build script asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let plugins = root.get("plugins").map_or(&[][..], Node::items);
    let is_program = plugins.iter().filter_map(Node::text).any(|id| PROGRAMS.contains(&id));
    let list = list_of(file, is_program.then_some(false), context);
    for dependency in root.get("dependencies").map_or(&[][..], Node::items) {
        let configuration = dependency.get("configuration").and_then(Node::text).unwrap_or_default();
        if let Some(notation) = dependency.get("notation") {
            add_notation(&list, notation, group_of(configuration), context, facts);
        }
    }
}

/// Sees what a catalogue of versions (`libs.versions.toml`) names. Which of it a build uses is said in its script.
pub fn extract_catalog(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let list = list_of(file, None, context);
    for entry in root.get("libraries").map_or(&[][..], Node::entries) {
        let library = &entry.node;
        let at = entry.key_span.cover(library.span);
        let text = |key: &str| library.get(key).and_then(Node::text);
        let (name, version) = match (library.text(), text("module"), text("group"), text("name")) {
            (Some(notation), ..) => split_notation(notation),
            (_, Some(module), ..) => (module.to_owned(), version_of(library, root)),
            (_, _, Some(group), Some(name)) => (format!("{group}:{name}"), version_of(library, root)),
            _ => continue,
        };
        add(&list, &name, version.as_deref(), Group::Runtime, at, context, facts);
    }
}

/// `version = "1.2"`, `version.ref = "name"`, or a table of wishes of which `strictly` and `require` count.
fn version_of(library: &Node, root: &Node) -> Option<String> {
    let version = library.get("version")?;
    let named = version.get("ref").and_then(Node::text).and_then(|name| root.get("versions")?.get(name));
    let version = named.unwrap_or(version);
    let wish = ["strictly", "require"].iter().find_map(|key| version.get(key)?.text());
    version.text().or(wish).map(str::to_owned)
}

fn add_notation(list: &List, notation: &Node, group: Group, context: &Context<'_>, facts: &mut Facts) {
    let (written, is_known) = match &notation.value {
        Value::Text(text) => (text, true),
        Value::Expression(text) => (text, false),
        _ => return,
    };
    let (name, version) = split_notation(written);
    // With a part that is computed the name may still be plain; a name that is computed is nobody's.
    if name.contains('$') {
        return;
    }
    let version = version.filter(|_| is_known);
    add(list, &name, version.as_deref(), group, notation.span, context, facts);
}

/// `group:name:version:classifier@type`: the name, and the version if there is one.
fn split_notation(notation: &str) -> (String, Option<String>) {
    let mut parts = notation.split([':', '@']);
    let name = format!("{}:{}", parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    (name, parts.next().map(|version| version.split("!!").next().unwrap_or(version).to_owned()))
}

/// A version that is not given here comes from a platform or a plugin: unknown.
fn add(
    list: &List,
    name: &str,
    version: Option<&str>,
    group: Group,
    at: Span,
    context: &Context<'_>,
    facts: &mut Facts,
) {
    let pin = version.map(package::pin_of_maven);
    let asked = Asked { name, specifier: version.unwrap_or_default(), pin, hashed: false, group, at };
    package::add(list, &asked, context, facts);
}

fn group_of(configuration: &str) -> Group {
    let lower = configuration.to_ascii_lowercase();
    if lower.contains("test") {
        Group::Development
    } else if matches!(lower.as_str(), "classpath" | "annotationprocessor" | "kapt" | "ksp" | "compileonly") {
        Group::Build
    } else {
        Group::Runtime
    }
}

fn list_of(file: &SourceFile, published: Option<bool>, context: &Context<'_>) -> List {
    List::of(Ecosystem::Maven, published).locked_by(package::locks(context.tree, &file.path, &["gradle.lockfile"]))
}
