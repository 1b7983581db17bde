//! What can be asked of one resource of a module.

use super::module::{Module, Resource, addresses};
use super::setting::Setting;
use crate::document::{Node, Value};
use crate::fact::{Choice, Field};
use crate::source::Span;

/// One resource within its module: answers what its settings hold.
#[derive(Clone, Copy)]
pub struct View<'m> {
    /// Where its variables and locals are.
    pub module: &'m Module,
    /// The resource.
    pub resource: &'m Resource,
}

impl Module {
    /// What can be asked of one resource.
    #[must_use]
    pub fn view<'m>(&'m self, resource: &'m Resource) -> View<'m> {
        View { module: self, resource }
    }
}

impl<'m> View<'m> {
    /// Its type, as [`Resource::kind`].
    pub fn kind(&self) -> &'m str {
        &self.resource.kind
    }

    /// The setting at a path of blocks and attributes separated by `.`, with variables and locals resolved.
    pub fn setting(&self, path: &str) -> Setting<&'m Node> {
        let mut node: &'m Node = &self.resource.body;
        // Behind a variable or local everything is shown where it is used: it may stand in another file.
        let mut used = None;
        for key in path.split('.') {
            // A block that may be repeated can also be written as a list; the first one stands for all.
            let here = node.items().first().unwrap_or(node);
            if here.is_expression() {
                return Setting::Unresolved(used.unwrap_or(here.span));
            }
            let Some(next) = here.get(key) else {
                let dynamic = here.entries().iter().find(|entry| &*entry.key == "dynamic" && entry.node.has(key));
                return dynamic.map_or(Setting::Absent, |entry| Setting::Unresolved(used.unwrap_or(entry.key_span)));
            };
            let Some(resolved) = self.module.resolve(next) else {
                return Setting::Unresolved(used.unwrap_or(next.span));
            };
            if !std::ptr::eq(resolved, next) {
                used = used.or(Some(next.span));
            }
            if matches!(resolved.value, Value::Null) {
                return Setting::Absent;
            }
            node = resolved;
        }
        Setting::Set(node, used.unwrap_or(node.span))
    }

    /// Every block of this name: those that are repeated, and the items of a list.
    pub fn blocks(&self, name: &str) -> Vec<&'m Node> {
        let named = self.resource.body.entries().iter().filter(|entry| &*entry.key == name);
        named.filter_map(|entry| self.module.resolve(&entry.node)).flat_map(Node::one_or_many).collect()
    }

    /// What is written at a path, before anything is resolved.
    pub fn written(&self, path: &str) -> Option<&'m Node> {
        let start: &'m Node = &self.resource.body;
        path.split('.').try_fold(start, |node, key| node.items().first().unwrap_or(node).get(key))
    }

    /// A switch: a boolean, or a word for one.
    pub fn flag(&self, path: &str) -> Setting<bool> {
        self.setting(path).read(|node| match node.boolean() {
            Some(value) => Some(value),
            None => match node.text()?.to_ascii_lowercase().as_str() {
                "enabled" => Some(true),
                "disabled" | "suspended" => Some(false),
                _ => None,
            },
        })
    }

    /// A text, number or boolean as text.
    pub fn text(&self, path: &str) -> Setting<&'m str> {
        self.setting(path).read(Node::scalar)
    }

    /// The same turned round: for attributes that say the good thing where the fact says the bad one.
    pub fn not(&self, path: &str) -> Setting<bool> {
        self.flag(path).read(|value| Some(!value))
    }

    /// Whether a block or attribute is there at all.
    pub fn present(&self, path: &str) -> Setting<bool> {
        match self.written(path) {
            Some(node) => Setting::Set(true, node.span),
            None => self.setting(path).read(|_| Some(true)),
        }
    }

    /// Whose key an attribute names. A reference to a key, or to a variable that the caller must give, is one's own.
    pub fn key(&self, path: &str) -> Setting<Choice> {
        let own = Choice("own-key");
        let setting = self.setting(path);
        let (Setting::Unresolved(at), Some(written)) = (setting, self.written(path)) else {
            return setting.read(Node::text).read(|text| match text {
                "" => None,
                // The keys that the provider manages for its services, such as `alias/aws/s3`.
                _ if text.contains("alias/aws/") => Some(Choice("provider-key")),
                _ => Some(own),
            });
        };
        let values = self.module.values();
        match &values.followed(written).value {
            Value::Expression(source) if values.is_something(source) => Setting::Set(own, at),
            _ => Setting::Unresolved(at),
        }
    }

    /// Encryption at rest where the provider always encrypts: with one's own key if any of these attributes names one.
    pub fn encryption(&self, key_paths: &[&str]) -> Field<Choice> {
        let settings = key_paths.iter().map(|path| self.key(path));
        settings.fold(Setting::Absent, Setting::stronger).or("provider-key")
    }

    /// The address that an attribute refers to: `aws_s3_bucket.data` for `aws_s3_bucket.data.id`.
    pub fn refers_to(&self, path: &str) -> Option<String> {
        match &self.module.values().followed(self.written(path)?).value {
            Value::Expression(source) => addresses(source).next(),
            _ => None,
        }
    }

    /// Texts of a list, of a single text, or of what `for_each` goes through where they are `each.value` or
    /// `each.key`; with the place of each. `None` when one of them is unknown.
    pub fn texts(&self, path: &str) -> Option<Vec<(&'m str, Span)>> {
        let written = self.written(path)?;
        if let Value::Expression(source) = &written.value
            && matches!(&**source, "each.value" | "each.key")
        {
            return self.each(source.ends_with("value"), written.span);
        }
        let node = self.module.resolve(written)?;
        let used = (!std::ptr::eq(node, written)).then_some(written.span);
        let text = |item: &'m Node| Some((self.module.resolve(item)?.scalar()?, used.unwrap_or(item.span)));
        node.one_or_many().iter().map(text).collect()
    }

    /// The values or keys that `for_each` goes through, shown where they are used: they may stand in another file.
    fn each(&self, values: bool, used: Span) -> Option<Vec<(&'m str, Span)>> {
        let written = self.written("for_each")?;
        let inner = match &written.value {
            Value::Expression(source) => source.strip_prefix("toset(").and_then(|it| it.strip_suffix(')')),
            _ => None,
        };
        let node = match inner {
            Some(source) => self.module.resolve(self.module.values().referred(source.trim())?)?,
            None => self.module.resolve(written)?,
        };
        match &node.value {
            Value::List(items) => items.iter().map(|item| Some((item.scalar()?, used))).collect(),
            Value::Map(entries) if values => entries.iter().map(|entry| Some((entry.node.scalar()?, used))).collect(),
            Value::Map(entries) => Some(entries.iter().map(|entry| (&*entry.key, used)).collect()),
            _ => None,
        }
    }
}
