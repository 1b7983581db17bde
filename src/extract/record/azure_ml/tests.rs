use super::*;
use crate::fact::Fact;
use crate::parse::yaml::parse;

fn seen(text: &str) -> Vec<Fact> {
    let file = SourceFile::new("mlops/file.yml", text);
    let mut facts = Facts::of(&file.path);
    extract(&file, &parse(text), &mut facts);
    facts.all
}

fn rows(text: &str, kind: &str, fields: &[&str]) -> Vec<String> {
    let facts = seen(text);
    let of_kind = facts.iter().filter(|fact| fact.kind.spec().name == kind);
    of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join("|")).collect()
}

fn schema(name: &str, rest: &str) -> String {
    format!("\u{feff}$schema: https://azuremlschemas.azureedge.net/latest/{name}.schema.json\r\n{rest}")
}

#[test]
fn endpoints_say_who_may_ask() {
    let fields = ["name", "service", "local_keys", "public"];
    for (name, rest, row) in [
        ("managedOnlineEndpoint", "name: fahrpreis-é\r\nauth_mode: key\r\n", "fahrpreis-é|endpoint|yes|yes"),
        (
            "managedOnlineEndpoint",
            "name: a\r\nauth_mode: aad_token\r\npublic_network_access: disabled",
            "a|endpoint|no|no",
        ),
        ("managedOnlineEndpoint", "name: a", "a|endpoint|yes|yes"),
        ("batchEndpoint", "name: a", "a|endpoint|no|unknown"),
        ("kubernetesOnlineEndpoint", "auth_mode: ${{ mode }}", "file|endpoint|unknown|unknown"),
        ("workspace", "name: a\r\npublic_network_access: Disabled", "a|workspace|unknown|no"),
        ("pipelineJob", "experiment_name: train-it", "train-it|training|unknown|unknown"),
    ] {
        assert_eq!(rows(&schema(name, rest), "ai-service", &fields), [row], "{name} {rest}");
    }
    let text = schema("managedOnlineEndpoint", "name: a\r\nauth_mode: key\r\n");
    assert_eq!(seen(&text)[0].location_of("local_keys").span().unwrap().text(&text), "key");
}

#[test]
fn deployments_name_a_model_and_its_version() {
    let fields = ["name", "source", "version", "pin", "role"];
    for (model, row) in [
        ("azureml:taxi@latest", "blue|azureml:taxi@latest|latest|latest|serving"),
        ("azureml:taxi:3", "blue|azureml:taxi:3|3|version|serving"),
        ("azureml:taxi", "blue|azureml:taxi||none|serving"),
        (
            "azureml://registries/r/models/m/versions/4",
            "blue|azureml://registries/r/models/m/versions/4|4|version|serving",
        ),
        (
            "azureml://registries/r/models/m/labels/latest",
            "blue|azureml://registries/r/models/m/labels/latest|latest|latest|serving",
        ),
        ("azureml:taxi:${{ v }}", "blue|unknown|unknown|unknown|serving"),
        ("../model", "blue|../model||local|serving"),
        ("{path: ./m, type: mlflow_model, version: 2}", "blue|./m|2|local|serving"),
    ] {
        let text = schema("managedOnlineDeployment", &format!("name: blue\nmodel: {model}\n"));
        assert_eq!(rows(&text, "model-record", &fields), [row], "{model}");
    }
    let collector = "name: blue\ndata_collector:\n  collections:\n    model_inputs: {enabled: 'True'}\n";
    assert_eq!(rows(&schema("managedOnlineDeployment", collector), "ai-service", &["captured"]), ["yes"]);
    assert_eq!(rows(&schema("managedOnlineDeployment", "name: a"), "ai-service", &["captured"]), ["no"]);
    assert_eq!(rows(&schema("modelBatchDeployment", "name: a"), "ai-service", &["captured"]), ["unknown"]);
}

#[test]
fn models_environments_and_data_are_assets() {
    let model = schema(
        "model",
        "name: taxi\npath: azureml://jobs/brave_fox_1/outputs/artifacts/paths/model/\ntype: mlflow_model\n",
    );
    assert_eq!(
        rows(&model, "model-record", &["role", "name", "version", "pin", "run", "format", "scheme"]),
        ["registration|taxi||none|brave_fox_1|mlflow_model|azureml"]
    );
    let environment = schema("environment", "name: e\nimage: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\n");
    assert_eq!(
        rows(&environment, "image", &["name", "pin", "ai"]),
        ["mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04|none|yes"]
    );
    let data = schema("data", "name: d\npath: http://data.example.com/a.csv\n");
    assert_eq!(rows(&data, "data-file", &["name", "scheme", "checksum"]), ["d|http|unknown"]);
    assert!(rows(&schema("data", "path: ../a.csv"), "data-file", &["name"]).is_empty());
}

#[test]
fn jobs_say_what_they_fetch_and_run_in() {
    let job = schema(
        "pipelineJob",
        "jobs:\n  train:\n    environment: {image: 'python:3.11', conda_file: c.yml}\n    environment_variables: {HF_TOKEN: not-a-real-token, A: b}\n\
         inputs:\n  archive: {type: uri_file, path: 'http://user:pw@data.example.com/i.tar?sig=x'}\n  near: {path: 'http://localhost/i'}\n  other: {path: 'azureml:d@latest'}\n",
    );
    assert_eq!(rows(&job, "image", &["reference", "used_by"]), ["python:3.11|pipeline"]);
    assert_eq!(rows(&job, "environment-variable", &["name", "secret"]), ["HF_TOKEN|yes", "A|no"]);
    assert_eq!(
        rows(&job, "address", &["url", "role", "internal"]),
        ["http://data.example.com/i.tar|data|no", "http://localhost/i|data|yes"]
    );
}

#[test]
fn every_key_may_have_any_type() {
    for value in ["1", "x", "[]", "{}", "[[1], {path: []}, null]", "null", "{a: {path: {}}}", "{collections: [1]}"] {
        for name in
            ["model", "data", "environment", "managedOnlineEndpoint", "managedOnlineDeployment", "pipelineJob", ""]
        {
            for key in [
                "name",
                "model",
                "path",
                "inputs",
                "environment",
                "environment_variables",
                "data_collector",
                "auth_mode",
                "image",
                "$schema",
            ] {
                seen(&schema(name, &format!("{key}: {value}\n{key}: {value}\n")));
            }
        }
    }
}
