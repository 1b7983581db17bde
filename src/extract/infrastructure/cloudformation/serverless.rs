//! Reads the settings of the Serverless Framework (`serverless.yml`) as the template of `CloudFormation` that it makes of them, as far
//! as rights and resources go.

use crate::document::{Entry, Node, Value};
use crate::source::Span;

/// The template that the framework makes; `None` for a template that is one already.
pub(super) fn template(root: &Node) -> Option<Node> {
    let provider = root.get("provider").filter(|_| !root.has("Resources"))?;
    let mut resources: Vec<Entry> = Vec::new();
    for part in root.get("resources").map(Node::one_or_many).unwrap_or_default() {
        resources.extend(part.get("Resources").map(Node::entries).unwrap_or_default().iter().cloned());
    }
    let own = ["iam.role.statements", "iamRoleStatements"];
    let managed = ["iam.role.managedPolicies", "iamManagedPolicies"];
    let set = |holder: &Node, paths: &[&str]| paths.iter().find_map(|path| holder.at(path)).cloned();
    resources.extend(role("provider.iam.role", set(provider, &own), set(provider, &managed)));
    // With the plugin for it functions have rights of their own.
    for function in root.get("functions").map(Node::entries).unwrap_or_default() {
        let statements = set(&function.node, &["iamRoleStatements", "iam.role.statements"]);
        resources.extend(role(&format!("functions.{}", function.key), statements, None));
    }
    let parameters = root.get("resources").and_then(|resources| resources.get("Parameters")).cloned();
    let parts = [("Resources", Some(map(root.span, resources))), ("Parameters", parameters)];
    let entries = parts.into_iter().filter_map(|(key, node)| Some(entry(key, node?)));
    Some(map(root.span, entries.collect()))
}

/// The role that these statements and ready-made policies become; `None` without any.
fn role(name: &str, statements: Option<Node>, managed: Option<Node>) -> Option<Entry> {
    let at = statements.as_ref().or(managed.as_ref())?.span;
    let statements = statements.filter(|statements| !statements.items().is_empty());
    let policies = statements.map(|statements| {
        let document = map(at, vec![entry("Statement", statements)]);
        let policy = map(at, vec![entry("PolicyDocument", document)]);
        entry("Policies", Node::new(at, Value::List([policy].into())))
    });
    let properties = policies.into_iter().chain(managed.map(|managed| entry("ManagedPolicyArns", managed)));
    let properties = map(at, properties.collect());
    let kind = Node::new(at, Value::Text("AWS::IAM::Role".into()));
    let role = map(at, vec![entry("Type", kind), entry("Properties", properties)]);
    Some(Entry { key: name.into(), key_span: at, node: role })
}

fn map(at: Span, entries: Vec<Entry>) -> Node {
    Node::new(at, Value::Map(entries.into()))
}

fn entry(key: &str, node: Node) -> Entry {
    Entry { key: key.into(), key_span: node.span, node }
}
