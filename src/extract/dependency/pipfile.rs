//! `Pipfile` of pipenv.

use super::table;
use crate::document::Node;
use crate::extract::Context;
use crate::extract::package::{self, Ecosystem, Group, List};
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what one `Pipfile` asks for.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let locks = context.tree.beside(&file.path, "Pipfile.lock").cloned().into_iter().collect();
    // A Pipfile installs an application; it makes no package.
    let list = List::of(Ecosystem::Pypi, Some(false)).locked_by(locks);
    for table in root.entries() {
        let group = match &*table.key {
            "source" | "requires" | "scripts" | "pipenv" => continue,
            "packages" => Group::Runtime,
            name => Group::named(name, Group::Optional),
        };
        for dependency in table.node.entries() {
            table::add(&list, dependency, group, context, facts);
        }
    }
    for source in root.get("source").map_or(&[][..], Node::one_or_many) {
        let Some((url, address)) = source.get("url").and_then(|url| Some((url, url.text()?))) else { continue };
        package::add_index(address, "index", url.span, facts);
        if source.get("verify_ssl").and_then(Node::boolean) == Some(false) {
            package::add_index(address, "trusted-host", url.span, facts);
        }
    }
}
