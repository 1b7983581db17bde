//! What is known of one setting of a resource.

use crate::fact::{Choice, Field};
use crate::source::Span;

/// What a setting of a resource holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting<T> {
    /// This value, and where it is written.
    Set(T, Span),
    /// Something that cannot be known here.
    Unresolved(Span),
    /// Nothing: the provider's default applies.
    Absent,
}

impl<T> Setting<T> {
    /// The value changed; `None` where it has no meaning, which makes it unknown.
    pub fn read<U>(self, change: impl FnOnce(T) -> Option<U>) -> Setting<U> {
        match self {
            Self::Set(value, at) => change(value).map_or(Setting::Unresolved(at), |value| Setting::Set(value, at)),
            Self::Unresolved(at) => Setting::Unresolved(at),
            Self::Absent => Setting::Absent,
        }
    }

    /// As a field of a fact, with the provider's default for what is absent.
    pub fn or(self, default: impl Into<T>) -> Field<T> {
        match self {
            Self::Set(value, at) => Field::found(value, at),
            Self::Unresolved(at) => Field::unresolved(at),
            Self::Absent => Field::known(default),
        }
    }

    /// As a field of a fact, where the provider's default is not known.
    pub fn or_unknown(self) -> Field<T> {
        match self {
            Self::Set(value, at) => Field::found(value, at),
            Self::Unresolved(at) => Field::unresolved(at),
            Self::Absent => Field::default(),
        }
    }

    /// This setting, or the other where this one is absent: for attributes that were renamed.
    pub fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if matches!(self, Self::Absent) { other() } else { self }
    }

    /// True for a value that is known and fits.
    pub fn holds(self, fits: impl FnOnce(T) -> bool) -> bool {
        match self {
            Self::Set(value, _) => fits(value),
            _ => false,
        }
    }

    /// The value, where it is known.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Set(value, _) => Some(value),
            _ => None,
        }
    }

    /// True when it is known to be absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Setting<Choice> {
    /// Of two key settings the one that says more: one's own key, then what is unknown, then the provider's.
    pub fn stronger(self, other: Self) -> Self {
        let rank = |setting: &Self| match setting {
            Self::Set(Choice("own-key"), _) => 3,
            Self::Unresolved(_) => 2,
            Self::Set(..) => 1,
            Self::Absent => 0,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}
