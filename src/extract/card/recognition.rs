//! Whether a Markdown file is a card, told by what it holds; a name alone proves nothing, and guides about cards are no cards.

use super::areas::Area;
use super::front_matter::{FrontMatter, Shows};
use super::words::Words;
use crate::document::prose::{Heading, Prose, Row, Section};
use crate::source::{SourceFile, folder};

/// A card and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised {
    /// `model`, `dataset`, `space` or `system`.
    pub kind: &'static str,
    /// `hub`, `plain` or `table`.
    pub style: &'static str,
    /// The one part of a model card that stands in a file of its own (NVIDIA's subcards); the rest stands elsewhere.
    pub only: Option<Subcard>,
}

/// The parts that NVIDIA's Model Card++ keeps in files of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subcard {
    Bias,
    Explainability,
    Privacy,
    Safety,
}

/// The file names of the parts, each with its part.
pub(super) const SUBCARDS: &[(&str, Subcard)] = &[
    ("bias.md", Subcard::Bias),
    ("explainability.md", Subcard::Explainability),
    ("privacy.md", Subcard::Privacy),
    ("safety.md", Subcard::Safety),
];

/// Areas that only cards have; data, evaluation or contact are headings of any README.
const TELLING: &[Area] =
    &[Area::IntendedUse, Area::OutOfScope, Area::Limitations, Area::Bias, Area::Privacy, Area::Oversight];
/// Sections of "Datasheets for Datasets".
const DATASHEET: &[&str] =
    &["motivation", "composition", "collection process", "preprocessing", "uses", "distribution", "maintenance"];
/// How many of them make a datasheet.
const ENOUGH_OF_DATASHEET: usize = 4;
/// How many questions make a subcard in its older form.
const ENOUGH_QUESTIONS: usize = 2;
/// Verbs that open the title of a guide on cards.
const GUIDE_WORDS: &[&str] = &[
    "create",
    "creating",
    "write",
    "writing",
    "how",
    "what",
    "why",
    "about",
    "guide",
    "tutorial",
    "generate",
    "generating",
    "building",
    "using",
    "load",
    "share",
    "example",
    "examples",
    "template",
    "toolkit",
    "creator",
    "generator",
    "api",
];

/// Tells what card the file is; `None` for all other Markdown. `areas` are those of each section.
pub(super) fn recognise(
    file: &SourceFile,
    prose: &Prose,
    keys: FrontMatter<'_>,
    areas: &[Vec<Area>],
) -> Option<Recognised> {
    if prose.is_template || is_template_path(&file.path) {
        return None;
    }
    let whole = |kind, style| Some(Recognised { kind, style, only: None });
    match keys.shows() {
        Shows::Space => return whole("space", "hub"),
        Shows::Dataset => return whole("dataset", "hub"),
        Shows::Model => return whole("model", "hub"),
        Shows::PerhapsModel if file.name().eq_ignore_ascii_case("readme.md") || count(areas, TELLING) > 0 => {
            return whole("model", "hub");
        }
        Shows::PerhapsModel | Shows::Nothing => {}
    }
    if let Some(only) = subcard(file, prose) {
        let style = if prose.rows.iter().any(asks) { "table" } else { "plain" };
        return Some(Recognised { kind: "model", style, only: Some(only) });
    }
    plain_card(file, prose, areas).and_then(|kind| whole(kind, "plain"))
}

fn is_template_path(path: &str) -> bool {
    let words = Words::of(path);
    words.have_any(&["template", "templates", "cookiecutter"])
}

fn count(areas: &[Vec<Area>], wanted: &[Area]) -> usize {
    wanted.iter().filter(|area| areas.iter().any(|of_section| of_section.contains(area))).count()
}

/// The head of a table of questions.
fn asks(row: &Row) -> bool {
    let cell = |index: usize| row.cells.get(index).map(|cell| Words::of(cell));
    let is = |cell: Option<Words>, names: &[&str]| cell.is_some_and(|cell| names.iter().any(|name| cell.are(name)));
    row.is_header && is(cell(0), &["field"]) && is(cell(1), &["response", "description"])
}

/// One of NVIDIA's subcards: its name or title, and a table of questions or, in its older form, headings that are questions.
fn subcard(file: &SourceFile, prose: &Prose) -> Option<Subcard> {
    let is_question = |section: &&Section| section.heading == Heading::Marked && section.title.ends_with('?');
    let has_table = prose.rows.iter().any(asks);
    if !has_table && prose.sections.iter().filter(is_question).count() < ENOUGH_QUESTIONS {
        return None;
    }
    let name = Words::of(file.name());
    let marked = prose.sections.iter().filter(|section| section.heading == Heading::Marked);
    let announced = marked.map(|section| Words::of(&section.title)).find(|title| title.have("subcard"));
    SUBCARDS.iter().find_map(|(file_name, part)| {
        let word = file_name.trim_end_matches(".md");
        // A page of questions and answers on privacy is no subcard: without the table it has to call itself one.
        let named =
            (has_table && file.name().eq_ignore_ascii_case(file_name)) || (name.have("subcard") && name.have(word));
        (named || announced.as_ref().is_some_and(|title| title.have(word))).then_some(*part)
    })
}

fn plain_card(file: &SourceFile, prose: &Prose, areas: &[Vec<Area>]) -> Option<&'static str> {
    let marked = || prose.sections.iter().filter(|section| section.heading == Heading::Marked && section.level > 0);
    let titles: Vec<Words> = marked().map(|section| Words::of(&section.title)).collect();
    let sheets = DATASHEET.iter().filter(|part| titles.iter().any(|title| title.have(part))).count();
    if sheets >= ENOUGH_OF_DATASHEET {
        return Some("dataset");
    }
    let telling = count(areas, TELLING);
    let title = titles.first();
    if let Some(kind) = title.and_then(kind_in_title).filter(|_| telling >= 2) {
        return Some(kind);
    }
    let stem = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem);
    let name = Words::of(stem);
    if let Some(kind) = kind_in_name(&name) {
        let opens_card = titles.iter().any(|title| {
            title.have_any(&[
                "model details",
                "model information",
                "intended use",
                "intended uses",
                "dataset description",
            ]) || kind_in_title(title).is_some()
        });
        let is_exactly_named =
            ["model card", "modelcard", "system card", "dataset card"].iter().any(|exact| name.are(exact));
        let is_guide = title.is_some_and(|title| title.have_any(GUIDE_WORDS)) || is_documentation(&file.path);
        if (opens_card && telling >= 1) || (is_exactly_named && !is_guide && !titles.is_empty()) {
            return Some(kind);
        }
    }
    let intended = titles.iter().any(|title| title.have_any(&["intended use", "intended uses", "intended use cases"]));
    (intended && telling >= 3 && !title.is_some_and(|title| title.have_any(GUIDE_WORDS))).then_some("model")
}

/// The kind of card that a title announces: "Model Card for X", "X Model Card"; not "Create and share Model Cards".
fn kind_in_title(title: &Words) -> Option<&'static str> {
    if title.have_any(GUIDE_WORDS) {
        return None;
    }
    kind_in_name(title)
}

fn kind_in_name(name: &Words) -> Option<&'static str> {
    let kinds: [(&str, &[&str]); 3] = [
        ("model", &["model card", "modelcard"]),
        ("dataset", &["dataset card", "datasetcard", "data card", "datasheet for"]),
        ("system", &["system card", "systemcard"]),
    ];
    kinds.iter().find(|(_, phrases)| name.have_any(phrases)).map(|(kind, _)| *kind)
}

fn is_documentation(path: &str) -> bool {
    folder(path)
        .split('/')
        .any(|part| matches!(part.to_ascii_lowercase().as_str(), "docs" | "doc" | "guides" | "documentation" | "blog"))
}

/// A cheap first look that spares most Markdown files the full reading.
pub(super) fn may_be_card(file: &SourceFile, prose: &Prose, keys: FrontMatter<'_>) -> bool {
    const SIGNS: &[&str] =
        &["card", "subcard", "modelcard", "datasheet", "intended use", "intended uses", "collection process"];
    let announces = |section: &Section| Words::of(&section.title).have_any(SIGNS);
    let named = SUBCARDS.iter().any(|(name, _)| file.name().eq_ignore_ascii_case(name))
        || Words::of(file.name()).have_any(SIGNS);
    keys.shows() != Shows::Nothing || named || prose.sections.iter().any(announces)
}
