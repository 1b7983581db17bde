//! The sections of the register whose entries are facts as they are written, and how an entry is read: key by key, as the table of facts
//! lists its fields.

use super::placeholder::is_placeholder;
use crate::fact::{
    FieldType, FieldValue, ImpactAssessment, Kind, ListedTool, PromptStore, RegisteredVendor, Risk, RoleHolder, Seen,
    System, UNKNOWN, UseCaseAnalysis,
};
use crate::problem::Problems;
use crate::source::Span;
use crate::table::{Table, Written};
use globset::Glob;

/// One section of the register.
#[derive(Debug)]
pub struct Section {
    /// As it is written: `[[risk]]`.
    pub name: &'static str,
    /// As rules ask for it: `declared("risks")`.
    pub plural: &'static str,
    /// The fact that an entry is. Its keys are the fact's fields, with `-` for `_`.
    pub kind: fn() -> Kind,
    /// Fields that name the entry, in order.
    pub named_by: &'static [&'static str],
    /// Two entries of one name are a mistake.
    pub unique: bool,
    /// Fields without which an entry says nothing.
    pub required: &'static [&'static str],
    /// Fields that nobody writes: what only other entries or files tell.
    pub found_out: &'static [&'static str],
    /// Fields that name an entry of another section.
    pub references: &'static [(&'static str, &'static str)],
}

/// Every section whose entries are facts as they are written.
pub const SECTIONS: &[Section] = &[
    Section {
        name: "system",
        plural: "systems",
        kind: System::kind,
        named_by: &["name"],
        unique: true,
        required: &["name"],
        found_out: &["unmatched", "first_assessed", "unanalysed"],
        references: &[],
    },
    Section {
        name: "vendor",
        plural: "vendors",
        kind: RegisteredVendor::kind,
        named_by: &["id"],
        unique: true,
        required: &["id"],
        found_out: &[],
        references: &[],
    },
    Section {
        name: "risk",
        plural: "risks",
        kind: Risk::kind,
        named_by: &["system", "name"],
        unique: true,
        required: &["name"],
        found_out: &["level", "lowered", "system_status", "system_risk"],
        references: &[("system", "system")],
    },
    Section {
        name: "impact-assessment",
        plural: "impact-assessments",
        kind: ImpactAssessment::kind,
        named_by: &["system", "kind", "on"],
        unique: false,
        required: &["system", "kind"],
        found_out: &["due", "lacking", "superseded", "system_status"],
        references: &[("system", "system")],
    },
    Section {
        name: "use-case-analysis",
        plural: "use-case-analyses",
        kind: UseCaseAnalysis::kind,
        named_by: &["system", "aspect"],
        unique: true,
        required: &["system", "aspect"],
        found_out: &["lacking", "copied"],
        references: &[("system", "system")],
    },
    Section {
        name: "tool",
        plural: "tools",
        kind: ListedTool::kind,
        named_by: &["id"],
        unique: true,
        required: &["id", "kind"],
        found_out: &[],
        references: &[],
    },
    Section {
        name: "prompt-store",
        plural: "prompt-stores",
        kind: PromptStore::kind,
        named_by: &["name"],
        unique: true,
        required: &["name"],
        found_out: &["unmatched"],
        references: &[("system", "system")],
    },
    Section {
        name: "role",
        plural: "roles",
        kind: RoleHolder::kind,
        named_by: &["role", "holder"],
        unique: false,
        required: &["role", "holder"],
        found_out: &[],
        references: &[("system", "system")],
    },
];

/// One entry as it was read.
pub(super) struct Entry {
    /// Its name, which stays when lines move.
    pub subject: String,
    /// Where it is named.
    pub at: Span,
    /// Its values in the order of the kind's fields.
    pub fields: Vec<(FieldValue, Option<Span>)>,
    /// The entries that it names: their section, their name, where.
    pub references: Vec<(&'static str, Written<String>)>,
}

impl Section {
    /// Reads one entry; `None` when it does not even say what it is about.
    pub(super) fn read(&self, table: &Table<'_>, problems: &mut Problems<'_>) -> Option<Entry> {
        let kind = (self.kind)();
        let mut fields = Vec::new();
        let mut references = Vec::new();
        for field in kind.spec().fields {
            if self.found_out.contains(&field.name) {
                fields.push((field.field_type.unknown(), None));
                continue;
            }
            let key = field.name.replace('_', "-");
            let is_required = self.required.contains(&field.name);
            if is_required && field.field_type != FieldType::Text {
                table.require(&key, "", problems);
            }
            let value = read_value(table, &key, field.field_type, is_required, problems);
            if let Some((_, section)) = self.references.iter().find(|(name, _)| *name == field.name)
                && let (FieldValue::Text(name), Some(at)) = &value
                && !name.is_empty()
            {
                references.push((*section, Written { value: name.to_string(), at: *at }));
            }
            fields.push(value);
        }
        table.finish(problems);
        let named = || self.named_by.iter().filter_map(|name| fields.get(kind.field(name)?));
        let subject: Vec<String> = named().map(|(value, _)| value.display()).filter(|name| !name.is_empty()).collect();
        let mut required = self.required.iter().filter_map(|name| fields.get(kind.field(name)?));
        let at = required.clone().find_map(|(_, at)| *at).unwrap_or(table.at());
        let says_what = required.all(|(_, at)| at.is_some());
        says_what.then_some(Entry { subject: subject.join(" "), at, fields, references })
    }
}

/// Reads the value under `key`. What is not written is known to be absent where that can be said, and unknown else.
fn read_value(
    table: &Table<'_>,
    key: &str,
    field_type: FieldType,
    is_required: bool,
    problems: &mut Problems<'_>,
) -> (FieldValue, Option<Span>) {
    match field_type {
        FieldType::Text if is_required => written(table.required_text(key, problems), |text| text.trim().into(), ""),
        // What somebody has yet to write is not there yet: the register is ours to fill.
        FieldType::Text => {
            let said = |text: String| if is_placeholder(&text) { "".into() } else { text.trim().into() };
            written(table.text(key, problems), said, "")
        }
        FieldType::Date => written(table.date(key, problems), |day| day.to_string().as_str().into(), ""),
        FieldType::Flag => written(table.flag(key, problems), FieldValue::from, UNKNOWN),
        FieldType::Choice(words) => {
            let words: Vec<(&'static str, &'static str)> = words.iter().map(|word| (*word, *word)).collect();
            written(table.choice(key, &words, problems), FieldValue::from, UNKNOWN)
        }
        FieldType::Number => match table.number(key, problems) {
            Some(Written { value, at }) => {
                (i64::try_from(value).map_or(FieldValue::UnknownNumber, FieldValue::Number), Some(at))
            }
            None => (FieldValue::UnknownNumber, None),
        },
        FieldType::List | FieldType::Map => {
            let items = table.texts(key, problems);
            if key == "paths" {
                for item in &items {
                    if let Err(error) = Glob::new(&item.value) {
                        problems.add(item.at, format!("not a glob: {error}"));
                    }
                }
            }
            let at = items.first().map(|item| item.at);
            // A folder may be called anything.
            let said = items.into_iter().map(|item| item.value).filter(|text| key == "paths" || !is_placeholder(text));
            (FieldValue::List(said.collect()), at)
        }
    }
}

fn written<T>(
    written: Option<Written<T>>,
    value: impl FnOnce(T) -> FieldValue,
    absent: &str,
) -> (FieldValue, Option<Span>) {
    match written {
        Some(written) => (value(written.value), Some(written.at)),
        None => (absent.into(), None),
    }
}
