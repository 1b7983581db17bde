//! Tables of packages in TOML, as Poetry, pipenv and pixi write them.

use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::extract::package::{self, Asked, Group, List};
use crate::fact::{Choice, Facts};
use crate::source::Span;

/// An entry of a table of dependencies: `name = "^1.2"`, `name = { version = "^1.2" }`,
/// `name = { git = "..." }`, or several of these for different platforms.
pub(super) fn add(list: &List, dependency: &Entry, group: Group, context: &Context<'_>, facts: &mut Facts) {
    if &*dependency.key == "python" {
        return;
    }
    for choice in dependency.node.one_or_many() {
        let at = dependency.key_span.cover(choice.span);
        let Some(version) = choice.scalar().or_else(|| choice.get("version").and_then(Node::scalar)) else {
            add_sourced(list, &dependency.key, choice, at, group, context, facts);
            continue;
        };
        // Poetry and npm agree that a bare version is exact and that `^` and `~` start a range.
        let pin = match package::pin_of_specifier(version) {
            Choice("range")
                if version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains([',', '*', '|', ' ']) =>
            {
                Choice("exact")
            }
            pin => pin,
        };
        let asked = Asked { name: &dependency.key, specifier: version, pin: Some(pin), hashed: false, group, at };
        package::add(list, &asked, context, facts);
    }
}

/// A package that comes from a repository or an address. One from a folder brings nothing in from outside.
pub(super) fn add_sourced(
    list: &List,
    name: &str,
    source: &Node,
    at: Span,
    group: Group,
    context: &Context<'_>,
    facts: &mut Facts,
) {
    let text = |key: &str| source.get(key).and_then(Node::scalar);
    let location = match (text("git"), text("url").or_else(|| text("file"))) {
        (Some(repository), _) => {
            let revision = ["rev", "ref", "tag", "branch"].iter().find_map(|key| text(key));
            format!("git+{repository}{}", revision.map(|it| format!("@{it}")).unwrap_or_default())
        }
        (None, Some(url)) if url.contains("://") => url.to_owned(),
        _ => return,
    };
    let pin = Some(package::pin_of_location(&location));
    let asked = Asked { name, specifier: &location, pin, hashed: false, group, at };
    package::add(list, &asked, context, facts);
}
