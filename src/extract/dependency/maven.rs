//! `pom.xml` of Maven. Properties of the file itself are followed; what a parent or a list of versions elsewhere gives stays unknown.

use crate::document::Node;
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::SourceFile;

/// How many properties may stand in for each other.
const PROPERTY_STEPS: usize = 8;

/// Sees what one `pom.xml` asks for.
pub fn extract(_file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let Some(project) = root.get("project") else { return };
    let list = List::of(Ecosystem::Maven, is_published(project));
    let profiles = children(project.get("profiles"), "profile");
    for part in std::iter::once(project).chain(profiles) {
        for place in ["dependencies", "dependencyManagement.dependencies"] {
            for dependency in children(part.at(place), "dependency") {
                add(&list, dependency, project, context, facts);
            }
        }
    }
}

fn add(list: &List, dependency: &Node, project: &Node, context: &Context<'_>, facts: &mut Facts) {
    let text = |key: &str| dependency.get(key).and_then(Node::text);
    let (Some(group), Some(artifact)) = (text("groupId"), text("artifactId")) else { return };
    let (Some(group), Some(artifact)) = (resolved(group, project), resolved(artifact, project)) else { return };
    let scope = match (text("scope"), text("optional")) {
        (Some("test"), _) => Group::Development,
        (_, Some("true")) => Group::Optional,
        _ => Group::Runtime,
    };
    let version = text("version").and_then(|version| resolved(version, project));
    let specifier = version.as_deref().or_else(|| text("version")).unwrap_or_default();
    let name = format!("{group}:{artifact}");
    let asked = Asked {
        name: &name,
        specifier,
        pin: version.as_deref().map(package::pin_of_maven),
        hashed: false,
        group: scope,
        at: dependency.span,
    };
    package::add(list, &asked, context, facts);
}

/// The text with `${name}` replaced by what `<properties>` say; `None` when one of them is given elsewhere.
fn resolved(text: &str, project: &Node) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..PROPERTY_STEPS {
        let Some((before, rest)) = text.split_once("${") else { return Some(text) };
        let (name, after) = rest.split_once('}')?;
        let own = |key: &str| project.get(key).or_else(|| project.get("parent")?.get(key)).and_then(Node::text);
        let value = match name {
            "project.version" | "pom.version" => own("version")?,
            "project.groupId" | "pom.groupId" => own("groupId")?,
            // Names of properties hold dots.
            name => project.get("properties")?.get(name)?.text()?,
        };
        text = format!("{before}{value}{after}");
    }
    None
}

fn children<'a>(list: Option<&'a Node>, name: &'static str) -> impl Iterator<Item = &'a Node> {
    list.map_or(&[][..], Node::entries).iter().filter(move |entry| &*entry.key == name).map(|entry| &entry.node)
}

/// What becomes a program or a web application is installed by nobody else; of the rest it cannot be told.
fn is_published(project: &Node) -> Option<bool> {
    const PROGRAMS: &[&str] =
        &["spring-boot-maven-plugin", "quarkus-maven-plugin", "maven-shade-plugin", "maven-assembly-plugin"];
    let packaging = project.get("packaging").and_then(Node::text);
    let plugins = children(project.at("build.plugins"), "plugin");
    let mut ids = plugins.filter_map(|plugin| plugin.get("artifactId")?.text());
    let is_program = matches!(packaging, Some("war" | "ear")) || ids.any(|id| PROGRAMS.contains(&id));
    is_program.then_some(false)
}
