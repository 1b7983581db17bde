//! What is seen in plain text, and what is not. Keys are put together here, so that no scanner takes these lines for real ones.

use super::*;
use crate::catalogue::Catalogue;
use crate::fact::{Fact, KINDS, Kind};
use crate::interest::Interest;
use crate::tree::Tree;

fn seen(path: &str, kind: FileKind, text: &str) -> Vec<Fact> {
    let interest =
        Interest { kinds: KINDS.iter().filter_map(|spec| Kind::named(spec.name)).collect(), ..Interest::default() };
    let context = Context { tree: &Tree::default(), catalogue: Catalogue::shipped(), interest: &interest };
    let file = SourceFile::new(path, text);
    let mut facts = Facts::of(&file.path);
    extract(&file, kind, &context, &mut facts);
    for fact in &facts.all {
        let span = fact.at.span().unwrap_or_default();
        assert_eq!(span, span.within(text), "{fact:?} lies within the text");
    }
    facts.all
}

fn of_kind(facts: &[Fact], kind: &str, fields: &[&str]) -> Vec<String> {
    let of_kind = facts.iter().filter(|fact| fact.kind.spec().name == kind);
    of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join(" ")).collect()
}

fn secrets(path: &str, kind: FileKind, text: &str) -> Vec<String> {
    of_kind(&seen(path, kind, text), "secret", &["form", "shown", "holder", "setting", "certain"])
}

fn uses(path: &str, kind: FileKind, text: &str) -> Vec<String> {
    of_kind(&seen(path, kind, text), "vendor-use", &["vendor", "form", "name"])
}

/// Mixed characters, as many as asked for.
fn random(length: usize) -> String {
    "q3Vt9KzYb1LmW8xRc5NdJ7hPf2Gs4Tn6".chars().cycle().take(length).collect()
}

fn tail(key: &str) -> &str {
    key.get(key.len() - 2..).unwrap()
}

fn random_hex(length: usize) -> String {
    "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91".chars().cycle().take(length).collect()
}

#[test]
fn keys_with_a_form_of_their_own_are_certain_and_masked() {
    let key = format!("hf_{}", random(34));
    let found = secrets("train.py", FileKind::Python, &format!("# é\r\ntoken = \"{key}\"\r\n"));
    assert_eq!(found, ["Hugging Face token hf_…q3 code token yes"]);
    assert!(!found[0].contains(&key));
    let key = format!("sk-proj-{}T3BlbkFJ{}", random(60), random(60));
    let found = secrets("a.yaml", FileKind::Text, &format!("Authorization: Bearer {key}"));
    assert_eq!(found, [format!("OpenAI key …{} configuration Authorization yes", tail(&key))]);
    let key = format!("sk-ant-api03-{}AA", random(93));
    let found = secrets("Dockerfile", FileKind::Dockerfile, &format!("ENV ANTHROPIC_API_KEY={key}"));
    assert_eq!(found, ["Anthropic key sk-ant-…AA container ANTHROPIC_API_KEY yes"]);
}

#[test]
fn every_form_of_the_catalogue_that_can_be_made_up_is_found_once() {
    let cases = [
        ("gsk_", random(52)),
        ("r8_", random(37)),
        ("pplx-", random(48)),
        ("tgp_v1_", random(43)),
        ("nvapi-", random(64)),
        ("sk-or-v1-", random_hex(64)),
        ("dapi", random_hex(32)),
        ("ghp_", random(36)),
        ("npm_", random(36)),
    ];
    for (prefix, rest) in cases {
        let found = secrets("config.json", FileKind::Text, &format!("{{\"a\": \"{prefix}{rest}\"}}"));
        assert_eq!(found.len(), 1, "{prefix}");
        assert!(found[0].ends_with("configuration a yes"), "{found:?}");
        let longer = format!("x{prefix}{rest}x");
        assert_eq!(
            secrets("config.json", FileKind::Text, &longer),
            Vec::<String>::new(),
            "part of a longer word: {prefix}"
        );
    }
}

#[test]
fn keys_without_a_form_need_a_name_that_says_so() {
    let key = random_hex(40);
    let named = |text: &str| secrets("a.py", FileKind::Python, text);
    assert_eq!(
        named(&format!("WANDB_API_KEY = '{key}'")),
        [format!("Weights & Biases key …{} code WANDB_API_KEY yes", tail(&key))]
    );
    assert!(named(&format!("my_wandb_token = '{key}'"))[0].ends_with(" no"), "a name of one's own");
    assert_eq!(named(&format!("os.environ[\"WANDB_API_KEY\"] = \"{key}\"")).len(), 1);
    assert_eq!(named(&format!("os.environ.setdefault(\"WANDB_API_KEY\", \"{key}\")")).len(), 1);
    assert_eq!(named(&format!("wandb.login(key=\"{key}\")")).len(), 1);
    assert_eq!(named(&format!("WANDB_COMMIT = '{key}'")).len(), 0, "a commit is no key");
    assert_eq!(named(&format!("wandb_run = '{key}'")).len(), 0, "says nothing of a key");
    assert_eq!(named(&format!("sha = '{key}'")).len(), 0);
}

#[test]
fn google_keys_are_certain_only_beside_signs_of_gemini() {
    let key = format!("AIzaSy{}", random(33));
    let map = secrets("map.js", FileKind::Text, &format!("const key = \"{key}\";"));
    assert!(map[0].ends_with(" no"), "{map:?}");
    let gemini = secrets(
        "chat.js",
        FileKind::Text,
        &format!("import {{ GoogleGenAI }} from '@google/genai';\nconst key = \"{key}\";"),
    );
    assert!(gemini[0].ends_with(" yes"), "{gemini:?}");
}

#[test]
fn names_of_keys_are_certain_only_beside_their_secret() {
    let name = "AKIAQ3VT7KZYB2LMW4XR";
    let secret = random(40);
    let alone = secrets("a.py", FileKind::Python, &format!("id = '{name}'"));
    assert_eq!(alone, ["AWS access key AKIA…XR code id no"]);
    let both = secrets(
        "a.env",
        FileKind::EnvironmentFile,
        &format!("AWS_ACCESS_KEY_ID={name}\nAWS_SECRET_ACCESS_KEY={secret}\n"),
    );
    assert!(both.contains(&"AWS access key AKIA…XR environment-file AWS_ACCESS_KEY_ID yes".to_owned()), "{both:?}");
    let signed = format!("url = 'https://s3.amazonaws.com/a?X-Amz-Credential={name}%2F20260101&secret_key=x'");
    assert_eq!(secrets("a.py", FileKind::Python, &signed), Vec::<String>::new());
}

#[test]
fn examples_and_placeholders_are_no_secrets() {
    for text in [
        "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "token = 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
        "OPENROUTER_API_KEY=sk-or-v1-0000000000000000000000000000000000000000000000000000000000000000",
        "COHERE_API_KEY=<your key>",
        "url = postgres://user:password@db.prod.org/x",
        "url = postgresql+psycopg2://${USER}:${PASSWORD}@db.prod.org/x",
        "url = redis://:s3cr3tvalue@localhost:6379/0",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDF8P2zL... (cut)\\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAq3Vt9KzYb1LmW8xRc5Nd\n",
    ] {
        assert_eq!(secrets("a.txt", FileKind::Text, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn passwords_in_addresses_are_certain_where_the_host_can_be_reached() {
    let found = secrets("config.ini", FileKind::Text, "url = mongodb+srv://app:k8Vt-wQ2z@cluster0.ab1cd.mongodb.net/x");
    assert_eq!(found, ["password … configuration url yes"]);
    let neighbour = secrets("compose.yaml", FileKind::Compose, "  DB: postgres://app:k8Vt-wQ2z@db:5432/x");
    assert_eq!(neighbour, ["password … container DB no"]);
}

#[test]
fn private_keys_are_hidden_whole() {
    let body = random(64);
    let text = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n{body}\n-----END RSA PRIVATE KEY-----\n");
    let facts = seen("deploy.pem", FileKind::Text, &text);
    assert_eq!(of_kind(&facts, "secret", &["form", "certain"]), ["private key yes"]);
    assert_eq!(facts[0].at.span().unwrap().text(&text), text.split_once("-----END").unwrap().0);
    assert_eq!(of_kind(&facts, "secret-file", &["form", "has_values", "tracked"]), ["private-key yes unknown"]);
    let json = format!(
        "{{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n{body}\\n-----END PRIVATE KEY-----\\n\"}}"
    );
    let facts = seen("account.json", FileKind::Text, &json);
    assert_eq!(of_kind(&facts, "secret", &["form"]), ["private key"]);
    assert_eq!(of_kind(&facts, "secret-file", &["form"]), ["service-account"]);
}

#[test]
fn outputs_of_notebooks_are_told_from_code() {
    let key = format!("hf_{}", random(34));
    let notebook = format!(
        r#"{{"cells": [{{"cell_type": "code", "source": ["token = \"{key}\"\n"], "outputs": [{{"text": ["{}"]}}]}},
        {{"cell_type": "markdown", "source": ["[docs](https://api.openai.com/v1)"]}}]}}"#,
        key.replace("q3", "p4")
    );
    let facts = seen("a.ipynb", FileKind::Notebook, &notebook);
    assert_eq!(of_kind(&facts, "secret", &["holder", "setting"]), ["code token", "notebook-output "]);
    assert_eq!(of_kind(&facts, "vendor-use", &["vendor"]), Vec::<String>::new());
}

#[test]
fn hosts_variables_and_models_show_vendors() {
    let text = "import os\nurl = \"https://api.mistral.ai/v1\"\nkey = os.getenv('ANTHROPIC_API_KEY')\nllm('gpt-4o', url)\nllm('gpt-4o')\n";
    assert_eq!(
        uses("a.py", FileKind::Python, text),
        ["mistral host api.mistral.ai", "anthropic environment ANTHROPIC_API_KEY", "openai model gpt-4o"]
    );
    let magic = r#"{"cell_type": "code", "source": ["import os\n", "%env COHERE_API_KEY=x\n", "os.environ[\"GROQ_API_KEY\"]"]}"#;
    assert_eq!(
        uses("a.ipynb", FileKind::Notebook, magic),
        ["cohere environment COHERE_API_KEY", "groq environment GROQ_API_KEY"]
    );
    let template = "f\"https://{name}.openai.azure.com/\" + f'https://bedrock-runtime.{region}.amazonaws.com'";
    assert_eq!(
        uses("a.py", FileKind::Python, template),
        ["azure-openai host {name}.openai.azure.com", "aws-bedrock host bedrock-runtime.{region}.amazonaws.com"]
    );
    assert_eq!(
        uses("a.ts", FileKind::Text, "process.env.VITE_OPENAI_API_KEY || process.env.AZURE_OPENAI_API_KEY"),
        ["openai environment VITE_OPENAI_API_KEY", "azure-openai environment AZURE_OPENAI_API_KEY"]
    );
    assert_eq!(uses("a.yaml", FileKind::Kubernetes, "model: gpt-4o-mini\n"), ["openai model gpt-4o-mini"]);
}

#[test]
fn talk_of_vendors_is_no_use() {
    for (path, kind, text) in [
        ("README.md", FileKind::Markdown, "Set OPENAI_API_KEY and call https://api.openai.com"),
        ("a.py", FileKind::Python, "  # see https://api.openai.com/v1"),
        (
            "a.py",
            FileKind::Python,
            "def f():\n    \"\"\"Ask.\n\n    os.environ['OPENAI_API_KEY']\n    \"\"\"\n    return 1",
        ),
        ("a.py", FileKind::Python, "help = 'run with -s OPENAI_API_KEY=... to ask'"),
        ("a.py", FileKind::Python, "x = 1  # then 'OPENAI_API_KEY'"),
        ("a.py", FileKind::Python, "path = 'gpt-4o-results.json'"),
        ("a.js", FileKind::Text, "// OPENAI_API_KEY"),
        (
            "a.ipynb",
            FileKind::Notebook,
            r#"{"cell_type": "code", "source": "import os\n# os.environ[\"GROQ_API_KEY\"]"}"#,
        ),
        ("Makefile", FileKind::Text, "ask: ## Ask (needs OPENAI_API_KEY)"),
        ("a.py", FileKind::Python, "print('gpt-4o is a model')"),
        ("a.py", FileKind::Python, "OPENAI_API_KEYS = XOPENAI_API_KEY, notapi.openai.com"),
        ("a.py", FileKind::Python, "path = 'x/gpt-4o/y'"),
        ("a.py", FileKind::Python, "mail = 'me@api.openai.com'"),
    ] {
        assert_eq!(uses(path, kind, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn environment_files_give_variables_and_count_as_secret_files_when_they_hold_secrets() {
    let text = "\u{feff}# comment\r\nexport DB_PASSWORD=\"correct-horse-42\"\r\nPORT=3000 # web\r\nURL=$HOST\r\nEMPTY=\r\nnot a setting\r\n";
    let facts = seen(".env", FileKind::EnvironmentFile, text);
    assert_eq!(
        of_kind(&facts, "environment-variable", &["name", "value", "literal", "secret"]),
        ["DB_PASSWORD …42 yes yes", "PORT 3000 yes no", "URL unknown no no", "EMPTY  yes no"]
    );
    assert_eq!(of_kind(&facts, "secret-file", &["form", "has_values"]), ["environment yes"]);
    let variable = facts.iter().find(|fact| fact.text("name") == "DB_PASSWORD").unwrap();
    assert_eq!(variable.at.span().unwrap().text(text), "DB_PASSWORD=\"correct-horse-42\"");
    let only_settings = seen(
        "app.env",
        FileKind::EnvironmentFile,
        "PORT=3000\nMAX_TOKENS=4096\nPUBLIC_KEY=abcdefghijk\nOPENAI_API_KEY=\n",
    );
    assert_eq!(of_kind(&only_settings, "secret-file", &["has_values"]), ["no"]);
    assert_eq!(
        of_kind(&seen(".env.example", FileKind::EnvironmentFile, text), "secret-file", &["form"]),
        Vec::<String>::new()
    );
}

#[test]
fn a_secret_that_is_seen_twice_is_one_secret() {
    let key = format!("hf_{}", random(34));
    let mut facts = Facts::of(&".env".into());
    facts.all = seen(".env", FileKind::EnvironmentFile, &format!("HF_TOKEN={key}\nDB_PASSWORD=correct-horse-42\n"));
    let count = |facts: &Facts| of_kind(&facts.all, "secret", &["certain"]);
    assert_eq!(count(&facts), ["yes", "no", "no"]);
    keep_the_surest(&mut facts);
    assert_eq!(count(&facts), ["yes", "no"]);
}

#[test]
fn hostile_text_takes_time_in_proportion_to_its_length() {
    let started = std::time::Instant::now();
    for piece in [
        "hf_",
        "sk-ant-",
        "wandb=",
        "postgres://a:",
        "T3BlbkFJ",
        "\"source\"",
        "-----BEGIN PRIVATE KEY-----",
        ".openai.azure.com",
        "gpt-4",
        "é\"OPENAI_API_KEY\"",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        seen("a.ipynb", FileKind::Notebook, &text);
        seen(".env", FileKind::EnvironmentFile, &text);
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
