//! Project files of .NET and the list of versions that projects share.

use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::extract::package::{self, Asked, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what one project, or `Directory.Packages.props`, asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let Some(project) = root.get("Project") else { return };
    let locks = context.tree.beside(&file.path, "packages.lock.json").cloned().into_iter().collect();
    let list = List::of(Ecosystem::Nuget, is_published(project)).locked_by(locks);
    let groups = project.entries().iter().filter(|entry| &*entry.key == "ItemGroup");
    for entry in groups.flat_map(|group| group.node.entries()) {
        if matches!(&*entry.key, "PackageReference" | "PackageVersion") {
            add(&list, entry, context, facts);
        }
    }
}

fn add(list: &List, entry: &Entry, context: &Context<'_>, facts: &mut Facts) {
    // A property stands as an attribute or as an element of its own.
    let property = |name: &str| {
        let attribute = entry.node.get(&format!("@{name}"));
        attribute.or_else(|| entry.node.get(name)).and_then(Node::text)
    };
    let Some(name) = property("Include").or_else(|| property("Update")) else { return };
    let version = property("VersionOverride").or_else(|| property("Version"));
    // `$(Version)` is given in another file, and so is a version that is left out.
    let known = version.filter(|version| !version.contains("$("));
    let is_for_building = property("PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
    let asked = Asked {
        name,
        specifier: version.unwrap_or_default(),
        pin: known.map(package::pin_of_nuget),
        hashed: false,
        group: if is_for_building { Group::Development } else { Group::Runtime },
        at: entry.node.span,
    };
    package::add(list, &asked, context, facts);
}

/// A program or web application is installed by nobody else; a package says that it is one.
fn is_published(project: &Node) -> Option<bool> {
    let groups = || project.entries().iter().filter(|entry| &*entry.key == "PropertyGroup").map(|entry| &entry.node);
    let text = |name: &str| groups().find_map(|group| group.get(name)?.text());
    let sdk = project.get("@Sdk").and_then(Node::text).unwrap_or_default();
    if text("PackageId").is_some()
        || text("IsPackable") == Some("true")
        || text("GeneratePackageOnBuild") == Some("true")
    {
        return Some(true);
    }
    let is_program = text("OutputType").is_some_and(|output| output.to_ascii_lowercase().ends_with("exe"))
        || sdk.ends_with(".Web")
        || sdk.ends_with(".Worker")
        || sdk.ends_with(".BlazorWebAssembly");
    is_program.then_some(false)
}
