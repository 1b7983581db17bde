//! How long each stage takes on its own: `cargo bench`, or `cargo bench -- parse` for one of them.
//!
//! Inputs are fixtures of the project, each repeated to about 100 kB where its syntax allows, so that figures are per byte and
//! comparable. Whole runs are measured by `.ci/instructions`, in instructions, which noise does not touch.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark fails by panicking")]

use aimslint::catalogue::Catalogue;
use aimslint::document::FileKind;
use aimslint::extract::{self, Context};
use aimslint::interest::Interest;
use aimslint::settings::Settings;
use aimslint::source::{SourceFile, Span};
use aimslint::timings::Timings;
use aimslint::tree::Tree;
use aimslint::{PolicyBook, Request, classify, parse, policy};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    divan::main();
}

/// One file of each kind that most repositories have, from the sample of the README.
const FILES: &[&str] = &[
    "src/train.py",
    "notebooks/letters.ipynb",
    ".github/workflows/train.yml",
    "MODEL_CARD.md",
    "Dockerfile",
    "requirements.txt",
];

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/whole/credit-scoring")
}

/// A file of the sample; code and lists, which may be repeated, up to about 100 kB.
fn file(name: &str) -> SourceFile {
    let text = fs::read_to_string(sample().join(name)).expect("the sample has it");
    let may_repeat = Path::new(name).extension().is_some_and(|end| end == "py" || end == "txt");
    let times = if may_repeat { 100_000 / text.len().max(1) + 1 } else { 1 };
    SourceFile::new(name, text.repeat(times))
}

fn kind(file: &SourceFile) -> FileKind {
    let kind = classify::classify(&file.path).expect("the sample's names tell");
    classify::settle(kind, &file.path, &file.text)
}

#[divan::bench(args = FILES)]
fn parse_file(bencher: Bencher<'_, '_>, name: &str) {
    let file = file(name);
    let kind = kind(&file);
    bencher.counter(BytesCount::of_str(&file.text)).bench(|| parse::parse(kind, black_box(&file.text)));
}

#[divan::bench(args = FILES)]
fn extract_file(bencher: Bencher<'_, '_>, name: &str) {
    let file = file(name);
    let kind = kind(&file);
    let parsed = parse::parse(kind, &file.text);
    let book = PolicyBook::shipped().expect("the shipped rules load");
    let interest: Interest = policy::interest(book.rules.values());
    let tree = Tree::default();
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let bench = || extract::extract(black_box(&file), kind, &parsed, &context);
    bencher.counter(BytesCount::of_str(&file.text)).bench_local(bench);
}

/// The search for keys, hosts and names of vendors, through which nearly every byte of a repository passes.
#[divan::bench]
fn clues(bencher: Bencher<'_, '_>) {
    let text = file("src/train.py").text;
    let find = || Catalogue::shipped().clues(black_box(&text), Span::new(0, text.len())).count();
    bencher.counter(BytesCount::of_str(&text)).bench(find);
}

/// All that happens before the first file is read.
#[divan::bench]
fn load_rules() -> PolicyBook {
    PolicyBook::shipped().expect("the shipped rules load")
}

/// A whole run over the sample, from the list of files to the report.
#[divan::bench]
fn check_sample(bencher: Bencher<'_, '_>) {
    let book = PolicyBook::shipped().expect("the shipped rules load");
    bencher.bench(|| {
        let request = Request { root: sample(), threads: Some(1), timings: Timings::default(), ..Request::default() };
        let settings = Settings::new(jiff::civil::Date::constant(2026, 11, 21));
        aimslint::check(&request, &book, settings, &|_, _| {}).expect("the sample is judged")
    });
}
