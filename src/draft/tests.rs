//! What is drafted of repositories of several kinds.

use super::*;
use crate::fact::{Choice, Facts, Field};

fn facts_of<S: Seen>(path: &str, seen: S) -> Vec<Fact> {
    let mut facts = Facts::of(&path.into());
    facts.add_whole("subject", seen);
    facts.all
}

fn ai() -> Vec<Fact> {
    facts_of("", Repository { ai: true.into(), ..Repository::default() })
}

fn card(path: &str, name: &str) -> Vec<Fact> {
    facts_of(path, Card { kind: Field::known(Choice("model")), name: name.into(), ..Card::default() })
}

fn training(path: &str) -> Vec<Fact> {
    facts_of(path, AiImport { trains: true.into(), ..AiImport::default() })
}

fn systems_of(facts: &[Vec<Fact>]) -> Vec<(String, String)> {
    systems(&facts.concat(), "repository").into_iter().collect()
}

fn pair(folder: &str, name: &str) -> (String, String) {
    (folder.to_owned(), name.to_owned())
}

#[test]
fn a_folder_with_a_card_is_a_system_and_what_trains_belongs_to_it() {
    let facts = [card("services/scorer/docs/MODEL_CARD.md", "Scorer"), training("services/scorer/src/train.py")];
    assert_eq!(systems_of(&facts), [pair("services/scorer", "Scorer")]);
}

#[test]
fn training_without_a_card_is_one_system_for_the_outermost_folder() {
    let facts = [training("ranking/a/fit.py"), training("ranking/fit.py"), training("pricing/src/fit.py")];
    assert_eq!(systems_of(&facts), [pair("pricing", "pricing"), pair("ranking", "ranking")]);
    assert_eq!(systems_of(&[training("src/train.py"), training("tests/test_fit.py")]), [pair("", "repository")]);
}

#[test]
fn cards_of_one_name_stay_apart() {
    let facts = [card("a/README.md", "Model"), card("b/README.md", "Model")];
    assert_eq!(systems_of(&facts), [pair("a", "Model (a)"), pair("b", "Model (b)")]);
}

#[test]
fn a_folder_is_named_so_that_a_person_knows_which() {
    let facts = [
        training("vision/v2/data-science/src/train.py"),
        training("vision/v2/mlops/azureml/train.py"),
        training("text/v2/data-science/train.py"),
    ];
    assert_eq!(systems_of(&facts), [pair("text/v2", "text/v2"), pair("vision/v2", "vision/v2")]);
}

#[test]
fn data_that_dvc_keeps_is_named_and_what_models_and_metrics_it_keeps_is_not() {
    let output = |path: &str, name: &str, role: &'static str| {
        facts_of(path, TrackedOutput { name: name.into(), role: role.into(), ..TrackedOutput::default() })
    };
    let facts = [
        output("data/raw.csv.dvc", "data/raw.csv", "data"),
        output("churn/dvc.lock", "churn/data/train.csv", "data"),
        output("churn/dvc.lock", "churn/model.pkl", "model"),
    ];
    let facts = facts.concat();
    assert_eq!(datasets(&facts).into_keys().collect::<Vec<_>>(), ["churn/data/train.csv", "data/raw.csv"]);
}

#[test]
fn what_a_repository_calls_things_cannot_write_settings() {
    let name = "x\"\n[[vendor]]\nid = 'y'\nstatus = 'approved'\n#";
    let path = "odd [\"]\n*/README.md";
    let data = facts_of("\n[[vendor]]\n.json", DataManifest { name: name.into(), ..DataManifest::default() });
    let vendor = VendorUse { vendor: "openai".into(), receives_data: true.into(), ..VendorUse::default() };
    let facts = [ai(), card(path, name), data, facts_of("a\n[[vendor]]\n.py", vendor)].concat();
    let draft = draft(&facts, "repository", |_| 1).unwrap();
    let table: toml::Table = draft.text.parse().unwrap();
    assert_eq!(table["system"].as_array().unwrap().len(), 1);
    assert_eq!(table["vendor"].as_array().unwrap().len(), 1);
    let pattern = table["system"][0]["paths"][0].as_str().unwrap();
    assert!(globset::Glob::new(pattern).unwrap().compile_matcher().is_match(path));
}

#[test]
fn a_repository_without_ai_gets_none() {
    assert_eq!(
        draft(&facts_of("", Repository { ai: false.into(), ..Repository::default() }), "repository", |_| 1),
        None
    );
}
