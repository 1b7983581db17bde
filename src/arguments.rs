//! What the user typed.

use crate::finding::Level;
use crate::report::Format;
use crate::report::coverage::CoverageFormat;
use crate::settings::{FailOn, Profile};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;
use std::str::FromStr;

/// Holds an AI repository against an AI security policy.
#[derive(Debug, Parser)]
#[command(name = "aimslint", version, about, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What aimslint can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan a repository and say where it breaks the policy.
    ///
    /// Exit status: 0 no finding at or above --fail-on; 1 there are some; 2 the job could not be done; 3 with --strict, when
    /// something could not be assessed.
    Check(CheckArguments),
    /// Write today's findings into a baseline: from then on, `check` fails only on new ones.
    ///
    /// Run it again when findings are mended, so that the file shrinks. It never holds more findings of a rule than before, unless
    /// --grow says so. Exit status: 0 written; 2 not written, and why.
    Baseline(BaselineArguments),
    /// Draft settings and a register of AI systems and vendors from what is found in a repository.
    ///
    /// What only people know is marked TODO, and each marker keeps a finding open until somebody has replaced it. A file that is there
    /// is never overwritten.
    Init {
        /// Folder to scan; aimslint.toml is written there.
        #[arg(default_value = ".")]
        path: PathBuf,
    },
    /// List all waivers, of the register and beside the code, with days left and whether they cover anything.
    Waivers {
        /// Folder to scan.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Print one JSON object a line, with all that rules see.
        #[arg(long)]
        json: bool,
        /// The day that counts as today.
        #[arg(long, value_name = "YYYY-MM-DD")]
        now: Option<Date>,
    },
    /// Say clause by clause where a repository stands: held, broken, waived, not assessed and why.
    Coverage(CoverageArguments),
    /// Say of one clause or control which rules looked, at what, and what decided.
    Why {
        /// Number of a clause (`3.2.a`) or of a control (`A.7.2`, `iso27002:8.24`).
        clause: String,
        /// Folder to scan.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// How it is judged; here with every rule, unless `--profile` says otherwise.
        #[command(flatten)]
        judging: JudgingArguments,
    },
    /// Print what a rule or a clause of the policy says.
    Explain {
        /// Id of a rule (`encryption/exposed-vendor-key`) or number of a clause (`3.2.a`).
        #[arg(value_name = "RULE|CLAUSE")]
        name: String,
    },
    /// Print the JSON Schema of aimslint.toml, for editors: they complete keys, show what each says, and mark what is not understood.
    Schema,
    /// Write the documentation of the rules as pages of Markdown: one for each rule, and indexes by family, clause and control.
    ///
    /// Rules of the organisation's own packs and what aimslint.toml sets of rules are in it.
    Docs {
        /// Folder to write, new or empty.
        folder: PathBuf,
        /// Folder with the fixtures of rules of your own, from which examples are taken.
        #[arg(long, value_name = "FOLDER")]
        fixtures: Option<PathBuf>,
    },
    /// List the rules, one a line.
    Rules {
        /// Print the table of the README instead.
        #[arg(long)]
        markdown: bool,
    },
    /// Print every kind of fact that rules can speak of, or the facts that are seen in a folder, one JSON object a line.
    Facts {
        /// Folder to look at.
        path: Option<PathBuf>,
        /// Only facts of this kind; may be given several times.
        #[arg(long, value_name = "KIND", requires = "path")]
        kind: Vec<String>,
        /// Also what changed since this branch or commit and HEAD parted, as facts of the kind `change`.
        #[arg(long, value_name = "BASE", requires = "path")]
        changed: Option<String>,
    },
    /// Start a new rule: writes its file and one failing and one passing fixture, to be filled in.
    New {
        /// Id of the rule: `vendor/unread-terms`.
        #[arg(value_name = "FAMILY/RULE")]
        id: String,
        /// Folder that holds `policies` and `fixtures` [default: this folder].
        #[arg(long, conflicts_with = "pack")]
        dir: Option<PathBuf>,
        /// A pack of an organisation; started where there is none [default: this folder where it is one].
        #[arg(long, value_name = "DIR")]
        pack: Option<PathBuf>,
    },
    /// Record that rules were looked at with the words that their clauses have today.
    ///
    /// A clause of the organisation's own text that is edited leaves its rules in need of review: `aimslint coverage` says so, and never that
    /// the clause is held. Look at each of them first. In a pack it writes reviewed.toml, elsewhere aimslint-reviewed.toml beside the settings.
    Accept {
        /// A pack, or a folder of a repository with settings.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Only this rule; may be given several times.
        #[arg(long, value_name = "RULE")]
        only: Vec<String>,
    },
    /// Hold rules against their fixtures.
    Test {
        /// Folder of rules, such as a pack [default: this folder where it is a pack, or else `policies`].
        rules: Option<PathBuf>,
        /// Folder of fixtures [default: `fixtures` in the folder of rules, or else here].
        fixtures: Option<PathBuf>,
        /// Take the evidence away from each fixture that passes, value by value and line by line, and say which prove nothing.
        #[arg(long)]
        mutate: bool,
    },
    /// Scan repositories whose findings are labelled, and say of each rule how many of its findings are true.
    ///
    /// Exit status: 0; 1 when a rule of the gate profile is right less than 95 times in 100, or a finding labelled true is no longer
    /// made; 2 when the job could not be done.
    Score(ScoreArguments),
}

/// Arguments of `aimslint score`.
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// Folder that holds the checked-out repositories, as `owner/name` or `name`.
    #[arg(value_name = "CHECKOUTS")]
    pub checkouts: PathBuf,
    /// Folder of labels: one TOML file for each repository.
    #[arg(long, value_name = "FOLDER", default_value = "truth")]
    pub truth: PathBuf,
    /// Folder of rules, or a pack, whose rules are scored beside those that aimslint ships [default: these alone].
    #[arg(long, value_name = "FOLDER")]
    pub rules: Option<PathBuf>,
    /// Only these rules; may be given several times.
    #[arg(long, value_name = "RULE")]
    pub only: Vec<String>,
    /// Print the findings that have no label as labels whose verdict is to be filled in.
    #[arg(long)]
    pub unlabelled: bool,
}

/// How a repository is judged, the same for every command that judges one.
#[derive(Debug, Args)]
pub struct JudgingArguments {
    /// How much of the policy: `gate` has the rules that are nearly always right, `audit` has all.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<Profile>,
    /// Settings file [default: aimslint.toml in the scanned folder or above it in the same git repository].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The day that counts as today, for ages and due dates.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub now: Option<Date>,
    /// How many threads to use [default: one for each processor].
    #[arg(long, value_name = "NUMBER")]
    pub threads: Option<usize>,
}

/// Arguments of `aimslint check`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line that have nothing to do with each other")]
pub struct CheckArguments {
    /// Folder to scan, or files to look at. With files, rules that need the whole repository are left out.
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Report only what changed since this branch or commit and HEAD parted, up to the files in the folder.
    #[arg(long, value_name = "BASE", conflicts_with = "staged")]
    pub changed: Option<String>,
    /// Judge what is staged instead of the files in the folder, and report only what it changes: for a pre-commit hook.
    #[arg(long)]
    pub staged: bool,
    /// Take settings, register, waivers, baseline and .aimslintignore from this branch or commit instead of the folder.
    #[arg(long, value_name = "REF")]
    pub policy_from: Option<String>,
    /// How it is judged.
    #[command(flatten)]
    pub judging: JudgingArguments,
    /// From which level on findings make the run fail [default: error].
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<FailOn>,
    /// Fail with status 3 when something could not be assessed.
    #[arg(long)]
    pub strict: bool,
    /// Formats of the result, and the files they go to.
    #[arg(long, short, value_name = "FORMAT[=FILE]", help = output_help::<Format>())]
    pub output: Vec<Output>,
    /// Baseline: findings that it has do not count [default: aimslint-baseline.json in the scanned folder].
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,
    /// Let the findings of the baseline count too.
    #[arg(long)]
    pub no_baseline: bool,
    /// Only these rules, or families with `family/*`; may be given several times.
    #[arg(long, value_name = "RULE")]
    pub only: Vec<String>,
    /// Least level to report.
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<MinimumLevel>,
    /// List everything that could not be assessed.
    #[arg(long, short)]
    pub verbose: bool,
    /// Say on standard error where the time of the run went, by stage, kind of file and rule.
    #[arg(long)]
    pub timings: bool,
    /// Write waived findings too.
    #[arg(long)]
    pub show_waived: bool,
    /// The folder of the repository that is scanned, when that is not its root: results then name files from the root.
    #[arg(long, value_name = "FOLDER", default_value = "", hide_default_value = true)]
    pub repository_folder: String,
    /// When to use colour.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
}

/// Arguments of `aimslint baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// Folder to scan.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// The file to write [default: aimslint-baseline.json in the scanned folder].
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Only take out what is mended; let nothing in.
    #[arg(long, conflicts_with = "grow")]
    pub update: bool,
    /// Let in whatever is found, also where there is more of it than before.
    #[arg(long)]
    pub grow: bool,
    /// How it is judged.
    #[command(flatten)]
    pub judging: JudgingArguments,
}

/// Arguments of `aimslint coverage`.
#[derive(Debug, Args)]
pub struct CoverageArguments {
    /// Folder to scan.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// How it is judged; here with every rule, unless `--profile` says otherwise.
    #[command(flatten)]
    pub judging: JudgingArguments,
    /// Rows of the table: `clause` for the policy, or a framework of controls, such as `iso42001` for a draft of a statement of
    /// applicability.
    #[arg(long, value_name = "ROWS", default_value = "clause")]
    pub by: String,
    /// Formats of the table, and the files they go to.
    #[arg(long, short, value_name = "FORMAT[=FILE]", help = output_help::<CoverageFormat>())]
    pub output: Vec<Output<CoverageFormat>>,
}

/// Least level that is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MinimumLevel {
    /// Everything.
    Note,
    /// Warnings and errors.
    Warning,
    /// Errors.
    Error,
}

impl From<MinimumLevel> for Level {
    fn from(level: MinimumLevel) -> Self {
        match level {
            MinimumLevel::Note => Self::Note,
            MinimumLevel::Warning => Self::Warning,
            MinimumLevel::Error => Self::Error,
        }
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A format and the file it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output<F = Format> {
    /// The format.
    pub format: F,
    /// The file; `None` is standard output.
    pub file: Option<PathBuf>,
}

/// Formats that the user chooses by name.
pub trait Named: Copy + 'static {
    /// Each with its name.
    const NAMES: &'static [(&'static str, Self)];
}

impl Named for Format {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("human", Self::Human),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("sarif-archive", Self::SarifArchive),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("junit", Self::Junit),
        ("rdjson", Self::Rdjson),
        ("markdown", Self::Markdown),
    ];
}

impl Named for CoverageFormat {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("human", Self::Human),
        ("markdown", Self::Markdown),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("html", Self::Html),
        ("oscal", Self::Oscal),
    ];
}

fn output_help<F: Named>() -> String {
    let names: Vec<&str> = F::NAMES.iter().map(|(name, _)| *name).collect();
    format!("Format of the result: {}; may be given several times [default: human]", names.join(", "))
}

impl<F: Named> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the file's name is missing after `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let Some((_, format)) = F::NAMES.iter().find(|(known, _)| *known == name) else {
            return Err(crate::problem::unknown("format", name, F::NAMES.iter().map(|(known, _)| *known)));
        };
        Ok(Self { format: *format, file })
    }
}
