//! Facts from `*.dvc` files: data that is tracked, and data that is imported from an address or another repository.

use crate::document::Node;
use crate::fact::{Choice, DataFile, DataImport, Facts, Field};

/// Sees what one `.dvc` file tracks.
pub fn extract(root: &Node, facts: &mut Facts) {
    let outs = root.get("outs").map_or(&[][..], Node::items);
    let dependencies = root.get("deps").map_or(&[][..], Node::items);
    for dependency in dependencies {
        let Some(path) = dependency.get("path") else { continue };
        match dependency.get("repo") {
            Some(repository) => data_import(path, repository, outs, facts),
            None => data_file(dependency, facts),
        }
    }
    for out in outs {
        data_file(out, facts);
    }
}

/// One output, or one address that data was taken from.
fn data_file(node: &Node, facts: &mut Facts) {
    let Some(path) = node.get("path") else { return };
    let Some(name) = path.scalar() else { return };
    let scheme = name.split_once("://").map(|(scheme, _)| scheme.to_lowercase());
    facts.add(
        name,
        path.span,
        DataFile {
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
