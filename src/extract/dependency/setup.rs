//! `setup.cfg` and `setup.py` of setuptools. The second is a program: only what it writes out plainly is seen.

use super::pyproject;
use crate::document::Node;
use crate::document::code::{Argument, Call, Code, Known};
use crate::document::packages::Package;
use crate::extract::Context;
use crate::extract::package::{self, Group, List};
use crate::fact::Facts;
use crate::source::{SourceFile, Span};

/// Sees what one `setup.cfg` asks for. Most hold only settings of tools.
pub fn extract_config(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    let list = list_of(file, context);
    // Names of sections hold dots.
    let section = |name: &str| root.get(name).map_or(&[][..], Node::entries).iter();
    for entry in section("options") {
        let group = match &*entry.key {
            "install_requires" => Group::Runtime,
            "setup_requires" => Group::Build,
            "tests_require" => Group::Development,
            _ => continue,
        };
        requirements(&list, entry.node.items(), group, context, facts);
    }
    for entry in section("options.extras_require") {
        requirements(&list, entry.node.items(), Group::named(&entry.key, Group::Optional), context, facts);
    }
}

fn requirements(list: &List, lines: &[Node], group: Group, context: &Context<'_>, facts: &mut Facts) {
    for line in lines {
        // `file: requirements.txt` names a list that is read by itself.
        let text = line.text().unwrap_or_default();
        if let Some(package) = Package::read(text, line.span).filter(|_| !text.starts_with("file:")) {
            package::add_package(list, &package, group, context, facts);
        }
    }
}

/// Sees what one `setup.py` asks for in its call of `setup`.
pub fn extract_script(file: &SourceFile, code: &Code, context: &Context<'_>, facts: &mut Facts) {
    let is_setup = |call: &&Call| {
        matches!(call.function.as_str(), "setuptools.setup" | "distutils.core.setup" | "skbuild.setup" | "*.setup")
    };
    let Some(call) = code.calls.iter().find(is_setup) else { return };
    let list = list_of(file, context);
    let add = |items: &[Known], argument: &Argument, group: Group, facts: &mut Facts| {
        for text in items.iter().filter_map(Known::text) {
            let at = place_of(text, &file.text).unwrap_or(argument.at);
            if let Some(package) = Package::read(text, at) {
                package::add_package(&list, &package, group, context, facts);
            }
        }
    };
    for (name, group) in [
        ("setup_requires", Group::Build),
        ("install_requires", Group::Runtime),
        ("tests_require", Group::Development),
        ("extras_require", Group::Optional),
    ] {
        let Some(argument) = call.named(name) else { continue };
        match &argument.value {
            Known::List(items) => add(items, argument, group, facts),
            Known::Map(entries) => {
                for (extra, items) in entries {
                    if let Known::List(items) = items {
                        let group = Group::named(extra, group);
                        add(items, argument, group, facts);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Scripts longer than this are not what people write by hand, and are not searched further.
const SEARCHED: usize = 1 << 20;

/// Where a text of a script's list stands: the list can be given by a name, far from the call that it is handed to. Of a text that is put
/// together of several, the first part shows.
fn place_of(requirement: &str, script: &str) -> Option<Span> {
    let script = Span::new(0, SEARCHED).text(script);
    let first_word = requirement.split_inclusive(' ').next().filter(|word| *word != requirement);
    quoted_in(requirement, script).or_else(|| quoted_start_in(first_word?, script))
}

/// Where `text` stands in quotes.
fn quoted_in(text: &str, script: &str) -> Option<Span> {
    let start = QUOTES.iter().find_map(|quote| script.find(&format!("{quote}{text}{quote}")))?;
    Some(Span::new(start, start + text.len() + 2))
}

/// Where a text in quotes begins with `start`.
fn quoted_start_in(start: &str, script: &str) -> Option<Span> {
    let at = QUOTES.iter().find_map(|quote| script.find(&format!("{quote}{start}")))?;
    Some(Span::new(at, at + start.len() + 1))
}

const QUOTES: [char; 2] = ['"', '\''];

/// A build file with setuptools makes a package that others install, though many an application has one too.
fn list_of(file: &SourceFile, context: &Context<'_>) -> List {
    pyproject::list_of(context.tree, &file.path, None)
}
