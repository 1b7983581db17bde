//! The one fact about the repository as a whole, summed up from all others.

use crate::fact::{Fact, Facts, FieldValue, Repository, RoleHolder, Seen, System};
use crate::register::{Register, is_placeholder};
use crate::source::context_of;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Sums up what was seen. `facts` are those of the files; the register's stand apart.
#[must_use]
pub fn summarise(facts: &[Fact], register: &Register, today: Date) -> Facts {
    let any = |test: &dyn Fn(&Fact) -> bool| facts.iter().any(test);
    let is = |fact: &Fact, kind: &str| fact.kind.spec().name == kind;
    let trains = any(&|fact| {
        (is(fact, "pipeline-stage") && fact.text("trains") == "yes")
            || (is(fact, "step") && has_purpose(fact, "train"))
            || (is(fact, "ai-service") && fact.text("service") == "training")
            || (is(fact, "ai-import") && fact.text("trains") == "yes")
    });
    let serves = any(&|fact| {
        (is(fact, "workload") && !matches!(fact.text("server"), "" | "unknown"))
            || (is(fact, "ai-service") && matches!(fact.text("service"), "endpoint" | "deployment" | "account"))
            || (is(fact, "model-record") && fact.text("role") == "serving")
    });
    let calls_vendor = any(&|fact| is(fact, "vendor-use") && fact.text("receives_data") == "yes");
    let repository = Repository {
        ai: (any(&shows_ai) || register.count("systems") > 0).into(),
        trains: trains.into(),
        serves: serves.into(),
        calls_vendor: calls_vendor.into(),
        has_vendor_register: (register.count("vendors") > 0).into(),
        has_system_register: (register.count("systems") > 0).into(),
        second_factor: any(&|fact| is(fact, "second-factor") && fact.text("asked") == "everybody").into(),
        unfilled_roles: unfilled_roles(&register.facts.all, today).into(),
    };
    // What is said of the repository as a whole is said in the register, where there is one.
    let declared = !register.declared().is_empty();
    let nowhere = "".into();
    let mut facts = Facts::of(if declared { register.path() } else { &nowhere });
    facts.add_whole("repository", repository);
    facts
}

/// The roles of the policy that nobody holds today, as far as the register says.
fn unfilled_roles(register: &[Fact], today: Date) -> Vec<String> {
    let today = today.to_string();
    let holds = |fact: &&Fact| {
        let (since, until) = (fact.text("since"), fact.text("until"));
        fact.kind == RoleHolder::kind()
            && !is_placeholder(fact.text("holder"))
            && since <= today.as_str()
            && (until.is_empty() || until >= today.as_str())
    };
    let filled: BTreeSet<&str> = register.iter().filter(holds).map(|fact| fact.text("role")).collect();
    let handles_personal_data =
        register.iter().any(|fact| fact.kind == System::kind() && fact.text("personal_data") == "yes");
    let needed = ["ciso", "ai-security", "ai-development"].into_iter();
    let needed = needed.chain(handles_personal_data.then_some("data-protection"));
    needed.filter(|role| !filled.contains(role)).map(str::to_owned).collect()
}

fn has_purpose(step: &Fact, wanted: &str) -> bool {
    matches!(step.get("purposes"), Some(FieldValue::List(purposes)) if purposes.iter().any(|purpose| purpose == wanted))
}

/// True when a fact shows by itself that the repository has to do with AI.
fn shows_ai(fact: &Fact) -> bool {
    match fact.kind.spec().name {
        "card" => fact.text("kind") != "system",
        // Contracts, packages and models of dbt describe data of every kind.
        "data-manifest" => matches!(fact.text("format"), "croissant" | "dataset-infos"),
        "data-use" => fact.text("form") == "ml",
        "model-reference" | "model-record" | "ai-service" | "ai-import" | "pipeline-stage" => true,
        // Tools that look for secrets, sign files or check data are used without AI as well.
        "check-tool" => !matches!(fact.text("purpose"), "secrets" | "signing" | "data-quality" | "privacy"),
        // A lock holds much that the project never uses.
        "dependency" => fact.text("ai") == "yes" && fact.text("form") == "list",
        "chat-template" | "mcp-server" | "assistant-setting" | "model-gateway" => true,
        // Pickles and arrays are written by programs of any kind.
        "model-file" => {
            !matches!(fact.text("format"), "pickle" | "joblib" | "numpy" | "numpy-archive" | "hdf5" | "archive")
        }
        // A host or the name of a variable can stand in any text; a package, an import or a client cannot.
        "vendor-use" => matches!(fact.text("form"), "package" | "import" | "client" | "resource"),
        // A key of its own form belongs to whom it says; what a test or a document holds is made up.
        "secret" => {
            fact.text("group") == "vendor" && fact.text("certain") == "yes" && context_of(&fact.path) == "product"
        }
        "workload" => fact.text("ai") == "yes",
        "image" => fact.text("ai") == "yes",
        "store" => fact.text("provider") == "dvc",
        // Systems that only models have pipelines in.
        "workflow" => matches!(fact.text("system"), "kubeflow" | "sagemaker" | "mlflow" | "metaflow" | "zenml"),
        _ => false,
    }
}
