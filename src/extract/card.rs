//! Facts from model, dataset and system cards: `card`, `metric`.

pub(in crate::extract) mod areas;
pub(in crate::extract) mod date;
mod front_matter;
mod groups;
mod licence;
mod lineage;
pub(in crate::extract) mod mentions;
pub(in crate::extract) mod people;
pub(in crate::extract) mod quality;
mod reader;
mod recognition;
mod results;
pub(in crate::extract) mod words;

use super::Context;
use super::data::features;
use super::data::field::{self, Table};
use crate::document::Node;
use crate::document::prose::{Heading, Prose};
use crate::fact::{Card, CardSection, Choice, Facts, Field, Metric};
use crate::source::{SourceFile, file_name, folder};
use areas::Area;
use front_matter::FrontMatter;
use mentions::Topic;
use reader::Reader;
use recognition::{Recognised, SUBCARDS, Subcard};

/// Sees a card, or nothing when the Markdown is not one.
pub fn extract(file: &SourceFile, parsed: &Prose, context: &Context<'_>, facts: &mut Facts) {
    let keys = FrontMatter::of(parsed.front_matter.as_ref());
    if !recognition::may_be_card(file, parsed, keys) {
        return;
    }
    let areas: Vec<Vec<Area>> = parsed.sections.iter().map(|section| areas::of(&section.title)).collect();
    let Some(recognised) = recognition::recognise(file, parsed, keys, &areas) else { return };
    let reader = Reader { file, prose: parsed, keys, areas: &areas };
    let card = match recognised.only {
        Some(part) => subcard(&reader, recognised, part),
        None => whole_card(&reader, recognised, context),
    };
    let subject = format!("{} card", recognised.kind);
    dataset_fields(keys, card.name.value.as_deref().unwrap_or_default(), context, facts);
    sections(&reader, recognised, facts, card.name.value.as_deref().unwrap_or_default());
    match reader.first_heading().map(|section| section.title_span).or_else(|| keys.place(&file.text)) {
        Some(place) => facts.add(subject, place, card),
        None => facts.add_whole(subject, card),
    }
    metrics(&reader, facts);
}

/// The fields of the dataset, one table for each configuration.
fn dataset_fields(keys: FrontMatter<'_>, name: &str, context: &Context<'_>, facts: &mut Facts) {
    for info in keys.node("dataset_info").map(Node::one_or_many).unwrap_or_default() {
        let table = info.get("config_name").and_then(Node::scalar).unwrap_or("default");
        let table = Table { name: table, manifest: name, format: "dataset-card" };
        let columns = info.get("features").map(features::of_card).unwrap_or_default();
        field::add(columns, table, context, facts);
    }
}

fn whole_card(reader: &Reader<'_>, recognised: Recognised, context: &Context<'_>) -> Card {
    let keys = reader.keys;
    let text = reader.whole_text();
    let tags = keys.list("tags");
    let pipeline = keys.text("pipeline_tag");
    let lineage = lineage::read(reader, &text);
    let metrics = results::count(reader);
    let given_name = given_name(reader);
    let licence = licence::read(reader, context.tree);
    let task = pipeline.value.as_deref().unwrap_or_default();
    let mut tagged = tags.value.clone().unwrap_or_default();
    tagged.extend(keys.tasks());
    let introduction = introduction(reader);
    let human_facing = people::faces_people(task, &tagged, &introduction);
    let language_model = people::is_language_model(task, &tagged, &introduction);
    let privacy_topic = (recognised.kind == "dataset").then_some(Topic::PersonalData);
    let mut card = Card {
        kind: Field::known(Choice(recognised.kind)),
        style: Field::known(Choice(recognised.style)),
        licence,
        licence_name: keys.text("license_name"),
        licence_link: keys.text("license_link"),
        base_models: lineage.base_models,
        derived: lineage.derived,
        datasets: keys.list("datasets"),
        library: keys.text("library_name"),
        human_facing: Field { value: human_facing, at: None },
        intended_use: reader.quality(Area::IntendedUse, None),
        out_of_scope: reader.quality(Area::OutOfScope, Some(Topic::OutOfScope)),
        limitations: reader.quality(Area::Limitations, None),
        bias: reader.quality(Area::Bias, Some(Topic::Bias)),
        training_data: reader.quality(Area::TrainingData, None),
        evaluation: reader.quality(Area::Evaluation, None),
        privacy: reader.quality(Area::Privacy, privacy_topic),
        oversight: reader.quality(Area::Oversight, None),
        owner: owner(reader, &text),
        contact: contact(reader, &text),
        version: version(reader, given_name.as_deref().unwrap_or_default()),
        date: day(reader),
        metrics: Field::known(i64::try_from(metrics).unwrap_or(i64::MAX)),
        results_by_group: Field { value: (metrics > 0).then(|| results::are_by_group(reader)), at: None },
        bias_benchmarks: Field::known(reader.bias_benchmarks()),
        language_model: Field { value: language_model, at: None },
        name: Field::known(given_name.unwrap_or_else(|| name_of_place(reader))),
        pipeline,
        tags,
    };
    if card.bias.value == Some(Choice("missing")) && results::compare_people(reader) {
        card.bias = Field::known(Choice("substantive"));
    }
    leave_to_subcards(&mut card, reader, context);
    card
}

/// What stands in a subcard beside the card is not missing from the card.
fn leave_to_subcards(card: &mut Card, reader: &Reader<'_>, context: &Context<'_>) {
    let kept_in = |part: Subcard| {
        let names = SUBCARDS.iter().filter(move |(_, kept)| *kept == part);
        names.flat_map(|(name, _)| [(*name).to_owned(), name.to_uppercase().replace(".MD", ".md")])
    };
    let there = |part: Subcard| {
        kept_in(part)
            .any(|name| context.tree.beside(&reader.file.path, &name).is_some_and(|path| **path != *reader.file.path))
    };
    let leave = |field: &mut Field<Choice>| {
        if field.value == Some(Choice("missing")) {
            *field = Field::default();
        }
    };
    if there(Subcard::Bias) {
        leave(&mut card.bias);
    }
    if there(Subcard::Privacy) {
        leave(&mut card.privacy);
    }
    if there(Subcard::Safety) {
        leave(&mut card.out_of_scope);
        leave(&mut card.oversight);
    }
    if there(Subcard::Explainability) {
        leave(&mut card.intended_use);
        leave(&mut card.limitations);
    }
}

/// A subcard answers for its part alone; everything else stands in the card that it belongs to.
fn subcard(reader: &Reader<'_>, recognised: Recognised, part: Subcard) -> Card {
    let mut card = Card {
        kind: Field::known(Choice(recognised.kind)),
        style: Field::known(Choice(recognised.style)),
        name: Field::known(given_name(reader).unwrap_or_else(|| name_of_place(reader))),
        ..Card::default()
    };
    match part {
        Subcard::Bias => card.bias = reader.quality(Area::Bias, Some(Topic::Bias)),
        Subcard::Privacy => card.privacy = reader.quality(Area::Privacy, None),
        Subcard::Safety => card.out_of_scope = reader.quality(Area::OutOfScope, Some(Topic::OutOfScope)),
        Subcard::Explainability => {
            card.intended_use = reader.quality(Area::IntendedUse, None);
            card.limitations = reader.quality(Area::Limitations, None);
        }
    }
    card
}

/// The name that the card gives.
fn given_name(reader: &Reader<'_>) -> Option<String> {
    let keys = reader.keys;
    let from_index = keys.node("model-index").and_then(|index| index.one_or_many().first()?.get("name")?.scalar());
    let keyed = [keys.text("model_name"), keys.text("pretty_name")].into_iter().filter_map(|field| field.value);
    let keyed = keyed.chain(from_index.map(str::to_owned)).find(|name| !name.is_empty());
    let stated = || reader.particular(Area::Name).value.filter(|name| !name.is_empty());
    let titled = || reader.first_heading().map(|section| without_card_words(&section.title));
    keyed.or_else(stated).or_else(titled).filter(|name| !name.is_empty())
}

/// The name of the folder that the card stands in, or of the card's file at the root.
fn name_of_place(reader: &Reader<'_>) -> String {
    let path = &reader.file.path;
    let parent = file_name(folder(path));
    if parent.is_empty() { file_name(path).to_owned() } else { parent.to_owned() }
}

/// The title without "Model Card for"; empty for a title that names no model.
fn without_card_words(title: &str) -> String {
    const CARD_WORDS: &[&str] = &["model card", "dataset card", "system card", "data card", "datasheet"];
    let lower = title.to_ascii_lowercase();
    for words in CARD_WORDS {
        if let Some(index) = lower.find(words) {
            let before = title.get(..index).unwrap_or_default();
            let after = title.get(index + words.len()..).unwrap_or_default();
            let after = after.trim_start_matches([':', '-', '–', '—', ' ']);
            let after = after.strip_prefix("for ").or_else(|| after.strip_prefix("of ")).unwrap_or(after);
            let named = if after.trim().is_empty() { before } else { after };
            return named.trim_matches([':', '-', '–', '—', ' ']).to_owned();
        }
    }
    let is_generic = !areas::of(title).is_empty();
    if is_generic { String::new() } else { title.to_owned() }
}

/// The parts that say what kind of thing it is: what stands before and right below the first heading, and its description.
fn introduction(reader: &Reader<'_>) -> String {
    let first = reader.prose.sections.iter().take_while(|section| section.level <= 1).take(2);
    let mut text = first.map(|section| [section.title.as_str(), &section.body, ""].join("\n")).collect::<String>();
    for area in [Area::Description, Area::IntendedUse] {
        text.push_str(&reader.text_of(area));
        text.push('\n');
    }
    text
}

fn owner(reader: &Reader<'_>, text: &str) -> Field<String> {
    let stated = reader.particular(Area::Owner);
    let is_empty = stated.value.as_deref().is_none_or(str::is_empty);
    match mentions::maker(text) {
        Some(maker) if is_empty => Field::known(maker),
        _ => stated,
    }
}

fn contact(reader: &Reader<'_>, text: &str) -> Field<String> {
    let stated = reader.particular(Area::Contact);
    if stated.value.as_deref().is_some_and(|contact| !contact.is_empty()) {
        return stated;
    }
    let is_address =
        |word: &&str| word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    let address = text.split_whitespace().find(is_address);
    address.map_or(stated, |address| Field::known(address.trim_matches(['(', ')', ',', '.', '<', '>'])))
}

fn version(reader: &Reader<'_>, name: &str) -> Field<String> {
    let in_keys = ["version", "model_version", "dataset_version"].into_iter().map(|key| reader.keys.text(key));
    if let Some(stated) =
        in_keys.into_iter().find(|field| field.value.as_deref().is_some_and(|version| !version.is_empty()))
    {
        return stated;
    }
    let stated = reader.particular(Area::Version);
    if stated.value.as_deref().is_some_and(|version| !version.is_empty()) {
        return stated;
    }
    let is_number = |word: &&str| {
        let number = word.strip_prefix(['v', 'V']).unwrap_or(word);
        number.starts_with(|first: char| first.is_ascii_digit())
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    let in_name = name.split([' ', '-', '_']).find(is_number);
    in_name.map_or(stated, Field::known)
}

fn day(reader: &Reader<'_>) -> Field<String> {
    for key in ["date", "last_updated", "last_modified", "release_date"] {
        let stated = reader.keys.text(key);
        if let (Some(text), Some(place)) = (stated.value.filter(|text| !text.is_empty()), stated.at) {
            return date::latest(&text).map_or_else(|| Field::unresolved(place), |day| Field::found(day, place));
        }
    }
    let stated = reader.particular(Area::Date);
    match (stated.value.as_deref(), stated.at) {
        (Some(""), _) | (_, None) => stated,
        (_, Some(place)) => {
            let day = date::latest(&reader.text_of(Area::Date));
            day.map_or_else(|| Field::unresolved(place), |day| Field::found(day, place))
        }
    }
}

/// Each section that is there, so that placeholders can be pointed at one by one.
fn sections(reader: &Reader<'_>, recognised: Recognised, facts: &mut Facts, name: &str) {
    for (index, section) in reader.prose.sections.iter().enumerate() {
        // A row is an answer to a question only in a table of questions; elsewhere it may be a result.
        if section.heading == Heading::TableRow && recognised.style != "table" {
            continue;
        }
        for (area, area_name) in areas::CLAIMING {
            if !reader.areas_of(index).contains(area) {
                continue;
            }
            if let Some(quality) = reader.own_quality(*area, index) {
                facts.add(
                    format!("{} section", section.title),
                    section.title_span,
                    CardSection {
                        area: Field::known(Choice(area_name)),
                        quality,
                        title: Field::found(section.title.clone(), section.title_span),
                        name: Field::known(name),
                        kind: Field::known(Choice(recognised.kind)),
                    },
                );
            }
        }
    }
}

fn metrics(reader: &Reader<'_>, facts: &mut Facts) {
    for result in reader.keys.results() {
        let name = result.of_metric(&["name", "type"]);
        let dataset = result.of_dataset(&["name", "type"]);
        let revision_node = result.dataset.and_then(|dataset| dataset.get("revision"));
        let revision = result.of_dataset(&["revision"]);
        let is_commit = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let pin = match revision.as_str() {
            "" => "none",
            _ if is_commit => "commit",
            _ => "name",
        };
        let place = revision_node.map(|node| node.span);
        let subject = format!("{name} on {dataset}");
        let at = result.dataset.map_or(result.metric.span, |dataset| dataset.span);
        facts.add(
            subject,
            at,
            Metric {
                name: Field { value: Some(name), at: Some(result.metric.span) },
                value: Field::known(result.of_metric(&["value"])),
                dataset: Field::known(dataset),
                slice: Field::known(result.of_metric(&["slice", "group"])),
                revision: Field { value: Some(revision), at: place },
                pin: Field { value: Some(Choice(pin)), at: place },
                ..Metric::default()
            },
        );
    }
}

#[cfg(test)]
mod tests;
