//! What the steps of a pipeline do: data of `policies/catalogue/activities.toml`, read once.

use foldhash::HashMap;
use serde::Deserialize;
use std::sync::OnceLock;

const ACTIVITIES: &str = include_str!(concat!(env!("OUT_DIR"), "/activities.json"));

/// Everything that is known of steps, in the order of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activities {
    /// Words of names that say that something else is done than the rest of the name tells.
    other_work: Vec<String>,
    #[serde(rename = "activity")]
    all: Vec<Activity>,
    /// The rows of [`Activities::all`] with a program that begins with this word.
    #[serde(skip)]
    by_program: HashMap<String, Vec<usize>>,
}

/// One thing that a step can do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// What it is for; `None` for what only shows that the pipeline is about models.
    pub purpose: Option<String>,
    /// It shows by itself that the pipeline is about models.
    pub ai: bool,
    #[serde(default)]
    programs: Vec<String>,
    /// Words of a name; of several in one text all must be there.
    #[serde(default)]
    words: Vec<String>,
    /// Words that say that it is something else.
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    actions: Vec<String>,
}

/// Programs that run a target by its name: `make train`.
const TARGET_RUNNERS: &[&str] = &["make", "just", "task", "invoke", "inv", "nox", "tox", "poe"];

impl Activities {
    /// The activities that the product ships.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Activities> = OnceLock::new();
        // A test reads the shipped text, so that falling back to nothing cannot happen here.
        SHIPPED.get_or_init(|| Self::read(ACTIVITIES).unwrap_or_default())
    }

    fn read(text: &str) -> Result<Self, serde_json::Error> {
        let mut activities: Self = serde_json::from_str(text)?;
        for (row, activity) in activities.all.iter().enumerate() {
            for program in &activity.programs {
                let first = program.split(' ').next().unwrap_or(program);
                activities.by_program.entry(first.to_owned()).or_default().push(row);
            }
        }
        Ok(activities)
    }

    /// What a command does; `program` is its words from the program on (see [`crate::shell::Command::program`]).
    pub fn of_program<'a>(&'a self, program: &'a [&'a str]) -> impl Iterator<Item = &'a Activity> {
        let parts = self.parts(named_work(program));
        let of_first = program.first().and_then(|first| self.by_program.get(*first)).map_or(&[][..], Vec::as_slice);
        let is_of_program = move |row: usize, activity: &Activity| {
            of_first.contains(&row) && activity.programs.iter().any(|wanted| starts_with(program, wanted))
        };
        let rows = self.all.iter().enumerate();
        rows.filter(move |(row, activity)| is_of_program(*row, activity) || activity.is_named(&parts))
            .map(|(_, activity)| activity)
    }

    /// What something of this name does: a task, a component, a template. Only for what has nothing else to tell it by.
    pub fn of_name<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Activity> {
        let parts = self.parts(name);
        self.all.iter().filter(move |activity| activity.is_named(&parts))
    }

    /// The words of a name; none where one of them says that something else is done.
    fn parts(&self, name: &str) -> Vec<String> {
        if name.is_empty() {
            return Vec::new();
        }
        let parts = parts(name);
        if parts.iter().any(|part| self.other_work.contains(part)) { Vec::new() } else { parts }
    }

    /// What an action, task, orb command or operator does; `uses` is without version.
    pub fn of_action(&self, uses: &str) -> impl Iterator<Item = &Activity> {
        let uses = uses.to_ascii_lowercase();
        self.all.iter().filter(move |activity| {
            let is = |action: &String| {
                uses.strip_prefix(action.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            activity.actions.iter().any(is)
        })
    }
}

impl Activity {
    fn is_named(&self, parts: &[String]) -> bool {
        let has = |word: &str| parts.iter().any(|part| part == word);
        !parts.is_empty()
            && self.words.iter().any(|words| words.split(' ').all(has))
            && !self.unless.iter().any(|word| has(word))
    }
}

/// True for a name that speaks of a model, or of what answers with one.
#[must_use]
pub fn names_model(name: &str) -> bool {
    parts(name).iter().any(|part| matches!(part.as_str(), "model" | "models" | "endpoint" | "endpoints"))
}

/// The words that a name is made of, in lower case: `deploy_model.py`, `DeployModel` and `deploy-model` have two in common.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut after_small = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || (after_small && character.is_uppercase()) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut()
            && character.is_alphanumeric()
        {
            part.extend(character.to_lowercase());
        }
        after_small = character.is_lowercase() || character.is_numeric();
    }
    parts
}

fn starts_with(program: &[&str], wanted: &str) -> bool {
    let mut words = program.iter();
    wanted.split(' ').all(|wanted| words.next().is_some_and(|word| *word == wanted))
}

/// The name of the script, module or target that a command runs; empty for any other command, whose name says nothing of its work.
fn named_work<'a>(program: &[&'a str]) -> &'a str {
    match program {
        [runner, rest @ ..] if TARGET_RUNNERS.contains(runner) => {
            rest.iter().find(|word| !word.starts_with('-') && !word.contains('=')).copied().unwrap_or_default()
        }
        ["npm" | "yarn" | "pnpm", "run", target, ..] => target,
        ["bash" | "sh", script, ..] => script.rsplit('/').next().unwrap_or(script),
        [script, ..] => {
            let extension = script.rsplit_once('.').map(|(_, extension)| extension);
            let module = script.contains('.') && !script.starts_with('.');
            if matches!(extension, Some("py" | "sh")) || module { script } else { "" }
        }
        [] => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purposes(program: &[&str]) -> Vec<String> {
        Activities::shipped().of_program(program).filter_map(|activity| activity.purpose.clone()).collect()
    }

    #[test]
    fn the_shipped_data_is_read_whole() {
        let read = Activities::read(ACTIVITIES).unwrap();
        assert!(read.all.len() > 5);
    }

    #[test]
    fn work_is_told_by_program_script_and_target() {
        assert_eq!(purposes(&["dvc", "repro", "-f"]), ["train"]);
        assert_eq!(purposes(&["train_model.py"]), ["train"]);
        assert_eq!(purposes(&["app.training.run"]), ["train"]);
        assert_eq!(purposes(&["make", "-j", "train"]), ["train"]);
        assert_eq!(purposes(&["check_bias.py"]), ["bias"]);
        assert_eq!(purposes(&["kubectl", "apply", "-f", "x"]), ["deploy"]);
    }

    #[test]
    fn other_words_say_nothing() {
        for program in
            [&["git", "add", "train.py"][..], &["echo", "train"], &["pytest", "tests"], &["constrain.py"], &[]]
        {
            assert_eq!(purposes(program), Vec::<String>::new(), "{program:?}");
        }
    }

    #[test]
    fn names_are_taken_apart() {
        let about_models = |name: &str| -> Vec<&str> {
            let of_name = Activities::shipped().of_name(name).filter(|activity| activity.ai);
            of_name.filter_map(|activity| activity.purpose.as_deref()).collect()
        };
        assert_eq!(about_models("DeployModel"), ["deploy"]);
        assert_eq!(about_models("model-deploy-prod"), ["deploy"]);
        assert_eq!(about_models("trainXGBoost"), ["train"]);
        assert_eq!(about_models("test-batch-endpoint.yml"), [""; 0]);
        assert_eq!(about_models("get_training_args"), [""; 0]);
        assert_eq!(about_models("detect_data_bias"), ["bias"]);
        assert_eq!(about_models("constrain"), [""; 0]);
        assert_eq!(about_models("deploy docs"), [""; 0]);
    }

    #[test]
    fn actions_are_known_with_their_parts() {
        let of = |uses: &str| Activities::shipped().of_action(uses).count();
        assert_eq!(of("github/codeql-action/analyze"), 1);
        assert_eq!(of("github/codeql-action/upload-sarif"), 0);
        assert_eq!(of("Azure/webapps-deploy"), 1);
        assert_eq!(of("azure/mlops-templates/.github/workflows/run-pipeline.yml"), 1);
        assert_eq!(of("azure/webapps-deployer"), 0);
    }
}
