//! One model, named in every form that a repository has for it.

use crate::catalogue::Catalogue;
use crate::classify::{classify, settle};
use crate::extract::{Context, extract};
use crate::fact::{ModelReference, Seen};
use crate::interest::Interest;
use crate::parse::parse;
use crate::source::SourceFile;
use crate::tree::Tree;

const COMMIT: &str = "607a30d783dfa663caf39e06633721c8d4cfcd7e";

/// What is named in a file: `id kind role pin`, in order.
fn rows(path: &str, text: &str) -> Vec<String> {
    let mut interest = Interest::default();
    interest.kinds.insert(ModelReference::kind());
    let mut tree = Tree::default();
    tree.files.insert("local-models/chat-1/config.json".into());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let kind = settle(classify(path).unwrap(), path, text);
    let file = SourceFile::new(path, text);
    let facts = extract(&file, kind, &parse(kind, text), &context);
    let references = facts.all.iter().filter(|fact| fact.kind == ModelReference::kind());
    references.map(|fact| ["id", "kind", "role", "pin"].map(|field| fact.text(field)).join(" ")).collect()
}

#[test]
fn a_model_is_seen_in_every_form() {
    for (path, text, row) in [
        (
            "a.py",
            "from transformers import AutoModel\nAutoModel.from_pretrained('org/chat-1', revision='COMMIT')",
            "load commit",
        ),
        ("a.py", "MODEL_ID = 'org/chat-1'\nMODEL_REVISION = 'COMMIT'\n", "configure commit"),
        ("a.py", "import os\nx = os.getenv('MODEL_ID', 'org/chat-1')\n", "configure unknown"),
        ("a.py", "parser.add_argument('-m', '--model_name', default='org/chat-1')\n", "configure unknown"),
        (
            "a.py",
            "import sagemaker\nsagemaker.huggingface.HuggingFaceModel(env={'HF_MODEL_ID': 'org/chat-1', 'HF_REVISION': 'COMMIT'})\n",
            "serve commit",
        ),
        (
            "a.py",
            "from langchain_huggingface import HuggingFaceEmbeddings\nHuggingFaceEmbeddings(model_name='org/chat-1')\n",
            "load none",
        ),
        (
            "a.py",
            "import wget\nwget.download('https://huggingface.co/org/chat-1/resolve/COMMIT/model.safetensors')\n",
            "download commit",
        ),
        (
            "a.ipynb",
            r#"{"cells": [{"cell_type": "code", "metadata": {}, "source": ["model_id = \"org/chat-1\""], "outputs": []}], "metadata": {}, "nbformat": 4}"#,
            "configure unknown",
        ),
        (
            "a.ipynb",
            r#"{"cells": [{"cell_type": "code", "metadata": {}, "source": ["!wget https://huggingface.co/org/chat-1/resolve/v1/model.bin"], "outputs": []}], "metadata": {}, "nbformat": 4}"#,
            "download name",
        ),
        (
            "a.ts",
            "import { pipeline } from '@huggingface/transformers';\nawait pipeline('text-generation', 'org/chat-1', { revision: 'COMMIT' });\n",
            "load commit",
        ),
        ("params.yaml", "model:\n  name: org/chat-1\n  revision: COMMIT\n", "configure commit"),
        ("conf/model.yaml", "pretrained_model_name_or_path: \"org/chat-1\"\r\nrevision: main\r\n", "configure name"),
        ("app.toml", "[model]\nid = \"org/chat-1\"\n", "configure none"),
        ("app.json", "{\"llm\": {\"model_id\": \"org/chat-1\", \"revision\": \"COMMIT\"}}", "configure commit"),
        (
            "serving.properties",
            "engine=Python\noption.model_id=org/chat-1\noption.revision=COMMIT\n",
            "configure commit",
        ),
        ("chart/values.yaml", "image:\n  repository: vllm/vllm-openai\n  tag: v0.6\nmodel: org/chat-1\n", "serve none"),
        (
            "chart/templates/d.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: {{ .Chart.Name }}\n          args: [\"--model\", \"org/chat-1\"]\n",
            "configure none",
        ),
        (
            "compose.yaml",
            "services:\n  a:\n    image: vllm/vllm-openai:v0.6\n    command: --model org/chat-1 --revision COMMIT\n",
            "serve commit",
        ),
        ("compose.yaml", "services:\n  a:\n    image: x\n    environment: {MODEL_ID: org/chat-1}\n", "configure none"),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: vllm/vllm-openai:v0.6\n      command: [vllm, serve]\n      args: [org/chat-1]\n",
            "serve none",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: x\n      env:\n        - name: MODEL_ID\n          value: org/chat-1\n        - name: MODEL_REVISION\n          value: COMMIT\n",
            "configure commit",
        ),
        (
            "k.yaml",
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: a\nspec:\n  predictor:\n    model:\n      modelFormat: {name: huggingface}\n      storageUri: hf://org/chat-1:COMMIT\n",
            "serve commit",
        ),
        ("Dockerfile", "FROM python\nENV MODEL_ID=org/chat-1\n", "configure none"),
        (
            "Dockerfile",
            "FROM python\nRUN pip install x && \\\n  hf download org/chat-1 --revision COMMIT\n",
            "download commit",
        ),
        ("Dockerfile", "FROM vllm/vllm-openai:v0.6\nCMD [\"--model\", \"org/chat-1\"]\n", "serve none"),
        ("run.sh", "export MODEL=1\nvllm serve org/chat-1 --revision=COMMIT\n", "serve commit"),
        ("Makefile", "fetch:\n\thuggingface-cli download org/chat-1\n", "download none"),
        (".env", "PORT=1\nHF_MODEL_ID=org/chat-1\nHF_REVISION=COMMIT\n", "serve commit"),
        ("main.tf", "variable \"model_id\" {\n  default = \"org/chat-1\"\n}\n", "configure none"),
        (
            "main.tf",
            "resource \"aws_sagemaker_model\" \"a\" {\n  primary_container {\n    environment = {\n      HF_MODEL_ID = \"org/chat-1\"\n    }\n  }\n}\n",
            "serve none",
        ),
        (
            "main.tf",
            "resource \"aws_ecs_task_definition\" \"a\" {\n  container_definitions = jsonencode([{ name = \"a\", image = \"vllm/vllm-openai:v0.6\", command = [\"--model\", \"org/chat-1\"] }])\n}\n",
            "serve none",
        ),
        (
            "tpl.yaml",
            "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  M:\n    Type: AWS::SageMaker::Model\n    Properties:\n      PrimaryContainer:\n        Environment:\n          HF_MODEL_ID: org/chat-1\n",
            "serve none",
        ),
        (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          hf download org/chat-1 --revision COMMIT\n",
            "download commit",
        ),
        ("Modelfile", "FROM hf.co/org/chat-1:Q4_K_M\n", "lineage unknown"),
    ] {
        let text = text.replace("COMMIT", COMMIT);
        assert_eq!(rows(path, &text), [format!("org/chat-1 model {row}")], "{path}: {text}");
    }
}

#[test]
fn datasets_and_models_of_other_hubs_are_seen() {
    for (path, text, row) in [
        (
            "params.yaml",
            "datasets:\n  - path: org/tickets-1\n    type: alpaca\n",
            "org/tickets-1 dataset configure none",
        ),
        ("params.yaml", "dataset_name: org/tickets-1\ndataset_revision: v2\n", "org/tickets-1 dataset configure name"),
        ("a.sh", "hf download --repo-type dataset org/tickets-1\n", "org/tickets-1 dataset download none"),
        (
            "a.sh",
            "curl -LO https://huggingface.co/datasets/org/tickets-1/resolve/main/a.csv\n",
            "org/tickets-1 dataset download name",
        ),
        ("a.sh", "ollama pull llama3.2:3b\n", "llama3.2 model download name"),
        ("Modelfile", "FROM llama3.2\n", "llama3.2 model lineage none"),
        ("a.py", "import ollama\nollama.chat(model='llama3.2:latest')\n", "llama3.2 model load none"),
    ] {
        assert_eq!(rows(path, text), [row], "{path}: {text}");
    }
}

#[test]
fn what_only_looks_like_an_id_is_none() {
    for (path, text) in [
        ("a.yaml", "model: models/chat-1\nmodel_dir: org/chat-1\nmodel_type: org/chat-1\n"),
        (
            "a.yaml",
            "model: res/partner\nmodel: text/plain\nmodel: openai/gpt-4o\nmodel: anthropic/claude-3-5\nmodel: bedrock/x-1\n",
        ),
        (
            "a.yaml",
            "model: ghcr.io/chat-1\nmodel: org/chat-1.gguf\nmodel: your-org/chat-1\nmodel: local-models/chat-1\nmodel: a/b/c-1\n",
        ),
        ("a.yaml", "hub_model_id: org/chat-1\nserved_model_name: org/chat-1\nrepo: org/chat-1\nname: org/chat-1\n"),
        ("compose.yaml", "services:\n  model:\n    image: org/chat-1\n    environment: {MODEL_ID: \"${MODEL}\"}\n"),
        (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n        with: {repository: org/models-1}\n",
        ),
        ("package.json", "{\"dependencies\": {\"@org/model-1\": \"1\"}, \"model\": \"org/chat-1\"}"),
        ("a.py", "x = Response(media_type='application/json', model='shop/product')\n"),
        ("a.py", "# MODEL_ID = 'org/chat-1'\nprint('org/chat-1')\n"),
        ("a.sh", "# vllm serve org/chat-1\necho org/chat-1\ncp -r data/x model/y-1\nvllm serve $MODEL\n"),
        ("README.md", "```\nvllm serve org/chat-1\n```\n"),
        ("a.js", "// https://huggingface.co/org/chat-1/resolve/main/model.onnx\n"),
        ("a.sh", "curl https://huggingface.co/org/chat-1 https://huggingface.co/org/chat-1/resolve/main/a.png\n"),
    ] {
        assert!(rows(path, text).is_empty(), "{path}: {text}: {:?}", rows(path, text));
    }
}

#[test]
fn places_are_those_of_the_id() {
    let mut interest = Interest::default();
    interest.kinds.insert(ModelReference::kind());
    let tree = Tree::default();
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    for (path, text) in [
        ("a.yaml", "\u{feff}é: 1\r\nmodel: 'org/chat-1'\r\n"),
        ("b.yml", "jobs:\n  run: |\n    echo é\n    hf download org/chat-1\n  model: x\n"),
        ("Dockerfile", "FROM x\nRUN echo é && \\\n  hf download org/chat-1\n"),
        ("a.sh", "hf download 'org/chat-1'\n"),
    ] {
        let kind = settle(classify(path).unwrap(), path, text);
        let facts = extract(&SourceFile::new(path, text), kind, &parse(kind, text), &context);
        let fact = facts.all.iter().find(|fact| fact.kind == ModelReference::kind()).unwrap();
        assert_eq!(fact.at.span().unwrap().text(text).trim_matches('\''), "org/chat-1", "{path}");
    }
}

#[test]
fn odd_files_end() {
    for value in ["1", "[]", "{}", "null", "[[1], null]", "'org/'", "'/'", "'org/é'", "\"@\"", "'hf://'"] {
        for key in ["model", "command", "args", "environment", "repo_id", "image"] {
            rows("a.yaml", &format!("a/b: c/d\nx:\n  {key}: {value}\n  image: {value}\n  model:\n    name: {value}\n"));
        }
    }
    for text in [
        "hf download",
        "vllm serve -",
        "ollama pull",
        "--model",
        "x=",
        "=",
        "curl ://huggingface.co/",
        "hf download a/b/",
    ] {
        rows("a.sh", text);
    }
}

/// Seconds that this thread has worked, however many others there are; `None` where the system does not tell.
fn worked() -> Option<f64> {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(nanoseconds.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

#[test]
fn long_files_take_as_long_as_they_are() {
    for (path, text) in [
        ("a.yaml", format!("model: org/chat-1\nargs: [{}]\n", "\"--model\", \"org/chat-1\", ".repeat(20_000))),
        ("a.sh", "://huggingface.co/".repeat(50_000)),
    ] {
        let before = worked();
        rows(path, &text);
        let Some(seconds) = before.zip(worked()).map(|(before, after)| after - before) else { return };
        assert!(seconds < 10.0, "{path}: {seconds} s of work");
    }
}
