//! The values of a fact's fields, small: a tree can hold hundreds of thousands of facts.

use super::{FieldType, UNKNOWN};
use crate::source::Span;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// The value of a field, as policies see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FieldValue {
    /// Text, flags, choices and dates.
    Text(Text),
    /// A number that is known.
    Number(i64),
    /// A number that is not known.
    UnknownNumber,
    /// A list of texts.
    List(Box<[String]>),
    /// Texts by name, sorted.
    Map(Box<[(String, String)]>),
}

impl FieldType {
    /// A value of this type that could not be learnt.
    #[must_use]
    pub fn unknown(self) -> FieldValue {
        match self {
            Self::Text | Self::Date | Self::Flag | Self::Choice(_) => UNKNOWN.into(),
            Self::Number => FieldValue::UnknownNumber,
            Self::List => FieldValue::List(Box::new([UNKNOWN.to_owned()])),
            Self::Map => FieldValue::Map(Box::default()),
        }
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for FieldValue {
    fn from(flag: bool) -> Self {
        if flag { "yes" } else { "no" }.into()
    }
}

impl From<Vec<String>> for FieldValue {
    fn from(items: Vec<String>) -> Self {
        Self::List(items.into())
    }
}

impl From<BTreeMap<String, String>> for FieldValue {
    fn from(entries: BTreeMap<String, String>) -> Self {
        Self::Map(entries.into_iter().collect())
    }
}

impl FieldValue {
    /// How many bytes of text it holds.
    #[must_use]
    pub fn text_length(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Number(_) | Self::UnknownNumber => 0,
            Self::List(items) => items.iter().map(String::len).sum(),
            Self::Map(entries) => entries.iter().map(|(key, value)| key.len() + value.len()).sum(),
        }
    }

    /// The value as it is filled into a message.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            Self::UnknownNumber => UNKNOWN.to_owned(),
            Self::List(items) => items.join(", "),
            Self::Map(entries) => {
                entries.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// A text. The words that fields hold most often take no room of their own.
#[derive(Clone)]
pub enum Text {
    /// One of the words of the table.
    Fixed(&'static str),
    /// What a file says.
    Own(Arc<str>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Fixed(text) => text,
            Self::Own(text) => text,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let fixed = ["", "yes", "no", UNKNOWN].into_iter().find(|fixed| *fixed == text);
        fixed.map_or_else(|| Self::Own(text.into()), Self::Fixed)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

/// The values of a fact, in the order of its kind's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    values: Box<[FieldValue]>,
    /// Where those stand that have a place of their own, by their number.
    places: Box<[(usize, Span)]>,
}

impl Fields {
    /// Values, and the place of each that has one of its own.
    #[must_use]
    pub fn new(values: Box<[FieldValue]>, places: &[Option<Span>]) -> Self {
        let places = places.iter().enumerate().filter_map(|(index, at)| Some((index, (*at)?)));
        Self { values, places: places.collect() }
    }

    /// The values in order.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldValue> {
        self.values.iter()
    }

    /// The value of this number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&FieldValue> {
        self.values.get(index)
    }

    /// The same, to be filled in.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut FieldValue> {
        self.values.get_mut(index)
    }

    /// Rewrites every place, for what was read out of another file.
    pub fn relocate(&mut self, place: impl Fn(Span) -> Span) {
        for (_, at) in &mut self.places {
            *at = place(*at);
        }
    }

    /// Where values stand, with their numbers.
    #[must_use]
    pub fn places(&self) -> &[(usize, Span)] {
        &self.places
    }

    /// Where the value of this number stands, if it has a place of its own.
    #[must_use]
    pub fn place(&self, index: usize) -> Option<Span> {
        self.places.iter().find(|(of, _)| *of == index).map(|(_, at)| *at)
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = &'a FieldValue;
    type IntoIter = std::slice::Iter<'a, FieldValue>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<(FieldValue, Option<Span>)> for Fields {
    fn from_iter<T: IntoIterator<Item = (FieldValue, Option<Span>)>>(fields: T) -> Self {
        let (values, places): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
        Self::new(values.into(), &places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_small_and_words_are_the_same_however_they_are_kept() {
        assert_eq!(size_of::<FieldValue>(), 24);
        assert_eq!(Text::Fixed("yes"), Text::Own("yes".into()));
        assert!(matches!(Text::from("unknown"), Text::Fixed(_)));
        let at = Span::new(1, 2);
        let fields: Fields = [("a".into(), None), (FieldValue::Number(1), Some(at))].into_iter().collect();
        assert_eq!((fields.place(0), fields.place(1), fields.get(0)), (None, Some(at), Some(&"a".into())));
    }
}
