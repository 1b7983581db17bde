//! What a step does, told by its commands, by the code in it and by what it uses.

use super::super::Context;
use super::super::opening::Opening;
use super::super::transfer::Fetched;
use super::{Language, Script, Step, artefact};
use crate::catalogue::activities::{Activities, Activity, names_model};
use crate::catalogue::{Purpose, Tool};
use crate::fact::Field;
use crate::shell;
use crate::source::{SourceFile, Span};

/// What a step does.
#[derive(Default)]
pub(super) struct Work<'a> {
    /// Purposes, each once, in the order of the commands.
    pub purposes: Vec<String>,
    /// Tools that check something.
    pub tools: Vec<(&'a Tool, Span)>,
    /// The first check whose failure the script throws away.
    pub ignored: Option<Span>,
    /// Model files in a form that can hold code that it hands on.
    pub model_files: Vec<(String, Span)>,
    /// What its commands open to everybody.
    pub openings: Vec<(Opening, Span)>,
    /// What its commands fetch.
    pub fetched: Vec<(Fetched, Span)>,
    /// It shows by itself that the pipeline is about models.
    pub ai: bool,
    /// What it deploys is a model.
    model: bool,
}

/// Purposes of checks: a step that has one of them is there to stop what is bad.
const CHECKS: &[&str] = &["evaluate", "bias", "red-team", "model-scan", "audit", "secrets", "sign", "policy"];

impl<'a> Work<'a> {
    /// What the commands, the code and the used parts of a step do.
    pub fn of(step: &Step<'_>, file: &SourceFile, context: &Context<'a>) -> Self {
        let mut work = Self::default();
        for purpose in &step.purposes {
            work.add(Some(purpose), true);
        }
        if let Some(uses) = &step.uses {
            if let Some(tool) = context.catalogue.tool_of_action(uses.name) {
                work.add_tool(tool, uses.at);
            }
            // Tasks of the marketplace stand behind the names of their publisher and extension: `publisher.extension.Task`.
            let task = uses.name.rsplit('.').next().filter(|task| *task != uses.name);
            for activity in task.into_iter().chain([uses.name]).flat_map(|name| Activities::shipped().of_action(name)) {
                work.add_activity(activity);
            }
        }
        for script in &step.scripts {
            match script.language {
                Language::Shell => work.add_commands(script, file, context),
                Language::Python => work.add_code(script, file, context),
            }
        }
        if work.purposes.is_empty() {
            // What a step is called tells less than what a task or component is: `Evaluate changes` is about no model.
            let title = Some(step.name).filter(|name| names_model(name));
            for activity in step.hints.iter().copied().chain(title).flat_map(|name| Activities::shipped().of_name(name))
            {
                work.add_activity(activity);
            }
        }
        for (paths, at) in &step.artefacts {
            for path in paths.lines().filter(|path| artefact::is_pickled(path)) {
                work.model_files.push((path.trim().to_owned(), *at));
            }
        }
        work
    }

    /// Whether it deploys a model: of what deploys anything, only running it would tell.
    pub fn deploys_model(&self) -> Field<bool> {
        match self.model {
            true => true.into(),
            false if self.purposes.iter().any(|purpose| purpose == "deploy") => Field::default(),
            false => false.into(),
        }
    }

    fn add_commands(&mut self, script: &Script<'_>, file: &SourceFile, context: &Context<'a>) {
        let mut places = Places { file, within: script.at, next: script.at.start, lost: false };
        for command in shell::commands(&script.text) {
            let (Some(first), Some(last)) = (command.words.first(), command.words.last()) else { continue };
            let text = Span::new(first.start, last.end).text(&script.text);
            let first_line = command.first_line(&script.text).text(&script.text);
            let mut checks = false;
            let mut at = None;
            for tool in context.catalogue.tool_in_command(text) {
                self.add_tool(tool, *at.get_or_insert_with(|| places.find(first_line, command.substituted)));
                checks = true;
            }
            let program = command.program();
            for activity in Activities::shipped().of_program(&program) {
                self.add_activity(activity);
                checks |= activity.purpose.as_deref().is_some_and(|purpose| CHECKS.contains(&purpose));
            }
            if let Some(opening) = Opening::of(&program) {
                self.openings.push((opening, *at.get_or_insert_with(|| places.find(first_line, command.substituted))));
            }
            if let Some(fetched) = Fetched::by(&program) {
                self.fetched.push((fetched, *at.get_or_insert_with(|| places.find(first_line, command.substituted))));
            }
            for name in artefact::sent(&program) {
                self.model_files
                    .push((name.to_owned(), *at.get_or_insert_with(|| places.find(first_line, command.substituted))));
            }
            if checks && command.failure_ignored && self.ignored.is_none() {
                self.ignored = Some(at.unwrap_or_else(|| places.find(first_line, command.substituted)));
            }
        }
    }

    /// Tools whose modules the code imports. The code cannot be parsed here: an import stands at the start of a line.
    fn add_code(&mut self, script: &Script<'_>, file: &SourceFile, context: &Context<'a>) {
        let mut places = Places { file, within: script.at, next: script.at.start, lost: false };
        for line in script.text.lines().map(str::trim) {
            let Some(rest) = line.strip_prefix("import ").or_else(|| line.strip_prefix("from ")) else { continue };
            let module = rest.split([' ', ',', ';', '#']).next().unwrap_or_default();
            if let Some(tool) = context.catalogue.tool_of_import(module) {
                self.add_tool(tool, places.find(line, false));
            }
        }
    }

    fn add(&mut self, purpose: Option<&str>, ai: bool) {
        self.ai |= ai;
        let Some(purpose) = purpose else { return };
        if !self.purposes.iter().any(|known| known == purpose) {
            self.purposes.push(purpose.to_owned());
        }
    }

    fn add_activity(&mut self, activity: &Activity) {
        self.model |= activity.ai && activity.purpose.as_deref() == Some("deploy");
        self.add(activity.purpose.as_deref(), activity.ai);
    }

    fn add_tool(&mut self, tool: &'a Tool, at: Span) {
        let (purpose, ai) = match tool.purpose {
            Purpose::Evaluation => ("evaluate", true),
            Purpose::Monitoring => ("monitor", true),
            Purpose::Signing => ("sign", false),
            purpose @ (Purpose::Secrets | Purpose::DataQuality | Purpose::Privacy) => (purpose.name(), false),
            purpose => (purpose.name(), true),
        };
        self.add(Some(purpose), ai);
        self.tools.push((tool, at));
    }
}

/// Finds the places of commands in the file, in order: a script that was folded or escaped is not there as it is run.
struct Places<'a> {
    file: &'a SourceFile,
    within: Span,
    next: usize,
    /// What was looked for is written otherwise, so that looking on is of no use.
    lost: bool,
}

impl Places<'_> {
    /// Where `line` stands next; the whole script when it is not written so. What is substituted stands within the command after it.
    fn find(&mut self, line: &str, substituted: bool) -> Span {
        let rest = Span::new(self.next, self.within.end);
        if self.lost || line.is_empty() {
            return self.within;
        }
        let Some(at) = rest.text(&self.file.text).find(line) else {
            self.lost = true;
            return self.within;
        };
        let start = rest.start + at;
        let end = start + line.len();
        if !substituted {
            self.next = end;
        }
        Span::new(start, end)
    }
}
