//! The ingress that a chart is told to make: a `gateway` fact.

use super::super::kubernetes::entrance::{annotated, is_near, speak_of_ai};
use crate::document::Node;
use crate::fact::{Facts, Field, Gateway};

/// Adds the ingress of a map of values. `names` are those of what is installed.
pub(super) fn add<'a>(values: &'a Node, names: [&'a str; 2], is_ai: bool, facts: &mut Facts) {
    let Some(ingress) = values.get("ingress") else { return };
    let Some(enabled) = ingress.get("enabled").filter(|enabled| enabled.boolean() == Some(true)) else { return };
    let one = ["host", "hostname"].into_iter().filter_map(|key| ingress.get(key)).filter_map(Node::scalar);
    let listed = ingress.get("hosts").map(Node::items).unwrap_or_default().iter();
    let listed = listed.filter_map(|host| host.get("host").unwrap_or(host).scalar());
    let hosts: Vec<&str> = one.chain(listed).collect();
    let tls = ingress.get("tls");
    let encrypted = match tls {
        Some(tls) if !tls.items().is_empty() || tls.boolean() == Some(true) => Field::found(true, tls.span),
        _ if annotated(ingress.get("annotations")) || hosts.iter().any(|host| is_near(host)) => Field::default(),
        // Many charts leave it to their own values which host and which certificate there are.
        _ if hosts.is_empty() || ingress.has("extraTls") => Field::default(),
        _ => Field { value: Some(false), at: tls.map(|tls| tls.span) },
    };
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or("values");
    let gateway = Gateway {
        name: name.into(),
        provider: "kubernetes".into(),
        resource: "Ingress".into(),
        ai: (is_ai || speak_of_ai(hosts.iter().copied().chain(names))).into(),
        encrypted,
        ..Gateway::default()
    };
    facts.add(format!("helm/{name}/ingress"), enabled.span, gateway);
}
