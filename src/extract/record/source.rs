//! Where a record says that its model comes from: scheme, host, and how the version is fixed.

use crate::document::Node;
use crate::extract::code::is_internal;
use crate::extract::image::{self, OPEN, Reference};
use crate::fact::{Choice, Facts, Field, ModelRecord, ModelReference};
use crate::source::Span;

/// Names of revisions that move.
const MOVING: &[&str] = &["latest", "main", "master", "head", "dev", "nightly"];

/// Where a model comes from.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct Source {
    /// As written, without user, password and query of an address: keys are handed over in all three.
    text: String,
    /// Scheme in lower case; empty for a name or path.
    scheme: String,
    /// How the version is fixed.
    pin: Option<&'static str>,
    /// The host is this machine or inside the cluster; `None` where a scheme has no hosts.
    internal: Option<bool>,
    /// Repository of the hub and its revision.
    hub: Option<(String, String)>,
    at: Span,
}

impl Source {
    /// The source that stands in this node; `None` when nothing stands there.
    pub(in crate::extract) fn of(node: &Node) -> Option<Self> {
        let written = node.scalar().map(str::trim).filter(|text| !text.is_empty())?;
        Some(Self { at: node.span, ..Self::read(written) })
    }

    /// A repository of the hub that is named without its scheme, or a path where such a name is expected.
    pub(in crate::extract) fn of_repository(id: &str, revision: &str, at: Span) -> Self {
        let written = match revision {
            _ if id.starts_with(['/', '.']) => id.to_owned(),
            "" => format!("hf://{id}"),
            _ => format!("hf://{id}:{revision}"),
        };
        Self { at, ..Self::read(&written) }
    }

    fn read(written: &str) -> Self {
        let Some((scheme, rest)) = written.split_once("://") else {
            return Self { text: written.to_owned(), pin: pin_of_plain(written), ..Self::default() };
        };
        let resolved = image::resolve(rest, &|_| None);
        let open = resolved.contains(OPEN);
        let remote = Remote::parts(scheme, rest);
        let scheme = remote.scheme.as_str();
        let hub = (scheme == "hf" && !open).then(|| repository(rest));
        let pin = match scheme {
            "oci" => Reference::of(&resolved, rest).pin(),
            "hf" => hub.as_ref().map(|(_, revision)| pin_of_revision(revision)),
            "file" => Some("local"),
            // A bucket's path may hold a version or not: nobody can tell from outside.
            _ => None,
        };
        let internal = remote.is_fetched().then(|| is_internal(&remote.host)).filter(|_| !open);
        Self { text: remote.shown(), pin, internal, hub, scheme: remote.scheme, at: Span::default() }
    }

    /// Writes what is known of the source into a record.
    pub(in crate::extract) fn fill(self, record: &mut ModelRecord) {
        record.source = Field::found(self.text, self.at);
        record.scheme = Field::found(self.scheme, self.at);
        record.internal = Field { value: self.internal, at: Some(self.at) };
        record.pin = Field { value: self.pin.map(Choice), at: Some(self.at) };
    }

    /// Adds the `model-reference` of a repository of the hub, so that it can be held against those in code.
    pub(in crate::extract) fn add_reference(&self, subject: &str, loader: &str, facts: &mut Facts) {
        let Some((id, revision)) = &self.hub else { return };
        let pin = match pin_of_revision(revision) {
            "digest" => "commit",
            "none" => "none",
            _ => "name",
        };
        facts.add(
            format!("{id} by {subject}"),
            self.at,
            ModelReference {
                id: Field::found(id.as_str(), self.at),
                kind: "model".into(),
                hub: "hugging-face".into(),
                role: "serve".into(),
                revision: Field::found(revision.as_str(), self.at),
                pin: Field::found(Choice(pin), self.at),
                loader: loader.into(),
                ..ModelReference::default()
            },
        );
    }
}

/// An address without user, password and query: keys are handed over in all three.
#[derive(Debug)]
pub(super) struct Remote {
    /// Scheme in lower case.
    pub scheme: String,
    /// Host in lower case.
    pub host: String,
    /// Host and port.
    authority: String,
    path: String,
}

impl Remote {
    /// `None` for text that is no address, or is completed only when something runs.
    pub fn of(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        (!image::resolve(text, &|_| None).contains(OPEN)).then(|| Self::parts(scheme, rest))
    }

    fn parts(scheme: &str, rest: &str) -> Self {
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
        let authority = authority.rsplit('@').next().unwrap_or(authority);
        let host = match authority.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or(address),
            None => authority.split(':').next().unwrap_or(authority),
        };
        Self {
            scheme: scheme.to_ascii_lowercase(),
            host: host.to_ascii_lowercase(),
            authority: authority.to_owned(),
            path: path.to_owned(),
        }
    }

    /// True for an address that a host is asked for: the name of a bucket is no host.
    pub fn is_fetched(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https" | "ftp")
    }

    /// The address as it may be shown.
    pub fn shown(&self) -> String {
        format!("{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// `owner/name:revision` of the hub.
fn repository(rest: &str) -> (String, String) {
    let (id, revision) = rest.split_once(':').unwrap_or((rest, ""));
    (id.trim_end_matches('/').to_owned(), revision.to_owned())
}

/// How a revision of a git repository or a version of a registry fixes what is meant.
pub(in crate::extract) fn pin_of_revision(revision: &str) -> &'static str {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if revision.is_empty() {
        "none"
    } else if MOVING.contains(&revision.to_ascii_lowercase().as_str()) {
        "latest"
    } else if revision.len() >= 40 && revision.bytes().all(hexadecimal) {
        "digest"
    } else {
        "version"
    }
}

/// What has no scheme is a path, or a name of MLflow's registry: `models:/name/3`, `models:/name@champion`, `runs:/id/model`.
fn pin_of_plain(text: &str) -> Option<&'static str> {
    if image::resolve(text, &|_| None).contains(OPEN) {
        return None;
    }
    if let Some(name) = text.strip_prefix("models:/") {
        let numbered =
            name.rsplit_once('/').is_some_and(|(_, version)| version.bytes().all(|byte| byte.is_ascii_digit()));
        // Aliases and stages are moved on purpose, to another version of the same model.
        return Some(if numbered { "version" } else { "latest" });
    }
    if text.starts_with("runs:/") {
        return Some("version");
    }
    (text.starts_with(['.', '/', '~']) || text.contains('\\')).then_some("local")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_taken_apart() {
        for (written, shown, scheme, pin, internal) in [
            ("s3://bucket/model", "s3://bucket/model", "s3", None, None),
            (
                "HTTP://user:pw@models.example.com:80/m.zip?sig=x",
                "http://models.example.com:80/m.zip",
                "http",
                None,
                Some(false),
            ),
            (
                "http://minio.models.svc.cluster.local/m",
                "http://minio.models.svc.cluster.local/m",
                "http",
                None,
                Some(true),
            ),
            ("http://{{ host }}/m", "http://{{ host }}/m", "http", None, None),
            ("oci://registry.io/team/m:latest", "oci://registry.io/team/m:latest", "oci", Some("latest"), None),
            ("oci://registry.io/team/m:1.4", "oci://registry.io/team/m:1.4", "oci", Some("version"), None),
            ("oci://registry.io:5000/m@sha256:ab", "oci://registry.io:5000/m@sha256:ab", "oci", Some("digest"), None),
            ("oci://registry.io/m:${TAG}", "oci://registry.io/m:${TAG}", "oci", None, None),
            ("hf://org/name", "hf://org/name", "hf", Some("none"), None),
            ("hf://org/name:main", "hf://org/name:main", "hf", Some("latest"), None),
            ("hf://org/name:v1.0", "hf://org/name:v1.0", "hf", Some("version"), None),
            (
                "hf://org/name:607a30d783dfa663caf39e06633721c8d4cfcd7e",
                "hf://org/name:607a30d783dfa663caf39e06633721c8d4cfcd7e",
                "hf",
                Some("digest"),
                None,
            ),
            ("/mnt/models", "/mnt/models", "", Some("local"), None),
            ("models:/churn/3", "models:/churn/3", "", Some("version"), None),
            ("models:/churn@champion", "models:/churn@champion", "", Some("latest"), None),
            ("some words", "some words", "", None, None),
        ] {
            let source = Source::read(written);
            assert_eq!((source.text.as_str(), source.scheme.as_str()), (shown, scheme), "{written}");
            assert_eq!((source.pin, source.internal), (pin, internal), "{written}");
        }
    }

    #[test]
    fn odd_texts_end() {
        for text in ["://", "http://", "hf://", "oci://:@", "é://é:é@é/é", "models:/", "@", "{{"] {
            let _ = Source::read(text);
        }
    }
}
