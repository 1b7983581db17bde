//! What is seen in lists and locks, one example for each kind.

use super::extract;
use crate::catalogue::Catalogue;
use crate::document::Parsed;
use crate::extract::Context;
use crate::fact::Facts;
use crate::interest::Interest;
use crate::source::SourceFile;
use crate::tree::Tree;

fn seen(path: &str, text: &str, others: &[&str]) -> Facts {
    let kind = crate::classify::classify(path).expect("a list or lock");
    let kind = crate::classify::settle(kind, path, text);
    let tree = Tree::of(others.iter().map(|other| (*other).into()).collect());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
    let file = SourceFile::new(path, text);
    let mut facts = Facts::of(&file.path);
    if let Parsed::Tree(parsed) = crate::parse::parse(kind, text) {
        extract(&file, &parsed, &context, &mut facts);
    }
    facts
}

fn rows(facts: &Facts, kind: &str, fields: &[&str]) -> Vec<String> {
    let of_kind = facts.all.iter().filter(|fact| fact.kind.spec().name == kind);
    of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join(" ")).collect()
}

const PYPROJECT: &str = r#"
[build-system]
requires = ["hatchling"]
[project]
name = "credit"
dependencies = [
  "torch>=2.4",
  "transformers",
  "clip",
  "helpers",
  7,
]
[project.optional-dependencies]
serve = ["vllm==0.6.0"]
test = ["pytest"]
[dependency-groups]
dev = ["ruff", { include-group = "test" }]
[tool.uv.sources]
CLIP = { git = "https://github.com/openai/CLIP", branch = "main" }
helpers = { workspace = true }
[[tool.uv.index]]
name = "inner"
url = "http://pypi.example.com/simple"
"#;

#[test]
fn a_library_and_its_groups() {
    let facts = seen("pyproject.toml", PYPROJECT, &[]);
    assert_eq!(
        rows(&facts, "dependency", &["name", "pin", "locked", "published", "group", "ai"]),
        [
            "hatchling none no yes build no",
            "torch range no yes runtime yes",
            "transformers none no yes runtime yes",
            "clip location no yes runtime no",
            "vllm exact no yes optional yes",
            "pytest none no yes development no",
            "ruff none no yes development no",
        ]
    );
    assert_eq!(rows(&facts, "package-index", &["kind", "scheme"]), ["index http"]);
    assert_eq!(rows(&facts, "package-manifest", &["name", "published", "reads_lists"]), ["credit yes no"]);
    let clip = facts.all.iter().find(|fact| fact.subject == "clip").map(|fact| fact.text("specifier"));
    assert_eq!(clip, Some("git+https://github.com/openai/CLIP@main"));
}

#[test]
fn a_lock_of_the_workspace_counts_and_a_requirements_file_may() {
    let text = "[project]\nname = 'app'\ndependencies = ['torch']\n";
    let fields = ["locked", "published"];
    // No lock holds what a build takes.
    let build = "[build-system]\nrequires = ['hatchling']\n";
    assert_eq!(rows(&seen("pyproject.toml", build, &["uv.lock"]), "dependency", &["locked", "group"]), ["no build"]);
    assert_eq!(rows(&seen("libs/a/pyproject.toml", text, &["uv.lock"]), "dependency", &fields), ["yes no"]);
    assert_eq!(rows(&seen("pyproject.toml", text, &["pylock.dev.toml"]), "dependency", &fields), ["yes no"]);
    assert_eq!(rows(&seen("pyproject.toml", text, &["requirements.txt"]), "dependency", &fields), ["unknown no"]);
    assert_eq!(rows(&seen("pyproject.toml", text, &["libs/uv.lock"]), "dependency", &fields), ["no no"]);
}

#[test]
fn a_manifest_says_whether_it_reads_its_dependencies_from_lists() {
    let fields = ["name", "published", "reads_lists"];
    let dynamic = "[build-system]\n[project]\nname = 'x'\ndynamic = ['version', 'dependencies']\n";
    assert_eq!(rows(&seen("pyproject.toml", dynamic, &[]), "package-manifest", &fields), ["x yes yes"]);
    assert_eq!(rows(&seen("pyproject.toml", "[build-system]\n", &[]), "package-manifest", &fields), [" no no"]);
    assert_eq!(
        rows(&seen("pyproject.toml", "[tool.ruff]\nline-length = 100\n", &[]), "package-manifest", &fields),
        [""; 0]
    );
}

#[test]
fn poetry_writes_versions_in_its_own_way() {
    let text = concat!(
        "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.11'\ntorch = '^2.4'\nopenai = '1.2.3'\n",
        "keras = '*'\nclip = { git = 'https://github.com/openai/CLIP.git' }\nours = { path = '../ours' }\n",
        "jax = { version = '0.4.1', extras = ['cuda'] }\n[tool.poetry.group.dev.dependencies]\nshap = '0.4.*'\n",
        "[[tool.poetry.source]]\nname = 'inner'\nurl = 'https://pypi.example.com/simple'\npriority = 'supplemental'\n",
    );
    let facts = seen("pyproject.toml", text, &[]);
    assert_eq!(
        rows(&facts, "dependency", &["name", "pin", "published", "group"]),
        [
            "torch range no runtime",
            "openai exact no runtime",
            "keras none no runtime",
            "clip location no runtime",
            "jax exact no runtime",
            "shap range no development",
        ]
    );
    assert_eq!(rows(&facts, "package-index", &["kind"]), ["index"]);
}

#[test]
fn package_json_with_every_form_of_version() {
    let text = r#"{
          "private": true,
          "dependencies": {
            "openai": "^4.0.0", "@anthropic-ai/sdk": "0.30.1", "ai": "latest", "a": "file:../a", "b": "workspace:*",
            "c": "owner/c#main", "d": "github:owner/d#d05afc436d78f1c48dc0dbf8e5980a9d471f35f6", "e": "catalog:",
            "f": "npm:@scope/real@1.0.0", "g": 1
          },
          "devDependencies": { "promptfoo": "*" }
        }"#;
    let facts = seen("web/package.json", text, &["web/yarn.lock"]);
    assert_eq!(
        rows(&facts, "dependency", &["name", "pin", "locked", "published", "group"]),
        [
            "openai range yes no runtime",
            "@anthropic-ai/sdk exact yes no runtime",
            "ai none yes no runtime",
            "c location yes no runtime",
            "d exact yes no runtime",
            "e unknown yes no runtime",
            "@scope/real exact yes no runtime",
            "promptfoo none yes no development",
        ]
    );
}

#[test]
fn a_conda_environment_with_a_list_for_pip() {
    let text = concat!(
        "name: x\nchannels: [conda-forge, 'http://conda.example.com/main']\ndependencies:\n  - python=3.11\n  - conda-forge::pytorch=2.4\n",
        "  - numpy=1.26.4=py311_0\n  - scikit-learn >=1.4\n  - pip\n  - pip:\n    - transformers==4.44.0\n",
        "    - --extra-index-url https://pypi.example.com/simple\n    - -r requirements.txt\n",
    );
    let facts = seen("environment.yml", text, &[]);
    assert_eq!(
        rows(&facts, "dependency", &["ecosystem", "name", "pin", "locked", "ai"]),
        [
            "conda pytorch range no yes",
            "conda numpy exact no no",
            "conda scikit-learn range no yes",
            "pypi transformers exact no yes",
        ]
    );
    assert_eq!(rows(&facts, "package-index", &["kind", "scheme"]), ["extra-index https", "index http"]);
}

#[test]
fn wrong_types_everywhere_are_passed_over() {
    for text in [
        "[project]\ndependencies = 'torch'\n",
        "project = 1\n",
        "[tool.poetry.dependencies]\ntorch = true\n[tool.uv]\nsources = []\n",
    ] {
        let facts = seen("pyproject.toml", text, &[]);
        assert!(facts.all.iter().all(|fact| fact.text("name") == "torch"), "{text}");
    }
    assert_eq!(seen("package.json", "{\"dependencies\": [\"openai\"], ", &[]).all.len(), 0);
    assert_eq!(seen("environment.yml", "dependencies: {pip: [torch]}\n", &[]).all.len(), 0);
}

const LIST: &[&str] = &["ecosystem", "name", "pin", "resolved", "locked", "direct", "published", "group", "ai"];

fn list(path: &str, text: &str, others: &[&str]) -> Vec<String> {
    rows(&seen(path, text, others), "dependency", LIST)
}

#[test]
fn a_pipfile_and_its_sources() {
    let text = "[[source]]\nurl = 'http://pypi.example.com/simple'\nverify_ssl = false\n[packages]\ntorch = '*'\nOpenAI = '==1.2'\nclip = {git = 'https://github.com/openai/CLIP.git', ref = 'main'}\nours = {path = '.'}\n[dev-packages]\nshap = {version = '>=0.4', extras = ['x']}\n[requires]\npython_version = '3.9'\n";
    assert_eq!(
        list("Pipfile", text, &["Pipfile.lock"]),
        [
            "pypi torch none unknown yes yes no runtime yes",
            "pypi openai exact 1.2 yes yes no runtime yes",
            "pypi clip location unknown yes yes no runtime no",
            "pypi shap range unknown yes yes no development yes"
        ]
    );
    assert_eq!(rows(&seen("Pipfile", text, &[]), "package-index", &["kind"]), ["index", "trusted-host"]);
}

#[test]
fn setup_cfg_and_setup_py() {
    let text = "[metadata]\nname = x\n[options]\ninstall_requires =\n    torch>=2 ; python_version > '3'\n    # no\n    openai==1.0\n[options.extras_require]\ntest =\n    pytest\nall = file: r.txt\n[flake8]\nignore = torch\n";
    assert_eq!(
        list("setup.cfg", text, &[]),
        [
            "pypi torch range unknown no yes unknown runtime yes",
            "pypi openai exact 1.0 no yes unknown runtime yes",
            "pypi pytest none unknown no yes unknown development no"
        ]
    );
    let script = "from setuptools import setup\nNEEDS = ['torch>=2', 'openai==1.0', f'x{y}']\nsetup(name='x', install_requires=NEEDS + [], setup_requires=['wheel'], extras_require={'dev': ['pytest']})\nsetup(install_requires=NEEDS)\n";
    let tree = Tree::of(std::collections::BTreeSet::default());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
    let file = SourceFile::new("setup.py", script);
    let mut facts = Facts::of(&file.path);
    super::extract_setup_script(&file, &crate::parse::python::parse(script), &context, &mut facts);
    assert_eq!(rows(&facts, "dependency", &["name", "group"]), ["wheel build", "pytest development"]);
    let plain = script.replace(" + []", "");
    let file = SourceFile::new("setup.py", plain.as_str());
    let mut facts = Facts::of(&file.path);
    super::extract_setup_script(&file, &crate::parse::python::parse(&plain), &context, &mut facts);
    let torch = facts.all.iter().find(|fact| fact.subject == "torch").and_then(|fact| fact.at.span());
    assert_eq!(torch.map(|at| at.text(&plain)), Some("'torch>=2'"));
    assert_eq!(rows(&facts, "dependency", &["name"]), ["wheel", "torch", "openai", "pytest"]);
}

#[test]
fn pixi_asks_conda_and_pypi() {
    let text = "[workspace]\nchannels = ['http://conda.example.com/x']\n[dependencies]\npython = '3.12.*'\npytorch = '==2.4.0'\n[pypi-dependencies]\nopenai = '*'\nours = { path = '.', editable = true }\n[feature.test.dependencies]\nshap = '>=0.4'\n[target.linux-64.dependencies]\nfaiss = { version = '*', channel = 'x' }\n";
    assert_eq!(
        list("pixi.toml", text, &["pixi.lock"]),
        [
            "conda pytorch exact 2.4.0 yes yes no runtime yes",
            "pypi openai none unknown yes yes no runtime yes",
            "conda shap range unknown yes yes no development yes",
            "conda faiss none unknown yes yes no runtime yes"
        ]
    );
}

#[test]
fn cargo_go_maven_gradle_and_nuget_lists() {
    let cargo = "[package]\nname = 'x'\npublish = false\n[dependencies]\nasync_openai = '0.20'\nburn = { version = '=0.13.0', optional = true }\nours = { path = '../ours' }\ntch = { workspace = true }\nrig = { package = 'rig-core', git = 'https://github.com/0xPlaygrounds/rig', rev = 'd05afc436d78' }\n[dev-dependencies]\nort = '2'\n[target.'cfg(unix)'.dependencies]\nhf-hub = '*'\n";
    assert_eq!(
        list("Cargo.toml", cargo, &["Cargo.lock"]),
        [
            "crates async-openai range unknown yes yes no runtime yes",
            "crates burn exact 0.13.0 yes yes no optional yes",
            "crates rig-core exact unknown yes yes no runtime yes",
            "crates ort range unknown yes yes no development yes",
            "crates hf-hub none unknown yes yes no runtime yes"
        ]
    );
    let go = "module x\nrequire (\n\tgithub.com/openai/openai-go/v2 v2.1.0\n\tgithub.com/tmc/langchaingo v0.1.13 // indirect\n)\nreplace github.com/tmc/langchaingo => github.com/me/langchaingo v0.0.1\n";
    assert_eq!(
        list("go.mod", go, &["go.sum"]),
        [
            "go github.com/openai/openai-go/v2 exact v2.1.0 yes yes unknown runtime yes",
            "go github.com/me/langchaingo exact v0.0.1 yes no unknown runtime no"
        ]
    );
    let pom = "<project><packaging>war</packaging><properties><ai.version>1.2</ai.version></properties><dependencies><dependency><groupId>com.openai</groupId><artifactId>openai-java</artifactId><version>${ai.version}</version></dependency><dependency><groupId>ai.djl</groupId><artifactId>api</artifactId></dependency><dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>${elsewhere}</version><scope>test</scope></dependency></dependencies></project>";
    assert_eq!(
        list("pom.xml", pom, &[]),
        [
            "maven com.openai:openai-java exact 1.2 no yes no runtime yes",
            "maven ai.djl:api unknown unknown no yes no runtime yes",
            "maven junit:junit unknown unknown no yes no development no"
        ]
    );
    let gradle = "plugins { id(\"application\") }\ndependencies {\n  implementation(\"com.openai:openai-java:1.+\")\n  testImplementation(\"ai.djl:api:$unknown\")\n}\n";
    assert_eq!(
        list("build.gradle.kts", gradle, &["gradle.lockfile"]),
        [
            "maven com.openai:openai-java range unknown yes yes no runtime yes",
            "maven ai.djl:api unknown unknown yes yes no development yes"
        ]
    );
    let catalog = "[versions]\nai = '1.2'\n[libraries]\na = { module = 'com.openai:openai-java', version.ref = 'ai' }\nb = 'ai.djl:api:0.3'\nc = { group = 'x', name = 'y' }\n";
    assert_eq!(
        rows(&seen("gradle/libs.versions.toml", catalog, &[]), "dependency", &["name", "pin", "resolved"]),
        ["com.openai:openai-java exact 1.2", "ai.djl:api exact 0.3", "x:y unknown unknown"]
    );
    let project = "\u{feff}<Project Sdk=\"Microsoft.NET.Sdk.Web\"><ItemGroup><PackageReference Include=\"Azure.AI.OpenAI\" Version=\"3.*\"/><PackageReference Include=\"OpenAI\"><Version>2.1.0</Version></PackageReference><PackageReference Include=\"Microsoft.ML\" Version=\"$(Ml)\" PrivateAssets=\"all\"/></ItemGroup></Project>";
    assert_eq!(
        list("src/App.csproj", project, &[]),
        [
            "nuget azure.ai.openai range unknown no yes no runtime yes",
            "nuget openai exact 2.1.0 no yes no runtime yes",
            "nuget microsoft.ml unknown unknown no yes no development yes"
        ]
    );
    let shared = "<Project><ItemGroup><PackageVersion Include=\"OpenAI\" Version=\"2.1.0\"/></ItemGroup></Project>";
    assert_eq!(
        rows(&seen("Directory.Packages.props", shared, &[]), "vendor-use", &["vendor", "form"]),
        ["openai package"]
    );
}

const LOCK: &[&str] = &["form", "ecosystem", "name", "resolved", "hashed", "direct", "group"];

#[test]
fn locks_tell_versions_and_checksums() {
    for (path, text, expected) in [
        (
            "uv.lock",
            "version = 1\n[[package]]\nname = 'app'\nversion = '0.1'\nsource = { editable = '.' }\ndependencies = [{ name = 'torch' }]\n[package.dev-dependencies]\ndev = [{ name = 'shap' }]\n[[package]]\nname = 'torch'\nversion = '2.4.0'\nsource = { registry = 'https://pypi.org/simple' }\nwheels = [{ url = 'u', hash = 'sha256:00' }]\n[[package]]\nname = 'idna'\nversion = '3'\n[[package]]\nname = 'shap'\nversion = '0.4'\n[[package]]\nname = 'tiktoken'\nversion = '0.7'\nsdist = { hash = 'sha256:00' }\n",
            &["torch 2.4.0 yes yes unknown", "shap 0.4 no yes unknown", "tiktoken 0.7 yes no unknown"][..],
        ),
        (
            "poetry.lock",
            "[[package]]\nname = 'torch'\nversion = '2.4.0'\ngroups = ['main', 'dev']\nfiles = [{file = 'x', hash = 'sha256:00'}]\n[[package]]\nname = 'shap'\nversion = '0.4'\ncategory = 'dev'\n[metadata.files]\nshap = [{file = 'x', hash = 'sha256:00'}]\n",
            &["torch 2.4.0 yes unknown runtime", "shap 0.4 yes unknown development"],
        ),
        (
            "pdm.lock",
            "[[package]]\nname = 'torch'\nversion = '2.4.0'\ngroups = ['default']\n",
            &["torch 2.4.0 no unknown runtime"],
        ),
        (
            "pylock.toml",
            "lock-version = '1.0'\n[[packages]]\nname = 'torch'\nversion = '2.4.0'\nwheels = [{ name = 'x', hashes = { sha256 = '00' } }]\n",
            &["torch 2.4.0 yes unknown unknown"],
        ),
        (
            "Pipfile.lock",
            "{\"_meta\": {}, \"default\": {\"torch\": {\"version\": \"==2.4.0\", \"hashes\": [\"sha256:00\"]}, \"ours\": {\"path\": \".\"}}, \"develop\": {\"shap\": {\"version\": \"==0.4\"}}}",
            &["torch 2.4.0 yes unknown runtime", "shap 0.4 no unknown development"],
        ),
        (
            "pixi.lock",
            "version: 6\npackages:\n- conda: https://conda.anaconda.org/conda-forge/linux-64/pytorch-2.4.0-cpu_0.conda\n  sha256: '00'\n- pypi: https://files.pythonhosted.org/x.whl\n  name: openai\n  version: 1.0.0\n- conda: https://conda.anaconda.org/conda-forge/noarch/x-1-0.conda\n",
            &["pytorch 2.4.0 yes unknown unknown", "openai 1.0.0 no unknown unknown"],
        ),
        (
            "conda-lock.yml",
            "version: 1\npackage:\n- name: pytorch\n  version: 2.4.0\n  manager: conda\n  platform: linux-64\n  hash: {sha256: '00'}\n  category: main\n- name: pytorch\n  version: 2.4.0\n  manager: conda\n  platform: osx-64\n  hash: {}\n",
            &["pytorch 2.4.0 yes unknown runtime"],
        ),
    ] {
        let facts = seen(path, text, &[]);
        assert_eq!(rows(&facts, "dependency", &LOCK[2..]), expected, "{path}");
        assert!(rows(&facts, "dependency", &["form", "locked"]).iter().all(|row| row == "lock yes"), "{path}");
    }
}

#[test]
fn locks_of_javascript_in_every_version() {
    let first = "{\"lockfileVersion\": 1, \"dependencies\": {\"x\": {\"version\": \"1\", \"dependencies\": {\"openai\": {\"version\": \"4.0.0\", \"integrity\": \"sha512-0\", \"dev\": true}}}}}";
    let third = "{\"lockfileVersion\": 3, \"packages\": {\"\": {\"dependencies\": {\"openai\": \"^4\", \"lang\": \"npm:langchain@^1\"}}, \"node_modules/openai\": {\"version\": \"4.2.0\", \"integrity\": \"sha512-0\"}, \"node_modules/x/node_modules/openai\": {\"version\": \"3.0.0\"}, \"node_modules/lang\": {\"name\": \"langchain\", \"version\": \"1.0.0\"}, \"node_modules/ours\": {\"link\": true}, \"node_modules/@anthropic-ai/sdk\": {\"version\": \"0.3.0\", \"dev\": true}}}";
    let yarn = "# yarn lockfile v1\n\n\"@anthropic-ai/sdk@^0.3\", \"@anthropic-ai/sdk@~0.3\":\n  version \"0.3.1\"\n  integrity sha512-0\n\nlang@npm:langchain@^1:\n  version \"1.0.0\"\n";
    let berry = "__metadata:\n  version: 8\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n  dependencies:\n    openai: \"npm:^4\"\n  linkType: soft\n\n\"openai@npm:^4\":\n  version: 4.2.0\n  checksum: 10/00\n  linkType: hard\n";
    let pnpm = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      openai:\n        specifier: ^4\n        version: 4.2.0\npackages:\n  'openai@4.2.0':\n    resolution: {integrity: sha512-0}\n  '@anthropic-ai/sdk@0.3.0(zod@3)':\n    resolution: {integrity: sha512-0}\n  '@types/babel__core@7.0.0':\n    resolution: {}\n";
    let old = "lockfileVersion: 5.4\ndependencies:\n  openai: 4.2.0\npackages:\n  /openai/4.2.0_zod@3.0.0:\n    resolution: {integrity: sha512-0}\n    dev: false\n";
    let bun = "{\"lockfileVersion\": 1, \"workspaces\": {\"\": {\"dependencies\": {\"openai\": \"^4\"}}}, \"packages\": {\"openai\": [\"openai@4.2.0\", \"\", {}, \"sha512-0\"], \"x/@anthropic-ai/sdk\": [\"@anthropic-ai/sdk@0.3.0\", \"\", {}],},}";
    for (path, text, expected) in [
        ("package-lock.json", first, &["openai 4.0.0 yes unknown development"][..]),
        (
            "package-lock.json",
            third,
            &[
                "openai 4.2.0 yes yes runtime",
                "openai 3.0.0 no yes runtime",
                "langchain 1.0.0 no yes runtime",
                "@anthropic-ai/sdk 0.3.0 no no development",
            ],
        ),
        ("yarn.lock", yarn, &["@anthropic-ai/sdk 0.3.1 yes unknown unknown", "langchain 1.0.0 no unknown unknown"]),
        ("yarn.lock", berry, &["openai 4.2.0 yes yes unknown"]),
        ("pnpm-lock.yaml", pnpm, &["openai 4.2.0 yes yes unknown", "@anthropic-ai/sdk 0.3.0 yes no unknown"]),
        ("pnpm-lock.yaml", old, &["openai 4.2.0 yes yes runtime"]),
        ("bun.lock", bun, &["openai 4.2.0 yes yes unknown", "@anthropic-ai/sdk 0.3.0 no no unknown"]),
    ] {
        assert_eq!(rows(&seen(path, text, &[]), "dependency", &LOCK[2..]), expected, "{path} {text}");
    }
}

#[test]
fn locks_of_other_languages() {
    let cargo = "[[package]]\nname = 'app'\nversion = '0.1.0'\ndependencies = ['async-openai 0.20.0']\n[[package]]\nname = 'async-openai'\nversion = '0.20.0'\nsource = 'registry+https://github.com/rust-lang/crates.io-index'\nchecksum = '00'\n[[package]]\nname = 'hf-hub'\nversion = '0.3.0'\nsource = 'git+https://x'\n";
    let nuget = "{\"version\": 1, \"dependencies\": {\"net8.0\": {\"Azure.AI.OpenAI\": {\"type\": \"Direct\", \"requested\": \"[2.0.0, )\", \"resolved\": \"2.0.0\", \"contentHash\": \"x\"}, \"OpenAI\": {\"type\": \"Transitive\", \"resolved\": \"2.1.0\"}, \"ours\": {\"type\": \"Project\"}}}}";
    let gradle = "# This is a Gradle generated file\ncom.openai:openai-java:1.0.0=compileClasspath,runtimeClasspath\nai.djl:api:0.2=testCompileClasspath\nempty=annotationProcessor\n";
    for (path, text, expected) in [
        ("Cargo.lock", cargo, &["crates async-openai 0.20.0 yes yes unknown", "crates hf-hub 0.3.0 no no unknown"]),
        (
            "packages.lock.json",
            nuget,
            &["nuget azure.ai.openai 2.0.0 yes yes unknown", "nuget openai 2.1.0 no no unknown"],
        ),
        (
            "gradle.lockfile",
            gradle,
            &[
                "maven com.openai:openai-java 1.0.0 unknown unknown runtime",
                "maven ai.djl:api 0.2 unknown unknown development",
            ],
        ),
    ] {
        assert_eq!(rows(&seen(path, text, &[]), "dependency", &LOCK[1..]), expected, "{path}");
    }
}

#[test]
fn no_list_or_lock_is_thrown_off_by_wrong_types_or_cuts() {
    let names = [
        "pyproject.toml",
        "setup.cfg",
        "Pipfile",
        "Pipfile.lock",
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "pylock.toml",
        "pixi.toml",
        "pixi.lock",
        "conda-lock.yml",
        "environment.yml",
        "package.json",
        "package-lock.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "Cargo.toml",
        "Cargo.lock",
        "go.mod",
        "pom.xml",
        "build.gradle",
        "libs.versions.toml",
        "gradle.lockfile",
        "a.csproj",
        "Directory.Packages.props",
        "packages.lock.json",
    ];
    let texts = [
        "",
        "\u{feff}",
        "[]",
        "{}",
        "null",
        "1",
        "\"é\"",
        "a: [",
        "{\"packages\": [1, [], {}], \"dependencies\": 7}",
        "{\"packages\": {\"\": 1, \"node_modules/\": [], \"@\": {}}, \"dependencies\": {\"x\": [1]}}",
        "packages:\n- 1\n- conda: 1\n- conda: a://b\n- pypi: {}\nimporters: 1\npackage: [1, {name: [x]}]\n",
        "package = 1\npackages = [1]\n",
        "[[package]]\nname = 1\nversion = []\n[[package]]\nname = 'torch'\n",
        "[dependencies]\na = 1\nb = []\nc = { version = 1 }\n[feature]\nx = 1\n",
        "<project><dependencies>x",
        "<Project><ItemGroup a='1'>",
        "dependencies { implementation '",
        "require (\n",
        "@:\n  version x\n",
        "[libraries]\na = 1\nb = ':::'\n",
    ];
    for name in names {
        for text in texts {
            let facts = seen(name, text, &[]);
            assert!(
                facts.all.iter().all(|fact| !fact.text("name").is_empty() || fact.kind.spec().name != "dependency"),
                "{name} {text}"
            );
        }
    }
}
