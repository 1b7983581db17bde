//! Facts from `*.dvc` files: data that is tracked, and data that is imported from an address or another repository.

use crate::document::Node;
use crate::fact::{Choice, DataFile, DataImport, Facts, Field};
use crate::source::{SourceFile, folder};
use crate::tree::resolved;

/// Sees what one `.dvc` file tracks.
pub fn extract(file: &SourceFile, root: &Node, facts: &mut Facts) {
    let outs = root.get("outs").map_or(&[][..], Node::items);
    let dependencies = root.get("deps").map_or(&[][..], Node::items);
    for dependency in dependencies {
        let Some(path) = dependency.get("path") else { continue };
        match dependency.get("repo") {
            Some(repository) => data_import(path, repository, outs, facts),
            None => data_file(dependency, None, facts),
        }
    }
    // Paths of outputs are told from the folder of the file, unless that is moved.
    let base = (!root.has("wdir")).then(|| folder(&file.path));
    for out in outs {
        data_file(out, base, facts);
    }
}

/// One output, whose path is told from the folder `base`, or one address that data was taken from.
fn data_file(node: &Node, base: Option<&str>, facts: &mut Facts) {
    let Some(path) = node.get("path") else { return };
    let Some(name) = path.scalar() else { return };
    let scheme = name.split_once("://").map(|(scheme, _)| scheme.to_lowercase());
    let place = base.filter(|_| scheme.is_none()).map_or_else(String::new, |base| resolved(base, name));
    facts.add(
        name,
        path.span,
        DataFile {
            // What is read here is the pointer to it.
            present: if place.is_empty() { Field::default() } else { true.into() },
            digest: if place.is_empty() { String::new() } else { digest(node) }.into(),
            file: place.into(),
            name: name.into(),
            url: scheme.as_ref().map_or("", |_| name).into(),
            scheme: scheme.unwrap_or_default().into(),
            checksum: checksum(node),
            contained: false.into(),
            ..DataFile::default()
        },
    );
}

/// DVC writes the MD5 of what it holds itself; of data that stays in a bucket it writes the store's own mark, whose kind
/// differs from store to store.
fn checksum(node: &Node) -> Field<Choice> {
    if let Some(md5) = node.get("md5") {
        let digest = md5.scalar().unwrap_or_default().trim_end_matches(".dir");
        let well_formed = digest.len() == 32 && digest.bytes().all(|b| b.is_ascii_hexdigit());
        return Field::found(if well_formed { "md5" } else { "malformed" }, md5.span);
    }
    let marked = ["etag", "checksum", "version_id", "files", "cloud"].iter().any(|key| node.has(key));
    if marked { Field::default() } else { "none".into() }
}

/// The MD5 of a single file. That of a folder is the sum of a list; and before DVC said `hash: md5` it changed the line ends of
/// text before it computed one.
fn digest(out: &Node) -> String {
    let is_plain = out.get("hash").and_then(Node::scalar) == Some("md5");
    let md5 = out.get("md5").and_then(Node::scalar).filter(|md5| is_plain && md5.len() == 32);
    md5.map_or_else(String::new, |md5| format!("md5:{}", md5.to_ascii_lowercase()))
}

fn data_import(path: &Node, repository: &Node, outs: &[Node], facts: &mut Facts) {
    let text = |key: &str| repository.get(key).and_then(|node| node.scalar().map(|text| (text, node.span)));
    let name =
        outs.first().and_then(|out| out.get("path")).and_then(Node::scalar).or(path.scalar()).unwrap_or_default();
    let revision = text("rev").map_or_else(|| "".into(), |(rev, at)| Field::found(rev, at));
    let locked = match text("rev_lock") {
        Some((commit, at)) => {
            let whole = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
            Field::found(whole, at)
        }
        None => false.into(),
    };
    let url = text("url").map_or_else(Field::default, |(url, at)| Field::found(url, at));
    facts.add(name, path.span, DataImport { name: name.into(), url, revision, locked });
}
