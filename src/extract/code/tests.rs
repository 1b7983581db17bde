//! What is seen in code, one example for each kind of fact.

use super::extract;
use crate::catalogue::Catalogue;
use crate::extract::Context;
use crate::fact::{Fact, Facts, Kind};
use crate::interest::Interest;
use crate::parse::python;
use crate::source::SourceFile;
use crate::tree::Tree;
use std::sync::Arc;

/// Facts of one kind in a file at `path`, in a repository that holds `others` too.
fn seen_at(path: &str, others: &[&str], kind: &str, text: &str) -> Vec<Fact> {
    let kind = Kind::named(kind).expect("a kind of the table");
    let all = crate::globs::Names::of(["*"]).expect("a glob");
    let interest = Interest { kinds: [kind].into(), functions: all, ..Interest::default() };
    let files = others.iter().copied().chain([path]).map(Arc::from).collect();
    let tree = Tree::of(files);
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let file = SourceFile::new(path, text);
    let mut facts = Facts::of(&file.path);
    extract(&file, &python::parse(&file.text), &context, &mut facts);
    facts.all.into_iter().filter(|fact| fact.kind == kind).collect()
}

fn seen(kind: &str, text: &str) -> Vec<Fact> {
    seen_at("src/app.py", &[], kind, text)
}

/// One field of every fact.
fn all(facts: &[Fact], field: &str) -> Vec<String> {
    facts.iter().map(|fact| fact.text(field).to_owned()).collect()
}

#[test]
fn calls_show_arguments_as_rules_read_them() {
    let text = "import torch, ssl\nfrom smolagents import CodeAgent\ndef load():\n  torch.load(p, weights_only=False, **kw)\nCodeAgent(tools=[], additional_authorized_imports=['*', 'os'], context=ssl.CERT_NONE)\n";
    let facts = seen("call", text);
    assert_eq!(all(&facts, "name"), ["torch.load", "smolagents.CodeAgent"]);
    assert_eq!(facts[0].text("within"), "load");
    assert_eq!(facts[0].text("forwards"), "yes");
    assert_eq!(facts[0].subject, "torch.load in load");
    let arguments = facts[1].get("arguments").expect("arguments").display();
    assert_eq!(arguments, "additional_authorized_imports=[*, os], context=ssl.CERT_NONE, tools=[]");
    let place = facts[0].location_of("arguments").span().expect("a place");
    assert_eq!(place.text(text), "(p, weights_only=False, **kw)");
}

#[test]
fn settings_of_libraries_are_seen() {
    let text = "import requests, ssl, openai\ns = requests.Session()\ns.verify = False\nssl._create_default_https_context = ssl._create_unverified_context\nself.verify = False\nopenai.api_key = 'f00dfeedf00dfeed9a8b7c6d'\n";
    let facts = seen("library-setting", text);
    assert_eq!(all(&facts, "name"), ["requests.Session.verify", "ssl._create_default_https_context", "openai.api_key"]);
    assert_eq!(all(&facts, "value")[..2], ["False", "ssl._create_unverified_context"]);
    assert!(!facts[2].text("value").contains("feedf00d"));
}

#[test]
fn models_are_known_by_id_and_revision() {
    let pins = |text: &str| all(&seen("model-reference", text), "pin");
    let from =
        |arguments: &str| pins(&format!("from transformers import AutoModel\nAutoModel.from_pretrained({arguments})"));
    assert_eq!(from("'org/name'"), ["none"]);
    assert_eq!(from("'gpt2', revision='main'"), ["name"]);
    assert_eq!(from("'gpt2', revision='607a30d783dfa663caf39e06633721c8d4cfcd7e'"), ["commit"]);
    assert_eq!(from("'gpt2', revision=REVISION"), ["unknown"]);
    assert_eq!(from("'gpt2', **options"), ["unknown"]);
    assert_eq!(from("'./out'"), ["local"]);
    assert_eq!(from("'outputs/best'"), ["local"]);
    assert_eq!(from("'a/b/c'"), ["local"]);
    assert_eq!(from("model_id"), [""; 0]);
    assert_eq!(from("'your-org/your-model'"), [""; 0]);
    assert_eq!(from("'https://host/model'"), [""; 0]);
    assert_eq!(pins("import torch\ntorch.hub.load('pytorch/vision:v0.10.0', 'resnet18')"), ["name"]);
    assert_eq!(pins("import torch\ntorch.hub.load('pytorch/vision', 'resnet18')"), ["none"]);
    assert_eq!(
        pins("from datasets import load_dataset\nload_dataset('csv', data_files='x.csv')\nload_dataset('squad')"),
        ["none"]
    );
    assert_eq!(
        pins("from transformers import AutoModel\nm.save_pretrained('mine')\nAutoModel.from_pretrained('mine')"),
        ["local"]
    );
    // A class of the project's own loads what it likes.
    assert_eq!(pins("from model import GPT\nGPT.from_pretrained('gpt2')"), [""; 0]);
}

#[test]
fn a_folder_of_the_repository_is_local() {
    let text = "from transformers import AutoModel\nAutoModel.from_pretrained('bert')";
    let facts = seen_at("app/run.py", &["app/bert/config.json"], "model-reference", text);
    assert_eq!(all(&facts, "pin"), ["local"]);
}

#[test]
fn addresses_have_a_role_and_hide_what_is_secret() {
    let text = "import mlflow, openai, pandas as pd, requests\nmlflow.set_tracking_uri('http://me:pw@mlflow.acme.com:5000/x?k=v')\nopenai.OpenAI(base_url='http://localhost:8000/v1')\npd.read_csv('http://data.acme.com/x.csv')\nrequests.get('http://www.w3.org/ns')\nprint('http://not.used.com')\nrequests.get('https://api.acme.com/v1')\n";
    let facts = seen("address", text);
    assert_eq!(all(&facts, "role"), ["tracking", "model", "data", "client"]);
    assert_eq!(all(&facts, "url")[0], "http://mlflow.acme.com:5000/x");
    assert_eq!(all(&facts, "internal"), ["no", "yes", "no", "no"]);
    assert_eq!(all(&facts, "host")[2], "data.acme.com");
}

#[test]
fn internal_hosts_are_told_apart() {
    let internal =
        |host: &str| all(&seen("address", &format!("import requests\nrequests.get('http://{host}/x')")), "internal");
    for host in [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.9",
        "[::1]:80",
        "vllm:8000",
        "a.ns.svc.cluster.local",
        "0.0.0.0:80",
        "box.internal",
    ] {
        assert_eq!(internal(host), ["yes"], "{host}");
    }
    for host in ["api.acme.com", "8.8.8.8", "172.32.0.1"] {
        assert_eq!(internal(host), ["no"], "{host}");
    }
}

#[test]
fn variables_and_keys_are_seen_masked() {
    let text = "import os\nos.environ['OPENAI_API_KEY'] = 'f00dfeedf00dfeed1234abcd9876'\nos.environ['MODE'] = 'fast'\nos.environ['HF_TOKEN'] = token\n";
    let variables = seen("environment-variable", text);
    assert_eq!(all(&variables, "name"), ["OPENAI_API_KEY", "MODE"]);
    assert!(!variables[0].text("value").contains("feedf00d"));
    let text = "import x, os\nx.Client(api_key='f00dfeedf00dfeed9a8b7c6d')\nx.Client(api_key='your-api-key-goes-here-0123')\nx.Client(api_key='EMPTY')\nx.Client(api_key='SECRET_OF_THE_TOOL_0123')\nx.tokenizer(pad_token='f00dfeedf00dfeed9a8b7c6d')\ndef f(api_key='f00dfeedf00dfeed9a8b7c6d'): pass\n";
    let secrets = seen("secret", text);
    let calls = seen(
        "call",
        "import x\nx.login('f00dfeedf00dfeed9a8b7c6d', api_key='f00dfeed', headers={'api_key': 'f00dfeedf00d'})",
    );
    assert!(!format!("{calls:?}").contains("feed"), "{calls:?}");
    assert_eq!(all(&secrets, "setting"), ["x.Client(api_key)"]);
    assert!(!secrets[0].text("shown").contains("feedf00d"));
}

#[test]
fn vendors_are_seen_by_import_client_and_model() {
    let uses = |text: &str| {
        let facts = seen("vendor-use", text);
        facts.iter().map(|fact| format!("{} {}", fact.text("vendor"), fact.text("form"))).collect::<Vec<_>>()
    };
    assert_eq!(uses("import openai\nopenai.OpenAI()\nopenai.OpenAI()"), ["openai client", "openai import"]);
    assert_eq!(uses("import anthropic\nanthropic.AsyncAnthropic()"), ["anthropic client", "anthropic import"]);
    assert_eq!(uses("import anthropic\nanthropic.APIError()\nx.Client()"), ["anthropic import"]);
    assert_eq!(uses("import anthropic\nanthropic.Anthropic(base_url=address)"), ["anthropic import"]);
    // The shared client: its address says whose service it is.
    assert_eq!(
        uses("from openai import OpenAI\nOpenAI(base_url='http://localhost:8000/v1', api_key='EMPTY')"),
        [""; 0]
    );
    assert_eq!(uses("from openai import OpenAI\nOpenAI(base_url='https://api.deepseek.com')"), ["deepseek client"]);
    assert_eq!(uses("import boto3\nboto3.client('bedrock-runtime')"), ["aws-bedrock client"]);
    assert_eq!(uses("from . import openai\nfrom .openai import x"), [""; 0]);
    assert_eq!(uses("import litellm\nlitellm.completion(model='gpt-4o')"), ["litellm import", "openai model"]);
}

#[test]
fn the_projects_own_modules_are_nobodys() {
    assert!(seen_at("tests/t.py", &["src/openai/__init__.py"], "vendor-use", "import openai").is_empty());
    assert!(
        seen_at("tests/test_bias.py", &["aif360/__init__.py"], "check-tool", "import aif360\ndef test_a(): pass")
            .is_empty()
    );
}

#[test]
fn tools_count_as_tests_where_they_test() {
    let form = |path: &str, text: &str| all(&seen_at(path, &[], "check-tool", text), "form");
    let test = "from fairlearn.metrics import MetricFrame\ndef test_parity(): pass\n";
    assert_eq!(form("tests/test_fairness.py", test), ["test"]);
    assert_eq!(form("src/train.py", test), ["import"]);
    assert_eq!(form("tests/test_fairness.py", "import fairlearn"), ["import"]);
}

#[test]
fn libraries_are_seen_with_whether_they_train() {
    let libraries = |text: &str| {
        let facts = seen("ai-import", text);
        facts.iter().map(|fact| format!("{} {}", fact.text("name"), fact.text("trains"))).collect::<Vec<_>>()
    };
    assert_eq!(libraries("import torch\nimport torch.nn as nn\nimport json\nloss.backward()"), ["torch yes"]);
    assert_eq!(libraries("import torch\nmodel.train()"), ["torch no"]);
}
