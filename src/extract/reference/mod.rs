//! Models and datasets that are named outside of code: `model-reference` facts from settings, commands, containers and addresses.

pub(super) mod address;
mod command;
mod group;
pub(super) mod id;
mod key;
mod settings;
#[cfg(test)]
mod tests;

pub(super) use group::{Group, Role, Setting, add_ollama, is_id};

use super::Context;
use crate::document::instructions::{Instruction, Instructions};
use crate::document::{FileKind, Parsed};
use crate::fact::{Facts, ModelReference, Seen};
use crate::source::{SourceFile, Span};
use crate::tree::Tree;
use command::{Word, is_model_server, may_name};

/// What tells an id from a path of the repository.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// The file that names it.
    pub path: &'a str,
    pub tree: &'a Tree,
}

/// Sees the models and datasets that a file names, whatever its syntax. Python and JavaScript are read by those who know their calls.
pub fn extract(file: &SourceFile, kind: FileKind, parsed: &Parsed, context: &Context<'_>, facts: &mut Facts) {
    if !context.interest.wants(ModelReference::kind()) {
        return;
    }
    let view = View { path: &file.path, tree: context.tree };
    match parsed {
        Parsed::Tree(tree) if holds_settings(kind) => settings::extract(&file.text, tree, view, facts),
        Parsed::Instructions(it) if kind == FileKind::Dockerfile => image(it, view, facts),
        Parsed::Text if (kind == FileKind::EnvironmentFile || is_script(file)) && may_name(&file.text) => {
            command::extract_script(&file.text, &|at| at, view, facts);
        }
        _ => {}
    }
    address::extract(file, kind, facts);
}

/// Trees that say what runs and with which model; lists of packages, cards and records of models are none.
fn holds_settings(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Configuration(_)
            | FileKind::Parameters(_)
            | FileKind::Compose
            | FileKind::HelmValues
            | FileKind::Kubernetes
            | FileKind::Pipeline(_)
            | FileKind::Terraform
            | FileKind::Bicep
            | FileKind::Arm
            | FileKind::CloudFormation
            | FileKind::DvcPipeline
            | FileKind::AzureMl
    )
}

/// True for text that a shell runs, line by line.
pub(super) fn is_script(file: &SourceFile) -> bool {
    let name = file.name().to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "sh" | "bash" | "zsh" | "slurm" | "sbatch")
        || matches!(name.as_str(), "makefile" | "justfile" | "procfile")
}

/// What a Dockerfile fetches while it builds, and what its container starts with.
fn image(parsed: &Instructions, view: View<'_>, facts: &mut Facts) {
    let mut role = Role::Configure;
    let mut settings = Vec::new();
    let mut started = Vec::new();
    for instruction in &parsed.all {
        match instruction.keyword.as_str() {
            "FROM" => {
                let image = instruction.words().into_iter().next().map(|word| word.text).unwrap_or_default();
                role = if is_model_server(&image) { Role::Serve } else { Role::Configure };
            }
            "ENV" | "ARG" => {
                let pairs = instruction.pairs().into_iter();
                settings.extend(pairs.filter_map(|pair| Some(Setting::new(&pair.name, &pair.value?, pair.span))));
            }
            "RUN" if may_name(&instruction.text) => {
                let place = |at: Span| instruction.place(at.start, at.end);
                command::extract_script(&instruction.text, &place, view, facts);
            }
            "ENTRYPOINT" => started = words(instruction),
            "CMD" => started.extend(words(instruction)),
            _ => {}
        }
    }
    Group { settings, role, ..Group::default() }.add(view, facts);
    if !started.is_empty() {
        command::extract(&started, role, view, facts);
    }
}

fn words(instruction: &Instruction) -> Vec<Word> {
    instruction.words().into_iter().map(|word| Word { text: word.text, at: word.span }).collect()
}
