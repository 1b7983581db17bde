//! Hostile contents: whatever is in a file, the run ends, says what it could not read, and judges the rest.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "not every test needs all of it")]
mod hostile_tree;

use hostile_tree::{says, scan, tree};
use std::fs;

#[test]
fn the_list_of_cases_names_tests_that_there_are() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("docs/hostile-input.md")).expect("the list");
    let sources = ["src", "tests"].map(|folder| walkdir::WalkDir::new(root.join(folder))).into_iter().flatten();
    let sources =
        sources.filter_map(Result::ok).filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"));
    let code: String = sources.filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect();
    let rows = list.lines().filter(|line| line.starts_with("| ")).skip(1);
    let named: Vec<&str> =
        rows.flat_map(|row| row.rsplit('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2)).collect();
    assert!(named.len() > 25, "{named:?}");
    let unknown: Vec<_> = named.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(unknown.is_empty(), "there is no such test: {unknown:?}");
}

#[test]
fn ten_thousand_levels_in_every_syntax() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    for (name, text, reported) in [
        ("package.json", deep("[", "]"), true),
        ("bom.json", format!("{{\"bomFormat\": \"CycloneDX\", \"modelCard\": {}}}", deep("[", "]")), true),
        ("MLmodel", format!("flavors: {}", deep("[", "]")), true),
        ("Modelfile", format!("FROM {}\nSYSTEM {}\n", deep("[", "]"), "\"".repeat(10_001)), false),
        ("dvc.yaml", deep("[", "]"), true),
        ("dvc.lock", "- ".repeat(10_000), true),
        ("pyproject.toml", format!("a = {}", deep("[", "]")), true),
        ("main.tf", format!("a = {}", deep("[", "]")), true),
        ("main.bicep", format!("var a = {}", deep("[", "]")), true),
        ("stack.yaml", format!("Resources:\n  A: {{Type: AWS::S3::Bucket, Properties: {}}}", deep("[", "]")), true),
        ("stack.json", format!("{{\"Resources\": {{\"Type\": \"AWS::x\", \"A\": {}}}}}", deep("[", "]")), true),
        ("code.py", format!("x = {}\n", deep("[", "]")), true),
        // Brackets around nothing but brackets leave no trace in what is read.
        ("brackets.py", format!("x = {}\n", deep("(", ")")), false),
        ("chain.py", format!("x = 1{}\n", "+1".repeat(100_000)), false),
        ("not.py", format!("x = {}1\n", "not ".repeat(50_000)), false),
        ("README.md", "> ".repeat(10_000), false),
        ("Dockerfile", format!("FROM scratch\nRUN {}\n", "\\\n".repeat(10_000)), false),
        ("notes.ipynb", format!("{{\"cells\": {}}}", deep("[", "]")), true),
        (".dvc/config", format!("{}\n", "[".repeat(10_000)), false),
        ("requirements.txt", format!("a{}\n", "[b]".repeat(10_000)), false),
        ("a/dvc.yaml", (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect(), true),
        ("pom.xml", deep("<a>", "</a>"), true),
        ("links.md", "[".repeat(10_000) + &"](".repeat(10_000), false),
        ("call.py", format!("x = {}\n", deep("f(", ")")), true),
        ("lambda.py", format!("x = {}1\n", "lambda: ".repeat(10_000)), true),
        ("power.py", format!("x = {}2\n", "2**".repeat(10_000)), true),
        ("blocks.py", (0..1_000).map(|level| format!("{}if x:\n", " ".repeat(level))).collect(), true),
        ("code.ts", format!("x = {}", deep("{a: [", "]}")), false),
        ("template.js", "`${".repeat(10_000) + &"}`".repeat(10_000), false),
        ("Jenkinsfile", deep("pipeline { a(", ") }"), true),
        ("build.gradle", format!("dependencies {{ implementation {} }}", deep("(", ")")), false),
        ("call.bicep", format!("var a = {}", deep("f(", ")")), false),
        ("call.tf", format!("a = {}", deep("f(", ")")), true),
        ("chain.tf", format!("a = a{}", "[0]".repeat(20_000)), false),
        ("chat_template.jinja", deep("{% for a in b %}", "{% endfor %}") + &"{{".repeat(10_000), false),
        ("values.yaml", format!("a: {}", deep("{a: ", "}")), false),
        (".gitlab-ci.yml", (0..300).map(|n| format!("a{n}:\n  extends: [a{0}, a{0}]\n", n + 1)).collect(), false),
        ("compose.yaml", "services:\n a: {extends: b}\n b: {extends: a}\n".to_owned(), false),
        (
            "locals.tf",
            (0..200).map(|n| format!("locals {{\na{n} = \"${{local.a{0}}}${{local.a{0}}}\"\n}}\n", n + 1)).collect(),
            false,
        ),
        ("Chart.yaml", format!("apiVersion: v2\nname: {}", deep("[", "]")), false),
        ("Cargo.toml", format!("{} = 1\n", "a.".repeat(10_000) + "a"), true),
        ("pixi.toml", format!("a = {}1{}", "{a=".repeat(10_000), "}".repeat(10_000)), true),
        ("setup.cfg", format!("[options]\ninstall_requires = {}\n", deep("[", "]")), false),
        ("go.mod", "require (\n".repeat(10_000), false),
        ("yarn.lock", (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect(), false),
        ("app.csproj", deep("<!-- <a ", " --></a>"), false),
        ("nested.groovy/Jenkinsfile", deep("\"${", "}\""), false),
        ("build.gradle.kts", "/* ".repeat(10_000), false),
        ("heredoc.tf", (0..10_000).map(|level| format!("a = <<A{level}\n")).collect(), true),
        ("template.tf", format!("a = \"{}{}\"", "${\"".repeat(10_000), "\"}".repeat(10_000)), true),
        ("text.bicep", format!("var a = '{}{}'", "${'".repeat(10_000), "'}".repeat(10_000)), false),
        ("lists.md", (0..2_000).map(|level| format!("{}- a\n", " ".repeat(level))).collect(), false),
        ("tags.md", deep("<div>", "</div>") + &"*".repeat(10_000) + &"`".repeat(10_001), false),
        ("front.md", format!("---\na: {}\n---\n", deep("[", "]")), true),
        ("CODEOWNERS", deep("[", "]") + "\n" + &"{a,".repeat(10_000) + "} @a\n", false),
        (".env", format!("A={}\n", "${".repeat(10_000)), false),
        ("run.sh", deep("$(", ")") + &"((".repeat(10_000), false),
        ("fstring.py", format!("x = {}1{}\n", "f'{".repeat(500), "}'".repeat(500)), false),
        ("match.py", format!("match x:\n  case {}:\n    pass\n", deep("[", "]")), true),
        ("types.ts", format!("let x: {} = y as {}", deep("Array<", ">"), deep("(", ")")), false),
        ("page.jsx", format!("x = {}", deep("<a b={", "}/>")), false),
        ("lambda.ts", format!("x = {}1", "() => ".repeat(10_000)), false),
        ("deep/Dockerfile", (0..300).map(|n| format!("FROM a{n} AS a{}\n", (n + 1) % 300)).collect(), false),
    ] {
        let folder = tree();
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("written");
        // Shown where the scan fails.
        println!("{name}");
        let report = scan(folder.path());
        assert!(!reported || says(&report, name), "{name}: {:?}", report.not_assessed);
    }
}

#[test]
fn alias_and_merge_bombs() {
    let mut bomb = String::from("stages: {train: {cmd: x}}\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("m0: &m0 {a: 1}\n");
    for level in 1..40 {
        let before = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{before}, ").repeat(9)));
        merges.push_str(&format!("m{level}: &m{level} {{<<: [{}]}}\n", format!("*m{before}, ").repeat(9)));
    }
    for name in [
        "dvc.yaml",
        "compose.yaml",
        ".github/workflows/x.yml",
        "pod.yaml",
        "environment.yml",
        "data.dvc",
        "bentofile.yaml",
        "MLmodel",
        ".eval_results/x.yaml",
    ] {
        for text in [&bomb, &merges] {
            let folder = tree();
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            let text = format!(
                "services: {{a: *a39}}\nmodels: *a39\nflavors: *a39\napiVersion: v1\nkind: Pod\ndependencies: *a39\njobs: *a39\n{text}"
            );
            fs::write(file, text).expect("written");
            scan(folder.path());
        }
    }
}

/// `count` zero bytes as gzip: built by hand, as nothing here packs.
fn packed_zeros(count: usize) -> Vec<u8> {
    // Zeros by a fixed code: one literal, then pairs of length 258 and distance 1, each 13 bits long.
    let mut bits: Vec<bool> = vec![true, true, false];
    let mut put = |value: u16, width: u32| bits.extend((0..width).rev().map(|bit| value >> bit & 1 == 1));
    put(0b0011_0000, 8);
    for _ in 0..count / 258 {
        put(0b1100_0101, 8);
        put(0, 5);
    }
    put(0, 7);
    let bytes = bits.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit)));
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255].into_iter().chain(bytes).collect()
}

#[test]
fn model_files_that_unpack_or_claim_too_much() {
    let claims = |head: &[u8], rest: &[u8]| [head, &[0xff; 7], &[0x7f], rest].concat();
    for (name, bytes) in [
        ("bomb.joblib", packed_zeros(40 << 20)),
        ("text.pkl", claims(b"\x80\x04\x8d", b"a.")),
        ("stack.pkl", [&b"\x80\x04"[..], &b"(".repeat(2 << 20)].concat()),
        ("many.gguf", claims(b"GGUF\x03\0\0\0", &[0xff; 8])),
        ("cut.onnx", b"\x3a\xff\xff\xff\x7f".repeat(1_000)),
        ("none.safetensors", claims(b"", b"{")),
        ("cut.pt", b"PK\x03\x04".repeat(10_000)),
    ] {
        let folder = tree();
        fs::write(folder.path().join(name), bytes).expect("written");
        let report = scan(folder.path());
        assert!(says(&report, name), "{name}: {:?}", report.not_assessed);
    }
}

#[test]
fn long_lines_and_many_lines() {
    let folder = tree();
    fs::write(folder.path().join("long.py"), format!("x = '{}'\n", "a".repeat(1 << 20))).expect("written");
    fs::write(folder.path().join("long.md"), "a".repeat(1 << 20)).expect("written");
    fs::write(folder.path().join("many.txt"), "\n".repeat(1 << 20)).expect("written");
    fs::write(folder.path().join("keys.txt"), "sk-".repeat(1 << 18)).expect("written");
    scan(folder.path());
}

/// What a terminal or a runner of GitHub or Azure would take for a command.
const COMMANDS: &[&str] =
    &["\u{1b}[31m\u{1b}]0;x\u{7}", "\n::error::taken", "\r\n##vso[task.complete]", "\u{9b}2J\u{8}\u{202e}"];

#[test]
fn commands_in_contents_reach_no_terminal_and_no_runner() {
    use aimslint::report::{Format, Options, write};
    for command in COMMANDS {
        let folder = tree();
        let escaped = serde_json::Value::from(format!("org/{command}x")).to_string();
        for (name, text) in [
            (
                "code.py",
                format!("from transformers import AutoModel\nAutoModel.from_pretrained({escaped})#{command}\n"),
            ),
            (
                "compose.yaml",
                format!("services:\n  a:\n    image: {escaped}\n    environment: [OPENAI_API_KEY={escaped}]\n"),
            ),
            ("package.json", format!("{{\"dependencies\": {{\"openai\": {escaped}, {escaped}: \"*\"}}}}")),
            ("requirements.txt", format!("openai{command}\ntorch # {command}\n")),
            ("Dockerfile", format!("FROM ollama/ollama\nRUN ollama pull {command}\n")),
            (
                "README.md",
                format!("---\nlicense: {escaped}\n---\n# Model card {command}\n## Bias {command}\n{command}"),
            ),
            ("broken.yaml", format!("a: [{command}")),
            ("broken.json", format!("{{\"modelCard\": {command}")),
            ("train.dvc", format!("outs:\n- path: {escaped}\n  {escaped}: 1\n")),
        ] {
            fs::write(folder.path().join(name), text).expect("written");
        }
        let report = scan(folder.path());
        assert!(report.open().count() > 3, "nothing that could show {command:?}");
        let options = Options { github_actions: true, ..Options::default() };
        for format in [Format::Human, Format::Concise, Format::Github, Format::Markdown] {
            let mut out = Vec::new();
            write(format, &report, &options, &mut out).expect("written");
            let shown = String::from_utf8(out).expect("text");
            let is_control = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!shown.contains(is_control), "{format:?} writes {command:?}: {shown:?}");
            let taken =
                shown.lines().find(|line| line.starts_with("::error::taken") || line.trim_start().starts_with("##vso"));
            assert_eq!(taken, None, "{format:?} writes {command:?}");
        }
    }
}

#[test]
fn a_file_of_nothing_but_short_lines_is_read_in_part() {
    for (name, text, said) in [
        ("airflow.cfg", format!("[a]\n{}", "x=\n".repeat(300_000)), "more than 250000 lines"),
        ("requirements.txt", "a\n".repeat(20_500), "500 things beyond the first 20000 are not assessed"),
        ("requirements.txt", "?\n".repeat(30_000), "29900 more places could not be read"),
        ("setup.cfg", "x\n".repeat(30_000), "29900 more places could not be read"),
        ("pom.xml", "<\n".repeat(30_000), "29900 more places could not be read"),
        // Of what a script says as a whole nothing may be asked again for each server that it starts.
        ("serve.sh", "vllm serve m --host 0.0.0.0\n".repeat(25_000), "things beyond the first 20000"),
    ] {
        let folder = tree();
        fs::write(folder.path().join(name), text).expect("written");
        let report = scan(folder.path());
        let reasons: Vec<_> = report.not_assessed.iter().map(|entry| &*entry.reason).collect();
        assert!(reasons.iter().any(|reason| reason.contains(said)), "{name}: {:?}", reasons.last());
        assert!(reasons.len() < 110, "{name}: {}", reasons.len());
    }
}

#[test]
fn a_file_of_nothing_but_small_values_is_read_in_part() {
    let values = "500000 values";
    let tokens = "1000000 words and signs";
    for (name, text, said) in [
        ("package.json", format!("[{}1]", "[],".repeat(500_000)), values),
        ("dvc.yaml", format!("a: [{}1]", "1,".repeat(500_000)), values),
        ("pom.xml", format!("<a>{}</a>", "<b/>".repeat(500_000)), values),
        ("pyproject.toml", format!("[a]\nb = [\n{}]\n", "{c=1},\n".repeat(60_000)), "400000 words and signs"),
        ("main.tf", format!("a = [\n{}]\n", "1,1,1,1,\n".repeat(112_000)), tokens),
        ("main.bicep", format!("var a = [\n{}]\n", "[]\n".repeat(340_000)), tokens),
        ("Jenkinsfile", "a()\n".repeat(250_001), tokens),
        ("build.gradle", format!("dependencies {{\n{}}}\n", "a ;\n".repeat(340_000)), tokens),
        ("code.py", "a()\n".repeat(250_001), tokens),
        ("code.ts", format!("import \"openai\";\n{}", "a();\n".repeat(200_001)), tokens),
        ("README.md", "- a\n".repeat(340_000), tokens),
        ("CODEOWNERS", format!("* {}\n", "@a ".repeat(500_001)), tokens),
        ("Dockerfile", format!("FROM a\nENV {}\n", "a=1 ".repeat(340_000)), tokens),
        ("cells.ipynb", format!("{{\"cells\": [{}{{}}]}}", "{},".repeat(50_000)), "50000 cells"),
        (
            "code.ipynb",
            format!("{{\"cells\": [{{\"cell_type\": \"code\", \"source\": \"{}\"}}]}}", "a;".repeat(500_001)),
            tokens,
        ),
        (".env", "A=1\n".repeat(20_500), "things beyond the first 20000"),
        ("waived.py", "# aimslint: ignore[a/b] c\n".repeat(10_001), "waivers beyond the first 10000"),
        ("comments.py", format!("{}# aimslint: ignore[a/b] c\n", "#\n".repeat(250_001)), "the first 250000 comments"),
    ] {
        let folder = tree();
        fs::write(folder.path().join(name), text).expect("written");
        let report = scan(folder.path());
        let reasons: Vec<_> = report.not_assessed.iter().map(|entry| (&*entry.path, &*entry.reason)).collect();
        assert!(reasons.iter().any(|(path, reason)| *path == name && reason.contains(said)), "{name}: {reasons:?}");
        assert!(reasons.len() < 3, "{name}: {reasons:?}");
    }
}

#[test]
fn names_and_values_that_are_used_again_do_not_multiply() {
    let lists = |open: &str, first: &str| -> String {
        let level = |(name, of): (&str, &str)| format!("{open}{name} = [{}]\n", format!("{of}, ").repeat(60));
        [("a", first), ("b", "a"), ("c", "b"), ("d", "c")].into_iter().map(level).collect()
    };
    let long = "x".repeat(4_000);
    let text = format!("\"{long}\"");
    for (name, text) in [
        ("values.js", format!("import OpenAI from \"openai\"\n{}new OpenAI({{a: d}})\n", lists("const ", &text))),
        ("nested.js", {
            let levels = (1..20_000).map(|level| format!("const a{level} = [a{}]\n", level - 1));
            format!("const a0 = [1]\n{}f(a19999)\n", levels.collect::<String>())
        }),
        ("modules.js", {
            let module = "x".repeat(1_000_000);
            format!("import \"openai\"\nimport a from \"{module}\"\n{}", "a.f()\n".repeat(20_000))
        }),
        ("values.py", format!("{}{}", lists("", &text), "f(d)\n".repeat(20_000))),
        ("modules.py", format!("import {long}{long} as a\n{}", "a.f()\n".repeat(20_000))),
        ("imports.py", format!("from {long}{long} import {}a\n", "a, ".repeat(20_000))),
    ] {
        let folder = tree();
        fs::write(folder.path().join(name), text).expect("written");
        let report = scan(folder.path());
        let reasons: Vec<_> = report.not_assessed.iter().map(|entry| &*entry.reason).collect();
        let told = reasons.iter().any(|reason| reason.contains("take more than 32 MiB"));
        assert!(told || name == "nested.js", "{name}: {reasons:?}");
    }
    let folder = tree();
    let rules = "a/b,".repeat(9_000);
    fs::write(folder.path().join("waived.py"), format!("# aimslint: ignore[{rules}] {long}\n")).expect("written");
    scan(folder.path());
}
