//! Tools that check models or data, and what each is for.

use serde::Deserialize;

/// One tool, or one use of a tool that serves another purpose than the tool at large.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it checks.
    pub purpose: Purpose,
    #[serde(default)]
    pypi: Vec<String>,
    #[serde(default)]
    npm: Vec<String>,
    #[serde(default)]
    pub(super) imports: Vec<String>,
    /// Regular expressions for how a command that runs it begins.
    #[serde(default)]
    pub(super) commands: Vec<String>,
    #[serde(default)]
    pub(super) actions: Vec<String>,
}

impl Tool {
    pub(super) fn packages(&self) -> [(&'static str, &[String]); 2] {
        [("pypi", &self.pypi), ("npm", &self.npm)]
    }
}

/// What a tool checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Bias and fairness.
    Bias,
    /// Resistance to attack.
    RedTeam,
    /// Quality of what a model gives.
    Evaluation,
    /// Drift and behaviour in use.
    Monitoring,
    /// Quality of data.
    DataQuality,
    /// Personal data.
    Privacy,
    /// Why a model gives what it gives.
    Explainability,
    /// Input and output of models while they run.
    Guardrail,
    /// Code hidden in model files.
    ModelScan,
    /// Where something comes from.
    Signing,
    /// Secrets in files.
    Secrets,
}

impl Purpose {
    /// The word for it in facts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bias => "bias",
            Self::RedTeam => "red-team",
            Self::Evaluation => "evaluation",
            Self::Monitoring => "monitoring",
            Self::DataQuality => "data-quality",
            Self::Privacy => "privacy",
            Self::Explainability => "explainability",
            Self::Guardrail => "guardrail",
            Self::ModelScan => "model-scan",
            Self::Signing => "signing",
            Self::Secrets => "secrets",
        }
    }

    /// Tools of this purpose are made for models. The others (data quality, privacy, signing, secrets) are used without AI as well.
    pub(super) fn is_about_models(self) -> bool {
        !matches!(self, Self::DataQuality | Self::Privacy | Self::Signing | Self::Secrets)
    }
}
