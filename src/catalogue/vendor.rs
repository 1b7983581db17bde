//! AI vendors and what gives them away: hosts with wildcards, model ids with open ends.

use foldhash::HashMap;
use serde::Deserialize;

/// One AI vendor, or a maker of frameworks.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// Its id, as registers of vendors use it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it offers: `llm-api`, `vector-db`, `framework`, ...
    pub category: String,
    #[serde(default)]
    pypi: Vec<String>,
    #[serde(default)]
    npm: Vec<String>,
    #[serde(default)]
    crates: Vec<String>,
    #[serde(default)]
    go: Vec<String>,
    #[serde(default)]
    maven: Vec<String>,
    #[serde(default)]
    nuget: Vec<String>,
    /// Python modules of its packages.
    #[serde(default)]
    pub(super) imports: Vec<String>,
    /// Hosts of its interfaces; one `*` stands for anything.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Names of its environment variables.
    #[serde(default)]
    pub env: Vec<String>,
    /// Ids of its models; a `*` may stand at the end.
    #[serde(default)]
    pub models: Vec<String>,
}

impl Vendor {
    /// Data can leave to it. A framework or a local runtime is somebody's software, but runs here.
    #[must_use]
    pub fn receives_data(&self) -> bool {
        !matches!(self.category.as_str(), "framework" | "local-runtime")
    }

    /// Its packages by ecosystem.
    pub(super) fn packages(&self) -> [(&'static str, &[String]); 6] {
        [
            ("pypi", &self.pypi),
            ("npm", &self.npm),
            ("crates", &self.crates),
            ("go", &self.go),
            ("maven", &self.maven),
            ("nuget", &self.nuget),
        ]
    }
}

/// Hosts to vendors: whole names by hash, wildcards by the last two labels.
#[derive(Debug, Default)]
pub(super) struct HostIndex {
    whole: HashMap<String, usize>,
    wildcards: HashMap<String, Vec<Wildcard>>,
}

#[derive(Debug)]
struct Wildcard {
    before: String,
    after: String,
    vendor: usize,
}

/// First labels under which vendors keep web sites beside their interfaces: `docs.pinecone.io` receives no data.
const SITES: &[&str] = &[
    "www",
    "docs",
    "doc",
    "blog",
    "status",
    "help",
    "support",
    "learn",
    "community",
    "console",
    "dashboard",
    "forum",
    "careers",
    "trust",
    "static",
    "assets",
    "cdn",
];

impl HostIndex {
    pub(super) fn of(vendors: &[Vendor]) -> Self {
        let mut index = Self::default();
        for (vendor, row) in vendors.iter().enumerate() {
            for host in &row.hosts {
                if let Some((before, after)) = host.split_once('*') {
                    let wildcard = Wildcard { before: before.to_owned(), after: after.to_owned(), vendor };
                    index.wildcards.entry(last_labels(after).to_owned()).or_default().push(wildcard);
                } else {
                    index.whole.insert(host.clone(), vendor);
                }
            }
        }
        index
    }

    pub(super) fn find(&self, host: &str) -> Option<usize> {
        let host = host.to_ascii_lowercase();
        if let Some(vendor) = self.whole.get(host.as_str()) {
            return Some(*vendor);
        }
        let first_label = host.split('.').next().unwrap_or_default();
        if SITES.contains(&first_label) {
            return None;
        }
        let candidates = self.wildcards.get(last_labels(&host))?;
        let matching = candidates.iter().filter(|wildcard| {
            host.len() > wildcard.before.len() + wildcard.after.len()
                && host.starts_with(wildcard.before.as_str())
                && host.ends_with(wildcard.after.as_str())
        });
        matching.max_by_key(|wildcard| wildcard.before.len() + wildcard.after.len()).map(|wildcard| wildcard.vendor)
    }
}

/// `openai.azure.com` → `azure.com`.
fn last_labels(host: &str) -> &str {
    let Some((before, _)) = host.rsplit_once('.') else { return host };
    let start = before.rfind('.').map_or(0, |dot| dot + 1);
    host.get(start..).unwrap_or(host)
}

/// Model ids to vendors: whole ids and beginnings by hash.
#[derive(Debug, Default)]
pub(super) struct ModelIndex {
    whole: HashMap<String, usize>,
    beginnings: HashMap<String, usize>,
    longest: usize,
}

impl ModelIndex {
    pub(super) fn of(vendors: &[Vendor]) -> Self {
        let mut index = Self::default();
        for (vendor, row) in vendors.iter().enumerate() {
            for model in &row.models {
                if let Some(beginning) = model.strip_suffix('*') {
                    index.longest = index.longest.max(beginning.len());
                    index.beginnings.insert(beginning.to_owned(), vendor);
                } else {
                    index.whole.insert(model.clone(), vendor);
                }
            }
        }
        index
    }

    /// The longest beginning wins: `anthropic.claude-3` is Bedrock's id of a model, `claude-3` the maker's.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        if let Some(vendor) = self.whole.get(id) {
            return Some(*vendor);
        }
        let longest = self.longest.min(id.len());
        let mut beginnings = (1..=longest).rev().filter_map(|end| id.get(..end));
        beginnings.find_map(|beginning| self.beginnings.get(beginning).copied())
    }
}
