//! One Terraform module as its files say: resources, and what can be known of their settings without running anything.
//!
//! A variable counts as what `terraform.tfvars` or `*.auto.tfvars` beside it give, or else as its default: that is what
//! the module itself says. It is unknown without a default, with a default of `null` or `""` (they ask the caller), or
//! when other `*.tfvars` files set it. So is a conditional, or anything in a `dynamic` block.

use crate::document::{Document, Entry, Node, Value};
use crate::fact::{Choice, Field};
use crate::source::{SourceFile, Span};
use std::collections::{BTreeSet, HashMap};

/// How many steps a chain of locals and variables is followed.
const RESOLVE_LIMIT: usize = 8;

/// How many nodes of one resource are looked through for references.
const WALK_LIMIT: usize = 20_000;

/// Function calls and operators whose result may be `null`: a setting made of them is not known to be set.
const UNDECIDED: &[&str] = &["?", "try(", "lookup(", "one(", "coalesce(", "merge(", "element(", "for "];

/// All that the files of one folder declare.
pub struct Module<'a> {
    /// Resources that are created; those with `count = 0` are left out.
    pub resources: Vec<Resource<'a>>,
    /// Data sources that are read.
    pub data: Vec<Resource<'a>>,
    variables: HashMap<&'a str, Variable<'a>>,
    locals: HashMap<&'a str, &'a Node>,
    /// Where each data source stands in `data`, by its address.
    data_places: HashMap<String, usize>,
    /// For each address the resources that mention it, as indices into `resources`.
    mentions: HashMap<String, Vec<usize>>,
}

/// What is known of a variable.
#[derive(Debug, Clone, Copy)]
enum Variable<'a> {
    /// It has no default: the caller has to give it.
    Required,
    /// This value, by its default or by a file of values that is always loaded.
    Known(&'a Node),
    /// Some file of values sets it, and another run may use another file.
    Varies,
}

/// A `resource` or `data` block.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    /// Index of its file in the module.
    pub file: usize,
    /// It is read, not created: a `data` block.
    pub is_read: bool,
    /// Type as the file names it, such as `aws_s3_bucket`.
    pub kind: &'a str,
    /// The name behind the type.
    pub label: &'a str,
    /// The head of its block: `resource "aws_s3_bucket" "data"`.
    pub at: Span,
    /// What stands between its braces.
    pub body: &'a Node,
}

impl Resource<'_> {
    /// How other blocks refer to it: `aws_s3_bucket.data`, `data.aws_iam_policy.full`.
    pub fn address(&self) -> String {
        let data = if self.is_read { "data." } else { "" };
        format!("{data}{}.{}", self.kind, self.label)
    }
}

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

    /// True when it is known to be absent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'a> Module<'a> {
    /// Reads what the files declare.
    pub fn of(files: &'a [(SourceFile, Document)]) -> Self {
        let mut module = Self {
            resources: Vec::new(),
            data: Vec::new(),
            variables: HashMap::new(),
            locals: HashMap::new(),
            data_places: HashMap::new(),
            mentions: HashMap::new(),
        };
        for (file, (_, document)) in files.iter().enumerate() {
            for entry in document.roots.iter().flat_map(Node::entries) {
                match &*entry.key {
                    "resource" => module.resources.extend(blocks(file, entry)),
                    "data" => module.data.extend(blocks(file, entry)),
                    "variable" => module.variables.extend(entry.node.entries().iter().map(|it| {
                        let default = it.node.get("default").map_or(Variable::Required, Variable::Known);
                        (&*it.key, default)
                    })),
                    "locals" => {
                        module.locals.extend(entry.node.entries().iter().map(|it| (&*it.key, &it.node)));
                    }
                    _ => {}
                }
            }
        }
        module.read_values(files);
        let mut resources = std::mem::take(&mut module.resources);
        resources.retain(|resource| {
            let count = resource.body.get("count").and_then(|count| module.resolve(count));
            count.is_none_or(|count| count.scalar() != Some("0"))
        });
        module.resources = resources;
        module.data_places = module.data.iter().enumerate().map(|(place, it)| (it.address(), place)).collect();
        for (index, resource) in module.resources.iter().enumerate() {
            for address in addresses_within(resource.body) {
                module.mentions.entry(address).or_default().push(index);
            }
        }
        module
    }

    /// Takes over what the files of values (`*.tfvars`) set.
    fn read_values(&mut self, files: &'a [(SourceFile, Document)]) {
        for (file, document) in files {
            let Some(stem) = file.name().strip_suffix(".tfvars") else { continue };
            let always_loaded = stem == "terraform" || stem.rsplit('.').next() == Some("auto");
            for entry in document.roots.iter().flat_map(Node::entries) {
                if let Some(variable) = self.variables.get_mut(&*entry.key) {
                    *variable = if always_loaded { Variable::Known(&entry.node) } else { Variable::Varies };
                }
            }
        }
    }

    /// The resources that mention this address, in order.
    pub fn mentioning(&self, address: &str) -> impl Iterator<Item = &Resource<'a>> {
        let indices = self.mentions.get(address).map(Vec::as_slice).unwrap_or_default();
        indices.iter().filter_map(|index| self.resources.get(*index))
    }

    /// The data source with this address.
    pub fn data_source(&self, address: &str) -> Option<&Resource<'a>> {
        self.data.get(*self.data_places.get(address)?)
    }

    /// What a value stands for: variables by their default, locals by their value. `None` is unknown.
    pub fn resolve<'n>(&self, node: &'n Node) -> Option<&'n Node>
    where
        'a: 'n,
    {
        let mut node = node;
        for _ in 0..RESOLVE_LIMIT {
            let Value::Expression(source) = &node.value else { return Some(node) };
            node = self.referred(source)?;
        }
        None
    }

    /// What `var.x` or `local.x` stands for, one step on.
    fn referred(&self, source: &str) -> Option<&'a Node> {
        if let Some(name) = source.strip_prefix("var.") {
            let Some(Variable::Known(value)) = self.variables.get(name) else { return None };
            let asks_caller = matches!(value.value, Value::Null) || value.text() == Some("");
            return (!asks_caller).then_some(value);
        }
        self.locals.get(source.strip_prefix("local.")?).copied()
    }

    /// True when the caller has to give this variable: it has no default.
    fn is_required(&self, variable: &str) -> bool {
        matches!(self.variables.get(variable), Some(Variable::Required))
    }

    /// What can be asked of one resource.
    pub fn view<'m>(&'m self, resource: &'m Resource<'a>) -> View<'m, 'a> {
        View { module: self, resource }
    }
}

/// The `TYPE "NAME" { … }` blocks under one `resource` or `data` entry.
fn blocks(file: usize, entry: &Entry) -> impl Iterator<Item = Resource<'_>> {
    entry.node.entries().iter().flat_map(move |kind| {
        kind.node.entries().iter().map(move |name| Resource {
            file,
            is_read: &*entry.key == "data",
            kind: &kind.key,
            label: &name.key,
            at: entry.key_span.cover(name.key_span),
            body: &name.node,
        })
    })
}

/// Every `type.name` and `data.type.name` in the expressions below a node.
fn addresses_within(body: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    body.walk(WALK_LIMIT, &mut |node, _| {
        if let Value::Expression(source) = &node.value {
            found.extend(addresses(source));
        }
    });
    found
}

/// Every `type.name` and `data.type.name` in one expression.
pub fn addresses(source: &str) -> impl Iterator<Item = String> {
    let outside_names = |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    source.split(outside_names).filter_map(|path| {
        let mut parts = path.split('.');
        let (first, second) = (parts.next()?, parts.next()?);
        match first {
            "data" => Some(format!("data.{second}.{}", parts.next()?)),
            _ if first.contains('_') && !second.is_empty() => Some(format!("{first}.{second}")),
            _ => None,
        }
    })
}

/// One resource within its module: answers what its settings hold.
#[derive(Clone, Copy)]
pub struct View<'m, 'a> {
    /// Where its variables and locals are.
    pub module: &'m Module<'a>,
    /// The resource.
    pub resource: &'m Resource<'a>,
}

impl<'m> View<'m, '_> {
    /// The setting at a path of blocks and attributes separated by `.`, with variables and locals resolved.
    pub fn setting(&self, path: &str) -> Setting<&'m Node> {
        let mut node: &'m Node = self.resource.body;
        // Behind a variable or local everything is shown where it is used: it may stand in another file.
        let mut used = None;
        for key in path.split('.') {
            // A block that may be repeated can also be written as a list; the first one stands for all.
            let here = node.items().first().unwrap_or(node);
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

    /// What is written at a path, before anything is resolved.
    pub fn written(&self, path: &str) -> Option<&'m Node> {
        let start: &'m Node = self.resource.body;
        path.split('.').try_fold(start, |node, key| node.items().first().unwrap_or(node).get(key))
    }

    /// A boolean.
    pub fn flag(&self, path: &str) -> Setting<bool> {
        self.setting(path).read(Node::boolean)
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
        let (Setting::Unresolved(at), Some(mut written)) = (setting, self.written(path)) else {
            return setting.read(Node::text).read(|text| match text {
                "" => None,
                // The keys that the provider manages for its services, such as `alias/aws/s3`.
                _ if text.contains("alias/aws/") => Some(Choice("provider-key")),
                _ => Some(own),
            });
        };
        for _ in 0..RESOLVE_LIMIT {
            let Value::Expression(source) = &written.value else { break };
            if let Some(variable) = source.strip_prefix("var.") {
                let required = self.module.is_required(variable);
                return if required { Setting::Set(own, at) } else { Setting::Unresolved(at) };
            }
            match self.module.referred(source) {
                Some(next) => written = next,
                None if source.starts_with("local.") || source.starts_with("each.") => break,
                None if UNDECIDED.iter().any(|part| source.contains(part)) => break,
                None => return Setting::Set(own, at),
            }
        }
        Setting::Unresolved(at)
    }

    /// Encryption at rest where the provider always encrypts: with one's own key if any of these attributes names one.
    pub fn encryption(&self, key_paths: &[&str]) -> Field<Choice> {
        let settings = key_paths.iter().map(|path| self.key(path));
        settings.fold(Setting::Absent, Setting::stronger).or("provider-key")
    }

    /// The address that an attribute refers to: `aws_s3_bucket.data` for `aws_s3_bucket.data.id`.
    pub fn refers_to(&self, path: &str) -> Option<String> {
        let mut written = self.written(path)?;
        for _ in 0..RESOLVE_LIMIT {
            let Value::Expression(source) = &written.value else { return None };
            match self.module.referred(source) {
                Some(next) => written = next,
                None => return addresses(source).next(),
            }
        }
        None
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
            Some(source) => self.module.resolve(self.module.referred(source.trim())?)?,
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

impl Setting<Choice> {
    /// Of two key settings the one that says more: one's own key, then what is unknown, then the provider's.
    fn stronger(self, other: Self) -> Self {
        let rank = |setting: &Self| match setting {
            Self::Set(Choice("own-key"), _) => 3,
            Self::Unresolved(_) => 2,
            Self::Set(..) => 1,
            Self::Absent => 0,
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}
