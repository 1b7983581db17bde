//! AI servers and AI images, by name: data of `policies/catalogue/servers.toml`, read once.

use crate::globs::Names;
use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use std::error::Error;
use std::sync::OnceLock;

const SERVERS: &str = include_str!(concat!(env!("OUT_DIR"), "/servers.json"));

/// What is known of servers and images.
#[derive(Debug, Default)]
pub struct Servers {
    all: Vec<Server>,
    images: GlobSet,
    /// The server of each pattern in `images`.
    image_rows: Vec<usize>,
    ai_images: Names,
    node_images: Names,
    root_images: Names,
}

/// One AI server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its lasting short name.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub role: Role,
    /// It is used without AI as well: that it runs is no sign of AI.
    #[serde(default)]
    pub general: bool,
    #[serde(default)]
    images: Vec<String>,
    #[serde(default)]
    commands: Vec<String>,
    /// Settings that say at which address it listens; with `=value`, that it listens at every one.
    #[serde(default)]
    pub listens: Vec<String>,
    /// Its key is mostly set in the environment of whoever starts it.
    #[serde(default, rename = "from-environment")]
    pub from_environment: bool,
    /// Settings that turn authentication on.
    #[serde(default)]
    pub guards: Vec<String>,
    /// Settings that turn authentication off.
    #[serde(default)]
    pub opens: Vec<String>,
    /// What holds when no such setting is there.
    pub unguarded: Unguarded,
    /// Arguments and mounted paths that can hold the settings too.
    #[serde(default)]
    pub configuration: Vec<String>,
}

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Answers with a model.
    Model,
    /// Runs notebooks.
    Notebook,
    /// Keeps embeddings.
    VectorStore,
    /// Searches documents, by words or by embeddings.
    Search,
    /// Keeps experiments and models.
    Tracking,
    /// Runs training jobs.
    Compute,
    /// Stands before the interfaces of models.
    Gateway,
    /// Shows a model to people.
    Interface,
}

impl Role {
    /// The word for it in facts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Notebook => "notebook",
            Self::VectorStore => "vector-store",
            Self::Search => "search",
            Self::Tracking => "tracking",
            Self::Compute => "compute",
            Self::Gateway => "gateway",
            Self::Interface => "interface",
        }
    }
}

/// Whether a server without any setting asks who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unguarded {
    /// It asks by itself.
    Yes,
    /// It asks nobody.
    No,
    /// That hangs on more than settings.
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    server: Vec<Server>,
    ai: Images,
    node: Images,
    root: Images,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Images {
    images: Vec<String>,
}

impl Servers {
    /// The servers that the product ships.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Servers> = OnceLock::new();
        // A test reads the shipped text, so that falling back to nothing cannot happen here.
        SHIPPED.get_or_init(|| Self::read(SERVERS).unwrap_or_else(|_| Self::default()))
    }

    fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let file: File = serde_json::from_str(text)?;
        let mut images = GlobSetBuilder::new();
        let mut image_rows = Vec::new();
        for (row, server) in file.server.iter().enumerate() {
            for image in &server.images {
                images.add(Glob::new(image)?);
                image_rows.push(row);
            }
        }
        let of_ai_servers = file.server.iter().filter(|server| !server.general).flat_map(|server| &server.images);
        Ok(Self {
            ai_images: Names::of(of_ai_servers.chain(&file.ai.images))?,
            node_images: Names::of(&file.node.images)?,
            images: images.build()?,
            image_rows,
            root_images: Names::of(&file.root.images)?,
            all: file.server,
        })
    }

    /// The server of this id.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<&Server> {
        self.all.iter().find(|server| server.id == id)
    }

    /// The server that an image of this name (without tag) holds.
    #[must_use]
    pub fn of_image(&self, name: &str) -> Option<&Server> {
        let tails = tails(name);
        let row = tails.iter().filter_map(|tail| self.images.matches(tail).first().copied()).min()?;
        self.all.get(*self.image_rows.get(row)?)
    }

    /// The server that a command starts; `program` is its words from the program on (see [`crate::shell::Command::program`]).
    #[must_use]
    pub fn of_program(&self, program: &[&str]) -> Option<&Server> {
        let starts = |command: &String| {
            let mut words = program.iter();
            command.split(' ').all(|wanted| words.next().is_some_and(|word| *word == wanted))
        };
        self.all.iter().find(|server| server.commands.iter().any(starts))
    }

    /// False for a text that names the program of no server: a cheap look before its commands are asked.
    #[must_use]
    pub fn may_start(&self, text: &str) -> bool {
        let mut programs = self.all.iter().flat_map(|server| &server.commands);
        programs.any(|command| text.contains(command.split(' ').next().unwrap_or(command)))
    }

    /// True for an image that serves or trains models or keeps what they work with.
    #[must_use]
    pub fn is_ai_image(&self, name: &str) -> bool {
        let tails = tails(name);
        tails.iter().any(|tail| self.ai_images.mean(tail)) && !tails.iter().any(|tail| self.node_images.mean(tail))
    }

    /// True for an image that is known to run as root unless told otherwise.
    #[must_use]
    pub fn runs_as_root(&self, name: &str) -> bool {
        tails(name).iter().any(|tail| self.root_images.mean(tail))
    }
}

/// The name and what is left of it without the registry and its folders: mirrors put theirs before the name.
fn tails(name: &str) -> Vec<&str> {
    let mut tails = vec![name];
    let mut rest = name;
    // Deeper names are of no image that anybody publishes.
    while let Some((_, after)) = rest.split_once('/').filter(|_| tails.len() < 6) {
        let is_last = !after.contains('/');
        let host = rest.split('/').next().unwrap_or_default();
        let official = matches!(host, "library" | "docker.io" | "") || host.contains(['.', ':']);
        // `someone/python` is not `python`: only a registry or `library` may stand before a name of one part.
        if !is_last || official {
            tails.push(after);
        }
        rest = after;
    }
    tails
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_data_is_read_whole() {
        let servers = Servers::read(SERVERS).unwrap();
        assert!(servers.all.len() > 20);
        assert_eq!(servers.images.len(), servers.image_rows.len());
    }

    #[test]
    fn images_are_known_behind_any_registry() {
        let servers = Servers::shipped();
        let id = |name: &str| servers.of_image(name).map(|server| server.id.as_str());
        assert_eq!(id("vllm/vllm-openai"), Some("vllm"));
        assert_eq!(id("docker.io/vllm/vllm-openai"), Some("vllm"));
        assert_eq!(id("nvcr.io/nvidia/tritonserver"), Some("triton"));
        assert_eq!(id("mirror.corp:5000/proxy/ollama/ollama"), Some("ollama"));
        assert_eq!(id("ghcr.io/mlflow/mlflow"), Some("mlflow"));
        assert_eq!(id("quay.io/jupyter/scipy-notebook"), Some("jupyter"));
        assert_eq!(id("nginx"), None);
        assert!(servers.is_ai_image("763104351884.dkr.ecr.us-west-2.amazonaws.com/tensorflow-training"));
        assert!(!servers.is_ai_image("postgres"));
        assert!(servers.runs_as_root("docker.io/library/python"));
        assert!(!servers.runs_as_root("someone/python"));
    }

    #[test]
    fn commands_are_known_by_their_first_words() {
        let servers = Servers::shipped();
        let id = |words: &[&str]| servers.of_program(words).map(|server| server.id.as_str());
        assert_eq!(id(&["vllm.entrypoints.openai.api_server", "--model", "x"]), Some("vllm"));
        assert_eq!(id(&["jupyter", "lab"]), Some("jupyter"));
        assert_eq!(id(&["train.py", "--logger", "tensorboard"]), None);
    }
}
