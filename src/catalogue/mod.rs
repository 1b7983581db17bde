//! The catalogue of AI vendors, packages, tools and secret formats: data under `policies/catalogue/`, read once.

pub mod activities;
pub mod charts;
mod clue;
mod command;
mod governance;
mod key;
mod personal;
mod pickle;
pub mod servers;
mod tool;
mod vendor;

pub use clue::{Clue, ClueOf};
pub use governance::{DocumentKind, Documents};
pub use key::{KeyFormat, KeyGroup, KeyMatch};
pub use personal::PersonalNames;
pub use pickle::PickleVerdict;
pub use tool::{Purpose, Tool};
pub use vendor::Vendor;

use crate::source::Span;
use foldhash::{HashMap, HashSet};
use serde::Deserialize;
use std::sync::OnceLock;
use vendor::{HostIndex, ModelIndex};

/// What the product knows of the world of AI. Look-ups by name are hash look-ups; everything is read once.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// AI vendors, in the order of their file.
    pub vendors: Vec<Vendor>,
    /// Tools that check models or data.
    pub tools: Vec<Tool>,
    /// Forms of secrets.
    pub keys: Vec<KeyFormat>,
    /// Names of fields that suggest personal data.
    pub personal: PersonalNames,
    /// Kinds of documents that govern AI systems.
    pub documents: Documents,
    vendor_ids: HashMap<String, usize>,
    vendor_packages: PackageIndex,
    vendor_imports: HashMap<String, usize>,
    vendor_hosts: HostIndex,
    vendor_env: HashMap<String, usize>,
    vendor_models: ModelIndex,
    tool_packages: PackageIndex,
    tool_imports: HashMap<String, usize>,
    tool_actions: HashMap<String, usize>,
    tool_commands: OnceLock<command::CommandIndex>,
    clues: OnceLock<clue::ClueIndex>,
    pickles: OnceLock<pickle::PickleIndex>,
    libraries: HashMap<&'static str, HashSet<String>>,
    library_imports: HashSet<String>,
}

/// Packages of one catalogue file: ecosystem → name → row.
type PackageIndex = HashMap<&'static str, HashMap<String, usize>>;

/// The texts that a catalogue is read from: the files of `policies/catalogue/`, which the build has rewritten to JSON.
struct Sources<'a> {
    vendors: &'a str,
    tools: &'a str,
    packages: &'a str,
    keys: &'a str,
    personal: &'a str,
    documents: &'a str,
}

const SHIPPED: Sources<'static> = Sources {
    vendors: include_str!(concat!(env!("OUT_DIR"), "/vendors.json")),
    tools: include_str!(concat!(env!("OUT_DIR"), "/tools.json")),
    packages: include_str!(concat!(env!("OUT_DIR"), "/packages.json")),
    keys: include_str!(concat!(env!("OUT_DIR"), "/keys.json")),
    personal: include_str!(concat!(env!("OUT_DIR"), "/personal_data.json")),
    documents: include_str!(concat!(env!("OUT_DIR"), "/documents.json")),
};

const PICKLE_GLOBALS: &str = include_str!(concat!(env!("OUT_DIR"), "/pickle_globals.json"));

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct VendorFile {
    vendor: Vec<Vendor>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolFile {
    tool: Vec<Tool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageFile {
    group: Vec<LibraryGroup>,
}

/// Libraries of one field: told apart only for whoever reads the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LibraryGroup {
    #[serde(rename = "title")]
    _title: String,
    #[serde(default)]
    pypi: Vec<String>,
    #[serde(default)]
    conda: Vec<String>,
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
    #[serde(default)]
    helm: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key: Vec<KeyFormat>,
}

impl Catalogue {
    /// The catalogue that the product ships.
    #[must_use]
    pub fn shipped() -> &'static Catalogue {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        // The shipped texts are read whole by a test, so that falling back to nothing cannot happen here.
        CATALOGUE.get_or_init(|| Catalogue::read(&SHIPPED).unwrap_or_default())
    }

    fn read(sources: &Sources<'_>) -> Result<Self, serde_json::Error> {
        let vendors = serde_json::from_str::<VendorFile>(sources.vendors)?.vendor;
        let tools = serde_json::from_str::<ToolFile>(sources.tools)?.tool;
        let groups = serde_json::from_str::<PackageFile>(sources.packages)?.group;
        let keys = serde_json::from_str::<KeyFile>(sources.keys)?.key;
        let personal = PersonalNames::read(sources.personal)?;
        let documents = serde_json::from_str(sources.documents)?;

        let mut libraries: HashMap<&'static str, HashSet<String>> = HashMap::default();
        let mut library_imports = HashSet::default();
        for group in groups {
            let lists = [
                ("pypi", group.pypi),
                ("conda", group.conda),
                ("npm", group.npm),
                ("crates", group.crates),
                ("go", group.go),
                ("maven", group.maven),
                ("nuget", group.nuget),
                ("helm", group.helm),
            ];
            for (ecosystem, names) in lists {
                let names = names.iter().map(|name| normal_name(ecosystem, name));
                libraries.entry(ecosystem).or_default().extend(names);
            }
            library_imports.extend(group.imports);
        }

        Ok(Self {
            vendor_ids: index(&vendors, |vendor| std::slice::from_ref(&vendor.id)),
            vendor_packages: index_packages(&vendors, Vendor::packages),
            vendor_imports: index(&vendors, |vendor| &vendor.imports),
            vendor_hosts: HostIndex::of(&vendors),
            vendor_env: index(&vendors, |vendor| &vendor.env),
            vendor_models: ModelIndex::of(&vendors),
            tool_packages: index_packages(&tools, Tool::packages),
            tool_imports: index(&tools, |tool| &tool.imports),
            tool_actions: index(&tools, |tool| &tool.actions),
            tool_commands: OnceLock::new(),
            clues: OnceLock::new(),
            pickles: OnceLock::new(),
            libraries,
            library_imports,
            vendors,
            tools,
            keys,
            personal,
            documents,
        })
    }

    /// The vendor of this id.
    #[must_use]
    pub fn vendor(&self, id: &str) -> Option<&Vendor> {
        self.vendors.get(*self.vendor_ids.get(id)?)
    }

    /// The vendor whose package this is. `ecosystem`: `pypi`, `npm`, `conda`, `crates`, `go`, `maven` or `nuget`.
    #[must_use]
    pub fn vendor_of_package(&self, ecosystem: &str, name: &str) -> Option<&Vendor> {
        self.vendors.get(find_package(&self.vendor_packages, ecosystem, name)?)
    }

    /// The vendor whose Python module this is: `google.genai.types` is of the one that has `google.genai`.
    ///
    /// A project can have a module of its own by the same name; whoever asks must look for that first.
    #[must_use]
    pub fn vendor_of_import(&self, module: &str) -> Option<&Vendor> {
        let row = dotted_prefixes(module).find_map(|prefix| self.vendor_imports.get(prefix))?;
        self.vendors.get(*row)
    }

    /// The vendor whose interface answers at this host (without scheme, port and path; upper case is as good as lower).
    #[must_use]
    pub fn vendor_of_host(&self, host: &str) -> Option<&Vendor> {
        self.vendors.get(self.vendor_hosts.find(host)?)
    }

    /// The vendor that this environment variable belongs to.
    #[must_use]
    pub fn vendor_of_env(&self, name: &str) -> Option<&Vendor> {
        self.vendors.get(*self.vendor_env.get(name)?)
    }

    /// The vendor whose service is asked by this model id. Open weights that run anywhere (`gpt-oss`, `llama`) have none.
    ///
    /// It is the maker as the id says it; the same model can be asked of a cloud under the same id.
    #[must_use]
    pub fn vendor_of_model(&self, id: &str) -> Option<&Vendor> {
        self.vendors.get(self.vendor_models.find(id)?)
    }

    /// The tool that this package is.
    #[must_use]
    pub fn tool_of_package(&self, ecosystem: &str, name: &str) -> Option<&Tool> {
        self.tools.get(find_package(&self.tool_packages, ecosystem, name)?)
    }

    /// The tool that this Python module belongs to.
    #[must_use]
    pub fn tool_of_import(&self, module: &str) -> Option<&Tool> {
        let row = dotted_prefixes(module).find_map(|prefix| self.tool_imports.get(prefix))?;
        self.tools.get(*row)
    }

    /// The tool that this GitHub action runs, as written behind `uses:`.
    #[must_use]
    pub fn tool_of_action(&self, uses: &str) -> Option<&Tool> {
        let name = uses.split('@').next().unwrap_or_default().to_ascii_lowercase();
        let mut parts = name.as_str();
        loop {
            if let Some(row) = self.tool_actions.get(parts) {
                return self.tools.get(*row);
            }
            parts = parts.rsplit_once('/')?.0;
        }
    }

    /// The tools that a shell script runs, each once, in the order of the catalogue. Installing a tool is not running it.
    pub fn tool_in_command(&self, script: &str) -> impl Iterator<Item = &Tool> {
        let commands = self.tool_commands.get_or_init(|| command::CommandIndex::of(&self.tools));
        commands.find(script).into_iter().filter_map(|row| self.tools.get(row))
    }

    /// Where a part of a text may hold a secret, or the host, variable or model of a vendor. A clue is only a reason to look closer.
    pub fn clues<'a>(&'a self, text: &'a str, part: Span) -> impl Iterator<Item = Clue> + 'a {
        self.clues.get_or_init(|| clue::ClueIndex::of(self)).find(text, part)
    }

    /// What a Python name that a pickle imports can do.
    #[must_use]
    pub fn pickle_verdict(&self, module: &str, name: &str) -> PickleVerdict {
        // The shipped list is read whole by a test.
        self.pickles.get_or_init(|| pickle::PickleIndex::read(PICKLE_GLOBALS).unwrap_or_default()).verdict(module, name)
    }

    /// True for a library of AI or machine learning: a framework, a vendor's package, a tool for models.
    #[must_use]
    pub fn is_ai_package(&self, ecosystem: &str, name: &str) -> bool {
        let name = normal_name(ecosystem, name);
        let in_list = |ecosystem| self.libraries.get(ecosystem).is_some_and(|names| names.contains(name.as_str()));
        in_list(ecosystem)
            || (ecosystem == "conda" && in_list("pypi"))
            || self.vendor_of_package(ecosystem, &name).is_some()
            || self.tool_of_package(ecosystem, &name).is_some_and(|tool| tool.purpose.is_about_models())
    }

    /// True for a Python module of AI or machine learning. As with [`Catalogue::vendor_of_import`], the project's own modules come first.
    #[must_use]
    pub fn is_ai_import(&self, module: &str) -> bool {
        dotted_prefixes(module).any(|prefix| self.library_imports.contains(prefix))
            || self.vendor_of_import(module).is_some()
            || self.tool_of_import(module).is_some_and(|tool| tool.purpose.is_about_models())
    }
}

/// Name → row, for names that only one row may claim (a test sees to that).
fn index<T>(rows: &[T], names: impl Fn(&T) -> &[String]) -> HashMap<String, usize> {
    let claims = rows.iter().enumerate().flat_map(|(row, it)| names(it).iter().map(move |name| (name.clone(), row)));
    claims.collect()
}

fn index_packages<'a, T: 'a, const N: usize>(
    rows: &'a [T],
    packages: impl Fn(&'a T) -> [(&'static str, &'a [String]); N],
) -> PackageIndex {
    let mut found = PackageIndex::default();
    for (row, it) in rows.iter().enumerate() {
        for (ecosystem, names) in packages(it) {
            let names = names.iter().map(|name| (normal_name(ecosystem, name), row));
            found.entry(ecosystem).or_default().extend(names);
        }
    }
    found
}

fn find_package(packages: &PackageIndex, ecosystem: &str, name: &str) -> Option<usize> {
    let name = normal_name(ecosystem, name);
    // conda's packages of Python libraries bear the names of PyPI, with few exceptions.
    let ecosystem = if ecosystem == "conda" { "pypi" } else { ecosystem };
    packages.get(ecosystem)?.get(name.as_str()).copied()
}

/// The name as its ecosystem compares it: on `PyPI` `_`, `.` and `-` are the same, and so are upper and lower case.
fn normal_name(ecosystem: &str, name: &str) -> String {
    match ecosystem {
        "pypi" => {
            let mut normal = String::with_capacity(name.len());
            for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
                if !normal.is_empty() {
                    normal.push('-');
                }
                normal.push_str(&part.to_ascii_lowercase());
            }
            normal
        }
        "conda" | "nuget" => name.to_ascii_lowercase(),
        "crates" => name.replace('_', "-"),
        "go" => without_major_version(name).to_owned(),
        _ => name.to_owned(),
    }
}

/// A Go module from its second version on bears it at the end of its path: `github.com/openai/openai-go/v2`.
fn without_major_version(module: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
    };
    module.rsplit_once('/').filter(|(_, last)| is_version(last)).map_or(module, |(path, _)| path)
}

/// `a.b.c`, `a.b`, `a`.
fn dotted_prefixes(module: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(module), |prefix| prefix.rsplit_once('.').map(|(before, _)| before))
}

#[cfg(test)]
mod tests;
