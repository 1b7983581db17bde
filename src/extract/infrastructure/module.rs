//! One module of infrastructure, whatever its syntax: resources, and what can be known of their settings without running
//! anything.
//!
//! The words are those of Terraform, the richest of the syntaxes: what reads another one (see `cloudformation`,
//! `bicep` and `arm`) says what it found as the Terraform module that creates the same. References are expressions:
//! `var.x` and `local.x` for values, `type.name` for resources.

use crate::document::{Node, Value};
use crate::source::Span;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// How many steps a chain of locals and variables is followed.
pub const RESOLVE_LIMIT: usize = 8;

/// Function calls and operators whose result may be nothing: a setting made of them is not known to be set.
const UNDECIDED: &[&str] = &["?", "if(", "try(", "lookup(", "one(", "coalesce(", "merge(", "element(", "for "];

/// How many nodes of one resource are looked through for references.
const WALK_LIMIT: usize = 20_000;

/// What the files of a module declare, gathered by the reader of their syntax.
#[derive(Debug, Default)]
pub struct Declarations {
    /// What other modules call it by: the path of its folder or file, whose words may speak of AI too.
    pub place: String,
    /// Resources that are created.
    pub resources: Vec<Resource>,
    /// Resources that are only read.
    pub data: Vec<Resource>,
    /// Modules of a registry that it calls; their types are their sources.
    pub published: Vec<Resource>,
    /// Its variables and locals.
    pub values: Values,
    /// The modules of the repository that it calls.
    pub calls: Vec<Call>,
    /// Some of it could not be read: what looks missing may be there.
    pub in_part: bool,
}

/// One module called by another.
#[derive(Debug)]
pub struct Call {
    /// The place of the module that is called.
    pub target: String,
    /// What is given to its variables.
    pub arguments: HashMap<Rc<str>, Node>,
}

/// Names and what is known of their values.
#[derive(Debug, Default)]
pub struct Values {
    /// Variables by name.
    pub variables: HashMap<Rc<str>, Variable>,
    /// Locals by name.
    pub locals: HashMap<Rc<str>, Node>,
}

/// What is known of a variable.
#[derive(Debug, Clone)]
pub enum Variable {
    /// It has no default: the caller has to give it.
    Required,
    /// This value, by its default, by a file of values that is always loaded, or by every caller.
    Known(Node),
    /// Every caller gives it something that only running would tell, such as the address of a resource.
    Given,
    /// It is set in more than one way, or to something of which not even this is known.
    Varies,
}

/// One thing that a module creates or reads.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Index of its file among those of the module.
    pub file: usize,
    /// Its type by which it is known here: `aws_s3_bucket`, and Azure's own types in lower case.
    pub kind: Rc<str>,
    /// Its type as the file writes it.
    pub written_kind: Rc<str>,
    /// The name that the module gives it.
    pub label: Rc<str>,
    /// How expressions of the module refer to it: `aws_s3_bucket.data`, `data.aws_iam_policy.full`.
    pub address: Rc<str>,
    /// Its name as its author knows it: the address in Terraform, the logical id in `CloudFormation`.
    pub name: Rc<str>,
    /// The head of its block: `resource "aws_s3_bucket" "data"`.
    pub at: Span,
    /// Its settings.
    pub body: Node,
}

/// All that belongs together: the files of one folder in Terraform, one template elsewhere.
#[derive(Debug)]
pub struct Module {
    /// Resources that are created; those with `count = 0` are left out.
    pub resources: Vec<Resource>,
    /// Data sources that are read.
    pub data: Vec<Resource>,
    /// Some of it could not be read.
    pub in_part: bool,
    values: Values,
    /// Where each resource stands in `resources`, and each data source behind them in `data`, by its address.
    places: HashMap<Rc<str>, usize>,
    /// For each address the resources that mention it, as indices into `resources`.
    mentions: HashMap<String, Vec<usize>>,
}

impl Values {
    /// What a value stands for: variables by their default, locals by their value. `None` is unknown.
    #[must_use]
    pub fn resolve<'n>(&'n self, node: &'n Node) -> Option<&'n Node> {
        Some(self.followed(node)).filter(|node| !node.is_expression())
    }

    /// How far the way of a value can be followed: to what it stands for, or to the expression that has to be computed.
    #[must_use]
    pub fn followed<'n>(&'n self, node: &'n Node) -> &'n Node {
        let mut node = node;
        for _ in 0..RESOLVE_LIMIT {
            let Value::Expression(source) = &node.value else { break };
            let Some(next) = self.referred(source) else { break };
            node = next;
        }
        node
    }

    /// What `var.x` or `local.x` stands for, one step on.
    #[must_use]
    pub fn referred(&self, source: &str) -> Option<&Node> {
        if let Some(name) = source.strip_prefix("var.") {
            let Some(Variable::Known(value)) = self.variables.get(name) else { return None };
            let asks_caller = matches!(value.value, Value::Null) || value.text() == Some("");
            return (!asks_caller).then_some(value);
        }
        self.locals.get(source.strip_prefix("local.")?)
    }

    /// True for an expression that is something, although only running would tell what: the attribute of a resource, or a
    /// variable that somebody has to give. What may turn out to be nothing is not.
    #[must_use]
    pub fn is_something(&self, source: &str) -> bool {
        if let Some(name) = source.strip_prefix("var.") {
            return matches!(self.variables.get(name), Some(Variable::Required | Variable::Given));
        }
        let may_be_nothing = ["local.", "each."].iter().any(|prefix| source.starts_with(prefix))
            || UNDECIDED.iter().any(|part| source.contains(part));
        !may_be_nothing
    }
}

impl Module {
    /// Puts together what was declared.
    #[must_use]
    pub fn of(declared: Declarations) -> Self {
        let Declarations { resources, data, values, in_part, .. } = declared;
        let is_created = |resource: &Resource| {
            let count = resource.body.get("count").and_then(|count| values.resolve(count));
            count.is_none_or(|count| count.scalar() != Some("0"))
        };
        let resources: Vec<Resource> = resources.into_iter().filter(is_created).collect();
        let mut mentions: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, resource) in resources.iter().enumerate() {
            for address in addresses_within(&resource.body) {
                mentions.entry(address).or_default().push(index);
            }
        }
        let all = resources.iter().chain(&data).enumerate();
        let places = all.map(|(place, it)| (Rc::clone(&it.address), place)).collect();
        Self { resources, data, in_part, values, places, mentions }
    }

    /// The resources that mention this address, in order.
    pub fn mentioning(&self, address: &str) -> impl Iterator<Item = &Resource> {
        let indices = self.mentions.get(address).map(Vec::as_slice).unwrap_or_default();
        indices.iter().filter_map(|index| self.resources.get(*index))
    }

    /// The resource or data source with this address.
    #[must_use]
    pub fn at(&self, address: &str) -> Option<&Resource> {
        let place = *self.places.get(address)?;
        self.resources.get(place).or_else(|| self.data.get(place.checked_sub(self.resources.len())?))
    }

    /// What a value stands for, as [`Values::resolve`].
    #[must_use]
    pub fn resolve<'n>(&'n self, node: &'n Node) -> Option<&'n Node> {
        self.values.resolve(node)
    }

    /// Its variables and locals.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }
}

/// Every `type.name` and `data.type.name` in the expressions below a node.
pub fn addresses_within(body: &Node) -> BTreeSet<String> {
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
