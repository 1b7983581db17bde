//! What is seen in JavaScript and TypeScript, one example for each kind of fact.

use super::*;
use crate::catalogue::Catalogue;
use crate::fact::{Fact, Kind};
use crate::interest::{Interest, JavaScript};
use crate::tree::Tree;
use std::sync::Arc;

fn seen_beside(others: &[&str], kind: &str, text: &str) -> Vec<Fact> {
    let kind = Kind::named(kind).expect("a kind of the table");
    let all = crate::globs::Names::of(["*"]).expect("a glob");
    let interest = Interest { kinds: [kind].into(), functions: all, ..Interest::default() };
    let tree = Tree::of(others.iter().copied().map(Arc::from).collect());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let file = SourceFile::new("web/src/chat.ts", text);
    let mut facts = Facts::of(&file.path);
    extract(&file, &crate::parse::javascript::parse(&file.text), &context, &mut facts);
    // Calls are kept for the functions that rules list: here all of them.
    assert!(may_hold_facts(text, &context) || facts.all.iter().all(|fact| fact.kind.spec().name == "call"), "{text}");
    facts.all.into_iter().filter(|fact| fact.kind == kind).collect()
}

fn rows(kind: &str, text: &str, fields: &[&str]) -> Vec<String> {
    let row = |fact: &Fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join(" ");
    seen_beside(&[], kind, text).iter().map(row).collect()
}

#[test]
fn packages_are_told_from_what_is_imported() {
    for (module, package) in [
        ("openai", Some("openai")),
        ("openai/resources/chat", Some("openai")),
        ("@anthropic-ai/sdk/messages", Some("@anthropic-ai/sdk")),
        ("npm:openai@4.0.0", Some("openai")),
        ("https://esm.sh/@huggingface/transformers@3/x", Some("@huggingface/transformers")),
        ("https://cdn.jsdelivr.net/npm/openai@4/+esm", Some("openai")),
        ("https://example.com/openai", None),
        ("./openai", None),
        ("@/lib/openai", None),
        ("node:fs", None),
        ("@scope", None),
        ("", None),
    ] {
        assert_eq!(package_of(module), package, "{module}");
    }
}

#[test]
fn vendors_are_seen_by_import_and_client() {
    let uses = |text: &str| rows("vendor-use", text, &["vendor", "form", "name"]);
    assert_eq!(uses("import OpenAI from 'openai';\nnew OpenAI();"), ["openai import openai"]);
    assert_eq!(
        uses("import OpenAI from 'openai';\nnew OpenAI({ baseURL: 'https://api.deepseek.com' });"),
        ["deepseek client api.deepseek.com"]
    );
    assert_eq!(uses("import OpenAI from 'openai';\nnew OpenAI({ baseURL: 'http://localhost:8000/v1' });"), [""; 0]);
    assert_eq!(uses("const { Anthropic } = require('@anthropic-ai/sdk')"), ["anthropic import @anthropic-ai/sdk"]);
    assert_eq!(uses("import x from './openai'; import y from '@/openai'; // import OpenAI from 'openai'"), [""; 0]);
    let own = seen_beside(&["web/src/ai/prompts.ts"], "vendor-use", "import { p } from 'ai/prompts'");
    assert_eq!(own.len(), 0);
}

#[test]
fn libraries_are_seen_with_whether_they_train() {
    let libraries = |text: &str| rows("ai-import", text, &["name", "trains", "seeds"]);
    assert_eq!(
        libraries("import * as tf from '@tensorflow/tfjs';\nmodel.fit(xs, ys);\nimport React from 'react'"),
        ["@tensorflow/tfjs yes unknown"]
    );
    assert_eq!(libraries("import OpenAI from 'openai'"), ["openai no unknown"]);
}

#[test]
fn calls_show_arguments_as_rules_read_them() {
    let text = "import OpenAI from 'openai';\nfunction make() {\n  return new OpenAI({ apiKey: 'f00dfeedf00dfeed9a8b7c6d', dangerouslyAllowBrowser: true });\n}\n";
    let facts = seen_beside(&[], "call", text);
    assert_eq!(facts[0].subject, "openai#default in make");
    let arguments = facts[0].get("arguments").expect("arguments").display();
    assert!(arguments.ends_with("dangerouslyAllowBrowser=True"), "{arguments}");
    assert!(!format!("{facts:?}").contains("feedf00d"));
    let secrets = seen_beside(&[], "secret", text);
    assert_eq!(secrets.iter().map(|it| it.text("setting")).collect::<Vec<_>>(), ["openai#default(apiKey)"]);
}

#[test]
fn addresses_have_a_role() {
    let text = "import OpenAI from 'openai'; import axios from 'axios';\nnew OpenAI({ baseURL: 'http://llm.acme.com/v1' });\nfetch('http://api.acme.com/x', { method: 'POST' });\nfetch('/api/chat');\naxios.get('https://data.acme.com/a.csv');\nconst ws = new WebSocket('ws://rt.acme.com');\nfetch('https://api.openai.com/v1');\nprocess.env.OLLAMA_HOST = 'http://gpu.acme.com:11434';\nconst link = 'http://docs.acme.com';\n";
    assert_eq!(
        rows("address", text, &["role", "host", "setting"]),
        [
            "model llm.acme.com openai#default(baseURL)",
            "client api.acme.com fetch",
            "data data.acme.com axios#default#get",
            "client rt.acme.com WebSocket",
            "vendor api.openai.com fetch",
            "model gpu.acme.com process.env.OLLAMA_HOST",
        ]
    );
}

#[test]
fn models_are_known_by_id_and_revision() {
    let text = "import { pipeline, AutoModel } from '@huggingface/transformers';\npipeline('summarization', 'Xenova/bart', { dtype: 'q8' });\nAutoModel.from_pretrained('Xenova/bert', { revision: '607a30d783dfa663caf39e06633721c8d4cfcd7e' });\npipeline('x', './local/model');\n";
    assert_eq!(
        rows("model-reference", text, &["id", "pin", "loader"]),
        [
            "Xenova/bart none @huggingface/transformers#pipeline",
            "Xenova/bert commit @huggingface/transformers#AutoModel#from_pretrained",
            "./local/model local @huggingface/transformers#pipeline"
        ]
    );
}

#[test]
fn variables_are_seen() {
    let text = "process.env.OPENAI_API_KEY = 'f00dfeedf00dfeed9a8b7c6d'; process.env.MODE = 'fast'; const accessToken = 'f00dfeedf00dfeed9a8b7c6d';";
    let variables = seen_beside(&[], "environment-variable", text);
    assert_eq!(variables.iter().map(|it| it.text("name")).collect::<Vec<_>>(), ["OPENAI_API_KEY", "MODE"]);
    assert!(!format!("{variables:?}").contains("feedf00d"));
    assert_eq!(rows("secret", text, &["setting"]), ["process.env.OPENAI_API_KEY", "accessToken"]);
}

#[test]
fn what_holds_nothing_is_not_parsed() {
    let interest = Interest::default();
    let tree = Tree::default();
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    for (text, expected) in [
        ("import React from 'react';\nexport const a = (b) => <p key=\"c\">{b}</p>;", false),
        ("// https://www.apache.org/licenses/LICENSE-2.0\nfetch('/api/runs').then(show);", false),
        ("import {Button} from 'material-ui/Button-2';", false),
        ("const hash = 'a8f5f167f44f4964e6c998dee827110c';", false),
        ("import OpenAI from \"openai\";", true),
        ("const { pipeline } = await import(\n  '@xenova/transformers'\n);", true),
        ("await import(/* webpackIgnore: true */ 'openai')", true),
        ("const url = 'https://api.example.com/v1'; fetch(url);", true),
        ("const model = 'meta-llama/Llama-3-8B';", true),
        ("const apiKey =\n  'a8f5f167f44f4964e6c998dee827110c';", true),
        ("process.env.MODE = 'x';", true),
    ] {
        assert_eq!(may_hold_facts(text, &context), expected, "{text}");
    }
    let javascript = JavaScript::of(["#eval", "axios#*", "node:https#*"], |_| false);
    let interest = Interest { javascript, ..Interest::default() };
    let context = Context { interest: &interest, ..context };
    for (text, expected) in [
        ("eval(x)", true),
        ("import axios from 'axios';", true),
        ("const https = require('node:https');", true),
        ("const https = require('./axios');", false),
        ("const fs = require('fs');", false),
    ] {
        assert_eq!(may_hold_facts(text, &context), expected, "{text}");
    }
}
