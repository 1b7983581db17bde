//! What fuzz targets do with an input, and what must hold whatever it is. `tests/fuzz.rs` of the product runs the same on every seed.
//!
//! An input is a line that names a file, and below it what the file holds: `compose.yaml`, a line end, YAML. So an input can be read,
//! and one form serves every parser. A target takes the inputs whose files its parser would read, and turns down the others.

mod invariants;
mod settings;

use aimslint::catalogue::Catalogue;
use aimslint::document::{FileKind, Parsed, PipelineSystem, Syntax};
use aimslint::fact::{Fact, Facts, KINDS, Kind};
use aimslint::interest::Interest;
use aimslint::source::{SourceFile, file_name};
use aimslint::tree::Tree;
use aimslint::{PolicyBook, classify, extract, history, parse, policy, shell};
use std::io::Cursor;
use std::sync::{Arc, LazyLock};

/// The names of all targets.
pub const TARGETS: &[&str] = &[
    "python",
    "javascript",
    "notebook",
    "markdown",
    "requirements",
    "instructions",
    "json",
    "toml",
    "yaml",
    "pipeline",
    "terraform",
    "bicep",
    "groovy",
    "gradle",
    "xml",
    "lines",
    "text",
    "model",
    "shell",
    "waivers",
    "settings",
    "baseline",
    "rule",
    "condition",
];

/// The rules that the product ships.
pub static BOOK: LazyLock<PolicyBook> =
    LazyLock::new(|| PolicyBook::shipped().unwrap_or_else(|failure| panic!("{failure}")));

/// Everything that any rule could ask about.
static INTEREST: LazyLock<Interest> = LazyLock::new(|| {
    let mut interest = policy::interest(BOOK.rules.values());
    interest.kinds.extend(KINDS.iter().filter_map(|spec| Kind::named(spec.name)));
    history::add_sources(&mut interest);
    interest
});

/// Gives `data` to a target. False for an input that is none of its own; panics when something does not hold.
pub fn run(target: &str, data: &[u8]) -> bool {
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else { return false };
    let (Ok(path), bytes) = (std::str::from_utf8(&data[..end]), &data[end + 1..]) else { return false };
    if !is_path(path) {
        return false;
    }
    if target == "model" {
        return model(path, bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let file = SourceFile::new(path, text);
    match target {
        "shell" => shell_text(text),
        "waivers" => waivers(&file),
        "settings" => settings::settings(&file),
        "baseline" => settings::baseline(&file),
        "rule" => settings::rule(&file),
        "condition" => settings::condition(&file),
        _ => return parsed(target, file),
    }
    true
}

/// A path as the walk of a folder gives it.
fn is_path(path: &str) -> bool {
    path.len() < 256 && path.split('/').all(|part| !matches!(part, "" | "." | "..")) && !path.contains('\0')
}

/// What stands behind the last `.` of the name.
#[must_use]
pub fn extension(path: &str) -> &str {
    file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Which target a file belongs to; `None` for a file that is not read as text.
#[must_use]
pub fn target_of(path: &str, text: &str) -> Option<&'static str> {
    let kind = classify::settle(classify::classify(path)?, path, text);
    Some(match kind {
        FileKind::Python => "python",
        FileKind::JavaScript => "javascript",
        FileKind::Notebook => "notebook",
        FileKind::Markdown => "markdown",
        FileKind::Requirements => "requirements",
        FileKind::Dockerfile | FileKind::Modelfile => "instructions",
        FileKind::Terraform => "terraform",
        FileKind::Bicep => "bicep",
        FileKind::Pipeline(PipelineSystem::Jenkins) => "groovy",
        FileKind::Pipeline(_) => "pipeline",
        FileKind::Pyproject => "toml",
        FileKind::DvcConfig | FileKind::AirflowSettings | FileKind::PatternList => "lines",
        FileKind::Packages(syntax)
        | FileKind::AssistantSettings(syntax)
        | FileKind::Configuration(syntax)
        | FileKind::Parameters(syntax) => match syntax {
            Syntax::Toml => "toml",
            Syntax::Json => "json",
            Syntax::Yaml => "yaml",
            Syntax::Xml => "xml",
            Syntax::Gradle => "gradle",
            Syntax::SetupConfig | Syntax::Ini | Syntax::Yarn | Syntax::GoModule => "lines",
        },
        FileKind::Opaque => return None,
        _ => match parse::parse(kind, "") {
            Parsed::Text => "text",
            _ if matches!(extension(path), "json" | "jsonld") => "json",
            _ => "yaml",
        },
    })
}

/// Reads the file as a scan does; every place that comes of it must lie within it.
fn parsed(target: &str, file: SourceFile) -> bool {
    if target_of(&file.path, &file.text) != Some(target) {
        return false;
    }
    let tree = Tree::of([Arc::clone(&file.path)].into());
    let context = extract::Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &INTEREST };
    let kind = classify::settle(classify::classify(&file.path).unwrap_or(FileKind::Opaque), &file.path, &file.text);
    let parsed = parse::parse(kind, &file.text);
    invariants::of_parsed(&parsed, &file.text);
    let mut facts = extract::extract(&file, kind, &parsed, &context).all;
    invariants::of_waivers(&extract::inline::waivers(&file).all, &file.text);
    let text = file.text.clone();
    if let (true, Parsed::Tree(document)) = (kind.is_linked(), parsed) {
        let mut linked = [Facts::of(&file.path)];
        extract::infrastructure::extract(&[(file, kind, document)], &mut linked);
        facts.extend(linked.into_iter().flat_map(|facts| facts.all));
    }
    invariants::of_facts(&facts, &text);
    true
}

/// Looks into a model file.
fn model(path: &str, bytes: &[u8]) -> bool {
    let limits = parse::weights::Limits::default();
    let length = bytes.len() as u64;
    let Some(model) = parse::weights::parse(&mut Cursor::new(bytes), length, path, &limits) else { return false };
    let path: Arc<str> = path.into();
    let tree = Tree::of([Arc::clone(&path)].into());
    let context = extract::Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &INTEREST };
    let facts: Vec<Fact> = extract::weights::extract(&path, &model, &context).all;
    assert!(facts.iter().all(|fact| fact.path == path), "a fact of another file");
    true
}

/// Splits a script into its commands.
fn shell_text(text: &str) {
    for escape in ['\\', '`'] {
        invariants::of_words(&shell::words(text, escape), text);
    }
    for command in shell::commands(text) {
        invariants::of_words(&command.words, text);
        let _ = command.program();
    }
}

/// Reads the waivers that stand in comments.
fn waivers(file: &SourceFile) {
    invariants::of_waivers(&extract::inline::waivers(file).all, &file.text);
}
