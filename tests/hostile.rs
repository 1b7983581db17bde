//! Hostile trees: whatever is in them, the run ends, says what it could not read, and judges the rest.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use aimslint::finding::Report;
use aimslint::settings::Settings;
use aimslint::{PolicyBook, Request, SettingsFile, check};
use jiff::civil::Date;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

static BOOK: LazyLock<PolicyBook> =
    LazyLock::new(|| PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}")));

/// The finding that must survive every hostile neighbour.
const KNOWN: &str =
    "from transformers import AutoModel\nAutoModel.from_pretrained('org/name', trust_remote_code=True)\n";

fn tree() -> TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::write(folder.path().join("known.py"), KNOWN).expect("written");
    folder
}

fn scan(root: &Path) -> Report {
    let request = Request { root: root.to_path_buf(), settings: SettingsFile::None, ..Request::default() };
    let started = Instant::now();
    let (report, _) =
        check(&request, &BOOK, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}).expect("the run ends");
    assert!(started.elapsed() < Duration::from_mins(1), "took {:?}", started.elapsed());
    let known = report.open().any(|placed| &*placed.region.path == "known.py" && placed.region.line == 2);
    assert!(known, "the finding beside the hostile file is lost");
    report
}

fn says(report: &Report, path: &str) -> bool {
    report.not_assessed.iter().any(|entry| &*entry.path == path && !entry.reason.contains("report it"))
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

#[test]
fn bytes_that_are_no_text() {
    let folder = tree();
    for name in ["latin.py", "binary.yaml", "cut.json", "utf16.toml"] {
        fs::write(folder.path().join(name), b"a\xff\xfe\x00\xe9").expect("written");
    }
    let report = scan(folder.path());
    for name in ["latin.py", "binary.yaml", "cut.json", "utf16.toml"] {
        assert!(says(&report, name), "{name}: {:?}", report.not_assessed);
    }
}

#[test]
fn text_in_utf16_has_its_own_lines() {
    let folder = tree();
    let list = "\u{feff}numpy==1.26.4\r\ntorch\r\n";
    let bytes: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("requirements.txt"), bytes).expect("written");
    let report = scan(folder.path());
    let places: Vec<usize> = report
        .open()
        .filter(|placed| &*placed.region.path == "requirements.txt")
        .map(|placed| placed.region.line)
        .collect();
    assert_eq!(places, [2], "{:?}", report.not_assessed);
}

#[test]
fn a_file_beyond_the_limit_is_reported_and_not_read() {
    let folder = tree();
    let file = fs::File::create(folder.path().join("huge.ipynb")).expect("made");
    // Sparse: one gigabyte that takes no room on disk.
    file.set_len(1 << 30).expect("sized");
    let report = scan(folder.path());
    assert!(says(&report, "huge.ipynb"), "{:?}", report.not_assessed);
}

/// A rule of somebody's own, with this `[must]`.
fn book_of(must: &str) -> Result<PolicyBook, aimslint::Failure> {
    let head = "title = 'x'\nmessage = 'x'\nlevel = 'error'\nconfidence = 'high'\nclauses = ['3.2.a']\ncontrols = ['iso27002:8.24']\nwhy = 'x'\nfix = 'x'\nblind = 'x'\n[each]\nfact = 'model-reference'\n";
    PolicyBook::load([aimslint::source::SourceFile::new("policies/integrity/own.toml", format!("{head}{must}"))])
}

fn judged(root: &Path, must: &str) -> Report {
    let book = book_of(must).unwrap_or_else(|failure| panic!("{failure}"));
    let request = Request { root: root.to_path_buf(), settings: SettingsFile::None, ..Request::default() };
    let started = Instant::now();
    let (report, _) =
        check(&request, &book, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}).expect("the run ends");
    assert!(started.elapsed() < Duration::from_secs(30), "took {:?}", started.elapsed());
    report
}

#[test]
fn an_expression_that_would_take_too_much_memory_is_refused() {
    let Err(failure) = book_of("[must]\nhold = 'id.matches(\"(a{1000}){1000}\")'\n") else { panic!("taken") };
    assert!(failure.to_string().contains("not a regular expression"), "{failure}");
    // One that backtracking would never finish.
    let folder = tree();
    fs::write(folder.path().join("config.json"), format!("{{\"_name_or_path\": \"{}b\"}}", "a".repeat(50_000)))
        .expect("written");
    judged(folder.path(), "[must]\nhold = 'id.matches(\"^(a+)+$\")'\n");
}

#[test]
fn an_expression_that_is_slow_to_compile_is_compiled_once() {
    let folder = tree();
    fs::write(folder.path().join("many.py"), KNOWN.repeat(4_000)).expect("written");
    let started = Instant::now();
    judged(folder.path(), "[must]\nhold = 'id.matches(\"^[a-z]{1000}$\")'\n");
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
}

#[test]
fn a_condition_that_would_not_end_is_said_not_to_be_judged() {
    let list = format!("[{}]", vec!["'a'"; 300].join(","));
    let must = format!("[must]\nhold = \"{list}.all(a, {list}.all(b, {list}.all(c, a == b && b == c)))\"\n");
    let report = judged(tree().path(), &must);
    assert!(report.not_assessed.iter().any(|entry| entry.reason.contains("steps")), "{:?}", report.not_assessed);
    assert_eq!(report.open().count(), 0);
}

#[test]
fn what_is_the_same_for_all_facts_is_looked_for_once() {
    let folder = tree();
    fs::write(folder.path().join("many.py"), KNOWN.repeat(4_000)).expect("written");
    let report = judged(folder.path(), "[must.exist]\nfact = 'model-reference'\nwhere = \"id == 'never'\"\n");
    assert_eq!((report.open().count(), report.not_assessed.len()), (4_001, 0));
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
fn a_model_file_of_a_gigabyte_is_not_read_whole() {
    let folder = tree();
    for name in ["huge.pt", "huge.bin", "huge.pkl", "huge.h5"] {
        let file = fs::File::create(folder.path().join(name)).expect("made");
        file.set_len(1 << 30).expect("sized");
    }
    let started = Instant::now();
    let report = scan(folder.path());
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
    assert!(says(&report, "huge.pt"), "{:?}", report.not_assessed);
}

#[test]
fn a_hundred_thousand_files() {
    let folder = tree();
    for number in 0..1_000 {
        let inside = folder.path().join(format!("folder{number}"));
        fs::create_dir(&inside).expect("made");
        for number in 0..100 {
            fs::write(inside.join(format!("{number}.py")), "").expect("written");
        }
    }
    assert_eq!(scan(folder.path()).files_seen, 100_001);
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

#[cfg(unix)]
#[test]
fn links_pipes_and_unreadable_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let outside = tempfile::tempdir().expect("temporary folder");
    fs::write(outside.path().join("secret.py"), KNOWN).expect("written");
    let folder = tree();
    symlink(outside.path(), folder.path().join("escape")).expect("linked");
    symlink(outside.path().join("secret.py"), folder.path().join("escape.py")).expect("linked");
    symlink(folder.path(), folder.path().join("loop")).expect("linked");
    let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.py")).status();
    assert!(pipe.is_ok_and(|status| status.success()), "mkfifo works");
    let closed = folder.path().join("closed.py");
    fs::write(&closed, KNOWN).expect("written");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("closed");
    let report = scan(folder.path());
    assert!(report.findings.iter().all(|placed| !placed.region.path.contains("escape")), "a link led out of the root");
    // Root may read everything.
    assert!(fs::read(&closed).is_ok() || says(&report, "closed.py"), "{:?}", report.not_assessed);
}

#[cfg(unix)]
#[test]
fn devices_in_the_tree_are_not_opened() {
    let folder = tree();
    for (name, kind, major, minor) in [
        ("zero.py", "c", "1", "5"),
        ("random.pkl", "c", "1", "8"),
        ("full.yaml", "c", "1", "7"),
        ("loop.pt", "b", "7", "0"),
    ] {
        let path = folder.path().join(name);
        let made = std::process::Command::new("mknod").arg(path).args([kind, major, minor]).output();
        if !made.is_ok_and(|made| made.status.success()) {
            eprintln!("skipped: only root may make devices");
            return;
        }
    }
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket.py")).expect("made");
    let started = Instant::now();
    let report = scan(folder.path());
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
    assert_eq!((report.open().filter(|placed| &*placed.region.path != "known.py").count(), report.files_read), (0, 1));
}

#[cfg(unix)]
#[test]
fn settings_behind_a_link_or_in_a_pipe_are_not_read() {
    for make in ["ln -s /dev/zero aimslint.toml", "mkfifo aimslint.toml"] {
        let folder = tree();
        let made = std::process::Command::new("sh").args(["-c", make]).current_dir(folder.path()).status();
        assert!(made.is_ok_and(|status| status.success()), "{make}");
        let request = Request { root: folder.path().to_path_buf(), ..Request::default() };
        let (report, _) =
            check(&request, &BOOK, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}).expect("the run ends");
        assert!(report.open().count() > 0, "{make}");
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_hostile_or_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tree();
    for name in ["new\nline.py", "esc\u{1b}[31m.py", "::error::x.py", "a b%20c.py", "{{ x }}.py", " leading.py"] {
        fs::write(folder.path().join(name), KNOWN).expect("written");
    }
    fs::write(folder.path().join(OsStr::from_bytes(b"not-\xff-text.py")), KNOWN).expect("written");
    let report = scan(folder.path());
    let wrong =
        report.not_assessed.iter().any(|entry| entry.reason.contains("UTF-8") && entry.path.contains("text.py"));
    assert!(wrong, "{:?}", report.not_assessed);
    let mut out = Vec::new();
    let options = aimslint::report::Options { github_actions: true, ..Default::default() };
    for format in [aimslint::report::Format::Human, aimslint::report::Format::Concise, aimslint::report::Format::Github]
    {
        aimslint::report::write(format, &report, &options, &mut out).expect("written");
    }
    let shown = String::from_utf8(out).expect("text");
    assert!(!shown.contains('\u{1b}'), "a file's name reached the terminal as a command");
    assert!(!shown.lines().any(|line| line.starts_with("line.py") || line.starts_with("::error::x.py")), "{shown}");
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
fn many_waivers_above_nothing() {
    let folder = tree();
    fs::write(folder.path().join("waived.py"), "# aimslint: ignore[access/x] why\n".repeat(20_000)).expect("written");
    let started = Instant::now();
    scan(folder.path());
    assert!(started.elapsed() < Duration::from_secs(40), "took {:?}", started.elapsed());
}

#[test]
fn settings_with_more_faults_than_anybody_reads() {
    for text in [
        (0..100_000).map(|number| format!("key{number} = 1\n")).collect::<String>(),
        format!("[rules]\n{}", (0..100_000).map(|number| format!("\"a/b{number}\" = 'x'\n")).collect::<String>()),
        format!("exclude = [{}]\n", "1, ".repeat(100_000)),
        format!("{} = 1\n", "a".repeat(1 << 20)),
    ] {
        let folder = tree();
        fs::write(folder.path().join("aimslint.toml"), text).expect("written");
        let request = Request { root: folder.path().to_path_buf(), ..Request::default() };
        let started = Instant::now();
        let Err(failure) = check(&request, &BOOK, Settings::new(Date::constant(2026, 11, 21)), &|_, _| {}) else {
            panic!("the settings were taken")
        };
        assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
        assert!(failure.to_string().lines().count() <= 1_001, "{} lines", failure.to_string().lines().count());
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
    ] {
        let folder = tree();
        fs::write(folder.path().join(name), text).expect("written");
        let report = scan(folder.path());
        let reasons: Vec<_> = report.not_assessed.iter().map(|entry| &*entry.reason).collect();
        assert!(reasons.iter().any(|reason| reason.contains(said)), "{name}: {:?}", reasons.last());
        assert!(reasons.len() < 110, "{name}: {}", reasons.len());
    }
}
