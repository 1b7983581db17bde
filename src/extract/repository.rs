//! The one fact about the repository as a whole, summed up from all others.

use crate::fact::{Fact, Facts, FieldValue, Repository};
use crate::register::Register;

/// Sums up what was seen. `facts` are those of the files; the register's stand apart.
#[must_use]
pub fn summarise(facts: &[Fact], register: &Register) -> Facts {
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
        ai: (any(&shows_ai) || register.systems > 0).into(),
        trains: trains.into(),
        serves: serves.into(),
        calls_vendor: calls_vendor.into(),
        has_vendor_register: (register.vendors > 0).into(),
        has_system_register: (register.systems > 0).into(),
    };
    // What is said of the repository as a whole is said in the register, where there is one.
    let declared = register.systems + register.vendors > 0;
    let nowhere = "".into();
    let mut facts = Facts::of(if declared { register.path() } else { &nowhere });
    facts.add_whole("repository", repository);
    facts
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
        "workload" => fact.text("ai") == "yes",
        "image" => fact.text("ai") == "yes",
        "store" => fact.text("provider") == "dvc",
        // Systems that only models have pipelines in.
        "workflow" => matches!(fact.text("system"), "kubeflow" | "sagemaker" | "mlflow" | "metaflow" | "zenml"),
        _ => false,
    }
}
