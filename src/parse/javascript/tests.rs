//! What is read from JavaScript and TypeScript, and that nothing throws the reader off.

use super::parse;
use crate::document::code::{Call, Code, Known};

fn functions(code: &Code) -> Vec<&str> {
    code.calls.iter().map(|call| call.function.as_str()).collect()
}

fn named(call: &Call) -> Vec<(&str, &Known)> {
    call.named.iter().map(|(name, argument)| (name.as_str(), &argument.value)).collect()
}

#[test]
fn imports_of_every_form() {
    let text = "\u{feff}#!/usr/bin/env node\r\nimport OpenAI, { toFile as file, type Opts } from 'openai';\r\nimport * as ai from \"@anthropic-ai/sdk\"\nimport type X from 'types';\nimport 'side';\nconst { Groq: G } = require('groq-sdk');\nconst c = require(\"cohere-ai\").CohereClient;\nconst late = await import('ai');\nexport { a } from './a';\nexport * from 'b';\nimport(`c`);\nimport legacy = require('legacy');\nconsole.log(import.meta.url);\n";
    let code = parse(text);
    let names: Vec<&str> = code.imports.iter().map(|import| import.name.as_str()).collect();
    assert_eq!(
        names,
        ["openai", "@anthropic-ai/sdk", "types", "side", "groq-sdk", "cohere-ai", "ai", "./a", "b", "c", "legacy"]
    );
    assert_eq!(code.imports[0].at.text(text), "'openai'");
    let text =
        format!("{text}new OpenAI(); file(); ai.default(); new G(); new c(); late.generateText(); new legacy();");
    assert_eq!(
        functions(&parse(&text))[4..],
        [
            "openai#default",
            "openai#toFile",
            "@anthropic-ai/sdk#default",
            "groq-sdk#Groq",
            "cohere-ai#CohereClient",
            "ai#generateText",
            "#legacy"
        ]
    );
}

#[test]
fn calls_show_their_literal_options() {
    let text = "import OpenAI from 'openai';\nconst MODEL = 'gpt-4o' as const;\nconst openai: OpenAI = new OpenAI({\n  apiKey: process.env.OPENAI_API_KEY!,\n  dangerouslyAllowBrowser: true, baseURL: `https://é.example.com`, maxRetries: 3, 'x-y': null, ...rest,\n});\nasync function ask() {\n  const r = await openai.chat.completions.create<Foo<string>>({ model: MODEL, messages: [{ role: 'user', content: `Hi ${f(1)}` }], stream: !0 });\n}\n";
    let code = parse(text);
    assert_eq!(functions(&code), ["openai#default", "openai#default#chat#completions#create", "#f"]);
    let client = &code.calls[0];
    assert_eq!(
        named(client),
        [
            ("apiKey", &Known::Name("process.env.OPENAI_API_KEY".into())),
            ("dangerouslyAllowBrowser", &Known::Bool(true)),
            ("baseURL", &Known::Text("https://é.example.com".into())),
            ("maxRetries", &Known::Number("3".into())),
            ("x-y", &Known::None),
        ]
    );
    assert!(client.forwards);
    assert_eq!(client.named[2].1.at.text(text), "`https://é.example.com`");
    let ask = &code.calls[1];
    assert_eq!(&*ask.within, "ask");
    assert_eq!(ask.named[0].1.value, Known::Text("gpt-4o".into()));
    assert_eq!(ask.named[2], ("stream".to_owned(), ask.named[2].1.clone()));
    assert_eq!(ask.named[2].1.value, Known::Bool(true));
    assert_eq!(ask.name_at.text(text), "openai.chat.completions.create");
    assert!(!ask.forwards);
}

#[test]
fn options_may_stand_elsewhere() {
    let text = "import { OpenAI } from 'openai'\nconst options = { baseURL: 'http://x', timeout: -1 }\nnew OpenAI(options)\nnew OpenAI(other)\nlet url = 'a'\nurl = 'b'\nfetch(url)\nfetch('http://h/' + path, { method: 'POST' })\n";
    let code = parse(text);
    assert_eq!(functions(&code), ["openai#OpenAI", "openai#OpenAI", "#fetch", "#fetch"]);
    assert_eq!(
        named(&code.calls[0]),
        [("baseURL", &Known::Text("http://x".into())), ("timeout", &Known::Number("-1".into()))]
    );
    assert!(code.calls[1].forwards);
    assert_eq!(code.calls[3].positional[0].value, Known::Other);
    assert_eq!(named(&code.calls[3]), [("method", &Known::Text("POST".into()))]);
}

#[test]
fn assignments_of_texts() {
    let text = "process.env.OPENAI_API_KEY = 'x';\nconst apiKey = \"a\\nb\"\nlet both = 'a' + b\nif (x == 'y') {}\nopenai.apiKey = `k`;\nconst f = (a = 'q') => 1;\n";
    let code = parse(text);
    let targets: Vec<_> =
        code.assignments.iter().map(|it| (it.target.as_str(), it.value.value.text().unwrap())).collect();
    assert_eq!(targets, [("process.env.OPENAI_API_KEY", "x"), ("apiKey", "a\nb"), ("openai.apiKey", "k"), ("a", "q")]);
    assert_eq!(code.assignments[2].value.at.text(text), "`k`");
}

#[test]
fn jsx_regex_and_comments_throw_nothing_off() {
    let text = "import OpenAI from 'openai'\n// new OpenAI({ a: 1 })\n/* new OpenAI() */\nconst re = /[/'\"`]/g.test(x) / 2\nexport default function App() {\n  return <div title='it'>Don't {x / 2} <b>stop</b> :) {list.map((i) => <li key={i}>{i}</li>)}</div>\n}\nclass A { #p = 1; @dec() m() { return new OpenAI({ b: 2 }) } }\n";
    let code = parse(text);
    assert_eq!(code.faults, []);
    let client = code.calls.iter().find(|call| call.function == "openai#default").unwrap();
    assert_eq!(named(client), [("b", &Known::Number("2".into()))]);
    assert_eq!(&*client.within, "A");
}

#[test]
fn nested_templates_are_closed_where_they_are() {
    let text = "const a = `x ${ b(`y ${ {c: '}'} } z`) } w`; d('e')\n";
    let code = parse(text);
    assert_eq!(functions(&code), ["#b", "#d"]);
    assert_eq!(code.calls[1].positional[0].value, Known::Text("e".into()));
}

#[test]
fn hostile_files_end_soon() {
    let started = std::time::Instant::now();
    for part in [
        "f(",
        "f({",
        "f(a,",
        "[",
        "{",
        "`${",
        "\\\"",
        "'",
        "/[",
        "import ",
        "import {",
        "const {a} = ",
        "a.",
        "a.b.c(",
        "x = {y:",
        "=>{",
        "function f(){",
        "f(}",
        ")",
        "<a>",
        "f<g<",
        "'\\",
        "const a = a;",
        "export * ",
        "require('x')",
        "f({f({a:1},",
        "...",
        "class A{",
        "é",
        "a?.",
        "-",
        "as ",
        "f(...a,",
        "({})",
    ] {
        let _ = parse(&part.repeat((1 << 18) / part.len()));
    }
    for text in [
        "",
        "`",
        "`${",
        "/*",
        "\\",
        "'",
        "f(",
        "import",
        "import x from",
        "const",
        "const x =",
        "require(",
        "export {",
        "a.",
        "#!",
        "\u{feff}",
        "/",
    ] {
        let _ = parse(text);
    }
    assert!(!parse("/* open").faults.is_empty());
    assert!(!parse("x = `open").faults.is_empty());
    assert!(started.elapsed().as_secs() < 60, "took {:?}", started.elapsed());
}
