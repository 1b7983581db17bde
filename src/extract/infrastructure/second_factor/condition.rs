//! Conditions of AWS policies that ask for a second factor, and those that do not although they look like it.

use crate::document::{Entry, Node, Value};
use crate::fact::Choice;
use crate::source::Span;

/// How a syntax of policies spells the parts of a statement that matter here.
pub struct Spelling {
    /// The key of statements.
    pub statement: &'static str,
    name: &'static str,
    effect: &'static str,
    actions: &'static str,
    principal: &'static str,
    condition: &'static str,
}

/// Policies in JSON.
pub const JSON: Spelling = Spelling {
    statement: "Statement",
    name: "Sid",
    effect: "Effect",
    actions: "Action",
    principal: "Principal",
    condition: "Condition",
};

/// Documents of policies in Terraform.
pub const HCL: Spelling = Spelling {
    statement: "statement",
    name: "sid",
    effect: "effect",
    actions: "actions",
    principal: "principals",
    condition: "condition",
};

/// One statement, as far as it matters here.
pub struct Statement<'n> {
    /// Its name, or its number from 1.
    pub name: String,
    /// Where it says who may do what.
    pub at: Span,
    /// It says who may take on a role.
    pub is_of_role: bool,
    /// It lets accounts or their users take on a role, without any condition.
    pub lets_people_in: bool,
    allows: bool,
    tests: Vec<Test<'n>>,
}

/// One comparison of a condition.
struct Test<'n> {
    operator: &'n str,
    key: &'n str,
    value: &'n str,
    at: Span,
}

/// The statements of a policy. `resolve` gives what a value stands for.
pub fn statements<'n>(
    policy: &'n Node,
    spelling: &Spelling,
    resolve: impl Fn(&'n Node) -> Option<&'n Node> + Copy,
) -> Vec<Statement<'n>> {
    let found = policy.entries().iter().filter(|entry| &*entry.key == spelling.statement);
    let nodes = found.flat_map(|entry| resolve(&entry.node).into_iter().flat_map(Node::one_or_many));
    let statement = |(index, node): (usize, &'n Node)| {
        let text = |key: &str| node.get(key).and_then(Node::scalar);
        let actions = node.entry(spelling.actions);
        let listed = actions.map(|entry| entry.node.one_or_many()).unwrap_or_default();
        let name = text(spelling.name).filter(|name| !name.is_empty());
        let is_of_role = listed.iter().filter_map(Node::text).any(|action| action.starts_with("sts:AssumeRole"));
        let allows = text(spelling.effect).is_none_or(|effect| effect == "Allow");
        let is_open = !node.has(spelling.condition) && node.get(spelling.principal).is_some_and(names_accounts);
        Statement {
            name: name.map_or_else(|| (index + 1).to_string(), str::to_owned),
            at: actions.map_or(node.span, |entry| entry.key_span),
            is_of_role,
            lets_people_in: is_of_role && allows && is_open,
            allows,
            tests: tests(node, spelling, resolve),
        }
    };
    nodes.enumerate().map(statement).collect()
}

/// `{"AWS": "arn:aws:iam::123456789012:root"}`, and `principals { type = "AWS" … }`.
fn names_accounts(principal: &Node) -> bool {
    let of_aws = match principal.get("type").and_then(Node::text) {
        Some("AWS") => principal.get("identifiers"),
        Some(_) => None,
        None => principal.get("AWS"),
    };
    let names = of_aws.map(Node::one_or_many).unwrap_or_default();
    let text = |node: &Node| match &node.value {
        Value::Text(text) | Value::Expression(text) => text.to_string(),
        _ => String::new(),
    };
    let is_account = |name: &str| {
        let name = name.trim_matches('"');
        name.starts_with("arn:") && (name.ends_with(":root") || name.contains(":user/"))
    };
    !names.is_empty() && names.iter().all(|name| is_account(&text(name)))
}

/// The comparisons of a statement's conditions: `{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`, or a block with `test`, `variable` and
/// `values`.
fn tests<'n>(
    statement: &'n Node,
    spelling: &Spelling,
    resolve: impl Fn(&'n Node) -> Option<&'n Node> + Copy,
) -> Vec<Test<'n>> {
    let conditions = statement.entries().iter().filter(|entry| &*entry.key == spelling.condition);
    let mut tests = Vec::new();
    for condition in conditions {
        for block in condition.node.one_or_many() {
            if let (Some(test), Some(variable), Some(values)) =
                (block.get("test"), block.get("variable"), block.get("values"))
            {
                let value = resolve(values).and_then(|it| it.one_or_many().first()).and_then(resolve);
                if let (Some(operator), Some(key)) = (test.text(), variable.text()) {
                    let value = value.and_then(Node::scalar).unwrap_or_default();
                    tests.push(Test { operator, key, value, at: block.span });
                }
                continue;
            }
            let of_operator = |operator: &'n Entry| {
                operator.node.entries().iter().map(move |compared| {
                    let value = resolve(&compared.node).and_then(|it| it.one_or_many().first());
                    Test {
                        operator: &operator.key,
                        key: &compared.key,
                        value: value.and_then(Node::scalar).unwrap_or_default(),
                        at: compared.key_span.cover(compared.node.span),
                    }
                })
            };
            tests.extend(block.entries().iter().flat_map(of_operator));
        }
    }
    tests
}

/// The key that says whether a second factor was shown. It is missing where the request is signed with an access key.
const PRESENT: &str = "aws:MultiFactorAuthPresent";

/// The key that says how many seconds ago it was shown. It is missing where none was.
const AGE: &str = "aws:MultiFactorAuthAge";

impl Statement<'_> {
    /// Of whom it asks for a second factor, and where; `None` when it does not speak of one. `all` are the statements of its policy.
    pub fn asked(&self, all: &[Self]) -> Option<(Choice, Span)> {
        let (asked, at) = self.tests.iter().find_map(|test| Some((test.asked(self.allows)?, test.at)))?;
        let speaks_of_none = |statement: &Self| {
            let is_null = |test: &Test<'_>| test.operator == "Null" && test.key.eq_ignore_ascii_case(PRESENT);
            statement.tests.iter().any(is_null)
        };
        // Requests without the key are dealt with by a statement of their own.
        let dealt_with = !self.allows && all.iter().any(speaks_of_none);
        Some((if dealt_with { Choice("everybody") } else { asked }, at))
    }
}

impl Test<'_> {
    /// Of whom a second factor is asked by a statement that allows, or denies, where this holds.
    fn asked(&self, allows: bool) -> Option<Choice> {
        let (operator, of_every) = match self.operator.split_once(':') {
            Some(("ForAllValues", operator)) => (operator, true),
            Some((_, operator)) => (operator, false),
            None => (self.operator, false),
        };
        let (operator, if_exists) = match operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (operator, false),
        };
        // Both hold where the key is missing.
        let holds_without = if_exists || of_every;
        let everybody_if = |closed| Some(Choice(if closed { "everybody" } else { "sessions" }));
        if self.key.eq_ignore_ascii_case(PRESENT) {
            match (operator, allows, self.value) {
                ("Bool" | "StringEquals", true, "true") => everybody_if(!holds_without),
                ("Bool" | "StringEquals", false, "false") => everybody_if(holds_without),
                _ => None,
            }
        } else if self.key.eq_ignore_ascii_case(AGE) {
            match (operator, allows, self.value) {
                ("NumericLessThan" | "NumericLessThanEquals", true, _) => everybody_if(!holds_without),
                ("NumericGreaterThan" | "NumericGreaterThanEquals", false, _) if holds_without => everybody_if(true),
                ("Null", true, "false") | ("Null", false, "true") => everybody_if(true),
                _ => None,
            }
        } else {
            None
        }
    }
}
