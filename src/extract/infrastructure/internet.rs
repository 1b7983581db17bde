//! Whether the whole internet can reach a database: its address, and the rules of the firewall in front of it.

use super::completion::Completion;
use super::module::addresses_within;
use super::setting::Setting;
use super::view::View;
use crate::document::Node;
use crate::fact::Field;
use crate::source::Span;

/// Networks that hold every address.
const EVERYWHERE: &[&str] = &["0.0.0.0/0", "::/0"];

/// A database of AWS with an address on the internet (`publicly_accessible`), unless the groups around it are known and let in only some.
pub fn of_aws_database(view: View<'_>, completion: &Completion<'_>) -> Field<bool> {
    let own = view.flag("publicly_accessible");
    // The machines of a cluster have the addresses, and the cluster has the groups.
    let of_instance = || {
        let instances = completion.of(view, "aws_rds_cluster_instance");
        let set = instances.map(|it| (it.flag("publicly_accessible"), it.resource.file == view.resource.file));
        let open = set.into_iter().find(|(flag, _)| flag.holds(|on| on));
        open.map_or(Setting::Absent, |(flag, here)| if here { flag } else { Setting::Set(true, view.resource.at) })
    };
    let addressed = own.or_else(of_instance);
    match addressed {
        Setting::Set(true, at) => match guarded(view) {
            Some(true) => Field::found(false, at),
            Some(false) => Field::found(true, at),
            None => Field::unresolved(at),
        },
        other => other.or(false),
    }
}

/// Whether the security groups keep the internet out: `None` where a variable decides, no where nothing is seen of them.
fn guarded(view: View<'_>) -> Option<bool> {
    let Some(groups) = view.written("vpc_security_group_ids") else {
        return Some(false);
    };
    let referred = addresses_within(groups);
    let named: Vec<View<'_>> =
        referred.iter().filter_map(|address| Some(view.module.view(view.module.at(address)?))).collect();
    if named.is_empty() || named.len() < groups.items().len() {
        // Groups of another module: what they let in cannot be seen.
        return Some(false);
    }
    let mut guarded = Some(true);
    for group in named {
        match lets_everybody_in(group) {
            Some(true) => return Some(false),
            Some(false) => {}
            None => guarded = None,
        }
    }
    guarded
}

/// Whether some rule of a security group lets every address in.
fn lets_everybody_in(group: View<'_>) -> Option<bool> {
    let within = ["ingress", "security_group_ingress"].into_iter().flat_map(|name| group.blocks(name));
    let mut networks: Vec<&Node> = within.flat_map(networks_of).collect();
    let apart: Vec<View<'_>> = group
        .module
        .mentioning(&group.resource.address)
        .filter(|it| matches!(&*it.kind, "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule"))
        .map(|it| group.module.view(it))
        .filter(|it| !it.text("type").holds(|kind| kind == "egress"))
        .collect();
    networks.extend(apart.iter().flat_map(|rule| networks_of(&rule.resource.body)));
    let mut answer = Some(false);
    for network in networks {
        match group.module.resolve(network) {
            Some(known) => {
                let items = known.one_or_many().iter();
                if items.filter_map(Node::text).any(|network| EVERYWHERE.contains(&network)) {
                    return Some(true);
                }
                if known.items().iter().any(Node::is_expression) {
                    answer = None;
                }
            }
            None => answer = None,
        }
    }
    // A block that is made by a loop says nothing here.
    let is_loop = !group.setting("ingress").is_absent() && group.blocks("ingress").is_empty();
    if is_loop && answer == Some(false) { None } else { answer }
}

fn networks_of(rule: &Node) -> Vec<&Node> {
    let keys = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "cidr_ip", "cidr_ipv_6"];
    keys.into_iter().filter_map(|key| rule.get(key)).collect()
}

/// A database of Cloud SQL that lets every network in. Without authorized networks only Google's own proxy, which signs in, comes in.
pub fn of_cloud_sql(view: View<'_>) -> Field<bool> {
    const SETTINGS: &str = "settings.ip_configuration";
    if view.flag(&format!("{SETTINGS}.ipv4_enabled")).holds(|on| !on) {
        return false.into();
    }
    let Setting::Set(configuration, _) = view.setting(SETTINGS) else { return Field::default() };
    let configuration = configuration.items().first().unwrap_or(configuration);
    let networks = configuration.entries().iter().filter(|entry| &*entry.key == "authorized_networks");
    let values = networks.flat_map(|entry| entry.node.one_or_many()).filter_map(|network| network.get("value"));
    let mut unknown = configuration.has("dynamic").then_some(configuration.span);
    for value in values {
        match view.module.resolve(value).and_then(Node::text) {
            Some(network) if EVERYWHERE.contains(&network) => return Field::found(true, value.span),
            Some(_) => {}
            None => unknown = Some(value.span),
        }
    }
    unknown.map_or_else(|| false.into(), Field::unresolved)
}

/// A database of Azure with a rule that lets every address in. `switch` says whether it has an address on the internet at all.
pub fn of_azure_database(view: View<'_>, switch: Setting<bool>, rules: &[(&str, &str, &str)]) -> Field<bool> {
    if switch.holds(|on| !on) {
        return switch.or(false);
    }
    let mut unknown = None;
    for rule in view.module.mentioning(&view.resource.address) {
        let Some((_, start, end)) = rules.iter().find(|(kind, ..)| *kind == &*rule.kind) else { continue };
        let rule = view.module.view(rule);
        let place = |span: Span| (rule.resource.file == view.resource.file).then_some(span);
        match (rule.text(start), rule.text(end)) {
            (Setting::Set("0.0.0.0", _), Setting::Set("255.255.255.255", at)) => {
                return Field { value: Some(true), at: place(at) };
            }
            (Setting::Set(..), Setting::Set(..)) => {}
            _ => unknown = place(rule.resource.at).or(Some(view.resource.at)),
        }
    }
    unknown.map_or_else(|| false.into(), Field::unresolved)
}
