//! What lets calls into a cluster: `Ingress`, and the `Gateway` of Istio and of the Gateway API, with what is known of their
//! encryption. They give `gateway` facts.

use super::super::infrastructure::Words;
use super::{kind, name};
use crate::catalogue::servers::Servers;
use crate::document::Node;
use crate::fact::{Facts, Field, Gateway};

/// Adds the gateway that an object is. `kustomized`: a kustomization beside the file may add to it.
pub(super) fn add(object: &Node, kustomized: bool, facts: &mut Facts) {
    let group = object.get("apiVersion").and_then(Node::scalar).and_then(|version| version.split('/').next());
    let encrypted = match (group.unwrap_or_default(), kind(object)) {
        ("networking.k8s.io" | "extensions", "Ingress") => ingress(object),
        ("networking.istio.io", "Gateway") => listeners(object, "spec.servers", "port.protocol"),
        ("gateway.networking.k8s.io", "Gateway") => listeners(object, "spec.listeners", "protocol"),
        _ => return,
    };
    let encrypted = if kustomized && encrypted.value == Some(false) { Field::default() } else { encrypted };
    let at = object.at("metadata.name").map_or(object.span, |name| name.span);
    let gateway = Gateway {
        name: name(object).into(),
        provider: "kubernetes".into(),
        resource: kind(object).into(),
        ai: serves_ai(object).into(),
        encrypted,
        ..Gateway::default()
    };
    facts.add(format!("{}/{}", kind(object), name(object)), at, gateway);
}

/// The names by which one would tell: its own, its hosts and those of the services behind it.
fn serves_ai(object: &Node) -> bool {
    let paths = rules(object).flat_map(|rule| rule.at("http.paths").map(Node::items).unwrap_or_default());
    let backends = paths.filter_map(|path| {
        let backend = path.get("backend")?;
        backend.at("service.name").or_else(|| backend.get("serviceName"))?.scalar()
    });
    let default = object.at("spec.defaultBackend.service.name").and_then(Node::scalar);
    speak_of_ai(backends.chain(hosts(object)).chain(default).chain([name(object)]))
}

/// True when one of the names is that of an AI server, or says that it is for AI.
pub(in crate::extract) fn speak_of_ai<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let words = Words::of(names);
    let is_server = |word: &str| Servers::shipped().named(word).is_some_and(|server| !server.general);
    words.speak_of_ai() || words.speak_of_serving() || words.all().any(is_server)
}

fn rules(object: &Node) -> impl Iterator<Item = &Node> {
    object.at("spec.rules").map(Node::items).unwrap_or_default().iter()
}

fn hosts(object: &Node) -> impl Iterator<Item = &str> {
    let of_servers = ["spec.servers", "spec.listeners"].into_iter().filter_map(|path| object.at(path).map(Node::items));
    let of_servers = of_servers.flatten().flat_map(|server| {
        let hosts = server.get("hosts").map(Node::items).unwrap_or_default();
        hosts.iter().chain(server.get("hostname"))
    });
    rules(object).filter_map(|rule| rule.get("host")).chain(of_servers).filter_map(Node::scalar)
}

/// Classes whose provider ends TLS at its own edge.
const ENCRYPTING_CLASSES: &[&str] = &["tailscale", "ngrok", "cloudflare", "cloudflared"];

fn ingress(object: &Node) -> Field<bool> {
    if let Some(tls) = object.at("spec.tls").filter(|tls| !tls.items().is_empty()) {
        return Field::found(true, tls.span);
    }
    let class = object.at("spec.ingressClassName").and_then(Node::scalar).unwrap_or_default();
    let by_class = ENCRYPTING_CLASSES.iter().any(|encrypting| class.starts_with(encrypting));
    if by_class || annotated(object.at("metadata.annotations")) || hosts(object).any(is_near) {
        return Field::default();
    }
    let takes_calls = object.at("spec.rules").or_else(|| object.at("spec.defaultBackend")).is_some();
    if takes_calls { false.into() } else { Field::default() }
}

/// True when annotations speak of certificates or of a load balancer within the own network: controllers take both from there as well.
pub(in crate::extract) fn annotated(annotations: Option<&Node>) -> bool {
    const SIGNS: &[&str] = &["cert", "tls", "ssl", "https", "websecure", "internal"];
    let entries = annotations.map(Node::entries).unwrap_or_default();
    entries.iter().any(|entry| {
        let value = entry.node.scalar().unwrap_or_default().to_ascii_lowercase();
        let key = entry.key.to_ascii_lowercase();
        value != "false" && SIGNS.iter().any(|sign| key.contains(sign) || value.contains(sign))
    })
}

/// True for a host that nobody calls from far away.
pub(in crate::extract) fn is_near(host: &str) -> bool {
    const ENDS: &[&str] = &[
        "localhost",
        ".local",
        ".localdomain",
        ".test",
        ".internal",
        ".lan",
        ".home",
        ".nip.io",
        ".sslip.io",
        "minikube",
    ];
    ENDS.iter().any(|end| host.ends_with(end)) || host.starts_with("127.")
}

/// One listener that encrypts is enough: the others may send their callers there.
fn listeners(object: &Node, path: &str, protocol: &str) -> Field<bool> {
    let Some(list) = object.at(path) else { return Field::default() };
    let listeners = list.items();
    let is_plain = |listener: &&Node| {
        let plain =
            listener.at(protocol).and_then(Node::scalar).is_some_and(|protocol| matches!(protocol, "HTTP" | "HTTP2"));
        plain && !listener.has("tls")
    };
    let plain: Vec<&Node> = listeners.iter().filter(is_plain).collect();
    match plain.first() {
        Some(first) if plain.len() == listeners.len() && !hosts(object).any(is_near) => {
            let at = first.at(protocol).map_or(first.span, |node| node.span);
            Field::found(false, at)
        }
        None if !listeners.is_empty() => true.into(),
        _ => Field::default(),
    }
}
