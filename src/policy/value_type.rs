//! The types of values in conditions.

use crate::fact::FieldType;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// Text; one of these words (or `unknown`) when there are any.
    Text(&'static [&'static str]),
    Number,
    Truth,
    List,
    Map,
    Null,
    /// Not known before it runs; allowed everywhere.
    Any,
}

/// The words that a flag can be.
const FLAG: &[&str] = &["yes", "no"];

impl Type {
    /// The type of a field.
    pub fn of(field: FieldType) -> Self {
        match field {
            FieldType::Text | FieldType::Date => Self::Text(&[]),
            FieldType::Flag => Self::Text(FLAG),
            FieldType::Choice(words) => Self::Text(words),
            FieldType::Number => Self::Number,
            FieldType::List => Self::List,
            FieldType::Map => Self::Map,
        }
    }

    /// What it is called in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number => "a number",
            Self::Truth => "true or false",
            Self::List => "a list",
            Self::Map => "a map",
            Self::Null => "null",
            Self::Any => "anything",
        }
    }

    /// Whether a value of this type can stand where the other is wanted.
    pub fn fits(self, other: Self) -> bool {
        match (self, other) {
            // A number can be unknown, which is null.
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Text(_), Self::Text(_))
            | (Self::Null, Self::Number)
            | (Self::Number, Self::Null) => true,
            _ => self == other,
        }
    }
}
