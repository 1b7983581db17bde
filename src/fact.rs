//! What extractors see: the vocabulary that policies speak, declared in one table with types and documentation.

mod facts;
mod value;

pub use facts::{Facts, Seen};
pub use value::{FieldValue, Fields, Text};

use crate::source::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a fact, or one of its fields, stands in its file. Never a magic `0..0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// At these bytes.
    Within(Span),
    /// Not there; it belongs into these bytes (the block, the map, the section that should have held it).
    AbsentFrom(Span),
    /// The file as a whole.
    WholeFile,
}

impl Location {
    /// The bytes to show; `None` for the whole file.
    #[must_use]
    pub fn span(self) -> Option<Span> {
        match self {
            Self::Within(span) | Self::AbsentFrom(span) => Some(span),
            Self::WholeFile => None,
        }
    }
}

/// One field of a fact: what was learnt, and where it stands. The default is `unknown`: what could not be learnt is
/// never absent and never a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<T> {
    /// `None` is unknown.
    pub value: Option<T>,
    /// Where the value stands; the fact's own place is used when this is `None`.
    pub at: Option<Span>,
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self { value: None, at: None }
    }
}

impl<T> Field<T> {
    /// A value that was learnt, without a place of its own.
    pub fn known(value: impl Into<T>) -> Self {
        Self { value: Some(value.into()), at: None }
    }

    /// A value that was learnt, and where it stands.
    pub fn found(value: impl Into<T>, at: Span) -> Self {
        Self { value: Some(value.into()), at: Some(at) }
    }

    /// Something stands there that could not be resolved.
    #[must_use]
    pub fn unresolved(at: Span) -> Self {
        Self { value: None, at: Some(at) }
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Self::known(value)
    }
}

impl From<String> for Field<String> {
    fn from(value: String) -> Self {
        Self::known(value)
    }
}

impl From<&'static str> for Field<Choice> {
    fn from(value: &'static str) -> Self {
        Self::known(Choice(value))
    }
}

impl From<bool> for Field<bool> {
    fn from(value: bool) -> Self {
        Self::known(value)
    }
}

impl From<i64> for Field<i64> {
    fn from(value: i64) -> Self {
        Self::known(value)
    }
}

impl From<Vec<String>> for Field<Vec<String>> {
    fn from(value: Vec<String>) -> Self {
        Self::known(value)
    }
}

/// One of the values that the fact table lists for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice(pub &'static str);

impl From<&'static str> for Choice {
    fn from(value: &'static str) -> Self {
        Self(value)
    }
}

/// The type of a field, as policies see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Text. Empty when the thing is known not to be there; `'unknown'` when it could not be learnt.
    Text,
    /// `'yes'`, `'no'` or `'unknown'`.
    Flag,
    /// One of these values, or `'unknown'`.
    Choice(&'static [&'static str]),
    /// A whole number; `null` when unknown.
    Number,
    /// A list of texts; `['unknown']` when it could not be learnt.
    List,
    /// Texts by name; empty when it could not be learnt. Read with `.get('name')`, which gives `''` for a name that is not there.
    Map,
    /// A day as `2026-11-21`; empty when there is none; `'unknown'` when it could not be learnt.
    Date,
}

/// The word for what could not be learnt.
pub const UNKNOWN: &str = "unknown";

/// Where facts of a kind come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The settings declare it.
    Register,
    /// A document, a record, a result or a step says or does it.
    Documents,
    /// Code or configuration does it.
    Code,
    /// It is about the run as a whole.
    Run,
}

/// One kind of fact: its name, its fields, its documentation.
#[derive(Debug)]
pub struct KindSpec {
    /// The name that policies use, such as `model-reference`.
    pub name: &'static str,
    /// Where they come from.
    pub origin: Origin,
    /// What one is called by people who do not write rules.
    pub called: &'static str,
    /// What one fact of this kind is.
    pub doc: &'static str,
    /// Its fields in order.
    pub fields: &'static [FieldSpec],
}

/// One field of a kind.
#[derive(Debug)]
pub struct FieldSpec {
    /// The name that policies use.
    pub name: &'static str,
    /// Its type.
    pub field_type: FieldType,
    /// What it says.
    pub doc: &'static str,
}

/// Fields that every fact has besides its own: where it was seen.
pub const COMMON_FIELDS: &[FieldSpec] = &[
    FieldSpec { name: "path", field_type: FieldType::Text, doc: "Path of the file, from the scanned root." },
    FieldSpec { name: "folder", field_type: FieldType::Text, doc: "Folder of the file; empty at the root." },
    FieldSpec {
        name: "context",
        field_type: FieldType::Choice(&[
            "product",
            "test",
            "example",
            "documentation",
            "template",
            "vendored",
            "archived",
        ]),
        doc: "What the file is for, told from its path.",
    },
];

/// The kind of a fact: an index into the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kind(usize);

impl Kind {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().position(|spec| spec.name == name).map(Self)
    }

    /// Its row of the table.
    #[must_use]
    pub fn spec(self) -> &'static KindSpec {
        static NOTHING: KindSpec = KindSpec { name: "", origin: Origin::Run, called: "", doc: "", fields: &[] };
        KINDS.get(self.0).unwrap_or(&NOTHING)
    }

    /// Where the field of this name stands in [`Fact::fields`].
    #[must_use]
    pub fn field(self, name: &str) -> Option<usize> {
        self.spec().fields.iter().position(|field| field.name == name)
    }

    /// The type of a field, common fields included.
    #[must_use]
    pub fn field_type(self, name: &str) -> Option<FieldType> {
        let own = self.spec().fields.iter();
        own.chain(COMMON_FIELDS).find(|field| field.name == name).map(|field| field.field_type)
    }
}

/// One thing seen in the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What kind of thing.
    pub kind: Kind,
    /// Path of the file.
    pub path: Arc<str>,
    /// Where in the file.
    pub at: Location,
    /// The thing's name that stays when lines move: a resource address, a function, a package. Part of the fingerprint.
    pub subject: String,
    /// The notebook cell (from 1) it stands in.
    pub cell: Option<usize>,
    /// Values in the order of the kind's fields, each with its place if it has one of its own.
    pub fields: Fields,
}

impl Fact {
    /// The value of a field by name; `None` when the kind has no such field. Common fields are not here: see [`Fact::path`].
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        self.fields.get(self.kind.field(name)?)
    }

    /// The text of a field; empty for anything that is not text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(FieldValue::Text(text)) => text,
            _ => "",
        }
    }

    /// The items of a list; none for anything that is no list.
    #[must_use]
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(FieldValue::List(items)) => items,
            _ => &[],
        }
    }

    /// Fills in a field that only other facts or files could tell.
    pub fn set(&mut self, name: &str, value: FieldValue) {
        if let Some(old) = self.kind.field(name).and_then(|index| self.fields.get_mut(index)) {
            *old = value;
        }
    }

    /// Where a field stands: its own place, or the fact's.
    #[must_use]
    pub fn location_of(&self, name: &str) -> Location {
        let own = self.kind.field(name).and_then(|index| self.fields.place(index));
        match (own, self.at) {
            (Some(span), _) => Location::Within(span),
            (None, Location::Within(span)) => Location::AbsentFrom(span),
            (None, other) => other,
        }
    }
}

/// Turns a typed field into what policies see.
trait IntoValue {
    fn into_value(self) -> FieldValue;
}

impl IntoValue for Option<String> {
    fn into_value(self) -> FieldValue {
        FieldValue::Text(self.map_or(Text::Fixed(UNKNOWN), Into::into))
    }
}

impl IntoValue for Option<Choice> {
    fn into_value(self) -> FieldValue {
        FieldValue::Text(Text::Fixed(self.map_or(UNKNOWN, |choice| choice.0)))
    }
}

impl IntoValue for Option<bool> {
    fn into_value(self) -> FieldValue {
        FieldValue::Text(Text::Fixed(self.map_or(UNKNOWN, |flag| if flag { "yes" } else { "no" })))
    }
}

impl IntoValue for Option<i64> {
    fn into_value(self) -> FieldValue {
        self.map_or(FieldValue::UnknownNumber, FieldValue::Number)
    }
}

impl IntoValue for Option<Vec<String>> {
    fn into_value(self) -> FieldValue {
        self.map_or_else(|| FieldType::List.unknown(), Into::into)
    }
}

impl IntoValue for Option<BTreeMap<String, String>> {
    fn into_value(self) -> FieldValue {
        self.map_or_else(|| FieldType::Map.unknown(), Into::into)
    }
}

/// Declares the table: for each kind a struct that extractors fill, and the row that policies are checked against.
macro_rules! facts {
    (@rust Text) => { String };
    (@rust Date) => { String };
    (@rust Flag) => { bool };
    (@rust Number) => { i64 };
    (@rust List) => { Vec<String> };
    (@rust Map) => { BTreeMap<String, String> };
    (@rust Choice $($values:tt)*) => { Choice };
    (@type Choice $($values:literal)*) => { FieldType::Choice(&[$($values),*]) };
    (@type $simple:ident) => { FieldType::$simple };
    (@index $count:expr;) => {};
    (@index $count:expr; $name:ident $($rest:ident)*) => {
        impl $name {
            const INDEX: usize = $count;
        }
        facts!(@index $count + 1; $($rest)*);
    };
    ($(
        $(#[doc = $doc:literal])+
        $kind:literal $name:ident from $origin:ident as $called:literal {
            $(
                $(#[doc = $field_doc:literal])+
                $field:ident: $ty:ident $(($($value:literal),+))?,
            )*
        }
    )*) => {
        /// Every kind of fact with its fields: policies are checked against it and the reference page is printed from it.
        pub static KINDS: &[KindSpec] = &[
            $(KindSpec {
                name: $kind,
                origin: Origin::$origin,
                called: $called,
                doc: concat!($($doc),+),
                fields: &[
                    $(FieldSpec {
                        name: stringify!($field),
                        field_type: facts!(@type $ty $($($value)+)?),
                        doc: concat!($($field_doc),+),
                    },)*
                ],
            },)*
        ];
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Default)]
            pub struct $name {
                $(
                    $(#[doc = $field_doc])+
                    pub $field: Field<facts!(@rust $ty $($($value)+)?)>,
                )*
            }
            impl Seen for $name {
                fn kind() -> Kind {
                    Kind(Self::INDEX)
                }
                fn into_fields(self) -> Fields {
                    let places = [$(self.$field.at),*];
                    Fields::new(Box::new([$(self.$field.value.into_value()),*]), &places)
                }
            }
        )*
        facts!(@index 0; $($name)*);
    };
}

include!("fact_table.rs");
