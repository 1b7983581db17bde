//! Policies as checked: rules that can no longer fail on names or types when they are evaluated.

pub mod condition;
pub mod controls;
mod functions;
pub mod own_text;
mod parameters;
mod read;
mod reviewed;
mod typecheck;
mod value_type;
mod variables;

pub use condition::{Condition, Evaluator};
pub use controls::Controls;
pub use functions::Environment;
pub use read::{Conditions, FAMILIES, rule};
pub use reviewed::Reviewed;
pub use typecheck::Scope;

use crate::catalogue::Catalogue;
use crate::fact::{self, Change, Fact, FieldType, KINDS, Kind, Seen};
use crate::finding::{Parameter, RuleText};
use crate::globs::Names;
use crate::interest::{Interest, JavaScript};
use crate::source::{context_of, folder};
use std::sync::OnceLock;

/// How often a rule is right on repositories that nobody has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Audit profile only.
    Low,
    /// Audit profile only.
    Medium,
    /// In the gate profile too.
    High,
}

impl Confidence {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// What it says of itself; its level counts unless the settings say otherwise.
    pub text: RuleText,
    /// How sure it is.
    pub confidence: Confidence,
    /// What a finding says.
    pub message: Template,
    /// What is judged.
    pub each: Each,
    /// What must be so.
    pub must: Must,
}

impl Rule {
    /// `family/name`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.text.id
    }

    /// True when it cites this clause or control (`framework:id`).
    #[must_use]
    pub fn cites(&self, cited: &str) -> bool {
        self.text.clauses.iter().chain(&self.text.controls).any(|citation| citation == cited)
    }

    /// True for a clause or control that a breach breaks, and of which keeping the rule shows nothing.
    #[must_use]
    pub fn only_breaks(&self, cited: &str) -> bool {
        self.text.breaks_only.iter().any(|only| only == cited)
    }

    /// The part of the id before the `/`.
    #[must_use]
    pub fn family(&self) -> &str {
        self.id().split('/').next().unwrap_or_default()
    }
}

/// Which facts a rule judges.
#[derive(Debug)]
pub struct Each {
    /// Their kind.
    pub kind: Kind,
    /// Each of these fields is one of these texts or globs.
    pub is: Vec<(FieldName, Words)>,
    /// They fulfil this.
    pub condition: Option<Condition>,
    /// One finding for each distinct value of these.
    pub per: Vec<FieldName>,
}

/// Texts and globs. They are compiled when something is first held against them: most rules meet nothing of their kind.
#[derive(Debug)]
pub struct Words {
    /// As written.
    pub written: Vec<String>,
    compiled: OnceLock<Names>,
}

impl Words {
    /// Words that are globs, each by itself.
    fn new(written: Vec<String>) -> Self {
        Self { written, compiled: OnceLock::new() }
    }

    /// True for a text that one of them stands for.
    #[must_use]
    pub fn mean(&self, text: &str) -> bool {
        // Rules from elsewhere are compiled while they are read, and the product's own by its tests.
        self.compiled.get_or_init(|| self.compile().unwrap_or_default()).mean(text)
    }

    fn compile(&self) -> Result<Names, globset::Error> {
        Names::of(&self.written)
    }
}

/// What must be so of each judged fact.
#[derive(Debug)]
pub enum Must {
    /// A condition holds. `at` is the field whose place is shown.
    Hold {
        /// The condition.
        condition: Condition,
        /// The field to show; `None` shows the fact.
        at: Option<String>,
    },
    /// Another fact is there.
    Exist(Other),
    /// No such fact is there.
    NotExist(Other),
}

/// Another fact that a rule looks for.
#[derive(Debug)]
pub struct Other {
    /// Its kind.
    pub kind: Kind,
    /// Its field equals a field of the judged fact.
    pub matches: Vec<(FieldName, FieldName)>,
    /// It fulfils this.
    pub condition: Option<Condition>,
}

/// The name of a field that is known to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName(String);

impl FieldName {
    /// The field of this name, if the kind has it.
    #[must_use]
    pub fn of(kind: Kind, name: &str) -> Option<Self> {
        kind.field_type(name).map(|_| Self(name.to_owned()))
    }

    /// Its value in a fact, as text.
    #[must_use]
    pub fn value(&self, fact: &Fact) -> String {
        match self.0.as_str() {
            "path" => fact.path.to_string(),
            "folder" => folder(&fact.path).to_owned(),
            "context" => context_of(&fact.path).to_owned(),
            name => fact.get(name).map(crate::fact::FieldValue::display).unwrap_or_default(),
        }
    }

    /// Its value as a message says it: choices such as `training-data` as plain words.
    fn in_words(&self, fact: &Fact) -> String {
        let value = self.value(fact);
        match fact.kind.field_type(&self.0) {
            Some(FieldType::Choice(_)) => value.replace('-', " "),
            _ => value,
        }
    }

    /// True for `path`, which ties a finding to its file.
    #[must_use]
    pub fn is_path(&self) -> bool {
        self.0 == "path"
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A message with places for fields and parameters: `{name} is not encrypted`. `{count}` is how many facts the finding stands for, `{more}` says
/// how many there are besides the first, and nothing when there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(FieldName),
    Parameter(String),
    Count,
    More,
}

/// How long a field's value may be in a message, in characters.
const VALUE_LIMIT: usize = 120;

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// Every name in braces that is neither a field of the kind nor a parameter: byte offset and name.
    pub fn read(text: &str, kind: Kind, parameters: &[Parameter]) -> Result<Self, Vec<(usize, String)>> {
        let (mut parts, mut faults) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let offset = text.len() - after.len();
            let (name, end) = after.split_once('}').unwrap_or((after, ""));
            parts.push(Part::Text(before.to_owned()));
            match FieldName::of(kind, name) {
                Some(field) => parts.push(Part::Field(field)),
                None if parameters.iter().any(|parameter| parameter.name == name) => {
                    parts.push(Part::Parameter(name.to_owned()));
                }
                None if name == "count" => parts.push(Part::Count),
                None if name == "more" => parts.push(Part::More),
                None => faults.push((offset, name.to_owned())),
            }
            rest = end;
        }
        parts.push(Part::Text(rest.to_owned()));
        if faults.is_empty() { Ok(Self { parts }) } else { Err(faults) }
    }

    /// The message for a fact that stands for `count` of its kind, with the parameters as they are in force.
    #[must_use]
    pub fn fill(&self, fact: &Fact, count: usize, parameters: &[Parameter]) -> String {
        let mut message = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => message.push_str(text),
                Part::Parameter(name) => {
                    let value = parameters.iter().find(|parameter| parameter.name == *name);
                    message.push_str(&value.map(|parameter| parameter.value.to_string()).unwrap_or_default());
                }
                Part::Count => message.push_str(&count.to_string()),
                Part::More if count > 1 => message.push_str(&format!(" (and {} more)", count - 1)),
                Part::More => {}
                Part::Field(field) => {
                    let value = field.in_words(fact);
                    let mut shown = value.chars();
                    message.extend(shown.by_ref().take(VALUE_LIMIT).map(|c| if c.is_control() { ' ' } else { c }));
                    if shown.next().is_some() {
                        message.push('…');
                    }
                }
            }
        }
        message
    }
}

/// What the rules ask about, together.
#[must_use]
pub fn interest<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Interest {
    let mut interest = Interest::default();
    let mut functions: Vec<&str> = Vec::new();
    for rule in rules {
        interest.kinds.insert(rule.each.kind);
        if let Must::Exist(other) | Must::NotExist(other) = &rule.must {
            interest.kinds.insert(other.kind);
        }
        let is_call = rule.each.kind.spec().name == "call";
        let listed = rule.each.is.iter().filter(|(field, _)| is_call && field.name() == "name");
        functions.extend(listed.flat_map(|(_, words)| &words.written).map(String::as_str));
    }
    // Who may approve a waiver stands in CODEOWNERS.
    if interest.wants(fact::Waiver::kind()) {
        interest.kinds.insert(fact::CodeOwner::kind());
    }
    // Whatever can change is compared.
    if interest.kinds.contains(&Change::kind()) {
        interest.kinds.extend(KINDS.iter().filter_map(|spec| Kind::named(spec.name)));
    }
    // Reports must know where secrets stand to hide them, whichever rules run.
    interest.kinds.extend(Kind::named("secret"));
    interest.javascript =
        JavaScript::of(functions.iter().copied(), |package| Catalogue::shipped().is_ai_package("npm", package));
    interest.functions = Names::of(functions).unwrap_or_default();
    interest
}
