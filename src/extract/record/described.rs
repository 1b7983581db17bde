//! What a card for machines says of a model or dataset, area by area: the same questions as for cards in Markdown.

use crate::document::{Entry, Node};
use crate::extract::card::areas::{Area, CLAIMING};
use crate::extract::card::mentions::{Mention, Topic};
use crate::extract::card::quality::{self, Quality};
use crate::fact::{CardSection, Choice, Facts, Field};
use crate::source::Span;

/// How many nodes below one key are looked through.
const NODE_LIMIT: usize = 10_000;

/// How a card for machines is read where it says nothing of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// It is the model's card: what is not here is nowhere.
    Missing,
    /// It is an entry in a list; the card proper may stand elsewhere.
    Unknown,
}

/// The statements of one card.
#[derive(Debug)]
pub(super) struct Described<'a> {
    silence: Silence,
    statements: Vec<Statement<'a>>,
}

#[derive(Debug)]
struct Statement<'a> {
    area: Area,
    entry: &'a Entry,
    text: String,
    quality: Quality,
}

impl<'a> Described<'a> {
    pub fn new(silence: Silence) -> Self {
        Self { silence, statements: Vec::new() }
    }

    /// Adds what stands under a key, if it is there.
    pub fn add(&mut self, area: Area, entry: Option<&'a Entry>) {
        let Some(entry) = entry else { return };
        let texts = texts(&entry.node);
        let items = entry.node.items().len();
        // An empty list says nothing; an empty text in it was meant to be filled.
        let quality = if texts.is_empty() && items == 0 && entry.node.scalar().is_none() {
            Quality::Missing
        } else {
            quality::judge(&texts.join("\n"), items.saturating_sub(1), area == Area::Privacy)
        };
        self.statements.push(Statement { area, entry, text: texts.join("\n"), quality });
    }

    /// How much is said of an area, under its keys or, where a topic is given, in passing under others.
    pub fn quality(&self, area: Area, topic: Option<Topic>) -> Field<Choice> {
        let own = self.statements.iter().filter(|statement| statement.area == area);
        let mut best: Option<(Quality, Span)> = None;
        for statement in own {
            if best.is_none_or(|(quality, _)| statement.quality > quality) {
                best = Some((statement.quality, statement.place()));
            }
        }
        if let Some(topic) = topic {
            for statement in self.statements.iter().filter(|statement| statement.area != area) {
                let passing = Mention::of(topic, &quality::without_filler(&statement.text)).quality();
                if passing > best.map_or(Quality::Missing, |(quality, _)| quality) {
                    best = Some((passing, statement.place()));
                }
            }
        }
        match (best, self.silence) {
            (Some((Quality::Missing, _)) | None, Silence::Unknown) => Field::default(),
            (Some((quality, at)), _) => Field::found(Choice(quality.name()), at),
            (None, Silence::Missing) => Field::known(Choice(Quality::Missing.name())),
        }
    }

    /// Everything that is said.
    pub fn text(&self) -> String {
        self.text_where(|_| true)
    }

    /// What says which kind of thing it is: its description and what it is for.
    pub fn introduction(&self) -> String {
        self.text_where(|area| matches!(area, Area::Description | Area::IntendedUse))
    }

    fn text_where(&self, wanted: impl Fn(Area) -> bool) -> String {
        let wanted = self.statements.iter().filter(|statement| wanted(statement.area));
        wanted.map(|statement| statement.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Adds each statement as a section of the card called `name`.
    pub fn add_sections(&self, name: &str, kind: &'static str, facts: &mut Facts) {
        for statement in self.statements.iter().filter(|statement| statement.quality != Quality::Missing) {
            let Some((_, area)) = CLAIMING.iter().find(|(area, _)| *area == statement.area) else { continue };
            let key = &*statement.entry.key;
            facts.add(
                format!("{name} {key} section"),
                statement.entry.key_span,
                CardSection {
                    area: Field::known(Choice(area)),
                    quality: Field::found(Choice(statement.quality.name()), statement.place()),
                    title: Field::found(key, statement.entry.key_span),
                    name: Field::known(name),
                    kind: Field::known(Choice(kind)),
                },
            );
        }
    }
}

impl Statement<'_> {
    /// The value where it falls short and is short enough to be pointed at, the key otherwise.
    fn place(&self) -> Span {
        let falls_short = matches!(self.quality, Quality::Placeholder | Quality::Template);
        let value = || {
            let mut first = None;
            self.entry.node.walk(NODE_LIMIT, &mut |node, _| {
                if first.is_none() && node.scalar().is_some() {
                    first = Some(node.span);
                }
            });
            first
        };
        falls_short.then(value).flatten().unwrap_or(self.entry.key_span)
    }
}

/// Every text at or below a node, in order.
pub(super) fn texts(node: &Node) -> Vec<&str> {
    let mut texts = Vec::new();
    node.walk(NODE_LIMIT, &mut |node, _| texts.extend(node.scalar().filter(|text| !text.trim().is_empty())));
    texts
}

/// The text under the first of these keys that has one; `''` at the key when nothing follows it.
pub(super) fn text(node: &Node, keys: &[&str]) -> Field<String> {
    let mut empty = None;
    for entry in keys.iter().filter_map(|key| node.entry(key)) {
        match entry.node.scalar().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => return Field::found(text, entry.node.span),
            None => empty = empty.or(Some(entry.key_span)),
        }
    }
    Field { value: Some(String::new()), at: empty }
}
