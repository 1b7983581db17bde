//! Locks of conda: pixi and conda-lock. Both also hold packages of `PyPI`.

use super::{Entry, Packages, scalar};
use crate::document::Node;
use crate::extract::package::{Ecosystem, Group};

/// `pixi.lock`: packages stand by address, those of conda without name and version.
pub(super) fn pixi(root: &Node, packages: &mut Packages<'_>) {
    for package in root.get("packages").map_or(&[][..], Node::items) {
        // Until its fifth version the lock said `kind: conda`, from then on the kind is the key of the address.
        let is_conda = package.has("conda") || package.get("kind").and_then(Node::text) == Some("conda");
        let address = package.get(if is_conda { "conda" } else { "pypi" }).or_else(|| package.get("url"));
        let Some(address) = address else { continue };
        let Some(url) = address.text().filter(|url| url.contains("://")) else { continue };
        let told = if is_conda { name_and_version(url) } else { None };
        let name = scalar(package, "name").or_else(|| told.map(|(name, _)| (name, address.span)));
        let version = scalar(package, "version").or_else(|| told.map(|(_, version)| (version, address.span)));
        let Some((name, at)) = name else { continue };
        packages.add(&Entry {
            ecosystem: if is_conda { Ecosystem::Conda } else { Ecosystem::Pypi },
            name,
            at,
            version,
            hashed: Some(package.has("sha256") || package.has("md5")),
            direct: None,
            group: None,
        });
    }
}

/// `.../linux-64/pytorch-2.4.0-py312_0.conda`: name and version before the build.
fn name_and_version(url: &str) -> Option<(&str, &str)> {
    let file = url.rsplit('/').next()?;
    let (rest, _build) = file.rsplit_once('-')?;
    rest.rsplit_once('-')
}

/// `conda-lock.yml`: one entry for each package and platform.
pub(super) fn conda_lock(root: &Node, packages: &mut Packages<'_>) {
    for package in root.get("package").map_or(&[][..], Node::items) {
        let Some((name, at)) = scalar(package, "name") else { continue };
        let is_pip = package.get("manager").and_then(Node::text) == Some("pip");
        let group = package.get("category").and_then(Node::text).map(|category| match category {
            "main" => Group::Runtime,
            name => Group::named(name, Group::Optional),
        });
        packages.add(&Entry {
            ecosystem: if is_pip { Ecosystem::Pypi } else { Ecosystem::Conda },
            name,
            at,
            version: scalar(package, "version"),
            hashed: Some(package.get("hash").is_some_and(|hash| hash.has("sha256") || hash.has("md5"))),
            direct: None,
            group,
        });
    }
}
