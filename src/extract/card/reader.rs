//! Reads one recognised card: the quality of each area, and the particulars that stand in leads, tables and front matter.

use super::areas::{self, Area};
use super::front_matter::FrontMatter;
use super::mentions::{self, Mention, Topic};
use super::quality::{self, Quality};
use super::words::Words;
use crate::document::prose::{Heading, Prose, Section};
use crate::fact::{Choice, Field};
use crate::source::{SourceFile, Span};

/// How much of a particular is kept: a name, not an essay.
const PARTICULAR_LIMIT: usize = 160;

/// A card with the areas of its sections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub file: &'a SourceFile,
    pub prose: &'a Prose,
    pub keys: FrontMatter<'a>,
    /// The areas of each section, in the order of [`Prose::sections`].
    pub areas: &'a [Vec<Area>],
}

impl<'a> Reader<'a> {
    /// How much the card says of an area, in sections of its own and, where `topic` is given, in passing elsewhere.
    pub(super) fn quality(&self, area: Area, topic: Option<Topic>) -> Field<Choice> {
        let mut best = (Quality::Missing, None);
        for index in self.opening(area) {
            let judged = self.judge(area, index);
            if judged > best.0 || best.1.is_none() {
                best = (judged, self.place(area, index, judged));
            }
        }
        let Some(topic) = topic else { return field(best) };
        let (mention, place) = self.mention(area, topic);
        let elsewhere = mention.quality();
        // A few words in passing do not make up for a section that was left empty.
        if best.0 == Quality::Missing || (elsewhere == Quality::Substantive && best.0 < elsewhere) {
            best = (elsewhere, place);
        }
        field(best)
    }

    /// Sections whose title opens an area.
    fn opening(&self, area: Area) -> impl Iterator<Item = usize> {
        self.areas.iter().enumerate().filter(move |(_, areas)| areas.contains(&area)).map(|(index, _)| index)
    }

    pub(super) fn areas_of(&self, index: usize) -> &[Area] {
        self.areas.get(index).map_or(&[], Vec::as_slice)
    }

    /// The section at `index` with all below it, but for what other areas claim.
    fn parts(&self, area: Area, index: usize) -> impl Iterator<Item = &'a Section> {
        let mut claimed_below: Option<usize> = None;
        self.prose.subtree(index).filter_map(move |(below, section)| {
            if claimed_below.is_some_and(|level| section.level > level) {
                return None;
            }
            let opened = self.areas_of(below);
            let claimed = !opened.contains(&area) && opened.iter().any(|other| areas::is_claiming(*other));
            claimed_below = claimed.then_some(section.level);
            (!claimed).then_some(section)
        })
    }

    fn judge(&self, area: Area, index: usize) -> Quality {
        let mut text = String::new();
        let mut exhibits = 0;
        for section in self.parts(area, index) {
            text.push_str(&section.body);
            text.push('\n');
            exhibits += section.exhibits + usize::from(section.heading == Heading::TableRow);
        }
        // A row of the table of questions is one answer, which "none" may be; it is no exhibit beside itself.
        let is_row = self.prose.sections.get(index).is_some_and(|section| section.heading == Heading::TableRow);
        let judged = quality::judge(&text, exhibits - usize::from(is_row), area == Area::Privacy);
        let shares_title = self.areas_of(index).contains(&Area::Limitations);
        let speaks = || !Mention::of(Topic::Bias, &quality::without_filler(&text)).is_none();
        let silent_on_bias = area == Area::Bias && shares_title && !speaks();
        if silent_on_bias { judged.min(Quality::Thin) } else { judged }
    }

    /// Where to point: at the placeholder itself, or at the title.
    fn place(&self, area: Area, index: usize, judged: Quality) -> Option<Span> {
        let filler = || self.parts(area, index).find_map(|section| self.filler_line(section.body_span));
        let title = || self.prose.sections.get(index).map(|section| section.title_span);
        if matches!(judged, Quality::Placeholder | Quality::Template) { filler().or_else(title) } else { title() }
    }

    fn filler_line(&self, body: Span) -> Option<Span> {
        let mut start = body.start;
        for line in body.text(&self.file.text).split_inclusive('\n') {
            let blanks = line.len() - line.trim_start().len();
            let found = Span::new(start + blanks, start + blanks + line.trim().len());
            if quality::is_filler(line) {
                return Some(found);
            }
            start += line.len();
        }
        None
    }

    /// What is said of a topic outside the sections of its own area, and the section that says most of it.
    fn mention(&self, area: Area, topic: Topic) -> (Mention, Option<Span>) {
        let mut total = Mention::default();
        let mut place = None;
        let mut own_level: Option<usize> = None;
        for (index, section) in self.prose.sections.iter().enumerate() {
            if own_level.is_some_and(|level| section.level > level) {
                continue;
            }
            let is_own = self.areas_of(index).contains(&area);
            own_level = is_own.then_some(section.level);
            if is_own {
                continue;
            }
            let here = Mention::of(topic, &quality::without_filler(&section.body));
            if !here.is_none() && place.is_none() && section.level > 0 {
                place = Some(section.title_span);
            }
            total = total.and(here);
        }
        (total, place)
    }

    /// How much the own text of the section at `index` says; `None` where its text stands in the sections below it.
    pub(super) fn own_quality(&self, area: Area, index: usize) -> Option<Field<Choice>> {
        let section = self.prose.sections.get(index)?;
        let only_holds_others = section.body.trim().is_empty() && self.prose.subtree(index).nth(1).is_some();
        if only_holds_others {
            return None;
        }
        let judged = quality::judge(&section.body, section.exhibits, area == Area::Privacy);
        let filler = matches!(judged, Quality::Placeholder | Quality::Template);
        let place = self.filler_line(section.body_span).filter(|_| filler).unwrap_or(section.title_span);
        Some(field((judged, Some(place))))
    }

    /// A particular: the first line under a title of this area. `''` when a placeholder stands there or nothing does.
    pub(super) fn particular(&self, area: Area) -> Field<String> {
        let mut empty = None;
        for index in self.opening(area) {
            let Some(section) = self.prose.sections.get(index) else { continue };
            let first_line = |text: &str| text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
            // `**Release date**` may be followed by nothing but `* **70B: December 6, 2024**`.
            let below = || self.prose.subtree(index).nth(1).filter(|(_, below)| below.heading == Heading::BoldLead);
            let first = first_line(&section.body);
            let first = first.or_else(|| below().map(|(_, below)| format!("{} {}", below.title, below.body)));
            let first = first.unwrap_or_default();
            if first.is_empty() || quality::is_filler(&first) || Words::of(&first).count() == 0 {
                let place = self.filler_line(section.body_span).unwrap_or(section.title_span);
                empty = empty.or(Some(place));
                continue;
            }
            let short: String = first.chars().take(PARTICULAR_LIMIT).collect();
            return Field::found(short, section.title_span);
        }
        empty.map_or_else(|| Field::known(""), |place| Field::found("", place))
    }

    /// The whole text under titles of an area.
    pub(super) fn text_of(&self, area: Area) -> String {
        let mut text = String::new();
        for section in self.opening(area).flat_map(|index| self.parts(area, index)) {
            if section.heading == Heading::BoldLead {
                text.push_str(&section.title);
                text.push('\n');
            }
            text.push_str(&section.body);
            text.push('\n');
        }
        text
    }

    /// The text of the whole card.
    pub(super) fn whole_text(&self) -> String {
        self.prose.sections.iter().map(|section| section.body.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The first heading.
    pub(super) fn first_heading(&self) -> Option<&'a Section> {
        self.prose.sections.iter().find(|section| section.heading == Heading::Marked && section.level > 0)
    }

    /// Which sections stand under a title of this area.
    pub(super) fn under(&self, area: Area) -> Vec<bool> {
        let mut level_above: Option<usize> = None;
        let sections = self.prose.sections.iter().enumerate();
        sections
            .map(|(index, section)| {
                if level_above.is_none_or(|level| section.level <= level) {
                    level_above = self.areas_of(index).contains(&area).then_some(section.level);
                }
                level_above.is_some()
            })
            .collect()
    }

    /// Published tests of bias that text, titles, tables or front matter name.
    pub(super) fn bias_benchmarks(&self) -> Vec<String> {
        let mut text = self.whole_text();
        for section in &self.prose.sections {
            text.push_str(&section.title);
            text.push('\n');
        }
        for result in self.keys.results() {
            for name in
                [result.of_dataset(&["name"]), result.of_dataset(&["type"]), result.of_metric(&["type", "name"])]
            {
                text.push_str(&name);
                text.push('\n');
            }
        }
        mentions::bias_benchmarks(&text)
    }
}

fn field((quality, place): (Quality, Option<Span>)) -> Field<Choice> {
    Field { value: Some(Choice(quality.name())), at: place }
}
