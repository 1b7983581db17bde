//! Facts from `.dvc/config`: where data is kept, how it is reached, and secrets that stand there.

use crate::document::{Entry, Node};
use crate::extract::Context;
use crate::extract::code::is_internal as is_internal_host;
use crate::extract::secret::{is_placeholder, told_by_name};
use crate::fact::{Choice, Facts, Field, Secret, Store};
use crate::source::{SourceFile, Span};

/// Keys of a remote that hold a secret, and what it is.
const SECRET_KEYS: &[(&str, &str)] = &[
    ("secret_access_key", "AWS secret access key"),
    ("session_token", "AWS session token"),
    ("sse_customer_key", "S3 encryption key"),
    ("connection_string", "Azure connection string"),
    ("sas_token", "Azure SAS token"),
    ("account_key", "Azure account key"),
    ("client_secret", "Azure client secret"),
    ("gdrive_client_secret", "Google Drive client secret"),
    ("oss_key_secret", "Alibaba Cloud key secret"),
    ("password", "password"),
    ("passphrase", "passphrase"),
    ("token", "token"),
];

/// Sees the remotes of one configuration file.
pub fn extract(file: &SourceFile, root: &Node, context: &Context<'_>, facts: &mut Facts) {
    // `config.local` is where DVC keeps secrets on purpose: they are a leak only when git has the file.
    let is_local = file.name() == "config.local";
    let keeps_secrets_at_home = is_local && context.tree.is_tracked(&file.path) != Some(true);
    for section in root.entries() {
        let Some(name) = section.key.strip_prefix("remote").map(|name| name.trim().trim_matches(['"', '\''])) else {
            continue;
        };
        let remote = Remote { name, section };
        // A local file changes single settings of a remote that the shared one describes.
        if !is_local || section.node.has("url") {
            facts.add(name, section.key_span, remote.store());
        }
        if !keeps_secrets_at_home {
            remote.secrets(facts);
        }
    }
}

struct Remote<'a> {
    name: &'a str,
    section: &'a Entry,
}

impl Remote<'_> {
    fn value(&self, key: &str) -> Option<(&str, Span)> {
        let node = self.section.node.get(key)?;
        Some((node.text()?, node.span))
    }

    fn flag(&self, key: &str) -> Option<(bool, Span)> {
        let node = self.section.node.get(key)?;
        Some((node.boolean()?, node.span))
    }

    fn store(&self) -> Store {
        let scheme = self.value("url").map(|(url, at)| Field::found(scheme_of(url), at)).unwrap_or_default();
        Store {
            name: self.name.into(),
            provider: "dvc".into(),
            encryption: self.encryption(),
            versioned: self.kept_versions(),
            public: self.public(),
            insecure_transport: self.insecure_transport(scheme.value.as_deref()),
            anonymous: self.flag("allow_anonymous_login").map_or(false.into(), |(value, at)| Field::found(value, at)),
            resource: scheme,
            role: "training-data".into(),
            ..Store::default()
        }
    }

    /// What the remote itself asks for. Without it the bucket's own settings decide, which are not known here.
    fn encryption(&self) -> Field<Choice> {
        if let Some((_, at)) = self.value("sse_kms_key_id").or_else(|| self.value("sse_customer_algorithm")) {
            return Field::found("own-key", at);
        }
        self.value("sse").map(|(_, at)| Field::found("provider-key", at)).unwrap_or_default()
    }

    fn kept_versions(&self) -> Field<bool> {
        let on = [self.flag("version_aware"), self.flag("worktree")].into_iter().flatten().find(|(value, _)| *value);
        on.map(|(_, at)| Field::found(true, at)).unwrap_or_default()
    }

    fn public(&self) -> Field<bool> {
        let Some((acl, at)) = self.value("acl").or_else(|| self.value("grant_read")) else { return Field::default() };
        let open = acl.starts_with("public-read") || acl.contains("groups/global/AllUsers");
        Field::found(open, at)
    }

    fn insecure_transport(&self, scheme: Option<&str>) -> Field<bool> {
        let Some(scheme) = scheme else { return Field::default() };
        let plain = |url: &str| matches!(scheme_of(url).as_str(), "http" | "webdav" | "ftp" | "hdfs" | "webhdfs");
        let address = ["url", "endpointurl"].iter().filter_map(|key| self.value(key)).find(|(url, _)| plain(url));
        let is_inside =
            ["endpointurl", "url"].iter().find_map(|key| self.value(key)).is_some_and(|(url, _)| is_internal(url));
        if is_inside {
            return false.into();
        }
        let off = |key: &str| self.flag(key).filter(|(value, _)| !value);
        if let Some((_, at)) = off("ssl_verify").or_else(|| off("use_ssl")).or_else(|| off("verify")) {
            return Field::found(true, at);
        }
        match address {
            // WebHDFS is plain or not by a setting of its own.
            Some(_) if scheme == "webhdfs" && self.flag("use_https").is_some_and(|(value, _)| value) => false.into(),
            Some((_, at)) => Field::found(true, at),
            None => false.into(),
        }
    }

    fn secrets(&self, facts: &mut Facts) {
        let written =
            SECRET_KEYS.iter().filter_map(|(key, form)| self.value(key).map(|(value, at)| (*key, *form, value, at)));
        let in_address = self
            .value("url")
            .and_then(|(url, at)| password_in(url, at))
            .map(|(value, at)| ("url", "password", value, at));
        for (key, form, value, at) in written.chain(in_address).filter(|(_, _, value, _)| !is_placeholder(value)) {
            let setting = format!("remote.{}.{key}", self.name);
            facts.add(
                setting.clone(),
                at,
                Secret { form: form.into(), certain: true.into(), ..told_by_name(&setting, value, "data-remote") },
            );
        }
    }
}

/// The scheme of a remote's address; `local` for a folder.
fn scheme_of(url: &str) -> String {
    url.split_once("://").map_or_else(|| "local".to_owned(), |(scheme, _)| scheme.to_lowercase())
}

/// The password of `scheme://user:password@host`.
fn password_in(url: &str, at: Span) -> Option<(&str, Span)> {
    let (scheme, rest) = url.split_once("://")?;
    let (user, _) = rest.split('/').next()?.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let start = at.start + scheme.len() + "://".len() + name.len() + 1;
    (!password.is_empty()).then(|| (password, Span::new(start, start + password.len())))
}

/// The address is on this machine, or on one that only an inner network can name. A bucket is not: its name is no host.
fn is_internal(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return true };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.strip_prefix('[').map_or_else(|| host.split(':').next(), |inner| inner.split(']').next());
    !matches!(scheme, "s3" | "gs" | "azure" | "oss") && host.is_some_and(is_internal_host)
}
