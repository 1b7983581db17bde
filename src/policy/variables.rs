//! The fields of facts as conditions see them: lent where CEL can borrow them, and made only when a condition comes to ask.

use super::typecheck::Names;
use crate::fact::{Fact, FieldValue, UNKNOWN};
use crate::finding::Parameter;
use crate::source::{context_of, folder};
use cel::common::types::{CelInt, CelList, CelMap, CelMapKey, CelNull, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// What a condition can name while it is held against one fact.
pub(super) struct Variables<'a> {
    fact: &'a Fact,
    parameters: &'a [Parameter],
    names: &'a Names,
    /// Lists and maps of the fact that the condition has asked for.
    kept: BTreeMap<&'a str, OnceLock<Box<dyn Val + 'a>>>,
    /// The judged fact, and its fields as a map once the condition has asked for it.
    this: Option<(&'a Fact, OnceLock<Box<dyn Val + 'a>>)>,
}

impl<'a> Variables<'a> {
    /// The fields of `fact` that the condition of these names asks about, `this` for the judged fact, and the rule's parameters.
    pub(super) fn of(fact: &'a Fact, this: Option<&'a Fact>, parameters: &'a [Parameter], names: &'a Names) -> Self {
        let is_compound = |name: &&String| matches!(fact.get(name), Some(FieldValue::List(_) | FieldValue::Map(_)));
        Self {
            fact,
            parameters,
            names,
            kept: names.own.iter().filter(is_compound).map(|name| (name.as_str(), OnceLock::new())).collect(),
            this: this.filter(|_| !names.this.is_empty()).map(|this| (this, OnceLock::new())),
        }
    }
}

impl VariableResolver for Variables<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        if let Some(kept) = self.kept.get(variable) {
            return Some(CowVal::Borrowed(&**kept.get_or_init(|| value_of(self.fact, variable))));
        }
        if self.names.own.contains(variable) {
            return Some(CowVal::Owned(value_of(self.fact, variable)));
        }
        if let (Some((this, kept)), "this") = (&self.this, variable) {
            let fields = || self.names.this.iter().map(|name| (CelMapKey::from(name.as_str()), value_of(this, name)));
            let map = || Box::new(CelMap::from(fields().collect::<HashMap<_, _>>())) as Box<dyn Val + '_>;
            return Some(CowVal::Borrowed(&**kept.get_or_init(map)));
        }
        let parameter = self.parameters.iter().find(|parameter| parameter.name == variable)?;
        Some(CowVal::owned(CelInt::from(parameter.value)))
    }
}

/// The value of a field, common fields included.
fn value_of<'a>(fact: &'a Fact, name: &str) -> Box<dyn Val + 'a> {
    match name {
        "path" => return text(&fact.path),
        "folder" => return text(folder(&fact.path)),
        "context" => return text(context_of(&fact.path)),
        _ => {}
    }
    match fact.get(name) {
        Some(FieldValue::Text(it)) => text(it),
        Some(FieldValue::Number(number)) => Box::new(CelInt::from(*number)),
        Some(FieldValue::UnknownNumber) => Box::new(CelNull),
        Some(FieldValue::List(items)) => {
            Box::new(CelList::from(items.iter().map(|item| text(item)).collect::<Vec<_>>()))
        }
        Some(FieldValue::Map(entries)) => {
            let entries = entries.iter().map(|(key, value)| (CelMapKey::from(key.as_str()), text(value)));
            Box::new(CelMap::from(entries.collect::<HashMap<_, _>>()))
        }
        None => text(UNKNOWN),
    }
}

fn text(text: &str) -> Box<dyn Val + '_> {
    Box::new(CelString::from(text))
}
