use super::*;
use crate::catalogue::Catalogue;
use crate::fact::Fact;
use crate::interest::Interest;
use crate::parse::dockerfile::parse;
use crate::tree::Tree;

fn seen(text: &str) -> (Vec<Fact>, SourceFile) {
    let file = SourceFile::new("docker/Dockerfile", text);
    let mut facts = Facts::of(&file.path);
    let context = Context { tree: &Tree::default(), catalogue: Catalogue::shipped(), interest: &Interest::default() };
    extract(&file, &parse(text), &context, &mut facts);
    (facts.all, file)
}

fn of<'a>(facts: &'a [Fact], kind: &str) -> Vec<&'a Fact> {
    facts.iter().filter(|fact| fact.kind.spec().name == kind).collect()
}

#[test]
fn stages_and_scratch_are_no_images() {
    let text = "ARG BASE=pytorch/pytorch:latest\nFROM ${BASE} AS Base\nFROM scratch\nFROM base\nFROM $OTHER\n";
    let (facts, file) = seen(text);
    let images = of(&facts, "image");
    let shown: Vec<_> = images.iter().map(|fact| (fact.text("reference"), fact.text("pin"), fact.text("ai"))).collect();
    assert_eq!(shown, [("pytorch/pytorch:latest", "latest", "yes"), ("$OTHER", "unknown", "unknown")]);
    assert_eq!(images[0].at.span().map(|span| span.text(&file.text)), Some("${BASE}"));
}

#[test]
fn the_last_stage_is_the_workload() {
    let text =
        "FROM python:3.11 AS build\nUSER app\nFROM build\nCMD [\"jupyter\", \"lab\", \"--ServerApp.token=''\"]\n";
    let (facts, file) = seen(text);
    let workloads = of(&facts, "workload");
    assert_eq!(workloads.len(), 1);
    let workload = workloads[0];
    assert_eq!(
        (workload.text("server"), workload.text("authenticated"), workload.text("root")),
        ("jupyter", "no", "no")
    );
    let at = workload.location_of("authenticated").span().unwrap();
    assert_eq!(at.text(&file.text), "--ServerApp.token=''");
}

#[test]
fn root_is_known_only_of_known_images() {
    let root = |text: &str| of(&seen(text).0, "workload")[0].text("root").to_owned();
    assert_eq!(root("FROM python:3.11\n"), "yes");
    assert_eq!(root("FROM quay.io/jupyter/base-notebook\n"), "unknown");
    assert_eq!(root("FROM python:3.11\nUSER 1000:1000\n"), "no");
    assert_eq!(root("FROM x\nUSER root\n"), "yes");
    assert_eq!(root("FROM x\nUSER $APP\n"), "unknown");
}

#[test]
fn secrets_are_masked_and_placeholders_pass() {
    let text = "FROM x\nENV OPENAI_API_KEY=b7f2c90d41ae6f38 \\\n    HF_TOKEN=\nARG GITHUB_TOKEN\nENV A=$B\n";
    let (facts, _) = seen(text);
    let secrets = of(&facts, "secret");
    assert_eq!(secrets.len(), 1);
    assert_eq!((secrets[0].text("setting"), secrets[0].text("shown")), ("OPENAI_API_KEY", "…38"));
    let literal: Vec<_> = of(&facts, "environment-variable").iter().map(|fact| fact.text("literal")).collect();
    assert_eq!(literal, ["yes", "yes", "no", "no"]);
    assert!(facts.iter().all(|fact| !format!("{fact:?}").contains("b7f2c90d41ae6f38")));
}

#[test]
fn indexes_are_seen_in_commands_and_variables() {
    let text = "FROM x\nENV PIP_TRUSTED_HOST=pypi.corp\nRUN apt-get update \\\n && pip install torch -i http://pypi.corp/simple --trusted-host=pypi.corp\n";
    let (facts, file) = seen(text);
    let indexes: Vec<_> = of(&facts, "package-index")
        .iter()
        .map(|fact| (fact.text("kind"), fact.at.span().unwrap().text(&file.text)))
        .collect();
    assert_eq!(
        indexes,
        [
            ("trusted-host", "PIP_TRUSTED_HOST=pypi.corp"),
            ("index", "-i http://pypi.corp/simple"),
            ("trusted-host", "--trusted-host=pypi.corp")
        ]
    );
    assert_eq!(of(&facts, "workload")[0].text("ai"), "yes");
}

#[test]
fn a_token_written_into_the_configuration_is_seen() {
    let text = "FROM quay.io/jupyter/base-notebook\nRUN echo \"c.NotebookApp.token = ''\" >> /etc/jupyter/c.py\n";
    let (facts, file) = seen(text);
    let workload = of(&facts, "workload")[0];
    assert_eq!(workload.text("authenticated"), "no");
    assert_eq!(workload.location_of("authenticated").span().unwrap().text(&file.text), "c.NotebookApp.token = ''");
}

#[test]
fn what_lists_name_may_be_ai() {
    let ai = |run: &str| of(&seen(&format!("FROM python:3.12\nRUN {run}\n")).0, "workload")[0].text("ai").to_owned();
    for run in [
        "pip install --no-cache-dir -r requirements.txt",
        "python -m pip install .",
        "uv sync --frozen",
        "uv pip install --system -r requirements.txt",
        "apt-get update && poetry install",
        "conda env create -f environment.yml",
        "npm ci",
    ] {
        assert_eq!(ai(run), "unknown", "{run}");
    }
    assert_eq!(ai("pip install -r requirements.txt torch"), "yes");
    assert_eq!(ai("pip install requests && npm install express"), "no");
}
