//! Which area of a card a title opens: the synonyms that published cards use.

use super::words::Words;

/// What a section of a card can be about. One title can open several: "Bias, Risks, and Limitations".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::extract) enum Area {
    IntendedUse,
    OutOfScope,
    Limitations,
    Bias,
    TrainingData,
    Evaluation,
    Privacy,
    Oversight,
    Owner,
    Contact,
    Version,
    Date,
    Licence,
    Name,
    BaseModel,
    /// What kind of model it is, in words.
    Description,
}

/// Areas whose sections claim their text for themselves, each with the name that policies know it by: what stands under
/// "Out-of-Scope Use" is not said of "Uses".
pub(in crate::extract) const CLAIMING: &[(Area, &str)] = &[
    (Area::IntendedUse, "intended-use"),
    (Area::OutOfScope, "out-of-scope"),
    (Area::Limitations, "limitations"),
    (Area::Bias, "bias"),
    (Area::TrainingData, "training-data"),
    (Area::Evaluation, "evaluation"),
    (Area::Privacy, "privacy"),
    (Area::Oversight, "oversight"),
];

/// True for an area whose sections claim their text.
pub(super) fn is_claiming(area: Area) -> bool {
    CLAIMING.iter().any(|(claiming, _)| *claiming == area)
}

/// How an area is told from a title: by the whole title, or by a phrase in it.
struct Synonyms {
    area: Area,
    whole: &'static [&'static str],
    phrases: &'static [&'static str],
}

const SYNONYMS: &[Synonyms] = &[
    Synonyms {
        area: Area::IntendedUse,
        whole: &[
            "uses",
            "use",
            "use case",
            "use cases",
            "direct use",
            "direct uses",
            "downstream use",
            "model use",
            "model uses",
            "purpose",
            "model purpose",
            "evaluated use",
            "motivation",
            "applications",
            "users",
        ],
        phrases: &[
            "intended use",
            "intended uses",
            "intended usage",
            "intended purpose",
            "intended task",
            "intended user",
            "intended users",
            "intended audience",
            "intended application",
            "intended applications",
            "primary use",
            "primary uses",
            "model application",
            "model applications",
            "recommended uses",
            "supported tasks",
        ],
    },
    Synonyms {
        area: Area::OutOfScope,
        whole: &["restrictions", "non goals"],
        phrases: &[
            "out of scope",
            "misuse",
            "malicious use",
            "use case restrictions",
            "use restrictions",
            "prohibited",
            "unintended use",
            "unintended uses",
            "inappropriate use",
            "inappropriate uses",
            "not intended",
            "do not use",
            "when not to use",
            "unsuitable",
            "restrictions on use",
        ],
    },
    Synonyms {
        area: Area::Limitations,
        whole: &["considerations", "safety", "known gaps"],
        phrases: &[
            "limitation",
            "limitations",
            "caveat",
            "caveats",
            "known issues",
            "known problems",
            "failure mode",
            "failure modes",
            "failure cases",
            "risk",
            "risks",
            "ethical considerations",
            "ethics",
            "broader impact",
            "broader impacts",
            "broader implications",
            "potential harms",
            "weaknesses",
            "shortcomings",
            "social impact",
            "societal impact",
            "responsibility and safety",
            "considerations for using",
        ],
    },
    Synonyms {
        area: Area::Bias,
        whole: &["factors", "relevant factors", "evaluation factors"],
        phrases: &[
            "bias",
            "biases",
            "fairness",
            "equity",
            "adversely impacted",
            "disparities",
            "worst performance",
            "greatest difference in performance",
            "statistical imbalances",
            "subgroups",
            "demographic",
            "demographics",
        ],
    },
    Synonyms {
        area: Area::TrainingData,
        whole: &[
            "data",
            "dataset",
            "datasets",
            "data source",
            "data sources",
            "source data",
            "training",
            "corpus",
            "composition",
        ],
        phrases: &[
            "training data",
            "training dataset",
            "training datasets",
            "training set",
            "training corpus",
            "training details",
            "data overview",
            "data freshness",
            "data collection",
            "collection process",
            "fine tuning data",
            "pretraining data",
            "pre training data",
            "curation rationale",
            "training and evaluation data",
        ],
    },
    Synonyms {
        area: Area::Evaluation,
        whole: &["eval", "quality"],
        phrases: &[
            "evaluation",
            "evaluations",
            "eval results",
            "benchmark",
            "benchmarks",
            "performance",
            "results",
            "quantitative analysis",
            "quantitative analyses",
            "metrics",
        ],
    },
    Synonyms {
        area: Area::Privacy,
        whole: &["pii", "personal data", "sensitive data", "consent"],
        phrases: &[
            "privacy",
            "personal data",
            "personal information",
            "personal and sensitive",
            "personal or sensitive",
            "sensitive information",
            "sensitive content",
            "personally identifiable",
            "personal identifiable",
            "pii",
            "data subject",
            "data subjects",
            "data protection",
            "gdpr",
            "anonymization",
            "anonymisation",
            "consent obtained",
        ],
    },
    Synonyms {
        area: Area::Oversight,
        whole: &[],
        phrases: &[
            "human oversight",
            "human in the loop",
            "human review",
            "human control",
            "human supervision",
            "fail safe",
            "automation level",
            "autonomy level",
        ],
    },
    Synonyms {
        area: Area::Owner,
        whole: &[
            "developed by",
            "model developer",
            "model developers",
            "model developer s",
            "developer",
            "developers",
            "author",
            "authors",
            "owner",
            "owners",
            "model owner",
            "model owners",
            "maintainer",
            "maintainers",
            "maintained by",
            "curated by",
            "created by",
            "creator",
            "creators",
            "shared by",
            "trained by",
            "organization",
            "organisation",
            "publisher",
            "provided by",
            "team",
            "model card author",
            "model card authors",
            "dataset card author",
            "dataset card authors",
            "person or organization developing model",
            "dataset curators",
            "contact and ownership",
        ],
        phrases: &[],
    },
    Synonyms {
        area: Area::Contact,
        whole: &["feedback", "support", "questions", "help"],
        phrases: &["contact", "contacts", "where to send questions", "questions or comments", "report issues"],
    },
    Synonyms {
        area: Area::Version,
        whole: &[
            "version",
            "versions",
            "model version",
            "model versions",
            "model version s",
            "dataset version",
            "current version",
            "revision",
            "release",
            "card version",
            "version history",
            "changelog",
        ],
        phrases: &[],
    },
    Synonyms {
        area: Area::Date,
        whole: &[
            "date",
            "dates",
            "model date",
            "model dates",
            "training date",
            "trained on date",
            "released",
            "updated",
            "last update",
            "created",
            "review date",
            "card date",
            "date created",
            "date published",
        ],
        phrases: &[
            "release date",
            "release dates",
            "last updated",
            "last reviewed",
            "publication date",
            "date of release",
            "last modified",
        ],
    },
    Synonyms {
        area: Area::Licence,
        whole: &[
            "license",
            "licence",
            "licensing",
            "licenses",
            "terms of use licensing",
            "license terms",
            "model license",
        ],
        phrases: &["license information", "licensing information", "license compliance"],
    },
    Synonyms { area: Area::Name, whole: &["model name", "name", "dataset name", "model id"], phrases: &[] },
    Synonyms {
        area: Area::BaseModel,
        whole: &["base model", "base models", "base model s", "parent model", "base", "backbone model"],
        phrases: &["finetuned from", "fine tuned from", "adapted from model", "quantized from"],
    },
    Synonyms {
        area: Area::Description,
        whole: &[
            "overview",
            "description",
            "summary",
            "introduction",
            "about",
            "task",
            "domain",
            "model type",
            "architecture",
        ],
        phrases: &[
            "model details",
            "model description",
            "model information",
            "model overview",
            "model summary",
            "dataset description",
            "dataset summary",
            "dataset details",
        ],
    },
];

/// What is called bias and has nothing to do with people.
const TECHNICAL_BIAS: &[&str] =
    &["inductive bias", "bias variance", "weights and biases", "bias correction", "bias term"];

/// The areas that a title opens.
pub(in crate::extract) fn of(title: &str) -> Vec<Area> {
    let words = Words::of(title).without(TECHNICAL_BIAS);
    let matches =
        |synonyms: &&Synonyms| synonyms.whole.iter().any(|whole| words.are(whole)) || words.have_any(synonyms.phrases);
    let mut areas: Vec<Area> = SYNONYMS.iter().filter(matches).map(|synonyms| synonyms.area).collect();
    if areas.contains(&Area::OutOfScope) && !words.have("intended use") && !words.have("intended uses") {
        areas.retain(|area| *area != Area::IntendedUse);
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_published_cards_are_known() {
        for (title, areas) in [
            ("Bias, Risks, and Limitations", vec![Area::Limitations, Area::Bias]),
            ("Intended uses & limitations", vec![Area::IntendedUse, Area::Limitations]),
            ("Out-of-Scope Use Cases", vec![Area::OutOfScope]),
            ("Out-of-scope uses", vec![Area::OutOfScope]),
            ("Unintended Uses", vec![Area::OutOfScope]),
            ("Use Case Restrictions", vec![Area::OutOfScope]),
            ("Performance and Limitations", vec![Area::Limitations, Area::Evaluation]),
            ("Personal and Sensitive Information", vec![Area::Privacy]),
            ("Known biases in training data", vec![Area::Bias, Area::TrainingData]),
            ("Measures taken to mitigate against unwanted bias", vec![Area::Bias]),
            ("Model Application(s)", vec![Area::IntendedUse]),
            ("Model version(s)", vec![Area::Version]),
            ("Human-in-the-loop", vec![Area::Oversight]),
            ("Finetuned from model", vec![Area::BaseModel]),
            ("Weights & Biases", vec![]),
            ("How to Use", vec![]),
            ("Usage", vec![]),
        ] {
            assert_eq!(of(title), areas, "{title}");
        }
    }
}
