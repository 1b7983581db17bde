//! `opened-port` facts: rules of firewalls that let addresses in to the port that an AI server is known by.

use super::internet::{EVERYWHERE, networks_of};
use super::view::View;
use crate::catalogue::servers::{Server, Servers};
use crate::document::Node;
use crate::fact::{Choice, Field, OpenedPort};
use crate::source::Span;

/// How many ports a rule may open to be one for a server among them.
const WIDTH_LIMIT: u16 = 10;

/// One port that a resource opens.
pub struct Opened {
    /// Which of the resource's ports it is.
    pub part: String,
    /// Where the port stands.
    pub at: Span,
    /// What is known of it.
    pub seen: OpenedPort,
}

/// The ports of AI servers that a resource lets addresses in to.
pub fn see(view: View<'_>) -> Vec<Opened> {
    let kind = view.kind();
    match kind {
        "aws_security_group" => {
            let rules = ["ingress", "security_group_ingress"].into_iter().flat_map(|name| view.blocks(name));
            rules.filter_map(|rule| of_aws(view, rule)).collect()
        }
        "aws_vpc_security_group_ingress_rule" => of_aws(view, &view.resource.body).into_iter().collect(),
        "aws_security_group_rule" if view.text("type").holds(|kind| kind == "ingress") => {
            of_aws(view, &view.resource.body).into_iter().collect()
        }
        "google_compute_firewall" if !view.text("direction").holds(|direction| direction == "EGRESS") => {
            of_google(view)
        }
        "azurerm_network_security_rule" => of_azure(view, &view.resource.body, &TERRAFORM),
        "azurerm_network_security_group" => {
            view.blocks("security_rule").into_iter().flat_map(|rule| of_azure(view, rule, &TERRAFORM)).collect()
        }
        "microsoft.network/networksecuritygroups" => {
            let rules = view.setting("properties.securityRules").value().map(Node::items).unwrap_or_default();
            let rules = rules.iter().filter_map(|rule| rule.get("properties"));
            rules.flat_map(|rule| of_azure(view, rule, &OWN)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_aws(view: View<'_>, rule: &Node) -> Option<Opened> {
    let port = |key: &str| view.module.resolve(rule.get(key)?)?.scalar()?.parse().ok();
    let server = server_within(port("from_port")?, port("to_port")?)?;
    let at = rule.get("from_port")?.span;
    Some(opened(view, "aws", server, at, from_everywhere(view, networks_of(rule))))
}

fn of_google(view: View<'_>) -> Vec<Opened> {
    let sources = view.written("source_ranges");
    let narrowed = ["source_tags", "source_service_accounts"].iter().any(|key| view.written(key).is_some());
    // Without any source Google lets every address in.
    let everywhere = match sources {
        Some(ranges) => from_everywhere(view, vec![ranges]),
        None => Some(!narrowed),
    };
    let allowed = view.blocks("allow").into_iter().filter_map(|block| view.module.resolve(block.get("ports")?));
    let ports = allowed.flat_map(Node::one_or_many);
    ports.filter_map(|port| Some(opened(view, "google", server_of(port)?, port.span, everywhere))).collect()
}

/// How a rule of Azure is written.
struct Spelling {
    access: &'static str,
    direction: &'static str,
    sources: [&'static str; 2],
    ports: [&'static str; 2],
}

const TERRAFORM: Spelling = Spelling {
    access: "access",
    direction: "direction",
    sources: ["source_address_prefix", "source_address_prefixes"],
    ports: ["destination_port_range", "destination_port_ranges"],
};
const OWN: Spelling = Spelling {
    access: "access",
    direction: "direction",
    sources: ["sourceAddressPrefix", "sourceAddressPrefixes"],
    ports: ["destinationPortRange", "destinationPortRanges"],
};

fn of_azure(view: View<'_>, rule: &Node, spelling: &Spelling) -> Vec<Opened> {
    let is = |key: &str, wanted: &str| {
        rule.get(key).and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case(wanted))
    };
    if !is(spelling.access, "Allow") || !is(spelling.direction, "Inbound") {
        return Vec::new();
    }
    let everywhere = from_everywhere(view, spelling.sources.iter().filter_map(|key| rule.get(key)).collect());
    let ports = spelling.ports.iter().filter_map(|key| rule.get(key)).flat_map(Node::one_or_many);
    ports.filter_map(|port| Some(opened(view, "azure", server_of(port)?, port.span, everywhere))).collect()
}

/// The server that is known by a port: `8888`, `8880-8889`.
fn server_of(port: &Node) -> Option<&'static Server> {
    let text = port.scalar()?;
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    server_within(from.parse().ok()?, to.parse().ok()?)
}

fn server_within(from: u16, to: u16) -> Option<&'static Server> {
    let is_narrow = to.checked_sub(from).is_some_and(|width| width <= WIDTH_LIMIT);
    if is_narrow { (from..=to).find_map(|port| Servers::shipped().of_port(port)) } else { None }
}

/// Whether one of the networks holds every address; `None` where a variable decides.
fn from_everywhere(view: View<'_>, networks: Vec<&Node>) -> Option<bool> {
    let mut answer = Some(false);
    for network in networks {
        let Some(known) = view.module.resolve(network) else {
            answer = None;
            continue;
        };
        for text in known.one_or_many() {
            match text.text() {
                Some(network) if EVERYWHERE.contains(&network) || matches!(network, "*" | "Internet") => {
                    return Some(true);
                }
                Some(_) => {}
                None => answer = None,
            }
        }
    }
    answer
}

fn opened(view: View<'_>, provider: &'static str, server: &Server, at: Span, everywhere: Option<bool>) -> Opened {
    let port = server.port.map_or_else(String::new, |port| port.to_string());
    let seen = OpenedPort {
        name: view.resource.name.to_string().into(),
        provider: Field::known(Choice(provider)),
        resource: view.resource.written_kind.to_string().into(),
        server: server.title.as_str().into(),
        everywhere: Field { value: everywhere, at: Some(at) },
        port: port.clone().into(),
    };
    Opened { part: port, at, seen }
}
